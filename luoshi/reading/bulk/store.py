"""The folder of results: what was found, which document belongs to which shard, which shards are finished.

    OUT/bulk.json     form and version of the run; another form or version needs another folder
    OUT/files.jsonl   one line a path, only ever appended to: path, bytes, digest, shard
    OUT/shards/       the finished shards (see ``shard``)

A document is its content: a digest is given to one shard, once and for all, before that shard is read. A shard comes into being
whole, under a name of its own. Hence every document stands in the result once, however often runs are stopped, workers die, or
two of them do the same work.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

import msgspec

from luoshi import __version__
from luoshi.reading.bulk.shard import BulkError, Document, Outcome, Shard, finished
from luoshi.reading.bulk.sinks import Form

LAYOUT = "luoshi.bulk/1"
SIZE = 250
_SHARD = re.compile(r"\d{6,}")


class Settings(msgspec.Struct, frozen=True):
    """What all shards of a folder have in common."""

    form: Form
    reader: str
    layout: str = LAYOUT


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A path as it was found. ``modified`` in nanoseconds; ``problem`` instead of a digest where it cannot be opened."""

    path: str
    bytes: int
    modified: int
    sha256: str
    shard: int
    problem: str = ""


class _Known(NamedTuple):
    size: int
    modified: int
    digest: bytes


class Store:
    """One run's hold on a folder of results; only one run at a time may have it. Use as a context manager."""

    def __init__(self, out: Path, form: Form) -> None:
        self.shards = out / "shards"
        self._out = out
        self._paths: dict[str, _Known] = {}
        self._homes: dict[bytes, int] = {}
        self._open: dict[int, dict[str, Document]] = {}
        self._next = 0
        try:
            self.shards.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise BulkError(f"{out} 是一个文件。请用 -o 指定一个文件夹。") from error
        self._lock = _lock(out)
        self._settle(form)
        self._tidy()
        self._log = self._load()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._log.close()
        self._lock.close()

    def _settle(self, form: Form) -> None:
        path, mine = self._out / "bulk.json", Settings(form, __version__)
        if not path.exists():
            draft = path.with_suffix(".tmp")
            draft.write_bytes(msgspec.json.encode(mine) + b"\n")
            os.replace(draft, path)
        there = settings(self._out)
        if there != mine:
            raise BulkError(
                f"{self._out} 里是 luoshi {there.reader} 的 {there.form} 结果，这次是 {mine.reader} 的 {mine.form}。"
                "请换一个结果文件夹。"
            )

    def _tidy(self) -> None:
        for path in self.shards.glob(".*.tmp"):
            shutil.rmtree(path, ignore_errors=True)

    def _load(self) -> IO[bytes]:
        """Take up the log; a last line cut short by a sudden end is cut off."""
        done = {int(path.name) for path in self.shards.iterdir() if _SHARD.fullmatch(path.name)}
        log = open(self._out / "files.jsonl", "ab+")
        log.seek(0)
        whole = 0
        for raw in log:
            if not raw.endswith(b"\n"):
                break
            whole += len(raw)
            self._take(msgspec.json.decode(raw, type=Line), done)
        log.truncate(whole)
        return log

    def _take(self, line: Line, done: set[int]) -> None:
        digest = bytes.fromhex(line.sha256)
        path = _path(line.path)
        self._paths[path] = _Known(line.bytes, line.modified, digest)
        self._next = max(self._next, line.shard + 1)
        if digest:
            self._homes.setdefault(digest, line.shard)
        if line.shard not in done:
            listed = self._open.setdefault(line.shard, {})
            listed.setdefault(line.sha256 or path, Document(line.sha256, path, line.problem))

    def finished(self) -> list[Outcome]:
        """The counts of all finished shards."""
        return [finished(path) for path in sorted(self.shards.iterdir()) if _SHARD.fullmatch(path.name)]

    def unfinished(self) -> Iterator[Shard]:
        """The shards that an earlier run began and did not finish."""
        for number in sorted(self._open):
            yield Shard(number, tuple(self._open[number].values()))

    def new(self, paths: Iterable[str], root: str, size: int = SIZE) -> Iterator[Shard]:
        """Look at files, and give out shards of documents not seen before, each written down before it is given out."""
        remaining = iter(paths)
        while batch := list(islice(remaining, size)):
            number, documents, lines = self._next, [], []
            for path in batch:
                line = self._look(path, root, number)
                if line is None:
                    continue
                lines.append(line)
                if line.shard == number and (line.problem or self._is_first(line)):
                    documents.append(Document(line.sha256, path, line.problem))
            self._log.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
            self._log.flush()
            os.fsync(self._log.fileno())
            if documents:
                self._next += 1
                yield Shard(number, tuple(documents))

    def _is_first(self, line: Line) -> bool:
        digest = bytes.fromhex(line.sha256)
        if digest in self._homes:
            return False
        self._homes[digest] = line.shard
        return True

    def _look(self, path: str, root: str, number: int) -> Line | None:
        """The line of a path; None where nothing is new about it."""
        known = self._paths.get(path)
        full, digest, size, modified, problem = os.path.join(root, path), b"", 0, 0, ""
        try:
            status = os.stat(full)
            size, modified = status.st_size, status.st_mtime_ns
            if known and known == (size, modified, known.digest) and known.digest:
                return None
            digest = _digest(full) if stat.S_ISREG(status.st_mode) else b""
            problem = "" if digest else "不是普通文件。"
        except OSError as error:
            problem = f"打不开：{error.strerror or type(error).__name__}。"
        if known and problem and not known.digest:
            return None
        self._paths[path] = _Known(size, modified, digest)
        home = self._homes.get(digest, number) if digest else number
        return Line(_written(path), size, modified, digest.hex(), home, problem)


def settings(out: Path) -> Settings:
    """Form and version of a folder of results. Raises BulkError where it is none."""
    try:
        return msgspec.json.decode((out / "bulk.json").read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError) as error:
        raise BulkError(f"{out} 不是 luoshi bulk 的结果文件夹。") from error


def _written(path: str) -> str:
    """A path for the log: bytes that are no text are written as %XX, as in addresses, and marked by a leading NUL."""
    try:
        path.encode()
        return path
    except UnicodeEncodeError:
        return "\0" + os.fsencode(path).hex()


def _path(written: str) -> str:
    return os.fsdecode(bytes.fromhex(written[1:])) if written.startswith("\0") else written


def _digest(path: str) -> bytes:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _lock(out: Path) -> IO[bytes]:
    """Keep a second run out of the folder. The system lets go of the lock when the process ends, however it ends."""
    file = open(out / ".lock", "wb")
    try:
        import fcntl
    except ImportError:  # Windows: the office is asked not to start two runs into one folder
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise BulkError(f"另一次批量识读正在写 {out}，请等它结束。") from error
    except OSError:  # a disk that knows no locks
        return file
    return file
