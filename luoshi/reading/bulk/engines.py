"""What runs the shards: this machine's processor cores, or a cluster of Dask. Both run the same function on each shard.

An engine takes the work and an iterator of shards, draws from it only what it has room for, and gives outcomes as they come. The
death of a worker costs the shard in its hands one more attempt, and nothing else.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

from luoshi.reading.bulk.shard import BulkError, Outcome, Reading, Shard

if TYPE_CHECKING:
    from distributed import Client

Engine = Callable[[Reading, Iterator[Shard]], Iterator[Outcome]]


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(workers: int | None = None) -> Engine:
    """Processes on this machine, one a core unless told otherwise."""

    def run(work: Reading, shards: Iterator[Shard]) -> Iterator[Outcome]:
        count = workers or cores()
        pool = _pool(count)
        waiting: dict[Future[Outcome], Shard] = {}
        try:
            while True:
                try:
                    for shard in islice(shards, max(0, 2 * count - len(waiting))):
                        waiting[_submitted(pool, work, shard)] = shard
                    if not waiting:
                        return
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        outcome = future.result()
                        del waiting[future]
                        yield outcome
                except BrokenProcessPool:
                    pool.shutdown()
                    suspects = list(waiting.values())
                    waiting.clear()
                    for shard in suspects:
                        yield _alone(work, shard)
                    pool = _pool(count)
        finally:
            pool.shutdown(cancel_futures=True)

    return run


def _submitted(pool: ProcessPoolExecutor, work: Reading, shard: Shard) -> Future[Outcome]:
    """The shard on its way; on a pool already broken, a future that says so, that the shard be not lost."""
    try:
        return pool.submit(work, shard)
    except BrokenProcessPool as broken:
        future: Future[Outcome] = Future()
        future.set_exception(broken)
        return future


def _alone(work: Reading, shard: Shard) -> Outcome:
    """A shard in a process of its own, again and again, until the documents that end the process are known and left out."""
    while True:
        before = work.attempts(shard)
        pool = _pool(1)
        try:
            return pool.submit(work, shard).result()
        except BrokenProcessPool as error:
            if work.attempts(shard) <= before:
                raise BulkError(
                    "识读进程起不来，或一开始就终止了。请检查内存；完成的部分都在，可再运行一次。"
                ) from error
        finally:
            pool.shutdown()


def _pool(workers: int) -> ProcessPoolExecutor:
    # Fresh interpreters: a forked one would inherit the lock on the results and keep it after this process was killed.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def dask(address: str | None = None, workers: int | None = None) -> Engine:
    """A cluster of dask.distributed: at the scheduler's address, or for trial one started on this machine.

    Every worker needs the same luoshi, and must see the documents and the folder of results under the same paths.
    """

    def run(work: Reading, shards: Iterator[Shard]) -> Iterator[Outcome]:
        from distributed import Client, LocalCluster

        with ExitStack() as stack:
            try:
                if address is None:
                    cluster = LocalCluster(
                        n_workers=workers or cores(),
                        threads_per_worker=1,
                        processes=True,
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,
                    )
                    stack.enter_context(cluster)
                client = stack.enter_context(Client(address or cluster))
            except (OSError, ValueError) as error:
                raise BulkError(f"连不上 Dask 调度器 {address or ''}。请检查地址和网络。") from error
            yield from _on_cluster(client, work, shards)

    return run


def _on_cluster(client: Client, work: Reading, shards: Iterator[Shard]) -> Iterator[Outcome]:
    from distributed import as_completed

    running = as_completed()
    shard_of: dict[str, tuple[Shard, int]] = {}

    def send(shard: Shard, attempts: int) -> None:
        key = f"luoshi-{work.out}-{shard.name}-{attempts}"
        future = client.submit(work, shard, key=key, pure=False)
        shard_of[key] = shard, attempts
        running.add(future)

    def fill() -> None:
        room = 2 * sum(client.nthreads().values()) or 2
        for shard in islice(shards, max(0, room - len(shard_of))):
            send(shard, work.attempts(shard))

    fill()
    for future in running:
        shard, before = shard_of.pop(future.key)
        outcome = _outcome(future, work, shard, before)
        if outcome is None:
            send(shard, work.attempts(shard))
            continue
        yield outcome
        fill()


def _outcome(future: object, work: Reading, shard: Shard, before: int) -> Outcome | None:
    """The outcome, or None where Dask gave the shard up as deadly but another attempt gets further."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    try:
        outcome: Outcome = future.result()  # type: ignore[attr-defined]
    except KilledWorker as error:
        if work.attempts(shard) <= before:
            raise BulkError("计算节点一再终止，还没读到文件。请检查节点的内存和日志；完成的部分都在。") from error
        return None
    except CancelledError as error:
        raise BulkError("与 Dask 调度器的连接断了。请看调度器还在不在；完成的部分都在，可再运行一次。") from error
    return outcome
