"""Words of promise and aims without a number, from the sentence to the adopted plan, its page and its tables."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from luoshi.documents.actions import Edit, correct, receive
from luoshi.documents.models import Document
from luoshi.exports import write
from luoshi.people.actions import NewUnit
from luoshi.plans.actions import adopt
from luoshi.plans.models import Plan
from luoshi.reading import read
from tests.cast import Cast

TEXT = """澜湾县2026年政府工作报告重点工作责任分解
1.务必新增规上企业20家，加快推进滨江大桥建设，一般性支出只减不增。（牵头单位：县经信局）
2.力争工业投资增速高于全省平均，完成技改投资3亿元，确保居民收入与经济增长同步。（牵头单位：县财政局）
"""


@pytest.fixture
def document(cast: Cast) -> Document:
    file = SimpleUploadedFile("澜湾.txt", TEXT.encode())
    return receive(file, cast.clerk, cast.county).document


def adopted(document: Document, cast: Cast) -> Plan:
    have = set(cast.county.units.values_list("short_name", flat=True))
    choices = {name: NewUnit(name) for name in ("县经信局", "县财政局") if name not in have}
    (plan,) = adopt(document, cast.clerk, choices)
    return plan


def test_adopted_rows_keep_word_grade_and_place(cast: Cast, document: Document):
    plan = adopted(document, cast)
    one, two = plan.ledger_rows()
    blocks = document.reading().ledger["blocks"]
    (target,), (thing,) = one.targets.all(), one.deliverables.all()
    assert (target.promise, target.grade, target.strength) == ("务必", "ensure", "commit")
    assert (thing.promise, thing.grade) == ("加快推进", "advance")
    (fewer,) = one.aims.all()
    assert (fewer.quote, fewer.subject, fewer.kind, fewer.direction) == (
        "一般性支出只减不增",
        "一般性支出",
        "direction",
        "down",
    )
    above, level = two.aims.all()
    assert (above.kind, above.than, above.strength, above.grade) == ("comparison", "全省平均", "strive", "strive")
    assert (level.kind, level.direction, level.than, level.grade) == ("parity", "", "经济增长", "ensure")
    for part in (target, thing, fewer, above, level):
        for at, words in ((part.at, getattr(part, "quote", None)), (part.promise_at, part.promise)):
            if at:
                assert blocks[at["block"]]["text"][at["start"] : at["end"]] == words


def test_a_clerk_who_weakens_a_promise_overrules_its_word(cast: Cast, document: Document):
    correct(document, Edit("set", "t1.g1", {"strength": "strive"}), cast.clerk)
    target = adopted(document, cast).tasks.first().targets.get()
    assert (target.strength, target.promise, target.grade) == ("strive", "", "")


def test_the_pages_show_them(cast: Cast, document: Document, client: Client):
    client.force_login(cast.clerk)
    shown = client.get(reverse("reading", args=[document.pk])).content.decode()
    assert "一般性支出只减不增" in shown and "定性目标" in shown
    plan = adopted(document, cast)
    page = client.get(reverse("task", args=[plan.pk, plan.tasks.first().key])).content.decode()
    assert all(words in page for words in ("定性目标", "一般性支出只减不增", "务必", "加快推进"))


def test_the_tables_hold_them():
    ledger = read(TEXT.encode(), name="澜湾.txt")
    rows = list(csv.DictReader(io.StringIO(write(ledger, "csv").decode("utf-8-sig"))))
    assert rows[0]["定性目标"] == "一般性支出只减不增"
    assert rows[1]["定性目标"].splitlines()[0] == "工业投资增速高于全省平均（力争）"
    book = load_workbook(io.BytesIO(write(ledger, "xlsx")))
    aims = list(book["定性目标"].iter_rows(min_row=3, values_only=True))
    heads = dict(zip(aims[0], aims[2], strict=True))
    assert (heads["指标"], heads["类型"], heads["方向"], heads["比较对象"]) == (
        "工业投资增速",
        "对比",
        "上升",
        "全省平均",
    )
    assert (heads["承诺用语"], heads["承诺等级"]) == ("力争", "力争")
    targets = list(book["目标"].iter_rows(min_row=3, values_only=True))
    assert dict(zip(targets[0], targets[1], strict=True))["承诺等级"] == "确保"
    assert "一般性支出只减不增" in write(ledger, "md").decode()
    assert "定性目标" in write(ledger, "html").decode()
