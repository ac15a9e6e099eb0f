"""What can be done to documents: receive, correct, take back, confirm. Rows and history in one transaction."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi import reading as reader
from luoshi.documents import corrections
from luoshi.documents.corrections import Change
from luoshi.documents.keyed import Book, keyed
from luoshi.documents.models import Correction, Document, Reading, stored_as
from luoshi.people import history
from luoshi.people.models import Government, HistoryHead, User
from luoshi.people.permissions import may_correct, may_upload, require
from luoshi.reading.errors import ReadingError

log = logging.getLogger(__name__)

LENGTHS = {field.name: field.max_length or 0 for field in Document._meta.concrete_fields}
CHUNK = 1024 * 1024
NUL, REPLACEMENT = "\x00", "\ufffd"  # PostgreSQL keeps no NUL; one for one, so that spans stay


@dataclass(frozen=True)
class Received:
    """What came of an upload: the document, and whether these bytes were already there under it."""

    document: Document
    already: bool


@dataclass(frozen=True)
class Edit:
    """A correction as asked for; see ``documents.corrections`` for operations, paths and ``after``."""

    operation: str
    path: str
    after: Any = None
    why: str = ""


# -- receiving ---------------------------------------------------------------------------------------------------------


def receive(file: File[bytes], by: User, government: Government) -> Received:
    """Keep an uploaded file by its digest and read it at once.

    The same bytes again lead to the first document (``already``); one that could not be read is then tried again.
    Raises ValidationError for an empty or too large file, PermissionDenied.
    """
    require(may_upload, by, government)
    name = (file.name or _("未命名")).replace("\\", "/").rsplit("/", 1)[-1][-255:]
    _check_size(file, name)
    digest = _digest(file)
    document = Document.objects.filter(government=government, digest=digest).first()
    already = document is not None
    if document is None:
        document, already = _keep(file, name, digest, by, government)
    if not already or document.state in (Document.State.FAILED, Document.State.RECEIVED):
        read(document, by)
    return Received(document, already)


def _check_size(file: File[bytes], name: str) -> None:
    if not file.size:
        raise ValidationError(_("“%(name)s”是空文件，请检查后重新上传。") % {"name": name})
    if file.size > settings.LUOSHI_UPLOAD_LIMIT:
        limit = settings.LUOSHI_UPLOAD_LIMIT // (1024 * 1024)
        message = _("“%(name)s”超过 %(limit)d MB，请压缩图片或拆分后再上传。")
        raise ValidationError(message % {"name": name, "limit": limit})


def _digest(file: File[bytes]) -> str:
    sha = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        sha.update(chunk)
    file.seek(0)
    return sha.hexdigest()


def _keep(file: File[bytes], name: str, digest: str, by: User, government: Government) -> tuple[Document, bool]:
    document = Document(
        government=government, name=name, size=file.size, digest=digest, uploaded_by=by, uploaded_at=timezone.now()
    )
    path = stored_as(document, name)
    document.file.name = path if default_storage.exists(path) else default_storage.save(path, file)
    try:
        with transaction.atomic():
            document.save()
            history.write(government, by, "document.received", document, {"name": name, "sha256": digest})
    except IntegrityError:  # the same file came twice in the same second
        return Document.objects.get(government=government, digest=digest), True
    return document, False


def read(document: Document, by: User) -> Reading | None:
    """Read the file and keep the ledger; None where it cannot be read, with the reason in ``document.error``.

    Raises ValidationError for a document that was corrected or adopted: its reading is in use.
    """
    require(may_upload, by, document.government)
    if document.state == Document.State.ADOPTED or Correction.objects.filter(reading__document=document).exists():
        raise ValidationError(_("这份文件已有更正或已立账，不能重新识读。"))
    started = time.monotonic()
    try:
        with document.file.open("rb") as stream:
            ledger = reader.read(stream.read(), name=document.name)
    except ReadingError as error:
        _fail(document, by, str(error))
        return None
    except Exception:
        # Any bug of the reader must cost one document, not the office's whole upload.
        log.exception("reading document %s failed", document.pk)
        _fail(document, by, _("识读时程序出错，已记入日志；请把文件交给管理员。"))
        return None
    plain = _storable(msgspec.to_builtins(ledger))
    return _store(document, by, plain, round((time.monotonic() - started) * 1000))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(NUL, REPLACEMENT)
    if isinstance(value, dict):
        return {k: _storable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(v) for v in value]
    return value


@transaction.atomic
def _store(document: Document, by: User, ledger: dict[str, Any], milliseconds: int) -> Reading:
    made = Reading.objects.create(
        document=document, at=timezone.now(), reader=ledger["reader"], milliseconds=milliseconds, ledger=ledger
    )
    document.state, document.error = Document.State.READ, ""
    document.media_type = ledger["source"]["media_type"]
    publish(document, ledger["document"])
    document.save()
    digest = history.digest(history.canonical(ledger), "sha256")
    history.write(document.government, by, "document.read", document, {"reader": made.reader, "ledger": digest})
    return made


@transaction.atomic
def _fail(document: Document, by: User, sentence: str) -> None:
    document.state, document.error = Document.State.FAILED, sentence[:500]
    document.save(update_fields=["state", "error"])
    history.write(document.government, by, "document.failed", document, {"error": sentence})


def publish(document: Document, fields: dict[str, Any]) -> None:
    """Take over the 公文要素 as a ledger's document fields have them; the caller saves."""
    for name in ("title", "number", "issuer", "index_number", "publisher", "category", "validity"):
        setattr(document, name, (fields.get(name) or "")[: LENGTHS[name]])
    for name in ("written_on", "signed_on"):
        setattr(document, name, _day(fields.get(name)))
    document.public = fields.get("public")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:  # only a month is given, or nothing
        return None


