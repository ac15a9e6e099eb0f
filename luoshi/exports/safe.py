"""Text that a spreadsheet must not run: a cell that begins like a formula is written so that it stays text."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠]|^[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """The text without control characters and lone surrogates, which neither XML nor a spreadsheet can hold."""
    return _CONTROL.sub("", text)


def inert(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula: an apostrophe before it where it looks like one.

    >>> inert("=1+1"), inert("@a"), inert("5%"), inert("-3")
    ("'=1+1", "'@a", '5%', "'-3")
    """
    text = printable(text)
    return f"'{text}" if _FORMULA.match(text) else text
