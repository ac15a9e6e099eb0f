"""The layout of a progress document: which lines and cells report on which task, and in which part of the report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from luoshi.reading.accounts.tables import Cells, Row, bordered, is_form, native_cells, read_rows, text_cells
from luoshi.reading.accounts.zones import Zone, first_label, heading_zone, label_at, parts
from luoshi.reading.outline import MARK
from luoshi.reading.page import Page, Piece, squeeze


@dataclass(slots=True)
class Report:
    """One task's report: number and title, the task as written, its parts in order, its units, its cells of figures."""

    at: Piece
    number: Piece | None = None
    title: Piece | None = None
    section: Piece | None = None
    task: list[Piece] = field(default_factory=list)
    parts: list[tuple[Zone, Piece]] = field(default_factory=list)
    units: list[Piece] = field(default_factory=list)
    header: str = ""  # the header words of the column its progress stands in
    cells: Row | None = None

    def pieces(self, zone: Zone) -> list[Piece]:
        return [piece for own, piece in self.parts if own == zone]


@dataclass(slots=True)
class Layout:
    """The whole document: lines before the first report, reports, parts that belong to no single one, last lines."""

    head: list[Piece] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    loose: list[tuple[Zone, Piece]] = field(default_factory=list)
    signed: list[Piece] = field(default_factory=list)
    unread_tables: list[Piece] = field(default_factory=list)


def read_layout(page: Page) -> Layout:
    """The layout of a page. A document without marks or tables is one report."""
    layout = Layout()
    lines: list[Piece] = []
    for item in _flow(page):
        if isinstance(item, Piece):
            lines.append(item)
            continue
        _Lines(page, layout, lines, bool(layout.reports)).read()
        lines = []
        _table(page, item, layout)
    _Lines(page, layout, lines, bool(layout.reports)).read()
    if not layout.reports:
        _one_report(page, layout)
    return layout


# --- the flow of lines and tables ---------------------------------------------------------------------------------


def _flow(page: Page) -> Iterator[Piece | Cells]:
    lines: list[Piece] = []
    cells: list[int] = []
    for i, block in enumerate(page.blocks):
        if block.kind == "chrome":
            continue
        origin = block.origin
        native = block.kind == "cell" and (origin.table is not None or origin.sheet is not None)
        if cells and (not native or _table_of(page, i) != _table_of(page, cells[0])):
            yield native_cells(page, cells)
            cells = []
        if native:
            yield from _with_text_tables(page, lines)
            lines = []
            cells.append(i)
        else:
            lines.extend(_lines_of(page, i))
    yield from _with_text_tables(page, lines)
    if cells:
        yield native_cells(page, cells)


def _table_of(page: Page, block: int) -> tuple[str | None, int | None]:
    return page.blocks[block].origin.sheet, page.blocks[block].origin.table


def _lines_of(page: Page, block: int) -> Iterator[Piece]:
    folded, at = page.folds[block], 0
    for stop in [*(i for i, c in enumerate(folded) if c == "\n"), len(folded)]:
        piece = page.strip(block, at, stop)
        at = stop + 1
        if piece.end > piece.start:
            yield piece


def _with_text_tables(page: Page, lines: Sequence[Piece]) -> Iterator[Piece | Cells]:
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and bordered(page, lines[stop]):
            stop += 1
        if stop - at >= 2:
            yield text_cells(page, lines[at:stop])
            at = stop
        else:
            yield lines[at]
            at += 1


# --- tables -------------------------------------------------------------------------------------------------------

_ROW_ZONES: tuple[tuple[str, Zone], ...] = (
    ("progress", "progress"), ("problem", "problem"), ("next", "next"), ("state", "state"), ("expected", "expected"),
    ("remark", "remark"),
)  # fmt: skip


def _table(page: Page, table: Cells, layout: Layout) -> None:
    if is_form(page, table):
        _form(page, table, layout)
        return
    rows = read_rows(page, table)
    if rows is None:
        if table and table[0]:
            layout.unread_tables.append(next(iter(table[0].values())))
            layout.head.extend(dict.fromkeys(piece for row in table for piece in row.values() if piece.end > piece.start))
        return
    section: Piece | None = None
    for row in rows:
        if row.theme is not None:
            section = row.theme
        elif report := _row_report(page, row, section):
            layout.reports.append(report)
    for row_cells in table[:5]:  # a title over the header stands in the table
        if len({*row_cells.values()}) == 1:
            layout.head.append(next(iter(row_cells.values())))
        else:
            break


