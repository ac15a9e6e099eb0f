"""Duties: who answers for an item, by its zones and its headings, once the document's lead rule is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from luoshi.reading.facts.deadlines import read_deadline
from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.facts.labels import LabelKind
from luoshi.reading.facts.lead_rule import LeadRule
from luoshi.reading.facts.leaders import heading_leaders, read_leaders
from luoshi.reading.facts.responsibilities import (
    Lists,
    Unit,
    build,
    is_unit_like,
    read_zone,
    settle,
)
from luoshi.reading.facts.standing import STANDING
from luoshi.reading.ledger import Leader, Responsibility, Role, Span
from luoshi.reading.outline import Node
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import any_of
from luoshi.reading.zones import brackets, clauses, sort_lines

_HEADING_UNITS = re.compile(
    rf"^(?P<units>.{{2,60}}?){any_of(WORDS['heading verb'])}(?:负责|抓总)?{any_of(WORDS['heading tail'])}?(?:的)?(?:重点|主要)?{any_of(WORDS['heading noun'])}?(?:\(.{{1,10}}\))?$"
)
_NAMES_UNITS = re.compile(any_of(WORDS["bracket word"]))
_UNITS_ALONE = re.compile(r"^(?P<units>[^,。;:()]{3,60})(?:\(\d{1,3}[项件条]\))?$")
_LEADER_NOTE = re.compile(r"领导|[省市县区]长|负责同志|负责人")


@dataclass(slots=True)
class Context:
    """What holds for a whole plan while it is read: year, lead rule, standing units; and what was found on the way."""

    page: Page
    year: int | None
    rule: LeadRule
    standing: list[tuple[int, Unit]] = field(default_factory=list)
    structure: list[Piece] = field(default_factory=list)
    labels: list[Piece] = field(default_factory=list)
    prose: list[Piece] = field(default_factory=list)
    joins: list[tuple[int, int]] = field(default_factory=list)
    titled: bool = False


class Duty(msgspec.Struct):
    """Who answers: units with roles, leaders and a deadline, from one or several zones."""

    units: tuple[Responsibility, ...] = ()
    leaders: tuple[Leader, ...] = ()
    deadline: str | None = None
    deadline_at: Span | None = None


class Heading(msgspec.Struct):
    """A heading on the way down: its text with its number, leaders, and the duty its items inherit."""

    text: str
    at: Span
    leaders: tuple[Leader, ...]
    duty: Duty


def zone_duty(context: Context, zones: Sequence[Piece]) -> Duty:
    """What an item's zones say together; a standing clause in one of them is set aside for the later items."""
    groups = clauses(context.page, zones)
    if len(groups) > 1:
        return _together([zone_duty(context, group) for group in groups])
    parts: list[tuple[int, Lists]] = []
    for zone in zones:
        folded = context.page.folds[zone.block]
        end = zone.end
        for match, units in STANDING.find(folded, zone.start, zone.end):
            _stand(context, zone.block, match, units)
            end = min(match.start(), units[0])
            break
        lists = read_zone(folded, zone.start, end)
        context.labels.append(zone)
        parts.append((zone.block, lists))
    return settled(context, parts)


_RANK: dict[Role, int] = {"lead": 0, "joint": 1, "support": 2}


def _together(duties: Sequence[Duty]) -> Duty:
    """The duties of single clauses as one of the whole item: a unit's highest role, all leaders, no clause's own deadline."""
    units: dict[str, Responsibility] = {}
    for unit in (unit for duty in duties for unit in duty.units):
        held = units.setdefault(unit.name, unit)
        if _RANK[unit.role] < _RANK[held.role]:
            units[unit.name] = unit
    leaders = tuple(dict.fromkeys(leader for duty in duties for leader in duty.leaders))
    return Duty(tuple(units.values()), leaders)


def _stand(context: Context, block: int, match: re.Match[str], units: tuple[int, int]) -> None:
    """A standing clause adds its units to this and every later task, as support."""
    lists = read_zone(context.page.folds[block], *units)
    context.standing.extend((block, unit) for _, unit in lists.units)
    context.labels.append(Piece(block, min(match.start(), units[0]), match.end()))


def standing_units(context: Context, pieces: Iterable[Piece]) -> None:
    """Standing clauses of the covering notice hold for every task."""
    for piece in pieces:
        for match, units in STANDING.find(context.page.folds[piece.block], piece.start, piece.end):
            _stand(context, piece.block, match, units)


