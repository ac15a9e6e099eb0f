"""Compare: two ledgers into a comparison. Draft against final, or this year against last year; pure.

Tasks are paired by their words: first those that are equal in everything, then in their wording, then but for figures,
then the likest (see ``likeness``). What the tasks of a pair ask is compared field by field (see ``differences``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

import msgspec

from luoshi.reading.amounts import base_unit
from luoshi.reading.comparison import (
    ComparedDocument,
    ComparedTask,
    Comparison,
    ComparisonSummary,
    Difference,
    DifferenceKind,
    TaskPair,
    WordingChange,
)
from luoshi.reading.differences import Item, differences, plain, same_targets
from luoshi.reading.ledger import Deliverable, Ledger, Target
from luoshi.reading.likeness import Pairs, Worded, left_over, pair_by_keys, pair_by_wording

LIKE = 0.36  # likeness from which two tasks are taken for one; below it the one is dropped and the other new
_ORDER = {kind: place for place, kind in enumerate(get_args(DifferenceKind))}


def compare(old: Ledger, new: Ledger) -> Comparison:
    """What became of the old document's tasks in the new one. Quotes need the ledgers' ``blocks``; without them the facts'
    own words stand in. Never raises on a valid ledger."""
    relative = all(plan.year for ledger in (old, new) for plan in ledger.plans)
    ours, theirs = _items(old, relative), _items(new, relative)
    exact, alike = _paired(ours, theirs)
    kept = [_pair(ours[i], theirs[j], 1.0) for i, j in exact] + [_pair(ours[i], theirs[j], x) for i, j, x in alike]
    done = [*exact, *((i, j) for i, j, _ in alike)]
    place = {item.path: at for at, item in enumerate(theirs)}
    kept.sort(key=lambda pair: place[pair.new.path])
    gone = [ours[i] for i in left_over(len(ours), (i for i, _ in done))]
    came = [theirs[j] for j in left_over(len(theirs), (j for _, j in done))]
    lost, found = _without_partner(gone, kept, old_side=True), _without_partner(came, kept, old_side=False)
    kept = [_moved(pair, lost, found) for pair in kept]
    dropped = [_compared(item, found) for item in gone]
    fresh = [_compared(item, lost) for item in came]
    return Comparison(
        reader=new.reader,
        old=_document(old),
        new=_document(new),
        summary=_summary(len(ours), len(theirs), kept, len(dropped), len(fresh)),
        kept=tuple(kept),
        dropped_tasks=tuple(dropped),
        new_tasks=tuple(fresh),
    )


def _items(ledger: Ledger, relative: bool) -> list[Item]:
    return [
        Item(path, plan, section, task, ledger, plan.year if relative else None)
        for path, plan, section, task in ledger.tasks()
    ]


def _paired(old: Sequence[Item], new: Sequence[Item]) -> tuple[Pairs, list[tuple[int, int, float]]]:
    """Pairs of equal wording, figures apart, and pairs of like wording with their likeness."""
    keys = (
        lambda item: item.content,
        lambda item: (item.plan.kind, item.text),
        lambda item: item.text,
        lambda item: (item.plan.kind, item.masked),
        lambda item: item.masked,
    )
    exact = pair_by_keys(old, new, keys, lambda item: item.content)
    ours, theirs = left_over(len(old), (i for i, _ in exact)), left_over(len(new), (j for _, j in exact))
    everything = {item.masked for item in (*old, *new)}
    rest = (
        [Worded(old[i].masked, old[i].content) for i in ours],
        [Worded(new[j].masked, new[j].content) for j in theirs],
    )
    return exact, [(ours[i], theirs[j], like) for i, j, like in pair_by_wording(*rest, LIKE, everything)]


def _pair(old: Item, new: Item, likeness: float) -> TaskPair:
    wording: WordingChange = "same" if old.text == new.text else "figures" if old.masked == new.masked else "changed"
    found = sorted(differences(old, new), key=_place)
    return TaskPair(
        old=_compared(old), new=_compared(new), likeness=likeness, wording=wording,
        same_targets=same_targets(old, new), differences=tuple(found),
    )  # fmt: skip


def _place(difference: Difference) -> tuple[int, int, int]:
    """Differences by kind, then as they stand in the new document (in the old where only that has them)."""
    side = difference.after or difference.before
    at = side.at if side else None
    return _ORDER[difference.kind], at.block if at else -1, at.start if at else -1


Matter = tuple[str, ...]
"""What a target or deliverable is about, to find it again under another task."""


def _matters(targets: Iterable[Target], things: Iterable[Deliverable]) -> Iterator[Matter]:
    for target in targets:
        yield "target", plain(target.subject), target.kind, base_unit(target.unit)[0]
    for thing in things:
        yield "deliverable", plain(thing.name)


def _matter(difference: Difference) -> Matter | None:
    """The matter of a target or deliverable that one side has not."""
    side = difference.before if difference.after is None else difference.after if difference.before is None else None
    if side is None:
        return None
    return next(_matters(filter(None, [side.target]), filter(None, [side.deliverable])), None)


def _without_partner(items: Iterable[Item], kept: Iterable[TaskPair], *, old_side: bool) -> dict[Matter, str]:
    """Matters of one document that found no partner, with the path of the first task that has them."""
    found: dict[Matter, str] = {}
    for item in items:
        for matter in _matters(item.task.targets, item.task.deliverables):
            found.setdefault(matter, item.path)
    for pair in kept:
        for difference in pair.differences:
            lone = _matter(difference)
            if lone and (difference.after is None) is old_side:
                found.setdefault(lone, pair.old.path if old_side else pair.new.path)
    return found


def _moved(pair: TaskPair, lost: dict[Matter, str], found: dict[Matter, str]) -> TaskPair:
    """The pair with every target and deliverable that moved to another task pointing there."""
    differences = tuple(
        msgspec.structs.replace(d, elsewhere=(found if d.after is None else lost).get(matter))
        if (matter := _matter(d))
        else d
        for d in pair.differences
    )
    return msgspec.structs.replace(pair, differences=differences)


def _compared(item: Item, others: Mapping[Matter, str] | None = None) -> ComparedTask:
    """``others``: matters without a partner in the other document."""
    task = item.task
    places = [(others or {}).get(matter) for matter in _matters(task.targets, task.deliverables)]
    return ComparedTask(
        path=item.path, number=task.number, title=task.title, text=task.text, at=task.at, plan=item.plan.title,
        section=item.section.heading, year=item.plan.year, units=task.units,
        elsewhere=tuple(dict.fromkeys(filter(None, places))),
    )  # fmt: skip


def _document(ledger: Ledger) -> ComparedDocument:
    titles = [plan.title for plan in ledger.plans if plan.title]
    years = sorted({plan.year for plan in ledger.plans if plan.year})
    return ComparedDocument(
        title=ledger.document.title or next(iter(titles), None), number=ledger.document.number,
        name=ledger.source.name, sha256=ledger.source.sha256, years=tuple(years),
    )  # fmt: skip


def _summary(old: int, new: int, kept: Iterable[TaskPair], dropped: int, fresh: int) -> ComparisonSummary:
    pairs = list(kept)
    counts = Counter(difference.kind for pair in pairs for difference in pair.differences)
    return ComparisonSummary(
        old_tasks=old, new_tasks=new, kept=len(pairs), dropped=dropped, new=fresh,
        untouched=sum(not pair.differences for pair in pairs), same_targets=sum(pair.same_targets for pair in pairs),
        kinds={kind: counts[kind] for kind in _ORDER},
    )  # fmt: skip
