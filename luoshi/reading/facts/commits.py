"""Which measures a task commits to: not what a thing is like, not what is already done, not what is only named."""

from __future__ import annotations

import re

from luoshi.reading.facts import phrases as ph
from luoshi.reading.facts.measures import Measure
from luoshi.reading.facts.places import CLOSED, Place, Places
from luoshi.reading.rule import any_of, late
from luoshi.reading.words import load

_WORDS = load("commits")
_SIZES = frozenset(("money", "length", "area", "volume", "weight", "energy", "time", "rate", "points"))
_FIGURES_AGAIN = re.compile(r"[各均]")
_SYSTEMS = late(any_of(_WORDS["system"]))
_KINDS_OF_THINGS = late(rf"{any_of(_WORDS['kind'])}{{0,3}}(?:{any_of(_WORDS['sort of thing'])}|村(?!民))")
# 争取60兆瓦光伏项目列入计划: a size that tells which project is meant.
_HAPPENS = late(rf"[^,;。、]{{0,12}}(?:项目|电站|工程)(?:全部|尽快|年内)?{any_of(_WORDS['happens'])}")
_NEVER = re.compile(any_of(_WORDS["never"]))  # 不发生3人以上事故: what must not happen is no aim to reach
_SENTENCE = re.compile(r"[。;]")
_SHARE_DONE = re.compile(
    r"滞后|\(\d[\d.]{0,5}%\)|[,、]占\d[\d.]{0,5}%|[,、](?:占|为)(?:年度|全年|总)(?:投资|任务|计划)的|受[^,;。]{2,12}影响"
)
_LAST_YEAR = re.compile(r"(?:去年|上年)(?<![较比于]..)(?![度末]?同期|[的末底]|[^,;。]{0,24}基础上)")
_SHARE_BEHIND = re.compile(r"\(\d[\d.]{0,5}%\)|,进度\d")
_RANKED = late(rf"{any_of(_WORDS['ranked'])}|全[省市国区县]")
_REPORT = re.compile(
    r"1(?<!\d1)(?:-{1,2}|~|至)\d{1,2}月(?!底?前)|完成(?:年度|全年|总)(?:目标)?(?:任务|投资)的|占(?:年度|全年|总)(?:任务|投资)的"
    r"|为(?:年度|全年|总)(?:任务|投资)的|高于(?:年度|全年|序时)?(?:目标|计划|进度)|低于(?:年度|全年|序时)?(?:目标|计划|进度)"
    r"|超(?:过|出)?(?:年度|全年|序时)?(?:目标|计划|进度)|已(?!有|经)|截至|截止|(?<![项由从自])目前(?!期)|尚有|仍有|前\d{1,2}个月|占年度|占计划|超额完成|进度$"
)
_PLANNED = late(rf"今年|(?<![于过超])计划|(?<![于过超])目标|{any_of(_WORDS['planned'])}")
_PART = late(any_of(_WORDS["part"]))


