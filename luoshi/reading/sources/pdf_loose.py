"""Tables of a PDF without standing lines: columns found by where the words stand, from a row of header words on."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from luoshi.reading.sources.pdf_lines import CLOSING, MARK, Line, line_of
from luoshi.reading.sources.pdf_sheets import Glyph, Rule
from luoshi.reading.sources.pdf_tables import Cell, Table, cell_text

_HEADER = re.compile(r"序号|编号|任务|内容|单位|部门|科室|时限|时间|领导|项目|目标|措施|事项|责任|备注|指标|进展")
_NO_HEADER = re.compile(r"[。；，：:;]|\d{3}")
_STRIP = 2.0  # points that stand empty between two columns
_NUMBER = re.compile(r"[(（]?\d{1,3}[)）]?[.．、]?")

Row = list[Line]  # the pieces of one line of the page, left to right


Laid = tuple[list[tuple[int, Line]], bool]  # pieces with their columns; whether one heading across the table


@dataclass(slots=True)
class Columns:
    """The outer edges of a table and, between each two of its columns, the strips where no word has stood so far."""

    left: float
    right: float
    strips: list[list[tuple[float, float]]]

    def lay(self, row: Row) -> list[tuple[int, Line]] | None:
        """The row's pieces with their columns, the strips made narrower by it; None where it runs across columns."""
        glyphs = [glyph for piece in row for glyph in piece.glyphs if not glyph.char.isspace()]
        strips = [_without(part, glyphs) for part in self.strips]
        if not all(strips):
            return None
        self.strips = strips
        self.left, self.right = min(self.left, row[0].x0), max(self.right, row[-1].x1)
        return self.cut(glyphs)

    def bounds(self) -> list[float]:
        """The x between each two columns: the middle of the widest strip left."""
        widest = (max(part, key=lambda strip: strip[1] - strip[0]) for part in self.strips)
        return [(start + end) / 2 for start, end in widest]

    def cut(self, glyphs: Sequence[Glyph]) -> list[tuple[int, Line]]:
        bounds = self.bounds()
        parts: dict[int, list[Glyph]] = {}
        for glyph in glyphs:
            parts.setdefault(bisect.bisect_right(bounds, (glyph.x0 + glyph.x1) / 2), []).append(glyph)
        lines = ((column, line_of(part)) for column, part in sorted(parts.items()))
        return [(column, line) for column, line in lines if line]


def _without(strips: Sequence[tuple[float, float]], glyphs: Sequence[Glyph]) -> list[tuple[float, float]]:
    """Strips less what glyphs cover, those too narrow left out."""
    free = list(strips)
    for glyph in glyphs:
        if not any(glyph.x0 < end and glyph.x1 > start for start, end in free):
            continue
        parts = [
            part for start, end in free for part in ((start, min(end, glyph.x0)), (max(start, glyph.x1 - 0.5), end))
        ]
        free = [(start, end) for start, end in dict.fromkeys(parts) if end - start >= _STRIP]
    return free


def is_header(row: Row) -> bool:
    """Whether a row holds the words that head the columns of a plan's table."""
    texts = [re.sub(r"\s", "", piece.text) for piece in row]
    if len(row) < 3 or any(len(text) > 14 or _NO_HEADER.search(text) for text in texts):
        return False
    named = [text for text in texts if _HEADER.search(text)]
    return len(named) >= 2 and len(named) * 2 >= len(texts)


def _header(rows: Sequence[Row]) -> Row | None:
    """The header words the rows begin with; a number column so narrow that 序 stands over 号 is one of them."""
    if is_header(rows[0]):
        return rows[0]
    if len(rows) < 2 or len(rows[0]) != 1 or not rows[1]:
        return None
    first = rows[0][0]
    if first.text in ("序", "编") and is_header([first, *rows[1]]):
        return [first, *rows[1]] if first.x1 < rows[1][0].x0 else None
    return None


def loose_table(
    rows: Sequence[Row], rules: Sequence[Rule], page: int, known: Columns | None
) -> tuple[Table, Columns, int] | None:
    """The table that begins with the first of the rows, its columns, and the number of rows it takes; None where none.

    ``known``: columns of a table on the page before that this one may continue without a header.
    """
    if not rows:  # drawings without a word
        return None
    header = _header(rows)
    if header:
        centres = [(piece.x0 + piece.x1) / 2 for piece in header]
        columns = Columns(header[0].x0, header[-1].x1, [[pair] for pair in pairwise(centres)])
    elif known is not None and any(len(row) > 1 for row in rows[:4]):
        columns = Columns(known.left, known.right, [list(part) for part in known.strips])
    else:
        return None
    kept: list[tuple[Row, bool]] = []
    for row in rows:
        across = _is_theme(row, columns)
        if not across and columns.lay(row) is None:
            break
        kept.append((row, across))
    while kept and kept[-1][1]:
        kept.pop()
    if len(kept) < (2 if header else 1):
        return None
    return _table(kept, columns, rules, page), columns, len(kept)


def _is_theme(row: Row, columns: Columns) -> bool:
    """Whether a row is one heading across the table."""
    first = row[0]
    return (
        len(row) == 1
        and first.x0 < columns.bounds()[0]
        and bool(MARK.match(first.text))
        and not first.text[0].isdigit()
        and len(first.text) > 3
    )


