"""The leader's page: what needs his eye first, then what changed, what waits for his word, and all he is in charge of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk import choices
from luoshi.desk.doing import asked
from luoshi.desk.page import show, user_of
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.models import Post
from luoshi.people.permissions import may_see_leader_page, require
from luoshi.plans.models import Adjustment, Plan, SetUp, Task
from luoshi.progress import overview
from luoshi.progress.lights import Rules
from luoshi.progress.models import Period
from luoshi.progress.overview import Held
from luoshi.supervision.models import Objection
from luoshi.ui.today import today


@dataclass(frozen=True)
class Portfolio:
    """The tasks of a post in its newest year, their periods by name, and the lights over the year."""

    post: Post
    plans: list[Plan]
    tasks: list[Task]
    periods: list[Period]
    shown: Mapping[int, Mapping[int, Held]]
    rules: Rules

    def year(self, task: Task) -> list[tuple[Period, Held | None]]:
        """The task's light in each period of its plan that was opened."""
        own = [p for p in self.periods if p.plan_id == task.plan_id]
        return [(p, self.shown[p.pk].get(task.pk)) for p in own]

    def lights(self, task: Task) -> tuple[Held | None, Held | None]:
        """The light of the newest period that has one, and the one before."""
        lit = [held for _period, held in self.year(task) if held]
        return (lit[-1] if lit else None), (lit[-2] if len(lit) > 1 else None)


def _portfolio(post: Post) -> Portfolio:
    """Nine queries however many tasks."""
    plans = list(Plan.objects.of(post.government).exclude(state=Plan.State.DRAFT))
    plans = [plan for plan in plans if plan.year == plans[0].year]
    tasks = overview.portfolio(post.pk, plans)
    periods = [
        p for p in Period.objects.filter(plan__in=plans).order_by("cutoff", "plan") if p.state != Period.State.PLANNED
    ]
    shown = overview.held(periods, [task.pk for task in tasks])
    return Portfolio(post, plans, tasks, periods, shown, overview.palette(post.government))


def post_for(request: HttpRequest, pk: int) -> Post:
    """The post, if the account may see its page. Raises Http404, PermissionDenied."""
    post = get_object_or_404(Post.objects.select_related("government", "unit"), pk=pk)
    require(may_see_leader_page, user_of(request), post)
    return post


