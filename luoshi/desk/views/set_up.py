"""The set-up board: what is still vague, whose turn it is, signed in bulk; and one task's set-up in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk import setting_up
from luoshi.desk.doing import asked, chosen, day_of, figure_of, seen_plan, seen_task, sent_table, tried, typed, whole
from luoshi.desk.likely import Near, nearest, of_last_year, picked
from luoshi.desk.page import show, user_of
from luoshi.people.models import Unit
from luoshi.people.permissions import (
    may_adjust_ask,
    may_issue,
    may_see_task,
    may_set_up,
    may_sign_set_up,
    may_sign_set_up_leader,
    may_sign_set_up_office,
    own_units,
    require,
)
from luoshi.plans import agreed
from luoshi.plans import set_up_actions as actions
from luoshi.plans.models import Deliverable, Plan, Schedule, SetUp, Target, Task
from luoshi.supervision.models import Closing


def _rows(request: HttpRequest, plan: Plan) -> list[setting_up.Row]:
    user = user_of(request)
    tasks = [task for task in actions.tasks_to_set_up(plan) if may_see_task(user, task)]
    said = agreed.contents_of(tasks)
    return [setting_up.row_of(task, user, agreed.digest_of(said[task.pk])) for task in tasks]


@login_required
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """All tasks with what is still vague; ``?state=``, ``?only=turn|vague|words|mine``. Constant queries. ``?export=`` a file."""
    plan = seen_plan(request, pk)
    everything = _rows(request, plan)
    state, only = asked(request, "state"), asked(request, "only")
    mine = own_units(user_of(request))
    rows = [
        row
        for row in everything
        if (not state or row.state == state)
        and (only != "turn" or row.turn)
        and (only != "vague" or row.vague)
        and (only != "words" or row.unsettled)
        and (only != "mine" or mine & row.task.lead_units)
    ]
    if asked(request, "export"):
        return _board_file(request, rows)
    context = {
        "nav": "set-up",
        "plan": plan,
        "rows": rows,
        "total": len(everything),
        "progress": setting_up.progress_of(everything),
        "turns": sum(row.turn for row in everything),
        "vague": sum(bool(row.vague) for row in everything),
        "words": sum(bool(row.unsettled) for row in everything),
        "new": sum(not row.state for row in everything),
        "state": state,
        "only": only,
        "mine": bool(mine),
        "may_prepare": may_issue(user_of(request), plan) and plan.state != Plan.State.DRAFT,
    }
    return show(request, "desk/set_up.html", context, government=plan.government)


def _board_file(request: HttpRequest, rows: list[setting_up.Row]) -> HttpResponse:
    headers = (_("编号"), _("任务"), _("牵头单位"), _("状态"), _("沿用预设的完成标准"), _("没有数据来源"), _("摘要"))
    lines = [
        [r.task.key, r.task.title or r.task.text, "、".join(r.leads), r.label, r.defaults, r.without_source,
         r.task.set_up.digest if r.state else ""]
        for r in rows
    ]  # fmt: skip
    return sent_table(_("细化"), headers, lines, asked(request, "export"))


@login_required
@require_POST
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the defaults for tasks that have none yet."""
    plan = seen_plan(request, pk, may_issue)
    tried(request, lambda: actions.prepare(plan, user_of(request)), _("已备好预设，请各牵头单位细化。"))
    return redirect("set-up", pk)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the tasks ticked, all or none."""
    plan = seen_plan(request, pk, may_sign_set_up)
    wanted = plan.tasks.filter(pk__in=chosen(request, "tasks"))
    tasks = list(
        wanted.select_related("plan__government", "government").prefetch_related(
            "responsibilities", "leaders", "section__leaders"
        )
    )
    if not tasks:
        messages.error(request, _("请先勾选任务，只能签轮到自己签的。"))
        return redirect("set-up", pk)
    n = len(tasks)
    said = ngettext("已签 %(n)d 项。", "已签 %(n)d 项。", n) % {"n": n}
    seen, note = {task.pk: typed(request, f"seen-{task.pk}") for task in tasks}, typed(request, "note")
    tried(request, lambda: actions.sign_off(tasks, user_of(request), note=note, seen=seen), said)
    return redirect(_address(tasks[0]) if typed(request, "back") else reverse("set-up", args=[pk]))


def _address(task: Task) -> str:
    return reverse("set-up-task", args=[task.plan_id, task.key])


@login_required
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One task's set-up: done-tests, schedules, nodes, rosters, parts handed down, signatures; POST ``do`` changes one."""
    plan = seen_plan(request, pk)
    found = seen_task(request, plan, key)
    if request.method == "POST":
        verb = VERBS.get(typed(request, "do"))
        if verb is None:
            require(may_set_up, user_of(request), found)
        elif tried(request, lambda: _within(lambda: verb(request, found))):
            return redirect(_address(found))
        found = seen_task(request, plan, key)
    user = user_of(request)
    row = setting_up.row_of(found, user, agreed.digest_of(agreed.content_of(found)))
    set_up: SetUp | None = getattr(found, "set_up", None)
    waits = row.state in (SetUp.State.UNIT_SIGNED, SetUp.State.LEADER_SIGNED)
    context = {
        "nav": "set-up",
        "plan": plan,
        "task": found,
        "row": row,
        "set_up": set_up,
        "title": (found.title or found.text).rstrip("。；;"),
        "targets": [setting_up.drawn(t, found) for t in _targets(found)],
        "things": [(d, setting_up.with_blanks(d.nodes.all())) for d in found.deliverables.prefetch_related("nodes")],
        "tests": list(found.done_tests.select_related("target", "deliverable", "confirmed_by")),
        "parts": list(found.sub_tasks.select_related("unit", "target")),
        "signatures": list(found.sign_offs.select_related("by")),
        "units": list(Unit.objects.filter(government=plan.government)) if may_set_up(user, found) else [],
        "curves": Schedule.Curve.choices,
        "grains": Schedule.Grain.choices,
        "directions": Schedule.Direction.choices,
        "may_hand": may_set_up(user, found),
        "may_part": may_set_up(user, found) and (set_up is None or set_up.state == SetUp.State.OPEN),
        "near": _near(found) if may_set_up(user, found) and found.last_year is None else [],
        "may_ask": may_adjust_ask(user, found),
        "may_major": may_sign_set_up_office(user, found),
        "may_back": waits and (may_sign_set_up_office(user, found) or may_sign_set_up_leader(user, found)),
    }
    return show(request, "desk/set_up_task.html", context, government=plan.government)


