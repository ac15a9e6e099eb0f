"""Word documents (.docx, .docm): what Word shows, in reading order; automatic numbers written out, changes accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from luoshi.reading.errors import CannotOpen
from luoshi.reading.ledger import Block, BlockKind, Origin
from luoshi.reading.sources import Opened
from luoshi.reading.sources.numbering import Numbering, W, number, numbered, symbol, val
from luoshi.reading.sources.package import Package
from luoshi.reading.sources.text import check_length

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M_T = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_MAX_DEPTH = 60
_BOX = W + "txbxContent"
# What is not shown: deleted and moved-away text, field instructions, ruby above a character, properties.
_UNSEEN = {
    W + tag
    for tag in ("del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rPr", "pPr", "sdtPr", "object")
}
_MARKS = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_OFF = ("0", "false", "off")


def blocks_of(data: bytes) -> Opened:
    """Blocks of a Word document in reading order. Raises ``CannotOpen``, ``UnknownFormat`` or ``TooLarge``.

    Headers come first and footers last, as chrome; foot- and endnotes before the footers, as paragraphs.
    """
    package = Package(data)
    main = package.document
    related = package.related(main)
    parts = {kind: name for kind, name in related.values() if package.has(name)}
    root = package.part(main)
    body = root.find(W + "body")
    if body is None:
        raise CannotOpen("Word 文档缺少正文部分，已损坏；请在 Word 或 WPS 中打开后另存为 .docx 再上传。")
    numbering, styles = (package.part(parts[kind]) if kind in parts else None for kind in ("numbering", "styles"))
    walker = _Walker(Numbering(numbering, styles))
    edges = [
        (edge.tag, related[edge.get(_R_ID, "")][1])
        for edge in root.iter(W + "headerReference", W + "footerReference")
        if edge.get(_R_ID, "") in related
    ]
    headers, footers = (
        list(dict.fromkeys(name for tag, name in edges if tag == W + which and package.has(name)))
        for which in ("headerReference", "footerReference")
    )
    for name in headers:
        walker.read(package.part(name), edge=True)
    walker.read(body)
    for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
        for note in package.part(parts[kind]).iter(W + tag) if kind in parts else ():
            if note.get(W + "type") in (None, "normal"):
                walker.read(note)
    for name in footers:
        walker.read(package.part(name), edge=True)
    check_length(sum(len(block.text) for block in walker.blocks))
    return Opened(MEDIA_TYPE, tuple(walker.blocks))


def _contents(parent: etree._Element) -> Iterator[etree._Element]:
    """The children that count, past content controls, accepted insertions and alternatives."""
    for child in parent:
        if child.tag in _UNSEEN:
            continue
        if child.tag == W + "sdt":
            if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:  # the grey "click here to enter text"
                for content in child.iterfind(W + "sdtContent"):
                    yield from _contents(content)
        elif child.tag in (W + "ins", W + "moveTo", W + "customXml", W + "smartTag"):
            yield from _contents(child)
        elif child.tag == _MC + "AlternateContent":
            if (chosen := _alternative(child)) is not None:
                yield from _contents(chosen)
        else:
            yield child


def _alternative(element: etree._Element) -> etree._Element | None:
    """One of the forms of the same thing: the first that holds text, else the first."""
    forms = [form for form in element if form.tag in (_MC + "Choice", _MC + "Fallback")]
    return next((form for form in forms if next(form.iter(W + "t"), None) is not None), forms[0] if forms else None)


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(W + "val") not in _OFF


def _is_hidden(run: etree._Element) -> bool:
    return _is_on(run.find(f"{W}rPr/{W}vanish"))


@dataclass
class _Cell:
    """A table cell while its table is read; ``inner`` is what stands in it besides text (boxes, nested tables)."""

    text: str
    row: int
    column: int
    column_span: int
    row_span: int = 1
    inner: list[Block] = field(default_factory=list)


@dataclass
class _Text:
    """A paragraph's words and the text boxes anchored in it."""

    words: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    art: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)  # open fields: whether in the instruction, which is not shown

    def add(self, word: str) -> None:
        if not any(self.fields):
            self.words.append(word)


