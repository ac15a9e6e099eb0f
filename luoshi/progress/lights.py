"""Lights: a versioned rule set turns standings into a colour and its reasons. Pure: no database, no clock.

A rule set is data (``FAMILIES`` holds four that published rules use, to be copied and changed). It names its colours from
best to worst, and rules of the form "this colour where this measure is past this limit", ends stated. Any month can be
judged again under any version. Colour is never the only sign: every colour has a name and a meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Literal, get_args

from luoshi.progress.standing import JUDGED, Standing, Word, behind, ratio, short

Measure = Literal["points_behind", "ratio", "below", "days_late", "overdue", "behind", "short"]
Op = Literal["over", "from", "under", "to", "is"]
Outlook = Literal["reach", "short", "unknown"]
GREY, DONE = "grey", "done"
LARGEST_STEP = 60  # halvings: more than any figure has digits


class RuleError(ValueError):
    """A rule set that cannot be used, in one sentence."""


@dataclass(frozen=True)
class Colour:
    """A colour of the rule set: its stable code (``green``, ``yellow`` …), name and meaning in words, and shape class."""

    code: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Test:
    """One measure against one limit. ``over`` >, ``from`` ≥, ``under`` <, ``to`` ≤, ``is`` true."""

    measure: Measure
    op: Op
    limit: Decimal


@dataclass(frozen=True)
class Rule:
    """A colour, and the tests that must all hold for it."""

    colour: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Repeat:
    """So many times one colour (or worse) running becomes another."""

    colour: str
    times: int
    becomes: str


@dataclass(frozen=True)
class Rules:
    """A rule set. ``colours`` from best to worst; the first is where nothing is wrong."""

    family: str
    name: str
    colours: tuple[Colour, ...]
    rules: tuple[Rule, ...]
    repeats: tuple[Repeat, ...] = ()
    strive_lighter: bool = False

    def rank(self, code: str) -> int:
        """How bad a colour is, 0 the best; done and grey are no colours of the scale and count as 0."""
        return next((n for n, colour in enumerate(self.colours) if colour.code == code), 0)


@dataclass(frozen=True)
class Reason:
    """Why one standing has its colour: the rule's words, the figures, and the smallest change that would end it."""

    key: str
    colour: str
    label: str
    rule: str
    facts: str
    to_best: str
    quote: str = ""


@dataclass(frozen=True)
class Judged:
    """A task's colour with one sentence and the reasons, worst first."""

    colour: str
    sentence: str
    reasons: tuple[Reason, ...] = ()


STOPPED = Judged(GREY, "已批准终止，不再评。")


def _colours(*three: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"code": code, "name": name, "meaning": meaning} for code, name, meaning in three]


def _is(colour: str, *tests: tuple[str, str, int]) -> dict[str, Any]:
    return {"colour": colour, "when": [{"measure": m, "op": op, "limit": limit} for m, op, limit in tests]}


