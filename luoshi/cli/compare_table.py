"""A comparison on the terminal: counts, then what differs by kind; sentences that stand again are only counted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from luoshi.cli.say import say
from luoshi.cli.table import PLAIN_WIDTH, short
from luoshi.exports.comparison_rows import DifferenceRow, by_kind, document_name, rows, task_name
from luoshi.exports.safe import printable
from luoshi.reading.comparison import ComparedTask, Comparison, DifferenceKind

LESS: tuple[DifferenceKind, ...] = (
    "target_lowered", "target_dropped", "promise_weakened", "stage_lowered", "deliverable_dropped", "deadline_later",
    "deadline_dropped",
)  # fmt: skip
MORE: tuple[DifferenceKind, ...] = (
    "target_raised", "target_new", "promise_strengthened", "stage_raised", "deliverable_new", "deadline_earlier",
    "deadline_new",
)  # fmt: skip
OTHERWISE: tuple[DifferenceKind, ...] = ("target_unit", "target_changed", "baseline_changed")


def show(comparison: Comparison) -> None:
    """Print to the terminal, as wide as it is."""
    Console(highlight=False).print(_page(comparison))


def plain(comparison: Comparison) -> str:
    """The same without colour, for a text file."""
    out = io.StringIO()
    Console(file=out, width=PLAIN_WIDTH, highlight=False, color_system=None).print(_page(comparison))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _page(comparison: Comparison) -> RenderableType:
    heads = ((say("旧"), comparison.old), (say("新"), comparison.new))
    parts: list[RenderableType] = [Text(f"{word} {printable(document_name(doc))}", style="bold") for word, doc in heads]
    found = tuple(row for row in rows(comparison) if not _said_already(comparison, row))
    if found:
        parts += [
            "",
            _table([line for _, label, listed in by_kind(found) for line in _lines(label, listed, comparison)]),
        ]
    parts += _tasks(say("取消任务"), comparison.dropped_tasks, "red")
    parts += _tasks(say("新增任务"), comparison.new_tasks, "green")
    return Group(*parts, "", Text(summary(comparison), style="dim"))


def _said_already(comparison: Comparison, row: DifferenceRow) -> bool:
    """Sentences that stand again, and other words where another line says what became of the task: both are only counted."""
    others = {d.kind for d in comparison.kept[row.pair].differences}
    return row.kind == "recycled" or (row.kind == "reworded" and bool(others & {*LESS, *MORE, *OTHERWISE}))


def _lines(label: str, found: list[DifferenceRow], comparison: Comparison) -> Iterator[tuple[Text, ...]]:
    """The lines of one kind; what is the same for several tasks (their leader changed) is one line."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for row in found:
        place = _place(comparison.kept[row.pair].new)
        together.setdefault((row.subject, row.before, row.after), []).append(place)
    style = "red" if found[0].kind in LESS else "green" if found[0].kind in MORE else ""
    for (subject, before, after), places in together.items():
        words = (short("、".join(places)), *(short(printable(x)) for x in (subject, before or "—", after or "—")))
        yield Text(label, style=style), *map(Text, words)


def _place(task: ComparedTask) -> str:
    """A task's place in few characters: 三-1 for the first task of 三、陆知微副县长牵头重点工作."""
    numeral = re.match(
        r"[一二三四五六七八九十\d]{1,3}(?=[、.．])|[(（][一二三四五六七八九十\d]{1,3}[)）]", task.section or ""
    )
    return "-".join(filter(None, (numeral and numeral[0], task.number))) or short(task.title or task.text, 8)


def _table(lines: list[tuple[Text, ...]]) -> Table:
    grid = Table(expand=True, box=SIMPLE_HEAD)
    grid.add_column(say("差异"), no_wrap=True)
    for head, ratio in ((say("任务"), 2), (say("事项"), 5), (say("旧"), 6), (say("新"), 6)):
        grid.add_column(head, ratio=ratio, overflow="fold")
    for line in lines:
        grid.add_row(*line)
    return grid


def _tasks(heading: str, tasks: tuple[ComparedTask, ...], style: str) -> list[RenderableType]:
    lines = [Text(f"  {printable(task_name(t))}  {printable(short(t.text))}", style=style) for t in tasks]
    return ["", Text(heading, style="bold"), *lines] if lines else []


def summary(comparison: Comparison) -> str:
    """The counts in one line."""
    found = comparison.summary
    return say(
        "沿用任务 {kept} 项（其中无差异 {untouched} 项），新增 {new} 项，取消 {dropped} 项；目标调低 {lowered} 个、调高 {raised} 个、不变 {same} 个；"
        "文字改动 {reworded} 处，原句再用 {recycled} 处",
        kept=found.kept, untouched=found.untouched, new=found.new, dropped=found.dropped,
        lowered=found.kinds["target_lowered"], raised=found.kinds["target_raised"], same=found.same_targets,
        reworded=found.kinds["reworded"], recycled=found.kinds["recycled"],
    )  # fmt: skip
