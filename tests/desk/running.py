"""A plan in the middle of its year, for the pages of the office: two periods open, reports sent, rules adopted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.test import Client

from luoshi.people.models import User
from luoshi.plans import set_up_actions
from luoshi.plans.models import Plan, Target
from luoshi.progress import light_actions, report_actions
from luoshi.progress.drafts import Change
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Report
from luoshi.progress.period_actions import open_period, plan_periods
from tests.cast import Cast
from tests.year import issued, leave_out

AT = datetime(2026, 3, 26, 2, tzinfo=UTC)


def as_user(client: Client, user: User) -> Client:
    """The browser with this account logged in."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def running(cast: Cast, count: int = 4, *, name: str = "year.txt") -> Plan:
    """Issued, prepared, rules adopted, March open."""
    plan = issued(cast, count, name=name)
    set_up_actions.prepare(plan, cast.clerk)
    plan_periods(plan)
    leave_out(plan, date(2026, 3, 1))
    if not cast.county.rule_sets.exists():
        light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    open_period(plan.periods.get(name="2026-03"))
    return plan


def report_of(plan: Plan, number: int = 0, name: str = "2026-03") -> Report:
    """The lead's report of the task of this number."""
    rows = Report.objects.select_related("task__plan", "period", "unit")
    return rows.get(task=plan.tasks.all()[number], period__name=name, part="lead")


def send(
    plan: Plan,
    cast: Cast,
    number: int = 0,
    name: str = "2026-03",
    text: str = "已完成摸排并进场施工，群众反映良好",
    note: str = "",
    **figures: object,
) -> Report:
    """Written by the liaison, signed by the head of 县住建局."""
    changes = {"progress": Change(None, text)}
    for words, value in figures.items():
        target = Target.objects.get(task=plan.tasks.all()[number], subject__contains=words)
        changes[f"target.{target.pk}"] = Change(None, {"value": str(value), "note": note})
    report = report_of(plan, number, name)
    report_actions.save_draft(report, changes, cast.liaison)
    return report_actions.submit([report], cast.head)[0]
