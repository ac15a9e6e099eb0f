"""What a reader of pictures mixes up, put right where the language leaves no choice: the width of marks, brackets of a number.

Letters and figures are never changed into others by likeness: what is unsure is doubted, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.reading.sources.ocr_lines import Char

# Marks that are the same but for their width; beside Chinese the wide ones are meant.
_WIDE = dict(zip(",:;?!()", "，：；？！（）"))
# 国办发〔2023〕5号: the brackets of a document's number are these (GB/T 9704-2012, 7.2.5), and look like others.
_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])[\[(（【［〔]((?:19|20)\d\d)[\])）】］〕](?=\d{1,4}号)")


def settled(chars: Sequence[Char]) -> list[Char]:
    """The characters of a line, one for one, marks in their proper width."""
    text = "".join(char.char for char in chars)
    if len(text) != len(chars):  # a sign of several code points: leave the line alone
        return list(chars)
    made = _numbered(_widened(text))
    return [one if one.char == char else one._replace(char=char) for one, char in zip(chars, made)]


def _widened(text: str) -> str:
    """Marks beside a Chinese character made wide; between letters and figures (3.5, 10:30) they stay."""
    out = list(text)
    for n, char in enumerate(text):
        if char not in _WIDE:
            continue
        before, after = text[n - 1 : n], text[n + 1 : n + 2]
        figures = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
        if not figures and any(_is_chinese(other) for other in text):
            out[n] = _WIDE[char]
    return "".join(out)


def _is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _numbered(text: str) -> str:
    return _NUMBER.sub(r"〔\1〕", text)
