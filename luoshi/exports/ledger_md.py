"""The ledger as Markdown: a heading a section, a table row a task; for mails, notes and wikis."""

from __future__ import annotations

import re

from luoshi.exports.rows import LedgerRow, LedgerTable
from luoshi.exports.safe import printable

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~#])")


def write(table: LedgerTable) -> bytes:
    """UTF-8 Markdown; markup in the document's own words is escaped."""
    lines = [f"# {plain(table.title)}", ""]
    if about := [plain(x) for x in (table.number, table.issuer, table.dated) if x]:
        lines += ["，".join(about), ""]
    plan_before = None
    for plan, section, rows in table.groups():
        if plan != plan_before and plan != table.title:
            lines += [f"## {plain(plan)}", ""]
        plan_before = plan
        if section:
            lines += [f"### {plain(section)}", ""]
        lines += [
            "| 任务编号 | 工作任务 | 量化目标与成果 | 牵头单位 | 配合单位 | 完成时限 |",
            "|---|---|---|---|---|---|",
        ]
        lines += [*map(_line, rows), ""]
    if doubts := [(r.key, d) for r in table.rows for d in r.doubts] + [("全文", d) for d in table.general_doubts]:
        lines += ["## 存疑", "", *(f"- {plain(key)}：{plain(message)}" for key, message in doubts), ""]
    lines += [*(f"- {plain(name)}：{plain(value)}" for name, value in table.notes), ""]
    return "\n".join(lines).encode()


def _line(row: LedgerRow) -> str:
    text = f"**{plain(row.title)}** {plain(row.text)}" if row.title else plain(row.text)
    goals = "<br>".join(map(plain, row.goals))
    units = (plain("、".join(row.responsible)), plain("、".join(row.support_units)))
    return f"| {row.key} | {text} | {goals} | {units[0]} | {units[1]} | {plain(row.deadline)} |"


def plain(text: str) -> str:
    """Text on one line, with its markup escaped."""
    return _ACTIVE.sub(r"\\\1", " ".join(printable(text).split()))
