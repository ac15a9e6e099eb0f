"""Amounts with the multiplier folded in: 30亿元 is 3,000,000,000 元, so that figures of different documents compare.

Only the multiplier moves (万, 亿, 百万 …); 亩 stays 亩 and 公顷 stays 公顷. Multipliers that belong to a unit's own name stay
with it (千瓦, 千米, 千克, 百分点).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from luoshi.reading.rule import Rule, RuleSet, any_of
from luoshi.reading.words import load

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_WORDS = load("multipliers")
_MULTIPLIER = Rule(
    name="unit-multiplier",
    triggers=tuple("十百千万亿"),
    pattern=re.compile(rf"[十百千]?万亿|[十百千]?[万亿]|[十百千](?={any_of(_WORDS['multiplied'])})"),
    value=lambda m: m.group(),
    reads=(("百万元", "百万"), ("万亿元", "万亿"), ("千亩", "千")),
    refuses=("千瓦", "百分点", "平方米"),
)
_OWN_NAME = Rule(
    name="unit-own-name",
    triggers=_WORDS["own name"],
    pattern=re.compile(any_of(_WORDS["own name"])),
    value=lambda m: m.group(),
    reads=(("千瓦时", "千瓦"), ("百分点", "百分")),
    refuses=("万元", "百万人", "亿元"),
)
_UNIT_RULES = RuleSet([_MULTIPLIER, _OWN_NAME])
# One unit in two spellings.
_SPELLED = {
    "㎡": "平方米", "m²": "平方米", "平米": "平方米", "m³": "立方米", "千米": "公里", "km": "公里", "元人民币": "元",
    "名": "人", "百分点": "个百分点",
}  # fmt: skip


@lru_cache(maxsize=4096)
def base_of(unit: str) -> tuple[str | None, int]:
    """The unit without its multiplier, and the multiplier. A bare multiplier (10万) has no unit.

    >>> base_of("亿元"), base_of("万千瓦"), base_of("千瓦"), base_of("万元/亩"), base_of("万")
    (('元', 100000000), ('千瓦', 10000), ('千瓦', 1), ('元/亩', 10000), (None, 10000))
    """
    times = 1
    found = None if _OWN_NAME.pattern.match(unit) else _MULTIPLIER.pattern.match(unit)
    if found:
        for sign in found[0]:
            times *= _TIMES[sign]
        unit = unit[found.end() :]
    return (_SPELLED.get(unit, unit) or None), times


def based(value: float | None, unit: str | None) -> tuple[float | None, str | None]:
    """Value and unit with the multiplier folded in; decimal, so that 2.9亿 is 290,000,000 and not a hair less.

    >>> based(2.9, "亿美元"), based(33.7, "万亩"), based(None, None)
    ((290000000.0, '美元'), (337000.0, '亩'), (None, None))
    """
    base, times = base_of(unit) if unit else (None, 1)
    return (None if value is None else float(Decimal(repr(value)) * times)), base
