"""The days of a reporting period: pure. Rules found in practice: by day N of the month, or N working days after the quarter.

A due day that is no working day moves to the next one (《民法典》第二百零三条).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from luoshi.progress.workdays import add_working_days, certain, on_or_after

Kind = Literal["month", "quarter"]
REMINDERS = (7, 3, 1)  # days before the due day


@dataclass(frozen=True)
class Days:
    """A period's days. ``provisional``: the year's holidays are not published, so the due day may still move."""

    name: str
    starts_on: date
    cutoff: date
    opens_on: date
    due_on: date
    locks_on: date
    provisional: bool


@dataclass(frozen=True)
class Rhythm:
    """When reports fall due, as a plan's reporting rule says."""

    kind: Kind = "month"
    month_day: int = 25
    next_month: bool = False
    quarter_working_days: int = 10
    opens_days_before: int = 10
    locks_days_after: int = 5


def of_year(rhythm: Rhythm, year: int) -> list[Days]:
    """The twelve months or four quarters of a year."""
    count = 12 if rhythm.kind == "month" else 4
    return [days(rhythm, year, number) for number in range(1, count + 1)]


def days(rhythm: Rhythm, year: int, number: int) -> Days:
    """The days of month or quarter ``number`` (from 1).

    Figures run to the end of the period; where reports are due within the month itself, to the due day.
    """
    length = 1 if rhythm.kind == "month" else 3
    first = date(year, (number - 1) * length + 1, 1)
    last = _month_end(year, number * length)
    if rhythm.kind == "quarter":
        nominal = due = add_working_days(last, rhythm.quarter_working_days)
    else:
        nominal = _day_of(last + timedelta(days=1) if rhythm.next_month else first, rhythm.month_day)
        due = on_or_after(nominal)
    return Days(
        name=f"{year}-Q{number}" if rhythm.kind == "quarter" else f"{year}-{number:02d}",
        starts_on=first,
        cutoff=min(last, nominal),
        opens_on=due - timedelta(days=rhythm.opens_days_before),
        due_on=due,
        locks_on=on_or_after(due + timedelta(days=rhythm.locks_days_after)),
        provisional=not certain(due.year),
    )


def not_before(days: Days, first_due: date | None, rhythm: Rhythm) -> Days:
    """The same period, due on ``first_due`` (or the next working day) where it would be due earlier."""
    if first_due is None or days.due_on >= first_due:
        return days
    due = on_or_after(first_due)
    locks = on_or_after(due + timedelta(days=rhythm.locks_days_after))
    return replace(days, due_on=due, opens_on=due - timedelta(days=rhythm.opens_days_before), locks_on=locks)


def ends_quarter(cutoff: date) -> bool:
    """Whether the period is the last of a quarter: then steady tasks report too."""
    return cutoff.month % 3 == 0


def reminder(due: date, today: date) -> str | None:
    """The reminder that should have gone out by today: ``due-7``, ``due-3``, ``due-1``, ``late``; None before the first.

    Each goes out once, so a machine that was off for a day sends the one it missed.
    """
    left = (due - today).days
    if left < 0:
        return "late"
    passed = [days for days in REMINDERS if left <= days]
    return f"due-{min(passed)}" if passed else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _day_of(month: date, day: int) -> date:
    """The day of the month, or its last day where it is shorter."""
    return month.replace(day=min(max(day, 1), calendar.monthrange(month.year, month.month)[1]))
