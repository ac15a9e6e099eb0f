"""Forecast: where a figure will stand at the year's end, with an honest band. Pure.

Shown beside the schedule and never mixed with it. The estimate goes on at the pace so far (and as earlier years ran, where
there are some), so that more done never forecasts less; the band is as wide as the path was uneven, and wide where the
path is short. Its past calls are scored when the year is over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import fmean
from typing import Literal

from luoshi.progress.standing import Figure, Goal

CONFIDENCE = 0.8
# Student's t for 80 per cent within, by degrees of freedom; beyond the table the normal distribution's.
_T = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
_NORMAL = 1.2816
_STEP = Decimal("0.000001")
DAYS_A_MONTH = 30.4375
Look = Literal["reach", "short"]


@dataclass(frozen=True)
class Outlook:
    """A year-end estimate in the target's unit, its band, how sure the band is meant to be (0 to 1), and how it was made."""

    value: Decimal
    low: Decimal
    high: Decimal
    confidence: float
    method: str

    def look(self, goal: Goal) -> Look:
        """Whether the estimate reaches the goal."""
        met = self.value <= goal.limit if goal.lower_is_better else self.value >= goal.limit
        return "reach" if met else "short"


@dataclass(frozen=True)
class Calibration:
    """How past forecasts fared: how many, what share of outcomes lay within the bands, mean error in per cent of the outcome."""

    calls: int
    within: float
    error: float


def forecast(
    goal: Goal, figures: Sequence[Figure], day: date, earlier: Sequence[Sequence[tuple[float, float]]] = ()
) -> Outlook | None:
    """The outlook at the end of ``day``; None with fewer than two official figures this year, or when the year is over.

    ``earlier``: for earlier years, (share of the year passed, share of the year's total reached), rising.
    """
    path = sorted({f.cutoff: f.value for f in figures if f.official and goal.curve.starts <= f.cutoff <= day}.items())
    if goal.value is None or goal.annual_only or len(path) < 2 or day >= goal.curve.ends:
        return None
    if goal.kind == "quantity":
        return _accumulated(goal, path, earlier)
    return _level(goal, path)


def _months(first: date, last: date) -> float:
    return (last - first).days / DAYS_A_MONTH


def _accumulated(
    goal: Goal, path: Sequence[tuple[date, Decimal]], earlier: Sequence[Sequence[tuple[float, float]]]
) -> Outlook:
    """What is there, and the pace so far for the months that remain; or, with earlier years, what they had left to do."""
    base, (cutoff, actual) = goal.base or Decimal(0), path[-1]
    passed = max(_months(goal.curve.starts, cutoff), 0.5)
    left = max(_months(cutoff, goal.curve.ends), 0.0)
    done = float(actual - base)
    pace = done / passed
    spread = _spread([(goal.curve.starts, base), *path], pace)
    low_high = spread * math.sqrt(left + left * left / passed)  # the months to come, and the pace itself, are uncertain
    shares = [share for year in earlier if (share := _share_at(year, passed / (passed + left)))]
    if shares:
        total = done / fmean(shares)
        unlike = max((abs(done / share - total) for share in shares), default=0.0)
        return _outlook(float(base) + total, max(low_high, unlike), "earlier_years", floor=float(actual))
    return _outlook(float(base) + done + pace * left, low_high, "pace", floor=float(actual))


def _level(goal: Goal, path: Sequence[tuple[date, Decimal]]) -> Outlook:
    """A rate or level is expected to stay where it is; the band is what it moved by before."""
    steps = [(later[0], later[1] - before[1]) for before, later in pairwise(path)]
    moves = [float(move) for _day, move in steps]
    variance = sum(move * move for move in moves) / len(moves)
    left = _months(path[-1][0], goal.curve.ends) / max(_months(path[0][0], path[-1][0]) / len(moves), 0.5)
    return _outlook(float(path[-1][1]), _t(len(moves)) * math.sqrt(variance * max(left, 1.0)), "last_value")


def _spread(path: Sequence[tuple[date, Decimal]], pace: float) -> float:
    """How uneven a month is, times Student's t; with one month only, as uneven as the pace itself."""
    rates = []
    for before, later in pairwise(path):
        months = _months(before[0], later[0])
        if months > 0:
            rates.append((float(later[1] - before[1]) / months, months))
    if len(rates) < 2:
        return _t(1) * abs(pace)
    variance = sum((rate - pace) ** 2 * months for rate, months in rates) / (len(rates) - 1)
    return _t(len(rates) - 1) * math.sqrt(variance)


def _share_at(year: Sequence[tuple[float, float]], passed: float) -> float | None:
    """What share of its total an earlier year had reached when so much of it had passed; between its points, even."""
    before = (0.0, 0.0)
    for point in [*year, (1.0, 1.0)]:
        if passed <= point[0]:
            width = point[0] - before[0]
            part = (passed - before[0]) / width if width else 1.0
            share = before[1] + (point[1] - before[1]) * part
            return share if share > 0 else None
        before = point
    return None


def _t(freedom: int) -> float:
    return _T[freedom - 1] if freedom <= len(_T) else _NORMAL


def _outlook(value: float, half: float, method: str, floor: float | None = None) -> Outlook:
    """``floor``: what is there cannot be undone."""
    low = value - half if floor is None else max(value - half, min(floor, value))
    middle, bottom, top = (Decimal(str(v)).quantize(_STEP) for v in (value, low, value + half))
    return Outlook(middle, bottom, top, CONFIDENCE, method)


def calibration(calls: Sequence[tuple[Outlook, Decimal]]) -> Calibration | None:
    """How forecasts fared against what came; None without any."""
    if not calls:
        return None
    within = sum(call.low <= outcome <= call.high for call, outcome in calls) / len(calls)
    errors = [abs(float(call.value - outcome)) * 100 / abs(float(outcome)) for call, outcome in calls if outcome]
    return Calibration(len(calls), within, fmean(errors) if errors else 0.0)
