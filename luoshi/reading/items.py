"""Items: one numbered item, or one wording with its duty, becomes a task with its facts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.reading.duties import Context, Duty, Heading, mark_start, zone_duty
from luoshi.reading.facts import Passage
from luoshi.reading.facts.aims import read_aims
from luoshi.reading.facts.deadlines import governing_deadline
from luoshi.reading.facts.deliverables import read_deliverables
from luoshi.reading.facts.indicators import read_indicator
from luoshi.reading.facts.targets import read_targets, read_value_cell
from luoshi.reading.ledger import Deliverable, Span, Target, Task
from luoshi.reading.lines import FRAMING
from luoshi.reading.outline import Node
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import any_of
from luoshi.reading.words import load
from luoshi.reading.zones import Item, sort_lines


def read_item(context: Context, node: Node, path: tuple[Heading, ...], need: bool) -> Task | None:
    """The task a numbered item makes, with the duty of its heading where it has none of its own; None for framing prose.

    ``need``: other items of the plan have units, so one without is a task only where it stands among them.
    """
    page = context.page
    _join_broken_bracket(context, node)
    item = sort_lines(page, node.lines(), may_title=node.type in "HBNADMT", titled=context.titled)
    duty = zone_duty(context, item.zones)
    if not duty.units and (inherited := next((h.duty for h in reversed(path) if h.duty.units), None)):
        duty = msgspec.structs.replace(
            inherited, leaders=duty.leaders, deadline=duty.deadline, deadline_at=duty.deadline_at
        )
    if not item.text and item.title is None:
        context.prose.extend(node.lines())
        return None
    if need and not duty.units and not _task_without_units(page, node, item):
        context.prose.extend(node.lines())
        if node.number:
            context.structure.append(Piece(node.number.block, mark_start(page, node), node.number.end))
        return None
    if not item.text and item.title:
        item.text, item.title = [item.title], None
    item.text[0] = _unlabelled(context, item.text[0])
    if len(item.text) > 1:
        context.joins.append((item.text[0].block, item.text[-1].block))
    start = mark_start(page, node)
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
    task = build_task(context, _number_of(page, node), item.title, item.text[0], duty, without=item.zones)
    return msgspec.structs.replace(task, progress=page.text(item.progress)) if item.progress else task


_CONTENT = re.compile(rf"{any_of(load('lines')['content label'])}\s{{0,2}}:\s{{0,4}}(?=\S)")


def _unlabelled(context: Context, text: Piece) -> Piece:
    """The wording without a label that only says that it is the wording (建设内容:新建…)."""
    label = _CONTENT.match(context.page.folds[text.block], text.start, text.end)
    if not label:
        return text
    context.structure.append(Piece(text.block, text.start, label.end()))
    return Piece(text.block, label.end(), text.end)


def _join_broken_bracket(context: Context, node: Node) -> None:
    """A duty bracket broken over lines is read once its lines are one block."""
    if not node.rest:
        return
    lines = node.lines()
    for line in lines[:-1]:
        folded = context.page.folded(line)
        opened = folded.count("(") + folded.count("[")
        if opened and opened > folded.count(")") + folded.count("]"):
            context.joins.append((lines[0].block, lines[-1].block))
            return


def _number_of(page: Page, node: Node) -> str | None:
    if node.type == "S" or node.number is None:
        return None
    return page.folded(node.number)


def _task_without_units(page: Page, node: Node, item: Item) -> bool:
    """An item without units among items that have them is a task with a doubt, unless it is framing prose or the text was cut off."""
    if node.type == "H" or (item.title and FRAMING.search(page.folded(item.title))):
        return False
    first = page.folded(item.text[0]) if item.text else ""
    siblings = node.parent.children if node.parent else []
    return not FRAMING.search(first[:16]) and len(siblings) > 1 and node.type in "BNMTD"


def _passage(page: Page, piece: Piece, without: Sequence[Piece] = ()) -> Passage:
    """The piece to read facts in. ``without``: brackets within it that name units; for the facts a sentence ends there."""
    folded = page.folds[piece.block]
    for zone in without:
        if zone.block == piece.block and piece.start < zone.start and zone.end < piece.end:
            folded = folded[: zone.start - 1] + "。" * (zone.end - zone.start + 2) + folded[zone.end + 1 :]
    return Passage(piece.block, page.texts[piece.block], folded, piece.start, piece.end)


def _uncounted(things: tuple[Deliverable, ...], counted: tuple[Target, ...]) -> tuple[Deliverable, ...]:
    """Without what the cell beside it counts: 新建改建农村公路 | 80公里 is a figure, not a project of that name."""
    subjects = tuple(target.subject for target in counted if target.kind == "quantity")
    return tuple(thing for thing in things if not thing.name.endswith(subjects)) if subjects else things


def build_task(
    context: Context,
    number: str | None,
    title: Piece | None,
    text: Piece,
    duty: Duty,
    values: Sequence[Piece] = (),
    measure: str | None = None,
    without: Sequence[Piece] = (),
) -> Task:
    """A task from its wording and duty, with the targets and deliverables in it and in its value cells.

    ``measure``: what bare figures in the value cells are counted in, where a cell beside them says so. ``without``: as of
    ``_passage``.
    """
    page = context.page
    passage = _passage(page, text, without)
    folded = passage.folded
    targets = own = read_targets(passage, page.text(title) if title else None)
    for value in values:
        cell = _passage(page, value)
        targets += (measure and read_indicator(cell, measure, passage)) or read_value_cell(cell, passage)
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
        deliverables=_uncounted(
            read_deliverables(passage, targets, _passage(page, title) if title else None), targets[len(own) :]
        ),
        aims=read_aims(passage, targets),
    )
