"""Differences between a task and its partner in another document: what is asked, by when, of whom, in which words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from luoshi.reading import ambition
from luoshi.reading.amounts import amount, base_unit
from luoshi.reading.comparison import Difference, DifferenceKind, Side
from luoshi.reading.ledger import (
    Deliverable,
    Leader,
    Ledger,
    Milestone,
    Plan,
    Responsibility,
    Section,
    Span,
    Target,
    Task,
)
from luoshi.reading.likeness import Pairs, Worded, left_over, pair_by_keys, pair_by_wording
from luoshi.reading.rule import fold

F = TypeVar("F", Target, Deliverable)

ALIKE = 0.6  # likeness from which two subjects or names are taken for one
SENTENCE = 10  # characters from which a repeated sentence is worth a word
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_DUE = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?")
_SENTENCES = re.compile(r"[^。;；!！?？\n]+[。;；!！?？]?")
_KINDS: dict[str, DifferenceKind] = {
    "raised": "target_raised", "lowered": "target_lowered", "unit_differs": "target_unit", "changed": "target_changed",
}  # fmt: skip


def plain(text: str | None, year: int | None = None) -> str:
    """Text without white space and width; years as their distance from the plan's year, so that 2025年 in last year's
    plan is 2026年 in this one."""
    squeezed = "".join(fold(text or "").split())
    return squeezed if year is None else _YEAR.sub(lambda m: f"[{int(m[0]) - year:+d}]", squeezed)


def figures_apart(text: str) -> str:
    """The wording with every figure as #."""
    return _FIGURE.sub("#", text)


@dataclass(frozen=True, eq=False)
class Item:
    """A task where it stands. ``year`` is the plan's where both documents give theirs, else None."""

    path: str
    plan: Plan
    section: Section
    task: Task
    ledger: Ledger
    year: int | None

    @cached_property
    def text(self) -> str:
        return plain(self.task.title, self.year) + "|" + plain(self.task.text, self.year)

    @cached_property
    def masked(self) -> str:
        return figures_apart(self.text)

    @cached_property
    def content(self) -> str:
        """Everything that is compared, as one line; equal contents have no difference."""
        task = self.task
        return repr(
            (
                self.plan.kind, self.text, sorted((unit_key(u), u.role) for u in task.units),
                sorted(map(leader_key, self.leaders)), self.due, sorted(map(target_content, task.targets)),
                sorted(map(deliverable_content, task.deliverables)), sorted(map(self.milestone_key, task.milestones)),
            )
        )  # fmt: skip

    @property
    def leaders(self) -> tuple[Leader, ...]:
        return self.task.leaders or self.section.leader

    @cached_property
    def due(self) -> tuple[int, int, int] | None:
        """Last day of the deadline, the year counted from the plan's; None where there is no deadline or no date in it."""
        return last_day(self.task.deadline, self.year)

    def milestone_key(self, milestone: Milestone) -> str:
        return repr((last_day(milestone.due, self.year), milestone.due if not self.year else "", plain(milestone.text)))

    def side(self, at: Span | None, otherwise: str) -> tuple[str, Span | None]:
        """The document's words at a span; ``otherwise`` where it has none or its text is not at hand."""
        known = at is not None and at.block < len(self.ledger.blocks)
        return (self.ledger.quote(at) if at is not None and known else otherwise), at


def last_day(due: str | None, year: int | None) -> tuple[int, int, int] | None:
    """The last day of a date of any grain, as (year or years from ``year``, month, day); the last of a month is its 31st."""
    found = _DUE.fullmatch(due or "")
    if not found:
        return None
    this = int(found[1])
    month = int(found[2]) * 3 if found[2] else int(found[3] or 12)
    day = int(found[4] or 31)
    if 1 <= month <= 12 and this and day >= calendar.monthrange(this, month)[1]:
        day = 31
    return this - (year or 0), month, day


