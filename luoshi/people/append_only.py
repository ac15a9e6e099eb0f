"""Rows that are written once: refused by the ORM here, and by triggers in the database.

The triggers also stop a hand at the database prompt; whoever removes the triggers first is still found by
``history.verify_history``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)

EVENTS = ("UPDATE", "DELETE")


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a row of a table that only grows."""


def _refuse() -> NoReturn:
    raise AppendOnlyError(_("历史记录只能追加，不能修改或删除。"))


class AppendOnlyQuerySet(models.QuerySet[M]):
    """A QuerySet without the ways to change or delete."""

    def update(self, **kwargs: Any) -> int:
        """Refused."""
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Refused."""
        _refuse()


class AppendOnly(models.Model):
    """Base of tables that only grow."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, **kwargs: Any) -> None:
        """Insert; a second save is refused."""
        if not self._state.adding:
            _refuse()
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()


def create_sql(vendor: str, table: str) -> list[str]:
    """Statements that make the database itself refuse to change or empty ``table``. Vendors: sqlite, postgresql."""
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_{event.lower()}" BEFORE {event} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            for event in EVENTS
        ]
    if vendor == "postgresql":
        return [
            f'CREATE OR REPLACE FUNCTION "{table}_grows"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$",
            f'CREATE TRIGGER "{table}_no_change" BEFORE UPDATE OR DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{table}_grows"()',
            f'CREATE TRIGGER "{table}_no_empty" BEFORE TRUNCATE ON "{table}" '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{table}_grows"()',
        ]
    return []


def drop_sql(vendor: str, table: str) -> list[str]:
    """Statements that take the triggers away again: for undoing the migration, and for emptying a test database."""
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{table}_no_{event.lower()}"' for event in EVENTS]
    if vendor == "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{table}_{name}" ON "{table}"' for name in ("no_change", "no_empty")]
    return []


def triggers(tables: Sequence[str]) -> migrations.RunPython:
    """A migration step that guards these tables. To be repeated after every change of their columns: SQLite makes a table
    anew for that, and its triggers are gone."""

    def guard(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        for table in tables:
            for statement in [*drop_sql(vendor, table), *create_sql(vendor, table)]:
                editor.execute(statement)

    def unguard(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for statement in drop_sql(editor.connection.vendor, table):
                editor.execute(statement)

    return migrations.RunPython(guard, unguard)
