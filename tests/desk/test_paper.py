"""The reading page's content, made from the keyed ledger."""

from __future__ import annotations

import pytest

from luoshi.desk.paper import coverage, paper
from luoshi.documents import corrections
from luoshi.documents.corrections import Change
from tests.desk import papers


@pytest.fixture
def ledger():
    return corrections.apply(papers.ledger(), [])


def test_every_task_is_a_line_under_its_section(ledger):
    page = paper(ledger)
    assert page.counts["all"] == 72 == len(list(page.lines()))
    assert [len(g.lines) for g in page.groups] == [len(s["tasks"]) for p in ledger["plans"] for s in p["sections"]]
    assert page.line("t7").label == "2-4"
    assert page.line("t72").label == "民8"


def test_doubts_about_the_same_words_are_one_question(ledger):
    page = paper(ledger)
    assert [(q.count, q.labels) for q in page.open_questions] == [(2, ["2-4", "2-7"])]
    assert page.line("t7").state == "doubt"


def test_an_answered_doubt_no_longer_stands_in_the_way(ledger):
    change = Change(1, "confirm_doubt", "q1", {"answer": "as_read", "like": True})
    page = paper(corrections.apply(papers.ledger(), [change]))
    assert page.open_questions == [] and len(page.answered) == 1
    assert page.line("t7").state == "open"


def test_coverage_adds_up_and_says_so_when_it_does_not(ledger):
    cover = coverage(ledger)
    assert cover["whole"] and cover["facts"] + cover["structure"] + cover["prose"] + cover["unread"] == cover["total"]
    broken = {**ledger, "coverage": {**ledger["coverage"], "facts": 1}}
    assert not coverage(broken)["whole"]


def test_the_page_begins_at_the_first_task_that_nobody_confirmed():
    changes = [Change(n, "confirm", f"t{n}", True) for n in (1, 2)]
    assert paper(corrections.apply(papers.ledger(), changes)).first().key == "t3"


def test_an_empty_ledger_is_an_empty_page():
    empty = corrections.apply({**papers.ledger(), "plans": [], "doubts": []}, [])
    page = paper(empty)
    assert page.first() is None and page.counts["all"] == 0
    assert "<p" in page.sheet().html()
