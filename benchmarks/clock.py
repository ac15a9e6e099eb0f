"""Timing: the collector off, the best and the median of several runs."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Best and median processor seconds of ``runs`` runs, after one that warms up."""
    work()
    gc.collect()
    gc.disable()
    try:
        taken = [_once(work) for _ in range(runs)]
    finally:
        gc.enable()
    return min(taken), statistics.median(taken)


def _once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
