"""Any list of a page as a file: csv with a byte order mark, so that Excel opens it, or xlsx. Nothing in it runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from luoshi.exports.safe import inert, printable

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDEST = 60  # of a column, in characters of the digit 0
LONGEST = 32_000  # Excel holds 32,767 characters a cell
PROBED = 200  # rows that are looked at for the width of a column


def table_file(name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], format: str) -> bytes:
    """The table as bytes; ``name`` is the sheet's. Numbers stay numbers, days are written ISO, None is empty.

    Raises KeyError for a format other than those of ``MEDIA``.
    """
    return _WRITERS[format](name, headers, list(rows))


def _csv(_name: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([inert(str(head)) for head in headers])
    lines.writerows([str(v) if _is_number(v) else inert(_said(v)) for v in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(name: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    cell = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    plain = book.add_format(cell)
    bold = book.add_format({**cell, "font_name": "黑体", "align": "center", "bg_color": "#E8EDF2"})
    sheet = book.add_worksheet("".join(c for c in printable(name) if c not in "[]:*?/\\").strip("'")[:31] or "1")
    for n, head in enumerate(headers):
        sheet.write_string(0, n, printable(str(head)), bold)
        sheet.set_column(n, n, _width(head, [row[n] for row in rows[:PROBED]]))
    for at, row in enumerate(rows, 1):
        for n, value in enumerate(row):
            if _is_number(value):
                sheet.write_number(at, n, value, plain)
            elif value is None or value == "":
                sheet.write_blank(at, n, None, plain)
            else:
                sheet.write_string(at, n, printable(_said(value))[:LONGEST], plain)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(headers) - 1)
    book.close()
    return out.getvalue()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _said(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _width(head: str, values: Sequence[Any]) -> float:
    longest = max((_wide(line) for value in (head, *values) for line in _said(value).splitlines()), default=4)
    return min(longest + 2, WIDEST)


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


_WRITERS: Mapping[str, Callable[[str, Sequence[str], Sequence[Sequence[Any]]], bytes]] = {"csv": _csv, "xlsx": _xlsx}
