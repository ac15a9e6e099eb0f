"""Mending page damage before reading: page marks, signs nobody sees, lines broken in mid-sentence, columns set one after another.

Mending moves characters between blocks and drops none but line ends, the blanks beside them and signs that a page does not
show, so coverage still adds up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.reading.columns import mend_columns
from luoshi.reading.ledger import Block
from luoshi.reading.rule import late
from luoshi.reading.wrapped import mend_wrapped

_INLINE_MARK = re.compile(r"[—–]\s{0,2}\d{1,3}\s?/\s?\d{1,3}\s?[—–]")
# A line that holds nothing but the number of its page.
_PAGE_MARK = re.compile(
    r"\s{0,40}(?:[-—–－]{1,2}\s{0,3}\d{1,4}\s{0,3}[-—–－]{1,2}|第\s{0,3}\d{1,4}\s{0,3}页(?:[\s,，/]{0,6}共\s{0,3}\d{1,4}\s{0,3}页)?)\s{0,40}"
)
# Zero-width blanks and joiners, soft hyphens, byte order marks, and signs that turn the direction of writing.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FINISHED = late(r"[。；;：:！？!?”）)》\]]\s*$")


def mend(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with page marks taken out of their lines into chrome blocks of their own, lines cut at the page's width joined,
    and columns put back into rows."""
    out: list[Block] = []
    for block in blocks:
        if _UNSEEN.search(block.text):
            block = msgspec.structs.replace(block, text=_UNSEEN.sub("", block.text))
        marks = list(_INLINE_MARK.finditer(block.text)) if "/" in block.text else []
        if not marks or block.kind == "chrome":
            out.append(block)
            continue
        out.append(msgspec.structs.replace(block, text=_INLINE_MARK.sub("", block.text)))
        out.extend(msgspec.structs.replace(block, kind="chrome", text=mark.group()) for mark in marks)
    return mend_wrapped([_page_mark(block) for block in mend_columns(out)])


def _page_mark(block: Block) -> Block:
    if block.kind == "paragraph" and len(block.text) < 60 and _PAGE_MARK.fullmatch(block.text):
        return msgspec.structs.replace(block, kind="chrome")
    return block


def join_blocks(blocks: Sequence[Block], joins: Sequence[tuple[int, int]]) -> tuple[Block, ...]:
    """Blocks with each stretch first..last made one block: a wording over several lines lies in one block."""
    ends = {first: last for first, last in joins if last > first}
    out: list[Block] = []
    i = 0
    while i < len(blocks):
        last = ends.get(i, i)
        chrome = [part for part in blocks[i + 1 : last + 1] if part.kind == "chrome"]
        parts = [blocks[i], *(part for part in blocks[i + 1 : last + 1] if part.kind != "chrome")]
        if len(parts) == 1 or parts[0].kind == "chrome" or any(part.kind == "cell" for part in parts):
            out.extend(blocks[i : last + 1])
        else:
            text = parts[0].text
            for part in parts[1:]:
                text = f"{text}\n{part.text}" if _FINISHED.search(text) else text.rstrip() + part.text.lstrip()
            out += [msgspec.structs.replace(parts[0], text=text), *chrome]
        i = last + 1
    return tuple(out)
