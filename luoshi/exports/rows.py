"""The ledger as rows (台账表): plain words and numbers, one row a task, the same shape from a reading or from a plan.

What writes a table (xlsx, csv, md) takes a ``LedgerTable`` and knows nothing of readings or databases; whoever has a
plan fills the same rows and adds what the year brought (progress, problem, next step).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from luoshi.reading import ledger as led

ROLES = {"lead": "牵头", "support": "配合", "joint": "共同"}
KINDS = {"quantity": "数量", "growth": "增速", "change": "增减", "level": "水平", "rank": "位次", "grade": "等级"}
BOUNDS = {"min": "不少于", "max": "不超过", "about": "左右", "exact": "恰为", "range": "区间"}
SIGNS = {"min": "≥ ", "max": "≤ ", "about": "约 ", "exact": "", "range": ""}
STRENGTHS = {"commit": "承诺", "strive": "力争"}
GRADES = {
    "ensure": "确保", "complete": "完成", "strive": "力争", "contend": "争创", "advance": "推进", "plan": "谋划",
}  # fmt: skip
AIM_KINDS = {
    "direction": "走向", "parity": "同步", "comparison": "对比", "zero": "清零", "full": "应尽",
    "first": "突破", "rank": "领先", "standard": "达标",
}  # fmt: skip
AIM_WAYS = {"up": "上升", "down": "下降", "hold": "稳住"}
STAGES = {
    "plan": "谋划", "prepare": "前期", "start": "启动", "break_ground": "开工",
    "advance": "推进", "complete": "完成", "in_use": "投用", "award": "创成",
}  # fmt: skip
DIRECTIONS = (
    "下降",
    "降低",
    "压减",
    "压降",
    "削减",
    "减少",
    "缩小",
    "提高",
    "提升",
    "增加",
    "增收",
    "上升",
    "前进",
    "前移",
    "改善",
)
PLAN_KINDS = {"work_report": "重点工作", "livelihood": "民生实事", "other": "其他"}
PLAN_CODES = {"work_report": "GZ", "livelihood": "MS", "other": "QT"}

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}


def striving(strength: str) -> str:
    """What stands behind a goal only striven for, so that nobody takes it for a promise."""
    return "（力争）" if strength == "力争" else ""


@dataclass(frozen=True)
class TargetRow:
    """One target in words a table can show; ``value`` and ``unit`` as written (30, 亿元)."""

    subject: str
    kind: str
    bound: str
    value: float | None
    value_to: float | None
    unit: str
    baseline: str
    strength: str
    quote: str
    required: str
    promise: str = ""
    grade: str = ""

    def __str__(self) -> str:
        return f"{self.subject} {self.required}" + striving(self.strength)


@dataclass(frozen=True)
class DeliverableRow:
    """One named project, facility, scheme or title, and its stage this year."""

    name: str
    stage: str
    strength: str
    promise: str = ""
    grade: str = ""

    def __str__(self) -> str:
        return f"{self.name}：{self.stage}" + striving(self.strength)


@dataclass(frozen=True)
class AimRow:
    """One aim without a number, in its own words: 一般性支出只减不增. ``than`` is with what it is compared."""

    quote: str
    subject: str
    kind: str
    direction: str
    than: str
    strength: str
    promise: str = ""
    grade: str = ""

    def __str__(self) -> str:
        named = self.quote if self.subject in self.quote else f"{self.subject}{self.quote}"
        return named + striving(self.strength)


@dataclass(frozen=True)
class LedgerRow:
    """One task. Units and leaders are as written; empty where the document gives none."""

    key: str
    plan: str
    section: str
    text: str
    number: str = ""
    title: str = ""
    leaders: tuple[str, ...] = ()
    lead_units: tuple[str, ...] = ()
    joint_units: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()
    deadline: str = ""
    targets: tuple[TargetRow, ...] = ()
    deliverables: tuple[DeliverableRow, ...] = ()
    aims: tuple[AimRow, ...] = ()
    milestones: tuple[str, ...] = ()
    progress: str = ""
    problem: str = ""
    next_step: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def responsible(self) -> tuple[str, ...]:
        """Units that answer for the task: the lead, or all of them where the document names no lead."""
        return self.lead_units or self.joint_units

    @property
    def goals(self) -> tuple[str, ...]:
        """Targets, aims without a number and deliverables, a line each."""
        return (*map(str, self.targets), *map(str, self.aims), *map(str, self.deliverables))


@dataclass(frozen=True)
class LedgerTable:
    """A whole ledger to be written: heading, rows in document order, and lines that say where it came from.

    ``dated`` is the document's own ISO date; files are stamped with it, never with the clock.
    """

    title: str
    rows: tuple[LedgerRow, ...]
    number: str = ""
    issuer: str = ""
    dated: str | None = None
    lead_rule: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    general_doubts: tuple[str, ...] = field(default=())

    def groups(self) -> Iterator[tuple[str, str, tuple[LedgerRow, ...]]]:
        """Plan, section and its rows, in document order."""
        seen: dict[tuple[str, str], list[LedgerRow]] = {}
        for row in self.rows:
            seen.setdefault((row.plan, row.section), []).append(row)
        for (plan, section), rows in seen.items():
            yield plan, section, tuple(rows)


def figure(value: float) -> str:
    """A number as a person writes it: 30, 7.5, 28000.

    >>> figure(30.0), figure(7.5), figure(31.500)
    ('30', '7.5', '31.5')
    """
    return f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"


def required(bound: str, value: float | None, value_to: float | None, unit: str) -> str:
    """What is asked, in a few characters: ``≥ 1800 亩``, ``3—5 家``, ``约 6.5%``, ``前列``."""
    if value is None:
        return unit
    number = figure(value) + (f"—{figure(value_to)}" if value_to is not None else "")
    gap = "" if not unit or unit[0] in "%％‰" else " "
    return f"{SIGNS.get(bound, '')}{number}{gap}{unit}"


def unit_name(unit: led.Responsibility) -> str:
    """A unit as written, with its partner: 望潮街道（县城投集团）."""
    return f"{unit.name}（{unit.partner}）" if unit.partner else unit.name


def leader_name(leader: led.Leader) -> str:
    """Name and post: 沈牧川县长; whichever is given."""
    return f"{leader.name or ''}{leader.post or ''}"


def target_row(target: led.Target) -> TargetRow:
    """A target of the ledger in table words."""
    base = target.baseline
    way = direction(target.kind, target.subject, target.quote)
    asked = required(target.bound, target.value, target.value_to, target.unit or "")
    return TargetRow(
        subject=target.subject,
        kind=KINDS[target.kind],
        bound=BOUNDS[target.bound],
        value=target.value,
        value_to=target.value_to,
        unit=target.unit or "",
        baseline=required("exact", base.value, None, base.unit) if base else "",
        strength=STRENGTHS[target.strength],
        quote=target.quote,
        required=f"{way} {asked}" if way else asked,
        **_promised(target.promise),
    )


def deliverable_row(thing: led.Deliverable) -> DeliverableRow:
    """A deliverable of the ledger in table words."""
    return DeliverableRow(thing.name, STAGES[thing.stage], STRENGTHS[thing.strength], **_promised(thing.promise))


def aim_row(aim: led.Aim) -> AimRow:
    """An aim of the ledger in table words."""
    return AimRow(
        quote=aim.quote,
        subject=aim.subject,
        kind=AIM_KINDS[aim.kind],
        direction=AIM_WAYS[aim.direction] if aim.direction else "",
        than=aim.than.text if aim.than else "",
        strength=STRENGTHS[aim.strength],
        **_promised(aim.promise),
    )


def _promised(promise: led.Promise | None) -> dict[str, str]:
    """The word of promise as written, and the grade it stands for."""
    return {"promise": promise.text, "grade": GRADES[promise.grade]} if promise else {}


def direction(kind: str, subject: str, quote: str) -> str:
    """The direction of a growth rate or a change (增长, 下降, 提高); "" for other kinds, or where the subject ends in it."""
    if kind == "growth":
        return "" if subject.endswith(("增长", "增速", "增幅")) else "增长"
    if kind == "change":
        return next((word for word in DIRECTIONS if word in quote and not subject.endswith(word)), "")
    return ""


def task_key(plan: led.Plan, section: int, task: int, number: str | None) -> str:
    """The task's key within its document: ``2026-GZ-3-7`` is work report, third block, number 7.

    A livelihood project needs no block (``2026-MS-5``) where its plan has but one section. A number that the document
    lacks is replaced by the place in the block, so that every row can be named.
    """
    block = [str(section + 1)] if plan.kind != "livelihood" or len(plan.sections) > 1 else []
    return "-".join(
        [*([str(plan.year)] if plan.year else []), PLAN_CODES[plan.kind], *block, _arabic(number, task + 1)]
    )


def from_ledger(ledger: led.Ledger) -> LedgerTable:
    """A reading's ledger as a table."""
    doc = ledger.document
    plans = [p.title for p in ledger.plans if p.title]
    rules = [p.lead_rule.text for p in ledger.plans if p.lead_rule]
    return LedgerTable(
        title=(plans[0] if len(plans) == 1 else None) or doc.title or (plans[0] if plans else ledger.source.name),
        rows=tuple(_unique(_rows(ledger))),
        number=doc.number or "",
        issuer=doc.issuer or "",
        dated=doc.signed_on or doc.written_on,
        lead_rule=rules[0] if rules else "",
        notes=tuple(_notes(ledger)),
        general_doubts=tuple(d.message for d in ledger.doubts if d.task is None),
    )


