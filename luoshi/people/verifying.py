"""Verification: every history chain, every sealed row, every stored file; each finding says which and what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from luoshi.people.history import Finding, verify_history
from luoshi.people.models import Entry, Government
from luoshi.people.seals import GONE, seal, sealed_models

_FAR = 4  # keys between a sealed row and its government, at most


@cache
def way_home(model: type[models.Model]) -> str:
    """The lookup from a row to the government it belongs to, by the fewest keys that are always set; its own key for a
    government itself.

    Raises LookupError for a table that belongs to none: such a one must not be sealed.
    """
    if model is Government:
        return "pk"
    ways: list[tuple[type[models.Model], str]] = [(model, "")]
    for at, path in ways:  # grows while it is walked: breadth first, so that the shortest way is found first
        for field in at._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or field.null:
                continue
            step = f"{path}__{field.name}" if path else field.name
            if field.related_model is Government:
                return step
            if step.count("__") < _FAR:
                ways.append((field.related_model, step))
    raise LookupError(model._meta.label)


def verify_rows(government: Government | None = None) -> Iterator[Finding]:
    """Sealed tables against the newest seal of each row: rows altered, removed, or put in without a verb.

    ``government``: only its own rows against its own history; None: everything. ``Finding.sequence`` is the history entry
    that sealed the row last, 0 where none did. As many queries as there are sealed tables, and one.
    """
    kept: dict[str, dict[str, Sealed]] = {}
    entries = Entry.objects.filter(content__contains='"rows":{').order_by("pk")
    if government is not None:
        entries = entries.filter(government=government)
    for sequence, of, content in entries.values_list("sequence", "object_name", "content").iterator():
        said = json.loads(content)
        found = said.get("rows") if isinstance(said, dict) else None
        for label, rows in (found if isinstance(found, dict) else {}).items():
            kept.setdefault(label, {}).update({pk: Sealed(value, sequence, of) for pk, value in rows.items()})
    for model in sealed_models():
        rows = model._base_manager.order_by("pk")
        if government is not None:
            rows = rows.filter(**{way_home(model): government.pk})
        yield from _compare(rows, kept.get(model._meta.label, {}))


class Sealed(NamedTuple):
    """A row's seal, the history entry it stands in, and what that entry is about."""

    value: str
    sequence: int
    of: str


def _compare(rows: models.QuerySet[Any], kept: Mapping[str, Sealed]) -> Iterator[Finding]:
    name, waiting = _name(rows.model), dict(kept)
    for row in rows.iterator():
        sealed = waiting.pop(str(row.pk), None)
        if sealed is None or sealed.value == GONE:
            yield Finding(0, _("“%(name)s”第 %(pk)s 行不是经正常办理写入的。") % {"name": name, "pk": row.pk})
        elif sealed.value != seal(row):
            said = _("“%(name)s”第 %(pk)s 行被改动（与历史第 %(n)d 条“%(of)s”所记不符）。")
            yield Finding(sealed.sequence, said % {"name": name, "pk": row.pk, "n": sealed.sequence, "of": sealed.of})
    for pk, sealed in waiting.items():
        if sealed.value != GONE:
            said = _("“%(name)s”第 %(pk)s 行被删去（历史第 %(n)d 条“%(of)s”记有这一行）。")
            yield Finding(sealed.sequence, said % {"name": name, "pk": pk, "n": sealed.sequence, "of": sealed.of})


def _name(model: type[models.Model]) -> str:
    """What the table is called; one that only ties two others, by both their names."""
    if not model._meta.auto_created:
        return str(model._meta.verbose_name)
    ends = [f.related_model for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    return "–".join(str(end._meta.verbose_name) for end in ends)


def verify_files(stored: Iterable[tuple[str, str, str]], read: Callable[[str, str], bytes]) -> Iterator[Finding]:
    """Files (name, place, SHA-256) that are missing or no longer what was received. ``read`` raises where they are."""
    for name, place, sha in stored:
        try:
            read(place, sha)
        except Exception as error:
            yield Finding(0, _("文件“%(name)s”：%(why)s") % {"name": name, "why": error})


def verify_all() -> Iterator[tuple[str, Finding]]:
    """Everything wrong in the database, each with the government it was found in ("" for rows). Files: ``verify_files``."""
    for government in Government.objects.order_by("pk"):
        for finding in verify_history(government):
            yield str(government), finding
    for finding in verify_rows():
        yield "", finding
