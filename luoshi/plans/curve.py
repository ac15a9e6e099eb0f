"""The curve of a year (序时进度): how much of a target is due on a day. Pure: no database, no clock.

Practice counts whole months: at the end of March a quarter of an evenly spread year is due, at the end of November
91.7 per cent. Inside a month the share grows by its days.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Kind = Literal["linear", "quarters", "points", "nodes", "none"]
ZERO, HUNDRED = Decimal(0), Decimal(100)
_STEP = Decimal("0.000001")  # what the database keeps of a figure


@dataclass(frozen=True)
class Curve:
    """A target's year from its first to its last day.

    ``shares``: four cumulative shares in per cent for ``quarters``, never falling, the last 100. ``points``: days and
    values in the target's unit for ``points``, days rising.
    """

    kind: Kind
    starts: date
    ends: date
    shares: tuple[Decimal, ...] = ()
    points: tuple[tuple[date, Decimal], ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError, in words, for a curve that cannot be."""
        if self.ends < self.starts:
            raise ValueError("截止日不能早于起算日。")
        if self.kind == "quarters":
            falling = any(b < a for a, b in pairwise(self.shares))
            if len(self.shares) != 4 or falling or self.shares[0] < 0 or self.shares[-1] != HUNDRED:
                raise ValueError("按季度比例要填四个累计百分比，逐季不减，四季度为 100。")
        if self.kind == "points":
            days = [day for day, _value in self.points]
            if not days or any(b <= a for a, b in pairwise(days)):
                raise ValueError("自定数值至少要有一个点，日期依次向后。")


def due_share(curve: Curve, day: date) -> Fraction | None:
    """What share of the whole (0 to 1, exact) is due by the end of ``day``; None where the curve has no shares.

    >>> year = Curve("linear", date(2026, 1, 1), date(2026, 12, 31))
    >>> due_share(year, date(2026, 3, 31)), due_share(year, date(2026, 11, 30))
    (Fraction(1, 4), Fraction(11, 12))
    """
    if curve.kind == "linear":
        first, last = _months(curve.starts - timedelta(days=1)), _months(curve.ends)
        return _clip((_months(day) - first) / (last - first))
    if curve.kind == "quarters":
        return _by_quarters(curve, day)
    return None


def due_value(curve: Curve, base: Decimal, goal: Decimal, day: date) -> Decimal | None:
    """What is due by the end of ``day`` in the target's unit, on the way from ``base`` to ``goal``; None without a curve.

    To six places, as figures are kept, so that a figure exactly at a limit is exactly at it.
    """
    if curve.kind == "points":
        return _decimal(_by_points(curve, Fraction(base), day))
    share = due_share(curve, day)
    return None if share is None else _decimal(Fraction(base) + Fraction(goal - base) * share)


def _decimal(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_STEP)


def _months(day: date) -> Fraction:
    """Months since year 0 at the end of a day; the last day of a month completes it."""
    return day.year * 12 + day.month - 1 + Fraction(day.day, calendar.monthrange(day.year, day.month)[1])


def _clip(share: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(0), share))


def _by_quarters(curve: Curve, day: date) -> Fraction:
    """Between quarter ends the share grows evenly; quarters are those of the calendar year in which the curve ends."""
    passed = _months(day) - _months(date(curve.ends.year - 1, 12, 31))
    if passed <= 0:
        return Fraction(0)
    if passed >= 12:
        return Fraction(1)
    quarter = int(passed // 3)
    before = Fraction(curve.shares[quarter - 1]) if quarter else Fraction(0)
    return (before + (Fraction(curve.shares[quarter]) - before) * (passed / 3 - quarter)) / 100


def _by_points(curve: Curve, base: Fraction, day: date) -> Fraction:
    """On the straight line between the points beside the day; from ``base`` on the day before the start."""
    before, value = curve.starts - timedelta(days=1), base
    for on, then in curve.points:
        if day <= on:
            if day <= before:
                return value
            return value + (Fraction(then) - value) * Fraction((day - before).days, (on - before).days)
        before, value = on, Fraction(then)
    return value
