"""Facts inside a task's wording: who, what, how much, by when. Each module reads one kind from a ``Passage``."""

from __future__ import annotations

import re

import msgspec

STOP = re.compile(r"[,;。:!?\n]")
"""What ends a clause."""


class Passage(msgspec.Struct, gc=False):
    """A task's wording inside one block: the block's index and whole text, its folded form, and the wording's limits."""

    block: int
    text: str
    folded: str
    start: int
    end: int
    found_stops: list[int] | None = None

    def stops(self) -> list[int]:
        """Where the signs that end a clause stand; looked for once, by whichever kind of fact asks first."""
        if self.found_stops is None:
            self.found_stops = [m.start() for m in STOP.finditer(self.folded, self.start, self.end)]
        return self.found_stops
