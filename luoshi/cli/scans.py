"""What a person sees while pages are read by OCR, which takes seconds each: page i of n, and how long it may still take."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from luoshi.cli.say import say
from luoshi.reading.sources.watching import watching

EVERY = 10  # seconds between two lines where no terminal renews one


@contextmanager
def pages_said(name: str, show: Callable[[str], None] | None = None) -> Iterator[None]:
    """Say on standard error how far a scan is that is read meanwhile: a line renewed on a terminal, else one now and then.

    ``show`` takes the words instead, "" when there is nothing more to say.
    """
    pages = _Pages(name, show or (_renew if sys.stderr.isatty() else _Now()))
    try:
        with watching(pages):
            yield
    finally:
        pages.over()


class _Pages:
    """Told of each page; says what is left by the pace so far."""

    def __init__(self, name: str, show: Callable[[str], None]) -> None:
        self._name, self._show, self._begun, self._said = name, show, 0.0, False

    def __call__(self, done: int, pages: int) -> None:
        now = time.monotonic()
        if done == 0 or not self._begun:
            self._begun = now
        self._said = True
        self._show(far(self._name, done, pages, now - self._begun))

    def over(self) -> None:
        if self._said:
            self._show("")


def far(name: str, done: int, pages: int, seconds: float) -> str:
    """How far a scan is.

    >>> far("扫描件.pdf", 2, 10, 14.0)
    '扫描件.pdf：扫描页已识读 2/10 页，约需 56 秒'
    """
    line = say("{name}：扫描页已识读 {done}/{pages} 页", name=name, done=done, pages=pages)
    return line + (say("，约需 {time}", time=duration(seconds / done * (pages - done))) if 0 < done < pages else "")


def duration(seconds: float) -> str:
    """So many seconds in words."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return say("{h} 小时 {m} 分", h=hours, m=minutes)
    return say("{m} 分 {s} 秒", m=minutes, s=rest) if minutes else say("{s} 秒", s=rest)


def _renew(words: str) -> None:
    click.echo(f"\r\x1b[K{words}", err=True, nl=False)


class _Now:
    """A line at once, then at most one in ``EVERY`` seconds: a log has no line to renew."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def __call__(self, words: str) -> None:
        now = time.monotonic()
        if words and now - self._last >= EVERY:
            self._last = now
            click.echo(words, err=True)