_THREE = _colours(("green", "绿灯", "按进度"), ("yellow", "黄灯", "慢了"), ("red", "红灯", "明显慢了"))
# Four families of published rules; where a rule leaves a gap open (0 to 10 points behind), the family says so here. Points
# and ratios are of what accumulates; a rate or a rank below its target, and what is not there when its time is over, are
# yellow in the families that do not speak of them.
FAMILIES: dict[str, dict[str, Any]] = {
    "points": {
        "family": "points",
        "name": "按落后百分点",
        "colours": _THREE,
        "rules": [
            _is("yellow", ("points_behind", "from", 10)),
            _is("red", ("points_behind", "over", 30)),
            _is("yellow", ("below", "is", 1)),
            _is("yellow", ("overdue", "is", 1)),
            _is("yellow", ("days_late", "over", 0)),
        ],
        "repeats": [{"colour": "yellow", "times": 3, "becomes": "red"}],
    },
    "ratio": {
        "family": "ratio",
        "name": "按完成序时比例",
        "colours": _THREE,
        "rules": [
            _is("yellow", ("ratio", "under", 80)),
            _is("red", ("ratio", "under", 60)),
            _is("yellow", ("below", "is", 1)),
            _is("yellow", ("overdue", "is", 1)),
            _is("yellow", ("days_late", "over", 0)),
            _is("red", ("days_late", "over", 30)),
        ],
        "repeats": [],
    },
    "deadline": {
        "family": "deadline",
        "name": "按期限",
        "colours": _colours(
            ("green", "绿灯", "按进度"), ("yellow", "黄灯", "低于序时或节点逾期"), ("red", "红灯", "到期未完成")
        ),
        "rules": [_is("yellow", ("behind", "is", 1)), _is("red", ("overdue", "is", 1))],
        "repeats": [],
    },
    "forecast": {
        "family": "forecast",
        "name": "按预测",
        "colours": _colours(
            ("green", "绿灯", "按期可成"), ("yellow", "黄灯", "慢，预计仍能完成"), ("red", "红灯", "预计难以按期完成")
        ),
        "rules": [
            _is("yellow", ("behind", "is", 1)),
            _is("red", ("behind", "is", 1), ("short", "is", 1)),
            _is("red", ("overdue", "is", 1)),
        ],
        "repeats": [],
    },
}

_MEASURES = get_args(Measure)
_OPS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "over": lambda have, limit: have > limit,
    "from": lambda have, limit: have >= limit,
    "under": lambda have, limit: have < limit,
    "to": lambda have, limit: have <= limit,
    "is": lambda have, limit: have == limit,
}
_SAID = {
    "points_behind": "落后序时",
    "ratio": "完成序时的",
    "below": "增幅、比率、位次等未达目标",
    "days_late": "节点逾期",
    "overdue": "到期未完成",
    "behind": "低于序时或节点逾期",
    "short": "预计年底达不到",
}
_UNITS = {"points_behind": "个百分点", "ratio": "%", "days_late": "天"}
# With its end or without it, in words of the Civil Code, art. 1259: 以上、以下 include the number, 超过、不足 do not.
_PAST = {"over": "超过{n}", "from": "{n}以上（含）", "under": "不足{n}", "to": "{n}以下（含）"}


def parse(content: Mapping[str, Any]) -> Rules:
    """A rule set from its data. Raises RuleError naming what is missing, unknown or not monotonic."""
    try:
        colours = tuple(Colour(c["code"], c["name"], c["meaning"]) for c in content["colours"])
        rules = tuple(
            Rule(r["colour"], tuple(Test(t["measure"], t["op"], Decimal(str(t["limit"]))) for t in r["when"]))
            for r in content["rules"]
        )
        repeats = tuple(Repeat(r["colour"], int(r["times"]), r["becomes"]) for r in content.get("repeats", ()))
        found = Rules(
            content["family"], content["name"], colours, rules, repeats, bool(content.get("strive_lighter", False))
        )
    except (KeyError, TypeError, ArithmeticError, ValueError) as error:
        raise RuleError(f"亮灯规则缺少或写错了：{error}") from error
    _check(found)
    return found


def _check(rules: Rules) -> None:
    codes = [colour.code for colour in rules.colours]
    if len(codes) < 2 or len(set(codes)) < len(codes) or {GREY, DONE} & set(codes):
        raise RuleError("亮灯规则至少要有两种灯，代码不能重复，也不能叫 grey 或 done。")
    named = [r.colour for r in rules.rules] + [c for r in rules.repeats for c in (r.colour, r.becomes)]
    if unknown := [code for code in named if code not in codes]:
        raise RuleError(f"亮灯规则里没有“{unknown[0]}”这种灯。")
    for rule in rules.rules:
        if not rule.tests:
            raise RuleError("每条亮灯规则至少要有一个条件。")
        for test in rule.tests:
            worse = ("under", "to") if test.measure == "ratio" else ("over", "from", "is")
            if test.measure not in _MEASURES or test.op not in worse:
                # Whoever did more must never stand worse: a limit can only be passed in the direction of less done.
                raise RuleError(f"条件“{test.measure} {test.op}”会让做得多的反而亮得重，不能用。")
    if any(r.times < 2 or rules.rank(r.becomes) < rules.rank(r.colour) for r in rules.repeats):
        raise RuleError("连续次数至少为 2，且只能升级，不能减轻。")


