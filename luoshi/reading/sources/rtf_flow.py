"""The flow of an RTF document: paragraphs, and tables whose cells are known by where their right edges stand."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

from luoshi.reading.errors import TooLarge
from luoshi.reading.ledger import Block, BlockKind, Origin
from luoshi.reading.sources.numbering import numbered

_NEAR = 30  # twips (1/20 point) between edges that are one edge
_MAX_CELLS = 100_000
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class _Edge:
    """A cell as its row defines it: right edge, and what it is merged with."""

    right: int
    across: bool = False  # goes on from the cell before
    starts: bool = False  # may go on in the row below
    down: bool = False  # goes on from the row above


@dataclass(slots=True)
class _Cell:
    left: int
    right: int
    text: str
    starts: bool = False
    down: bool = False
    row_span: int = 1


@dataclass
class Flow:
    """A story – body, header, note, text box – while it is read. ``kind`` is that of its paragraphs and cells."""

    out: list[Block]
    kind: BlockKind | None = None
    counts: list[int] = field(default_factory=lambda: [0, 0])  # paragraphs and tables before
    words: list[str] = field(default_factory=list)
    label: str = ""
    _lines: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _edges: list[_Edge] = field(default_factory=list)
    _edge: _Edge = field(default_factory=lambda: _Edge(0))
    _left: int = 0
    _rows: list[list[_Cell]] = field(default_factory=list)
    _kept: int = 0

    # Text

    def paragraph(self, *, in_table: bool, level: int | None) -> None:
        """End a paragraph; ``level``: that of a heading, from 1."""
        text = self._said()
        if in_table:
            self._lines.append(text)
            return
        self._leave_cell_open(text)
        self.end_table()
        if text:
            kind: BlockKind = self.kind or ("heading" if level else "paragraph")
            origin = Origin(paragraph=self.counts[0], level=level if kind == "heading" else None)
            lines = (line.strip() for line in text.split("\n"))
            self.out += [Block(kind=kind, text=line, origin=origin) for line in lines if line]
            self.counts[0] += 1

    def _said(self) -> str:
        text, self.words = "".join(self.words), []
        if _SURROGATES.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        label, self.label = self.label, ""
        text = text.strip()
        return numbered(label, text) if text else ""

    def _leave_cell_open(self, text: str) -> None:
        """Paragraphs of a cell that never ended (a torn file) are paragraphs."""
        lines, self._lines = self._lines, []
        for line in filter(None, [*self._cells, *lines]):
            self.out.append(Block(kind=self.kind or "paragraph", text=line, origin=Origin(paragraph=self.counts[0])))
            self.counts[0] += 1
        self._cells = []

    # Tables

    def define(self, word: str, number: int) -> None:
        """A control word that defines a row's cells."""
        if word == "trowd":
            self._edges, self._edge, self._left = [], _Edge(0), 0
        elif word == "trleft":
            self._left = number
        elif word == "clmrg":
            self._edge.across = True
        elif word == "clvmgf":
            self._edge.starts = True
        elif word == "clvmrg":
            self._edge.down = True
        elif word == "cellx" and len(self._edges) < 1000:
            self._edge.right = number
            self._edges.append(self._edge)
            self._edge = _Edge(0)

    def cell(self) -> None:
        """End a cell."""
        self._kept += 1
        if self._kept > _MAX_CELLS:
            raise TooLarge("表格内容过大，无法一次读完；请只留任务表，或拆成几个文件再上传。")
        lines = [line for text in [*self._lines, self._said()] for line in text.split("\n")]
        self._cells.append("\n".join(filter(None, map(str.strip, lines))))
        self._lines = []

    def row(self) -> None:
        """End a row."""
        cells: list[_Cell] = []
        right = self._left
        for index, text in enumerate(self._cells):
            edge = self._edges[index] if index < len(self._edges) else _Edge(right + 1000)
            left, right = right, max(edge.right, right + 1)
            if edge.across and cells:
                cells[-1].right = right
                cells[-1].text = "\n".join(filter(None, (cells[-1].text, text)))
            else:
                cells.append(_Cell(left, right, text, edge.starts, edge.down))
        self._cells = []
        if cells:
            self._rows.append(cells)

    def end_table(self) -> None:
        """Give out the table that is open."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame round text
            for line in filter(None, rows[0][0].text.split("\n")):
                self.out.append(
                    Block(kind=self.kind or "paragraph", text=line, origin=Origin(paragraph=self.counts[0]))
                )
                self.counts[0] += 1
            return
        columns = _columns(rows)
        open_cells: dict[int, _Cell] = {}
        found: list[tuple[int, int, int, _Cell]] = []
        for index, row in enumerate(rows):
            for cell in row:
                first, last = columns.column(cell.left), columns.column(cell.right)
                above = open_cells.get(first)
                if cell.down and above is not None:
                    above.row_span += 1
                    above.text = "\n".join(filter(None, (above.text, cell.text)))
                    continue
                open_cells.pop(first, None)
                if cell.starts:
                    open_cells[first] = cell
                found.append((index, first, max(last - first, 1), cell))
        for index, first, span, cell in found:
            if cell.text:
                origin = Origin(table=self.counts[1], row=index, column=first, row_span=cell.row_span, column_span=span)
                self.out.append(Block(kind=self.kind or "cell", text=cell.text, origin=origin))
        self.counts[1] += 1

    def end(self) -> None:
        """Give out all that is open."""
        if self.words or self._lines or self._cells:
            self.paragraph(in_table=False, level=None)
        self.end_table()


class _Columns:
    """The edges of all rows of a table from left to right, those a hair apart as one."""

    def __init__(self, edges: list[int]) -> None:
        self._edges: list[int] = []
        for edge in sorted(set(edges)):
            if not self._edges or edge - self._edges[-1] > _NEAR:
                self._edges.append(edge)

    def column(self, edge: int) -> int:
        return max(bisect.bisect_right(self._edges, edge) - 1, 0)


def _columns(rows: list[list[_Cell]]) -> _Columns:
    return _Columns([edge for row in rows for cell in row for edge in (cell.left, cell.right)])
