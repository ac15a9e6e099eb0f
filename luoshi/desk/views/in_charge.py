"""Which leader has which task, where the document does not say: most lists of livelihood projects name none."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.desk.doing import seen_plan, tried, typed
from luoshi.desk.page import show, user_of
from luoshi.people.models import Post
from luoshi.people.permissions import may_issue
from luoshi.plans.leaders import by_hand, likely_posts, may_be_given, put_all_in_charge
from luoshi.plans.models import Plan, Task


@dataclass(frozen=True)
class Row:
    """A task that the office may give to a leader: the post it has by the office's word, and the one offered."""

    task: Task
    leads: str
    held: int | None
    likely: int | None

    @property
    def shown(self) -> int | None:
        """The post that stands chosen on the page."""
        return self.held or self.likely


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def in_charge(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks without a leader, and those the office gave to one, each with a choice of posts; saved together."""
    plan = seen_plan(request, pk, may_issue)
    tasks = list(plan.tasks.whole().select_related("plan__government", "government"))
    open_ones = [task for task in tasks if may_be_given(task)]
    posts = {post.pk: post for post in _leaders(plan)}
    if request.method == "POST":
        wanted = {}
        for task in open_ones:
            post = typed(request, f"post-{task.pk}")
            if post.isascii() and post.isdecimal() and len(post) < 16 and int(post) in posts:
                wanted[task] = posts[int(post)]
        given: list[int] = []
        if tried(request, lambda: given.append(put_all_in_charge(wanted, user_of(request)))):
            n = given[0]
            tried(request, lambda: None, ngettext("已给 %(n)d 项指定领导。", "已给 %(n)d 项指定领导。", n) % {"n": n})
        return redirect("in-charge", pk)
    known = tasks if any(task.leader_posts for task in tasks) else _of_the_year(plan)
    offered = likely_posts(known)
    context = {
        "nav": "set-up",
        "plan": plan,
        "rows": [_row(task, offered) for task in open_ones],
        "named": len(tasks) - len(open_ones),
        "posts": [(post, _holder(post)) for post in posts.values()],
    }
    return show(request, "desk/in_charge.html", context, government=plan.government)


def _leaders(plan: Plan) -> list[Post]:
    return list(plan.government.posts.filter(unit=None).prefetch_related("tenures"))


def _of_the_year(plan: Plan) -> list[Task]:
    """All tasks of the government's year: where this plan names no leader, its other plans tell whose a unit is."""
    return list(Task.objects.filter(plan__government=plan.government_id, plan__year=plan.year).whole())


def _row(task: Task, offered: dict[int, int]) -> Row:
    held, likely = by_hand(task), {offered[unit] for unit in task.lead_units if unit in offered}
    names = "、".join(part.unit.short_name for part in task.responsibilities.all() if part.unit_id in task.lead_units)
    return Row(task, names, held.held_post_id if held else None, likely.pop() if len(likely) == 1 else None)


def _holder(post: Post) -> str:
    return next((tenure.person for tenure in post.tenures.all() if tenure.until is None), "")
