"""Evidence: a file received once and put beside as many reports as it supports; the digest of its bytes is on record."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from luoshi.documents import files
from luoshi.people import history
from luoshi.people.models import HistoryHead, User
from luoshi.people.permissions import may_report, require
from luoshi.plans.models import Deliverable, Target
from luoshi.progress import papers
from luoshi.progress.models import Evidence, EvidenceUse, Report, evidence_path
from luoshi.progress.report_actions import locked

log = logging.getLogger(__name__)

LIKE = 6  # bits of 64 in which two fingerprints of one picture may differ
# What a phone, an office suite and a scanner give; programs and pages that a browser would run are not evidence.
KINDS = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "heic": "image/heic", "tif": "image/tiff", "tiff": "image/tiff", "bmp": "image/bmp", "ofd": "application/ofd",
    "doc": "application/msword", "wps": "application/vnd.ms-works", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "et": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "txt": "text/plain", "zip": "application/zip",
}  # fmt: skip
INLINE = {"application/pdf", "image/jpeg", "image/png", "image/webp"}


def attach(
    report: Report,
    file: File[bytes],
    by: User,
    *,
    kind: str = Evidence.Kind.OTHER,
    dated: date | None = None,
    source: str = "",
    target: Target | None = None,
    deliverable: Deliverable | None = None,
    at: datetime | None = None,
) -> EvidenceUse:
    """Receive a file and put it beside a report (and one target or deliverable of it). The same bytes are kept once.

    Raises ValidationError for an empty, too large or unfit file and where the disk does not take it; PermissionDenied.
    """
    require(may_report, by, report)
    name = _plain_name(file.name)
    media_type = _fit(file, name)
    if kind not in Evidence.Kind.values:
        raise ValidationError(_("没有“%(kind)s”这类材料。") % {"kind": kind})
    digest = files.digest_of(file.chunks(files.CHUNK))
    evidence = Evidence(
        government=report.government, unit=report.unit, name=name, size=file.size, media_type=media_type, digest=digest,
        kind=kind, dated=dated, source=source[:100], by=by, at=at or timezone.now(),
    )  # fmt: skip
    evidence.file.name = evidence_path(evidence, name)
    evidence.likeness = fingerprint(file) if media_type.startswith("image/") else ""
    try:
        files.keep(file, digest, evidence.file.name)
    except OSError as error:
        log.error("evidence could not be stored: %s", error)
        raise ValidationError(files.not_stored(error, name)) from None
    with transaction.atomic():
        row = locked(report)
        _refuse_settled(row)
        HistoryHead.objects.select_for_update().get(government=row.unit.government_id)
        first = Evidence.objects.filter(unit=report.unit, digest=digest).first()
        if first is None:
            evidence.save()
            said = {"name": name, "sha256": digest, "kind": kind, "report": report.pk}
            history.write(report.government, by, "evidence.received", evidence, said, at=at, rows=[evidence])
        return _use(first or evidence, row, by, target, deliverable, at)


@transaction.atomic
def use_again(
    evidence: Evidence,
    reports: Sequence[Report],
    by: User,
    *,
    target: Target | None = None,
    deliverable: Deliverable | None = None,
    at: datetime | None = None,
) -> list[EvidenceUse]:
    """Put a file that is there beside more reports of the same unit. Raises ValidationError for another unit's."""
    made = []
    for report in sorted(reports, key=lambda r: r.pk):
        row = locked(report)
        require(may_report, by, row)
        _refuse_settled(row)
        if evidence.unit_id != row.unit_id:
            raise ValidationError(_("只能引用本单位的材料。"))
        made.append(_use(evidence, row, by, target, deliverable, at))
    return made


@transaction.atomic
def detach(use: EvidenceUse, by: User, *, at: datetime | None = None) -> None:
    """Take a file away from a report that is not submitted; the file itself stays."""
    row = locked(use.report)
    require(may_report, by, row)
    _refuse_settled(row)
    EvidenceUse.objects.filter(pk=use.pk).delete()
    said = {"evidence": use.evidence.name, "sha256": use.evidence.digest}
    history.write(row.unit.government, by, "evidence.detached", row, said, at=at, rows=[use])


def _refuse_settled(report: Report) -> None:
    if report.state in (Report.State.SUBMITTED, Report.State.ACCEPTED):
        raise ValidationError(_("报告已经报送，材料不能再增减；要改请先撤回。"))


def _use(
    evidence: Evidence,
    report: Report,
    by: User,
    target: Target | None,
    deliverable: Deliverable | None,
    at: datetime | None,
) -> EvidenceUse:
    for part in (target, deliverable):
        if part is not None and part.task_id != report.task_id:
            raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    made, new = EvidenceUse.objects.get_or_create(
        evidence=evidence, report=report, target=target, deliverable=deliverable
    )
    if new:
        said = {"evidence": evidence.name, "sha256": evidence.digest}
        history.write(report.unit.government, by, "evidence.used", report, said, at=at, rows=[made])
    return made


def _plain_name(name: str | None) -> str:
    """The name without folders, and without signs that nobody sees (line ends, NUL, marks that turn the writing round)."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[-255:].strip() or _("未命名")


def _fit(file: File[bytes], name: str) -> str:
    """The media type: by the name's ending, where such files are taken and the content is what the ending says."""
    if not file.size:
        raise ValidationError(_("“%(name)s”是空文件，请检查后重新上传。") % {"name": name})
    if file.size > settings.LUOSHI_UPLOAD_LIMIT:
        limit = settings.LUOSHI_UPLOAD_LIMIT // (1024 * 1024)
        raise ValidationError(
            _("“%(name)s”超过 %(limit)d MB，请压缩图片或拆分后再上传。") % {"name": name, "limit": limit}
        )
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in KINDS:
        raise ValidationError(_("“%(name)s”不能作佐证：请传 PDF、图片、Word、Excel、OFD 或压缩包。") % {"name": name})
    try:
        file.seek(0)
        found = papers.check(file.read(), name, ending)
    except papers.NoPaper as error:
        raise ValidationError(str(error)) from None
    finally:
        file.seek(0)
    return found or KINDS[ending]


def fingerprint(file: File[bytes]) -> str:
    """A difference hash (64 bits, hexadecimal) of a picture, so that one used before is seen though it was saved anew; ""
    where it cannot be opened or is too large. Each bit says whether a cell of 9 × 8 is brighter than its right neighbour."""
    try:
        file.seek(0)
        with Image.open(io.BytesIO(file.read())) as picture:
            if picture.width * picture.height > papers.PIXELS:
                return ""
            picture.draft("L", (256, 256))
            cells = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    except (OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return ""
    finally:
        file.seek(0)
    bits = [cells[row * 9 + n] > cells[row * 9 + n + 1] for row in range(8) for n in range(8)]
    return f"{sum(bit << n for n, bit in enumerate(bits)):016x}"


def alike(one: str, other: str) -> bool:
    """Whether two fingerprints are of one picture. A plain surface (all bits alike) says nothing."""
    if not (one and other) or {one, other} & {"0" * 16, "f" * 16}:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= LIKE
