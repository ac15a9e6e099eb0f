"""The example: a document of the fictional 澜湾县, in our own words. County, people, units and figures are invented."""

from __future__ import annotations

from importlib.resources import files

NAME = "lanwan-2026.txt"


def document() -> bytes:
    """The example document as a UTF-8 text file."""
    return files(__name__).joinpath(NAME).read_bytes()