def differences(old: Item, new: Item) -> Iterator[Difference]:
    """Everything that differs between two tasks, in no particular order."""
    asked = [*_targets(old, new), *_deliverables(old, new), *_deadline(old, new)]
    yield from asked
    yield from _milestones(old, new)
    yield from _units(old, new)
    yield from _leaders(old, new)
    # A figure that changed is said by its target; one that is no target's must not change unnoticed.
    if old.masked != new.masked or (old.text != new.text and not asked):
        yield Difference(kind="reworded", subject="", before=_text_side(old), after=_text_side(new))
    yield from _recycled(old, new)


# What is asked


def target_content(target: Target) -> str:
    """Everything of a target that is compared, as one line."""
    base = target.baseline
    from_value = (base_unit(base.unit)[0], str(base.value), base.unit) if base else None
    worded = target.unit if target.value is None else None
    firm = (target.strength, ambition.grade(target))
    said = (target.kind, target.bound, ambition.asks_less(target), ambition.turns(target), *firm)
    return repr((plain(target.subject), *said, amount(target), worded, from_value))


def pair_targets(old: Sequence[Target], new: Sequence[Target]) -> Pairs:
    """Targets on the same matter: by subject, kind and unit, then by subject alone, then by likeness within kind and unit."""

    def by(*names: str) -> Callable[[Target], Hashable]:
        return lambda t: (plain(t.subject), *(base_unit(t.unit)[0] if n == "unit" else getattr(t, n) for n in names))

    keys = (target_content, by("kind", "unit", "strength", "bound"), by("kind", "unit", "strength"), by("kind", "unit"),
            by("kind"), by())  # fmt: skip
    pairs = pair_by_keys(old, new, keys, target_content)
    return pairs + _alike(
        old, new, pairs, lambda t: (t.kind, base_unit(t.unit)[0]), lambda t: plain(t.subject), target_content
    )


def _alike(
    old: Sequence[F],
    new: Sequence[F],
    done: Pairs,
    group: Callable[[F], Hashable],
    words: Callable[[F], str],
    content: Callable[[F], str],
) -> Pairs:
    """Further pairs among what is left, by likeness of their words, within a group."""
    left_old, left_new = left_over(len(old), (i for i, _ in done)), left_over(len(new), (j for _, j in done))
    found: Pairs = []
    for key in sorted({group(old[i]) for i in left_old} & {group(new[j]) for j in left_new}, key=repr):
        ours = [i for i in left_old if group(old[i]) == key]
        theirs = [j for j in left_new if group(new[j]) == key]
        rest = [
            [Worded(words(x), content(x)) for x in things]
            for things in ([old[i] for i in ours], [new[j] for j in theirs])
        ]
        found += [(ours[i], theirs[j]) for i, j, _ in pair_by_wording(rest[0], rest[1], ALIKE)]
    return found


def same_targets(old: Item, new: Item) -> int:
    """How many targets of both ask the same."""
    ours, theirs = old.task.targets, new.task.targets
    return sum(ambition.compare_targets(ours[i], theirs[j]) == "same" for i, j in pair_targets(ours, theirs))


def _target_side(item: Item, target: Target, *, worded: bool = False) -> Side:
    """``worded`` quotes the words of promise and bound along (力争…, 确保…), where they stand in the same block."""
    words = [w.at for w in (target.wording, target.promise) if w and worded and w.at.block == target.at.block]
    quote, at = item.side(_cover((target.at, *words)), target.quote)
    return Side(quote=quote, at=at, target=target)


def _targets(old: Item, new: Item) -> Iterator[Difference]:
    ours, theirs = old.task.targets, new.task.targets
    pairs = pair_targets(ours, theirs)
    for i, j in pairs:
        for kind in _target_kinds(ours[i], theirs[j]):
            worded = kind in ("promise_weakened", "promise_strengthened")
            before = _target_side(old, ours[i], worded=worded)
            after = _target_side(new, theirs[j], worded=worded)
            yield Difference(kind=kind, subject=theirs[j].subject, before=before, after=after)
    for i in left_over(len(ours), (i for i, _ in pairs)):
        yield Difference(kind="target_dropped", subject=ours[i].subject, before=_target_side(old, ours[i]))
    for j in left_over(len(theirs), (j for _, j in pairs)):
        yield Difference(kind="target_new", subject=theirs[j].subject, after=_target_side(new, theirs[j]))


