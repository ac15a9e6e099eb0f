"""Lines of a PDF page out of glyphs, and when one line goes on in the next.

A PDF has neither lines nor paragraphs, only characters with places. A line break that the page's width forced is told from
one the writer set by the room left: had the next word fitted in, the writer broke the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from luoshi.reading.sources.pdf_sheets import Box, Glyph

UNSURE = 0.6  # how sure OCR must be of a character (of 1)
CLOSING = "，。、；：？！）〕】》”’」』％%,.;:?!)]}…"
_OPENING = "（〔【《“‘「『([{"
_GOES_ON = tuple("，、,（〔【《“‘—")  # after these a sentence or list goes on
_EVERYONE = re.compile(r"(?:各|有关|相关)(?:.{1,6}|.{1,20}(?:政府|街道|镇|单位|部门|企业|院|中心|）))")
_ORGAN = re.compile(
    r"[^，。、；：,;:（(]{1,30}(?:局|委|委员会|办公室|管委会|中心|政府|公司|集团|所|站|队|院|厅|科|处|司|部|办|联|供销社|总社|行|学校)"
)
_PLACE = re.compile(r"[^，。、；：,;:（(]{1,4}(?:镇|乡|街道|园)")
_PART = re.compile(
    r"(?!公安).{0,3}(?:中心|分局|办公室|委员会|支队|大队|管委会)"
)  # what may be the rest of a longer name
ENDED = tuple("。；！？;!?")
MARK = re.compile(
    r"(?:[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章条节]"
    r"|\d{1,3}[．.、](?!\d)|[①-⑳▲●◆■★☆])"
)


@dataclass(slots=True)
class Line:
    """A piece of text on one base line."""

    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    text: str
    glyphs: Sequence[Glyph]
    lead: float  # width of what cannot be cut off its beginning: the first word with the closing marks behind it
    unsure: tuple[int, ...] = ()  # the characters of ``text`` that OCR was not sure of

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom, each whole."""
    return [line for row in rows_of(glyphs, gap=None) for line in row]


