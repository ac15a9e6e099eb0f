"""The ledger (台账): the frozen, typed result of reading one document, format ``luoshi.ledger/1``.

Offsets count characters (code points) inside one block; a span's block text between ``start`` and ``end`` *is* the
quote. A field that the document does not give is ``None`` or empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

SCHEMA: Literal["luoshi.ledger/1"] = "luoshi.ledger/1"

Role = Literal["lead", "support", "joint"]
TargetKind = Literal["quantity", "growth", "change", "level", "rank", "grade"]
Bound = Literal["min", "max", "about", "exact", "range"]
Strength = Literal["commit", "strive"]
Grade = Literal["ensure", "complete", "strive", "contend", "advance", "plan"]
AimKind = Literal["direction", "parity", "comparison", "zero", "full", "first", "rank", "standard"]
Direction = Literal["up", "down", "hold"]
Stage = Literal["plan", "prepare", "start", "break_ground", "advance", "complete", "in_use", "award"]
PlanKind = Literal["work_report", "livelihood", "other"]
BlockKind = Literal["paragraph", "heading", "cell", "textbox", "chrome"]
State = Literal["fact", "structure", "prose", "not_understood"]


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of everything in a ledger: compared by value, never changed."""


class Span(msgspec.Struct, frozen=True, gc=False):
    """A place in the document: block index, first character, character after the last."""

    block: int
    start: int
    end: int


