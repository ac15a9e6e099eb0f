"""Doubts that a source has about places, carried over to the blocks that reading made of its blocks.

Mending joins and splits blocks but keeps their characters in order: the n-th visible character stays the n-th. Where columns
were put in another order it does not, and a doubt then keeps its sentence, which names its page, without a place.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from luoshi.reading.ledger import Block, Doubt, Span

_UNSEEN = frozenset("\u00ad\ufeff") | frozenset(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)))
)


def carried(doubts: Sequence[Doubt], before: Sequence[Block], after: Sequence[Block]) -> tuple[Doubt, ...]:
    """The doubts with their spans, which speak of the blocks ``before``, speaking of the blocks ``after``."""
    if not any(doubt.at for doubt in doubts) or tuple(before) == tuple(after):
        return tuple(doubts)
    old, new = _places(before), _places(after)
    if [before[n].text[at] for n, at in old] != [after[n].text[at] for n, at in new]:
        return tuple(msgspec.structs.replace(doubt, at=None) for doubt in doubts)
    where = dict(zip(old, new))
    return tuple(msgspec.structs.replace(doubt, at=_moved(doubt.at, where)) for doubt in doubts)


def _places(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Block and place of every visible character."""
    return [
        (n, at)
        for n, block in enumerate(blocks)
        for at, char in enumerate(block.text)
        if not char.isspace() and char not in _UNSEEN
    ]


def _moved(span: Span | None, where: dict[tuple[int, int], tuple[int, int]]) -> Span | None:
    """The span of the same characters now, None where they stand in several blocks."""
    if span is None:
        return None
    places = [where[span.block, at] for at in range(span.start, span.end) if (span.block, at) in where]
    if not places or places[0][0] != places[-1][0]:
        return None
    return Span(places[0][0], places[0][1], places[-1][1] + 1)
