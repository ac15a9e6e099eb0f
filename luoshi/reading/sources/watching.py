"""Who wants to know how far a scan is: reading a page by OCR takes seconds, a document of many pages minutes.

Whoever reads within ``with watching(watch):`` is told, whatever lies between: a zip of scans, a notice with its annexes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watch = Callable[[int, int], None]
"""Told how many of the pages that need OCR are read, and how many there are; first (0, pages), then after each page.

It is called in the thread that reads. What it raises ends the reading and comes out of it.
"""

_MARK = b"luoshi-page "
_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Let ``watch`` know how far scans are that are read meanwhile by this thread."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def tell(done: int, pages: int) -> None:
    """Tell whoever watches."""
    watch = _watch.get()
    if watch is not None:
        watch(done, pages)


def report(done: int, pages: int) -> None:
    """In the process apart: tell the process that waits for this one."""
    sys.stderr.buffer.write(b"%s%d %d\n" % (_MARK, done, pages))
    sys.stderr.buffer.flush()


def heard(line: bytes) -> tuple[int, int] | None:
    """What a line from the process apart reports; None where it is something else."""
    words = line[len(_MARK) :].split() if line.startswith(_MARK) else []
    return (int(words[0]), int(words[1])) if len(words) == 2 and all(word.isdigit() for word in words) else None
