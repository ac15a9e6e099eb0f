"""The layout of a progress document: which lines and cells report on which task, and in which part of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from luoshi.reading.accounts.lines import Lines
from luoshi.reading.accounts.report import Layout, Report
from luoshi.reading.accounts.tables import Cells, Row, bordered, is_form, native_cells, read_rows, text_cells
from luoshi.reading.accounts.zones import Zone, heading_zone, parts
from luoshi.reading.lines import MARK
from luoshi.reading.page import Page, Piece


def read_layout(page: Page) -> Layout:
    """The layout of a page. A document without marks or tables is one report."""
    layout = Layout()
    lines: list[Piece] = []
    for item in _flow(page):
        if isinstance(item, Piece):
            lines.append(item)
            continue
        Lines(page, layout, lines, bool(layout.reports)).read()
        lines = []
        _table(page, item, layout)
    Lines(page, layout, lines, bool(layout.reports)).read()
    if not layout.reports:
        _one_report(page, layout)
    return layout


# --- the flow of lines and tables ---------------------------------------------------------------------------------


def _flow(page: Page) -> Iterator[Piece | Cells]:
    lines: list[Piece] = []
    cells: list[int] = []
    for i, block in enumerate(page.blocks):
        if block.kind == "chrome":
            continue
        origin = block.origin
        native = block.kind == "cell" and (origin.table is not None or origin.sheet is not None)
        if cells and (not native or _table_of(page, i) != _table_of(page, cells[0])):
            yield native_cells(page, cells)
            cells = []
        if native:
            yield from _with_text_tables(page, lines)
            lines = []
            cells.append(i)
        else:
            lines.extend(_lines_of(page, i))
    yield from _with_text_tables(page, lines)
    if cells:
        yield native_cells(page, cells)


def _table_of(page: Page, block: int) -> tuple[str | None, int | None]:
    return page.blocks[block].origin.sheet, page.blocks[block].origin.table


def _lines_of(page: Page, block: int) -> Iterator[Piece]:
    folded, at = page.folds[block], 0
    for stop in [*(i for i, c in enumerate(folded) if c == "\n"), len(folded)]:
        piece = page.strip(block, at, stop)
        at = stop + 1
        if piece.end > piece.start:
            yield piece


def _with_text_tables(page: Page, lines: Sequence[Piece]) -> Iterator[Piece | Cells]:
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and bordered(page, lines[stop]):
            stop += 1
        if stop - at >= 2:
            yield text_cells(page, lines[at:stop])
            at = stop
        else:
            yield lines[at]
            at += 1


# --- tables -------------------------------------------------------------------------------------------------------

_ROW_ZONES: tuple[tuple[str, Zone], ...] = (
    ("progress", "progress"), ("problem", "problem"), ("next", "next"), ("state", "state"), ("expected", "expected"),
    ("remark", "remark"),
)  # fmt: skip


def _table(page: Page, table: Cells, layout: Layout) -> None:
    if is_form(page, table):
        _form(page, table, layout)
        return
    rows = read_rows(page, table)
    if rows is None:
        if table and table[0]:
            layout.unread_tables.append(next(iter(table[0].values())))
            layout.head.extend(
                dict.fromkeys(piece for row in table for piece in row.values() if piece.end > piece.start)
            )
        return
    section: Piece | None = None
    for row in rows:
        if row.theme is not None:
            section = row.theme
        elif report := _row_report(page, row, section):
            layout.reports.append(report)
    for row_cells in table[:5]:  # a title over the header stands in the table
        if len({*row_cells.values()}) == 1:
            layout.head.append(next(iter(row_cells.values())))
        else:
            break


def _row_report(page: Page, row: Row, section: Piece | None) -> Report | None:
    own = [*row.pieces("title"), *row.pieces("task"), *row.pieces("value")]
    body = [piece for role, _ in _ROW_ZONES for piece in row.pieces(role)]
    if not own and not body and not row.pieces("reached"):
        return None
    numbers, titles = row.pieces("number"), row.pieces("title")
    report = Report(
        (own or body or row.pieces("reached"))[0], numbers[0] if numbers else None, titles[0] if titles else None
    )
    report.section = section or next(iter(row.pieces("category")), None)
    report.task = [piece for piece in own if piece not in titles[:1]]
    report.units = row.pieces("lead")
    report.header = next((header for _, header in row.cells.get("progress", ())), "")
    report.cells = row
    for role, zone in _ROW_ZONES:
        for piece in row.pieces(role):
            for line in _inner_lines(page, piece):
                report.parts.extend(parts(page, line, zone))
    return report


def _inner_lines(page: Page, piece: Piece) -> Iterator[Piece]:
    """The lines of a cell, without the marks of points in it."""
    folded, at = page.folds[piece.block], piece.start
    while at < piece.end:
        stop = folded.find("\n", at, piece.end)
        stop = piece.end if stop < 0 else stop
        line = page.strip(piece.block, at, stop)
        if line.end > line.start:
            yield _unmarked(page, line)
        at = stop + 1


def _unmarked(page: Page, line: Piece) -> Piece:
    mark = MARK.match(page.folds[line.block], line.start, line.end)
    return page.strip(line.block, mark.end(), line.end) if mark and mark.end() < line.end else line


def _form(page: Page, table: Cells, layout: Layout) -> None:
    """A form: each label's cell is followed by what it asks for; a new task label begins a new report."""
    forms: list[Report] = []
    for row in table:
        pieces = list(dict.fromkeys(row.values()))
        for label, value in pairwise(pieces):
            zone = heading_zone(page.folded(label))
            if zone is None or value.end <= value.start or heading_zone(page.folded(value)):
                continue
            if not forms or (zone == "task" and forms[-1].pieces("progress")):
                forms.append(Report(value))
                layout.reports.append(forms[-1])
            report = forms[-1]
            if zone == "task":
                if report.title is None:
                    report.title = report.at = value
                report.task.append(value)
            elif zone == "unit":
                report.units.append(value)
            else:
                for line in _inner_lines(page, value):
                    report.parts.extend(parts(page, line, zone))


_GREETING = re.compile(r"[^,。]{2,30}:$")


def _one_report(page: Page, layout: Layout) -> None:
    """A document without marks: its long lines are one report, from the first that is no title or greeting."""
    body = [piece for piece in layout.head if not _is_heading(page, piece)]
    if not body and not layout.loose:
        return
    layout.head = [piece for piece in layout.head if piece not in body]
    report = Report(body[0] if body else layout.loose[0][1])
    zone: Zone = "progress"
    for piece in body:
        for own, part in parts(page, piece, zone if zone == "next" else "progress"):
            report.parts.append((own, part))
            zone = own
    report.parts.extend(layout.loose)
    layout.loose = []
    layout.reports.append(report)


def _is_heading(page: Page, piece: Piece) -> bool:
    folded = page.folded(piece)
    return bool(_GREETING.fullmatch(folded)) or (not re.search(r"[。;,]", folded) and len(folded) <= 60)
