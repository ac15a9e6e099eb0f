"""Ruling lines of a scanned page: long thin stretches of ink, lying or standing, whatever noise has broken in them."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from luoshi.reading.sources.deskew import Grey, inked

_MOST = 3_000  # a page with more is a picture
_EDGE = 0.008  # of the page: shadows at its border are no lines


class Stroke(NamedTuple):
    """A ruling line in dots: ``at`` across it, from ``start`` to ``end`` along it, and how thick."""

    at: float
    start: float
    end: float
    thick: float


def strokes(grey: Grey, size: float) -> tuple[list[Stroke], list[Stroke]]:
    """Lying and standing lines of a straight page; ``size`` is that of its characters in dots, which are no lines."""
    ink = inked(grey, reach=2 * round(size) | 1)
    lying = _level(ink, round(2.2 * size), size)
    standing = _level(np.ascontiguousarray(ink.T), round(1.4 * size), size)
    if len(lying) + len(standing) > _MOST:
        return [], []
    return _tables(lying, standing, size)


def _tables(lying: list[Stroke], standing: list[Stroke], size: float) -> tuple[list[Stroke], list[Stroke]]:
    """The lines that are no strokes of letters: those that meet others over more than a line of text, and long ones."""
    group = list(range(len(lying) + len(standing)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for down, upright in enumerate(standing, len(lying)):
        for across, level in enumerate(lying):
            if _meet(level, upright, 0.3 * size):
                group[root(across)] = root(down)
    boxes: dict[int, list[tuple[float, float, float, float]]] = {}
    for n, line in enumerate([*lying, *standing]):
        box = (line.start, line.at, line.end, line.at) if n < len(lying) else (line.at, line.start, line.at, line.end)
        boxes.setdefault(root(n), []).append(box)

    tables = set()
    for own, parts in boxes.items():
        lefts, tops, rights, bottoms = zip(*parts)
        if max(rights) - min(lefts) > 4 * size and max(bottoms) - min(tops) > 2.2 * size:
            tables.add(own)
    kept = [line for n, line in enumerate(lying) if root(n) in tables or line.end - line.start > 10 * size]
    return kept, [line for n, line in enumerate(standing, len(lying)) if root(n) in tables]


def _meet(level: Stroke, upright: Stroke, near: float) -> bool:
    """Whether a lying and a standing line cross or touch."""
    crosses = level.start - near <= upright.at <= level.end + near
    return crosses and upright.start - near <= level.at <= upright.end + near


def _level(ink: Grey, least: int, size: float) -> list[Stroke]:
    """The lying lines of at least so many dots."""
    height = ink.shape[0]
    # A line a little aslant steps from row to row; one of a poor copy has holes.
    wide = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    wide = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    long = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((1, max(least, 9)), np.uint8))
    count, _, stats, centres = cv2.connectedComponentsWithStats(long, connectivity=8)
    found: list[Stroke] = []
    for n in range(1, count):
        left, _, across, down, area = (int(value) for value in stats[n])
        at, thick = float(centres[n][1]), area / across - 2
        if thick > max(0.3 * size, 4) or down > thick + 2 + 0.02 * across + 2:
            continue
        if _EDGE * height < at < (1 - _EDGE) * height:
            found.append(Stroke(at, left, left + across, max(thick, 1.0)))
        if len(found) > _MOST:
            break
    return found


def without(grey: Grey, lying: list[Stroke], standing: list[Stroke]) -> Grey:
    """The page with its lines painted over, so that none is read as a letter."""
    clean = grey.copy()
    for across, down in ((lying, False), (standing, True)):
        for line in across:
            low, high = max(int(line.at - line.thick / 2 - 1), 0), int(line.at + line.thick / 2 + 2)
            start, end = int(line.start), int(line.end)
            part = (slice(start, end), slice(low, high)) if down else (slice(low, high), slice(start, end))
            clean[part] = 255
    return clean
