"""Earlier years steer a forecast only where people linked the tasks and the year before has its closing figure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.plans.models import Plan, Schedule, Target
from luoshi.progress import light_actions
from luoshi.progress.earlier import earlier_paths
from luoshi.progress.goals import judged_tasks
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Forecast, Measurement
from luoshi.progress.period_actions import plan_periods
from tests.year import issued

AT = datetime(2026, 3, 26, 2, tzinfo=UTC)


@pytest.fixture
def plans(cast):
    """Last year's plan, moved to 2025, and this year's, their first tasks linked."""
    old = issued(cast, name="old.txt")
    Plan.objects.filter(pk=old.pk).update(year=2025)
    for task in old.tasks.all():
        old.tasks.filter(pk=task.pk).update(key=task.key.replace("2026", "2025"), due_on=None)
    new = issued(cast)
    plan_periods(new)
    new.tasks.filter(order=new.tasks.first().order).update(last_year=old.tasks.first())
    return Plan.objects.get(pk=old.pk), new


def flats(plan):
    return Target.objects.get(task__plan=plan, subject__contains="老旧小区")


def figure(of, value, *day):
    Measurement.objects.create(target=of, value=value, cutoff=date(*day), basis="official", at=AT)


def paths(plan):
    return earlier_paths(judged_tasks(plan))


def lived(old):
    """A year that did a quarter of its work in the first half."""
    Schedule.objects.filter(target=flats(old)).delete()
    for month, value in ((3, 1), (6, 3), (9, 6), (12, 12)):
        figure(flats(old), value, 2025, month, 30)


def test_the_year_before_is_a_path_of_shares(plans):
    old, new = plans
    assert paths(new) == {}
    lived(old)
    (path,) = paths(new)[flats(new).pk]
    assert [round(share, 2) for _passed, share in path] == [0.08, 0.25, 0.5, 1.0] and path[-1][0] > 0.99


def test_without_a_closing_figure_or_a_link_there_is_none(plans):
    old, new = plans
    figure(flats(old), 3, 2025, 6, 30)
    assert paths(new) == {}
    lived(old)
    new.tasks.update(last_year=None)
    assert paths(new) == {}


def test_the_forecast_goes_by_it(plans, cast):
    old, new = plans
    lived(old)
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    for month, value in ((3, 1), (6, 3)):
        figure(flats(new), value, 2026, month, 25)
    light_actions.compute(new.periods.get(name="2026-06"), at=AT)
    call = Forecast.objects.get(target=flats(new))
    assert call.method == "earlier_years" and 11 < call.value < 13


def test_the_queries_are_few_and_none_without_a_link(plans):
    old, new = plans
    lived(old)
    tasks = judged_tasks(new)
    with CaptureQueriesContext(connection) as queries:
        earlier_paths(tasks)
    assert len(queries) == 10
    for task in tasks:
        task.last_year_id = None
    with CaptureQueriesContext(connection) as queries:
        earlier_paths(tasks)
    assert len(queries) == 0
