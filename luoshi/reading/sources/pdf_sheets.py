"""PDF pages as sheets: what stands where – glyphs and ruling lines, turned so that the text runs from left to right.

Lengths are points (1/72 inch), the origin is the top left corner. PDFium says what is on the page; it is asked for the
single characters, since its own lines and spaces are guesses of another kind than ours.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]  # left, top, right, bottom

_THIN = 3.0  # a filled shape no thicker than this is a line
_SHORT = 4.0  # lines shorter than this are parts of pictures
_MAX_OBJECTS = 60_000
_MAX_RULES = 3_000
_MAX_DEPTH = 6
# Programs that subset fonts map some characters to the radicals that look like them; NFKC knows the Kangxi ones only.
RADICALS = str.maketrans(
    "⺟⺠⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "母民肉虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
) | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}


class Glyph(NamedTuple):
    """One character as drawn: its pen position and end, the height of its line, its size; how sure it is (read by OCR)."""

    char: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    sure: float = 1.0


class Rule(NamedTuple):
    """A ruling line: ``at`` is its y where it lies, its x where it stands; ``start`` and ``end`` on the other axis."""

    at: float
    start: float
    end: float


@dataclass
class Sheet:
    """A page: glyphs in the order of the file, lying and standing rules, and words that run another way (stamps)."""

    number: int
    width: float
    height: float
    turns: int = 0  # clockwise quarter turns from here to the page as shown
    glyphs: list[Glyph] = field(default_factory=list)
    lying: list[Rule] = field(default_factory=list)
    standing: list[Rule] = field(default_factory=list)
    aslant: str = ""
    pictures: int = 0
    unmapped: int = 0  # characters whose font does not say what they are
    skew: float = 0.0  # degrees by which the page as shown, turned as this, falls to the right

    def shown(self, box: Box) -> Box:
        """A box as it lies on the page as shown, rounded to a tenth."""
        width, height = self.width, self.height
        if self.skew:
            box = self._aslant(box)
        for _ in range(self.turns):
            left, top, right, bottom = box
            box, width, height = (height - bottom, left, height - top, right), height, width
        return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))

    def _aslant(self, box: Box) -> Box:
        """The box around a box of the straight page where that page lay aslant."""
        sine, cosine = math.sin(math.radians(self.skew)), math.cos(math.radians(self.skew))
        middle, level = self.width / 2, self.height / 2
        corners = [(x - middle, y - level) for x in (box[0], box[2]) for y in (box[1], box[3])]
        xs = [middle + x * cosine - y * sine for x, y in corners]
        ys = [level + x * sine + y * cosine for x, y in corners]
        return (max(min(xs), 0.0), max(min(ys), 0.0), min(max(xs), self.width), min(max(ys), self.height))


class _Raw(NamedTuple):
    """A character in the page's own space: pen position, ends of its shape, size, quarter turns (None: aslant)."""

    char: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    size: float
    quarter: int | None


def read_sheet(page: Any, number: int, characters: int) -> Sheet:
    """The sheet of an opened page (a ``PdfPage``). ``characters``: at most so many are taken from it."""
    textpage = page.get_textpage()
    try:
        raws, unmapped = _raws(textpage.raw, characters)
    finally:
        textpage.close()
    quarters = Counter(raw.quarter for raw in raws if raw.quarter is not None)
    quarter = quarters.most_common(1)[0][0] if quarters else 0
    left, bottom, right, top = page.get_bbox()
    corners = [_turned(x, y, quarter) for x, y in ((left, bottom), (right, top))]
    x0, y1 = min(x for x, _ in corners), max(y for _, y in corners)
    width, height = abs(corners[0][0] - corners[1][0]), abs(corners[0][1] - corners[1][1])
    turns = (page.get_rotation() // 90 - quarter) % 4
    sheet = Sheet(number, width, height, turns, unmapped=unmapped)
    sheet.aslant = "".join(raw.char for raw in raws if raw.quarter != quarter)
    sheet.glyphs = [_glyph(raw, quarter, x0, y1) for raw in raws if raw.quarter == quarter]
    _add_rules(page.raw, sheet, quarter, x0, y1)
    return sheet


def _turned(x: float, y: float, quarter: int) -> tuple[float, float]:
    """A point after so many clockwise quarter turns about the origin."""
    for _ in range(quarter):
        x, y = y, -x
    return x, y


def _raws(text: Any, limit: int) -> tuple[list[_Raw], int]:
    """The characters of a text page that are really drawn, and the number of those without a meaning."""
    x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
    matrix = pdfium.FS_MATRIX()
    found: list[_Raw] = []
    unmapped = 0
    for i in range(min(pdfium.FPDFText_CountChars(text), limit)):
        if pdfium.FPDFText_IsGenerated(text, i) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text, i)
        if code in (0, 0xFFFD, 0xFFFE) or 0xE000 <= code <= 0xF8FF or pdfium.FPDFText_HasUnicodeMapError(text, i) == 1:
            unmapped += 1
        if code < 32 or code in (0xFFFE, 0xAD) or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
            continue
        if not pdfium.FPDFText_GetCharOrigin(text, i, x, y) or not pdfium.FPDFText_GetMatrix(text, i, matrix):
            continue
        pdfium.FPDFText_GetCharBox(text, i, left, right, bottom, top)
        size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        angle = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        quarter = round(angle) % 4 if abs(angle - round(angle)) < 0.06 else None
        char = chr(code).translate(RADICALS)
        values = (x.value, y.value, left.value, bottom.value, right.value, top.value, size)
        if all(map(math.isfinite, values)) and 1 <= size < 1000:
            found.append(_Raw(char, *values, quarter))
    return found, unmapped


