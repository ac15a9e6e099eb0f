"""Agreement: whether a document says the same wherever it speaks of the same thing.

Looked at across all its tasks: units under two names, projects named in two tasks, figures for one matter that cannot both
hold, and tasks that stand for a whole other plan (高标准完成年度民生实事项目). Each becomes a doubt at the later place; nothing is
changed. Only what is said in the same words is taken for the same matter: a doubt too many costs more than one too few.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from luoshi.reading.amounts import amount
from luoshi.reading.facts.numbers import CHINESE_NUMERAL, chinese
from luoshi.reading.ledger import Deliverable, Doubt, Plan, Responsibility, Stage, Target, Task
from luoshi.reading.names import Variant, variants
from luoshi.reading.page import Page, squeeze
from luoshi.reading.rule import Rule, RuleSet, any_of, fold
from luoshi.reading.words import load

_WORDS = load("twice")
_MOST = 12  # doubts of one kind that a person looks through; the rest are counted in one
_SHORTEST_NAME = 4
_SHORTEST_SUBJECT = 4
_SHORTEST_CLAUSE = 4  # characters beside the figures, from which equal clauses speak of one matter
_LONGEST_ROLL_UP = 60
_MOST_BEFORE = 8  # characters before the verb of a roll-up: 高标准, 高质量, 全力
_STAGES: dict[Stage, str] = {
    "plan": "谋划", "prepare": "前期", "start": "启动", "break_ground": "开工", "advance": "推进", "complete": "建成",
    "in_use": "投用", "award": "获评",
}  # fmt: skip
# How far a project is to get: on paper, under way, finished, honoured.
_REACH: dict[Stage, int] = {
    "plan": 0, "prepare": 0, "start": 1, "break_ground": 1, "advance": 1, "complete": 2, "in_use": 2, "award": 3,
}  # fmt: skip
_BREAK = re.compile(r"[,。;:!?\n]")
_FIGURE = re.compile(r"\d[\d.,]{0,15}")
_TIMES = re.compile(
    rf"(?:20\d\d年|\d{{1,2}}月|[一二三四1-4]季度|前[一二三四五六七八九\d]个?月|{any_of(_WORDS['time'])})"
)

_ROLL_UP = Rule(
    name="roll-up",
    triggers=_WORDS["fulfil"],
    pattern=re.compile(
        rf"{any_of(_WORDS['fulfil'])}(?P<between>[^,。;、:]{{0,12}}?){any_of(_WORDS['whole plan'])}(?=[,。;]|$)"
    ),
    value=lambda m: m["between"] if m.start() <= _MOST_BEFORE else None,
    reads=(
        ("高标准完成年度民生实事项目。", "完成年度民生实事项目"),
        ("办好2026年县政府十件民生实事,让群众满意", "办好2026年县政府十件民生实事"),
    ),
    refuses=(
        "完成民生实事项目票决制改革",
        "完善制度,办好民生实事项目库建设",
        "深化民生领域改革,落实民生实事项目人大代表票决",
    ),
)
_ROLL_UPS = RuleSet([_ROLL_UP])
# 十大 and 三个 name themes, which may hold any number of tasks.
_COUNT = re.compile(rf"(?<![\d第])(?P<n>\d{{1,3}}|{CHINESE_NUMERAL})[件项](?!目)")


class Placed(NamedTuple):
    """A task where it stands: its path in the ledger and the index of its plan."""

    task: Task
    path: str
    plan: int


def find_disagreements(page: Page, plans: Sequence[Plan]) -> Iterator[Doubt]:
    """Doubts about what the document says in two places, at the later one; of one kind no more than a dozen."""
    tasks = [
        Placed(task, f"plans/{p}/sections/{s}/tasks/{t}", p)
        for p, plan in enumerate(plans)
        for s, section in enumerate(plan.sections)
        for t, task in enumerate(section.tasks)
    ]
    yield from _few(_unit_variants(tasks), "另有{}个单位好像也用了两种名称。")
    yield from _few(_roll_ups(tasks, plans), "另有{}项任务也代表整份清单。")
    yield from _few(_projects(tasks), "另有{}个项目也在两项任务里出现。")
    yield from _few(_figures(page, tasks), "另有{}处数字也前后不一致。")


def _few(doubts: Iterable[Doubt], rest: str) -> Iterator[Doubt]:
    found = list(doubts)
    yield from found[:_MOST]
    if more := found[_MOST:]:
        yield Doubt(code=more[0].code, message=rest.format(len(more)), at=more[0].at)


# --- units ----------------------------------------------------------------------------------------------------------


def _unit_variants(tasks: Sequence[Placed]) -> Iterator[Doubt]:
    """县发改局 here, 县发展和改革局 there. Names that stand side by side in one task are two units."""
    first: dict[str, tuple[Responsibility, str]] = {}
    often: Counter[str] = Counter()
    for placed in tasks:
        for unit in placed.task.units:
            first.setdefault(unit.name, (unit, placed.path))
            often[unit.name] += 1
    pairs = variants(first)
    apart = _side_by_side(tasks, {name for pair in pairs for name in (pair.short, pair.full)})
    pairs = [pair for pair in pairs if frozenset((pair.short, pair.full)) not in apart]
    left_out = [pair for pair in pairs if pair.way == "level"]
    for pair in [*(pair for pair in pairs if pair.way != "level"), *left_out[:1]]:
        rarer = min(pair.short, pair.full, key=lambda name: often[name])
        unit, path = first[rarer]
        yield Doubt(code="unit-variant", message=_variant_words(pair, len(left_out)), at=unit.at, task=path)


def _side_by_side(tasks: Sequence[Placed], names: set[str]) -> set[frozenset[str]]:
    """Pairs of these names that one task lists together."""
    found: set[frozenset[str]] = set()
    for placed in tasks:
        here = sorted({unit.name for unit in placed.task.units} & names) if names else []
        found.update(frozenset((a, b)) for n, a in enumerate(here) for b in here[n + 1 :])
    return found


def _variant_words(pair: Variant, left_out: int) -> str:
    if pair.way == "hat":
        return f"“{pair.short}”与“{pair.full}”好像是一套班子，请核对是否按一个单位记。"
    if pair.way == "level":
        more = f"（共{left_out}个单位）" if left_out > 1 else ""
        return f"“{pair.short}”与“{pair.full}”好像是同一单位，只是省了前面的字{more}，请核对。"
    return f"“{pair.short}”与“{pair.full}”好像是同一单位的简称和全称，请核对。"


# --- tasks that stand for a plan ------------------------------------------------------------------------------------


def _roll_ups(tasks: Sequence[Placed], plans: Sequence[Plan]) -> Iterator[Doubt]:
    livelihood = [i for i, plan in enumerate(plans) if plan.kind == "livelihood"]
    for placed in tasks:
        task = placed.task
        if placed.plan in livelihood or len(task.text) > _LONGEST_ROLL_UP or task.deliverables:
            continue
        between = next((value for _, value in _ROLL_UPS.find(fold(task.text))), None)
        if between is None:
            continue
        if not livelihood:
            message = "这项任务代表整份民生实事清单，本文里没有那份清单，请一并导入。"
            yield Doubt(code="roll-up", message=message, at=task.at, task=placed.path)
            continue
        held = sum(len(section.tasks) for i in livelihood for section in plans[i].sections)
        said = count_said(between)
        if said is not None and said not in (held, sum(len(plans[i].sections) for i in livelihood)):
            message = f"这里写的是{said}件民生实事，本文的清单里读到{held}项，请核对。"
            yield Doubt(code="contradicts", message=message, at=task.at, task=placed.path)
        else:
            message = f"这项任务代表本文民生实事清单的全部{held}项，进度以那里为准，不要重复计数。"
            yield Doubt(code="roll-up", message=message, at=task.at, task=placed.path)


def count_said(text: str) -> int | None:
    """How many things a title or clause says there are (十件民生实事, 10项任务), or None.

    >>> count_said("2026年十件民生实事"), count_said("2026年民生实事")
    (10, None)
    """
    match = _COUNT.search(fold(text))
    if not match:
        return None
    value = float(match["n"]) if match["n"].isdecimal() else chinese(match["n"])
    return None if value is None else int(value)


# --- projects -------------------------------------------------------------------------------------------------------


def _projects(tasks: Sequence[Placed]) -> Iterator[Doubt]:
    """A project that two tasks name, and what they say of its stage where one lets it get further than the other."""
    first: dict[str, tuple[Deliverable, Placed]] = {}
    told: set[tuple[str, str]] = set()
    for placed in tasks:
        for thing in placed.task.deliverables:
            name = thing.name.replace("“", "").replace("”", "")
            if len(name) < _SHORTEST_NAME:
                continue
            before, there = first.setdefault(name, (thing, placed))
            if there.path == placed.path or (name, placed.path) in told:
                continue
            told.add((name, placed.path))
            differ = _REACH[before.stage] != _REACH[thing.stage]
            yield Doubt(
                code="contradicts" if differ else "same-project",
                message=_project_words(thing, before, there, differ),
                at=thing.at,
                task=placed.path,
            )


def _project_words(thing: Deliverable, before: Deliverable, there: Placed, differ: bool) -> str:
    where = f"“{thing.name}”在“{_opening(there.task)}”一项里也有"
    if differ:
        return f"{where}，那里是{_STAGES[before.stage]}，这里是{_STAGES[thing.stage]}，请核对以哪处为准。"
    return f"{where}，请核对，不要重复计数。"


def _opening(task: Task) -> str:
    """How a task begins, for a person to know it by."""
    words = squeeze(task.title or task.text)
    return words if len(words) <= 16 else words[:15] + "…"


# --- figures --------------------------------------------------------------------------------------------------------


class _Said(NamedTuple):
    target: Target
    placed: Placed
    times: frozenset[str]


def _figures(page: Page, tasks: Sequence[Placed]) -> Iterator[Doubt]:
    """Figures for one matter, promised as firmly and for the same time by the same unit, that differ."""
    said: dict[Hashable, list[_Said]] = defaultdict(list)
    for placed, target in _more_than_once(tasks):
        if matter := _matter(page, placed.task, target):
            said[matter].append(_Said(target, placed, _times(page, placed.task, target)))
    for there in said.values():
        for n, later in enumerate(there[1:], 1):
            earlier = next((one for one in there[max(0, n - _MOST) : n] if _clash(one, later)), None)
            if earlier:
                yield Doubt(
                    code="contradicts",
                    message=f"这里是“{squeeze(later.target.quote)}”，"
                    f"“{_opening(earlier.placed.task)}”一项里是“{squeeze(earlier.target.quote)}”，请核对以哪处为准。",
                    at=later.target.at,
                    task=later.placed.path,
                )


def _more_than_once(tasks: Sequence[Placed]) -> Iterator[tuple[Placed, Target]]:
    """Figures whose subject has others of its kind in the document; most have none and cost no closer look."""
    targets = [
        (placed, target)
        for placed in tasks
        for target in placed.task.targets
        if target.value is not None and target.at is not None
    ]
    often = Counter((target.kind, target.subject) for _, target in targets)
    for placed, target in targets:
        if often[target.kind, target.subject] > 1:
            yield placed, target


def _matter(page: Page, task: Task, target: Target) -> Hashable | None:
    """What two targets must share to speak of one matter: a growth its subject, others their whole clause."""
    subject = squeeze(fold(target.subject))
    if target.kind in ("growth", "rank"):
        return (target.kind, subject) if len(subject) >= _SHORTEST_SUBJECT else None
    clause = _FIGURE.sub("#", squeeze(_around(page, task, target, _BREAK)))
    clause = clause.replace("#" + squeeze(fold(target.unit or "")), "#")
    return (target.kind, subject, clause) if len(clause.replace("#", "")) >= _SHORTEST_CLAUSE else None


def _around(page: Page, task: Task, target: Target, ends: re.Pattern[str], reach: int = 60) -> str:
    """The folded text of the task around a target up to the nearest ends on both sides."""
    at = target.at
    assert at is not None
    folded = page.folds[at.block]
    first = task.at.start if task.at and task.at.block == at.block and task.at.start <= at.start else 0
    before = ends.split(folded[max(first, at.start - reach) : at.start])[-1]
    behind = ends.split(folded[at.end : at.end + reach], maxsplit=1)[0]
    return before + folded[at.start : at.end] + behind


_SENTENCE = re.compile(r"[。;\n]")


def _times(page: Page, task: Task, target: Target) -> frozenset[str]:
    return frozenset(_TIMES.findall(_around(page, task, target, _SENTENCE)))


def _clash(one: _Said, other: _Said) -> bool:
    """Whether two figures cannot both be meant: other task, shared unit, same strength and time, and no room for both."""
    a, b = one.target, other.target
    if one.placed.path == other.placed.path or a.strength != b.strength or one.times != other.times:
        return False
    if not {unit.name for unit in one.placed.task.units} & {unit.name for unit in other.placed.task.units}:
        return False
    ours, theirs = amount(a), amount(b)
    if ours is None or theirs is None or ours.dimension != theirs.dimension:
        return False
    if a.bound == b.bound:
        return ours != theirs
    return not _meet(_room(a, ours.low, ours.high), _room(b, theirs.low, theirs.high))


_Room = tuple[Fraction | None, Fraction | None]
_ROOMS: dict[str, Callable[[Fraction, Fraction], _Room]] = {
    "min": lambda low, high: (low, None),
    "max": lambda low, high: (None, high),
}


def _room(target: Target, low: Fraction, high: Fraction) -> _Room:
    """The values that fulfil a target: lower and upper end, None where it is open."""
    return _ROOMS[target.bound](low, high) if target.bound in _ROOMS else (low, high)


def _meet(one: _Room, other: _Room) -> bool:
    def reaches(low: Fraction | None, high: Fraction | None) -> bool:
        return low is None or high is None or low <= high

    return reaches(one[0], other[1]) and reaches(other[0], one[1])
