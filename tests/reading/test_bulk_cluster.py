"""Bulk reading on a real cluster: a scheduler and two workers of dask.distributed as processes of their own, one of them killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from luoshi.cli import example
from luoshi.reading.bulk import BulkError, dask, read_many
from tests.reading.test_bulk import ROOT, digests

distributed = pytest.importorskip("distributed", reason="luoshi[bulk] is not installed")
duckdb = pytest.importorskip("duckdb", reason="luoshi[bulk] is not installed")

pytestmark = pytest.mark.slow
DOCUMENTS, SHARD = 240, 12


def variations(folder: Path) -> list[str]:
    """The example document with other names and figures: every one another document."""
    folder.mkdir()
    text = example.document().decode()
    paths = [folder / f"{n:03}.txt" for n in range(DOCUMENTS)]
    for n, path in enumerate(paths):
        changed = text.replace("澜湾", f"澜{chr(0x4E00 + n)}湾").replace("6.5%", f"{5 + n % 40 / 10}%")
        path.write_text(changed, "utf-8")
    return [str(path) for path in paths]


class Cluster:
    """``dask scheduler`` and two times ``dask worker`` as the command line starts them."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder, self._logs = stack, folder, 0
        self.file = folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--scheduler-file", str(self.file), "--no-dashboard")
        until(lambda: self.file.exists() and self.file.stat().st_size > 0, "the scheduler did not start")
        self.workers = [
            self._start("worker", "--scheduler-file", str(self.file), "--nthreads", "1", "--no-nanny", "--no-dashboard")
            for _ in range(2)
        ]
        with distributed.Client(scheduler_file=str(self.file)) as client:
            client.wait_for_workers(2, timeout=30)
            self.address = client.scheduler.address

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        self._logs += 1
        log = self._stack.enter_context(open(self._folder / f"{self._logs}.log", "wb"))
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "dask", *arguments]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, env=env)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


def until(true, otherwise: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def test_a_worker_killed_in_the_middle_costs_no_document_and_doubles_none(tmp_path):
    paths, out = variations(tmp_path / "in"), tmp_path / "out"
    assert len(digests(paths)) == DOCUMENTS
    with ExitStack() as stack:
        cluster = Cluster(stack, tmp_path)
        victim, killed_at = cluster.workers[0], None
        for seen in read_many(paths, out, engine=dask(cluster.address), size=SHARD):
            if killed_at is None and seen.total.documents >= 4 * SHARD:
                until(lambda: drafts(out, victim.pid), "the worker to be killed has nothing in its hands")
                os.kill(victim.pid, signal.SIGKILL)
                killed_at = seen.total.documents
        assert victim.wait() == -signal.SIGKILL
        assert cluster.workers[1].poll() is None
    assert killed_at is not None and killed_at < DOCUMENTS
    assert (seen.total.documents, seen.total.errors) == (DOCUMENTS, 0)
    with duckdb.connect() as connection:
        for table in ("documents", "ledgers"):
            listed = connection.execute(f"SELECT sha256 FROM '{out}/shards/[0-9]*/{table}.parquet'").fetchall()
            assert Counter(sha for (sha,) in listed) == digests(paths)
    assert not list((out / "trying").iterdir())


def drafts(out: Path, pid: int) -> list[Path]:
    return list((out / "shards").glob(f".*-{pid}-*.tmp"))


def test_where_no_scheduler_answers_one_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("dask").config.config["distributed"]["comm"]["timeouts"], "connect", "1s")
    with pytest.raises(BulkError, match="连不上 Dask 调度器"):
        list(read_many([], tmp_path / "out", engine=dask("tcp://127.0.0.1:9")))
