"""How far a scanned page is aslant, and the page set straight.

Lines of text lie level where the ink of a page, summed row by row, changes most sharply (W. Postl, 1986): each angle is tried
on a small copy of the page, the best one taken. Angles are degrees, positive where the lines fall to the right.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

MOST = 6.0  # degrees; a page further aslant was not laid on a scanner
_WIDTH = 900  # dots of the copy on which angles are tried
_LEAST = 0.03  # degrees left alone
_INK = 400  # dots of ink without which nothing can be said


def inked(grey: Grey, reach: int = 31) -> Grey:
    """Where a page bears ink (255), whatever its lighting: darker than its surroundings of ``reach`` dots by a step."""
    return np.asarray(
        cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, reach, 18), np.uint8
    )


def skew(grey: Grey) -> float:
    """The angle by which the lines of a page fall to the right, 0.0 where that cannot be told."""
    height, width = grey.shape
    scale = min(_WIDTH / min(width, height), 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = inked(np.asarray(cv2.medianBlur(small, 3), np.uint8))
    edge = max(min(ink.shape) // 40, 1)  # shadows of a lid or a book's fold
    rows, columns = np.nonzero(ink[edge:-edge, edge:-edge])
    if len(rows) < _INK:
        return 0.0
    coarse = np.arange(-MOST, MOST + 0.01, 0.25)
    best = float(coarse[np.argmax([_sharpness(rows, columns, angle) for angle in coarse])])
    fine = np.arange(best - 0.25, best + 0.26, 0.02)
    angle = float(fine[np.argmax([_sharpness(rows, columns, angle) for angle in fine])])
    return 0.0 if abs(angle) < _LEAST or abs(angle) >= MOST else angle


def _sharpness(rows: NDArray[np.intp], columns: NDArray[np.intp], angle: float) -> float:
    """How sharply the ink changes from row to row when the page is turned back by an angle."""
    level = np.rint(rows - columns * math.tan(math.radians(angle))).astype(np.intp)
    profile = np.bincount(level - level.min()).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())


def straightened(image: Grey, angle: float) -> Grey:
    """The page turned back by an angle about its middle, white where nothing was."""
    if not angle:
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    white = (255,) * (1 if image.ndim == 2 else 3)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=white)
    return np.asarray(turned, np.uint8)
