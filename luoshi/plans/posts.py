"""Posts for the leaders a plan names whom the government does not have yet."""

from __future__ import annotations

from django.db import transaction

from luoshi.people.actions import create_post
from luoshi.people.models import Government, HistoryHead, Post, User
from luoshi.people.permissions import may_issue, require
from luoshi.plans.leaders import match_leaders
from luoshi.plans.models import Plan, SectionLeader, TaskLeader


def without_post(government: Government) -> dict[Plan, list[str]]:
    """The leaders, named with name and post, whom no post of the government fits yet, by plan. Two queries."""
    found: dict[Plan, dict[str, str]] = {}
    own = {"held_post": None, "post__gt": "", "name__gt": ""}
    sections = SectionLeader.objects.filter(section__plan__government=government, **own)
    tasks = TaskLeader.objects.filter(task__plan__government=government, **own)
    for leader in sections.select_related("section__plan"):
        found.setdefault(leader.section.plan, {}).setdefault(leader.name, leader.post)
    for one in tasks.select_related("task__plan"):
        found.setdefault(one.task.plan, {}).setdefault(one.name, one.post)
    return {plan: [f"{name}（{post}）" for name, post in named.items()] for plan, named in found.items()}


@transaction.atomic
def posts_from(plan: Plan, by: User) -> list[Post]:
    """Enter a post, held by the person named, for each leader who is tied to none and is named with name and post.

    Those the government knows already are tied first, so that calling twice makes nothing twice.
    """
    require(may_issue, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    match_leaders(plan, by)
    named = [
        *SectionLeader.objects.filter(section__plan=plan, held_post=None).values_list("name", "post"),
        *TaskLeader.objects.filter(task__plan=plan, held_post=None).values_list("name", "post"),
    ]
    wanted: dict[str, str] = {}
    for name, post in named:  # a leader whose post is written in two ways is still one person with one post
        if name and post:
            wanted.setdefault(name, post)
    made = [create_post(plan.government, post, name, by=by) for name, post in wanted.items()]
    if made:
        match_leaders(plan, by)
    return made
