"""County-years by the thousand: one year, made through the rooms' own actions, copied in the database by SQL.

Every row of the rooms is copied with its number moved by ``STEP`` a county, its foreign keys too. Names that must be
unique get the county's number. Foreign keys and triggers rest while copying, and the indexes are made afterwards: that is how
PostgreSQL itself advises to load much. Numbers inside JSON stay those of the first county.
"""

from __future__ import annotations

from functools import cache
from typing import Any

STEP = 100_000
ROOMS = ("people", "documents", "plans", "progress", "supervision")


def copy(first: int, last: int) -> None:
    """Counties ``first`` to ``last`` as copies of county 0."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for model in models():
            indexes = _indexes(cursor, model) if last - first > 1000 else []
            for name, _made in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            cursor.execute(_insert(model), [first, last, STEP])
            for _name, made in indexes:
                cursor.execute(made)
    with connection.cursor() as cursor:
        for model in models():
            if _moves(model._meta.pk):
                continue
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', '{model._meta.pk.column}'),"
                f' (SELECT max("{model._meta.pk.column}") FROM "{model._meta.db_table}"))'
            )
        cursor.execute("VACUUM ANALYZE")


def models() -> list[Any]:
    """Every table of the rooms, those between two others too."""
    from django.apps import apps

    every = [m for room in ROOMS for m in apps.get_app_config(room).get_models(include_auto_created=True)]
    return [model for model in every if model._meta.db_table in _tables()]


@cache
def _tables() -> frozenset[str]:
    from django.db import connection

    return frozenset(connection.introspection.table_names())


def _moves(field: Any) -> bool:
    """Whether the field names a row that is copied too."""
    return bool(field.is_relation and field.related_model in models())


def _alone(model: Any) -> set[str]:
    """Text fields that must be unique by themselves among all counties."""
    fields = {c.fields[0] for c in model._meta.constraints if len(getattr(c, "fields", ())) == 1}
    fields |= {field.name for field in model._meta.concrete_fields if field.unique}
    texts = ("CharField", "TextField")
    return {name for name in fields if model._meta.get_field(name).get_internal_type() in texts}


def _insert(model: Any) -> str:
    names, values = [], []
    alone = _alone(model)
    for field in model._meta.concrete_fields:
        column = f't."{field.column}"'
        moved = field.primary_key or _moves(field)
        if moved:
            value = f"{column} + g * s"
        elif field.attname == "object_id":
            value = f"({column}::bigint + g * s)::text"
        elif field.name in alone:
            value = f"{column} || '-' || g"
        else:
            value = column
        names.append(f'"{field.column}"')
        values.append(value)
    table = model._meta.db_table
    key = f'"{model._meta.pk.column}"'
    # County by county in the order of the first one's rows: a sort of all of them would write them twice.
    return (
        f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(values)} FROM (SELECT g::bigint, s::bigint '
        f"FROM generate_series(%s, %s) g, (SELECT %s::bigint AS s) one) counties CROSS JOIN LATERAL "
        f'(SELECT * FROM "{table}" WHERE {key} < s ORDER BY {key}) t'
    )


def _indexes(cursor: Any, model: Any) -> list[tuple[str, str]]:
    """Indexes that no constraint needs: name and how to make each again."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = %s::regclass "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [f'"{model._meta.db_table}"'],
    )
    return [(name.strip('"'), made) for name, made in cursor.fetchall()]
