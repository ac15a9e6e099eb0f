"""The picture of a page as a sheet: characters and ruling lines with their places, as PDF pages have them (``pdf_sheets.py``).

The page is turned upright, set straight, read line by line; what was read goes the way of all other pages from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from luoshi.reading.sources.deskew import Grey, inked, skew, straightened
from luoshi.reading.sources.ocr_lines import Engine, Place, Reading, parted
from luoshi.reading.sources.ocr_rules import Stroke, strokes, without
from luoshi.reading.sources.ocr_words import is_wide, settled
from luoshi.reading.sources.pdf_sheets import Glyph, Rule, Sheet

DPI = 200
MOST_DOTS = 14_000_000  # of a page as read; A3 at 200 dpi has 7.7 million
_LEAST_INK = 60  # dots; less is dust
_OPENING = "（〔【《“‘「『([{"
_BEARING = 0.06  # ems between a character's place and its ink
_NARROW = "，。、；：？！）〕】》”’」』"


def page_sheet(engine: Engine, grey: Grey, number: int, points: tuple[float, float]) -> Sheet:
    """Read the picture of a page (grey, as shown) that is so many points wide and high."""
    image = _measured(grey, points)
    turns, angle = 0, 0.0
    places: list[Place] = []
    if np.count_nonzero(inked(np.asarray(cv2.medianBlur(image, 3), np.uint8))) >= _LEAST_INK:
        image, places, turns, angle = _upright(engine, image)
    if turns % 2:
        points = points[1], points[0]
    sheet = Sheet(number, *points, turns, skew=angle)
    if places:
        _fill(sheet, engine, image, places)
    return sheet


def _measured(grey: Grey, points: tuple[float, float]) -> Grey:
    """The picture with at most ``DPI`` dots an inch and at most ``MOST_DOTS`` in all."""
    height, width = grey.shape
    scale = min(DPI / 72 * points[0] / width, (MOST_DOTS / (width * height)) ** 0.5, 1.0)
    if scale > 0.95:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _upright(engine: Engine, image: Grey) -> tuple[Grey, list[Place], int, float]:
    """The page upright and straight, where text stands on it, the clockwise quarter turns back to the page as shown, and
    the angle by which it was aslant."""
    turns = 0
    angle = skew(image)
    straight = straightened(image, angle)
    places = engine.places(straight)
    if _stands(places):
        turns = 1
        image = np.ascontiguousarray(np.rot90(image))  # a quarter back, so a quarter on leads to the page as shown
        angle = skew(image)
        straight = straightened(image, angle)
        places = engine.places(straight)
    if engine.is_upside_down(straight, places):
        turns += 2
        straight = np.ascontiguousarray(np.rot90(straight, 2))
        height, width = straight.shape
        places = [Place(width - p.right, height - p.bottom, width - p.left, height - p.top) for p in places]
    return straight, places, turns, angle


def _stands(places: Sequence[Place]) -> bool:
    """Whether most of the text runs from top to bottom."""
    sides = [(p.right - p.left, p.bottom - p.top) for p in places]
    lying = sum(width for width, height in sides if width > 2 * height)
    standing = sum(height for width, height in sides if height > 2 * width)
    return standing > 2 * lying


# --- characters and lines in points -------------------------------------------------------------------------------


def _fill(sheet: Sheet, engine: Engine, image: Grey, places: Sequence[Place]) -> None:
    heights = sorted(place.bottom - place.top for place in places)
    lying, standing = strokes(image, 0.8 * heights[len(heights) // 2])
    clean = without(image, lying, standing)
    readings = [reading for place in parted(places, standing) if (reading := engine.read(clean, place))]
    scale = sheet.width / image.shape[1]
    ink = inked(np.asarray(cv2.medianBlur(clean, 3), np.uint8))
    inks = [Ink(ink, reading.place) for reading in readings]
    for reading, own, size in zip(readings, inks, _sizes(readings, inks)):
        sheet.glyphs += _glyphs(reading, size, own, scale)
    sheet.lying = [_rule(line, scale) for line in lying]
    sheet.standing = [_rule(line, scale) for line in standing]


def _rule(line: Stroke, scale: float) -> Rule:
    return Rule(line.at * scale, line.start * scale, line.end * scale)


class Ink:
    """Where the ink of a line stands, from left to right, in dots."""

    def __init__(self, ink: Grey, place: Place) -> None:
        part = ink[int(place.top) : int(place.bottom) + 1, int(place.left) : int(place.right) + 1]
        least = max(0.06 * part.shape[0], 2)
        self._columns = np.nonzero(np.count_nonzero(part, axis=0) >= least)[0] + int(place.left)
        full = len(self._columns) > 0
        self.ends = (float(self._columns[0]), float(self._columns[-1]) + 1) if full else (place.left, place.right)

    def within(self, left: float, right: float, aside: float) -> bool:
        """Whether ink stands between two places, a little away from both."""
        return bool(np.any((self._columns > left + aside) & (self._columns < right - aside)))


def _sizes(readings: Sequence[Reading], inks: Sequence[Ink]) -> list[float]:
    """The size of each line's characters in dots: how far one Chinese character stands from the next, else by how wide its
    ink is. A page has few sizes: those that differ by little are one, the one most of their characters have."""
    pitches = [_pitch(reading) for reading in readings]
    left = sorted((pitch, len(reading.chars)) for pitch, reading in zip(pitches, readings) if pitch)
    usual: list[float] = []
    while left:
        best = max(left, key=lambda one: sum(weight for size, weight in left if abs(size - one[0]) < 0.04 * one[0]))[0]
        usual.append(_middle([one for one in left if abs(one[0] - best) < 0.04 * best]))
        left = [one for one in left if abs(one[0] - best) >= 0.11 * best]
    sizes = []
    for pitch, reading, ink in zip(pitches, readings, inks):
        size = pitch or _stretch(reading, ink)
        near = min(usual, key=lambda other: abs(other - size), default=size)
        sizes.append(near if abs(near - size) < (0.12 if pitch else 0.25) * size else size)
    return sizes


def _middle(sizes: Sequence[tuple[float, int]]) -> float:
    """The size of the middle character of all."""
    left = sum(weight for _, weight in sizes) / 2
    for size, weight in sizes:
        left -= weight
        if left <= 0:
            return size
    return sizes[-1][0]


def _stretch(reading: Reading, ink: Ink) -> float:
    """The size of characters that fill so much ink; by the line's height for a single one."""
    ems = sum(1.0 if is_wide(char.char) else 0.54 for char in reading.chars) - 2 * _BEARING
    if reading.chars[-1].char in _NARROW:
        ems -= 0.5
    if ems < 1:
        return 0.7 * (reading.place.bottom - reading.place.top)
    return (ink.ends[1] - ink.ends[0]) / ems


