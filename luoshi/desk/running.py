"""A plan as it runs, for pages: the period looked at, its lights and reports, and which tasks an address asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from luoshi.plans.models import Plan, Task
from luoshi.progress import overview
from luoshi.progress.lights import Rules
from luoshi.progress.models import Period, Report
from luoshi.progress.overview import Asked, Held

STATES = {
    "missing": overview.MISSING,
    "waiting": (Report.State.SUBMITTED,),
    "returned": (Report.State.RETURNED,),
    "accepted": (Report.State.ACCEPTED,),
    "reported": (Report.State.SUBMITTED, Report.State.ACCEPTED),
}


@dataclass(frozen=True)
class Running:
    """A plan's period: lights of it and of the one before, reports asked, and when each task was last reported on."""

    plan: Plan
    periods: list[Period]
    period: Period
    before: Period | None
    rules: Rules
    now: Mapping[int, Held]
    last: Mapping[int, Held]
    reports: list[Asked]
    reported: Mapping[int, date]

    def colour(self, task: Task) -> str:
        """The task's colour, "" without a light."""
        return self.now[task.pk].colour if task.pk in self.now else ""

    def name(self, colour: str) -> str:
        """What the rule set calls a colour."""
        return next((c.name for c in self.rules.colours if c.code == colour), "")

    def cells(self, task: Task) -> dict[str, Any]:
        """What a row of the ledger shows of the year."""
        light = self.now.get(task.pk)
        asked = self._by_task.get(task.pk, [])
        seen = self.reported.get(task.pk)
        return {
            "colour": light.colour if light else "",
            "name": self.name(light.colour) if light else "",
            "sentence": light.sentence if light else "",
            "state": Report.State(asked[0].state).label if asked else "",
            "missing": any(report.missing for report in asked),
            "reported": seen.isoformat()[:7] if seen else "",
        }

    @cached_property
    def _by_task(self) -> dict[int, list[Asked]]:
        found: dict[int, list[Asked]] = {}
        for report in self.reports:
            found.setdefault(report.task, []).append(report)
        return found

    def fitting(self, light: str, state: str, unit: int | None = None) -> set[int] | None:
        """The tasks (primary keys) that an address asks for; None where it does not narrow."""
        sets: list[set[int]] = []
        if state in STATES:
            rows = [r for r in self.reports if r.state in STATES[state] and (unit is None or r.unit == unit)]
            sets.append({report.task for report in rows})
        if light:
            sets.append(self._lit(light))
        return set.intersection(*sets) if sets else None

    def _lit(self, light: str) -> set[int]:
        every = set(Task.objects.filter(plan=self.plan).values_list("pk", flat=True))
        if light == "none":
            return every - set(self.now)
        if light == "behind":
            wrong = overview.behind(self.rules)
            return {pk for pk, held in self.now.items() if held.colour in wrong}
        if light in ("worse", "better"):
            tasks = Task.objects.filter(pk__in=every).only("pk")
            turns = overview.turned(tasks, self.now, self.last, self.rules, worse=light == "worse")
            return {turn.task.pk for turn in turns}
        return {pk for pk, held in self.now.items() if held.colour == light}


def running(plan: Plan, name: str = "") -> Running | None:
    """The plan at a period, by its name, else at the newest opened. None for a plan without periods. Six queries."""
    periods = list(plan.periods.all())
    period = next((p for p in periods if p.name == name), None) or overview.current(periods)
    if period is None:
        return None
    last = overview.before(periods, period)
    lights = overview.held([p for p in (last, period) if p])
    rows = Report.objects.filter(period__plan=plan, state__in=STATES["reported"]).values("task")
    return Running(
        plan=plan,
        periods=periods,
        period=period,
        before=last,
        rules=overview.palette(plan.government),
        now=lights[period.pk],
        last=lights[last.pk] if last else {},
        reports=overview.asked([period]),
        reported={row["task"]: row["day"] for row in rows.annotate(day=Max("period__cutoff")).order_by()},
    )


def choices(year: Running) -> list[tuple[str, str]]:
    """The lights that a filter offers, with their words."""
    return [
        *[(colour.code, colour.name) for colour in year.rules.colours],
        ("behind", _("全部落后的")),
        ("worse", _("本期变差的")),
        ("better", _("本期变好的")),
        ("done", _("已完成")),
        ("grey", _("本期不判")),
        ("none", _("还没有亮灯")),
    ]


def state_choices() -> list[tuple[str, str]]:
    """The states of a report that a filter offers, with their words."""
    return [
        ("missing", _("未报")),
        ("reported", _("已报")),
        ("waiting", _("待审")),
        ("returned", _("已退回")),
        ("accepted", _("已通过")),
    ]


def tally(year: Running, tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Tasks by colour in the order done, best to worst, not judged, none; with the change against last period."""
    tasks = list(tasks)
    now, last = overview.counted(tasks, year.now), overview.counted(tasks, year.last)
    codes = ["done", *[c.code for c in year.rules.colours], "grey", ""]
    codes += [code for code in now if code not in codes]
    return [
        {
            "colour": code,
            "name": year.name(code),
            "n": now.get(code, 0),
            "change": now.get(code, 0) - last.get(code, 0) if year.last else 0,
            "filter": code or "none",
        }
        for code in codes
        if now.get(code) or last.get(code) or code in [c.code for c in year.rules.colours]
    ]
