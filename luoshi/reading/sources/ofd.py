"""OFD files (GB/T 33190-2016): paragraphs and tables recovered from where the characters stand, as in a PDF.

The container and its often damaged XML are read by ofdkit; what stands on a page, and where, by ``ofd_sheets.py``; the rest
is the way of PDF pages. A stranger's archive and a young library: this runs in a process apart (``apart.py``).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ofdkit import OFDError, OFDLimitError
from ofdkit.package import Package

from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Doubt
from luoshi.reading.sources import MAX_CHARACTERS, Opened
from luoshi.reading.sources.ocr_installed import HOW
from luoshi.reading.sources.ofd_sheets import POINTS, Drawn, drawn, local, sheet_of
from luoshi.reading.sources.package import ZIP_FAULTS, check_size, is_locked
from luoshi.reading.sources.pdf import doubted
from luoshi.reading.sources.pdf_flow import read_papers
from luoshi.reading.sources.pdf_sheets import Sheet
from luoshi.reading.sources.text import check_length

if TYPE_CHECKING:
    from PIL import Image

MEDIA_TYPE = "application/ofd"
MAX_PAGES = 500
_A4 = (210.0, 297.0)
_MAX_SIDE = 10_000.0  # millimetres
_LEAST = 10  # characters that make a page with a picture a page of text
_FEW = 1_000
_BROKEN = "OFD 文件已损坏或不完整，无法打开；请重新下载，或用原来的程序重新导出后再上传。"
_LOCKED = "OFD 文件已加密，无法读取；请先用阅读器打开并另存为没有加密的文件，再上传。"
_SCANNED = f"这是扫描的 OFD，页面只有图片没有文字，识读要先安装文字识别部件（{HOW}）；也可以上传 Word 原件。"
_UNDRAWN = "这是扫描的 OFD，但页面的图片缺失或打不开；请上传 Word 原件，或用阅读器导出为 PDF 再上传。"
_NO_TEXT = "这是扫描的 OFD，页面图片里没有识读出文字；请检查扫描是否清楚完整，重新扫描后再上传。"
_EMPTY = "OFD 文件里没有文字；请检查是否导出完整，再重新上传。"
_UNMAPPED = "OFD 里的字体没有写明文字，读出来是乱码；请上传 Word 原件，或重新导出再上传。"
_TOO_LARGE = "OFD 文件内容过大，无法一次读完；请拆成几个文件再上传。"


@dataclass
class OfdPage:
    """A page of the file: its size in points, the contents drawn on it (templates first), and whether it is there."""

    width: float
    height: float
    contents: list[Element]
    body: _Body
    lost: bool = False

    def drawn(self, characters: int) -> Drawn:
        """What it shows, at most so many characters."""
        return drawn(self.contents, self.body.unit, characters)

    def picture(self, scale: float) -> Image.Image | None:
        """Its images as they lie on it, ``scale`` dots a point; None where none can be drawn."""
        from luoshi.reading.sources.ofd_scans import page_picture

        return page_picture(self.width, self.height, self.drawn(_FEW).pictures, self.body.medium, scale)


@dataclass
class _Body:
    """One document of the file: where it lies, its page size in millimetres, templates and composite units by number."""

    package: Package
    path: str
    size: tuple[float, float] = _A4
    templates: dict[str, str] = field(default_factory=dict)
    resources: list[str] = field(default_factory=list)
    roots: dict[str, Element | None] = field(default_factory=dict)
    units: dict[str, Element] | None = None
    media: dict[str, str] | None = None

    def medium(self, number: str) -> bytes | None:
        """The bytes of a multimedia resource; None where it is not there or broken."""
        if self.media is None:
            self.media = {}
            for path in self.resources:
                root = self.root(path)
                folder = (root.get("BaseLoc", "") if root is not None else "").strip().rstrip("/\\")
                for medium in _under(root, "MultiMedias", "MultiMedia"):
                    file = _first(medium, "MediaFile")
                    name = ((file.text if file is not None else "") or "").strip()
                    found = self.package.resolve(path, f"{folder}/{name}") or self.package.resolve(path, name)
                    if found:
                        self.media.setdefault(medium.get("ID", "").strip(), found)
        try:
            return self.package.read(self.media[number]) if number in self.media else None
        except OFDLimitError as fault:
            raise _beyond(fault) from fault
        except OFDError:
            return None

    def unit(self, number: str) -> Element | None:
        if self.units is None:
            self.units = {}
            for path in self.resources:
                for unit in _under(self.root(path), "CompositeGraphicUnits", "CompositeGraphicUnit"):
                    self.units.setdefault(unit.get("ID", "").strip(), unit)
        return self.units.get(number)

    def root(self, path: str) -> Element | None:
        """A part that several pages share, read once; None where it is broken."""
        if path not in self.roots:
            try:
                self.roots[path] = self.package.read_xml(path)
            except OFDLimitError as fault:
                raise _beyond(fault) from fault
            except OFDError:
                self.roots[path] = None
        return self.roots[path]


def blocks_of(data: bytes) -> Opened:
    """Blocks of an OFD in reading order, in this process. Raises ``CannotOpen`` (broken, locked, scanned) or ``TooLarge``.

    Page headers, numbers and stamps that run aslant are chrome, as in a PDF.
    """
    return opened(*read_sheets(data))


def read_sheets(data: bytes) -> tuple[list[Sheet], list[int]]:
    """All pages as sheets, and the numbers of those that are lost. Raises as ``blocks_of``, but for what a page holds."""
    sheets: list[Sheet] = []
    lost: list[int] = []
    for number, page in enumerate(pages_of(data), 1):
        taken = sum(len(sheet.glyphs) for sheet in sheets)
        check_length(taken)
        sheets.append(sheet_of(page.drawn(MAX_CHARACTERS + 1 - taken), number, page.width, page.height))
        if page.lost:
            lost.append(number)
    return sheets, lost


def opened(sheets: list[Sheet], lost: list[int], *, looked: bool = False) -> Opened:
    """The blocks of sheets in reading order. ``looked``: OCR has looked at the pages that are pictures. Raises as ``blocks_of``."""
    _check_text(sheets, lost, looked)
    blocks, unsure = doubted(read_papers(sheets))
    check_length(sum(len(block.text) for block in blocks))
    return Opened(MEDIA_TYPE, tuple(blocks), len(sheets), (*_doubts(sheets, lost, looked), *unsure))


def pages_of(data: bytes) -> Iterator[OfdPage]:
    """The pages of all documents in the file, one after another. Raises ``CannotOpen`` or ``TooLarge``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            check_size(container, len(data))
            if is_locked(container):
                raise CannotOpen(_LOCKED)
        with Package(data) as package:
            yield from _pages(package)
    except ZIP_FAULTS as fault:
        raise CannotOpen(_BROKEN) from fault
    except OFDLimitError as fault:
        raise _beyond(fault) from fault
    except (OFDError, RecursionError) as fault:
        raise CannotOpen(_BROKEN) from fault


