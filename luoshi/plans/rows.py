"""A confirmed ledger's sections and tasks as database rows, written in bulk."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from luoshi.documents.keyed import Book, Item
from luoshi.people.aliases import clean
from luoshi.people.models import Unit
from luoshi.plans.models import (
    Aim,
    Deliverable,
    FromDocument,
    Milestone,
    Plan,
    Responsibility,
    Section,
    SectionLeader,
    Target,
    Task,
    TaskLeader,
)

LARGEST = Decimal(10) ** 18
_DEADLINE = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?")
_NUMBER = re.compile(r"\d{1,4}")


def decimal(value: float | None) -> Decimal | None:
    """The figure as written: 7.5 is 7.5, not 7.4999. Raises ValidationError beyond 18 digits before the point."""
    if value is None:
        return None
    exact = Decimal(repr(value))
    if not exact.is_finite() or abs(exact) >= LARGEST:
        raise ValidationError(_("数值 %(value)s 太大，请核对。") % {"value": value})
    return exact.quantize(Decimal("0.000001"))


def last_day(deadline: str | None) -> date | None:
    """The last day of a deadline of any grain, for sorting and for reminders.

    >>> last_day("2026-Q3"), last_day("2026-02"), last_day("2026-06-15")
    (datetime.date(2026, 9, 30), datetime.date(2026, 2, 28), datetime.date(2026, 6, 15))
    """
    found = _DEADLINE.fullmatch(deadline or "")
    if not found:
        return None
    year, quarter, month, day = (int(part) if part else 0 for part in found.groups())
    month = quarter * 3 or month or 12
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    length = calendar.monthrange(year, month)[1]
    return date(year, month, day) if 1 <= day <= length else date(year, month, length) if not day else None


def task_numbers(tasks: Sequence[Mapping[str, Any]]) -> list[int]:
    """The numbers for the keys of one section's tasks: as written where every task has its own, else 1, 2, 3 …"""
    written = [_NUMBER.fullmatch((task.get("number") or "").strip(" .．、()（）")) for task in tasks]
    numbers = [int(found.group()) for found in written if found]
    if len(numbers) == len(tasks) == len(set(numbers)):
        return numbers
    return list(range(1, len(tasks) + 1))


