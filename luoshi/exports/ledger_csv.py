"""The ledger as CSV: one row a task, UTF-8 with a byte order mark (so that Excel opens it), CRLF, no live formulas."""

from __future__ import annotations

import csv
import io

from luoshi.exports.rows import LedgerRow, LedgerTable
from luoshi.exports.safe import inert

COLUMNS = (
    "序号", "任务编号", "方案", "板块", "原编号", "任务标题", "工作内容", "量化目标", "定性目标", "具体成果", "时间节点",
    "牵头领导", "牵头单位", "共同负责单位", "配合单位", "完成时限", "完成情况", "存在问题", "下一步措施", "存疑",
)  # fmt: skip


def write(table: LedgerTable) -> bytes:
    """The table's rows under one header; several values of a cell are parted by 、 or a line break."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for place, row in enumerate(table.rows, 1):
        lines.writerow([str(place), *map(inert, _cells(row))])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cells(row: LedgerRow) -> list[str]:
    return [
        row.key, row.plan, row.section, row.number, row.title, row.text,
        "\n".join(map(str, row.targets)), "\n".join(map(str, row.aims)),
        "\n".join(map(str, row.deliverables)),
        "\n".join(row.milestones), "、".join(row.leaders), "、".join(row.lead_units), "、".join(row.joint_units),
        "、".join(row.support_units), row.deadline, row.progress, row.problem, row.next_step, "\n".join(row.doubts),
    ]  # fmt: skip
