"""Image files (PNG, JPEG, TIFF, BMP, WebP, GIF): their pages as pictures, upright and within limits.

Decoders are foreign code and a small file may unpack to a giant picture: what is here runs in the process apart
(``apart.py``), and the size that a file states is looked at before anything is unpacked.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator

from PIL import Image, ImageOps

from luoshi.reading.errors import CannotOpen, TooLarge

MAX_PIXELS = 80_000_000  # A3 at 600 dpi has 70 million
MAX_PAGES = 500
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
_FAULTS = (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, IndexError, OverflowError, struct.error)
_BROKEN = "图片已损坏或不完整，无法打开；请重新扫描或拍摄，再上传。"
_A4_SIDE = 595.3  # points, the short side of A4
_DPI = (70, 1300)  # what scanners state; a camera's 72 makes a page of two metres, which ``size`` does not believe
_MAX_SIDE = 2400.0  # points; A1 has 2384

warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is our own word on that


class Images:
    """An opened image file. Raises ``CannotOpen`` (broken) or ``TooLarge`` (``MAX_PAGES``, ``MAX_PIXELS``)."""

    def __init__(self, data: bytes) -> None:
        try:
            self._file = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Image.DecompressionBombError as bomb:
            raise TooLarge(_too_many_pixels()) from bomb
        except (*_FAULTS, zlib.error) as fault:
            raise CannotOpen(_BROKEN) from fault
        self.media_type = Image.MIME.get(self._file.format or "", "image/png")
        self.count = self._count()

    def _count(self) -> int:
        """The number of pages: only TIFF files have several, further pictures of a GIF or WebP move."""
        if self._file.format != "TIFF":
            return 1
        for number in range(1, MAX_PAGES + 1):
            try:
                self._file.seek(number)
            except EOFError:
                return number
            except (*_FAULTS, zlib.error) as fault:
                raise CannotOpen(_BROKEN) from fault
        raise TooLarge(f"图片超过 {MAX_PAGES} 页，无法一次读完；请拆成几个文件再上传。")

    def _seek(self, number: int) -> None:
        try:
            self._file.seek(number - 1)
        except (*_FAULTS, zlib.error) as fault:
            raise CannotOpen(_BROKEN) from fault
        width, height = self._file.size
        if width * height > MAX_PIXELS:
            raise TooLarge(_too_many_pixels())

    def page(self, number: int) -> Image.Image:
        """A page (from 1) as shown, in mode ``L`` or ``RGB``, what is transparent white."""
        self._seek(number)
        try:
            return ImageOps.exif_transpose(_plain(self._file))
        except (*_FAULTS, zlib.error) as fault:
            raise CannotOpen(_BROKEN) from fault

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page (from 1) as shown, in points: by its resolution, else as wide as A4."""
        self._seek(number)
        width, height = self._file.size
        across, down = _resolution(self._file)
        try:
            turned = self._file.getexif().get(0x0112, 1) >= 5
        except (*_FAULTS, zlib.error):
            turned = False
        size = (width * 72 / across, height * 72 / down) if across and down else (0.0, 0.0)
        if not 150 < max(size) < _MAX_SIDE:
            scale = _A4_SIDE / min(width, height)
            size = width * scale, height * scale
        return (size[1], size[0]) if turned else size

    def sizes(self) -> Iterator[tuple[float, float]]:
        """The size of every page, in points."""
        return (self.size(number) for number in range(1, self.count + 1))


def _too_many_pixels() -> str:
    return f"图片超过 {MAX_PIXELS // 10_000} 万像素，无法读取；请用 300 dpi 重新扫描，再上传。"


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down, zeros where none are stated or none that a scanner would."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (across, down) if all(_DPI[0] <= value <= _DPI[1] for value in (across, down)) else (0.0, 0.0)


def _plain(image: Image.Image) -> Image.Image:
    """A picture in grey or colours of eight bits, on white."""
    if image.mode in ("1", "L", "RGB", "CMYK", "YCbCr") and "transparency" not in image.info:
        return image.convert("L" if image.mode in ("1", "L") else "RGB")
    if image.mode.startswith("I"):  # sixteen bits a dot
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "F":
        return image.convert("L")
    layered = image.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")
