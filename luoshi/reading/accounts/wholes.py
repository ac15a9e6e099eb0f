"""Wholes and parts: which figure of a report restates what is asked for, told by the arithmetic of its own shares.

改造管道25公里；管道完成14公里，占56%: 14 of 25 is 56 per cent, so 25 is the task and 56% the share of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from luoshi.reading.accounts.account import Figure, Share

_OFF = 0.6  # points by which value over whole may differ from the share written
_LOOK = 12  # figures back that are looked at for the whole
_BARE = frozenset("占0123456789０１２３４５６７８９")
_APART = 3  # characters between a figure and the bare share behind it


def settle(
    figures: Sequence[Figure], asked: Sequence[tuple[float, str]], silent: Callable[[Figure], bool]
) -> list[Figure]:
    """Figures with bare shares given to what they are said of, and restated goals marked as aimed.

    ``asked``: values and units that the report's heading asks for. ``silent``: whether a figure's clause says nothing of
    having been done.
    """
    kept: list[Figure] = []
    for figure in figures:
        before = kept[-1] if kept else None
        share = _bare_share(figure)
        if before and share and figure.at.start - before.at.end <= _APART and before.share is None:
            if _whole(before, share.value, kept, len(kept) - 1, asked) is not None:
                kept[-1] = msgspec.structs.replace(before, share=share)
                continue
        kept.append(figure)
    return _aimed(kept, asked, silent)


def _bare_share(figure: Figure) -> Share | None:
    """占80.6%: so much of something that is not named."""
    if figure.quote[:1] in _BARE and figure.unit == "%" and figure.value is not None:
        return Share(value=figure.value, at=figure.at)
    return None


def _whole(
    figure: Figure, share: float, before: Sequence[Figure], stop: int, asked: Sequence[tuple[float, str]]
) -> int | None:
    """The index of the figure before ``stop`` of which this one is that share; -1 where the heading asks for the whole."""
    for i in range(stop - 1, max(-1, stop - 1 - _LOOK), -1):
        if before[i].unit == figure.unit and _share_of(figure.value, before[i].value, share):
            return i
    if any(unit == figure.unit and _share_of(figure.value, value, share) for value, unit in asked):
        return -1
    return None


def _share_of(part: float | None, whole: float | None, share: float) -> bool:
    return bool(part and whole) and abs((part or 0) / (whole or 1) * 100 - share) <= _OFF


def _aimed(figures: list[Figure], asked: Sequence[tuple[float, str]], silent: Callable[[Figure], bool]) -> list[Figure]:
    for at, figure in enumerate(figures):
        if figure.share is None:
            continue
        i = _whole(figure, figure.share.value, figures, at, asked)
        if i is not None and i >= 0 and figures[i].claim == "reached" and silent(figures[i]):
            figures[i] = msgspec.structs.replace(figures[i], claim="aimed")
    return figures