class Rows:
    """Writes one plan's rows: sections, then tasks, then all that hangs below tasks, each kind with one bulk insert."""

    def __init__(self, plan: Plan, book: Book, units: Mapping[str, Unit]) -> None:
        self.plan = plan
        self.book = book
        self.units = units
        self.tasks = 0
        self.made: list[models.Model] = []
        self.below: dict[Any, list[FromDocument]] = {
            kind: [] for kind in (TaskLeader, Responsibility, Target, Aim, Deliverable, Milestone)
        }

    def write(self, sections: Sequence[Item]) -> None:
        """Write everything; ``made`` holds the rows then, ``tasks`` how many of them are tasks."""
        sections = [section for section in sections if section["tasks"]]
        rows = self._sections(sections)
        leaders = [
            SectionLeader(section=row, name=one.get("name") or "", post=one.get("post") or "", **self._place(one, n))
            for row, section in zip(rows, sections, strict=True)
            for n, one in enumerate(section.get("leader") or [])
        ]
        self.made += [*rows, *_insert(SectionLeader, leaders)]
        pairs = [pair for row, section in zip(rows, sections, strict=True) for pair in self._tasks(row, section)]
        for order, (task, _item) in enumerate(pairs):
            task.order = order
        self.made += _insert(Task, [task for task, _item in pairs])
        for task, item in pairs:
            self._parts(task, item)
        for kind, parts in self.below.items():
            self.made += _insert(kind, parts)
        self.tasks = len(pairs)

    def _place(self, item: Mapping[str, Any], order: int) -> dict[str, Any]:
        return {"at": item.get("at"), "quote": self.book.quote(item.get("at")), "order": order}

    def _sections(self, sections: Sequence[Item]) -> list[Section]:
        """Numbered on from what the year's block has already, so that a supplement's keys are new."""
        same = Section.objects.filter(
            plan__government=self.plan.government, plan__year=self.plan.year, plan__kind=self.plan.kind
        )
        first = (same.aggregate(last=models.Max("number"))["last"] or 0) + 1
        return _insert(
            Section,
            [
                Section(plan=self.plan, number=first + n, heading=item.get("heading") or "", **self._place(item, n))
                for n, item in enumerate(sections)
            ],
        )

    def _tasks(self, section: Section, item: Item) -> Iterable[tuple[Task, Item]]:
        prefix = f"{self.plan.year}-{self.plan.block}-{section.number}"
        for number, task in zip(task_numbers(item["tasks"]), item["tasks"], strict=True):
            row = Task(
                government=self.plan.government,
                plan=self.plan,
                section=section,
                key=f"{prefix}-{number}",
                reading_key=task["key"],
                number=task.get("number") or "",
                title=task.get("title") or "",
                text=task["text"],
                deadline=task.get("deadline") or "",
                deadline_at=task.get("deadline_at"),
                due_on=last_day(task.get("deadline")),
                progress=task.get("progress") or "",
                **self._place(task, 0),
            )
            yield row, task

    def _parts(self, task: Task, item: Item) -> None:
        builders: dict[Any, tuple[str, Callable[[Item], dict[str, Any]]]] = {
            TaskLeader: ("leaders", self._leader),
            Responsibility: ("units", self._responsibility),
            Target: ("targets", self._target),
            Aim: ("aims", self._aim),
            Deliverable: ("deliverables", self._deliverable),
            Milestone: ("milestones", self._milestone),
        }
        for kind, (name, fields) in builders.items():
            for order, part in enumerate(item.get(name) or []):
                self.below[kind].append(kind(task=task, **fields(part), **self._place(part, order)))

    def _leader(self, part: Item) -> dict[str, Any]:
        return {"name": part.get("name") or "", "post": part.get("post") or ""}

    def _responsibility(self, part: Item) -> dict[str, Any]:
        partner = part.get("with") or ""
        return {
            "unit": self.units[clean(part["name"])],
            "name": part["name"],
            "role": part["role"],
            "partner": self.units[clean(partner)] if partner else None,
            "partner_name": partner,
        }

    def _target(self, part: Item) -> dict[str, Any]:
        baseline, wording = part.get("baseline") or {}, part.get("wording") or {}
        return {
            "subject": part["subject"],
            "kind": part["kind"],
            "bound": part["bound"],
            "value": decimal(part.get("value")),
            "value_to": decimal(part.get("value_to")),
            "unit": part.get("unit") or "",
            "baseline_value": decimal(baseline.get("value")),
            "baseline_unit": baseline.get("unit") or "",
            "baseline_at": baseline.get("at"),
            **_promised(part),
            "wording": wording.get("text") or "",
            "wording_at": wording.get("at"),
        }

    def _deliverable(self, part: Item) -> dict[str, Any]:
        return {"name": part["name"], "stage": part["stage"], **_promised(part)}

    def _aim(self, part: Item) -> dict[str, Any]:
        than = part.get("than") or {}
        named = {"subject": part.get("subject") or "", "kind": part["kind"], "direction": part.get("direction") or ""}
        return {**named, "than": than.get("text") or "", "than_at": than.get("at"), **_promised(part)}

    def _milestone(self, part: Item) -> dict[str, Any]:
        return {"due": part.get("due") or "", "text": part["text"]}


def _promised(part: Item) -> dict[str, Any]:
    """Strength, and the word of promise with its grade and place."""
    promise = part.get("promise") or {}
    said = {"promise": promise.get("text") or "", "grade": promise.get("grade") or "", "promise_at": promise.get("at")}
    return {"strength": part.get("strength") or "commit", **said}


def _insert(kind: Any, rows: Sequence[Any]) -> list[Any]:
    """One bulk insert, after making sure that every text fits its column (PostgreSQL would refuse the whole)."""
    limits = [(f.attname, f.max_length, f.verbose_name) for f in kind._meta.concrete_fields if f.max_length]
    for row in rows:
        for name, limit, label in limits:
            if len(getattr(row, name) or "") > limit:
                message = _("“%(label)s”超过 %(limit)d 字，请先改短：%(start)s……")
                shown = {"label": label, "limit": limit, "start": getattr(row, name)[:20]}
                raise ValidationError(message % shown)
    return list(kind.objects.bulk_create(rows)) if rows else []
