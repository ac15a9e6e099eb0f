"""Scanned OFD: pages that are pictures are read by OCR, and what was read lies where it stands on the page."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from luoshi.reading import read
from luoshi.reading.errors import CannotOpen
from luoshi.reading.ledger import Block
from luoshi.reading.sources import ocr, open_source
from luoshi.reading.sources.ofd_scans import page_picture
from luoshi.reading.sources.ofd_sheets import Placed
from luoshi.reading.sources.pictures import page_sizes, picture
from luoshi.reading.sources.watching import watching
from tests.reading.sources.ofds import POINTS, OfdSheet, ofd
from tests.reading.sources.scans import Sheet, font_file, saved, scanned

WORDS = "1.改造老旧小区31个，新建幼儿园4所。"
UNITS = "责任单位：县住建局、县教育局"
needs_ocr = pytest.mark.skipif(
    not ocr.is_installed() or font_file() is None, reason="the extra luoshi[ocr] or a Chinese font is not installed"
)


def paper() -> Image.Image:
    sheet = Sheet()
    sheet.text(92, 160, WORDS)
    sheet.text(92, 190, UNITS)
    return scanned(sheet.image, skew=0.5, noise=4)


def placed(ctm: str, boundary: str = "0 0 210 297", resource: str = "9") -> OfdSheet:
    """A page with one image object."""
    page = OfdSheet()
    page.objects.append(f'<ofd:ImageObject ID="100" Boundary="{boundary}" CTM="{ctm}" ResourceID="{resource}"/>')
    return page


def file(*pages: OfdSheet, image: bytes | None = None, name: str = "a.png") -> bytes:
    media = f'<ofd:MultiMedias><ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'
    return ofd(pages, resources=media, parts={f"Doc_0/Res/{name}": image or saved([paper()], "PNG")})


def body(blocks: tuple[Block, ...]) -> list[Block]:
    return [block for block in blocks if block.kind != "chrome"]


# --- where an image lies on the page --------------------------------------------------------------------------------


def corner() -> bytes:
    """An image with a black upper left quarter."""
    image = Image.new("L", (40, 40), 200)
    image.paste(0, (0, 0, 20, 20))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("matrix", "black", "grey", "white"),
    [
        ((80, 0, 0, 40, 10, 20), (12, 22), (85, 55), (5, 5)),
        ((-80, 0, 0, 40, 90, 20), (88, 22), (12, 22), (95, 30)),
        ((0, 80, -40, 0, 90, 10), (88, 12), (52, 88), (45, 50)),
        ((0.2, 0, 0, 0.2, 10, 20), None, None, (50, 50)),
    ],
)
def test_an_image_is_laid_as_its_matrix_says(matrix, black, grey, white) -> None:
    page = page_picture(100, 100, [Placed("9", matrix)], lambda _name: corner(), 1.0)
    if black is None:
        assert page is None, "nothing is seen of it"
        return
    assert page is not None and page.size == (100, 100)
    shown = page.convert("L").load()
    assert shown is not None
    dark, middle, light = (int(str(shown[at])) for at in (black, grey, white))
    assert dark < 20 and 190 < middle < 210 and light == 255


def test_images_that_cannot_be_drawn_leave_the_others() -> None:
    parts: dict[str, bytes | None] = {"1": None, "2": b"\x97JB2\r\n", "3": corner()}
    images = [Placed(name, (100, 0, 0, 100, 0, 0)) for name in parts]
    assert page_picture(100, 100, images[:2], parts.get, 1.0) is None
    assert page_picture(100, 100, images, parts.get, 1.0) is not None


def test_a_giant_page_is_drawn_small() -> None:
    page = page_picture(28_000, 28_000, [Placed("3", (28_000, 0, 0, 28_000, 0, 0))], lambda _name: corner(), 3.0)
    assert page is not None and page.width * page.height <= 31_000_000


# --- read ----------------------------------------------------------------------------------------------------------


@needs_ocr
def test_a_scanned_ofd_becomes_a_ledger_with_its_boxes_on_the_page() -> None:
    data = file(placed("210 0 0 297 0 0"))
    told: list[tuple[int, int]] = []
    with watching(lambda done, pages: told.append((done, pages))):
        ledger = read(data, name="扫描.ofd")
    assert told == [(0, 1), (1, 1)]
    assert ledger.source.media_type == "application/ofd" and ledger.source.pages == 1
    (task,) = (task for *_, task in ledger.tasks())
    assert [unit.name for unit in task.units] == ["县住建局", "县教育局"] and [t.value for t in task.targets] == [31, 4]
    box = body(ledger.blocks)[0].origin.box
    assert box and box[0] == pytest.approx(92, abs=8) and box[1] == pytest.approx(160, abs=8)
    shown = picture(data, "扫描.ofd", 1, width=600)
    assert (
        shown.media_type in ("image/png", "image/jpeg") and dark(shown.data, box, page_sizes(data, "a.ofd")[0]) > 0.03
    )


def dark(data: bytes, box: tuple[float, float, float, float], size: tuple[float, float]) -> float:
    """The share of ink in a box on the picture of a page."""
    image = Image.open(io.BytesIO(data)).convert("L")
    scale = image.width / size[0]
    part = image.crop(tuple(round(value * scale) for value in box))  # type: ignore[arg-type]
    return sum(part.histogram()[:128]) / (part.width * part.height)


@needs_ocr
def test_a_picture_on_a_part_of_the_page_among_pages_of_text() -> None:
    """The image is smaller and in the lower right: boxes are those of the page, not of the image."""
    text = OfdSheet()
    text.text(30, 40, "一、加快产业发展")
    sheet = Sheet()
    sheet.text(92, 160, WORDS)
    sheet.text(92, 190, UNITS)
    smaller = placed("157.5 0 0 222.75 0 0", boundary="50 70 157.5 222.75")
    opened = open_source(file(text, smaller, image=saved([sheet.image], "PNG")), "a.ofd")
    first, *rest = body(opened.blocks)
    assert (first.text, first.origin.page) == ("一、加快产业发展", 1)
    assert [block.text for block in rest] == [WORDS, UNITS] and {block.origin.page for block in rest} == {2}
    box = rest[0].origin.box
    assert (
        box and box[0] == pytest.approx(50 * POINTS + 69, abs=8) and box[1] == pytest.approx(70 * POINTS + 120, abs=8)
    )
    assert not [doubt for doubt in opened.doubts if doubt.code == "page-unread"]


@needs_ocr
def test_pages_whose_picture_is_missing_are_named_and_alone_refused() -> None:
    lost = placed("210 0 0 297 0 0", resource="77")
    text = OfdSheet()
    text.text(30, 40, "一、加快产业发展")
    (doubt,) = open_source(file(text, lost), "a.ofd").doubts
    assert doubt.message == "第2页的图片缺失或打不开，没有读到（共1页）。"
    with pytest.raises(CannotOpen, match="图片缺失或打不开"):
        open_source(file(lost), "a.ofd")
    with pytest.raises(CannotOpen, match="没有识读出文字"):
        open_source(file(placed("210 0 0 297 0 0"), image=saved([Image.new("L", (800, 1100), 255)], "PNG")), "a.ofd")