def _row_report(page: Page, row: Row, section: Piece | None) -> Report | None:
    own = [*row.pieces("title"), *row.pieces("task"), *row.pieces("value")]
    body = [piece for role, _ in _ROW_ZONES for piece in row.pieces(role)]
    if not own and not body and not row.pieces("reached"):
        return None
    numbers, titles = row.pieces("number"), row.pieces("title")
    report = Report((own or body or row.pieces("reached"))[0], numbers[0] if numbers else None, titles[0] if titles else None)
    report.section = section or next(iter(row.pieces("category")), None)
    report.task = [piece for piece in own if piece not in titles[:1]]
    report.units = row.pieces("lead")
    report.header = next((header for _, header in row.cells.get("progress", ())), "")
    report.cells = row
    for role, zone in _ROW_ZONES:
        for piece in row.pieces(role):
            for line in _inner_lines(page, piece):
                report.parts.extend(parts(page, line, zone))
    return report


def _inner_lines(page: Page, piece: Piece) -> Iterator[Piece]:
    """The lines of a cell, without the marks of points in it."""
    folded, at = page.folds[piece.block], piece.start
    while at < piece.end:
        stop = folded.find("\n", at, piece.end)
        stop = piece.end if stop < 0 else stop
        line = page.strip(piece.block, at, stop)
        if line.end > line.start:
            yield _unmarked(page, line)
        at = stop + 1


def _unmarked(page: Page, line: Piece) -> Piece:
    mark = MARK.match(page.folds[line.block], line.start, line.end)
    return page.strip(line.block, mark.end(), line.end) if mark and mark.end() < line.end else line


def _form(page: Page, table: Cells, layout: Layout) -> None:
    """A form: each label's cell is followed by what it asks for; a new task label begins a new report."""
    report: Report | None = None
    for row in table:
        pieces = list(dict.fromkeys(row.values()))
        for label, value in zip(pieces, pieces[1:]):
            zone = heading_zone(page.folded(label))
            if zone is None or value.end <= value.start or heading_zone(page.folded(value)):
                continue
            if report is None or (zone == "task" and report.pieces("progress")):
                report = Report(value)
                layout.reports.append(report)
            if zone == "task":
                report.title, report.at = report.title or value, report.title or value
                report.task.append(value)
            elif zone == "unit":
                report.units.append(value)
            else:
                for line in _inner_lines(page, value):
                    report.parts.extend(parts(page, line, zone))


# --- lines --------------------------------------------------------------------------------------------------------

FIRSTLY = re.compile(r"(?P<F>[一二三四五六七八九十]{1,2}是|其[一二三四五六]|[第其]?[一二三四五六]来)[:,]?")
POINT = re.compile(r"(?<=[:;。,])[一二三四五六七八九]是(?!否)")
_BRACKETED = re.compile(r"\[(?P<title>[^\[\]]{2,30})\]\s{0,3}")
_TITLE_STOP = re.compile(r"[。:]|\s{1,4}|--")
_DONE = re.compile(r"已|累计|目前|截至|截止|正在|今年以来|预计|完成率|同比|\d月[份底]?,|上半年,|季度,|共|顺利|现")
_POINTS = frozenset("CSFLQ")
_OPENING = frozenset(("task", "progress", "problem", "next"))
_SIGNED = re.compile(r"(?:20\d\d|二[〇○零]).{3,8}[日月]$")
_GREETING = re.compile(r"[^,。]{2,30}:$")


