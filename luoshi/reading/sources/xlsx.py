"""Excel workbooks (.xlsx, .xlsm, also of WPS): the container read part by part, as a stream; macros are never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree

from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat
from luoshi.reading.sources.cells import Limits, Place, Sheet
from luoshi.reading.sources.package import ZIP_FAULTS, Package
from luoshi.reading.sources.shown import BUILT_IN, shown

_BROKEN = "表格文件已损坏或不完整，无法打开；请重新下载，或用 WPS、Excel 打开后另存为 .xlsx 再上传。"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_STRINGS = 5_000_000  # characters of the table of texts, which may hold more than the sheets use
_MAX_SMALL_PART = 10_000_000  # bytes of a part other than sheets and texts
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ON = ("1", "true", "on")
_FAULTS = (*ZIP_FAULTS, etree.XMLSyntaxError, RuntimeError)


class _Workbook(Package):
    """The container of a workbook."""

    def _find_document(self) -> str:
        names = self.names()
        targets = [target for kind, target in self.related("").values() if kind == "officeDocument"]
        found = next((name for name in [*targets, "xl/workbook.xml"] if name in names), None)
        if found is None:
            raise CannotOpen(_BROKEN)
        if found.endswith(".bin"):
            raise UnknownFormat("这是二进制格式的 Excel 表格（.xlsb）；请用 WPS 或 Excel 打开并另存为 .xlsx 再上传。")
        return found

    def part(self, name: str) -> etree._Element:
        if self.size(name) > _MAX_SMALL_PART:
            raise TooLarge("表格内容过大，无法一次读完；请只留任务表，或拆成几个文件再上传。")
        return super().part(name)

    def elements(self, part: str, *tags: str) -> Iterator[tuple[str, etree._Element]]:
        """A part's elements of these local names, each when it is whole, emptied as they go by: memory stays flat."""
        with self.stream(part) as raw:
            yield from _elements(raw, tags)


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """The sheets of a workbook in order. Raises ``CannotOpen``, ``UnknownFormat`` or ``TooLarge``."""
    try:
        yield from _sheets(_Workbook(data))
    except _FAULTS as fault:
        raise CannotOpen(_BROKEN) from fault


def _sheets(book: _Workbook) -> Iterator[Sheet]:
    root = book.part(book.document)
    related = book.related(book.document)
    parts = {kind: name for kind, name in related.values() if book.has(name)}
    strings = _strings(book, parts["sharedStrings"]) if "sharedStrings" in parts else []
    codes = _codes(book, parts["styles"]) if "styles" in parts else []
    since_1904 = any(node.get("date1904") in _ON for node in root.iter("{*}workbookPr"))
    limits = Limits()
    listed = list(root.iter("{*}sheet"))
    limits.sheets(listed)
    met = set()
    for node in listed:
        kind, part = related.get(node.get(_R_ID, ""), ("", ""))
        if kind == "worksheet" and book.has(part) and part not in met:
            met.add(part)
            sheet = Sheet(node.get("name", ""), visible=node.get("state", "visible") == "visible")
            _Reader(sheet, limits, strings, codes, since_1904).read(book.elements(part, *_TAGS))
            yield sheet


def _elements(raw: IO[bytes], tags: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
    walk = etree.iterparse(
        raw,
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    checked = False
    for _, node in walk:
        if not checked and node.getroottree().docinfo.internalDTD is not None:
            raise CannotOpen(_BROKEN)  # no programme writes one; it could only bring entities in
        checked = True
        yield node.tag.rpartition("}")[2], node
        node.clear()
        parent = node.getparent()
        while parent is not None and parent[0] is not node:
            del parent[0]


def _strings(book: _Workbook, part: str) -> list[str]:
    """The table of texts that cells refer to by number."""
    found: list[str] = []
    size = 0
    for _, node in book.elements(part, "si"):
        found.append(_text(node))
        size += len(found[-1]) + 1
        if size > _MAX_STRINGS:
            raise TooLarge("表格内容过大，无法一次读完；请只留任务表，或拆成几个文件再上传。")
    return found


def _text(node: etree._Element) -> str:
    """The text of a string with or without runs; the reading aids (拼音) above it left out."""
    pieces = []
    for child in node:
        local = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if local == "t":
            pieces.append(child.text or "")
        elif local == "r":
            pieces.extend(text.text or "" for text in child.iterfind("{*}t"))
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), "".join(pieces))


