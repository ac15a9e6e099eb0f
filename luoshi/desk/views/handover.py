"""One page for a leader who takes over in mid-year: what is open in his portfolio, to print and to sign over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from luoshi.desk.page import show, user_of
from luoshi.people import history
from luoshi.people.models import Post
from luoshi.people.permissions import may_keep_units, may_see_leader_page, require
from luoshi.people.post_actions import holders, sign_over
from luoshi.plans.adjustment import Adjustment
from luoshi.plans.models import Plan, Task
from luoshi.progress.light_actions import newest, shown_colour
from luoshi.progress.models import Report
from luoshi.supervision.actions import closed
from luoshi.supervision.models import Objection

OPEN_REPORTS = (Report.State.ASKED, Report.State.DRAFT, Report.State.RETURNED)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief; a POST by who keeps the posts records that it was signed over."""
    post = get_object_or_404(Post.objects.select_related("government"), pk=pk)
    user = user_of(request)
    require(may_keep_units if request.method == "POST" else may_see_leader_page, user, post)
    brief = _brief(post)
    if request.method == "POST":
        counts = {name: len(brief[name]) for name in ("tasks", "reports", "objections", "adjustments")}
        try:
            sign_over(post, counts, user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("handover", pk)
    now, before = holders(post)
    signed = history.about(post).filter(verb="post.signed_over").last()
    context = {"post": post, "now": now, "before": before, "signed": signed, "may_sign": may_keep_units(user, post)}
    return show(request, "desk/handover.html", {"nav": "people", **brief, **context}, government=post.government)


def _brief(post: Post) -> dict[str, Any]:
    """Open tasks of the portfolio with light and the problem last reported, and what waits for somebody."""
    plans = Plan.objects.filter(government=post.government_id, state=Plan.State.ISSUED)
    named = Q(leaders__held_post=post) | Q(section__leaders__held_post=post)
    pks = Task.objects.filter(named, plan__in=plans).values("pk")
    found = Task.objects.filter(pk__in=pks).select_related("section").prefetch_related("leaders", "section__leaders")
    mine = [task for task in found.order_by("plan", "pk") if post.pk in task.leader_posts]
    done = closed(mine)
    tasks = [task for task in mine if task.pk not in done]
    lights = {pk: light for plan in plans for pk, light in newest(plan).items()}
    told = Report.objects.filter(task__in=tasks, state=Report.State.ACCEPTED).exclude(problem="")
    problems = {report.task_id: report.problem for report in told.order_by("period__cutoff", "pk")}
    rows = [
        (t, lights.get(t.pk), shown_colour(lights[t.pk]) if t.pk in lights else "", problems.get(t.pk, ""))
        for t in tasks
    ]
    # What needs the new leader's eye stands first; green and grey tasks follow in the plan's order.
    rows.sort(key=lambda row: row[2] in ("", "green", "grey", "done"))
    reports = Report.objects.filter(task__in=tasks, state__in=OPEN_REPORTS).select_related("task", "unit", "period")
    objections = Objection.objects.filter(light__task__in=tasks, state=Objection.State.RAISED)
    asked = (Adjustment.State.ASKED, Adjustment.State.REVIEWED)
    adjustments = Adjustment.objects.filter(task__in=tasks, state__in=asked)
    return {
        "tasks": rows, "reports": list(reports), "adjustments": list(adjustments.select_related("task")),
        "objections": list(objections.select_related("light__task", "unit")),
    }  # fmt: skip
