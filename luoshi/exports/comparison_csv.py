"""A comparison as CSV: one row a difference, then the tasks that came and went; UTF-8 with a byte order mark, CRLF, no
live formulas."""

from __future__ import annotations

import csv
import io

from luoshi.exports.comparison_rows import document_name, rows, task_name
from luoshi.exports.safe import inert
from luoshi.reading.comparison import Comparison, Side

COLUMNS = ("类别", "任务", "事项", "旧", "新", "旧文件原话", "新文件原话")


def write(comparison: Comparison) -> bytes:
    """The differences in the order of the new document; the header names both documents."""
    out = io.StringIO()
    lines = csv.writer(out)
    named = (document_name(comparison.old), document_name(comparison.new))
    lines.writerow(
        [*COLUMNS[:3], *(inert(f"{word}：{name}") for word, name in zip("旧新", named, strict=True)), *COLUMNS[5:]]
    )
    for row in rows(comparison):
        quotes = _quote(row.difference.before), _quote(row.difference.after)
        lines.writerow([inert(c) for c in (row.label, row.task, row.subject, row.before, row.after, *quotes)])
    for task in comparison.dropped_tasks:
        lines.writerow([inert(c) for c in ("取消任务", task_name(task), task.title or "", "", "", task.text, "")])
    for task in comparison.new_tasks:
        lines.writerow([inert(c) for c in ("新增任务", task_name(task), task.title or "", "", "", "", task.text)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _quote(side: Side | None) -> str:
    return side.quote if side else ""
