"""The ledger as JSON (``luoshi.ledger/1``), for programs."""

from __future__ import annotations

from luoshi.reading.ledger import Ledger


def write(ledger: Ledger, *, blocks: bool = False, indent: int = 2) -> bytes:
    """UTF-8 JSON ending with a line break; ``indent=0`` is one line (JSON Lines)."""
    return ledger.to_json(blocks=blocks, indent=indent) + b"\n"