def _codes(book: _Workbook, part: str) -> list[str]:
    """The number format code of each cell style, in the order in which cells name them."""
    root = book.part(part)
    own = {node.get("numFmtId", ""): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    return [
        own.get(number, "") or BUILT_IN.get(int(number) if number.isdigit() else 0, "General")
        for number in (node.get("numFmtId", "0") for node in root.iterfind("{*}cellXfs/{*}xf"))
    ]


_TAGS = ("col", "row", "c", "mergeCell")


class _Reader:
    """Reads one sheet's stream into a ``Sheet``."""

    def __init__(self, sheet: Sheet, limits: Limits, strings: list[str], codes: list[str], since_1904: bool) -> None:
        self._sheet, self._limits, self._strings, self._codes = sheet, limits, strings, codes
        self._since_1904 = since_1904
        self._line: etree._Element | None = None  # the row whose cells go by
        self._row = -1
        self._column = -1

    def read(self, elements: Iterator[tuple[str, etree._Element]]) -> None:
        for tag, node in elements:
            if tag == "c":
                self._limits.pass_by()
                self._cell(node)
            elif tag == "row":
                self._limits.pass_by()
                self._open(node)
                self._line = None
                if node.get("hidden") in _ON:
                    self._sheet.hidden_rows.add(self._row)
            elif tag == "col" and node.get("hidden") in _ON:
                first = _index(node.get("min"), 0, _MAX_COLUMN)
                self._sheet.hidden_columns.update(range(first, _index(node.get("max"), first, _MAX_COLUMN) + 1))
            elif tag == "mergeCell":
                start, _, end = node.get("ref", "").partition(":")
                corner, opposite = _place(start), _place(end)
                if corner and opposite:
                    self._limits.merge(self._sheet, (*corner, *opposite))

    def _open(self, line: etree._Element) -> None:
        """Note which row goes by; one without a number is the next."""
        if line is not self._line:
            self._line, self._row, self._column = line, _index(line.get("r"), self._row + 1, _MAX_ROW), -1

    def _cell(self, node: etree._Element) -> None:
        line = node.getparent()
        if line is None:
            return
        self._open(line)
        place = _place(node.get("r", "")) or (self._row, self._column + 1)
        self._column = place[1]
        if not len(node) or place[1] >= _MAX_COLUMN:
            return
        if text := self._shown(node):
            self._limits.put(self._sheet, place, text)
        elif formula := node.findtext("{*}f"):
            self._limits.put(self._sheet, place, f"={formula}", shown=False)

    def _shown(self, node: etree._Element) -> str:
        kind = node.get("t", "n")
        if kind == "inlineStr":
            inline = node.find("{*}is")
            return _text(inline) if inline is not None else ""
        value = (node.findtext("{*}v") or "").strip("\r\n\t") if kind != "str" else node.findtext("{*}v") or ""
        if kind == "s":
            return self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, "")
        if kind == "d":
            return re.sub(r"^(\d{4})-0?(\d{1,2})-0?(\d{1,2}).*", r"\1年\2月\3日", value)
        if kind != "n":
            return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), value)
        style = node.get("s", "0")
        code = self._codes[int(style)] if style.isdecimal() and int(style) < len(self._codes) else "General"
        try:
            return shown(float(value), code, since_1904=self._since_1904) if value else ""
        except ValueError:
            return value


def _index(text: str | None, otherwise: int, limit: int) -> int:
    """A row or column number counted from 1 as one from 0; what is none is the next."""
    return min(max(int(text) - 1, 0), limit - 1) if text and re.fullmatch("[0-9]{1,9}", text) else min(otherwise, limit)


def _place(reference: str) -> Place | None:
    """``B3`` → (2, 1)."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return max(int(match[2]) - 1, 0), column - 1
