"""The reader's errors: few types, each one sentence that says what to do."""

from __future__ import annotations


class ReadingError(Exception):
    """Base of every error the reader raises on purpose; its text is fit to be shown to a clerk."""


class CannotOpen(ReadingError):
    """The file is broken, protected, or not what its name says."""


class UnknownFormat(CannotOpen):
    """No source reads this kind of file."""


class TooLarge(CannotOpen):
    """The file, or what it unpacks to, exceeds the stated limit."""


class RuleError(ReadingError):
    """A reading rule contradicts its own examples or lacks them (a fault of the programme, not of the document)."""
