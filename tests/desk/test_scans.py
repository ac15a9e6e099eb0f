"""A scan on the site: the upload answers at once, the row and the document's page say page i of n until it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from luoshi import reading
from luoshi.cli import example
from luoshi.documents import scanning
from luoshi.documents.models import Document, Scanning
from luoshi.reading.errors import CannotOpen
from luoshi.reading.sources.watching import tell

ASKING = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def scans(monkeypatch):
    """A reader that meets a scan of twelve pages in every document named .pdf."""
    real = reading.read

    def read(source, *, name=None):
        if name.endswith(".pdf"):
            tell(0, 12)
        if b"torn" in source:
            raise CannotOpen("图片已损坏。")
        return real(source, name=f"{name}.txt")

    monkeypatch.setattr(reading, "read", read)


@pytest.fixture
def brought(clerk):
    """A scan just uploaded, and what the upload answered."""
    file = SimpleUploadedFile("扫描.pdf", example.document(), "application/pdf")
    said = clerk.post(reverse("upload"), {"files": file}, headers=ASKING).content.decode()
    return Document.objects.get(), said


def ask(clerk, document, where):
    return clerk.get(reverse("reading", args=[document.pk]), {"scan": where}, headers=ASKING)


def far(**fields):
    Scanning.objects.update(**fields)


def work():
    """What the worker does with the scan that waits (tests/documents/test_scanning.py has the worker itself)."""
    far(begun_at=None)
    scanning.read_scan.call(Scanning.objects.get().pk)


def test_the_upload_answers_at_once_and_its_row_asks_on(clerk, brought):
    document, said = brought
    page = reverse("reading", args=[document.pk])
    assert "排队等待识读" in said and f'hx-get="{page}?scan=row"' in said and 'class="waits"' in said
    now = timezone.now()
    far(done=2, pages=12, begun_at=now - timedelta(seconds=30))
    row = ask(clerk, document, "row").content.decode()
    assert "正在识读第 3 页，共 12 页，约需 3 分钟。" in row and "hx-trigger" in row
    work()
    row = ask(clerk, document, "row").content.decode()
    assert "条任务" in row and 'class="good"' in row and "hx-trigger" not in row


def test_the_documents_page_says_how_far_it_is_until_it_is_read(clerk, brought, django_assert_max_num_queries):
    document, _said = brought
    page = reverse("reading", args=[document.pk])
    far(done=0, pages=12, begun_at=timezone.now())
    shown = clerk.get(page).content.decode()
    assert "正在识读扫描件" in shown and "第 1 页，共 12 页。" in shown and "重新识读" not in shown
    with django_assert_max_num_queries(12):
        note = ask(clerk, document, "page").content.decode()
    assert note.lstrip().startswith('<div id="scan"') and 'value="0"' in note
    work()
    assert ask(clerk, document, "page").headers["HX-Refresh"] == "true"
    assert "沈牧川" in clerk.get(page).content.decode()


def test_the_list_of_documents_says_it_too(clerk, brought):
    far(done=4, pages=12)
    assert "识读中 4/12 页" in clerk.get(reverse("documents")).content.decode()


def test_a_scan_that_cannot_be_read_says_why_in_its_row(clerk):
    file = SimpleUploadedFile("坏.pdf", b"torn", "application/pdf")
    clerk.post(reverse("upload"), {"files": file}, headers=ASKING)
    document = Document.objects.get()
    work()
    row = ask(clerk, document, "row").content.decode()
    assert "图片已损坏。" in row and 'class="bad"' in row
    assert clerk.post(reverse("read-again", args=[document.pk])).status_code == 302
    document.refresh_from_db()
    assert (
        document.state == "received"
        and "排队等待识读" in clerk.get(reverse("reading", args=[document.pk])).content.decode()
    )


def test_a_scan_whose_process_ended_may_be_read_again(clerk, brought):
    document, _said = brought
    far(seen_at=timezone.now() - scanning.SILENT, begun_at=timezone.now(), done=3, pages=12)
    shown = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert "识读可能被中断过" in shown and "重新识读" in shown
    clerk.post(reverse("read-again", args=[document.pk]))
    assert "排队等待识读" in clerk.get(reverse("reading", args=[document.pk])).content.decode()


def test_who_may_not_see_the_document_is_told_nothing_of_it(client, brought, cast):
    document, _said = brought
    client.logout()
    assert ask(client, document, "row").status_code == 302
