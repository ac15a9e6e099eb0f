"""OFD pages that are pictures: what a reader would see of them, drawn for the eyes of OCR and of people.

An image object (GB/T 33190-2016, 10 图像) fills the unit square of its own space, which its matrix lays onto the page; its file is
a multimedia part of the resources (7.9). Only pictures are drawn: a page comes here when it holds nothing else to read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import Image

from luoshi.reading.errors import CannotOpen
from luoshi.reading.sources.images import Images
from luoshi.reading.sources.ofd_sheets import Placed

_MOST_DOTS = 30_000_000  # of a page drawn
_MOST_IMAGES = 200  # of a page; a scanner that cuts a page into stripes makes some dozens


def page_picture(
    width: float, height: float, images: Sequence[Placed], read: Callable[[str], bytes | None], scale: float
) -> Image.Image | None:
    """A page of so many points on white, ``scale`` dots a point; None where none of its images can be drawn.

    ``read`` gives the bytes of an image by its resource, None where it is not there. JBIG2 (GBIG2), which no part that we
    have unpacks, is left out like a damaged image.
    """
    scale = min(scale, math.sqrt(_MOST_DOTS / max(width * height, 1.0)))
    page = Image.new("RGB", (max(round(width * scale), 1), max(round(height * scale), 1)), "white")
    drawn = 0
    for placed in images[:_MOST_IMAGES]:
        data = read(placed.resource)
        if data is None:
            continue
        try:
            image = Images(data).page(1)
        except CannotOpen:  # TooLarge too: one picture beyond the limits leaves the page unread, which is said
            continue
        drawn += _lay(page, image, placed, scale)
    return page if drawn else None


def _lay(page: Image.Image, image: Image.Image, placed: Placed, scale: float) -> bool:
    """Lay an image onto the page as its matrix says; whether it is seen there."""
    a, b, c, d, e, f = (value * scale for value in placed.matrix)
    across, down = math.hypot(a, b), math.hypot(c, d)
    if across < 1 or down < 1:
        return False
    # Made small first: laying it on looks at few of its dots only.
    size = min(math.ceil(across), image.width), min(math.ceil(down), image.height)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BOX if size[0] * 2 < image.width else Image.Resampling.BICUBIC)
    determinant = a * d - b * c
    if abs(determinant) < 1:
        return False
    # From a dot of the page back to a dot of the image.
    wide, high = image.width / determinant, image.height / determinant
    back = (d * wide, -c * wide, (c * f - d * e) * wide, -b * high, a * high, (b * e - a * f) * high)
    mask = Image.new("L", image.size, 255).transform(page.size, Image.Transform.AFFINE, back)
    laid = image.convert("RGB").transform(page.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    page.paste(laid, (0, 0), mask)
    return mask.getbbox() is not None