# -- correcting --------------------------------------------------------------------------------------------------------


@transaction.atomic
def correct(document: Document, edit: Edit, by: User, since: int | None = None) -> Correction:
    """Add one correction and return it.

    ``since`` is the version (``Reading.version()``) that the person was looking at: what others changed after it at the
    same place refuses this one, changes elsewhere do not. None: the newest.
    Raises ValidationError in words where the edit is refused, PermissionDenied.
    """
    reading, made = _open(document, by)
    change = Change(len(made) + 1, edit.operation, edit.path, edit.after)
    if edit.operation in ("undo", "redo"):
        raise ValidationError(_("撤销和重做不是更正的写法。"))
    book = Book(corrections.apply(reading.ledger, [c.as_change() for c in made]))
    _check_conflict(change, made, by, since)
    old = corrections.before(book, change)
    corrections.carry_out(book, change)
    return _append(reading, change, old, by, edit.why)


def _open(document: Document, by: User) -> tuple[Reading, list[Correction]]:
    """The reading and its corrections so far, with the document locked against other correctors."""
    require(may_correct, by, document.government)
    HistoryHead.objects.select_for_update().get(government=document.government_id)
    document.refresh_from_db()
    if document.state not in (Document.State.READ, Document.State.CONFIRMED):
        raise ValidationError(_("“%(state)s”的文件不能再改识读结果。") % {"state": document.get_state_display()})
    reading = document.reading()
    return reading, list(reading.corrections.select_related("refers_to", "who"))


def _check_conflict(change: Change, made: list[Correction], by: User, since: int | None) -> None:
    if since is None:
        return
    first = {c.sequence: c.as_change() for c in made}
    for later in made[since:]:
        other = first[later.refers_to.sequence] if later.refers_to else first[later.sequence]
        if later.who_id != by.pk and corrections.collide(change, other):
            at = timezone.localtime(later.at).strftime("%H:%M")
            message = _("%(who)s在 %(at)s 改过这一处，请看过新的内容再改。")
            raise ValidationError(message % {"who": later.who, "at": at}, code="conflict")


