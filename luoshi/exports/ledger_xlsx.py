"""The ledger as an Excel workbook, as a supervision office keeps it.

Sheets: 台账 (one row a task), 目标 (one row a target, numbers as numbers), 成果, 定性目标 (aims without a number, where there
are any), 存疑, 汇总 (sums that add up), 说明.
A4 landscape, header repeated and frozen, filter on. Text never becomes a formula or a link; the same table gives the
same bytes (the file is stamped with the document's date).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from luoshi.exports.rows import LedgerRow, LedgerTable
from luoshi.exports.safe import printable

Cell = str | float | int | None

_LINE = 14.5  # points a line of 10-point text takes
_TALLEST = 409.0  # Excel's limit for a row
_LONGEST = 32_000  # Excel holds 32,767 characters a cell


@dataclass(frozen=True)
class Column:
    """A column: heading, width in characters of the digit 0, and what it shows of a row."""

    head: str
    width: float
    of: Callable[[Any], Cell]
    centred: bool = False


def write(table: LedgerTable) -> bytes:
    """The workbook as bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": printable(table.title)[:255], "author": printable(table.issuer)[:255], "created": _stamp(table.dated)}
    )
    sheets = _Sheets(book, table)
    sheets.grid("台账", _task_columns(table.rows), list(enumerate(table.rows, 1)))
    targets = [(n, row, target) for n, row in enumerate(table.rows, 1) for target in row.targets]
    sheets.grid("目标", _TARGETS, targets)
    things = [(n, row, thing) for n, row in enumerate(table.rows, 1) for thing in row.deliverables]
    sheets.grid("成果", _DELIVERABLES, things)
    aims = [(n, row, aim) for n, row in enumerate(table.rows, 1) for aim in row.aims]
    if aims:
        sheets.grid("定性目标", _AIMS, aims)
    doubts = [(row.key, row.text, message) for row in table.rows for message in row.doubts]
    sheets.grid("存疑", _DOUBTS, doubts + [("全文", "", message) for message in table.general_doubts])
    sheets.sums()
    sheets.notes()
    book.close()
    return out.getvalue()


def _task_columns(rows: Sequence[LedgerRow]) -> list[Column]:
    """The columns of the main sheet; roles that the document does not use get none."""

    def used(name: str) -> bool:
        return any(getattr(row, name) for row in rows)

    def listed(name: str, mark: str = "、") -> Callable[[tuple[int, LedgerRow]], str]:
        return lambda item: mark.join(map(str, getattr(item[1], name)))

    units = [
        ("lead_units", "牵头单位", 12),
        ("joint_units", "责任单位（未分主次）", 14),
        ("support_units", "配合单位", 15),
    ]
    shown = [
        Column(head, width, listed(name))
        for name, head, width in units
        if used(name) or (name == "lead_units" and not used("joint_units"))
    ]
    return [
        Column("序号", 5, lambda item: item[0], centred=True),
        Column("任务编号", 12, lambda item: item[1].key, centred=True),
        Column("板块", 13, lambda item: item[1].section or item[1].plan),
        Column("工作任务", 42, lambda item: "\n".join(filter(None, (item[1].title, item[1].text)))),
        Column("量化目标与成果", 27, listed("goals", "\n")),
        Column("牵头领导", 10, listed("leaders"), centred=True),
        *shown,
        *([Column("时间节点", 16, listed("milestones", "\n"))] if used("milestones") else []),
        Column("完成时限", 10, lambda item: item[1].deadline, centred=True),
        Column("完成情况", 16, lambda item: item[1].progress),
        Column("存在问题", 12, lambda item: item[1].problem),
        Column("下一步措施", 12, lambda item: item[1].next_step),
        Column("备注", 11, lambda item: "\n".join(f"存疑：{d}" for d in item[1].doubts)),
    ]


