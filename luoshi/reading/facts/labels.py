"""Labels of duty (牵头单位:, 责任单位(首位为牵头单位):, 完成时限:): what each announces, and where the next one stands.

Known ones are listed in ``words/duty.txt``; offices coin more, of a word of duty and a noun of bodies.
"""

from __future__ import annotations

import re
from typing import Literal

from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.rule import Rule, RuleSet, any_of, late

LabelKind = Literal["lead", "support", "plain", "leader", "deadline", "other"]

_BY_KIND: tuple[tuple[LabelKind, str], ...] = (
    ("lead", "lead_labels"),
    ("support", "support_labels"),
    ("plain", "plain_labels"),
    ("leader", "leader_labels"),
    ("deadline", "deadline_labels"),
    ("other", "other_labels"),
)
_KINDS: dict[str, LabelKind] = {word: kind for kind, listed in _BY_KIND for word in WORDS[listed]}
# Offices coin labels freely (会办部门, 联动单位): a word of duty and a noun of bodies make one.
_COINED = rf"{any_of(WORDS['label_heads'])}[^\W\da-zA-Z_]{{0,3}}?{any_of(WORDS['label_bodies'])}"
_COINED_LEADER = rf"{any_of(WORDS['leader_heads'])}[^\W\da-zA-Z_]{{0,4}}?{any_of(WORDS['leader_bodies'])}"
_COINED_KINDS: tuple[tuple[LabelKind, re.Pattern[str]], ...] = (
    ("leader", late("领导|[省市县区州旗镇乡]长|负责同志")),
    ("other", late(any_of(WORDS["other heads"]))),
    ("lead", late(any_of(WORDS["lead heads"]))),
    ("support", late(any_of(WORDS["support heads"]))),
)


def _longest(*lists: str) -> int:
    return sum(max(map(len, WORDS[listed])) for listed in lists)


# A label in characters, its note in brackets and blanks included.
_LONGEST_LABEL = 34 + max(
    *map(len, _KINDS), _longest("label_heads", "label_bodies") + 3, _longest("leader_heads", "leader_bodies") + 4
)


def label_kind(label: str) -> LabelKind:
    """What a label announces: one of the known ones, else by the word of duty in it; plain where it has none."""
    if label in _KINDS:
        return _KINDS[label]
    return next((kind for kind, pattern in _COINED_KINDS if pattern.search(label)), "plain")


_LABEL: Rule[LabelKind] = Rule(
    name="duty-label",
    triggers=(*_KINDS, *WORDS["label_heads"], *WORDS["leader_heads"]),
    pattern=re.compile(
        rf"(?<![^\W\da-zA-Z_])(?P<label>{any_of(_KINDS)}|{_COINED}|{_COINED_LEADER})(?:\((?P<note>[^()]{{1,30}})\))?\s{{0,2}}:"
    ),
    value=lambda m: label_kind(m["label"]),
    reads=(
        ("牵头单位:县教育局", "牵头单位:"),
        ("责任单位 :县住建局", "责任单位 :"),
        ("[协同责任单位：各镇]", "协同责任单位:"),
        ("会办部门:县统计局", "会办部门:"),
        ("包抓领导:顾怀春", "包抓领导:"),
    ),
    refuses=("各责任单位:要认真落实", "请各牵头单位主动担当", "压实主体责任", "县政府各部门:"),
)
# 责任部门为县人社局: the same said in words; that the first is the lead unit (第一责任单位为牵头单位) names nobody.
SAID = rf"(?P<label>{any_of(_KINDS)}|{_COINED}|{_COINED_LEADER})(?:分别)?[为是](?!{any_of(WORDS['names nobody'])})"
_SAID: Rule[LabelKind] = Rule(
    name="duty-label-said",
    triggers=(*_KINDS, *WORDS["label_heads"], *WORDS["leader_heads"]),
    pattern=re.compile(rf"(?<![^\W\da-zA-Z_]){SAID}"),
    value=lambda m: label_kind(m["label"]),
    reads=(("责任部门为县人社局,协同部门为县民政局", "协同部门为"), ("牵头单位是县住建局", "牵头单位是")),
    refuses=("第一责任单位为牵头单位", "责任单位:县教育局", "列首位的责任单位为主办单位", "牵头单位为主抓好落实"),
)
LABELS = RuleSet([_LABEL, _SAID])
LABEL = _LABEL.pattern


def find_label(folded: str, start: int, end: int) -> re.Match[str] | None:
    """The first label between two places; looked for only where there is a colon."""
    colon = folded.find(":", start, end)
    return LABEL.search(folded, max(start, colon - _LONGEST_LABEL), end) if colon >= 0 else None
