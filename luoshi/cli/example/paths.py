"""How the example's figures run: what each target has reached by the end of each month. Fictional, the same every time."""

from __future__ import annotations

import hashlib
from decimal import ROUND_HALF_UP, Decimal

# Shares of the year's goal in per cent, January to December.
SHARES: dict[str, tuple[int, ...]] = {
    "steady": (8, 16, 25, 34, 43, 52, 60, 68, 77, 86, 93, 101),
    "brisk": (9, 19, 30, 41, 52, 64, 74, 84, 94, 101, 104, 107),
    "early": (12, 26, 42, 58, 74, 88, 102, 102, 102, 102, 102, 102),
    "dip": (7, 14, 20, 24, 29, 42, 52, 62, 74, 84, 92, 100),
    "slow": (6, 12, 18, 22, 31, 37, 50, 64, 73, 82, 91, 100),
    "red": (2, 4, 8, 12, 15, 18, 22, 38, 60, 79, 92, 100),
    "stuck": (3, 7, 14, 25, 36, 42, 50, 57, 63, 69, 76, 84),
    "season": (2, 5, 10, 18, 26, 36, 46, 56, 66, 78, 90, 101),
    "short": (8, 16, 25, 34, 42, 48, 52, 55, 58, 61, 64, 66),
}
# What is compared as it stands, as a share of the value at which it is met (over 100 is better).
LEVELS: dict[str, tuple[int, ...]] = {
    "well": (102, 103, 103, 104, 103, 104, 104, 105, 104, 104, 105, 105),
    "weak": (101, 100, 82, 76, 71, 84, 93, 97, 101, 102, 103, 103),
    "winter": (81, 84, 93, 101, 104, 108, 110, 109, 106, 104, 102, 101),
    "just": (100,) * 12,
}
# Task key without the year, and which of its targets: how it runs. The others run steadily or briskly.
STORIES: dict[tuple[str, int], str] = {
    ("GZ-2-2", 0): "slow", ("GZ-2-3", 0): "red", ("GZ-2-5", 0): "dip", ("GZ-2-6", 0): "season",
    ("GZ-2-8", 0): "early", ("GZ-2-12", 0): "stuck", ("GZ-3-2", 0): "season", ("GZ-3-4", 0): "dip",
    ("GZ-3-6", 0): "stuck", ("GZ-3-8", 0): "slow", ("GZ-4-2", 1): "dip", ("GZ-4-3", 0): "short",
    ("GZ-5-1", 0): "red", ("GZ-5-2", 0): "season", ("GZ-5-4", 0): "slow", ("GZ-5-6", 0): "early",
    ("GZ-5-9", 0): "winter", ("GZ-6-1", 0): "weak", ("GZ-6-2", 0): "brisk", ("GZ-6-4", 0): "early",
    ("GZ-6-11", 0): "dip", ("GZ-7-3", 0): "slow", ("GZ-7-3", 1): "red", ("GZ-8-1", 0): "just", ("GZ-5-10", 0): "just",
    ("GZ-7-1", 1): "just", ("GZ-3-9", 1): "weak", ("MS-1-5", 0): "stuck", ("MS-1-1", 1): "season",
    ("MS-1-3", 0): "early", ("MS-1-7", 1): "just", ("GZ-2-1", 0): "brisk", ("GZ-6-7", 0): "just",
}  # fmt: skip
# Promised by the end of May: the dyke is two months late.
DYKE = (12, 24, 38, 55, 72, 88, 100, 100, 100, 100, 100, 100)
# Stages: task, which deliverable, in which month it is reached (13: not within the year).
STAGES: dict[tuple[str, int], int] = {
    ("GZ-2-4", 0): 8, ("GZ-2-5", 0): 9, ("GZ-2-6", 0): 11, ("GZ-3-3", 0): 5, ("GZ-3-3", 1): 11, ("GZ-3-5", 0): 6,
    ("GZ-4-3", 0): 10, ("GZ-4-4", 0): 11, ("GZ-4-8", 0): 13, ("GZ-5-7", 0): 7, ("GZ-5-11", 0): 6, ("GZ-6-3", 0): 12,
    ("GZ-6-5", 0): 10, ("GZ-6-6", 0): 8, ("GZ-6-6", 1): 11, ("GZ-6-8", 0): 10, ("GZ-6-9", 0): 13, ("GZ-6-10", 0): 10,
    ("GZ-6-11", 0): 12, ("GZ-6-11", 1): 9,
}  # fmt: skip
MENDED = {"GZ-5-11": 11}  # opened again after a look back: the month in which what was found is mended
DECIMALS = {"公里": 1, "万平方米": 2, "亿元": 2, "亿美元": 2, "万人次": 1, "兆瓦": 1, "万亩": 2, "%": 2, "个百分点": 2}


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def story(key: str, at: int, *, cumulative: bool) -> str:
    """How target ``at`` of the task runs."""
    known = STORIES.get((key, at))
    if known and (known in SHARES) == cumulative:
        return known
    return ("steady", "steady", "brisk")[_number(f"{key}/{at}") % 3] if cumulative else "well"


def reached(key: str, at: int, month: int, goal: Decimal, unit: str) -> Decimal:
    """What a target that accumulates has reached by the end of a month (1 to 12), to the places its unit is written with."""
    shares = DYKE if (key, at) == ("GZ-5-7", 0) else SHARES[story(key, at, cumulative=True)]
    return _rounded(goal * shares[month - 1] / 100, unit)


def level(key: str, at: int, month: int, limit: Decimal, unit: str, *, lower: bool) -> Decimal:
    """What a figure that is compared as it stands is at the end of a month; ``limit`` is where it is met."""
    share = Decimal(LEVELS[story(key, at, cumulative=False)][month - 1])
    if unit == "%" and limit >= 85 and share > 100:  # a share near the whole moves little
        share = 100 + (share - 100) * (100 - limit) / 100 / 2
    value = limit * 100 / share if lower else limit * share / 100
    if unit in ("微克/立方米", "张", ""):
        return value.to_integral_value(ROUND_HALF_UP)
    return _rounded(value, unit)


def _rounded(value: Decimal, unit: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-DECIMALS.get(unit, 0)), ROUND_HALF_UP)
