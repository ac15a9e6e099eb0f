"""Coverage: every character of the document in exactly one state – fact, structure, prose, or not understood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from luoshi.reading.ledger import Coverage, Span
from luoshi.reading.page import Page, Piece

_NOT_UNDERSTOOD, _PROSE, _STRUCTURE, _FACT = 0, 1, 2, 3
_RUN = re.compile(rb"\x00{1,}")
_SAID = re.compile(r"[^\W_]")  # a letter, a figure or a Chinese character; the rest are separators


class Painter:
    """Paints states over the characters of a page; what is painted later covers what was there: prose, structure, facts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # One ground for all blocks, a byte of no state between two of them.
        lengths = [len(text) + 1 for text in page.texts]
        self._starts = [0, *accumulate(lengths)]
        self._ground = bytearray(b"\xff".join(bytes(length - 1) for length in lengths))

    def prose(self, pieces: Iterable[Piece | Span]) -> None:
        self._paint(pieces, b"\x01")

    def structure(self, pieces: Iterable[Piece | Span]) -> None:
        self._paint(pieces, b"\x02")

    def fact(self, pieces: Iterable[Piece | Span | None]) -> None:
        self._paint((piece for piece in pieces if piece is not None), b"\x03")

    def _paint(self, pieces: Iterable[Piece | Span], colour: bytes) -> None:
        """Later calls win: paint prose first, then structure, then facts."""
        ground, starts = self._ground, self._starts
        for piece in pieces:
            at = starts[piece.block]
            ground[at + piece.start : at + piece.end] = colour * (piece.end - piece.start)

    def coverage(self) -> Coverage:
        """Counts of all states, and the places not understood; lone separators there count as structure."""
        not_understood: list[Span] = []
        ground, text = self._ground, "\n".join(self.page.texts)
        structure = ground.count(_STRUCTURE)
        for run in _RUN.finditer(ground):
            start, end = run.span()
            if text[start].isalnum() if end - start == 1 else _SAID.search(text, start, end):
                block = bisect_right(self._starts, start) - 1
                at = self._starts[block]
                not_understood.append(Span(block, start - at, end - at))
            else:
                structure += end - start
        return Coverage(
            characters=sum(map(len, self.page.texts)),
            facts=ground.count(_FACT),
            structure=structure,
            prose=ground.count(_PROSE),
            not_understood=tuple(not_understood),
        )