_TARGETS = [
    Column("序号", 5, lambda i: i[0], centred=True),
    Column("任务编号", 12, lambda i: i[1].key, centred=True),
    Column("指标", 34, lambda i: i[2].subject),
    Column("类型", 7, lambda i: i[2].kind, centred=True),
    Column("要求", 8, lambda i: i[2].bound, centred=True),
    Column("目标值", 11, lambda i: i[2].value),
    Column("上限值", 9, lambda i: i[2].value_to),
    Column("单位", 10, lambda i: i[2].unit, centred=True),
    Column("基数", 10, lambda i: i[2].baseline, centred=True),
    Column("力度", 7, lambda i: i[2].strength, centred=True),
    Column("承诺用语", 8, lambda i: i[2].promise, centred=True),
    Column("承诺等级", 8, lambda i: i[2].grade, centred=True),
    Column("责任单位", 18, lambda i: "、".join(i[1].responsible)),
    Column("原文", 44, lambda i: i[2].quote),
]
_DELIVERABLES = [
    Column("序号", 5, lambda i: i[0], centred=True),
    Column("任务编号", 12, lambda i: i[1].key, centred=True),
    Column("成果名称", 46, lambda i: i[2].name),
    Column("本年阶段", 10, lambda i: i[2].stage, centred=True),
    Column("力度", 8, lambda i: i[2].strength, centred=True),
    Column("承诺用语", 9, lambda i: i[2].promise, centred=True),
    Column("承诺等级", 9, lambda i: i[2].grade, centred=True),
    Column("责任单位", 24, lambda i: "、".join(i[1].responsible)),
    Column("完成时限", 12, lambda i: i[1].deadline, centred=True),
]
_AIMS = [
    Column("序号", 5, lambda i: i[0], centred=True),
    Column("任务编号", 12, lambda i: i[1].key, centred=True),
    Column("指标", 34, lambda i: i[2].subject),
    Column("类型", 7, lambda i: i[2].kind, centred=True),
    Column("方向", 7, lambda i: i[2].direction, centred=True),
    Column("比较对象", 18, lambda i: i[2].than, centred=True),
    Column("力度", 7, lambda i: i[2].strength, centred=True),
    Column("承诺用语", 8, lambda i: i[2].promise, centred=True),
    Column("承诺等级", 8, lambda i: i[2].grade, centred=True),
    Column("责任单位", 18, lambda i: "、".join(i[1].responsible)),
    Column("原文", 44, lambda i: i[2].quote),
]
_DOUBTS = [
    Column("任务编号", 12, lambda i: i[0], centred=True),
    Column("工作任务", 60, lambda i: i[1]),
    Column("存疑", 60, lambda i: i[2]),
]


