"""Tables whose cells ran together without any separator: rows are cut at their numbers, cells at what they must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from luoshi.reading.headers import RUN_TOGETHER, column_role, settle_roles
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.tables import Grid, Row
from luoshi.reading.words import load


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


_WORDS = load("cells")
_ENDINGS, _OPENINGS = any_of(_WORDS["unit ending"]), any_of(_WORDS["unit opening"])
_END_DATE = Rule(
    name="stuck-date",
    triggers=("20", "第", *"0123456789", *"一二三四", *_WORDS["date word"]),
    pattern=late(
        rf"(?:(?:20\d\d年)?(?:\d{{1,2}}月(?:\d{{1,2}}日|{any_of(_WORDS['day part'])})?(?:前|之前)?{any_of(_WORDS['done by'])}?"
        rf"|{any_of(_WORDS['date word'])}|第?[一二三四]季度))$"
    ),
    value=lambda m: m.group(),
    reads=(("县教育局2026年6月底前", "2026年6月底前"), ("各镇年底前", "年底前"), ("县水利局第三季度", "第三季度")),
    refuses=("年底前完成开工", "6月开始施工", "全年任务"),
)
_ROW_NAME = Rule(
    name="stuck-name",
    triggers=_WORDS["row name"],
    pattern=re.compile(any_of(_WORDS["row name"])),
    value=lambda m: m.end(),
    reads=(("老旧小区改造工程改造小区5个", "工程"), ("护学计划为全县学校", "计划")),
    refuses=("新建学校2所",),
)
_ROW_VERB = Rule(
    name="stuck-verb",
    triggers=_WORDS["row verb"],
    pattern=late(any_of(_WORDS["row verb"])),
    value=lambda m: m.start(),
    reads=(("社区食堂新建食堂10家", "新建"), ("护学为全县学校配保安", "为")),
    refuses=("县教育局、各镇",),
)
_STUCK_UNIT = Rule(
    name="stuck-unit",
    triggers=_WORDS["unit opening"],
    pattern=late(
        rf"(?:各(?={any_of(_WORDS['all of'])})|{_OPENINGS}[^。,;])[^。,;]{{0,13}}?{_ENDINGS}(?:\([^()]{{1,12}}\))?"
        rf"(?=、|{_OPENINGS}|$)"
    ),
    value=lambda m: m.group(),
    reads=(
        ("县教育局县财政局", "县教育局"),
        ("各街道县住建局", "各街道"),
        ("国网澜湾供电公司、各镇", "国网澜湾供电公司"),
    ),
    refuses=("县教育", "区域内新建", "各项任务,县"),
)
_BEFORE_NUMBER = Rule(
    name="stuck-number",
    triggers=_WORDS["before number"],
    pattern=re.compile(any_of(_WORDS["before number"]) + "$"),
    value=lambda m: m.group(),
    reads=(("年底前", "前"), ("县教育局", "局"), ("全年完成", "完成")),
    refuses=("改造小区", "前期工作"),
)
_NAMES, _VERBS = RuleSet([_ROW_NAME]), RuleSet([_ROW_VERB])
_CELLS = RuleSet([_END_DATE, _STUCK_UNIT, _BEFORE_NUMBER])
_NOT_IN_NAME = late("[0-9,。;]")
_SHORTEST_NAME, _LONGEST_NAME, _LONGEST_BEFORE_VERB = 2, 16, 12


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
    for (s, e), after in zip(marks, [*marks[1:], (end, end)]):
        yield Piece(0, s, e), e, after[0]


_LONGEST_ROW, _SHORTEST_ROW = 3000, 12
_ROW_NUMBER = re.compile(r"(?<![\d.])\d{1,4}(?=(?:[^\W\da-zA-Z_]|“))(?![年月日])")


def _next_number(folded: str, at: int, end: int, number: int) -> re.Match[str] | None:
    """The next row's number: the first right behind the header, later ones behind a date or a unit."""
    if number == 1:
        first = _ROW_NUMBER.match(folded, at, end)
        return first if first and first.group() == "1" else None
    for match in _ROW_NUMBER.finditer(folded, at, min(end, at + _LONGEST_ROW)):
        if match.group() == str(number) and _BEFORE_NUMBER.pattern.search(
            folded, max(0, match.start() - 4), match.start()
        ):
            return match
    return None


def _name_end(folded: str, start: int, stop: int) -> int | None:
    """Where the name that opens a row's wording ends: behind 工程, 项目 …, else before the first verb."""
    for rules, longest in ((_NAMES, _LONGEST_NAME), (_VERBS, _LONGEST_BEFORE_VERB)):
        for match, end in rules.find(folded, start + _SHORTEST_NAME, min(stop, start + longest + 2)):
            if match.start() - start <= longest and not _NOT_IN_NAME.search(folded, start, match.start()):
                return end
            break
    return None


def _stuck_row(page: Page, block: int, number: Piece, start: int, end: int, roles: Sequence[str]) -> Row:
    folded = page.folds[block]
    row = Row({"number": [Piece(block, number.start, number.end)]})
    stop = folded.rfind("。", start, end) + 1
    if stop <= start:
        stop = start
    if "title" in roles and (named := _name_end(folded, start, stop)):
        row.cells["title"] = [Piece(block, start, named)]
        start = named
    row.cells["task"] = [Piece(block, start, stop)]
    if "deadline" in roles and (date := _END_DATE.pattern.search(folded, stop, end)):
        row.cells["deadline"] = [Piece(block, date.start(), end)]
        end = date.start()
    units = [m.span() for m in _STUCK_UNIT.pattern.finditer(folded, stop, end)]
    if "leader" in roles and units and units[0][0] > stop:
        row.cells["leader"] = [Piece(block, stop, units[0][0])]
    held = [role for role in roles if role in ("lead", "unit", "support")]
    for i, (s, e) in enumerate(units):
        row.cells.setdefault(held[min(i, len(held) - 1)] if held else "unit", []).append(Piece(block, s, e))
    return row