def in_words(rules: Rules) -> tuple[str, ...]:
    """The rule set as sentences, to be read before it is adopted: ends stated at every limit."""
    said = [f"{rules.colours[0].name}（{rules.colours[0].meaning}）：没有下列情形"]
    names = {colour.code: colour.name for colour in rules.colours}
    said += [f"{names[rule.colour]}：{rule_words(rule)}" for rule in rules.rules]
    said += [f"连续 {r.times} 期{names[r.colour]}或更重：亮{names[r.becomes]}" for r in rules.repeats]
    if rules.strive_lighter:
        said.append("写明“力争”的指标减轻一级")
    return (*said, "没有数据、仅年度考核的，不评，不亮黄灯红灯")


def rule_words(rule: Rule) -> str:
    """One rule's conditions in words.

    >>> rule_words(Rule("red", (Test("points_behind", "over", Decimal(30)),)))
    '落后序时超过30个百分点'
    """
    parts = []
    for test in rule.tests:
        if test.op == "is":
            parts.append(_SAID[test.measure])
        else:
            parts.append(_SAID[test.measure] + _PAST[test.op].format(n=f"{plain(test.limit)}{_UNITS[test.measure]}"))
    return "，且".join(parts)


def judge(
    rules: Rules,
    standings: Sequence[Standing],
    *,
    history: Sequence[str] = (),
    news: bool = True,
    outlooks: Mapping[str, Outlook] | None = None,
) -> Judged:
    """The colour of a task from the standings of its targets and deliverables: the worst of them.

    ``history``: the task's colours of the periods before that brought news, oldest first; ``news``: whether this one
    does (``brings_news``), as one quarterly figure must not count three times. ``outlooks``: by key, whether the
    forecast reaches the target. Done when everything is done; grey when nothing could be judged.
    """
    if not standings:
        return Judged(GREY, "还没有可评的指标或节点。")
    judged = [s for s in standings if s.word in JUDGED]
    if not judged:
        return Judged(GREY, _why_grey(standings))
    if all(s.word is Word.DONE for s in standings):
        return Judged(DONE, "各项指标和节点都已完成。")
    looks = outlooks or {}
    reasons = [reason for s in judged if (reason := _reason(rules, s, looks.get(s.key, "unknown")))]
    reasons.sort(key=lambda r: -rules.rank(r.colour))
    best = rules.colours[0]
    colour = reasons[0].colour if reasons else best.code
    after = _repeated(rules, colour, history, news)
    if after != colour:
        times = next(r.times for r in rules.repeats if r.becomes == after)
        sentence = f"{_name(rules, after)}：连续 {times} 期{_name(rules, colour)}。{_sentence(rules, reasons)}"
        return Judged(after, sentence, tuple(reasons))
    if not reasons:
        return Judged(best.code, f"{best.name}：{_all_well(judged)}")
    return Judged(colour, _sentence(rules, reasons), tuple(reasons))


def colour_of(rules: Rules, standing: Standing, outlook: Outlook = "unknown") -> tuple[str, Rule | None]:
    """The worst colour that a standing meets, with its rule; the best colour and None where it meets none."""
    worst, why = rules.colours[0].code, None
    if standing.word not in JUDGED or standing.word is Word.DONE:
        return worst, None
    for rule in rules.rules:
        if rules.rank(rule.colour) > rules.rank(worst) and all(_holds(t, standing, outlook) for t in rule.tests):
            worst, why = rule.colour, rule
    if why and rules.strive_lighter and standing.strength == "strive":
        worst = rules.colours[rules.rank(worst) - 1].code
    return worst, why if worst != rules.colours[0].code else None


