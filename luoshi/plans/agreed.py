"""What is agreed about a task when it is signed, as plain values, and the digest that stands beside each signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from luoshi.people import history
from luoshi.plans.models import DoneTest, Node, Schedule, SubTask, Task


def contents_of(tasks: Sequence[Task]) -> dict[int, dict[str, Any]]:
    """All that is agreed about each task (by primary key), as it is signed: schedules, done-tests, nodes, rosters, shares.
    Four queries, however many tasks."""
    parts = ("schedules", "tests", "nodes", "shares")
    found: dict[int, dict[str, Any]] = {t.pk: {"task": t.key, **{part: [] for part in parts}} for t in tasks}
    schedules = Schedule.objects.filter(target__task__in=tasks).order_by("target").values_list(
        "target__task", "target", "curve", "points", "starts_on", "ends_on", "direction", "annual_only", "grain", "lag_days",
        "data_source", "roster",
    )  # fmt: skip
    for task, *row in schedules:
        found[task]["schedules"].append([str(v) if isinstance(v, date) else v for v in row])
    for test in DoneTest.objects.filter(task__in=tasks).order_by("pk"):
        found[test.task_id]["tests"].append([test.word, test.sentence, str(test.tolerance or "")])
    for n in Node.objects.filter(task__in=tasks).order_by("due_on", "pk"):
        found[n.task_id]["nodes"].append([n.target_id, n.deliverable_id, n.text, str(n.due_on)])
    for s in SubTask.objects.filter(task__in=tasks).order_by("pk"):
        found[s.task_id]["shares"].append([s.unit_id, s.target_id, str(s.value or ""), s.text])
    return found


def content_of(task: Task) -> dict[str, Any]:
    """As ``contents_of``, of one task."""
    return contents_of([task])[task.pk]


def digest_of(content: Mapping[str, Any]) -> str:
    """The digest that stands beside a signature: of what was signed."""
    return history.digest(history.canonical(content), "sha256")
