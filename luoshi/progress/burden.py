"""The burden meter: what is asked of units, in items, boxes and estimated minutes, from the system's own record.

Nobody's time is watched. Minutes are stated constants, shown beside the figures: so many for an item that is opened and
so many for each box in it. A box is counted when its period opens (``Report.boxes``); a report sent back counts again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from luoshi.people.models import Government, Unit
from luoshi.progress.models import Period, Report

MINUTES_AN_ITEM = Decimal("0.25")  # reading what was promised, and one key where nothing changed
MINUTES_A_BOX = Decimal("0.5")  # a figure looked up, a sentence written; most boxes stay as they are


@dataclass(frozen=True)
class Asked:
    """Items, boxes and minutes asked of somebody."""

    items: int = 0
    boxes: int = 0

    @property
    def minutes(self) -> int:
        """Estimated minutes, rounded up."""
        return minutes(self.items, self.boxes)


@dataclass(frozen=True)
class Burden:
    """One unit's burden: of the periods that are open, and of the year so far."""

    unit: Unit
    now: Asked
    year: Asked
    unchanged: int = 0


def minutes(items: int, boxes: int) -> int:
    """Estimated minutes for so many items and boxes.

    >>> minutes(10, 40)
    23
    """
    exact = MINUTES_AN_ITEM * items + MINUTES_A_BOX * boxes
    return int(exact.to_integral_value(ROUND_CEILING))


def burdens(government: Government, today: date, units: Sequence[Unit] = ()) -> list[Burden]:
    """The burden of each unit that was asked anything this year, the heaviest year first; or of these. One query."""
    rows = Report.objects.filter(period__plan__government=government, period__plan__year=today.year)
    if units:
        rows = rows.filter(unit__in=units)
    asked_now = Q(period__state=Period.State.OPEN)
    counted = rows.values("unit").annotate(
        items=Sum("round"),
        boxes_asked=Sum(F("boxes") * F("round")),
        now_items=Sum("round", filter=asked_now),
        now_boxes=Sum(F("boxes") * F("round"), filter=asked_now),
        unchanged=Count("pk", filter=Q(unchanged=True)),
    )
    found = {row["unit"]: row for row in counted}
    named = {unit.pk: unit for unit in units} or Unit.objects.in_bulk(list(found))
    made = []
    for pk, unit in named.items():
        row: Mapping[str, Any] = found.get(pk, {})
        year = Asked(row.get("items") or 0, row.get("boxes_asked") or 0)
        now = Asked(row.get("now_items") or 0, row.get("now_boxes") or 0)
        made.append(Burden(unit, now, year, row.get("unchanged") or 0))
    return sorted(made, key=lambda b: (-b.year.minutes, b.unit.pk))
