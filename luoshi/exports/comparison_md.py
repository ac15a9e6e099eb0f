"""A comparison as Markdown: totals, then one table a kind of difference, then the tasks that came and went."""

from __future__ import annotations

from luoshi.exports.comparison_rows import by_kind, document_name, rows, task_name, totals
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
    lines += [*_tasks("取消任务", comparison.dropped_tasks), *_tasks("新增任务", comparison.new_tasks)]
    return "\n".join(lines).encode()


def _tasks(heading: str, tasks: tuple[ComparedTask, ...]) -> list[str]:
    if not tasks:
        return []
    return [f"## {heading}（{len(tasks)}）", "", *(f"- {plain(task_name(t))}：{plain(t.text)}" for t in tasks), ""]
