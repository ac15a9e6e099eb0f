"""A list as a file: numbers are numbers, text is never run."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from luoshi.exports.table import table_file

ROWS = [["县住建局", 3, Decimal("2.5"), date(2026, 7, 31), None], ["=1+1", -3, 0, "@a", "甲\n乙"]]
HEADS = ["单位", "项", "值", "日期", "备注"]


def test_csv_opens_in_excel_and_holds_no_formula():
    body = table_file("清单", HEADS, ROWS, "csv")
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows == [HEADS, ["县住建局", "3", "2.5", "2026-07-31", ""], ["'=1+1", "-3", "0", "'@a", "甲\n乙"]]


def test_xlsx_keeps_numbers_and_text():
    sheet = load_workbook(io.BytesIO(table_file("单位[1]：期次/'", HEADS, ROWS, "xlsx"))).active
    assert sheet.title == "单位1：期次"
    assert [c.value for c in sheet[2]] == ["县住建局", 3, 2.5, "2026-07-31", None]
    assert [c.data_type for c in sheet[3]] == ["s", "n", "n", "s", "s"]
    assert sheet["A3"].value == "=1+1"


def test_an_empty_list_is_a_header_and_another_format_is_refused():
    assert load_workbook(io.BytesIO(table_file("", HEADS, [], "xlsx"))).active.max_row == 1
    with pytest.raises(KeyError):
        table_file("x", HEADS, ROWS, "pdf")
