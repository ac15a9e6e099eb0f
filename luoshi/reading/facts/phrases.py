"""What stands around an amount: openings of clauses, verbs between subject and number, promise words, list separators.

Subjects stand left of their number, so the words next to the number are looked up by their last character: one look a
word, no search. All tables are built once from the word lists.
"""

from __future__ import annotations

import re

from luoshi.reading.rule import any_of, late, word_at, word_before
from luoshi.reading.words import load

WORDS = load("phrases")
NOUNS = load("subjects")
_BOUNDS = load("bounds")
_PROMISES = load("promises")
_GOVERNING = (*_PROMISES["ensure"], *_PROMISES["strive"])

LOOK = 80
"""How far to look left of a number, in characters; longer clauses are cut there."""

_DATE = re.compile(
    r"[\d一两二三四五十]{1,2}年内|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|份)?前?|\d{4}年(?:底前?|末)?|第?[一二三四]季度|国庆节?前|春节前"
)
_DATE_FIRST = frozenset("0123456789一两二三四五十第国春")
_OPENING = (*WORDS["adverb"], *_GOVERNING, " ", "(")
_opening_word, _not_opening = word_at(_OPENING), word_at(WORDS["not opening"])
_LINK = re.compile("、|以及|及|和(?![美平谐])|与")
_LINK_FIRST = frozenset("、以及和与")
_OPENING_FIRST = _LINK_FIRST | _DATE_FIRST | {word[0] for word in _OPENING}
_EVERYWHERE = re.compile("全[市县区省州镇国]")
# What joins one verb of doing to the next.
_AND_DOES = re.compile(r"了|出(?![口台让租售入境行栏])|、|和(?![美平谐煦睦])|与|及|\([^()]{1,4}\)")
_AND_DOES_FIRST = frozenset("了出、和与及(")
DEEDS = frozenset(WORDS["do"])
# 开工率, 建成区, 覆盖面: the verb is part of a noun.
_NOUN_BEHIND = re.compile(".{0,2}率|覆盖面|[区期量费额度面商者]|房(?![屋源产])|会(?![议展商诊场])|时限|时间|比例|比重")
deed_at = word_at(DEEDS, unless=_NOUN_BEHIND)
"""The verb of doing that begins at a place, where it is no part of a noun."""
_deed_begins = word_at(word[:2] for word in DEEDS)
FALLING = late(any_of(WORDS["fall"]))
cut_back_at = word_at(WORDS["cut back"])
raised_at = word_at([*WORDS["reach"], *WORDS["rise"], "扩", "延", "向", "转"])
SEPARATOR = re.compile(r"、|以及|和(?!谐|美|平)|(?<!参)与|(?<![普波涉兼顾触])及(?!以上|以下|其他|时|格)|,")
_CUT = re.compile(r"[、,;。:!?\n)]|且|和|及|以及|并|与")
_JOINS = frozenset("和 及 以及 并 与".split())
APART = re.compile("分别")
EACH = re.compile("[各均]")


def _classes() -> dict[str, str]:
    """The words between a subject and its number, with the class of each."""
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
            out.setdefault(word, kind)
    return out


BEHIND_CLASS = _classes()
behind = word_before(BEHIND_CLASS)
"""The word between subject and number that ends at a place."""
_DATE_BEHIND = re.compile(r" |前?(?:底|初|末|中旬|份)?月\d{1,2}(?:年\d{4})?|底?年\d{4}")  # from right to left
_DATE_LAST = frozenset(" 前底初末中份月年")
_LONGEST_DATE = 12
indicator_before = word_before(NOUNS["indicator"])
growth_before = word_before(NOUNS["growth"])
time_before = word_before(NOUNS["time"])
attribute_before = word_before(NOUNS["attribute"])
POINTS_NOUN = late(any_of(NOUNS["points"]))
MONEY_NOUN = late(any_of(NOUNS["money nouns"]))


def opened(folded: str, start: int, end: int) -> int:
    """Where the adverbs, times and promise words that open a clause end; most clauses open with nothing of the kind."""
    if start >= end or folded[start] not in _OPENING_FIRST:
        return start
    link = _LINK.match(folded, start, end) if folded[start] in _LINK_FIRST else None
    at = link.end() if link else start
    for _ in range(10):
        if word := _opening_word(folded, at, end):
            after = at + len(word)
        elif at < end and folded[at] in _DATE_FIRST and (date := _DATE.match(folded, at, end)):
            after = date.end()
        else:
            break
        if _not_opening(folded, at, end):
            break
        at = after
    return at


def deeds(folded: str, start: int, end: int) -> int:
    """Where the verbs of doing that begin at ``start`` end (改造提升, 新建、改建); ``start`` itself where none stands there."""
    at = start
    if folded.startswith("全", start, end) and (where := _EVERYWHERE.match(folded, start, end)):
        at = where.end()
    done = start
    for _ in range(4):
        deed = deed_at(folded, at, end)
        if not deed:
            break
        done = at = at + len(deed)
        if at < end and folded[at] in _AND_DOES_FIRST and (more := _AND_DOES.match(folded, at, end)):
            done = at = more.end()
    return done


def before_deed(sign: re.Pattern[str], folded: str, start: int, end: int) -> re.Match[str] | None:
    """The first sign (``APART``, ``EACH``) with a verb of doing right behind it."""
    while found := sign.search(folded, start, end):
        start = found.end()
        if _deed_begins(folded, start, end):
            return found
    return None


def cut(folded: str, start: int, end: int) -> int:
    """Where a part of a clause ends: at a stop, or at a word that joins a deed or a number; ``end`` where it goes on."""
    for sign in _CUT.finditer(folded, start, end):
        at = sign.end()
        if sign.group() not in _JOINS or _deed_begins(folded, at, end) or (at < end and folded[at].isdecimal()):
            return sign.start()
    return end


def date_before(folded: str, start: int, end: int) -> int:
    """The length of the blank or date that ends at ``end``; 0 where there is none."""
    if start >= end or folded[end - 1] not in _DATE_LAST:
        return 0
    date = _DATE_BEHIND.match(folded[max(start, end - _LONGEST_DATE) : end][::-1])
    return date.end() if date else 0


def beyond(pattern: re.Pattern[str], folded: str, start: int, end: int) -> int:
    """Where what the pattern reads at ``start`` ends; ``start`` itself where it reads nothing."""
    match = pattern.match(folded, start, end)
    return match.end() if match else start
