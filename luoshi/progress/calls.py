"""What became of a year's forecasts: each call beside the figure that came. From rows, a constant number of queries.

A call is scored as it was first made for its period, so that nothing learned later makes it look better. What came is the
official figure of the period in which the target's year ends; an estimate, or a figure from before, is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import Literal

from luoshi.plans.models import Plan, Target, Task
from luoshi.progress.forecast import CONFIDENCE, Calibration, Outlook, calibration
from luoshi.progress.goals import Facts, facts_of, goal_of, judged_tasks
from luoshi.progress.models import Forecast, Period
from luoshi.progress.standing import Goal

ENOUGH = (
    10  # targets from which a share of hits says anything; a target's calls of twelve months are no twelve witnesses
)
Verdict = Literal["few", "fits", "narrow", "wide"]


@dataclass(frozen=True)
class Call:
    """A forecast that can be scored: what was said of which target at which period, and what came."""

    task: Task
    target: Target
    period: Period
    outlook: Outlook
    outcome: Decimal

    @property
    def within(self) -> bool:
        """Whether what came lay in the band."""
        return self.outlook.low <= self.outcome <= self.outlook.high

    @property
    def error(self) -> Decimal | None:
        """How far off the estimate was, in per cent of what came; None where nothing came."""
        return (self.outlook.value - self.outcome) * 100 / abs(self.outcome) if self.outcome else None


@dataclass(frozen=True)
class Month:
    """The calls of one period: on how many targets, how many of them in the band, mean error in per cent."""

    period: Period | None
    targets: int
    hits: int
    scored: Calibration

    @property
    def missed(self) -> int:
        """How many fell outside."""
        return self.scored.calls - self.hits

    @property
    def percent(self) -> int:
        """The share in the band, in per cent."""
        return round(self.scored.within * 100)

    @property
    def enough(self) -> bool:
        """Whether there are enough targets for a share."""
        return self.targets >= ENOUGH


@dataclass(frozen=True)
class Record:
    """A year's forecasts: the calls scored, all together and by period; ``waiting``: targets whose year-end is not there."""

    calls: Sequence[Call]
    waiting: int
    total: Month | None
    months: Sequence[Month]

    @property
    def verdict(self) -> Verdict:
        """Whether the bands held what they promise, given how few targets there are; about 95 per cent sure."""
        if self.total is None or not self.total.enough:
            return "few"
        slack = 1.96 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / self.total.targets)
        off = self.total.scored.within - CONFIDENCE
        return "narrow" if off < -slack else "wide" if off > slack else "fits"


def record_of(plan: Plan, day: date) -> Record:
    """How the plan's forecasts made so far fared by the end of ``day``."""
    rows = list(Forecast.objects.filter(target__task__plan=plan, period__cutoff__lte=day).select_related("target"))
    first = {(row.target_id, row.period_id): row for row in sorted(rows, key=lambda row: -row.pk)}
    tasks = judged_tasks(plan, {row.target.task_id for row in rows})
    facts = facts_of(plan, tasks, day)
    periods = {period.pk: period for period in plan.periods.all()}
    own: dict[int, list[Forecast]] = {}
    for row in first.values():
        own.setdefault(row.target_id, []).append(row)
    calls: list[Call] = []
    waiting = 0
    for task in tasks:
        for target in task.targets.all():
            made = own.get(target.pk, [])
            came = _outcome(goal_of(task, target, facts), target, facts, list(periods.values())) if made else None
            waiting += bool(made) and came is None
            calls += [
                Call(task, target, periods[row.period_id], _outlook(row), came[1])
                for row in made
                if came is not None and periods[row.period_id].cutoff < came[0]
            ]
    calls.sort(key=lambda call: (call.period.cutoff, call.task.order, call.target.pk))
    by_period = {call.period.pk: call.period for call in calls}
    months = [_month([c for c in calls if c.period.pk == pk], period) for pk, period in by_period.items()]
    return Record(calls, waiting, _month(calls) if calls else None, months)


def _month(calls: Sequence[Call], period: Period | None = None) -> Month:
    scored = calibration([(call.outlook, call.outcome) for call in calls])
    assert scored is not None
    return Month(period, len({call.target.pk for call in calls}), sum(call.within for call in calls), scored)


def _outcome(goal: Goal, target: Target, facts: Facts, periods: Sequence[Period]) -> tuple[date, Decimal] | None:
    """Cut-off and value of the official figure that closes the target's year: the last one of its last period up to the
    year's end, else the first after it; None while there is none. Of two for one day the one entered last holds.
    """
    since = max((period.starts_on for period in periods if period.starts_on <= goal.curve.ends), default=None)
    if since is None:
        return None
    official = {row.cutoff: row.value for row in facts.figures.get(target.pk, ()) if row.basis == "official"}
    known = sorted(row for row in official.items() if row[0] >= since)
    by_then = [row for row in known if row[0] <= goal.curve.ends]
    return by_then[-1] if by_then else known[0] if known else None


def _outlook(row: Forecast) -> Outlook:
    return Outlook(row.value, row.low, row.high, float(row.confidence), row.method)
