"""Which tasks of another year are likest to each of these, so that a person picks among a few instead of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.plans.models import Plan, Task
from luoshi.reading.likeness import Worded, Wordings, pair_by_wording

LEAST = 0.55  # likeness of wording from which a task is proposed as the same
NEAR = 0.2  # and from which it is worth showing
FEW = 4


class Near(NamedTuple):
    """A task of the other year and how like it is, in per cent."""

    task: Task
    likeness: int


class Pair(NamedTuple):
    """An open task, the one of the next year that is proposed for it, and the few that are likest to it."""

    old: Task
    new: Task | None
    likeness: int
    near: Sequence[Near]


def proposed(old: Sequence[Task], new: Sequence[Task]) -> list[Pair]:
    """Each old task with the new one linked to it, else the one its wording is likest to, or None below ``LEAST``. Each new
    one once.
    """
    linked = {t.last_year_id: t for t in new if t.last_year_id}
    pairs = [_linked(each, linked[each.old.pk]) if each.old.pk in linked else each for each in _by_wording(old, new)]
    taken = {task.pk for task in linked.values()}
    return [
        p._replace(new=None, likeness=0) if p.new and p.new.pk in taken and p.new.last_year_id != p.old.pk else p
        for p in pairs
    ]


def _linked(pair: Pair, to: Task) -> Pair:
    others = [each for each in pair.near if each.task.pk != to.pk]
    like = next((each.likeness for each in pair.near if each.task.pk == to.pk), 0)
    return Pair(pair.old, to, like, [Near(to, like), *others[: FEW - 1]])


def _by_wording(old: Sequence[Task], new: Sequence[Task]) -> list[Pair]:
    ours = [Worded(t.text, t.key) for t in old]
    theirs = [Worded(t.text, t.key) for t in new]
    pairs = {i: (j, like) for i, j, like in pair_by_wording(ours, theirs, LEAST, [w.words for w in (*ours, *theirs)])}
    near = nearest(old, new)
    found = []
    for i, task in enumerate(old):
        j, like = pairs.get(i, (None, 0.0))
        own = near[i]
        if j is not None and new[j].pk not in {each.task.pk for each in own}:
            own = [Near(new[j], round(100 * like)), *own[: FEW - 1]]
        found.append(Pair(task, new[j] if j is not None else None, round(100 * like), own))
    return found


def nearest(old: Sequence[Task], new: Sequence[Task]) -> list[list[Near]]:
    """For each old task the few new ones likest to it, the likest first. Grows with the words shared, not with n × m."""
    ours, theirs = [t.text for t in old], [t.text for t in new]
    wordings = Wordings(ours, theirs, [*ours, *theirs])
    measured: list[list[tuple[float, int]]] = [[] for _task in old]
    for i, j in wordings.candidates():
        like = wordings.likeness(i, j)
        if like >= NEAR:
            measured[i].append((like, j))
    return [
        [Near(new[j], round(100 * like)) for like, j in sorted(each, key=lambda m: (-m[0], m[1]))[:FEW]]
        for each in measured
    ]


def of_last_year(plan: Plan) -> list[Task]:
    """The tasks of the government's plans of the year before, drafts left out. One query."""
    rows = Task.objects.filter(plan__government=plan.government_id, plan__year=plan.year - 1)
    return list(rows.exclude(plan__state=Plan.State.DRAFT).select_related("plan").order_by("plan", "order", "pk"))


def picked(posted: Mapping[str, Any], tasks: Iterable[Task], at: object = "") -> Task | None:
    """The task chosen among the few (``to…``), or written by its number (``key…``), which wins; None for neither.

    Raises ValidationError for a number that none of them has.
    """
    key, pk = (str(posted.get(f"{name}{at}", "")).replace("\\x00", "").strip() for name in ("key", "to"))
    found = next((t for t in tasks if (t.key == key.split(" ")[0] if key else str(t.pk) == pk)), None)
    if key and found is None:
        raise ValidationError(_("没有编号为“%(key)s”的任务，请照列表填。") % {"key": key[:40]})
    return found
