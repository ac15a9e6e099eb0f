"""An account on the terminal: item, matched task, figures and stages, problems and next steps; doubts marked."""

from __future__ import annotations

import io

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from luoshi.cli.say import say
from luoshi.cli.table import PLAIN_WIDTH, short
from luoshi.exports.account_rows import AccountRow, rows
from luoshi.exports.safe import printable
from luoshi.reading.accounts.account import Account
from luoshi.reading.ledger import Ledger

_ALARMING = frozenset(("红灯", "黄灯", "滞后", "未启动", "停工"))


def show(account: Account, ledger: Ledger | None) -> None:
    """Print to the terminal, as wide as it is."""
    Console(highlight=False).print(_page(account, ledger))


def plain(account: Account, ledger: Ledger | None) -> str:
    """The same without colour, for a text file."""
    out = io.StringIO()
    Console(file=out, width=PLAIN_WIDTH, highlight=False, color_system=None).print(_page(account, ledger))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _page(account: Account, ledger: Ledger | None) -> RenderableType:
    parts: list[RenderableType] = []
    if account.title:
        parts.append(Text(printable(account.title.text), style="bold"))
    about = ["、".join(words.text for words in account.units), (account.cutoff and account.cutoff.until) or ""]
    if any(about):
        parts.append(Text(printable("  ".join(filter(None, about))), style="dim"))
    listed = rows(account, ledger)
    parts.append(_grid(listed, ledger is not None))
    parts += [Text(f"? {printable(doubt.message)}", style="yellow") for doubt in account.doubts]
    figures = sum(len(row.figures) for row in listed)
    matched = sum(item.match is not None for item in account.items)
    counts = say(
        "事项 {items} 项，对应到任务 {matched} 项，完成数 {figures} 个，存疑 {doubts} 处",
        items=len(listed),
        matched=matched,
        figures=figures,
        doubts=len(account.doubts),
    )
    parts.append(Text(counts, style="dim"))
    return Group(*parts)


def _grid(listed: list[AccountRow], matched: bool) -> Table:
    grid = Table(expand=True, box=SIMPLE_HEAD)
    grid.add_column("#", no_wrap=True, style="dim")
    grid.add_column(say("事项"), ratio=3, overflow="fold")
    if matched:
        grid.add_column(say("对应任务"), no_wrap=True)
    grid.add_column(say("完成数与阶段"), ratio=5, overflow="fold")
    grid.add_column(say("问题与下一步"), ratio=4, overflow="fold")
    for row in listed:
        cells = [Text(printable(row.number)), Text(printable(short(row.title)))]
        if matched:
            cells.append(Text(("? " if row.unsure else "") + printable(row.task), style="yellow" if row.unsure else ""))
        grid.add_row(*cells, _reached(row), _ahead(row))
    return grid


def _reached(row: AccountRow) -> Text:
    lines = [Text(printable(words), style="green") for words in row.figures]
    lines += [Text(printable(words)) for words in row.stages]
    lines += [Text(words, style="yellow" if words in _ALARMING else "green") for words in row.states]
    return Text("\n").join(lines)


def _ahead(row: AccountRow) -> Text:
    lines = [Text(printable(short(words)), style="yellow") for words in row.problems]
    lines += [Text("→ " + printable(short(words))) for words in row.next_steps]
    lines += [Text(printable(words), style="dim") for words in row.expected]
    return Text("\n").join(lines)
