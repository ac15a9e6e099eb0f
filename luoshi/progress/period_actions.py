"""Periods: planned for the year, then opened, reminded of and locked by ``tick``, which the task queue runs daily.

Opening a period asks each lead unit for a report of each task that is due by its cadence; nothing else asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.people.permissions import may_keep_rules, require
from luoshi.plans.models import Adjustment, Plan, Responsibility, SetUp, Task
from luoshi.progress.models import Light, Message, Period, Report, ReportingRule
from luoshi.progress.periods import REMINDERS, Days, Rhythm, ends_quarter, not_before, of_year, reminder
from luoshi.progress.reopened import reopened

OPEN_STATES = (Report.State.ASKED, Report.State.DRAFT, Report.State.RETURNED)


@dataclass(frozen=True)
class Ticked:
    """What one run of ``tick`` did."""

    opened: int = 0
    asked: int = 0
    reminded: int = 0
    locked: int = 0


def rule_of(plan: Plan) -> ReportingRule:
    """The plan's reporting rule; an unsaved one with the defaults where it has none."""
    return ReportingRule.objects.filter(plan=plan).select_related("rule_set").first() or ReportingRule(plan=plan)


def rhythm(rule: ReportingRule) -> Rhythm:
    """The rule's days as the pure calendar takes them."""
    return Rhythm(
        kind="quarter" if rule.kind == "quarter" else "month",
        month_day=rule.month_day,
        next_month=rule.next_month,
        quarter_working_days=rule.quarter_working_days,
        opens_days_before=rule.opens_days_before,
        locks_days_after=rule.locks_days_after,
    )


