"""Tables of a PDF without standing lines: columns found by where the words stand, from a row of header words on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from luoshi.reading.sources.pdf_lines import MARK, Line
from luoshi.reading.sources.pdf_sheets import Rule
from luoshi.reading.sources.pdf_tables import Cell, Table, cell_text

_HEADER = re.compile(r"序号|编号|任务|内容|单位|部门|科室|时限|时间|领导|项目|目标|措施|事项|责任|备注|指标|进展")
_NO_HEADER = re.compile(r"[。；，：:;]|\d{3}")
_NUMBER = re.compile(r"[(（]?\d{1,3}[)）]?[.．、]?")

Row = list[Line]  # the pieces of one line of the page, left to right


@dataclass(slots=True)
class Columns:
    """Column intervals, grown as rows are laid into them."""

    spans: list[list[float]]

    def place(self, row: Row) -> list[int] | None:
        """The column of each piece, None where the row does not fit the columns."""
        places = [self._column(piece) for piece in row]
        if any(place is None for place in places) or len(set(places)) < len(places):
            return None
        return [place for place in places if place is not None]

    def _column(self, piece: Line) -> int | None:
        over = [n for n, (start, end) in enumerate(self.spans) if piece.x0 < end - 1 and piece.x1 > start + 1]
        if len(over) == 1:
            return over[0]
        if over:
            return None
        return min(range(len(self.spans)), key=lambda n: max(self.spans[n][0] - piece.x1, piece.x0 - self.spans[n][1]))

    def grow(self, row: Row, places: Sequence[int]) -> None:
        for piece, place in zip(row, places):
            span = self.spans[place]
            span[0], span[1] = min(span[0], piece.x0), max(span[1], piece.x1)


def is_header(row: Row) -> bool:
    """Whether a row holds the words that head the columns of a plan's table."""
    texts = [re.sub(r"\s", "", piece.text) for piece in row]
    if len(row) < 3 or any(len(text) > 14 or _NO_HEADER.search(text) for text in texts):
        return False
    named = [text for text in texts if _HEADER.search(text)]
    return len(named) >= 2 and len(named) * 2 >= len(texts)


def loose_table(
    rows: Sequence[Row], rules: Sequence[Rule], page: int, known: Columns | None
) -> tuple[Table, Columns, int] | None:
    """The table that begins with the first of the rows, its columns, and the number of rows it takes; None where none.

    ``known``: columns of a table on the page before that this one may continue without a header.
    """
    if is_header(rows[0]):
        columns = Columns([[piece.x0, piece.x1] for piece in rows[0]])
    elif known is not None and len(rows[0]) > 1:
        columns = Columns([list(span) for span in known.spans])
    else:
        return None
    laid: list[tuple[Row, list[int] | None]] = []
    for row in rows:
        places = columns.place(row)
        if places is None and not _is_theme(row, columns):
            break
        if places and not (len(row) == 1 and places == [0] and _is_theme(row, columns)):
            columns.grow(row, places)
        else:
            places = None
        laid.append((row, places))
    while laid and laid[-1][1] is None:
        laid.pop()
    if sum(1 for row, _ in laid if len(row) > 1) < 2:
        return None
    return _table(laid, columns, rules, page), columns, len(laid)


def _is_theme(row: Row, columns: Columns) -> bool:
    """Whether a row is one heading across the table."""
    return len(row) == 1 and bool(MARK.match(row[0].text)) and not row[0].text[0].isdigit()


def _table(laid: list[tuple[Row, list[int] | None]], columns: Columns, rules: Sequence[Rule], page: int) -> Table:
    left, right = columns.spans[0][0], columns.spans[-1][1]
    xs = [left, *((a[1] + b[0]) / 2 for a, b in pairwise(columns.spans)), right]
    cells: list[Cell] = []
    groups = _groups(laid, [r.at for r in rules if min(r.end, right) - max(r.start, left) > 0.5 * (right - left)])
    for number, group in enumerate(groups):
        pieces: dict[int, list[Line]] = {}
        for row, places in group:
            for piece, place in zip(row, places if places else [0]):
                pieces.setdefault(place, []).append(piece)
        across = group[0][1] is None
        for column in sorted(pieces):
            lines = sorted(pieces[column], key=lambda line: line.top)
            start, end = (left, right) if across else columns.spans[column]
            text, full = cell_text(lines, start, end)
            box = (start, lines[0].top, end, lines[-1].bottom)
            cells.append(Cell(number, column, 1, len(xs) - 1 if across else 1, box, page, text, full))
    top, bottom = min(cell.box[1] for cell in cells), max(cell.box[3] for cell in cells)
    return Table(xs, len(groups), cells, (left, top, right, bottom), page)


Laid = tuple[Row, list[int] | None]


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
        if cut or band[0][1] is None or groups[-1][0][1] is None:
            groups.append(band)
        else:
            groups[-1] = groups[-1] + band
    return groups


def _bands(laid: Sequence[Laid]) -> list[list[Laid]]:
    """Lines that overlap in height together: a number in the middle of its row stands between two lines."""
    bands: list[list[Laid]] = []
    bottom = -1e9
    for row, places in laid:
        top, size = min(piece.top for piece in row), row[0].size
        if bands and top < bottom - 0.2 * size and places is not None and bands[-1][0][1] is not None:
            bands[-1].append((row, places))
        else:
            bands.append([(row, places)])
        bottom = max(bottom, max(piece.bottom for piece in row))
    return bands


def _edge(above: Sequence[Laid], below: Sequence[Laid]) -> tuple[float, float]:
    return (
        max(piece.bottom for row, _ in above for piece in row),
        min(piece.top for row, _ in below for piece in row),
    )


def _cuts(bands: Sequence[Sequence[Laid]], gaps: Sequence[float]) -> list[bool]:
    """Before which bands a row begins, without rules: at wide gaps where no row then has two numbers, else at numbers."""
    size = bands[0][0][0][0].size
    narrow, wide = min(gaps, default=0.0), max(gaps, default=0.0)
    numbers = [_count_numbers(band) for band in bands]
    if wide - narrow > 0.3 * size:
        cuts = [gap > (narrow + wide) / 2 for gap in gaps]
        count = 0
        for n, band_numbers in enumerate(numbers):
            count = band_numbers if n == 0 or cuts[n - 1] else count + band_numbers
            if count > 1:
                break
        else:
            return cuts
    if sum(numbers) * 4 < len(bands):  # no column of numbers: each line is a row of its own
        return [True for _ in gaps]
    return [count > 0 or number == 0 for number, count in enumerate(numbers[1:])]


def _count_numbers(band: Sequence[Laid]) -> int:
    return sum(
        1
        for row, places in band
        for piece, place in zip(row, places or [])
        if place == 0 and _NUMBER.fullmatch(piece.text.strip())
    )
