"""Coverage: every character of the document in exactly one state – fact, structure, prose, or not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable

from luoshi.reading.ledger import Coverage, Span
from luoshi.reading.page import Page, Piece

_NOT_UNDERSTOOD, _PROSE, _STRUCTURE, _FACT = 0, 1, 2, 3
_RUN = re.compile(rb"\x00{1,}")
_SAID = re.compile(r"[^\W_]")  # a letter, a figure or a Chinese character; the rest are separators


class Painter:
    """Paints states over the characters of a page; what is painted later covers what was there: prose, structure, facts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._ground = [bytearray(len(text)) for text in page.texts]

    def prose(self, pieces: Iterable[Piece | Span]) -> None:
        self._paint(pieces, b"\x01")

    def structure(self, pieces: Iterable[Piece | Span]) -> None:
        self._paint(pieces, b"\x02")

    def fact(self, pieces: Iterable[Piece | Span | None]) -> None:
        self._paint((piece for piece in pieces if piece is not None), b"\x03")

    def _paint(self, pieces: Iterable[Piece | Span], colour: bytes) -> None:
        """Later calls win: paint prose first, then structure, then facts."""
        for piece in pieces:
            self._ground[piece.block][piece.start : piece.end] = colour * (piece.end - piece.start)

    def coverage(self) -> Coverage:
        """Counts of all states, and the places not understood; lone separators there count as structure."""
        not_understood: list[Span] = []
        for block, ground in enumerate(self._ground):
            if 0 not in ground:
                continue
            text = self.page.texts[block]
            for run in _RUN.finditer(ground):
                start, end = run.span()
                if _SAID.search(text, start, end):
                    not_understood.append(Span(block, start, end))
                else:
                    ground[start:end] = b"\x02" * (end - start)
        return Coverage(
            characters=sum(map(len, self._ground)),
            facts=sum(ground.count(_FACT) for ground in self._ground),
            structure=sum(ground.count(_STRUCTURE) for ground in self._ground),
            prose=sum(ground.count(_PROSE) for ground in self._ground),
            not_understood=tuple(not_understood),
        )
