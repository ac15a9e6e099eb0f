"""Which units were merged into which, by way of others too: what they had to do is the successor's to do."""

from __future__ import annotations

from collections.abc import Collection

from luoshi.people.models import Unit


def with_merged(units: Collection[int]) -> dict[int, frozenset[int]]:
    """Each of these units (primary keys) with all that were merged into it, itself among them. One query."""
    before: dict[int, list[int]] = {}
    gone = Unit.objects.filter(successor__isnull=False, government__units__in=units).distinct()
    for pk, successor in gone.values_list("pk", "successor"):
        before.setdefault(int(successor or 0), []).append(pk)
    found = {}
    for unit in units:
        family, waiting = set(), [unit]
        while waiting:
            at = waiting.pop()
            if at not in family:
                family.add(at)
                waiting += before.get(at, [])
        found[unit] = frozenset(family)
    return found


def answering(unit: Unit) -> Unit:
    """The unit that answers for it today: itself, or the last of its successors. A query for each step."""
    while unit.successor is not None:
        unit = unit.successor
    return unit
