"""Saved web pages: the document as paragraphs, headings and table cells, the site around it as chrome."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Block, BlockKind, Origin
from luoshi.reading.sources import Opened
from luoshi.reading.sources.html_main import BLOCKS, Page
from luoshi.reading.sources.numerals import written
from luoshi.reading.sources.text import check_length, decode

MEDIA_TYPE = "text/html"
MAX_ELEMENTS = 200_000
_MAX_COLUMNS = 128
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([a-zA-Z0-9_:-]{2,30})", re.I)
_XML_CHARSET = re.compile(rb"^\s{0,9}<\?xml[^>]{0,100}encoding=[\"']([a-zA-Z0-9_:-]{2,30})", re.I)
_UNSEEN = frozenset(
    "head title script style noscript template iframe object svg math audio video canvas datalist".split()
)
_HIDDEN = re.compile(r"(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.I)
# Invisible characters that would part a word: zero-width spaces and joiners, soft hyphen, byte order mark.
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# A line end between two Chinese characters is no space (CSS Text 3, segment break transformation).
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE}])[ \t]*[\r\n\f][ \t\r\n\f]*(?=[{_WIDE}])")
_SPACES = re.compile("[ \t\r\n\f]+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
_CHINESE_LIST = re.compile(r"list-style(?:-type)?\s{0,9}:[^;]{0,40}(?:cjk-ideographic|simp-chinese|trad-chinese)", re.I)
_NO_LIST = re.compile(r"list-style(?:-type)?\s{0,9}:[^;]{0,40}none", re.I)
_NUMBERED = re.compile(r"\s*(?:[（(第\[]?\s?[0-9０-９一二三四五六七八九十]+\s?[、.．,，)）章节\]]|[①-⑳])")


def blocks_of(data: bytes) -> Opened:
    """Blocks of a web page in reading order; nothing shown is left out.

    Outside tables a ``<br>`` parts paragraphs; inside a cell it is a line end of the cell's text. Raises ``CannotOpen``
    where nothing can be made of the page, ``TooLarge`` beyond ``MAX_ELEMENTS`` or ``MAX_CHARACTERS``.
    """
    root = _parse(decode(data, _declared(data)))
    title = " ".join("".join(map(str, node.itertext())) for node in root.iterfind(".//title"))
    body = root.find("body")
    body = root if body is None else body
    if int(float(str(root.xpath("count(//*)")))) > MAX_ELEMENTS:
        raise TooLarge("网页内容过大，无法一次读完；请只保存正文部分，或拆成几个文件再上传。")
    _empty_unseen(body)
    walker = _Walker(Page(body, title))
    walker.walk(body)
    heading = _folded([title])
    blocks = [Block(kind="chrome", text=heading), *walker.blocks] if heading else walker.blocks
    check_length(sum(len(block.text) for block in blocks))
    return Opened(MEDIA_TYPE, tuple(blocks))


def _declared(data: bytes) -> str | None:
    """The charset that the page names, None where it names none."""
    head = data[:8192]
    found = _CHARSET.search(head) or _XML_CHARSET.search(head)
    return found.group(1).decode("ascii") if found else None


def _parse(text: str) -> etree._Element:
    """The page as a tree. HTML has no entities to expand; what remains is bounded by the file's size."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(_CONTROL.sub(" ", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise CannotOpen("网页文件已损坏，无法读取；请在浏览器中打开后重新保存再上传。") from fault
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log.filter_from_fatals()):
        raise TooLarge("网页的层次过多，无法识读；请在浏览器中复制正文到 Word 文档，另存为 .docx 再上传。")
    if root is None:
        raise CannotOpen("网页文件里没有内容；请在浏览器中打开后重新保存再上传。")
    return root


def _empty_unseen(body: etree._Element) -> None:
    """Empty what a browser does not show; the text behind it stays, and no paragraph ends there."""
    for node in list(body.iter(etree.Element)):
        hidden = node.get("hidden") is not None or _HIDDEN.search(node.get("style", ""))
        if node is not body and (hidden or node.tag in _UNSEEN):
            tail = node.tail
            node.clear()
            node.tag, node.tail = "i", tail


def _folded(pieces: list[str]) -> str:
    """White space as a browser folds it, none at the ends (ideographic indents included)."""
    text = _INVISIBLE.sub("", "".join(pieces))
    return _SPACES.sub(" ", _WIDE_BREAK.sub("", text)).strip()


@dataclass
class _Table:
    """A table being read; a layout table only stands on the stack (``index`` None)."""

    index: int | None
    row: int = -1
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)  # column → the row from which it is free again
    lines: list[str] | None = None  # of the open cell
    origin: Origin = field(default_factory=Origin)
    chrome: bool = False
    inner: list[Block] = field(default_factory=list)  # tables nested in the open cell

    def place(self, cell: etree._Element) -> Origin:
        """The true grid place of the next cell of the row, which then counts as taken."""
        self.row = max(self.row, 0)
        column = self.column
        while self.taken.get(column, 0) > self.row and column < _MAX_COLUMNS:
            column += 1
        columns = min(_span(cell, "colspan"), _MAX_COLUMNS)
        rows = _span(cell, "rowspan")
        if rows > 1:
            self.taken.update(dict.fromkeys(range(column, column + columns), self.row + rows))
        self.column = column + columns
        return Origin(table=self.index, row=self.row, column=column, row_span=rows, column_span=columns)


