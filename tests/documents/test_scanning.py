"""Scans are read apart from the request that brings them, say how far they are, and survive a process that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from luoshi import reading
from luoshi.cli import example
from luoshi.config import jobs
from luoshi.documents import scanning
from luoshi.documents.models import Document, Scanning
from luoshi.people.models import Entry, Member
from luoshi.reading.sources.watching import tell
from tests.cast import assemble

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = 3


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def seen(monkeypatch):
    """A reader that meets a scan of three pages in every document named .pdf; what the rows said while it read."""
    rows: list[tuple[int, int]] = []
    real = reading.read

    def read(source, *, name=None):
        if name.endswith(".pdf"):
            for done in range(PAGES + 1):
                tell(done, PAGES)
                rows.extend(Scanning.objects.values_list("done", "pages").filter(document__name=name))
        return real(source, name=f"{name}.txt")

    monkeypatch.setattr(reading, "read", read)
    return rows


def bring(cast, name="扫描.pdf", more=b""):
    return scanning.receive(ContentFile(example.document() + more, name=name), cast.clerk, cast.county).document


def test_a_scan_waits_and_is_read_apart(cast, seen):
    document = bring(cast)
    assert document.state == Document.State.RECEIVED and not document.readings.exists() and not seen
    row = Scanning.objects.get()
    assert scanning.alive(row) and row.left(timezone.now()) is None
    jobs.read_waiting(Worker)
    document.refresh_from_db()
    assert document.state == Document.State.READ and document.readings.count() == 1
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)] and not Scanning.objects.exists()
    assert Entry.objects.filter(verb="document.read").get().who == cast.clerk
    assert DBTaskResult.objects.get().return_value == "read"
    jobs.read_waiting(Worker)
    assert document.readings.count() == 1


def test_what_holds_no_scan_is_read_at_once(cast, seen):
    document = bring(cast, "分解.txt")
    assert document.state == Document.State.READ and not Scanning.objects.exists() and not DBTaskResult.objects.exists()


def test_the_same_scan_again_waits_once(cast, seen):
    first, again = bring(cast), bring(cast)
    assert first == again and Scanning.objects.count() == DBTaskResult.objects.count() == 1


def test_the_time_left_goes_by_the_pace_of_pages():
    now = timezone.now()
    assert Scanning(begun_at=now - timedelta(seconds=20), done=4, pages=10).left(now) == 30


def test_those_that_wait_stay_alive_behind_a_long_one(cast, seen):
    bring(cast)
    second = bring(cast, "乙.pdf", b"\n")
    Scanning.objects.filter(document=second).update(seen_at=timezone.now() - scanning.SILENT)
    scanning.read_scan.call(Scanning.objects.exclude(document=second).get().pk)
    assert scanning.alive(Scanning.objects.get(document=second))


def killed(**row):
    """As after a process that ended in the middle: the task never comes back, the row says nothing more."""
    DBTaskResult.objects.update(status="RUNNING")
    then = timezone.now() - scanning.SILENT - timedelta(seconds=1)
    Scanning.objects.update(begun_at=then, seen_at=then, done=1, pages=PAGES, **row)


def test_a_scan_whose_process_ended_is_read_again(cast, seen):
    document = bring(cast)
    killed(attempts=1)
    jobs.read_waiting(Worker)
    document.refresh_from_db()
    assert document.state == Document.State.READ and document.readings.count() == 1 and not Scanning.objects.exists()


def test_a_scan_that_ends_every_process_is_given_up(cast, seen):
    document = bring(cast)
    killed(attempts=scanning.ATTEMPTS)
    jobs.read_waiting(Worker)
    document.refresh_from_db()
    assert (
        document.state == Document.State.FAILED and "识读一再中断" in document.error and not Scanning.objects.exists()
    )
    scanning.read(document, cast.clerk)
    document.refresh_from_db()
    assert document.state == Document.State.RECEIVED and not document.error, "whoever asks again gets it read again"
    jobs.read_waiting(Worker)
    document.refresh_from_db()
    assert document.state == Document.State.READ


def test_who_may_not_upload_any_more_stops_the_reading(cast, seen):
    document = bring(cast)
    Member.objects.filter(user=cast.clerk).delete()
    jobs.read_waiting(Worker)
    document.refresh_from_db()
    assert document.state == Document.State.RECEIVED and not Scanning.objects.exists()


def test_two_tasks_for_one_scan_read_it_once(cast, seen):
    document = bring(cast)
    scanning.read_scan.enqueue(Scanning.objects.get().pk)
    jobs.read_waiting(Worker)
    assert document.readings.count() == 1
    assert sorted(task.return_value for task in DBTaskResult.objects.all()) == ["gone", "read"]
