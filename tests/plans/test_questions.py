"""What the ledger page asks: filters, groups, order, in a number of queries that does not grow."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi.documents.actions import Edit, correct, receive
from luoshi.plans.actions import adopt
from luoshi.plans.ledger_table import grouped, ordered, rows
from luoshi.plans.models import Plan
from tests.cast import Cast
from tests.documents.ledgers import ledger


@pytest.fixture
def plan(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Four tasks: the first is led by 县教育局 under a leader of its own, the last has no target and no lead."""
    import msgspec

    from luoshi.documents import actions
    from luoshi.reading.ledger import Ledger

    monkeypatch.setattr(actions.reader, "read", lambda data, name: msgspec.convert(ledger(doubts=0), Ledger))
    document = receive(SimpleUploadedFile("a.txt", b"a"), cast.clerk, cast.county).document
    edits = [
        Edit("set", "t1.u1/name", "县教育局"),
        Edit("set", "t1/text", "新建学校两所"),
        Edit("set", "t1/deadline", "2026-03"),
        Edit("insert", "t1/leaders", {"value": {"name": "顾怀璟", "post": "常务副县长"}}),
        Edit("set", "t2.u1/role", "joint"),
        Edit("set", "t2/deadline", ""),
        *[Edit("remove", f"t4.g{n}") for n in (1, 2, 3)],
        Edit("remove", "t4.u1"),
    ]
    for edit in edits:
        correct(document, edit, cast.clerk)
    (made,) = adopt(document, cast.clerk)
    return made


def numbers(tasks) -> list[str]:
    return [task.key.removeprefix("2026-GZ-") for task in tasks.order_by("order")]


def test_filters(cast: Cast, plan: Plan):
    pk = {name: unit.pk for name, unit in cast.units.items()}
    tasks = plan.ledger_rows()
    cases = [
        (tasks.with_unit([pk["县住建局"]]), ["1-2", "2-1"]),
        (tasks.with_unit([pk["县住建局"]], "lead"), ["2-1"]),
        (tasks.with_unit([pk["县住建局"]], "support"), []),
        (tasks.with_unit([pk["县教育局"], pk["县住建局"]]), ["1-1", "1-2", "2-1"]),
        (tasks.with_unit([pk["县城投集团"]]), ["1-1", "1-2", "2-1", "2-2"]),
        (tasks.with_unit([pk["县城投集团"]], "lead"), []),
        (tasks.with_role("joint"), ["1-2"]),
        (tasks.led_by("顾怀璟"), ["1-1"]),
        (tasks.led_by("沈牧川"), ["1-2", "2-1", "2-2"]),
        (tasks.saying("学校"), ["1-1"]),
        (tasks.saying("口袋公园 住建"), ["1-2", "2-1"]),
        (tasks.saying("2-GZ"), []),
        (tasks.saying("gz-2"), ["2-1", "2-2"]),
        (tasks.with_target(), ["1-1", "1-2", "2-1"]),
        (tasks.with_target(False), ["2-2"]),
        (tasks.with_unit([pk["县住建局"]]).with_role("joint").with_target().saying("小区"), ["1-2"]),
    ]
    for found, expected in cases:
        assert numbers(found) == expected


def test_groups(plan: Plan):
    table = rows(plan.ledger_rows())
    by = {
        how: [(g.name, [r.key[8:] for r in g.rows]) for g in grouped(table, how)]
        for how in ("leader", "unit", "section")
    }
    assert by["leader"] == [("顾怀璟常务副县长", ["1-1"]), ("沈牧川县长", ["1-2", "2-1", "2-2"])]
    assert by["unit"] == [("县教育局", ["1-1"]), ("县住建局", ["1-2", "2-1"]), ("没有牵头单位", ["2-2"])]
    assert [name for name, _rows in by["section"]] == ["1.沈牧川县长牵头重点工作", "2.沈牧川县长牵头重点工作"]
    assert grouped(table, "unit")[0].targets == 3


def test_order(plan: Plan):
    table = rows(plan.ledger_rows())

    def keys(by, descending=False):
        return [r.key[8:] for r in ordered(table, by, descending)]

    assert keys("document") == keys("key") == ["1-1", "1-2", "2-1", "2-2"]
    assert keys("key", True) == ["2-2", "2-1", "1-2", "1-1"]
    assert keys("deadline") == ["1-1", "2-1", "2-2", "1-2"]
    assert keys("deadline", True) == ["2-1", "2-2", "1-1", "1-2"]
    assert keys("targets") == ["2-2", "1-1", "1-2", "2-1"]
    assert keys("lead")[0] == "2-2"


def test_keys_sort_by_number(cast: Cast, monkeypatch, plan: Plan):
    plan.tasks.filter(key="2026-GZ-1-2").update(key="2026-GZ-1-10")
    plan.tasks.filter(key="2026-GZ-2-1").update(key="2026-GZ-1-9")
    assert [r.key[8:] for r in ordered(rows(plan.ledger_rows()), "key")] == ["1-1", "1-9", "1-10", "2-2"]


@pytest.mark.parametrize("size", [10, 500])
def test_the_whole_ledger_costs_eight_queries(cast: Cast, monkeypatch, django_assert_num_queries, size):
    import msgspec

    from luoshi.documents import actions
    from luoshi.reading.ledger import Ledger

    monkeypatch.setattr(actions.reader, "read", lambda data, name: msgspec.convert(ledger(size, doubts=0), Ledger))
    document = receive(SimpleUploadedFile("a.txt", b"a"), cast.clerk, cast.county).document
    (made,) = adopt(document, cast.clerk)
    with django_assert_num_queries(8):
        table = rows(made.ledger_rows())
        for group in grouped(table, "unit"):
            for row in group.rows:
                assert row.lead and row.section and row.leaders
                assert all(part.partner_id is None or part.partner.short_name for part in row.supports)
    assert len(table) == size


def test_plans_of_a_government(cast: Cast, plan: Plan, django_assert_num_queries):
    with django_assert_num_queries(1):
        (found,) = Plan.objects.of(cast.county).counted()
        assert (found.task_count, str(found.document), str(found.government)) == (4, str(plan.document), "澜湾县")
    assert not Plan.objects.of(cast.neighbour)
