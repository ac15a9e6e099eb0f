"""The result of a bulk run asked in SQL: DuckDB, in memory, with a view for each table. Nothing is downloaded, nothing is written."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.reading.bulk.flat import TABLES, Kind
from luoshi.reading.bulk.shard import BulkError
from luoshi.reading.bulk.sinks import Form
from luoshi.reading.bulk.store import settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Offline, DuckDB must not try to fetch what it lacks: Parquet and JSON are built in. INSTALL looks into the folder, in vain.
_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_TYPES: dict[Kind, str] = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "yes": "BOOLEAN"}
_DIGITS = "[0-9]" * 6
_FILES = "path VARCHAR, bytes BIGINT, sha256 VARCHAR, shard BIGINT, problem VARCHAR"


def connect(out: Path) -> DuckDBPyConnection:
    """A connection with the views ``documents``, ``tasks``, ``units``, ``targets``, …, ``errors``, ``ledgers`` and ``files``.

    ``files`` has a row for every path and content that was found there. Raises BulkError where the folder holds no result,
    ModuleNotFoundError without DuckDB.
    """
    import duckdb

    form = settings(out).form
    if not any(out.glob("shards/[0-9]*/shard.json")):
        raise BulkError(f"{out} 里还没有读完的部分。请先运行 luoshi bulk。")
    connection = duckdb.connect(config={**_OFFLINE, "custom_extension_repository": str(out.absolute())})
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS SELECT {_columns(table, form)} FROM {_source(out, table, form)}")  # noqa: S608
    log = _quoted(glob.escape(str(out / "files.jsonl")))
    columns = ", ".join(f"{c}: '{t}'" for c, t in (pair.split() for pair in _FILES.split(", ")))
    connection.execute(
        "CREATE VIEW files AS SELECT DISTINCT path, sha256, bytes FROM "  # noqa: S608
        f"read_json({log}, columns = {{{columns}}}, format = 'newline_delimited') WHERE sha256 <> ''"
    )
    return connection


def _columns(table: str, form: Form) -> str:
    return "json AS ledger" if table == "ledgers" and form == "jsonl" else "*"


def _source(out: Path, table: str, form: Form) -> str:
    files = _quoted(f"{glob.escape(str(out / 'shards'))}/{_DIGITS}*/{table}.{form}")
    if form == "parquet":
        return f"read_parquet({files})"
    if table == "ledgers":
        return f"read_json_objects({files}, format = 'newline_delimited', maximum_object_size = 500000000)"
    columns = ", ".join(f"'{name}': '{_TYPES[kind]}'" for name, kind in TABLES[table].items())
    return f"read_json({files}, columns = {{{columns}}}, format = 'newline_delimited', maximum_object_size = 100000000)"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
