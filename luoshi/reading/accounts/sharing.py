"""Problems and next steps that stand apart from the reports: each goes to the one report whose words it shares."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.reading.accounts.account import AccountItem
from luoshi.reading.accounts.matching import plain
from luoshi.reading.accounts.report import Layout
from luoshi.reading.accounts.zones import Zone, says_nothing
from luoshi.reading.likeness import grams
from luoshi.reading.page import Page, Piece

_LEAST = 3  # pairs of characters shared with a report's heading before a part is given to it
_AHEAD = 1  # by how many pairs the best report must lead


def share_out(page: Page, layout: Layout, items: Sequence[AccountItem]) -> list[tuple[Zone, Piece, int | None]]:
    """Each loose part with the index of its report, None where no single one is meant."""
    loose = [(zone, piece) for zone, piece in layout.loose if not says_nothing(page.folded(piece))]
    if len(items) == 1:
        return [(zone, piece, 0) for zone, piece in loose]
    where: dict[str, list[int]] = {}
    for i, item in enumerate(items):
        for gram in grams(plain(_told(item))):
            where.setdefault(gram, []).append(i)
    return [(zone, piece, _owner(page, piece, where)) for zone, piece in loose]


def _told(item: AccountItem) -> str:
    heading = (item.title or "") + "".join(words.text for words in item.task)
    heading += "".join(words.text for words in item.progress)
    return heading + "".join(figure.subject for figure in item.figures) + "".join(s.name or "" for s in item.stages)


def _owner(page: Page, piece: Piece, where: dict[str, list[int]]) -> int | None:
    shared: dict[int, int] = {}
    alone: dict[int, int] = {}
    for gram in grams(plain(page.text(piece))):
        holders = where.get(gram, [])
        if len(holders) <= 3:  # what many reports hold says nothing
            for i in holders:
                shared[i] = shared.get(i, 0) + 1
                alone[i] = alone.get(i, 0) + (len(holders) == 1)
    ranked = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or (ranked[0][1] < _LEAST and alone[ranked[0][0]] < _LEAST - 1):
        return None
    second = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] - second >= _AHEAD else None
