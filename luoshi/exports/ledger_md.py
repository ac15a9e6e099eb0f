"""The ledger as Markdown: a heading a section, a table row a task; for mails, notes and wikis."""

from __future__ import annotations

import re

from luoshi.exports.rows import LedgerRow, LedgerTable
from luoshi.exports.safe import printable

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~#])")


def write(table: LedgerTable) -> bytes:
    """UTF-8 Markdown; markup in the document's own words is escaped."""
    lines = [f"# {_plain(table.title)}", ""]
    if about := [_plain(x) for x in (table.number, table.issuer, table.dated) if x]:
        lines += ["，".join(about), ""]
    plan_before = None
    for plan, section, rows in table.groups():
        if plan != plan_before and plan != table.title:
            lines += [f"## {_plain(plan)}", ""]
        plan_before = plan
        if section:
            lines += [f"### {_plain(section)}", ""]
        lines += [
            "| 任务编号 | 工作任务 | 量化目标与成果 | 牵头单位 | 配合单位 | 完成时限 |",
            "|---|---|---|---|---|---|",
        ]
        lines += [*map(_line, rows), ""]
    if doubts := [(r.key, d) for r in table.rows for d in r.doubts] + [("全文", d) for d in table.general_doubts]:
        lines += ["## 存疑", "", *(f"- {_plain(key)}：{_plain(message)}" for key, message in doubts), ""]
    lines += [*(f"- {_plain(name)}：{_plain(value)}" for name, value in table.notes), ""]
    return "\n".join(lines).encode()


def _line(row: LedgerRow) -> str:
    text = f"**{_plain(row.title)}** {_plain(row.text)}" if row.title else _plain(row.text)
    goals = "<br>".join(map(_plain, row.goals))
    units = (_plain("、".join(row.responsible)), _plain("、".join(row.support_units)))
    return f"| {row.key} | {text} | {goals} | {units[0]} | {units[1]} | {_plain(row.deadline)} |"


def _plain(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", " ".join(printable(text).split()))
