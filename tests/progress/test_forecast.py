"""Forecast: the pace so far, a band as wide as the path was uneven, calls that are scored."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from luoshi.plans.curve import Curve
from luoshi.progress.forecast import Outlook, calibration, forecast
from luoshi.progress.standing import Figure, Goal

YEAR = Curve("linear", date(2026, 1, 1), date(2026, 12, 31))
GOAL = Goal("1", "高标准农田", "quantity", "min", Decimal(1200), "亩", YEAR)
MONTHS = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]


def path(*values):
    return [Figure(Decimal(str(v)), day) for v, day in zip(values, MONTHS)]


def test_an_even_path_goes_on_and_its_band_is_narrow():
    even = forecast(GOAL, path(194, 296, 395, 496, 595), date(2026, 6, 30))
    assert even.method == "pace" and abs(even.value - 1200) < 15 and even.high - even.low < 60
    assert even.look(GOAL) in ("reach", "short")


def test_an_uneven_path_has_a_wide_band_and_a_short_one_a_wider():
    uneven = forecast(GOAL, path(10, 300, 310, 590, 595), date(2026, 6, 30))
    even = forecast(GOAL, path(194, 296, 395, 496, 595), date(2026, 6, 30))
    assert uneven.high - uneven.low > 5 * (even.high - even.low)
    assert uneven.low >= 595  # what is there is there


def test_nothing_is_forecast_from_one_figure_estimates_or_a_year_that_is_over():
    assert forecast(GOAL, path(100), date(2026, 6, 30)) is None
    assert forecast(GOAL, [replace(f, official=False) for f in path(1, 2, 3)], date(2026, 6, 30)) is None
    assert forecast(GOAL, path(1, 2, 3), date(2026, 12, 31)) is None
    assert forecast(replace(GOAL, annual_only=True), path(1, 2), date(2026, 6, 30)) is None


def test_earlier_years_that_ended_late_raise_the_estimate():
    late = [(0.5, 0.3)]
    with_years = forecast(GOAL, path(60, 120, 180, 240, 360), date(2026, 6, 30), [late, late])
    assert with_years.method == "earlier_years" and abs(with_years.value - 1200) < 20


def test_a_level_is_expected_to_stay():
    air = Goal("2", "PM2.5", "level", "max", Decimal(28), "微克/立方米", YEAR)
    outlook = forecast(air, path(30, 29, 30, 29, 29), date(2026, 6, 30))
    assert outlook.value == 29 and outlook.low < 28 < outlook.high and outlook.look(air) == "short"


@given(st.lists(st.integers(0, 300), min_size=5, max_size=5), st.integers(0, 400))
def test_more_done_never_forecasts_less(steps, more):
    totals = [sum(steps[: n + 1]) for n in range(5)]
    one = forecast(GOAL, path(*totals), date(2026, 6, 30))
    other = forecast(GOAL, path(*totals[:-1], totals[-1] + more), date(2026, 6, 30))
    assert other.value >= one.value


def test_bands_hold_what_they_promise_on_even_chance():
    """Of years whose months vary by chance about four in five should end within the band."""
    chance, calls = random.Random(7), []
    for _year in range(400):
        monthly = [max(0.0, chance.gauss(100, 30)) for _n in range(12)]
        totals = [sum(monthly[:n]) for n in (2, 3, 4, 5, 6)]
        outlook = forecast(GOAL, path(*(round(t, 2) for t in totals)), date(2026, 6, 30))
        assert outlook is not None
        calls.append((outlook, Decimal(str(round(sum(monthly), 2)))))
    scored = calibration(calls)
    assert 0.7 <= scored.within <= 0.95 and scored.error < 12
    assert calibration([]) is None


def test_a_call_is_scored():
    call = Outlook(Decimal(100), Decimal(90), Decimal(110), 0.8, "pace")
    scored = calibration([(call, Decimal(110)), (call, Decimal(125))])
    assert (scored.calls, scored.within) == (2, 0.5) and round(scored.error, 2) == 14.55