@transaction.atomic
def set_rule(plan: Plan, changes: dict[str, Any], by: User, *, at: datetime | None = None) -> ReportingRule:
    """Change when and how a plan is reported on; periods not opened yet move with it.

    Raises ValidationError for values that cannot be, PermissionDenied.
    """
    require(may_keep_rules, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    rule = rule_of(plan)
    first_due = first_due_of(plan, rule)
    for name, value in changes.items():
        setattr(rule, name, value)
    rule.full_clean(validate_unique=rule.pk is None)
    if not 1 <= rule.month_day <= 31:
        raise ValidationError(_("每月几日要填 1 到 31。"))
    rule.save()
    before = list(plan.periods.filter(state=Period.State.PLANNED))
    if plan.periods.exists():
        _plan_days(plan, rule, first_due)
    rows = [rule, *before, *plan.periods.filter(state=Period.State.PLANNED)]
    history.write(plan.government, by, "plan.reporting_rule", plan, changes, at=at, rows=rows)
    return rule


def days_of(plan: Plan, rule: ReportingRule, first_due: date | None = None) -> list[Days]:
    """The periods that the rule makes of the plan's year, nothing written: what is shown before it is planned.

    Raises ValidationError for a ``first_due`` outside the plan's year and the month after it.
    """
    if first_due is not None and not date(plan.year, 1, 1) <= first_due <= date(plan.year + 1, 1, 31):
        raise ValidationError(
            _("首次报送截止日要在 %(year)d 年 1 月到次年 1 月之间，如 %(year)d-04-25。") % {"year": plan.year}
        )
    own = rhythm(rule)
    return [not_before(days, first_due, own) for days in of_year(own, plan.year)]


def first_due_of(plan: Plan, rule: ReportingRule) -> date | None:
    """The day from which the plan is reported on, where it began when the year ran already: that of its first period, if
    the rule alone would have it due earlier."""
    first = plan.periods.order_by("cutoff").first()
    plain = of_year(rhythm(rule), plan.year)[0]
    return first.due_on if first is not None and first.name == plain.name and first.due_on > plain.due_on else None


@transaction.atomic
def plan_periods(
    plan: Plan, by: User | None = None, *, first_due: date | None = None, at: datetime | None = None
) -> list[Period]:
    """The year's periods, planned; those already there are kept. Raises ValidationError for a draft plan.

    ``first_due``: for a plan issued when the year runs already; periods that would fall due earlier fall due then, so
    that nobody is late for what was not asked yet.
    """
    if by is not None:
        require(may_keep_rules, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    if plan.state == Plan.State.DRAFT:
        raise ValidationError(_("台账印发以后才能安排报送期次。"))
    if not plan.periods.exists():
        made = _plan_days(plan, rule_of(plan), first_due)
        history.write(plan.government, by, "plan.periods", plan, {"periods": [p.name for p in made]}, at=at, rows=made)
    return list(plan.periods.all())


def _plan_days(plan: Plan, rule: ReportingRule, first_due: date | None = None) -> list[Period]:
    """Write the days of all periods not opened yet."""
    opened = set(plan.periods.exclude(state=Period.State.PLANNED).values_list("name", flat=True))
    plan.periods.filter(state=Period.State.PLANNED).delete()
    return Period.objects.bulk_create(
        Period(
            plan=plan,
            kind=rule.kind,
            name=each.name,
            starts_on=each.starts_on,
            cutoff=each.cutoff,
            opens_on=each.opens_on,
            due_on=each.due_on,
            locks_on=each.locks_on,
            provisional=each.provisional,
        )
        for each in days_of(plan, rule, first_due)
        if each.name not in opened
    )


def tick(today: date, *, at: datetime | None = None) -> Ticked:
    """Open, remind and lock what is due by ``today``, for all governments. Safe to run again and by two at once."""
    opened = asked = locked = 0
    waiting = Period.objects.filter(state=Period.State.PLANNED, opens_on__lte=today, plan__state=Plan.State.ISSUED)
    for period in waiting.select_related("plan__government").order_by("cutoff"):
        made = open_period(period, at=at)
        if made is not None:
            opened, asked = opened + 1, asked + made
    over = Period.objects.filter(state=Period.State.OPEN, locks_on__lt=today)
    for period in over.select_related("plan__government"):
        locked += lock_period(period, at=at)
    return Ticked(opened, asked, remind(today, at=at), locked)


@transaction.atomic
def open_period(period: Period, *, at: datetime | None = None) -> int | None:
    """Open one period and ask for its reports; how many. None where somebody else has opened it meanwhile."""
    HistoryHead.objects.select_for_update().get(government=period.plan.government_id)
    if not Period.objects.filter(pk=period.pk, state=Period.State.PLANNED).update(state=Period.State.OPEN):
        return None
    period.state = Period.State.OPEN
    made = Report.objects.bulk_create(
        [
            Report(task=task, period=period, unit=unit, boxes=boxes(task))
            for task in tasks_due(period)
            for unit in answering(task)
        ],
        batch_size=500,
    )
    content = {"period": period.name, "reports": len(made)}
    history.write(period.plan.government, None, "period.opened", period, content, at=at, rows=[period, *made])
    return len(made)


@transaction.atomic
def lock_period(period: Period, *, at: datetime | None = None) -> bool:
    """Lock one period: later entry goes through the office. False where it was locked meanwhile."""
    HistoryHead.objects.select_for_update().get(government=period.plan.government_id)
    if not Period.objects.filter(pk=period.pk, state=Period.State.OPEN).update(state=Period.State.LOCKED):
        return False
    missing = period.reports.filter(state__in=OPEN_STATES).count()
    content = {"period": period.name, "missing": missing}
    history.write(period.plan.government, None, "period.locked", period, content, at=at, rows=[period])
    return True


def tasks_due(period: Period) -> list[Task]:
    """The tasks to be reported on by their cadence: slow or major ones each month, steady ones at quarter ends and when their
    time is over, done or stopped ones no more. Constant queries."""
    stopped = Adjustment.objects.filter(
        field=Adjustment.Field.STOP, state=Adjustment.State.APPROVED, effective_on__lte=period.cutoff,
        target=None, deliverable=None,
    )  # fmt: skip
    found = (
        Task.objects.filter(plan=period.plan)
        .exclude(pk__in=stopped.values("task"))
        .prefetch_related(
            Prefetch("responsibilities", Responsibility.objects.select_related("unit__successor")),
            "targets__schedule",
            "deliverables",
        )
    )
    colours = last_colours(period.plan)
    rule = rule_of(period.plan)
    if not rule.by_risk:
        return list(found)
    again = reopened(list(colours))
    every = period.kind == Period.Kind.QUARTER or ends_quarter(period.cutoff)
    major = set(SetUp.objects.filter(task__plan=period.plan, major=True).values_list("task", flat=True))
    return [
        task
        for task in found
        if task.pk in again
        or (colour := colours.get(task.pk, "")) != "done"
        and (every or task.pk in major or colour not in ("green", "grey") or ended(task, period.cutoff))
    ]


def ended(task: Task, day: date) -> bool:
    """Whether the time of one of its promises is over by then: the last figure is asked for, whatever the cadence."""
    ends = [target.schedule.ends_on for target in task.targets.all() if getattr(target, "schedule", None)]
    return any(end <= day for end in (*ends, *([task.due_on] if task.due_on else [])))


def ask_again(task: Task, *, at: datetime | None = None) -> list[Report]:
    """Ask for a task opened again (回头看) in the periods of its plan that are open now; those to come ask by themselves.
    The reports that are new. Call inside a transaction, and record it."""
    stamp = at or timezone.now()
    made = []
    for period in Period.objects.filter(plan=task.plan_id, state=Period.State.OPEN).order_by("cutoff"):
        there = set(Report.objects.filter(period=period, task=task).values_list("unit", flat=True))
        units = [unit for unit in answering(task) if unit.pk not in there]
        made += [Report(task=task, period=period, unit=unit, boxes=boxes(task)) for unit in units]
        for unit in units:
            text = _("%(task)s 经回头看重新打开，请在 %(period)s 报送。") % {"task": task, "period": period.name}
            link = f"/units/{unit.pk}/"
            Message.objects.create(
                government_id=unit.government_id, unit=unit, kind="reopened", text=text, link=link, at=stamp
            )
    return Report.objects.bulk_create(made)


def last_colours(plan: Plan) -> dict[int, str]:
    """The newest colour of each task that has one; a light set by hand counts as it was set."""
    rows = Light.objects.filter(task__plan=plan).order_by("period__cutoff", "pk").prefetch_related("overrides")
    rows = rows.only("task", "period", "colour")  # a year's reasons weigh ten times as much
    last: dict[int, str] = {}
    for light in rows:
        overrides = list(light.overrides.all())
        last[light.task_id] = overrides[-1].colour if overrides else light.colour
    return last


def answering(task: Task) -> list[Unit]:
    """The units that must report: those that lead, as they are today (a merged one through its successor)."""
    leads = task.lead_units
    units: dict[int, Unit] = {}
    for part in task.responsibilities.all():
        if part.unit_id in leads:
            unit = part.unit
            while unit.successor is not None:
                unit = unit.successor
            units.setdefault(unit.pk, unit)
    return list(units.values())


def boxes(task: Task) -> int:
    """How many boxes a report of the task has: a figure for each target that is judged within the year, a stage for each
    deliverable, and the three of the narrative."""
    figures = sum(1 for target in task.targets.all() if not _annual_only(target))
    return figures + len(task.deliverables.all()) + 3


def _annual_only(target: Any) -> bool:
    schedule = getattr(target, "schedule", None)
    return schedule is not None and schedule.annual_only


@transaction.atomic
def remind(today: date, *, at: datetime | None = None) -> int:
    """Put the reminders of the day beside the units that still owe something; each once. How many were new.

    One query for all governments where everybody was told already, as at most hours of a day.
    """
    owed = _untold(today)
    if not owed:
        return 0
    periods = Period.objects.select_related("plan").in_bulk({period for period, _unit, _kind, _n in owed})
    stamp = at or timezone.now()
    made = [_reminder(periods[period], kind, unit, count, stamp) for period, unit, kind, count in owed]
    told = Message.objects.filter(period__in=periods)
    before = told.count()
    Message.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    return told.count() - before


def _untold(today: date) -> list[tuple[int, int, str, int]]:
    """Period, unit, kind of reminder and number of reports, of every unit that owes some and was not told yet. One query."""
    coming = [today + timedelta(left) for left in range(max(REMINDERS) + 1)]
    kinds = [When(period__due_on=due, then=Value(reminder(due, today))) for due in coming]
    late = Value(reminder(today - timedelta(1), today))
    owed = Report.objects.filter(state__in=OPEN_STATES, period__due_on__lte=today + timedelta(max(REMINDERS)))
    owed = owed.filter(Q(period__due_on__gte=today) | Q(period__state=Period.State.OPEN))
    owed = owed.exclude(period__state=Period.State.PLANNED).annotate(kind=Case(*kinds, default=late))
    told = Message.objects.filter(period=OuterRef("period"), unit=OuterRef("unit"), kind=OuterRef("kind"))
    rows = owed.filter(~Exists(told)).order_by("period", "unit").values_list("period", "unit", "kind")
    return list(rows.annotate(n=Count("pk")))


def _reminder(period: Period, kind: str, unit: int, count: int, at: datetime) -> Message:
    text = (
        _("%(period)s 已逾期，还有 %(n)d 项没有报。")
        if kind == "late"
        else _("%(period)s 还有 %(n)d 项待报，%(day)s 截止。")
    )
    said = text % {"period": period.name, "n": count, "day": period.due_on}
    return Message(
        government_id=period.plan.government_id, unit_id=unit, kind=kind, text=said, period=period, at=at,
        link=f"/units/{unit}/",
    )  # fmt: skip


def missing(periods: Sequence[Period]) -> dict[int, int]:
    """How many reports are still owed, by period. One query."""
    found: dict[int, int] = {}
    for pk in Report.objects.filter(period__in=periods, state__in=OPEN_STATES).values_list("period", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found