def _append(
    reading: Reading, change: Change, old: Any, by: User, why: str, refers: Correction | None = None
) -> Correction:
    document = reading.document
    made = Correction.objects.create(
        reading=reading,
        sequence=change.sequence,
        operation=change.operation,
        path=change.path,
        before=_storable(old),
        after=_storable(change.after),
        who=by,
        at=timezone.now(),
        why=why[:300],
        refers_to=refers,
    )
    if document.state == Document.State.CONFIRMED:
        document.state = Document.State.READ  # a confirmation holds for what was seen
        document.save(update_fields=["state"])
    content = {
        "sequence": made.sequence,
        "path": made.path,
        "before": made.before,
        "after": made.after,
        "why": made.why,
    }
    if refers:
        content["refers_to"] = refers.sequence
    history.write(document.government, by, f"document.{made.operation}", document, content)
    return made


def undo(document: Document, by: User, sequence: int | None = None) -> Correction:
    """Take back one's own last correction still in force, or the one named, whoever made it.

    Raises ValidationError where there is none, or where later corrections stand on it.
    """
    return _turn(document, by, "undo", sequence)


def redo(document: Document, by: User, sequence: int | None = None) -> Correction:
    """Put back the correction that one took back last, if one has corrected nothing since; or the one named."""
    return _turn(document, by, "redo", sequence)


@transaction.atomic
def _turn(document: Document, by: User, operation: str, sequence: int | None) -> Correction:
    reading, made = _open(document, by)
    target = _choose(made, by, operation, sequence)
    change = Change(len(made) + 1, operation, target.path, None, target.sequence)
    try:
        corrections.apply(reading.ledger, [*(c.as_change() for c in made), change])
    except ValidationError:
        raise ValidationError(_("后面的更正以它为前提，请先撤销后面的。")) from None
    return _append(reading, change, None, by, "", target)


def _choose(made: list[Correction], by: User, operation: str, sequence: int | None) -> Correction:
    standing = {c.sequence for c in corrections.in_force(c.as_change() for c in made)}
    real = [c for c in made if c.refers_to is None]
    if operation == "undo":
        able = [c for c in real if c.sequence in standing]
        own = [c for c in able if c.who_id == by.pk]
        nothing = _("没有可撤销的更正。")
    else:
        able = [c for c in real if c.sequence not in standing]
        own = _taken_back_by(made, by, {c.sequence for c in able})
        nothing = _("没有可重做的更正。")
    chosen = [c for c in able if c.sequence == sequence] if sequence is not None else own[-1:]
    if not chosen:
        raise ValidationError(nothing)
    return chosen[0]


def _taken_back_by(made: list[Correction], by: User, able: set[int]) -> list[Correction]:
    """What the person took back since his last real correction, in the order he took it back."""
    stack: list[Correction] = []
    for each in made:
        if each.who_id != by.pk:
            continue
        if each.refers_to is None:
            stack.clear()
        elif each.operation == Correction.Operation.UNDO and each.refers_to.sequence in able:
            stack.append(each.refers_to)
    return stack


@transaction.atomic
def confirm(document: Document, by: User) -> Document:
    """Declare the reading checked. Raises ValidationError while doubts are open."""
    reading, made = _open(document, by)
    ledger = corrections.apply(reading.ledger, [c.as_change() for c in made])
    refuse_open_doubts(ledger)
    document.state = Document.State.CONFIRMED
    publish(document, ledger["document"])
    document.save()
    history.write(document.government, by, "document.confirmed", document, {"version": len(made)})
    return document


def refuse_open_doubts(ledger: dict[str, Any]) -> None:
    """Raise ValidationError, with their number, while doubts of a confirmed ledger are open."""
    waiting = len(corrections.open_doubts(ledger))
    if waiting:
        raise ValidationError(_("还有 %(n)d 处存疑没有定，请先处理。") % {"n": waiting})


def as_read(reading: Reading) -> dict[str, Any]:
    """The keyed ledger before any correction: what 恢复原读法 goes back to."""
    return keyed(reading.ledger)
