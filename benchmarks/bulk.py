"""Bulk reading with two workers: documents a second, and whether memory stays flat; extrapolated to 100,000 documents.

2,000 variations of one document, so that none is a copy. It takes about a minute.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.documents import main_document
from luoshi.reading.bulk import local, read_many

DOCUMENTS = int(os.environ.get("BULK_DOCUMENTS", "2000"))
WORKERS = 2
ASKED = 100_000
# Seconds after which no more documents are taken up; what is done is what was measured.
LONGEST = float(os.environ.get("BULK_SECONDS", "90"))


def measure() -> dict[str, Any]:
    name, data = main_document()
    with tempfile.TemporaryDirectory() as folder:
        paths = _variations(Path(folder, "in"), data.decode())
        memory, begin, used, spent, done = [], time.perf_counter(), _processor(), 0.0, 0
        for seen in read_many(_for_a_while(paths, begin), Path(folder, "out"), engine=local(WORKERS), form=_form()):
            spent = time.perf_counter() - begin
            if seen.now.documents == done:
                continue
            done = seen.now.documents
            memory.append(_resident())
    processor, characters = _processor() - used, seen.now.characters
    warm = memory[min(WORKERS, len(memory) - 1)]  # by then every worker has finished a shard
    figures = {
        "document": name,
        "documents": done,
        "workers": WORKERS,
        "seconds": round(spent, 1),
        "processor_seconds": round(processor, 1),
        "documents_per_second": round(done / spent, 1),
        "characters_per_second": round(characters / spent),
        "resident_mb_at_start": warm,
        "resident_mb_at_end": memory[-1],
        "minutes_for_100000_extrapolated": round(ASKED * spent / done / 60, 1),
        "minutes_for_100000_extrapolated_idle_machine": round(ASKED * processor / done / WORKERS / 60, 1),
    }
    print(f"{done:,} variations of {name}, {WORKERS} workers, {_form()}: {spent:.1f} s, {done / spent:.0f} documents/s")
    print(
        f"  {characters / spent:,.0f} characters/s; {1000 * processor / done:.1f} ms of processor a document, start included"
    )
    print(f"  memory of all processes: {warm} MB once every worker has read a shard, {memory[-1]} MB at the end")
    print(
        f"  {ASKED:,} documents, extrapolated, not measured: {figures['minutes_for_100000_extrapolated']} minutes at this "
        f"rate; {figures['minutes_for_100000_extrapolated_idle_machine']} minutes of both cores, were nothing else running"
    )
    return figures


def _for_a_while(paths: list[str], begin: float) -> Iterator[str]:
    for path in paths:
        if time.perf_counter() - begin > LONGEST:
            return
        yield path


def _processor() -> float:
    """Processor seconds of this process and of workers that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


def _form() -> Any:
    from importlib.util import find_spec

    return "parquet" if find_spec("pyarrow") else "jsonl"


def _variations(folder: Path, text: str) -> list[str]:
    folder.mkdir()
    paths = [folder / f"{n:05}.txt" for n in range(DOCUMENTS)]
    for n, path in enumerate(paths):
        path.write_text(text.replace("%", f".{n % 10}%", 1) + f"\n附注第{n}号\n", "utf-8")
    return [str(path) for path in paths]


def _resident() -> int:
    """Megabytes of this process and its workers, shared pages counted in each."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    return sum(rss for pid, parent, rss in rows if os.getpid() in (pid, parent)) // 1000


if __name__ == "__main__":
    measure()