def _rows(ledger: led.Ledger) -> Iterator[LedgerRow]:
    doubts: dict[str, list[str]] = {}
    for doubt in ledger.doubts:
        doubts.setdefault(doubt.task or "", []).append(doubt.message)
    for path, plan, section, task in ledger.tasks():
        _, _, _, s, _, t = path.split("/")
        units = {role: tuple(unit_name(u) for u in task.units if u.role == role) for role in ROLES}
        yield LedgerRow(
            key=task_key(plan, int(s), int(t), task.number),
            plan=plan.title or PLAN_KINDS[plan.kind],
            section=section.heading or "",
            number=task.number or "",
            title=task.title or "",
            text=task.text,
            leaders=tuple(map(leader_name, task.leaders or section.leader)),
            lead_units=units["lead"],
            joint_units=units["joint"],
            support_units=units["support"],
            deadline=task.deadline or "",
            targets=tuple(map(target_row, task.targets)),
            deliverables=tuple(map(deliverable_row, task.deliverables)),
            aims=tuple(map(aim_row, task.aims)),
            milestones=tuple(f"{m.due}：{m.text}" if m.due else m.text for m in task.milestones),
            progress=task.progress or "",
            doubts=tuple(doubts.get(path, ())),
        )


def _unique(rows: Iterable[LedgerRow]) -> Iterator[LedgerRow]:
    """Keys told apart by a suffix where a document numbers two tasks of a block alike."""
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.key] = seen.get(row.key, 0) + 1
        yield row if seen[row.key] == 1 else replace(row, key=f"{row.key}.{seen[row.key]}")


