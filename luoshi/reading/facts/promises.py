"""How firmly a task promises: 力争 and its like govern their clause and the list that goes on behind it."""

from __future__ import annotations

import re
from typing import Literal

from luoshi.reading.facts.measures import Measure
from luoshi.reading.facts.phrases import WORDS
from luoshi.reading.facts.places import Place, Places
from luoshi.reading.rule import Rule, RuleSet, any_of

Promise = Literal["strive", "commit"]

# 争取上级资金3亿元 wins money, 争取完成3亿元 promises.
_FUNDS = r"(?:资金|债券|国债|专项债|指标|额度|补助)"
_DOING = any_of(("完成", "实现", "新增", "获得", "落实"))

PROMISES: RuleSet[Promise] = RuleSet(
    (
        Rule(
            "funds to be won",
            ("争取",),
            re.compile(rf"争取(?!{_DOING})(?=[^,;。\d]{{0,16}}{_FUNDS})"),
            lambda m: "commit",
            reads=(("争取上级补助资金3亿元", "争取"), ("争取专项债券额度20亿元", "争取")),
            refuses=("争取完成投资3亿元", "争取新增企业5家"),
        ),
        Rule(
            "strives",
            WORDS["strive"],
            re.compile(any_of(WORDS["strive"])),
            lambda m: "strive",
            reads=(("力争新增企业5家", "力争"), ("尽最大努力完成", "尽最大努力")),
            refuses=("确保增长6%", "竞争力提升"),
        ),
        Rule(
            "commits",
            ("确保", "必须", "务必", "保证"),
            re.compile("确保|必须|务必|保证"),
            lambda m: "commit",
            reads=(("确保增长6%", "确保"),),
            refuses=("力争增长7%",),
        ),
    )
)


class Promises:
    """The promise word that governs each measure, asked from left to right."""

    def __init__(self, places: Places) -> None:
        self.folded = places.folded
        self.words = list(PROMISES.find(places.folded, places.p.start, places.p.end))
        self.next = 0
        self.strive: re.Match[str] | None = None

    def governs(self, m: Measure, place: Place, last: Place | None, counted: bool) -> re.Match[str] | None:
        """The striving word over a measure, or None. ``counted``: the target before it was a quantity."""
        here = None
        while self.next < len(self.words) and self.words[self.next][0].start() < m.start:
            if self.words[self.next][0].start() >= place.clause:
                here = self.words[self.next]
            self.next += 1
        if here:
            self.strive = here[0] if here[1] == "strive" else None
        elif self.strive and last and last.clause != place.clause:
            goes_on = last.close + 1 == place.clause and self.folded[last.close] == ","
            if not (goes_on and self._same_list(m, place, counted)):
                self.strive = None
        return self.strive

    def _same_list(self, m: Measure, place: Place, counted: bool) -> bool:
        """力争引进A1个，B10个: the next clause goes on where it brings no predicate of its own."""
        if self.folded.startswith("其中", place.clause):
            return True
        if place.word and self.folded.startswith(("突破", "超过", "冲破", "跨越"), place.word[0]):
            return False
        return not place.verb and m.family != "rate" and counted
