"""Workbooks made for the tests: sheets of rows, with merged ranges, formats and hidden rows, as .xlsx or .xls."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
import xlwt

Merge = tuple[int, int, int, int]


@dataclass
class Drawn:
    """A sheet: rows of values (a pair is a number and its format), merged ranges, what is hidden."""

    name: str
    rows: Sequence[Any]
    merges: Sequence[Merge] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    hidden: bool = False
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)


def xlsx(*sheets: Drawn) -> bytes:
    """The sheets as a workbook of today."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for drawn in sheets:
        sheet = book.add_worksheet(drawn.name)
        for merge in drawn.merges:
            sheet.merge_range(*merge, "")
        for r, row in enumerate(drawn.rows):
            for c, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write(r, c, value[0], book.add_format({"num_format": value[1]}))
                elif value is not None:
                    sheet.write(r, c, value)
        for r in drawn.hidden_rows:
            sheet.set_row(r, None, None, {"hidden": True})
        for c in drawn.hidden_columns:
            sheet.set_column(c, c, None, None, {"hidden": True})
        for place, formula in drawn.formulas.items():
            sheet.write_formula(*place, formula, None, "")
        if drawn.hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


def xls(*sheets: Drawn) -> bytes:
    """The sheets as a workbook of 1997, which is also what .et is."""
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[str, Any] = {}
    for drawn in sheets:
        sheet = book.add_sheet(drawn.name, cell_overwrite_ok=True)
        corners = {merge[:2]: merge for merge in drawn.merges}
        for r, row in enumerate(drawn.rows):
            for c, value in enumerate(row):
                if value is None:
                    continue
                value, style = value if isinstance(value, tuple) else (value, "General")
                easy = styles.setdefault(style, xlwt.easyxf(num_format_str=style))
                if (r, c) in corners:
                    _, _, last_row, last_column = corners[r, c]
                    sheet.write_merge(r, last_row, c, last_column, value, easy)
                else:
                    sheet.write(r, c, value, easy)
        for r in drawn.hidden_rows:
            sheet.row(r).hidden = True
        for c in drawn.hidden_columns:
            sheet.col(c).hidden = True
        sheet.visibility = int(drawn.hidden)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """A workbook with parts replaced, named by their last word (``sheet1``, ``workbook``); None takes one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            word = name.rpartition("/")[2].partition(".")[0]
            content = parts.get(word, old.read(name)) if name.endswith(".xml") else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def part_of(data: bytes, word: str) -> bytes:
    """A workbook's part, named by its last word."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return next(book.read(name) for name in book.namelist() if name.endswith(f"/{word}.xml"))
