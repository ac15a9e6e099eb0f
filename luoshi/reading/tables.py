"""Tables: the grid all of them become – rows of pieces under named columns – and how native cells become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.reading.page import Page, Piece, squeeze

# Column roles by header words, the first that fits wins (表头用语).
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("number", r"^(?:序|.{0,4}序号|.{0,4}编号|号|No\.?)$"),
        (
            "other",
            r"备注|电话|联系|^责任人|(?<!及)(?<!和)责任人$|(?<!及)(?<!和)负责人$|资金|投资|分值|权重|得分|类型|完成率|级别|形象|性质|来源|依据|成果|成效|状态|(?:指标|目标|考核)类别|存在问题|原因|口径",
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
        ("value", r"目标值|量化|指标值|目标数|计划数|任务数|年度目标值|^(?:年度|工作|预期|全年)?目标(?:要求)?$"),
        ("unit", r"责任单位|责任部门|责任主体|承办|实施单位|责任科室|责任处室|责任股室|负责单位|^单位$|^部门$"),
        ("category", r"^(?:类|.{0,4}(?:类别|板块|领域|(?<!信息)(?<!主题)(?<!组配)分类|方面|大类))$"),
        ("title", r"^(?:实事)?项目名称$|^(?:任务|事项|工程|实事)名称$|^名称$|^项目$|^实事项目$|^事项$"),
        ("task", r"任务|内容|工作|举措|措施|目标|指标|项目|要点|事项"),
    )
)
_HEADER_LIMIT = 16
THEME = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}(?:部分|章))"
)
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


def column_role(header: str) -> str | None:
    """The role of a column by its header words (white space aside), or None when they are no header words."""
    if len(header) > 2 * _HEADER_LIMIT or ":" in header[:-1]:
        return None
    words = _OWN_YEAR.sub("", squeeze(header).strip("*：:"))
    if not words or len(words) > _HEADER_LIMIT or _NO_HEADER.search(words):
        return None
    return _role_of(words)


_OWN_YEAR = re.compile(r"^20\d\d年度?(?=(?:预期|工作|计划)?目标值?$)")


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
    return any(role in ("task", "title", "value") for role in named) and any(
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
    roles = settle_roles(_without_measures([names[c] for c in columns]))
    grid = Grid(header, roles, [], title)
    _native_rows(page, [i for i in cells if _row_of(page, i) > bottom], dict(zip(columns, roles, strict=True)), grid)
    return grid


def _without_measures(names: Sequence[str]) -> list[str]:
    """Column roles by header words; 单位 beside a column of responsible units is what a figure is counted in."""
    roles = [column_role(name) or "other" for name in names]
    measure = [squeeze(name) in ("单位", "计量单位") for name in names]
    if not any(role in ("lead", "unit") and not counted for role, counted in zip(roles, measure, strict=True)):
        return roles
    return ["other" if counted else role for role, counted in zip(roles, measure, strict=True)]


def _row_of(page: Page, cell: int) -> int:
    return page.blocks[cell].origin.row or 0


def _header_bottom(page: Page, cells: Sequence[int], top: int) -> int:
    """The last row of the header: its tallest header cell says how many rows it takes."""
    heights = [page.blocks[i].origin.row_span for i in cells if _row_of(page, i) == top and column_role(page.folds[i])]
    bottom = top + max(heights, default=1) - 1
    return bottom + 1 if bottom == top and _names_groups(page, cells, top) else bottom


def _names_groups(page: Page, cells: Sequence[int], top: int) -> bool:
    """Whether the row under a header holds nothing but the names of columns that the header groups (牵头单位, 配合单位)."""
    below = [i for i in cells if _row_of(page, i) == top + 1]
    grouped: set[int] = set()
    for i in cells:
        origin = page.blocks[i].origin
        if _row_of(page, i) == top and origin.column_span > 1:
            grouped.update(range(origin.column or 0, (origin.column or 0) + origin.column_span))
    return len(below) > 1 and all(page.blocks[i].origin.column in grouped and column_role(page.folds[i]) for i in below)


def _header_names(
    page: Page, cells: Sequence[int], top: int, bottom: int
) -> tuple[dict[int, str], list[Piece], Piece | None]:
    """Header words by grid column (a lower row's words replace the group's above them), header pieces, and a title over them."""
    names: dict[int, str] = {}
    header: list[Piece] = []
    title: Piece | None = None
    for i in cells:
        origin, row = page.blocks[i].origin, _row_of(page, i)
        if row < top and column_role(page.folds[i]):
            header.append(Piece(i, 0, len(page.texts[i])))  # a group's name over the columns
        elif row < top:
            title = title or page.strip(i, 0, len(page.texts[i]))
        elif row <= bottom:
            header.append(Piece(i, 0, len(page.texts[i])))
            first = origin.column or 0
            names.update(dict.fromkeys(range(first, first + origin.column_span), page.folds[i]))
    return names, header, title


def _header_row(page: Page, cells: Sequence[int]) -> int | None:
    by_row: dict[int, list[str | None]] = {}
    first = _row_of(page, cells[0]) if cells else 0
    for i in cells:
        row = _row_of(page, i)
        if row > first + 4:
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
    grid.rows = _joined([rows[row] for row in sorted(rows) if row <= last])
    _name_themes(page, grid.rows)
    for read in grid.rows:
        if read.theme and read.cells.get("task"):
            read.theme = None


def _joined(rows: Sequence[Row]) -> list[Row]:
    """Rows over which one task's cell is merged are one row: its units and values stand in several cells."""
    out: list[Row] = []
    for row in rows:
        task, number = row.first("task"), row.first("number")
        above = out[-1] if out else None
        if above and task and task == above.first("task") and number in (None, above.first("number")):
            for role, pieces in row.cells.items():
                there = above.cells.setdefault(role, [])
                there.extend(piece for piece in pieces if piece not in there)
        else:
            out.append(row)
    return out


def _name_themes(page: Page, rows: Sequence[Row]) -> None:
    """A row with nothing but words in its number column is a theme, and one with 一 and a title over rows with tasks."""
    tasked = any(row.first("task") for row in rows)
    for row in rows:
        number, title = row.first("number"), row.first("title")
        if tasked and row.theme is None and number and title and not row.first("task"):
            row.theme = title if _CHINESE_NUMBER.match(page.folded(number)) else None
        alone = row.cells.get("number", [])
        if row.theme is None and list(row.cells) == ["number"] and _WORDS.match(page.folded(alone[0])):
            row.theme = alone[0]
            row.cells = {}


_CHINESE_NUMBER = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.]?$")
_WORDS = re.compile(r"(?!合计|小计|总计|\(?[\d一二三四五六七八九十]{1,3}\)?[.、]?$)[^,。;:]{3,30}$")


def _alone_theme(page: Page, piece: Piece, column: int) -> bool:
    return column <= 1 and bool(THEME.match(page.folded(piece))) and len(page.folded(piece)) > 3
