"""Ruled tables of a PDF page: the grid that its lines draw, and the text of each cell."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from luoshi.reading.sources.pdf_lines import Line, goes_on, joined, lines_of, moved
from luoshi.reading.sources.pdf_sheets import Box, Glyph, Rule, Sheet

_NEAR = 3.0  # points between lines that are one line, or that touch
_OPEN = 12.0  # lines that reach so far beyond the last one across have an open side
_MAX_CELLS = 20_000
_MAX_RULES = 1_500  # of one direction, after joining


@dataclass(slots=True)
class Cell:
    """A cell of a grid. ``full``: whether its last line reaches its edge, so that it may go on elsewhere. ``unsure``: the
    characters of its text that OCR was not sure of."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    page: int
    text: str = ""
    full: bool = False
    unsure: tuple[int, ...] = ()


@dataclass(slots=True)
class Table:
    """A table on one page, or joined over several: its column edges and cells, row by row."""

    xs: list[float]
    rows: int
    cells: list[Cell]
    box: Box
    page: int
    chrome: list[str] = field(default_factory=list)
    loose: bool = False  # without standing lines: its edges are where its words end

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers a place of the grid."""
        return next(
            (
                cell
                for cell in self.cells
                if cell.row <= row < cell.row + cell.row_span and cell.column <= column < cell.column + cell.column_span
            ),
            None,
        )

    def row(self, row: int) -> list[Cell]:
        """The cells that begin in a row."""
        return [cell for cell in self.cells if cell.row == row]


def ruled_tables(sheet: Sheet) -> tuple[list[Table], list[Glyph]]:
    """The tables of a page from top to bottom, and the glyphs outside them."""
    lying, standing = _merged(sheet.lying), _merged(sheet.standing)
    if len(lying) > _MAX_RULES or len(standing) > _MAX_RULES:
        return [], sheet.glyphs
    tables: list[Table] = []
    rest = sheet.glyphs
    for across, down in _components(lying, standing):
        table = _grid(across, down, sheet)
        if table is None:
            continue
        x0, y0, x1, y1 = table.box
        inside = [g for g in rest if x0 <= (g.x0 + g.x1) / 2 <= x1 and y0 <= (g.top + g.bottom) / 2 <= y1]
        if len(table.cells) > 1 and len({c.column for c in table.cells}) > 1 and len(inside) > 1:
            taken = set(map(id, inside))
            rest = [g for g in rest if id(g) not in taken]
            _fill(table, inside)
            tables.append(table)
    return sorted(tables, key=lambda table: table.box[1]), rest


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules with pieces of one line joined, those a hair apart too."""
    merged: list[Rule] = []
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][-1].at <= 1.0:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    for group in groups:
        at = sum(rule.at for rule in group) / len(group)
        start, end = -1.0, -1e9
        for rule in sorted(group, key=lambda r: r.start):
            if rule.start > end + _NEAR:
                if end > start:
                    merged.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        merged.append(Rule(at, start, end))
    return merged