class _Lines:
    """Sorts the lines between tables: marks make reports, headings switch parts. ``after``: reports stand before them."""

    def __init__(self, page: Page, layout: Layout, lines: Sequence[Piece], after: bool) -> None:
        self.page, self.layout, self.lines, self.after = page, layout, lines, after
        self.stack: list[tuple[str, Report | Piece | Zone]] = []
        self.report: Report | None = None
        self.zone: Zone | None = None  # the part of the document
        self.own: Zone = "progress"  # the part of the report in hand
        self.at = 0  # the line in hand
        self.labelled = any((label := label_at(page, line)) and label[0] == "progress" for line in lines)
        self.last_mark = max((i for i, line in enumerate(lines) if self._is_mark(line)), default=-1)
        self.turns = Counter(self._turn(line) for line in lines)
        self.heads = Counter(squeeze(page.folded(line)) for line in lines)

    def read(self) -> None:
        for self.at, line in enumerate(self.lines):
            folded = self.page.folds[line.block]
            mark = MARK.match(folded, line.start, line.end) or FIRSTLY.match(folded, line.start, line.end)
            if mark and mark.lastgroup and mark.end() < line.end:
                self._marked(line, mark.lastgroup, Piece(line.block, *mark.span(mark.lastgroup)), mark.end())
            else:
                self._plain(line)

    def _marked(self, line: Piece, kind: str, number: Piece, after: int) -> None:
        page = self.page
        content = page.strip(line.block, after, line.end)
        depth = next((d for d in range(len(self.stack) - 1, -1, -1) if self.stack[d][0] == kind), len(self.stack))
        del self.stack[depth:]
        above = self.stack[-1][1] if self.stack else None
        self.report = next((own for _, own in reversed(self.stack) if isinstance(own, Report)), None)
        zone = heading_zone(page.folded(content))
        if zone:
            self.stack.append((kind, zone))
            if self.report:
                self.own = zone
            else:
                self.zone = zone
            return
        if self.report is None and self.zone in ("problem", "next"):
            self.stack.append((kind, self.zone))
            self.layout.loose.extend(self._points(content, self.zone))
        elif self.report is not None and not self._is_section(self.report, kind):
            self._append(self.report, content)
        else:
            if isinstance(above, Report):  # a title with reports under it is a section
                self.layout.reports.remove(above)
                self.stack[-1] = (self.stack[-1][0], above.title or above.at)
            self._begin(line, kind, number, content)

    def _is_section(self, report: Report, kind: str) -> bool:
        return not report.parts and not report.task and kind not in _POINTS

    def _begin(self, line: Piece, kind: str, number: Piece | None, content: Piece) -> None:
        section = next((own for _, own in reversed(self.stack) if isinstance(own, Piece)), None)
        report = self.report = Report(content, number, section=section)
        self.stack.append((kind, report))
        self.layout.reports.append(report)
        self.own = "progress"
        body = self._titled(report, content)
        if body.end > body.start:
            self._append(report, body)

    def _titled(self, report: Report, content: Piece) -> Piece:
        """Take the title off a report's first line; what is left of the line is its body."""
        page, folded = self.page, self.page.folds[content.block]
        labelled = first_label(page, content, "progress")
        if labelled == content.start:
            return content
        if labelled is not None or self._task_alone(content):
            end = content.end if labelled is None else labelled
            report.title = report.at = page.strip(content.block, content.start, end)
            return Piece(content.block, end, content.end)
        if bracketed := _BRACKETED.match(folded, content.start, content.end):
            report.title = Piece(content.block, *bracketed.span("title"))
            return page.strip(content.block, bracketed.end(), content.end)
        stop = _TITLE_STOP.search(folded, content.start, content.end)
        first = page.strip(content.block, content.start, stop.start() if stop else content.end)
        alone = stop is None or stop.end() >= content.end
        if first.end - first.start > (120 if alone else 60) or _DONE.search(folded, first.start, first.end):
            return content
        if alone or first.end - first.start <= 40:
            report.title = report.at = first
            return page.strip(content.block, stop.end() if stop else content.end, content.end)
        return content

    def _task_alone(self, content: Piece) -> bool:
        """Whether the next line begins with 进展情况: and its like: this line is the task as written."""
        at = self.at + 1
        following = label_at(self.page, self.lines[at]) if at < len(self.lines) else None
        done = _DONE.search(self.page.folds[content.block], content.start, content.end)
        return following is not None and following[0] == "progress" and not (done and done.group() == "已")

    def _append(self, report: Report, content: Piece) -> None:
        for zone, piece in parts(self.page, content, self.own):
            if zone == "task":
                report.task.append(piece)
            elif zone == "unit":
                report.units.append(piece)
            else:
                report.parts.append((zone, piece))
            self.own = zone if zone not in ("task", "unit", "state", "remark", "expected") else self.own

    def _plain(self, line: Piece) -> None:
        page = self.page
        folded = page.folded(line)
        zone = heading_zone(folded)
        if zone and zone in ("progress", "problem", "next"):
            if self.report is not None and (self.heads[squeeze(folded)] > 1 or not self._several()):
                self.own = zone
            else:
                self.stack, self.report, self.zone = [], None, zone
        elif _SIGNED.search(folded) and len(folded) <= 40:
            self.layout.signed.append(line)
        elif len(folded) <= 24 and self._closes(line):
            self.layout.signed.append(line)
        elif self._opens(line):
            pass
        elif (turn := self._turn(line)) and self.turns[turn] == 1 and self._ends_reports():
            self.stack, self.report, self.zone = [], None, turn
            self.layout.loose.extend(self._points(line, turn))
        elif self.report is not None:
            self._append(self.report, line)
        elif self.zone in ("problem", "next"):
            self.layout.loose.extend(self._points(line, self.zone))
        else:
            self._before_reports(line)

    def _is_mark(self, line: Piece) -> bool:
        folded = self.page.folds[line.block]
        return bool(MARK.match(folded, line.start, line.end) or FIRSTLY.match(folded, line.start, line.end))

    def _turn(self, line: Piece) -> Zone | None:
        """The part that a line opens by its label or its first words, where that is problems or next steps."""
        zone = next((zone for zone, _ in parts(self.page, line, "progress")), None)
        return zone if zone in ("problem", "next") else None

    def _ends_reports(self) -> bool:
        """Whether problems told here are those of all: the last of several numbered reports, none with parts by label."""
        if self.labelled or not self._several() or self.at < self.last_mark:
            return False
        return self.report is None or self.report.number is not None

    def _points(self, line: Piece, zone: Zone) -> Iterator[tuple[Zone, Piece]]:
        """存在问题:一是…;二是…: each point by itself."""
        folded = self.page.folds[line.block]
        begins = [m.start() for m in POINT.finditer(folded, line.start, line.end)]
        for at, stop in zip([line.start, *begins], [*begins, line.end], strict=True):
            for own, piece in parts(self.page, self.page.strip(line.block, at, stop, ";,"), zone):
                if own == zone and (piece.end - piece.start > 20 or not begins or at != line.start):
                    yield own, piece

    def _several(self) -> bool:
        return len(self.layout.reports) > 1

    def _closes(self, line: Piece) -> bool:
        """Whether a short line is the organ that signs: the date follows it, or nothing does."""
        at = self.at
        following = self.page.folded(self.lines[at + 1]) if at + 1 < len(self.lines) else "2000年1月1日"
        ends = re.search(r"[局委办室府会院镇道司团校所站队心处]$", self.page.folded(line))
        return at > 0 and bool(ends) and bool(_SIGNED.search(following))

    def _opens(self, line: Piece) -> bool:
        """任务名称:… and 【…】 at the beginning of a line open a report without a number."""
        labelled = label_at(self.page, line)
        folded = self.page.folded(line)
        free = self.report is None or (self.report.number is None and bool(self.report.parts))
        if labelled and free and (labelled[0] == "task" or self.report is None) and labelled[0] in _OPENING:
            if line.end > labelled[1] and (self.zone not in ("problem", "next") or labelled[0] == "task"):
                self._begin_labelled(line)
                return True
        bracketed = _BRACKETED.match(folded)
        if bracketed and free and heading_zone(bracketed["title"]) is None:
            self.stack, self.report = [], None
            self._begin(line, "K", None, line)
            return True
        return False

    def _before_reports(self, line: Piece) -> None:
        (self.layout.signed if self.after else self.layout.head).append(line)

    def _begin_labelled(self, line: Piece) -> None:
        """任务名称:… without a number begins a report; the next such label begins the next."""
        report = self.report = Report(line)
        self.stack = []
        self.layout.reports.append(report)
        self.own = "progress"
        self._append(report, line)
        if report.task:
            report.title = report.at = report.task[0]


def _one_report(page: Page, layout: Layout) -> None:
    """A document without marks: its long lines are one report, from the first that is no title or greeting."""
    body = [piece for piece in layout.head if not _is_heading(page, piece)]
    if not body and not layout.loose:
        return
    layout.head = [piece for piece in layout.head if piece not in body]
    report = Report(body[0] if body else layout.loose[0][1])
    zone: Zone = "progress"
    for piece in body:
        for zone, part in parts(page, piece, zone if zone == "next" else "progress"):
            report.parts.append((zone, part))
    report.parts.extend(layout.loose)
    layout.loose = []
    layout.reports.append(report)


def _is_heading(page: Page, piece: Piece) -> bool:
    folded = page.folded(piece)
    return bool(_GREETING.fullmatch(folded)) or (not re.search(r"[。;,]", folded) and len(folded) <= 60)
