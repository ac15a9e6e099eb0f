"""Corrections applied to readings: pure, so every case is a table row or a property."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luoshi.documents.corrections import Change, alike, apply, before, collide, in_force, open_doubts
from luoshi.documents.keyed import Book, keyed
from luoshi.reading.ledger import Ledger
from tests.documents.ledgers import TEXT, ledger


def after(*steps: tuple, tasks: int = 4) -> Book:
    """The book after some changes, given as (operation, path, after)."""
    changes = [Change(n, *step) for n, step in enumerate(steps, start=1)]
    return Book(apply(ledger(tasks), changes))


def quotes_hold(book: Book) -> None:
    """Every target that points at words quotes them, and so does every task that was not retyped."""
    for plan in book.ledger["plans"]:
        for section in plan["sections"]:
            for task in section["tasks"]:
                for target in task["targets"]:
                    assert target["quote"] == book.quote(target["at"])


def test_the_reading_itself_is_never_touched():
    read = ledger()
    copy = json.dumps(read, sort_keys=True)
    apply(read, [Change(1, "set", "t1/text", "别的"), Change(2, "remove", "t2"), Change(3, "confirm", "t3", True)])
    assert json.dumps(read, sort_keys=True) == copy


def test_without_corrections_the_confirmed_ledger_is_the_reading():
    read = ledger()
    assert msgspec.convert(apply(read, []), Ledger) == msgspec.convert(read, Ledger)


def test_keys_count_through_the_document():
    book = Book(keyed(ledger(4, sections=2)))
    tasks = [t["key"] for s in book.ledger["plans"][0]["sections"] for t in s["tasks"]]
    assert tasks == ["t1", "t2", "t3", "t4"]
    assert [u["key"] for u in book.find("t3")["units"]] == ["t3.u1", "t3.u2"]
    assert book.find("q2")["task_key"] == "t2"
    assert book.find("s2.l1")["name"] == "沈牧川"


@pytest.mark.parametrize(
    "path, given_value, kept",
    [
        ("t1/text", "改过的任务", "改过的任务"),
        ("t1/deadline", "2026-Q3", "2026-Q3"),
        ("t1/deadline", "", None),
        ("t1.u1/role", "joint", "joint"),
        ("t1.u2/with", "", None),
        ("t1.u1/name", " 县教育局 ", "县教育局"),
        ("t1.g1/value", "15", 15.0),
        ("t1.g1/value", 7.5, 7.5),
        ("t1.g1/bound", "min", "min"),
        ("t1.g1/unit", "", None),
        ("t1.g3/baseline", None, None),
        ("t1.d1/stage", "in_use", "in_use"),
        ("s1/heading", "一、重点", "一、重点"),
        ("p1/year", "2027", 2027),
        ("p1/kind", "livelihood", "livelihood"),
        ("document/number", "澜政发〔2026〕1号", "澜政发〔2026〕1号"),
        ("document/public", True, True),
        ("s1.l1/post", "常务副县长", "常务副县长"),
    ],
)
def test_a_field_is_set_in_its_own_type(path, given_value, kept):
    book = after(("set", path, given_value))
    key, field = path.split("/")
    assert book.find(key)[field] == kept
    msgspec.convert(book.ledger, Ledger)


@pytest.mark.parametrize(
    "operation, path, wanted, words",
    [
        ("set", "t1.g1/value", "十二", "要填数字"),
        ("set", "t1.g1/value", "nan", "要填数字"),
        ("set", "t1.g1/value", "inf", "要填数字"),
        ("set", "t1.g1/value", True, "要填数字"),
        ("set", "t1.g1/bound", "range", "上下两个数值"),
        ("set", "t1.g1/value_to", 20, "要选“区间”"),
        ("set", "t1.g1", {"bound": "range", "value": 9, "value_to": 3}, "下限不能大于上限"),
        ("set", "t1.g1/bound", "atleast", "不能是"),
        ("set", "t1.g1/quote", "随便", "没有"),
        ("set", "t1/targets", [], "没有"),
        ("set", "t1/text", "  ", "不能空着"),
        ("set", "t1.u1/role", "boss", "不能是"),
        ("set", "t1/deadline", "六月底", "2026-Q3"),
        ("set", "t1/deadline", "2026-13", "2026-Q3"),
        ("set", "t1/at", {"block": 2, "start": 0, "end": 9999}, "不在原文范围"),
        ("set", "t1/at", {"block": 99, "start": 0, "end": 1}, "不在原文范围"),
        ("set", "t1/at", "全文", "出处"),
        ("set", "p1/year", 26, "四位数"),
        ("set", "t99/text", "x", "不在了"),
        ("set", "q1/state", "answered", "没有说明"),
        ("set", "t1", {}, "没有说明"),
        ("insert", "t1/units", {"value": {"name": "县教育局"}}, "还缺“角色”"),
        ("insert", "t1/units", {"value": {"role": "lead"}}, "还缺“名称”"),
        ("insert", "t1/units", None, "没有说明要增加什么"),
        ("insert", "t1/sections", {"value": {}}, "不能增加"),
        ("insert", "s1/units", {"value": {}}, "不能增加"),
        ("insert", "t1/units", {"value": {"name": "x", "role": "lead"}, "index": 9}, "没有这个位置"),
        ("insert", "t1/leaders", {"value": {}}, "姓名和职务"),
        ("remove", "s1", None, "里面还有任务"),
        ("remove", "document", None, "不能删去"),
        ("remove", "q1", None, "不能删去"),
        ("move", "t1", {"to": "p1", "index": 0}, "不能移到那里"),
        ("move", "t1.u1", {"to": "t2", "index": 0}, "不能移到那里"),
        ("move", "document", {"to": "s1"}, "不能移动"),
        ("merge", "t1", {"with": "t1"}, "两条不同的任务"),
        ("merge", "t1", {"with": "t1.u1"}, "两条不同的任务"),
        ("merge", "t1", {}, "不在了"),
        ("split", "t1", {"offset": 0}, "中间"),
        ("split", "t1", {"offset": 9999}, "中间"),
        ("split", "t1", None, "中间"),
        ("split", "t1", {"offset": -3}, "中间"),
        ("confirm", "t1.u1", True, "任务"),
        ("confirm_doubt", "q1", {}, "怎么定"),
        ("confirm_doubt", "q9", {"answer": "两家"}, "怎么定"),
        ("explode", "t1", None, "这种更正"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(operation, path, wanted, words):
    with pytest.raises(ValidationError) as refused:
        after((operation, path, wanted))
    (sentence,) = refused.value.messages
    assert words in sentence


def test_several_fields_change_together():
    book = after(("set", "t1.g1", {"bound": "range", "value": "3", "value_to": "5", "unit": "家"}))
    target = book.find("t1.g1")
    assert (target["bound"], target["value"], target["value_to"], target["unit"]) == ("range", 3.0, 5.0, "家")


def test_a_new_span_brings_its_words():
    start = TEXT.index("小区")
    book = after(("set", "t1.g1/at", {"block": 2, "start": start, "end": start + 7}))
    assert book.find("t1.g1")["quote"] == TEXT[start : start + 7]
    book = after(("set", "t1/at", {"block": 2, "start": 0, "end": 10}))
    assert book.find("t1")["text"] == TEXT[:10]


def test_added_parts_have_keys_of_their_correction():
    book = after(
        ("insert", "t1/units", {"value": {"name": "县教育局", "role": "support"}, "index": 1}),
        ("set", "t1.uc1/role", "joint"),
        ("insert", "s2/tasks", {"value": {"text": "另加一条"}}),
        ("insert", "tc3/targets", {"value": {"subject": "学校", "value": 2, "unit": "所"}}),
        ("insert", "p1/sections", {"value": {"heading": "三、其他"}}),
        ("move", "tc3", {"to": "sc5", "index": 0}),
    )
    assert [u["name"] for u in book.find("t1")["units"]] == ["县住建局", "县教育局", "望潮街道"]
    assert book.find("t1.uc1")["role"] == "joint"
    assert book.quote(book.find("t1.uc1")["at"]) == ""  # added by hand: it points at no words
    assert book.places["tc3"].owner["key"] == "sc5"
    assert book.find("tc3.gc4")["value"] == 2.0
    msgspec.convert(book.ledger, Ledger)


def test_an_added_target_that_points_at_words_quotes_them():
    start = TEXT.index("3500户")
    span = {"block": 2, "start": start, "end": start + 5}
    book = after(("insert", "t1/targets", {"value": {"subject": "户数", "value": 3500, "unit": "户", "at": span}}))
    assert book.find("t1.gc1")["quote"] == "3500户"


def test_paths_survive_removal_of_what_stood_before():
    book = after(("remove", "t1"), ("remove", "t2.u1"), ("set", "t2.u2/name", "县体育局"), ("set", "t3/title", "三"))
    assert [u["name"] for u in book.find("t2")["units"]] == ["县体育局"]
    assert book.find("t3")["title"] == "三"


def test_doubts_of_a_removed_task_are_gone_and_not_open():
    book = after(("remove", "t1"))
    assert [d["state"] for d in book.ledger["doubts"]] == ["gone", "open"]


def test_merge_takes_over_everything_once():
    book = after(("set", "t2.u2/role", "lead"), ("merge", "t1", {"with": "t2"}))
    task = book.find("t1")
    assert task["text"] == TEXT + TEXT
    assert [(u["name"], u["role"]) for u in task["units"]] == [("县住建局", "lead"), ("望潮街道", "lead")]
    assert [g["key"] for g in task["targets"]] == ["t1.g1", "t1.g2", "t1.g3", "t2.g1", "t2.g2", "t2.g3"]
    assert book.find("q2")["task_key"] == "t1"
    with pytest.raises(ValidationError):
        book.find("t2")
    quotes_hold(book)


def test_a_date_of_one_part_is_none_of_the_merged_task():
    book = after(("set", "t2/deadline", "2026-09"), ("merge", "t1", {"with": "t2"}))
    assert book.find("t1")["deadline"] is None


def test_split_puts_each_part_on_the_side_of_its_words():
    offset = TEXT.index("；") + 1
    book = after(("split", "t1", {"offset": offset}))
    left, right = book.find("t1"), book.find("tc1")
    assert left["text"] + right["text"] == TEXT
    assert book.quote(left["at"]) == left["text"] and book.quote(right["at"]) == right["text"]
    assert [g["subject"] for g in left["targets"]] == ["老旧小区改造", "惠及居民"]
    assert [g["subject"] for g in right["targets"]] == ["入住率"]
    assert [d["name"] for d in right["deliverables"]] == ["渔港里口袋公园"] and not left["deliverables"]
    assert (left["deadline"], right["deadline"]) == (None, "2026-06")
    assert [u["name"] for u in right["units"]] == [u["name"] for u in left["units"]]
    assert right["units"][0]["key"] == "tc1.u1" and right["number"] is None
    assert book.position("tc1") == 1
    quotes_hold(book)


def test_split_then_merge_is_the_task_again():
    book = after(("split", "t1", {"offset": 14}), ("merge", "t1", {"with": "tc1"}))
    plain = Book(keyed(ledger())).find("t1")
    merged = book.find("t1")
    for field in ("text", "at", "targets", "deliverables"):
        assert merged[field] == plain[field]
    assert [(u["name"], u["role"]) for u in merged["units"]] == [(u["name"], u["role"]) for u in plain["units"]]


@given(st.integers(min_value=1, max_value=len(TEXT) - 1))
def test_wherever_a_task_is_split_nothing_is_lost(offset):
    book = after(("split", "t1", {"offset": offset}))
    left, right = book.find("t1"), book.find("tc1")
    assert left["text"] + right["text"] == TEXT
    assert len(left["targets"]) + len(right["targets"]) == 3
    assert len(left["deliverables"]) + len(right["deliverables"]) == 1
    assert {left["deadline"], right["deadline"]} == {None, "2026-06"}
    quotes_hold(book)


def test_a_retyped_task_cannot_be_split():
    with pytest.raises(ValidationError, match="恢复原文"):
        after(("set", "t1/text", "完全另一句话，与原文不同"), ("split", "t1", {"offset": 4}))


def test_move_within_and_between_sections():
    book = after(("move", "t1", {"to": None, "index": 1}), ("move", "t2", {"to": "s2", "index": 0}))
    sections = book.ledger["plans"][0]["sections"]
    assert [[t["key"] for t in s["tasks"]] for s in sections] == [["t1"], ["t2", "t3", "t4"]]
    book = after(("move", "t1.u2", {"index": 0}))
    assert [u["key"] for u in book.find("t1")["units"]] == ["t1.u2", "t1.u1"]


def test_an_answer_may_hold_for_every_like_doubt():
    book = Book(keyed(ledger()))
    assert [d["key"] for d in alike(book, book.find("q1"))] == ["q1", "q2"]
    alone = after(("confirm_doubt", "q1", {"answer": "两家"}))
    assert [d["key"] for d in open_doubts(alone.ledger)] == ["q2"]
    both = after(("confirm_doubt", "q1", {"answer": "两家", "like": True}))
    assert not open_doubts(both.ledger)
    assert both.find("q2")["answer"] == "两家"


def test_undo_and_redo_are_used_up():
    made = [
        Change(1, "set", "t1/title", "甲"),
        Change(2, "set", "t1/title", "乙"),
        Change(3, "undo", "t1/title", None, 2),
        Change(4, "undo", "t1/title", None, 1),
        Change(5, "redo", "t1/title", None, 1),
    ]
    assert [c.sequence for c in in_force(made)] == [1]
    assert Book(apply(ledger(), made)).find("t1")["title"] == "甲"


@pytest.mark.parametrize(
    "one, other, yes",
    [
        (("set", "t1/text", "a"), ("set", "t1/text", "b"), True),
        (("set", "t1/text", "a"), ("set", "t1/title", "b"), False),
        (("set", "t1.g1", {"value": 1, "unit": "个"}), ("set", "t1.g1/unit", "家"), True),
        (("set", "t1.g1", {"value": 1}), ("set", "t1.g1/unit", "家"), False),
        (("set", "t1.g1/value", 1), ("remove", "t1", None), True),
        (("set", "t12.g1/value", 1), ("remove", "t1", None), False),
        (("set", "t1.g1/value", 1), ("remove", "t1.g2", None), False),
        (("merge", "t1", {"with": "t2"}), ("set", "t2.u1/role", "lead"), True),
        (("merge", "t1", {"with": "t2"}), ("set", "t3/text", "x"), False),
        (("split", "t1", {"offset": 3}), ("set", "t1/text", "x"), True),
        (("insert", "t1/units", {}), ("insert", "t1/units", {}), False),
        (("insert", "t1/units", {}), ("remove", "t1", None), True),
        (("move", "t1", {"to": "s2"}), ("move", "t1", {"to": "s1"}), True),
        (("move", "t1", {"to": "s2"}), ("set", "t1/text", "x"), False),
        (("confirm", "t1", True), ("set", "t1/text", "x"), False),
        (("confirm_doubt", "q1", {}), ("confirm_doubt", "q1", {}), True),
        (("confirm_doubt", "q1", {}), ("confirm_doubt", "q2", {}), False),
    ],
)
def test_what_collides(one, other, yes):
    assert collide(Change(1, *one), Change(2, *other)) is yes
    assert collide(Change(2, *other), Change(1, *one)) is yes


def test_before_is_what_stood_there():
    book = Book(keyed(ledger()))
    assert before(book, Change(1, "set", "t1.g1/value", 3)) == 12.0
    assert before(book, Change(1, "set", "t1.g1", {"value": 3, "unit": "x"})) == {"value": 12.0, "unit": "个"}
    assert before(book, Change(1, "insert", "t1/units", {})) is None
    assert before(book, Change(1, "move", "t2", {})) == {"to": "s1", "index": 1}
    assert before(book, Change(1, "remove", "t1.u1"))["name"] == "县住建局"
    assert [t["key"] for t in before(book, Change(1, "merge", "t1", {"with": "t2"}))] == ["t1", "t2"]


# Any run of changes that were accepted leaves a ledger that is one.

_KEYS = st.sampled_from(["t1", "t2", "t3", "t4", "t1.u1", "t2.g1", "t3.d1", "s1", "s2", "q1", "document", "tc1", "tc2"])
_STEPS = st.one_of(
    st.tuples(st.just("remove"), _KEYS, st.none()),
    st.tuples(st.just("set"), _KEYS.map(lambda k: f"{k}/title"), st.text(max_size=5)),
    st.tuples(st.just("set"), _KEYS.map(lambda k: f"{k}/value"), st.floats()),
    st.tuples(st.just("merge"), _KEYS, _KEYS.map(lambda k: {"with": k})),
    st.tuples(st.just("split"), _KEYS, st.integers(-1, 60).map(lambda n: {"offset": n})),
    st.tuples(st.just("move"), _KEYS, st.tuples(_KEYS, st.integers(0, 3)).map(lambda p: {"to": p[0], "index": p[1]})),
    st.tuples(st.just("insert"), _KEYS.map(lambda k: f"{k}/units"), st.just({"value": {"name": "甲", "role": "lead"}})),
    st.tuples(st.just("insert"), _KEYS.map(lambda k: f"{k}/tasks"), st.just({"value": {"text": "新"}})),
)


@given(st.lists(_STEPS, max_size=8))
def test_accepted_changes_leave_a_ledger(steps):
    made: list[Change] = []
    read = ledger()
    for step in steps:
        change = Change(len(made) + 1, *step)
        try:
            apply(read, [*made, change])
        except ValidationError:
            continue
        made.append(change)
    confirmed = apply(read, made)
    msgspec.convert(json.loads(json.dumps(confirmed)), Ledger)
    book = Book(confirmed)
    assert len(book.items) == len(set(book.items))
    keys = [i["key"] for p in confirmed["plans"] for s in p["sections"] for t in s["tasks"] for i in (t, *t["units"])]
    assert len(keys) == len(set(keys))
    quotes_hold(book)
