"""What holds of every ledger, whatever was read: each sentence broken is returned, none means all is well."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from luoshi.reading import Ledger, from_json
from luoshi.reading.bulk.flat import rows
from luoshi.reading.ledger import Span, Task


def broken(ledger: Ledger) -> list[str]:
    """The sentences that do not hold, in plain words."""
    places = [at for at in spans(ledger) if not _inside(ledger, at)]
    if places:
        return [f"{at} stands outside its block" for at in places[:3]]
    return [*_coverage(ledger), *_quotes(ledger), *_once(ledger), *_written(ledger)]


def spans(value: Any) -> Iterator[Span]:
    """Every span anywhere in a value."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from spans(getattr(value, name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from spans(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from spans(part)


def _inside(ledger: Ledger, at: Span) -> bool:
    return 0 <= at.block < len(ledger.blocks) and 0 <= at.start < at.end <= len(ledger.blocks[at.block].text)


def _coverage(ledger: Ledger) -> Iterator[str]:
    """Complete and disjoint: the four states add up to all characters, and no place is listed twice."""
    counted, length = ledger.coverage, sum(len(block.text) for block in ledger.blocks)
    unread = sum(at.end - at.start for at in counted.not_understood)
    if counted.facts + counted.structure + counted.prose + unread != length:
        yield f"{counted.facts}+{counted.structure}+{counted.prose}+{unread} characters are not {length}"
    if not counted.characters == ledger.source.characters == length:
        yield f"{counted.characters} and {ledger.source.characters} characters counted, {length} in the blocks"
    listed = [(at.block, at.start, at.end) for at in counted.not_understood]
    if any(one[0] == two[0] and one[2] >= two[1] or one > two for one, two in pairwise(listed)):
        yield "places not understood overlap or stand in no order"


def _quotes(ledger: Ledger) -> Iterator[str]:
    """What a fact says is what stands at its place, white space aside where lines were torn."""
    for where, plan, section, task in ledger.tasks():
        said: list[tuple[str, Span | None, str | None]] = [("text", task.at, task.text), ("heading", section.at, None)]
        said += [("leader", leader.at, leader.name or leader.post) for leader in (*section.leader, *task.leaders)]
        said += [("deliverable", thing.at, thing.name) for thing in task.deliverables]
        said += [("milestone", node.at, None) for node in task.milestones]
        if plan.lead_rule:
            said.append(("lead rule", plan.lead_rule.at, plan.lead_rule.text))
        for name, at, words in said:
            if at and words is not None and _plain(words) not in _plain(ledger.quote(at)):
                yield f"{where}: {name} says {words!r}, its place {ledger.quote(at)!r}"
        for unit in task.units:
            if _plain(unit.name) not in _plain(ledger.quote(unit.at)):
                yield f"{where}: unit says {unit.name!r}, its place {ledger.quote(unit.at)!r}"
        for target in task.targets:
            if ledger.quote(target.at) != target.quote:
                yield f"{where}: target quotes {target.quote!r}, its place says {ledger.quote(target.at)!r}"
            if target.wording and ledger.quote(target.wording.at) != target.wording.text:
                yield f"{where}: wording of {target.quote!r} stands elsewhere"
        if task.deadline and not task.deadline_at:
            yield f"{where}: a deadline without its place"


def _plain(text: str) -> str:
    return "".join(text.split())


def _once(ledger: Ledger) -> Iterator[str]:
    """No two facts of one kind share their place, but for one number that holds for several things (A、B均…)."""
    for where, _, _, task in ledger.tasks():
        for name, one, two in _overlaps(task):
            if name == "targets" and (one.end == two.end or one.start == two.start):
                continue
            yield f"{where}: {name} overlap: {ledger.quote(one)!r} and {ledger.quote(two)!r}"
        said = [(t.subject, t.kind, t.bound, t.value, t.value_to, t.unit, t.at) for t in task.targets]
        if len(said) != len(set(said)):
            yield f"{where}: one target twice"


def _overlaps(task: Task) -> Iterator[tuple[str, Span, Span]]:
    for name in ("units", "targets", "deliverables"):
        places = sorted((fact.at for fact in getattr(task, name)), key=lambda at: (at.block, at.start, at.end))
        for one, two in pairwise(places):
            if one.block == two.block and two.start < one.end:
                yield name, one, two


def _written(ledger: Ledger) -> Iterator[str]:
    """What is written is read back the same, by every way out."""
    whole = ledger.to_json(blocks=True)
    again = from_json(whole)
    if again != ledger or again.to_json(blocks=True) != whole:
        yield "the ledger read back from its JSON is another"
    if from_json(ledger.to_json(indent=0)).plans != ledger.plans:
        yield "the plans read back from one line of JSON are others"
    found = list(rows(ledger, "t", 1))
    if sum(table == "tasks" for table, _ in found) != sum(1 for _ in ledger.tasks()):
        yield "the flat tables hold another number of tasks"
