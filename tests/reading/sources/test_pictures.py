"""Pictures of pages: PDF pages drawn, images as they are, within limits."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat
from luoshi.reading.sources.images import MAX_PIXELS, Images
from luoshi.reading.sources.pictures import NoSuchPage, Picture, draw, page_sizes, picture, sizes


def pdf(*sizes: tuple[float, float], turned: int = 0) -> bytes:
    """A PDF of pages of these sizes, a black square of 100 points in each page's lower left corner."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for size in sizes:
        canvas.setPageSize(size)
        canvas.setPageRotation(turned)
        canvas.rect(0, 0, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def marked(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A white picture with a black upper left quarter."""
    image = Image.new(mode, (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill="black")
    return image


def drawn(kind: str, data: bytes, page: int = 1, width: int = 1000) -> Picture:
    """The picture as the child makes it, in this process: most tests need no child."""
    shown = draw(kind, data, page, width).picture
    assert shown is not None
    return shown


def at(shown: Picture, x: float, y: float) -> int:
    """How light the picture is at a place given as parts of its width and height."""
    image = Image.open(io.BytesIO(shown.data)).convert("L")
    assert image.size == (shown.width, shown.height)
    return image.tobytes()[int(y * shown.height) * shown.width + int(x * shown.width)]


def test_pdf_page():
    data = pdf((500, 400), (400, 500))
    first, second = picture(data, "a.pdf", 1), picture(data, "a.pdf", 2, width=200)
    assert (first.width, first.height, first.media_type) == (1000, 800, "image/png")
    assert (second.width, second.height) == (200, 250)
    assert at(first, 0.1, 0.9) < 50 and at(first, 0.1, 0.6) > 200
    assert page_sizes(data, "a.pdf") == ((500, 400), (400, 500))


def test_turned_pdf_page_is_as_shown():
    data = pdf((400, 500), turned=90)  # which reportlab writes as a lying page, turned
    assert sizes("pdf", data) == ((400, 500),)
    shown = drawn("pdf", data, width=500)
    assert (shown.width, shown.height) == (500, 625)
    assert at(shown, 0.1, 0.1) < 50 and at(shown, 0.1, 0.9) > 200


@pytest.mark.parametrize("page", [0, -1, 3])
def test_page_that_is_not_there(page):
    with pytest.raises(NoSuchPage, match=f"没有第 {page} 页：这份文件共 2 页。"):
        picture(pdf((500, 400), (500, 400)), "a.pdf", page)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_image(kind):
    shown = drawn("image", saved(marked(1400, 700), kind), width=700)
    assert (shown.width, shown.height) == (700, 350)
    assert at(shown, 0.2, 0.2) < 50 and at(shown, 0.8, 0.2) > 200


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_colours(mode):
    image = marked(100, 100)
    if mode == "I;16":
        shade = image.convert("L").convert("I").point(lambda value: value * 257)
        image = shade.convert("I;16")
    else:
        image = image.convert(mode)
    opened = Images(saved(image, "TIFF" if mode in ("CMYK", "I;16") else "PNG")).page(1)
    assert opened.mode in ("L", "RGB")
    bits = opened.convert("L").tobytes()
    assert bits[10 * 100 + 10] < 20 and bits[90 * 100 + 90] > 235


def test_clear_is_white():
    assert Images(saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG")).page(1).getpixel((5, 5)) == (255, 255, 255)


def test_small_image_stays_small():
    assert drawn("image", saved(marked(80, 60), "PNG")).width == 80


def test_pages_of_a_tiff():
    pages = [marked(1654, 2339), marked(2339, 1654), marked(800, 800)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200))
    shown = picture(data, "a.tif", 2, width=500)
    assert (shown.width, shown.height) == (500, 354)
    found = page_sizes(data, "a.tif")
    assert [tuple(round(side) for side in size) for size in found[:2]] == [(595, 842), (842, 595)]
    with pytest.raises(NoSuchPage):
        picture(data, "a.tif", 4)


def test_photograph_is_upright_and_of_paper_size():
    """A camera states 72 dpi and how it was held: neither a page of a metre nor one on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    data = saved(marked(4000, 3000), "JPEG", exif=exif, dpi=(72, 72))
    shown = drawn("image", data, width=300)
    assert (shown.width, shown.height) == (300, 400)
    assert at(shown, 0.8, 0.2) < 50 and at(shown, 0.2, 0.2) > 200
    ((width, height),) = sizes("image", data)
    assert round(width) == 595 and round(height) == 794


def test_noise_goes_as_jpeg():
    shown = drawn("image", saved(Image.effect_noise((1000, 1000), 90), "PNG"))
    assert shown.media_type == "image/jpeg"


# --- hostile ------------------------------------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that says it is so large, all of one grey."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    body = packer.compress(bytes(min((width + 1) * height, 60_000_000))) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 20_000), (MAX_PIXELS // 1000, 1001), (2_000_000_000, 2)])
def test_bomb(size):
    with pytest.raises(TooLarge, match="万像素，无法读取；请用 300 dpi 重新扫描"):
        Images(bomb(*size)).page(1)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_truncated(kind, part):
    data = saved(Image.effect_noise((300, 300), 90).convert("RGB"), kind)
    with pytest.raises(CannotOpen, match="图片已损坏或不完整"):
        Images(data[: max(16, int(len(data) * part))]).page(1)


def test_many_pages():
    small = marked(8, 8, "1")
    data = saved(small, "TIFF", save_all=True, append_images=[small] * 500)
    with pytest.raises(TooLarge, match="超过 500 页"):
        Images(data)


def test_huge_pdf_page():
    shown = picture(pdf((14_000, 14_000)), "a.pdf", 1, width=9999)
    assert shown.width == 3000


def test_long_pdf_page():
    shown = drawn("pdf", pdf((20, 14_000)))
    assert shown.height <= 12_000


def test_broken_pdf():
    with pytest.raises(CannotOpen):
        picture(b"%PDF-1.4\nnothing", "a.pdf", 1)


def test_file_without_pages():
    with pytest.raises(UnknownFormat, match="没有页面图"):
        picture("一、工作".encode(), "a.txt", 1)
