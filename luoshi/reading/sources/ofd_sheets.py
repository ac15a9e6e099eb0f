"""OFD pages as sheets: what stands where, in the form in which PDF pages are read (``pdf_sheets.py``).

OFD (GB/T 33190-2016) says in millimetres from the top left corner where each character of a text object stands (8.3 图元对象,
11 文字) and along which points a path runs (9 图形). Here they become points (1/72 inch).
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from luoshi.reading.sources.pdf_sheets import RADICALS, Box, Glyph, Matrix, Sheet, add_path, times

POINTS = 72 / 25.4
UNIT: Matrix = (1, 0, 0, 1, 0, 0)
_MAX_OBJECTS = 60_000
_MAX_NUMBERS = 40_000  # of one path
_MAX_RULES = 3_000
_MAX_DEPTH = 16
_NARROW, _BROAD = "iljtfrI.,:;'|!()[] ", "mwMW@%"
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


class Raw(NamedTuple):
    """A character on the page: pen position, width and size in points, quarter turns clockwise (None: aslant)."""

    char: str
    x: float
    y: float
    width: float
    size: float
    quarter: int | None


class Shape(NamedTuple):
    """A visible path: its points in points, one list a part; ``filled`` where it is no mere line."""

    parts: list[list[tuple[float, float]]]
    filled: bool


class Placed(NamedTuple):
    """An image on the page: its resource, and the matrix from its unit square to points."""

    resource: str
    matrix: Matrix

    @property
    def box(self) -> Box:
        corners = [_at(self.matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return (min(xs), min(ys), max(xs), max(ys))


class Drawn(NamedTuple):
    """What a page shows, in the order in which it is drawn."""

    raws: list[Raw]
    shapes: list[Shape]
    pictures: list[Placed]
    unmapped: int


def local(element: Element) -> str:
    """An element's name without its namespace, which producers write in several ways."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def drawn(contents: Sequence[Element], units: Callable[[str], Element | None], characters: int) -> Drawn:
    """What the contents of a page (its template's first) show. ``units`` gives a composite unit by its number; at most
    ``characters`` are taken."""
    found = Drawn([], [], [], 0)
    unmapped = 0
    for element, matrix in _objects(contents, units):
        kind = local(element)
        if kind == "TextObject":
            unmapped += _add_text(element, matrix, found.raws, characters)
        elif kind == "PathObject":
            if shape := _shape(element, matrix):
                found.shapes.append(shape)
        else:
            found.pictures.append(Placed(element.get("ResourceID", "").strip(), matrix))
    return found._replace(unmapped=unmapped)


def sheet_of(page: Drawn, number: int, width: float, height: float) -> Sheet:
    """The sheet of a page of so many points, turned so that most of its text runs from left to right."""
    quarters = Counter(raw.quarter for raw in page.raws if raw.quarter is not None)
    quarter = quarters.most_common(1)[0][0] if quarters else 0

    def place(x: float, y: float) -> tuple[float, float]:
        """A point of the page as it lies on the turned sheet."""
        for _ in range(quarter):
            x, y = y, -x
        return x, y

    corners = [place(x, y) for x, y in ((0.0, 0.0), (width, height))]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    across, down = abs(corners[0][0] - corners[1][0]), abs(corners[0][1] - corners[1][1])
    sheet = Sheet(number, across, down, quarter, pictures=len(page.pictures), unmapped=page.unmapped)
    sheet.aslant = "".join(raw.char for raw in page.raws if raw.quarter != quarter)
    for raw in page.raws:
        if raw.quarter == quarter:
            x, y = place(raw.x, raw.y)
            x, y = x - left, y - top
            glyph = Glyph(raw.char, x, y - 0.88 * raw.size, x + raw.width, y + 0.12 * raw.size, raw.size)
            sheet.glyphs.append(glyph)
    for shape in page.shapes:
        for points in shape.parts:
            add_path([(x - left, y - top) for x, y in (place(*point) for point in points)], sheet)
        if len(sheet.lying) + len(sheet.standing) > _MAX_RULES:  # a drawing, not a table
            sheet.lying, sheet.standing = [], []
            break
    return sheet


# --- objects of a page --------------------------------------------------------------------------------------------


def _objects(contents: Sequence[Element], units: Callable[[str], Element | None]) -> Iterator[tuple[Element, Matrix]]:
    """Visible texts, paths and pictures in the order in which they are drawn, each with its matrix to points."""
    scale: Matrix = (POINTS, 0, 0, POINTS, 0, 0)
    layers = [layer for content in contents for layer in content if local(layer) == "Layer"]
    stack = [(item, scale, 0) for layer in layers for item in layer][::-1]
    for _ in range(_MAX_OBJECTS):
        if not stack:
            return
        element, outer, depth = stack.pop()
        kind = local(element)
        if element.get("Visible", "true").strip() in ("false", "0"):
            continue
        if kind in ("TextObject", "PathObject", "ImageObject"):
            yield element, times(_own(element), outer)
        elif kind == "PageBlock" and depth < _MAX_DEPTH:
            stack += [(item, outer, depth + 1) for item in element][::-1]
        elif kind == "CompositeObject" and depth < _MAX_DEPTH:
            unit = units(element.get("ResourceID", "").strip())
            content = next((part for part in unit if local(part) == "Content"), None) if unit is not None else None
            if content is not None:
                matrix = times(_own(element), outer)
                stack += [(item, matrix, depth + 1) for item in content][::-1]


