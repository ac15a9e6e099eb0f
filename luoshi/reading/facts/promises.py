"""How firmly a task promises, as a grade with its word: 确保 > 完成 > 力争 > 争创 > 推进 > 谋划.

确保, 力争 and their like govern their clause and the list that goes on behind it; where none does, the verb of the promised
thing itself says the grade. The coarse ``strength`` of the ledger follows: 力争 and 争创 strive, everything else commits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, cast

from luoshi.reading.facts.measures import Measure
from luoshi.reading.facts.places import Place, Places
from luoshi.reading.ledger import Grade, Promise, Span, Strength
from luoshi.reading.rule import Rule, RuleSet, any_of
from luoshi.reading.words import load

WORDS = load("promises")
STRIVING = (*WORDS["strive"], *WORDS["contend"])
"""Words under which a goal is striven for, not promised."""
_OF_VERBS: tuple[Grade, ...] = ("complete", "contend", "advance", "plan")
GOVERNING: tuple[Grade, ...] = ("ensure", "strive", "contend")
"""Grades of words that govern a verb (确保完成); the others are verbs themselves."""

Word = tuple[re.Match[str], Grade]
_Said = Literal["ensure", "strive", "contend", "funds"]

_TRYING: tuple[Grade, ...] = ("strive", "contend")
_DOING_IT: tuple[Grade, ...] = ("plan", "advance", "complete")
_WILLING = {word: grade for grade in _TRYING for word in WORDS[grade]}
_VERBS = {word: grade for grade in _DOING_IT for word in WORDS[grade]}
_VERBS.update(dict.fromkeys(WORDS["to win"], "contend"))
_GOVERNING = re.compile(any_of((*_WILLING, *WORDS["ensure"])))
_VERB = re.compile(any_of(_VERBS))

# 争取上级资金3亿元 wins money, 争取完成3亿元 promises.
_FUNDS = any_of(WORDS["funds"])
_DOING = any_of(("完成", "实现", "新增", "获得", "落实"))

PROMISES: RuleSet[_Said] = RuleSet(
    (
        Rule(
            "funds to be won",
            ("争取",),
            re.compile(rf"争取(?!{_DOING})(?=[^,;。\d]{{0,16}}{_FUNDS})"),
            lambda m: "funds",
            reads=(("争取上级补助资金3亿元", "争取"), ("争取专项债券额度20亿元", "争取")),
            refuses=("争取完成投资3亿元", "争取新增企业5家"),
        ),
        Rule(
            "strives",
            tuple(_WILLING),
            re.compile(any_of(_WILLING)),
            lambda m: cast("_Said", _WILLING[m.group()]),
            reads=(("力争新增企业5家", "力争"), ("尽最大努力完成", "尽最大努力"), ("争创省级园区2个", "争创")),
            refuses=("确保增长6%", "竞争力提升"),
        ),
        Rule(
            "ensures",
            WORDS["ensure"],
            re.compile(any_of(WORDS["ensure"])),
            lambda m: "ensure",
            reads=(("确保增长6%", "确保"), ("务必完成50家", "务必")),
            refuses=("力争增长7%",),
        ),
    )
)


def strength_of(word: Word | None) -> Strength:
    """The coarse strength under a governing word, or under none."""
    return "strive" if word and word[1] in ("strive", "contend") else "commit"


def governing(folded: str, start: int, end: int) -> Word | None:
    """The word that governs (确保, 力争, 争创) in a place; one that strives holds over one that ensures."""
    word: Word | None = None
    for found in _GOVERNING.finditer(folded, start, end) if end - start > 1 else ():
        if word is None or found.group() in _WILLING:
            word = found, _WILLING.get(found.group(), "ensure")
        if word[1] != "ensure":
            break
    return word


def promise(block: int, text: str, word: Word | None) -> Promise | None:
    """A word of promise as the ledger holds it."""
    if word is None:
        return None
    start, end = word[0].span()
    return Promise(text=text[start:end], grade=word[1], at=Span(block, start, end))


def verb_of(folded: str, places: Iterable[tuple[int, int]], grades: tuple[Grade, ...] = _OF_VERBS) -> Word | None:
    """The last verb of promise (完成, 推进, 谋划 …) of these grades in the first of the places that has one."""
    for start, end in places:
        last: Word | None = None
        for found in _VERB.finditer(folded, start, end) if end - start > 1 else ():
            if (grade := _VERBS[found.group()]) in grades:
                last = found, grade
        if last:
            return last
    return None


class Promises:
    """The promise word that governs each measure, asked from left to right."""

    def __init__(self, places: Places) -> None:
        self.folded = places.folded
        self.words = list(PROMISES.find(places.folded, places.p.start, places.p.end))
        self.next = 0
        self.held: Word | None = None

    def governs(self, m: Measure, place: Place, last: Place | None, counted: bool) -> Word | None:
        """The word (确保, 力争, 争创) over a measure, or None. ``counted``: the target before it was a quantity."""
        here: Word | None = None
        funds = False
        while self.next < len(self.words) and self.words[self.next][0].start() < m.start:
            word, said = self.words[self.next]
            if word.start() >= place.clause:
                if said == "funds":
                    funds = True
                else:
                    here = word, said
            self.next += 1
        if here or funds:
            self.held = here
        elif self.held and last and last.clause != place.clause:
            goes_on = last.close + 1 == place.clause and self.folded[last.close] == ","
            if not (goes_on and self._same_list(m, place, counted)):
                self.held = None
        return self.held

    def _same_list(self, m: Measure, place: Place, counted: bool) -> bool:
        """力争引进A1个，B10个: the next clause goes on where it brings no predicate of its own."""
        if self.folded.startswith("其中", place.clause):
            return True
        if place.word and self.folded.startswith(("突破", "超过", "冲破", "跨越"), place.word[0]):
            return False
        return not place.verb and m.family != "rate" and counted
