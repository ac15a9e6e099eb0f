"""The long fuzz run: cases of every kind by seed and number, counts and failures by kind.

python -m tests.reading.fuzz [--cases 100000] [--seed 1] [--kind html …] [--workers 2] [--show 5]
python -m tests.reading.fuzz --case html:8123 [--seed 1]      one case again, as it fails
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.reading.fuzz.cases import KINDS, run, shares

CHUNK = 100
SECONDS = 10.0  # of processor time for one case; usual are a few thousandths
MEMORY = 2_000_000_000  # bytes of address space of a worker, libraries included


class TooLong(Exception):
    """A case took more time than any damaged file of a few kilobytes may."""


@dataclass
class Tally:
    """What became of the cases of one kind."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    fails: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)

    def __iadd__(self, other: Tally) -> Tally:
        self.cases += other.cases
        self.outcomes += other.outcomes
        self.fails += other.fails
        self.slowest = max(self.slowest, other.slowest)
        return self


def some(kind: str, seed: int, first: int, count: int) -> Tally:
    """A run of cases of one kind, each within its time."""
    tally = Tally()
    for number in range(first, first + count):
        begin = time.process_time()
        outcome, fails = timed(kind, seed, number)
        tally.cases += 1
        tally.outcomes[outcome] += 1
        tally.fails += [(number, fail) for fail in fails[:3]]
        tally.slowest = max(tally.slowest, (time.process_time() - begin, number))
    return tally


def timed(kind: str, seed: int, number: int) -> tuple[str, list[str]]:
    """One case, ended after its time."""
    if not hasattr(signal, "setitimer"):  # Windows
        return run(kind, seed, number)
    signal.signal(signal.SIGVTALRM, _late)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return run(kind, seed, number)
    except TooLong:  # raised between the case's end and the timer's
        return "fails", [f"more than {SECONDS} s"]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _late(number: int, frame: object) -> None:
    raise TooLong(f"more than {SECONDS} s")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def tallies(wanted: dict[str, int], seed: int, workers: int) -> Iterator[tuple[str, Tally]]:
    """The cases wanted, kind by kind, in chunks on so many processes; where a process dies, its chunk is named as failed."""
    for kind, count in wanted.items():
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_limit) as pool:
            chunks = {
                pool.submit(some, kind, seed, first, min(CHUNK, count - first)): first
                for first in range(0, count, CHUNK)
            }
            try:
                for future in as_completed(chunks):
                    yield kind, _tally(future, chunks[future])
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _tally(chunk: Future[Tally], first: int) -> Tally:
    try:
        return chunk.result()
    except BrokenProcessPool as fault:
        return Tally(CHUNK, Counter(fails=1), [(first, f"here or up to {CHUNK} further: {fault}")])


def report(found: dict[str, Tally], show: int) -> None:
    """A table of counts, and the first failures of each kind."""
    print(f"{'kind':<14}{'cases':>9}{'ledgers':>9}{'sentences':>11}{'failed':>8}{'slowest':>10}")
    total = Tally()
    for kind, tally in [*found.items(), ("all", total)]:
        gone = tally.outcomes
        print(
            f"{kind:<14}{tally.cases:>9,}{gone['ledger']:>9,}{gone['sentence']:>11,}{gone['fails']:>8,}"
            f"{tally.slowest[0] * 1000:>7.0f} ms"
        )
        if tally is not total:
            total += tally
    for kind, tally in found.items():
        for number, fail in tally.fails[:show]:
            print(f"{kind}:{number}  {fail[:600]}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reading.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", nargs="*", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--show", type=int, default=5, help="failures shown of each kind")
    parser.add_argument("--case", metavar="KIND:NUMBER", help="one case again")
    asked = parser.parse_args()
    if asked.case:
        kind, _, number = asked.case.rpartition(":")
        outcome, fails = timed(kind, asked.seed, int(number))
        print(outcome, *fails, sep="\n")
        return int(outcome == "fails")
    wanted = {kind: count for kind, count in shares(asked.cases).items() if not asked.kind or kind in asked.kind}
    begin = time.perf_counter()
    found = {kind: Tally() for kind in wanted}
    try:
        for kind, tally in tallies(wanted, asked.seed, asked.workers):
            found[kind] += tally
            print(f"\r{sum(tally.cases for tally in found.values()):,} {kind:<14}", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\nstopped by hand: what was tried until then", file=sys.stderr)
    print(f"seed {asked.seed}, {time.perf_counter() - begin:.0f} s")
    report(found, asked.show)
    return int(any(tally.fails for tally in found.values()))
