"""The reading page as a clerk uses it: answer, edit, take back, adopt."""

from __future__ import annotations

import errno
import json
import re
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from luoshi.cli import example
from luoshi.documents import actions as documents
from luoshi.documents import files as store
from luoshi.documents.models import Correction, Document
from luoshi.people.history import verify_history
from luoshi.people.models import Entry
from luoshi.plans.models import Plan
from tests.desk import papers


def post(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, headers={"HX-Request": "true"})


def corrected(document):
    return document.reading().confirmed()


def task_of(document, key):
    return next(t for p in corrected(document)["plans"] for s in p["sections"] for t in s["tasks"] if t["key"] == key)


def test_the_page_shows_document_ledger_coverage_and_doubts(clerk, document):
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert 'href="#s-t7.g1"' in page or 'href="#s-t5.g1"' in page
    assert "存疑 1 处，先定这些" in page and "共 2 处" in page
    assert "全文 100% 有着落" in page and 'href="#nu-0"' in page
    assert '<button class="btn pri" disabled>立账</button>' in page


def test_two_fields_are_corrected_confirmed_and_taken_back(clerk, document):
    answer = post(
        clerk,
        "reading-task",
        document.pk,
        "t5",
        **{"edited": "1", "confirm": "1", "version": "0", "t5.g1/value": "900", "t5.g1/unit": "公顷"},
    )
    assert answer.status_code == 200 and "900 公顷" in answer.content.decode()
    assert task_of(document, "t5")["checked"] and task_of(document, "t5")["targets"][0]["value"] == 900
    made = list(Correction.objects.values_list("operation", "path", "who__username"))
    assert made == [("set", "t5.g1", "jiang"), ("confirm", "t5", "jiang")]
    tools = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert 'title="撤销：2-2 修改 指标、确认 任务 (u)"' in tools
    assert post(clerk, "reading-undo", document.pk).headers["HX-Redirect"].endswith("?at=t5")
    assert "撤销：2-2 修改 指标、确认 任务" in clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert task_of(document, "t5")["targets"][0]["value"] == 800 and not task_of(document, "t5")["checked"]
    post(clerk, "reading-redo", document.pk)
    assert task_of(document, "t5")["targets"][0]["unit"] == "公顷" and task_of(document, "t5")["checked"]
    told = clerk.get(reverse("reading-history", args=[document.pk])).content.decode()
    assert "数值 800；计量单位 亩" in told and "数值 900；计量单位 公顷" in told and "江晓帆" in told


def test_a_wrong_value_is_one_sentence_and_nothing_is_kept(clerk, document):
    answer = post(
        clerk,
        "reading-task",
        document.pk,
        "t5",
        **{"edited": "1", "confirm": "1", "t5.g1/unit": "公顷", "t5.g1/value": "很多"},
    )
    assert answer.status_code == 422 and "要填数字" in unquote(answer.headers["X-Sentence"])
    assert Correction.objects.count() == 0


def test_one_answer_settles_all_alike_and_opens_the_way(clerk, document):
    answer = post(clerk, "reading-answer", document.pk, "q1", answer="as_read", like="1")
    page = answer.content.decode()
    assert "存疑都已定了" in page and "存疑已处理完" in page
    assert [d["state"] for d in corrected(document)["doubts"]] == ["answered", "answered"]


def test_one_of_two_alike_can_be_settled_alone(clerk, document):
    post(clerk, "reading-answer", document.pk, "q1", answer="as_read")
    assert [d["state"] for d in corrected(document)["doubts"]] == ["answered", "open"]


def test_who_leads_is_asked_once_and_answered_for_all(clerk, cast):
    made = papers.ledger(20)
    made["doubts"] = []
    for n in range(3):
        task = made["plans"][0]["sections"][0]["tasks"][n]
        task["units"] = [dict(task["units"][0], name=name, role="joint") for name in ("县住建局", "县教育局")]
        doubt = {"code": "lead-unclear", "message": "没有写明谁牵头。", "at": {"block": n, "start": 0, "end": 2}}
        made["doubts"].append({**doubt, "task": f"plans/0/sections/0/tasks/{n}"})
    document = papers.document(cast.clerk, made, "joint.txt")
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert "存疑 1 处" in page and "共 3 处" in page and "首位牵头" in page
    assert post(clerk, "reading-answer", document.pk, "q1", answer="first_leads", like="1").status_code == 200
    confirmed = corrected(document)
    assert {d["answer"] for d in confirmed["doubts"]} == {"first_leads"}
    tasks = confirmed["plans"][0]["sections"][0]["tasks"][:3]
    assert [[u["role"] for u in t["units"]] for t in tasks] == [["lead", "support"]] * 3


