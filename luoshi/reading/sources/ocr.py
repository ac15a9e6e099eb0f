"""Scanned PDF and OFD files and images, read by OCR: their pages become sheets and go the way of all PDF pages (``pdf.py``).

The parts that read pictures are an extra (``luoshi[ocr]``). They run in a process apart with limits of their own: the models
need more memory, and each page gets its own seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.sources import Opened, apart, watching
from luoshi.reading.sources.ocr_installed import HOW, is_installed

if TYPE_CHECKING:  # only the child pays for these
    from luoshi.reading.sources.pdf_sheets import Sheet

MAX_SCANNED = 100
PAGE_SECONDS = 90  # of computing, all cores together; a dense page needs some ten
_NO_TEXT = "图片里没有识读出文字；请检查图片是否清楚完整，重新扫描后再上传。"
_IMAGE = f"这是图片，识读图片要先安装文字识别部件（{HOW}）；也可以上传文件的 .docx、网页或文本版本。"


class Look(msgspec.Struct, frozen=True):
    """A PDF or OFD looked at: its text, or None and the pages that have to be read by OCR."""

    opened: Opened | None = None
    pictures: tuple[int, ...] = ()


def read_pages(kind: Literal["pdf", "ofd"], data: bytes) -> Opened:
    """The blocks of a PDF or OFD, pages that are pictures read by OCR where that is installed. Raises as ``apart.run``."""
    if not is_installed():
        return apart.run(kind, data, Opened)
    look = apart.run("look", data, Look, kind)
    if look.opened is not None:
        return look.opened
    check_count(len(look.pictures))
    watching.tell(0, len(look.pictures))
    return apart.run("scan", data, Opened, kind)


def read_image(data: bytes) -> Opened:
    """The blocks of an image file, read by OCR. Raises as ``apart.run``, ``CannotOpen`` where OCR is not installed."""
    if not is_installed():
        raise CannotOpen(_IMAGE)
    return apart.run("scan", data, Opened, "image")


def check_count(pages: int) -> None:
    """Raise ``TooLarge`` for more scanned pages than are read in one go."""
    if pages > MAX_SCANNED:
        raise TooLarge(f"扫描页有 {pages} 页，超过 {MAX_SCANNED} 页，无法一次识读完；请拆成几个文件再上传。")


# --- in the child -------------------------------------------------------------------------------------------------


def look(kind: str, data: bytes) -> Look:
    """Read a PDF or OFD if its text will do."""
    if kind == "ofd":
        from luoshi.reading.sources import ofd

        pages, lost = ofd.read_sheets(data)
        scanned = tuple(page.number for page in pages if ofd.needs_ocr(page))
        return Look(pictures=scanned) if scanned else Look(opened=ofd.opened(pages, lost))
    from luoshi.reading.sources import pdf

    document = pdf.open_document(data)
    try:
        sheets = pdf.read_sheets(document)
    finally:
        document.close()
    pictures = tuple(sheet.number for sheet in sheets if pdf.needs_ocr(sheet))
    return Look(pictures=pictures) if pictures else Look(opened=pdf.opened(sheets))


def blocks_of(kind: str, data: bytes) -> Opened:
    """The blocks of a scan ("pdf", "ofd" or "image"), in this process."""
    if kind == "image":
        return _image_blocks(data)
    return _ofd_blocks(data) if kind == "ofd" else _pdf_blocks(data)


def _reader() -> Callable[[Any, int, tuple[float, float]], Sheet]:
    """Reads the picture of a page (PIL): its number and its size in points."""
    import numpy as np

    from luoshi.reading.sources.ocr_lines import loaded
    from luoshi.reading.sources.ocr_sheets import page_sheet

    engine = loaded()

    def read(image: Any, number: int, points: tuple[float, float]) -> Sheet:
        apart.allow(PAGE_SECONDS)
        return page_sheet(engine, np.asarray(image.convert("L"), np.uint8), number, points)

    return read


def _image_blocks(data: bytes) -> Opened:
    from luoshi.reading.sources import pdf
    from luoshi.reading.sources.images import Images

    images = Images(data)
    check_count(images.count)
    watching.report(0, images.count)
    read = _reader()
    sheets = []
    for number in range(1, images.count + 1):
        sheets.append(read(images.page(number), number, images.size(number)))
        watching.report(number, images.count)
    if not any(sheet.glyphs for sheet in sheets):
        raise CannotOpen(_NO_TEXT)
    return pdf.opened(sheets, images.media_type)


def _pdf_blocks(data: bytes) -> Opened:
    """The pages of a PDF, each read in its own way."""
    from luoshi.reading.sources import pdf
    from luoshi.reading.sources.ocr_sheets import DPI, MOST_DOTS

    document = pdf.open_document(data)
    try:
        sheets = pdf.read_sheets(document)
        read = _reader()
        scanned = [n for n, sheet in enumerate(sheets) if pdf.needs_ocr(sheet)]
        for done, n in enumerate(scanned, 1):
            page = pdf.open_page(document, n)
            points = page.get_size()
            scale = min(DPI / 72, (MOST_DOTS / max(points[0] * points[1], 1.0)) ** 0.5)
            sheets[n] = read(page.render(scale=scale, grayscale=True).to_pil(), n + 1, points)
            page.close()
            watching.report(done, len(scanned))
    finally:
        document.close()
    return pdf.opened(sheets)


def _ofd_blocks(data: bytes) -> Opened:
    """The pages of an OFD, each read in its own way. A page whose images cannot be drawn stays what it is, and is named."""
    from luoshi.reading.sources import ofd
    from luoshi.reading.sources.ocr_sheets import DPI, MOST_DOTS

    sheets, lost = ofd.read_sheets(data)
    scanned = {sheet.number for sheet in sheets if ofd.needs_ocr(sheet)}
    read = _reader()
    done = 0
    for number, page in enumerate(ofd.pages_of(data), 1):
        if number not in scanned:
            continue
        points = page.width, page.height
        image = page.picture(min(DPI / 72, (MOST_DOTS / max(points[0] * points[1], 1.0)) ** 0.5))
        if image is not None:
            sheets[number - 1] = read(image, number, points)
        done += 1
        watching.report(done, len(scanned))
    return ofd.opened(sheets, lost, looked=True)
