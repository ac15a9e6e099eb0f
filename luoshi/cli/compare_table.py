"""A comparison on the terminal: counts, then what differs by kind; sentences that stand again are only counted."""

from __future__ import annotations

import io

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
    parts: list[RenderableType] = [
        Text(f"{word}  {printable(document_name(doc))}", style="bold") for word, doc in heads
    ]
    listed = [(label, found) for kind, label, found in by_kind(rows(comparison)) if kind != "recycled"]
    if listed:
        parts += ["", _table(listed)]
    parts += [
        *_tasks(say("取消任务"), comparison.dropped_tasks, "red"),
        *_tasks(say("新增任务"), comparison.new_tasks, "green"),
    ]
    return Group(*parts, "", Text(summary(comparison), style="dim"))


def _table(listed: list[tuple[str, list[DifferenceRow]]]) -> Table:
    grid = Table(expand=True, box=SIMPLE_HEAD)
    grid.add_column(say("差异"), no_wrap=True)
    for head, ratio in ((say("任务"), 3), (say("事项"), 3), (say("旧"), 4), (say("新"), 4)):
        grid.add_column(head, ratio=ratio, overflow="fold")
    for label, found in listed:
        for row in found:
            style = "red" if row.kind in LESS else "green" if row.kind in MORE else ""
            words = (short(printable(x)) for x in (row.task, row.subject, row.before or "—", row.after or "—"))
            grid.add_row(Text(label, style=style), *map(Text, words))
    return grid


def _tasks(heading: str, tasks: tuple[ComparedTask, ...], style: str) -> list[RenderableType]:
    lines = [Text(f"  {printable(task_name(t))}  {printable(short(t.text))}", style=style) for t in tasks]
    return ["", Text(heading, style="bold"), *lines] if lines else []


def summary(comparison: Comparison) -> str:
    """The counts in one line."""
    found = comparison.summary
    return say(
        "沿用任务 {kept} 项（其中无差异 {untouched} 项），新增 {new} 项，取消 {dropped} 项；目标调低 {lowered} 个、调高 {raised} 个、不变 {same} 个；"
        "原句再用 {recycled} 处",
        kept=found.kept, untouched=found.untouched, new=found.new, dropped=found.dropped,
        lowered=found.kinds["target_lowered"], raised=found.kinds["target_raised"], same=found.same_targets,
        recycled=found.kinds["recycled"],
    )  # fmt: skip