def _holds(test: Test, standing: Standing, outlook: Outlook) -> bool:
    value = _measure(test.measure, standing, outlook)
    return value is not None and _OPS[test.op](value, test.limit)


def _measure(measure: Measure, standing: Standing, outlook: Outlook) -> Decimal | None:
    if measure == "points_behind":
        return None if standing.stage or standing.as_is else standing.behind
    if measure == "ratio":
        return standing.ratio
    if measure == "days_late":
        return Decimal(standing.late_days) if standing.stage else None
    if measure == "overdue":
        return Decimal(standing.word is Word.OVERDUE)
    if measure in ("behind", "below"):
        return Decimal(standing.word in (Word.BEHIND, Word.OVERDUE) and (measure == "behind" or standing.as_is))
    return Decimal(outlook == "short")


def _reason(rules: Rules, standing: Standing, outlook: Outlook) -> Reason | None:
    colour, rule = colour_of(rules, standing, outlook)
    if rule is None:
        return None
    return Reason(
        standing.key,
        colour,
        standing.label,
        rule_words(rule),
        facts(standing),
        to_best(rules, standing, outlook),
        standing.quote,
    )


def to_best(rules: Rules, standing: Standing, outlook: Outlook = "unknown") -> str:
    """The smallest change that would give the best colour, in words: the next node, or so much more (or less)."""
    best = rules.colours[0]
    if standing.stage:
        return f"达到“{standing.node}”节点可转{best.name}"
    if standing.actual is None or standing.expected is None:
        return ""
    wanted = _enough(rules, standing)
    if wanted is None:
        return ""
    change = abs(wanted - standing.actual)
    verb = "再降" if standing.down else "再增"
    # A newer figure will be asked for more: what is said here holds for the day of this one.
    basis = f"按 {standing.cutoff} 的要求，" if standing.waiting else ""
    return f"{basis}{verb} {plain(change)} {standing.unit}（到 {plain(wanted)}）可转{best.name}"


def _enough(rules: Rules, standing: Standing) -> Decimal | None:
    """The value nearest to the actual one that would be judged best, on the grain of the figures; found by halving."""
    assert standing.actual is not None and standing.expected is not None
    grain = _grain(standing)

    def best_at(value: Decimal) -> bool:
        return colour_of(rules, _as_if(standing, value), "reach")[1] is None

    low, high = standing.actual, standing.expected
    if not best_at(high):
        return None
    for _step in range(LARGEST_STEP):
        if abs(high - low) <= grain / 1000:
            break
        middle = (low + high) / 2
        low, high = (low, middle) if best_at(middle) else (middle, high)
    rounding = ROUND_FLOOR if standing.down else ROUND_CEILING
    rounded = (high / grain).to_integral_value(rounding) * grain
    return rounded if best_at(rounded) else (standing.expected / grain).to_integral_value(rounding) * grain


def _grain(standing: Standing) -> Decimal:
    """The step in which the figures are written: the finest of goal and actual, and no coarser than a whole."""
    digits = [v.normalize().as_tuple().exponent for v in (standing.goal, standing.actual) if v is not None]
    finest = min((d for d in digits if isinstance(d, int)), default=0)
    return Decimal(1).scaleb(min(finest, 0))


def _as_if(standing: Standing, actual: Decimal) -> Standing:
    """The same standing with another figure, measured as ``standing`` measures."""
    assert standing.expected is not None
    missing = short(actual, standing.expected, standing.down)
    word = standing.word if missing else Word.ON_SCHEDULE
    if standing.as_is:
        return replace(standing, actual=actual, behind=missing, word=word)
    late = behind(actual, standing.expected, standing.whole, standing.down)
    share = ratio(actual, standing.expected, standing.base, standing.down)
    return replace(standing, actual=actual, behind=late, ratio=share, word=word)


