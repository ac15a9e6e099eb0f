"""Lines of a progress document sorted into reports: marks open them, headings and labels switch their parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from luoshi.reading.accounts.report import Layout, Report
from luoshi.reading.accounts.zones import Zone, first_label, heading_zone, label_at, parts
from luoshi.reading.lines import MARK
from luoshi.reading.page import Page, Piece, squeeze

FIRSTLY = re.compile(r"(?P<F>[一二三四五六七八九十]{1,2}是|其[一二三四五六]|[第其]?[一二三四五六]来)[:,]?")
POINT = re.compile(r"(?<=[:;。,])[一二三四五六七八九]是(?!否)")
_BRACKETED = re.compile(r"\[(?P<title>[^\[\]]{2,30})\]\s{0,3}")
_TITLE_STOP = re.compile(r"[。:]|\s{1,4}|--")
_DONE = re.compile(r"已|累计|目前|截至|截止|正在|今年以来|预计|完成率|同比|\d月[份底]?,|上半年,|季度,|共|顺利|现")
_POINTS = frozenset("CSFLQ")
_OPENING = frozenset(("task", "progress", "problem", "next"))
_SIGNED = re.compile(r"(?:20\d\d|二[〇○零]).{3,8}[日月]$")


class Lines:
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
        for at, line in enumerate(self.lines):
            self.at = at
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
