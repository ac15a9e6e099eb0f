"""A period's days: month and quarter, holidays, short months."""

from __future__ import annotations

from datetime import date

from luoshi.progress.periods import Rhythm, days, ends_quarter, of_year, reminder


def test_by_the_25th_of_the_month():
    march = days(Rhythm(), 2026, 3)
    assert (march.name, march.starts_on, march.due_on) == ("2026-03", date(2026, 3, 1), date(2026, 3, 25))
    assert march.cutoff == date(2026, 3, 25)  # no later figure can stand in it
    assert march.opens_on == date(2026, 3, 15) and march.locks_on == date(2026, 3, 30)


def test_a_due_day_on_a_holiday_moves_and_its_figures_do_not():
    october = days(Rhythm(month_day=3), 2026, 10)
    assert october.due_on == date(2026, 10, 8) and october.cutoff == date(2026, 10, 3)


def test_in_the_following_month_figures_run_to_the_month_end():
    december = days(Rhythm(month_day=5, next_month=True), 2026, 12)
    assert (december.cutoff, december.due_on.year) == (date(2026, 12, 31), 2027)
    assert december.provisional


def test_quarters_by_working_days():
    first = days(Rhythm(kind="quarter"), 2026, 1)
    assert (first.name, first.cutoff, first.due_on) == ("2026-Q1", date(2026, 3, 31), date(2026, 4, 15))


def test_short_months():
    assert days(Rhythm(month_day=31), 2027, 2).cutoff == date(2027, 2, 28)
    assert len(of_year(Rhythm(), 2026)) == 12 and len(of_year(Rhythm(kind="quarter"), 2026)) == 4


def test_reminders_and_quarter_ends():
    due = date(2026, 3, 25)
    asked = [reminder(due, date(2026, 3, day)) for day in (17, 18, 21, 22, 24, 25, 26)]
    assert asked == [None, "due-7", "due-7", "due-3", "due-1", "due-1", "late"]
    assert ends_quarter(date(2026, 3, 25)) and not ends_quarter(date(2026, 4, 30))
