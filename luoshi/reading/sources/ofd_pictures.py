"""OFD pages as pictures: an SVG of their characters and lines, each where it stands; photographs are grey frames, unless
the page is nothing but a picture.

Only text, numbers and our own tags go into the SVG: nothing of the file can be a script, a link or a style.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from PIL import Image

from luoshi.reading.sources import MAX_CHARACTERS
from luoshi.reading.sources.ofd import is_picture, pages_of
from luoshi.reading.sources.ofd_sheets import Drawn, Raw, Shape

MEDIA_TYPE = "image/svg+xml"
_FONTS = "SimSun, Songti SC, Noto Serif CJK SC, serif"
_MAX_POINTS = 200_000
_FEW = 1_000  # characters, by which a page with text is told from a picture
_INVALID = {0xFFFE: None, 0xFFFF: None}


def draw_page(data: bytes, number: int, width: int) -> tuple[bytes, int, int] | None:
    """A page (from 1) as SVG, ``width`` dots wide, with its size in dots; None where there is no such page."""
    for at, page in enumerate(pages_of(data), 1):
        if at == number:
            height = round(width * page.height / page.width)
            body = "".join(_parts(page.drawn(MAX_CHARACTERS)))
            return _svg(body, page.width, page.height, width, height).encode(), width, height
    return None


def draw_scan(data: bytes, number: int, width: int) -> Image.Image | None:
    """A page (from 1) that is a picture, ``width`` dots wide; None where there is no such page, or it holds text."""
    for at, page in enumerate(pages_of(data), 1):
        if at == number:
            return page.picture(width / page.width) if is_picture(page.drawn(_FEW)) else None
    return None


def sizes(data: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of every page in points."""
    return tuple((page.width, page.height) for page in pages_of(data))


def _svg(body: str, across: float, down: float, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {across:.1f} {down:.1f}">'
        f'<rect width="100%" height="100%" fill="#fff"/><g font-family="{_FONTS}">{body}</g></svg>'
    )


def _parts(page: Drawn) -> Iterator[str]:
    for left, top, right, bottom in (placed.box for placed in page.pictures):
        size = f'width="{right - left:.1f}" height="{bottom - top:.1f}"'
        yield f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="#eee" stroke="#bbb"/>'
    points = 0
    for shape in page.shapes:
        points += sum(map(len, shape.parts))
        if points > _MAX_POINTS:
            break
        yield _path(shape)
    for (y, size, quarter), raws in groupby(page.raws, lambda raw: (round(raw.y, 1), round(raw.size, 1), raw.quarter)):
        if quarter == 0:
            yield _text(list(raws), f'y="{y}"', size)
        else:
            for raw in raws:
                turn = f'y="{y}" transform="rotate({90 * quarter if quarter else 45} {raw.x:.1f} {y})"'
                yield _text([raw], turn, size)


def _path(shape: Shape) -> str:
    steps = " ".join(f"M{' L'.join(f'{x:.1f} {y:.1f}' for x, y in points)}" for points in shape.parts)
    fill = "#000" if shape.filled else "none"
    return f'<path d="{steps}" fill="{fill}" stroke="#000" stroke-width="0.6"/>'


def _text(raws: list[Raw], where: str, size: float) -> str:
    # A character beyond the first plane counts as two.
    places = " ".join(" ".join([f"{raw.x:.1f}"] * (2 if ord(raw.char) > 0xFFFF else 1)) for raw in raws)
    words = escape("".join(raw.char for raw in raws).translate(_INVALID))
    return f'<text x="{places}" {where} font-size="{size}" xml:space="preserve">{words}</text>'