def settled(context: Context, parts: Sequence[tuple[int, Lists]]) -> Duty:
    """Units with roles, leaders and deadline from zones read (each with its block), under the document's lead rule."""
    page = context.page
    duty = Duty()
    placed: list[tuple[int, LabelKind, Unit]] = []
    for block, lists in parts:
        placed.extend((block, kind, unit) for kind, unit in lists.units)
        for s, e in lists.leaders:
            duty.leaders += read_leaders(block, page.texts[block], page.folds[block], s, e)
        if lists.deadline:
            duty.deadline_at = Span(block, *lists.deadline)
            duty.deadline = read_deadline(page.folds[block], *lists.deadline, context.year)
    duty.units = _responsibilities(context, placed)
    return duty


def _responsibilities(context: Context, placed: Sequence[tuple[int, LabelKind, Unit]]) -> tuple[Responsibility, ...]:
    if not placed:
        return ()
    kinds = [(kind, unit) for _, kind, unit in placed]
    roles = settle(kinds, context.rule)
    names: dict[str, Responsibility] = {}
    for (block, _, unit), role in zip(placed, roles, strict=True):
        one = build(block, context.page.texts[block], unit, role)
        names.setdefault(one.name, one)
    for block, unit in context.standing:
        one = build(block, context.page.texts[block], unit, "support")
        names.setdefault(one.name, one)
    return tuple(names.values())


def read_heading(context: Context, node: Node) -> Heading:
    """A heading without its responsibility or leader bracket; what the bracket says is inherited by its items."""
    page = context.page
    first = node.first
    assert first is not None and node.number is not None
    folded = page.folds[first.block]
    end = first.end
    leaders: tuple[Leader, ...] = ()
    lists = Lists()
    for inside in brackets(folded, first):
        if not (
            _LEADER_NOTE.search(folded, inside.start, inside.end)
            or _NAMES_UNITS.search(folded, inside.start, inside.end)
        ):
            continue
        part = read_zone(folded, inside.start, inside.end)
        lists.units.extend(part.units)
        context.labels.extend(Piece(first.block, s, e) for s, e in part.labels)
        for s, e in part.leaders:
            leaders += read_leaders(first.block, page.texts[first.block], folded, s, e)
        end = min(end, inside.start - 1)
    if not leaders:
        leaders = heading_leaders(first.block, page.texts[first.block], folded, first.start, end)
    duty = settled(context, [(first.block, lists)])
    if not duty.units:
        duty = _under_heading(context, node, first, end)
        leaders = duty.leaders or leaders
    start = mark_start(page, node)
    piece = page.strip(first.block, start, end, ":")
    context.structure.append(Piece(first.block, start, first.end))
    return Heading(_heading_text(page, piece), piece.span, leaders, duty)


def _heading_text(page: Page, piece: Piece) -> str:
    return page.text(piece).replace("\n", "")


def mark_start(page: Page, node: Node) -> int:
    """Where the numbering of a line begins, bracket included."""
    assert node.number is not None
    start = node.number.start
    folded = page.folds[node.number.block]
    if node.type == "T":  # 任务三:
        return start - len(folded[:start].lstrip(" ★☆"))
    return start - 1 if start and folded[start - 1] in "(第" else start


def _under_heading(context: Context, node: Node, first: Piece, end: int) -> Duty:
    """Duty from the heading's wording (县教育局牵头工作, 县教育局(3项)) or from label lines right under it."""
    page = context.page
    folded = page.folds[first.block]
    match = _HEADING_UNITS.match(folded[first.start : end])
    lists = Lists()
    if match:
        s = first.start + match.start("units")
        e = first.start + match.end("units")
        if is_unit_like(folded, s, e):
            lists.units = [("lead", unit) for _, unit in read_zone(folded, s, e).units]
            return settled(context, [(first.block, lists)])
    if alone := _UNITS_ALONE.match(folded[first.start : end]):
        s, e = first.start, first.start + alone.end("units")
        if is_unit_like(folded, s, e):
            return settled(context, [(first.block, read_zone(folded, s, e))])
    item = sort_lines(page, node.rest, False)
    context.prose.extend(item.text + item.tail)
    return zone_duty(context, item.zones)
