"""The fourth batch of documents: who answers for which task, what is to be reached, as a careful person reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from luoshi.reading import Ledger, read
from luoshi.reading.facts.indicators import is_measure
from tests.reading.fuzz.holds import broken

FOLDER = Path(__file__).parent / "corpus4"
DOCUMENTS = sorted(path for kind in ("text", "files") for path in (FOLDER / kind).glob("*.*"))
# A matrix of units is not read yet: what it holds is said not to be understood.
NOT_YET = {"longgang"}


def meant(path: Path) -> list[tuple[object, ...]]:
    gold = json.loads((FOLDER / "gold" / f"{path.stem}.json").read_text("utf-8"))
    tasks = [(section, task) for plan in gold["plans"] for section in plan["sections"] for task in section["tasks"]]
    return [
        (
            section["heading"],
            task["number"],
            task["title"],
            task["text"],
            [(unit["name"], unit["role"]) for unit in task["units"]],
            [leader["name"] for leader in (*section["leader"], *task["leaders"])],
        )
        for section, task in tasks
    ]


def said(ledger: Ledger) -> list[tuple[object, ...]]:
    return [
        (
            section.heading,
            task.number,
            task.title,
            "".join(task.text.split()),
            [(unit.name, unit.role) for unit in task.units],
            [leader.name for leader in (*section.leader, *task.leaders)],
        )
        for _, _, section, task in ledger.tasks()
    ]


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.stem not in NOT_YET], ids=lambda path: path.stem)
def test_tasks_units_and_leaders_are_read_as_meant(path: Path) -> None:
    ledger = read(path)
    assert said(ledger) == meant(path)
    assert broken(ledger) == []


def test_what_is_not_read_is_not_passed_over_in_silence() -> None:
    ledger = read(FOLDER / "files" / "longgang.docx")
    assert "no-plan" in [doubt.code for doubt in ledger.doubts]


def test_a_bare_figure_is_counted_in_what_stands_beside_it() -> None:
    tasks = [task for *_, task in read(FOLDER / "text" / "mosang.txt").tasks()]
    assert [(t.subject, t.kind, t.bound, t.value, t.unit) for task in tasks for t in task.targets] == [
        ("地区生产总值", "growth", "about", 6.5, "%"),
        ("一般公共预算收入", "quantity", "exact", 9.8, "亿元"),
        ("固定资产投资", "growth", "min", 8.0, "%"),
        ("社会消费品零售总额", "level", "min", 56.0, "亿元"),
        ("规上工业企业数", "quantity", "exact", 12.0, "户"),
        ("城镇登记失业率", "level", "max", 4.5, "%"),
        ("农村居民人均可支配收入", "growth", "exact", 8.0, "%"),
        ("空气质量优良天数", "level", "exact", 330.0, "天"),
    ]


@pytest.mark.parametrize(
    ("words", "counts"), [("亿元", True), ("微克/立方米", True), ("备注", False), ("县财政局", False), ("", False)]
)
def test_what_figures_are_counted_in(words: str, counts: bool) -> None:
    assert is_measure(words) is counts