def _target_kinds(old: Target, new: Target) -> Iterator[DifferenceKind]:
    word = ambition.compare_targets(old, new)
    if word != "same":
        yield _KINDS[word]
    # Over another unit or meaning a bounding word says nothing; the promise word still does.
    change = ambition.compare_promises(old, new)
    if not change and word in ("same", "raised", "lowered"):
        change = ambition.compare_bounds(old, new)
    if change:
        yield "promise_weakened" if change < 0 else "promise_strengthened"
    bases = [
        (base_unit(t.baseline.unit)[0], t.baseline.value, t.baseline.unit) if t.baseline else None for t in (old, new)
    ]
    if bases[0] != bases[1]:
        yield "baseline_changed"


def deliverable_content(thing: Deliverable) -> str:
    """Everything of a deliverable that is compared, as one line."""
    return repr((plain(thing.name), thing.stage, thing.strength, ambition.grade(thing)))


def _deliverables(old: Item, new: Item) -> Iterator[Difference]:
    ours, theirs = old.task.deliverables, new.task.deliverables
    keys = (deliverable_content, lambda d: (plain(d.name), d.stage), lambda d: plain(d.name))
    pairs = pair_by_keys(ours, theirs, keys, deliverable_content)
    pairs += _alike(ours, theirs, pairs, lambda d: "", lambda d: plain(d.name), deliverable_content)

    def side(item: Item, thing: Deliverable) -> Side:
        quote, at = item.side(thing.at, thing.name)
        return Side(quote=quote, at=at, deliverable=thing)

    for i, j in pairs:
        a, b = ours[i], theirs[j]
        for kind in _deliverable_kinds(a, b):
            yield Difference(kind=kind, subject=b.name, before=side(old, a), after=side(new, b))
    for i in left_over(len(ours), (i for i, _ in pairs)):
        yield Difference(kind="deliverable_dropped", subject=ours[i].name, before=side(old, ours[i]))
    for j in left_over(len(theirs), (j for _, j in pairs)):
        yield Difference(kind="deliverable_new", subject=theirs[j].name, after=side(new, theirs[j]))


def _deliverable_kinds(old: Deliverable, new: Deliverable) -> Iterator[DifferenceKind]:
    before, after = ambition.STAGES.index(old.stage), ambition.STAGES.index(new.stage)
    if before != after:
        yield "stage_lowered" if after < before else "stage_raised"
    if change := ambition.compare_promises(old, new):
        yield "promise_weakened" if change < 0 else "promise_strengthened"


# By when


def _deadline(old: Item, new: Item) -> Iterator[Difference]:
    before, after = old.task.deadline, new.task.deadline
    if before is None and after is None:
        return
    sides = [_deadline_side(item) if item.task.deadline else None for item in (old, new)]
    kind: DifferenceKind | None
    if before is None or after is None:
        kind = "deadline_new" if after else "deadline_dropped"
    else:
        ours, theirs = (old.due, new.due) if old.due and new.due else (before, after)
        kind = (
            None
            if ours == theirs
            else "deadline_later"
            if str_or_day(theirs) > str_or_day(ours)
            else "deadline_earlier"
        )
    if kind:
        yield Difference(kind=kind, subject="", before=sides[0], after=sides[1])


def str_or_day(due: tuple[int, int, int] | str) -> tuple[tuple[int, ...], str]:
    """A sorting key for days and for words that are none."""
    return ((), due) if isinstance(due, str) else (due, "")


def _deadline_side(item: Item) -> Side:
    quote, at = item.side(item.task.deadline_at, item.task.deadline or "")
    return Side(quote=quote, at=at, deadline=item.task.deadline)


def _milestones(old: Item, new: Item) -> Iterator[Difference]:
    ours = [(old.milestone_key(m), m) for m in old.task.milestones]
    theirs = [(new.milestone_key(m), m) for m in new.task.milestones]
    pairs = pair_by_keys(ours, theirs, (lambda m: m[0],), lambda m: m[0])

    def side(item: Item, milestone: Milestone) -> Side:
        quote, at = item.side(milestone.at, milestone.text)
        return Side(quote=quote, at=at, milestone=milestone)

    for i in left_over(len(ours), (i for i, _ in pairs)):
        yield Difference(kind="milestone_dropped", subject=ours[i][1].text, before=side(old, ours[i][1]))
    for j in left_over(len(theirs), (j for _, j in pairs)):
        yield Difference(kind="milestone_new", subject=theirs[j][1].text, after=side(new, theirs[j][1]))


