"""The documents that are measured: the real one where it is at hand, else the example."""

from __future__ import annotations

from pathlib import Path

from luoshi.cli import example

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"


def main_document() -> tuple[str, bytes]:
    """Name and bytes of the document all figures are about."""
    for file in sorted(SEED.glob("*.txt")):
        return "seed.txt", file.read_bytes()  # a real place is not named in committed figures
    return example.NAME, example.document()


def repeated(data: bytes, times: int) -> bytes:
    """The document ``times`` over, as one text."""
    return b"\n".join([data] * times)
