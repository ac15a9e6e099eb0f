"""A ledger as rows of flat tables: one row a document, task, unit, target, deliverable, milestone, doubt, error.

Every row begins with the document's ``sha256``; what belongs to a task carries the task's path in the ledger
(``plans/0/sections/1/tasks/3``), so that tables join on (sha256, task). ``block``, ``start``, ``end`` are the row's span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from luoshi.reading.amounts import based
from luoshi.reading.ledger import Ledger, Plan, Section, Span, Task

Kind = Literal["text", "whole", "number", "yes"]
Cell = str | bytes | int | float | bool | None  # bytes are UTF-8: a ledger as it is written
Row = tuple[Cell, ...]


def _columns(listed: str) -> dict[str, Kind]:
    """``name`` is text, ``name#`` a whole number, ``name~`` a number, ``name?`` yes or no."""
    kinds: dict[str, Kind] = {"#": "whole", "~": "number", "?": "yes"}
    return {name.rstrip("#~?"): kinds.get(name[-1], "text") for name in listed.split()}


_SPAN = " block# start# end#"
TABLES: dict[str, dict[str, Kind]] = {
    "documents": _columns(
        "sha256 path media_type bytes# characters# pages# title number issuer government publisher category index_number "
        "written_on signed_on public? year# kind plans# tasks# units# targets# deliverables# doubts# facts# structure# "
        "prose# not_understood# reader"
    ),
    "tasks": _columns(
        "sha256 task plan year# kind section number title text leaders deadline units# targets# deliverables# progress"
        + _SPAN
    ),
    "units": _columns("sha256 task position# name role partner" + _SPAN),
    "targets": _columns(
        "sha256 task position# year# subject quote kind bound strength wording value~ value_to~ unit value_base~ "
        "value_to_base~ unit_base baseline~ baseline_unit baseline_base~" + _SPAN
    ),
    "deliverables": _columns("sha256 task position# name stage strength" + _SPAN),
    "milestones": _columns("sha256 task position# due text" + _SPAN),
    "doubts": _columns("sha256 position# code message task" + _SPAN),
    "errors": _columns("sha256 path kind message"),
    "ledgers": _columns("sha256 path ledger"),
}

_OFFICE = re.compile(r"(?:人民)?政府(?:办公[室厅])?$")


def rows(ledger: Ledger, path: str, size: int) -> Iterator[tuple[str, Row]]:
    """(table, row) for everything the ledger holds but the ledger itself. ``size`` is the file's length in bytes."""
    sha = ledger.source.sha256
    tasks = list(ledger.tasks())
    yield "documents", _document(ledger, path, size, [task for *_, task in tasks])
    for where, plan, section, task in tasks:
        yield "tasks", (sha, where, *_task(plan, section, task), *_span(task.at))
        yield from _parts(sha, where, plan, task)
    for n, doubt in enumerate(ledger.doubts):
        yield "doubts", (sha, n, doubt.code, doubt.message, doubt.task, *_span(doubt.at))


def _document(ledger: Ledger, path: str, size: int, tasks: list[Task]) -> Row:
    source, says, coverage = ledger.source, ledger.document, ledger.coverage
    first = ledger.plans[0] if ledger.plans else Plan()
    return (
        source.sha256, path, source.media_type, size, source.characters, source.pages, says.title, says.number, says.issuer,
        government(says.issuer), says.publisher, says.category, says.index_number, says.written_on, says.signed_on,
        says.public, first.year, first.kind if ledger.plans else None, len(ledger.plans), len(tasks),
        sum(len(task.units) for task in tasks), sum(len(task.targets) for task in tasks),
        sum(len(task.deliverables) for task in tasks), len(ledger.doubts), coverage.facts, coverage.structure,
        coverage.prose, sum(span.end - span.start for span in coverage.not_understood), ledger.reader,
    )  # fmt: skip


def government(issuer: str | None) -> str | None:
    """The government behind an issuer that names it, else None.

    >>> government("澜湾县人民政府办公室"), government("澜湾县教育局")
    ('澜湾县', None)
    """
    name = _OFFICE.sub("", issuer or "")
    return name if issuer and name and name != issuer else None


def _task(plan: Plan, section: Section, task: Task) -> Row:
    """The task's own columns; ``leaders`` are those named at the task, else its section's."""
    leaders = "、".join(leader.name or leader.post or "" for leader in task.leaders or section.leader)
    return (
        plan.title, plan.year, plan.kind, section.heading, task.number, task.title, task.text, leaders or None,
        task.deadline, len(task.units), len(task.targets), len(task.deliverables), task.progress,
    )  # fmt: skip


def _parts(sha: str, where: str, plan: Plan, task: Task) -> Iterator[tuple[str, Row]]:
    for n, unit in enumerate(task.units):
        yield "units", (sha, where, n, unit.name, unit.role, unit.partner, *_span(unit.at))
    for n, target in enumerate(task.targets):
        value, base = based(target.value, target.unit)
        upper, _ = based(target.value_to, target.unit)
        start = target.baseline
        baseline = (start.value, start.unit, based(start.value, start.unit)[0]) if start else (None, None, None)
        yield "targets", (
            sha, where, n, plan.year, target.subject, target.quote, target.kind, target.bound, target.strength,
            target.wording.text if target.wording else None, target.value, target.value_to, target.unit, value, upper, base,
            *baseline, *_span(target.at),
        )  # fmt: skip
    for n, thing in enumerate(task.deliverables):
        yield "deliverables", (sha, where, n, thing.name, thing.stage, thing.strength, *_span(thing.at))
    for n, node in enumerate(task.milestones):
        yield "milestones", (sha, where, n, node.due, node.text, *_span(node.at))


def _span(at: Span | None) -> tuple[int | None, int | None, int | None]:
    return (at.block, at.start, at.end) if at else (None, None, None)
