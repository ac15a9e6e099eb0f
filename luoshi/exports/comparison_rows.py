"""A comparison in words that a table can show: one row a difference, by kind; the same for page, Markdown and terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from luoshi.exports.rows import ROLES, STAGES, leader_name, target_row, unit_name
from luoshi.reading.comparison import (
    ComparedDocument,
    ComparedTask,
    Comparison,
    Difference,
    DifferenceKind,
    Side,
    TaskPair,
)

LABELS: dict[DifferenceKind, str] = {
    "target_lowered": "目标调低", "target_dropped": "目标取消", "promise_weakened": "承诺减弱", "stage_lowered": "阶段后退",
    "deliverable_dropped": "成果取消", "deadline_later": "时限推后", "deadline_dropped": "时限取消",
    "target_raised": "目标调高", "target_new": "目标新增", "promise_strengthened": "承诺加强", "stage_raised": "阶段前移",
    "deliverable_new": "成果新增", "deadline_earlier": "时限提前", "deadline_new": "时限新增",
    "target_unit": "计量单位不同", "target_changed": "目标口径改变", "baseline_changed": "基数改变",
    "lead_changed": "牵头改变", "support_added": "配合增加", "support_removed": "配合减少", "leader_changed": "领导改变",
    "milestone_dropped": "节点取消", "milestone_new": "节点新增", "recycled": "原句再用", "reworded": "文字改动",
}  # fmt: skip


@dataclass(frozen=True)
class DifferenceRow:
    """One difference. ``number`` counts them from 0 over the whole comparison; ``pair`` is its pair's place in ``kept``."""

    number: int
    pair: int
    kind: DifferenceKind
    label: str
    task: str
    subject: str
    before: str
    after: str
    difference: Difference


def rows(comparison: Comparison) -> tuple[DifferenceRow, ...]:
    """Every difference, pair by pair."""
    found = [(at, pair, d) for at, pair in enumerate(comparison.kept) for d in pair.differences]
    old = {t.path: task_name(t) for t in (*(p.old for p in comparison.kept), *comparison.dropped_tasks)}
    new = {t.path: task_name(t) for t in (*(p.new for p in comparison.kept), *comparison.new_tasks)}
    return tuple(_row(number, at, pair, d, old, new) for number, (at, pair, d) in enumerate(found))


def _row(
    number: int, at: int, pair: TaskPair, found: Difference, old: dict[str, str], new: dict[str, str]
) -> DifferenceRow:
    """Where the fact is the same on both sides (a promise word changed), the words themselves are shown; where it moved,
    the task that has it."""
    before, after = statement(found.before), statement(found.after)
    if found.elsewhere and found.after is None:
        after = f"移至：{new[found.elsewhere]}"
    elif found.elsewhere:
        before = f"原在：{old[found.elsewhere]}"
    if found.before and found.after and before == after:
        before, after = found.before.quote, found.after.quote
    subject = found.subject or short(pair.new.title or pair.new.text)
    return DifferenceRow(number, at, found.kind, LABELS[found.kind], task_name(pair.new), subject, before, after, found)


def by_kind(found: tuple[DifferenceRow, ...]) -> Iterator[tuple[DifferenceKind, str, list[DifferenceRow]]]:
    """Kinds that occur, with their rows, in the order of ``LABELS``."""
    for kind, label in LABELS.items():
        if listed := [row for row in found if row.kind == kind]:
            yield kind, label, listed


def task_name(task: ComparedTask) -> str:
    """Section and number, to find a task by: 三、陆知微副县长牵头重点工作 1; its title where it has no number."""
    return " ".join(filter(None, (task.section, task.number or task.title)))


def short(text: str, room: int = 24) -> str:
    """The first words of a text, with … where something is left out."""
    text = " ".join(text.split())
    return text if len(text) <= room else text[: room - 1] + "…"


def statement(side: Side | None) -> str:
    """What a side says, in a few words; "" where it says nothing."""
    if side is None:
        return ""
    if side.target and side.target.kind in ("rank", "grade"):
        return side.quote
    if side.target:
        shown = target_row(side.target)
        base = f"（基数 {shown.baseline}）" if shown.baseline else ""
        return shown.required + ("（力争）" if side.target.strength == "strive" else "") + base
    if side.deliverable:
        return STAGES[side.deliverable.stage] + ("（力争）" if side.deliverable.strength == "strive" else "")
    if side.units:
        return "；".join(
            f"{word} " + "、".join(unit_name(u) for u in side.units if u.role == role)
            for role, word in ROLES.items()
            if any(u.role == role for u in side.units)
        )
    if side.leaders:
        return "、".join(map(leader_name, side.leaders))
    if side.milestone:
        return " ".join(filter(None, (side.milestone.due, side.milestone.text)))
    return side.deadline or side.quote


def went_to(task: ComparedTask, others: Iterable[ComparedTask]) -> str:
    """Where the targets and deliverables of a task that was dropped or is new stand in the other document, in words."""
    names = [task_name(other) for other in others if other.path in task.elsewhere]
    return f"其中的目标或成果另见：{'；'.join(names)}" if names else ""


def document_name(document: ComparedDocument) -> str:
    """Title and number of a document; the name of its file where it has no title."""
    return (document.title or document.name) + (f"（{document.number}）" if document.number else "")


def totals(comparison: Comparison) -> tuple[tuple[str, int], ...]:
    """The counts of tasks, with their words."""
    found = comparison.summary
    return (("沿用任务", found.kept), ("新增任务", found.new), ("取消任务", found.dropped), ("无差异任务", found.untouched),
            ("要求不变的目标", found.same_targets))  # fmt: skip
