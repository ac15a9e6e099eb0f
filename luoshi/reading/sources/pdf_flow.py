"""The flow of a PDF: what stands on its pages in reading order, page headers and numbers apart, columns one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from luoshi.reading.sources.pdf_lines import Line, rows_of, whole
from luoshi.reading.sources.pdf_loose import Columns, Row, loose_table
from luoshi.reading.sources.pdf_sheets import Sheet
from luoshi.reading.sources.pdf_tables import Table, ruled_tables

_GAP = 0.95  # ems that part two pieces of a line
_EDGE = 0.14  # of a page's height, at its top and bottom: where headers and numbers stand
_PAGE_NUMBER = re.compile(
    r"[-—–―－~·.\s]{0,4}\d{1,4}[-—–―－~·.\s]{0,4}|第\s?\d{1,4}\s?页.{0,12}|\d{1,4}\s?[/／]\s?\d{1,4}|[Pp]age\s?\d{1,4}.{0,12}"
)


@dataclass(slots=True)
class Item:
    """A line or table in reading order, and the margins between which its column runs."""

    what: Line | Table
    left: float
    right: float
    page: int


@dataclass(slots=True)
class Paper:
    """A page read: its items in reading order, and the lines that belong to the page and not to the text."""

    sheet: Sheet
    items: list[Item] = field(default_factory=list)
    headers: list[Line] = field(default_factory=list)
    footers: list[Line] = field(default_factory=list)


def read_papers(sheets: Sequence[Sheet]) -> list[Paper]:
    """The pages of a document, each in reading order."""
    parts = [ruled_tables(sheet) for sheet in sheets]
    rows = [rows_of(rest, gap=_GAP) for _, rest in parts]
    papers = [Paper(sheet) for sheet in sheets]
    repeated = _repeated(sheets, rows)
    bodies = [_without_edges(paper, page, repeated) for paper, page in zip(papers, rows)]
    margins = _margins(sheets, bodies)
    known: Columns | None = None
    for paper, (tables, _), body in zip(papers, parts, bodies):
        elements, known = _with_loose(paper.sheet, tables, body, known)
        paper.items = _ordered(elements, margins[round(paper.sheet.width)], paper.sheet.number)
    return papers


# --- page headers, footers and numbers ----------------------------------------------------------------------------


def _key(row: Row, sheet: Sheet) -> tuple[str, bool] | None:
    """What is the same of a header on each page: its words without digits, and whether above; None for body lines."""
    line = whole(row)
    above, below = line.middle < _EDGE * sheet.height, line.middle > (1 - _EDGE) * sheet.height
    if not (above or below) or len(row) > 2 or len(line.text) > 60:
        return None
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text)), above


def _repeated(sheets: Sequence[Sheet], rows: Sequence[list[Row]]) -> set[tuple[str, bool]]:
    """Keys of lines near the edges that return at one height on two pages and on a third of all."""
    places: dict[tuple[str, bool], Counter[int]] = {}
    for sheet, page in zip(sheets, rows):
        for row in page:
            key = _key(row, sheet)
            if key and key[0] != "#":
                places.setdefault(key, Counter())[round(whole(row).middle / 4)] += 1
    least = max(2, len(sheets) // 3)
    return {
        key
        for key, heights in places.items()
        if any(heights[at] + heights[at + 1] >= least for at in [*heights, *(at - 1 for at in heights)])
    }


def _without_edges(paper: Paper, rows: Sequence[Row], repeated: set[tuple[str, bool]]) -> list[Row]:
    """The rows of the text; headers, footers and page numbers go to the page."""
    body: list[Row] = []
    for row in rows:
        line, key = whole(row), _key(row, paper.sheet)
        if key and (key in repeated or _PAGE_NUMBER.fullmatch(line.text.strip())):
            (paper.headers if key[1] else paper.footers).append(line)
        else:
            body.append(row)
    return body


# --- margins, tables without lines --------------------------------------------------------------------------------


def _margins(sheets: Sequence[Sheet], bodies: Sequence[list[Row]]) -> dict[int, tuple[float, float]]:
    """Left and right margin of the text by page width (portrait and landscape pages have their own)."""
    found: dict[int, tuple[float, float]] = {}
    for width in {round(sheet.width) for sheet in sheets}:
        rows = [row for sheet, body in zip(sheets, bodies) if round(sheet.width) == width for row in body]
        if not rows:
            found[width] = (0.0, float(width))
            continue
        starts, ends = sorted(row[0].x0 for row in rows), sorted(row[-1].x1 for row in rows)
        left, right = starts[len(starts) // 20], ends[-1 - len(ends) // 20]
        size = rows[0][0].size
        if sum(1 for end in ends if abs(end - right) < 0.6 * size) < 2:  # no two lines end there: the margin is unknown
            right = max(right, width - left)
        found[width] = (left, right)
    return found


def _with_loose(
    sheet: Sheet, tables: Sequence[Table], rows: list[Row], known: Columns | None
) -> tuple[list[Line | Table], Columns | None]:
    """Tables and lines of a page, tables without standing lines among them; the columns of one that ends the page."""
    elements: list[Line | Table] = list(tables)
    at = 0
    last: Columns | None = None
    while at < len(rows):
        before = known if at == 0 and not (tables and tables[0].box[1] < rows[0][0].top) else None
        stop = next((t.box[1] for t in tables if t.box[1] > rows[at][0].top), sheet.height)
        reach = next((n for n in range(at, len(rows)) if rows[n][0].top > stop), len(rows))
        found = loose_table(rows[at:reach], sheet.lying, sheet.number, before)
        if found:
            elements.append(found[0])
            last = found[1]
            at += found[2]
        else:
            elements += rows[at]
            last = None
            at += 1
    return elements, last


# --- reading order ------------------------------------------------------------------------------------------------


def _ordered(elements: Iterable[Line | Table], margins: tuple[float, float], page: int) -> list[Item]:
    """Elements in reading order: from top to bottom; where the page has two columns, the left one first."""
    order = sorted(elements, key=lambda e: (round(e.box[1]), e.box[0]))
    gutter = _gutter([e for e in order if isinstance(e, Line)])
    items: list[Item] = []
    band: list[Line | Table] = []
    for element in order:
        if gutter is not None and not element.box[0] < gutter < element.box[2]:
            band.append(element)
            continue
        items += _band_items(band, gutter, margins, page)
        band = []
        if gutter is None:
            band.append(element)
        else:
            items.append(Item(element, *margins, page))
    return items + _band_items(band, gutter, margins, page)


def _band_items(band: list[Line | Table], gutter: float | None, margins: tuple[float, float], page: int) -> list[Item]:
    """A band between elements that run across: two columns where both hold lines enough, else rows."""
    if gutter is not None:
        sides = [e for e in band if e.box[2] <= gutter], [e for e in band if e.box[0] >= gutter]
        if min(map(len, sides)) >= 3:
            return [Item(e, *_extent(side), page) for side in sides for e in side]
    items: list[Item] = []
    row: list[Line] = []
    for element in [*band, None]:
        if row and not (isinstance(element, Line) and abs(element.bottom - row[-1].bottom) < 0.3 * element.size):
            items.append(Item(whole(sorted(row, key=lambda piece: piece.x0)), *margins, page))
            row = []
        if isinstance(element, Line):
            row.append(element)
        elif element is not None:
            items.append(Item(element, *margins, page))
    return items


def _extent(side: Sequence[Line | Table]) -> tuple[float, float]:
    return min(e.box[0] for e in side), max(e.box[2] for e in side)


def _gutter(lines: Sequence[Line]) -> float | None:
    """The x between two columns of prose, None where the page has one: both sides hold long lines that end together."""
    if len(lines) < 8:
        return None
    left, right = _extent(lines)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    best: tuple[int, float] | None = None
    starts = {round(e.x0) for e in lines if left + 0.35 * (right - left) < e.x0 < left + 0.7 * (right - left)}
    for start in starts:
        gutter = start - 0.4 * size
        sides = [e for e in lines if e.x1 <= gutter], [e for e in lines if e.x0 >= gutter]
        if all(_is_prose(side, size) for side in sides) and (best is None or len(sides[0] + sides[1]) > best[0]):
            best = len(sides[0] + sides[1]), gutter
    return best[1] if best else None


def _is_prose(side: Sequence[Line], size: float) -> bool:
    """Whether the lines on one side of a gutter fill a column: at least four, long, a good part ending at its edge."""
    if len(side) < 4:
        return False
    left, right = _extent(side)
    full = sum(1 for line in side if right - line.x1 < 2.2 * size)
    return right - left > 9 * size and full * 5 >= len(side) * 2