def _near(found: Task) -> list[Near]:
    """The few tasks of last year that are likest to this one."""
    before = of_last_year(found.plan)
    return nearest([found], before)[0] if before else []


def _within(act: Callable[[], Any]) -> Any:
    with transaction.atomic():
        return act()


def _targets(found: Task) -> list[Target]:
    return list(found.targets.select_related("schedule").prefetch_related("roster", "nodes", "shares"))


def _target(request: HttpRequest, found: Task) -> Target:
    target = (
        Target.objects.select_related("task__plan__government")
        .filter(task=found, pk=whole(typed(request, "of")) or 0)
        .first()
    )
    if target is None:
        raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    return target


def _schedule(request: HttpRequest, found: Task) -> None:
    actions.set_schedule(_target(request, found), setting_up.schedule_typed(request.POST), user_of(request))


def _test(request: HttpRequest, found: Task) -> None:
    test = found.done_tests.select_related("task__plan__government").filter(pk=whole(typed(request, "of")) or 0).first()
    if test is None:
        raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    tolerance = setting_up.tolerance_typed(typed(request, "tolerance"))
    actions.word_test(test, typed(request, "sentence"), user_of(request), tolerance=tolerance)


def _add_test(request: HttpRequest, found: Task) -> None:
    target = _target(request, found) if typed(request, "of") else None
    actions.add_test(found, typed(request, "word"), typed(request, "sentence"), user_of(request), target=target)


def _nodes(request: HttpRequest, found: Task) -> None:
    thing = Deliverable.objects.filter(task=found, pk=whole(typed(request, "thing")) or 0).first()
    actions.set_nodes(found, thing or _target(request, found), setting_up.nodes_typed(request.POST), user_of(request))


def _roster(request: HttpRequest, found: Task) -> None:
    actions.open_roster(_target(request, found), user_of(request))


def _places(request: HttpRequest, found: Task) -> None:
    target = _target(request, found)
    names = {p.pk: typed(request, f"place-{p.pk}") for p in target.roster.all() if f"place-{p.pk}" in request.POST}
    actions.name_places(target, names, user_of(request))


def _part(request: HttpRequest, found: Task) -> None:
    unit = Unit.objects.filter(pk=whole(typed(request, "unit")) or 0, government=found.government_id).first()
    if unit is None:
        raise ValidationError(_("请选承担单位。"))
    value, due = typed(request, "value"), typed(request, "due_on")
    actions.hand_down(
        found, unit, typed(request, "text"), user_of(request), target=_target(request, found) if typed(request, "of") else None,
        value=figure_of(value, _("分解数")) if value else None, due_on=day_of(due, _("应完成日期")) if due else None,
    )  # fmt: skip


def _part_back(request: HttpRequest, found: Task) -> None:
    part = found.sub_tasks.select_related("unit", "task__plan__government").filter(
        pk=whole(typed(request, "part")) or 0
    )
    if (own := part.first()) is None:
        raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    actions.take_part_back(own, user_of(request))


def _last_year(request: HttpRequest, found: Task) -> None:
    """Link to the task picked, or unlink; what was rolled over (结转) stays as it is."""
    before = found.last_year
    if before is not None and before.closings.filter(kind=Closing.Kind.CARRIED).exists():
        raise ValidationError(_("这条是结转来的，链接不能改。"))
    actions.link_last_year(found, picked(request.POST, of_last_year(found.plan)), user_of(request))


def _major(request: HttpRequest, found: Task) -> None:
    actions.set_major(found, bool(typed(request, "major")), user_of(request))


def _send_back(request: HttpRequest, found: Task) -> None:
    actions.send_back(found, typed(request, "note"), user_of(request))


VERBS: dict[str, Callable[[HttpRequest, Task], None]] = {
    "schedule": _schedule, "test": _test, "nodes": _nodes, "roster": _roster, "places": _places, "part": _part,
    "part_back": _part_back, "last_year": _last_year, "add_test": _add_test, "major": _major, "back": _send_back,
}  # fmt: skip
