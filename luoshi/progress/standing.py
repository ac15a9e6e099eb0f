"""Standing: for a promise on a day, what is due, what is there, and a word for it. Pure: the day comes in.

The kind of target decides (a practice of published bulletins): a cumulative quantity is prorated by its schedule; a
growth rate, a level, a rank is compared as it stands; a stage has its node's date; an annual-only figure is not judged
before it exists. An estimate never closes a target. No figure yet is not behind; a figure overdue is said apart. When the
last figure of a target could be had and was not given, what was known before no longer speaks for it.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from luoshi.plans.curve import ZERO, Curve, due_value

HUNDRED = Decimal(100)
STEP = Decimal("0.000001")  # measures are compared with limits to six places


class Word(StrEnum):
    """Where something stands."""

    DONE = "done"
    AHEAD = "ahead"
    ON_SCHEDULE = "on_schedule"
    BEHIND = "behind"
    OVERDUE = "overdue"
    NOT_JUDGED = "not_judged"
    NO_FIGURE = "no_figure"


JUDGED = frozenset({Word.DONE, Word.AHEAD, Word.ON_SCHEDULE, Word.BEHIND, Word.OVERDUE})
Kind = Literal["quantity", "growth", "change", "level", "rank", "grade"]
Bound = Literal["min", "max", "about", "exact", "range"]
Grain = Literal["month", "quarter", "half", "year"]


@dataclass(frozen=True)
class Goal:
    """A target to be judged. ``tolerance`` is in its unit, for 左右 and 同步; ``lag`` days between cut-off and figure."""

    key: str
    label: str
    kind: Kind
    bound: Bound
    value: Decimal | None
    unit: str
    curve: Curve
    value_to: Decimal | None = None
    base: Decimal | None = None
    tolerance: Decimal = ZERO
    down: bool = False
    annual_only: bool = False
    grain: Grain = "month"
    lag: int = 0
    strength: str = "commit"
    quote: str = ""

    @property
    def lower_is_better(self) -> bool:
        """Met from below: a cap, a rank, or said so at set-up."""
        return self.down or self.bound == "max" or self.kind == "rank"

    @property
    def accumulates(self) -> bool:
        """It grows through the year towards the whole; once there, it stays there."""
        return self.kind == "quantity" and not self.lower_is_better

    @property
    def as_is(self) -> bool:
        """Compared as it stands: a gap in points of the whole or a ratio of a rate would mislead."""
        return self.kind != "quantity"

    @property
    def limit(self) -> Decimal:
        """The value at which it is met: a range by its nearer end, 左右 less its tolerance."""
        assert self.value is not None
        if self.lower_is_better:
            top = self.value_to if self.bound == "range" and self.value_to is not None else self.value
            return top + self.tolerance
        return self.value - self.tolerance


@dataclass(frozen=True)
class Figure:
    """A figure as reported: cumulative or current at the end of ``cutoff``; ``official`` or an estimate."""

    value: Decimal
    cutoff: date
    official: bool = True


@dataclass(frozen=True)
class NodeGoal:
    """A dated step; the last is the promise itself."""

    key: str
    text: str
    due: date
    final: bool = False


@dataclass(frozen=True)
class StageGoal:
    """A deliverable (or a class to be won) to be judged by its nodes; at least one, the last of them final."""

    key: str
    label: str
    nodes: tuple[NodeGoal, ...]
    strength: str = "commit"
    quote: str = ""
    annual_only: bool = False


@dataclass(frozen=True)
class Claim:
    """A node said to be reached on a day."""

    node: str
    on: date


@dataclass(frozen=True)
class Standing:
    """What is due, what is there, and the word for it. Values in ``unit``; ``behind`` in points of the whole (0: none).

    ``as_is``: a rate, a level, a rank, compared as it stands; its ``behind`` is in its own unit and it has no ``ratio``.
    ``ratio`` is what is there in per cent of what is due (None where nothing is due). ``waiting``: a figure that is
    published by now has not been reported, a fact beside the word. ``late_days`` and ``node`` are of stages. ``base`` is
    where the target starts, ``whole`` what lies between that and its goal.
    """

    key: str
    label: str
    word: Word
    unit: str = ""
    expected: Decimal | None = None
    actual: Decimal | None = None
    goal: Decimal | None = None
    behind: Decimal = ZERO
    ratio: Decimal | None = None
    cutoff: date | None = None
    estimated: bool = False
    waiting: date | None = None
    due: date | None = None
    late_days: int = 0
    node: str = ""
    strength: str = "commit"
    quote: str = ""
    stage: bool = field(default=False)
    down: bool = False
    base: Decimal = ZERO
    whole: Decimal = ZERO
    as_is: bool = False


def of_target(goal: Goal, figures: Sequence[Figure], day: date) -> Standing:
    """The standing of a target at the end of ``day``. ``figures`` in any order; later cut-offs than ``day`` are passed over."""
    figure = _newest([f for f in figures if f.cutoff <= day])
    ready = last_published(goal.grain, goal.lag, day)
    blank = _blank(goal, figure, _waiting(goal, figure, ready))
    if goal.value is None:
        return blank(Word.NOT_JUDGED)
    final = figure is not None and figure.cutoff >= goal.curve.ends
    if goal.annual_only and not final:
        published = ready is not None and ready >= goal.curve.ends
        return blank(Word.NO_FIGURE if published else Word.NOT_JUDGED)
    if figure is None:
        return blank(Word.NO_FIGURE)
    if ready is not None and ready >= goal.curve.ends and not final:
        return _unfinished(goal, figure, blank)
    return _judged(goal, figure, blank)


def _unfinished(goal: Goal, figure: Figure, blank: _Blank) -> Standing:
    """The target's time is over, its last figure could be had and was not given: the one before no longer speaks for it."""
    if not _meets(goal, figure.value, goal.limit):
        return blank(Word.OVERDUE, goal.limit, figure.value)
    reached = figure.official and goal.accumulates
    return blank(Word.DONE if reached else Word.NO_FIGURE, goal.limit, figure.value)