def _glyph(raw: _Raw, quarter: int, x0: float, y1: float) -> Glyph:
    x, y = _turned(raw.x, raw.y, quarter)
    ends = [_turned(raw.left, raw.bottom, quarter)[0], _turned(raw.right, raw.top, quarter)[0]]
    wide = unicodedata.east_asian_width(raw.char) in "WF"
    left = x - x0
    right = left + raw.size * (1 if wide else 0.25) if raw.char.isspace() or wide else max(ends) - x0
    base = y1 - y
    return Glyph(raw.char, left, base - 0.88 * raw.size, max(right, left), base + 0.12 * raw.size, raw.size)


# --- ruling lines -------------------------------------------------------------------------------------------------

Matrix = tuple[float, float, float, float, float, float]


def _add_rules(page: Any, sheet: Sheet, quarter: int, x0: float, y1: float) -> None:
    """Lines drawn on the page: stroked edges, and filled shapes so thin that they are lines."""
    for kind, item, matrix in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            sheet.pictures += 1
            continue
        for points in _subpaths(item, matrix):
            turned = [_turned(x, y, quarter) for x, y in points]
            add_path([(x - x0, y1 - y) for x, y in turned], sheet)
        if len(sheet.lying) + len(sheet.standing) > _MAX_RULES:  # a drawing, not a table
            sheet.lying, sheet.standing = [], []
            return


def _objects(page: Any) -> Iterator[tuple[int, Any, Matrix]]:
    """Visible paths and pictures of a page, those within forms too, each with its matrix."""
    unit: Matrix = (1, 0, 0, 1, 0, 0)
    stack = [(pdfium.FPDFPage_GetObject(page, i), unit, 0) for i in range(pdfium.FPDFPage_CountObjects(page))]
    stack.reverse()
    for _ in range(_MAX_OBJECTS):
        if not stack:
            return
        item, outer, depth = stack.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        own = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, own)
        matrix = times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            count = min(pdfium.FPDFFormObj_CountObjects(item), _MAX_OBJECTS)
            stack += [(pdfium.FPDFFormObj_GetObject(item, i), matrix, depth + 1) for i in range(count)][::-1]
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE or (kind == pdfium.FPDF_PAGEOBJ_PATH and _is_seen(item)):
            yield kind, item, matrix


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies ``inner`` first, then ``outer``."""
    a, b, c, d, e, f = inner
    m, n, p, q, r, s = outer
    return (a * m + b * p, a * n + b * q, c * m + d * p, c * n + d * q, e * m + f * p + r, e * n + f * q + s)


def _is_seen(path: Any) -> bool:
    """Whether a path is drawn in something else than white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke):
        return False
    read = pdfium.FPDFPageObj_GetStrokeColor if stroke.value else pdfium.FPDFPageObj_GetFillColor
    if not (fill.value or stroke.value):
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not read(path, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < 250


def _subpaths(path: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path in the page's space; parts with curves are left out."""
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    curved = False
    for i in range(min(pdfium.FPDFPath_CountSegments(path), _MAX_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if not curved:
                yield points
            points, curved = [], False
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if not curved:
        yield points


def add_path(points: list[tuple[float, float]], sheet: Sheet) -> None:
    """Add a polygon as one line where it is thin, else its upright edges."""
    if len(points) < 2 or not all(math.isfinite(value) for point in points for value in point):
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if max(ys) - min(ys) <= _THIN and max(xs) - min(xs) >= _SHORT:
        sheet.lying.append(Rule((min(ys) + max(ys)) / 2, min(xs), max(xs)))
    elif max(xs) - min(xs) <= _THIN and max(ys) - min(ys) >= _SHORT:
        sheet.standing.append(Rule((min(xs) + max(xs)) / 2, min(ys), max(ys)))
    else:
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) < 0.8 and abs(ax - bx) >= _SHORT:
                sheet.lying.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
            elif abs(ax - bx) < 0.8 and abs(ay - by) >= _SHORT:
                sheet.standing.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))
