"""Tables of a PDF over several pages as one: header rows that return, rows and merged cells that the page's end broke."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from luoshi.reading.sources.pdf_lines import ENDED, are_two_names, joined, moved
from luoshi.reading.sources.pdf_tables import Cell, Table

_NEAR = 5.0
_HEADER_ROWS = 4
_NUMBERED = ("序号", "编号", "号", "序")


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def continues(table: Table, below: Table) -> bool:
    """Whether a table at the top of the next page has the columns of the one that ended the page before."""
    if table.loose or below.loose:
        return table.loose and below.loose and len(table.xs) == len(below.xs) and _same_header(table, below)
    if abs(table.xs[0] - below.xs[0]) > _NEAR or abs(table.xs[-1] - below.xs[-1]) > 2 * _NEAR:
        return False
    few, many = sorted((table.xs, below.xs), key=len)
    return all(any(abs(x - other) <= _NEAR for other in many) for x in few[1:-1])


def _same_header(table: Table, below: Table) -> bool:
    """Whether a continuation repeats the header, or has none of its own."""
    numbered = (_squeezed(cell.text) in _NUMBERED for cell in below.row(0))
    return _repeated_rows(table, below) > 0 or not any(numbered)


def join(table: Table, below: Table) -> None:
    """Put a continuation under its table."""
    if not table.loose:
        _same_columns(table, below)
    top = _repeated_rows(table, below)
    table.chrome += [cell.text for cell in below.cells if cell.row < top and cell.text]
    cells = [replace(cell, row=cell.row - top) for cell in below.cells if cell.row >= top]
    rows = below.rows - top
    if rows <= 0:
        return
    if _goes_on(table, cells, rows):
        _join_row(table, cells)
        cells = [replace(cell, row=cell.row - 1) for cell in cells if cell.row > 0]
        rows -= 1
    cells = [replace(cell, row=cell.row + table.rows) for cell in cells]
    cells = [cell for cell in cells if not _joins_merged(table, cell)]
    table.cells += cells
    table.rows += rows


def _same_columns(table: Table, below: Table) -> None:
    """Count both tables' columns by the finer of their edges."""
    fine = table.xs if len(table.xs) >= len(below.xs) else [x - below.xs[0] + table.xs[0] for x in below.xs]
    for part in (table, below):
        places = [min(range(len(fine)), key=lambda n: abs(fine[n] - x)) for x in part.xs]
        for cell in part.cells:
            end = places[cell.column + cell.column_span]
            cell.column = places[cell.column]
            cell.column_span = max(end - cell.column, 1)
        part.xs = list(fine)


def _repeated_rows(table: Table, below: Table) -> int:
    """How many rows at the top of the continuation repeat header rows of the table."""

    def words(part: Table, row: int) -> list[tuple[int, str]]:
        return [(cell.column, _squeezed(cell.text)) for cell in part.row(row) if cell.text]

    first = words(below, 0)
    start = next((row for row in range(min(_HEADER_ROWS, table.rows)) if first and words(table, row) == first), None)
    if start is None:
        return 0
    count = 0
    while count < min(below.rows, _HEADER_ROWS) and words(below, count) == words(table, start + count):
        count += 1
    return count


def _number_column(table: Table) -> int | None:
    headed = (cell for cell in table.cells if cell.row < _HEADER_ROWS and _squeezed(cell.text) in _NUMBERED)
    return next((cell.column for cell in headed), None)


def _goes_on(table: Table, cells: Sequence[Cell], rows: int) -> bool:
    """Whether the first row after the page's end is the rest of the last row before it: it has no number, and some cell
    of the last row broke off."""
    first = [cell for cell in cells if cell.row == 0]
    texts = [cell for cell in first if cell.text]
    width = len(table.xs) - 1
    if not texts or any(cell.column_span * 2 > width for cell in texts if width > 2):
        return False
    number = _number_column(table)
    if any(cell.column == (number or 0) for cell in texts):
        return False
    last = table.rows - 1
    above = [(table.at(last, cell.column), cell) for cell in texts]
    if number is not None and (at := table.at(last, number)) and at.row_span == 1 and at.text:
        own = next((cell for cell in first if cell.column == number), None)
        if own is not None and own.row_span == 1:
            return True
    return any(up is not None and up.full and up.text and not up.text.endswith(ENDED) for up, _ in above)


def _join_row(table: Table, cells: Sequence[Cell]) -> None:
    """Add the rest of a broken row to its cells."""
    for cell in cells:
        if cell.row != 0 or not cell.text:
            continue
        above = table.at(table.rows - 1, cell.column)
        if above is None:
            table.cells.append(replace(cell, row=table.rows - 1))
        else:
            last, first = above.text.rpartition("\n")[2], cell.text.partition("\n")[0]
            broken = above.full and not are_two_names(last, first)
            rest = joined(above.text, cell.text) if broken else f"{above.text}\n{cell.text}".lstrip("\n")
            above.unsure += moved(cell.unsure, len(rest) - len(cell.text))
            above.text, above.full = rest, cell.full


def _joins_merged(table: Table, cell: Cell) -> bool:
    """Whether a cell at the page's top is the rest of a merged cell above, which then grows by it."""
    if cell.row != table.rows:
        return False
    above = table.at(table.rows - 1, cell.column)
    if above is None or above.column_span != cell.column_span or max(above.row_span, cell.row_span) < 2:
        return False
    if (cell.text and above.text) or not (cell.text or above.text):
        return False
    if cell.text and (above.row_span < 2 or cell.row_span < 2):
        return False
    above.unsure = above.unsure if above.text else cell.unsure
    above.text = above.text or cell.text
    above.row_span += cell.row_span
    return True