def _judged(goal: Goal, figure: Figure, blank: _Blank) -> Standing:
    expected = due_by(goal, figure.cutoff)
    met_whole = _meets(goal, figure.value, goal.limit)
    final = figure.cutoff >= goal.curve.ends
    if met_whole and figure.official and (final or goal.accumulates):
        return blank(Word.DONE, expected, figure.value)
    if expected is None:
        word = Word.OVERDUE if final and not met_whole else Word.NOT_JUDGED if not met_whole else Word.ON_SCHEDULE
        return blank(word, goal.limit if final else None, figure.value)
    if not _meets(goal, figure.value, expected):
        return blank(Word.OVERDUE if final else Word.BEHIND, expected, figure.value)
    later = due_by(goal, figure.cutoff + timedelta(days=31))
    ahead = later is not None and later != expected and _meets(goal, figure.value, later)
    return blank(Word.AHEAD if ahead else Word.ON_SCHEDULE, expected, figure.value)


def due_by(goal: Goal, day: date) -> Decimal | None:
    """What is due at the end of a day: by the schedule for what accumulates, the whole for what is compared as it stands."""
    own = goal.curve.kind in ("quarters", "points")
    if (goal.accumulates or own) and goal.curve.kind != "none":
        return due_value(goal.curve, goal.base or ZERO, goal.limit, day)
    if goal.accumulates:  # no schedule: due only at the end
        return goal.limit if day >= goal.curve.ends else None
    return goal.limit


def _meets(goal: Goal, value: Decimal, wanted: Decimal) -> bool:
    return value <= wanted if goal.lower_is_better else value >= wanted


def _newest(figures: Sequence[Figure]) -> Figure | None:
    """The latest official figure; an estimate only where there is none. Among one day's the last entered holds."""
    for official in (True, False):
        best: Figure | None = None
        for figure in figures:
            if figure.official is official and (best is None or figure.cutoff >= best.cutoff):
                best = figure
        if best:
            return best
    return None


def last_published(grain: Grain, lag: int, day: date) -> date | None:
    """The latest cut-off whose figure is published by ``day``: the end of a month, quarter, half or year, ``lag`` days ago."""
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[grain]
    known = day - timedelta(days=lag)
    year, month = known.year, known.month
    if known.day < calendar.monthrange(year, month)[1]:
        month -= 1
    month -= month % months
    if month <= 0:
        year, month = year - 1, 12
    return date(year, month, calendar.monthrange(year, month)[1])