def _beyond(fault: OFDLimitError) -> CannotOpen:
    """What to say of a part that is too large or, which an OFD never does, declares entities."""
    return CannotOpen(_BROKEN) if "DTD" in str(fault) else TooLarge(_TOO_LARGE)


def _pages(package: Package) -> Iterator[OfdPage]:
    entry = package.find("OFD.xml")
    if entry is None or package.find("Encryptions.xml") is not None:
        raise CannotOpen(_BROKEN if entry is None else _LOCKED)
    seen = 0
    for part in package.read_xml(entry):
        root = _first(part, "DocRoot") if local(part) == "DocBody" else None
        path = package.resolve(entry, root.text) if root is not None else None
        if path is None:
            continue
        document = package.read_xml(path)
        body = _body(package, path, document)
        listed = list(_under(document, "Pages", "Page"))
        seen += len(listed)
        if seen > MAX_PAGES:
            raise TooLarge(f"OFD 有 {seen} 页，超过 {MAX_PAGES} 页，无法一次读完；请拆成几个文件再上传。")
        yield from map(partial(_page, body), listed)
    if not seen:
        raise CannotOpen(_BROKEN)


def _body(package: Package, path: str, document: Element) -> _Body:
    body = _Body(package, path)
    common = _first(document, "CommonData")
    for part in common if common is not None else ():
        kind = local(part)
        if kind == "PageArea":
            body.size = _size(part) or body.size
        elif kind == "TemplatePage" and (found := package.resolve(path, part.get("BaseLoc"))):
            body.templates[part.get("ID", "").strip()] = found
        elif kind in ("PublicRes", "DocumentRes") and (found := package.resolve(path, part.text)):
            body.resources.append(found)
    return body


