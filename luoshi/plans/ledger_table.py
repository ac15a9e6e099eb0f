"""The rows of the ledger page and of its exports, grouped and sorted. PURE: no query is made for tasks that came whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from luoshi.plans.models import Aim, Deliverable, Responsibility, Target, Task

Grouping = Literal["leader", "unit", "section"]
Sorting = Literal["document", "key", "deadline", "lead", "targets"]


@dataclass(frozen=True)
class Row:
    """One task as the ledger shows it. ``task`` is the row it was made from, with everything fetched."""

    task: Task
    key: str
    number: str
    section: str
    leaders: tuple[str, ...]
    leads: tuple[Responsibility, ...]
    supports: tuple[Responsibility, ...]
    targets: tuple[Target, ...]
    deliverables: tuple[Deliverable, ...]
    aims: tuple[Aim, ...]

    @property
    def lead(self) -> str:
        """The name of the first lead unit, "" without one."""
        return self.leads[0].unit.short_name if self.leads else ""


@dataclass(frozen=True)
class Group:
    """Rows under one heading. A task with two lead units stands under both."""

    name: str
    rows: tuple[Row, ...]

    @property
    def targets(self) -> int:
        """How many targets the group's tasks have."""
        return sum(len(row.targets) for row in self.rows)


def row(task: Task) -> Row:
    """The ledger row of a task from ``Plan.ledger_rows()``. Joint units stand among the leads, as nobody leads them."""
    own = [str(leader) for leader in task.leaders.all()]
    parts = list(task.responsibilities.all())
    return Row(
        task=task,
        key=task.key,
        number=task.number,
        section=task.section.heading,
        leaders=tuple(own or [str(leader) for leader in task.section.leaders.all()]),
        leads=tuple(p for p in parts if p.role != Responsibility.Role.SUPPORT),
        supports=tuple(p for p in parts if p.role == Responsibility.Role.SUPPORT),
        targets=tuple(task.targets.all()),
        deliverables=tuple(task.deliverables.all()),
        aims=tuple(task.aims.all()),
    )


def rows(tasks: Iterable[Task]) -> list[Row]:
    """Ledger rows in the order of the tasks."""
    return [row(task) for task in tasks]


def grouped(table: Sequence[Row], by: Grouping) -> list[Group]:
    """Groups in order of first appearance; what belongs to no group comes last."""
    names: dict[Grouping, Callable[[Row], Sequence[str]]] = {
        "leader": lambda r: r.leaders or [""],
        "unit": lambda r: list(dict.fromkeys(p.unit.short_name for p in r.leads)) or [""],
        "section": lambda r: [r.section],
    }
    groups: dict[str, list[Row]] = {}
    for each in table:
        for name in names[by](each):
            groups.setdefault(name, []).append(each)
    nobody = {"leader": _("没有写明领导"), "unit": _("没有牵头单位"), "section": _("没有章节")}[by]
    order = sorted(groups, key=lambda name: name == "")
    return [Group(name or nobody, tuple(groups[name])) for name in order]


def ordered(table: Sequence[Row], by: Sorting, descending: bool = False) -> list[Row]:
    """The rows sorted; ties keep document order, tasks without a deadline come last either way."""
    if by == "document":
        return list(reversed(table)) if descending else list(table)
    if by == "deadline":
        dated = [r for r in table if r.task.due_on]
        dated.sort(key=lambda r: r.task.due_on or date.max, reverse=descending)
        return dated + [r for r in table if not r.task.due_on]
    keys: dict[str, Callable[[Row], tuple[object, ...]]] = {
        "key": lambda r: tuple(int(p) if p.isdigit() else p for p in r.key.split("-")),
        "lead": lambda r: (r.lead,),
        "targets": lambda r: (len(r.targets),),
    }
    return sorted(table, key=keys[by], reverse=descending)
