"""Tables: the grid all of them become – rows of pieces under named columns – and how native cells become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from luoshi.reading.headers import column_role, is_plan_table, settle_roles, without_measures
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import late

THEME = late(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}(?:部分|章))"
)


@dataclass(slots=True)
class Row:
    """One row of a grid: pieces by column role (several where roles repeat), in column order."""

    cells: dict[str, list[Piece]] = field(default_factory=dict)
    theme: Piece | None = None

    def first(self, role: str) -> Piece | None:
        found = self.cells.get(role)
        return found[0] if found else None


@dataclass(slots=True)
class Grid:
    """A table read: header pieces, its column roles, its rows, and a title that stood in it."""

    header: list[Piece]
    roles: list[str]
    rows: list[Row]
    title: Piece | None = None
    merged_vanish: bool = False


# --- native tables (HTML, DOCX): cells know their row, column and spans -------------------------------------------


def native_grid(page: Page, cells: Sequence[int]) -> Grid | None:
    """The grid of one native table, given its cell blocks in order; None when it has no header of a plan."""
    top = _header_row(page, cells)
    if top is None:
        return None
    bottom = _header_bottom(page, cells, top)
    names, header, title = _header_names(page, cells, top, bottom)
    columns = sorted(names)
    roles = settle_roles(without_measures([names[c] for c in columns]))
    grid = Grid(header, roles, [], title)
    _native_rows(page, [i for i in cells if _row_of(page, i) > bottom], dict(zip(columns, roles, strict=True)), grid)
    return grid


def _row_of(page: Page, cell: int) -> int:
    return page.blocks[cell].origin.row or 0


def _header_bottom(page: Page, cells: Sequence[int], top: int) -> int:
    """The last row of the header: its tallest header cell says how many rows it takes."""
    heights = [page.blocks[i].origin.row_span for i in cells if _row_of(page, i) == top and column_role(page.folds[i])]
    bottom = top + max(heights, default=1) - 1
    return bottom + 1 if bottom == top and _names_groups(page, cells, top) else bottom


def _names_groups(page: Page, cells: Sequence[int], top: int) -> bool:
    """Whether the row under a header holds nothing but the names of columns that the header groups (牵头单位, 配合单位)."""
    below = [i for i in cells if _row_of(page, i) == top + 1]
    grouped: set[int] = set()
    for i in cells:
        origin = page.blocks[i].origin
        if _row_of(page, i) == top and origin.column_span > 1:
            grouped.update(range(origin.column or 0, (origin.column or 0) + origin.column_span))
    return len(below) > 1 and all(page.blocks[i].origin.column in grouped and column_role(page.folds[i]) for i in below)


def _header_names(
    page: Page, cells: Sequence[int], top: int, bottom: int
) -> tuple[dict[int, str], list[Piece], Piece | None]:
    """Header words by grid column (a lower row's words replace the group's above them), header pieces, and a title over them."""
    names: dict[int, str] = {}
    header: list[Piece] = []
    title: Piece | None = None
    for i in cells:
        origin, row = page.blocks[i].origin, _row_of(page, i)
        if row < top and column_role(page.folds[i]):
            header.append(Piece(i, 0, len(page.texts[i])))  # a group's name over the columns
        elif row < top:
            title = title or page.strip(i, 0, len(page.texts[i]))
        elif row <= bottom:
            header.append(Piece(i, 0, len(page.texts[i])))
            first = origin.column or 0
            names.update(dict.fromkeys(range(first, first + origin.column_span), page.folds[i]))
    return names, header, title


def _header_row(page: Page, cells: Sequence[int]) -> int | None:
    by_row: dict[int, list[str | None]] = {}
    first = _row_of(page, cells[0]) if cells else 0
    for i in cells:
        row = _row_of(page, i)
        if row > first + 4:
            break
        by_row.setdefault(row, []).append(column_role(page.folds[i]))
    for row, roles in sorted(by_row.items()):
        if len([r for r in roles if r]) >= 2 and len([r for r in roles if r]) * 2 > len(roles) and is_plan_table(roles):
            return row
    return None


def _native_rows(page: Page, cells: Sequence[int], roles: dict[int, str], grid: Grid) -> None:
    rows: dict[int, Row] = {}
    covered: dict[int, set[int]] = {}
    width = len(roles)
    for i in cells:
        origin = page.blocks[i].origin
        piece = page.strip(i, 0, len(page.texts[i]), "|")
        start = origin.row or 0
        if origin.column_span * 2 > width and width > 2 or _alone_theme(page, piece, origin.column or 0):
            rows.setdefault(start, Row()).theme = piece
            continue
        for row in range(start, start + min(origin.row_span, 500)):
            role = roles.get(origin.column or 0, "other")
            rows.setdefault(row, Row()).cells.setdefault(role, []).append(piece)
            covered.setdefault(row, set()).add(i)
    last = max((page.blocks[i].origin.row or 0 for i in cells), default=-1)
    grid.rows = _joined([rows[row] for row in sorted(rows) if row <= last])
    _name_themes(page, grid.rows)
    for read in grid.rows:
        if read.theme and read.cells.get("task"):
            read.theme = None


def _joined(rows: Sequence[Row]) -> list[Row]:
    """Rows over which one task's cell is merged are one row: its units and values stand in several cells."""
    out: list[Row] = []
    for row in rows:
        task, number = row.first("task"), row.first("number")
        above = out[-1] if out else None
        if above and task and task == above.first("task") and number in (None, above.first("number")):
            for role, pieces in row.cells.items():
                there = above.cells.setdefault(role, [])
                there.extend(piece for piece in pieces if piece not in there)
        else:
            out.append(row)
    return out


def _name_themes(page: Page, rows: Sequence[Row]) -> None:
    """A row with nothing but words in its number column is a theme, and one with 一 and a title over rows with tasks."""
    tasked = any(row.first("task") for row in rows)
    for row in rows:
        number, title = row.first("number"), row.first("title")
        if tasked and row.theme is None and number and title and not row.first("task"):
            row.theme = title if _CHINESE_NUMBER.match(page.folded(number)) else None
        alone = row.cells.get("number", [])
        if row.theme is None and list(row.cells) == ["number"] and _WORDS.match(page.folded(alone[0])):
            row.theme = alone[0]
            row.cells = {}


_CHINESE_NUMBER = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.]?$")
_WORDS = late(r"(?!合计|小计|总计|\(?[\d一二三四五六七八九十]{1,3}\)?[.、]?$)[^,。;:]{3,30}$")


def _alone_theme(page: Page, piece: Piece, column: int) -> bool:
    return column <= 1 and bool(THEME.match(page.folded(piece))) and len(page.folded(piece)) > 3
