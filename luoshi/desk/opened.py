"""A document opened at the desk: its newest reading with all corrections in force, as the reading page shows it.

What a reading and its corrections make never changes, both only grow. So the result is kept for the next request of the
same page, a few documents a process, under a name that says which corrections it holds.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.desk.paper import Paper, paper
from luoshi.documents import corrections
from luoshi.documents.models import Correction, Document, Reading

KEPT = 1_000_000  # characters of documents whose pages are kept; about 100 bytes of memory a character
_papers: OrderedDict[tuple[Any, ...], Paper] = OrderedDict()
_lock = Lock()


@dataclass
class Open:
    """A document opened for reading. ``paper`` is shared with other requests: nothing in it may be changed."""

    document: Document
    reading: Reading
    corrections: list[Correction]
    paper: Paper
    name: tuple[Any, ...]  # what it is kept under: other corrections, another name

    @property
    def version(self) -> int:
        """What the next correction is made against."""
        return self.corrections[-1].sequence if self.corrections else 0

    def standing(self) -> set[int]:
        """Sequences of the corrections in force."""
        return {c.sequence for c in corrections.in_force([c.as_change() for c in self.corrections])}

    def about(self, task: str) -> list[Correction]:
        """The corrections in force of a task and its parts."""
        standing = self.standing()
        own = (c for c in self.corrections if c.path.partition("/")[0].partition(".")[0] == task)
        return [c for c in own if c.sequence in standing]


def opened(document: Document) -> Open:
    """The newest reading, corrected: few queries. Raises Http404 where the file could not be read."""
    try:
        reading = document.readings.defer("ledger").latest("pk")
    except Reading.DoesNotExist:
        raise Http404(_("这份文件没有读出来。")) from None
    made = reading.made()
    last = made[-1] if made else None
    # Times tell two databases apart that count alike: one restored from a copy, or a test's.
    name = (reading.pk, reading.at, last and (last.sequence, last.at), get_language())
    return Open(document, reading, made, _kept(name) or _keep(name, reading, made), name)


def _kept(name: tuple[Any, ...]) -> Paper | None:
    with _lock:
        if name in _papers:
            _papers.move_to_end(name)
        return _papers.get(name)


def _keep(name: tuple[Any, ...], reading: Reading, made: list[Correction]) -> Paper:
    page = paper(corrections.apply(reading.ledger, [c.as_change() for c in made]))
    reading.__dict__.pop("ledger", None)  # as large as the page; whoever needs it has it fetched again
    with _lock:
        for old in [each for each in _papers if each[0] == name[0] and each[3] == name[3]]:
            del _papers[old]
        _papers[name] = page
        while len(_papers) > 1 and sum(each.characters for each in _papers.values()) > KEPT:
            _papers.popitem(last=False)
    return page
