"""The unit's month by Excel and by prose: nothing is taken unseen, and what cannot be is said row by row."""

from __future__ import annotations

import io
import re

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from luoshi.desk import unit_prose
from luoshi.exports.unit_form import FIRST, SOURCE, VALUE
from luoshi.reading.sources.watching import tell
from tests.cast import Cast
from tests.desk.test_unit import april, page, running, save


@pytest.fixture
def plan(cast: Cast):
    return running(cast)


def book_of(client, cast: Cast):
    page(client, cast)
    got = client.get(reverse("unit-form", args=[cast.units["县住建局"].pk]))
    assert got.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(got.content))


def upload(client, cast: Cast, book, unit: str = "县住建局"):
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("form.xlsx", out.getvalue())
    return client.post(reverse("unit-form-read", args=[cast.units[unit].pk]), {"form": file}, follow=True)


def row_of(sheet, field: str) -> int:
    return next(row for row in range(FIRST + 1, sheet.max_row + 1) if sheet.cell(row, 3).value.startswith(field))


def accept(client, cast: Cast, shown, take):
    payload = re.search(r'name="payload" value="([^"]+)"', shown.content.decode()).group(1)
    where = reverse("unit-form-accept", args=[cast.units["县住建局"].pk])
    return client.post(where, {"payload": payload, "take": take}, follow=True)


def test_the_form_is_protected_except_its_boxes_and_comes_back_unchanged(plan, cast: Cast, client):
    book = book_of(client, cast)
    sheet = book["填报"]
    row = row_of(sheet, "target.")
    assert sheet.protection.sheet and sheet.cell(row, 4).protection.locked
    assert not sheet.cell(row, VALUE + 1).protection.locked and sheet.column_dimensions["A"].hidden
    assert {v.type for v in sheet.data_validations.dataValidation} >= {"decimal", "list", "date"}
    assert "没有读出与现在不同的内容" in upload(client, cast, book).content.decode()


def test_differences_are_shown_and_only_the_ticked_ones_are_drafted(plan, cast: Cast, client):
    book = book_of(client, cast)
    sheet = book["填报"]
    sheet.cell(row_of(sheet, "target."), VALUE + 1).value = 4
    sheet.cell(row_of(sheet, "target."), SOURCE + 1).value = "县质监站"
    sheet.cell(row_of(sheet, "progress"), VALUE + 1).value = "四个小区完工"
    shown = upload(client, cast, book)
    assert "四个小区完工" in shown.content.decode() and not april(plan).draft
    accept(client, cast, shown, ["0"])
    (held,) = april(plan).draft.values()
    assert held["value"]["value"] == "4" and held["value"]["source"] == "县质监站"
    assert (
        "页面放得太久"
        in client.post(
            reverse("unit-form-accept", args=[cast.units["县住建局"].pk]), {"payload": "x"}, follow=True
        ).content.decode()
    )


@pytest.mark.parametrize(
    "field, column, value, said",
    [
        ("target.", VALUE, "十二个", "不是数字"),
        ("target.", VALUE + 1, "2027-01-01", "不能晚于"),
        ("target.", VALUE + 2, "估的", "正式数或预计数"),
        ("unchanged", VALUE, "也许", "请填“是”或“否”"),
        ("target.", 2, "target.999999", "没有采用"),
        ("progress", 0, "999999", "没有采用"),
        ("progress", 1, "2026-GZ-9-9", "没有采用"),
    ],
)
def test_what_cannot_be_is_said_with_its_row(plan, cast: Cast, client, field, column, value, said):
    book = book_of(client, cast)
    sheet = book["填报"]
    row = row_of(sheet, field)
    sheet.cell(row, column + 1).value = value
    if column > VALUE:
        sheet.cell(row, VALUE + 1).value = 3
    text = upload(client, cast, book).content.decode()
    assert f"第 {row} 行" in text and said in text


def test_another_unit_s_form_and_other_files_are_refused(plan, cast: Cast, client):
    book = book_of(client, cast)
    book["填报"].cell(3, 2).value = "1"
    assert "别的单位的填报表" in upload(client, cast, book).content.decode()
    assert "不是从本页下载的" in upload(client, cast, openpyxl.Workbook()).content.decode()
    for who in ("outsider", "clerk", "nobody"):
        assert page(client, cast, who).status_code in (200, 403)
        assert client.get(reverse("unit-form", args=[cast.units["县住建局"].pk])).status_code == 403


