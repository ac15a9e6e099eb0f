"""Posts for the leaders a plan names whom the government does not have yet."""

from __future__ import annotations

from django.db import transaction

from luoshi.people.actions import create_post
from luoshi.people.models import HistoryHead, Post, User
from luoshi.people.permissions import may_issue, require
from luoshi.plans.leaders import match_leaders
from luoshi.plans.models import Plan, SectionLeader, TaskLeader


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
    wanted = dict.fromkeys((name, post) for name, post in named if name and post)
    made = [create_post(plan.government, post, name, by=by) for name, post in wanted]
    if made:
        match_leaders(plan, by)
    return made
