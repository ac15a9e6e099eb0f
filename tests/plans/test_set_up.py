"""Setting the year up: offered, worded, signed in order, frozen; changed only by adjustment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.people import history
from luoshi.people.verifying import verify_all
from luoshi.plans import adjustment_actions as adjusting
from luoshi.plans import set_up_actions as actions
from luoshi.plans.defaults import offers, places, published
from luoshi.plans.models import Deliverable, DoneTest, Plan, RosterPlace, Schedule, SetUp, Target, Task
from luoshi.plans.set_up_actions import ScheduleChange
from tests.cast import Cast
from tests.year import issued

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
JUNE = date(2026, 6, 30)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = issued(cast)
    actions.prepare(plan, cast.clerk)
    return plan


def target(plan, words="老旧小区") -> Target:
    return Target.objects.select_related("task__plan").get(task__plan=plan, subject__contains=words)


def task(plan, number=0) -> Task:
    return plan.tasks.all()[number]


def test_defaults_are_offered_once_and_marked(plan, cast: Cast):
    assert actions.prepare(plan, cast.clerk) == 0
    flats = target(plan).schedule
    assert (flats.curve, flats.starts_on, flats.ends_on) == ("linear", FIRST, LAST)
    gdp = target(plan, "生产总值")
    assert (gdp.schedule.curve, gdp.schedule.grain, gdp.schedule.lag_days) == ("none", "quarter", 20)
    about = gdp.done_tests.get(word="左右")
    assert about.tolerance == Decimal("0.2") and about.source == "default"
    words = set(DoneTest.objects.filter(task=task(plan, 2)).values_list("word", flat=True))
    assert "谋划" in words
    assert target(plan, "营商环境").schedule.direction == "down"


def test_what_is_offered():
    assert [o.word for o in offers("力争增长7%左右，排名全市前列", "%")] == ["左右", "前列"]
    assert places("对向阳小学、石矶小学等7所小学改造提升", 7)[:3] == ["向阳小学", "石矶小学", ""]
    assert places("新建公厕3座", 3) == ["", "", ""]
    assert published("全县地区生产总值").lag == 20 and published("污水管网") is None


def test_signed_in_order_and_then_frozen(plan, cast: Cast):
    flats = target(plan)
    with pytest.raises(PermissionDenied):
        actions.sign_off([task(plan)], cast.leader)
    actions.set_schedule(flats, ScheduleChange("quarters", FIRST, LAST, (10, 40, 70, 100)), cast.liaison)
    actions.sign_off([task(plan)], cast.head)
    with pytest.raises(ValidationError, match="不能再改"):
        actions.set_schedule(flats, ScheduleChange("linear", FIRST, LAST), cast.liaison)
    with pytest.raises(PermissionDenied):
        actions.sign_off([task(plan)], cast.clerk)
    actions.sign_off([task(plan)], cast.leader)
    actions.sign_off([task(plan)], cast.clerk, note="同意")
    frozen = task(plan).set_up
    assert frozen.state == "agreed" and frozen.digest and frozen.content["schedules"]
    assert not DoneTest.objects.filter(task=task(plan), confirmed_by=None).exists()
    with pytest.raises(ValidationError, match="已经定稿"):
        actions.sign_off([task(plan)], cast.clerk)
    with pytest.raises(ValidationError, match="调整程序"):
        actions.set_nodes(task(plan), flats, [("x", LAST)], cast.clerk)
    assert list(verify_all()) == []


def test_sent_back_it_is_worded_again(plan, cast: Cast):
    with pytest.raises(ValidationError, match="才能退回"):
        actions.send_back(task(plan), "太笼统", cast.leader)
    actions.sign_off([task(plan)], cast.head)
    with pytest.raises(ValidationError, match="理由"):
        actions.send_back(task(plan), " ", cast.leader)
    actions.send_back(task(plan), "请写明哪几个小区", cast.leader)
    assert task(plan).set_up.state == "open" and task(plan).sign_offs.last().step == "back"


def test_a_done_test_worded_here_is_no_default_any_more(plan, cast: Cast):
    test = target(plan, "生产总值").done_tests.get(word="左右")
    with pytest.raises(PermissionDenied):
        actions.word_test(test, "不低于6.3%", cast.liaison)  # another unit's
    changed = actions.word_test(test, " 不低于6.4% ", cast.clerk, tolerance=Decimal("0.1"))
    assert (changed.sentence, changed.source, changed.tolerance) == ("不低于6.4%", "office", Decimal("0.1"))
    with pytest.raises(ValidationError, match="一句话"):
        actions.word_test(test, "  ", cast.clerk)


@pytest.mark.parametrize(
    "change, said",
    [
        (ScheduleChange("quarters", FIRST, LAST, (10, 5, 70, 100)), "逐季不减"),
        (ScheduleChange("quarters", FIRST, LAST, ("一", 5, 70, 100)), "没有填对"),
        (ScheduleChange("points", FIRST, LAST, ({"on": "六月", "value": 1},)), "isoformat|没有填对|Invalid"),
        (ScheduleChange("linear", LAST, FIRST), "不能早于"),
        (ScheduleChange("zigzag", FIRST, LAST), "zigzag"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(plan, cast: Cast, change, said):
    with pytest.raises(ValidationError, match=said):
        actions.set_schedule(target(plan), change, cast.liaison)
    assert Schedule.objects.get(target=target(plan)).curve == "linear"


def test_nodes_in_order_the_last_is_final(plan, cast: Cast):
    park = Deliverable.objects.get(task__plan=plan, name__contains="公园")
    nodes = actions.set_nodes(park.task, park, [("完成招标", date(2026, 4, 30)), ("建成", LAST)], cast.liaison)
    assert [n.final for n in nodes] == [False, True]
    with pytest.raises(ValidationError, match="依次向后"):
        actions.set_nodes(park.task, park, [("建成", LAST), ("招标", JUNE)], cast.liaison)
    with pytest.raises(ValidationError, match="不属于"):
        actions.set_nodes(task(plan), park, [("建成", LAST)], cast.clerk)


def test_a_roster_has_a_row_a_place_and_counts_it_once_ever(plan, cast: Cast):
    flats = target(plan)
    rows = actions.open_roster(flats, cast.liaison, names=["前湾新村", "后湾新村", *[""] * 10])
    assert len(rows) == 12 and Schedule.objects.get(target=flats).roster
    with pytest.raises(ValidationError, match="重名"):
        actions.name_places(flats, {rows[2].pk: "前湾新村"}, cast.liaison)
    actions.name_places(flats, {rows[2].pk: "石矶新村"}, cast.liaison)
    with pytest.raises(ValidationError, match="逐个登记"):
        actions.open_roster(target(plan, "生产总值"), cast.clerk)
    later = issued(cast, name="later.txt")
    Plan.objects.filter(pk=later.pk).update(year=2027)
    actions.open_roster(target(later), cast.clerk, names=["前湾新村", *[""] * 11])
    again = RosterPlace.objects.get(target=target(later), name="前湾新村")
    assert again.same_as == rows[0]


def test_shares_handed_down_add_up(plan, cast: Cast):
    sewers = target(plan, "污水管网")
    one = plan.tasks.all()[1]
    actions.hand_down(one, cast.units["望潮街道"], "新增管网10公里", cast.liaison, target=sewers, value=Decimal(10))
    assert actions.shares_left(Target.objects.get(pk=sewers.pk)) == 8
    with pytest.raises(ValidationError, match="写明"):
        actions.hand_down(one, cast.units["望潮街道"], " ", cast.liaison)
    with pytest.raises(ValidationError, match="大于 0"):
        actions.hand_down(one, cast.units["望潮街道"], "减", cast.liaison, target=sewers, value=Decimal(-9))
    SetUp.objects.filter(task=one).update(state="agreed")
    with pytest.raises(ValidationError, match="调整程序"):
        actions.hand_down(one, cast.units["望潮街道"], "再分", cast.liaison)
    with pytest.raises(ValidationError, match="调整程序"):
        actions.take_part_back(one.sub_tasks.get(), cast.liaison)


def test_the_board_asks_no_more_queries_for_more_tasks(cast: Cast):
    counts = []
    for size in (4, 40):
        plan = issued(cast, size, name=f"{size}.txt")
        actions.prepare(plan, cast.clerk)
        with CaptureQueriesContext(connection) as asked:
            actions.tasks_to_set_up(plan)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Adjustments


def ask(plan, cast: Cast, today=JUNE, **more):
    flats = target(plan)
    wanted: dict[str, Any] = {
        "at": datetime(today.year, today.month, today.day, 9, tzinfo=UTC),
        "field": "value",
        "changed": {"value": "9"},
        "reason": "三个小区征收未完成",
        "target": flats,
    } | more
    field, changed, reason = (wanted.pop(k) for k in ("field", "changed", "reason"))
    return adjusting.ask(
        flats.task, field, changed, reason, cast.liaison, unit=cast.units["县住建局"], today=today, **wanted
    )


def test_asked_reviewed_decided_and_both_values_kept(plan, cast: Cast):
    made = ask(plan, cast)
    with pytest.raises(ValidationError, match="在办理"):
        ask(plan, cast)
    with pytest.raises(ValidationError, match="先由分管领导"):
        adjusting.decide(made, True, "", cast.clerk, effective_on=JUNE)
    with pytest.raises(PermissionDenied):
        adjusting.review(made, True, "", cast.clerk)
    adjusting.review(made, True, "情况属实", cast.leader)
    done = adjusting.decide(made, True, "县政府常务会议同意", cast.clerk, effective_on=JUNE)
    assert (done.original, done.changed, done.state) == ({"value": "12.000000"}, {"value": "9"}, "approved")
    assert target(plan).value == 12
    with pytest.raises(ValidationError, match="已经办结"):
        adjusting.withdraw(done, cast.liaison)
    assert [e.verb for e in history.about(done)] == ["adjustment.asked", "adjustment.reviewed", "adjustment.decided"]


@pytest.mark.parametrize(
    "more, said",
    [
        ({"reason": " "}, "理由"),
        ({"changed": {"value": "九"}}, "调整后的内容"),
        ({"changed": {"value": "NaN"}}, "调整后的内容"),
        ({"field": "deadline", "changed": {"value": "明年"}}, "调整后的内容"),
        ({"field": "mood"}, "调整后的内容"),
        ({"changed": {"value": "1_0"}}, "调整后的内容"),
        ({"changed": {"value": "1e17"}}, "调整后的内容"),
        ({"changed": {"value": "0"}}, "大于 0"),
        ({"changed": {"value": "-5"}}, "大于 0"),
        ({"changed": {"value": "12.0"}}, "一样"),
        ({"field": "deadline", "changed": {"value": "1999-01-01"}}, "今天以后"),
        ({"field": "deadline", "changed": {"value": "9999-12-31"}}, "今天以后"),
    ],
)
def test_a_request_that_cannot_be_is_refused(plan, cast: Cast, more, said):
    with pytest.raises(ValidationError, match=said):
        ask(plan, cast, **more)


def test_outside_the_window_nothing_is_taken(plan, cast: Cast):
    adjusting.set_window(plan, date(2026, 7, 1), date(2026, 10, 31), cast.clerk, basis="年中评估后")
    with pytest.raises(ValidationError, match="2026-07-01 至 2026-10-31"):
        ask(plan, cast)
    assert ask(plan, cast, today=date(2026, 10, 31)).state == "asked"
    with pytest.raises(ValidationError, match="早于"):
        adjusting.set_window(plan, LAST, FIRST, cast.clerk)


def test_a_voted_project_needs_the_congress(plan, cast: Cast):
    made = adjusting.review(ask(plan, cast), True, "", cast.leader)
    Plan.objects.filter(pk=plan.pk).update(kind="livelihood")
    with pytest.raises(ValidationError, match="人大"):
        adjusting.decide(made, True, "", cast.clerk, effective_on=JUNE)
    done = adjusting.decide(made, True, "", cast.clerk, effective_on=JUNE, decision_number="澜人常〔2026〕3号")
    assert done.decision_number


def test_it_holds_from_its_request_at_the_earliest(plan, cast: Cast):
    made = adjusting.review(ask(plan, cast), True, "", cast.leader)
    with pytest.raises(ValidationError, match="早于申请日"):
        adjusting.decide(made, True, "", cast.clerk, effective_on=JUNE - timedelta(days=1))
    assert adjusting.decide(made, True, "", cast.clerk, effective_on=JUNE).state == "approved"


def test_another_unit_takes_the_lead(plan, cast: Cast):
    other = cast.units["县自然资源规划局"]
    made = ask(plan, cast, field="unit", changed={"value": other.pk}, target=None)
    adjusting.review(made, True, "", cast.leader)
    with pytest.raises(ValidationError, match="批准即生效"):
        adjusting.decide(made, True, "", cast.clerk, effective_on=date(2099, 1, 1))
    adjusting.decide(made, True, "", cast.clerk, effective_on=JUNE)
    fresh = Task.objects.get(pk=made.task_id)
    assert fresh.lead_units == {other.pk} and cast.units["县住建局"].pk in fresh.units_involved