def _span(cell: etree._Element, name: str) -> int:
    """``colspan`` or ``rowspan``; nonsense is 1."""
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), 65534) if re.fullmatch("[0-9]{1,6}", text) else 1


class _Walker:
    """Goes through a page once, without recursion, and gathers blocks."""

    def __init__(self, page: Page) -> None:
        self.blocks: list[Block] = []
        self._page = page
        self._pieces: list[str] = []
        self._level: int | None = None
        self._chrome = [True]
        self._tables: list[_Table] = []
        self._count = -1
        self._paragraph = -1
        self._preformatted = 0
        self._items: list[int] = []
        self._prefix = ""  # an item's number, until its first words come

    def walk(self, body: etree._Element) -> None:
        """Read the page; afterwards ``blocks`` is full."""
        for event, node in etree.iterwalk(body, events=("start", "end")):
            if event == "start":
                self._start(node)
                self._add(node.text)
            else:
                self._end(node)
                if node is not body:
                    self._add(node.tail)
        self._break()

    def _start(self, node: etree._Element) -> None:
        tag = node.tag
        if tag == "br":
            self._break()
        if tag not in BLOCKS:
            return
        self._break()
        self._chrome.append(self._page.chrome.get(node, self._chrome[-1]))
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag == "table":
            self._open_table(node)
        elif tag == "tr" and self._tables:
            self._tables[-1].row += 1
            self._tables[-1].column = 0
        elif tag in ("td", "th"):
            self._open_cell(node)
        elif tag == "pre":
            self._preformatted += 1
        elif tag in ("ol", "ul"):
            self._items.append(0)
        elif tag == "li" and self._items:
            self._number(node)

    def _end(self, node: etree._Element) -> None:
        tag = node.tag
        if tag not in BLOCKS:
            return
        self._break()
        self._chrome.pop()
        if tag in _HEADINGS:
            self._level = None
        elif tag == "table":
            self._close_cell()
            self._tables.pop()
        elif tag in ("td", "th"):
            self._close_cell()
        elif tag == "pre":
            self._preformatted -= 1
        elif tag in ("ol", "ul"):
            self._items.pop()
        elif tag == "li":
            self._prefix = ""

    # Text

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if not self._preformatted:
            self._pieces.append(text)
            return
        for index, line in enumerate(text.split("\n")):
            if index:
                self._break()
            self._pieces.append(line)

    def _break(self) -> None:
        """End the paragraph, or the line of a cell."""
        if not self._pieces:
            return
        text = _folded(self._pieces)
        self._pieces = []
        if not text:
            return
        text, self._prefix = self._prefix + text, ""
        if (cell := self._cell()) is not None and cell.lines is not None:
            cell.lines.append(text)
            return
        self._paragraph += 1
        kind: BlockKind = "chrome" if self._chrome[-1] else "heading" if self._level else "paragraph"
        self._emit([Block(kind=kind, text=text, origin=Origin(paragraph=self._paragraph, level=self._level))])

    def _number(self, item: etree._Element) -> None:
        """The number that a browser puts before an item of an ordered list, unless the text has one of its own."""
        owner = item.getparent()
        if owner is None or owner.tag != "ol" or _NO_LIST.search(f"{owner.get('style', '')};{item.get('style', '')}"):
            return
        given = item.get("value") or (owner.get("start") if not self._items[-1] else None)
        self._items[-1] = int(given) if given and re.fullmatch("[0-9]{1,6}", given) else self._items[-1] + 1
        if _NUMBERED.match("".join(_first_words(item))):
            return
        if _CHINESE_LIST.search(owner.get("style", "")):
            self._prefix = written(self._items[-1], "chineseCountingThousand") + "、"
        else:
            self._prefix = written(self._items[-1], _LISTS.get(owner.get("type", "1"), "decimal")) + ". "

    # Tables

    def _open_table(self, table: etree._Element) -> None:
        if table in self._page.layout_tables:
            self._tables.append(_Table(index=None))
            return
        self._count += 1
        self._tables.append(_Table(index=self._count))

    def _open_cell(self, cell: etree._Element) -> None:
        if self._tables and self._tables[-1].index is not None:
            table = self._tables[-1]
            table.origin, table.lines, table.chrome = table.place(cell), [], self._chrome[-1]

    def _close_cell(self) -> None:
        """The open cell becomes a block, where it holds anything, before the tables nested in it."""
        table = self._tables[-1] if self._tables else None
        if table is None or table.lines is None:
            return
        blocks = table.inner
        if table.lines:
            kind: BlockKind = "chrome" if table.chrome else "cell"
            blocks = [Block(kind=kind, text="\n".join(table.lines), origin=table.origin), *blocks]
        table.lines, table.inner = None, []
        self._emit(blocks)

    def _cell(self) -> _Table | None:
        """The table whose open cell the text stands in, past layout tables inside that cell."""
        for table in reversed(self._tables):
            if table.lines is not None or table.index is not None:
                return table if table.lines is not None else None
        return None

    def _emit(self, blocks: list[Block]) -> None:
        """Add finished blocks: after the text of the cell they are nested in, else to the page's."""
        outer = next((table for table in reversed(self._tables) if table.lines is not None), None)
        (self.blocks if outer is None else outer.inner).extend(blocks)


def _first_words(item: etree._Element) -> Iterator[str]:
    """The first piece of text that is not blank."""
    for piece in item.itertext():
        if not str(piece).isspace():
            yield str(piece)
            return
