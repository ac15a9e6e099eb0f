"""How earlier years ran: for a target whose task stood in last year's plan too, the share reached at each share of the year.

The link is the one people made when the year was rolled over; a target is the same where subject, unit and kind are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from luoshi.plans.models import Target, Task
from luoshi.progress.goals import Facts, facts_of, goal_of
from luoshi.progress.standing import Goal

YEARS = 3  # years back that are looked at
CLOSED = timedelta(days=45)  # a figure this near to the end of its year is what came of it
Path = list[tuple[float, float]]


def earlier_paths(tasks: Sequence[Task]) -> dict[int, list[Path]]:
    """By target of these tasks the paths of earlier years, the last first: (share of the year, share of its total), rising.

    No query where no task has a last year, else the same few for each year back.
    """
    found: dict[int, list[Path]] = {}
    now: dict[int, list[Target]] = {}
    for each in tasks:
        if each.last_year_id:
            now.setdefault(each.last_year_id, []).extend(each.targets.all())
    for _year in range(YEARS):
        if not now:
            break
        before = list(
            Task.objects.filter(pk__in=list(now)).select_related("plan").prefetch_related("targets__schedule")
        )
        facts = facts_of(before[0].plan, before, max(_ends(task) for task in before)) if before else Facts()
        further: dict[int, list[Target]] = {}
        for task in before:
            same = {(t.subject, t.unit, t.kind): t for t in task.targets.all()}
            for target in now[task.pk]:
                old = same.get((target.subject, target.unit, target.kind))
                if old is not None and (path := _path(goal_of(task, old, facts), old, facts)):
                    found.setdefault(target.pk, []).append(path)
            if task.last_year_id:
                further.setdefault(task.last_year_id, []).extend(now[task.pk])
        now = further
    return found


def _ends(task: Task) -> date:
    return max(date(task.plan.year, 12, 31), task.due_on or date.min) + CLOSED


def _path(goal: Goal, target: Target, facts: Facts) -> Path:
    """The year as shares; empty where it did not count up, or has no official figure near its end."""
    first, last = goal.curve.starts, goal.curve.ends
    base = goal.base or Decimal(0)
    official = {row.cutoff: row.value for row in facts.figures.get(target.pk, ()) if row.basis == "official"}
    rows = sorted((day, value - base) for day, value in official.items() if first <= day <= last + CLOSED)
    if goal.kind != "quantity" or not rows or rows[-1][0] < last - CLOSED or rows[-1][1] <= 0:
        return []
    total, length = rows[-1][1], max((last - first).days, 1)
    return [(min((day - first).days / length, 1.0), float(value / total)) for day, value in rows if day <= last]
