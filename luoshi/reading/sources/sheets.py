"""Tables of office programmes – .xlsx, .xls, WPS .et, Excel 2003 XML, CSV – as the blocks a reader of the sheet sees.

A sheet's cells become table cells with their true row and column; titles over a table and notes under it become
paragraphs; what is hidden, repeated or only sums up is kept as chrome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from luoshi.reading.errors import CannotOpen
from luoshi.reading.ledger import Block, BlockKind, Origin
from luoshi.reading.sources import Opened
from luoshi.reading.sources.cells import Place, Range, Sheet

SheetKind = Literal["xlsx", "xls", "csv", "sheetxml"]
MEDIA_TYPES: dict[SheetKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "sheetxml": "application/vnd.ms-excel",
    "csv": "text/csv",
}
_NAMELESS = re.compile(r"(?:sheet|工作表|表|表格)?\s?\d{0,3}(?:\s?\(\d{1,2}\))?", re.I)
_ASIDE = re.compile(r"(?:填表)?说明|填报说明|汇总|统计|汇总表|目录|封面|字典|数据字典|下拉(?:选项|菜单)|选项")
# A header's cells are short, hold no sentence and no bare number, and many end like the names of a task table's columns.
_HEADER_WORDS = re.compile(
    r"(?:序号|编号|任务|项目|内容|工作|事项|举措|措施|名称|目标|指标|单位|部门|领导|时限|期限|时间|节点|季度|进展|情况|备注|类别)"
    r"(?:[（(][^（）()]{1,12}[）)])?$"
)
_NO_HEADER = re.compile(r"[。；;，,]|^[\d.\s%]+$|^[一二三四五六七八九十]{1,3}、")
_HEADER_LIMIT = 20
_LABELLED = re.compile(r"^(?:[\u4e00-\u9fff（）()、]{2,12}[：:].*|20\d\d年\d{1,2}月(?:\d{1,2}日)?)$", re.S)
_TITLE_LENGTH = 6
_MAX_MERGED_ROWS = 300_000  # rows of all merged ranges together
_KEYS = ("任务编号", "任务编码", "事项编号")
_KEY = re.compile(r"(?=.*[^\d.、()（）]).{5,40}$")  # 2022-GZ-1-3, not a number that begins again on each sheet


class _Cell(NamedTuple):
    """A filled cell as shown: its place, how far it reaches, its text."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


Row = list[_Cell]


def blocks_of(data: bytes, kind: SheetKind) -> Opened:
    """Blocks of all sheets in order. Raises ``CannotOpen``, ``UnknownFormat`` or ``TooLarge``."""
    sheets = list(_sheets_of(data, kind))
    if not any(sheet.cells or sheet.unshown for sheet in sheets):
        raise CannotOpen("表格里没有内容；请检查后重新上传。")
    out = _Writer(alone=sum(1 for sheet in sheets if sheet.visible and sheet.cells) == 1)
    for sheet in sheets:
        out.add(sheet)
    return Opened(MEDIA_TYPES[kind], tuple(out.blocks))


def _sheets_of(data: bytes, kind: SheetKind) -> Iterable[Sheet]:
    if kind == "xlsx":
        from luoshi.reading.sources.xlsx import sheets_of as xlsx_sheets

        return xlsx_sheets(data)
    if kind == "xls":
        from luoshi.reading.sources.xls import sheets_of as xls_sheets

        return xls_sheets(data)
    from luoshi.reading.sources.delimited import separated_sheet, xml_sheets

    return xml_sheets(data) if kind == "sheetxml" else [separated_sheet(data)]


