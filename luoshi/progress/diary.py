"""What falls on which day: periods opening, due and locking, deadlines of tasks, nodes. Days only, no hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from luoshi.plans.models import Node, Plan, Task
from luoshi.progress import workdays
from luoshi.progress.models import Period

Kind = Literal["opens", "due", "locks", "task", "node"]


@dataclass(frozen=True)
class Event:
    """One thing on a day. ``key`` is stable from one export to the next; ``address`` is where it leads on the site."""

    day: date
    kind: Kind
    title: str
    key: str
    address: str
    provisional: bool = False


def events(plans: Collection[Plan], first: date, last: date, tasks: Iterable[int] | None = None) -> list[Event]:
    """Everything between two days (both in) in order; ``tasks`` narrows deadlines and nodes to these. Three queries."""
    found = list(_of_periods(plans, first, last))
    due = Task.objects.filter(plan__in=plans, due_on__range=(first, last))
    nodes = Node.objects.filter(task__plan__in=plans, due_on__range=(first, last)).select_related("task")
    if tasks is not None:
        mine = list(tasks)
        due, nodes = due.filter(pk__in=mine), nodes.filter(task__in=mine)
    for task in due:
        say = _("%(task)s 到期") % {"task": (task.title or task.text)[:40]}
        found.append(Event(task.due_on or first, "task", say, f"task-{task.pk}", _address(task)))
    for node in nodes:
        found.append(Event(node.due_on, "node", node.text, f"node-{node.pk}", _address(node.task)))
    order = ("opens", "due", "locks", "node", "task")
    return sorted(found, key=lambda event: (event.day, order.index(event.kind), event.key))


def _of_periods(plans: Collection[Plan], first: date, last: date) -> Iterator[Event]:
    for period in Period.objects.filter(plan__in=plans).select_related("plan"):
        block = period.plan.get_kind_display()
        days: tuple[tuple[Kind, date, str], ...] = (
            ("opens", period.opens_on, _("%(plan)s %(period)s 开始填报")),
            ("due", period.due_on, _("%(plan)s %(period)s 报送截止")),
            ("locks", period.locks_on, _("%(plan)s %(period)s 锁定")),
        )
        for kind, day, say in days:
            if first <= day <= last:
                at = f"/plans/{period.plan_id}/?period={period.name}"
                key = f"period-{period.plan_id}-{period.name}-{kind}"
                title = say % {"plan": block, "period": period.name}
                yield Event(day, kind, title, key, at, period.provisional)


def _address(task: Task) -> str:
    return f"/plans/{task.plan_id}/tasks/{task.key}/"


@dataclass(frozen=True)
class Square:
    """A day of a month's sheet: whether it is in the month and a working day, whether that is provisional (暂按)."""

    day: date
    inside: bool
    working: bool
    events: tuple[Event, ...] = ()


def sheet(month: date, found: Iterable[Event]) -> list[list[Square]]:
    """A month as weeks from Monday, each day with its events."""
    by_day: dict[date, list[Event]] = {}
    for event in found:
        by_day.setdefault(event.day, []).append(event)
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    day, weeks = first - timedelta(days=first.weekday()), []
    while day < after:
        week = [day + timedelta(days=n) for n in range(7)]
        weeks.append(
            [Square(d, d.month == first.month, workdays.is_working_day(d), tuple(by_day.get(d, ()))) for d in week]
        )
        day += timedelta(days=7)
    return weeks


def certain(month: date) -> bool:
    """Whether the State Council's holidays of the year are known; else weekends are all that is known (暂按)."""
    return workdays.certain(month.year)
