"""Excel and WPS tables: every cell as its reader sees it, tables told apart, tasks with their units; nothing bursts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from luoshi.exports import write
from luoshi.reading import read
from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge, UnknownFormat
from luoshi.reading.ledger import Ledger, Origin, Task
from luoshi.reading.sources import Opened, open_source
from luoshi.reading.sources.shown import shown
from tests.exports.factory import example_ledger
from tests.reading.sources.workbooks import Drawn, part_of, repacked, xls, xlsx

HEADER: list[Any] = ["序号", "工作任务", "责任单位", "完成时限"]
ROWS: list[list[Any]] = [
    [1, "新增规上工业企业30家。", "县经信局、县发改局", "12月底前"],
    [2, "改造老旧小区12个。", "县住建局", "6月底前"],
]
TITLE = "澜湾县2022年政府重点工作任务清单"
PLAIN = Drawn("Sheet1", [[TITLE], HEADER, *ROWS], [(0, 0, 0, 3)])
FIRST_LEADS = ["备注：责任单位第一个为牵头单位。"]
KINDS: dict[str, Callable[..., bytes]] = {"xlsx": xlsx, "xls": xls, "et": xls}
both = pytest.mark.parametrize("kind", KINDS)


def tasks(ledger: Ledger) -> list[Task]:
    return [task for _, _, _, task in ledger.tasks()]


def duties(ledger: Ledger) -> list[list[tuple[str, str]]]:
    return [[(unit.name, unit.role) for unit in task.units] for task in tasks(ledger)]


def texts(opened: Opened, kind: str) -> list[str]:
    return [block.text for block in opened.blocks if block.kind == kind]


# What is seen


@both
def test_cells_keep_their_place_and_title_and_notes_are_lines(kind):
    sheet = Drawn("Sheet1", [[TITLE], ["单位：个"], HEADER, *ROWS, FIRST_LEADS], [(0, 0, 0, 3), (5, 0, 5, 3)])
    opened = open_source(KINDS[kind](sheet), f"清单.{kind}")
    assert texts(opened, "paragraph") == [TITLE, "单位：个", *FIRST_LEADS]
    assert texts(opened, "cell")[:5] == [*HEADER, "1"]
    cells = [block for block in opened.blocks if block.kind == "cell"]
    assert cells[5].origin == Origin(sheet="Sheet1", table=0, row=3, column=1)
    ledger = read(KINDS[kind](sheet), name=f"清单.{kind}")
    assert [plan.title for plan in ledger.plans] == [TITLE]
    assert duties(ledger) == [[("县经信局", "lead"), ("县发改局", "support")], [("县住建局", "lead")]]
    assert [task.deadline for task in tasks(ledger)] == ["2022-12", "2022-06"]


@both
def test_what_is_hidden_is_kept_and_not_read(kind):
    rows = [[*HEADER, "领导"], *([*row, "张三丰"] for row in ROWS)]
    old = Drawn("去年", [HEADER, [1, "去年的任务。", "县住建局", "年底"]], hidden=True)
    data = KINDS[kind](Drawn("Sheet1", rows, hidden_rows=[1], hidden_columns=[4]), old)
    opened = open_source(data, f"a.{kind}")
    assert "张三丰" not in texts(opened, "cell") and "去年的任务。" not in texts(opened, "cell")
    assert {"张三丰", "领导", "去年的任务。", ROWS[0][1]} <= set(texts(opened, "chrome"))
    assert [task.text for task in tasks(read(data, name=f"a.{kind}"))] == [ROWS[1][1]]


@both
def test_a_merged_cell_whose_first_row_is_hidden_is_still_seen(kind):
    rows = [HEADER, *ROWS, [3, "新建幼儿园3所。", None, "8月底前"]]
    data = KINDS[kind](Drawn("Sheet1", rows, [(2, 2, 3, 2)], hidden_rows=[2]))
    assert duties(read(data, name=f"a.{kind}")) == [
        [("县经信局", "joint"), ("县发改局", "joint")],
        [("县住建局", "joint")],
    ]


@both
def test_numbers_are_written_as_people_see_them(kind):
    day = datetime(2022, 6, 30)
    row = [
        2022.0,
        (0.125, "0.0%"),
        (1500.0, "#,##0"),
        (30, '0"家"'),
        (day, "yyyy-mm-dd"),
        (day, "yyyy/m"),
        0.1 + 0.2,
        -3,
    ]
    shown_cells = texts(open_source(KINDS[kind](Drawn("Sheet1", [row, row])), f"a.{kind}"), "cell")[:8]
    assert shown_cells == ["2022", "12.5%", "1,500", "30家", "2022年6月30日", "2022年6月", "0.3", "-3"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (3.0, "General", "3"),
        (1e15, "General", "1e+15"),
        (0.00001234, "General", "0.00001234"),
        (0.065, "0%", "7%"),
        (-0.065, "0.0%", "-6.5%"),
        (-5.0, "0;(0)", "(5)"),
        (0.0, '0;-0;"无"', "无"),
        (12.5, '0.0#"亿元"', "12.5亿元"),
        (7.0, '"第"0"批"', "第7批"),
        (7.0, "000", "007"),
        (1234567.0, "#,##0,", "1,235"),
        (8.5, "[$¥-804]#,##0.00", "¥8.50"),
        (44742.0, "[$-804]yyyy年m月d日;@", "2022年6月30日"),
        (44742.0, "m月d日", "6月30日"),
        (44742.75, "yyyy-m-d h:mm", "2022年6月30日 18:00"),
        (0.5, "h:mm", "12:00"),
        (61.0, "yyyy-m-d", "1900年3月1日"),
        (-1.0, "yyyy-m-d", "-1"),
        (0.5, "# ?/?", "0.5"),
        (float("inf"), "0", ""),
        (3.0, '"', "3"),
        (3.0, "0" * 10_000, "3"),
    ],
)
def test_a_format_shows_its_number(value, code, text):
    assert shown(value, code) == text


def test_days_counted_from_1904_are_the_same_days():
    assert shown(44742 - 1462, "yyyy-m-d", since_1904=True) == "2022年6月30日"


def test_a_formula_without_result_is_kept_as_no_one_sees_it():
    opened = open_source(xlsx(Drawn("Sheet1", [HEADER, *ROWS], formulas={(1, 4): "=SUM(A2:A3)"})), "a.xlsx")
    assert texts(opened, "chrome") == ["Sheet1", "=SUM(A2:A3)"]


# Tables


@pytest.mark.parametrize("merged_down", [True, False])
@both
def test_a_header_of_two_rows_with_units_and_quarters_in_groups(kind, merged_down):
    rows = [
        ["2022年县政府重点工作任务清单"],
        ["序号", "工作任务", "责任单位", None, "时间节点", None, None, None, "备注"],
        [None, None, "牵头单位", "配合单位", "一季度", "二季度", "三季度", "四季度"],
        [1, "新增规上工业企业30家。", "县经信局", "县发改局、县统计局", "摸底", "新增10家", "新增20家", "新增30家"],
    ]
    down = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 8, 2, 8)] if merged_down else []
    ledger = read(
        KINDS[kind](Drawn("Sheet1", rows, [(0, 0, 0, 8), (1, 2, 1, 3), (1, 4, 1, 7), *down])), name=f"a.{kind}"
    )
    assert duties(ledger) == [[("县经信局", "lead"), ("县发改局", "support"), ("县统计局", "support")]]
    nodes = [(node.due, node.text) for node in tasks(ledger)[0].milestones]
    assert nodes == [("2022-Q1", "摸底"), ("2022-Q2", "新增10家"), ("2022-Q3", "新增20家"), ("2022-Q4", "新增30家")]
    assert not ledger.coverage.not_understood


@pytest.mark.parametrize("gap", [[], [[]]])
def test_two_tables_on_a_sheet_are_two_plans(gap):
    second = [
        ["2022年县民生实事项目清单"],
        ["序号", "项目名称", "建设内容", "责任单位"],
        [1, "放心午餐", "建设中小学食堂8个。", "县教育局"],
    ]
    ending = ["填表人：王二", None, None, "联系电话：0571-1234567"]
    ledger = read(xlsx(Drawn("Sheet1", [[TITLE], HEADER, *ROWS, FIRST_LEADS, *gap, *second, ending])), name="a.xlsx")
    assert [(plan.title, plan.kind, len(plan.sections[0].tasks)) for plan in ledger.plans] == [
        (TITLE, "work_report", 2),
        ("2022年县民生实事项目清单", "livelihood", 1),
    ]
    assert tasks(ledger)[2].title == "放心午餐"


def test_a_blank_row_within_a_table_loses_nothing():
    rows = [HEADER, ROWS[0], [], ["一、民生"], ROWS[1], [], [3, "新建幼儿园3所。", "县教育局", "8月底前"]]
    ledger = read(xlsx(Drawn("Sheet1", rows)), name="a.xlsx")
    assert [(section.heading, len(section.tasks)) for section in ledger.plans[0].sections] == [
        (None, 1),
        ("一、民生", 2),
    ]


def test_a_header_repeated_for_the_printed_page_is_no_task():
    opened = open_source(xlsx(Drawn("Sheet1", [HEADER, ROWS[0], HEADER, ROWS[1]])), "a.xlsx")
    assert texts(opened, "chrome") == ["Sheet1", *HEADER]
    assert {block.origin.table for block in opened.blocks if block.kind == "cell"} == {0}


def test_categories_and_leaders_merged_units_on_lines_stars_and_no_numbers():
    rows = [
        [TITLE],
        ["类别", "工作任务", "县领导", "责任单位", "完成时限"],
        ["产业发展", "新增规上工业企业30家。", "张三丰", "★县经信局\n县发改局", (datetime(2022, 6, 30), "yyyy-mm-dd")],
        [None, "开工亿元以上项目20个。", None, "★县发改局\n各乡镇（街道）", "2022年12月底前"],
        ["民生改善", "改造老旧小区12个。", "李四光", "★县住建局\n县财政局", (44926, 'yyyy"年"m"月"')],
        ["注：★为牵头单位。"],
    ]
    merges = [(0, 0, 0, 4), (2, 0, 3, 0), (2, 2, 3, 2), (5, 0, 5, 4)]
    ledger = read(xlsx(Drawn("Sheet1", rows, merges)), name="a.xlsx")
    assert [(s.heading, len(s.tasks)) for s in ledger.plans[0].sections] == [("产业发展", 2), ("民生改善", 1)]
    assert [task.leaders[0].name for task in tasks(ledger)] == ["张三丰", "张三丰", "李四光"]
    assert duties(ledger)[1] == [("县发改局", "lead"), ("各乡镇（街道）", "support")]
    assert [task.deadline for task in tasks(ledger)] == ["2022-06-30", "2022-12", "2022-12"]
    assert not ledger.coverage.not_understood


def test_a_theme_without_number_stands_alone_in_its_row():
    ledger = read(xlsx(Drawn("Sheet1", [HEADER, ROWS[0], ["乡村振兴"], ROWS[1], ["合计"]])), name="a.xlsx")
    assert [(s.heading, len(s.tasks)) for s in ledger.plans[0].sections] == [(None, 1), ("乡村振兴", 1)]


def test_one_task_merged_over_rows_is_one_task_with_the_units_and_values_of_all():
    rows = [
        ["序号", "工作任务", "目标值", "责任单位"],
        [1, "培育规上工业企业。", (30, '0"家"'), "县经信局"],
        [None, None, (12, '0"个"'), "县发改局"],
        [2, "改造老旧小区12个。", None, "县住建局"],
    ]
    ledger = read(xlsx(Drawn("Sheet1", rows, [(1, 0, 2, 0), (1, 1, 2, 1)])), name="a.xlsx")
    assert duties(ledger) == [[("县经信局", "joint"), ("县发改局", "joint")], [("县住建局", "joint")]]
    assert [target.value for target in tasks(ledger)[0].targets] == [30, 12]


def test_a_project_table_with_groups_numbered_in_words_and_a_sum():
    rows = [
        ["澜湾县2022年重点建设项目计划表"],
        [None, None, None, None, None, "单位：万元"],
        ["序号", "项目名称", "建设内容", "总投资", "年度计划", None, "责任单位"],
        [None, None, None, None, "投资", "形象进度"],
        ["一", "续建项目（1个）", None, 30000],
        [1, "澜湾大桥", "新建跨海大桥1座。", 30000, 8000, "主体完工", "县交通运输局"],
        ["二", "新建项目（1个）"],
        [2, "老旧小区改造", "改造小区12个。", 1200, 1200, "完成改造", "县住建局"],
        ["合计", None, None, 31200, 9200],
    ]
    ledger = read(xlsx(Drawn("Sheet1", rows, [(0, 0, 0, 6), (2, 4, 2, 5)])), name="a.xlsx")
    assert [(s.heading, [t.title for t in s.tasks]) for s in ledger.plans[0].sections] == [
        ("续建项目（1个）", ["澜湾大桥"]),
        ("新建项目（1个）", ["老旧小区改造"]),
    ]
    assert not ledger.coverage.not_understood


def test_the_column_of_measures_is_no_column_of_units():
    rows = [
        ["序号", "指标名称", "单位", "2021年完成", "2022年目标", "牵头单位"],
        [1, "地区生产总值", "亿元", 380.5, (0.07, "0%"), "县发改局"],
    ]
    ledger = read(xlsx(Drawn("Sheet1", rows)), name="a.xlsx")
    assert duties(ledger) == [[("县发改局", "lead")]]
    assert [(target.subject, target.value, target.unit) for target in tasks(ledger)[0].targets] == [
        ("地区生产总值", 7, "%")
    ]


# Sheets


def test_each_sheet_with_a_title_is_a_plan_also_without_a_year():
    sheets = [Drawn(name, [[f"{name}县长牵头任务清单"], HEADER, row]) for name, row in zip(("王大江", "李小河"), ROWS)]
    titles = [plan.title for plan in read(xlsx(*sheets), name="a.xlsx").plans]
    assert titles == ["王大江县长牵头任务清单", "李小河县长牵头任务清单"]


def test_a_sheet_without_title_is_named_by_its_tab():
    named = Drawn("2022年民生实事项目清单", [HEADER, ROWS[1]])
    ledger = read(xlsx(Drawn("重点工作", [HEADER, ROWS[0]]), named), name="a.xlsx")
    assert [(plan.title, plan.kind) for plan in ledger.plans] == [("重点工作", "other"), (named.name, "livelihood")]


def test_sheets_that_explain_or_sum_up_are_kept_aside():
    explained = Drawn("填报说明", [["一、本表由县政府办公室负责填写。"]])
    counted = Drawn("汇总", [["单位", "任务数"], ["县经信局", 1]])
    opened = open_source(xlsx(PLAIN, explained, counted), "a.xlsx")
    assert {block.origin.sheet for block in opened.blocks if block.kind == "cell"} == {"Sheet1"}
    assert "一、本表由县政府办公室负责填写。" in texts(opened, "chrome")


def test_numbers_that_begin_again_on_each_sheet_are_other_tasks():
    header = ["任务编号", *HEADER[1:]]
    second = Drawn("民生实事", [["2022年县民生实事项目清单"], header, [1, "新建幼儿园3所。", "县教育局", "8月底前"]])
    ledger = read(xlsx(Drawn("重点工作", [[TITLE], header, *ROWS]), second), name="a.xlsx")
    assert [(plan.kind, len(plan.sections[0].tasks)) for plan in ledger.plans] == [
        ("work_report", 2),
        ("livelihood", 1),
    ]


def test_short_cells_under_a_theme_are_no_header():
    rows = [
        HEADER[1:],
        ["一、重点项目"],
        ["澜湾大桥项目", "县交通运输局", "年底"],
        ["二、其他项目"],
        ["城东项目", "县发改局", "年底"],
    ]
    ledger = read(xlsx(Drawn("Sheet1", rows)), name="a.xlsx")
    assert [task.text for task in tasks(ledger)] == ["澜湾大桥项目", "城东项目"]


def test_a_ledger_written_by_ourselves_comes_back():
    ledger = example_ledger()
    back = read(write(ledger, "xlsx"), name="台账.xlsx")

    def told(task: Task) -> list[tuple[str, str]]:
        return sorted((unit.name, unit.role) for unit in task.units)

    assert [told(task) for task in tasks(back)] == [told(task) for task in tasks(ledger)]
    for task, again in zip(tasks(ledger), tasks(back), strict=True):
        assert again.text.removeprefix(f"{task.title}\n") == task.text


# What is called Excel


def test_a_web_page_under_the_name_of_a_workbook_is_read_as_a_page():
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in [HEADER, *ROWS])
    for page in (f"<html xmlns:x='urn:x'><body><table>{lines}</table></body></html>", f"<table>{lines}</table>"):
        assert len(tasks(read(page.encode(), name="导出.xls"))) == 2


@pytest.mark.parametrize("mark", ["\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_commas_or_tabs_under_the_name_of_a_workbook_are_a_table(mark, encoding):
    quoted = [[1, '"新增规上工业企业30家,技改投资增长12%。\n全年完成。"', "县经信局", "12月底前"], ROWS[1]]
    data = "\r\n".join(mark.join(map(str, row)) for row in [HEADER, *quoted]).encode(encoding)
    for name in ("导出.xls", "导出.csv"):
        ledger = read(data, name=name)
        assert [task.text for task in tasks(ledger)] == [
            "新增规上工业企业30家,技改投资增长12%。\n全年完成。",
            ROWS[1][1],
        ]


def test_the_xml_of_excel_2003_is_read():
    def cell(value: object, more: str = "") -> str:
        kind = "Number" if isinstance(value, int) else "DateTime" if str(value).startswith("2022-") else "String"
        return f'<Cell {more}><Data ss:Type="{kind}">{value}</Data></Cell>'

    across, down, fourth = 'ss:MergeAcross="3"', 'ss:MergeDown="1"', 'ss:Index="4"'
    rows = [
        f"<Row>{cell(TITLE, across)}</Row>",
        "<Row>" + "".join(map(cell, HEADER)) + "</Row>",
        f"<Row>{cell(1)}{cell(ROWS[0][1])}{cell('县经信局', down)}{cell('2022-06-30T00:00:00.000')}</Row>",
        f"<Row>{cell(2)}{cell(ROWS[1][1])}{cell('6月底前', fourth)}</Row>",
        f'<Row ss:Hidden="1">{cell(3)}{cell("不看的任务。")}</Row>',
    ]
    data = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Sheet1"><Table>{"".join(rows)}</Table></Worksheet></Workbook>'
    )
    ledger = read(data.encode(), name="导出.xls")
    assert ledger.plans[0].title == TITLE
    assert duties(ledger) == [[("县经信局", "joint")]] * 2
    assert [task.deadline for task in tasks(ledger)] == ["2022-06-30", "2022-06"]


# Hostile files


def sheet_xml(body: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>"
    ).encode()


def inline(reference: str, text: str = "甲") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def named(column: int) -> str:
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters, column = chr(65 + rest) + letters, column - 1
    return letters


SHARED = '<c t="s"><v>0</v></c>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def test_a_cell_at_the_far_end_costs_nothing():
    data = repacked(xlsx(PLAIN), sheet1=sheet_xml(f'<row r="1">{inline("A1")}</row><row>{inline("XFD1048576")}</row>'))
    opened = open_source(data, "a.xlsx")
    assert [block.origin.row for block in opened.blocks if block.text == "甲"] == [0, 1_048_575]


def test_ten_thousand_columns_are_read():
    body = "".join(f"<row r='{r}'>{''.join(inline(f'{named(c)}{r}') for c in range(10_000))}</row>" for r in (1, 2, 3))
    before = time.process_time()
    assert read(repacked(xlsx(PLAIN), sheet1=sheet_xml(body)), name="a.xlsx").source.characters >= 30_000
    assert time.process_time() - before < 20


HOSTILE: dict[str, tuple[Callable[[], bytes | None], type[ReadingError]]] = {
    "bomb": (lambda: sheet_xml(" " * 230_000_000), TooLarge),
    "cells": (lambda: sheet_xml(f"<row>{SHARED * 12_500}</row>" * 20), TooLarge),
    "blanks": (lambda: sheet_xml("".join(f"<c s='{n}'/>" for n in range(2_100_000))), TooLarge),
    "characters": (lambda: sheet_xml(f"<row>{inline('A1', '甲' * 500_000) * 3}</row>"), TooLarge),
    "laughs": (lambda: sheet_xml(f"<row>{inline('A1', '&b;')}</row>", LAUGHS), CannotOpen),
    "outside": (lambda: sheet_xml(f"<row>{inline('A1', '&a;')}</row>", OUTSIDE), CannotOpen),
    "layers": (lambda: sheet_xml("<row>" * 100_000), CannotOpen),
    "zeros": (lambda: bytes(1000), CannotOpen),
    "nothing": (lambda: b"", CannotOpen),
    "blank": (lambda: sheet_xml(""), CannotOpen),
    "missing": (lambda: None, CannotOpen),
}


@pytest.mark.parametrize(("sheet", "error"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sheet_ends_in_a_sentence(sheet, error):
    with pytest.raises(error) as raised:
        open_source(repacked(xlsx(PLAIN), sheet1=sheet()), "a.xlsx")
    assert str(raised.value).endswith("。")


def test_one_long_text_shown_in_every_cell_is_refused():
    strings = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"甲" * 30_000}</t></si></sst>'
    )
    sheet = sheet_xml(f"<row>{SHARED * 10_000}</row>")
    with pytest.raises(TooLarge):
        open_source(repacked(xlsx(PLAIN), sheet1=sheet, sharedStrings=strings.encode()), "a.xlsx")


def test_merged_ranges_over_everything_cost_nothing():
    merged = "".join(f'<mergeCell ref="A{r}:XFD1048576"/>' for r in range(1, 50_001))
    cells = "".join(f'<row r="{r}" hidden="{r % 2}">{inline(f"A{r}")}{inline(f"B{r}")}</row>' for r in range(1, 50_001))
    sheet = sheet_xml(cells).replace(b"</worksheet>", f"<mergeCells>{merged}</mergeCells></worksheet>".encode())
    before = time.process_time()
    open_source(repacked(xlsx(PLAIN), sheet1=sheet), "a.xlsx")
    assert time.process_time() - before < 20


def test_sheets_that_are_one_sheet_many_times_are_read_once():
    data = xlsx(PLAIN)
    again = part_of(data, "workbook").replace(
        b"</sheets>", b'<sheet name="b" sheetId="9" r:id="rId1"/>' * 200 + b"</sheets>"
    )
    assert len(tasks(read(repacked(data, workbook=again), name="a.xlsx"))) == 2


def test_macros_are_left_alone_and_binary_workbooks_named():
    data = repacked(xlsx(PLAIN))
    assert len(tasks(read(data, name="a.xlsm"))) == 2
    with pytest.raises(CannotOpen):
        open_source(repacked(data, workbook=None), "a.xlsx")


def test_an_enciphered_workbook_asks_for_one_without_password():
    wrapped = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(400)
    old = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00\x02\x00\x00\x00"
    for data in (wrapped, old):
        with pytest.raises(CannotOpen, match="密码"):
            open_source(data, "a.xls")


def test_an_old_workbook_of_countless_blank_cells_is_refused():
    blanks = b"\xbe\x00\x06\x02" + bytes(0x206)
    with pytest.raises(TooLarge):
        open_source(b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + blanks * 20_000, "a.xls")


def damaged(whole: bytes, case: int, chance: random.Random) -> bytes:
    data = bytearray(whole)
    if case % 3 == 0:
        data = data[: chance.randrange(9, len(data))]
    for _ in range(case % 7 + (case % 3 > 0)):
        data[chance.randrange(8, len(data))] = chance.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "sheet1", "workbook", "sharedStrings", "styles"])
def test_damaged_files_and_parts_give_blocks_or_a_sentence(kind):
    chance = random.Random(5)
    whole = xls(PLAIN) if kind == "xls" else xlsx(PLAIN)
    part = None if kind in KINDS else part_of(whole, kind)
    refused = 0
    for case in range(150):
        if part is None:
            data = damaged(whole, case, chance)
        else:
            data = repacked(whole, **{kind: damaged(part, case, chance)})
        try:
            open_source(data, "a.xls" if kind == "xls" else "a.xlsx")
        except ReadingError as fault:
            refused += 1
            assert str(fault).endswith("。")
    assert refused > 20


def test_other_containers_keep_their_own_sentence():
    with pytest.raises((UnknownFormat, CannotOpen)):
        open_source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le"), "a.doc")
