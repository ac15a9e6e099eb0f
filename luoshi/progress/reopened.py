"""Tasks opened again after a look back (回头看): what was said before is in doubt, so that they are asked and judged anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone

from luoshi.plans.models import Task

REOPENED = "reopened"  # ``supervision.Closing.Kind.REOPENED``; that room stands above this one


def reopened(tasks: Collection[int], day: date | None = None) -> dict[int, datetime]:
    """Those of the tasks (primary keys) that were opened again and not closed since, with when: as known at the end of
    ``day``, None for now. One query."""
    last: dict[int, tuple[str, datetime]] = {}
    rows = Task.objects.filter(pk__in=tasks, closings__isnull=False).order_by("closings__pk")
    for pk, kind, at in rows.values_list("pk", "closings__kind", "closings__at"):
        if day is None or timezone.localdate(at) <= day:
            last[pk] = (kind, at)
    return {pk: at for pk, (kind, at) in last.items() if kind == REOPENED}
