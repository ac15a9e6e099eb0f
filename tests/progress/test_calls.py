"""Forecasts of the past: scored as first made, against the official figure of the last period, and honest about few."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.plans.models import Target
from luoshi.progress.calls import ENOUGH, record_of
from luoshi.progress.models import Forecast, Measurement
from luoshi.progress.period_actions import plan_periods
from tests.year import issued

END = date(2026, 12, 31)
AT = datetime(2026, 3, 26, 2, tzinfo=UTC)


@pytest.fixture
def plan(cast):
    plan = issued(cast, 24)
    plan_periods(plan)
    return plan


def target(plan, number=0):
    return Target.objects.filter(task__plan=plan, subject__contains="老旧小区").order_by("task__order")[number]


def called(of, period, value, low, high):
    return Forecast.objects.create(
        target=of, period=of.task.plan.periods.get(name=period), value=value, low=low, high=high, confidence="0.8",
        method="pace", at=AT,
    )  # fmt: skip


def came(of, value, cutoff=date(2026, 12, 25), basis="official"):
    Measurement.objects.create(target=of, value=value, cutoff=cutoff, basis=basis, at=AT)


def test_nothing_is_scored_before_the_last_official_figure(plan):
    called(target(plan), "2026-06", 12, 10, 14)
    came(target(plan), 9, date(2026, 11, 25))
    came(target(plan), 12, basis="estimated")
    record = record_of(plan, END)
    assert (record.calls, record.waiting, record.total, record.verdict) == ([], 1, None, "few")
    came(target(plan), 11)
    record = record_of(plan, END)
    (call,) = record.calls
    assert call.within and call.outcome == 11 and f"{call.error:.1f}" == "9.1" and record.waiting == 0


def test_the_first_call_of_a_period_counts_and_months_stand_apart(plan):
    of = target(plan)
    called(of, "2026-06", 12, 11, 13)
    called(of, "2026-06", 8, 7, 9)  # with what was corrected later
    called(of, "2026-10", 8, 7, 9)
    came(of, 8)
    record = record_of(plan, END)
    assert [(m.period.name, m.hits, m.targets, round(m.scored.error)) for m in record.months] == [
        ("2026-06", 0, 1, 50), ("2026-10", 1, 1, 0),
    ]  # fmt: skip
    assert record.total.hits == 1 and record.total.targets == 1 and record.verdict == "few"


@pytest.mark.parametrize("hits, verdict", [(7, "fits"), (2, "narrow")])
def test_a_verdict_needs_enough_targets(plan, hits, verdict):
    targets = list(Target.objects.filter(task__plan=plan, value__isnull=False).order_by("pk")[:ENOUGH])
    assert len(targets) == ENOUGH
    for n, of in enumerate(targets):
        called(of, "2026-06", 10, 9, 11)
        came(of, 10 if n < hits else 20)
    assert record_of(plan, END).verdict == verdict


def test_more_calls_ask_no_more(plan):
    counts = []
    for number in (0, 1, 2):
        called(target(plan, number), "2026-06", 12, 10, 14)
        came(target(plan, number), 12)
        with CaptureQueriesContext(connection) as queries:
            assert len(record_of(plan, END).calls) == number + 1
        counts.append(len(queries))
    assert counts[0] == counts[2]
