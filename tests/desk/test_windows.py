"""A long document comes in windows: nothing is lost between them, and what is asked for is what was meant."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from luoshi.desk import opened, windows
from luoshi.desk.paper import paper
from luoshi.documents import actions, corrections
from luoshi.documents.actions import Edit
from luoshi.ui.sheet import Sheet
from tests.desk import papers
from tests.desk.test_reading import post, queries


def long_ledger(tasks: int):
    """A ledger of so many tasks that stand in the text, two blocks each, some 80 characters a task."""
    made = papers.ledger(tasks)
    blocks = []
    for n, task in enumerate(t for s in made["plans"][0]["sections"] for t in s["tasks"]):
        words = f"{task['text']}（责任单位：{task['units'][0]['name']}）"
        blocks.append({"kind": "paragraph", "text": words, "origin": {"line": n}})
        task["at"] = {"block": n, "start": 0, "end": len(task["text"])}
        for part in (*task["targets"], *task["deliverables"], *task["units"]):
            start = max(words.find(part.get("quote") or part["name"]), 0)
            part["at"] = {"block": n, "start": start, "end": start + len(part.get("quote") or part["name"])}
    for section in made["plans"][0]["sections"]:
        section["at"] = None
    total = sum(len(b["text"]) for b in blocks)
    cover = {"characters": total, "facts": total, "structure": 0, "prose": 0, "not_understood": []}
    return {**made, "blocks": blocks, "doubts": [], "coverage": cover}


def test_the_windows_of_the_ledger_hold_every_task_once():
    page = paper(corrections.apply(long_ledger(1000), []))
    found = windows.ledger_windows(page, "t500")
    keys = [line.key for w in found for run in w.runs for line in run.lines]
    assert keys == [line.key for line in page.lines()] and len(found) >= 25
    assert sum(run.begins for w in found for run in w.runs) == len(page.groups)
    sent = [n for n, w in enumerate(found) if w.sent]
    assert len(sent) == 3 and "t500" in found[sent[1]].keys.split()
    for each in found:
        again = windows.ledger_window(page, each.first, each.last)
        assert again is not None and again.keys == each.keys
    assert sum(w.open for w in found) == 1000


def test_a_short_document_is_one_window():
    page = paper(corrections.apply(papers.ledger(), []))
    assert [w.sent for w in windows.ledger_windows(page, "t1")] == [True]
    assert [w.sent for w in windows.text_windows(page.sheet(), page.characters, "t1")] == [True]


def test_the_windows_of_the_text_are_the_text():
    page = paper(corrections.apply(long_ledger(1000), []))
    sheet = page.sheet(places=True)
    found = windows.text_windows(sheet, page.characters, "t500")
    assert len(found) > 8 and sum(w.sent for w in found) == 3
    parts = [windows.text_window(sheet, w.first, w.last) or "" for w in found]
    assert "\n".join(parts) == sheet.html()
    for each, part in zip(found, parts, strict=True):
        marked = {key.partition(".")[0] for keys in re.findall(r'data-f="([^"]+)"', part) for key in keys.split()}
        assert marked <= set(each.keys.split())
    for wrong in (("", "1.0"), ("5.0", "5.0"), ("9.0", "3.0"), ("0.0", "99999999.0"), ("x", "1.0"), ("٣.0", "5.0")):
        assert windows.text_window(sheet, *wrong) is None


def test_an_endless_paragraph_is_cut_where_tasks_begin():
    made = long_ledger(1000)
    text, floor = "", []
    for block in made["blocks"]:
        floor.append(len(text))
        text += block["text"]
    for task in (t for s in made["plans"][0]["sections"] for t in s["tasks"]):
        for part in (task, *task["targets"], *task["deliverables"], *task["units"]):
            at = part["at"]
            part["at"] = {"block": 0, "start": at["start"] + floor[at["block"]], "end": at["end"] + floor[at["block"]]}
    page = paper(corrections.apply({**made, "blocks": [{"kind": "paragraph", "text": text, "origin": {}}]}, []))
    found = windows.text_windows(page.sheet(), page.characters, "t300")
    parts = [windows.text_window(page.sheet(), w.first, w.last) or "" for w in found]
    assert len(found) > 5 and "\n".join(parts) == page.sheet().html()


def test_a_long_table_is_cut_between_rows_that_no_cell_spans():
    cells = []
    for row in range(400):
        if row % 4 == 0:
            origin = {"table": 0, "row": row, "column": 0, "row_span": 4}
            cells.append({"kind": "cell", "text": f"板块{row}", "origin": origin})
        cells.append({"kind": "cell", "text": "完成改造任务" * 5, "origin": {"table": 0, "row": row, "column": 1}})
    sheet = Sheet(cells)
    found = sheet.windows(1000)
    assert len(found) > 8
    parts = [sheet.html(stretch) for stretch in found]
    assert sum(part.count("<tr>") for part in parts) == 400
    assert all(int(re.search(r"板块(\d+)", part)[1]) % 4 == 0 and part.index("板块") < 300 for part in parts)  # type: ignore[index]
    widths = {part[part.index("<colgroup>") : part.index("</colgroup>")] for part in parts}
    assert len(widths) == 1, "all parts of a table have the same columns"


def test_a_window_is_still_the_one_meant_after_a_colleague_changed_others(clerk, cast):
    document = papers.document(cast.clerk, long_ledger(500), "long.txt")
    page = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    address = re.findall(r'data-src="([^"]+/parts/ledger/[^"]+)" data-has="([^"]+)"', page)[6]
    where, keys = address[0].replace("&amp;", "&"), address[1].split()
    actions.correct(document, Edit("remove", "t20"), cast.clerk)
    actions.correct(document, Edit("remove", keys[3]), cast.clerk)
    shown = re.findall(r'id="t-([^"]+)"', clerk.get(where).content.decode())
    assert shown == [key for key in keys if key.startswith("t") and key != keys[3]]
    actions.correct(document, Edit("remove", keys[0]), cast.clerk)
    assert clerk.get(where).status_code == 404


def test_only_tasks_that_the_page_has_are_sent_again(clerk, cast):
    made = long_ledger(500)
    for s, section in enumerate(made["plans"][0]["sections"]):
        for t, task in enumerate(section["tasks"]):
            doubt = {"code": "unit-odd", "message": f"第 {s}-{t} 处不像单位。", "at": task["units"][0]["at"]}
            made["doubts"].append({**doubt, "task": f"plans/0/sections/{s}/tasks/{t}"})
    document = papers.document(cast.clerk, made, "long.txt")
    answer = post(clerk, "reading-doubts", document.pk, "unit-odd", here="~t41").content.decode()
    assert len(re.findall(r'id="t-(t\d+)"', answer)) == 40 and "存疑都已定了" in answer


@pytest.mark.parametrize("side", ["text", "ledger"])
def test_windows_are_for_those_who_may_see_the_document(cast, client, side):
    document = papers.document(cast.clerk, long_ledger(300), "long.txt")
    client.force_login(cast.outsider, backend="django.contrib.auth.backends.ModelBackend")
    assert (
        client.get(reverse("reading-part", args=[document.pk, side]), {"from": "0.0", "to": "5.0"}).status_code == 403
    )


def test_300_pages_open_at_once_with_few_queries(clerk, cast):
    small = papers.document(cast.clerk, long_ledger(250), "small.txt")
    large = papers.document(cast.clerk, long_ledger(3000), "large.txt")
    counts = [queries(clerk, reverse("reading", args=[d.pk])) for d in (small, large)]
    assert counts[0] == counts[1] <= 14
    opened._papers.clear()
    page = clerk.get(reverse("reading", args=[large.pk])).content
    assert len(page) < 400_000 and page.count(b'<article class="tk') <= 120


def test_what_is_kept_is_never_an_older_reading(clerk, cast):
    document = papers.document(cast.clerk, long_ledger(20), "long.txt")
    before = opened.opened(document).paper
    assert opened.opened(document).paper is before, "kept"
    actions.correct(document, Edit("set", "t3/text", "别的话"), cast.clerk)
    assert opened.opened(document).paper.line("t3").item["text"] == "别的话"
    actions.undo(document, cast.clerk)
    assert opened.opened(document).paper.line("t3").item["text"] == before.line("t3").item["text"]
