"""Every export: the same bytes twice, nothing lost, nothing a spreadsheet or browser would run."""

import csv
import io
import json

import msgspec
import pytest
from openpyxl import load_workbook

from luoshi.exports import LEDGER_EXPORTS, write
from luoshi.exports.safe import inert, printable
from luoshi.reading.ledger import Doubt, Ledger, Span
from tests.exports.factory import example_ledger

EVIL = '=HYPERLINK("http://x","y")<script>alert(1)</script>|*\x00\x0b"&\''


def poisoned() -> Ledger:
    """The example with hostile words wherever the document's words go."""
    ledger = example_ledger()
    section = ledger.plans[0].sections[0]
    task = section.tasks[0]
    target = msgspec.structs.replace(task.targets[0], subject=EVIL, quote=EVIL, unit=EVIL)
    unit = msgspec.structs.replace(task.units[0], name="@" + EVIL)
    bad = msgspec.structs.replace(task, text=EVIL, title="+1", units=(unit,), targets=(target,), progress="-1+1")
    section = msgspec.structs.replace(section, heading="=" + EVIL, tasks=(bad, *section.tasks[1:]))
    plan = msgspec.structs.replace(ledger.plans[0], sections=(section, *ledger.plans[0].sections[1:]))
    blocks = (msgspec.structs.replace(ledger.blocks[0], text=EVIL * 3), *ledger.blocks[1:])
    doubts = (
        Doubt(code="x", message=EVIL, at=Span(0, 0, 5), task="plans/0/sections/0/tasks/0"),
        Doubt(code="y", message=EVIL),
    )
    document = msgspec.structs.replace(ledger.document, title=EVIL, number=EVIL)
    return msgspec.structs.replace(
        ledger, plans=(plan, *ledger.plans[1:]), blocks=blocks, doubts=doubts, document=document
    )


@pytest.mark.parametrize("name", LEDGER_EXPORTS)
def test_the_same_ledger_gives_the_same_bytes(name):
    assert write(example_ledger(), name) == write(example_ledger(), name)


@pytest.mark.parametrize("name", LEDGER_EXPORTS)
def test_a_document_without_tasks_still_gives_a_file(name):
    empty = msgspec.structs.replace(example_ledger(), plans=(), blocks=())
    assert write(empty, name)


def test_json_is_the_ledger_and_one_line_when_asked():
    ledger = example_ledger()
    assert json.loads(write(ledger, "json"))["document"]["number"] == "澜政办发〔2026〕12号"
    line = write(ledger, "json", blocks=True, indent=0)
    assert line.count(b"\n") == 1
    assert len(json.loads(line)["blocks"]) == len(ledger.blocks)


def test_csv_opens_in_excel_and_keeps_every_task():
    data = write(example_ledger(), "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 72
    assert rows[16]["任务编号"] == "2026-GZ-3-2"
    assert rows[16]["量化目标"] == "省级专精特新中小企业 10 家\n国家级“小巨人”企业 1—2 家（力争）"
    assert {row["牵头单位"] for row in rows} >= {"县发改局", "县医保局"}


def test_csv_cells_never_begin_like_a_formula():
    for row in csv.reader(io.StringIO(write(poisoned(), "csv").decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert inert(" =1") == "' =1"
    assert inert("＝1") == "'＝1"
    assert inert("增长5%") == "增长5%"
    assert printable("a\x00\ud800b") == "ab"


def test_markdown_tables_hold_against_pipes_and_markup():
    lines = write(poisoned(), "md").decode().splitlines()
    rows = [line for line in lines if line.startswith("| 2026-")]
    assert len(rows) == 72
    for row in rows:
        assert row.replace("\\|", "").count("|") == 7
    assert "<script" not in "\n".join(lines).replace("\\<", "")


@pytest.fixture(scope="module")
def book():
    return load_workbook(io.BytesIO(write(example_ledger(), "xlsx")))


class TestWorkbook:
    def test_one_row_a_task_under_the_columns_offices_use(self, book):
        sheet = book["台账"]
        head = [cell.value for cell in sheet[3]]
        assert head == [
            "序号", "任务编号", "板块", "工作任务", "量化目标与成果", "牵头领导", "牵头单位", "配合单位",
            "完成时限", "完成情况", "存在问题", "下一步措施", "备注",
        ]  # fmt: skip
        assert [sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)] == list(range(1, 73))
        assert sheet["A1"].value.startswith("澜湾县人民政府办公室关于印发")
        assert "澜政办发〔2026〕12号" in sheet["A2"].value

    def test_header_is_frozen_filtered_and_repeated_on_a4_landscape(self, book):
        sheet = book["台账"]
        assert sheet.freeze_panes == "C4"
        assert sheet.auto_filter.ref == "A3:M75"
        assert sheet.print_title_rows == "$1:$3"
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert "&P" in sheet.oddFooter.center.text and "&N" in sheet.oddFooter.center.text

    def test_wrapped_text_has_room(self, book):
        sheet = book["台账"]
        longest = max(range(4, 76), key=lambda row: len(sheet.cell(row, 4).value))
        assert sheet.cell(longest, 4).alignment.wrap_text
        assert sheet.row_dimensions[longest].height >= len(sheet.cell(longest, 4).value) * 2 / 42 * 13

    def test_targets_are_numbers_on_a_sheet_of_their_own(self, book):
        sheet = book["目标"]
        rows = {row[2]: row for row in sheet.iter_rows(min_row=4, values_only=True)}
        assert len(list(sheet.iter_rows(min_row=4))) == 99
        assert rows["盘活存量用地"][4:8] == ("不少于", 1800, None, "亩")
        assert rows["护理型床位占比"][8] == "52%"
        assert rows["国家级“小巨人”企业"][5:7] == (1, 2)

    def test_sums_are_formulas_that_agree_with_their_rows(self, book):
        data = write(example_ledger(), "xlsx")
        formulas = book["汇总"]
        values = load_workbook(io.BytesIO(data), data_only=True)["汇总"]
        total = next(row for row in range(4, 40) if formulas.cell(row, 1).value == "合计")
        assert formulas.cell(total, 3).value == f"=SUM(C4:C{total - 1})"
        for column, wanted in ((3, 72), (4, 99), (5, 21)):
            listed = sum(values.cell(row, column).value for row in range(4, total))
            assert values.cell(total, column).value == listed == wanted

    def test_text_stays_text(self):
        book = load_workbook(io.BytesIO(write(poisoned(), "xlsx")))
        formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert formulas and all(str(value).startswith("=SUM(") for value in formulas)
        assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)

    def test_roles_of_a_document_that_names_no_lead(self):
        ledger = example_ledger()
        section = ledger.plans[1].sections[0]
        tasks = tuple(
            msgspec.structs.replace(t, units=tuple(msgspec.structs.replace(u, role="joint") for u in t.units))
            for t in section.tasks
        )
        plan = msgspec.structs.replace(ledger.plans[1], sections=(msgspec.structs.replace(section, tasks=tasks),))
        sheet = load_workbook(io.BytesIO(write(msgspec.structs.replace(ledger, plans=(plan,)), "xlsx")))["台账"]
        head = [cell.value for cell in sheet[3]]
        assert "责任单位（未分主次）" in head
        assert "牵头单位" not in head and "配合单位" not in head
