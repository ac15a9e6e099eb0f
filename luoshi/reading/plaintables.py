"""Tables in plain text: pipes or tabs, one cell a line, or one cell a paragraph – with cells missing or stacked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from luoshi.reading.facts.deadlines import looks_like_deadline
from luoshi.reading.facts.responsibilities import has_unit, is_unit_like
from luoshi.reading.headers import column_role, is_plan_table, settle_roles
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.stuck import run_together, unseparated
from luoshi.reading.tables import THEME, Grid, Row
from luoshi.reading.words import load

_NUMBER_CELL = late(r"^(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3}|\(\d{1,3}\)|\([一二三四五六七八九十]{1,3}\))[.、]?$")
_RULER = re.compile(r"^[\s|:-]{3,}$")
_NAME_CELL = re.compile(r"^(?:[^\W\da-zA-Z_]|·){1,4}(?:[\s、,;/]{0,4}(?:[^\W\da-zA-Z_]|·){1,5}){0,4}$")
_PHONE_CELL = re.compile(r"^[\d\-\s、,;()]{5,40}$")
_WORDS = load("cells")
_AMOUNT_CELL = Rule(
    name="cell-amount",
    triggers=tuple("0123456789"),
    pattern=re.compile(rf"^\d{{1,9}}(?:\.\d{{1,6}})?{any_of(_WORDS['amount'])}?$"),
    value=lambda m: m.group(),
    reads=(("350万元", "350万元"), ("12.5", "12.5"), ("5分", "5分")),
    refuses=("350万元以上", "3个", "县教育局"),
)
_LOOSE_DATE = Rule(
    name="cell-date",
    triggers=(*"0123456789", *_WORDS["loose date"]),
    pattern=re.compile(rf"\d月|{any_of(_WORDS['loose date'])}"),
    value=lambda m: m.group(),
    reads=(("6月", "6月"), ("三季度末", "季度"), ("长期坚持", "长期")),
    refuses=("县教育局", "3个工作日"),
)
_CELLS = RuleSet([_AMOUNT_CELL, _LOOSE_DATE])
_SENTENCE = late(r"[。;,!]")


def text_grid(page: Page, lines: Sequence[Piece], at: int) -> tuple[Grid, int] | None:
    """The grid that begins at ``lines[at]`` and the index after its last line, or None when none begins there."""
    folded = page.folded(lines[at])
    if folded.count("|") + folded.count("\t") >= 2:
        return _piped(page, lines, at)
    words = run_together(folded)
    if words:
        return unseparated(page, lines, at, words)
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
    if any(page.folded(cell).endswith(":") for cell in header):
        return None  # 索引号: | … | is the page's own fields
    if not is_plan_table(found) or len([r for r in found if r]) * 2 <= len(found):
        return None
    grid = Grid([lines[at]], [], [])
    i = at + 1
    if i < len(lines) and (lower := _lower_header(page, lines[i], len(header))):
        found = [below or above for above, below in zip(found, lower, strict=True)]
        grid.header.append(lines[i])
        i += 1
    grid.roles = roles = settle_roles([role or "other" for role in found])
    while i < len(lines):
        folded = page.folded(lines[i])
        if _RULER.match(folded):
            grid.header.append(lines[i])
        elif _BORDER.search(folded):
            grid.rows.append(_row(page, _cells_of(page, lines[i]), roles))
        elif THEME.match(folded) and i + 1 < len(lines) and len(_BORDER.findall(page.folded(lines[i + 1]))) >= 2:
            grid.rows.append(Row(theme=lines[i]))
        else:
            break
        i += 1
    return grid, i


def _lower_header(page: Page, line: Piece, columns: int) -> list[str | None] | None:
    """The second row of a grouped header (责任单位 over 牵头单位 | 参与单位): header words or blanks, nothing else."""
    if not _BORDER.search(page.folded(line)) or _RULER.match(page.folded(line)):
        return None
    cells = _cells_of(page, line)
    roles = [column_role(page.folded(cell)) if cell.end > cell.start else None for cell in cells]
    filled = [cell for cell in cells if cell.end > cell.start]
    known = [role for role in roles if role]
    return roles if len(cells) == columns and known and len(known) == len(filled) else None


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
        if number is not None or THEME.match(folded) or (chunk and _ends_table(page, lines, i, grid)):
            _add_row(page, chunk, grid)
            chunk = []
            if number is None and not THEME.match(folded):
                return i
        if number is not None:
            last = number
            chunk = [lines[i]]
        elif THEME.match(folded):
            grid.rows.append(Row(theme=page.strip(lines[i].block, lines[i].start, lines[i].end, "|")))
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
    cells = [page.strip(line.block, line.start, line.end, "|") for line in chunk]
    if piped or (
        len(cells) == len(grid.roles) and all(_accepts(role, page.folded(c)) for role, c in zip(grid.roles, cells))
    ):
        grid.rows.append(_row(page, cells, grid.roles))
    else:
        grid.rows.append(_aligned(page, cells, grid))


_ACCEPTS: dict[str, Callable[[str], bool]] = {
    "leader": lambda f: bool(_NAME_CELL.match(f)) and not is_unit_like(f, 0, len(f)),
    "lead": lambda f: has_unit(f, 0, len(f)) or f.startswith(("★", "各")),
    "unit": lambda f: has_unit(f, 0, len(f)) or f.startswith(("★", "各")),
    "support": lambda f: has_unit(f, 0, len(f)) or f.startswith(("各", "有关", "相关")),
    "deadline": lambda f: looks_like_deadline(f, 0, len(f)) or bool(_LOOSE_DATE.pattern.search(f)),
    "other": lambda f: bool(
        _PHONE_CELL.match(f)
        or _AMOUNT_CELL.pattern.match(f)
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
                continue
        if roles[place] == "support" and column and place > column and "lead" in roles[column:place]:
            grid.merged_vanish = grid.merged_vanish or "leader" in roles
        row.cells.setdefault(roles[place], []).append(cell)
        column = place + 1
    if "leader" in roles and "leader" not in row.cells:
        grid.merged_vanish = True
    return row
