"""What was typed becomes corrections: only the differences, in an order that can be carried out."""

from __future__ import annotations

import pytest

from luoshi.desk import editing
from luoshi.desk.editing import edits
from luoshi.documents.actions import Edit

TASK = {
    "key": "t1", "title": None, "deadline": None,
    "units": [{"key": "t1.u1", "name": "县住建局", "role": "lead", "with": None}, {"key": "t1.u2", "name": "望潮街道", "role": "support"}],
    "targets": [{"key": "t1.g1", "subject": "老旧小区", "kind": "quantity", "bound": "range", "value": 10.0, "value_to": 12.0, "unit": "个", "strength": "commit"}],
    "deliverables": [{"key": "t1.d1", "name": "渔港里公园", "stage": "complete", "strength": "commit"}],
    "milestones": [], "leaders": [],
}  # fmt: skip
AS_SHOWN = {
    "t1.u1/name": "县住建局", "t1.u1/role": "lead", "t1.u2/name": "望潮街道", "t1.u2/role": "support",
    "t1.g1/subject": "老旧小区", "t1.g1/bound": "range", "t1.g1/value": "10", "t1.g1/value_to": "12", "t1.g1/unit": "个",
    "t1.d1/name": "渔港里公园", "t1.d1/stage": "complete", "t1/deadline": "",
}  # fmt: skip


def test_a_form_sent_as_it_was_shown_corrects_nothing():
    assert edits(TASK, AS_SHOWN, []) == []


def test_changed_fields_of_one_part_are_one_correction():
    typed = {**AS_SHOWN, "t1.g1/value": " 11 ", "t1.g1/unit": "处"}
    assert edits(TASK, typed, []) == [Edit("set", "t1.g1", {"value": "11", "unit": "处"})]


def test_leaving_the_range_takes_the_upper_end_away():
    typed = {k: v for k, v in AS_SHOWN.items() if k != "t1.g1/value_to"} | {"t1.g1/bound": "min"}
    assert edits(TASK, typed, []) == [Edit("set", "t1.g1", {"bound": "min", "value_to": ""})]


def test_a_deadline_is_a_field_of_the_task():
    assert edits(TASK, {**AS_SHOWN, "t1/deadline": "2026-09"}, []) == [Edit("set", "t1", {"deadline": "2026-09"})]


def test_new_parts_need_their_name_and_empty_boxes_say_nothing():
    typed = {
        "new/units/1/name": "县供电公司", "new/units/1/role": "support", "new/units/2/name": " ", "new/units/2/role": "lead",
        "new/targets/3/subject": "路灯", "new/targets/3/value": "", "new/wrong/4/name": "x", "new/units/5/evil": "x",
    }  # fmt: skip
    assert edits(TASK, typed, []) == [
        Edit("insert", "t1/units", {"value": {"name": "县供电公司", "role": "support"}, "index": None}),
        Edit("insert", "t1/targets", {"value": {"subject": "路灯"}, "index": None}),
    ]


def test_removed_parts_are_not_also_changed_and_strangers_are_not_removed():
    typed = {**AS_SHOWN, "t1.u2/name": "别的"}
    assert edits(TASK, typed, ["t1.u2", "t9.u1", "t1.u2"]) == [Edit("remove", "t1.u2")]


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("value", "１，０００", "1000"),
        ("value", "12,345.5", "12345.5"),
        ("value", "８．５", "8.5"),
        ("value", "1,0", "1,0"),
        ("deadline", "２０２６－０９", "2026-09"),
        ("subject", "Ａ类公园", "Ａ类公园"),
    ],
)
def test_figures_are_taken_however_the_keyboard_writes_them(name, given, kept):
    assert editing.plain(name, given) == kept
