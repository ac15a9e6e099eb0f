"""Rows: from a grid's rows to tasks, with blank cells carried down where the table merged them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from luoshi.reading.duties import Context, Duty, Heading, read_heading, settled
from luoshi.reading.facts.deadlines import looks_like_deadline, read_deadline
from luoshi.reading.facts.indicators import is_measure
from luoshi.reading.facts.labels import LabelKind
from luoshi.reading.facts.leaders import read_leaders
from luoshi.reading.facts.responsibilities import Lists, read_zone
from luoshi.reading.headers import column_role
from luoshi.reading.items import build_task
from luoshi.reading.ledger import Milestone, Span, Task
from luoshi.reading.lines import MARK
from luoshi.reading.outline import Node
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.rule import late
from luoshi.reading.tables import Grid, Row

_QUARTERS = {"一": "Q1", "二": "Q2", "三": "Q3", "四": "Q4", "1": "Q1", "2": "Q2", "3": "Q3", "4": "Q4"}


def grid_sections(
    context: Context, grid: Grid, path: tuple[Heading, ...], found: list[tuple[tuple[Heading, ...], list[Task]]]
) -> None:
    """Add a grid's tasks to ``found``, a new section at each theme row and each new category."""
    context.structure.extend(grid.header)
    _goals_to_tasks(context.page, grid)
    _titles_to_categories(grid)
    _deadlines_by_content(context.page, grid)
    tasks: list[Task] = []
    found.append((path, tasks))
    carried = Carried()
    category: str | None = None
    for row in grid.rows:
        if row.theme:
            context.structure.extend(piece for cells in row.cells.values() for piece in cells)
            tasks = []
            found.append(((*_above(context.page, path, row.theme), _theme(context, row.theme)), tasks))
            continue
        cell = row.first("category")
        context.structure.extend(row.cells.get("category", []))
        if cell and context.page.text(cell) != category:
            category = context.page.text(cell)
            tasks = []
            found.append(((*path, Heading(squeeze(category), cell.span, (), Duty())), tasks))
        if task := _row_task(context, grid, row, carried):
            tasks.append(task)


def _goals_to_tasks(page: Page, grid: Grid) -> None:
    """Projects by name beside a column of goals in whole sentences: the goal is the task, the project's name its title."""
    named = any(column_role(page.folded(head)) == "title" for head in grid.header)
    if not named or "title" in grid.roles or "value" not in grid.roles:
        return
    goals = [cell for row in grid.rows for cell in row.cells.get("value", ())]
    if sum(bool(_SENTENCE.search(page.folded(cell))) for cell in goals) * 2 <= len(grid.rows):
        return
    for row in grid.rows:
        if "value" in row.cells and "task" in row.cells:
            row.cells["title"], row.cells["task"] = row.cells["task"], row.cells.pop("value")


_SENTENCE = late(r"[,;。]|[^\W\da-zA-Z_]{7}")


def _deadlines_by_content(page: Page, grid: Grid) -> None:
    """A column of dates under a header that does not say so (要求) holds the deadlines."""
    if "deadline" in grid.roles:
        return
    dated = [(row, cell) for row in grid.rows for cell in row.cells.get("other", []) if _is_time(page, cell)]
    if len(dated) * 10 >= 6 * sum(1 for row in grid.rows if not row.theme):
        for row, cell in dated:
            row.cells["other"].remove(cell)
            row.cells.setdefault("deadline", []).append(cell)


def _is_time(page: Page, cell: Piece) -> bool:
    return looks_like_deadline(page.folds[cell.block], cell.start, cell.end)


def _titles_to_categories(grid: Grid) -> None:
    """A title cell that covers several rows, or is blank below its first, names a group of tasks, not one."""
    titles = [row.first("title") for row in grid.rows if not row.theme and row.first("task")]
    given = [title for title in titles if title]
    if "task" not in grid.roles or not given or (len(given) == len(titles) and len(set(given)) == len(given)):
        return
    for row in grid.rows:
        if "title" in row.cells:
            row.cells["category"] = row.cells.pop("title")


def _above(page: Page, path: tuple[Heading, ...], theme: Piece) -> tuple[Heading, ...]:
    """The headings above a theme row: one numbered in its manner (一、 over the header, 二、 below it) stands beside it."""
    mark = MARK.match(page.folds[theme.block], theme.start, theme.end)
    last = path[-1].at if path else None
    before = MARK.match(page.folds[last.block], last.start, last.end) if last else None
    return path[:-1] if mark and before and mark.lastgroup == before.lastgroup else path


def _theme(context: Context, piece: Piece) -> Heading:
    mark = MARK.match(context.page.folds[piece.block], piece.start, piece.end)
    if mark and mark.lastgroup:
        number = Piece(piece.block, *mark.span(mark.lastgroup))
        first = context.page.strip(piece.block, mark.end(), piece.end)
        return read_heading(context, Node(mark.lastgroup, number, first))
    return read_heading(context, Node("H", Piece(piece.block, piece.start, piece.start), piece))


@dataclass(slots=True)
class Carried:
    """Cells of earlier rows that a blank cell below repeats (同上)."""

    leader: list[Piece] = field(default_factory=list)
    units: dict[str, list[Piece]] = field(default_factory=dict)


_UNIT_ROLES: tuple[tuple[str, LabelKind], ...] = (("lead", "lead"), ("unit", "plain"), ("support", "support"))