def _table(kept: Sequence[tuple[Row, bool]], columns: Columns, rules: Sequence[Rule], page: int) -> Table:
    xs = [columns.left, *columns.bounds(), columns.right]
    laid: list[Laid] = []
    for row, across in kept:
        glyphs = [glyph for piece in row for glyph in piece.glyphs if not glyph.char.isspace()]
        laid.append(([(0, row[0])] if across else columns.cut(glyphs), across))
    edges: list[tuple[float, float]] = []
    for n in range(len(xs) - 1):
        own = [piece for pieces, across in laid for column, piece in pieces if column == n and not across]
        edges.append((min((p.x0 for p in own), default=xs[n]), _right(own, xs[n + 1])))
    level = [r.at for r in rules if min(r.end, xs[-1]) - max(r.start, xs[0]) > 0.5 * (xs[-1] - xs[0])]
    cells: list[Cell] = []
    groups = _groups(laid, level)
    for number, group in enumerate(groups):
        cells += _row_cells(group, number, edges, page)
    top, bottom = min(cell.box[1] for cell in cells), max(cell.box[3] for cell in cells)
    return Table(xs, len(groups), cells, (xs[0], top, xs[-1], bottom), page, loose=True)


def _right(lines: Sequence[Line], default: float) -> float:
    """Where the lines of a column end; a closing mark may hang out, and spacing differs a little from line to line."""
    ends = [line.x1 - 0.3 * line.size for line in lines if line.text[-1] not in CLOSING]
    return max(ends, default=max((line.x1 for line in lines), default=default))


def _row_cells(group: Sequence[Laid], number: int, edges: Sequence[tuple[float, float]], page: int) -> Iterator[Cell]:
    """The cells of one row of the table."""
    if group[0][1]:
        line = group[0][0][0][1]
        yield Cell(number, 0, 1, len(edges), line.box, page, line.text, unsure=line.unsure)
        return
    columns: dict[int, list[Line]] = {}
    for pieces, _ in group:
        for column, piece in pieces:
            columns.setdefault(column, []).append(piece)
    for column, lines in sorted(columns.items()):
        lines.sort(key=lambda line: line.top)
        text, full, unsure = cell_text(lines, *edges[column])
        box = (edges[column][0], lines[0].top, edges[column][1], lines[-1].bottom)
        yield Cell(number, column, 1, 1, box, page, text, full, unsure)


def _groups(laid: Sequence[Laid], rules: Sequence[float]) -> list[list[Laid]]:
    """Lines of one table row together: parted by rules where the table has them, else by wider gaps, else by numbers."""
    bands = _bands(laid)
    edges = [_edge(above, below) for above, below in pairwise(bands)]
    if sum(1 for start, end in edges if any(start - 2 <= rule <= end + 2 for rule in rules)) >= 2:
        cuts = [any(start - 2 <= rule <= end + 2 for rule in rules) for start, end in edges]
    else:
        cuts = _cuts(bands, [end - start for start, end in edges])
    groups = [bands[0]]
    for band, cut in zip(bands[1:], cuts):
        if cut or band[0][1] or groups[-1][0][1]:
            groups.append(band)
        else:
            groups[-1] = groups[-1] + band
    return groups


def _bands(laid: Sequence[Laid]) -> list[list[Laid]]:
    """Lines that overlap in height together: a number in the middle of its row stands between two lines."""
    bands: list[list[Laid]] = []
    bottom = -1e9
    for pieces, across in laid:
        top, size = min(piece.top for _, piece in pieces), pieces[0][1].size
        if bands and top < bottom - 0.2 * size and not across and not bands[-1][0][1]:
            bands[-1].append((pieces, across))
        else:
            bands.append([(pieces, across)])
        bottom = max(bottom, max(piece.bottom for _, piece in pieces))
    return bands


def _edge(above: Sequence[Laid], below: Sequence[Laid]) -> tuple[float, float]:
    return (
        max(piece.bottom for pieces, _ in above for _, piece in pieces),
        min(piece.top for pieces, _ in below for _, piece in pieces),
    )


def _cuts(bands: Sequence[Sequence[Laid]], gaps: Sequence[float]) -> list[bool]:
    """Before which bands a row begins, without rules: at wide gaps where no row then has two numbers, else at numbers."""
    size = bands[0][0][0][0][1].size
    inner = [gap for gap, above, below in zip(gaps, bands, bands[1:]) if not above[0][1] and not below[0][1]]
    narrow, wide = min(inner, default=0.0), max(inner, default=0.0)
    numbers = [_count_numbers(band) for band in bands]
    if wide - narrow > 0.3 * size:
        cuts = [gap > (narrow + wide) / 2 for gap in gaps]
        if _at_most_one(numbers, cuts):
            return cuts
    if sum(numbers) * 4 < len(bands):  # no column of numbers: each line is a row of its own
        return [True for _ in gaps]
    return [count > 0 or before == 0 for before, count in pairwise(numbers)]


def _at_most_one(numbers: Sequence[int], cuts: Sequence[bool]) -> bool:
    """Whether no row would hold two numbers."""
    count = 0
    for n, own in enumerate(numbers):
        count = own if n == 0 or cuts[n - 1] else count + own
        if count > 1:
            return False
    return True


def _count_numbers(band: Sequence[Laid]) -> int:
    return sum(
        1 for pieces, _ in band for column, piece in pieces if column == 0 and _NUMBER.fullmatch(piece.text.strip())
    )
