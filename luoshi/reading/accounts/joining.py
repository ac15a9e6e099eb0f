"""Lines that a copy broke in mid-sentence are put together before a report is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.reading.accounts.lines import FIRSTLY
from luoshi.reading.accounts.zones import heading_zone, label_in
from luoshi.reading.ledger import Block
from luoshi.reading.lines import MARK
from luoshi.reading.rule import fold

_ENDS = re.compile(r"[。;:!?)\]”》]\s*$")
_INSIDE = re.compile(r"[。,;、:]")
_CELLS = re.compile(r"[|\t]")
_LEAST = 12  # a shorter line is a heading or a name, not the beginning of a broken sentence
_POINTS_ON = re.compile(r"[:;,。][一二三四五六七八]是[^。]{0,400};$")
_DATE_LINE = re.compile(r"\s*(?:20\d\d|二[〇○零]).{3,8}[日月]\s*$")


def join_lines(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, with every paragraph that stops in mid-sentence joined to the one that goes on."""
    folds = [fold(block.text) for block in blocks]
    out: list[Block] = []
    first, inside = 0, False
    for i in range(1, len(blocks) + 1):
        inside = inside or bool(_INSIDE.search(folds[i - 1]))
        if i < len(blocks) and inside and _goes_on(blocks, folds, i):
            continue
        out.append(_joined(blocks[first:i]))
        first, inside = i, False
    return tuple(out)


def _joined(parts: Sequence[Block]) -> Block:
    """One block of all parts; only line ends and the blanks beside them are dropped."""
    if len(parts) == 1:
        return parts[0]
    last = len(parts) - 1
    words = [part.text if i == 0 else part.text.lstrip() for i, part in enumerate(parts)]
    text = "".join(word if i == last else word.rstrip() for i, word in enumerate(words))
    return msgspec.structs.replace(parts[0], text=text)


def _goes_on(blocks: Sequence[Block], folds: Sequence[str], i: int) -> bool:
    """Whether line ``i`` goes on with the sentence of the line before it."""
    before, here = folds[i - 1].rstrip(), folds[i].strip()
    if not (_is_line(blocks[i - 1]) and _is_line(blocks[i])) or len(before.strip()) < _LEAST or not here:
        return False
    if _POINTS_ON.search(before) and FIRSTLY.match(here) and not FIRSTLY.match(before.strip()):
        return True  # 存在的问题:一是…;⏎二是…
    if "\n" in before or _ENDS.search(before) or _CELLS.search(before) or _CELLS.search(here):
        return False
    mark = MARK.match(here) or FIRSTLY.match(here)
    return not (mark or _DATE_LINE.match(here) or heading_zone(here) or label_in(here) or here.startswith("["))


def _is_line(block: Block) -> bool:
    return block.kind == "paragraph"