def _notes(ledger: led.Ledger) -> Iterator[tuple[str, str]]:
    doc, cover = ledger.document, ledger.coverage
    unread = sum(span.end - span.start for span in cover.not_understood)
    pairs = (
        ("文件名称", doc.title), ("发文字号", doc.number), ("发文机关", doc.issuer), ("成文日期", doc.written_on or doc.signed_on),
        ("牵头规则", next((p.lead_rule.text for p in ledger.plans if p.lead_rule), None)),
        ("来源文件", ledger.source.name), ("来源摘要", f"SHA-256 {ledger.source.sha256}"),
        ("全文字数", f"{cover.characters}（读成字段 {cover.facts}，篇章结构 {cover.structure}，"
                     f"一般叙述 {cover.prose}，未读懂 {unread}）"),
        ("识读程序", f"luoshi {ledger.reader}，{ledger.schema}"),
    )  # fmt: skip
    yield from ((name, value) for name, value in pairs if value)


def _arabic(number: str | None, otherwise: int) -> str:
    """A task number as digits: 一 → 1, 十二 → 12, (3) → 3, 1.2 → 1.2."""
    kept = "".join(
        c for c in number or "" if (c.isascii() and (c.isdigit() or c == ".")) or c in _DIGITS or c == "十"
    ).strip(".")
    if not kept:
        return str(otherwise)
    if "十" in kept and all(c in _DIGITS or c == "十" for c in kept):
        tens, _, ones = kept.partition("十")
        return str((_DIGITS.get(tens[-1:], 1)) * 10 + _DIGITS.get(ones[:1], 0))
    return "".join(str(_DIGITS.get(c, c)) for c in kept)