class Origin(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Where a block stood in the file; only what the format knows is given. Indexes count from 0, ``page`` from 1.

    ``box``: left, top, right, bottom on the page as shown, in points from its top left corner. ``file``: the member of a
    bundle (zip, folder, e-mail) that the block stood in, by its path there.
    """

    paragraph: int | None = None
    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    row_span: int = 1
    column_span: int = 1
    level: int | None = None
    box: tuple[float, float, float, float] | None = None
    file: str | None = None


class Block(Value, frozen=True, kw_only=True):
    """A piece of the canonical text in reading order: paragraph, heading, table cell, text box, or page chrome."""

    kind: BlockKind
    text: str
    origin: Origin = Origin()


class Source(Value, frozen=True, kw_only=True):
    """The file as received. ``characters`` is the sum of all block texts; ``pages`` is None where there are none."""

    name: str
    sha256: str
    media_type: str
    characters: int
    pages: int | None = None


class DocumentFields(Value, frozen=True, kw_only=True):
    """What the document says of itself (公文要素). Dates are ISO."""

    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    index_number: str | None = None
    publisher: str | None = None
    category: str | None = None
    written_on: str | None = None
    signed_on: str | None = None
    validity: str | None = None
    public: bool | None = None
    addressees: tuple[str, ...] = ()
    at: dict[str, Span] = {}


class Leader(Value, frozen=True, kw_only=True):
    """A leader as written: name and post (either may be missing)."""

    name: str | None = None
    post: str | None = None
    at: Span | None = None


class Responsibility(Value, frozen=True, kw_only=True):
    """A responsible unit (责任单位) as written, its role, and the partner in brackets behind it."""

    name: str
    role: Role
    partner: str | None = msgspec.field(default=None, name="with")
    at: Span


class Wording(Value, frozen=True, kw_only=True):
    """Words of the text with their place."""

    text: str
    at: Span


class Promise(Value, frozen=True, kw_only=True):
    """The word that says how firmly something is promised, and its grade: 确保 > 完成 > 力争 > 争创 > 推进 > 谋划."""

    text: str
    grade: Grade
    at: Span


class Baseline(Value, frozen=True, kw_only=True):
    """Where a target starts from (从21所…, 由45%提高到…)."""

    value: float
    unit: str
    at: Span


class Target(Value, frozen=True, kw_only=True):
    """A number, class or rank which the task commits to reach. ``value`` and ``unit`` are as written (30, 亿元)."""

    quote: str
    at: Span
    subject: str
    kind: TargetKind
    bound: Bound
    value: float | None
    value_to: float | None = None
    unit: str | None
    baseline: Baseline | None = None
    strength: Strength = "commit"
    wording: Wording | None = None
    promise: Promise | None = None


class Deliverable(Value, frozen=True, kw_only=True):
    """A named project, facility, scheme or title, and what is to happen to it this year."""

    name: str
    stage: Stage
    strength: Strength = "commit"
    at: Span
    promise: Promise | None = None


class Aim(Value, frozen=True, kw_only=True):
    """A qualitative aim: it says which way, or against whom, and gives no number (只减不增, 与…同步, 动态清零, 持续下降).

    ``than`` is what a comparison or parity is with (全省平均); ``direction`` is None where the words name none.
    """

    quote: str
    at: Span
    subject: str
    kind: AimKind
    direction: Direction | None = None
    than: Wording | None = None
    strength: Strength = "commit"
    promise: Promise | None = None


class Milestone(Value, frozen=True, kw_only=True):
    """A node of a table's time columns: ``due`` like ``2022-Q1`` or ``2022-06``."""

    due: str | None
    text: str
    at: Span


class Task(Value, frozen=True, kw_only=True):
    """The smallest item that carries responsible units. ``at`` is the span of ``text``."""

    number: str | None = None
    title: str | None = None
    text: str
    at: Span
    leaders: tuple[Leader, ...] = ()
    units: tuple[Responsibility, ...] = ()
    deadline: str | None = None
    deadline_at: Span | None = None
    targets: tuple[Target, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    aims: tuple[Aim, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    progress: str | None = None


class Section(Value, frozen=True, kw_only=True):
    """A heading and the tasks under it; ``heading`` is None where the plan has none."""

    heading: str | None = None
    at: Span | None = None
    leader: tuple[Leader, ...] = ()
    tasks: tuple[Task, ...] = ()


class Plan(Value, frozen=True, kw_only=True):
    """One breakdown (责任分解) of the document; a document may hold several."""

    title: str | None = None
    at: Span | None = None
    year: int | None = None
    kind: PlanKind = "other"
    lead_rule: Wording | None = None
    sections: tuple[Section, ...] = ()


class Coverage(Value, frozen=True, kw_only=True):
    """Every character in one of four states; ``facts + structure + prose + not understood = characters``."""

    characters: int = 0
    facts: int = 0
    structure: int = 0
    prose: int = 0
    not_understood: tuple[Span, ...] = ()


class Doubt(Value, frozen=True, kw_only=True):
    """Something the reader is not sure of: stable code, plain sentence, place, and the path of its task."""

    code: str
    message: str
    at: Span | None = None
    task: str | None = None


class Ledger(Value, frozen=True, kw_only=True):
    """The result of reading one document."""

    schema: Literal["luoshi.ledger/1"] = SCHEMA
    reader: str
    source: Source
    document: DocumentFields = DocumentFields()
    plans: tuple[Plan, ...] = ()
    coverage: Coverage = Coverage()
    doubts: tuple[Doubt, ...] = ()
    blocks: tuple[Block, ...] = ()

    def tasks(self) -> Iterator[tuple[str, Plan, Section, Task]]:
        """Every task with its path (``plans/0/sections/1/tasks/3``), plan and section, in document order."""
        for p, plan in enumerate(self.plans):
            for s, section in enumerate(plan.sections):
                for t, task in enumerate(section.tasks):
                    yield f"plans/{p}/sections/{s}/tasks/{t}", plan, section, task

    def quote(self, at: Span) -> str:
        """The document's own words at a span."""
        return self.blocks[at.block].text[at.start : at.end]

    def to_json(self, *, blocks: bool = False, indent: int = 2) -> bytes:
        """UTF-8 JSON; the same ledger gives the same bytes. ``blocks`` adds the canonical text; ``indent=0`` is one line."""
        # Written from the structs directly, an eighth of the time by way of dicts; ``blocks`` is the last field.
        shown = self if blocks else msgspec.structs.replace(self, blocks=())
        raw = msgspec.json.encode(shown)
        if not blocks:
            raw = raw.removesuffix(b',"blocks":[]}') + b"}"
        return msgspec.json.format(raw, indent=indent) if indent else raw


def from_json(data: bytes | str) -> Ledger:
    """A ledger from its JSON, validated. Raises ``msgspec.ValidationError`` naming the offending path."""
    return msgspec.json.decode(data, type=Ledger)


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the ledger format."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Ledger)}
