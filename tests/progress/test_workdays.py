"""Working days: published years with their 调休, later ones provisional."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.progress.workdays import add_working_days, certain, is_working_day, on_or_after


@pytest.mark.parametrize(
    "day, works",
    [
        (date(2026, 10, 1), False),
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 3, 7), False),
        (date(2026, 3, 9), True),
        (date(2027, 10, 1), False),  # expected, not yet published
    ],
)
def test_working_days(day, works):
    assert is_working_day(day) is works


def test_a_due_day_on_a_holiday_moves_to_the_next_working_day():
    assert on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)
    assert on_or_after(date(2026, 3, 25)) == date(2026, 3, 25)


def test_working_days_after_a_quarter():
    assert add_working_days(date(2026, 3, 31), 10) == date(2026, 4, 15)  # Qingming, 4 to 6 April
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_years_not_yet_published_are_said_to_be_provisional():
    assert certain(2026) and not certain(2099)
