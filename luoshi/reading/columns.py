"""Columns set one after another: a table that page extraction took apart, each column's cells in a run of their own.

The rows are recovered by order: as many values behind each header word as there are numbered items on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from luoshi.reading.headers import APART
from luoshi.reading.ledger import Block, Origin
from luoshi.reading.rule import fold

_LONGEST_HEADER = 60
_FRAGMENTS = ("单位", "部门", "领导", "时限")
_ITEM = re.compile(r"(\d{1,3})[.、\s]\s{0,3}(?=\S)")
_PAGE_MARK = re.compile(r"^[-—–]\s?\d{1,4}\s?[-—–]$|^第\s?\d{1,4}\s?页")


@dataclass(slots=True)
class _Leaf:
    """One page of the table: numbered items, and values by column name."""

    items: list[tuple[str, str]] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    header: list[str] = field(default_factory=list)
    chrome: list[str] = field(default_factory=list)

    def fits(self) -> bool:
        return bool(self.items) and bool(self.columns) and all(len(v) == len(self.items) for v in self.columns.values())


def mend_columns(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with a table in column order put back into rows, as native cells; other documents come back as they are."""
    start = next((i for i, block in enumerate(blocks) if _words(block.text) == ["序号"]), None)
    if start is None or any(block.kind != "paragraph" for block in blocks):
        return tuple(blocks)
    leaves = list(_leaves(blocks[start:]))
    names = list(leaves[0].columns) if leaves else []
    if len(names) < 2 or not all(leaf.fits() and list(leaf.columns) == names for leaf in leaves):
        return tuple(blocks)
    return (*blocks[:start], *_cells(leaves, names))


def _words(text: str) -> list[str] | None:
    """The header words of a line that holds nothing else."""
    if len(text) > _LONGEST_HEADER:
        return None
    words = fold(text).split()
    return words if words and all(APART.match(word) for word in words) else None


def _leaves(blocks: Iterable[Block]) -> Iterable[_Leaf]:
    leaf = _Leaf()
    pending: list[str] = []
    in_item = False
    for block in blocks:
        text = block.text.strip()
        words = _words(text)
        item = _ITEM.match(fold(text))
        if _PAGE_MARK.match(fold(text)):
            leaf.chrome.append(text)
            yield leaf
            leaf, pending, in_item = _Leaf(), [], False
        elif words:
            leaf.header.append(text)
            _expect(leaf, pending, words)
            in_item = False
        elif item and _next(leaf, int(item.group(1))):
            leaf.items.append((item.group(1), text[item.end() :]))
            pending.clear()
            in_item = True
        elif in_item:
            number, wording = leaf.items[-1]
            leaf.items[-1] = (number, wording + text)
        elif pending:
            leaf.columns.setdefault(pending[0], []).extend(text.split())
        else:
            leaf.chrome.append(text)
    if leaf.items:
        yield leaf


def _expect(leaf: _Leaf, pending: list[str], words: list[str]) -> None:
    """Queue header words; a column that has its values leaves the queue, a fragment completes the word before it."""
    if pending and pending[0] in leaf.columns:
        pending.pop(0)
    for word in words:
        if word in _FRAGMENTS and pending:
            pending[-1] += word
        else:
            pending.append(word)


def _next(leaf: _Leaf, number: int) -> bool:
    return not leaf.items or number == int(leaf.items[-1][0]) + 1


def _cells(leaves: Sequence[_Leaf], names: Sequence[str]) -> Iterable[Block]:
    wording = [word for line in leaves[0].header for word in line.split() if word.endswith(("任务", "内容", "工作"))]
    header = ["序号", wording[0] if wording else "", *names]
    yield from (_cell(name, 0, column) for column, name in enumerate(header) if name)
    row = 0
    for leaf in leaves:
        for i, (number, text) in enumerate(leaf.items):
            row += 1
            yield _cell(number, row, 0)
            yield _cell(text, row, 1)
            for column, name in enumerate(names, 2):
                yield _cell(leaf.columns[name][i], row, column)
        repeated = leaf.header if leaf is not leaves[0] else []
        yield from (Block(kind="chrome", text=text) for text in [*repeated, *leaf.chrome])


def _cell(text: str, row: int, column: int) -> Block:
    return msgspec.structs.replace(Block(kind="cell", text=text), origin=Origin(table=0, row=row, column=column))
