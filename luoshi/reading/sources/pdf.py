"""PDF files that hold text: paragraphs and tables recovered from where the characters stand.

A PDF is foreign code's meat: PDFium reads it in a process of its own with little memory and time (``apart.py``). What comes
back are blocks, each with its page and box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pypdfium2

from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Block, Doubt, Origin
from luoshi.reading.sources import MAX_CHARACTERS, Opened
from luoshi.reading.sources.ocr_doubts import unsure_doubts
from luoshi.reading.sources.ocr_installed import HOW
from luoshi.reading.sources.pdf_flow import Item, Paper, read_papers
from luoshi.reading.sources.pdf_joins import continues, join
from luoshi.reading.sources.pdf_lines import ENDED, MARK, Line, goes_on, joined, moved
from luoshi.reading.sources.pdf_sheets import Box, Sheet, read_sheet
from luoshi.reading.sources.pdf_tables import Table, room
from luoshi.reading.sources.text import check_length

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 500
_BROKEN = "PDF 文件已损坏或不完整，无法打开；请重新下载，或用原来的程序重新导出后再上传。"
_LOCKED = "PDF 文件设有打开密码，无法读取；请先用打开密码打开并另存为没有密码的文件，再上传。"
_SCANNED = f"这是扫描的 PDF，页面只有图片没有文字，识读要先安装文字识别部件（{HOW}）；也可以上传 Word 原件。"
_EMPTY = "PDF 文件里没有文字；请检查是否导出完整，再重新上传。"
_UNMAPPED = "PDF 里的字体没有写明文字，读出来是乱码；请上传 Word 原件，或用 WPS、Word 重新导出 PDF 再上传。"


def blocks_of(data: bytes) -> Opened:
    """Blocks of a PDF in reading order, in this process. Raises ``CannotOpen`` (broken, locked, scanned) or ``TooLarge``."""
    document = open_document(data)
    try:
        sheets = read_sheets(document)
    finally:
        document.close()
    return opened(sheets)


def opened(sheets: Sequence[Sheet], media_type: str = MEDIA_TYPE) -> Opened:
    """The blocks of sheets in reading order. Raises as ``blocks_of``.

    Headers and page numbers are chrome. A table over several pages is one table; its boxes are those of the cells' first
    page, as are a paragraph's.
    """
    _check_text(sheets)
    blocks, unsure = doubted(read_papers(sheets))
    check_length(sum(len(block.text) for block in blocks))
    return Opened(media_type, tuple(blocks), len(sheets), (*_doubts(sheets), *unsure))


def open_document(data: bytes) -> Any:
    """The file opened (a ``PdfDocument``). Raises ``CannotOpen`` (broken, locked)."""
    start = data.find(b"%PDF-", 0, 1024)
    try:
        return pypdfium2.PdfDocument(data[max(start, 0) :])
    except pypdfium2.PdfiumError as fault:
        raise CannotOpen(_LOCKED if "assword" in str(fault) else _BROKEN) from fault


def open_page(document: Any, index: int) -> Any:
    """A page (from 0) of an opened file (a ``PdfPage``). Raises ``CannotOpen``."""
    try:
        return document[index]
    except pypdfium2.PdfiumError as fault:
        raise CannotOpen(_BROKEN) from fault


def read_sheets(document: Any) -> list[Sheet]:
    """All pages of an opened file as sheets, within the limits."""
    if len(document) > MAX_PAGES:
        raise TooLarge(f"PDF 有 {len(document)} 页，超过 {MAX_PAGES} 页，无法一次读完；请拆成几个文件再上传。")
    sheets: list[Sheet] = []
    characters = 0
    for number in range(len(document)):
        page = open_page(document, number)
        sheet = read_sheet(page, number + 1, MAX_CHARACTERS + 1 - characters)
        page.close()
        characters += len(sheet.glyphs)
        check_length(characters)
        sheets.append(sheet)
    return sheets


def _check_text(sheets: Sequence[Sheet]) -> None:
    """Raise ``CannotOpen`` where the pages hold pictures of text, nothing, or characters without meaning."""
    characters = sum(1 for sheet in sheets for glyph in sheet.glyphs if not glyph.char.isspace())
    pictures = sum(sheet.pictures for sheet in sheets)
    if pictures and all(_is_picture(sheet) for sheet in sheets if sheet.pictures or sheet.glyphs):
        raise CannotOpen(_SCANNED)
    if not characters:
        raise CannotOpen(_EMPTY)
    if sum(sheet.unmapped for sheet in sheets) * 4 > characters:
        raise CannotOpen(_UNMAPPED)


def _is_picture(sheet: Sheet) -> bool:
    """Whether a page is a picture of text: a scanner's stamp or a page number beside it, some ten characters, is no text."""
    return sheet.pictures > 0 and _count(sheet) < 10


def _count(sheet: Sheet) -> int:
    return sum(1 for glyph in sheet.glyphs if not glyph.char.isspace())


def needs_ocr(sheet: Sheet) -> bool:
    """Whether a page shows what its characters do not say: it is a picture, or its fonts do not name their letters."""
    return _is_picture(sheet) or sheet.unmapped * 4 > _count(sheet)


def _doubts(sheets: Sequence[Sheet]) -> tuple[Doubt, ...]:
    """One doubt that names the pages that are pictures among pages with text."""
    pages = [str(sheet.number) for sheet in sheets if _is_picture(sheet)]
    if not pages:
        return ()
    named = "、".join(pages[:20]) + ("等" if len(pages) > 20 else "")
    return (
        Doubt(
            code="page-unread",
            message=f"第{named}页只有图片没有文字，没有读到（共{len(pages)}页）；可安装文字识别部件（{HOW}）后重新读取。",
        ),
    )


