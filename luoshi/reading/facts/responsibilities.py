"""Responsible units and their roles (责任单位, 牵头单位 …) from a label, a bracket, a clause or a table's cells.

Roles (corpus guidelines): 牵头, 主办, 主责, ★ by legend lead; 配合, 协办, 参与 … support; a plain 责任单位 list is lead
first where the document says so, else joint; beside a lead every other list supports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from luoshi.reading.facts.deadlines import looks_like_deadline
from luoshi.reading.facts.duty_words import WORDS, alternation
from luoshi.reading.facts.leaders import posts_only
from luoshi.reading.ledger import Responsibility, Role, Span

LabelKind = Literal["lead", "support", "plain", "leader", "deadline", "other"]
LeadRule = Literal["first", "equal", "marked", "none"]

_KINDS: dict[str, LabelKind] = {
    word: kind
    for kind, key in (
        ("lead", "lead_labels"), ("support", "support_labels"), ("plain", "plain_labels"),
        ("leader", "leader_labels"), ("deadline", "deadline_labels"), ("other", "other_labels"),
    )
    for word in WORDS[key]
}  # fmt: skip
LABEL = re.compile(r"(?<![\u4e00-\u9fa5])(?P<label>(?:" + alternation(_KINDS) + r"))(?:\((?P<note>[^()]{1,30})\))?\s{0,2}:")
_LEAD_VERBS = frozenset(WORDS["lead_verbs"])
_VERB = re.compile(
    "(?P<verb>" + alternation(WORDS["lead_verbs"] + WORDS["support_verbs"] + WORDS["plain_verbs"]) + r")(?:落实|实施|完成|推进|抓好|督促|督导|办理)?$"
)
_SUPPORTS = frozenset(WORDS["support_verbs"])
_WITH = re.compile(r"(?:共同|一并)?(?:会同|会商)")
_BY = re.compile(r"^(?:由|请|并由|其中|需由|须由|并)")
_ETC = re.compile(r"(?:等(?:有关|相关)?(?:部门|单位|各部门)?)$")
_ENDING = re.compile("(?:" + alternation(WORDS["unit_endings"]) + r")\)?$")
_COLLECTIVE = re.compile("^(?:" + alternation(WORDS["collective_heads"]) + ")")
_LEVELS_ONLY = re.compile(
    r"^各?(?:省|市|州|盟|县|区|旗|乡|镇|街道|园区|开发区)(?:\([^()]{1,8}\))?(?:人民政府|政府|办事处|管委会|党委)?(?:\([^()]{1,8}\))?$"
)
_BARE_EACH = re.compile(r"^各(?:省|市|州|盟|县|区|旗|乡|镇)$")
_GENERIC = frozenset(WORDS["generic_partners"])
_NOTE = re.compile(r"(?:首位|首个|第一|下同|列首|排名|不分先后|以下简称|为牵头)")
_LEAD_MARK = re.compile(r"^[★☆▲●◆*※]")
_SUPPORT_MARK = re.compile(r"^[○△◇]")
_ROLE_NOTE = re.compile(r"^(?P<lead>牵头(?:单位)?|主办(?:单位)?|主责|★)$|^(?P<support>配合(?:单位)?|协办(?:单位)?|参与)$")
_OPEN, _CLOSE = "([{《“", ")]}》”"
STANDING = re.compile(
    r"(?:以下|下列|后续|本表|本方案)(?:各项|各条|任务|工作|事项|各项任务|各项工作|项目)?(?:任务|工作)?均?(?:需|须|由|需由|须由|应由)?(?P<units>[^。;；]{2,80}?)"
    r"(?:负责落实|负责|配合|落实|参与|协同|协办|为(?:配合|协办|责任|参与)单位)[^。;；)\]]{0,24}"
    r"|(?P<units2>[^。;；,，(\[]{2,60})(?:对|为)(?:以下|下列|后续)(?:各项|各条|任务|工作|事项|项目)?(?:任务|工作)?均?为?(?:配合|协办|责任|参与)单位"
)

LEAD_FIRST = re.compile(
    r"(?:首位|首个|第一个|(?:排|列|位于|列在|排在)?(?:第一位|首位|第一|第1位|最前|前列|首)(?:的)?)(?:责任)?(?:的)?(?:单位|部门)?(?:均)?(?:为|是|即为|系|作为|任)(?:该项(?:工作|任务))?(?:牵头|主办|主责|主要责任|总牵头)"
    r"|(?:第一(?:责任)?(?:单位|部门)|首(?:位|个)(?:责任)?(?:单位|部门))[^。;；]{0,6}(?:牵头|主办|主责|负总责)"
    r"|(?:单位|部门)[^。;；]{0,4}(?:排(?:名|列|在)?|列)(?:第一|首位)[^。;；]{0,8}(?:牵头|主办|主责)"
)
LEAD_EQUAL = re.compile(r"(?:排名|排序|顺序|次序)?不分(?:先后|主次)|(?:同等|相同|同样)(?:的)?责任|责任(?:相同|同等)|排序不代表|排名不代表")
LEAD_MARKED = re.compile(
    r"(?:标|带|加|注|有|以|打)?[“\"(]?(?P<mark>[★☆▲●◆*※])[”\")]?(?:号|标记|标识|标注)?(?:的|者)?(?:责任)?(?:单位|部门)?(?:均)?(?:为|是|表示|系|代表)(?:该项(?:工作|任务))?(?:的)?(?:牵头|主办|主责|主要责任)"
)


@dataclass(slots=True)
class Lists:
    """What a responsibility zone says, before roles are settled: lists of units by kind, in the order written."""

    units: list[tuple[LabelKind, Unit]] = field(default_factory=list)
    leaders: list[tuple[int, int]] = field(default_factory=list)
    deadline: tuple[int, int] | None = None
    labels: list[tuple[int, int]] = field(default_factory=list)


class Unit(NamedTuple):
    """A unit's place in the block, its partner's place, and whether a mark or note names it the lead."""

    start: int
    end: int
    partner: tuple[int, int] | None
    marked: LabelKind | None


def read_zone(folded: str, start: int, end: int) -> Lists:
    """Read a zone of labels (牵头单位:A;责任单位:B、C,6月底完成) or of verbs (A牵头,B、C配合)."""
    out = Lists()
    labels = list(LABEL.finditer(folded, start, end))
    if not labels:
        _read_verbs(folded, start, end, out, "plain")
        return out
    if labels[0].start() > start:
        _read_verbs(folded, start, labels[0].start(), out, "plain", need_verb=True)
    for label, after in zip(labels, [*labels[1:], None]):
        _read_label(folded, label, after.start() if after else end, out)
    return out


def _read_label(folded: str, label: re.Match[str], end: int, out: Lists) -> None:
    kind = _KINDS[label.group("label")]
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
    while end > start and folded[end - 1] in " \t\n;,。、":
        end -= 1
    return start, end


def _has_verb(folded: str, start: int, end: int) -> bool:
    return any(_VERB.search(folded, s, e) for s, e in _split(folded, start, end, ",;。"))


def _split(folded: str, start: int, end: int, separators: str) -> list[tuple[int, int]]:
    """Non-empty parts between separators outside brackets. A bracket that never closes ends with the text."""
    parts: list[tuple[int, int]] = []
    depth, at = 0, start
    for i in range(start, end):
        c = folded[i]
        if c in _OPEN:
            depth += 1
        elif c in _CLOSE:
            depth = max(0, depth - 1)
        elif not depth and c in separators:
            if i > at:
                parts.append((at, i))
            at = i + 1
    if end > at:
        parts.append((at, end))
    return parts


def _read_verbs(folded: str, start: int, end: int, out: Lists, kind: LabelKind, need_verb: bool = False) -> None:
    """A牵头,B、C配合 · 由A会同B负责 · A、B按职责分工负责: units wait for the verb that follows them."""
    waiting: list[tuple[int, int]] = []
    for s, e in _split(folded, start, end, ",;。"):
        s, e = _trim(folded, s, e)
        if by := _BY.match(folded, s, e):
            s = by.end()
        verb = _VERB.search(folded, s, e)
        if not verb:
            waiting.append((s, e))
            continue
        role: LabelKind = "lead" if verb.group("verb") in _LEAD_VERBS else "support" if verb.group("verb") in _SUPPORTS else kind
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


_VERB_INSIDE = re.compile("(?:" + alternation(w for w in WORDS["lead_verbs"] if w.startswith("牵头")) + ")(?=[^,;。])")


def _read_list(folded: str, start: int, end: int, out: Lists, kind: LabelKind) -> None:
    for s, e in _names(folded, start, end):
        if looks_like_deadline(folded, s, e):
            out.deadline = (s, e)
        elif posts_only(folded, s, e) and not _COLLECTIVE.match(folded, s, e):
            out.leaders.append((s, e))
        elif unit := _unit(folded, s, e):
            out.units.append((unit.marked or kind, unit))


def _names(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items of a unit list; spaces separate only where a whole unit name stands before them."""
    parts: list[tuple[int, int]] = []
    for s, e in _split(folded, start, end, "、,;。\n\t/|"):
        parts.extend(_spaced(folded, *_trim(folded, s, e)))
    return _rejoin(folded, [p for p in parts if p[1] > p[0]])


