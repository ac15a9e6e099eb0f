"""Ledgers made by hand for the tests of documents and plans: every span really quotes its block."""

from __future__ import annotations

from typing import Any

import msgspec

from luoshi.reading.ledger import (
    Baseline,
    Block,
    Coverage,
    Deliverable,
    DocumentFields,
    Doubt,
    Leader,
    Ledger,
    Plan,
    Responsibility,
    Section,
    Source,
    Span,
    Target,
    Task,
    Wording,
)

TEXT = "完成老旧小区改造12个，力争惠及居民3500户；6月底前建成渔港里口袋公园，入住率由45%提高到50%以上。"
UNITS = "责任单位：县住建局、望潮街道（县城投集团）"


def _span(block: int, text: str, words: str) -> Span:
    start = text.index(words)
    return Span(block, start, start + len(words))


def one_task(block: int, number: str, text: str = TEXT) -> Task:
    """The task in ``block`` and its units in the block behind it."""
    quote = "入住率由45%提高到50%以上"
    return Task(
        number=number,
        text=text,
        at=_span(block, text, text),
        units=(
            Responsibility(name="县住建局", role="lead", at=_span(block + 1, UNITS, "县住建局")),
            Responsibility(
                name="望潮街道",
                role="support",
                partner="县城投集团",
                at=_span(block + 1, UNITS, "望潮街道（县城投集团）"),
            ),
        ),
        deadline="2026-06",
        deadline_at=_span(block, text, "6月底前"),
        targets=(
            Target(
                quote="老旧小区改造12个",
                at=_span(block, text, "老旧小区改造12个"),
                subject="老旧小区改造",
                kind="quantity",
                bound="exact",
                value=12.0,
                unit="个",
            ),
            Target(
                quote="惠及居民3500户",
                at=_span(block, text, "惠及居民3500户"),
                subject="惠及居民",
                kind="quantity",
                bound="exact",
                value=3500.0,
                unit="户",
                strength="strive",
                wording=Wording(text="力争", at=_span(block, text, "力争")),
            ),
            Target(
                quote=quote,
                at=_span(block, text, quote),
                subject="入住率",
                kind="level",
                bound="min",
                value=50.0,
                unit="%",
                baseline=Baseline(value=45.0, unit="%", at=_span(block, text, "45%")),
                wording=Wording(text="以上", at=_span(block, text, "以上")),
            ),
        ),
        deliverables=(Deliverable(name="渔港里口袋公园", stage="complete", at=_span(block, text, "渔港里口袋公园")),),
    )


def ledger(tasks: int = 4, sections: int = 2, doubts: int = 2) -> dict[str, Any]:
    """A whole ledger as plain data: ``tasks`` in all, spread over ``sections``; each doubt at another task, all alike."""
    blocks = [Block(kind="heading", text="政府工作报告2026年重点工作责任分解")]
    made: list[list[Task]] = [[] for _ in range(sections)]
    headings = []
    per = -(-tasks // sections)
    for s in range(sections):
        heading = f"{s + 1}.沈牧川县长牵头重点工作"
        headings.append((heading, Span(len(blocks), 0, len(heading))))
        blocks.append(Block(kind="heading", text=heading))
        for n in range(min(per, tasks - s * per)):
            made[s].append(one_task(len(blocks), str(n + 1)))
            blocks += [Block(kind="paragraph", text=TEXT), Block(kind="paragraph", text=UNITS)]
    whole = Ledger(
        reader="0.1.0",
        source=Source(
            name="分解.txt", sha256="0" * 64, media_type="text/plain", characters=sum(len(b.text) for b in blocks)
        ),
        document=DocumentFields(
            title="政府工作报告2026年重点工作责任分解", number="澜政办发〔2026〕12号", written_on="2026-03-06"
        ),
        plans=(
            Plan(
                title="政府工作报告2026年重点工作责任分解",
                year=2026,
                kind="work_report",
                sections=tuple(
                    Section(heading=h, at=at, leader=(Leader(name="沈牧川", post="县长", at=at),), tasks=tuple(t))
                    for (h, at), t in zip(headings, made, strict=True)
                ),
            ),
        ),
        coverage=Coverage(characters=sum(len(b.text) for b in blocks)),
        doubts=tuple(
            Doubt(
                code="partner-unclear",
                message="“望潮街道（县城投集团）”是一家还是两家？",
                at=made[0][n].units[1].at,
                task=f"plans/0/sections/0/tasks/{n}",
            )
            for n in range(doubts)
        ),
        blocks=tuple(blocks),
    )
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return plain
