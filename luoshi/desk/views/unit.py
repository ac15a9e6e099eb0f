"""The unit's page: everything due on one page, drafted by fetch as it is typed, signed and sent in together."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk.doing import chosen, tried, typed
from luoshi.desk.page import refused, sentence, show, user_of
from luoshi.people.models import Member, Unit, User
from luoshi.people.permissions import may_allow_late, may_fill_unit, may_report, may_see_unit, may_sign_unit, require
from luoshi.plans.models import Responsibility, Task
from luoshi.progress import drafts, report_actions
from luoshi.progress.asked import Item, items_of, reports_asked
from luoshi.progress.burden import MINUTES_A_BOX, MINUTES_AN_ITEM, burdens, minutes
from luoshi.progress.models import Evidence, Message, Period, Report
from luoshi.ui.today import today

LONGEST_POST = 200_000  # bytes of one save
KEPT = 30  # files sent before that are offered again


def unit_for(request: HttpRequest, pk: int) -> Unit:
    """The unit, if the account may see its page. Raises Http404, PermissionDenied."""
    unit = get_object_or_404(Unit.objects.select_related("government"), pk=pk)
    require(may_see_unit, user_of(request), unit)
    return unit


def report_for(request: HttpRequest, pk: int) -> Report:
    """The report, if the account may write it. Raises Http404, PermissionDenied."""
    found = Report.objects.select_related("unit__government", "period__plan", "task")
    report = get_object_or_404(found, pk=pk)
    require(may_report, user_of(request), report)
    return report


@login_required
@require_safe
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is due of the unit: items of open periods with all that is known; the same queries for any number of items."""
    unit, user = unit_for(request, pk), user_of(request)
    mine = may_fill_unit(user, unit)
    reports = reports_asked(unit)
    if not mine:  # a draft is the unit's own until it is sent in
        for report in reports:
            if report.state in report_actions.WRITABLE:
                report.draft = {}
    items = items_of(reports)
    heads = list(_heads(unit))
    waiting = [item for item in items if item.writable]
    left = [item for item in waiting if not item.filled]
    (burden,) = burdens(unit.government, today(), [unit])
    context = {
        "nav": "unit",
        "unit": unit,
        "mine": mine,
        "signs": mine and (not heads or may_sign_unit(user, unit)),
        "heads": heads,
        "groups": _by_period(items),
        "items": items,
        "to_fill": waiting,
        "left": left,
        "minutes": minutes(len(left), sum(item.boxes for item in left)),
        "all_minutes": minutes(len(waiting), sum(item.boxes for item in waiting)),
        "burden": burden,
        "constants": {"item": MINUTES_AN_ITEM, "box": MINUTES_A_BOX},
        "messages_of_unit": list(Message.objects.filter(unit=unit).order_by("-at")[:8]) if mine else [],
        "supports": _supports(unit, items),
        "locked": _locked(unit),
        "may_late": may_allow_late(user, unit),
        "kinds": Evidence.Kind.choices,
        "kept": list(Evidence.objects.filter(unit=unit).order_by("-at")[:KEPT]) if mine else [],
        "today": today(),
    }
    return show(request, "desk/unit.html", context, government=unit.government)


def _heads(unit: Unit) -> list[User]:
    heads = Member.objects.filter(unit=unit, role=Member.Role.UNIT_HEAD, user__is_active=True)
    return [member.user for member in heads.select_related("user")]


def _by_period(items: list[Item]) -> list[dict[str, Any]]:
    """The items in groups a period, each with the days that are left."""
    groups: dict[int, dict[str, Any]] = {}
    for item in items:
        period = item.report.period
        group = groups.setdefault(
            period.pk, {"period": period, "days": (period.due_on - today()).days, "plan": period.plan, "items": []}
        )
        group["items"].append(item)
    return list(groups.values())


def _supports(unit: Unit, items: list[Item]) -> list[tuple[Task, Period]]:
    """Tasks in which the unit supports, with an open period, that have no part of it yet."""
    own = {(item.task.pk, item.report.period_id) for item in items}
    part = Q(unit=unit) | Q(partner=unit)
    parts = Responsibility.objects.filter(part, task__plan__periods__state=Period.State.OPEN).select_related("task")
    tasks = {row.task_id: row.task for row in parts.order_by("task__order")}
    plans = {task.plan_id for task in tasks.values()}
    periods = list(Period.objects.filter(plan__in=plans, state=Period.State.OPEN).order_by("cutoff"))
    leads = set(Report.objects.filter(unit=unit, task__in=tasks, part="lead").values_list("task", flat=True))
    return [
        (task, period)
        for task in tasks.values()
        for period in periods
        if period.plan_id == task.plan_id and task.pk not in leads and (task.pk, period.pk) not in own
    ]


def _locked(unit: Unit) -> list[Report]:
    """What was not sent in before its period was locked: late entry goes through the office."""
    late = Report.objects.filter(
        unit=unit, period__state=Period.State.LOCKED, state__in=report_actions.WRITABLE, late_allowed_by__isnull=True
    )
    return list(late.select_related("task", "period").order_by("-period__cutoff")[:20])


