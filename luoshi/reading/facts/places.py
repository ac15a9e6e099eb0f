"""Where a measure stands in its clause: what opens the clause, its subject, the words before and behind the number.

Middle of the targets' floor: no meaning is decided here. Nothing looks further than ``phrases.LOOK`` characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import msgspec

from luoshi.reading.facts import Passage
from luoshi.reading.facts import phrases as ph
from luoshi.reading.facts.measures import Measure
from luoshi.reading.ledger import Bound
from luoshi.reading.rule import any_of

CLOSED = frozenset("、,;。:!?\n()”’》 和与及并共约")
"""What may follow a number that ends its part of the clause."""
_EARLY = re.compile(r"(?P<min>至少|最少|不少于|不低于)|(?P<max>最多|至多|不超过)")


_WHOSE = ("续建", "新建", "在建", "改建", "扩建", "新开工", "新引进", "新签约", "签约", "拟建", "建成")
_DESCRIBES = re.compile(f"的(?:[^,;。、\\d]{{0,8}}){any_of(ph.WORDS['described'])}")
_FORMERLY = re.compile(rf" ?(?:{any_of(ph.WORDS['formerly'])}的|去年底的|\d{{4}}年(?:底|末)?的?)?")
_ABOVE = ("高于", "快于", "优于", "好于", "低于")
_KEPT = frozenset(
    w
    for w in ph.BEHIND_CLASS
    if w.startswith(("增速", "增幅", "排名", "位次", "排位", "综合排名")) or w in "列居排" or w in _ABOVE
)
_PER = frozenset(ph.WORDS["per"])


class Place(msgspec.Struct, gc=False):
    """Where a measure stands, and the words found around it."""

    clause: int  # where its clause begins
    close: int  # where its clause ends
    left: int  # where its wording begins, openings not counted
    noun: int  # where its subject begins, verbs of doing not counted
    stem: int  # where its subject ends
    right: int  # where the words behind it that belong to it end
    verb: str = ""  # reach, grow, fall, rise
    bound: Bound = "exact"
    word: tuple[int, int] | None = None
    each: bool = False
    apart: bool = False
    origin: bool = False  # 从 or 由 stands directly before the number
    compared: bool = False  # against the year before
    ranked: bool = False  # a place in a ranking was announced
    gained: bool = False  # 增加 stands between subject and number
    done: bool = False  # a verb of doing stands directly before the number


class Hole(msgspec.Struct, gc=False):
    """A starting figure between subject and target (从21所…): where 从 stands, its measure, whether it is a baseline."""

    start: int
    measure: Measure
    baseline: bool


class Places:
    """The clauses of one passage, and where each measure stands in them."""

    def __init__(self, p: Passage) -> None:
        self.p, self.folded = p, p.folded
        self.stops = p.stops()

    def place(self, m: Measure, following: Measure | None, used: int, hole: Hole | None) -> Place:
        """Where a measure stands. ``used`` is where the wording already spent ends, ``hole`` a baseline before it."""
        i = bisect_left(self.stops, m.start)
        clause = max(self.stops[i - 1] + 1 if i else self.p.start, m.start - ph.LOOK)
        close = self.stops[i] if i < len(self.stops) else self.p.end
        limit = max(clause, used)
        place = Place(clause, close, limit, limit, m.start, m.end)
        held = hole is not None and hole.start >= clause
        self._behind(m, place, max(limit, hole.measure.end) if held and hole else limit)
        if held and hole:
            place.stem = hole.start
        self._before(m, place, limit, hole is None)
        self._right(m, place, following)
        if place.bound == "exact" and place.noun < place.stem:
            self._early_bound(place)
            if place.word and place.stem > place.word[0] > place.noun and self.folded[m.start - 1] == "的":
                place.stem = place.word[0]  # 供养标准|不低于低保标准的1.3倍
        return place

    def _before(self, m: Measure, place: Place, limit: int, free: bool) -> None:
        """What opens the clause, the verbs of doing, and where the subject begins."""
        folded = self.folded
        place.left = ph.opened(folded, limit, place.stem)
        if free and place.stem < m.start and not place.word and self._all_doing(place.left, m.start):
            place.verb, place.stem = "", m.start
        if (comma := folded.rfind("、", place.left, place.stem)) > place.left:
            self._last_deed(place, comma)
        done = ph.deeds(folded, place.left, place.stem)
        place.noun = ph.opened(folded, done, place.stem) if done > place.left else place.left
        if place.noun >= place.stem and done > place.left:
            place.done = True
        if m.family == "rate" and place.left < place.noun < place.stem and folded[place.stem - 1] == "率":
            self._of_rate(place)
        if m.family == "count" and not place.each and place.stem - place.noun >= 4:
            self._listed(place)
        if place.stem > place.noun and folded[place.stem - 1] == "等":  # 向阳小学等7所小学: the names are no subject
            place.left = place.noun = place.stem

    def _of_rate(self, place: Place) -> None:
        """续建项目竣工率60%: before a rate a verb of building says whose rate it is."""
        if self.folded.startswith(_WHOSE, place.left):
            place.noun = place.left

    def _listed(self, place: Place) -> None:
        """滨江大道、新华路等市政道路8条: the noun behind 等 says what is counted."""
        etc = self.folded.rfind("等", place.noun + 2, place.stem - 1)
        if (
            etc < 0
            or place.stem - etc > 14
            or self.folded[etc + 1] in "级次奖待候"
            or self.folded[place.stem - 1] == "等"
        ):
            return
        if self.folded.count("“", place.noun, etc) == self.folded.count("”", place.noun, etc):
            place.left = place.noun = etc + 1

    def _last_deed(self, place: Place, comma: int) -> None:
        """贯通甲路、开通公交线2条: a part before the number with a verb of its own begins anew."""
        verb = ph.deed_at(self.folded, comma + 1, place.stem)
        if verb and ph.deeds(self.folded, place.left, comma + 1) < comma:
            place.left = comma + 1

    def _early_bound(self, place: Place) -> None:
        """每个镇至少办好1所: the bound word may stand before the verb."""
        early = _EARLY.search(self.folded, place.noun, place.stem)
        if early:
            place.bound, place.word = early.lastgroup, early.span()  # type: ignore[assignment]

    def _all_doing(self, start: int, end: int) -> bool:
        """改造提升12万亩: the verbs before the number are what is done, not how a level moves."""
        return start < end and ph.deeds(self.folded, start, end) == end

    def _behind(self, m: Measure, place: Place, floor: int) -> None:
        """Walk left over the words between subject and number."""
        folded, at = self.folded, m.start
        while at > floor:
            word = ph.behind(folded, floor, at)
            if not word:
                date = ph.date_before(folded, floor, at)
                if not date:
                    break
                at -= date
                continue
            if word in _KEPT and self._names_it(m, word):
                at -= max(0, len(word) - 2) if m.form == "rank" else 0  # 增速|保持
                break
            if word == "均" and at - 2 >= floor and folded[at - 2 : at] in _PER:
                break
            here, at = at, at - len(word)
            kind = ph.BEHIND_CLASS[word]
            next_to_it = kind in ("from", "do") and _FORMERLY.fullmatch(folded, here, m.start) is not None
            self._note(place, kind, at, here, next_to_it)
        place.stem = at
        if m.word:
            place.bound, place.word = m.bound, m.word
        if m.value_to is not None:
            place.bound = "range"

    def _names_it(self, m: Measure, word: str) -> bool:
        """工业增速跻身前三, 综合排名前移3位: what is ranked, or what moves, belongs to the subject."""
        if m.form == "rank":
            return word.startswith(("增速", "增幅"))
        if word in _ABOVE:  # 增速|高于全省平均2个百分点
            return (m.unit or "").endswith(("百分点", "个点"))
        return word in ("排名", "位次", "排位", "综合排名", "列", "居", "排")

    def _note(self, place: Place, kind: str, start: int, end: int, next_to_it: bool) -> None:
        """Keep what one word between subject and number says; the word next to the number comes first and holds."""
        if kind in ("min", "max", "about"):
            if not place.word:
                place.bound, place.word = kind, (start, end)  # type: ignore[assignment]
        elif kind in ("reach", "grow", "fall", "rise"):
            if not (place.done and kind in ("rise", "fall")):  # 农房改善完成2200户: what is done is counted
                place.verb = place.verb if place.verb and place.verb != "reach" else kind
        elif kind == "compare":
            place.compared = True
        elif kind == "rank":
            place.ranked = True
        elif kind == "from":
            place.origin = next_to_it
        elif kind == "do":
            place.done = place.done or next_to_it or not place.verb
            place.gained = place.gained or self.folded.startswith("增", start)
        elif kind == "each":
            place.each = True
        elif kind == "apart":
            place.apart = True

    def _right(self, m: Measure, place: Place, following: Measure | None) -> None:
        """The noun behind a number: 2个以上|老旧小区综合改造."""
        end = min(place.close, following.start if following else place.close, m.end + 40)
        if following and following.start == end and _DESCRIBES.match(self.folded, following.end, place.close):
            end = min(place.close, m.end + 40)  # 10个左右|投资超5亿元的产业项目
        if m.end >= end or self.folded[m.end] in CLOSED or m.form in ("rank", "grade"):
            return
        if place.verb in ("grow", "fall", "rise") or m.family == "double":
            return
        if m.family == "money" and ph.deeds(self.folded, m.end, end) > m.end:  # 投入3000万元|改造公路60公里
            return
        place.right = ph.cut(self.folded, m.end, end)
        bracket = self.folded.find("(", m.end, place.right)
        if bracket >= 0:  # 8个镇(街道)文化站: a bracket that closes belongs to the noun
            shut = self.folded.find(")", bracket, end)
            place.right = bracket if shut < 0 else ph.cut(self.folded, shut + 1, end)