@login_required
@require_safe
def leader(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; ``?light=`` (a colour, ``none``) or ``?light=missing`` only the tasks behind that number. The same number of
    queries for any portfolio.
    """
    post, day = post_for(request, pk), today()
    mine = _portfolio(post)
    everything = [_row(mine, task, day) for task in mine.tasks]
    missing, light = _missing(mine), asked(request, "light")
    rows = [r for r in everything if not light or light == (r["colour"] or "none") or _owed(light, r, missing)]
    urgent = sorted((r for r in rows if r["urgent"]), key=lambda r: (-r["rank"], not r["overdue"]))
    _say(mine, urgent)
    context = {
        "nav": "post",
        "post": post,
        "tenures": list(post.tenures.order_by("since", "pk")),
        "today": day,
        "period": mine.periods[-1] if mine.periods else None,
        "total": len(everything),
        "due": sum(r["urgent"] for r in everything),
        "light": light,
        "urgent": urgent,
        "others": [r for r in rows if not r["urgent"]],
        "rows": rows,
        "changed": [r for r in everything if r["changed"]],
        "tally": _tally(mine, everything),
        "asks": _asks(mine.tasks),
        "missing": len(missing),
    }
    return show(request, "desk/leader.html", context, government=post.government)


def _row(mine: Portfolio, task: Task, day: date) -> dict[str, Any]:
    now, last = mine.lights(task)
    names = {c.code: c.name for c in mine.rules.colours}
    colour, was = (now.colour if now else ""), (last.colour if last else "")
    late = overview.overdue(task, now, day)
    return {
        "task": task,
        "units": "、".join(part.unit.short_name for part in overview.parts(task)),
        "colour": colour,
        "name": names.get(colour, ""),
        "sentence": now.sentence if now else "",
        "by_hand": bool(now and now.by_hand),
        "was": was,
        "was_name": names.get(was, ""),
        "changed": bool(last and now and was != colour),
        "rank": mine.rules.rank(colour),
        "overdue": late,
        "urgent": late or mine.rules.rank(colour) > 0,
        "year": [
            {"period": p, "colour": h.colour if h else "", "name": names.get(h.colour if h else "", "")}
            for p, h in mine.year(task)
        ],
    }


def _say(mine: Portfolio, rows: Sequence[dict[str, Any]]) -> None:
    """What the units said last of these tasks: what is in the way, what comes next. One query."""
    said = overview.said_last([r["task"].pk for r in rows], mine.periods[-1]) if mine.periods else {}
    for row in rows:
        row["said"] = said.get(row["task"].pk)


def _tally(mine: Portfolio, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    codes = [*(c.code for c in reversed(mine.rules.colours)), "done", "grey", ""]
    names = {c.code: c.name for c in mine.rules.colours}
    counts = {code: sum(r["colour"] == code for r in rows) for code in codes}
    return [
        {"colour": code, "name": names.get(code, ""), "n": n, "filter": code or "none"}
        for code, n in counts.items()
        if n
    ]


def _asks(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """What waits for the leader's word: set-ups to sign, adjustments to review, objections to decide. Three queries."""
    pks = [task.pk for task in tasks]
    set_ups = SetUp.objects.filter(task__in=pks, state=SetUp.State.UNIT_SIGNED).select_related("task")
    changes = Adjustment.objects.filter(task__in=pks, state=Adjustment.State.ASKED).select_related("task", "unit")
    objections = Objection.objects.filter(light__task__in=pks, state=Objection.State.RAISED)
    return [
        *[_ask(s.task, _("细化待签"), "", f"/plans/{s.task.plan_id}/set-up/?only=turn") for s in set_ups],
        *[_ask(c.task, _("调整待审"), c.reason, f"/plans/{c.task.plan_id}/adjustments/?state=open") for c in changes],
        *[
            _ask(o.light.task, _("异议待复核"), o.reason, f"/plans/{o.light.task.plan_id}/tasks/{o.light.task.key}/")
            for o in objections.select_related("light__task")
        ],
    ]


def _ask(task: Task, what: str, why: str, address: str) -> dict[str, Any]:
    return {"task": task, "what": what, "why": why, "address": address}


def _missing(mine: Portfolio) -> list[int]:
    """The tasks of the reports that are owed in the newest period, one each. One query."""
    if not mine.periods:
        return []
    newest = [p for p in mine.periods if p.name == mine.periods[-1].name]
    return [r.task for r in overview.asked(newest, [task.pk for task in mine.tasks]) if r.missing]


def _owed(light: str, row: dict[str, Any], missing: Sequence[int]) -> bool:
    return light == "missing" and row["task"].pk in missing


@login_required
@require_safe
def export(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The portfolio as a file: each task with its units, light, why, and its lights over the year."""
    mine = _portfolio(post_for(request, pk))
    if format not in MEDIA:
        raise Http404
    months = list(dict.fromkeys(p.name for p in mine.periods))
    rows = []
    for row in (_row(mine, task, today()) for task in mine.tasks):
        by_month = {each["period"].name: each["name"] or each["colour"] for each in row["year"]}
        task = row["task"]
        told = [task.key, task.title or task.text, row["units"], row["name"], row["sentence"]]
        rows.append([*told, *(by_month.get(month, "") for month in months)])
    heads = [_("任务编号"), _("任务"), _("牵头单位"), _("灯"), _("说明"), *months]
    body = table_file(_("分管任务"), heads, rows, format)
    return choices.attach(HttpResponse(body, content_type=MEDIA[format]), f"{mine.post}-{_('分管任务')}.{format}")
