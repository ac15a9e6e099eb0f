"""Reading: a published 责任分解 document becomes a ledger. Pure – no Django, no clock, no network."""

from __future__ import annotations

from pathlib import Path

from luoshi.reading.errors import CannotOpen, ReadingError, RuleError, TooLarge, UnknownFormat
from luoshi.reading.ledger import Block, Ledger, from_json, json_schema

__all__ = [
    "CannotOpen",
    "Ledger",
    "ReadingError",
    "RuleError",
    "TooLarge",
    "UnknownFormat",
    "blocks_of",
    "from_json",
    "json_schema",
    "read",
]


def read(source: bytes | str | Path, *, name: str | None = None) -> Ledger:
    """Read one document (bytes, or the path of a file) into its ledger; see ``luoshi.reading.reader.read``.

    The rules load with the first call, so that those who only handle ledgers need not wait for them.
    """
    from luoshi.reading.reader import read as read_document

    return read_document(source, name=name)


def blocks_of(source: bytes | str | Path, *, name: str | None = None) -> tuple[Block, ...]:
    """The canonical text of a document in reading order, without reading it further."""
    from luoshi.reading.reader import blocks_of as blocks_of_document

    return blocks_of_document(source, name=name)
