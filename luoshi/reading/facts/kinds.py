"""Which kind of target a measure makes: quantity, growth, change, level, rank or grade."""

from __future__ import annotations

from luoshi.reading.facts import phrases as ph
from luoshi.reading.facts.measures import Measure
from luoshi.reading.ledger import TargetKind

_CAPACITY = ("/日", "/天", "/小时", "/年")
_SHARES = ("%", "‰", "成")


def kind_of(m: Measure, verb: str, folded: str, left: int, noun: int, stem: int) -> TargetKind:
    """The kind by form, unit, the verb before the number and the subject's last word (``noun`` to ``stem``)."""
    if m.form == "rank":
        return "rank"
    if m.form == "grade":
        return "grade"
    unit = m.unit or ""
    if unit.endswith(("百分点", "个点", "位次")):
        return "change"
    if m.family == "double":
        return "growth"
    if verb == "grow":
        return "growth" if unit in _SHARES or unit == "倍" else "change"
    if unit in _SHARES or unit == "":
        return _share(verb, folded, left, noun, stem)
    if verb in ("fall", "rise") or (not verb and m.family != "count" and ph.cut_back_at(folded, left, stem)):
        return "change"
    if not verb and left < noun and unit.endswith(_CAPACITY):  # 新增供水能力5万吨/日
        return "quantity"
    if verb == "reach" or m.family == "rate" or unit == "倍":
        return "level"
    if m.family in ("time", "age"):
        return "level"
    return "quantity"


def _share(verb: str, folded: str, left: int, noun: int, stem: int) -> TargetKind:
    """Of a percentage: 增速达8% grows, 压减规模8% changes, a rate stands."""
    if ph.growth_before(folded, noun, stem):
        return "growth"
    if verb in ("fall", "rise") or (noun < stem and folded.startswith("降幅", stem - 2)):
        return "change"
    if not verb and (ph.cut_back_at(folded, left, stem) or (left < noun and ph.FALLING.search(folded, left, noun))):
        return "change"
    return "level"
