"""Mending page damage before reading: page marks inside lines, lines broken in mid-sentence, columns set one after another.

Mending moves characters between blocks and never drops one but a line end and the blanks beside it, so coverage still adds up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.reading.columns import mend_columns
from luoshi.reading.ledger import Block
from luoshi.reading.wrapped import mend_wrapped

_INLINE_MARK = re.compile(r"[—–]\s{0,2}\d{1,3}\s?/\s?\d{1,3}\s?[—–]")
_FINISHED = re.compile(r"[。；;：:！？!?”）)》\]]\s*$")


def mend(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with page marks taken out of their lines into chrome blocks of their own, lines cut at the page's width joined,
    and columns put back into rows."""
    out: list[Block] = []
    for block in blocks:
        marks = list(_INLINE_MARK.finditer(block.text)) if "/" in block.text else []
        if not marks or block.kind == "chrome":
            out.append(block)
            continue
        out.append(msgspec.structs.replace(block, text=_INLINE_MARK.sub("", block.text)))
        out.extend(msgspec.structs.replace(block, kind="chrome", text=mark.group()) for mark in marks)
    return mend_columns(mend_wrapped(out))


def join_blocks(blocks: Sequence[Block], joins: Sequence[tuple[int, int]]) -> tuple[Block, ...]:
    """Blocks with each stretch first..last made one block: a wording over several lines lies in one block."""
    ends = {first: last for first, last in joins if last > first}
    out: list[Block] = []
    i = 0
    while i < len(blocks):
        last = ends.get(i, i)
        parts = blocks[i : last + 1]
        if len(parts) == 1 or any(part.kind in ("chrome", "cell") for part in parts):
            out.extend(parts)
        else:
            text = parts[0].text
            for part in parts[1:]:
                text = f"{text}\n{part.text}" if _FINISHED.search(text) else text.rstrip() + part.text.lstrip()
            out.append(msgspec.structs.replace(parts[0], text=text))
        i = last + 1
    return tuple(out)
