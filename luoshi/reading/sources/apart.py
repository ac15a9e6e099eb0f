"""Untrusted binary formats are read in a process apart, with little memory and time: what breaks there breaks alone.

The child gets the file on its standard input and answers in MessagePack: the result, or the name and sentence of the error.
``python -m luoshi.reading.sources.apart pdf`` is the child. It leads a session of its own, so that what it starts ends with
it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import IO, Literal, NamedTuple, TypeVar

import msgspec

from luoshi.reading import errors
from luoshi.reading.sources import Opened, watching

SECONDS = 90
MEMORY = 1_500_000_000  # bytes of address space, libraries included
_WRITTEN = 400_000_000  # bytes of a file that LibreOffice may write
_MOST_FAULTS = 200_000  # bytes of what a child says on its standard error
_BROKE_OFF = "文件内容异常，读取时中断；请用原来的程序打开，重新导出后再上传。"
_TOO_SLOW = "文件内容过于复杂，读取超时；请拆成几个文件，或用原来的程序重新导出后再上传。"
_TOO_MUCH = "文件内容过于复杂，读取时内存不足；请拆成几个文件，或用原来的程序重新导出后再上传。"
_ERRORS: dict[str, type[errors.ReadingError]] = {
    kind.__name__: kind for kind in (errors.CannotOpen, errors.UnknownFormat, errors.TooLarge)
}
_OUT_OF_TIME = {int(getattr(signal, name)) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
Kind = Literal["pdf", "xls", "ofd", "doc"]


class _Limits(NamedTuple):
    """What a kind of file may take: seconds, and bytes of address space."""

    seconds: int = SECONDS
    memory: int = MEMORY


# LibreOffice maps far more than it uses.
_LIMITS: dict[str, _Limits] = {
    "doc": _Limits(120, 6_000_000_000),
    "picture": _Limits(30),
    "sizes": _Limits(30),
    "scan": _Limits(1_800, 5_000_000_000),  # the models; each page has seconds of its own (``allow``)
}
T = TypeVar("T")


class _Answer(msgspec.Struct, omit_defaults=True):
    """What the child says: a result, or an error and its sentence."""

    result: msgspec.Raw = msgspec.Raw(b"")
    error: str | None = None
    sentence: str = ""


def read_apart(kind: Kind, data: bytes) -> Opened:
    """Read a file in a process of its own. Raises as ``run``."""
    return run(kind, data, Opened)


def run(task: str, data: bytes, result: type[T], *options: str) -> T:
    """Do a task on a file in a process of its own. ``result``: the type of what it gives.

    Raises what the task raises; ``CannotOpen`` where the process breaks off, ``TooLarge`` where it takes more seconds or
    memory than such a task may.
    """
    command = [sys.executable, "-m", "luoshi.reading.sources.apart", task, *options]
    seconds = _LIMITS.get(task, _Limits()).seconds
    heard, speaks = os.pipe()
    with open(heard, "rb") as hears:
        try:
            child = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=speaks, start_new_session=True
            )
        finally:
            os.close(speaks)
        with child:
            try:
                said, faults = _answered(child, data, seconds, hears)
            except subprocess.TimeoutExpired as late:
                raise errors.TooLarge(_TOO_SLOW) from late
            finally:
                _end(child)
    if -child.returncode in _OUT_OF_TIME:
        raise errors.TooLarge(_TOO_SLOW)
    try:
        answer = msgspec.msgpack.decode(said, type=_Answer)
    except msgspec.DecodeError as fault:
        if b"ModuleNotFoundError" in faults:  # a fault of the installation, not of the file
            raise RuntimeError(faults.decode("utf-8", "replace")) from fault
        raise errors.CannotOpen(_BROKE_OFF) from fault
    if answer.error is not None:
        raise _ERRORS[answer.error](answer.sentence)
    return msgspec.msgpack.decode(answer.result, type=result)


def _answered(child: subprocess.Popen[bytes], data: bytes, seconds: int, hears: IO[bytes]) -> tuple[bytes, bytes]:
    """What the child answers, and what it said besides. How far it is comes in meanwhile, and is told in this thread."""
    said: list[bytes] = []
    late: list[subprocess.TimeoutExpired] = []

    def wait() -> None:
        try:
            said.append(child.communicate(data, timeout=seconds)[0])
        except subprocess.TimeoutExpired as fault:
            late.append(fault)
        finally:
            _end(child)  # then nobody holds the other end of what is heard below

    waits = threading.Thread(target=wait, daemon=True)
    waits.start()
    faults = bytearray()
    try:
        for line in hears:
            if (far := watching.heard(line)) is not None:
                watching.tell(*far)
            elif len(faults) < _MOST_FAULTS:
                faults += line
    finally:
        _end(child)
        waits.join()
    if late:
        raise late[0]
    return said[0], bytes(faults)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and everything that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:  # Windows
        child.kill()


_limited = False


def _limit(task: str) -> None:
    """Take this process's right to more memory and time, where the system knows such limits."""
    global _limited
    try:
        import resource
    except ImportError:  # Windows
        return
    _limited = True
    seconds, memory = _LIMITS.get(task, _Limits())
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Cores work at the same time, the child's own time runs faster than the clock's.
    most = seconds * (os.cpu_count() or 1) if task == "scan" else seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITTEN, _WRITTEN))


def allow(seconds: int) -> None:
    """End this process unless it comes here again or is done within so many seconds of computing from now.

    Only a process apart is ended so: whoever reads a scan in his own process lives on.
    """
    if not _limited:
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def _perform(task: str, data: bytes, options: list[str]) -> object:
    if task == "xls":
        from luoshi.reading.sources.sheets import blocks_of as read_sheets

        return read_sheets(data, "xls")
    if task == "ofd":
        from luoshi.reading.sources.ofd import blocks_of as read_ofd

        return read_ofd(data)
    if task == "doc":
        from luoshi.reading.sources.office import blocks_of as read_office

        return read_office(data)
    if task == "picture":
        from luoshi.reading.sources.pictures import draw

        return draw(options[0], data, int(options[1]), int(options[2]))
    if task == "sizes":
        from luoshi.reading.sources.pictures import sizes

        return sizes(options[0], data)
    if task == "look":
        from luoshi.reading.sources.ocr import look

        return look(options[0] if options else "pdf", data)
    if task == "scan":
        from luoshi.reading.sources.ocr import blocks_of as read_scan

        return read_scan(options[0], data)
    assert task == "pdf"
    from luoshi.reading.sources.pdf import blocks_of as read_pdf

    return read_pdf(data)


def _answer(task: str, data: bytes, options: list[str]) -> _Answer:
    try:
        result = _perform(task, data, options)
    except errors.ReadingError as error:
        return _Answer(error=type(error).__name__, sentence=str(error))
    except MemoryError:
        return _Answer(error="TooLarge", sentence=_TOO_MUCH)
    return _Answer(result=msgspec.Raw(msgspec.msgpack.encode(result)))


def main() -> None:
    task, *options = sys.argv[1:]
    _limit(task)
    answer = _answer(task, sys.stdin.buffer.read(), options)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


if __name__ == "__main__":
    main()