def _page(body: _Body, listed: Element) -> OfdPage:
    path = body.package.resolve(body.path, listed.get("BaseLoc"))
    root = None
    if path is not None:
        try:
            root = body.package.read_xml(path)
        except OFDLimitError:
            raise
        except OFDError:
            root = None
    if root is None:
        return OfdPage(body.size[0] * POINTS, body.size[1] * POINTS, [], body, lost=True)
    area = _first(root, "Area")
    width, height = (_size(area) if area is not None else None) or body.size
    names = [part.get("TemplateID", "").strip() for part in root if local(part) == "Template"]
    roots = [body.root(body.templates[name]) for name in names if name in body.templates]
    contents = [_first(one, "Content") for one in [*roots, root] if one is not None]
    return OfdPage(width * POINTS, height * POINTS, [one for one in contents if one is not None], body)


def _first(element: Element, name: str) -> Element | None:
    return next((part for part in element if local(part) == name), None)


def _under(element: Element | None, outer: str, name: str) -> Iterator[Element]:
    """The elements ``name`` within all children ``outer``."""
    for holder in element if element is not None else ():
        if local(holder) == outer:
            yield from (part for part in holder if local(part) == name)


def _size(area: Element) -> tuple[float, float] | None:
    """Width and height of a page area; its corner is the origin of the page, whatever it says."""
    box = _first(area, "PhysicalBox")
    words = (box.text or "").replace(",", " ").split() if box is not None else []
    try:
        width, height = float(words[2]), float(words[3])
    except (ValueError, IndexError):
        return None
    return (width, height) if 1 < width < _MAX_SIDE and 1 < height < _MAX_SIDE else None


# --- what cannot be read ------------------------------------------------------------------------------------------


def _inked(sheet: Sheet) -> int:
    return sum(1 for glyph in sheet.glyphs if not glyph.char.isspace())


def needs_ocr(sheet: Sheet) -> bool:
    """Whether a page is a picture of text, at most a stamp or a page number beside it."""
    return sheet.pictures > 0 and _inked(sheet) < _LEAST


def is_picture(page: Drawn) -> bool:
    """As ``needs_ocr``, of what a page shows."""
    return bool(page.pictures) and sum(1 for raw in page.raws if not raw.char.isspace()) < _LEAST


def _check_text(sheets: list[Sheet], lost: list[int], looked: bool) -> None:
    """Raise ``CannotOpen`` where the pages hold pictures of text, nothing, or characters without meaning."""
    characters = sum(map(_inked, sheets))
    if characters < _LEAST and lost:
        raise CannotOpen(_BROKEN)
    if any(sheet.pictures for sheet in sheets) and all(
        needs_ocr(sheet) for sheet in sheets if sheet.pictures or sheet.glyphs
    ):
        raise CannotOpen(_UNDRAWN if looked else _SCANNED)
    if not characters:
        raise CannotOpen(_NO_TEXT if looked else _EMPTY)
    if sum(sheet.unmapped for sheet in sheets) * 4 > characters:
        raise CannotOpen(_UNMAPPED)


def _doubts(sheets: list[Sheet], lost: list[int], looked: bool) -> Iterator[Doubt]:
    """One doubt that names the pages that are pictures among pages with text, one for those missing."""
    pictures = [sheet.number for sheet in sheets if needs_ocr(sheet)]
    for pages, why in ((pictures, "的图片缺失或打不开" if looked else "只有图片没有文字"), (lost, "内容缺失或损坏")):
        if pages:
            named = "、".join(map(str, pages[:20])) + ("等" if len(pages) > 20 else "")
            yield Doubt(code="page-unread", message=f"第{named}页{why}，没有读到（共{len(pages)}页）。")
