"""The example's year, month by month through the rooms' own actions: asked, reported, reviewed, locked, lit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from luoshi.cli.example import events, people, reporting, texts
from luoshi.cli.example.cast import World, accounts, after, before, clock, gather, short, world
from luoshi.cli.example.setting_up import set_up
from luoshi.people import post_actions
from luoshi.people.models import Government, Tenure, User
from luoshi.progress import light_actions, period_actions, report_actions, review_actions
from luoshi.progress.drafts import Change
from luoshi.progress.models import Period, Report

CHANGE_OF_LEADER = date(2026, 7, 21)


def run(government: Government, until: str = "2026-12") -> bool:
    """Simulate the year up to period ``until``, which stays open with its queues full. False where it was there already."""
    accounts(government, User.objects.get(username=people.OFFICE))
    cast = world(government)
    if Period.objects.filter(plan__in=cast.plans).exists():
        return False
    set_up(cast)
    periods = list(Period.objects.filter(plan__in=cast.plans, name__lte=until).order_by("due_on", "cutoff", "plan"))
    periods = [_with_plan(period, cast) for period in periods]
    rounds = [list(found) for _due, found in groupby(periods, key=lambda period: period.due_on)]
    for found in rounds[:-1]:
        _round(cast, found)
    _last_round(cast, rounds[-1])
    return True


def _with_plan(period: Period, cast: World) -> Period:
    period.plan = next(plan for plan in cast.plans if plan.pk == period.plan_id)
    return period


def _round(cast: World, periods: list[Period]) -> None:
    """One due day: its periods open, are reported into, reviewed, locked and lit."""
    name, due, locks = periods[-1].name, periods[-1].due_on, periods[-1].locks_on
    if periods[-1].opens_on > CHANGE_OF_LEADER and not cast.told >= {("leader", 0)}:
        _change_leader(cast)
    period_actions.tick(periods[0].opens_on, at=clock(periods[0].opens_on, 6))
    days = {unit: _day(cast, unit, due) for unit in cast.liaisons}
    asked = list(_asked(periods))
    for day in sorted(set(days.values())):
        period_actions.tick(day, at=clock(day, 6))
        mine = [r for r in asked if days[r.unit_id] == day and not _missing(r)]
        _send(cast, mine, day)
    events.before_review(cast, name, due)
    _review(cast, [r.pk for r in asked], after(due, 2), name)
    shut = locks + timedelta(days=1)
    period_actions.tick(shut, at=clock(shut, 6))
    _late_entry(cast, [r for r in asked if _missing(r)], after(shut), name)
    lit = after(shut, 2)
    for period in periods:
        light_actions.compute(period, cast.head, at=clock(lit, 10))
    events.after_lights(cast, name, lit)


def _asked(periods: Iterable[Period]) -> Iterable[Report]:
    """The lead units' reports of these periods, with what permission asks of them."""
    rows = Report.objects.filter(period__in=[p.pk for p in periods], part=Report.Part.LEAD)
    return rows.select_related("task__plan__government", "period__plan", "unit__government").order_by("pk")


def _missing(report: Report) -> bool:
    where = (report.period.name, report.unit.short_name)
    return where in (texts.LATE_ENTRY[:2], texts.NEVER)


def _day(cast: World, unit: int, due: date) -> date:
    """When a unit sends in: some days before the due day, a few after it."""
    late = unit in {cast.units[name].pk for name in texts.UNITS_LATE}
    if late and reporting.chance(unit, due) % 2:
        return after(due)
    return before(due, reporting.chance(unit, due) % 4)


def _send(cast: World, reports: list[Report], day: date) -> None:
    """The liaisons draft, each head signs all of the unit's."""
    for report in reports:
        reporting.draft(cast, report, day)
    for unit, mine in groupby(sorted(reports, key=lambda r: r.unit_id), key=lambda r: r.unit_id):
        report_actions.submit(list(mine), cast.heads[unit], at=clock(day, 17, 10))