# --- blocks -------------------------------------------------------------------------------------------------------


class _Paragraph:
    """A paragraph while it grows line by line."""

    def __init__(self, item: Item, line: Line) -> None:
        self.text, self.page, self.box, self.unsure = line.text, item.page, line.box, line.unsure
        self.item, self.line, self.lines = item, line, 1

    def takes(self, item: Item, line: Line) -> bool:
        """Whether a line goes on with this paragraph."""
        last, same = self.line, item.page == self.item.page and item.left == self.item.left
        if abs(last.size - line.size) > 0.08 * last.size or (same and line.top - last.bottom > 1.3 * last.size):
            return False
        if _centred(item, line):  # the last line of a title
            full = abs(last.x0 - self.item.left) < 1.5 * last.size and not last.text.endswith(ENDED)
            return self.lines == 1 and full and goes_on(last, line, room(last, self.item.left, self.item.right))
        if line.x0 - item.left > 1.3 * line.size or _centred(self.item, last):
            return False
        if MARK.match(line.text) and (last.text.endswith(ENDED) or last.text.endswith((":", "："))):
            return False
        return goes_on(last, line, room(last, self.item.left, self.item.right, first=self.lines == 1))

    def add(self, item: Item, line: Line) -> None:
        self.text = joined(self.text, line.text)
        self.unsure += moved(line.unsure, len(self.text) - len(line.text))
        if item.page == self.page and item.left == self.item.left:
            left, top, right, _ = self.box
            self.box = (min(left, line.x0), top, max(right, line.x1), line.bottom)
        self.item, self.line, self.lines = item, line, self.lines + 1


def _centred(item: Item, line: Line) -> bool:
    """Whether a line stands in the middle of its column with room on both sides."""
    before, after = line.x0 - item.left, item.right - line.x1
    return min(before, after) > 2.5 * line.size and abs(before - after) < 1.2 * line.size


class _Writer:
    """Turns pages into blocks; a paragraph or table stays open until what follows does not belong to it."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.blocks: list[Block] = []
        self.unsure: dict[int, tuple[int, ...]] = {}  # block: the characters in it that OCR was not sure of
        self._sheets = {paper.sheet.number: paper.sheet for paper in papers}
        self._paragraph: _Paragraph | None = None
        self._table: Table | None = None
        self._waiting: list[Block] = []  # chrome met while a table or paragraph is open
        self._count = [0, 0]

    def chrome(self, text: str, page: int, box: Box | None = None) -> None:
        self._waiting.append(Block(kind="chrome", text=text, origin=self._origin(page, box)))

    def item(self, item: Item) -> None:
        if isinstance(item.what, Table):
            if self._table is not None and item.page == self._table.page + 1 and continues(self._table, item.what):
                join(self._table, item.what)
                self._table.page = item.page
            else:
                self.close()
                self._table = item.what
        elif self._paragraph is not None and self._paragraph.takes(item, item.what):
            self._paragraph.add(item, item.what)
        elif self._table is not None and item.page > self._table.page and _is_continued(item.what):
            self.chrome(item.what.text, item.page, item.what.box)
        else:
            self.close()
            self._paragraph = _Paragraph(item, item.what)

    def close(self) -> None:
        """Give out what is open, and the chrome that was met meanwhile."""
        if self._paragraph is not None:
            origin = self._origin(self._paragraph.page, self._paragraph.box, paragraph=self._count[0])
            self._add(Block(kind="paragraph", text=self._paragraph.text, origin=origin), self._paragraph.unsure)
            self._count[0] += 1
        if self._table is not None:
            self._cells(self._table)
            self._count[1] += 1
            self._waiting += [Block(kind="chrome", text=text) for text in self._table.chrome]
        self.blocks += self._waiting
        self._paragraph, self._table, self._waiting = None, None, []

    def _cells(self, table: Table) -> None:
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
            if cell.text:
                origin = Origin(
                    page=cell.page,
                    table=self._count[1],
                    row=cell.row,
                    column=cell.column,
                    row_span=cell.row_span,
                    column_span=cell.column_span,
                    box=self._sheets[cell.page].shown(cell.box),
                )
                self._add(Block(kind="cell", text=cell.text, origin=origin), cell.unsure)

    def _add(self, block: Block, unsure: tuple[int, ...]) -> None:
        if unsure:
            self.unsure[len(self.blocks)] = unsure
        self.blocks.append(block)

    def _origin(self, page: int, box: Box | None, paragraph: int | None = None) -> Origin:
        return Origin(page=page, box=self._sheets[page].shown(box) if box else None, paragraph=paragraph)


def _is_continued(line: Line) -> bool:
    """Whether a line over the rest of a table only says that it is the rest."""
    return line.text.strip("()（） ").startswith("续") and len(line.text) <= 8


def written(papers: Sequence[Paper]) -> list[Block]:
    """The blocks of pages in reading order, paragraphs and tables joined over their ends."""
    return doubted(papers)[0]


def doubted(papers: Sequence[Paper]) -> tuple[list[Block], list[Doubt]]:
    """The blocks of pages as ``written`` gives them, and doubts where OCR was unsure."""
    writer = _Writer(papers)
    for paper in papers:
        number = paper.sheet.number
        for line in paper.headers:
            writer.chrome(line.text, number, line.box)
        for item in paper.items:
            writer.item(item)
        for line in paper.footers:
            writer.chrome(line.text, number, line.box)
        if paper.sheet.aslant.strip():
            writer.chrome(paper.sheet.aslant.strip(), number)
    writer.close()
    return writer.blocks, list(unsure_doubts(writer.blocks, writer.unsure))
