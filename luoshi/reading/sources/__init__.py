"""Sources: one module a format, each turning bytes into blocks of canonical text in reading order."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.reading.ledger import Block


@dataclass(frozen=True)
class Opened:
    """A file opened: its media type and its blocks. ``pages`` is None where the format has none."""

    media_type: str
    blocks: tuple[Block, ...]
    pages: int | None = None