class _Walker:
    """Goes through a document's stories (body, headers, notes) and gathers blocks."""

    def __init__(self, numbering: Numbering) -> None:
        self.blocks: list[Block] = []
        self._numbering = numbering
        self._paragraph = -1
        self._table = -1
        self._carried: list[str] = []  # words of a paragraph whose end mark was deleted: they belong to the next one
        self._kinds: dict[str | None, tuple[BlockKind, int | None]] = {}

    def read(self, story: etree._Element, *, edge: bool = False) -> None:
        """Add a story's blocks; ``edge``: a header or footer, whose blocks are all chrome."""
        blocks = self._story(story, 0)
        if edge:
            blocks = [Block(kind="chrome", text=block.text, origin=block.origin) for block in blocks]
        self.blocks += blocks

    def _story(self, story: etree._Element, depth: int, kind: BlockKind | None = None) -> list[Block]:
        """The blocks of paragraphs and tables one after the other; ``kind`` overrides that of paragraphs."""
        if depth > _MAX_DEPTH:
            raise CannotOpen("文档的表格或文本框嵌套过深，无法识读；请在 Word 或 WPS 中简化后另存为 .docx 再上传。")
        blocks: list[Block] = []
        for child in _contents(story):
            if child.tag == W + "p":
                blocks += self._paragraph_blocks(child, depth, kind)
            elif child.tag == W + "tbl":
                blocks += self._left_over_blocks(kind) + self._table_blocks(child, depth, kind)
        return blocks + self._left_over_blocks(kind)

    def _paragraph_blocks(self, paragraph: etree._Element, depth: int, kind: BlockKind | None) -> list[Block]:
        self._paragraph += 1
        here = self._paragraph
        label, text, gathered = self._numbered_text(paragraph)
        # Word numbers an empty paragraph too; nothing stands there to read.
        text = numbered(label, text) if text else ""
        style, level = self._kind(paragraph)
        origin = Origin(paragraph=here, level=None if kind else level)
        lines = (line.strip() for line in text.split("\n"))
        blocks = [Block(kind=kind or style, text=line, origin=origin) for line in lines if line]
        return blocks + self._box_blocks(gathered, here, depth)

    def _box_blocks(self, gathered: _Text, paragraph: int, depth: int) -> list[Block]:
        """Text boxes and letter art anchored in a paragraph."""
        art = [Block(kind="textbox", text=line, origin=Origin(paragraph=paragraph)) for line in gathered.art]
        around, self._carried = self._carried, []
        inside = [block for box in gathered.boxes for block in self._story(box, depth + 1, "textbox")]
        self._carried = around
        return art + inside

    def _numbered_text(self, paragraph: etree._Element) -> tuple[str, str, _Text]:
        """A paragraph's automatic number, and its text, "" where it is to join the next one's."""
        gathered = _Text()
        _gather(paragraph, gathered, 0)
        self._carried += gathered.words
        properties = paragraph.find(W + "pPr")
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None):
            return "", "", gathered
        return self._numbering.label(properties), self._left_over(), gathered

    def _left_over(self) -> str:
        """The words gathered and not yet given out, which then are."""
        text, self._carried = "".join(self._carried).strip(), []
        return text

    def _left_over_blocks(self, kind: BlockKind | None) -> list[Block]:
        """Words that were to join a paragraph which does not come."""
        text = self._left_over()
        return [Block(kind=kind or "paragraph", text=text, origin=Origin(paragraph=self._paragraph))] if text else []

    def _kind(self, paragraph: etree._Element) -> tuple[BlockKind, int | None]:
        """Heading with its level, or paragraph; entries of a table of contents are chrome."""
        properties = paragraph.find(W + "pPr")
        own = None if properties is None else number(val(properties, "outlineLvl"))
        if own is not None:
            return ("heading", own + 1) if 0 <= own <= 8 else ("paragraph", None)
        key = None if properties is None else val(properties, "pStyle")
        if key not in self._kinds:
            self._kinds[key] = self._style_kind(key)
        return self._kinds[key]

    def _style_kind(self, key: str | None) -> tuple[BlockKind, int | None]:
        for style in self._numbering.style_chain(key):
            word, _, level = style.name.rpartition(" ")
            if word in ("toc", "目录"):
                return "chrome", None
            if style.outline is not None:
                return ("heading", style.outline + 1) if 0 <= style.outline <= 8 else ("paragraph", None)
            if word in ("heading", "标题") and number(level):
                return "heading", number(level)
            if style.name in ("title", "标题"):
                return "heading", 1
        return "paragraph", None

    # Tables

    def _table_blocks(self, table: etree._Element, depth: int, kind: BlockKind | None) -> list[Block]:
        """A table's cells row by row, each once whatever it spans; a frame of one cell is only its contents."""
        rows = [row for row in _contents(table) if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None]
        columns = [[cell for cell in _contents(row) if cell.tag == W + "tc"] for row in rows]
        if len(rows) == 1 and len(columns[0]) == 1:
            return self._story(columns[0][0], depth + 1, kind)
        self._table += 1
        here = self._table
        cells: list[_Cell] = []
        open_cells: dict[int, _Cell] = {}  # grid column → the cell that a cell below may continue
        for index, (row, parts) in enumerate(zip(rows, columns, strict=True)):
            column = number(val(row, "trPr/gridBefore")) or 0
            for part in parts:
                cell = self._cell(part, index, max(column, 0), open_cells, depth)
                column = cell.column + cell.column_span
                if cell.row == index:
                    cells.append(cell)
        return [block for cell in cells for block in _cell_blocks(cell, here)]

    def _cell(self, part: etree._Element, row: int, column: int, open_cells: dict[int, _Cell], depth: int) -> _Cell:
        """A new cell, or the cell above that this one continues (``w:vMerge``), grown by a row."""
        span = min(max(number(val(part, "tcPr/gridSpan")) or 1, 1), 1000)
        merge = part.find(f"{W}tcPr/{W}vMerge")
        above = open_cells.get(column)
        if merge is not None and merge.get(W + "val", "continue") == "continue" and above is not None:
            if above.row + above.row_span == row:
                above.row_span += 1
                return above
        text, inner = self._cell_text(part, depth)
        cell = _Cell(text, row, column, span, inner=inner)
        open_cells.pop(column, None)
        if merge is not None:
            open_cells[column] = cell
        return cell

    def _cell_text(self, part: etree._Element, depth: int) -> tuple[str, list[Block]]:
        """A cell's paragraphs as lines of one text; nested tables and boxes apart."""
        lines: list[str] = []
        inner: list[Block] = []
        for child in _contents(part):
            if child.tag == W + "p":
                self._paragraph += 1
                here = self._paragraph
                label, text, gathered = self._numbered_text(child)
                lines += [line.strip() for line in numbered(label, text).split("\n")]
                inner += self._box_blocks(gathered, here, depth)
            elif child.tag == W + "tbl":
                if depth >= _MAX_DEPTH:
                    raise CannotOpen("文档的表格嵌套过深，无法识读；请在 Word 或 WPS 中简化后另存为 .docx 再上传。")
                lines.append(self._left_over())
                inner += self._table_blocks(child, depth + 1, None)
        lines.append(self._left_over())
        return "\n".join(line for line in lines if line), inner


