"""Doubts: what the reader is not sure of, each with a stable code, a plain sentence and a place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from luoshi.reading.agreement import count_said, find_disagreements
from luoshi.reading.facts.lead_rule import LeadRule
from luoshi.reading.facts.responsibilities import is_unit_like
from luoshi.reading.ledger import Coverage, Doubt, Plan, Section, Task
from luoshi.reading.page import Page, squeeze
from luoshi.reading.rule import fold

_MOST_UNREAD = 300
_COUNTED = re.compile(r"\((\d{1,3})[项件条]\)\s*$")


def find_doubts(page: Page, plans: Sequence[Plan], coverage: Coverage, rule: LeadRule) -> tuple[Doubt, ...]:
    """All doubts of a ledger: those about tasks in document order, those about two places, then text not understood."""
    found: list[Doubt] = []
    odd = _odd_names(plans)
    for p, plan in enumerate(plans):
        found.extend(_plan_doubts(plan))
        for s, section in enumerate(plan.sections):
            found.extend(_section_doubts(section))
            for t, task in enumerate(section.tasks):
                found.extend(_task_doubts(task, f"plans/{p}/sections/{s}/tasks/{t}", rule, odd))
                found.extend(_clause_doubts(page, task, f"plans/{p}/sections/{s}/tasks/{t}"))
            found.extend(_number_doubts(section, f"plans/{p}/sections/{s}"))
    if not plans:
        found.append(Doubt(code="no-plan", message="没有找到责任分解：文中没有带责任单位的编号任务或任务表。"))
    found.extend(find_disagreements(page, plans))
    found.extend(_unread_doubts(page, coverage))
    return tuple(found)


def _unread_doubts(page: Page, coverage: Coverage) -> Iterable[Doubt]:
    """One doubt a place not understood, up to what a person can look through; the rest are counted, and listed in coverage."""
    for at in coverage.not_understood[:_MOST_UNREAD]:
        yield Doubt(
            code="not-understood", message=f"没有读懂：“{page.texts[at.block][at.start : at.end][:40]}”。", at=at
        )
    if more := len(coverage.not_understood) - _MOST_UNREAD:
        if more > 0:
            at = coverage.not_understood[_MOST_UNREAD]
            yield Doubt(code="not-understood", message=f"另有{more}处没有读懂，从这里往后。", at=at)


def _plan_doubts(plan: Plan) -> Iterable[Doubt]:
    """十件民生实事 that are nine: neither as many tasks nor as many sections as the title says."""
    said = count_said(plan.title) if plan.title else None
    read = sum(len(section.tasks) for section in plan.sections)
    if said is not None and said not in (read, len(plan.sections)):
        yield Doubt(code="count-differs", message=f"标题写明{said}项，读到{read}项。", at=plan.at)


def _section_doubts(section: Section) -> Iterable[Doubt]:
    if (
        section.heading
        and (counted := _COUNTED.search(fold(section.heading)))
        and int(counted.group(1)) != len(section.tasks)
    ):
        yield Doubt(
            code="count-differs",
            message=f"标题写明{counted.group(1)}项，读到{len(section.tasks)}项。",
            at=section.at,
        )


def _odd_names(plans: Sequence[Plan]) -> frozenset[str]:
    """The names among all responsible units that do not end as a unit's does."""
    names = {unit.name for plan in plans for section in plan.sections for task in section.tasks for unit in task.units}
    return frozenset(name for name in names if not _unit_like(name))


def _task_doubts(task: Task, path: str, rule: LeadRule, odd: Collection[str]) -> Iterable[Doubt]:
    if not task.units:
        yield Doubt(code="units-missing", message="这项任务没有读到责任单位。", at=task.at, task=path)
    roles = [unit.role for unit in task.units]
    if roles.count("joint") > 1 and rule != "equal":
        yield Doubt(
            code="lead-unclear", message="几个责任单位并列，文中没有写明谁牵头。", at=task.units[0].at, task=path
        )
    if roles and roles.count("support") == len(roles):
        yield Doubt(code="lead-missing", message="只写了配合单位，没有写谁牵头。", at=task.units[0].at, task=path)
    for unit in task.units if odd else ():
        if unit.name in odd:
            yield Doubt(code="unit-odd", message=f"“{unit.name}”不像单位名称，请核对。", at=unit.at, task=path)
    if len(task.text) > 6 and task.text[-1] not in "。；;！!”）)" and not task.units:
        yield Doubt(code="text-cut", message="这项任务的文字好像没有写完。", at=task.at, task=path)


# Behind one bracket, before the next: wording that a bracket of its own answers for.
_NEXT_CLAUSE = re.compile(r"[)\]][^()\[\]\n]*[^\W_][^()\[\]\n]*[(\[]")


def _clause_doubts(page: Page, task: Task, path: str) -> Iterable[Doubt]:
    """Clauses with leads of their own: the ledger has units by task, so somebody must see whether it is several tasks."""
    own = sorted((unit for unit in task.units if unit.at.block == task.at.block), key=lambda unit: unit.at.start)
    leads: list[list[str]] = [[]]
    for n, unit in enumerate(own):
        if n and _NEXT_CLAUSE.search(page.folds[task.at.block], own[n - 1].at.end, unit.at.start):
            leads.append([])
        if unit.role != "support":
            leads[-1].append(unit.name)
    named = ["、".join(names) for names in leads if names]
    if len(named) > 1:
        yield Doubt(
            code="clauses-apart",
            message=f"各句写了各自的责任单位（{'；'.join(named[:6])}），这里都记在整项上，请核对是否要拆成几项。",
            at=task.at,
            task=path,
        )


def _unit_like(name: str) -> bool:
    folded = fold(squeeze(name))
    return is_unit_like(folded, 0, len(folded))


def _number_doubts(section: Section, path: str) -> Iterable[Doubt]:
    """Numbers that repeat or skip within a section (arabic only; numbering may begin anywhere)."""
    last: int | None = None
    for t, task in enumerate(section.tasks):
        number = int(task.number) if task.number and task.number.isdecimal() else None
        if number is not None and last is not None and number != last + 1 and number != 1:
            yield Doubt(
                code="number-gap",
                message=f"编号从{last}跳到{number}，中间可能缺项。",
                at=task.at,
                task=f"{path}/tasks/{t}",
            )
        last = number if number is not None else last
