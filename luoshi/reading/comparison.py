"""The comparison (对照): the frozen, typed result of comparing two ledgers, format ``luoshi.comparison/1``.

Every old task is kept or dropped, every new one kept or new. Each difference carries the words of both sides with their
places: spans of ``before`` point into the old document, spans of ``after`` into the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from luoshi.reading.ledger import Deliverable, Leader, Milestone, Responsibility, Span, Target, Value

SCHEMA: Literal["luoshi.comparison/1"] = "luoshi.comparison/1"

DifferenceKind = Literal[
    "target_lowered", "target_dropped", "promise_weakened", "stage_lowered", "deliverable_dropped", "deadline_later",
    "deadline_dropped", "target_raised", "target_new", "promise_strengthened", "stage_raised", "deliverable_new",
    "deadline_earlier", "deadline_new", "target_unit", "target_changed", "baseline_changed", "lead_changed",
    "support_added", "support_removed", "leader_changed", "milestone_dropped", "milestone_new", "recycled", "reworded",
]  # fmt: skip
"""In the order in which they are shown: less asked for, more asked for, otherwise asked, who, how it is written."""

MIRROR: dict[DifferenceKind, DifferenceKind] = {
    "target_lowered": "target_raised",
    "target_dropped": "target_new",
    "promise_weakened": "promise_strengthened",
    "stage_lowered": "stage_raised",
    "deliverable_dropped": "deliverable_new",
    "deadline_later": "deadline_earlier",
    "deadline_dropped": "deadline_new",
    "support_removed": "support_added",
    "milestone_dropped": "milestone_new",
}
MIRROR.update({after: before for before, after in list(MIRROR.items())})

WordingChange = Literal["same", "figures", "changed"]


class Side(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What one document says: its words, their place, and the fact read from them (the field the difference is about)."""

    quote: str
    at: Span | None = None
    target: Target | None = None
    deliverable: Deliverable | None = None
    milestone: Milestone | None = None
    units: tuple[Responsibility, ...] = ()
    leaders: tuple[Leader, ...] = ()
    deadline: str | None = None


class Difference(Value, frozen=True, kw_only=True):
    """One thing that differs between a task and its partner; ``before`` or ``after`` is None where one has nothing.

    ``elsewhere`` is the path of the other document's task that has the same matter, where a target or deliverable moved.
    """

    kind: DifferenceKind
    subject: str
    before: Side | None = None
    after: Side | None = None
    elsewhere: str | None = None


class ComparedTask(Value, frozen=True, kw_only=True):
    """A task of one of the two documents, with what is needed to find and show it. ``path`` as in ``Ledger.tasks``.

    ``elsewhere``: for a task that was dropped or is new, the other document's tasks that have its targets and deliverables.
    """

    path: str
    number: str | None = None
    title: str | None = None
    text: str
    at: Span
    plan: str | None = None
    section: str | None = None
    year: int | None = None
    units: tuple[Responsibility, ...] = ()
    elsewhere: tuple[str, ...] = ()


class TaskPair(Value, frozen=True, kw_only=True):
    """A task that both documents hold. ``likeness`` is 0–1, figures apart; ``wording`` says how the words differ."""

    old: ComparedTask
    new: ComparedTask
    likeness: float
    wording: WordingChange
    same_targets: int = 0
    differences: tuple[Difference, ...] = ()


class ComparedDocument(Value, frozen=True, kw_only=True):
    """One of the two documents: what it calls itself, its file, and the years of its plans."""

    title: str | None = None
    number: str | None = None
    name: str
    sha256: str
    years: tuple[int, ...] = ()


class ComparisonSummary(Value, frozen=True, kw_only=True):
    """Counts. ``kept + dropped`` = old tasks, ``kept + new`` = new tasks; ``kinds`` counts differences, none left out.

    Targets are those of kept tasks: same + raised + lowered + otherwise changed are the pairs.
    """

    old_tasks: int
    new_tasks: int
    kept: int
    dropped: int
    new: int
    untouched: int
    same_targets: int
    kinds: dict[DifferenceKind, int]


class Comparison(Value, frozen=True, kw_only=True):
    """The result of comparing two ledgers. ``kept`` and ``new`` stand in the order of the new document, ``dropped`` of the old."""

    schema: Literal["luoshi.comparison/1"] = SCHEMA
    reader: str
    old: ComparedDocument
    new: ComparedDocument
    summary: ComparisonSummary
    kept: tuple[TaskPair, ...] = ()
    dropped_tasks: tuple[ComparedTask, ...] = ()
    new_tasks: tuple[ComparedTask, ...] = ()

    def differences(self) -> Iterator[tuple[TaskPair, Difference]]:
        """Every difference within kept tasks, with its pair, in the order of the new document."""
        for pair in self.kept:
            for difference in pair.differences:
                yield pair, difference

    @property
    def differs(self) -> bool:
        """Whether anything was dropped, is new, or reads otherwise."""
        return bool(self.dropped_tasks or self.new_tasks or any(pair.differences for pair in self.kept))

    def to_json(self, *, indent: int = 2) -> bytes:
        """UTF-8 JSON; the same comparison gives the same bytes. ``indent=0`` is one line."""
        raw = msgspec.json.encode(self)
        return msgspec.json.format(raw, indent=indent) if indent else raw


def comparison_from_json(data: bytes | str) -> Comparison:
    """A comparison from its JSON, validated. Raises ``msgspec.ValidationError`` naming the offending path."""
    return msgspec.json.decode(data, type=Comparison)


def comparison_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the comparison format."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Comparison)}
