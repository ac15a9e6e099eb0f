"""The reading page's content, made from the keyed ledger."""

from __future__ import annotations

import pytest

from luoshi.desk.paper import coverage, paper, target_words
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


def test_the_direction_of_a_change_is_said_once():
    def said(kind, subject, quote, bound="exact", value=3.0):
        return target_words(
            {
                "kind": kind,
                "subject": subject,
                "quote": quote,
                "bound": bound,
                "value": value,
                "value_to": None,
                "unit": "%",
            }
        )

    assert said("change", "“三公”经费", "“三公”经费压减3%以上", "min") == "“三公”经费 压减 ≥ 3%"
    assert said("change", "能耗下降", "能耗下降3%") == "能耗下降 3%"
    assert said("growth", "外贸出口额", "外贸出口额增长3%") == "外贸出口额 增长 3%"
    assert said("growth", "投资增速", "投资增速3%左右", "about") == "投资增速 约 3%"
    assert said("level", "税收占比", "税收占比提高后稳定在3%") == "税收占比 3%"
