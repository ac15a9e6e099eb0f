"""Where rows go: Parquet (needs pyarrow) or JSON lines. One file a table; files are on the disk when closed."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

import msgspec

from luoshi.reading.bulk.flat import TABLES, Row

Form = Literal["parquet", "jsonl"]
FLUSH = 16_000_000  # bytes of ledgers held back before they go to the file: bounds memory where documents are long


class JsonLines:
    """One JSON object a line; ``ledgers.jsonl`` holds the ledgers as ``luoshi read`` prints them."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, IO[bytes]] = {name: open(folder / f"{name}.jsonl", "wb") for name in TABLES}

    def add(self, table: str, row: Row) -> None:
        ledger = row[-1] if table == "ledgers" else None
        line = ledger if isinstance(ledger, bytes) else msgspec.json.encode(dict(zip(TABLES[table], row)))
        self._files[table].write(line + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for file in self._files.values():
            if kind is None:
                file.flush()
                os.fsync(file.fileno())
            file.close()


class Parquet:
    """Columns compressed with zstd; a table without rows has its file and its columns all the same."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        types = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "yes": pa.bool_()}
        self._pa = pa
        self._schemas = {name: pa.schema([(c, types[k]) for c, k in cols.items()]) for name, cols in TABLES.items()}
        self._paths = {name: folder / f"{name}.parquet" for name in TABLES}
        self._writers: dict[str, Any] = {
            name: pq.ParquetWriter(self._paths[name], schema, compression="zstd")
            for name, schema in self._schemas.items()
        }
        self._pending: defaultdict[str, list[Row]] = defaultdict(list)
        self._weight = 0

    def add(self, table: str, row: Row) -> None:
        self._pending[table].append(row)
        if table == "ledgers":
            self._weight += len(row[2]) if isinstance(row[2], bytes) else 0
            if self._weight > FLUSH:
                self._flush()

    def _flush(self) -> None:
        for name, rows in self._pending.items():
            schema = self._schemas[name]
            columns = [self._pa.array(column, field.type) for column, field in zip(zip(*rows), schema)]
            self._writers[name].write_table(self._pa.Table.from_arrays(columns, schema=schema))
        self._pending.clear()
        self._weight = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            for writer in self._writers.values():
                writer.close()
        if kind is None:
            for path in self._paths.values():
                with open(path, "rb+") as file:
                    os.fsync(file.fileno())


def sink(form: Form, folder: Path) -> JsonLines | Parquet:
    """The sink of a form, writing into a folder that exists."""
    return Parquet(folder) if form == "parquet" else JsonLines(folder)
