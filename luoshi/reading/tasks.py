"""Tasks: from the outline's items and rows to plans, sections and tasks with their units, leaders and deadlines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from luoshi.reading.facts import Passage
from luoshi.reading.facts.deadlines import governing_deadline, read_deadline
from luoshi.reading.facts.deliverables import read_deliverables
from luoshi.reading.facts.leaders import heading_leaders, read_leaders
from luoshi.reading.facts.responsibilities import (
    STANDING,
    LabelKind,
    LeadRule,
    Lists,
    Unit,
    build,
    is_unit_like,
    read_zone,
    settle,
)
from luoshi.reading.facts.targets import read_targets, read_value_cell
from luoshi.reading.ledger import Leader, Milestone, Plan, PlanKind, Responsibility, Section, Span, Task, Wording
from luoshi.reading.outline import MARK, Node, PlanOutline
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.tables import Grid, Row
from luoshi.reading.zones import SHORT_FIRST, Item, brackets, sort_lines

_HEADING_UNITS = re.compile(
    r"^(?P<units>.{2,60}?)(?:牵头|负责|主办|承担)(?:负责)?(?:落实|推进|实施|办理)?(?:的)?(?:重点|主要)?(?:工作|任务|事项|项目|目标)?(?:\(.{1,10}\))?$"
)
_LEADER_NOTE = re.compile(r"领导|[省市县区]长|负责同志|负责人")
_NOT_TASKS = re.compile(
    r"总体要求|指导思想|工作要求|有关要求|工作目标$|保障措施|组织领导|组织实施|考评办法|考核办法|考核|附则|几点要求|基本原则|总体目标|说明"
)
_QUARTERS = {"一": "Q1", "二": "Q2", "三": "Q3", "四": "Q4", "1": "Q1", "2": "Q2", "3": "Q3", "4": "Q4"}


@dataclass(slots=True)
class Context:
    """What holds for a whole plan while it is read: year, lead rule, standing units; and what was found on the way."""

    page: Page
    year: int | None
    rule: LeadRule
    standing: list[tuple[int, Unit]] = field(default_factory=list)
    structure: list[Piece] = field(default_factory=list)
    labels: list[Piece] = field(default_factory=list)
    facts: list[Piece] = field(default_factory=list)
    prose: list[Piece] = field(default_factory=list)
    unread: list[Piece] = field(default_factory=list)
    joins: list[tuple[int, int]] = field(default_factory=list)
    titled: bool = False


@dataclass(slots=True)
class Duty:
    """Who answers: units with roles, leaders and a deadline, from one or several zones."""

    units: tuple[Responsibility, ...] = ()
    leaders: tuple[Leader, ...] = ()
    deadline: str | None = None
    deadline_at: Span | None = None


def read_plan(
    context: Context, outline: PlanOutline, title: Wording | None, rule_at: Wording | None, kind: PlanKind
) -> Plan:
    """One plan of the ledger."""
    sections = list(_sections(context, outline.root))
    return Plan(
        title=title.text if title else None,
        at=title.at if title else None,
        year=context.year,
        kind=kind,
        lead_rule=rule_at,
        sections=tuple(sections),
    )


# --- sections -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Heading:
    """A heading on the way down: its text with its number, leaders, and the duty its items inherit."""

    text: str
    at: Span
    leaders: tuple[Leader, ...]
    duty: Duty


def _sections(context: Context, root: Node) -> Iterable[Section]:
    any_units = _has_units(context, root)
    context.titled = _opens_with_titles(context.page, root)
    found: list[tuple[tuple[Heading, ...], list[Task]]] = []
    _walk(context, root, (), found, any_units)
    for path, tasks in found:
        if tasks:
            yield Section(
                heading=" / ".join(h.text for h in path) or None,
                at=path[-1].at if path else None,
                leader=tuple(leader for h in path for leader in h.leaders),
                tasks=tuple(tasks),
            )


def _opens_with_titles(page: Page, root: Node) -> bool:
    """Whether most items open with a short name and a full stop of its own (农村公路安防。全年计划…)."""
    first = list(_first_lines(root))
    short = sum(1 for line in first if SHORT_FIRST.match(page.folds[line.block], line.start, line.end))
    return len(first) >= 3 and short * 10 >= len(first) * 7


def _first_lines(node: Node) -> Iterable[Piece]:
    for child in node.children:
        if isinstance(child, Node):
            if child.children:
                yield from _first_lines(child)
            elif child.first:
                yield child.first


def _has_units(context: Context, node: Node) -> bool:
    for child in node.children:
        if isinstance(child, Grid) or _own_zones(context, child) or _has_units(context, child):
            return True
    return False


def _own_zones(context: Context, node: Node) -> bool:
    return bool(sort_lines(context.page, node.lines(), True).zones)


def _walk(
    context: Context,
    node: Node,
    path: tuple[Heading, ...],
    found: list[tuple[tuple[Heading, ...], list[Task]]],
    need: bool,
) -> None:
    """Depth first; tasks of one heading stay together in the order written."""
    tasks: list[Task] = []
    opened = False
    for child in node.children:
        if isinstance(child, Grid):
            _grid_sections(context, child, path, found)
            tasks, opened = [], False
        elif child.children:
            tasks, opened = [], False
            _walk(context, child, (*path, _heading(context, child)), found, need)
        elif task := _task(context, child, path, need):
            if not opened:
                found.append((path, tasks))
                opened = True
            tasks.append(task)


def _heading(context: Context, node: Node) -> Heading:
    """A heading without its responsibility or leader bracket; what the bracket says is inherited by its items."""
    page = context.page
    first = node.first
    assert first is not None and node.number is not None
    folded = page.folds[first.block]
    end = first.end
    leaders: tuple[Leader, ...] = ()
    lists = Lists()
    for inside in brackets(folded, first):
        if not (
            _LEADER_NOTE.search(folded, inside.start, inside.end)
            or re.search("责任|牵头|负责|主办|配合", folded[inside.start : inside.end])
        ):
            continue
        part = read_zone(folded, inside.start, inside.end)
        lists.units.extend(part.units)
        context.labels.extend(Piece(first.block, s, e) for s, e in part.labels)
        for s, e in part.leaders:
            leaders += read_leaders(first.block, page.texts[first.block], folded, s, e)
        end = min(end, inside.start - 1)
    if not leaders:
        leaders = heading_leaders(first.block, page.texts[first.block], folded, first.start, end)
    duty = _settled(context, [(first.block, lists)])
    if not duty.units:
        duty = _under_heading(context, node, first, end)
        leaders = duty.leaders or leaders
    start = _mark_start(page, node)
    piece = page.strip(first.block, start, end, ":")
    context.structure.append(Piece(first.block, start, first.end))
    return Heading(_heading_text(page, piece), piece.span, leaders, duty)


def _heading_text(page: Page, piece: Piece) -> str:
    return page.text(piece).replace("\n", "")


def _mark_start(page: Page, node: Node) -> int:
    """Where the numbering of a line begins, bracket included."""
    assert node.number is not None
    start = node.number.start
    folded = page.folds[node.number.block]
    return start - 1 if start and folded[start - 1] in "(第" else start


def _under_heading(context: Context, node: Node, first: Piece, end: int) -> Duty:
    """Duty from the heading's wording (县教育局牵头工作) or from label lines right under it."""
    page = context.page
    folded = page.folds[first.block]
    match = _HEADING_UNITS.match(folded[first.start : end])
    lists = Lists()
    if match:
        s = first.start + match.start("units")
        e = first.start + match.end("units")
        if is_unit_like(folded, s, e):
            lists.units = [("lead", unit) for _, unit in read_zone(folded, s, e).units]
            return _settled(context, [(first.block, lists)])
    item = sort_lines(page, node.rest, False)
    context.prose.extend(item.text + item.tail)
    return _zone_duty(context, item.zones)


