"""Evidence: kept once, used often, recognised again, and refused in words where it is no paper."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from luoshi.cli.example.papers import letter
from luoshi.people import history
from luoshi.progress import evidence_actions as actions
from luoshi.progress.drafts import Change
from luoshi.progress.models import Evidence, EvidenceUse, Report
from luoshi.progress.period_actions import open_period, plan_periods
from luoshi.progress.report_actions import save_draft, submit
from tests.cast import Cast
from tests.year import issued


@pytest.fixture
def reports(cast: Cast) -> list[Report]:
    plan = issued(cast)
    plan_periods(plan)
    open_period(plan.periods.get(name="2026-03"))
    return list(Report.objects.filter(unit=cast.units["县住建局"]).order_by("pk"))


ACCEPTANCE = letter("验收.pdf", ["竣工验收合格"]).read()


def paper(data: bytes = ACCEPTANCE, name: str = "验收.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def picture(seed: int, quality: int = 90, kind: str = "JPEG") -> bytes:
    image = Image.new("RGB", (320, 240), "white")
    draw = ImageDraw.Draw(image)
    for n in range(12):
        x, y = (seed * 37 + n * 53) % 300, (seed * 91 + n * 29) % 220
        draw.rectangle([x, y, x + 40, y + 30], fill=(n * 20, 255 - n * 20, seed * 7 % 255))
    out = io.BytesIO()
    image.save(out, kind, quality=quality)
    return out.getvalue()


def packed(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr(name, "words")
    return out.getvalue()


def test_a_file_is_kept_once_and_supports_many_items(reports, cast: Cast):
    first, second = reports
    use = actions.attach(first, paper(), cast.liaison, kind="acceptance", source="县质监站")
    actions.attach(second, paper(name="再传一次.pdf"), cast.head)
    actions.use_again(use.evidence, [second], cast.liaison)
    assert Evidence.objects.count() == 1 and EvidenceUse.objects.count() == 2
    evidence = Evidence.objects.get()
    assert evidence.digest == hashlib.sha256(ACCEPTANCE).hexdigest()
    assert default_storage.open(str(evidence.file.name)).read() == ACCEPTANCE
    assert [e.verb for e in history.about(evidence)] == ["evidence.received"]


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("空.pdf", b"", "空文件"),
        ("程序.exe", b"MZ", "不能作佐证"),
        ("程序.pdf", b"MZ\x90\x00", "内容是程序"),
        ("网页.xls", b"<html><table><tr><td>1</table>", "内容是网页"),
        ("断的.pdf", b"%PDF-1.4 torn", "打不开"),
        ("断的.png", picture(3, kind="PNG")[:600], "打不开"),
        ("断的.jpg", picture(3)[:1500], "打不开"),
        ("断的.docx", b"PK\x03\x04broken", "打不开"),
        ("压缩包.docx", packed("a.txt"), "内容是压缩包"),
        ("断的.zip", packed("a.txt")[:-30], "打不开"),
        ("坏的.docx", packed("word/document.xml").replace(b"words", b"wordz"), "打不开"),
        ("图片.docx", picture(3), "内容是图片"),
        ("文字.pdf", "验收合格".encode(), "内容是纯文本"),
        ("乱码.txt", bytes(range(256)), "认不出"),
        ("乱码.doc", b"\xd0\xcf\x11" + bytes(600), "认不出"),
        ("空白.txt", b" \n\n ", "认不出"),
        ("网页.html", b"<script>", "不能作佐证"),
        ("没有扩展名", b"x", "不能作佐证"),
    ],
)
def test_what_is_no_paper_is_refused(reports, cast: Cast, name, data, said):
    with pytest.raises(ValidationError, match=said):
        actions.attach(reports[0], paper(data, name), cast.liaison)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "name, data, media_type",
    [
        ("截图.jpg", picture(3, kind="PNG"), "image/png"),  # renamed by a chat
        ("照片.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(60), "image/heic"),
        ("批复.docx", packed("word/document.xml"), None),
        ("老的.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), None),
        ("批复.doc", b"{\\rtf1 x}", None),
        ("说明.txt", "验收合格".encode("gb18030"), "text/plain"),
        ("附件.zip", packed("a.txt"), "application/zip"),
        ("尾巴.pdf", ACCEPTANCE + b"\n" * 3000, "application/pdf"),  # its end does not show: opened to see
    ],
)
def test_a_paper_is_known_by_its_content(reports, cast: Cast, name, data, media_type):
    use = actions.attach(reports[0], paper(data, name), cast.liaison)
    assert media_type in (None, use.evidence.media_type)


@pytest.mark.parametrize("name", ["a\x00b.pdf", "a\r\nb.pdf", "验收\u202efdp.pdf", "x" * 400 + ".pdf", " .pdf"])
def test_signs_in_a_name_that_nobody_sees_are_left_out(reports, cast: Cast, name):
    evidence = actions.attach(reports[0], paper(name=name), cast.liaison).evidence
    assert evidence.name.isprintable() and evidence.name.endswith(".pdf") and len(evidence.name) <= 255


def test_a_name_cannot_lead_elsewhere(reports, cast: Cast):
    use = actions.attach(reports[0], paper(name="../../etc/..\\验收.pdf"), cast.liaison)
    assert use.evidence.name == "验收.pdf" and use.evidence.file.name.startswith("evidence/")


def test_a_full_disk_costs_the_file_and_nothing_else(reports, cast: Cast, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(actions.files, "keep", full)
    with pytest.raises(ValidationError, match="磁盘已满"):
        actions.attach(reports[0], paper(), cast.liaison)
    assert not Evidence.objects.exists()


def test_strangers_and_settled_reports(reports, cast: Cast):
    with pytest.raises(PermissionDenied):
        actions.attach(reports[0], paper(), cast.outsider)
    use = actions.attach(reports[0], paper(), cast.liaison)
    save_draft(reports[0], {"progress": Change(None, "已完成")}, cast.liaison)
    submit([reports[0]], cast.head)
    for act in (
        lambda: actions.attach(reports[0], letter("二.pdf", ["另一份"]), cast.liaison),
        lambda: actions.detach(use, cast.liaison),
        lambda: actions.use_again(use.evidence, [reports[0]], cast.liaison),
    ):
        with pytest.raises(ValidationError, match="已经报送"):
            act()
    assert EvidenceUse.objects.filter(report=reports[0]).count() == 1


def test_a_picture_saved_anew_is_known_again(reports, cast: Cast):
    prints = [
        actions.fingerprint(SimpleUploadedFile("a", data))
        for data in (picture(3), picture(3, quality=40), picture(3, kind="PNG"), picture(8), b"no picture")
    ]
    assert actions.alike(prints[0], prints[1]) and actions.alike(prints[0], prints[2])
    assert not actions.alike(prints[0], prints[3]) and prints[4] == "" and not actions.alike("", "")
    blank = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(blank, "PNG")
    plain = actions.fingerprint(SimpleUploadedFile("b", blank.getvalue()))
    assert not actions.alike(plain, plain)