def facts(standing: Standing) -> str:
    """What is there and what is due, in figures."""
    if standing.stage:
        return f"“{standing.node}”应于 {standing.due} 达到，逾期 {standing.late_days} 天"
    if standing.actual is None or standing.expected is None:
        return ""
    basis = "（预计数）" if standing.estimated else ""
    said = f"截至 {standing.cutoff} {plain(standing.actual)} {standing.unit}{basis}，应到 {plain(standing.expected)}"
    return f"{said}，差 {gap(standing)}"


def gap(standing: Standing) -> str:
    """What is missing, in words: points of the whole, or of a rate, a level, a rank its own unit."""
    if not standing.as_is:
        return f"{plain(standing.behind, 1)} 个百分点"
    return f"{plain(standing.behind)} {'个百分点' if standing.unit == '%' else standing.unit}"


def _name(rules: Rules, code: str) -> str:
    return next(colour.name for colour in rules.colours if colour.code == code)


def _sentence(rules: Rules, reasons: Sequence[Reason]) -> str:
    first = reasons[0]
    more = f"另有 {len(reasons) - 1} 项也要赶上，各项见下。" if len(reasons) > 1 else ""
    change = f"；{'这一项' if more else ''}{first.to_best}" if first.to_best else ""
    return f"{_name(rules, first.colour)}：{first.label}{first.facts}（{first.rule}）{change}。{more}"


def _all_well(judged: Sequence[Standing]) -> str:
    """Nothing past a limit of the rules: said truly where something is behind all the same, or a figure is owed."""
    done = sum(s.word is Word.DONE for s in judged)
    slow = [s for s in judged if s.word in (Word.BEHIND, Word.OVERDUE)]
    owed = sum(s.waiting is not None for s in judged if s.word is not Word.DONE)
    if slow:
        said = f"{len(judged)} 项中有 {len(slow)} 项低于进度要求，没有到亮灯的限度：{slow[0].label}{facts(slow[0])}"
    else:
        said = f"{len(judged)} 项都不低于进度要求"
    said += f"，其中 {done} 项已完成" if done else ""
    return said + (f"；{owed} 项已有新数据，还没有报" if owed else "") + "。"


def _why_grey(standings: Sequence[Standing]) -> str:
    waiting = [s for s in standings if s.word is Word.NO_FIGURE]
    return "还没有数据，不等于落后。" if waiting else "本期不评：年度指标，或还没有到评的时候。"


def brings_news(now: Sequence[Standing], before: Sequence[Standing]) -> bool:
    """Whether a light says more than the one before it: a step is later by each period, a figure is new by its cut-off."""
    known = {(s.key, s.cutoff) for s in before}
    slow = [s for s in now if s.word in (Word.BEHIND, Word.OVERDUE)]
    return not slow or any(s.stage or (s.key, s.cutoff) not in known for s in slow)


def _repeated(rules: Rules, colour: str, history: Sequence[str], news: bool) -> str:
    """The colour after so many periods running at one colour or worse."""
    for repeat in rules.repeats:
        row = ([*history, colour] if news else list(history))[-repeat.times :]
        worst_enough = all(c not in (GREY, DONE) and rules.rank(c) >= rules.rank(repeat.colour) for c in row)
        if len(row) == repeat.times and worst_enough and rules.rank(repeat.becomes) > rules.rank(colour):
            colour = repeat.becomes
    return colour


def plain(value: Decimal, places: int = 2) -> str:
    """A figure without trailing zeros, at most so many places.

    >>> plain(Decimal("2463.000")), plain(Decimal("17.28"), 1)
    ('2463', '17.3')
    """
    rounded = round(value, places)
    return f"{rounded.normalize():f}"