class _Writer:
    """Turns sheets into blocks, counting tables through all of them."""

    def __init__(self, alone: bool) -> None:
        self.blocks: list[Block] = []
        self._alone = alone
        self._table = -1
        self._keys: set[str] = set()  # the task numbers of tables before, which other sheets may list again

    def add(self, sheet: Sheet) -> None:
        """Add a sheet's blocks, its rows in order."""
        rows, unseen = _seen_rows(sheet)
        aside = not sheet.visible or (not self._alone and bool(_ASIDE.fullmatch(sheet.name.strip())))
        if aside or self._again(rows):
            unseen += [cell for row in rows for cell in row]
            rows = []
        tables = list(_tables(rows))
        before = len(self.blocks)
        self._name(sheet.name, titled=not tables or any(_titles(table[0]) for table in tables))
        for table in tables:
            self._add_table(sheet.name, *table)
        self._put(sheet.name, "chrome", unseen)
        if len(self.blocks) == before + 1:  # a sheet without content has only its name
            self.blocks.pop()

    def _name(self, name: str, titled: bool) -> None:
        """The sheet's name: a heading where nothing else says what the table is."""
        if name.strip():
            said = not titled and not _NAMELESS.fullmatch(name.strip())
            origin = Origin(sheet=name, level=1 if said else None)
            self.blocks.append(Block(kind="heading" if said else "chrome", text=name.strip(), origin=origin))

    def _add_table(self, name: str, over: list[Row], body: list[Row], under: list[Row]) -> None:
        self._put(name, "paragraph", [cell for row in over for cell in row])
        if body:
            self._table += 1
        header = next((_words(row) for row in body if _is_header(row)), None)
        met = False
        for row in body:
            again = met and _words(row) == header  # a header repeated for the printed page
            met = met or _words(row) == header
            self._put(name, "chrome" if again else "cell", row)
        self._put(name, "paragraph", [cell for row in under for cell in row])

    def _put(self, name: str, kind: BlockKind, cells: Iterable[_Cell]) -> None:
        for cell in cells:
            origin = Origin(
                sheet=name or None,
                table=self._table if kind == "cell" else None,
                row=cell.row,
                column=cell.column,
                row_span=cell.rows,
                column_span=cell.columns,
            )
            self.blocks.append(Block(kind=kind, text=cell.text, origin=origin))

    def _again(self, rows: Sequence[Row]) -> bool:
        """Whether a sheet only lists, under the same task numbers, what a table before it said."""
        keys = _task_numbers(rows)
        if keys and self._keys and sum(key in self._keys for key in keys) * 10 >= len(keys) * 8:
            return True
        self._keys.update(keys)
        return False


def _task_numbers(rows: Sequence[Row]) -> list[str]:
    """The cells under the header 任务编号, empty where there is none."""
    for at, row in enumerate(rows[:12]):
        column = next((cell.column for cell in row if cell.text in _KEYS), None)
        if column is not None and _is_header(row):
            return [
                cell.text
                for below in rows[at + 1 :]
                for cell in below
                if cell.column == column and _KEY.match(cell.text)
            ]
    return []


# --- what is seen ---------------------------------------------------------------------------------------------------


def _seen_rows(sheet: Sheet) -> tuple[list[Row], Row]:
    """The rows a reader sees, blank ones left out, and the cells no one sees."""
    unseen = [_Cell(row, column, 1, 1, text) for (row, column), text in sheet.unshown.items()]
    placed: dict[int, Row] = {}
    covers = _Covers(sheet)
    for (row, column), text in sorted(sheet.cells.items()):
        cell = covers.cell(row, column, text)
        if cell is None:
            unseen.append(_Cell(row, column, 1, 1, text))
        else:
            placed.setdefault(cell.row, []).append(cell)
    return [sorted(placed[row]) for row in sorted(placed)], sorted(unseen)


