"""Tables whose cells ran together without any separator: rows are cut at their numbers, cells at what they must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from luoshi.reading.headers import RUN_TOGETHER, column_role, settle_roles
from luoshi.reading.page import Page, Piece
from luoshi.reading.tables import Grid, Row


def run_together(folded: str) -> list[re.Match[str]]:
    """Header words that stand one behind another in a line; empty when there are fewer than four."""
    first = folded.find("序号")
    if first < 0 or len(folded) < 60:
        return []
    words: list[re.Match[str]] = []
    at = first
    while word := RUN_TOGETHER.match(folded, at):
        words.append(word)
        at = word.end()
    return words if len(words) >= 4 else []


_END_DATE = re.compile(
    r"(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|底|份)?(?:前|之前)?(?:完成|投用)?|年底前?|全年|长期坚持|持续推进|每月|每季度|第?[一二三四]季度|[上下]半年)$"
)
_TITLE = re.compile(r"[^0-9,。;]{2,16}?(?:工程|项目|行动|计划)")
_TITLE_BEFORE_VERB = re.compile(
    r"[^0-9,。;]{2,12}?(?=新增|新建|新改|新开|改造|建设|建成|实施|完成|开展|为|对|推进|免费|组织|举办|升级|开工|启用|创建|发放|安装|更新|整治|铺设|拓宽|筹集|培训|治理|打造|推广|引进|扩建|设立|增设|加装)"
)
_STUCK_UNIT = re.compile(
    r"(?:各(?=街道|乡|镇|村|社区)|(?:各|区|县|市|镇|省|公安|国网|团)[^。,;])[^。,;]{0,13}?(?:局|委|办|厅|院|中心|公司|集团|大队|支队|总工会|工会|联合会|协会|总会|妇联|残联|联社|街道|乡镇|镇|乡|社区|村|分局|管委会|银行|支行)(?:\([^()]{1,12}\))?(?=、|各|区|县|市|镇|省|公安|国网|团|$)"
)


def unseparated(page: Page, lines: Sequence[Piece], at: int, words: list[re.Match[str]]) -> tuple[Grid, int]:
    """The grid of a line whose header words (``words``) and cells ran together, and the index of the line after it."""
    line = lines[at]
    folded = page.folds[line.block]
    roles = settle_roles([column_role(word.group()) or "other" for word in words])
    base = line.start
    grid = Grid([Piece(line.block, base + w.start(), base + w.end()) for w in words], roles, [])
    start = base + words[-1].end()
    if words[0].start() > 0:
        grid.title = page.strip(line.block, base, base + words[0].start())
    for number, begin, end in _numbered(folded, start, line.end):
        grid.rows.append(_stuck_row(page, line.block, number, begin, end, roles))
    if "title" in roles:
        _even_titles(grid.rows)
    return grid, at + 1


def _even_titles(rows: Sequence[Row]) -> None:
    """老有所养, 病有所医: where most titles are of one length, a row whose title was not found has one of that length."""
    lengths = Counter(title.end - title.start for row in rows if (title := row.first("title")))
    if not lengths:
        return
    length, often = lengths.most_common(1)[0]
    for row in rows if often * 2 >= len(rows) else ():
        wording = row.first("task")
        if "title" not in row.cells and wording and wording.end - wording.start > length:
            middle = wording.start + length
            row.cells["title"] = [Piece(wording.block, wording.start, middle)]
            row.cells["task"] = [Piece(wording.block, middle, wording.end)]


def _numbered(folded: str, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
    """Stretches between consecutive row numbers 1, 2, 3 … glued to their neighbours."""
    marks: list[tuple[int, int]] = []
    at, number = start, 1
    while match := _next_number(folded, at, end, number):
        marks.append(match.span())
        at, number = match.end() + _SHORTEST_ROW, number + 1
    for (s, e), after in zip(marks, [*marks[1:], (end, end)], strict=True):
        yield Piece(0, s, e), e, after[0]


_LONGEST_ROW, _SHORTEST_ROW = 3000, 12
_ROW_NUMBER = re.compile(r"(?<![\d.])\d{1,4}(?=(?:[^\W\da-zA-Z_]|“))(?![年月日])")
_BEFORE_NUMBER = re.compile(r"(?:前|年|月|季度|坚持|推进|底|完成|[局委办院])$")


def _next_number(folded: str, at: int, end: int, number: int) -> re.Match[str] | None:
    """The next row's number: the first right behind the header, later ones behind a date or a unit."""
    if number == 1:
        first = _ROW_NUMBER.match(folded, at, end)
        return first if first and first.group() == "1" else None
    for match in _ROW_NUMBER.finditer(folded, at, min(end, at + _LONGEST_ROW)):
        if match.group() == str(number) and _BEFORE_NUMBER.search(folded, max(0, match.start() - 4), match.start()):
            return match
    return None


def _stuck_row(page: Page, block: int, number: Piece, start: int, end: int, roles: Sequence[str]) -> Row:
    folded = page.folds[block]
    row = Row({"number": [Piece(block, number.start, number.end)]})
    stop = folded.rfind("。", start, end) + 1
    if stop <= start:
        stop = start
    if "title" in roles and (
        title := _TITLE.match(folded, start, stop) or _TITLE_BEFORE_VERB.match(folded, start, stop)
    ):
        row.cells["title"] = [Piece(block, start, title.end())]
        start = title.end()
    row.cells["task"] = [Piece(block, start, stop)]
    if "deadline" in roles and (date := _END_DATE.search(folded, stop, end)):
        row.cells["deadline"] = [Piece(block, date.start(), end)]
        end = date.start()
    units = [m.span() for m in _STUCK_UNIT.finditer(folded, stop, end)]
    if "leader" in roles and units and units[0][0] > stop:
        row.cells["leader"] = [Piece(block, stop, units[0][0])]
    held = [role for role in roles if role in ("lead", "unit", "support")]
    for i, (s, e) in enumerate(units):
        row.cells.setdefault(held[min(i, len(held) - 1)] if held else "unit", []).append(Piece(block, s, e))
    return row
