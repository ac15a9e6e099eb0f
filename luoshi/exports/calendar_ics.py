"""Days as an iCalendar file (RFC 5545), for the calendar that people have in their pocket: whole days, no alarms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from luoshi.exports.safe import printable
from luoshi.progress.diary import Event as Day


def write(name: str, days: Iterable[Day], site: str, at: datetime) -> bytes:
    """The calendar as bytes. ``site`` is the site's address, for links; ``at`` when it was made. The same day keeps its
    UID, so that a second import moves it and makes no second one."""
    calendar = Calendar()
    calendar.add("prodid", "-//luoshi//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", printable(name))
    for day in days:
        entry = Event()
        entry.add("uid", f"{day.key}@luoshi")
        entry.add("dtstamp", at)
        entry.add("dtstart", day.day)
        entry.add("dtend", day.day + timedelta(days=1))
        entry.add("summary", printable(("（暂按）" if day.provisional else "") + day.title))
        entry.add("url", site.rstrip("/") + day.address)
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
