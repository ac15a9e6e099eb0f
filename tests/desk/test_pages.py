"""Pages as they look: who may see them, what is kept, where the fields stand."""

from __future__ import annotations

import hashlib
import io
import os
import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from luoshi.documents import actions, pages
from luoshi.documents.models import Document
from luoshi.reading.sources import pictures
from tests.desk import papers
from tests.desk.printed import LEFT, SIZE, TOP, pdf
from tests.desk.test_reading import queries

pytest.importorskip("reportlab")


@pytest.fixture
def printed(cast, settings, tmp_path) -> Document:
    """A PDF of two pages, received and read."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return actions.receive(ContentFile(pdf(), name="31.pdf"), cast.clerk, cast.county).document


def doors(document: Document) -> list[str]:
    """The three addresses of a document's pages."""
    return [
        reverse("reading-pages", args=[document.pk]),
        reverse("reading-page", args=[document.pk, 1]),
        reverse("reading-page-fields", args=[document.pk, 1]),
    ]


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_page_is_drawn_once_and_not_sent_twice(clerk, printed, monkeypatch):
    address = reverse("reading-page", args=[printed.pk, 2])
    first = clerk.get(address)
    shown = Image.open(io.BytesIO(body(first)))
    assert shown.width == pages.WIDTH and shown.convert("1").getcolors(2)[0][0] > 100, "words are drawn"
    assert "private" in first.headers["Cache-Control"] and printed.digest in first.headers["ETag"]
    monkeypatch.setattr(pictures, "picture", lambda *a, **k: pytest.fail("drawn again"))
    assert body(clerk.get(address)) == body(clerk.get(address))
    again = clerk.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content


def test_pages_are_for_those_who_may_see_the_document(cast, client, printed):
    assert [client.get(door).status_code for door in doors(printed)] == [302] * 3
    tag = f'"{printed.digest}-1-{pages.WIDTH}"'
    for who in (cast.outsider, cast.liaison, cast.nobody):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert [client.get(door, headers={"If-None-Match": tag}).status_code for door in doors(printed)] == [403] * 3


def test_what_is_not_there_says_so(clerk, document, printed, settings):
    for number in (0, 3, 99999):
        assert clerk.get(reverse("reading-page", args=[printed.pk, number])).status_code == 404
        assert clerk.get(reverse("reading-page-fields", args=[printed.pk, number])).status_code == 404
    assert [clerk.get(door).status_code for door in doors(document)] == [404] * 3
    text = clerk.get(reverse("reading", args=[document.pk])).content.decode()
    assert "data-face" not in text
    with open(printed.file.path, "r+b") as file:
        file.truncate(100)
    for kept in (settings.MEDIA_ROOT / "pages").rglob("*.*"):
        kept.unlink()
    answer = clerk.get(reverse("reading-pages", args=[printed.pk])).content.decode()
    assert "已损坏" in answer and "再传一次" in answer


def test_every_field_has_its_place_on_its_page(clerk, printed):
    listed = clerk.get(reverse("reading-pages", args=[printed.pk])).content.decode()
    has = [set(each.split()) for each in re.findall(r'data-has="([^"]*)"', listed)]
    assert len(has) == 2 and {"t1", "t2", "t3"} <= has[0] and {"t4", "t5"} <= has[1] and "t4" not in has[0]
    assert re.findall(r"aspect-ratio:([0-9./]+)", listed) == ["595.3/841.9"] * 2
    page = clerk.get(reverse("reading-page-fields", args=[printed.pk, 1])).content.decode()
    boxes = {
        key: [float(n) for n in re.findall(r":([0-9.]+)%", style)]
        for keys, style in re.findall(r'data-f="([^"]+)" style="([^"]+)"', page)
        for key in keys.split()
    }
    left, top, width, height = boxes["t2.u1"]
    line = "2.完成12个老旧小区综合改造。（责任单位：县住建局）"
    before = len(line.partition("县住建局")[0]) - 2  # figures and the full stop take half a character
    assert left == pytest.approx(100 * (LEFT + before * SIZE) / 595.3, abs=1.5)
    assert width == pytest.approx(100 * 4 * SIZE / 595.3, abs=1)
    assert top < 100 * (841.9 - (TOP - 4 * 36)) / 841.9 < top + height + 0.5


def test_queries_do_not_grow_with_the_document(clerk, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    line = "{}.完成{}个老旧小区综合改造。（责任单位：县住建局）"
    long = [tuple(line.format(n, n) for n in range(p * 15 + 1, p * 15 + 16)) for p in range(6)]
    counts = []
    for name, data in (("a.pdf", pdf()), ("b.pdf", pdf(("一、沈牧川县长牵头重点工作", *long[0]), *long[1:]))):
        found = actions.receive(ContentFile(data, name=name), cast.clerk, cast.county).document
        counts.append([queries(clerk, door) for door in doors(found)])
    assert counts[0] == counts[1] and max(counts[0]) <= 8


def test_the_store_of_pictures_is_bounded(tmp_path):
    for n in range(10):
        path = tmp_path / "ab" / f"{n}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (n, n))
    pages.thin(tmp_path, 450)
    assert sorted(path.name for path in tmp_path.rglob("*.png")) == ["6.png", "7.png", "8.png", "9.png"]


def test_scans_are_shown_as_they_look_first(cast, printed):
    made = papers.ledger(3)
    assert not pages.is_scan(printed, made), "it has a font"
    assert pages.is_scan(printed, {**made, "doubts": [{"code": "ocr-unsure"}]})
    photograph = io.BytesIO()
    Image.new("L", (400, 600), "white").save(photograph, "PDF")
    scanned = papers.document(cast.clerk, made, "scan.pdf")
    scanned.media_type = "application/pdf"
    with open(scanned.file.path, "wb") as file:
        file.write(photograph.getvalue())
    assert pages.is_scan(scanned, made)
    scanned.media_type = "image/png"
    assert pages.is_scan(scanned, made)


def test_an_ofd_has_drawn_pages_too(clerk, cast):
    """Drawn by the reader as SVG; shown as a picture, so that nothing in it runs."""
    from tests.reading.sources.ofds import OfdSheet, ofd

    document = papers.document(cast.clerk, papers.ledger(3), "31.ofd")
    with open(document.file.path, "wb") as file:
        sheet = OfdSheet()
        sheet.text(25, 40, "一、新建学校2所<script>")
        file.write(ofd([sheet]))
    digest = hashlib.sha256(open(document.file.path, "rb").read()).hexdigest()
    Document.objects.filter(pk=document.pk).update(media_type="application/ofd", digest=digest)
    listed = clerk.get(reverse("reading-pages", args=[document.pk])).content.decode()
    assert listed.count("<figure") == 1
    shown = clerk.get(reverse("reading-page", args=[document.pk, 1]))
    drawn = b"".join(shown.streaming_content)
    assert shown["Content-Type"] == "image/svg+xml" and b"<svg" in drawn and b"<script" not in drawn
    assert "script-src 'self'" in shown["Content-Security-Policy"]
