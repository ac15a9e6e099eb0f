"""One shard: some 250 documents read into one folder of tables, whole or not at all. Runs in a worker, near or far.

OUT/shards/000017/           the finished shard: documents.parquet, tasks.parquet, …, shard.json (its counts)
OUT/shards/.000017.….tmp     a shard being written; nobody looks at it
OUT/trying/000017            at which documents attempts at this shard are, or ended
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import msgspec

from luoshi import __version__
from luoshi.reading.bulk.flat import Row, rows
from luoshi.reading.bulk.sinks import Form, JsonLines, Parquet, sink
from luoshi.reading.errors import CannotOpen, ReadingError
from luoshi.reading.sources import MAX_BYTES

STRIKES = 3  # a document at which that many processes died is not tried again
_RECORD = 65  # a digest in hexadecimal and a line break


class BulkError(ReadingError):
    """The run cannot go on; what is finished stays, and the same call later goes on from there."""


@dataclass(frozen=True)
class Document:
    """One document by its content: digest, and a path where it was found. ``problem``: why there is no digest."""

    sha256: str
    path: str
    problem: str = ""


@dataclass(frozen=True)
class Shard:
    """The documents that one task reads; the number never means other documents."""

    number: int
    documents: tuple[Document, ...]

    @property
    def name(self) -> str:
        return f"{self.number:06d}"


class Outcome(msgspec.Struct, frozen=True):
    """What a finished shard holds: documents read, errors, characters of the documents read."""

    number: int
    documents: int
    errors: int
    characters: int


@dataclass(frozen=True)
class Reading:
    """The work on a shard: ``out`` and ``root`` (which paths start from) must be the same folders for every worker."""

    out: str
    root: str
    form: Form
    reader: str = __version__

    def __call__(self, shard: Shard) -> Outcome:
        """Read a shard; one that is finished is not read again. Raises OSError where the result cannot be written."""
        shards = Path(self.out, "shards")
        final = shards / shard.name
        self._check(shards)
        if final.is_dir():
            return finished(final)
        draft = shards / f".{shard.name}.{platform.node()}-{os.getpid()}-{threading.get_ident()}.tmp"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            with self._noting(shard) as trying, sink(self.form, draft) as to:
                outcome = self._fill(shard, to, trying)
            (draft / "shard.json").write_bytes(msgspec.json.encode(outcome))
            os.replace(draft, final)
        except OSError:
            if not final.is_dir():  # else another worker was quicker with the same documents
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._tried(shard).unlink(missing_ok=True)
        return finished(final)

    def _check(self, shards: Path) -> None:
        if self.reader != __version__:
            raise BulkError(f"计算节点上的 luoshi 是 {__version__}，这边是 {self.reader}。请装成同一版本。")
        if not shards.is_dir():
            raise BulkError(f"计算节点 {platform.node()} 上看不到结果文件夹 {self.out}。请放在各节点共用的磁盘上。")

    def _fill(self, shard: Shard, to: JsonLines | Parquet, trying: Trying) -> Outcome:
        read = errors = characters = 0
        for document in shard.documents:
            found, count = self._one(document, trying)
            for table, row in found:
                to.add(table, row)
            read, errors, characters = read + (count >= 0), errors + (count < 0), characters + max(count, 0)
        return Outcome(shard.number, read, errors, characters)

    def _one(self, document: Document, trying: Trying) -> tuple[list[tuple[str, Row]], int]:
        """All rows of a document and its length in characters; one row of ``errors`` and -1 where it cannot be read."""
        kind = "Problem"
        try:
            if document.problem:
                raise CannotOpen(document.problem)
            trying.note(document)
            return self._read(document)
        except ReadingError as error:
            kind, message = type(error).__name__, str(error)
        except OSError as error:
            kind, message = "CannotOpen", f"打不开：{error.strerror or type(error).__name__}。"
        except Exception as error:  # a fault of the reader costs one document, not the thousands beside it
            kind, message = "Fault", f"识读程序出错（{type(error).__name__}），请报告这份文件。"
        return [("errors", (document.sha256 or None, shown(document.path), kind, message))], -1

    def _read(self, document: Document) -> tuple[list[tuple[str, Row]], int]:
        from luoshi.reading.reader import read

        with open(os.path.join(self.root, document.path), "rb") as file:
            data = file.read(MAX_BYTES + 1)  # one byte too many is enough for the reader to say that it is too large
        if len(data) <= MAX_BYTES and hashlib.sha256(data).hexdigest() != document.sha256:
            raise CannotOpen("文件在清点之后变了。请再运行一次，变了的文件会当作新文件读。")
        path = shown(document.path)
        ledger = read(data, name=os.path.basename(path))
        found = [*rows(ledger, path, len(data))]
        found.append(("ledgers", (document.sha256, path, ledger.to_json(indent=0))))
        return found, ledger.source.characters

    def _tried(self, shard: Shard) -> Path:
        return Path(self.out, "trying", shard.name)

    def attempts(self, shard: Shard) -> int:
        """How many attempts at an unfinished shard came as far as its first document."""
        with suppress(OSError):
            return self._tried(shard).stat().st_size // _RECORD
        return 0

    @contextmanager
    def _noting(self, shard: Shard) -> Iterator[Trying]:
        path = self._tried(shard)
        path.parent.mkdir(exist_ok=True)
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "rb+", buffering=0) as file:
            trying = Trying(file)
            try:
                yield trying
            except BaseException:
                trying.withdraw()
                raise


class Trying:
    """A note of the document in hand, kept outside the process: should it die, the next attempt knows where.

    An attempt writes over its own record, so that what remains of an attempt is the document at which it ended.
    """

    def __init__(self, file: FileIO) -> None:
        before = file.read()
        self._file = file
        self._place = len(before) // _RECORD * _RECORD
        self._ended = Counter(before.decode("ascii", "replace").split())

    def note(self, document: Document) -> None:
        """Say which document comes next. Raises CannotOpen for one at which processes died before."""
        if self._ended[document.sha256] >= STRIKES:
            raise CannotOpen(f"读这份文件时程序意外终止了 {STRIKES} 次（可能内存不足），已跳过。")
        self._write(document.sha256)

    def withdraw(self) -> None:
        """The attempt ends for another reason (a full disk, a stop by hand); no document is to blame."""
        self._write("")

    def _write(self, words: str) -> None:
        self._file.seek(self._place)
        self._file.write(f"{words:{_RECORD - 1}}\n".encode())


def finished(folder: Path) -> Outcome:
    """The counts of a finished shard."""
    return msgspec.json.decode((folder / "shard.json").read_bytes(), type=Outcome)


def shown(path: str) -> str:
    """A path as text: bytes that are no text (a foreign encoding) become the replacement character."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
