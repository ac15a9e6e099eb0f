"""Sources: one module a format, each turning bytes into blocks of canonical text in reading order."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.reading.ledger import Block, Doubt

MAX_BYTES = 40_000_000
MAX_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class Opened:
    """A file opened: its media type and its blocks. ``pages`` is None where the format has none.

    ``doubts``: parts of the file that hold nothing to read, such as pages that are pictures.
    """

    media_type: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    doubts: tuple[Doubt, ...] = ()


def open_source(data: bytes, name: str) -> Opened:
    """The blocks of a file, whatever its name says: the content decides, the name only where the content leaves it open.

    ``name`` is the file's name, for its ending. Raises ``UnknownFormat`` where no source reads the kind of file,
    ``TooLarge`` beyond ``MAX_BYTES`` or ``MAX_CHARACTERS``, ``CannotOpen`` where the file is broken or protected.
    """
    # Each format's module is imported when that format is met: reading a text must not pay for lxml.
    from luoshi.reading.sources import formats

    kind = formats.detect(data, name)
    if kind == "docx":
        from luoshi.reading.sources.docx import blocks_of as read_docx

        return read_docx(data)
    if kind == "pdf" or kind == "ofd" or kind == "image":
        from luoshi.reading.sources.ocr import read_image, read_pages

        return read_image(data) if kind == "image" else read_pages(kind, data)
    if kind == "xls" or kind == "doc":
        from luoshi.reading.sources.apart import read_apart

        return read_apart(kind, data)
    if kind == "zip" or kind == "mail":
        from luoshi.reading.sources.bundle import blocks_of as read_bundle

        return read_bundle(data, kind)
    if kind == "rtf":
        from luoshi.reading.sources.rtf import blocks_of as read_rtf

        return read_rtf(data)
    if kind == "html":
        from luoshi.reading.sources.html import blocks_of as read_html

        return read_html(data)
    if kind in ("xlsx", "csv", "sheetxml"):
        from luoshi.reading.sources.sheets import blocks_of as read_sheets

        return read_sheets(data, kind)
    from luoshi.reading.sources.text import blocks_of as read_text

    return read_text(data)