def test_a_task_is_restored_as_it_was_read(clerk, document):
    before = task_of(document, "t5")
    post(
        clerk,
        "reading-task",
        document.pk,
        "t5",
        **{"edited": "1", "confirm": "1", "t5.g1/value": "900", "remove": "t5.u1"},
    )
    post(clerk, "reading-task", document.pk, "t5", **{"edited": "1", "t5/text": "别的话"})
    assert task_of(document, "t5")["text"] == "别的话" and task_of(document, "t5")["units"] == []
    assert "恢复原读法" in clerk.get(reverse("reading-task", args=[document.pk, "t5"])).content.decode()
    assert post(clerk, "reading-change", document.pk, "t5", what="restore").status_code == 204
    assert task_of(document, "t5") == before
    assert "恢复原读法" not in clerk.get(reverse("reading-task", args=[document.pk, "t5"])).content.decode()


def test_correcting_a_task_settles_its_own_doubt(clerk, document):
    post(clerk, "reading-task", document.pk, "t7", **{"edited": "1", "t7.u2/with": ""})
    assert corrected(document)["doubts"][0]["answer"] == "corrected"


def test_tasks_are_merged_split_added_and_removed(clerk, document):
    before = len(papers.ledger()["plans"][0]["sections"][1]["tasks"])

    def section():
        return corrected(document)["plans"][0]["sections"][1]["tasks"]

    assert post(clerk, "reading-change", document.pk, "t6", what="merge", before="t5").status_code == 204
    assert len(section()) == before - 1 and "盘活" in task_of(document, "t5")["text"]
    post(clerk, "reading-undo", document.pk)
    text = task_of(document, "t5")["text"]
    post(clerk, "reading-change", document.pk, "t5", what="split", offset=str(text.index("，") + 1))
    assert len(section()) == before + 1 and task_of(document, "t5")["text"].endswith("，")
    post(clerk, "reading-undo", document.pk)
    post(clerk, "reading-change", document.pk, "t6", what="remove", before="t5")
    assert "t6" not in [t["key"] for t in section()]
    added = post(clerk, "reading-add", document.pk, "s2", text="办好运动会", number="13", unit="县体育局")
    assert added.status_code == 204 and section()[-1]["units"][0]["name"] == "县体育局"
    assert post(clerk, "reading-change", document.pk, "t5", what="explode").status_code == 422
    assert post(clerk, "reading-change", document.pk, "t5", what="split", offset="x").status_code == 422


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(clerk, cast, document, client):
    clerk.force_login(cast.second_clerk, backend="django.contrib.auth.backends.ModelBackend")
    post(clerk, "reading-task", document.pk, "t5", **{"edited": "1", "version": "0", "t5.g1/value": "700"})
    clerk.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = post(clerk, "reading-task", document.pk, "t5", **{"edited": "1", "version": "0", "t5.g1/value": "900"})
    assert answer.status_code == 409 and "白砚秋" in unquote(answer.headers["X-Sentence"])
    theirs = answer.json()
    assert theirs["fields"]["t5.g1/value"] == "700" and theirs["version"] == document.reading().version()
    mine = {"edited": "1", "version": str(theirs["version"]), "t5.g1/value": "９００"}
    assert post(clerk, "reading-task", document.pk, "t5", **mine).status_code == 200
    assert task_of(document, "t5")["targets"][0]["value"] == 900


def test_unknown_units_are_registered_with_the_likely_one_chosen(clerk, cast, document):
    panel = clerk.get(reverse("reading-units", args=[document.pk])).content.decode()
    assert "县住建局" in panel and "全部照此登记" in panel
    page = post(clerk, "reading-units", document.pk, **{"only": "1", "name-1": "县财政局", "choice-1": "new"})
    assert page.status_code == 200 and cast.county.units.filter(short_name="县财政局").exists()
    other = str(cast.units["县住建局"].pk)
    post(clerk, "reading-units", document.pk, **{"only": "1", "name-1": "县供电公司", "choice-1": other})
    assert cast.units["县住建局"].aliases.filter(name="县供电公司").exists()
    assert (
        post(clerk, "reading-units", document.pk, **{"only": "1", "name-1": "县火星局", "choice-1": "new"}).status_code
        == 422
    )


