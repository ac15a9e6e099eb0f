"""Receiving, correcting, taking back and confirming, by several people at once."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import msgspec
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction

from luoshi.documents import actions
from luoshi.documents.actions import Edit, confirm, correct, correct_many, receive, redo, undo
from luoshi.documents.keyed import Book
from luoshi.documents.models import Correction, Document, Reading
from luoshi.people import history
from luoshi.people.append_only import AppendOnlyError
from luoshi.people.models import User
from luoshi.reading.errors import CannotOpen
from luoshi.reading.ledger import Ledger
from tests.cast import Cast, assemble
from tests.documents.ledgers import ledger

READ: list[tuple[bytes, str | None]] = []


def hand_made(data: bytes, *, name: str | None = None) -> Ledger:
    """Stands in for the reader, so that these tests know the ledger to the letter."""
    READ.append((data, name))
    if data.startswith(b"broken"):
        raise CannotOpen("文件已损坏，请重新下载后再上传。")
    if data.startswith(b"bug"):
        raise ZeroDivisionError
    return msgspec.convert(ledger(), Ledger)


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch) -> None:
    READ.clear()
    monkeypatch.setattr(actions.reader, "read", hand_made)


@pytest.fixture
def document(cast: Cast) -> Document:
    return receive(upload(), cast.clerk, cast.county).document


def upload(data: bytes = b"text", name: str = "分解.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def sentence(error: pytest.ExceptionInfo[ValidationError]) -> str:
    (text,) = error.value.messages
    return text


def book(document: Document) -> Book:
    return Book(document.reading().confirmed())


# receiving


def test_a_file_is_kept_by_its_digest_and_read(cast: Cast):
    received = receive(upload(b"some text"), cast.clerk, cast.county)
    document = received.document
    assert not received.already
    assert READ == [(b"some text", "分解.txt")]
    assert document.digest == hashlib.sha256(b"some text").hexdigest()
    assert Path(str(document.file.name)).name == document.digest
    assert document.file.open("rb").read() == b"some text"
    assert (document.state, document.media_type, document.number) == ("read", "text/plain", "澜政办发〔2026〕12号")
    assert document.written_on is not None and document.written_on.isoformat() == "2026-03-06"
    assert document.reading().ledger == ledger()
    assert [e.verb for e in history.about(document)] == ["document.received", "document.read"]


def test_the_same_file_again_leads_to_the_first(cast: Cast, document: Document):
    again = receive(upload(name="另一个名字.txt"), cast.second_clerk, cast.county)
    assert (again.document, again.already) == (document, True)
    assert len(READ) == 1
    assert Document.objects.count() == 1


def test_the_neighbour_has_a_document_of_its_own_of_one_file(cast: Cast, document: Document):
    other = receive(upload(), cast.outsider, cast.neighbour)
    assert not other.already
    assert other.document.file.name == document.file.name
    assert len(default_storage.listdir(f"documents/{document.digest[:2]}")[1]) >= 1


@pytest.mark.parametrize(
    "name, kept",
    [("a/b/分解.txt", "分解.txt"), ("C:\\x\\分解.txt", "分解.txt"), ("长" * 300 + ".txt", "长" * 251 + ".txt")],
)
def test_only_the_last_part_of_the_name_is_kept(cast: Cast, name, kept):
    assert receive(File(io.BytesIO(b"text"), name=name), cast.clerk, cast.county).document.name == kept


def test_an_empty_file_is_refused(cast: Cast):
    with pytest.raises(ValidationError) as refused:
        receive(ContentFile(b"", "空.txt"), cast.clerk, cast.county)
    assert "“空.txt”是空文件" in sentence(refused)
    assert not Document.objects.exists()


def test_too_large_a_file_is_refused(cast: Cast, settings):
    settings.LUOSHI_UPLOAD_LIMIT = 1024 * 1024
    with pytest.raises(ValidationError) as refused:
        receive(upload(b"x" * (1024 * 1024 + 1)), cast.clerk, cast.county)
    assert "超过 1 MB" in sentence(refused)


@pytest.mark.parametrize("data, words", [(b"broken", "已损坏"), (b"bug", "程序出错")])
def test_what_cannot_be_read_says_why_and_may_be_tried_again(cast: Cast, monkeypatch, data, words):
    document = receive(upload(data), cast.clerk, cast.county).document
    assert (document.state, words in document.error) == ("failed", True)
    with pytest.raises(Reading.DoesNotExist):
        document.reading()
    with pytest.raises(ValidationError):
        correct(document, Edit("confirm", "t1", True), cast.clerk)
    monkeypatch.setattr(actions.reader, "read", lambda data, name: msgspec.convert(ledger(), Ledger))
    again = receive(upload(data), cast.clerk, cast.county)
    assert again.already and again.document.state == "read" and again.document.error == ""


def test_characters_that_postgresql_cannot_keep_are_replaced_one_for_one(cast: Cast, monkeypatch):
    read = ledger()
    read["blocks"][2]["text"] = "\x00" + read["blocks"][2]["text"][1:]
    monkeypatch.setattr(actions.reader, "read", lambda data, name: msgspec.convert(read, Ledger))
    document = receive(upload(), cast.clerk, cast.county).document
    text = document.reading().ledger["blocks"][2]["text"]
    assert text == "\ufffd" + read["blocks"][2]["text"][1:]


@pytest.mark.parametrize("who", ["liaison", "leader", "auditor", "outsider", "nobody"])
def test_only_the_office_receives_and_corrects(cast: Cast, document: Document, who):
    user = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        receive(upload(b"other"), user, cast.county)
    for act in (confirm, undo, redo):
        with pytest.raises(PermissionDenied):
            act(document, user)
    with pytest.raises(PermissionDenied):
        correct(document, Edit("confirm", "t1", True), user)


def test_two_who_upload_one_file_at_once_get_one_document(transactional_db):
    cast = assemble()
    results: list[object] = []

    def work(user: User) -> None:
        try:
            results.append(receive(upload(b"twice"), user, cast.county).document.pk)
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(user,)) for user in (cast.clerk, cast.second_clerk)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [Document.objects.get().pk] * 2
    assert history.verify_history(cast.county) == []


# correcting


def test_a_correction_says_who_what_and_why(cast: Cast, document: Document):
    made = correct(document, Edit("set", "t1.g1/value", "15", "原件第二页"), cast.clerk)
    assert (made.sequence, made.before, made.after, made.who, made.why) == (1, 12.0, "15", cast.clerk, "原件第二页")
    assert book(document).find("t1.g1")["value"] == 15.0
    assert document.reading().ledger == ledger()
    entry = history.about(document).last()
    assert entry is not None and entry.verb == "document.set" and "原件第二页" in entry.content


def test_a_refused_correction_leaves_nothing(cast: Cast, document: Document):
    before = history.about(document).count()
    with pytest.raises(ValidationError):
        correct(document, Edit("set", "t1.g1/value", "许多"), cast.clerk)
    assert not Correction.objects.exists()
    assert history.about(document).count() == before


def test_two_people_at_different_places_both_succeed(cast: Cast, document: Document):
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk, since=0)
    correct(document, Edit("set", "t2/title", "乙"), cast.second_clerk, since=0)
    correct(document, Edit("set", "t1/deadline", "2026-09"), cast.second_clerk, since=0)
    task = book(document).find("t1")
    assert (task["title"], task["deadline"]) == ("甲", "2026-09")


@pytest.mark.parametrize(
    "first, second",
    [
        (Edit("set", "t1/title", "甲"), Edit("set", "t1/title", "乙")),
        (Edit("remove", "t1"), Edit("set", "t1.g1/value", 3)),
        (Edit("merge", "t1", {"with": "t2"}), Edit("set", "t2/title", "乙")),
        (Edit("confirm_doubt", "q1", {"answer": "一家"}), Edit("confirm_doubt", "q1", {"answer": "两家"})),
    ],
)
def test_the_second_at_one_place_is_told_who_was_first(cast: Cast, document: Document, first, second):
    correct(document, first, cast.clerk, since=0)
    with pytest.raises(ValidationError) as refused:
        correct(document, second, cast.second_clerk, since=0)
    assert "江晓帆在" in sentence(refused)
    assert refused.value.code == "conflict"


def test_who_has_seen_the_change_may_change_it_again(cast: Cast, document: Document):
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk, since=0)
    correct(document, Edit("set", "t1/title", "乙"), cast.second_clerk, since=1)
    assert book(document).find("t1")["title"] == "乙"


def test_an_undo_by_another_is_a_change_too(cast: Cast, document: Document):
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    undo(document, cast.clerk)
    with pytest.raises(ValidationError, match="江晓帆"):
        correct(document, Edit("set", "t1/title", "乙"), cast.second_clerk, since=1)


def test_undo_takes_back_ones_own_last_and_redo_puts_it_back(cast: Cast, document: Document):
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    correct(document, Edit("set", "t1/title", "乙"), cast.clerk)
    correct(document, Edit("set", "t2/title", "丙"), cast.second_clerk)
    titles = []
    for act in (undo, undo, redo, redo, undo):
        act(document, cast.clerk)
        titles.append(book(document).find("t1")["title"])
    assert titles == ["甲", None, "甲", "乙", "甲"]
    assert book(document).find("t2")["title"] == "丙"
    assert document.reading().version() == 8


def test_nothing_to_undo_or_redo_is_said(cast: Cast, document: Document):
    with pytest.raises(ValidationError, match="没有可撤销"):
        undo(document, cast.clerk)
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    with pytest.raises(ValidationError, match="没有可重做"):
        redo(document, cast.clerk)
    undo(document, cast.clerk)
    correct(document, Edit("set", "t1/title", "乙"), cast.clerk)
    with pytest.raises(ValidationError, match="没有可重做"):
        redo(document, cast.clerk)  # a new correction closes what was taken back


def test_what_others_build_on_is_not_undone(cast: Cast, document: Document):
    made = correct(document, Edit("insert", "t1/units", {"value": {"name": "县教育局", "role": "support"}}), cast.clerk)
    correct(document, Edit("set", "t1.uc1/role", "joint"), cast.second_clerk)
    with pytest.raises(ValidationError, match="先撤销后面的"):
        undo(document, cast.clerk)
    undo(document, cast.second_clerk)
    undo(document, cast.second_clerk, sequence=made.sequence)
    assert len(book(document).find("t1")["units"]) == 2


def test_undo_itself_cannot_be_typed_in(cast: Cast, document: Document):
    with pytest.raises(ValidationError):
        correct(document, Edit("undo", "t1"), cast.clerk)


def test_corrections_only_grow(cast: Cast, document: Document):
    made = correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    for row in (made, document.reading()):
        with pytest.raises(AppendOnlyError):
            row.save()
        with pytest.raises(AppendOnlyError):
            row.delete()
    for table in ("documents_correction", "documents_reading"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_the_confirmed_ledger_costs_two_queries(cast: Cast, document: Document, django_assert_num_queries):
    for n in range(5):
        correct(document, Edit("set", "t1/title", str(n)), cast.clerk)
    with django_assert_num_queries(2):
        document.reading().confirmed()


# confirming


def test_confirming_waits_for_every_doubt(cast: Cast, document: Document):
    with pytest.raises(ValidationError, match="还有 2 处存疑"):
        confirm(document, cast.clerk)
    correct(document, Edit("confirm_doubt", "q1", {"answer": "两家", "like": True}), cast.clerk)
    assert confirm(document, cast.clerk).state == "confirmed"


def test_a_correction_after_confirmation_opens_it_again(cast: Cast, document: Document):
    correct(document, Edit("confirm_doubt", "q1", {"answer": "两家", "like": True}), cast.clerk)
    correct(document, Edit("set", "document/number", "澜政办发〔2026〕13号"), cast.clerk)
    confirm(document, cast.clerk)
    assert document.number == "澜政办发〔2026〕13号"
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    document.refresh_from_db()
    assert document.state == "read"


def test_a_corrected_document_is_not_read_anew(cast: Cast, document: Document):
    assert actions.read(document, cast.clerk) is not None
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    with pytest.raises(ValidationError, match="不能重新识读"):
        actions.read(document, cast.clerk)


def test_all_of_it_stands_in_one_whole_history(cast: Cast, document: Document):
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    undo(document, cast.clerk)
    redo(document, cast.clerk)
    correct(document, Edit("confirm_doubt", "q1", {"answer": "两家", "like": True}), cast.clerk)
    confirm(document, cast.clerk)
    assert [e.verb.removeprefix("document.") for e in history.about(document)] == [
        "received", "read", "set", "undo", "redo", "confirm_doubt", "confirmed",
    ]  # fmt: skip
    assert history.verify_history(cast.county) == []


def test_many_corrections_are_all_kept_or_none(document: Document, cast: Cast):
    good = Edit("set", "t1.g1", {"value": 900})
    with pytest.raises(ValidationError):
        correct_many(document, [good, Edit("set", "t1.g1", {"value": "很多"})], cast.clerk)
    assert Correction.objects.count() == 0
    made = correct_many(document, [good, Edit("confirm", "t1", True)], cast.clerk)
    assert [(c.sequence, c.batch) for c in made] == [(1, 1), (2, 1)]
    (alone,) = correct_many(document, [Edit("confirm", "t1", False)], cast.clerk)
    assert alone.batch is None and correct_many(document, [], cast.clerk) == []
    with pytest.raises(ValidationError):  # a colleague looked at the version before
        correct_many(document, [Edit("set", "t1.g1", {"value": 1})], cast.second_clerk, since=0)
    assert history.verify_history(cast.county) == []


def test_a_stroke_is_taken_back_and_put_back_whole_and_again(document: Document, cast: Cast):
    def state() -> tuple[float, bool]:
        task = document.reading().confirmed()["plans"][0]["sections"][0]["tasks"][0]
        return task["targets"][0]["value"], task["checked"]

    before = state()
    correct_many(document, [Edit("set", "t1.g1", {"value": 900}), Edit("confirm", "t1", True)], cast.clerk)
    for _ in range(2):
        assert state() == (900, True)
        undo(document, cast.clerk)
        assert state() == before
        redo(document, cast.clerk)
    actions.take_back(document, cast.clerk, [1])
    assert state() == (before[0], True)
    undo(document, cast.clerk)
    assert state() == before
    redo(document, cast.clerk)
    assert state() == (before[0], True)