# --- tasks of numbered items --------------------------------------------------------------------------------------


def _task(context: Context, node: Node, path: tuple[Heading, ...], need: bool) -> Task | None:
    page = context.page
    item = sort_lines(page, node.lines(), may_title=node.type in "HBNAD", titled=context.titled)
    duty = _zone_duty(context, item.zones)
    inherited = next((h.duty for h in reversed(path) if h.duty.units), None)
    if not duty.units and inherited:
        duty = replace(inherited, leaders=duty.leaders, deadline=duty.deadline, deadline_at=duty.deadline_at)
    if not item.text and item.title is None:
        context.prose.extend(node.lines())
        return None
    if need and not duty.units and not _task_without_units(page, node, item):
        context.prose.extend(node.lines())
        if node.number:
            context.structure.append(Piece(node.number.block, _mark_start(page, node), node.number.end))
        return None
    if not item.text and item.title:
        item.text, item.title = [item.title], None
    if len(item.text) > 1:
        context.joins.append((item.text[0].block, item.text[-1].block))
    start = _mark_start(page, node)
    assert node.number is not None
    context.structure.append(
        Piece(
            node.number.block,
            start,
            max(
                node.number.end,
                item.text[0].start if item.text[0].block == node.number.block and not item.title else node.number.end,
            ),
        )
    )
    context.structure.extend(item.structure)
    context.prose.extend(item.tail)
    return _build_task(context, _number_of(page, node), item.title, item.text[0], duty)


