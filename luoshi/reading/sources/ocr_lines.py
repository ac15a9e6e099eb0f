"""Lines of text on the picture of a page, found and read by RapidOCR (models of PP-OCR, within its package, no network).

Its three models are asked one by one: where text stands, whether it stands on its head, and what it says. Between the first
and the last the picture is set straight, and boxes are cut where a table's line runs through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from luoshi.reading.sources.deskew import Grey
from luoshi.reading.sources.ocr_rules import Stroke

_SIDE = 2000  # dots of the longer side, for finding text; a page of A4 at 170 dpi
_SAMPLE = 16  # lines asked for the way in which the page lies
_MOST_LINES = 1_500
_OPTIONS = {"Global.log_level": "critical", "Global.text_score": 0.0, "Global.max_side_len": _SIDE}


class Place(NamedTuple):
    """Where text stands, in dots."""

    left: float
    top: float
    right: float
    bottom: float


class Char(NamedTuple):
    """A character read: its middle from left to right in dots, and how sure (0–1)."""

    char: str
    middle: float
    sure: float


class Reading(NamedTuple):
    """A line read: its characters, where it stands, how sure in all (0–1)."""

    chars: list[Char]
    place: Place
    sure: float


class Engine:
    """The models, which take a second or two to load."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine: Any = RapidOCR(params=_OPTIONS)

    def places(self, image: Grey) -> list[Place]:
        """Where text stands on a picture (grey)."""
        found = self._engine(_coloured(image), use_det=True, use_cls=False, use_rec=False)
        boxes: NDArray[np.float32] | None = getattr(found, "boxes", None)
        if boxes is None:
            return []
        height, width = image.shape[:2]
        places = []
        for box in boxes[:_MOST_LINES]:
            left, top = max(float(box[:, 0].min()), 0.0), max(float(box[:, 1].min()), 0.0)
            right, bottom = min(float(box[:, 0].max()), width), min(float(box[:, 1].max()), height)
            if right - left >= 4 and bottom - top >= 4:
                places.append(Place(left, top, right, bottom))
        return places

    def is_upside_down(self, image: Grey, places: Sequence[Place]) -> bool:
        """Whether most lines stand on their head, going by the longest."""
        wide = [p for p in places if p.right - p.left > 3 * (p.bottom - p.top)]
        sample = sorted(wide, key=lambda p: p.left - p.right)[:_SAMPLE]
        turned = 0
        for place in sample:
            found = self._engine(_cut(image, place), use_det=False, use_cls=True, use_rec=False)
            turned += any(label == "180" and score > 0.8 for label, score in found.cls_res or ())
        return turned * 2 > len(sample)

    def read(self, image: Grey, place: Place) -> Reading | None:
        """What one line says, None where nothing."""
        cut = _cut(image, place)
        found = self._engine(cut, use_det=False, use_cls=False, use_rec=True, return_word_box=True)
        if not found.txts or not found.txts[0].strip():
            return None
        text, info = found.txts[0], found.word_results[0]
        columns = [column for word in info.word_cols for column in word]
        step = cut.shape[1] / max(info.line_txt_len, 1e-6)
        chars: list[Char] = []
        for char, sure in zip(text, info.confs):
            if not char.isspace() and len(chars) < len(columns):
                chars.append(Char(char, int(place.left) + (columns[len(chars)] + 0.5) * step, float(sure)))
        return Reading(chars, place, float(found.scores[0])) if chars else None


@cache
def loaded() -> Engine:
    """The engine of this process."""
    return Engine()


def _coloured(image: Grey) -> Grey:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), np.uint8)


def _cut(image: Grey, place: Place) -> Grey:
    return _coloured(image[int(place.top) : int(place.bottom) + 1, int(place.left) : int(place.right) + 1])


def parted(places: Sequence[Place], standing: Sequence[Stroke]) -> list[Place]:
    """Places cut where a standing line runs through them: text of two cells in one."""
    parts: list[Place] = []
    for place in places:
        height, left = place.bottom - place.top, place.left
        for line in sorted(standing):
            through = min(line.end, place.bottom) - max(line.start, place.top) > 0.7 * height
            if through and left + 0.3 * height < line.at < place.right - 0.3 * height:
                parts.append(place._replace(left=left, right=line.at - line.thick))
                left = line.at + line.thick
        parts.append(place._replace(left=left))
    return parts