class _Sheets:
    """The workbook being written: its formats and how each kind of sheet is laid out."""

    def __init__(self, book: xlsxwriter.Workbook, table: LedgerTable) -> None:
        self.book, self.table = book, table
        cell = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        self.title = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
        self.about = book.add_format({"font_name": "宋体", "font_size": 10, "align": "center", "valign": "vcenter"})
        self.head = book.add_format({**cell, "font_name": "黑体", "align": "center", "bg_color": "#E8EDF2"})
        self.left = book.add_format(cell)
        self.centre = book.add_format({**cell, "align": "center"})
        self.total = book.add_format({**cell, "font_name": "黑体", "top": 2})

    def grid(self, name: str, columns: Sequence[Column], items: Sequence[Any]) -> None:
        """A titled table with frozen, repeated, filtered header; nothing but the header where there are no items."""
        sheet = self._sheet(name, columns)
        for at, item in enumerate(items):
            texts = [column.of(item) for column in columns]
            sheet.set_row(3 + at, _height(texts, columns))
            for c, (column, value) in enumerate(zip(columns, texts, strict=True)):
                self._put(sheet, 3 + at, c, value, self.centre if column.centred else self.left)
        sheet.autofilter(2, 0, 2 + max(len(items), 1), len(columns) - 1)

    def sums(self) -> None:
        """Tasks, targets and deliverables a section, and the same a unit, each with a row of sums."""
        groups = [(plan, section, rows) for plan, section, rows in self.table.groups()]
        columns = [
            Column("方案", 30, str),
            Column("板块", 34, str),
            *(Column(h, 10, str) for h in ("任务", "目标", "成果", "存疑")),
        ]
        sheet = self._sheet("汇总", columns)
        lines: list[list[Cell]] = [
            [
                plan,
                section,
                len(rows),
                *(sum(len(getattr(r, n)) for r in rows) for n in ("targets", "deliverables", "doubts")),
            ]
            for plan, section, rows in groups
        ]
        after = self._sum_rows(sheet, 3, lines, first_number=2)
        units = _unit_counts(self.table.rows)
        for c, head in enumerate(("单位", "", "牵头", "共同", "配合")):
            sheet.write_string(after + 1, c, head, self.head)
        self._sum_rows(sheet, after + 2, [[name, "", *counts] for name, counts in units], first_number=2)

    def notes(self) -> None:
        """Where the ledger came from, and what the columns mean."""
        columns = [Column("项目", 16, lambda i: i[0]), Column("内容", 110, lambda i: i[1])]
        meaning = (
            ("任务编号", "年份、方案（GZ 重点工作，MS 民生实事，QT 其他）、板块序号、原编号"),
            ("要求", "不少于、不超过、左右、恰为、区间，按原文用语判定；“力争”“争取”等记为力争"),
            ("承诺等级", "由强到弱：确保、完成、力争、争创、推进、谋划；原文没有承诺用语的留空"),
            ("定性目标", "只减不增、与……同步、动态清零等没有数字的目标，不当作数字，也不漏掉"),
            ("空白单元格", "原文没有写明，不作推断"),
        )
        self.grid("说明", columns, [*self.table.notes, *meaning])

    def _sheet(self, name: str, columns: Sequence[Column]) -> Any:
        sheet, last = self.book.add_worksheet(name), len(columns) - 1
        for c, column in enumerate(columns):
            sheet.set_column(c, c, column.width)
            sheet.write_string(2, c, column.head, self.head)
        heading = printable(self.table.title if name == "台账" else f"{self.table.title}·{name}")
        sheet.merge_range(0, 0, 0, last, "", self.title)
        sheet.write_string(0, 0, heading[:_LONGEST], self.title)
        sheet.merge_range(1, 0, 1, last, "", self.about)
        about = "　".join(filter(None, (self.table.number, self.table.issuer, self.table.dated)))
        sheet.write_string(1, 0, printable(about)[:_LONGEST], self.about)
        sheet.set_row(0, 30)
        sheet.set_row(2, 24)
        sheet.freeze_panes(3, 2 if len(columns) > 6 else 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 2)
        sheet.center_horizontally()
        sheet.set_footer("&L&8" + name + "&C&9第 &P 页，共 &N 页")
        return sheet

    def _put(self, sheet: Any, row: int, column: int, value: Cell, style: Any) -> None:
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        elif value:
            sheet.write_string(row, column, printable(value)[:_LONGEST], style)
        else:
            sheet.write_blank(row, column, None, style)

    def _sum_rows(self, sheet: Any, first: int, lines: list[list[Cell]], first_number: int) -> int:
        """Lines from row ``first`` on, then their sums as formulas; the row after the sums."""
        for at, line in enumerate(lines, first):
            for c, value in enumerate(line):
                self._put(sheet, at, c, value, self.left)
        at = first + len(lines)
        sheet.write_string(at, 0, "合计", self.total)
        for c in range(1, len(lines[0]) if lines else 0):
            if c < first_number:
                sheet.write_blank(at, c, None, self.total)
                continue
            letter = chr(ord("A") + c)
            total = sum(v for line in lines if isinstance(v := line[c], int))
            sheet.write_formula(at, c, f"=SUM({letter}{first + 1}:{letter}{at})", self.total, total)
        return at + 1


def _unit_counts(rows: Iterable[LedgerRow]) -> list[tuple[str, tuple[int, int, int]]]:
    """How often each unit leads, shares and supports, in the order the document first names them."""
    counts: dict[str, list[int]] = {}
    for row in rows:
        for role, names in enumerate((row.lead_units, row.joint_units, row.support_units)):
            for name in names:
                counts.setdefault(name, [0, 0, 0])[role] += 1
    return [(name, (c[0], c[1], c[2])) for name, c in counts.items()]


def _height(texts: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Points a row needs so that no wrapped text is cut off."""
    lines = max(
        (_lines(text, column.width) for text, column in zip(texts, columns, strict=True) if isinstance(text, str)),
        default=1,
    )
    return min(lines * _LINE + 5, _TALLEST)


def _lines(text: str, width: float) -> int:
    room = max(width - 1.5, 1)
    return sum(
        max(1, -int(-sum(2.05 if east_asian_width(c) in "WFA" else 1.05 for c in part) // room))
        for part in text.split("\n")
    )


def _stamp(dated: str | None) -> datetime:
    try:
        return datetime.fromisoformat(dated or "")
    except ValueError:
        return datetime(2000, 1, 1)