def _cell_blocks(cell: _Cell, table: int) -> list[Block]:
    """The block of a cell, where it holds anything, and what is nested in it."""
    if not cell.text:
        return cell.inner
    origin = Origin(table=table, row=cell.row, column=cell.column, row_span=cell.row_span, column_span=cell.column_span)
    return [Block(kind="cell", text=cell.text, origin=origin), *cell.inner]


def _gather(element: etree._Element, into: _Text, depth: int) -> None:
    """Add what is shown inside an element of a paragraph, in order."""
    for child in _contents(element):
        tag = child.tag
        if tag == W + "t" or tag == _M_T:
            into.add(child.text or "")
        elif tag in _MARKS:
            into.add(_MARKS[tag])
        elif tag == W + "br":
            if child.get(W + "type") not in ("page", "column"):
                into.add("\n")
        elif tag == W + "sym":
            into.add(_symbol_of(child))
        elif tag == W + "fldChar":
            _turn_field(child.get(W + "fldCharType"), into.fields)
        elif tag == _BOX:
            into.boxes.append(child)
        elif tag == _TEXT_PATH:
            into.art += [line.strip() for line in child.get("string", "").splitlines() if line.strip()]
        elif len(child) and not (tag == W + "r" and _is_hidden(child)) and depth < 4 * _MAX_DEPTH:
            _gather(child, into, depth + 1)


def _symbol_of(element: etree._Element) -> str:
    """The character of ``w:sym``, a place in a symbol font in hexadecimal."""
    try:
        return symbol(int(element.get(W + "char", ""), 16))
    except ValueError:
        return ""


def _turn_field(kind: str | None, fields: list[bool]) -> None:
    """A field begins with its instruction, which is not shown, then comes its result, which is."""
    if kind == "begin":
        fields.append(True)
    elif kind == "separate" and fields:
        fields[-1] = False
    elif kind == "end" and fields:
        fields.pop()
