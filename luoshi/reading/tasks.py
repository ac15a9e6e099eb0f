"""Tasks: from a plan's outline to its sections, each with the tasks under its heading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from luoshi.reading.duties import Context, Heading, read_heading
from luoshi.reading.items import read_item
from luoshi.reading.ledger import Plan, PlanKind, Section, Task, Wording
from luoshi.reading.outline import Node, PlanOutline
from luoshi.reading.page import Page, Piece
from luoshi.reading.rows import grid_sections
from luoshi.reading.tables import Grid
from luoshi.reading.zones import SHORT_FIRST, is_titlelike, paragraph_items, sort_lines


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


def _sections(context: Context, root: Node) -> Iterable[Section]:
    any_units = _has_units(context, root)
    context.titled = _opens_with_titles(context.page, root)
    found: list[tuple[tuple[Heading, ...], list[Task]]] = []
    _walk(context, root, (), found, any_units)
    below = _answered_below([tasks for path, tasks in found if path and tasks])
    for path, tasks in found:
        if tasks:
            leaders = tuple(leader for h in path for leader in h.leaders)
            if below and path:
                leaders += tasks[-1].leaders
                tasks = _shared(tasks)
            yield Section(
                heading=" / ".join(h.text for h in path) or None,
                at=path[-1].at if path else None,
                leader=leaders,
                tasks=tuple(tasks),
            )


def _answered_below(groups: Sequence[Sequence[Task]]) -> bool:
    """Whether who answers stands below the last item of every group, for all of it: no other item has units of its own."""
    return (
        len(groups) >= 2
        and sum(len(tasks) > 1 for tasks in groups) >= 2
        and all(tasks[-1].units and not any(task.units for task in tasks[:-1]) for tasks in groups)
    )


def _shared(tasks: Sequence[Task]) -> list[Task]:
    """The tasks of a group with the units of its last; its leaders are the group's."""
    return [msgspec.structs.replace(task, units=tasks[-1].units, leaders=()) for task in tasks]


def _unnumbered(page: Page, node: Node) -> Node | None:
    """A heading over paragraphs, each followed by its duty: the same node with an unnumbered item a paragraph."""
    if node.first is None or not is_titlelike(page.folded(node.first)):
        return None
    groups = paragraph_items(page, node.rest)
    if not groups:
        return None
    heading = Node(node.type, node.number, node.first, parent=node.parent)
    heading.children = [_paragraph(lines, heading) for lines in groups]
    return heading


def _paragraph(lines: list[Piece], parent: Node) -> Node:
    first = lines[0]
    return Node("S", Piece(first.block, first.start, first.start), first, rest=lines[1:], parent=parent)


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
            grid_sections(context, child, path, found)
            tasks, opened = [], False
        elif not child.children and (items := _unnumbered(context.page, child)):
            tasks, opened = [], False
            _walk(context, items, (*path, read_heading(context, items)), found, need)
        elif child.children:
            tasks, opened = [], False
            _walk(context, child, (*path, read_heading(context, child)), found, need)
        elif task := read_item(context, child, path, need):
            if not opened:
                found.append((path, tasks))
                opened = True
            tasks.append(task)
