"""The account (进展报告): the frozen, typed result of reading a progress document, format ``luoshi.account/1``.

Offsets count characters (code points) inside one block, as in the ledger; the block's text between ``start`` and ``end``
is the quote. A field that the document does not give is ``None`` or empty: nothing is filled in.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from luoshi.reading.ledger import Block, Bound, Doubt, Source, Span, Stage, Value, Wording

SCHEMA: Literal["luoshi.account/1"] = "luoshi.account/1"

FigureKind = Literal["quantity", "growth", "change", "level", "rank", "grade", "share"]
"""As the ledger's kinds of target; ``share``: so many per cent of what the year asks for, no amount given."""
Claim = Literal["reached", "aimed", "forecast"]
"""Whether a figure is what was done, what is asked for or intended, or what is foreseen for a later day."""
Basis = Literal["estimated", "official"]
"""预计, 快报, 初步核算 are estimates; 统计局反馈, 核定 official; None where the text does not say."""
State = Literal["green", "yellow", "red", "blue", "done", "ahead", "on_schedule", "behind", "not_started", "stopped"]
Direction = Literal["up", "down"]
Certainty = Literal["expected", "aimed"]
Reason = Literal["number", "unit", "wording", "subject", "quantity", "deliverable"]


class CutOff(Value, frozen=True, kw_only=True):
    """Up to when figures count (截至9月底, 1—9月, 上半年). ``until`` has the grain of the text: ``2026-09``, ``2026-Q3``;
    None where neither the text nor the caller names the year or the day. ``at`` is None where the caller gave it."""

    until: str | None
    text: str
    at: Span | None = None


class Share(Value, frozen=True, kw_only=True):
    """How much of the year's task that is (占年度任务的85%), per cent as written."""

    value: float
    at: Span


class Growth(Value, frozen=True, kw_only=True):
    """Against the same time of the year before (同比增长5.2%). ``value`` as written, never negative: see ``direction``.

    ``target``: as of a figure, where the ledger asks for growth.
    """

    value: float
    unit: str
    direction: Direction
    at: Span
    target: str | None = None


class Figure(Value, frozen=True, kw_only=True):
    """A number, rate or rank of the report. ``value`` and ``unit`` are as written; ``direction`` for rises and falls.

    ``target``: path of the target of the ledger it answers (``plans/0/sections/1/tasks/3/targets/0``), where that is sure.
    """

    quote: str
    at: Span
    subject: str
    kind: FigureKind
    bound: Bound
    value: float | None
    value_to: float | None = None
    unit: str | None = None
    direction: Direction | None = None
    claim: Claim = "reached"
    basis: Basis | None = None
    basis_at: Span | None = None
    cutoff: CutOff | None = None
    share: Share | None = None
    growth: Growth | None = None
    target: str | None = None


class StageClaim(Value, frozen=True, kw_only=True):
    """A stage said to be reached (已开工, 主体结顶, 投入使用). ``name`` is None where the item itself is meant.

    ``deliverable``: path of the ledger's named project it speaks of, where that is sure.
    """

    name: str | None
    stage: Stage
    quote: str
    at: Span
    deliverable: str | None = None


class StateWord(Value, frozen=True, kw_only=True):
    """What the report says of its own state: a light, 正常推进, 滞后, 超序时."""

    state: State
    text: str
    at: Span


class Expectation(Value, frozen=True, kw_only=True):
    """A day ahead (预计11月底完工): ``due`` with the grain of the text; aimed where it is 力争, 计划, 确保."""

    due: str
    certainty: Certainty
    stage: Stage | None = None
    text: str
    at: Span


class TaskMatch(Value, frozen=True, kw_only=True):
    """The ledger's task that an item answers: its path, a score from 0 to 1, and why. ``others``: paths nearly as likely."""

    path: str
    score: float
    reasons: tuple[Reason, ...]
    others: tuple[str, ...] = ()


class AccountItem(Value, frozen=True, kw_only=True):
    """What is reported on one task: the task as the report writes it, and what came of it."""

    number: str | None = None
    title: str | None = None
    at: Span
    task: tuple[Wording, ...] = ()
    units: tuple[Wording, ...] = ()
    match: TaskMatch | None = None
    progress: tuple[Wording, ...] = ()
    figures: tuple[Figure, ...] = ()
    stages: tuple[StageClaim, ...] = ()
    states: tuple[StateWord, ...] = ()
    problems: tuple[Wording, ...] = ()
    next_steps: tuple[Wording, ...] = ()
    expected: tuple[Expectation, ...] = ()


class Account(Value, frozen=True, kw_only=True):
    """The result of reading one progress document. ``problems`` and ``next_steps`` belong to no single item."""

    schema: Literal["luoshi.account/1"] = SCHEMA
    reader: str
    source: Source
    title: Wording | None = None
    units: tuple[Wording, ...] = ()
    year: int | None = None
    cutoff: CutOff | None = None
    items: tuple[AccountItem, ...] = ()
    problems: tuple[Wording, ...] = ()
    next_steps: tuple[Wording, ...] = ()
    expected: tuple[Expectation, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    blocks: tuple[Block, ...] = ()

    def quote(self, at: Span) -> str:
        """The document's own words at a span."""
        return self.blocks[at.block].text[at.start : at.end]

    def to_json(self, *, blocks: bool = False, indent: int = 2) -> bytes:
        """UTF-8 JSON; the same account gives the same bytes. ``blocks`` adds the canonical text; ``indent=0`` is one line."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        if not blocks:
            del data["blocks"]
        raw = msgspec.json.encode(data)
        return msgspec.json.format(raw, indent=indent) if indent else raw


def from_json(data: bytes | str) -> Account:
    """An account from its JSON, validated. Raises ``msgspec.ValidationError`` naming the offending path."""
    return msgspec.json.decode(data, type=Account)


def account_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the account format."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Account)}