class Commitments:
    """Decides measure by measure, from left to right; a report of what is done holds to the end of its sentence."""

    def __init__(self, places: Places) -> None:
        self.p, self.folded = places.p, places.folded
        self.never = _NEVER.search(self.folded, self.p.start, self.p.end) is not None
        self.sentence, self.reported = -2, False
        self.last_year = _LAST_YEAR.search(self.folded, self.p.start, self.p.end) is not None
        self.reports = _REPORT.search(self.folded, self.p.start, self.p.end) is not None
        self.condition: Measure | None = None  # 三分之二以上的村收入超过|30万元: what is asked of each

    def counts(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """Whether the measure is something the task commits to reach."""
        folded = self.folded
        quote = folded.rfind("“", place.clause, m.start)
        if quote >= 0 and folded.find("”", quote, m.start) < 0:
            return False
        if self.never and _NEVER.search(folded, place.clause, m.start):
            return False
        if m is self.condition or self._reported(m, place, near):
            return False
        if folded.find("基础上", m.end, min(place.close, m.end + ph.LOOK)) >= 0:
            return False
        return self._by_form(m, place, near)

    def _by_form(self, m: Measure, place: Place, near: Measure | None) -> bool:
        if m.form == "rank":
            ranked = place.ranked or place.verb == "reach" or place.stem <= self.p.start
            return ranked or _RANKED.search(self.folded, max(place.clause, m.start - 24), m.start) is not None
        if m.form == "grade":
            return (place.verb == "reach" or place.word is not None) and self._ends(m.end)
        if m.form == "worded" and not self._worded(m, place):
            return False
        if m.form == "worded" and not m.family:
            return place.verb == "reach" or place.bound != "exact"
        if m.family in ("time", "age") or m.family == "points":
            return self._time(m, place)
        if m.unit is None and m.family != "rate":
            return self._bare(m, place)
        return not self._attribute(m, place, near)

    def _reported(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """Figures of what is already done (已完成17个，占70.8%; 6座危桥开工5座), up to the end of the sentence."""
        if self.last_year and _LAST_YEAR.search(self.folded, place.clause, m.start):
            return True
        back = max(self.p.start, m.start - 4 * ph.LOOK)
        sentence = max(self.folded.rfind("。", back, m.start), self.folded.rfind(";", back, m.start))
        if sentence != self.sentence:
            self.sentence = sentence
            self.reported = sentence >= 0 and self._looks_back(sentence)
        if _SHARE_BEHIND.match(self.folded, m.end) or (
            self.reports and _REPORT.search(self.folded, place.clause, m.start)
        ):
            self.reported = True
        elif self.reported and (place.bound in ("min", "max") or _PLANNED.search(self.folded, place.clause, m.start)):
            self.reported = False
        part_of = (
            near is not None and near.unit == m.unit and m.family == "count" and (near.value or 0) <= (m.value or 0)
            and place.noun >= place.stem and place.right == near.start > m.end
            and _PART.search(self.folded, m.end, near.start) is not None
        )  # fmt: skip
        self.reported = self.reported or part_of
        return self.reported

    def _looks_back(self, sentence: int) -> bool:
        """水厂土建完成九成，管道完成14公里，占56%，进度滞后: a later sentence that only reports."""
        close = min(self.p.end, sentence + 2 * ph.LOOK)
        stop = _SENTENCE.search(self.folded, sentence + 1, close)
        return _SHARE_DONE.search(self.folded, sentence + 1, stop.start() if stop else close) is not None

    def _ends(self, at: int) -> bool:
        return at >= self.p.end or self.folded[at] in CLOSED

    def _worded(self, m: Measure, place: Place) -> bool:
        """两条 counts, 三项制度 and 一批 do not."""
        first = place.noun >= place.stem
        if m.value == 1 and m.unit and m.family in ("count", "people"):
            if place.bound != "exact":
                return True
            if m.unit not in tuple("个家座所条处项"):
                return False
            return place.left < place.noun if self._ends(m.end) else place.done or place.each
        if m.unit in ("类", "种") and not self._ends(m.end):
            return False
        return self._ends(m.end) or first or place.stem < m.start or m.bound != "exact"

    def _time(self, m: Measure, place: Place) -> bool:
        if m.family == "points":
            return bool(ph.POINTS_NOUN.search(self.folded, place.noun, place.stem)) and (
                place.verb == "reach" or place.bound != "exact"
            )
        if not self._ends(m.end):
            return False
        shortened = place.verb in ("reach", "fall") or place.bound == "max"
        return place.noun < place.stem and (shortened or bool(ph.time_before(self.folded, self.p.start, place.stem)))

    def _bare(self, m: Measure, place: Place) -> bool:
        """A number without a unit: an index that shall stand somewhere; 60万以上农村贫困人口."""
        if m.unit is not None:
            return True
        return self._ends(m.end) and (place.verb == "reach" or place.bound != "exact") and place.noun < place.stem

    def _attribute(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """Whether the measure describes a thing: 亿元以上项目20个, 年产20万件曲轴项目, 50米范围."""
        folded = self.folded
        if near and _FIGURES_AGAIN.search(folded, m.end, near.start) and "、" not in folded[m.end : near.start]:
            return m.family in ("count", "people")
        if near and near.start == m.end and place.bound != "exact" and m.family == "money":
            return True
        if place.right <= m.end:
            return False
        if m.unit == "项" and _SYSTEMS.search(folded, m.end, place.right):
            return True
        if near and near.family in ("rate", "grade", "rank") and m.family == "count" and not place.done:
            return place.right == near.start and not ph.deed_at(folded, m.end, place.right)
        if ph.attribute_before(folded, place.clause, place.stem) and place.noun < place.stem:
            return True
        before_next = near is not None and place.right == near.start
        if m.family not in _SIZES:  # 56人以上大班额60个
            return m.bound in ("min", "max") and before_next and near is not None and near.family == "count"
        return self._size(m, place, near if before_next else None)

    def _size(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """Of money, areas and shares before a noun. ``near``: the next measure, where nothing but the noun parts them."""
        folded = self.folded
        opens = ph.deed_at(folded, m.end, place.right)
        if m.family == "rate":
            asked = near is not None and near.family != "rate" and place.noun >= place.stem
            if asked:
                self.condition = near
            return near is not None and not opens and not asked
        if (near and not opens) or _HAPPENS.match(folded, m.end, place.right):
            return True
        if m.family == "money" and not place.verb and _KINDS_OF_THINGS.match(folded, m.end, place.right):
            return True
        if folded[m.end] == "的":
            return True
        return place.bound in ("min", "max") and not ph.MONEY_NOUN.search(folded, m.end, place.right) and not opens
