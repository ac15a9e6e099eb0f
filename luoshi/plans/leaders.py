"""Leaders as the document names them, and the posts they mean: duties follow the post, not the person."""

from __future__ import annotations

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


@transaction.atomic
def put_in_charge(task: Task, post: Post, by: User, *, at: datetime | None = None) -> TaskLeader:
    """Say which leader's task it is where the document does not, as in most lists of livelihood projects.

    Raises ValidationError for a post of another government, or where a leader is in charge already.
    """
    require(may_issue, by, task.plan)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    if post.government_id != task.government_id:
        raise ValidationError(_("只能由本政府的领导负责。"))
    if task.leader_posts:
        raise ValidationError(_("%(task)s 已有负责领导。") % {"task": task})
    holder = post.tenures.filter(until__isnull=True).first()
    made = TaskLeader.objects.create(task=task, held_post=post, post=post.title, name=holder.person if holder else "")
    said = {"post": post.title, "person": made.name}
    history.write(task.government, by, "task.leader", task, said, at=at, rows=[made])
    return made
