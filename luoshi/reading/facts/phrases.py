"""What stands around an amount: openings of clauses, verbs between subject and number, promise words, list separators.

Subjects stand left of their number, so the words next to the number are matched on the reversed text: one match a word,
no search. All patterns are built once from the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from luoshi.reading.rule import any_of
from luoshi.reading.words import load

WORDS = load("phrases")
NOUNS = load("subjects")
_BOUNDS = load("bounds")
_PROMISES = load("promises")
_GOVERNING = (*_PROMISES["ensure"], *_PROMISES["strive"])

LOOK = 80
"""How far to look left of a number, in characters; longer clauses are cut there."""

STOP = re.compile(r"[,;。:!?\n]")
_OPENING = any_of((*WORDS["adverb"], *_GOVERNING))
_DOING = any_of(WORDS["do"])
_DATE = r"[\d一两二三四五十]{1,2}年内|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|份)?前?|\d{4}年(?:底前?|末)?|第?[一二三四]季度|国庆节?前|春节前"
# The adverbs, times and promise words that open a clause, then the verbs whose object is counted.
OPENING = re.compile(
    rf"(?:、|以及|及|和(?![美平谐])|与)?(?:(?!{any_of(WORDS['not opening'])})(?:{_OPENING}|{_DATE}|[ (])){{0,10}}"
)
# 开工率, 建成区, 覆盖面: the verb is part of a noun.
_NOT_NOUN = "(?!.{0,2}率|覆盖面|[区期量费额度面商者]|房(?![屋源产])|会(?![议展商诊场])|时限|时间|比例|比重)"
_DEED = any_of({word[:2] for word in WORDS["do"]})  # how a verb of doing begins
DOING = re.compile(
    rf"(?:全[市县区省州镇国])?(?:{_DOING}{_NOT_NOUN}(?:了|出(?![口台让租售入境行栏])|、|和(?![美平谐煦睦])|与|及|\([^()]{{1,4}}\))?){{1,4}}"
)
VERB = re.compile(_DOING + _NOT_NOUN)
FALLING = re.compile(any_of(WORDS["fall"]))
CUT_BACK = re.compile(any_of(WORDS["cut back"]))
RAISED = re.compile(" ?" + any_of([*WORDS["reach"], *WORDS["rise"], "扩", "延", "向", "转"]))
SEPARATOR = re.compile(r"、|以及|和(?!谐|美|平)|(?<!参)与|(?<![普波涉兼顾触])及(?!以上|以下|其他|时|格)|,")
CUT = re.compile(rf"[、,;。:!?\n)]|且|(?:和|及|以及|并|与)(?={_DEED}|\d)")
APART = re.compile(rf"分别(?={_DEED})")
EACH = re.compile(rf"[各均](?={_DEED})")


def _reversed(words: Iterable[str]) -> str:
    return any_of(word[::-1] for word in words)


def _classes() -> dict[str, str]:
    """The words between a subject and its number, written from right to left, with the class of each."""
    listed = {
        "min": _BOUNDS["min before"],
        "max": _BOUNDS["max before"],
        "about": _BOUNDS["about before"],
        **{k: WORDS[k] for k in ("reach", "grow", "fall", "rise", "compare", "each", "apart", "from", "rank")},
        "do": WORDS["do tail"],
        "skip": (*WORDS["skip"], *_GOVERNING),
    }
    out: dict[str, str] = {}
    for kind, words in listed.items():
        for word in words:
            out.setdefault(word[::-1], kind)
    return out


BEHIND_CLASS = _classes()
BEHIND = re.compile(any_of(BEHIND_CLASS))
DATE_BEHIND = re.compile(r" |前?(?:底|初|末|中旬|份)?月\d{1,2}(?:年\d{4})?|底?年\d{4}")
INDICATOR = re.compile(rf"{_reversed(NOUNS['indicator'])}")
GROWTH_NOUN = re.compile(_reversed(NOUNS["growth"]))
TIME_NOUN = re.compile(_reversed(NOUNS["time"]))
ATTRIBUTE = re.compile(_reversed(NOUNS["attribute"]))
POINTS_NOUN = re.compile(any_of(NOUNS["points"]))
MONEY_NOUN = re.compile(any_of(NOUNS["money nouns"]))


_opening = OPENING.match
_OPENING_FIRST = frozenset("、以及和与 (0123456789一两二三四五十第国春").union(
    w[0] for w in (*WORDS["adverb"], *_GOVERNING)
)


def opened(folded: str, start: int, end: int) -> int:
    """Where what opens a clause ends (``OPENING``); most clauses open with nothing of the kind."""
    if start >= end or folded[start] not in _OPENING_FIRST:
        return start
    match = _opening(folded, start, end)
    return match.end() if match else start


def beyond(pattern: re.Pattern[str], folded: str, start: int, end: int) -> int:
    """Where what the pattern reads at ``start`` ends; ``start`` itself where it reads nothing."""
    match = pattern.match(folded, start, end)
    return match.end() if match else start
