"""Ambition: which of two targets on the same matter asks more, and which of two promises is the firmer.

Values are compared exactly and across multipliers and units of one dimension (0.5万户 = 5000户, 1公顷 = 15亩). More is
more, except under a cap (控制在60%以内), for a rank or a class, and for what is to be kept low (失业率).
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from luoshi.reading.amounts import amount
from luoshi.reading.ledger import Bound, Deliverable, Grade, Stage, Strength, Target
from luoshi.reading.rule import Rule, RuleSet, any_of
from luoshi.reading.words import load

Word = Literal["same", "raised", "lowered", "unit_differs", "changed"]

STAGES: tuple[Stage, ...] = get_args(Stage)
GRADES: tuple[Grade, ...] = get_args(Grade)
STRENGTHS: tuple[Strength, ...] = ("strive", "commit")
_FIRM: dict[Bound, int] = {"about": 0, "range": 1, "exact": 1, "min": 2, "max": 2}

_WORDS = load("moves")


def _way(name: str, reads: tuple[tuple[str, str], ...], refuses: tuple[str, ...]) -> Rule[str]:
    words = _WORDS[name]
    return Rule(f"move-{name}", words, re.compile(any_of(words)), lambda m: m.group(), reads, refuses)


_FALLS = _way("falls", (("PM2.5浓度下降3%", "下降"), ("控制在5.5%以内", "控制在")), ("增长5%", "新建学校2所"))
_RISES = _way("rises", (("入学率提高2个百分点", "提高"), ("新增车位500个", "新增")), ("下降3%", "达到85%"))
# Subjects of which less is better where no word says how they are to move.
_KEPT_LOW = _way("kept low", (("城镇调查失业率", "失业率"), ("单位GDP能耗", "能耗")), ("城镇新增就业", "入学率"))
_MOVES = RuleSet([_FALLS, _RISES, _KEPT_LOW])


def compare_targets(old: Target, new: Target) -> Word:
    """What became of a target: the same, raised, lowered, in a unit that cannot be compared, or changed in its meaning."""
    ours, theirs = amount(old), amount(new)
    if ours is None or theirs is None:
        same = ours == theirs and old.unit == new.unit and old.kind == new.kind
        return "same" if same else "changed"
    if ours.dimension != theirs.dimension:
        return "unit_differs"
    if old.kind != new.kind or _turned(old, new):
        return "changed"
    if (ours.low, ours.high) == (theirs.low, theirs.high):
        return "changed" if {old.bound, new.bound} == {"min", "max"} else "same"
    down = _down(old, new)
    rose = theirs.low >= ours.low and theirs.high >= ours.high
    fell = theirs.low <= ours.low and theirs.high <= ours.high
    if down is None or not (rose or fell):
        return "changed"
    return "raised" if rose is not down else "lowered"


def _down(old: Target, new: Target) -> bool | None:
    """Whether the smaller value is the more ambitious; None where the two point in opposite directions."""
    ways = {way for way in (asks_less(old), asks_less(new)) if way is not None}
    if len(ways) > 1:
        return None
    return ways.pop() if ways else False


def asks_less(target: Target) -> bool | None:
    """True: less asks more; False: more asks more; None: the target does not say."""
    if target.kind in ("rank", "grade"):
        return True
    if target.bound in ("min", "max"):
        return target.bound == "max"
    if target.kind == "level" and _FALLS.pattern.search(target.quote):
        return True
    if target.kind in ("level", "growth") and _KEPT_LOW.pattern.search(target.subject):
        return True
    return None


def turns(target: Target) -> Literal["", "up", "down"]:
    """Which way a change is to go, where its words say so and say one thing only."""
    if target.kind != "change":
        return ""
    falls, rises = bool(_FALLS.pattern.search(target.quote)), bool(_RISES.pattern.search(target.quote))
    return "" if falls is rises else "down" if falls else "up"


def _turned(old: Target, new: Target) -> bool:
    """Whether a change was to go down and is now to go up, or the other way round."""
    return {turns(old), turns(new)} == {"up", "down"}


def grade(fact: Target | Deliverable) -> Grade | None:
    """The grade of its promise as far as it is compared. Of a deliverable only 确保: its verb is its stage already."""
    said = fact.promise.grade if fact.promise else None
    return said if isinstance(fact, Target) or said == "ensure" else None


def compare_promises(old: Target | Deliverable, new: Target | Deliverable) -> Literal[-1, 0, 1]:
    """-1: promised less firmly than before (确保→力争, 完成→推进); 1: more firmly; 0: alike.

    A plain verb without a word of promise is less than 确保 and more than 力争; against 完成, 推进 and 谋划 it says nothing.
    """
    before, after = STRENGTHS.index(old.strength), STRENGTHS.index(new.strength)
    if before == after:
        was, now = grade(old), grade(new)
        if was == now or (None in (was, now) and "ensure" not in (was, now)):
            return 0
        before, after = _firmness(was), _firmness(now)
    return 1 if after > before else -1


def _firmness(said: Grade | None) -> int:
    return -GRADES.index(said or "complete")


def compare_bounds(old: Target, new: Target) -> Literal[-1, 0, 1]:
    """以上 and 以内 bind more than the bare figure, that more than 左右: -1 looser than before, 1 tighter, 0 alike."""
    before, after = _FIRM[old.bound], _FIRM[new.bound]
    return 0 if before == after else 1 if after > before else -1
