"""Facts inside a task's wording: who, what, how much, by when. Each module reads one kind from a ``Passage``."""

from __future__ import annotations

import msgspec


class Passage(msgspec.Struct, frozen=True, gc=False):
    """A task's wording inside one block: the block's index and whole text, its folded form, and the wording's limits."""

    block: int
    text: str
    folded: str
    start: int
    end: int
