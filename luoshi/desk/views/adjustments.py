"""Adjustments of a plan: asked by the lead unit, reviewed by the leader, decided by the office; both values side by side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk.doing import asked, day_of, seen_plan, seen_task, sent_table, tried, typed, whole
from luoshi.desk.page import show, user_of
from luoshi.people.models import Unit
from luoshi.people.permissions import (
    may_adjust_ask,
    may_adjust_decide,
    may_adjust_review,
    may_issue,
    may_see_task,
    own_units,
    require,
)
from luoshi.plans import adjustment_actions as actions
from luoshi.plans.models import Adjustment, AdjustmentRule, Deliverable, Plan, Target, Task
from luoshi.progress.lights import plain
from luoshi.ui.today import today

State = Adjustment.State
WAITING = (State.ASKED, State.REVIEWED)


def said(adjustment: Adjustment, value: dict[str, Any]) -> str:
    """The original or changed value in words, figures without trailing zeros, with their unit."""
    found = value.get("name") or value.get("value")
    if adjustment.field == Adjustment.Field.VALUE and found not in (None, "None"):
        unit = adjustment.target.unit if adjustment.target else ""
        return f"{plain(Decimal(str(found)))} {unit}".strip()
    if adjustment.field == Adjustment.Field.STAGE:
        return str(dict(Deliverable.Stage.choices).get(str(found), found))
    if adjustment.field == Adjustment.Field.STOP:
        return _("继续") if found == "open" else _("终止")
    if isinstance(found, list):
        return "、".join(map(str, found))
    return str(found or _("未定"))


def _rows(request: HttpRequest, plan: Plan) -> list[dict[str, Any]]:
    user = user_of(request)
    rows = Adjustment.objects.filter(task__plan=plan).select_related(
        "task__government",
        "task__plan__government",
        "task__section",
        "target",
        "deliverable",
        "unit",
        "asked_by",
        "reviewed_by",
        "decided_by",
    )
    found = rows.prefetch_related("task__responsibilities", "task__leaders", "task__section__leaders")
    return [
        {
            "row": a,
            "what": a.target or a.deliverable,
            "before": said(a, a.original),
            "after": said(a, a.changed),
            "may_review": a.state == State.ASKED and may_adjust_review(user, a),
            "may_decide": a.state == State.REVIEWED and may_adjust_decide(user, a),
            "may_withdraw": a.state in WAITING and may_adjust_ask(user, a),
        }
        for a in found
        if may_see_task(user, a.task)
    ]


@login_required
@require_safe
def adjustments(request: HttpRequest, pk: int) -> HttpResponse:
    """All adjustments of the plan, ``?state=`` those of one, or ``open`` ones; ``?export=`` a file. Constant queries."""
    plan = seen_plan(request, pk)
    everything, state = _rows(request, plan), asked(request, "state")
    wanted = WAITING if state == "open" else (state,)
    rows = [r for r in everything if not state or r["row"].state in wanted]
    if asked(request, "export"):
        headers = (
            _("任务"),
            _("调整什么"),
            _("原定"),
            _("调整为"),
            _("理由"),
            _("状态"),
            _("人大决定文号"),
            _("生效日期"),
        )
        lines = [
            [r["row"].task.key, r["row"].get_field_display(), r["before"], r["after"], r["row"].reason,
             r["row"].get_state_display(), r["row"].decision_number, str(r["row"].effective_on or "")]
            for r in rows
        ]  # fmt: skip
        return sent_table(_("调整"), headers, lines, asked(request, "export"))
    context = {
        "nav": "adjustments",
        "plan": plan,
        "rows": rows,
        "total": len(everything),
        "waiting": sum(r["row"].state in WAITING for r in everything),
        "states": [(c, n, sum(r["row"].state == c for r in everything)) for c, n in State.choices],
        "state": state,
        "window": AdjustmentRule.objects.filter(plan=plan).first(),
        "may_keep": may_issue(user_of(request), plan),
        "voted": plan.kind == Plan.Kind.LIVELIHOOD,
        "today": today(),
    }
    return show(request, "desk/adjustments.html", context, government=plan.government)


@login_required
@require_POST
def window(request: HttpRequest, pk: int) -> HttpResponse:
    """Set when adjustments may be asked for."""
    plan = seen_plan(request, pk, may_issue)

    def keep() -> None:
        days: list[date | None] = [
            day_of(typed(request, name), label) if typed(request, name) else None
            for name, label in (("opens_on", _("可申请起")), ("closes_on", _("可申请止")))
        ]
        actions.set_window(plan, days[0], days[1], user_of(request), basis=typed(request, "basis"))

    tried(request, keep, _("调整窗口已定。"))
    return redirect("adjustments", pk)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask for a change of a task: what, to what, why, on what basis."""
    plan = seen_plan(request, pk)
    task, user = seen_task(request, plan, key), user_of(request)
    require(may_adjust_ask, user, task)
    units = list(Unit.objects.filter(pk__in=own_units(user) & task.lead_units))
    if request.method == "POST" and tried(request, lambda: _ask(request, task, units), _("已申请，由分管领导审核。")):
        return redirect("adjustments", pk)
    context = {
        "nav": "adjustments",
        "plan": plan,
        "task": task,
        "units": units,
        "targets": list(task.targets.all()),
        "things": list(task.deliverables.all()),
        "stages": Deliverable.Stage.choices,
        "all_units": list(Unit.objects.filter(government=plan.government)),
        "window": AdjustmentRule.objects.filter(plan=plan).first(),
    }
    return show(request, "desk/adjustment_ask.html", context, government=plan.government)


def _ask(request: HttpRequest, task: Task, units: list[Unit]) -> None:
    """``what`` is ``target-17``, ``thing-3``, ``deadline``, ``unit`` or ``stop``, each with a box of its own."""
    kind, _dash, number = typed(request, "what").partition("-")
    target = Target.objects.filter(task=task, pk=whole(number) or 0).first() if kind == "target" else None
    thing = Deliverable.objects.filter(task=task, pk=whole(number) or 0).first() if kind == "thing" else None
    field = {"target": "value", "thing": "stage"}.get(kind, kind)
    box = {"value": "value", "stage": "stage", "deadline": "deadline", "unit": "new_unit"}.get(field, "")
    unit = next((u for u in units if u.pk == whole(typed(request, "unit"))), units[0] if units else None)
    if unit is None:
        raise ValidationError(_("只有牵头单位才能申请调整。"))
    actions.ask(
        task, field, {"value": typed(request, box)}, typed(request, "reason"), user_of(request), unit=unit,
        today=today(), target=target, deliverable=thing, basis=typed(request, "basis"),
    )  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Review, decide or withdraw one adjustment, as ``do`` says."""
    rows = Adjustment.objects.select_related("task__plan__government", "task__section", "unit")
    found, user, do = get_object_or_404(rows, pk=pk), user_of(request), typed(request, "do")
    yes, note = typed(request, "yes") == "yes", typed(request, "note")
    if do == "review":
        require(may_adjust_review, user, found)
        tried(request, lambda: actions.review(found, yes, note, user), _("已审核。"))
    elif do == "withdraw":
        require(may_adjust_ask, user, found)
        tried(request, lambda: actions.withdraw(found, user), _("已撤回。"))
    else:
        require(may_adjust_decide, user, found)
        tried(
            request,
            lambda: actions.decide(
                found, yes, note, user, effective_on=day_of(typed(request, "effective_on"), _("生效日期")),
                decision_number=typed(request, "decision_number"),
            ),
            _("已办结。"),
        )  # fmt: skip
    return redirect("adjustments", found.task.plan_id)
