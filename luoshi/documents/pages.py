"""Pictures of a document's pages, drawn once and kept below the store, as much as the disk is to give for it.

What is kept here can be thrown away at any time: it is drawn again from the file when somebody looks.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from luoshi.documents import files
from luoshi.documents.models import Document
from luoshi.reading.errors import CannotOpen
from luoshi.reading.sources import pictures

log = logging.getLogger(__name__)

WIDTH = 1200  # dots; twice the width on the page, so that print stays sharp on fine screens
KEPT = 500 * 1024 * 1024  # bytes of all pictures together
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/svg+xml": ".svg"}
_MEDIA = {suffix: media for media, suffix in _SUFFIXES.items()}
_drawing = BoundedSemaphore(2)  # each drawing is a process of its own
_written = KEPT  # bytes written since the store was last looked through; the first writing looks

Size = tuple[float, float]


@dataclass(frozen=True)
class Drawn:
    """A page as a picture on disk, and its media type."""

    path: Path
    media_type: str


def has_pages(document: Document) -> bool:
    """Whether pages of this document can be shown as pictures."""
    return document.media_type in ("application/pdf", "application/ofd") or document.media_type.startswith("image/")


def is_scan(document: Document, ledger: Mapping[str, Any]) -> bool:
    """Whether the text was recognised from pictures, so that people will want to see the pictures first."""
    recognised = any(doubt["code"].startswith("ocr") for doubt in ledger.get("doubts") or [])
    media = document.media_type
    return (
        recognised or media.startswith("image/") or (media == "application/pdf" and _fontless(str(document.file.name)))
    )


@lru_cache(maxsize=1000)
def _fontless(name: str) -> bool:
    """Whether a stored PDF names no font at all, and hides nothing in packed objects: then its pages are pictures."""
    try:
        with default_storage.open(name, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    return b"/Font" not in data and b"/ObjStm" not in data


def sizes(document: Document) -> tuple[Size, ...]:
    """Width and height of every page in points. Raises ReadingError where the file cannot be opened as pages."""
    place = _folder(document) / "sizes.json"
    with suppress(OSError, ValueError):
        return tuple((float(w), float(h)) for w, h in json.loads(place.read_text("utf-8")))
    with _drawing:
        found = pictures.page_sizes(_content(document), document.name)
    _put(place, json.dumps(found).encode())
    return found


def drawn(document: Document, page: int) -> Drawn:
    """The picture of a page, from 1. Raises LookupError where there is no such page, ReadingError as ``sizes``."""
    for suffix, media in _MEDIA.items():
        place = _folder(document) / f"{page}-{WIDTH}{suffix}"
        if place.is_file():
            return Drawn(place, media)
    with _drawing:
        made = pictures.picture(_content(document), document.name, page, width=WIDTH)
    place = _folder(document) / f"{page}-{WIDTH}{_SUFFIXES[made.media_type]}"
    if not _put(place, made.data):
        raise CannotOpen(_("页面图没有存下，请告诉管理员检查磁盘。"))
    return Drawn(place, made.media_type)


def _content(document: Document) -> bytes:
    return files.content(str(document.file.name), document.digest)


def _folder(document: Document) -> Path:
    return Path(settings.MEDIA_ROOT) / "pages" / document.digest[:2] / document.digest


def _put(place: Path, data: bytes) -> bool:
    """Write beside the place and move there, so that nobody is sent half a picture; False where the disk takes none."""
    global _written
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
        draft.write_bytes(data)
        os.replace(draft, place)
    except OSError as error:
        log.error("a picture of a page could not be kept: %s", error)
        return False
    _written += len(data)
    if _written > KEPT // 20:
        _written = 0
        thin(Path(settings.MEDIA_ROOT) / "pages", KEPT)
    return True


def thin(folder: Path, most: int) -> None:
    """Remove the pictures drawn longest ago until all together have at most ``most`` bytes."""
    found = []
    for path in folder.rglob("*.*"):
        with suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    total = sum(size for _time, size, _path in found)
    for _time, size, path in sorted(found):
        if total <= most:
            return
        with suppress(OSError):
            path.unlink()
            total -= size
