"""Periods open, remind and lock by themselves, once, and ask only for what is due."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.people import actions as people
from luoshi.people import history
from luoshi.plans.models import SetUp
from luoshi.progress import period_actions as actions
from luoshi.progress.models import Message, Period, Report
from tests.cast import Cast
from tests.year import issued


@pytest.fixture
def plan(cast: Cast):
    plan = issued(cast)
    actions.plan_periods(plan, cast.clerk)
    return plan


def names(plan, state):
    return list(plan.periods.filter(state=state).values_list("name", flat=True))


def test_the_year_is_planned_once(cast: Cast, plan):
    assert [p.name for p in actions.plan_periods(plan, cast.clerk)] == [f"2026-{m:02d}" for m in range(1, 13)]
    assert [e.verb for e in history.about(plan)].count("plan.periods") == 1
    with pytest.raises(PermissionDenied):
        actions.plan_periods(plan, cast.liaison)


def test_a_period_opens_reminds_and_locks_by_itself(plan):
    march = plan.periods.get(name="2026-03")
    plan.periods.filter(cutoff__lt=march.cutoff).delete()
    assert actions.tick(date(2026, 3, 14)).opened == 0
    done = actions.tick(date(2026, 3, 15))
    assert (done.opened, done.asked, done.reminded) == (1, 4, 0)
    assert actions.tick(date(2026, 3, 15)) == actions.Ticked()  # again: nothing
    assert Report.objects.filter(period=march).count() == 4
    assert actions.tick(date(2026, 3, 18)).reminded == 3  # three lead units
    assert actions.tick(date(2026, 3, 19)).reminded == 0
    assert actions.tick(date(2026, 3, 26)).reminded == 3
    assert "逾期" in Message.objects.filter(kind="late")[0].text
    assert actions.tick(date(2026, 3, 30)).locked == 0
    assert actions.tick(date(2026, 3, 31)).locked == 1
    assert names(plan, Period.State.LOCKED) == ["2026-03"]
    assert [e.verb for e in history.about(march)] == ["period.opened", "period.locked"]


def test_who_reported_is_not_reminded(plan, cast: Cast):
    plan.periods.filter(cutoff__lt=date(2026, 3, 1)).delete()
    actions.tick(date(2026, 3, 15))
    Report.objects.filter(unit=cast.units["县住建局"]).update(state=Report.State.SUBMITTED)
    assert actions.tick(date(2026, 3, 18)).reminded == 2


def test_a_merged_unit_reports_through_its_successor(plan, cast: Cast):
    people.succeed(cast.units["县教育局"], cast.units["县体育局"], cast.clerk)
    march = plan.periods.get(name="2026-03")
    actions.open_period(march)
    assert cast.units["县体育局"].reports.count() == 1 and not cast.units["县教育局"].reports.exists()


def test_steady_tasks_wait_for_the_end_of_the_quarter(plan, monkeypatch):
    first, second = plan.tasks.all()[:2]
    colours = {task.pk: "green" for task in plan.tasks.all()} | {first.pk: "yellow", second.pk: "done"}
    monkeypatch.setattr(actions, "last_colours", lambda plan: colours)
    april, june = plan.periods.get(name="2026-04"), plan.periods.get(name="2026-06")
    assert actions.tasks_due(april) == [first]
    assert second not in actions.tasks_due(june) and len(actions.tasks_due(june)) == 3
    third = plan.tasks.all()[2]
    SetUp.objects.create(task=third, major=True)
    assert actions.tasks_due(april) == [first, third]


def test_the_rule_moves_periods_that_are_not_open_yet(plan, cast: Cast):
    march = plan.periods.get(name="2026-03")
    plan.periods.filter(cutoff__lt=march.cutoff).delete()
    actions.open_period(march)
    actions.set_rule(plan, {"month_day": 5, "next_month": True}, cast.clerk)
    assert plan.periods.get(name="2026-03").due_on == march.due_on
    assert plan.periods.get(name="2026-04").due_on == date(2026, 5, 6)  # the 5th is a holiday
    with pytest.raises(ValidationError, match="1 到 31"):
        actions.set_rule(plan, {"month_day": 40}, cast.clerk)
    with pytest.raises(PermissionDenied):
        actions.set_rule(plan, {"month_day": 5}, cast.head)


def test_opening_asks_no_more_queries_for_more_tasks(cast: Cast):
    counts = []
    for size in (4, 60):
        plan = issued(cast, size, name=f"{size}.txt")
        actions.plan_periods(plan)
        with CaptureQueriesContext(connection) as asked:
            actions.open_period(plan.periods.get(name="2026-03"))
        # SQLite takes 999 values a statement, so its inserts come in batches
        counts.append(len([q for q in asked.captured_queries if not q["sql"].startswith("INSERT")]))
    assert counts[0] == counts[1] <= 20


def test_two_at_once_open_it_once(plan):
    march = plan.periods.get(name="2026-03")
    same = Period.objects.get(pk=march.pk)
    assert actions.open_period(march) == 4
    assert actions.open_period(same) is None and Report.objects.count() == 4


def test_a_plan_issued_late_asks_for_the_months_past_on_a_day_to_come(plan, cast: Cast):
    plan.periods.all().delete()
    actions.set_rule(plan, {"month_day": 5, "next_month": True}, cast.clerk)
    first, second, third, *_rest = actions.plan_periods(plan, cast.clerk, first_due=date(2026, 3, 25))
    assert first.due_on == second.due_on == date(2026, 3, 25) and first.opens_on == date(2026, 3, 15)
    assert third.due_on > date(2026, 4, 1)
    done = actions.tick(date(2026, 3, 16))
    assert (done.opened, done.locked) == (2, 0)


def test_an_hour_in_which_nothing_is_due_costs_the_same_for_any_number_of_governments(cast: Cast):
    counts = []
    for name in ("one.txt", "two.txt"):
        plan = issued(cast, name=name)
        actions.plan_periods(plan)
        actions.tick(date(2026, 6, 20))
        with CaptureQueriesContext(connection) as asked:
            assert actions.tick(date(2026, 6, 20)) == actions.Ticked()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5  # what to open, what to lock, whom to remind; a savepoint and its release
