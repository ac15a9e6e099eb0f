"""The workbench of the office: this period at a glance, each number leading to its tasks; and where others are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk import choices
from luoshi.desk.doing import whole
from luoshi.desk.page import member_of, show, user_of, year_links
from luoshi.desk.running import Running, running, tally
from luoshi.desk.views import home
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.models import Government, Member, Unit, User
from luoshi.people.permissions import held_posts, may_review, may_see_dashboard, own_units, require
from luoshi.plans.models import Adjustment, DoneTest, Plan, SetUp
from luoshi.progress import light_actions, overview
from luoshi.progress.models import Message, Period, Report
from luoshi.progress.reminding import remind_now
from luoshi.supervision.models import Objection
from luoshi.ui.today import today

Role = Member.Role
SHOWN = 12  # rows of a list on the workbench; the rest stands in the ledger it leads to


@login_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first page by role: the office and auditors see the workbench, others their own page."""
    member, user = member_of(request), user_of(request)
    if member is None:
        return show(request, "desk/nowhere.html")
    if may_see_dashboard(user, member.government) and member.role in (Role.OFFICE, Role.AUDITOR):
        return workbench(request, member.government)
    own = _own_page(user, member)
    return redirect(own) if own and _there(own) else home.documents(request)


def _own_page(user: User, member: Member) -> str:
    if member.role == Role.LEADER and held_posts(user):
        return f"/posts/{min(held_posts(user))}/"
    if member.unit_id and own_units(user):
        return f"/units/{member.unit_id}/"
    return {Role.ACCOUNT_ADMIN: "/people/", Role.SECURITY_ADMIN: "/people/security/"}.get(Role(member.role), "")


