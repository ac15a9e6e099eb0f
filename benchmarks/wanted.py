"""Forty targets of one annotated document, and how many of them a reader finds right.

Wanted is what people wrote down: where the target stands, its value and unit, its bound, its subject and kind. A figure
found counts where it overlaps the target's wording; of two subjects one may say more (耕地, 垦造耕地). Every reader is
asked the same; what it does not tell it has not right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.documents import SEED
from luoshi.reading.amounts import based
from luoshi.reading.ledger import Ledger
from luoshi.reading.rule import fold

MOST = 40
OWN = Path(__file__).parent.parent / "tests" / "reading" / "corpus"
OWN_DOCUMENT = "danjiang"  # of the invented documents one with many figures
QUESTIONS = ("value", "unit", "bound", "subject", "kind")


@dataclass(frozen=True)
class Figure:
    """A figure at its place in the text; value and unit with the multiplier folded in (3亿元 is 300,000,000 元)."""

    start: int
    end: int
    value: float
    unit: str | None
    bound: str | None = None
    subject: str | None = None
    kind: str | None = None


def annotated() -> tuple[str, bytes, list[Figure]]:
    """Name and bytes of the document, and its first forty targets that have a number."""
    for file in sorted(SEED.glob("*.txt")):
        return "seed.txt", file.read_bytes(), _wanted(file, SEED / "gold" / f"{file.stem}.json")
    file = OWN / "text" / f"{OWN_DOCUMENT}.txt"
    return file.name, file.read_bytes(), _wanted(file, OWN / "gold" / f"{OWN_DOCUMENT}.json")


def _wanted(file: Path, gold: Path) -> list[Figure]:
    text, at = fold(file.read_bytes().decode("utf-8-sig")), 0
    out: list[Figure] = []
    for target in _targets(json.loads(gold.read_text("utf-8"))):
        place = _place(text, target["quote"], at)
        if place is None or target.get("value") is None or target.get("value_to") is not None:
            continue
        at = place[0]
        out.append(_figure(*place, target))
    return out[:MOST]


def _targets(ledger: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for plan in ledger["plans"]:
        for section in plan["sections"]:
            for task in section["tasks"]:
                yield from task["targets"]


def _place(text: str, quote: str, at: int) -> tuple[int, int] | None:
    """Where a quote stands from ``at`` on; line ends and blanks may part its characters."""
    found = re.compile(r"\s*".join(map(re.escape, fold("".join(quote.split()))))).search(text, at)
    return found.span() if found else None


def _figure(start: int, end: int, target: dict[str, Any]) -> Figure:
    value, unit = based(target["value"], target.get("unit"))
    assert value is not None
    return Figure(start, end, value, unit, target["bound"], target["subject"], target["kind"])


def of_ledger(ledger: Ledger, text: str) -> list[Figure]:
    """The targets of our own ledger at their places in the whole text, found by their quotes in the order read."""
    folded, at = fold(text), 0
    out = []
    for *_, task in ledger.tasks():
        for target in task.targets:
            place = _place(folded, target.quote, at)
            value, unit = based(target.value, target.unit)
            if value is not None and place is not None:
                at = place[0]
                out.append(Figure(*place, value, unit, target.bound, target.subject, target.kind))
    return out


def of_peer(found: Sequence[dict[str, Any]]) -> list[Figure]:
    return [Figure(one["start"], one["end"], one["value"], one["unit"], one["bound"]) for one in found]


def right(wanted: Sequence[Figure], found: Sequence[Figure]) -> dict[str, int]:
    """For each question the number of targets of which that, and all asked before it, is right."""
    counts = dict.fromkeys(QUESTIONS, 0)
    for one in wanted:
        near = [other for other in found if other.start < one.end and one.start < other.end]
        for question in QUESTIONS:
            near = [other for other in near if _agree(getattr(other, question), getattr(one, question))]
            counts[question] += bool(near)
    return counts


def _agree(found: float | str | None, wanted: float | str | None) -> bool:
    """Whether two answers are the same; of two wordings (耕地, 垦造耕地) one may say more than the other."""
    if isinstance(found, str) and isinstance(wanted, str) and min(len(found), len(wanted)) > 1:
        return found in wanted or wanted in found
    return found == wanted