class _Covers:
    """The merged ranges of a sheet, cut to where it has content, and what is hidden of them."""

    def __init__(self, sheet: Sheet) -> None:
        self._last_row = max((row for row, _ in sheet.cells), default=0)
        self._last_column = max((column for _, column in sheet.cells), default=0)
        self._next_row = _next_seen(sheet.hidden_rows)
        self._next_column = _next_seen(sheet.hidden_columns)
        self._by_corner: dict[Place, Range] = {}
        rows_left = _MAX_MERGED_ROWS
        for merged in sheet.merges:
            rows_left -= min(merged[2], self._last_row) - merged[0] + 1
            if rows_left >= 0:  # beyond, only a file made to burst goes; its cells are then read unmerged
                self._by_corner[merged[:2]] = merged

    def cell(self, row: int, column: int, text: str) -> _Cell | None:
        """A cell at its first visible place with the rows and columns it takes; None where no part of it is seen."""
        _, _, last_row, last_column = self._by_corner.get((row, column), (row, column, row, column))
        last_row, last_column = min(last_row, self._last_row), min(last_column, self._last_column)
        first_row, first_column = self._next_row.get(row, row), self._next_column.get(column, column)
        if first_row > last_row or first_column > last_column:
            return None
        return _Cell(first_row, first_column, last_row - first_row + 1, last_column - first_column + 1, text)


def _next_seen(hidden: Iterable[int]) -> dict[int, int]:
    """For each hidden row or column the next that is seen."""
    found: dict[int, int] = {}
    for index in sorted(hidden, reverse=True):
        found[index] = found.get(index + 1, index + 1)
    return found


# --- tables of a sheet ----------------------------------------------------------------------------------------------


def _tables(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row], list[Row]]]:
    """The tables of a sheet: the lines over each, its rows, the lines under it."""
    starts = _starts(rows)
    for first, stop in zip(starts, [*starts[1:], len(rows)]):
        part = list(rows[first:stop])
        top = next((i for i, row in enumerate(part) if not _is_line(row)), len(part))
        bottom = len(part)
        left = min((cell.column for row in part for cell in row), default=0)
        taken = _reaches(part)
        while bottom > top and _is_note(part[bottom - 1], left) and taken[bottom - 1] <= part[bottom - 1][0].row:
            bottom -= 1
        yield part[:top], part[top:bottom], part[bottom:]


def _starts(rows: Sequence[Row]) -> list[int]:
    """Where tables begin: at the first row, and at lines or a gap before another header."""
    if not rows:
        return []
    starts, lines, body = [0], 0, False
    for i, row in enumerate(rows):
        gap = i > 0 and row[0].row > max(cell.row + cell.rows for cell in rows[i - 1])
        if body and _is_header(row) and (lines or gap):
            starts.append(i - lines)
            lines, body = 0, True
        elif _is_line(row):
            lines += 1
        else:
            lines, body = 0, True
    return starts


def _reaches(rows: Sequence[Row]) -> list[int]:
    """For each row, the row that merged cells from above reach down to (the row after their last)."""
    out, reach = [], 0
    for row in rows:
        out.append(reach)
        reach = max(reach, *(cell.row + cell.rows for cell in row))
    return out


def _is_line(row: Row) -> bool:
    """A row that is a line of text rather than part of a table: one cell, or only labelled ones (填报单位：…)."""
    return len(row) == 1 or all(_LABELLED.match(cell.text) for cell in row)


def _is_note(row: Row, left: int) -> bool:
    """A line under a table: it begins at the table's left edge, or is labelled."""
    return _is_line(row) and (row[0].column == left or row[0].columns > 1 or bool(_LABELLED.match(row[0].text)))


def _titles(over: Sequence[Row]) -> bool:
    """Whether the lines over a table name it."""
    texts = ["".join(row[0].text.split()) for row in over if len(row) == 1]
    return any(len(text) >= _TITLE_LENGTH and not _LABELLED.match(text) for text in texts)


def _words(row: Row) -> list[str]:
    return ["".join(cell.text.split()) for cell in row]


def _is_header(row: Row) -> bool:
    words = _words(row)
    if len(words) < 2 or any(len(word) > _HEADER_LIMIT or _NO_HEADER.search(word) for word in words):
        return False
    return sum(bool(_HEADER_WORDS.search(word)) for word in words) >= max(2, len(words) / 3)
