"""Tables as text: fields parted by commas or tabs (CSV), and the XML that Excel 2003 and many systems write as .xls."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from lxml import etree

from luoshi.reading.errors import CannotOpen
from luoshi.reading.sources.cells import Limits, Sheet
from luoshi.reading.sources.package import xml
from luoshi.reading.sources.shown import general
from luoshi.reading.sources.text import decode

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_DAY = re.compile(r"(\d{4})-0?(\d{1,2})-0?(\d{1,2})T.{0,20}")
_MAX_FIELD = 131_072
_FARTHEST = 1_048_576


def separated_sheet(data: bytes) -> Sheet:
    """The one sheet of a text table. Raises ``CannotOpen`` where its quotation marks never close, ``TooLarge``."""
    text = decode(data).replace("\x00", "")
    sheet, limits = Sheet(""), Limits()
    csv.field_size_limit(_MAX_FIELD)
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))):
            for column, value in enumerate(fields):
                limits.put(sheet, (row, column), value.removeprefix("="))
    except csv.Error as fault:
        raise CannotOpen(
            "文本表格（CSV）的引号不成对，无法读取；请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
        ) from fault
    return sheet


def _separator(text: str) -> str:
    """The mark that parts fields: the one that the fullest of the first lines has most of."""
    lines = text[:20_000].splitlines()[:40] or [""]
    return max("\t,;|", key=lambda mark: max(re.sub('"[^"]*"', "", line).count(mark) for line in lines))


def xml_sheets(data: bytes) -> Iterator[Sheet]:
    """The sheets of an Excel 2003 XML file. Raises ``CannotOpen`` or ``TooLarge``."""
    limits = Limits()
    listed = list(xml(data).iterfind(_SS + "Worksheet"))
    limits.sheets(listed)
    for node in listed:
        hidden = node.findtext("{*}WorksheetOptions/{*}Visible") in ("SheetHidden", "SheetVeryHidden")
        sheet = Sheet(node.get(_SS + "Name", ""), visible=not hidden)
        _fill(sheet, limits, node)
        yield sheet


def _fill(sheet: Sheet, limits: Limits, node: etree._Element) -> None:
    column = -1
    for entry in node.iterfind(f"{_SS}Table/{_SS}Column"):
        first, column = _next(entry, column), _next(entry, column) + _number(entry, "Span")
        if entry.get(_SS + "Hidden") == "1":
            sheet.hidden_columns.update(range(first, min(column, 16_384) + 1))
    row = -1
    for line in node.iterfind(f"{_SS}Table/{_SS}Row"):
        row, column = _next(line, row), -1
        if line.get(_SS + "Hidden") == "1":
            sheet.hidden_rows.add(row)
        for cell in line.iterfind(_SS + "Cell"):
            column = _next(cell, column)
            across, down = _number(cell, "MergeAcross"), _number(cell, "MergeDown")
            if across or down:
                limits.merge(sheet, (row, column, row + down, column + across))
            limits.put(sheet, (row, column), _value(cell))
            column += across
        row += _number(line, "Span")


def _next(node: etree._Element, last: int) -> int:
    """The place that an element names by ``ss:Index``, else the one after the last."""
    return _number(node, "Index") - 1 if node.get(_SS + "Index") and _number(node, "Index") else last + 1


def _number(node: etree._Element, name: str) -> int:
    text = node.get(_SS + name, "0")
    return min(int(text), _FARTHEST) if re.fullmatch("[0-9]{1,9}", text) else 0


def _value(cell: etree._Element) -> str:
    data = cell.find(_SS + "Data")
    if data is None:
        return ""
    text = "".join(map(str, data.itertext()))
    if data.get(_SS + "Type") == "DateTime" and (day := _DAY.fullmatch(text.strip())):
        return f"{day[1]}年{day[2]}月{day[3]}日"
    if data.get(_SS + "Type") == "Number" and re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?", text.strip()):
        return general(float(text))
    return text
