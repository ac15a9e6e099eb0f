"""The curve of a year: shares at the ends that practice counts by, and never a step back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.plans.curve import Curve, due_share, due_value

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
LINEAR = Curve("linear", FIRST, LAST)
QUARTERS = Curve("quarters", FIRST, LAST, shares=tuple(map(Decimal, (20, 50, 75, 100))))
days = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@pytest.mark.parametrize(
    "curve, day, share",
    [
        (LINEAR, date(2025, 12, 31), Fraction(0)),
        (LINEAR, date(2026, 3, 31), Fraction(1, 4)),
        (LINEAR, date(2026, 6, 30), Fraction(1, 2)),
        (LINEAR, date(2026, 11, 30), Fraction(11, 12)),
        (LINEAR, LAST, Fraction(1)),
        (LINEAR, date(2027, 3, 1), Fraction(1)),
        (QUARTERS, date(2026, 3, 31), Fraction(1, 5)),
        (QUARTERS, date(2026, 5, 15), Fraction(20, 100) + Fraction(30, 100) * (Fraction(1 * 31 + 15, 31) / 3)),
        (QUARTERS, date(2026, 9, 30), Fraction(3, 4)),
        (QUARTERS, date(2027, 1, 1), Fraction(1)),
        (Curve("linear", date(2026, 4, 1), date(2026, 9, 30)), date(2026, 6, 30), Fraction(1, 2)),
        (Curve("none", FIRST, LAST), date(2026, 6, 30), None),
    ],
)
def test_share_due(curve, day, share):
    assert due_share(curve, day) == share


def test_own_values_lie_on_straight_lines_between_points():
    curve = Curve("points", FIRST, LAST, points=((date(2026, 6, 30), Decimal(3)), (LAST, Decimal(10))))
    assert due_value(curve, Decimal(0), Decimal(10), date(2026, 6, 30)) == 3
    assert due_value(curve, Decimal(0), Decimal(10), date(2025, 12, 31)) == 0
    assert due_value(curve, Decimal(0), Decimal(10), date(2027, 1, 5)) == 10
    assert due_value(curve, Decimal(1), Decimal(10), date(2026, 4, 1)) == Decimal("2.005525")  # 91 of 181 days


def test_thirds_are_exact_at_the_end_of_a_month():
    assert due_value(LINEAR, Decimal(0), Decimal(300), date(2026, 4, 30)) == 100


@given(days, days)
def test_more_is_due_later(one, other):
    early, late = sorted((one, other))
    for curve in (LINEAR, QUARTERS):
        first, second = due_share(curve, early), due_share(curve, late)
        assert first is not None and second is not None and 0 <= first <= second <= 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: Curve("linear", LAST, FIRST),
        lambda: Curve("quarters", FIRST, LAST, shares=tuple(map(Decimal, (20, 50, 100)))),
        lambda: Curve("quarters", FIRST, LAST, shares=tuple(map(Decimal, (50, 20, 75, 100)))),
        lambda: Curve("quarters", FIRST, LAST, shares=tuple(map(Decimal, (20, 50, 75, 90)))),
        lambda: Curve("points", FIRST, LAST),
        lambda: Curve("points", FIRST, LAST, points=((LAST, Decimal(1)), (LAST - timedelta(days=1), Decimal(2)))),
    ],
)
def test_a_curve_that_cannot_be_is_refused_in_words(make):
    with pytest.raises(ValueError, match=r"。$"):
        make()
