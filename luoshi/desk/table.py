"""A plan's tasks as the rows that the exports write (``exports.rows``). No query for rows that came whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from luoshi.exports import rows as words
from luoshi.exports.rows import AimRow, DeliverableRow, LedgerRow, LedgerTable, TargetRow
from luoshi.plans.ledger_table import Row
from luoshi.plans.models import Aim, Plan, Responsibility, Target


def table(plan: Plan, rows: Sequence[Row]) -> LedgerTable:
    """The plan with these rows, to be written as xlsx or csv."""
    document = plan.document
    dated = document.signed_on or document.written_on
    return LedgerTable(
        title=str(plan),
        rows=tuple(_row(plan, row) for row in rows),
        number=document.number,
        issuer=document.issuer,
        dated=dated.isoformat() if dated else None,
        lead_rule=plan.lead_rule,
        notes=tuple(
            (name, value)
            for name, value in (
                ("文件名称", document.title),
                ("发文字号", document.number),
                ("发文机关", document.issuer),
                ("牵头规则", plan.lead_rule),
                ("来源文件", document.name),
                ("来源摘要", f"SHA-256 {document.digest}"),
            )
            if value
        ),
    )


def _row(plan: Plan, row: Row) -> LedgerRow:
    task = row.task
    return LedgerRow(
        key=row.key,
        plan=str(plan),
        section=row.section,
        text=task.text,
        number=row.number,
        title=task.title,
        leaders=row.leaders,
        lead_units=_units(row.leads, "lead"),
        joint_units=_units(row.leads, "joint"),
        support_units=_units(row.supports, "support"),
        deadline=task.deadline,
        targets=tuple(map(target_row, row.targets)),
        deliverables=tuple(
            DeliverableRow(
                d.name, words.STAGES[d.stage], words.STRENGTHS[d.strength], d.promise, words.GRADES.get(d.grade, "")
            )
            for d in row.deliverables
        ),
        aims=tuple(map(aim_row, row.aims)),
        milestones=tuple(f"{m.due}：{m.text}" if m.due else m.text for m in task.milestones.all()),
        progress=task.progress,
    )


def _units(parts: Sequence[Responsibility], role: str) -> tuple[str, ...]:
    """Registered short names, partners in brackets as the document has them."""
    return tuple(
        f"{p.unit.short_name}（{p.partner_name}）" if p.partner_name else p.unit.short_name
        for p in parts
        if p.role == role
    )


def target_row(target: Target) -> TargetRow:
    """A target in table words."""
    way = words.direction(target.kind, target.subject, target.quote)
    figure = words.required(target.bound, _float(target.value), _float(target.value_to), target.unit)
    base = words.required("exact", _float(target.baseline_value), None, target.baseline_unit)
    return TargetRow(
        subject=target.subject,
        kind=words.KINDS[target.kind],
        bound=words.BOUNDS[target.bound],
        value=_float(target.value),
        value_to=_float(target.value_to),
        unit=target.unit,
        baseline=base,
        strength=words.STRENGTHS[target.strength],
        quote=target.quote,
        required=f"{way} {figure}" if way else figure,
        promise=target.promise,
        grade=words.GRADES.get(target.grade, ""),
    )


def aim_row(aim: Aim) -> AimRow:
    """An aim in table words."""
    return AimRow(
        quote=aim.quote,
        subject=aim.subject,
        kind=words.AIM_KINDS[aim.kind],
        direction=words.AIM_WAYS.get(aim.direction, ""),
        than=aim.than,
        strength=words.STRENGTHS[aim.strength],
        promise=aim.promise,
        grade=words.GRADES.get(aim.grade, ""),
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