def _pitch(reading: Reading) -> float | None:
    """How far Chinese characters stand apart, None for a line with few."""
    steps = sorted(
        other.middle - one.middle
        for one, other in pairwise(reading.chars)
        if is_wide(one.char) and is_wide(other.char) and one.char not in _NARROW and other.char not in _OPENING
    )
    if len(steps) < 3:
        return None
    usual = steps[len(steps) // 2]
    near = [step for step in steps if 0.6 * usual < step < 1.5 * usual]
    return sum(near) / len(near) if near else None


def _glyphs(reading: Reading, size: float, ink: Ink, scale: float) -> list[Glyph]:
    """The characters of a line, each as wide as its kind is; those that nearly touch do touch."""
    chars = settled(reading.chars, size)
    first, last = ink.ends
    if len(chars) <= 4 and all(is_wide(char.char) for char in chars) and last - first < (len(chars) + 0.2) * size:
        chars = [char._replace(middle=first + (n + 0.44) * size) for n, char in enumerate(chars)]
    halves = [0.5 * size if is_wide(char.char) else 0.26 * size for char in chars]
    lefts = [char.middle - half for char, half in zip(chars, halves)]
    rights = [char.middle + half for char, half in zip(chars, halves)]
    for n, (one, other) in enumerate(pairwise(chars)):
        figures = not is_wide(one.char) and not is_wide(other.char)
        if lefts[n + 1] - rights[n] < (1.0 if figures else 0.5) * size:
            share = halves[n] / (halves[n] + halves[n + 1])
            lefts[n + 1] = rights[n] = one.middle + share * (other.middle - one.middle)
        elif ink.within(rights[n], lefts[n + 1], 0.2 * size):  # something stands there that was not read
            chars[n + 1] = other._replace(sure=0.0)
    # Ink does not fill a character's place; marks fill a part of it only.
    lefts[0] = min(first, rights[0] - size) if chars[0].char in _OPENING else first - _BEARING * size
    rights[-1] = max(last, lefts[-1] + size) if chars[-1].char in _NARROW else last + _BEARING * size
    middle = (reading.place.top + reading.place.bottom) / 2
    top, bottom = (middle - 0.5 * size) * scale, (middle + 0.5 * size) * scale
    return [
        Glyph(char.char, left * scale, top, max(left, right) * scale, bottom, size * scale, char.sure)
        for char, left, right in zip(chars, lefts, rights)
    ]
