"""The store of received files, by digest: what lies at a digest's address is that file whole, or nothing does."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from luoshi.reading.errors import CannotOpen

log = logging.getLogger(__name__)

CHUNK = 1024 * 1024
DRAFT = ".part"
ABANDONED = 24 * 60 * 60  # seconds after which a draft is taken for a killed process's


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 in hexadecimal."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk)
    return sha.hexdigest()


def keep(file: File[bytes], digest: str, name: str) -> None:
    """Put a file with this digest at ``name`` below the store, unless it lies there whole already.

    It is written beside its place and moved there when the disk has it, so that a full disk or a killed process leaves
    no stump for others to trust; a stump from elsewhere is replaced. Raises OSError; then nothing was changed.
    """
    place = Path(default_storage.path(name))
    if _whole(place, digest, file.size):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    _sweep(place.parent)
    draft = place.with_name(f"{place.name}.{secrets.token_hex(8)}{DRAFT}")
    try:
        with _open(draft) as out:
            for chunk in file.chunks(CHUNK):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, place)
        _settle(place.parent)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _whole(place: Path, digest: str, size: int) -> bool:
    """Whether the file lies there, byte for byte. A file that cannot be opened is as good as none."""
    try:
        if place.stat().st_size != size:
            return False
        with place.open("rb") as stream:
            return digest_of(iter(lambda: stream.read(CHUNK), b"")) == digest
    except OSError:
        return False


def _open(draft: Path) -> BinaryIO:
    """A new file with the store's mode from its first byte, whatever the umask adds or takes."""
    mode = settings.FILE_UPLOAD_PERMISSIONS or 0o640
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    out = os.fdopen(handle, "wb")
    os.fchmod(handle, mode)
    return out


def _settle(folder: Path) -> None:
    """Make the move itself outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove drafts of processes that were killed long ago."""
    for draft in folder.glob(f"*{DRAFT}"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > ABANDONED:
                draft.unlink()


def content(name: str, digest: str) -> bytes:
    """The file as received. Raises CannotOpen where the store has lost it: a ledger must quote nothing else."""
    try:
        with default_storage.open(name, "rb") as stream:
            data = bytes(stream.read())
    except OSError as error:
        log.error("the file %s cannot be opened: %s", digest, error)
        raise CannotOpen(_("存放的文件打不开，请告诉管理员，或把同一份文件再传一次。")) from None
    if digest_of([data]) != digest:
        log.error("the file %s is damaged", digest)
        raise CannotOpen(_("存放的文件已损坏，请把同一份文件再传一次。"))
    return data


def not_stored(error: OSError, name: str) -> str:
    """What to tell the clerk about a file that the store did not take."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("“%(name)s”没有存下：磁盘已满。请告诉管理员腾出空间，再重新上传。") % {"name": name}
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _("“%(name)s”没有存下：网站没有写数据目录的权限。请告诉管理员。") % {"name": name}
    return _("“%(name)s”没有存下：磁盘出错，已记入日志。请告诉管理员。") % {"name": name}
