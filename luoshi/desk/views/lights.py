"""One light with its reasons: objected to by its unit, asked to be set by hand; and the list of both to decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk.doing import asked, chosen, sent_table, tried, typed, whole
from luoshi.desk.page import member_of, show, user_of
from luoshi.people.models import Government, Unit
from luoshi.people.permissions import (
    may_approve_override,
    may_decide_objection,
    may_object,
    may_override_light,
    may_see_dashboard,
    may_see_task,
    own_units,
    require,
)
from luoshi.progress.lights import parse
from luoshi.progress.models import Evidence, Light
from luoshi.progress.period_actions import rule_of
from luoshi.supervision import actions, override_actions
from luoshi.supervision.models import Objection, OverrideRequest
from luoshi.ui.today import today

LIGHT = (
    "light__task__section",
    "light__task__government",
    "light__task__plan__government",
    "light__period",
    "light__rule_set",
)
ANSWERED = ("light__task__responsibilities", "light__task__leaders", "light__task__section__leaders")


def _light(request: HttpRequest, pk: int) -> Light:
    rows = Light.objects.select_related(
        "task__plan__government", "task__section", "period__plan", "rule_set", "in_post"
    )
    light = get_object_or_404(
        rows.prefetch_related("task__responsibilities", "task__leaders", "task__section__leaders"), pk=pk
    )
    require(may_see_task, user_of(request), light.task)
    return light


@login_required
@require_http_methods(["GET", "POST"])
def light(request: HttpRequest, pk: int) -> HttpResponse:
    """A light: why, what was done about it, and the forms of those who may. POST ``do=object`` or ``do=override``."""
    found, user = _light(request, pk), user_of(request)
    if request.method == "POST":
        return _act(request, found)
    last = timezone.localdate(found.at) + timedelta(days=rule_of(found.period.plan).objection_days)
    mine = own_units(user) & found.lead_units if may_object(user, found) else frozenset()
    rules = parse(found.rule_set.content)
    objections = list(found.objections.select_related("unit", "raised_by", "decided_by"))
    context = {
        "nav": "objections",
        "plan": found.task.plan,
        "light": found,
        "name": _names(rules).get(found.colour, ""),
        "overrides": list(found.overrides.select_related("asked_by", "approved_by")),
        "requests": list(found.override_requests.select_related("asked_by", "decided_by")),
        "objections": objections,
        "last": last,
        "open": today() <= last and not any(o.state == Objection.State.RAISED for o in objections),
        "my_units": list(Unit.objects.filter(pk__in=mine)) if mine else [],
        "papers": list(Evidence.objects.filter(uses__report__task=found.task, unit__in=mine).distinct())
        if mine
        else [],
        "colours": rules.colours,
        "may_override": may_override_light(user, found),
    }
    return show(request, "desk/light.html", context, government=found.government)


def _names(rules: Any) -> dict[str, str]:
    return {c.code: c.name for c in rules.colours}


def _act(request: HttpRequest, found: Light) -> HttpResponse:
    user = user_of(request)
    if typed(request, "do") == "override":
        require(may_override_light, user, found)
        tried(
            request,
            lambda: override_actions.ask_override(found, typed(request, "colour"), typed(request, "reason"), user),
            _("已提出，等另一人批准。"),
        )
        return redirect("light", found.pk)
    require(may_object, user, found)
    mine = own_units(user) & found.lead_units
    unit = get_object_or_404(Unit, pk__in=mine, pk=whole(typed(request, "unit")) or min(mine))
    papers = Evidence.objects.filter(pk__in=chosen(request, "evidence"), unit__in=mine)
    tried(
        request,
        lambda: actions.object_to(found, unit, typed(request, "reason"), user, today=today(), evidence=list(papers)),
        _("异议已提出，由没有参与的人复核。"),
    )
    return redirect("light", found.pk)


def _place(request: HttpRequest) -> Government:
    member = member_of(request)
    if member is None:
        require(may_see_dashboard, user_of(request), Government())
    assert member is not None
    return member.government


@login_required
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """Objections and requests to set a light: those a person may see, what is open first. ``?export=`` a file."""
    place, user = _place(request), user_of(request)
    rows = Objection.objects.filter(unit__government=place).select_related(
        "unit__government", "raised_by", "decided_by", *LIGHT
    )
    asks = OverrideRequest.objects.filter(light__task__government=place).select_related(
        "asked_by", "decided_by", *LIGHT
    )
    looks = may_see_dashboard(user, place)
    if not looks:
        rows, asks = rows.filter(unit__in=own_units(user)), asks.none()
    found = list(rows.prefetch_related(*ANSWERED, "evidence"))
    if asked(request, "export"):
        headers = (_("任务"), _("期次"), _("单位"), _("理由"), _("状态"), _("复核意见"), _("应答复日期"))
        lines = [
            [
                o.light.task.key,
                o.light.period.name,
                o.unit.short_name,
                o.reason,
                o.get_state_display(),
                o.decision,
                str(o.due_on),
            ]
            for o in found
        ]
        return sent_table(_("异议"), headers, lines, asked(request, "export"))
    context = {
        "nav": "objections",
        "objections": [(o, may_decide_objection(user, o), may_object(user, o.light)) for o in found],
        "waiting": sum(o.state == Objection.State.RAISED for o in found),
        "requests": [
            (r, may_approve_override(user, r.light) and r.asked_by_id != user.pk)
            for r in asks.prefetch_related(*ANSWERED)
        ],
        "looks": looks,
        "today": today(),
    }
    return show(request, "desk/objections.html", context, government=place)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide an objection; whoever took part is refused in words."""
    found = get_object_or_404(Objection.objects.select_related("unit__government", *LIGHT), pk=pk)
    require(may_decide_objection, user_of(request), found)
    upheld = typed(request, "upheld") == "yes"
    tried(
        request,
        lambda: actions.decide_objection(found, upheld, typed(request, "decision"), user_of(request)),
        _("已复核。"),
    )
    return redirect("objections")


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit takes its objection back."""
    found = get_object_or_404(Objection.objects.select_related("unit__government", *LIGHT), pk=pk)
    require(may_object, user_of(request), found.light)
    tried(request, lambda: actions.withdraw_objection(found, user_of(request)), _("已撤回。"))
    return redirect("objections")


@login_required
@require_POST
def decide_override(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse that a light is set by hand."""
    found = get_object_or_404(OverrideRequest.objects.select_related(*LIGHT), pk=pk)
    require(may_approve_override, user_of(request), found.light)
    agreed = typed(request, "agreed") == "yes"
    tried(
        request,
        lambda: override_actions.decide_override(found, agreed, typed(request, "note"), user_of(request)),
        _("已办结。"),
    )
    return redirect("objections")
