"""The ledger page and the task page: filters, sums, exports, and the promise in its own words."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from luoshi.people.models import Unit
from luoshi.plans import actions
from luoshi.plans.models import Plan
from tests.desk import papers
from tests.desk.test_reading import queries


def adopted(by, made=None, name="lanwan-2026.txt") -> Plan:
    from luoshi.people.actions import NewUnit

    made = made or papers.ledger()
    made["doubts"] = []
    document = papers.document(by, made, name)
    names = actions.unit_names(document.reading().confirmed(), document.government)
    choices = {n.name: NewUnit(n.name) for n in names if n.match.pk is None}
    return actions.adopt(document, by, choices)[0]


@pytest.fixture
def plan(cast) -> Plan:
    return adopted(cast.clerk)


def page(client, plan, query=""):
    answer = client.get(reverse("ledger", args=[plan.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def keys(text: str) -> list[str]:
    return re.findall(r'<td class="key" title="([^"]+)">', text)


def test_all_tasks_stand_in_groups_whose_sums_are_the_total(clerk, plan):
    for by in ("leader", "unit", "section"):
        text = page(clerk, plan, f"?by={by}")
        assert len(keys(text)) == 64 and "合计 64 项" in text and "分项相加等于合计" in text
        assert sum(int(n) for n in re.findall(r'<span class="dim">(\d+) 项</span></button>', text)) == 64


def test_two_leads_are_listed_twice_and_the_page_says_so(clerk, cast):
    made = papers.ledger(20)
    made["plans"][0]["sections"][0]["tasks"][0]["units"] = [
        {"name": "县住建局", "role": "joint", "with": None, "at": {"block": 0, "start": 0, "end": 0}},
        {"name": "县教育局", "role": "joint", "with": None, "at": {"block": 0, "start": 0, "end": 0}},
    ]
    text = page(clerk, adopted(cast.clerk, made), "?by=unit")
    assert len(keys(text)) == 21 and "合计 20 项" in text
    assert "1 项有两家并列" in text and "分项相加等于合计" not in text


def test_filters_narrow_and_can_be_combined(clerk, plan, cast):
    unit = cast.units["县住建局"]
    mine = {t.key for t in plan.tasks.with_unit([unit.pk])}
    leads = {t.key for t in plan.tasks.with_unit([unit.pk], "lead")}
    assert set(keys(page(clerk, plan, f"?unit={unit.pk}"))) == mine and leads < mine or leads == mine
    assert set(keys(page(clerk, plan, f"?unit={unit.pk}&role=lead"))) == leads
    found = keys(page(clerk, plan, f"?unit={unit.pk}&q=道路"))
    assert found and all("道路" in plan.tasks.get(key=key).text for key in found)
    with_target = keys(page(clerk, plan, "?kind=target"))
    without = keys(page(clerk, plan, "?kind=plain"))
    assert len(with_target) + len(without) == 64 and not set(with_target) & set(without)
    section = plan.sections.all()[1]
    assert keys(page(clerk, plan, f"?section={section.pk}")) == [t.key for t in section.tasks.all()]
    assert set(keys(page(clerk, plan, "?leader=顾怀璟"))) == {t.key for t in plan.tasks.led_by("顾怀璟")}


def test_nothing_found_says_what_to_do(clerk, plan):
    text = page(clerk, plan, "?q=火星基地")
    assert "没有找到“火星基地”" in text and "清除筛选" in text and keys(text) == []


def test_sorting_keeps_the_totals(clerk, plan):
    down = page(clerk, plan, "?by=section&sort=-document")
    assert keys(down) == list(reversed(keys(page(clerk, plan, "?by=section&sort=document"))))
    assert "合计 64 项" in down


@pytest.mark.parametrize(
    "query",
    [
        "?unit=x",
        "?unit=99999999999999999999",
        "?by=evil&sort=evil&role=evil",
        "?q=%00'\"<script>",
        "?section=-1",
        "?leader=%",
    ],
)
def test_a_mangled_address_shows_a_page(clerk, plan, query):
    answer = clerk.get(reverse("ledger", args=[plan.pk]) + query)
    assert answer.status_code == 200 and b"<script>" not in answer.content.split(b"<main")[1]


def test_what_is_shown_is_what_is_exported(clerk, plan, cast):
    unit = cast.units["县住建局"]
    query = f"?unit={unit.pk}&role=lead"
    url = reverse("ledger-export", args=[plan.pk, "xlsx"]) + query
    sheet = load_workbook(io.BytesIO(clerk.get(url).content))["台账"]
    exported = [str(row[1].value) for row in sheet.iter_rows(min_row=4)]
    assert exported == [t.key for t in plan.tasks.with_unit([unit.pk], "lead")]
    text = clerk.get(reverse("ledger-export", args=[plan.pk, "csv"])).content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 64
    whole = json.loads(clerk.get(reverse("ledger-export", args=[plan.pk, "json"])).content)
    assert sum(len(s["tasks"]) for p in whole["plans"] for s in p["sections"]) == 72
    assert clerk.get(reverse("ledger-export", args=[plan.pk, "docx"])).status_code == 404


def test_the_task_page_quotes_the_document_with_every_number_underlined(clerk, plan):
    task = plan.tasks.get(key="2026-GZ-2-5")
    text = clerk.get(reverse("task", args=[plan.pk, task.key])).content.decode()
    quoted = text.split('<div class="me">')[1].split("</div>")[0]
    plain = re.sub(r"<[^>]+>", "", quoted)
    assert "完成12个老旧小区综合改造" in plain and "责任单位：县住建局、望潮街道" in plain
    bare = re.sub(r"<(a|span)[^>]*>[^<]*</\1>", "", quoted)
    assert not re.search(r"[1-9]", bare.replace("5.", "", 1)), bare
    assert f"?at={task.reading_key}" in text
    assert 'rel="prev"' in text and 'rel="next"' in text


def test_the_task_page_tells_what_was_corrected(clerk, cast):
    from luoshi.documents.actions import Edit, correct
    from luoshi.people.actions import NewUnit

    made = papers.ledger()
    made["doubts"] = []
    document = papers.document(cast.clerk, made)
    correct(document, Edit("set", "t5.g1", {"value": 900}), cast.clerk)
    correct(document, Edit("set", "t50", {"deadline": "2026-09"}), cast.clerk)
    names = actions.unit_names(document.reading().confirmed(), document.government)
    plan = actions.adopt(document, cast.clerk, {n.name: NewUnit(n.name) for n in names if n.match.pk is None})[0]
    text = clerk.get(reverse("task", args=[plan.pk, plan.tasks.get(reading_key="t5").key])).content.decode()
    assert "数值 800" in text and "数值 900" in text and "时限 2026-09" not in text


def test_a_task_that_is_not_there_is_404(clerk, plan):
    for key in ("2026-GZ-99-1", "\x00"):
        assert clerk.get(reverse("task", args=[plan.pk, key])).status_code == 404


def test_where_units_see_their_own_the_ledger_and_its_files_hold_no_more(client, plan, cast):
    cast.county.units_see = "own"
    cast.county.save()
    Plan.objects.filter(pk=plan.pk).update(state="issued")
    own = plan.tasks.with_unit([cast.units["县住建局"].pk]).count()
    at = {name: reverse("ledger-export", args=[plan.pk, name]) for name in ("csv", "json")}
    for user, shown, status in ((cast.liaison, own, 403), (cast.clerk, 64, 200), (cast.leader, 64, 200)):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert len(keys(page(client, plan))) == shown
        rows = list(csv.reader(io.StringIO(client.get(at["csv"]).content.decode("utf-8-sig"))))
        assert len([row for row in rows if len(row) > 1 and row[0].isdecimal()]) == shown, rows[:4]
        assert client.get(at["json"]).status_code == status
    assert 0 < own < 64


@pytest.mark.parametrize("query", ["", "?by=unit&q=建设&kind=target&role=lead"])
def test_queries_do_not_grow_with_the_plan(clerk, cast, query):
    small = adopted(cast.clerk, papers.ledger(20), "small.txt")
    large = adopted(cast.clerk, papers.ledger(500), "large.txt")
    assert small.tasks.count() == 20 and large.tasks.count() == 500
    counts = [queries(clerk, reverse("ledger", args=[p.pk]) + query) for p in (small, large)]
    assert counts[0] == counts[1] <= 24
    tasks = [queries(clerk, reverse("task", args=[p.pk, p.tasks.all()[7].key])) for p in (small, large)]
    assert tasks[0] == tasks[1] <= 48  # the page tells the task's whole year


def test_only_units_of_the_plan_are_offered(clerk, plan, cast):
    Unit.objects.create(government=cast.county, short_name="县闲置局")
    assert "县闲置局" not in page(clerk, plan)


def test_a_draft_is_taken_back_or_issued(clerk, plan, cast):
    assert "撤回重改" in page(clerk, plan)
    back = clerk.post(reverse("plan-withdraw", args=[plan.pk]))
    assert back.headers["Location"] == reverse("reading", args=[plan.document_id]) and not Plan.objects.exists()
    again = actions.adopt(plan.document, cast.clerk)[0]
    shown = clerk.post(reverse("plan-issue", args=[again.pk]), follow=True).content.decode()
    assert "已印发，本级各单位现在都能看到" in shown and "撤回重改" not in shown
    refused = clerk.post(reverse("plan-withdraw", args=[again.pk]), follow=True).content.decode()
    assert "还没有印发的文件才能撤回重改" in refused and Plan.objects.filter(pk=again.pk).exists()


def test_a_change_says_its_direction_on_every_page_and_in_every_export(clerk, plan):
    told = re.sub(r"</?(span|b)>", "", page(clerk, plan))
    assert "“三公”经费 压减 ≥ 3%" in told and "单位生产总值能耗 下降 2.5%" in told and "固定资产投资 增长 7.5%" in told
    task = plan.tasks.get(text__contains="三公")
    assert "<b>压减 ≥ 3%</b>" in clerk.get(reverse("task", args=[plan.pk, task.key])).content.decode()
    text = clerk.get(reverse("ledger-export", args=[plan.pk, "csv"])).content.decode("utf-8-sig")
    assert "“三公”经费 压减 ≥ 3%" in text
    book = load_workbook(io.BytesIO(clerk.get(reverse("ledger-export", args=[plan.pk, "xlsx"])).content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("“三公”经费 压减 ≥ 3%" in cell for cell in cells) and any("能耗 下降 2.5%" in cell for cell in cells)
    reading = clerk.get(reverse("reading", args=[plan.document_id])).content.decode()
    assert "“三公”经费 压减 ≥ 3%" in reading


def test_what_is_only_striven_for_is_said_in_words(clerk, plan):
    shown = page(clerk, plan)
    assert (
        '<b><span class="strive">力争</span> 3500 户</b>' in shown
        and '渔港里口袋公园 <span class="dim">完成</span>' in shown
    )
    key = next(t.key for t in plan.tasks.all() if "3500户" in t.text)
    alone = clerk.get(reverse("task", args=[plan.pk, key])).content.decode()
    assert '<span class="strive">力争</span> 3500 户' in alone
