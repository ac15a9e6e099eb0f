"""A unit's month as an Excel form: one row a box, prefilled, only the boxes open; its permanent key comes back with it.

Columns A to C are the key (report, task, field) and hidden; the reader finds rows by them and never by place.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter

from luoshi.exports.safe import printable

SHEET = "填报"
MARK = "luoshi.unit-form/1"
HEADS = (
    "报告", "任务编号", "格", "任务", "要填的", "原话", "上次", "全年", "单位", "填在这里", "数据截止日", "口径", "数据来源", "说明"
)  # fmt: skip
WIDTHS = (6, 14, 12, 30, 24, 30, 12, 10, 8, 34, 13, 9, 16, 24)
VALUE, CUTOFF, BASIS, SOURCE, NOTE = 9, 10, 11, 12, 13
FIRST = 4  # row of the first box, from 0
BASES = {"official": "正式数", "estimated": "预计数"}
YES, NOT_YET = "是", "否"
UNCHANGED = "无变化"


@dataclass(frozen=True)
class Line:
    """One box: its key, what is asked, what is known, and what stands there now.

    ``kind``: ``figure`` (a number), ``text``, ``yes`` (是 or 否), ``choice`` (one of ``choices``).
    """

    report: int
    task: str
    field: str
    title: str
    asked: str
    kind: str
    quote: str = ""
    last: str = ""
    whole: str = ""
    unit: str = ""
    value: str = ""
    cutoff: date | None = None
    basis: str = ""
    source: str = ""
    note: str = ""
    choices: tuple[str, ...] = ()
    latest: date | None = None


@dataclass(frozen=True)
class Form:
    """The form of one unit: whose it is, of which periods, and its lines."""

    unit: int
    unit_name: str
    periods: str
    made_on: date
    lines: Sequence[Line]


def write(form: Form) -> bytes:
    """The workbook as bytes: protected without a password (against slips, not against will), inputs open."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(SHEET)
    cell = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    title = book.add_format({"font_name": "黑体", "font_size": 15})
    head = book.add_format({**cell, "font_name": "黑体", "bg_color": "#E8EDF2", "align": "center"})
    shut = book.add_format({**cell, "bg_color": "#F5F5F2"})
    open_ = {**cell, "locked": False, "bg_color": "#FFFDF0"}
    styles = {
        "shut": shut, "text": book.add_format({**open_, "num_format": "@"}), "figure": book.add_format(open_),
        "day": book.add_format({**open_, "num_format": "yyyy-mm-dd"}),
    }  # fmt: skip
    sheet.write_string(0, 3, printable(f"{form.unit_name} {form.periods} 填报表"), title)
    about = "只填黄色格子，不填的不改；数字填累计数；“无变化”填“是”。填好后在本单位填报页传回，确认后才写入。"
    sheet.write_string(1, 3, about)
    for column, said in enumerate((MARK, str(form.unit), form.made_on.isoformat())):
        sheet.write_string(2, column, said)
    for column, (name, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        sheet.write_string(FIRST - 1, column, name, head)
        sheet.set_column(column, column, width, None, {"hidden": column < 3})
    for at, line in enumerate(form.lines, FIRST):
        _line(sheet, at, line, styles)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.freeze_panes(FIRST, 5)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST - 1)
    book.close()
    return out.getvalue()


def _line(sheet: Any, at: int, line: Line, styles: dict[str, Any]) -> None:
    shut = (
        str(line.report), line.task, line.field, line.title, line.asked, line.quote, line.last, line.whole, line.unit
    )  # fmt: skip
    for column, said in enumerate(shut):
        sheet.write_string(at, column, printable(said)[:3000], styles["shut"])
    figure = line.kind == "figure"
    counted = _number(line.value) if figure else None
    if counted is not None:
        sheet.write_number(at, VALUE, counted, styles["figure"])
    elif line.value:
        sheet.write_string(at, VALUE, printable(line.value)[:30_000], styles["text"])
    else:
        sheet.write_blank(at, VALUE, None, styles["figure" if figure else "text"])
    for column in range(CUTOFF, NOTE + 1):
        sheet.write_blank(at, column, None, styles["text" if figure else "shut"])
    if figure:
        if line.cutoff:
            sheet.write_datetime(at, CUTOFF, line.cutoff, styles["day"])
        sheet.write_string(at, BASIS, BASES.get(line.basis, BASES["official"]), styles["text"])
        sheet.write_string(at, SOURCE, printable(line.source), styles["text"])
        sheet.write_string(at, NOTE, printable(line.note), styles["text"])
    _validate(sheet, at, line)


def _number(text: str) -> float | None:
    """The figure of a draft; None for what is none yet ("约12"), which stands in the form as it was typed."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return float(value) if value.is_finite() and abs(value) < 1e15 else None


def _validate(sheet: Any, at: int, line: Line) -> None:
    """What a cell takes, and the sentence shown where it does not."""
    if line.kind == "figure":
        wrong = {"error_title": "不是数字", "error_message": "请填数字，不带单位。"}
        sheet.data_validation(
            at, VALUE, at, VALUE, {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15, **wrong}
        )  # fmt: skip
        sheet.data_validation(at, BASIS, at, BASIS, {"validate": "list", "source": list(BASES.values())})
        if line.latest:
            said = {"error_title": "日期不对", "error_message": f"不能晚于 {line.latest}。"}
            sheet.data_validation(
                at, CUTOFF, at, CUTOFF, {"validate": "date", "criteria": "<=", "value": line.latest, **said}
            )  # fmt: skip
    elif line.kind == "yes":
        sheet.data_validation(at, VALUE, at, VALUE, {"validate": "list", "source": [YES, NOT_YET]})
    elif line.kind == "choice":
        sheet.data_validation(at, VALUE, at, VALUE, {"validate": "list", "source": _short(line.choices)})


def _short(choices: Sequence[str]) -> list[str]:
    """The choices that fit into Excel's 255 characters of a list, commas taken out, which part it."""
    found: list[str] = []
    for choice in choices:
        plain = choice.replace(",", "，")
        if sum(map(len, found)) + len(found) + len(plain) < 250:
            found.append(plain)
    return found
