"""The example: documents of the fictional 澜湾县, in our own words. County, people, units and figures are invented."""

from __future__ import annotations

from importlib.resources import files

NAME = "lanwan-2026.txt"
WAITING = "lanwan-trade-2026.txt"  # with things to doubt: a missing number, a missing unit, leads not named


def document(name: str = NAME) -> bytes:
    """An example document as a UTF-8 text file."""
    return files(__name__).joinpath(name).read_bytes()
