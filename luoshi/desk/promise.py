"""A task's promise in the document's own words: its line and its line of units, facts and numbers underlined. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from luoshi.ui.sheet import Mark, Sheet, task_line, unit_line

Place = Mapping[str, int]
# What belongs to the last unit of a line: its partner in brackets, closing brackets, the full stop.
_BEHIND = re.compile(r"(?:[（(][^（()）]{1,20}[）)])?[）)］\]〕】。；;]*")


def promise(
    blocks: Sequence[Mapping[str, Any]], at: Place | None, parts: Iterable[tuple[str, str, Place | None]]
) -> list[SafeString]:
    """The lines of the promise. ``parts``: kind, key and place of each field; the units' places add their own lines.

    Empty where the task was added by a person and has no words in the document.
    """
    known = [(kind, key, place) for kind, key, place in parts if place and place["end"] > place["start"]]
    if not at or at["end"] <= at["start"] or at["block"] >= len(blocks):
        return []
    marks = [Mark(p["block"], p["start"], p["end"], kind, key) for kind, key, p in known]
    sheet = Sheet(blocks, marks)
    text = blocks[at["block"]]["text"]
    number = sheet.stretch(at["block"], task_line(text, at["start"], 0), at["start"])
    words = sheet.stretch(at["block"], at["start"], at["end"], numbers=True)
    return [number + words] + [sheet.stretch(b, s, e, numbers=True) for b, s, e in _unit_lines(blocks, at, known)]


def _unit_lines(
    blocks: Sequence[Mapping[str, Any]], at: Place, known: Iterable[tuple[str, str, Place]]
) -> Iterator[tuple[int, int, int]]:
    """Where the units stand outside the task's own words, a stretch a block."""
    outside: dict[int, list[Place]] = {}
    for kind, _key, place in known:
        if kind == "unit" and not (place["block"] == at["block"] and place["start"] < at["end"]):
            outside.setdefault(place["block"], []).append(place)
    for block, places in sorted(outside.items()):
        text = blocks[block]["text"]
        first, last = min(p["start"] for p in places), max(p["end"] for p in places)
        floor = at["end"] if block == at["block"] else 0
        yield block, unit_line(text, first, floor), last + len(_BEHIND.match(text, last)[0])  # type: ignore[index]
