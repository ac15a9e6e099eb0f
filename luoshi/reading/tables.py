"""Tables: native cells, pipes, one cell a line, or cells run together – all become grids of rows with named columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.reading.facts.deadlines import looks_like_deadline
from luoshi.reading.facts.responsibilities import is_unit_like
from luoshi.reading.page import Page, Piece, squeeze

# Column roles by header words, the first that fits wins (表头用语).
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("number", r"^(?:序|.{0,4}序号|.{0,4}编号|号|No\.?)$"),
        (
            "other",
            r"备注|电话|联系|^责任人|责任人$|负责人$|资金|投资|分值|权重|得分|类型|完成率|级别|形象|性质|来源|依据|存在问题|原因|口径",
        ),
        ("progress", r"进展|完成情况|落实情况|推进情况|完成进度"),
        (
            "milestone",
            r"^(?:第?[一二三四1-4]季度(?:末)?(?:节点|目标)?|(?:上|下)半年(?:目标)?|\d{1,2}月(?:底|份)?|[一二三四]季度工作.{0,4})$",
        ),
        ("leader", r"领导$|分管.{0,3}长|分管.{0,4}同志|牵头负责同志|领导\("),
        (
            "deadline",
            r"时限|期限|完成时间|办结时间|时间要求|时间节点|完成日期|竣工时间|建成时间|进度安排|时间安排|^时间$",
        ),
        ("support", r"配合|协办|协同|协作|协助|参与|其[他它]责任|会同|落实单位"),
        ("lead", r"牵头|主责|主办|主要责任|第一责任|汇总单位"),
        ("value", r"目标值|量化|指标值|目标数|计划数|任务数|年度目标值"),
        ("unit", r"责任单位|责任部门|责任主体|承办|实施单位|责任科室|责任处室|责任股室|负责单位|^单位$|^部门$"),
        ("category", r"^(?:类别|板块|领域|分类|类|工作类别|项目类别|任务类别)$"),
        ("title", r"^(?:实事)?项目名称$|^(?:任务|事项|工程|实事)名称$|^名称$|^项目$|^实事项目$|^事项$"),
        ("task", r"任务|内容|工作|举措|措施|目标|指标|项目|要点|事项"),
    )
)
_HEADER_LIMIT = 16
_NUMBER_CELL = re.compile(
    r"^(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3}|\(\d{1,3}\)|\([一二三四五六七八九十]{1,3}\))[.、]?$"
)
_THEME = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}(?:部分|章))"
)
_RULER = re.compile(r"^[\s|:-]{3,}$")
_NAME_CELL = re.compile(r"^[\u4e00-\u9fa5·]{1,4}(?:[\s、,;/]{0,4}[\u4e00-\u9fa5·]{1,5}){0,4}$")
_PHONE_CELL = re.compile(r"^[\d\-\s、,;()]{5,40}$")
_AMOUNT_CELL = re.compile(r"^\d{1,9}(?:\.\d{1,6})?(?:万元|元|亿元|分|%)?$")
_SENTENCE = re.compile(r"[。;,!]")
_NO_HEADER = re.compile(r"[。;,!]|20\d\d|^\d|:.|^[一二三四五六七八九十]{1,3}、")


@dataclass(slots=True)
class Row:
    """One row of a grid: pieces by column role (several where roles repeat), in column order."""

    cells: dict[str, list[Piece]] = field(default_factory=dict)
    theme: Piece | None = None

    def first(self, role: str) -> Piece | None:
        found = self.cells.get(role)
        return found[0] if found else None


@dataclass(slots=True)
class Grid:
    """A table read: header pieces, its column roles, its rows, and a title that stood in it."""

    header: list[Piece]
    roles: list[str]
    rows: list[Row]
    title: Piece | None = None
    merged_vanish: bool = False
    unread: list[Piece] = field(default_factory=list)


def column_role(header: str) -> str | None:
    """The role of a column by its header words (white space aside), or None when they are no header words."""
    if len(header) > 2 * _HEADER_LIMIT:
        return None
    words = squeeze(header).strip("*：:")
    if not words or len(words) > _HEADER_LIMIT or _NO_HEADER.search(words):
        return None
    return _role_of(words)


@lru_cache(maxsize=1024)
def _role_of(words: str) -> str | None:
    return next((role for role, pattern in _COLUMNS if pattern.search(words)), None)


def settle_roles(roles: list[str]) -> list[str]:
    """Column roles in view of one another: 主责 beside 牵头 supports; a goal column without any task column is the task."""
    if roles.count("lead") > 1:
        first = roles.index("lead")
        roles = ["support" if role == "lead" and i > first else role for i, role in enumerate(roles)]
    if "task" not in roles:
        for stand_in in ("title", "value"):
            if stand_in in roles:
                roles = ["task" if role == stand_in else role for role in roles]
                break
    elif roles.count("task") > 1 and "title" not in roles:
        first = roles.index("task")
        roles = ["title" if i == first else role for i, role in enumerate(roles)]
    return roles


def is_plan_table(roles: Sequence[str | None]) -> bool:
    """Whether a header speaks of tasks and of who answers for them."""
    named = [role for role in roles if role]
    return any(role in ("task", "title") for role in named) and any(
        role in ("lead", "unit", "support", "leader", "deadline", "number") for role in named
    )


# --- native tables (HTML, DOCX): cells know their row, column and spans -------------------------------------------


def native_grid(page: Page, cells: Sequence[int]) -> Grid | None:
    """The grid of one native table, given its cell blocks in order; None when it has no header of a plan."""
    top = _header_row(page, cells)
    if top is None:
        return None
    bottom = _header_bottom(page, cells, top)
    names, header, title = _header_names(page, cells, top, bottom)
    columns = sorted(names)
    roles = settle_roles([column_role(names[c]) or "other" for c in columns])
    grid = Grid(header, roles, [], title)
    _native_rows(page, [i for i in cells if _row_of(page, i) > bottom], dict(zip(columns, roles, strict=True)), grid)
    return grid


def _row_of(page: Page, cell: int) -> int:
    return page.blocks[cell].origin.row or 0


def _header_bottom(page: Page, cells: Sequence[int], top: int) -> int:
    """The last row of the header: its tallest header cell says how many rows it takes."""
    heights = [page.blocks[i].origin.row_span for i in cells if _row_of(page, i) == top and column_role(page.folds[i])]
    return top + max(heights, default=1) - 1


def _header_names(
    page: Page, cells: Sequence[int], top: int, bottom: int
) -> tuple[dict[int, str], list[Piece], Piece | None]:
    """Header words by grid column (a lower row's words replace the group's above them), header pieces, and a title over them."""
    names: dict[int, str] = {}
    header: list[Piece] = []
    title: Piece | None = None
    for i in cells:
        origin, row = page.blocks[i].origin, _row_of(page, i)
        if row < top:
            title = title or page.strip(i, 0, len(page.texts[i]))
        elif row <= bottom:
            header.append(Piece(i, 0, len(page.texts[i])))
            first = origin.column or 0
            names.update(dict.fromkeys(range(first, first + origin.column_span), page.folds[i]))
    return names, header, title


def _header_row(page: Page, cells: Sequence[int]) -> int | None:
    by_row: dict[int, list[str | None]] = {}
    for i in cells:
        row = page.blocks[i].origin.row or 0
        if row > 4:
            break
        by_row.setdefault(row, []).append(column_role(page.folds[i]))
    for row, roles in sorted(by_row.items()):
        if len([r for r in roles if r]) >= 2 and len([r for r in roles if r]) * 2 > len(roles) and is_plan_table(roles):
            return row
    return None


def _native_rows(page: Page, cells: Sequence[int], roles: dict[int, str], grid: Grid) -> None:
    rows: dict[int, Row] = {}
    covered: dict[int, set[int]] = {}
    width = len(roles)
    for i in cells:
        origin = page.blocks[i].origin
        piece = page.strip(i, 0, len(page.texts[i]), "|")
        start = origin.row or 0
        if origin.column_span * 2 > width and width > 2 or _alone_theme(page, piece, origin.column or 0):
            rows.setdefault(start, Row()).theme = piece
            continue
        for row in range(start, start + min(origin.row_span, 500)):
            role = roles.get(origin.column or 0, "other")
            rows.setdefault(row, Row()).cells.setdefault(role, []).append(piece)
            covered.setdefault(row, set()).add(i)
    last = max((page.blocks[i].origin.row or 0 for i in cells), default=-1)
    grid.rows = [rows[row] for row in sorted(rows) if row <= last]
    for read in grid.rows:
        if read.theme and read.cells.get("task"):
            read.theme = None


def _alone_theme(page: Page, piece: Piece, column: int) -> bool:
    return column <= 1 and bool(_THEME.match(page.folded(piece))) and len(page.folded(piece)) > 3


# --- tables in plain text -----------------------------------------------------------------------------------------


def text_grid(page: Page, lines: Sequence[Piece], at: int) -> tuple[Grid, int] | None:
    """The grid that begins at ``lines[at]`` and the index after its last line, or None when none begins there."""
    folded = page.folded(lines[at])
    if len(_BORDER.findall(folded)) >= 2:
        return _piped(page, lines, at)
    words = _run_together(folded)
    if words:
        return _unseparated(page, lines, at, words)
    if column_role(folded.rstrip("|")) and at + 2 < len(lines):
        return _cell_a_line(page, lines, at)
    return None


_BORDER = re.compile(r"[|\t]")


def _cells_of(page: Page, line: Piece) -> list[Piece]:
    """The cells between pipes or tabs; a pipe at either end of the line is its frame."""
    text = page.folds[line.block]
    start = line.start + 1 if text[line.start] == "|" else line.start
    end = line.end - 1 if text[line.end - 1] == "|" and line.end - 1 > start else line.end
    out: list[Piece] = []
    at = start
    for border in _BORDER.finditer(text, start, end):
        out.append(page.strip(line.block, at, border.start()))
        at = border.end()
    out.append(page.strip(line.block, at, end))
    return out


def _piped(page: Page, lines: Sequence[Piece], at: int) -> tuple[Grid, int] | None:
    header = _cells_of(page, lines[at])
    found = [column_role(page.folded(cell)) for cell in header]
    if not is_plan_table(found) or len([r for r in found if r]) * 2 <= len(found):
        return None
    roles = settle_roles([role or "other" for role in found])
    grid = Grid([Piece(*lines[at])], roles, [])
    i = at + 1
    while i < len(lines):
        folded = page.folded(lines[i])
        if _RULER.match(folded):
            grid.header.append(lines[i])
        elif _BORDER.search(folded):
            grid.rows.append(_row(page, _cells_of(page, lines[i]), roles))
        elif _THEME.match(folded) and i + 1 < len(lines) and len(_BORDER.findall(page.folded(lines[i + 1]))) >= 2:
            grid.rows.append(Row(theme=lines[i]))
        else:
            break
        i += 1
    return grid, i


def _row(page: Page, cells: Sequence[Piece], roles: Sequence[str]) -> Row:
    filled = [cell for cell in cells if cell.end > cell.start]
    if len(filled) == 1 and len(roles) > 2:
        return Row(theme=filled[0])
    row = Row()
    for cell, role in zip(cells, roles):
        if cell.end > cell.start:
            row.cells.setdefault(role, []).append(cell)
    return row


def _cell_a_line(page: Page, lines: Sequence[Piece], at: int) -> tuple[Grid, int] | None:
    i = at
    names: list[Piece] = []
    while i < len(lines) and column_role(page.folded(lines[i]).rstrip("|")) and len(names) < 24:
        names.append(lines[i])
        i += 1
    roles = _line_roles(page, names)
    if len(roles) < 3 or not is_plan_table(roles):
        return None
    grid = Grid(list(names), settle_roles(roles), [])
    return grid, _line_rows(page, lines, i, grid)


def _line_roles(page: Page, names: Sequence[Piece]) -> list[str]:
    """Roles of header words one a line; a merged header's children (一季度 … 四季度) take their parent's place."""
    roles = [column_role(page.folded(name).rstrip("|")) or "other" for name in names]
    children = roles.count("milestone")
    if children and roles[-children:] == ["milestone"] * children and "deadline" in roles:
        parent = roles.index("deadline")
        roles = [*roles[:parent], *["milestone"] * children, *roles[parent + 1 : len(roles) - children]]
    return roles


def _line_rows(page: Page, lines: Sequence[Piece], at: int, grid: Grid) -> int:
    """Read rows of one cell a line until a line that is neither a cell, a number nor a theme; returns where it stopped."""
    chunk: list[Piece] = []
    last = 0
    i = at
    while i < len(lines):
        folded = page.folded(lines[i]).rstrip("| ")
        number = _row_number(folded, last)
        if number is not None or _THEME.match(folded) or (chunk and _ends_table(page, lines, i, grid)):
            _add_row(page, chunk, grid)
            chunk = []
            if number is None and not _THEME.match(folded):
                return i
        if number is not None:
            last = number
            chunk = [lines[i]]
        elif _THEME.match(folded):
            grid.rows.append(Row(theme=page.strip(*lines[i], "|")))
        elif chunk:
            chunk.append(lines[i])
        else:
            return i
        i += 1
    _add_row(page, chunk, grid)
    return i


def _row_number(folded: str, last: int) -> int | None:
    match = _NUMBER_CELL.match(folded)
    if not match or not match.group("n").isdigit():
        return None
    number = int(match.group("n"))
    return number if number == last + 1 or (last == 0 and number < 400) else None


def _ends_table(page: Page, lines: Sequence[Piece], i: int, grid: Grid) -> bool:
    """A title of another table or a note ends this one: header words follow within two lines, or the row is full and long text comes."""
    following = [column_role(page.folded(line).rstrip("|")) for line in lines[i + 1 : i + 4]]
    if len(following) == 3 and all(following) and (following[0] == "number" or "number" not in grid.roles):
        return True
    return page.folded(lines[i]).startswith(("备注", "注:", "说明:"))


def _add_row(page: Page, chunk: list[Piece], grid: Grid) -> None:
    if not chunk:
        return
    piped = page.folded(chunk[0]).endswith("|")
    cells = [page.strip(*line, "|") for line in chunk]
    if piped or (
        len(cells) == len(grid.roles) and all(_accepts(role, page.folded(c)) for role, c in zip(grid.roles, cells))
    ):
        grid.rows.append(_row(page, cells, grid.roles))
    else:
        grid.rows.append(_aligned(page, cells, grid))


_ACCEPTS: dict[str, Callable[[str], bool]] = {
    "leader": lambda f: bool(_NAME_CELL.match(f)) and not is_unit_like(f, 0, len(f)),
    "lead": lambda f: is_unit_like(f, 0, len(f)) or f.startswith(("★", "各")),
    "unit": lambda f: is_unit_like(f, 0, len(f)) or f.startswith(("★", "各")),
    "support": lambda f: is_unit_like(f, 0, len(f)) or f.startswith(("各", "有关", "相关")),
    "deadline": lambda f: looks_like_deadline(f, 0, len(f)) or bool(re.search(r"\d月|季度|全年|长期|年底|每月", f)),
    "other": lambda f: bool(
        _PHONE_CELL.match(f)
        or _AMOUNT_CELL.match(f)
        or _NAME_CELL.match(f)
        and not is_unit_like(f, 0, len(f))
        or len(f) <= 2
    ),
    "number": lambda f: bool(_NUMBER_CELL.match(f)),
    "title": lambda f: len(f) <= 30 and not _SENTENCE.search(f),
}


def _accepts(role: str, folded: str) -> bool:
    """Whether a column of this role may hold such a cell; wording, nodes and progress may be anything."""
    test = _ACCEPTS.get(role)
    return test is None or test(folded)


def _aligned(page: Page, cells: Sequence[Piece], grid: Grid) -> Row:
    """A row with cells missing or stacked: each cell goes to the next column that accepts such content."""
    row = Row()
    roles = grid.roles
    column = 0
    for cell in cells:
        folded = page.folded(cell)
        if folded.startswith("(") and column and is_unit_like(folded[1:].rstrip(")"), 0, len(folded.rstrip(")")) - 1):
            row.cells.setdefault(roles[column - 1], []).append(cell)
            continue
        place = next((j for j in range(column, len(roles)) if _accepts(roles[j], folded)), None)
        if place is None:
            stacked = roles[column - 1] if column else "other"
            place = column - 1
            if stacked not in _ACCEPTS or not _ACCEPTS[stacked](folded):
                grid.unread.append(cell)
                continue
        if roles[place] == "support" and column and place > column and "lead" in roles[column:place]:
            grid.merged_vanish = grid.merged_vanish or "leader" in roles
        row.cells.setdefault(roles[place], []).append(cell)
        column = place + 1
    if "leader" in roles and "leader" not in row.cells:
        grid.merged_vanish = True
    return row


# --- cells run together without any separator ---------------------------------------------------------------------

_HEADER_WORDS = re.compile(
    r"序号|项目名称|任务名称|实事名称|名称|实施内容|工作内容|任务内容|项目内容|主要内容|建设内容|具体内容|目标任务|工作任务|重点任务|重点工作|内容|"
    r"责任领导|牵头领导|分管领导|联系领导|牵头单位|牵头部门|主办单位|主责单位|主责部门|责任单位|责任部门|协办单位|配合单位|配合部门|协同单位|"
    r"完成时限|完成时间|时限|备注"
)


def _run_together(folded: str) -> list[re.Match[str]]:
    """Header words that stand one behind another in a line; empty when there are fewer than four."""
    first = folded.find("序号")
    if first < 0 or len(folded) < 60:
        return []
    words: list[re.Match[str]] = []
    at = first
    while word := _HEADER_WORDS.match(folded, at):
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


def _unseparated(page: Page, lines: Sequence[Piece], at: int, words: list[re.Match[str]]) -> tuple[Grid, int]:
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
    while True:
        pattern = re.compile(rf"(?<![\d.]){number}(?=[\u4e00-\u9fa5“])(?![年月日])")
        match = pattern.match(folded, at, end) if number == 1 else _next_number(pattern, folded, at, end)
        if not match:
            break
        marks.append((match.start(), match.end()))
        at, number = match.end() + 12, number + 1
    for (s, e), after in zip(marks, [*marks[1:], (end, end)]):
        yield Piece(0, s, e), e, after[0]


_LONGEST_ROW = 3000
_BEFORE_NUMBER = re.compile(r"(?:前|年|月|季度|坚持|推进|底|完成|[局委办院])$")


def _next_number(pattern: re.Pattern[str], folded: str, at: int, end: int) -> re.Match[str] | None:
    for match in pattern.finditer(folded, at, min(end, at + _LONGEST_ROW)):
        if _BEFORE_NUMBER.search(folded, max(0, match.start() - 4), match.start()):
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