def _components(lying: list[Rule], standing: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of rules that touch one another across, each with at least two in both directions (or three lying)."""
    group = list(range(len(lying)))
    downs: list[list[Rule]] = [[] for _ in lying]

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    ats = [rule.at for rule in lying]
    for down in standing:
        first = None
        for i in range(bisect.bisect_left(ats, down.start - _NEAR), bisect.bisect_right(ats, down.end + _NEAR)):
            if lying[i].start - _NEAR <= down.at <= lying[i].end + _NEAR:
                first = i if first is None else first
                group[root(i)] = root(first)
        if first is not None:
            downs[first].append(down)
    parts: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(lying):
        across, down_part = parts.setdefault(root(i), ([], []))
        across.append(rule)
        down_part += downs[i]
    return [part for part in parts.values() if len(part[0]) >= 2 and part[1]]


def _edges(values: Iterable[float]) -> list[float]:
    """Places of lines, those closer than ``_NEAR`` taken as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _NEAR:
            edges.append(value)
    return edges


def _grid(across: list[Rule], down: list[Rule], sheet: Sheet) -> Table | None:
    """The empty cells that lines draw; a side without a line counts as one where the lines across reach beyond."""
    xs, ys = _edges(r.at for r in down), _edges(r.at for r in across)
    uprights, levels = _closed(down, across, xs, ys), _closed(across, down, ys, xs)
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > _MAX_CELLS:
        return None
    cells = _cells(_walls(uprights, xs, ys), _walls(levels, ys, xs), xs, ys, sheet.number)
    return Table(xs, rows, cells, (xs[0], ys[0], xs[-1], ys[-1]), sheet.number)


def _closed(rules: list[Rule], others: list[Rule], edges: list[float], crossing: list[float]) -> list[Rule]:
    """The rules of one direction, with one more on a side that only the ends of the other direction's rules show."""
    first, last = min(r.start for r in others), max(r.end for r in others)
    closed = list(rules)
    if edges[0] - first > _OPEN:
        edges.insert(0, first)
        closed.append(Rule(first, crossing[0], crossing[-1]))
    if last - edges[-1] > _OPEN:
        edges.append(last)
        closed.append(Rule(last, crossing[0], crossing[-1]))
    return closed


def _walls(rules: Sequence[Rule], lines: list[float], crossing: list[float]) -> set[tuple[int, int]]:
    """(line, part): whether a rule on the line covers most of the part between two crossing lines."""
    walls: set[tuple[int, int]] = set()
    for rule in rules:
        line = min(range(len(lines)), key=lambda i: abs(lines[i] - rule.at))
        for part in range(len(crossing) - 1):
            start, end = crossing[part], crossing[part + 1]
            if min(rule.end, end) - max(rule.start, start) > 0.6 * (end - start):
                walls.add((line, part))
    return walls


def _cells(
    upright: set[tuple[int, int]], level: set[tuple[int, int]], xs: list[float], ys: list[float], page: int
) -> list[Cell]:
    """Cells row by row: each grows to the right, then down, as far as no wall stops it."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    columns, rows = len(xs) - 1, len(ys) - 1
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            last = column + 1
            while last < columns and (last, row) not in upright and (row, last) not in taken:
                last += 1
            bottom = row + 1
            while bottom < rows and not any(
                (bottom, c) in level or (bottom, c) in taken or (c > column and (c, bottom) in upright)
                for c in range(column, last)
            ):
                bottom += 1
            taken.update((r, c) for r in range(row, bottom) for c in range(column, last))
            box = (xs[column], ys[row], xs[last], ys[bottom])
            cells.append(Cell(row, column, bottom - row, last - column, box, page))
    return cells


# --- the text of cells --------------------------------------------------------------------------------------------


def _fill(table: Table, glyphs: Sequence[Glyph]) -> None:
    """Put the glyphs into the cells they stand in."""
    places = {
        (row, column): n
        for n, cell in enumerate(table.cells)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    ys = _edges({y for cell in table.cells for y in (cell.box[1], cell.box[3])})
    inside: list[list[Glyph]] = [[] for _ in table.cells]
    for glyph in glyphs:
        column = bisect.bisect_right(table.xs, (glyph.x0 + glyph.x1) / 2) - 1
        row = bisect.bisect_right(ys, (glyph.top + glyph.bottom) / 2) - 1
        inside[places[min(row, table.rows - 1), min(column, len(table.xs) - 2)]].append(glyph)
    lines = [lines_of(part) for part in inside]
    pad = _padding(table, lines)
    for cell, part in zip(table.cells, lines):
        cell.text, cell.full, cell.unsure = cell_text(part, cell.box[0] + pad, cell.box[2] - pad)


def _padding(table: Table, lines: Sequence[Sequence[Line]]) -> float:
    """The space kept free inside the cells' edges: a tenth of all lines come as close or closer."""
    gaps = sorted(line.x0 - cell.box[0] for cell, part in zip(table.cells, lines) for line in part)
    return min(max(gaps[len(gaps) // 10], 0.0), 12.0) if gaps else 0.0


def cell_text(lines: Sequence[Line], left: float, right: float) -> tuple[str, bool, tuple[int, ...]]:
    """The lines of a cell between its inner edges as one text, a new line only where the writer broke it; whether full;
    the characters OCR was not sure of."""
    text = ""
    unsure: tuple[int, ...] = ()
    for n, line in enumerate(lines):
        if n and goes_on(lines[n - 1], line, room(lines[n - 1], left, right, first=n == 1)):
            text = joined(text, line.text)
        else:
            text = f"{text}\n{line.text}" if text else line.text
        unsure += moved(line.unsure, len(text) - len(line.text))
    full = bool(lines) and room(lines[-1], left, right, first=len(lines) == 1) < 1.6 * lines[-1].size
    return text, full, unsure


def room(line: Line, left: float, right: float, *, first: bool = False) -> float:
    """The width left beside a line; what stands before a first line that is indented does not count."""
    before, after = line.x0 - left, right - line.x1
    indented = first and before > line.size and abs(before - after) > line.size
    return after if indented else before + after
