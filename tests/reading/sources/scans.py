"""Pages drawn as pictures, and what a scanner does to them."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DPI = 150


@cache
def font_file() -> str | None:
    """A Chinese font of this machine, None where it has none."""
    try:
        found = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return None
    files = sorted(line.strip().rstrip(":") for line in found.splitlines() if line.strip())
    serif = [file for file in files if "Serif" in file and "Regular" in file]
    return next(iter([*serif, *files]), None)


class Sheet:
    """A4, drawn on in points from the top left corner."""

    def __init__(self, *, dpi: int = DPI, size: tuple[float, float] = (595, 842)) -> None:
        self.scale = dpi / 72
        self.image = Image.new("L", (round(size[0] * self.scale), round(size[1] * self.scale)), 255)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, words: str, size: float = 16) -> None:
        """Words with their upper left corner at a place, each character a square or half of one wide."""
        font = ImageFont.truetype(font_file() or "", round(size * self.scale))
        for char in words:
            self._draw.text((x * self.scale, y * self.scale), char, 0, font)
            x += size * (0.55 if char.isascii() else 1)

    def line(self, *points: float) -> None:
        self._draw.line([value * self.scale for value in points], 0, max(round(0.7 * self.scale), 1))

    def table(self, xs: Sequence[float], top: float, rows: Sequence[Sequence[str]], height: float = 40) -> None:
        """A ruled table between these edges; a cell's lines are parted by a bar."""
        bottom = top + height * len(rows)
        for x in xs:
            self.line(x, top, x, bottom)
        for n, row in enumerate(rows):
            self.line(xs[0], top + n * height, xs[-1], top + n * height)
            for x, words in zip(xs, row):
                for m, line in enumerate(words.split("|")):
                    self.text(x + 5, top + n * height + 4 + 16 * m, line, 12)
        self.line(xs[0], bottom, xs[-1], bottom)


def scanned(image: Image.Image, *, skew: float = 0.0, noise: float = 0.0, blur: float = 0.0) -> Image.Image:
    """A page as it comes from a scanner: aslant to the right by so many degrees, grey, grained, a little blurred."""
    image = image.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    grain = np.random.default_rng(7).normal(0, noise or 1e-9, (image.height, image.width))
    grey = np.asarray(image, np.float32) * 0.88 + 18 + grain
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def saved(pages: Sequence[Image.Image], kind: str, dpi: int = DPI) -> bytes:
    """Pages as a file of a kind: PDF, TIFF, PNG, JPEG, BMP, WEBP."""
    out = io.BytesIO()
    several = {"save_all": True, "append_images": list(pages[1:])} if len(pages) > 1 or kind == "PDF" else {}
    resolution = {"resolution": dpi} if kind == "PDF" else {"dpi": (dpi, dpi)}
    pages[0].save(out, kind, **several, **resolution)
    return out.getvalue()