def _own(element: Element) -> Matrix:
    """From an object's space to the space around it: its CTM, then the corner of its boundary."""
    x, y = (_numbers(element.get("Boundary"), 4) or (0.0, 0.0))[:2]
    a, b, c, d, e, f = _numbers(element.get("CTM"), 6) or UNIT
    return (a, b, c, d, e + x, f + y)


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _number(text: str | None, default: float) -> float:
    numbers = _numbers(text, 1)
    return numbers[0] if numbers else default


def _numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """The first ``count`` numbers of an attribute; None where they are not there."""
    try:
        found = tuple(float(word) for word in (text or "").replace(",", " ").split()[:count])
    except ValueError:
        return None
    return found if len(found) == count and all(map(math.isfinite, found)) else None


# --- text ---------------------------------------------------------------------------------------------------------


def _add_text(element: Element, matrix: Matrix, raws: list[Raw], limit: int) -> int:
    """Add the characters of a text object; the number of those without a meaning."""
    a, b, c, d, _, _ = matrix
    size = _number(element.get("Size"), 0.0)
    high = size * math.hypot(c, d)
    if not 1 <= high < 1000:
        return 0
    broad = size * math.hypot(a, b) * _number(element.get("HScale"), 1.0)
    angle = math.atan2(b, a) / (math.pi / 2) + _number(element.get("CharDirection"), 0.0) / 90
    quarter = round(angle) % 4 if abs(angle - round(angle)) < 0.06 else None
    x = y = 0.0
    unmapped = 0
    for code in element:
        if local(code) != "TextCode" or len(raws) >= limit:
            continue
        text = (code.text or "")[: limit - len(raws)]
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)  # left out: as for the code before
        lefts = _steps(code.get("DeltaX"), len(text), [_advance(char) * size for char in text])
        downs = _steps(code.get("DeltaY"), len(text), [0.0] * len(text))
        across, down = x, y
        for char, right, below in zip(text, lefts, downs):
            unmapped += "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
            if unicodedata.category(char) not in ("Cc", "Cf", "Cs"):
                width = _width(char, right * math.hypot(a, b), broad)
                raws.append(Raw(char.translate(RADICALS), *_at(matrix, across, down), width, high, quarter))
            across, down = across + right, down + below
    return unmapped


def _advance(char: str) -> float:
    """The usual advance of a character in ems."""
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.3 if char in _NARROW else 0.85 if char in _BROAD else 0.55


def _width(char: str, step: float, broad: float) -> float:
    """The width of a character: the step to the next one, unless that leaves room as between words or columns."""
    return step if 0 < step <= 1.15 * broad else _advance(char) * broad


def _steps(text: str | None, count: int, default: list[float]) -> list[float]:
    """``DeltaX`` or ``DeltaY``: a step for each character, ``g n d`` standing for n times d (11.3); the last ones open."""
    words = (text or "").split()[: 3 * count + 3]
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < count:
        try:
            if words[at] == "g":
                steps += [float(words[at + 2])] * max(0, min(int(float(words[at + 1])), count - len(steps)))
                at += 3
            else:
                steps.append(float(words[at]))
                at += 1
        except (ValueError, IndexError, OverflowError):
            break
    if not all(map(math.isfinite, steps)):
        return default
    return steps + default[len(steps) :]


# --- paths --------------------------------------------------------------------------------------------------------


def _shape(element: Element, matrix: Matrix) -> Shape | None:
    """A path in something else than white; parts with curves are left out."""
    stroked = element.get("Stroke", "true").strip() not in ("false", "0")
    filled = element.get("Fill", "false").strip() in ("true", "1")
    if not (stroked or filled) or not _is_seen(element, "StrokeColor" if stroked else "FillColor"):
        return None
    data = next((part.text or "" for part in element if local(part) == "AbbreviatedData"), "")
    parts = [[_at(matrix, x, y) for x, y in points] for points in _parts(data.split(maxsplit=_MAX_NUMBERS))]
    return Shape(parts, filled and not stroked) if parts else None


def _is_seen(element: Element, name: str) -> bool:
    colour = next((part for part in element if local(part) == name), None)
    if colour is None:
        return True
    values = (colour.get("Value") or "0 0 0").split()
    values = values if len(values) == 3 else []  # of another colour space: taken for dark
    try:
        light = bool(values) and all(int(value, 16 if value.startswith("#") else 10) >= 250 for value in values)
    except ValueError:
        light = False
    return not light and _number(colour.get("Alpha"), 255.0) > 0


def _parts(words: Sequence[str]) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path (9.1, 图形轮廓数据)."""
    points: list[tuple[float, float]] = []
    curved = False
    at = 0
    while at < len(words) and (count := _OPERANDS.get(words[at])) is not None:
        kind = words[at]
        numbers = _numbers(" ".join(words[at + 1 : at + 1 + count]), count)
        if numbers is None:
            break
        at += 1 + count
        if kind in "SM":
            if points and not curved:
                yield points
            points, curved = [], False
        curved = curved or kind in "QBA"
        points.append((numbers[-2], numbers[-1]) if count else points[0] if points else (0.0, 0.0))
    if points and not curved:
        yield points