@login_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was typed. JSON ``{"changes": {field: {"base": …, "value": …}}}``, or a plain form without script.

    Answers with the draft as it is now: ``version``, ``state``, ``values``, what of them could not be signed (``wrong``, a
    sentence a field), what was merged from two writers, and what the other had where he gave way.
    """
    report = report_for(request, pk)
    try:
        if request.content_type == "application/json":
            changes = _changes(request.body)
        else:
            changes = _typed(request, report)
        saved = report_actions.save_draft(report, changes, user_of(request))
    except ValidationError as error:
        if request.content_type == "application/json":
            return refused(error)
        messages.error(request, " ".join(error.messages))
        return redirect("unit", pk=report.unit_id)
    if request.content_type != "application/json":
        messages.success(request, _("草稿已保存。"))
        return redirect("unit", pk=report.unit_id)
    values = drafts.values(saved.report.draft)
    return JsonResponse(
        {
            "version": saved.version,
            "state": saved.report.state,
            "values": values,
            "wrong": report_actions.wrong_in(saved.report, values, user_of(request)),
            "merged": dict(saved.merged),
            "theirs": dict(saved.theirs),
        }
    )


def _changes(body: bytes) -> dict[str, drafts.Change]:
    """The changes of a JSON post. Raises ValidationError for anything else."""
    wrong = ValidationError(_("没有看懂要保存的内容，请刷新页面。"))
    if len(body) > LONGEST_POST:
        raise wrong
    try:
        said = json.loads(body)
        return {str(name): drafts.Change(each.get("base"), each["value"]) for name, each in said["changes"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise wrong from None


def _typed(request: HttpRequest, report: Report) -> dict[str, drafts.Change]:
    """The changes of a plain form: texts by name, parts as ``target.17.value``; an unticked place is not taken back."""
    now, parts = drafts.values(report.draft), dict[str, dict[str, Any]]()
    changes: dict[str, drafts.Change] = {}
    for name, text in request.POST.items():
        kind, _dot, rest = name.partition(".")
        if name in drafts.TEXTS:
            changes[name] = drafts.Change(now.get(name), str(text))
        elif kind in drafts.PARTS and "." in rest and text:
            key, _dot, what = rest.partition(".")
            parts.setdefault(f"{kind}.{key}", {})[what] = str(text)
    for name, value in parts.items():
        if value.get("value") or not name.startswith("target."):
            changes[name] = drafts.Change(now.get(name), value)
    if "unchanged" in request.POST:
        changes["unchanged"] = drafts.Change(now.get("unchanged"), request.POST["unchanged"] == "1")
    return changes


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign and send in: the reports named, or all that are filled; all or none."""
    unit, user = unit_for(request, pk), user_of(request)
    require(may_fill_unit, user, unit)
    wanted = set(chosen(request, "report"))
    items = items_of(reports_asked(unit))
    ready = [item for item in items if item.writable and item.filled]
    named = "report" in request.POST
    reports = [item.report for item in ready if not named or item.report.pk in wanted]
    if not reports:
        messages.error(request, _("没有可以报送的：请先填写，或按“无变化”。"))
        return redirect("unit", pk=unit.pk)
    said = _("%(n)d 项已签发报送。") % {"n": len(reports)}
    tried(request, lambda: report_actions.submit(reports, user), said)
    return redirect("unit", pk=unit.pk)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a report that the office has not accepted yet."""
    report = report_for(request, pk)
    tried(request, lambda: report_actions.take_back(report, user_of(request)), _("已撤回，可以再改。"))
    return redirect("unit", pk=report.unit_id)


@login_required
@require_POST
def allow_late(request: HttpRequest, pk: int) -> HttpResponse:
    """The office lets a report in after its period was locked, with its reason."""
    found = Report.objects.select_related("unit__government", "period__plan", "task")
    report, user = get_object_or_404(found, pk=pk), user_of(request)
    require(may_allow_late, user, report)
    said = _("已准予补报，%(unit)s可以填了。") % {"unit": report.unit.short_name}
    tried(request, lambda: report_actions.allow_late(report, typed(request, "reason"), user), said)
    return redirect("unit", pk=report.unit_id)


@login_required
@require_POST
def add_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's own part beside the lead's report."""
    unit = unit_for(request, pk)
    require(may_fill_unit, user_of(request), unit)
    ids = [request.POST.get(name, "") for name in ("task", "period")]
    if not all(each.isascii() and each.isdecimal() and len(each) < 16 for each in ids):
        return sentence(_("没有看懂要保存的内容，请刷新页面。"), 422)
    own = unit.government_id
    task = get_object_or_404(Task.objects.prefetch_related("responsibilities"), pk=ids[0], government=own)
    period = get_object_or_404(Period.objects.select_related("plan"), pk=ids[1], plan=task.plan_id)
    tried(request, lambda: report_actions.add_part(task, period, unit, user_of(request)))
    return redirect("unit", pk=unit.pk)
