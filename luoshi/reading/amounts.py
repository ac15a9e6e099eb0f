"""Amounts: figures of different tasks and documents made comparable.

``based`` folds the multiplier in and leaves the unit (30亿元 is 3,000,000,000 元, 亩 stays 亩): what tables show. ``amount``
goes on to the base unit of the dimension (1公顷 = 15亩 = 10,000 平方米): what is compared. Multipliers that belong to a unit's
own name stay with it (千瓦, 千米, 千克, 百分点).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from luoshi.reading.ledger import Target
from luoshi.reading.rule import Rule, RuleSet, any_of, fold, late
from luoshi.reading.words import load

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_WORDS = load("multipliers")
_MULTIPLIER = Rule(
    name="unit-multiplier",
    triggers=tuple("十百千万亿"),
    pattern=late(rf"[十百千]?万亿|[十百千]?[万亿]|[十百千](?={any_of(_WORDS['multiplied'])})"),
    value=lambda m: m.group(),
    reads=(("百万元", "百万"), ("万亿元", "万亿"), ("千亩", "千"), ("百个", "百")),
    refuses=("千瓦", "百分点", "平方米"),
)
_OWN_NAME = Rule(
    name="unit-own-name",
    triggers=_WORDS["own name"],
    pattern=late(any_of(_WORDS["own name"])),
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
# Legal units of measurement (GB 3100, 《中华人民共和国法定计量单位》) and 亩 = 1/15 公顷; counting words stand for one another.
_DIMENSIONS: dict[str, dict[str, Fraction | int]] = {
    "个": dict.fromkeys("个 家 所 处 座 项 件 间 栋 幢 宗 条 台 辆 套 张 部 只".split(), 1),
    "人": dict.fromkeys("人 名 位".split(), 1),
    "元": dict.fromkeys(("元", "元人民币"), 1),
    "米": {"米": 1, "m": 1, "延米": 1, "千米": 1000, "公里": 1000, "km": 1000, "里": 500},
    "平方米": {
        "平方米": 1, "平米": 1, "㎡": 1, "m²": 1, "亩": Fraction(2000, 3), "公顷": 10**4, "平方公里": 10**6,
        "平方千米": 10**6, "km²": 10**6,
    },
    "立方米": {"立方米": 1, "方": 1, "立方": 1, "m³": 1, "升": Fraction(1, 1000)},
    "克": {"克": 1, "千克": 1000, "公斤": 1000, "斤": 500, "吨": 10**6},
    "瓦": {"瓦": 1, "千瓦": 10**3, "kW": 10**3, "兆瓦": 10**6, "MW": 10**6, "吉瓦": 10**9, "GW": 10**9},
    "瓦时": {"千瓦时": 10**3, "度": 10**3, "kWh": 10**3, "兆瓦时": 10**6, "MWh": 10**6, "GWh": 10**9},
    "百分点": {"百分点": 1, "个百分点": 1, "个点": 1},
    "%": {"%": 1, "‰": Fraction(1, 10), "成": 10},
    "微克/立方米": {"微克/立方米": 1, "微克每立方米": 1, "µg/m³": 1, "μg/m³": 1, "毫克/立方米": 1000, "毫克每立方米": 1000},
    "分钟": {"分钟": 1, "小时": 60, "个小时": 60},
    "月": {"个月": 1, "个季度": 3, "年": 12},
}  # fmt: skip
_UNITS = {unit: (name, Fraction(n)) for name, listed in _DIMENSIONS.items() for unit, n in listed.items()}


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


class Amount(NamedTuple):
    """A target's value in the base unit of its dimension; ``high`` is the upper end of a range, else the value again."""

    dimension: str
    low: Fraction
    high: Fraction


@lru_cache(maxsize=4096)
def base_unit(unit: str | None) -> tuple[str, Fraction]:
    """The dimension of a unit as written, and how many base units it holds.

    >>> base_unit("万户"), base_unit("千米"), base_unit(None)
    (('户', Fraction(10000, 1)), ('米', Fraction(1000, 1)), ('', Fraction(1, 1)))
    """
    written = fold(unit or "").strip()
    if written not in _UNITS:
        bare, times = base_of(written) if written else ("", 1)
        name, size = _UNITS.get(bare or "", (bare or "", Fraction(1)))
        return name, size * times
    return _UNITS[written]


def amount(target: Target) -> Amount | None:
    """The value in base units, or None where the target has no number (前列)."""
    if target.value is None:
        return None
    name, size = base_unit(target.unit)
    low = Fraction(str(target.value)) * size
    return Amount(name, low, low if target.value_to is None else Fraction(str(target.value_to)) * size)
