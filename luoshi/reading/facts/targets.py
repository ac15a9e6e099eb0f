"""Targets: which measures a task commits to, with subject, kind, bound, baseline and strength.

Top floor. Each measure is read where it stands in its clause: what opens the clause, what stands between subject and
number, what follows. Thresholds inside a subject (亿元以上项目), past figures and names give no target. One pass, left to
right; nothing looks further than ``phrases.LOOK`` characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from luoshi.reading.facts import Passage
from luoshi.reading.facts import phrases as ph
from luoshi.reading.facts.kinds import kind_of
from luoshi.reading.facts.measures import MEASURES, Measure
from luoshi.reading.ledger import Baseline, Bound, Span, Strength, Target, Wording

_CLOSED = frozenset("、,;。:!?\n()”’》 和与及并共约")
_SIZES = frozenset(("money", "length", "area", "volume", "weight", "energy", "time", "rate", "points"))
_EACH = re.compile(rf"[各均](?={ph.VERB.pattern})")
_FIGURES_AGAIN = re.compile(r"[各均]")
_HOLE = re.compile(r"[向到至扩延]")
_SYSTEMS = re.compile(r"制度|机制|原则|体系|纪律|要求|责任")
_EARLY = re.compile(r"(?P<min>至少|最少|不少于|不低于)|(?P<max>最多|至多|不超过)")
_REPORT = re.compile(r"已(?!有|经)|截至|截止|目前|尚有|仍有|前\d{1,2}个月|占年度|占计划|超额完成")
_PLANNED = re.compile(r"计划|目标|力争|确保|年底前|下半年|下一步|争取|全年")
_PART = re.compile(r"中|开工|完工|完成|竣工|建成|投用|投产")
_PEOPLE = re.compile(r"[^,;。、]{0,8}(?:人口|群众|居民|学生|职工|农民|老人|儿童|家庭|困难|对象)")
_PAST = re.compile(r"在?(?:去年|上年|前年|往年|已|\d{4}年)")


@dataclass(slots=True)
class Place:
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
    ranked: bool = False  # a place in a ranking was announced
    done: bool = False  # a verb of doing stands directly before the number


def read_targets(p: Passage) -> tuple[Target, ...]:
    """Every target of a task's wording, in order. Spans are exact; a text without numbers costs one scan."""
    found = []
    for match, measure in MEASURES.find(p.folded, p.start, p.end):
        if measure.form != "name" and measure.family != "age":
            found.append(measure)
    return tuple(TargetReader(p, found).read()) if found else ()


