"""Leaders as the document names them, and the posts they mean: duties follow the post, not the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Post, Tenure, User
from luoshi.people.permissions import may_issue, require
from luoshi.plans.models import Plan, SectionLeader, Task, TaskLeader


@transaction.atomic
def match_leaders(plan: Plan, by: User, *, at: datetime | None = None) -> int:
    """Tie each leader named in the plan to his post: by the name of who holds it now (and by the title, where he or a
    namesake holds several), else by a title that only one post has. How many were tied; those already tied stay. The
    number of queries does not depend on the number of leaders."""
    require(may_issue, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    holders = Tenure.objects.filter(post__government=plan.government_id, until__isnull=True, post__unit__isnull=True)
    held: dict[tuple[str, str], set[int]] = {}
    for person, title, pk in holders.values_list("person", "post__title", "post"):
        held.setdefault((person, title), set()).add(pk)
        held.setdefault((person, ""), set()).add(pk)
    for pk, title in Post.objects.filter(government=plan.government_id, unit__isnull=True).values_list("pk", "title"):
        held.setdefault(("", title), set()).add(pk)
    named: list[SectionLeader | TaskLeader] = [
        *SectionLeader.objects.filter(section__plan=plan, held_post=None),
        *TaskLeader.objects.filter(task__plan=plan, held_post=None),
    ]
    tied = [leader for leader in named if _tie(leader, held)]
    SectionLeader.objects.bulk_update([each for each in tied if isinstance(each, SectionLeader)], ["held_post"])
    TaskLeader.objects.bulk_update([each for each in tied if isinstance(each, TaskLeader)], ["held_post"])
    if tied:
        history.write(plan.government, by, "plan.leaders", plan, {"tied": len(tied)}, at=at, rows=tied)
    return len(tied)


def _tie(leader: SectionLeader | TaskLeader, held: dict[tuple[str, str], set[int]]) -> bool:
    """Set the one post that is meant; False where it is none or may be several."""
    for key in ((leader.name, leader.post), (leader.name, "")):
        posts = held.get(key, set()) if any(key) else set()
        if len(posts) == 1:
            (leader.held_post_id,) = posts
            return True
    return False


def by_hand(task: Task) -> TaskLeader | None:
    """The leader that the office put in charge of a task, as the document names none; no query where leaders are loaded."""
    return next((leader for leader in task.leaders.all() if leader.at is None and leader.held_post_id), None)


def may_be_given(task: Task) -> bool:
    """Whether the office may say whose the task is: nobody is tied to it, or the office said so itself before."""
    return by_hand(task) is not None or not task.leader_posts


@transaction.atomic
def put_in_charge(task: Task, post: Post, by: User, *, at: datetime | None = None) -> TaskLeader:
    """Say which leader's task it is where the document does not, as in most lists of livelihood projects; or give it to
    another, where the office had said so before (领导分工调整). What was reported until then stays as it is.

    Raises ValidationError for a post of another government or of a unit, or where the document names who is in charge.
    """
    require(may_issue, by, task.plan)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    if post.government_id != task.government_id or post.unit_id is not None:
        raise ValidationError(_("只能由本政府的领导负责。"))
    before = by_hand(task)
    if not may_be_given(task) or (before is not None and before.held_post_id == post.pk):
        raise ValidationError(_("%(task)s 已有负责领导。") % {"task": task})
    gone = [] if before is None else [before]
    TaskLeader.objects.filter(pk__in=[leader.pk for leader in gone]).delete()
    holder = post.tenures.filter(until__isnull=True).first()
    made = TaskLeader.objects.create(task=task, held_post=post, post=post.title, name=holder.person if holder else "")
    content = {"post": post.title, "person": made.name, "before": str(before) if before else ""}
    history.write(task.government, by, "task.leader", task, content, at=at, rows=[*gone, made])
    return made


@transaction.atomic
def put_all_in_charge(wanted: Mapping[Task, Post], by: User) -> int:
    """Several tasks at once, all or none; those whose post is the same already are passed over. How many were given."""
    changed = [(task, post) for task, post in wanted.items() if _differs(task, post)]
    for task, post in changed:
        put_in_charge(task, post, by)
    return len(changed)


def _differs(task: Task, post: Post) -> bool:
    before = by_hand(task)
    return before is None or before.held_post_id != post.pk


def likely_posts(tasks: Iterable[Task]) -> dict[int, int]:
    """Lead unit → the post that is in charge of all its tasks that have one; units under several posts are left out."""
    found: dict[int, set[int]] = {}
    for task in tasks:
        for unit in task.lead_units:
            found.setdefault(unit, set()).update(task.leader_posts)
    return {unit: next(iter(posts)) for unit, posts in found.items() if len(posts) == 1}