def everything_new(page: str) -> dict[str, object]:
    """The adopt form as a person sends it who accepts every proposal."""
    import re

    names = dict(re.findall(r'name="(name-\d+)" value="([^"]+)"', page))
    numbers = [name.removeprefix("name-") for name in names]
    return {"number": numbers, **names, **{f"choice-{n}": "new" for n in numbers}}


def test_adoption_waits_for_doubts_then_makes_the_plans(clerk, document):
    form = everything_new(clerk.get(reverse("reading-adopt", args=[document.pk])).content.decode())
    refused = clerk.post(reverse("reading-adopt", args=[document.pk]), form)
    assert refused.status_code == 422 and "存疑" in unquote(refused.headers["X-Sentence"])
    post(clerk, "reading-answer", document.pk, "q1", answer="as_read", like="1")
    done = clerk.post(reverse("reading-adopt", args=[document.pk]), form)
    plans = list(Plan.objects.order_by("pk"))
    assert done.headers["HX-Redirect"] == reverse("ledger", args=[plans[0].pk])
    assert [p.tasks.count() for p in plans] == [64, 8]
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert "看台账" in page and "data-undo-button" not in page


def test_a_missing_year_is_asked_for_and_kept_as_a_correction(clerk, cast):
    made = papers.ledger(20)
    made["plans"][0]["year"], made["doubts"] = None, []
    document = papers.document(cast.clerk, made)
    form = everything_new(clerk.get(reverse("reading-adopt", args=[document.pk])).content.decode())
    assert clerk.post(reverse("reading-adopt", args=[document.pk]), form).status_code == 422
    done = clerk.post(reverse("reading-adopt", args=[document.pk]), {**form, "p1/year": "2026"})
    assert done.status_code == 204 and Plan.objects.get().year == 2026
    assert Correction.objects.get().path == "p1"


def test_a_file_is_uploaded_read_and_found_again(clerk):
    def upload():
        file = SimpleUploadedFile("分解.txt", example.document(), "text/plain")
        return clerk.post(reverse("upload"), {"files": file}, headers={"HX-Request": "true"}).content.decode()

    first = upload()
    document = Document.objects.get()
    assert reverse("reading", args=[document.pk]) in first and "条任务" in first
    assert "已经传过同一份" in upload() and Document.objects.count() == 1
    assert clerk.get(reverse("reading", args=[document.pk])).status_code == 200


def test_wrong_files_get_a_sentence_each_and_the_rest_goes_on(clerk):
    files = [
        SimpleUploadedFile("空.txt", b""),
        SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        SimpleUploadedFile("坏.docx", b"PK\x03\x04 broken"),
        SimpleUploadedFile("好.txt", example.document()),
    ]
    page = clerk.post(reverse("upload"), {"files": files}).content.decode()
    assert page.count('<li data-file class="bad">') == 3 and page.count('<li data-file class="good">') == 1
    failed = Document.objects.filter(state="failed").first()
    shown = clerk.get(reverse("reading", args=[failed.pk]))
    assert failed.error in shown.content.decode()


def interrupted(clerk, monkeypatch):
    """A document whose reading was killed: received, and nothing more."""
    with monkeypatch.context() as killed:
        killed.setattr(documents, "read", lambda document, by, **_when: None)
        documents.receive(SimpleUploadedFile("分解.txt", example.document()), clerk, clerk.memberships.get().government)
    document = Document.objects.get()
    assert document.state == "received"
    return document


