"""The store of received files: whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi.cli import example
from luoshi.documents import actions, files
from luoshi.documents.actions import receive
from luoshi.documents.models import Document
from tests.cast import Cast

DATA = example.document()
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(data: bytes = DATA) -> SimpleUploadedFile:
    return SimpleUploadedFile("分解.txt", data)


def lying(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file())


def place() -> Path:
    return Path(default_storage.path(f"documents/{DIGEST[:2]}/{DIGEST}"))


class Full:
    """A file on a disk with room for so many bytes; it really writes them, as a disk would."""

    def __init__(self, out: BinaryIO, room: int, number: int) -> None:
        self.out, self.room, self.number = out, room, number

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *_: object) -> None:
        self.out.close()

    def write(self, data: bytes) -> int:
        written = self.out.write(data[: self.room])
        self.room -= written
        if written < len(data):
            self.out.flush()
            raise OSError(self.number, os.strerror(self.number))
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self.out, name)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Any:
    real = files._open

    def after(room: int, number: int = errno.ENOSPC) -> None:
        monkeypatch.setattr(files, "_open", lambda draft: Full(real(draft), room, number))
        monkeypatch.setattr(files, "CHUNK", 512)

    return after


@pytest.mark.parametrize("room", [0, 1000, len(DATA) - 1])
def test_a_full_disk_leaves_nothing_and_the_next_upload_is_whole(cast: Cast, store: Path, full, room):
    full(room)
    with pytest.raises(ValidationError) as refused:
        receive(upload(), cast.clerk, cast.county)
    assert refused.value.messages == ["“分解.txt”没有存下：磁盘已满。请告诉管理员腾出空间，再重新上传。"]
    assert lying(store) == [] and not Document.objects.exists()
    full(len(DATA))
    received = receive(upload(), cast.clerk, cast.county)
    assert (received.already, received.document.state) == (False, "read")
    assert place().read_bytes() == DATA


@pytest.mark.parametrize("number, words", [(errno.EACCES, "没有写数据目录的权限"), (errno.EIO, "磁盘出错")])
def test_other_refusals_are_a_sentence_too(cast: Cast, store: Path, full, number, words):
    full(0, number)
    with pytest.raises(ValidationError, match=words):
        receive(upload(), cast.clerk, cast.county)
    assert lying(store) == []


@pytest.mark.parametrize("stump", [b"", DATA[: len(DATA) // 2], DATA[:-1] + b"!"])
def test_a_stump_at_the_address_is_replaced(cast: Cast, store: Path, stump):
    place().parent.mkdir(parents=True)
    place().write_bytes(stump)
    document = receive(upload(), cast.clerk, cast.county).document
    assert document.state == "read"
    assert place().read_bytes() == DATA and lying(store) == [place()]


def test_a_whole_file_is_left_alone_and_only_its_owner_and_group_may_open_it(cast: Cast, store: Path):
    umask = os.umask(0)
    try:
        receive(upload(), cast.clerk, cast.county)
    finally:
        os.umask(umask)
    before = place().stat()
    assert before.st_mode & 0o777 == 0o640
    receive(upload(), cast.outsider, cast.neighbour)
    assert place().stat().st_ino == before.st_ino and lying(store) == [place()]


def test_a_file_that_is_not_the_one_received_is_never_read(cast: Cast):
    """Damaged in the store behind our back: no ledger of it; the same file again puts both right."""
    document = receive(upload(), cast.clerk, cast.county).document
    place().write_bytes(DATA[:1000])
    assert actions.read(document, cast.clerk) is None
    assert (document.state, "已损坏" in document.error) == ("failed", True)
    place().unlink()
    assert actions.read(document, cast.clerk) is None and "打不开" in document.error
    again = receive(upload(), cast.clerk, cast.county)
    assert (again.already, again.read_now, again.document.state) == (True, True, "read")


def test_drafts_of_killed_processes_are_swept_after_a_day(cast: Cast, store: Path):
    place().parent.mkdir(parents=True)
    old, young = place().with_suffix(".1.part"), place().with_suffix(".2.part")
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (1, 1))
    receive(upload(), cast.clerk, cast.county)
    assert lying(store) == sorted([place(), young])
