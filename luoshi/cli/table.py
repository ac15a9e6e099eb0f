"""The ledger as a table on the terminal: what a person wants to see at a glance, doubts marked."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from luoshi.cli.say import say
from luoshi.exports.rows import LedgerRow, LedgerTable, from_ledger
from luoshi.exports.safe import printable
from luoshi.reading.ledger import Ledger

TEXT_SHOWN = 46  # characters of a task's wording
NARROW = 100  # columns below which supporting units and deadline give way
PLAIN_WIDTH = 140


def show(ledger: Ledger) -> None:
    """Print to the terminal, as wide as it is."""
    console = Console(highlight=False)
    console.print(_page(from_ledger(ledger), ledger, console.width))


def plain(ledger: Ledger) -> str:
    """The same without colour, for a text file."""
    out = io.StringIO()
    Console(file=out, width=PLAIN_WIDTH, highlight=False, color_system=None).print(
        _page(from_ledger(ledger), ledger, PLAIN_WIDTH)
    )
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _page(table: LedgerTable, ledger: Ledger, width: int) -> RenderableType:
    parts: list[RenderableType] = [Text(printable(table.title), style="bold")]
    if about := "，".join(filter(None, (table.number, table.issuer, table.dated))):
        parts.append(Text(printable(about), style="dim"))
    before = table.title
    for plan, section, rows in table.groups():
        if plan != before:
            parts += ["", Text(printable(plan), style="bold")]
        parts += ["", _section(section, rows, width)]
        before = plan
    return Group(*parts, "", *_doubts(table), Text(_summary(table, ledger), style="dim"))


def _section(heading: str, rows: Iterable[LedgerRow], width: int) -> Table:
    title = escape(printable(heading)) or None
    grid = Table(title=title, title_justify="left", title_style="bold cyan", expand=True, box=SIMPLE_HEAD)
    wide = width >= NARROW
    grid.add_column("#", no_wrap=True, style="dim")
    grid.add_column(say("任务"), ratio=5, overflow="fold")
    grid.add_column(say("目标与成果"), ratio=4, overflow="fold")
    grid.add_column(say("牵头"), ratio=2, overflow="fold")
    if wide:
        grid.add_column(say("配合"), ratio=2, style="dim", overflow="fold")
        grid.add_column(say("时限"), no_wrap=True)
    for row in rows:
        grid.add_row(*_cells(row, wide))
    return grid


def _cells(row: LedgerRow, wide: bool) -> list[Text]:
    mark = Text("? ", style="bold yellow") if row.doubts else Text("")
    task = mark.append(printable(short(row.title or row.text)), style="yellow" if row.doubts else "")
    goals = Text("\n").join(_goal(printable(goal)) for goal in row.goals)
    cells = [Text(printable(row.number)), task, goals, Text(printable("、".join(row.responsible)))]
    return [*cells, Text(printable("、".join(row.support_units))), Text(printable(row.deadline))] if wide else cells


def _goal(goal: str) -> Text:
    return Text(goal, style="magenta" if goal.endswith("（力争）") else "green")


def _doubts(table: LedgerTable) -> list[RenderableType]:
    listed = [(row.key, doubt) for row in table.rows for doubt in row.doubts]
    listed += [(say("全文"), doubt) for doubt in table.general_doubts]
    return [Text(f"? {key}：{printable(doubt)}", style="yellow") for key, doubt in listed]


def _summary(table: LedgerTable, ledger: Ledger) -> str:
    cover = ledger.coverage
    unread = sum(span.end - span.start for span in cover.not_understood)
    return say(
        "任务 {tasks} 项，目标 {targets} 个，定性目标 {aims} 个，成果 {things} 个，存疑 {doubts} 处；全文 {all} 字，未读懂 {unread} 字",
        tasks=len(table.rows), targets=sum(len(r.targets) for r in table.rows),
        aims=sum(len(r.aims) for r in table.rows), things=sum(len(r.deliverables) for r in table.rows), doubts=len(ledger.doubts),
        all=cover.characters, unread=unread,
    )  # fmt: skip


def short(text: str, room: int = TEXT_SHOWN) -> str:
    """The first ``room`` characters, with … where something is left out."""
    text = " ".join(text.split())
    return text if len(text) <= room else text[: room - 1] + "…"