def test_an_interrupted_reading_is_taken_up_again_from_its_page(clerk, cast, client, monkeypatch):
    document = interrupted(cast.clerk, monkeypatch)
    page, again = reverse("reading", args=[document.pk]), reverse("read-again", args=[document.pk])
    shown = clerk.get(page).content.decode()
    assert "识读可能被中断过" in shown and again in shown
    assert clerk.get(again).status_code == 405
    assert clerk.post(again).headers["Location"] == page
    document.refresh_from_db()
    assert document.state == "read" and "沈牧川" in clerk.get(page).content.decode()
    clerk.post(again)
    assert document.readings.count() == 1
    Document.objects.update(state="failed", error="读不了")
    client.force_login(cast.leader, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(page).content.decode()
    assert "读不了" in shown and again not in shown


def test_an_interrupted_reading_is_taken_up_again_by_the_same_file(clerk, cast, monkeypatch):
    interrupted(cast.clerk, monkeypatch)
    file = SimpleUploadedFile("分解.txt", example.document())
    page = clerk.post(reverse("upload"), {"files": file}).content.decode()
    assert "这次读出来了" in page and "条任务" in page and "不重复收" not in page


def test_a_full_disk_costs_one_file_not_the_upload(clerk, monkeypatch):
    """One file finds no room, one meets a locked database, the third is read all the same."""
    keep = store.keep
    troubles = {"满.txt": OSError(errno.ENOSPC, "No space left on device"), "锁.txt": OperationalError("locked")}

    def troubled(file, digest, name):
        if file.name in troubles:
            raise troubles[file.name]
        keep(file, digest, name)

    monkeypatch.setattr(store, "keep", troubled)
    files = [SimpleUploadedFile(name, example.document() + name.encode()) for name in ("满.txt", "锁.txt", "好.txt")]
    page = clerk.post(reverse("upload"), {"files": files}).content.decode()
    assert page.count('<li data-file class="bad">') == 2 and page.count('<li data-file class="good">') == 1
    assert "磁盘已满" in page and "数据库写不进去" in page
    assert [document.name for document in Document.objects.all()] == ["好.txt"]


def test_exports_are_the_confirmed_ledger(clerk, document):
    post(clerk, "reading-task", document.pk, "t5", **{"edited": "1", "t5.g1/value": "900"})
    book = load_workbook(BytesIO(clerk.get(reverse("reading-export", args=[document.pk, "xlsx"])).content))
    cells = [str(c.value) for row in book["台账"].iter_rows() for c in row if c.value]
    assert any("900 亩" in cell for cell in cells) and len(book.sheetnames) >= 2
    ledger = json.loads(clerk.get(reverse("reading-export", args=[document.pk, "json"])).content)
    assert ledger["schema"] == "luoshi.ledger/1" and len(ledger["plans"]) == 2
    assert clerk.get(reverse("reading-export", args=[document.pk, "exe"])).status_code == 404


def test_the_file_itself_comes_as_a_download(clerk, document):
    answer = clerk.get(reverse("reading-file", args=[document.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def queries(client, url) -> int:
    client.get(url)  # what is fetched once a process
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["reading", "reading-history", "reading-units", "reading-adopt"])
def test_queries_do_not_grow_with_the_document(clerk, cast, name):
    small = papers.document(cast.clerk, papers.ledger(20), "small.txt")
    large = papers.document(cast.clerk, papers.ledger(500), "large.txt")
    counts = [queries(clerk, reverse(name, args=[d.pk])) for d in (small, large)]
    assert counts[0] == counts[1] <= 14


def joint(cast, tasks: int) -> Document:
    """A document in which nobody says who leads any of its tasks."""
    made = papers.ledger(tasks)
    made["doubts"] = []
    for s, section in enumerate(made["plans"][0]["sections"]):
        for t, task in enumerate(section["tasks"]):
            task["units"] = [
                dict(task["units"][0], name=name, role="joint") for name in ("县住建局", "县教育局", "县体育局")
            ]
            doubt = {"code": "lead-unclear", "message": "没有写明谁牵头。", "at": {"block": t, "start": 0, "end": 2}}
            made["doubts"].append({**doubt, "task": f"plans/0/sections/{s}/tasks/{t}"})
    return papers.document(cast.clerk, made, f"joint-{tasks}.txt")


def test_500_answers_are_one_stroke_and_taken_back_by_one_key(clerk, cast):
    counts = []
    for tasks in (20, 500):
        document = joint(cast, tasks)
        history = Entry.objects.count()
        with CaptureQueriesContext(connection) as caught:
            answer = post(clerk, "reading-answer", document.pk, "q1", answer="first_leads", like="1", version="0")
        assert answer.status_code == 200 and Entry.objects.count() == history + 1
        counts.append(len([q for q in caught if "INSERT INTO" not in q["sql"].upper()]))
    assert counts[0] == counts[1], "queries grow with the tasks"
    entry = Entry.objects.latest("pk")
    assert (
        entry.verb == "document.stroke"
        and len(json.loads(entry.content)["places"])
        == 2000
        == Correction.objects.filter(reading__document=document).count()
    )
    roles = [[u["role"] for u in task_of(document, f"t{n}")["units"]] for n in (1, 500)]
    assert roles == [["lead", "support", "support"]] * 2
    told = clerk.get(reverse("reading-history", args=[document.pk])).content.decode()
    assert "500 条任务一并处理" in told and told.count("<li") == 1 and "首位牵头" in told
    assert '<span class="count">1</span>' in clerk.get(reverse("reading", args=[document.pk])).content.decode()
    post(clerk, "reading-undo", document.pk)
    assert {d["state"] for d in corrected(document)["doubts"]} == {"open"}
    post(clerk, "reading-redo", document.pk)
    assert {d["state"] for d in corrected(document)["doubts"]} == {"answered"}
    post(clerk, "reading-change", document.pk, "t7", what="restore")
    assert {u["role"] for u in task_of(document, "t7")["units"]} == {"joint"}
    assert task_of(document, "t8")["units"][0]["role"] == "lead"
    assert verify_history(cast.county) == []


def section_of(document, key):
    return next(s for p in corrected(document)["plans"] for s in p["sections"] if s["key"] == key)


def test_a_section_is_given_its_heading_and_leaders_and_they_are_taken_back(clerk, document):
    form = clerk.get(reverse("reading-section", args=[document.pk, "s2"])).content.decode()
    assert 'name="s2/heading" value="二、顾怀璟常务副县长牵头重点工作"' in form and "p1/title" not in form
    typed = {
        "s2/heading": "二、林疏影副县长牵头",
        "s2.l1/name": "林疏影",
        "s2.l1/post": "副县长",
        "new/leader/post": "县长助理",
    }
    assert post(clerk, "reading-section", document.pk, "s2", **typed).headers["HX-Redirect"].endswith("?at=s2")
    found = section_of(document, "s2")
    assert found["heading"] == "二、林疏影副县长牵头"
    assert [(x["name"], x["post"]) for x in found["leader"]] == [("林疏影", "副县长"), (None, "县长助理")]
    page = clerk.get(reverse("reading", args=[document.pk]) + "?at=s2").content.decode()
    first = found["tasks"][0]["key"]
    assert "林疏影" in page and f'class="tk cur" id="t-{first}"' in page
    told = clerk.get(reverse("reading-history", args=[document.pk])).content.decode()
    assert "二、林疏影副县长牵头" in told and "江晓帆" in told
    post(clerk, "reading-section", document.pk, "s2", remove="s2.l1")
    assert [x["name"] for x in section_of(document, "s2")["leader"]] == [None]
    for _ in range(2):
        post(clerk, "reading-undo", document.pk)
    assert section_of(document, "s2")["leader"][0]["name"] == "顾怀璟"
    empty = post(clerk, "reading-section", document.pk, "s2", **{"s2.l1/name": "", "s2.l1/post": ""})
    assert empty.status_code == 422 and "至少写一样" in unquote(empty.headers["X-Sentence"])
    assert clerk.get(reverse("reading-section", args=[document.pk, "s99"])).status_code == 404


def test_the_plan_is_given_title_year_and_kind_at_its_first_section(clerk, document):
    assert 'name="p1/title"' in clerk.get(reverse("reading-section", args=[document.pk, "s1"])).content.decode()
    typed = {"p1/title": "重点工作分解", "p1/year": "2027", "p1/kind": "other", "p2/year": "1900"}
    post(clerk, "reading-section", document.pk, "s1", **typed)
    plans = corrected(document)["plans"]
    assert (plans[0]["title"], plans[0]["year"], plans[0]["kind"]) == ("重点工作分解", 2027, "other")
    assert plans[1]["year"] == 2026
    wrong = post(clerk, "reading-section", document.pk, "s1", **{"p1/year": "26"})
    assert wrong.status_code == 422 and "四位数" in unquote(wrong.headers["X-Sentence"])


def test_words_are_picked_into_a_task_or_made_the_place_of_a_part(clerk, document):
    blocks = document.reading().ledger["blocks"]
    at = task_of(document, "t5")["at"]

    def picked(what, words, block=at["block"]):
        start = blocks[block]["text"].index(words)
        typed = {"what": what, "block": block, "start": start, "end": start + len(words)}
        return post(clerk, "reading-pick", document.pk, "t5", **typed)

    assert picked("targets", "建设用地复垦800亩").status_code == 200
    made = task_of(document, "t5")["targets"][-1]
    assert (made["subject"], made["value"], made["unit"], made["quote"]) == (
        "建设用地复垦",
        800,
        "亩",
        "建设用地复垦800亩",
    )
    assert picked("units", "县自然资源规划局", task_of(document, "t5")["units"][0]["at"]["block"]).status_code == 200
    assert task_of(document, "t5")["units"][-1]["role"] == "support"
    assert picked("t5.g1", "复垦800亩").status_code == 200
    assert task_of(document, "t5")["targets"][0]["quote"] == "复垦800亩"
    assert picked("t9.g1", "复垦").status_code == 422 and picked("plans", "复垦").status_code == 422
    wrong = {"what": "units", "block": "0", "start": "5", "end": "5"}
    for bad in (wrong, {**wrong, "end": "99999"}, {**wrong, "block": "-1"}, {**wrong, "start": "x"}):
        assert post(clerk, "reading-pick", document.pk, "t5", **bad).status_code == 422
    assert Correction.objects.count() == 3


def doubtful(cast, doubts: int, name: str = "odd.txt") -> Document:
    """A document with so many different odd units, and one task that may be cut."""
    made = papers.ledger(max(doubts, 20))
    made["doubts"] = []
    tasks = [(s, t) for s, section in enumerate(made["plans"][0]["sections"]) for t in range(len(section["tasks"]))]
    for n, (s, t) in enumerate(tasks[:doubts]):
        doubt = {"code": "unit-odd", "message": f"第 {n} 个名称不像单位。", "at": None}
        made["doubts"].append({**doubt, "task": f"plans/0/sections/{s}/tasks/{t}"})
    cut = {"code": "text-cut", "message": "好像没有写完。", "at": {"block": 0, "start": 0, "end": 2}, "task": None}
    made["doubts"].append(cut)
    return papers.document(cast.clerk, made, name)


def test_doubts_stand_by_kind_with_their_number(clerk, cast):
    document = doubtful(cast, 6)
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert 'data-kind="unit-odd" aria-expanded="true"' in page and 'data-kind="text-cut"' in page
    assert "6 处都照读法记</button>" in page, "few need no question"


def test_all_of_a_kind_are_taken_as_read_in_one_stroke(clerk, cast):
    document = doubtful(cast, 40)
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    asks = clerk.get(reverse("reading-doubts", args=[document.pk, "unit-odd"])).content.decode()
    assert "40 处都照读法记…" in page and "40 处都照读法记" in asks and "第 0 个名称不像单位" in asks
    assert [d["state"] for d in corrected(document)["doubts"]] == ["open"] * 41, "asking changes nothing"
    entries = Entry.objects.count()
    answer = post(clerk, "reading-doubts", document.pk, "unit-odd").content.decode()
    assert "好像没有写完" in answer and "不像单位" not in answer.partition("已定")[0].rpartition("存疑 1 处")[2]
    doubts = corrected(document)["doubts"]
    assert [d["state"] for d in doubts] == ["answered"] * 40 + ["open"]
    assert Entry.objects.count() == entries + 1
    post(clerk, "reading-undo", document.pk)
    assert [d["state"] for d in corrected(document)["doubts"]] == ["open"] * 41
    assert verify_history(document.government) == []
    assert post(clerk, "reading-doubts", document.pk, "number-gap").status_code == 404


def test_further_doubts_of_a_kind_come_when_asked_for(clerk, cast):
    document = doubtful(cast, 70)
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    own = re.compile(r'data-doubt="(q\d+)"')
    shown = own.findall(page)
    address = f"{reverse('reading-doubts-more', args=[document.pk, 'unit-odd'])}?from="
    further = clerk.get(f"{address}8").content.decode()
    assert shown == [f"q{n}" for n in (*range(1, 9), 71)] and own.findall(further) == [f"q{n}" for n in range(9, 49)]
    assert "from=48" in further and "from=" not in clerk.get(f"{address}48").content.decode()
    assert clerk.get(f"{address}x").status_code == 404


def test_only_correctors_take_a_kind_as_read(cast, client):
    document = doubtful(cast, 12)
    client.force_login(cast.auditor, backend="django.contrib.auth.backends.ModelBackend")
    assert post(client, "reading-doubts", document.pk, "unit-odd").status_code == 403
    page = client.get(reverse("reading", args=[document.pk])).content.decode()
    assert "处都照读法记" not in page and 'data-kind="unit-odd"' in page