def _spaced(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    if " " not in folded[start:end]:
        return [(start, end)]
    out: list[tuple[int, int]] = []
    for s, e in _split(folded, start, end, " "):
        if out and (not _ENDING.search(folded, *out[-1]) or folded[s] == "("):
            out[-1] = (out[-1][0], e)
        else:
            out.append((s, e))
    return out


def _rejoin(folded: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """各区、县(市)人民政府 is one name: 各 with bare levels goes with the levels behind it."""
    out: list[tuple[int, int]] = []
    for s, e in parts:
        if out and _BARE_EACH.match(folded[out[-1][0] : out[-1][1]]) and _LEVELS_ONLY.match(folded[s:e]) and folded[s] != "各":
            out[-1] = (out[-1][0], e)
        else:
            out.append((s, e))
    return out


def _unit(folded: str, start: int, end: int) -> Unit | None:
    marked: LabelKind | None = None
    if mark := _LEAD_MARK.match(folded, start, end):
        marked, start = "lead", mark.end()
    elif mark := _SUPPORT_MARK.match(folded, start, end):
        marked, start = "support", mark.end()
    partner: tuple[int, int] | None = None
    while end > start and folded[end - 1] == ")" and (opened := folded.rfind("(", start, end)) > start:
        inside = folded[opened + 1 : end - 1]
        if role := _ROLE_NOTE.match(inside):
            marked = "lead" if role.group("lead") else "support"
        elif _NOTE.search(inside):
            pass
        elif inside in _GENERIC or _COLLECTIVE.match(folded, start, end) or (len(inside) < 3 and not _ENDING.search(inside)):
            break
        else:
            partner = (opened + 1, end - 1)
        end = opened
    if etc := _ETC.search(folded, start, end):
        end = etc.start() if etc.start() > start else end
    start, end = _trim(folded, start, end)
    return Unit(start, end, partner, marked) if end - start >= 2 else None


def is_unit_like(folded: str, start: int, end: int) -> bool:
    """Whether every item between the separators ends as a unit's name does."""
    parts = _names(folded, start, end)
    return bool(parts) and all(_ENDING.search(folded, s, e) and e - s <= 30 for s, e in parts)


def settle(lists: list[tuple[LabelKind, Unit]], rule: LeadRule) -> list[Role]:
    """The role of each unit once the whole zone is known and the document's lead rule with it."""
    kinds = [kind for kind, _ in lists]
    if "lead" in kinds:
        return ["lead" if kind == "lead" else "support" for kind in kinds]
    if "plain" not in kinds:
        return ["support"] * len(kinds)
    first = kinds.index("plain")
    if rule == "first":
        return ["lead" if i == first else "support" for i in range(len(kinds))]
    return ["joint" if kind == "plain" else "support" for kind in kinds]


def build(block: int, text: str, lists: list[tuple[LabelKind, Unit]], roles: list[Role]) -> tuple[Responsibility, ...]:
    """Ledger values for units and their settled roles, in the order written, each unit once."""
    seen: set[str] = set()
    out: list[Responsibility] = []
    for (_, unit), role in zip(lists, roles):
        name = _plain(text[unit.start : unit.end])
        if name in seen:
            continue
        seen.add(name)
        partner = _plain(text[slice(*unit.partner)]) if unit.partner else None
        out.append(Responsibility(name=name, role=role, partner=partner, at=Span(block, unit.start, unit.end)))
    return tuple(out)


def _plain(name: str) -> str:
    return "".join(name.split())


def read_lead_rule(folded: str) -> tuple[LeadRule, int, int] | None:
    """How the document itself says which unit leads, with the place of those words; None where it does not say."""
    for rule, pattern in (("marked", LEAD_MARKED), ("first", LEAD_FIRST), ("equal", LEAD_EQUAL)):
        if match := pattern.search(folded):
            return rule, match.start(), match.end()  # type: ignore[return-value]
    return None