def _number_of(page: Page, node: Node) -> str | None:
    if node.type == "S" or node.number is None:
        return None
    return page.folded(node.number)


def _task_without_units(page: Page, node: Node, item: Item) -> bool:
    """An item without units among items that have them is a task with a doubt, unless it is framing prose or the text was cut off."""
    if node.type == "H" or (item.title and _NOT_TASKS.search(page.folded(item.title))):
        return False
    first = page.folded(item.text[0]) if item.text else ""
    siblings = node.parent.children if node.parent else []
    return not _NOT_TASKS.search(first[:16]) and len(siblings) > 1 and node.type in "BN"


def _build_task(
    context: Context, number: str | None, title: Piece | None, text: Piece, duty: Duty, value: Piece | None = None
) -> Task:
    page = context.page
    folded = page.folds[text.block]
    passage = Passage(text.block, page.texts[text.block], folded, text.start, text.end)
    targets = read_targets(passage)
    if value is not None:
        targets += read_value_cell(
            Passage(value.block, page.texts[value.block], page.folds[value.block], value.start, value.end), passage
        )
    deadline, deadline_at = duty.deadline, duty.deadline_at
    if deadline is None and deadline_at is None:
        governing = governing_deadline(folded, text.start, text.end, context.year)
        if governing:
            deadline, deadline_at = governing[0], Span(text.block, governing[1], governing[2])
    context.prose.append(text)
    if title:
        context.structure.append(title)
    return Task(
        number=number,
        title=page.text(title) if title else None,
        text=page.text(text),
        at=text.span,
        leaders=duty.leaders,
        units=duty.units,
        deadline=deadline,
        deadline_at=deadline_at,
        targets=targets,
        deliverables=read_deliverables(passage, targets),
    )


# --- duty ---------------------------------------------------------------------------------------------------------


def _zone_duty(context: Context, zones: Sequence[Piece]) -> Duty:
    parts: list[tuple[int, Lists]] = []
    for zone in zones:
        folded = context.page.folds[zone.block]
        end = zone.end
        for match, units in STANDING.find(folded, zone.start, zone.end):
            _stand(context, zone.block, match, units)
            end = min(match.start(), units[0])
            break
        lists = read_zone(folded, zone.start, end)
        context.labels.append(zone)
        parts.append((zone.block, lists))
    return _settled(context, parts)


def _stand(context: Context, block: int, match: re.Match[str], units: tuple[int, int]) -> None:
    """A standing clause adds its units to this and every later task, as support."""
    lists = read_zone(context.page.folds[block], *units)
    context.standing.extend((block, unit) for _, unit in lists.units)
    context.labels.append(Piece(block, min(match.start(), units[0]), match.end()))


def standing_units(context: Context, pieces: Iterable[Piece]) -> None:
    """Standing clauses of the covering notice hold for every task."""
    for piece in pieces:
        for match, units in STANDING.find(context.page.folds[piece.block], piece.start, piece.end):
            _stand(context, piece.block, match, units)


def _settled(context: Context, parts: Sequence[tuple[int, Lists]]) -> Duty:
    page = context.page
    duty = Duty()
    placed: list[tuple[int, LabelKind, Unit]] = []
    for block, lists in parts:
        placed.extend((block, kind, unit) for kind, unit in lists.units)
        for s, e in lists.leaders:
            duty.leaders += read_leaders(block, page.texts[block], page.folds[block], s, e)
        if lists.deadline:
            duty.deadline_at = Span(block, *lists.deadline)
            duty.deadline = read_deadline(page.folds[block], *lists.deadline, context.year)
    duty.units = _responsibilities(context, placed)
    return duty


