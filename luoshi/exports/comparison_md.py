"""A comparison as Markdown: totals, then one table a kind of difference, then the tasks that came and went."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.exports.comparison_rows import by_kind, document_name, rows, task_name, totals, went_to
from luoshi.exports.ledger_md import plain
from luoshi.reading.comparison import ComparedTask, Comparison


def write(comparison: Comparison) -> bytes:
    """UTF-8 Markdown; markup in the documents' own words is escaped."""
    old, new = plain(document_name(comparison.old)), plain(document_name(comparison.new))
    lines = ["# 两份文件对照", "", f"- 旧：{old}", f"- 新：{new}", ""]
    lines += [*(f"- {word}：{count}" for word, count in totals(comparison)), ""]
    for _, label, found in by_kind(rows(comparison)):
        lines += [f"## {label}（{len(found)}）", "", "| 任务 | 事项 | 旧 | 新 |", "|---|---|---|---|"]
        lines += [
            f"| {plain(row.task)} | {plain(row.subject)} | {plain(row.before)} | {plain(row.after)} |" for row in found
        ]
        lines.append("")
    before = [*(pair.old for pair in comparison.kept), *comparison.dropped_tasks]
    after = [*(pair.new for pair in comparison.kept), *comparison.new_tasks]
    lines += [*_tasks("取消任务", comparison.dropped_tasks, after), *_tasks("新增任务", comparison.new_tasks, before)]
    return "\n".join(lines).encode()


def _tasks(heading: str, tasks: Sequence[ComparedTask], others: Sequence[ComparedTask]) -> list[str]:
    if not tasks:
        return []
    lines = []
    for task in tasks:
        also = went_to(task, others)
        lines.append(f"- {plain(task_name(task))}：{plain(task.text)}" + (f"（{plain(also)}）" if also else ""))
    return [f"## {heading}（{len(tasks)}）", "", *lines, ""]
