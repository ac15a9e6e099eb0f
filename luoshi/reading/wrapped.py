"""Lines cut at a fixed width: a page copied as text, where a paragraph goes on at the beginning of the next line.

Such a page tells itself: no line is longer than a certain width, many lines are exactly so long, and most of these end in
the middle of a sentence. Only then lines are put together again; elsewhere a line end is a paragraph's end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import msgspec

from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.ledger import Block
from luoshi.reading.rule import any_of, fold, late

_NARROWEST, _WIDEST = 16, 120  # characters of a full line: shorter ones are cells and names, longer ones paragraphs
_FEWEST = 3  # full lines that make a width
_SHARE = 0.08  # of all lines
_FINISHED = late(r"[。；;：:！？!?]\s*$")
# What begins a line of its own even behind a full line: a number, a label.
_BEGINS = late(
    r"\s{0,8}(?:\d{1,3}[.、](?!\d)|\(?[一二三四五六七八九十]{1,3}[.、)]|\(\d{1,3}\)|\d{1,3}\)|[①-⑳▲★●■◆]"
    r"|第[一二三四五六七八九十\d]{1,4}[章节条项部]|任务\d{1,3}[:.、]|附件|"
    rf"[(\[【]?.{{0,2}}{any_of(WORDS['line label'])}{any_of(WORDS['line label end'])}\s{{0,2}}[:】])"
)
_NUMBERED = late(
    r"\s{0,8}(?:\d{1,3}[.、](?!\d)|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,4}[章节条项部]|任务\d{1,3}[:.、])"
)
_LEFT_OVER = late(r"\s{0,8}[。；，、）〕】”》]")  # signs that begin no line
_BRACKET = late(r"[()\[\]【】]")


def mend_wrapped(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with lines cut at a fixed width joined; a page without such a width comes back as it is."""
    lines = [block for block in blocks if block.kind == "paragraph"]
    full = next((full for measure in (len, _columns) if (full := _full_lines(lines, measure))), None)
    if full is None:
        return tuple(blocks)
    out: list[Block] = []
    open_at: int | None = None  # the line that may go on; page numbers may stand between
    for block in blocks:
        if block.kind == "chrome":
            out.append(block)
            continue
        if open_at is not None and block.kind == "paragraph" and _goes_on(out[open_at].text, block.text):
            before = out[open_at]
            out[open_at] = msgspec.structs.replace(before, text=before.text.rstrip() + block.text.lstrip())
        else:
            out.append(block)
            open_at = len(out) - 1
        if id(block) not in full:
            open_at = None
    return tuple(out)


def _full_lines(lines: Sequence[Block], measure: Callable[[str], int]) -> set[int] | None:
    """The lines that reach the page's width (identities of blocks), None where the page has no such width."""
    slack, columns = (0, 1) if measure is len else (3, 2)  # a sign that no longer fits, a full stop that may hang over
    texts = [line.text.rstrip() for line in lines]
    at_length = max(texts, key=len, default="")
    if len(at_length) // columns > _WIDEST or (most := measure(at_length)) // columns > _WIDEST:
        return None  # one line tells: most pages are not cut, and need no other line measured
    widths = [measure(text) if columns * len(text) >= most - slack else 0 for text in texts]
    longest = max(widths, default=0)
    if not _NARROWEST <= longest // columns <= _WIDEST:
        return None
    full = [line for line, width in zip(lines, widths) if width >= longest - slack]
    cut = [line for line in full if not _FINISHED.search(line.text) or _opened(fold(line.text))]
    if len(full) < max(_FEWEST, _SHARE * len(lines)) or len(cut) < 0.6 * len(full):
        return None
    return {id(line) for line in full}


def _columns(text: str) -> int:
    """The width of a line as printed: two columns for a Chinese character, one for a Latin one."""
    return sum(map(_WIDTHS.__getitem__, text))


class _Widths(dict[str, int]):
    """The width of each sign met so far: asked of Unicode once."""

    def __missing__(self, sign: str) -> int:
        width = self[sign] = 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
        return width


_WIDTHS = _Widths()


def _goes_on(before: str, after: str) -> bool:
    """Whether the line after a full one belongs to it: always into a bracket still open, never behind a finished sentence."""
    if _LEFT_OVER.match(after):
        return True
    if _opened(fold(before)):
        return not _NUMBERED.match(fold(after))
    if _FINISHED.search(before):
        return False
    return not _BEGINS.match(fold(after))


def _opened(folded: str) -> bool:
    """Whether a line's last bracket is still open."""
    brackets = _BRACKET.findall(folded)
    return bool(brackets) and brackets[-1] in "([【"