class TargetReader:
    """Reads the measures of one passage from left to right; what one says may hold for the next."""

    def __init__(self, p: Passage, measures: list[Measure]) -> None:
        self.p, self.folded, self.measures = p, p.folded, measures
        self.reverse = p.folded[p.start : p.end][::-1]
        self.stops = [m.start() for m in ph.STOP.finditer(p.folded, p.start, p.end)]
        self.promises = [m for m in ph.PROMISE.finditer(p.folded, p.start, p.end)]
        self.out: list[Target] = []
        self.end = p.start  # where the wording used so far ends
        self.subject = ""
        self.sentence, self.reported = -2, False
        self.verb = ""  # what the wording beside a value column brings (增速): counts where the cell has no verb
        self.hole: tuple[int, Measure, bool] | None = None  # a baseline: where 从 stands, its measure, whether it counts
        self.spread: list[tuple[int, int]] = []  # subjects still to come after 分别
        self.last: Place | None = None
        self.strive: re.Match[str] | None = None

    def read(self) -> list[Target]:
        for i, measure in enumerate(self.measures):
            following = self.measures[i + 1] if i + 1 < len(self.measures) else None
            self._measure(measure, following)
        return self.out

    def _measure(self, m: Measure, following: Measure | None) -> None:
        place = self._place(m, following)
        near = following if following and following.start < place.close else None
        if place.origin and self._is_origin(m, place, near):
            return
        if not self._counts(m, place, near):
            return
        self._promise(m, place)
        if self.spread and self.last and self.last.clause == place.clause and place.noun >= place.stem:
            self._next_of_spread(m, place)
        elif place.apart and near:
            self._apart(m, place)
        else:
            self._alone(m, place)
        self.end = max(m.end, place.right)
        self.last, self.hole = place, None

    # -- where it stands

    def _place(self, m: Measure, following: Measure | None) -> Place:
        p, folded = self.p, self.folded
        i = bisect_left(self.stops, m.start)
        clause = max(self.stops[i - 1] + 1 if i else p.start, m.start - ph.LOOK)
        close = self.stops[i] if i < len(self.stops) else p.end
        limit = max(clause, self.end)
        place = Place(clause, close, limit, limit, m.start, m.end)
        floor = limit
        if self.hole and self.hole[0] >= clause:
            floor = max(floor, self.hole[1].end)
        self._behind(m, place, floor)
        if self.hole and self.hole[0] >= clause:
            place.stem = self.hole[0]
        place.left = self._opening(limit, place.stem)
        if place.stem < m.start and not self.hole and self._all_doing(place.left, m.start):
            place.verb, place.stem = "", m.start
        doing = ph.DOING.match(folded, place.left, place.stem)
        place.noun = self._opening(doing.end(), place.stem) if doing else place.left
        if place.noun >= place.stem and doing:
            place.done = True
        if place.stem > place.noun and folded[place.stem - 1] == "等":  # 向阳小学等7所小学: the names are no subject
            place.left = place.noun = place.stem
        self._right(m, place, following)
        if place.bound == "exact" and place.noun < place.stem:
            self._early_bound(place)
        return place

    def _early_bound(self, place: Place) -> None:
        """每个镇至少办好1所: the bound word may stand before the verb."""
        early = _EARLY.search(self.folded, place.noun, place.stem)
        if early:
            place.bound, place.word = early.lastgroup, early.span()  # type: ignore[assignment]

    def _all_doing(self, start: int, end: int) -> bool:
        """改造提升12万亩: the verbs before the number are what is done, not how a level moves."""
        doing = ph.DOING.match(self.folded, start, end)
        return doing is not None and doing.end() == end

    def _opening(self, start: int, end: int) -> int:
        return _pass(ph.OPENING, self.folded, start, end)

    def _behind(self, m: Measure, place: Place, floor: int) -> None:
        """Walk left over the words between subject and number."""
        last, at = self.p.end, m.start
        while at > floor:
            word = ph.BEHIND.match(self.reverse, last - at, last - floor)
            if not word:
                date = ph.DATE_BEHIND.match(self.reverse, last - at, last - floor)
                if not date:
                    break
                at -= date.end() - date.start()
                continue
            here, at = at, at - (word.end() - word.start())
            kind = ph.BEHIND_CLASS[word.group()]
            if kind in ("min", "max", "about"):
                if not place.word:
                    place.bound, place.word = kind, (at, here)  # type: ignore[assignment]
            elif kind in ("reach", "grow", "fall", "rise"):
                place.verb = place.verb if place.verb and place.verb != "reach" else kind
            elif kind == "rank":
                place.ranked = True
            elif kind == "from":
                place.origin = here == m.start
            elif kind == "do":
                place.done = place.done or here == m.start or not place.verb
            elif kind == "each":
                place.each = True
            elif kind == "apart":
                place.apart = True
        place.stem = at
        if m.word:
            place.bound, place.word = m.bound, m.word
        if m.value_to is not None:
            place.bound = "range"

    def _right(self, m: Measure, place: Place, following: Measure | None) -> None:
        """The noun behind a number: 2个以上|老旧小区综合改造."""
        end = min(place.close, following.start if following else place.close, m.end + 40)
        if m.end >= end or self.folded[m.end] in _CLOSED or m.form in ("rank", "grade", "zero"):
            return
        if place.verb in ("grow", "fall", "rise") or m.family == "double":
            return
        cut = ph.CUT.search(self.folded, m.end, end)
        place.right = cut.start() if cut else end

    # -- whether it counts

    def _is_origin(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """从21所…, 由45%提高到50%: where the next measure starts from."""
        if near is None:
            return False
        raised = ph.RAISED.match(self.folded, m.end, near.start)
        if not raised and not _HOLE.search(self.folded, m.end, near.start):
            return False
        self.hole = (place.stem, m, raised is not None)
        return True

    def _counts(self, m: Measure, place: Place, near: Measure | None) -> bool:
        folded = self.folded
        quote = folded.rfind("“", place.clause, m.start)
        if quote >= 0 and folded.find("”", quote, m.start) < 0:
            return False
        if self._reported(m, place, near):
            return False
        if place.close - m.end >= 3 and "基础上" in folded[m.end : place.close]:
            return False
        if m.form == "rank":
            return place.ranked or place.verb == "reach" or place.stem <= self.p.start
        if m.form == "grade":
            return (place.verb == "reach" or place.word is not None) and self._ends(m.end)
        if m.form == "zero":
            return self._ends(m.end) and place.noun < place.stem
        if m.form == "worded" and not self._worded(m, place):
            return False
        if m.family == "time" or m.family == "points":
            return self._time(m, place)
        if m.unit is None and m.family != "rate":
            return self._bare(m, place)
        return not self._attribute(m, place, near)

    def _reported(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """Figures of what is already done (已完成17个，占70.8%; 6座危桥开工5座), up to the end of the sentence."""
        sentence = max(self.folded.rfind("。", self.p.start, m.start), self.folded.rfind(";", self.p.start, m.start))
        if sentence != self.sentence:
            self.sentence, self.reported = sentence, False
        if _REPORT.search(self.folded, place.clause, m.start):
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

    def _ends(self, at: int) -> bool:
        return at >= self.p.end or self.folded[at] in _CLOSED

    def _worded(self, m: Measure, place: Place) -> bool:
        """两条 counts, 三项制度 and 一批 do not."""
        first = place.noun >= place.stem
        if m.value == 1 and m.unit and m.family in ("count", "people"):
            if place.bound != "exact":
                return True
            return (place.done or place.each) and m.unit in "个家座所条处项" and place.right > m.end
        return self._ends(m.end) or first or place.stem < m.start or m.bound != "exact"

    def _time(self, m: Measure, place: Place) -> bool:
        nouns = ph.TIME_NOUN if m.family == "time" else ph.POINTS_NOUN
        if m.family == "points":
            return bool(nouns.search(self.folded, place.noun, place.stem)) and (place.verb == "reach" or place.bound != "exact")
        if not self._ends(m.end):
            return False
        shortened = place.verb in ("reach", "fall") or place.bound == "max"
        named = nouns.match(self.reverse, self.p.end - place.stem)
        return place.noun < place.stem and (shortened or bool(named))

    def _bare(self, m: Measure, place: Place) -> bool:
        """A number without a unit: an index that shall stand somewhere; 60万以上农村贫困人口."""
        if m.unit is not None:
            return True
        return self._ends(m.end) and (place.verb == "reach" or place.bound != "exact") and place.noun < place.stem

    def _attribute(self, m: Measure, place: Place, near: Measure | None) -> bool:
        """Whether the measure describes a thing: 亿元以上项目20个, 年产20万件曲轴项目, 50米范围."""
        folded, last = self.folded, self.p.end
        if near and _FIGURES_AGAIN.search(folded, m.end, near.start) and "、" not in folded[m.end : near.start]:
            return m.family in ("count", "people")
        if near and near.start == m.end and place.bound != "exact" and m.family == "money":
            return True
        if place.right <= m.end:
            return False
        if m.unit == "项" and _SYSTEMS.search(folded, m.end, place.right):
            return True
        if near and near.family in ("rate", "grade", "rank") and m.family == "count" and not place.done:
            return place.right == near.start and not ph.VERB.match(folded, m.end, place.right)
        if ph.ATTRIBUTE.match(self.reverse, last - place.stem, last - place.clause) and place.noun < place.stem:
            return True
        if m.family not in _SIZES:
            return False
        opens = ph.VERB.match(folded, m.end, place.right)
        if near and place.right == near.start and not opens:
            return True
        if m.family == "rate":
            return False
        if folded[m.end] == "的":
            return True
        return place.bound in ("min", "max") and not ph.MONEY_NOUN.search(folded, m.end, place.right) and not opens

    # -- how firmly

    def _promise(self, m: Measure, place: Place) -> None:
        """力争 governs its clause and the clauses after it that go on with the same list."""
        here = None
        for match in self.promises:
            if match.start() >= m.start:
                break
            if match.start() >= place.clause:
                here = match
        if here:
            self.strive = here if here.lastgroup == "strive" else None
        elif self.strive and self.last and self.last.clause != place.clause:
            goes_on = self.last.close + 1 == place.clause and self.folded[self.last.close] == ","
            if not (goes_on and self._same_list(m, place)):
                self.strive = None

    def _same_list(self, m: Measure, place: Place) -> bool:
        if self.folded.startswith("其中", place.clause):
            return True
        return not place.verb and m.family != "rate" and self._quantity_last()

    def _quantity_last(self) -> bool:
        return bool(self.out) and self.out[-1].kind == "quantity"

    # -- what it says

    def _alone(self, m: Measure, place: Place) -> None:
        items = self._items(m, place)
        if len(items) > 1:
            tail = ""
            middle = _EACH.search(self.folded, items[-1][0], place.stem)
            if middle:
                tail = self.p.text[middle.end() : place.stem]
            for start, end in items:
                self._add(m, place, start, self.p.text[start:end] + tail)
            return
        subject = self._subject(m, place)
        self._add(m, place, place.left, subject)

    def _subject(self, m: Measure, place: Place) -> str:
        text = self.p.text
        subject = text[place.noun : place.stem].strip(" 、(（") if place.noun < place.stem else ""
        if place.right > m.end and (not place.verb or not subject):
            subject += text[m.end : place.right]
        if not subject:
            if not place.verb and self.last and self.out and self.out[-1].unit == m.unit:
                place.verb = self.last.verb  # 确保增长6%、力争7%
            place.verb = place.verb or self.verb
            verb = text[place.left : place.stem] if place.left < place.stem else ""
            return (verb + self.subject).strip() or verb or text[place.clause : m.start]
        self.subject = subject
        return subject

    def _items(self, m: Measure, place: Place) -> list[tuple[int, int]]:
        """The parts of a list whose every part has this measure: A、B各1个; A率、B率均达到100%."""
        start, stem = place.noun, place.stem
        each = place.each
        if not each:
            middle = _EACH.search(self.folded, start, stem)
            if middle:
                each, stem = True, middle.start()
        if not each and m.family not in ("rate", "double", "rank"):
            return []
        if "、" not in self.folded[start:stem] and not each:
            return []
        items = self._split(start, stem, each)
        if not each and not all(self._indicator(a, b) for a, b in items):
            return []
        return items

    def _indicator(self, start: int, end: int) -> bool:
        return end - start > 2 and ph.INDICATOR.match(self.reverse, self.p.end - end, self.p.end - start) is not None

    def _split(self, start: int, end: int, both: bool) -> list[tuple[int, int]]:
        folded = self.folded
        etc = folded.rfind("等", start, end)
        if etc > start and end - etc < 10:
            end = etc
        out, at = [], start
        for sep in ph.SEPARATOR.finditer(folded, start, end):
            a = sep.start()
            if not both and sep.group() != "、":
                continue
            if folded.count("“", at, a) != folded.count("”", at, a) or folded.count("(", at, a) != folded.count(")", at, a):
                continue
            if a > at:
                out.append((at, a))
            at = sep.end()
        if at < end:
            out.append((at, end))
        return out

    def _apart(self, m: Measure, place: Place) -> None:
        """A、B分别增长8%和20%: one subject each, in order."""
        items = self._split(place.noun, place.stem, True)
        if len(items) < 2:
            self._alone(m, place)
            self.spread = [(place.noun, place.stem)] * 3
        else:
            (start, end), *self.spread = items
            self._add(m, place, start, self.p.text[start:end])
        self.end = m.end
        place.right = m.end

    def _next_of_spread(self, m: Measure, place: Place) -> None:
        (start, end), *self.spread = self.spread
        last = self.last
        assert last is not None
        if not place.verb:
            place.verb = last.verb
        if not place.word:
            place.bound, place.word = last.bound, last.word
        elif m.word and last.bound == "exact" and self.out:
            self._also_bound(place)
        self._add(m, place, start, self.p.text[start:end])

    def _also_bound(self, place: Place) -> None:
        """分别增长6%、7.5%以上: the bound word holds for both."""
        before = self.out[-1]
        wording = self._wording(place.word)
        self.out[-1] = Target(
            quote=before.quote, at=before.at, subject=before.subject, kind=before.kind, bound=place.bound,
            value=before.value, value_to=before.value_to, unit=before.unit, baseline=before.baseline,
            strength=before.strength, wording=wording,
        )  # fmt: skip

    def _wording(self, word: tuple[int, int] | None) -> Wording | None:
        if word:
            start, end = word
        elif self.strive:
            start, end = self.strive.span()
        else:
            return None
        return Wording(text=self.p.text[start:end], at=Span(self.p.block, start, end))

    def _add(self, m: Measure, place: Place, start: int, subject: str) -> None:
        p, folded = self.p, self.folded
        end = max(place.right, m.end)
        while start < m.start and folded[start] in " 、,":
            start += 1
        strength: Strength = "strive" if self.strive else "commit"
        baseline = None
        if self.hole and self.hole[2]:
            b = self.hole[1]
            baseline = Baseline(value=b.value or 0.0, unit=b.unit or "", at=Span(p.block, b.start, b.end))
        self.out.append(
            Target(
                quote=p.text[start:end],
                at=Span(p.block, start, end),
                subject=subject.strip(" 、的"),
                kind=kind_of(m, place.verb, folded, self.reverse, place.left, place.noun, place.stem, p.end),
                bound=place.bound,
                value=m.value,
                value_to=m.value_to,
                unit=self._unit(m),
                baseline=baseline,
                strength=strength,
                wording=self._wording(place.word),
            )
        )

    def _unit(self, m: Measure) -> str | None:
        """As the document writes it: brackets keep their width."""
        if m.unit and "(" in m.unit:
            at = self.folded.find("(", m.start, m.end)
            return m.unit.replace("(", self.p.text[at]).replace(")", self.p.text[self.folded.find(")", at)])
        return m.unit


def read_value_cell(p: Passage, subject: Passage) -> tuple[Target, ...]:
    """Targets of a table's value column; what the cell does not name is named by the end of the task's wording."""
    found = [measure for _, measure in MEASURES.find(p.folded, p.start, p.end) if measure.form != "name"]
    if not found:
        return ()
    reader = TargetReader(p, found)
    reader.subject, reader.verb = _closing_subject(subject)
    return tuple(reader.read())


_GROWING = re.compile(r"(?:增速|增幅|(?:平稳|较快|稳定|持续|稳步|快速|中高速)?增长)$")
_SETTING = re.compile(r"(?:实现|保持|控制在.{0,6}|达到|提高|提升|逐步提高|稳步提升|明显提高|稳中有[升进降])$")


def _closing_subject(p: Passage) -> tuple[str, str]:
    """The subject with which a task's wording ends (…，全年地区生产总值增速), and the verb it brings."""
    folded, end = p.folded, p.end
    while end > p.start and folded[end - 1] in "。;,.:、 ":
        end -= 1
    start = max(p.start, end - ph.LOOK)
    for stop in ph.STOP.finditer(folded, start, end):
        start = stop.end()
    growing = _GROWING.search(folded, start, end)
    stem = growing.start() if growing else end
    setting = _SETTING.search(folded, start, stem)
    if setting and setting.start() > start:
        stem = setting.start()
    at = _pass(ph.OPENING, folded, start, stem)
    at = _pass(ph.OPENING, folded, _pass(ph.DOING, folded, at, stem), stem)
    if at >= stem:
        at = start
    return p.text[at:stem], "grow" if growing else ""


def _pass(pattern: re.Pattern[str], folded: str, start: int, end: int) -> int:
    match = pattern.match(folded, start, end)
    return match.end() if match else start
