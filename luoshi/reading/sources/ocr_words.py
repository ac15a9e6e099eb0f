"""What a reader of pictures mixes up, put right where the language leaves no choice: the width of marks, brackets of a number.

Letters and figures are never changed into others by likeness: what is unsure is doubted, not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from luoshi.reading.sources.ocr_lines import Char

# Marks that are the same but for their width.
_WIDE = dict(zip(",:;?!()", "，：；？！（）"))
_NARROW = {wide: narrow for narrow, wide in _WIDE.items()}
_BROAD = 0.7  # ems from which a mark's place is a wide one; measured: narrow ones 0.1–0.5, wide ones 0.8–1.3
_FIGURES = "0123456789"
_APART = 0.8  # ems from one wide figure to the next, and more; narrow ones stand 0.5–0.6 apart
# 国办发〔2023〕5号: the brackets of a document's number are these (GB/T 9704-2012, 7.2.5), and look like others.
_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])[\[(（【［〔]((?:19|20)\d\d)[\])）】］〕](?=\d{1,4}号)")


def is_wide(char: str) -> bool:
    """Whether a character fills a square."""
    return unicodedata.east_asian_width(char) in "WFA"


def settled(chars: Sequence[Char], size: float) -> list[Char]:
    """The characters of a line, one for one, marks in the width of their place; ``size``: that of an em."""
    chars = [char._replace(char=_as_wide_as_drawn(chars, n, size)) for n, char in enumerate(chars)]
    _widen_figures(chars, size)
    text = "".join(char.char for char in chars)
    if len(text) != len(chars):  # a sign of several code points: leave the line alone
        return chars
    made = _NUMBER.sub(r"〔\1〕", text)
    return [one if one.char == char else one._replace(char=char) for one, char in zip(chars, made)]


def _widen_figures(chars: list[Char], size: float) -> None:
    """Figures that stand an em apart made wide; a single one may only have room beside it."""
    start = 0
    for n in range(len(chars) + 1):
        if n < len(chars) and chars[n].char in _FIGURES:
            continue
        if n - start > 1 and (chars[n - 1].middle - chars[start].middle) / (n - 1 - start) > _APART * size:
            chars[start:n] = [one._replace(char=chr(ord(one.char) + 0xFEE0)) for one in chars[start:n]]
        start = n + 1


def _as_wide_as_drawn(chars: Sequence[Char], n: int, size: float) -> str:
    """A mark, wide or narrow by the room between its neighbours; beside other marks, and at a line's end, wide in Chinese."""
    char = chars[n].char
    if char not in _WIDE and char not in _NARROW:
        return char
    if 0 < n < len(chars) - 1 and all(other.char.isalnum() for other in (chars[n - 1], chars[n + 1])):
        sides = [0.5 if is_wide(other.char) else 0.25 for other in (chars[n - 1], chars[n + 1])]
        wide = (chars[n + 1].middle - chars[n - 1].middle) / size - sum(sides) > _BROAD
    else:
        wide = char in _NARROW or any("\u4e00" <= other.char <= "\u9fff" for other in chars)
    return _WIDE.get(char, char) if wide else _NARROW.get(char, char)