def _there(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def workbench(request: HttpRequest, government: Government) -> HttpResponse:
    """The period of one plan: the newest issued, or the one asked for. The queries do not grow with its tasks."""
    plans = list(Plan.objects.of(government).exclude(state__in=(Plan.State.DRAFT, Plan.State.ARCHIVED)))
    if not plans:
        return home.documents(request)
    plan = next((p for p in plans if str(p.pk) == request.GET.get("plan")), plans[0])
    year = running(plan, request.GET.get("period", "").replace("\x00", ""))
    context: dict[str, Any] = {"nav": "home", "plan": plan, "plans": [p for p in plans if p.year == plan.year]}
    context["may"] = may_review(user_of(request), plan)
    context |= year_links(user_of(request), plan)
    if year:
        context |= _period(year) | waiting(plan)
    return show(request, "desk/office.html", context, government=government)


def _period(year: Running) -> dict[str, Any]:
    tasks, owed = overview.answering(year.plan), overview.owed(year.reports)
    lit = _lit(year)
    worse = overview.turned(tasks, lit.now, lit.last, lit.rules, worse=True)
    return {
        "year": year,
        "lit": lit,
        "today": today(),
        "total": len(tasks),
        "tally": tally(lit, tasks),
        "reports": _reported(year),
        "steps": steps(year.period),
        "late": late(year, owed),
        "owing": sum(len(rows) for rows in owed.values()),
        "worse": [turn_row(lit, turn) for turn in worse[:SHOWN]],
        "worse_more": max(len(worse) - SHOWN, 0),
        "better": len(overview.turned(tasks, lit.now, lit.last, lit.rules, worse=False)),
    }


def _lit(year: Running) -> Running:
    """The period whose lights are shown: its own, until they are there those of the period before."""
    if not year.now and year.before and year.last:
        return running(year.plan, year.before.name) or year
    return year


def _reported(year: Running) -> dict[str, int]:
    states = [report.state for report in year.reports]
    return {
        "asked": len(states),
        "reported": sum(s in (Report.State.SUBMITTED, Report.State.ACCEPTED) for s in states),
        "waiting": states.count(Report.State.SUBMITTED),
        "returned": states.count(Report.State.RETURNED),
        "missing": sum(s in overview.MISSING for s in states),
    }


def steps(period: Period) -> list[dict[str, Any]]:
    """Where the period stands: opened, due, locked; each with its day and whether it is past."""
    day = today()
    return [
        {"day": at, "name": name, "done": at < day, "now": at == day}
        for at, name in (
            (period.opens_on, _("开始填报")),
            (period.due_on, _("报送截止")),
            (period.locks_on, _("锁定")),
        )
    ]


def late(year: Running, owed: dict[int, list[overview.Asked]]) -> list[dict[str, Any]]:
    """The units that owe a report, in the registry's order, with how many and when they were last reminded. Two queries."""
    told = {
        message.unit_id: message
        for message in Message.objects.filter(period=year.period, unit__in=owed).order_by("at", "pk")
    }
    units = Unit.objects.filter(pk__in=owed)
    return [
        {"unit": unit, "n": len(owed[unit.pk]), "told": told[unit.pk].at if unit.pk in told else None} for unit in units
    ]


def turn_row(year: Running, turn: overview.Turn) -> dict[str, Any]:
    """A turned light as lists show it."""
    return {
        "task": turn.task,
        "units": "、".join(part.unit.short_name for part in overview.parts(turn.task)),
        "before": turn.before,
        "before_name": year.name(turn.before),
        "colour": turn.now.colour,
        "name": year.name(turn.now.colour),
        "sentence": turn.now.sentence,
        "by_hand": turn.now.by_hand,
    }


def waiting(plan: Plan) -> dict[str, Any]:
    """What the office has to decide, counted as the pages list it that the numbers lead to: reports and objections of the
    government, adjustments and sign-offs of the plan; and vague words not agreed on. Five queries.
    """
    vague = DoneTest.objects.filter(task__plan=plan, confirmed_at=None)
    place = plan.government_id
    return {
        "to_review": Report.objects.filter(task__government=place, state=Report.State.SUBMITTED).count(),
        "objections": Objection.objects.filter(unit__government=place, state=Objection.State.RAISED).count(),
        "adjustments": Adjustment.objects.filter(
            task__plan=plan, state__in=(Adjustment.State.ASKED, Adjustment.State.REVIEWED)
        ).count(),
        "to_agree": SetUp.objects.filter(task__plan=plan, state=SetUp.State.LEADER_SIGNED).count(),
        "vague": vague.count(),
    }


def plan_of(request: HttpRequest, pk: int) -> Plan:
    """A plan for the overviews. Raises Http404, PermissionDenied."""
    plan = get_object_or_404(Plan.objects.select_related("government", "document"), pk=pk)
    require(may_see_dashboard, user_of(request), plan)
    return plan


@login_required
@require_POST
def light_up(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Compute the lights of a period (亮灯), and say what it did."""
    plan = plan_of(request, pk)
    require(may_review, user_of(request), plan)
    period = _period_named(plan, name)

    def lit() -> str:
        done = light_actions.compute(period, user_of(request))
        rules = overview.palette(plan.government)
        names = {c.code: c.name for c in rules.colours} | {"done": _("已完成"), "grey": _("本期不判")}
        each = "，".join(f"{names.get(code, code)} {n}" for code, n in done.colours.items() if n)
        return _("%(period)s 亮灯：判了 %(tasks)d 项（%(each)s），有 %(new)d 项是新灯或与上次不同。") % {
            "period": period.name,
            "tasks": done.tasks,
            "each": each,
            "new": done.written,
        }

    return _did(request, plan, lit, period)


@login_required
@require_POST
def remind(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Remind all units that owe a report of the period, or the one named."""
    plan = plan_of(request, pk)
    require(may_review, user_of(request), plan)
    period = _period_named(plan, name)
    unit = whole(request.POST.get("unit", ""))

    def told() -> str:
        made = remind_now(period, user_of(request), today(), unit=unit)
        if not made:
            return _("今天已经催过，没有重复发。")
        return ngettext("已催 %(n)d 个单位。", "已催 %(n)d 个单位。", len(made)) % {"n": len(made)}

    return _did(request, plan, told, period)


def _period_named(plan: Plan, name: str) -> Period:
    period = plan.periods.filter(name=name.replace("\x00", "")).first()
    if period is None:
        raise Http404
    period.plan = plan
    return period


def _did(request: HttpRequest, plan: Plan, act: Any, period: Period | None = None) -> HttpResponse:
    try:
        messages.success(request, act())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"/?plan={plan.pk}" + (f"&period={period.name}" if period else ""))


@login_required
@require_safe
def export(request: HttpRequest, pk: int, name: str, what: str, format: str) -> HttpResponse:
    """A list of the workbench as a file: ``late`` units, or the tasks whose light ``turned``."""
    plan = plan_of(request, pk)
    year = running(plan, _period_named(plan, name).name)
    if format not in MEDIA or what not in LISTS or year is None:
        raise Http404
    title, heads, rows = LISTS[what](year)
    body = table_file(title, heads, rows, format)
    return choices.attach(HttpResponse(body, content_type=MEDIA[format]), f"{plan}-{name}-{title}.{format}")


def _late_list(year: Running) -> tuple[str, list[str], list[list[Any]]]:
    owed = overview.owed(year.reports)
    rows = [
        [r["unit"].short_name, r["n"], year.period.due_on, r["told"] and timezone.localtime(r["told"]).date()]
        for r in late(year, owed)
    ]
    return _("未报单位"), [_("单位"), _("未报项数"), _("报送截止"), _("最近催报")], rows


def _turned_list(year: Running) -> tuple[str, list[str], list[list[Any]]]:
    tasks = overview.answering(year.plan)
    turns = [t for w in (True, False) for t in overview.turned(tasks, year.now, year.last, year.rules, worse=w)]
    shown = [turn_row(year, turn) for turn in turns]
    rows = [
        [r["task"].key, r["task"].title or r["task"].text, r["units"], r["before_name"], r["name"], r["sentence"]]
        for r in shown
    ]
    return _("变灯"), [_("任务编号"), _("任务"), _("牵头单位"), _("上期"), _("本期"), _("说明")], rows


LISTS = {"late": _late_list, "turned": _turned_list}
