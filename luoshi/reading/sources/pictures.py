"""Pictures of a document's pages, for showing where a span stands: PDF and OFD pages drawn, images as they are.

Drawing is done in the process apart (``apart.py``): the same stranger's file, the same limits.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from luoshi.reading.errors import CannotOpen, UnknownFormat
from luoshi.reading.sources import apart, formats

if TYPE_CHECKING:  # only the child pays for it
    from PIL import Image

Kind = Literal["pdf", "ofd", "image"]
KINDS: tuple[Kind, ...] = ("pdf", "ofd", "image")
WIDTHS = (100, 3000)
_MAX_HEIGHT = 12_000  # dots; a page many times as long as wide is drawn smaller
_PNG = 300_000  # bytes; a page that needs more as PNG is a photograph, and smaller as JPEG
_NONE = "这种文件没有页面图：只有 PDF、OFD 和图片有。"
_BROKEN = "PDF 文件已损坏或不完整，无法画出页面；请重新下载，或用原来的程序重新导出后再上传。"


class Picture(msgspec.Struct, frozen=True):
    """A page as a picture: its media type (``image/png``, ``image/jpeg``, ``image/svg+xml``), bytes, and size in dots."""

    media_type: str
    data: bytes
    width: int
    height: int


class Drawn(msgspec.Struct, frozen=True):
    """What the child answers: the picture, None where the page is not there, and the number of pages."""

    picture: Picture | None
    pages: int


class NoSuchPage(LookupError):
    """The document has no page of this number; one sentence."""


def picture(data: bytes, name: str, page: int, *, width: int = 1000) -> Picture:
    """A page (from 1) of a file as shown, ``width`` dots wide (within ``WIDTHS``).

    Raises ``NoSuchPage``; ``UnknownFormat`` for files without pages; ``CannotOpen`` or ``TooLarge`` as reading does.
    """
    kind = _kind(data, name)
    width = min(max(width, WIDTHS[0]), WIDTHS[1])
    drawn = apart.run("picture", data, Drawn, kind, str(page), str(width))
    if drawn.picture is None:
        raise NoSuchPage(f"没有第 {page} 页：这份文件共 {drawn.pages} 页。")
    return drawn.picture


def page_sizes(data: bytes, name: str) -> tuple[tuple[float, float], ...]:
    """Width and height of every page as shown, in points: what ``Origin.box`` is measured on. Raises as ``picture``."""
    return apart.run("sizes", data, tuple[tuple[float, float], ...], _kind(data, name))


def _kind(data: bytes, name: str) -> Kind:
    kind = formats.detect(data, name)
    for known in KINDS:
        if kind == known:
            return known
    raise UnknownFormat(_NONE)


# --- in the child -------------------------------------------------------------------------------------------------


def draw(kind: str, data: bytes, page: int, width: int) -> Drawn:
    """The picture of a page, in this process."""
    if kind == "image":
        from luoshi.reading.sources.images import Images

        images = Images(data)
        inside = 1 <= page <= images.count
        return Drawn(_encoded(_narrowed(images.page(page), width)) if inside else None, images.count)
    if kind == "ofd":
        from luoshi.reading.sources import ofd_pictures

        if (image := ofd_pictures.draw_scan(data, page, width)) is not None:
            return Drawn(_encoded(_narrowed(image, width)), len(ofd_pictures.sizes(data)))
        made = ofd_pictures.draw_page(data, page, width)
        return Drawn(Picture(ofd_pictures.MEDIA_TYPE, *made) if made else None, len(ofd_pictures.sizes(data)))
    from luoshi.reading.sources.pdf import open_document, open_page

    document = open_document(data)
    try:
        if not 1 <= page <= len(document):
            return Drawn(None, len(document))
        return Drawn(_encoded(draw_page(open_page(document, page - 1), width)), len(document))
    finally:
        document.close()


def draw_page(page: Any, width: int) -> Image.Image:
    """An opened page (a ``PdfPage``) drawn ``width`` dots wide, on white."""
    across, down = page.get_size()
    if not (across > 0 and down > 0):
        raise CannotOpen(_BROKEN)
    drawn: Image.Image = page.render(scale=min(width / across, _MAX_HEIGHT / down)).to_pil()
    return drawn


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    """An image at most so wide: a small one is not blown up."""
    scale = min(width / image.width, _MAX_HEIGHT / image.height, 1.0)
    size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    return image if size == image.size else image.resize(size, reducing_gap=2.0)


def _encoded(image: Image.Image) -> Picture:
    """As PNG, or as JPEG where that is much smaller."""
    out, media_type = io.BytesIO(), "image/png"
    image.save(out, "PNG")
    if out.tell() > _PNG:
        out, media_type = io.BytesIO(), "image/jpeg"
        image.save(out, "JPEG", quality=80)
    return Picture(media_type, out.getvalue(), image.width, image.height)


def sizes(kind: str, data: bytes) -> tuple[tuple[float, float], ...]:
    """The sizes of all pages, in this process."""
    if kind == "image":
        from luoshi.reading.sources.images import Images

        return tuple(Images(data).sizes())
    if kind == "ofd":
        from luoshi.reading.sources.ofd_pictures import sizes as ofd_sizes

        return ofd_sizes(data)
    from luoshi.reading.sources.pdf import open_document, open_page

    document = open_document(data)
    try:
        return tuple(open_page(document, number).get_size() for number in range(len(document)))
    finally:
        document.close()