def rows_of(glyphs: Iterable[Glyph], *, gap: float | None) -> list[list[Line]]:
    """Lines from top to bottom, each cut into pieces, left to right, where ``gap`` ems stand empty (None: never)."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.bottom - 0.12 * g.size, g.x0)):
        row = next((row for row in rows[-3:][::-1] if _same_row(row[-1], glyph)), None)
        if row is None:
            rows.append([glyph])
        else:
            row.append(glyph)
    found = []
    for row in rows:
        row.sort(key=lambda g: g.x0)
        pieces = (line_of(piece) for piece in _pieces(_without_doubles(row), gap))
        if lines := [line for line in pieces if line]:
            found.append(lines)
    return found


def whole(pieces: Sequence[Line]) -> Line:
    """The pieces of a line as one, a space between them."""
    first = pieces[0]
    if len(pieces) == 1:
        return first
    top, bottom = min(p.top for p in pieces), max(p.bottom for p in pieces)
    text = " ".join(p.text for p in pieces)
    glyphs = [glyph for piece in pieces for glyph in piece.glyphs]
    unsure: tuple[int, ...] = ()
    at = 0
    for piece in pieces:
        unsure += moved(piece.unsure, at)
        at += len(piece.text) + 1
    return Line(first.x0, top, pieces[-1].x1, bottom, first.size, text, glyphs, first.lead, unsure)


def moved(places: tuple[int, ...], by: int) -> tuple[int, ...]:
    """Places in a text that now stands so many characters further on."""
    return tuple(place + by for place in places) if places else ()


def _same_row(one: Glyph, other: Glyph) -> bool:
    """Whether two glyphs share a line: base lines close, or a small raised one within the height of a large one."""
    large, small = (one, other) if one.size >= other.size else (other, one)
    if abs(one.bottom - other.bottom) <= 0.3 * small.size:
        return True
    return small.size < 0.8 * large.size and small.top >= large.top - 0.2 * small.size and small.bottom <= large.bottom


def _without_doubles(row: list[Glyph]) -> list[Glyph]:
    """Glyphs of a line, those left out that were drawn again a little beside themselves to look bold."""
    kept: list[Glyph] = []
    for glyph in row:
        twin = any(
            g.char == glyph.char and abs(g.x0 - glyph.x0) < 0.25 * glyph.size and abs(g.top - glyph.top) < 0.25 * g.size
            for g in kept[-3:]
        )
        if not twin or (glyph.char in "il.,1'-" and glyph.x0 - kept[-1].x0 > 0.15 * glyph.size):
            kept.append(glyph)
    return kept


def _pieces(row: list[Glyph], gap: float | None) -> Iterable[list[Glyph]]:
    inked = [glyph for glyph in row if not glyph.char.isspace()]
    if gap is None or not inked:
        yield row
        return
    start = inked[0].x0
    for one, other in pairwise(inked):
        if other.x0 - one.x1 > gap * max(one.size, other.size):
            yield [g for g in row if start <= g.x0 < other.x0]
            start = other.x0
    yield [g for g in row if g.x0 >= start]


def line_of(row: Sequence[Glyph]) -> Line | None:
    """Glyphs in a row as a line, None where nothing but spaces stands there."""
    while row and row[-1].char.isspace():
        row = row[:-1]
    while row and row[0].char.isspace():
        row = row[1:]
    if not row:
        return None
    words = [row[0].char]
    unsure = [0] if row[0].sure < UNSURE else []
    for one, other in pairwise(row):
        if other.x0 - one.x1 > _space(one, other) and not one.char.isspace() and not other.char.isspace():
            words.append(" ")
        if other.sure < UNSURE:
            unsure.append(sum(map(len, words)))
        words.append(other.char)
    sizes = sorted(glyph.size for glyph in row)
    tops, bottoms = min(g.top for g in row), max(g.bottom for g in row)
    text = "".join(words)
    right = max(g.x1 for g in row)
    return Line(row[0].x0, tops, right, bottoms, sizes[len(sizes) // 2], text, row, _lead(row), tuple(unsure))


def _space(one: Glyph, other: Glyph) -> float:
    """The width from which a gap between two glyphs is a space."""
    size = min(one.size, other.size)
    if one.char.isascii() and other.char.isascii():
        return 0.2 * size
    # The ink of a quotation mark or dash fills only a part of its place.
    return (1.2 if one.char in "“”‘’—…·" or other.char in "“”‘’—…·" else 0.6) * size


def _lead(row: Sequence[Glyph]) -> float:
    """The width of the first word: opening marks, one character or a run of letters and digits, closing marks."""
    at = 0
    while at < len(row) - 1 and row[at].char in _OPENING:
        at += 1
    if _latin(row[at].char):
        while at < len(row) - 1 and _latin(row[at + 1].char):
            at += 1
    while at < len(row) - 1 and row[at + 1].char in CLOSING:
        at += 1
    return min(row[at].x1 - row[0].x0, 12 * row[0].size)


def _latin(char: str) -> bool:
    return (char.isascii() and char.isalnum()) or char in ".%-/"


def goes_on(line: Line, following: Line, room: float) -> bool:
    """Whether a line goes on in the next, ``room`` being the width left behind it."""
    if following.text[0] in CLOSING or line.text.endswith(_OPENING_ENDS):
        return True
    if MARK.match(following.text) and line.text.endswith(ENDED):
        return False
    if line.text.endswith(_GOES_ON) and room < 6 * line.size:
        return True
    if are_two_names(line.text, following.text):
        return False
    # Pages put a quarter of an em between a Chinese character and a digit.
    return room < following.lead + (0.3 if _mixed(line, following) else 0.05) * line.size


def _mixed(line: Line, following: Line) -> bool:
    words = line.text[-4:] + following.text[:8]
    return any(char.isascii() for char in words) and not words.isascii()


def are_two_names(one: str, other: str) -> bool:
    """Whether two lines are names of units, each by itself: then the second is not the rest of the first."""
    if len(one) < 3 or not (_ORGAN.fullmatch(one) or (_EVERYONE.fullmatch(one) and one.endswith(("政府", "镇", "道")))):
        return False
    if _EVERYONE.fullmatch(other):
        return True
    if len(other) < 3 or other.startswith("人民政府"):
        return False
    if _PLACE.fullmatch(other) or (one[0] == other[0] and one[0] in "省市县区州旗"):
        return True
    return bool(_ORGAN.fullmatch(other)) and not _PART.fullmatch(other)


_OPENING_ENDS = tuple(_OPENING)


def joined(one: str, other: str) -> str:
    """Two lines as one: no space, but between words of letters."""
    if not one or not other:
        return one + other
    letters = one[-1].isascii() and other[0].isascii() and one[-1].isalpha() and other[0].isalpha()
    return f"{one} {other}" if letters else one + other
