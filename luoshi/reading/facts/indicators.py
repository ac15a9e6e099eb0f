"""Indicators in rows: a bare figure in a value column, what it is counted in beside it (地区生产总值增速 | % | 6.5左右)."""

from __future__ import annotations

from luoshi.reading.facts import Passage
from luoshi.reading.facts.measures import MEASURES
from luoshi.reading.facts.targets import _closing_subject
from luoshi.reading.ledger import Bound, Span, Target, TargetKind
from luoshi.reading.rule import any_of, late
from luoshi.reading.words import load

_WORDS = load("indicators")
_FIGURE = r"\d[\d,]{0,12}(?:\.\d{1,4})?"
_BARE = late(
    rf"(?P<before>≥|≤|>|<|不低于|不少于|不高于|不超过|突破|超过)?\s{{0,2}}(?P<value>{_FIGURE})"
    rf"(?:\s?[-~至]{{1,2}}\s?(?P<to>{_FIGURE}))?\s{{0,2}}(?P<after>左右|及?以上|及?以下|以内)?"
)
_BOUNDS: dict[str | None, Bound] = {
    **dict.fromkeys(("≥", ">", "不低于", "不少于", "突破", "超过", "以上", "及以上"), "min"),
    **dict.fromkeys(("≤", "<", "不高于", "不超过", "以下", "及以下", "以内"), "max"),
    "左右": "about",
}
_LEVEL = late(rf"{any_of(_WORDS['level'])}|总[量额数]")
_FALLING = late(rf"{any_of(_WORDS['falling'])}(?:率|幅度|比例)?$")


def is_measure(words: str) -> bool:
    """Whether a cell holds nothing but what a figure is counted in: %, 亿元, 户, 微克/立方米."""
    if not 0 < len(words) <= 10:
        return False
    found = MEASURES.find(f"1{words}", 0, len(words) + 1)
    return any(m.unit == words and m.family and m.end == len(words) + 1 for _, m in found)


def read_indicator(cell: Passage, measure: str, subject: Passage) -> tuple[Target, ...]:
    """The target of a value cell that is a bare figure, counted in ``measure``; none where the cell says more or less."""
    figure = _BARE.fullmatch(cell.folded, cell.start, cell.end)
    if figure is None:
        return ()
    name, verb = _closing_subject(subject)
    upper = figure["to"]
    return (
        Target(
            quote=cell.text[cell.start : cell.end],
            at=Span(cell.block, cell.start, cell.end),
            subject=name,
            kind=_kind(name, verb, measure),
            bound="range" if upper else _BOUNDS.get(figure["before"] or figure["after"], "exact"),
            value=_number(figure["value"]),
            value_to=_number(upper) if upper else None,
            unit=measure,
        ),
    )


def _kind(name: str, verb: str, measure: str) -> TargetKind:
    if verb == "grow":
        return "growth"
    if _FALLING.search(name):
        return "change"
    return "level" if measure in ("%", "‰") or _LEVEL.search(name) else "quantity"


def _number(figure: str) -> float:
    return float(figure.replace(",", ""))
