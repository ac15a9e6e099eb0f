"""What can be done to documents: receive, correct, take back, confirm. Rows and history in one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi import reading as reader
from luoshi.documents import corrections, files
from luoshi.documents.corrections import Change
from luoshi.documents.keyed import Book, keyed
from luoshi.documents.models import Correction, Document, Reading, stored_as
from luoshi.people import history
from luoshi.people.models import Government, HistoryHead, User
from luoshi.people.permissions import may_correct, may_upload, require
from luoshi.reading.errors import ReadingError

log = logging.getLogger(__name__)

LENGTHS = {field.name: field.max_length or 0 for field in Document._meta.concrete_fields}
NUL, REPLACEMENT = "\x00", "\ufffd"  # PostgreSQL keeps no NUL; one for one, so that spans stay


@dataclass(frozen=True)
class Received:
    """What came of an upload: the document, whether these bytes were already there under it, and whether read now."""

    document: Document
    already: bool
    read_now: bool = True


class PutOff(Exception):
    """What a watcher of ``reading.sources.watching`` raises to have a scan read later: the document stays as it is."""


@dataclass(frozen=True)
class Edit:
    """A correction as asked for; see ``documents.corrections`` for operations, paths and ``after``."""

    operation: str
    path: str
    after: Any = None
    why: str = ""


# -- receiving ---------------------------------------------------------------------------------------------------------


def receive(file: File[bytes], by: User, government: Government, *, at: datetime | None = None) -> Received:
    """Keep an uploaded file by its digest and read it at once. ``at``: when, now where it is not said.

    The same bytes again lead to the first document (``already``); one that was not read is then tried again, and a
    damaged file in the store replaced. Raises ValidationError for an empty or too large file and where the disk does not
    take it, PermissionDenied.
    """
    require(may_upload, by, government)
    name = (file.name or _("未命名")).replace("\\", "/").rsplit("/", 1)[-1][-255:]
    _check_size(file, name)
    try:
        document, already = _keep(file, name, by, government, at)
    except OSError as error:
        log.error("an upload could not be stored: %s", error)
        raise ValidationError(files.not_stored(error, name)) from None
    pending = document.state in (Document.State.FAILED, Document.State.RECEIVED)
    if pending:
        read(document, by, at=at)
    return Received(document, already, pending)


def _check_size(file: File[bytes], name: str) -> None:
    if not file.size:
        raise ValidationError(_("“%(name)s”是空文件，请检查后重新上传。") % {"name": name})
    if file.size > settings.LUOSHI_UPLOAD_LIMIT:
        limit = settings.LUOSHI_UPLOAD_LIMIT // (1024 * 1024)
        message = _("“%(name)s”超过 %(limit)d MB，请压缩图片或拆分后再上传。")
        raise ValidationError(message % {"name": name, "limit": limit})


def _keep(file: File[bytes], name: str, by: User, government: Government, at: datetime | None) -> tuple[Document, bool]:
    """The document of these bytes, and whether it was there before. The file comes first: no document without it."""
    digest = files.digest_of(file.chunks(files.CHUNK))
    moment = at or timezone.now()
    document = Document(
        government=government, name=name, size=file.size, digest=digest, uploaded_by=by, uploaded_at=moment
    )
    document.file.name = stored_as(document, name)
    files.keep(file, digest, document.file.name)
    first = Document.objects.filter(government=government, digest=digest).first()
    if first:
        return first, True
    try:
        with transaction.atomic():
            document.save()
            said = {"name": name, "sha256": digest}
            history.write(government, by, "document.received", document, said, at=at, rows=[document])
    except IntegrityError:  # the same file came twice in the same second
        return Document.objects.get(government=government, digest=digest), True
    return document, False


def read(document: Document, by: User, *, at: datetime | None = None) -> Reading | None:
    """Read the file and keep the ledger; None where it cannot be read, with the reason in ``document.error``, or where
    whoever watches put it off.

    Raises ValidationError for a document that was corrected or adopted: its reading is in use.
    """
    require(may_upload, by, document.government)
    if document.state == Document.State.ADOPTED or Correction.objects.filter(reading__document=document).exists():
        raise ValidationError(_("这份文件已有更正或已立账，不能重新识读。"))
    started = time.monotonic()
    try:
        ledger = reader.read(files.content(str(document.file.name), document.digest), name=document.name)
    except ReadingError as error:
        fail(document, by, str(error), at=at)
        return None
    except PutOff:
        return None
    except Exception:
        # Any bug of the reader must cost one document, not the office's whole upload.
        log.exception("reading document %s failed", document.pk)
        fail(document, by, _("识读时程序出错，已记入日志；请把文件交给管理员。"), at=at)
        return None
    plain = _storable(msgspec.to_builtins(ledger))
    return _store(document, by, plain, round((time.monotonic() - started) * 1000), at)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(NUL, REPLACEMENT)
    if isinstance(value, dict):
        return {k: _storable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(v) for v in value]
    return value


@transaction.atomic
def _store(document: Document, by: User, ledger: dict[str, Any], milliseconds: int, at: datetime | None) -> Reading:
    made = Reading.objects.create(
        document=document, at=at or timezone.now(), reader=ledger["reader"], milliseconds=milliseconds, ledger=ledger
    )
    document.state, document.error = Document.State.READ, ""
    document.media_type = ledger["source"]["media_type"]
    publish(document, ledger["document"])
    document.save()
    digest = history.digest(history.canonical(ledger), "sha256")
    said = {"reader": made.reader, "ledger": digest}
    history.write(document.government, by, "document.read", document, said, at=at, rows=[made, document])
    return made


@transaction.atomic
def fail(document: Document, by: User, sentence: str, *, at: datetime | None = None) -> None:
    """Keep that a document could not be read, and why."""
    document.state, document.error = Document.State.FAILED, sentence[:500]
    document.save(update_fields=["state", "error"])
    history.write(document.government, by, "document.failed", document, {"error": sentence}, at=at, rows=[document])


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


@dataclass(frozen=True)
class _Step:
    """A correction about to be written: the change, what stood there, why, and for undo and redo the one it turns."""

    change: Change
    before: Any = None
    why: str = ""
    refers: Correction | None = None


def correct(
    document: Document, edit: Edit, by: User, since: int | None = None, *, at: datetime | None = None
) -> Correction:
    """Add one correction and return it.

    ``since`` is the version (``Reading.version()``) that the person was looking at: what others changed after it at the
    same place refuses this one, changes elsewhere do not. None: the newest.
    Raises ValidationError in words where the edit is refused, PermissionDenied.
    """
    return correct_many(document, [edit], by, since, at=at)[0]


@transaction.atomic
def correct_many(
    document: Document, edits: Sequence[Edit], by: User, since: int | None = None, *, at: datetime | None = None
) -> list[Correction]:
    """Add corrections in one stroke: all or none, one entry of the history, and one undo takes them all back.

    As ``correct``; the ledger is made once and the rows are written together, however many there are.
    """
    reading, made = _open(document, by)
    book = Book(corrections.apply(reading.ledger, [c.as_change() for c in made]))
    others = _later_of_others(made, by, since)
    steps = []
    for sequence, edit in enumerate(edits, start=len(made) + 1):
        change = Change(sequence, edit.operation, edit.path, edit.after)
        if edit.operation in ("undo", "redo"):
            raise ValidationError(_("撤销和重做不是更正的写法。"))
        _check_conflict(change, others)
        steps.append(_Step(change, corrections.before(book, change), edit.why))
        corrections.carry_out(book, change)
    return _append(reading, steps, by, at)


def _open(document: Document, by: User) -> tuple[Reading, list[Correction]]:
    """The reading and its corrections so far, with the document locked against other correctors."""
    require(may_correct, by, document.government)
    HistoryHead.objects.select_for_update().get(government=document.government_id)
    document.refresh_from_db()
    if document.state not in (Document.State.READ, Document.State.CONFIRMED):
        raise ValidationError(_("“%(state)s”的文件不能再改识读结果。") % {"state": document.get_state_display()})
    reading = document.reading()
    return reading, reading.made()


def _later_of_others(made: list[Correction], by: User, since: int | None) -> list[tuple[Correction, Change]]:
    """What others corrected after the version ``since``, with the change that it made, took back or put back."""
    if since is None:
        return []
    first = {c.sequence: c.as_change() for c in made}
    own = (c for c in made[since:] if c.who_id != by.pk)
    return [(c, first[c.refers_to.sequence if c.refers_to else c.sequence]) for c in own]


def _check_conflict(change: Change, others: list[tuple[Correction, Change]]) -> None:
    for later, other in others:
        if corrections.collide(change, other):
            at = timezone.localtime(later.at).strftime("%H:%M")
            message = _("%(who)s在 %(at)s 改过这一处，请看过新的内容再改。")
            raise ValidationError(message % {"who": later.who, "at": at}, code="conflict")


def _append(reading: Reading, steps: Sequence[_Step], by: User, at: datetime | None = None) -> list[Correction]:
    """Write the corrections of one stroke, and its entry in the history."""
    now, document = at or timezone.now(), reading.document
    made = [
        Correction(
            reading=reading,
            sequence=step.change.sequence,
            batch=steps[0].change.sequence if len(steps) > 1 else None,
            operation=step.change.operation,
            path=step.change.path,
            before=_storable(step.before),
            after=_storable(step.change.after),
            who=by,
            at=now,
            why=_storable(step.why)[:300],
            refers_to=step.refers,
        )
        for step in steps
    ]
    Correction.objects.bulk_create(made)
    if made and document.state == Document.State.CONFIRMED:
        document.state = Document.State.READ  # a confirmation holds for what was seen
        document.save(update_fields=["state"])
    if len(made) == 1:
        said, verb = _recorded(made[0]), f"document.{made[0].operation}"
        history.write(document.government, by, verb, document, said, at=at, rows=[*made, document])
    elif made:
        _record_stroke(document, made, by, at)
    return made


def _recorded(made: Correction) -> dict[str, Any]:
    content = {
        "sequence": made.sequence,
        "path": made.path,
        "before": made.before,
        "after": made.after,
        "why": made.why,
    }
    return content | ({"refers_to": made.refers_to.sequence} if made.refers_to else {})


def _record_stroke(document: Document, made: list[Correction], by: User, at: datetime | None) -> None:
    """One entry for many corrections: where they are, and a digest of all that they say."""
    said = [{**_recorded(each), "operation": each.operation} for each in made]
    content = {
        "sequences": [made[0].sequence, made[-1].sequence],
        "places": [each.path for each in made],
        "corrections": history.digest(history.canonical(said), "sha256"),
    }
    history.write(document.government, by, "document.stroke", document, content, at=at, rows=[*made, document])


def undo(document: Document, by: User, sequence: int | None = None) -> Correction:
    """Take back one's own last correction still in force, or the one named, whoever made it, with all of its stroke.

    Raises ValidationError where there is none, or where later corrections stand on it.
    """
    return _turn(document, by, "undo", sequence)


def redo(document: Document, by: User, sequence: int | None = None) -> Correction:
    """Put back the correction that one took back last, if one has corrected nothing since; or the one named."""
    return _turn(document, by, "redo", sequence)


@transaction.atomic
def take_back(document: Document, by: User, sequences: Collection[int]) -> list[Correction]:
    """Take back just these corrections, in one stroke. Raises ValidationError where later corrections stand on one."""
    reading, made = _open(document, by)
    return _turned(reading, made, [c for c in reversed(made) if c.sequence in sequences], "undo", by)


@transaction.atomic
def _turn(document: Document, by: User, operation: str, sequence: int | None) -> Correction:
    reading, made = _open(document, by)
    targets = _choose(made, by, operation, sequence)
    return _turned(reading, made, targets[::-1] if operation == "undo" else targets, operation, by)[-1]


def _turned(
    reading: Reading, made: list[Correction], targets: Sequence[Correction], operation: str, by: User
) -> list[Correction]:
    numbered = enumerate(targets, start=len(made) + 1)
    steps = [_Step(Change(n, operation, t.path, None, t.sequence), refers=t) for n, t in numbered]
    try:
        corrections.apply(reading.ledger, [*(c.as_change() for c in made), *(step.change for step in steps)])
    except ValidationError:
        raise ValidationError(_("后面的更正以它为前提，请先撤销后面的。")) from None
    return _append(reading, steps, by)


def _choose(made: list[Correction], by: User, operation: str, sequence: int | None) -> list[Correction]:
    """The corrections to turn, in order: the one meant and those of the same stroke that can be turned with it."""
    standing = {c.sequence for c in corrections.in_force(c.as_change() for c in made)}
    real = [c for c in made if c.refers_to is None]
    if operation == "undo":
        able = [c for c in real if c.sequence in standing]
        own = [c for c in able if c.who_id == by.pk]
        strokes = {c.sequence: c.batch for c in able}
        nothing = _("没有可撤销的更正。")
    else:
        able = [c for c in real if c.sequence not in standing]
        own = _taken_back_by(made, by, {c.sequence for c in able})
        strokes = {c.refers_to.sequence: c.batch for c in made if c.refers_to and c.operation == "undo"}
        nothing = _("没有可重做的更正。")
    chosen = [c for c in able if c.sequence == sequence] if sequence is not None else own[-1:]
    if not chosen:
        raise ValidationError(nothing)
    stroke = strokes[chosen[0].sequence]
    return chosen if stroke is None else [c for c in able if strokes[c.sequence] == stroke]


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
def confirm(document: Document, by: User, *, at: datetime | None = None) -> Document:
    """Declare the reading checked. Raises ValidationError while doubts are open."""
    reading, made = _open(document, by)
    ledger = corrections.apply(reading.ledger, [c.as_change() for c in made])
    refuse_open_doubts(ledger)
    document.state = Document.State.CONFIRMED
    publish(document, ledger["document"])
    document.save()
    said = {"version": len(made)}
    history.write(document.government, by, "document.confirmed", document, said, at=at, rows=[document])
    return document


def refuse_open_doubts(ledger: dict[str, Any]) -> None:
    """Raise ValidationError, with their number, while doubts of a confirmed ledger are open."""
    waiting = len(corrections.open_doubts(ledger))
    if waiting:
        raise ValidationError(_("还有 %(n)d 处存疑没有定，请先处理。") % {"n": waiting})


def as_read(reading: Reading) -> dict[str, Any]:
    """The keyed ledger before any correction: what 恢复原读法 goes back to."""
    return keyed(reading.ledger)
