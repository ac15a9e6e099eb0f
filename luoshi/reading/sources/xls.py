"""Old Excel workbooks (.xls) and WPS tables (.et), which share the format BIFF; macros are never touched."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import xlrd
from xlrd.compdoc import SIGNATURE, CompDoc, CompDocError

from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge
from luoshi.reading.sources.cells import MAX_PLACES, Limits, Sheet
from luoshi.reading.sources.shown import general, shown

_BROKEN = "表格文件已损坏或不完整，无法打开；请重新下载，或用 WPS、Excel 打开后另存为 .xlsx 再上传。"
_TOO_LARGE = "表格内容过大，无法一次读完；请只留任务表，或拆成几个文件再上传。"
_PROTECTED = "文件设有打开密码，无法读取；请先取消密码，另存一份再上传。"
_MAX_RECORDS = 2_000_000
_MAX_READ = 20_000_000  # records and cells times sheets: every sheet may begin at the same place
_FILEPASS = 0x2F
_MULRK, _MULBLANK = 0xBD, 0xBE


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """The sheets of a workbook in order. Raises ``CannotOpen`` or ``TooLarge``."""
    try:
        size = _check(_stream(data))
        with xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        ) as book:
            limits = Limits()
            limits.sheets(book.sheet_names())
            if size * book.nsheets > _MAX_READ:
                raise TooLarge(_TOO_LARGE)
            for index in range(book.nsheets):
                yield _sheet(book, index, limits)
                book.unload_sheet(index)
    except ReadingError:
        raise
    except Exception as fault:  # the library meets damage with whatever error it happens upon
        raise CannotOpen(_BROKEN) from fault


def _stream(data: bytes) -> bytes:
    """The workbook's stream of records, out of its container; the oldest workbooks have none."""
    if not data.startswith(SIGNATURE):
        return data
    container = CompDoc(data, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        memory, base, size = container.locate_named_stream(name)
        if memory is not None:
            return bytes(memory[base : base + size])
    raise CompDocError("no workbook stream")


def _check(stream: bytes) -> int:
    """Count records and cells before anything is kept of them. Raises where they are too many, or enciphered."""
    at = records = places = 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        if code == _FILEPASS:
            raise CannotOpen(_PROTECTED)
        if code == _MULBLANK or code == _MULRK:
            places += size // (2 if code == _MULBLANK else 6)
        records += 1
        at += 4 + size
        if records > _MAX_RECORDS or places > MAX_PLACES:
            raise TooLarge(_TOO_LARGE)
    return records + places


def _sheet(book: xlrd.Book, index: int, limits: Limits) -> Sheet:
    raw = book.sheet_by_index(index)
    sheet = Sheet(raw.name, visible=raw.visibility == 0)
    sheet.hidden_rows.update(row for row, info in raw.rowinfo_map.items() if info.hidden)
    sheet.hidden_columns.update(column for column, info in raw.colinfo_map.items() if info.hidden)
    for first_row, end_row, first_column, end_column in raw.merged_cells:
        limits.merge(sheet, (first_row, first_column, end_row - 1, end_column - 1))
    for row in range(raw.nrows):
        for column in range(raw.row_len(row)):
            if text := _shown(book, raw, row, column):
                limits.put(sheet, (row, column), text)
    return sheet


def _shown(book: xlrd.Book, raw: xlrd.sheet.Sheet, row: int, column: int) -> str:
    kind, value = raw.cell_type(row, column), raw.cell_value(row, column)
    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        style = raw.cell_xf_index(row, column)
        form = book.format_map.get(book.xf_list[style].format_key) if style < len(book.xf_list) else None
        number = float(value)
        return shown(number, form.format_str, since_1904=book.datemode == 1) if form else general(number)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    return xlrd.error_text_from_code.get(int(value), "") if kind == xlrd.XL_CELL_ERROR else ""
