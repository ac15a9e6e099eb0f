"""A nation's worth: folders of many thousand documents into tables, on this machine's cores or on a cluster.

    from luoshi.reading.bulk import local, read_many

    if __name__ == "__main__":                       # workers are processes of their own, which import this module
        for seen in read_many(paths, Path("out"), engine=local()):
            print(seen.files, seen.total.documents)

Stopped at any point, the same call goes on where it stopped. ``connect`` in ``luoshi.reading.bulk.query`` asks the result in SQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from luoshi.reading.bulk.engines import Engine, dask, local
from luoshi.reading.bulk.flat import TABLES
from luoshi.reading.bulk.shard import BulkError, Outcome, Reading, Shard
from luoshi.reading.bulk.sinks import Form
from luoshi.reading.bulk.store import SIZE, Store

__all__ = ["SIZE", "TABLES", "BulkError", "Engine", "Form", "Outcome", "Seen", "dask", "local", "read_many"]


@dataclass(frozen=True)
class Seen:
    """How far a run is: files looked at by it, documents sent to be read, and what stands in the result."""

    files: int
    sent: int
    now: Outcome  # read by this run
    total: Outcome  # in all finished shards, those of earlier runs included


def read_many(
    paths: Iterable[str], out: Path, *, engine: Engine | None = None, form: Form = "parquet", size: int = SIZE
) -> Iterator[Seen]:
    """Read documents into the folder ``out``, and say how far it is: once at the start, then after every finished shard.

    ``paths`` start from the current folder and are recorded as given; the same content under several paths is read once, and
    ``files.jsonl`` has all its paths. What cannot be read is a row of ``errors``. Raises ``BulkError`` where the folder belongs
    to another run or workers cannot work, ``OSError`` where the result cannot be written.
    """
    root = os.getcwd()
    with Store(out, form) as store:
        counter = _Counter(paths)
        now, total = Outcome(0, 0, 0, 0), _sum(Outcome(0, 0, 0, 0), *store.finished())
        yield Seen(0, 0, now, total)
        shards = counter.sending(_chain(store, counter, root, size))
        for outcome in (engine or local())(Reading(str(out.absolute()), root, form), shards):
            now, total = _sum(now, outcome), _sum(total, outcome)
            yield Seen(counter.files, counter.sent, now, total)
        yield Seen(counter.files, counter.sent, now, total)


class _Counter:
    """Counts what passes."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.files = self.sent = 0
        self._paths = paths

    def __iter__(self) -> Iterator[str]:
        for path in self._paths:
            self.files += 1
            yield path

    def sending(self, shards: Iterator[Shard]) -> Iterator[Shard]:
        for shard in shards:
            self.sent += len(shard.documents)
            yield shard


def _chain(store: Store, paths: Iterable[str], root: str, size: int) -> Iterator[Shard]:
    yield from store.unfinished()
    yield from store.new(paths, root, size)


def _sum(*outcomes: Outcome) -> Outcome:
    return Outcome(
        outcomes[-1].number,
        sum(outcome.documents for outcome in outcomes),
        sum(outcome.errors for outcome in outcomes),
        sum(outcome.characters for outcome in outcomes),
    )