def test_a_paragraph_is_read_and_confirmed(plan, cast: Cast, client):
    page(client, cast)
    said = "1.改造老旧小区12个。截至4月底，已改造老旧小区5个，惠及居民1400户。存在问题：望潮里管线迁改停工。下一步：5月底前完工2个。"
    where = reverse("unit-form-read", args=[cast.units["县住建局"].pk])
    shown = client.post(where, {"text": said}, follow=True)
    text = shown.content.decode()
    assert "5个" in text and "核对差别" in text
    count = text.count('name="take"')
    accept(client, cast, shown, [str(n) for n in range(count)])
    held = {name: each["value"] for name, each in april(plan).draft.items()}
    target = april(plan).task.targets.first()
    assert held[f"target.{target.pk}"]["value"] == "5"
    assert "请选文件" in client.post(where, {}, follow=True).content.decode()


def test_a_word_document_that_tells_of_two_tasks_goes_to_both(plan, cast: Cast, client):
    paper, out = docx.Document(), io.BytesIO()
    paper.add_paragraph("1.改造老旧小区12个。截至4月底，已改造老旧小区5个，惠及居民1400户。")
    paper.add_paragraph("2.新增城镇污水管网18公里。截至4月底，已新增城镇污水管网9公里。")
    paper.save(out)
    page(client, cast)
    where = reverse("unit-form-read", args=[cast.units["县住建局"].pk])
    shown = client.post(where, {"report": SimpleUploadedFile("四月小结.docx", out.getvalue())}, follow=True)
    accept(client, cast, shown, [str(n) for n in range(shown.content.decode().count('name="take"'))])
    for number, value in ((0, "5"), (1, "9")):
        report = april(plan, number)
        target = report.task.targets.first()
        assert report.draft[f"target.{target.pk}"]["value"]["value"] == value


def test_a_paragraph_on_two_tasks_goes_to_both_and_says_what_goes_to_none(plan, cast: Cast, client):
    said = (
        "截至4月底，已改造老旧小区5个，惠及居民1400户；新增城镇污水管网9公里。各项工作总体顺利。"
        "下一步，将倒排工期，确保全年任务完成。"
    )
    page(client, cast)
    where = reverse("unit-form-read", args=[cast.units["县住建局"].pk])
    shown = client.post(where, {"text": said}, follow=True)
    text = shown.content.decode()
    assert "没有看出说的是哪一项任务" in text
    assert "各项工作总体顺利。</li>" in text and "确保全年任务完成。</li>" in text
    accept(client, cast, shown, [str(n) for n in range(text.count('name="take"'))])
    for number, value in ((0, "5"), (1, "9")):
        report = april(plan, number)
        assert report.draft[f"target.{report.task.targets.first().pk}"]["value"]["value"] == value
        assert "顺利" not in report.draft["progress"]["value"] and "next_step" not in report.draft


def test_a_scan_of_many_pages_is_refused_at_once(plan, cast: Cast, client, monkeypatch):
    def read(*_arguments, **_options):
        tell(0, 12)
        raise AssertionError("the pages would be read in the request")

    monkeypatch.setattr(unit_prose, "read_account", read)
    page(client, cast)
    where = reverse("unit-form-read", args=[cast.units["县住建局"].pk])
    shown = client.post(where, {"report": SimpleUploadedFile("小结.pdf", b"%PDF-")}, follow=True)
    assert "这份扫描件有 12 页" in shown.content.decode()


def test_the_office_sees_the_burden_of_all_and_takes_it_along(plan, cast: Cast, client):
    page(client, cast, "clerk")
    assert "县住建局" in client.get(reverse("burden")).content.decode()
    assert client.get(reverse("burden") + "?format=csv").content.startswith(b"\xef\xbb\xbf")
    page(client, cast, "liaison")
    assert client.get(reverse("burden")).status_code == 403


def test_a_box_that_holds_no_number_yet_stands_in_the_form_as_typed(plan, cast: Cast, client):
    page(client, cast)
    target = april(plan).task.targets.first()
    for typed in ("约12", "NaN", "1e999"):
        save(client, april(plan), {f"target.{target.pk}": {"value": typed, "cutoff": "年底"}})
        sheet = book_of(client, cast)["填报"]
        assert sheet.cell(row_of(sheet, f"target.{target.pk}"), VALUE + 1).value == typed