def _responsibilities(context: Context, placed: Sequence[tuple[int, LabelKind, Unit]]) -> tuple[Responsibility, ...]:
    if not placed:
        return ()
    kinds = [(kind, unit) for _, kind, unit in placed]
    roles = settle(kinds, context.rule)
    out: list[Responsibility] = []
    for (block, kind, unit), role in zip(placed, roles):
        out.extend(build(block, context.page.texts[block], [(kind, unit)], [role]))
    for block, unit in context.standing:
        out.extend(build(block, context.page.texts[block], [("support", unit)], ["support"]))
    names: dict[str, Responsibility] = {}
    for one in out:
        names.setdefault(one.name, one)
    return tuple(names.values())


# --- grids --------------------------------------------------------------------------------------------------------


def _grid_sections(
    context: Context, grid: Grid, path: tuple[Heading, ...], found: list[tuple[tuple[Heading, ...], list[Task]]]
) -> None:
    context.structure.extend(grid.header)
    context.unread.extend(grid.unread)
    _titles_to_categories(grid)
    tasks: list[Task] = []
    found.append((path, tasks))
    carried = Carried()
    category: str | None = None
    for row in grid.rows:
        if row.theme:
            tasks = []
            found.append(((*path, _theme(context, row.theme)), tasks))
            continue
        cell = row.first("category")
        if cell and context.page.text(cell) != category:
            category = context.page.text(cell)
            tasks = []
            found.append(((*path, Heading(squeeze(category), cell.span, (), Duty())), tasks))
        if task := _row_task(context, grid, row, carried):
            tasks.append(task)


def _titles_to_categories(grid: Grid) -> None:
    """A title cell that covers several rows, or is blank below its first, names a group of tasks, not one."""
    titles = [row.first("title") for row in grid.rows if not row.theme]
    given = [title for title in titles if title]
    if "task" not in grid.roles or not given or (len(given) == len(titles) and len(set(given)) == len(given)):
        return
    for row in grid.rows:
        if "title" in row.cells:
            row.cells["category"] = row.cells.pop("title")


def _theme(context: Context, piece: Piece) -> Heading:
    mark = MARK.match(context.page.folds[piece.block], piece.start, piece.end)
    if mark and mark.lastgroup:
        number = Piece(piece.block, *mark.span(mark.lastgroup))
        first = context.page.strip(piece.block, mark.end(), piece.end)
        return _heading(context, Node(mark.lastgroup, number, first))
    return _heading(context, Node("H", Piece(piece.block, piece.start, piece.start), piece))


@dataclass(slots=True)
class Carried:
    """Cells of earlier rows that a blank cell below repeats (同上)."""

    leader: list[Piece] = field(default_factory=list)
    units: dict[str, list[Piece]] = field(default_factory=dict)


_UNIT_ROLES: tuple[tuple[str, LabelKind], ...] = (("lead", "lead"), ("unit", "plain"), ("support", "support"))


def _row_task(context: Context, grid: Grid, row: Row, carried: Carried) -> Task | None:
    page = context.page
    text = row.first("task") or row.first("title")
    if text is None:
        context.unread.extend(piece for cells in row.cells.values() for piece in cells)
        return None
    number = row.first("number")
    if number:
        context.structure.append(number)
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
    task = _build_task(
        context, page.folded(number).strip("().、") if number else None, title, text, duty, row.first("value")
    )
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
    duty = _settled(context, parts)
    duty.units = tuple(
        msgspec.structs.replace(unit, partner=partners[unit.at]) if unit.at in partners else unit for unit in duty.units
    )
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


def _with_nodes(context: Context, task: Task, grid: Grid, row: Row) -> Task:
    """Milestones from the node columns, and 完成情况 where the table reports as well as assigns."""
    page = context.page
    names = [page.folded(h) for h in grid.header]
    quarters = [n for n in names if "季度" in n]
    nodes: list[Milestone] = []
    for i, piece in enumerate(row.cells.get("milestone", [])):
        quarter = re.search(r"[一二三四1-4]", quarters[i]) if i < len(quarters) else None
        due = f"{context.year}-{_QUARTERS[quarter.group()]}" if quarter and context.year else None
        nodes.append(Milestone(due=due, text=page.text(piece), at=piece.span))
    progress = row.first("progress")
    if not nodes and not progress:
        return task
    return msgspec.structs.replace(task, milestones=tuple(nodes), progress=page.text(progress) if progress else None)
