"""Checks shown to the reviewer, never punished by themselves: what in a report deserves a second look. Pure.

A basis for them: falsified and restated figures are what the centre has criticised; text repeated month for month is
what units write when nothing moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from rapidfuzz.fuzz import ratio

Code = Literal[
    "copied", "late_jump", "fell", "restated", "evidence_before", "parts", "estimate", "unsupported", "disputed"
]
COPIED = 92  # per cent of likeness at which a text counts as last period's
LATE_DAYS = 45  # a jump is late within so many days of the year's end
JUMP = Decimal("0.4")  # share of the whole year's target


@dataclass(frozen=True)
class Check:
    """Something to look at: a stable code, what it is about, and the figures or words that show it."""

    code: Code
    about: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Series:
    """A target's figures in order: cut-off, value, official, in which period's report. The last is the one reviewed."""

    label: str
    cumulative: bool
    goal: Decimal | None
    ends: date
    rows: tuple[tuple[date, Decimal, bool, str], ...]
    official_due: bool = False
    parts: tuple[Decimal, ...] = ()


def texts(now: Mapping[str, str], before: Mapping[str, str] | None) -> list[Check]:
    """Texts like last period's. ``now`` and ``before`` by box (progress, problem, next_step)."""
    if before is None:
        return []
    found = []
    for box, text in now.items():
        old = before.get(box, "")
        if len(text) >= 10 and old and (alike := ratio(text, old)) >= COPIED:
            found.append(Check("copied", box, {"likeness": round(alike)}))
    return found


def figures(series: Sequence[Series]) -> list[Check]:
    """What the figures show: fallen totals, restated values, late jumps, estimates where a figure is due, sums that do not
    add up."""
    found: list[Check] = []
    for one in series:
        if one.rows:
            found += _path(one)
        if one.parts and one.rows and sum(one.parts) != one.rows[-1][1]:
            said = {"parts": str(sum(one.parts)), "whole": str(one.rows[-1][1])}
            found.append(Check("parts", one.label, said))
    return found


def _path(one: Series) -> list[Check]:
    found = []
    cutoff, value, official, _period = one.rows[-1]
    earlier = [row for row in one.rows[:-1] if row[2] == official]
    if not official and one.official_due:
        found.append(Check("estimate", one.label, {"cutoff": str(cutoff)}))
    if not earlier:
        return found
    last = earlier[-1]
    if one.cumulative and value < last[1] and cutoff >= last[0]:
        found.append(Check("fell", one.label, {"from": str(last[1]), "to": str(value)}))
    restated = [row for row in earlier if row[0] == cutoff and row[1] != value]
    if restated:
        found.append(
            Check("restated", one.label, {"cutoff": str(cutoff), "from": str(restated[-1][1]), "to": str(value)})
        )
    late = one.cumulative and one.goal and 0 <= (one.ends - cutoff).days <= LATE_DAYS
    if late and one.goal and value - last[1] >= JUMP * one.goal:
        share = round((value - last[1]) * 100 / one.goal)
        found.append(Check("late_jump", one.label, {"share": share, "from": str(last[1]), "to": str(value)}))
    return found


@dataclass(frozen=True)
class Paper:
    """A piece of evidence beside the report, and where its like was used before: its digest or picture, by report."""

    name: str
    before: Sequence[str]


def papers(evidence: Sequence[Paper], claims_done: Sequence[str]) -> list[Check]:
    """Evidence seen before, and things said to be done with nothing beside them."""
    found = [
        Check("evidence_before", paper.name, {"reports": list(paper.before)}) for paper in evidence if paper.before
    ]
    if claims_done and not evidence:
        found += [Check("unsupported", label, {}) for label in claims_done]
    return found
