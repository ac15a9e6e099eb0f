"""Seals: the digest of each row as a verb left it, kept in the history entry of that verb.

The history is a chain, so a row that was altered, removed or put in by hand no longer agrees with its newest seal, and
whoever would change the seal breaks the chain. Files are sealed by the digest their row holds. Every table of the house is
sealed but those of ``NOT_SEALED``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

from luoshi.people.append_only import AppendOnly
from luoshi.people.digests import HistoryError, canonical, digest

LENGTH = 32  # hexadecimal digits: 128 bits of SHA-256, plenty to tell one row from another
GONE = ""  # stands where a verb took the row away

# Tables of the house whose rows have no seal, and why.
NOT_SEALED = {
    "people.Entry": "the history itself, which is a chain",
    "people.HistoryHead": "the last link of that chain, compared with it",
    "people.User": "belongs to no government and changes with each log-in; what it may do is in Member rows, what it did in entries",
    "people.User_groups": "Django's own, unused: roles are Member rows",
    "people.User_user_permissions": "Django's own, unused: roles are Member rows",
    "documents.Scanning": "a place in a queue, gone when the scan is read",
    "progress.Message": "a notice; nothing is judged by it and reading it changes it",
}


@runtime_checkable
class PartlySealed(Protocol):
    """A row some of whose columns are no record as it stands now (a draft not sent in)."""

    def unsealed(self) -> Collection[str]:
        """The column names (``attname``) that are left out of its seal."""


def sealed_models() -> list[type[models.Model]]:
    """Every table of the house that is sealed, those between two rows (evidence of an objection) too."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("luoshi.") and model._meta.label not in NOT_SEALED
    ]


def seal(row: models.Model) -> str:
    """The digest of a row's own columns, as the database keeps them."""
    left_out = row.unsealed() if isinstance(row, PartlySealed) else ()
    fields = [field for field in row._meta.concrete_fields if field.attname not in left_out]
    held = {field.attname: _plain(field, getattr(row, field.attname)) for field in fields}
    return digest(canonical(held), "sha256")[:LENGTH]


def seals(rows: Iterable[models.Model]) -> dict[str, dict[str, str]]:
    """Seals by table and primary key, to stand in a history entry's content under ``rows``.

    A row that may change is sealed as the database holds it now, whatever the instance believes; ``GONE`` where it is not
    there any more. One query for each such table (batches where the database limits parameters). Raises HistoryError for a
    row without primary key: after ``delete()`` on it, or never saved.
    """
    found: dict[str, dict[str, str]] = {}
    changing: dict[type[models.Model], dict[Any, None]] = {}
    for row in rows:
        if row.pk is None:
            raise HistoryError(f"{row._meta.label}: no primary key to seal")
        if row._meta.label in NOT_SEALED:
            continue
        if isinstance(row, AppendOnly):
            found.setdefault(row._meta.label, {})[str(row.pk)] = seal(row)
        else:
            changing.setdefault(type(row), {})[row.pk] = None
    for model, keys in changing.items():
        held = model._base_manager.in_bulk(list(keys))
        found[model._meta.label] = {str(pk): seal(held[pk]) if pk in held else GONE for pk in keys}
    return found


def falling_with(rows: Collection[models.Model]) -> list[models.Model]:
    """These rows, and all that their deletion takes along or changes. To be asked before it, and sealed after it.

    Raises django.db.models.ProtectedError as the deletion would.
    """
    if not rows:
        return []
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=next(iter(rows)))
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for each in by_model.values():
        collector.collect(each)
    found = [row for held in collector.data.values() for row in held]
    found += [row for held in collector.fast_deletes for row in held]
    changed: Any = collector.field_updates.values()  # querysets, and rows on their own
    for some in (some for held in changed for some in held):
        found += [some] if isinstance(some, models.Model) else list(some)
    return [type(row)(pk=row.pk) for row in found]  # a deletion takes the key from the instance it is asked of


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.DecimalField) and value is not None:
        return str(Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places)))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(field, models.FileField):
        return str(value)
    return _numbers(value) if isinstance(field, models.JSONField) else value


def _numbers(value: Any) -> Any:
    """JSON whose numbers read alike whatever a database made of their form (12.0, 1.2e1)."""
    if isinstance(value, dict):
        return {str(key): _numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value