_SUM = late(r"(?:合|小|总)\s{0,4}计$")


def _row_task(context: Context, grid: Grid, row: Row, carried: Carried) -> Task | None:
    page = context.page
    text = row.first("task") or row.first("title")
    if text is None:
        left = [piece for cells in row.cells.values() for piece in cells]
        if any(_SUM.match(page.folded(piece)) for piece in left):
            context.structure.extend(left)
        return None
    number = row.first("number")
    context.structure.extend(row.cells.get("number", []))
    context.structure.extend(row.cells.get("other", []))
    context.structure.extend(row.cells.get("progress", []))
    title = row.first("title") if row.first("task") else None
    duty = _row_duty(context, grid, row, carried)
    folded = page.folds[text.block]
    if folded[text.start] in "★☆":
        context.structure.append(Piece(text.block, text.start, text.start + 1))
        text = page.strip(text.block, text.start + 1, text.end)
    if text.end == text.start:
        return None
    values = [page.strip(piece.block, piece.start, piece.end, "|") for piece in row.cells.get("value", ())]
    counted = (
        page.folded(page.strip(piece.block, piece.start, piece.end, "|"))
        for piece in row.cells.get("other", ())
        if values
    )
    measure = next((words for words in counted if is_measure(words)), None)
    name = page.folded(number).strip("().、") if number else None
    task = build_task(context, name, title, text, duty, values, measure)
    return _with_nodes(context, task, grid, row)


def _row_duty(context: Context, grid: Grid, row: Row, carried: Carried) -> Duty:
    page = context.page
    leaders = row.cells.get("leader") or (carried.leader if "leader" in grid.roles else [])
    carried.leader = list(leaders)
    parts: list[tuple[int, Lists]] = []
    partners: dict[Span, str] = {}
    for role, kind in _UNIT_ROLES:
        for cell in _unit_cells(grid, row, role, carried):
            if partner := _partner_cell(page, cell, parts):
                partners[partner[0]] = partner[1]
                context.labels.append(cell)
                continue
            lists = read_zone(page.folds[cell.block], cell.start, cell.end)
            own = {"plain"} if kind != "plain" else set()
            lists.units = [(kind if k in own else k, unit) for k, unit in lists.units]
            parts.append((cell.block, lists))
    duty = settled(context, parts)
    duty.units = tuple(
        msgspec.structs.replace(unit, partner=partners[unit.at]) if unit.at in partners else unit for unit in duty.units
    )
    context.labels.extend(row.cells.get("leader", []))
    for cell in leaders:
        duty.leaders += read_leaders(cell.block, page.texts[cell.block], page.folds[cell.block], cell.start, cell.end)
    if deadline := row.first("deadline"):
        duty.deadline_at = deadline.span
        duty.deadline = read_deadline(page.folds[deadline.block], deadline.start, deadline.end, context.year)
    return duty


def _unit_cells(grid: Grid, row: Row, role: str, carried: Carried) -> list[Piece]:
    """The row's unit cells of a role. A blank lead takes the row above whole; a blank support does so only where merged cells vanished."""
    if role in row.cells:
        carried.units[role] = row.cells[role]
        return row.cells[role]
    blank_lead = not any(r in row.cells for r in ("lead", "unit"))
    if blank_lead or (role == "support" and grid.merged_vanish):
        return carried.units.get(role, [])
    carried.units.pop(role, None)
    return []


def _partner_cell(page: Page, cell: Piece, parts: list[tuple[int, Lists]]) -> tuple[Span, str] | None:
    """A cell that is only a bracket names the partner of the unit in the cell before it: that unit's span and the name."""
    folded = page.folded(cell)
    if not (parts and parts[-1][1].units and folded.startswith("(") and folded.endswith(")")):
        return None
    block, lists = parts[-1]
    unit = lists.units[-1][1]
    return Span(block, unit.start, unit.end), page.text(cell)[1:-1]


_NODE_NAME = late(r"(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年|(?<!\d)(?P<month>1[0-2]|[1-9])月")


def _dues(header: str, year: int | None) -> Iterator[str | None]:
    """The quarters, halves (by their last quarter) and months that a header names, in order; None without the year."""
    for name in _NODE_NAME.finditer(header):
        if name["month"]:
            due = f"{int(name['month']):02d}"
        else:
            due = _QUARTERS[name["quarter"] or {"上": "2", "下": "4"}[name["half"]]]
        yield f"{year}-{due}" if year else None


def _with_nodes(context: Context, task: Task, grid: Grid, row: Row) -> Task:
    """Milestones from the node columns, and 完成情况 where the table reports as well as assigns."""
    page = context.page
    nodes: list[Milestone] = []
    if cells := row.cells.get("milestone", []):
        dues = [due for header in grid.header for due in _dues(page.folded(header), context.year)]
        # Fewer cells than columns: which are blank is not known, and which quarter is whose neither.
        sure = len(dues) == len(cells)
        nodes = [
            Milestone(due=dues[i] if sure else None, text=page.text(piece), at=piece.span)
            for i, piece in enumerate(cells)
        ]
    progress = row.first("progress")
    if not nodes and not progress:
        return task
    return msgspec.structs.replace(task, milestones=tuple(nodes), progress=page.text(progress) if progress else None)
