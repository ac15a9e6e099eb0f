"""Responsible units and their roles (责任单位, 牵头单位 …) from a label, a bracket, a clause or a table's cells.

Roles (corpus guidelines): 牵头, 主办, 主责, ★ by legend lead; 配合, 协办, 参与 … support; a plain 责任单位 list is lead
first where the document says so, else joint; beside a lead every other list supports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from luoshi.reading.facts.deadlines import looks_like_deadline
from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.facts.labels import LABELS, LabelKind
from luoshi.reading.facts.lead_rule import LeadRule
from luoshi.reading.facts.leaders import SURNAMES, posts_only
from luoshi.reading.ledger import Responsibility, Role, Span
from luoshi.reading.rule import any_of

_LEAD_VERBS = frozenset(WORDS["lead_verbs"])
# 按职责分工负责, 按照各自职能抓好落实: beside a lead it supports, alone all answer alike.
_BY_DUTY = rf"(?:按照?|依照|根据|依)(?:各自)?(?:的)?(?:工作)?职(?:责|能)(?:和?分工)?(?:分别|共同|具体)?{any_of(WORDS['by duty does'])}?(?:具体)?{any_of(WORDS['by duty what'])}?"
_VERB = re.compile(
    rf"(?P<verb>{any_of(WORDS['lead_verbs'] + WORDS['support_verbs'] + WORDS['plain_verbs'])}|{_BY_DUTY})"
    rf"{any_of(WORDS['verb tail'])}?$"
)
# The last characters of these verbs and of what may follow them; most clauses end with a unit's name.
_VERB_LAST = frozenset("实施成进好促导理责能工别同体合与作").union(
    word[-1] for kind in ("lead_verbs", "support_verbs", "plain_verbs") for word in WORDS[kind]
)
_MAY_END = re.compile(f"[{''.join(sorted(_VERB_LAST))}](?=[,;。]|$)")
_SUPPORTS = frozenset(WORDS["support_verbs"])
_WITH = re.compile(r"(?:共同|一并)?(?:会同|会商)")
_BY = re.compile(r"(?:由|请|并由|其中|需由|须由|并)")
_ETC = re.compile(r"(?:等(?:有关|相关)?(?:部门|单位|各部门)?)$")
_ENDING = re.compile(any_of(WORDS["unit_endings"]) + r"\)?$")
_LONGEST_ENDING = 1 + max(map(len, WORDS["unit_endings"]))
_COLLECTIVE = re.compile(any_of(WORDS["collective_heads"]))
_LEVELS_ONLY = re.compile(
    rf"^各?{any_of(WORDS['levels'])}(?:\([^()]{{1,8}}\))?{any_of(WORDS['level bodies'])}?(?:\([^()]{{1,8}}\))?$"
)
_BARE_EACH = re.compile(rf"^各{any_of(WORDS['bare levels'])}$")
_GENERIC = frozenset(WORDS["generic_partners"])
_NOTE = re.compile(any_of(WORDS["bracket_notes"]))
_LIST_NOTE = re.compile(any_of(WORDS["list_notes"]))  # 县住建局、望潮街道,首位单位为牵头单位,下同: no unit
_LEAD_MARKS, _SUPPORT_MARKS = frozenset("★☆▲●◆*※#"), frozenset("○△◇")
MARKS = (*sorted(_LEAD_MARKS), *sorted(_SUPPORT_MARKS))
"""The signs that may stand before a unit to tell its role."""
_ROLE_NOTE = re.compile(
    r"^(?P<lead>牵头(?:单位)?|主办(?:单位)?|主责|★)$|^(?P<support>配合(?:单位)?|协办(?:单位)?|参与)$"
)
_PERSON = re.compile(r"[^\W\da-zA-Z_]{2,3}(?:[、,][^\W\da-zA-Z_]{2,3}){0,2}$")
_OPEN, _CLOSE = "([{《“", ")]}》”"


class Lists(msgspec.Struct):
    """What a responsibility zone says, before roles are settled: lists of units by kind, in the order written."""

    units: list[tuple[LabelKind, Unit]] = []
    leaders: list[tuple[int, int]] = []
    deadline: tuple[int, int] | None = None
    labels: list[tuple[int, int]] = []


class Unit(NamedTuple):
    """A unit's place in the block, its partner's place, the role a mark or note gives it, and whether it stands behind a stroke."""

    start: int
    end: int
    partner: tuple[int, int] | None
    marked: LabelKind | None
    beyond: bool = False


def read_zone(folded: str, start: int, end: int) -> Lists:
    """Read a zone of labels (牵头单位:A;责任单位:B、C,6月底完成) or of verbs (A牵头,B、C配合)."""
    out = Lists()
    label: tuple[re.Match[str], LabelKind] | None = None
    for following in LABELS.find(folded, start, end):
        if label:
            _read_label(folded, *label, following[0].start(), out)
        elif following[0].start() > start:
            _read_verbs(folded, start, following[0].start(), out, "plain", need_verb=True)
        label = following
    if label:
        _read_label(folded, *label, end, out)
    else:
        _read_verbs(folded, start, end, out, "plain")
    return out


def _read_label(folded: str, label: re.Match[str], kind: LabelKind, end: int, out: Lists) -> None:
    start = label.end()
    out.labels.append((label.start(), start))
    if kind == "leader":
        out.leaders.append(_trim(folded, start, end))
    elif kind == "deadline":
        out.deadline = _trim(folded, start, end)
    elif kind == "plain" and _has_verb(folded, start, end):
        _read_verbs(folded, start, end, out, kind)
    elif kind != "other":
        _read_list(folded, start, end, out, kind)


def _trim(folded: str, start: int, end: int) -> tuple[int, int]:
    while start < end and folded[start] in " \t\n;,。:、":
        start += 1
    while end > start and folded[end - 1] in " \t\n;,。、([":  # 责任单位:县住建局(|完成时间:10月)
        end -= 1
    return start, end


def _has_verb(folded: str, start: int, end: int) -> bool:
    if not _MAY_END.search(folded, start, end):
        return False
    return any(_verb(folded, s, e) for s, e in _split(folded, start, end, _CLAUSES))


def _verb(folded: str, start: int, end: int) -> re.Match[str] | None:
    """The verb of duty with which a clause ends."""
    return _VERB.search(folded, start, end) if folded[end - 1] in _VERB_LAST else None


_CLAUSES, _ITEMS, _SPACED = (re.compile(f"[^{signs}]{{1,100000}}").finditer for signs in (",;。", "、,;。\n\t/|", " "))
_OPENS = re.compile(r"[(\[{《“]").search


def _split(
    folded: str, start: int, end: int, parts_of: Callable[[str, int, int], Iterable[re.Match[str]]]
) -> list[tuple[int, int]]:
    """Non-empty parts between separators outside brackets. A bracket that never closes ends with the text."""
    parts = [part.span() for part in parts_of(folded, start, end)]
    if len(parts) < 2 and (not parts or parts[0] == (start, end)) or not _OPENS(folded, start, end):
        return parts
    out: list[tuple[int, int]] = []
    depth, at = 0, start
    for s, e in parts:
        if not depth:
            at = s
        for c in folded[s:e]:
            if c in _OPEN:
                depth += 1
            elif c in _CLOSE:
                depth = max(0, depth - 1)
        if not depth:
            out.append((at, e))
    if depth:
        out.append((at, end))
    return out


def _read_verbs(folded: str, start: int, end: int, out: Lists, kind: LabelKind, need_verb: bool = False) -> None:
    """A牵头,B、C配合 · 由A会同B负责 · A、B按职责分工负责: units wait for the verb that follows them."""
    waiting: list[tuple[int, int]] = []
    for s, e in _split(folded, start, end, _CLAUSES):
        s, e = _trim(folded, s, e)
        if by := _BY.match(folded, s, e):
            s = by.end()
        verb = _verb(folded, s, e) if e > s else None
        if not verb:
            waiting.append((s, e))
            continue
        role: LabelKind = "lead" if verb["verb"] in _LEAD_VERBS else "support" if verb["verb"] in _SUPPORTS else kind
        if by and role == "plain" and not waiting and not re.search("[、,]", folded[s : verb.start()]):
            role = "lead"  # 由县教育局负责: one unit alone answers
        for ws, we in [*waiting, (s, verb.start())]:
            _read_joined(folded, ws, we, out, role)
        waiting = []
    if not need_verb:
        for s, e in waiting:
            _read_joined(folded, s, e, out, kind)


def _read_joined(folded: str, start: int, end: int, out: Lists, role: LabelKind) -> None:
    """A会同B: what stands behind 会同 supports."""
    if together := _WITH.search(folded, start, end):
        if together.start() > start:
            _read_list(folded, start, together.start(), out, role)
        _read_list(folded, together.end(), end, out, "support")
    else:
        inner = _VERB_INSIDE.search(folded, start, end)
        if inner:
            _read_list(folded, start, inner.start(), out, "lead")
            start = inner.end()
        _read_list(folded, start, end, out, role)


_VERB_INSIDE = re.compile(
    "(?<![(\\[])" + any_of(w for w in WORDS["lead_verbs"] if w.startswith("牵头")) + r"(?=、?[^\W\da-zA-Z_])"
)


def _read_list(folded: str, start: int, end: int, out: Lists, kind: LabelKind) -> None:
    stroke = folded.find("/", start, end)
    for s, e in _names(folded, start, end):
        if looks_like_deadline(folded, s, e):
            out.deadline = (s, e)
        elif posts_only(folded, s, e) and not _COLLECTIVE.match(folded, s, e):
            out.leaders.append((s, e))
        elif unit := _unit(folded, s, e):
            beyond = stroke >= 0 and unit.start > stroke
            out.units.append((unit.marked or kind, unit._replace(beyond=beyond) if beyond else unit))


def _names(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items of a unit list; spaces separate only where a whole unit name stands before them."""
    parts: list[tuple[int, int]] = []
    levels = False
    for s, e in _split(folded, start, end, _ITEMS):
        s, e = _trim(folded, s, e)
        if e > s:
            levels = levels or folded[s] == "各"
            parts.extend([(s, e)] if folded.find(" ", s, e) < 0 else _spaced(folded, s, e))
    return _rejoin(folded, parts) if levels and len(parts) > 1 else parts


