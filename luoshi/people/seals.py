"""Seals: the digest of each row that only grows, kept in the history entry of the verb that wrote it.

The history is a chain, so a row that was altered, removed or put in by hand no longer agrees with its seal, and whoever
would change the seal breaks the chain. Files are sealed by the digest their row holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from luoshi.people.digests import canonical, digest

LENGTH = 32  # hexadecimal digits: 128 bits of SHA-256, plenty to tell one row from another


def seal(row: models.Model) -> str:
    """The digest of a row's own columns, as the database keeps them."""
    held = {field.attname: _plain(field, getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return digest(canonical(held), "sha256")[:LENGTH]


def seals(rows: Iterable[models.Model]) -> dict[str, dict[str, str]]:
    """Seals by table and primary key, to stand in a history entry's content under ``rows``."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row._meta.label, {})[str(row.pk)] = seal(row)
    return found


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
