"""Evidence: kept once, used often, recognised again, and refused in words where it is no paper."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

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


def paper(data: bytes = b"%PDF-1.4 acceptance", name: str = "验收.pdf") -> SimpleUploadedFile:
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


def test_a_file_is_kept_once_and_supports_many_items(reports, cast: Cast):
    first, second = reports
    use = actions.attach(first, paper(), cast.liaison, kind="acceptance", source="县质监站")
    actions.attach(second, paper(name="再传一次.pdf"), cast.head)
    actions.use_again(use.evidence, [second], cast.liaison)
    assert Evidence.objects.count() == 1 and EvidenceUse.objects.count() == 2
    evidence = Evidence.objects.get()
    assert evidence.digest == hashlib.sha256(b"%PDF-1.4 acceptance").hexdigest()
    assert default_storage.open(str(evidence.file.name)).read() == b"%PDF-1.4 acceptance"
    assert [e.verb for e in history.about(evidence)] == ["evidence.received"]


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("空.pdf", b"", "空文件"),
        ("程序.exe", b"MZ", "不能作佐证"),
        ("网页.html", b"<script>", "不能作佐证"),
        ("没有扩展名", b"x", "不能作佐证"),
    ],
)
def test_what_is_no_paper_is_refused(reports, cast: Cast, name, data, said):
    with pytest.raises(ValidationError, match=said):
        actions.attach(reports[0], paper(data, name), cast.liaison)
    assert not Evidence.objects.exists()


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
        lambda: actions.attach(reports[0], paper(b"%PDF 2"), cast.liaison),
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