def _waiting(goal: Goal, figure: Figure | None, ready: date | None) -> date | None:
    """The cut-off of a figure that is published and has not been reported."""
    if ready is None or ready < goal.curve.starts:
        return None
    wanted = min(ready, goal.curve.ends)
    if goal.annual_only and wanted < goal.curve.ends:
        return None
    return wanted if figure is None or figure.cutoff < wanted else None


class _Blank:
    """Makes the standings of one goal: fills in what all of them have."""

    def __init__(self, goal: Goal, figure: Figure | None, waiting: date | None) -> None:
        self.goal, self.figure, self.waiting = goal, figure, waiting

    def __call__(self, word: Word, expected: Decimal | None = None, actual: Decimal | None = None) -> Standing:
        goal, figure = self.goal, self.figure
        return Standing(
            key=goal.key,
            label=goal.label,
            word=word,
            unit=goal.unit,
            expected=expected,
            actual=actual,
            goal=goal.value,
            behind=_behind_of(goal, actual, expected) if word in (Word.BEHIND, Word.OVERDUE) else ZERO,
            ratio=_ratio_of(goal, actual, expected),
            cutoff=figure.cutoff if figure else None,
            estimated=figure is not None and not figure.official,
            waiting=self.waiting,
            due=goal.curve.ends,
            strength=goal.strength,
            quote=goal.quote,
            down=goal.lower_is_better,
            base=goal.base or ZERO,
            whole=ZERO if goal.value is None else abs(goal.limit - (goal.base or ZERO)),
            as_is=goal.as_is,
        )


def _blank(goal: Goal, figure: Figure | None, waiting: date | None) -> _Blank:
    return _Blank(goal, figure, waiting)


def _behind_of(goal: Goal, actual: Decimal | None, expected: Decimal | None) -> Decimal:
    if actual is None or expected is None:
        return ZERO
    if goal.as_is:
        return short(actual, expected, goal.lower_is_better)
    return behind(actual, expected, abs(goal.limit - (goal.base or ZERO)), goal.lower_is_better)


def _ratio_of(goal: Goal, actual: Decimal | None, expected: Decimal | None) -> Decimal | None:
    if actual is None or expected is None or goal.as_is:
        return None
    return ratio(actual, expected, goal.base or ZERO, goal.lower_is_better)


def short(actual: Decimal, expected: Decimal, down: bool) -> Decimal:
    """How much (0 and more, in the figures' unit) is missing from what is due; of what is met from below, how much too much."""
    return max(actual - expected if down else expected - actual, ZERO)


def behind(actual: Decimal, expected: Decimal, whole: Decimal, down: bool) -> Decimal:
    """Points of the whole (0 and more) that are missing from what is due; the whole runs from the baseline to the goal."""
    missing = short(actual, expected, down)
    if not missing:
        return ZERO
    return (missing * HUNDRED / whole).quantize(STEP) if whole else HUNDRED


def ratio(actual: Decimal, expected: Decimal, base: Decimal, down: bool) -> Decimal | None:
    """What is there in per cent of what is due; for what is met from below, what is due in per cent of what is there."""
    have, due = (expected, actual) if down else (actual - base, expected - base)
    return (have * HUNDRED / due).quantize(STEP) if due > 0 else None


def of_stage(goal: StageGoal, claims: Sequence[Claim], day: date) -> Standing:
    """The standing of a deliverable at the end of ``day``: done when its final node is reached, late by its first open node."""
    reached = {claim.node for claim in claims if claim.on <= day}
    nodes = sorted(goal.nodes, key=lambda node: node.due)
    last = next((node for node in nodes if node.final), nodes[-1])
    common = {"key": goal.key, "label": goal.label, "strength": goal.strength, "quote": goal.quote, "stage": True}
    if last.key in reached:
        return Standing(word=Word.DONE, due=last.due, node=last.text, **common)  # type: ignore[arg-type]
    # A later node reached says that the earlier ones are behind it.
    furthest = max((n for n, node in enumerate(nodes) if node.key in reached), default=-1)
    waiting = nodes[furthest + 1] if furthest + 1 < len(nodes) else last
    late = (day - waiting.due).days
    if late > 0:
        word = Word.OVERDUE if waiting is last else Word.BEHIND
    else:
        word = Word.AHEAD if furthest >= 0 and nodes[furthest].due > day else Word.ON_SCHEDULE
    return Standing(word=word, due=waiting.due, node=waiting.text, late_days=max(late, 0), **common)  # type: ignore[arg-type]
