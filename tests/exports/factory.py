"""Ledgers for these tests, made without the reader: the example's own words with the annotation made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from luoshi.cli import example
from luoshi.reading import ledger as led

GOLDEN = Path(__file__).parent.parent / "golden" / "lanwan-2026.json"


def example_ledger() -> led.Ledger:
    """The example as it should be read; every span found in the text by its words."""
    gold = json.loads(GOLDEN.read_text("utf-8"))
    lines = example.document().decode().splitlines()
    finder = _Finder(lines)
    plans = tuple(finder.plan(plan) for plan in gold["plans"])
    characters = sum(map(len, lines))
    return led.Ledger(
        reader="0",
        source=led.Source(name="lanwan-2026.txt", sha256="ab" * 32, media_type="text/plain", characters=characters),
        document=led.DocumentFields(**{**gold["document"], "addressees": tuple(gold["document"]["addressees"])}),
        plans=plans,
        coverage=led.Coverage(characters=characters, facts=0, structure=0, prose=characters),
        blocks=tuple(led.Block(kind="paragraph", text=line, origin=led.Origin(line=n)) for n, line in enumerate(lines)),
    )


class _Finder:
    """Places of words, looked for from where the last task stood on."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0

    def find(self, words: str, first: int, last: int) -> led.Span:
        for block in range(first, min(last, len(self.lines))):
            start = self.lines[block].find(words)
            if start >= 0:
                return led.Span(block, start, start + len(words))
        raise AssertionError(f"{words!r} is not in the example")

    def plan(self, gold: dict[str, Any]) -> led.Plan:
        sections = tuple(self.section(section) for section in gold["sections"])
        return led.Plan(title=gold["title"], year=gold["year"], kind=gold["kind"], sections=sections)

    def section(self, gold: dict[str, Any]) -> led.Section:
        at = self.find(gold["heading"], self.at, len(self.lines)) if gold["heading"] else None
        tasks = tuple(self.task(task) for task in gold["tasks"])
        return led.Section(
            heading=gold["heading"], at=at, leader=tuple(led.Leader(**x) for x in gold["leader"]), tasks=tasks
        )

    def task(self, gold: dict[str, Any]) -> led.Task:
        at = self.find(gold["text"], self.at, len(self.lines))
        self.at = at.block
        here = (at.block, at.block + 3)
        units = tuple(
            led.Responsibility(
                name=u["name"], role=u["role"], partner=u["with"], at=self.find(u["name"], at.block + 1, here[1])
            )
            for u in gold["units"]
        )
        targets = tuple(self.target(target, here) for target in gold["targets"])
        things = tuple(
            led.Deliverable(name=d["name"], stage=d["stage"], strength=d["strength"], at=self.find(d["name"], *here))
            for d in gold["deliverables"]
        )
        return led.Task(
            number=gold["number"], title=gold["title"], text=gold["text"], at=at, units=units, targets=targets, deliverables=things
        )  # fmt: skip

    def target(self, gold: dict[str, Any], here: tuple[int, int]) -> led.Target:
        at = self.find(gold["quote"], *here)
        fields = {k: v for k, v in gold.items() if k not in ("optional", "baseline")}
        base = gold.get("baseline")
        return led.Target(at=at, baseline=led.Baseline(at=at, **base) if base else None, **fields)
