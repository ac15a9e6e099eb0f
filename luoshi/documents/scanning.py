"""Scans are read apart from the request that brings them: a page takes seconds, and nobody is to look at a page that hangs.

What holds no scan is read at once. A scan gets a row that says how far it is, and a task in a queue of its own, so that it
holds up nothing else. A row that has shown no sign of life for ``SILENT`` belongs to a process that ended: it is read again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from luoshi.documents import actions
from luoshi.documents.actions import PutOff, Received
from luoshi.documents.models import Document, Scanning
from luoshi.people.models import Government, User
from luoshi.reading.sources.watching import watching

log = logging.getLogger(__name__)

QUEUE = "scans"
SILENT = timedelta(minutes=5)  # a page has 90 seconds of computing
ATTEMPTS = 3


def receive(file: File[bytes], by: User, government: Government) -> Received:
    """As ``actions.receive``, but a scan is only put into the queue: its document is then still ``RECEIVED``."""
    with _scans_put_off() as met:
        received = actions.receive(file, by, government)
    if met:
        ask(received.document, by)
    return received


def read(document: Document, by: User) -> None:
    """As ``actions.read``, but a scan is only put into the queue."""
    with _scans_put_off() as met:
        actions.read(document, by)
    if met:
        ask(document, by)


@contextmanager
def _scans_put_off() -> Iterator[list[int]]:
    """Leave the first scan that is met; its number of pages is then in the list."""
    met: list[int] = []

    def leave(_done: int, pages: int) -> None:
        met.append(pages)
        raise PutOff

    with watching(leave):
        yield met


@transaction.atomic
def ask(document: Document, by: User) -> Scanning:
    """Put a document into the queue, unless it waits there or is being read."""
    now = timezone.now()
    row, new = Scanning.objects.select_for_update().get_or_create(
        document=document, defaults={"by": by, "seen_at": now}
    )
    if not new and alive(row):
        return row
    if not new:
        Scanning.objects.filter(pk=row.pk).update(seen_at=now, begun_at=None, done=0, pages=0, by=by)
    document.state, document.error = Document.State.RECEIVED, ""
    document.save(update_fields=["state", "error"])
    read_scan.enqueue(row.pk)
    return row


def alive(row: Scanning) -> bool:
    """Whether somebody reads it, or will."""
    return timezone.now() - row.seen_at < SILENT


def resume() -> int:
    """Put those into the queue again whose process ended in the middle; how many."""
    again = 0
    for row in Scanning.objects.filter(seen_at__lt=timezone.now() - SILENT).select_related("document", "by"):
        if row.attempts >= ATTEMPTS:
            actions.fail(row.document, row.by, _("识读一再中断，可能是内存不够；请拆成几个文件再传，或告诉管理员。"))
            row.delete()
        else:
            ask(row.document, row.by)
            again += 1
    return again


@task(queue_name=QUEUE)
def read_scan(pk: int) -> str:
    """Read a scan, and say meanwhile how far it is. The name of the document's state after it."""
    now = timezone.now()
    free = Scanning.objects.filter(pk=pk, begun_at=None)
    if not free.update(begun_at=now, seen_at=now, attempts=F("attempts") + 1):
        return "gone"
    row = Scanning.objects.select_related("document__government", "by").get(pk=pk)
    try:
        with watching(lambda done, pages: _note(pk, done, pages)):
            actions.read(row.document, row.by)
    except (PermissionDenied, ValidationError) as refused:  # adopted meanwhile, or no longer a member
        log.warning("the scan %s is not read any more: %s", row.document_id, refused)
    Scanning.objects.filter(pk=pk).delete()
    return str(row.document.state)


def _note(pk: int, done: int, pages: int) -> None:
    """Keep how far a scan is. Those that wait are alive as long as the one before them is."""
    now = timezone.now()
    try:
        Scanning.objects.filter(begun_at=None).update(seen_at=now)
        Scanning.objects.filter(pk=pk).update(done=done, pages=pages, seen_at=now)
        if not done:
            Scanning.objects.filter(pk=pk).update(begun_at=now)  # the pace is that of pages alone
    except OperationalError:  # the database is held by somebody: the next page says it
        log.info("how far the scan %s is could not be kept", pk)