def _spaced(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for s, e in _split(folded, start, end, _SPACED):
        if out and (not _ends(folded, *out[-1]) or folded[s] == "("):
            out[-1] = (out[-1][0], e)
        else:
            out.append((s, e))
    return out


def _rejoin(folded: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """各区、县(市)人民政府 is one name: 各 with bare levels goes with the levels behind it."""
    out: list[tuple[int, int]] = []
    for s, e in parts:
        if (
            out
            and _BARE_EACH.match(folded[out[-1][0] : out[-1][1]])
            and _LEVELS_ONLY.match(folded[s:e])
            and folded[s] != "各"
        ):
            out[-1] = (out[-1][0], e)
        else:
            out.append((s, e))
    return out


def _unit(folded: str, start: int, end: int) -> Unit | None:
    marked: LabelKind | None = None
    if folded[start] in _LEAD_MARKS:
        marked, start = "lead", start + 1
    elif folded[start] in _SUPPORT_MARKS:
        marked, start = "support", start + 1
    partner: tuple[int, int] | None = None
    while end > start and folded[end - 1] == ")" and (opened := folded.rfind("(", start, end)) > start:
        inside = folded[opened + 1 : end - 1]
        if role := _ROLE_NOTE.match(inside):
            marked = "lead" if role.group("lead") else "support"
        elif _NOTE.search(inside) or _is_person(inside):
            pass
        elif (
            inside in _GENERIC
            or _COLLECTIVE.match(folded, start, end)
            or (len(inside) < 3 and not _ends(inside, 0, len(inside)))
        ):
            break
        else:
            partner = (opened + 1, end - 1)
        end = opened
    if folded.find("等", start, end) >= 0 and (etc := _ETC.search(folded, start, end)):
        end = etc.start() if etc.start() > start else end
    start, end = _trim(folded, start, end)
    if end - start < 2 or _LIST_NOTE.search(folded, start, end):
        return None
    return Unit(start, end, partner, marked)


def has_unit(folded: str, start: int, end: int) -> bool:
    """Whether some item between the separators ends as a unit's name does, and none is a sentence."""
    parts = _names(folded, start, end)
    return any(_ends(folded, s, e) for s, e in parts) and all(e - s <= 30 for s, e in parts)


def _is_person(inside: str) -> bool:
    """A responsible person behind a unit (县财政局(顾怀春)) is nobody's partner."""
    return bool(_PERSON.match(inside)) and inside[0] in SURNAMES and not _ends(inside, 0, len(inside))


def is_unit_like(folded: str, start: int, end: int) -> bool:
    """Whether every item between the separators ends as a unit's name does."""
    parts = _names(folded, start, end)
    return bool(parts) and all(e - s <= 30 and _ends(folded, s, e) for s, e in parts)


def _ends(folded: str, start: int, end: int) -> bool:
    """Whether a name ends as a unit's does."""
    return _ENDING.search(folded, max(start, end - _LONGEST_ENDING), end) is not None


def settle(lists: list[tuple[LabelKind, Unit]], rule: LeadRule) -> list[Role]:
    """The role of each unit once the whole zone is known and the document's lead rule with it."""
    kinds = [kind for kind, _ in lists]
    if rule == "hollow":  # 标△的为牵头单位: elsewhere a hollow sign supports
        kinds = ["lead" if unit.marked == "support" else kind for kind, unit in lists]
    if "lead" not in kinds and "support" in kinds:
        kinds = ["lead" if kind == "plain" else kind for kind in kinds]  # 承办 beside 会办 answers for it
    if "lead" in kinds:
        return ["lead" if kind == "lead" else "support" for kind in kinds]
    if "plain" not in kinds:
        return ["support"] * len(kinds)
    if rule == "stroke":
        beyond = [unit.beyond for _, unit in lists]
        return ["support" if kind != "plain" or b else "lead" for kind, b in zip(kinds, beyond, strict=True)]
    first = kinds.index("plain")
    if rule == "first":
        return ["lead" if i == first else "support" for i in range(len(kinds))]
    return ["joint" if kind == "plain" else "support" for kind in kinds]


def build(block: int, text: str, unit: Unit, role: Role) -> Responsibility:
    """The ledger's value for a unit and its settled role."""
    partner = _plain(text[slice(*unit.partner)]) if unit.partner else None
    name = _plain(text[unit.start : unit.end])
    return Responsibility(name=name, role=role, partner=partner, at=Span(block, unit.start, unit.end))


def _plain(name: str) -> str:
    return "".join(name.split())