# Of whom


def unit_key(unit: Responsibility) -> str:
    """A unit with its partner, for comparing."""
    return plain(f"{unit.name}({unit.partner})" if unit.partner else unit.name)


def leader_key(leader: Leader) -> str:
    """A leader's name and post, for comparing."""
    return plain(leader.name) + "|" + plain(leader.post)


def _cover(ats: Iterable[Span | None]) -> Span | None:
    """One span over spans of one block; the first where they stand in several."""
    known = [at for at in ats if at]
    if not known or any(at.block != known[0].block for at in known):
        return known[0] if known else None
    return Span(known[0].block, min(at.start for at in known), max(at.end for at in known))


def _unit_side(item: Item, units: Sequence[Responsibility]) -> Side | None:
    if not units:
        return None
    quote, at = item.side(_cover(u.at for u in units), "、".join(u.name for u in units))
    return Side(quote=quote, at=at, units=tuple(units))


def _units(old: Item, new: Item) -> Iterator[Difference]:
    ours, theirs = ([u for u in item.task.units if u.role != "support"] for item in (old, new))
    if {(unit_key(u), u.role) for u in ours} != {(unit_key(u), u.role) for u in theirs}:
        named = "、".join(u.name for u in theirs or ours)
        yield Difference(
            kind="lead_changed", subject=named, before=_unit_side(old, ours), after=_unit_side(new, theirs)
        )
    before, after = ({unit_key(u): u for u in item.task.units if u.role == "support"} for item in (old, new))
    for key, unit in before.items():
        if key not in after:
            yield Difference(kind="support_removed", subject=unit.name, before=_unit_side(old, [unit]))
    for key, unit in after.items():
        if key not in before:
            yield Difference(kind="support_added", subject=unit.name, after=_unit_side(new, [unit]))


def _leaders(old: Item, new: Item) -> Iterator[Difference]:
    if set(map(leader_key, old.leaders)) == set(map(leader_key, new.leaders)):
        return

    def side(item: Item) -> Side | None:
        if not item.leaders:
            return None
        names = "、".join((x.name or "") + (x.post or "") for x in item.leaders)
        own = _cover(x.at for x in item.leaders)
        quote, at = item.side(own or (None if item.task.leaders else item.section.at), names)
        return Side(quote=quote, at=at, leaders=item.leaders)

    named = "、".join((x.name or "") + (x.post or "") for x in new.leaders or old.leaders)
    yield Difference(kind="leader_changed", subject=named, before=side(old), after=side(new))


# In which words


def _recycled(old: Item, new: Item) -> Iterator[Difference]:
    """Sentences that stand again although the year is another."""
    if not old.year or not new.year or old.year == new.year:
        return
    if old.text == new.text:
        yield Difference(kind="recycled", subject="", before=_text_side(old), after=_text_side(new))
        return
    said = {plain(old.task.text[a:b], old.year): (a, b) for a, b in _sentences(old.task.text)}
    for start, end in _sentences(new.task.text):
        again = said.pop(plain(new.task.text[start:end], new.year), None)
        if again:
            sides = _text_side(old, *again), _text_side(new, start, end)
            yield Difference(kind="recycled", subject="", before=sides[0], after=sides[1])


def _sentences(text: str) -> list[tuple[int, int]]:
    """Sentences long enough to be no mere phrase."""
    return [m.span() for m in _SENTENCES.finditer(text) if len(m[0].strip()) >= SENTENCE]


def _text_side(item: Item, start: int = 0, end: int | None = None) -> Side:
    """A stretch of the task's wording, with its place."""
    task = item.task
    end = len(task.text) if end is None else end
    return Side(quote=task.text[start:end], at=Span(task.at.block, task.at.start + start, task.at.start + end))
