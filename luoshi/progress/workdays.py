"""The Chinese working-day calendar, 调休 included. Pure.

Years whose arrangement the State Council has published are certain. Later ones are taken from the public holidays as
they are expected, weekends off, and said to be provisional (暂按) until the notice is in.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import holidays

ONE = timedelta(days=1)


@lru_cache(maxsize=64)
def certain(year: int) -> bool:
    """Whether the year's arrangement is published."""
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=8)
def _expected(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CN", years=year))


def is_working_day(day: date) -> bool:
    """Whether offices work on the day; a working Saturday of 调休 is one."""
    if certain(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and day not in _expected(day.year)


def on_or_after(day: date) -> date:
    """The day, or the next working day where it is none (《民法典》第二百零三条)."""
    while not is_working_day(day):
        day += ONE
    return day


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; ``count`` ≥ 1."""
    for _n in range(count):
        day = on_or_after(day + ONE)
    return day
