"""The page: blocks with their folded text beside them, and pieces of blocks. Everything in the reader points into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from luoshi.reading.ledger import Block, Span
from luoshi.reading.rule import fold


class Piece(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of one block: index, first character, character after the last."""

    block: int
    start: int
    end: int

    def __iter__(self) -> Iterator[int]:
        return iter((self.block, self.start, self.end))

    @property
    def span(self) -> Span:
        return Span(self.block, self.start, self.end)


class Page:
    """Blocks, their texts and their folded texts (same length, half-width forms)."""

    __slots__ = ("blocks", "folds", "texts")

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self.texts = [block.text for block in self.blocks]
        self.folds = [fold(text) for text in self.texts]

    def text(self, piece: Piece) -> str:
        return self.texts[piece.block][piece.start : piece.end]

    def folded(self, piece: Piece) -> str:
        return self.folds[piece.block][piece.start : piece.end]

    def strip(self, block: int, start: int, end: int, extra: str = "") -> Piece:
        """The piece without white space (and ``extra`` characters) at its ends; empty pieces have start == end."""
        text = self.folds[block]
        while start < end and (text[start].isspace() or text[start] in extra):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in extra):
            end -= 1
        return Piece(block, start, end)


def squeeze(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())