def _review(cast: World, keys: list[int], day: date, name: str) -> None:
    """The office takes most, sends some back, and takes those when they come again."""
    sent = list(_fresh(keys, Report.State.SUBMITTED))
    back = [report for report in sent if _returned(report, name)]
    held = {report.pk for report in back}
    for report in back:
        reason = (
            texts.COPIED_RETURN
            if reporting.copied(report)
            else texts.RETURNS[reporting.chance(report.pk) % len(texts.RETURNS)]
        )
        review_actions.send_back(report, reason, cast.clerk, at=clock(day, 9, 30))
    review_actions.accept([r for r in sent if r.pk not in held], cast.clerk, at=clock(day, 11))
    for report in back:
        _mend(cast, report, day)
    review_actions.accept(list(_fresh(held, Report.State.SUBMITTED)), cast.clerk, at=clock(day, 17))


def _returned(report: Report, name: str) -> bool:
    return reporting.copied(report) or (
        not report.unchanged and reporting.chance(short(report.task), name, "back") % 17 == 0
    )


def _fresh(keys: Iterable[int], state: str) -> Iterable[Report]:
    rows = Report.objects.filter(pk__in=list(keys), state=state)
    return rows.select_related("task__plan__government", "period__plan", "unit__government").order_by("pk")


def _mend(cast: World, report: Report, day: date) -> None:
    work = texts.WORK[short(report.task)][min((report.period.cutoff.month - 1) // 4, 2)]
    added = texts.ADDED.format(said=work)
    text = added if reporting.copied(report) else report.progress + added
    liaison = cast.liaisons[report.unit_id]
    report_actions.save_draft(report, {"progress": Change(report.progress, text)}, liaison, at=clock(day, 14))
    report_actions.submit([report], cast.heads[report.unit_id], at=clock(day, 15))


def _late_entry(cast: World, missing: list[Report], day: date, name: str) -> None:
    """After the lock the office lets one unit in, once."""
    if name != texts.LATE_ENTRY[0]:
        return
    for report in missing:
        report_actions.allow_late(report, texts.LATE_ENTRY[2], cast.clerk, at=clock(day, 9))
    _send(cast, missing, day)
    review_actions.accept(
        list(_fresh([r.pk for r in missing], Report.State.SUBMITTED)), cast.clerk, at=clock(day, 17, 30)
    )


def _change_leader(cast: World) -> None:
    (tenure,) = Tenure.objects.filter(post__government=cast.government, person=people.LEAVES, until=None)
    comes = User.objects.get(username=people.COMES_AS)
    at = clock(CHANGE_OF_LEADER, 9)
    post_actions.appoint(tenure.post, people.COMES, comes, CHANGE_OF_LEADER, cast.head, at=at)
    cast.told.add(("leader", 0))
    gather(cast)


def _last_round(cast: World, periods: list[Period]) -> None:
    """The open period: a third taken, a third waiting for review, some returned, some half written, some not begun."""
    first = after(periods[0].opens_on, 1)
    period_actions.tick(first, at=clock(first, 6))
    asked = list(_asked(periods))
    order = sorted({report.unit_id for report in asked})
    turn = {unit: n % 4 for n, unit in enumerate(order)}
    _send(cast, [r for r in asked if turn[r.unit_id] < 2], first)
    second = after(first)
    period_actions.tick(second, at=clock(second, 6))
    for report in [r for r in asked if turn[r.unit_id] == 2]:
        reporting.draft(cast, report, second)
    taken = list(_fresh([r.pk for r in asked if turn[r.unit_id] == 0], Report.State.SUBMITTED))
    if taken:
        review_actions.accept(taken[1:], cast.clerk, at=clock(second, 10))
        review_actions.send_back(taken[0], texts.RETURNS[0], cast.clerk, at=clock(second, 10, 30))
