"""Units and people from a table: what the preview says is what is written, and nothing at all if a row is wrong."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError

from luoshi.people import history, importing
from luoshi.people.models import Member, Unit, User

ROWS = [
    ("县水务局", "澜湾县水务局", "政府部门", "水务局、县水利局", "shui", "水清", "单位联络员"),
    ("县水务局", "", "", "", "shui2", "水深", "单位负责人"),
    ("县住建局", "", "", "住建局", "", "", ""),
    ("", "", "", "", "bai", "白砚秋", "领导"),
]


def sheet(rows) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for at, row in enumerate([importing.COLUMNS, *rows]):
        page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def test_the_preview_writes_nothing_and_the_confirmed_table_everything(cast):
    rows = importing.rows_of(sheet(ROWS), "人员.xlsx")
    said = importing.plan(cast.county, rows)
    assert [out.error for out in said] == [""] * 4
    assert said[0].says == ["新单位 县水务局", "新账号 shui（水清）", "shui 任单位联络员"]
    assert said[2].says == ["县住建局 加别名 住建局"]
    assert not Unit.objects.filter(short_name="县水务局").exists() and not User.objects.filter(username="shui").exists()
    assert importing.carry_out(cast.county, rows, cast.account_admin) == (1, 2)
    assert Member.objects.get(user__username="shui2").unit.short_name == "县水务局"
    assert importing.carry_out(cast.county, rows, cast.account_admin) == (0, 0)
    assert all(not out.says for out in importing.plan(cast.county, rows)), "a second time nothing is new"
    assert history.verify_history(cast.county) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("县水务局", "", "衙门", "", "", "", ""), "没有“衙门”这类单位"),
        (("县水务局", "", "", "县自规局", "", "", ""), "已经是“县自然资源规划局”的名称"),
        (("", "澜湾县水务局", "", "", "", "", ""), "没有填单位简称"),
        (("县水务局", "", "", "", "x", "甲", "师爷"), "没有“师爷”这个角色"),
        (("", "", "", "", "x", "甲", "单位联络员"), "要填单位简称"),
        (("", "", "", "", "qiao", "乔南浦", "领导"), "已经有人用了"),
        (("", "", "", "", "yan", "", "安全管理员"), "不能由一人兼任"),
        (("", "", "", "", "", "甲", ""), "没有填账号"),
    ],
)
def test_a_wrong_row_is_named_and_stops_the_whole_table(cast, row, said):
    rows = importing.rows_of(sheet([ROWS[0], row]), "人员.xlsx")
    assert said in importing.plan(cast.county, rows)[1].error
    with pytest.raises(ValidationError, match="第 3 行"):
        importing.carry_out(cast.county, rows, cast.account_admin)
    assert not User.objects.filter(username="shui").exists()


def test_a_csv_does_as_well_and_other_files_are_refused(cast):
    csv = "单位简称,账号,姓名,角色\n县水务局,shui,水清,单位联络员\n".encode("gb18030")
    ((number, row),) = importing.rows_of(csv, "人员.csv")
    assert number == 2 and row["单位简称"] == "县水务局"
    for data, name in ((b"%PDF-1.7", "a.pdf"), ("甲,乙\n1,2\n".encode(), "a.csv"), (b"PK\x03\x04broken", "a.xlsx")):
        with pytest.raises(ValidationError):
            importing.rows_of(data, name)


def test_the_office_may_bring_units_but_no_accounts(cast):
    rows = importing.rows_of(sheet(ROWS[2:3]), "a.xlsx")
    assert importing.carry_out(cast.county, rows, cast.clerk) == (0, 0)
    for by in (cast.clerk, cast.outsider, cast.security_admin):
        with pytest.raises(PermissionDenied):
            importing.carry_out(cast.county, importing.rows_of(sheet(ROWS), "a.xlsx"), by)
