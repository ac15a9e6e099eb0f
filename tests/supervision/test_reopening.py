"""A task opened again after a look back (回头看) is asked again, and is not done until it is closed again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cli.example.papers import letter
from luoshi.people.verifying import verify_rows
from luoshi.plans.models import RosterPlace, Target
from luoshi.progress import evidence_actions, light_actions, report_actions
from luoshi.progress.drafts import Change
from luoshi.progress.goals import facts_of, judged_tasks, standings
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Evidence, Message, Report
from luoshi.progress.period_actions import lock_period, open_period, plan_periods, tasks_due
from luoshi.progress.reopened import reopened
from luoshi.supervision import actions
from tests.cast import Cast
from tests.year import issued

YEAR_END = date(2026, 12, 31)
CLOSED = datetime(2026, 9, 1, 2, tzinfo=UTC)
AGAIN = datetime(2026, 10, 16, 2, tzinfo=UTC)
SAID_ANEW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def plan(cast: Cast):
    plan = issued(cast)
    plan_periods(plan)
    plan.periods.filter(cutoff__lt=date(2026, 8, 1)).delete()
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.second_clerk)
    return plan


@pytest.fixture
def task(plan):
    """新增管网 18 公里 and 建成口袋公园: a figure and a stage."""
    return plan.tasks.all()[1]


def month(plan, name):
    return plan.periods.select_related("plan__government").get(name=name)


def words(plan, task, day=YEAR_END, **asked):
    (judged,) = judged_tasks(plan, [task.pk])
    return [str(s.word) for s in standings(judged, facts_of(plan, [judged], day), day, **asked)]


def say(plan, task, cast, name, at, **fields):
    report = Report.objects.get(task=task, period__name=name, part="lead")
    changes = {key.replace("__", "."): Change(None, value) for key, value in fields.items()}
    report_actions.save_draft(report, {"progress": Change(None, "本期进展"), **changes}, cast.liaison, at=at)
    report_actions.submit([report], cast.head, at=at)
    return report


def everything(task):
    (pipes,), (park,) = task.targets.all(), task.deliverables.all()
    return {f"target__{pipes.pk}": {"value": "18"}, f"claim__{park.pk}": {"stage": park.stage}}


@pytest.fixture
def closed(plan, task, cast: Cast):
    """Done in August, closed on 1 September, opened again on 16 October."""
    open_period(month(plan, "2026-08"))
    report = Report.objects.get(task=task, period__name="2026-08", part="lead")
    evidence_actions.attach(report, letter("验收.pdf", ["管网和公园"]), cast.liaison, at=CLOSED)
    say(plan, task, cast, "2026-08", datetime(2026, 8, 20, 2, tzinfo=UTC), **everything(task))
    lock_period(month(plan, "2026-08"))
    light_actions.compute(month(plan, "2026-08"))
    assert light_actions.newest(plan)[task.pk].colour == "done"
    close(task, cast, CLOSED)
    return task


def close(task, cast, at):
    actions.close(
        task, cast.clerk, verified_by=cast.second_clerk, reason="验收合格", evidence=list(Evidence.objects.all()),
        day=YEAR_END, at=at,
    )  # fmt: skip


def look_back(task, cast):
    return actions.reopen(task, cast.clerk, verified_by=cast.second_clerk, reason="两处断头管没有接通", at=AGAIN)


def test_it_is_asked_again_at_once_and_every_month(plan, closed, cast: Cast):
    september = month(plan, "2026-09")
    assert closed not in tasks_due(september), "what is done is not asked"
    open_period(september)
    assert not Report.objects.filter(task=closed, period=september).exists()
    look_back(closed, cast)
    asked = Report.objects.get(task=closed, period=september)
    assert (asked.state, asked.part, asked.unit.short_name) == ("asked", "lead", "县住建局") and asked.boxes > 3
    assert "2026-GZ-1-2" in Message.objects.get(kind="reopened").text
    for name in ("2026-10", "2026-11"):  # no ends of a quarter
        assert closed in tasks_due(month(plan, name))
    assert not [f for f in verify_rows() if "期次" not in f.problem], "but for the months that the fixture took out"


def test_it_is_not_done_until_it_is_closed_again(plan, closed, cast: Cast):
    look_back(closed, cast)
    assert "done" not in words(plan, closed) and "done" not in words(plan, closed, closing=True)
    assert words(plan, closed, date(2026, 10, 15)) == ["done", "done"], "as it was known the day before"
    with pytest.raises(ValidationError, match="还没有完成"):
        close(closed, cast, SAID_ANEW)
    for name in ("2026-10", "2026-11"):
        open_period(month(plan, name))
    light_actions.compute(month(plan, "2026-10"))
    assert light_actions.newest(plan)[closed.pk].colour != "done"
    say(plan, closed, cast, "2026-11", SAID_ANEW, **everything(closed))
    assert words(plan, closed) == ["on_schedule", "on_schedule"], "said anew, but not closed"
    light_actions.compute(month(plan, "2026-11"))
    assert light_actions.newest(plan)[closed.pk].colour == "green"
    assert closed in tasks_due(month(plan, "2026-12"))
    close(closed, cast, datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert words(plan, closed) == ["done", "done"] and closed.pk not in reopened([closed.pk])
    light_actions.compute(month(plan, "2026-12"))
    assert light_actions.newest(plan)[closed.pk].colour == "done"


def test_what_was_not_said_anew_is_not_done(plan, closed, cast: Cast):
    look_back(closed, cast)
    open_period(month(plan, "2026-11"))
    (pipes,) = closed.targets.all()
    say(plan, closed, cast, "2026-11", SAID_ANEW, **{f"target__{pipes.pk}": {"value": "18"}})
    assert words(plan, closed, closing=True)[0] == "done" and words(plan, closed, closing=True)[1] != "done"
    with pytest.raises(ValidationError, match="口袋公园"):
        close(closed, cast, SAID_ANEW)


def test_places_of_a_roster_count_again_from_the_first_said_anew(plan, cast: Cast):
    flats = Target.objects.get(task__plan=plan, subject__contains="老旧小区")
    task = flats.task
    flats.value = 2
    flats.save()
    places = [RosterPlace.objects.create(target=flats, name=name) for name in ("东园", "西园")]
    schedule = {"starts_on": date(2026, 1, 1), "ends_on": YEAR_END, "roster": True}
    type(flats).schedule.related.related_model.objects.create(target=flats, **schedule)
    open_period(month(plan, "2026-08"))
    ticks = {f"place__{place.pk}": {"done": True} for place in places}
    say(plan, task, cast, "2026-08", CLOSED, **ticks)
    assert words(plan, task)[0] == "done"
    task.closings.create(kind="closed", reason="x", verified_by=cast.clerk, by=cast.clerk, at=CLOSED)
    look_back(task, cast)
    assert words(plan, task, closing=True)[0] == "no_figure"
    open_period(month(plan, "2026-11"))
    say(plan, task, cast, "2026-11", SAID_ANEW, **dict([next(iter(ticks.items()))]))
    assert words(plan, task, closing=True)[0] == "done", "the other place was not in doubt"


def test_knowing_it_asks_one_query(plan, closed, cast: Cast):
    look_back(closed, cast)
    tasks = [task.pk for task in plan.tasks.all()]
    with CaptureQueriesContext(connection) as asked:
        assert set(reopened(tasks)) == {closed.pk} and not reopened(tasks, date(2026, 10, 1))
    assert len(asked) == 2  # once each
