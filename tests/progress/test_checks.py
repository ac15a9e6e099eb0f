"""Checks: each sees what it is for, and keeps quiet otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from luoshi.progress.checks import Paper, Series, figures, papers, texts

END = date(2026, 12, 31)


def series(*rows, **more):
    made = tuple((date.fromisoformat(on), Decimal(value), official, "p") for on, value, official in rows)
    return Series("公园", True, Decimal(10), END, made, **more)


def codes(checks):
    return [check.code for check in checks]


def test_copied_text():
    old = {"progress": "本月继续推进前期工作，完成选址论证。", "problem": "无", "next_step": ""}
    assert codes(texts(old, old)) == ["copied"]  # short boxes such as 无 are left alone
    assert codes(texts({"progress": "完成选址论证，立项批复已下达，六月进场施工。"}, old)) == []
    assert texts(old, None) == []


def test_figures_that_fell_were_restated_or_jumped():
    june, july = ("2026-06-30", "4", True), ("2026-07-31", "5", True)
    assert codes(figures([series(june, july)])) == []
    assert codes(figures([series(june, ("2026-07-31", "3", True))])) == ["fell"]
    assert codes(figures([series(june, ("2026-06-30", "6", True))])) == ["restated"]
    assert codes(figures([series(july, ("2026-12-20", "9", True))])) == ["late_jump"]
    assert codes(figures([series(july, ("2026-11-10", "9", True))])) == []
    assert codes(figures([replace(series(june, ("2026-07-31", "3", True)), cumulative=False)])) == []


def test_estimates_and_sums():
    estimate = ("2026-06-30", "4", False)
    assert codes(figures([series(estimate, official_due=True)])) == ["estimate"]
    assert codes(figures([series(estimate)])) == []
    assert codes(figures([series(estimate, ("2026-07-31", "3", True))])) == []  # never mixed with an official one
    whole = ("2026-06-30", "4", True)
    assert codes(figures([series(whole, parts=(Decimal(1), Decimal(2)))])) == ["parts"]
    assert codes(figures([series(whole, parts=(Decimal(1), Decimal(3)))])) == []


def test_papers():
    assert codes(papers([Paper("照片", ["2026-03 县住建局"]), Paper("批复", [])], [])) == ["evidence_before"]
    assert codes(papers([], ["公园建成"])) == ["unsupported"]
    assert papers([Paper("验收", [])], ["公园建成"]) == []
