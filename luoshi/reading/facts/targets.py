"""Targets: which measures a task commits to, with subject, kind, bound, baseline and strength.

Top floor. ``places`` says where each measure stands, ``commits`` whether it counts, ``promises`` how firmly, ``kinds`` of
what kind; here the subject is found, spreads (分别, 各, 均) are dealt out, and the target is made. One pass, left to right.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

import msgspec

from luoshi.reading.facts import STOP, Passage
from luoshi.reading.facts import phrases as ph
from luoshi.reading.facts.commits import Commitments
from luoshi.reading.facts.kinds import kind_of
from luoshi.reading.facts.measures import MEASURES, Measure
from luoshi.reading.facts.places import CLOSED, Hole, Place, Places
from luoshi.reading.facts.promises import GOVERNING, STRIVING, WORDS, Promises, Word, promise, strength_of, verb_of
from luoshi.reading.ledger import Baseline, Span, Target, Wording
from luoshi.reading.rule import any_of, late

_BARE = frozenset(
    ("项目", "企业", "工程", "小区", "面积", "人员", "任务", "活动", "设施", "机构", "资金", "用地", "公里")
)
_ABOVE = re.compile(any_of(ph.WORDS["against"]))
# 省级、市级|示范社区: the noun behind the last level holds for all.
_LEVEL_ONLY = late("(?:国家|世界|全国|[省市县区部镇])级?$")
_WORK = re.compile(f"{any_of(ph.WORDS['work'])}?{any_of(ph.WORDS['work noun'])}?$")
_GROUND = re.compile("的?基础上")
_GROWTH = late(any_of(ph.WORDS["growth"]))
_PROMISED = frozenset((*STRIVING, *WORDS["ensure"]))
_ONWARD = re.compile(r"[向到至扩延]")
# 由|每人每月|600元提高到650元: what may stand between 由 and the figure it starts from.
_FROM = late(rf"[由从自](?:{any_of((*ph.WORDS['formerly'], *ph.WORDS['starting']))}|\d{{4}}年[底末]?){{1,5}}$")
# Where both figures have one unit, anything short may: 由法定|20个工作日压缩至5个工作日. 从业 and 自由 begin nothing.
_FROM_ANY = late(rf"(?:(?<![自理])由(?!于)|从(?![业事属军]))[^,;。:、()由从]{{0,9}}$|{_FROM.pattern}")
_EACH_PLACE = late(rf"(?:每个?|各){any_of(ph.WORDS['place'])}(?:\([^()]{{1,6}}\)|\（[^（）]{{1,6}}\）)?")
_WHOLE_PLACE = late("全[省市县区镇乡州旗]|合计|共")
_PER, _TOTAL = frozenset(ph.WORDS["per"]), frozenset(ph.WORDS["total"])


def read_targets(p: Passage, title: str | None = None) -> tuple[Target, ...]:
    """Every target of a task's wording, in order. Spans are exact; a text without numbers costs one scan.

    ``title`` is the task's own heading: it says what is counted where the wording does not (高标准农田: 新建250万亩).
    """
    found = _measures(p)
    if not found:
        return ()
    reader = TargetReader(p, found)
    reader.title = _WORK.sub("", title) if title else ""
    return tuple(reader.read())


def _measures(p: Passage) -> list[Measure]:
    """Names measure nothing; an age (65岁以上) says who is meant."""
    found = MEASURES.find(p.folded, p.start, p.end)
    return [m for _, m in found if m.form != "name" and not (m.family == "age" and _describes(p, m))]


def _describes(p: Passage, m: Measure) -> bool:
    if p.folded.startswith("寿命", m.start - 2):
        return False
    return m.bound != "exact" or (m.end < p.end and p.folded[m.end] not in CLOSED)


class TargetReader:
    """Reads the measures of one passage from left to right; what one says may hold for the next."""

    def __init__(self, p: Passage, measures: list[Measure]) -> None:
        self.p, self.folded, self.measures = p, p.folded, measures
        self.places = Places(p)
        self.commitments = Commitments(self.places)
        self.promises = Promises(self.places)
        self.out: list[Target] = []
        self.starts = any(p.folded.find(word, p.start, p.end) >= 0 for word in "由从自")
        self.at = 0  # the measure in hand
        self.end = p.start  # where the wording used so far ends
        self.subject = ""
        self.whole = ""  # the subject with the verb that tells it from others: 新开工项目
        self.verb = ""  # what the wording beside a value column brings (增速): counts where the cell has no verb
        self.family = ""  # of the measure before
        self.nameless = -1  # a target that has no subject of its own yet: 确保5条、力争6条断头路打通
        self.said: Word | None = None  # what the measure before was promised with
        self.title = ""  # what the task's heading names
        self.hole: Hole | None = None
        self.spread: list[str] = []  # subjects still to come after 分别
        self.last: Place | None = None
        self.promise: Word | None = None  # the word that governs the measure in hand

    def read(self) -> list[Target]:
        """The targets of all measures."""
        for at, m in enumerate(self.measures):
            self.at = at
            following = self.measures[at + 1] if at + 1 < len(self.measures) else None
            place = self.places.place(m, following, self.end, self.hole)
            near = following if following and following.start < min(place.close, m.end + ph.LOOK) else None
            if near and ((self.starts and self._is_origin(m, place, near)) or self._is_ground(m, place, near)):
                continue
            if not self.commitments.counts(m, place, near):
                continue
            counted = bool(self.out) and self.out[-1].kind == "quantity"
            self.promise = self.promises.governs(m, place, self.last, counted)
            self._read(m, place, near)
            self.end = max(m.end, place.right)
            self.last, self.hole, self.family = place, None, m.family
        return self.out

    def _read(self, m: Measure, place: Place, near: Measure | None) -> None:
        if self.spread and self.last and self.last.clause == place.clause and place.noun >= place.stem:
            self._next_of_spread(m, place, self.last)
        elif place.apart and near:
            self._apart(m, place)
        elif near and (apart := ph.before_deed(ph.APART, self.folded, place.noun, place.stem)):
            self._apart(m, place, apart.start())
        else:
            self._alone(m, place)

    def _is_origin(self, m: Measure, place: Place, near: Measure) -> bool:
        """从21所…, 由45%提高到50%: where the next measure starts from."""
        blank = self.folded.startswith(" ", m.end, near.start)
        raised = ph.raised_at(self.folded, m.end + blank, near.start)
        if not place.origin:
            said = _FROM_ANY if m.unit == near.unit else _FROM
            from_ = said.search(self.folded, max(place.clause, self.end), m.start) if raised else None
            if not from_:
                return False
            place.stem = from_.start()
        if not raised and not _ONWARD.search(self.folded, m.end, near.start):
            return False
        self.hole = Hole(place.stem, m, raised != "")
        return True

    def _is_ground(self, m: Measure, place: Place, near: Measure) -> bool:
        """在上年42%的基础上提高1个百分点: where the next measure starts from."""
        if not _GROUND.match(self.folded, m.end, near.start) or place.noun >= place.stem:
            return False
        self.hole = Hole(place.stem, m, True)
        return True

    def _alone(self, m: Measure, place: Place) -> None:
        items = self._items(m, place)
        if len(items) > 1 and not place.each and self._dealt(len(items)):
            self._deal(m, place, items)
        elif len(items) > 1:
            tail = ""
            middle = ph.before_deed(ph.EACH, self.folded, items[-1][0], place.stem)
            if middle:
                tail = self.p.text[middle.end() : place.stem]
            for (start, _), subject in zip(items, self._whole(items), strict=True):
                self._add(m, place, start, subject + tail)
        else:
            subject = self._subject(m, place)
            self._add(m, place, place.left, subject)

    def _whole(self, items: list[tuple[int, int]]) -> list[str]:
        """The parts of a list in words; a level alone (省级、市级示范社区) takes the noun of the last."""
        words = [self.p.text[a:b] for a, b in items]
        level, _, noun = words[-1].partition("级")
        if not noun or not _LEVEL_ONLY.match(level):
            return words
        return [word + noun if _LEVEL_ONLY.match(word) else word for word in words]

    def _dealt(self, parts: int) -> bool:
        """开工率、投产率达到90%、80%: as many figures as subjects, also without 分别."""
        run = self.measures[self.at : self.at + parts + 1]
        gaps = [b.start - a.end for a, b in pairwise(run)]
        return len(run) >= parts and all(gap <= 1 for gap in gaps[: parts - 1]) and (len(gaps) < parts or gaps[-1] > 1)

    def _subject(self, m: Measure, place: Place) -> str:
        text = self.p.text
        if (m.unit or "").endswith(("百分点", "个点")) and place.noun < place.stem:  # 增速|高于全省1个百分点
            above = _ABOVE.search(self.folded, place.noun + 2, place.stem)
            place.stem = above.start() if above else place.stem
        subject = text[place.noun : place.stem].strip(" 、(（") if place.noun < place.stem else ""
        if place.right > m.end and (not place.verb or not subject):
            subject += text[m.end : place.right]
        if self.subject and subject in _PER and m.family == self.family:  # 生产总值突破500亿元，人均|突破10万元
            return subject + self.subject
        if self.subject and subject in _TOTAL:  # 新增市场主体8000户，总量|突破10万户
            return self.subject + subject
        if not subject:
            if self.last and self.out and self.out[-1].unit == m.unit and self.last.verb != "reach":
                if not place.verb or (place.verb == "reach" and self.last.verb == "grow"):
                    place.verb = self.last.verb  # 确保增长6%、力争达到7%
            place.verb = place.verb or self.verb
            verb = text[place.left : place.stem] if place.left < place.stem else ""
            if verb in _PROMISED:  # 确保20个，争取25个
                verb = ""
            if self.title and not self.subject and place.done:
                return self.title
            carried = verb + self.subject if verb else self._carried(place, m)
            return carried.strip() or verb or self._unnamed(place, m)
        if self.subject and _ABOVE.match(subject):  # 余额增长15%，高于各项贷款增速3个百分点
            return self.subject
        if subject in _BARE and place.left < place.noun < place.stem:  # the noun alone says too little
            deed = text[place.stem : m.start].strip(" 了")
            if deed in ph.DEEDS and verb_of(self.folded, ((place.left, place.noun),)):  # 完成|小区改造|20个
                self.subject = self.whole = subject + deed
                return self.whole
            self.subject, self.whole = subject, text[place.left : place.stem].strip(" 、")  # 开工项目24个、竣工18个
            return self.whole
        self.subject = self.whole = subject
        return subject

    def _carried(self, place: Place, m: Measure) -> str:
        """The subject before, which this measure counts as well; 每个乡镇建成示范村1个，全县|12个: of the whole, not of each."""
        carried = self.whole or self.subject
        each = carried and _WHOLE_PLACE.search(self.folded, place.clause, m.start)
        return _EACH_PLACE.sub("", carried, count=1) if each else carried

    def _unnamed(self, place: Place, m: Measure) -> str:
        """What a measure without a subject is called: 增速保持在6%, else the words before it."""
        start = ph.opened(self.folded, place.clause, m.start)
        growth = _GROWTH.match(self.folded, start, m.start)
        self.nameless = len(self.out)
        return growth.group() if growth else self.p.text[place.clause : m.start]

    def _gains(self, m: Measure, place: Place) -> bool:
        """人均收入增加5万元: a stock that rises by an amount, nothing that is newly made."""
        return place.gained and m.family in ("money", "time") and self._indicator(place.noun, place.stem)

    def _items(self, m: Measure, place: Place) -> list[tuple[int, int]]:
        """The parts of a list whose every part has this measure: A、B各1个; A率、B率均达到100%."""
        start, stem = place.noun, place.stem
        each = place.each
        if not each:
            middle = ph.before_deed(ph.EACH, self.folded, start, stem)
            if middle:
                each, stem = True, middle.start()
        if not each and m.family not in ("rate", "double", "rank"):
            following = self.measures[self.at + 1 : self.at + 2]
            items = self._split(start, stem, True) if following and following[0].start <= m.end + 1 else []
            return items if len(items) > 1 and self._dealt(len(items)) else []
        if "、" not in self.folded[start:stem] and not each:
            return []
        items = self._split(start, stem, each)
        if not each and not all(self._indicator(a, b) for a, b in items):
            return []
        return items

    def _indicator(self, start: int, end: int) -> bool:
        return end - start > 2 and ph.indicator_before(self.folded, start, end) != ""

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
            if folded.count("“", at, a) != folded.count("”", at, a) or folded.count("(", at, a) != folded.count(
                ")", at, a
            ):
                continue
            if a > at:
                out.append((at, a))
            at = sep.end()
        if at < end:
            out.append((at, end))
        return out

    def _apart(self, m: Measure, place: Place, middle: int | None = None) -> None:
        """A、B分别增长8%和20%: one subject each, in order. ``middle``: 分别 stands before a deed (A、B分别新建泵站2座、3座)."""
        items = self._split(place.noun, place.stem if middle is None else middle, True)
        if not items and (named := self._named_before()):
            subject, *self.spread = named
            self._add(m, place, place.left, subject)
            place.right = m.end
        elif len(items) < 2:
            self._alone(m, place)
            self.spread = [self.p.text[place.noun : place.stem]] * 3 if place.noun < place.stem else []
            place.right = m.end
        else:
            self._deal(m, place, items, "" if middle is None else self.p.text[middle + 2 : place.stem])

    def _named_before(self) -> list[str]:
        """收入100亿元、游客1000万人次,分别增长10%、12%: the subjects just counted, when they are as many as the figures."""
        gaps = (after.start - before.end for before, after in pairwise(self.measures[self.at :]))
        run = 1 + sum(1 for _ in takewhile(lambda gap: gap <= 1, gaps))
        subjects = list(dict.fromkeys(target.subject for target in self.out[-run:]))
        return subjects if len(subjects) == run > 1 else []

    def _deal(self, m: Measure, place: Place, items: list[tuple[int, int]], tail: str = "") -> None:
        """The first subject now, the others to the figures that follow. ``tail``: the deed all share."""
        subject, *self.spread = (word + tail for word in self._whole(items))
        self._add(m, place, items[0][0], subject)
        place.right = m.end

    def _next_of_spread(self, m: Measure, place: Place, last: Place) -> None:
        subject, *self.spread = self.spread
        if not place.verb and not (place.word and m.family != self.family):  # 增长5%和突破1亿美元
            place.verb = last.verb
        if not place.word:
            place.bound, place.word = last.bound, last.word
        elif m.word and last.bound == "exact" and self.out:
            self._also_bound(place)
        self._add(m, place, m.start, subject)

    def _also_bound(self, place: Place) -> None:
        """分别增长6%、7.5%以上: the bound word holds for both."""
        self.out[-1] = msgspec.structs.replace(self.out[-1], bound=place.bound, wording=self._wording(place.word))

    def _wording(self, word: tuple[int, int] | None) -> Wording | None:
        if word:
            start, end = word
        elif self.promise and self.promise[1] != "ensure":
            start, end = self.promise[0].span()
        else:
            return None
        return Wording(text=self.p.text[start:end], at=Span(self.p.block, start, end))

    def _add(self, m: Measure, place: Place, start: int, subject: str) -> None:
        p, folded = self.p, self.folded
        end = max(place.right, m.end)
        if self.out and start < self.out[-1].at.end <= m.start:  # what is named behind a figure is that figure's alone
            start = self.out[-1].at.end
        while start < m.start and folded[start] in " 、,":
            start += 1
        if self.nameless == len(self.out) - 1 >= 0 and self.out[-1].unit == m.unit and place.right > m.end:
            self.out[-1] = msgspec.structs.replace(self.out[-1], subject=subject)
        self.said = self.promise or self._verb(m, place)
        baseline = None
        if self.hole and self.hole.baseline:
            b = self.hole.measure
            baseline = Baseline(value=b.value or 0.0, unit=b.unit or "", at=Span(p.block, b.start, b.end))
        self.out.append(
            Target(
                quote=p.text[start:end],
                at=Span(p.block, start, end),
                subject=subject.strip(" 、的"),
                kind=kind_of(
                    m,
                    place.verb or ("rise" if place.compared or self._gains(m, place) else ""),
                    folded,
                    place.left,
                    place.noun,
                    place.stem,
                ),
                bound=place.bound,
                value=m.value,
                value_to=m.value_to,
                unit=self._unit(m),
                baseline=baseline,
                strength=strength_of(self.promise),
                wording=self._wording(place.word),
                promise=promise(p.block, p.text, self.said),
            )
        )

    def _verb(self, m: Measure, place: Place) -> Word | None:
        """The verb of promise next to a measure, or the one before a list that goes on: 建成书房4个、公园2个."""
        own = verb_of(self.folded, ((place.stem, m.start), (max(place.clause, self.end), place.noun)))
        last = self.last if self.last and self.last.clause == place.clause else None
        goes_on = last is not None and place.left == place.noun and place.verb in ("", last.verb)
        return own or (self.said if goes_on and not (self.said and self.said[1] in GOVERNING) else None)

    def _unit(self, m: Measure) -> str | None:
        """As the document writes it: brackets keep their width."""
        if m.unit and "(" in m.unit:
            at = self.folded.find("(", m.start, m.end)
            return m.unit.replace("(", self.p.text[at]).replace(")", self.p.text[self.folded.find(")", at)])
        return m.unit


def read_value_cell(p: Passage, subject: Passage) -> tuple[Target, ...]:
    """Targets of a table's value column; what the cell does not name is named by the end of the task's wording."""
    found = _measures(p)
    if not found:
        return ()
    reader = TargetReader(p, found)
    reader.subject, reader.verb = _closing_subject(subject)
    return tuple(reader.read())


_GROWING = re.compile(rf"(?:增速|增幅|{any_of(ph.WORDS['growing'])}?增长)$")
_SETTING = late(rf"(?:实现|保持|控制在.{{0,6}}|{any_of(ph.WORDS['setting'])}|稳中有[升进降])$")


def _closing_subject(p: Passage) -> tuple[str, str]:
    """The subject with which a task's wording ends (…，全年地区生产总值增速), and the verb it brings."""
    folded, end = p.folded, p.end
    while end > p.start and folded[end - 1] in "。;,.:、 ":
        end -= 1
    start = max(p.start, end - ph.LOOK)
    for stop in STOP.finditer(folded, start, end):
        start = stop.end()
    growing = _GROWING.search(folded, start, end)
    stem = growing.start() if growing else end
    setting = _SETTING.search(folded, start, stem)
    if setting and setting.start() > start:
        stem = setting.start()
    at = ph.opened(folded, start, stem)
    at = ph.opened(folded, ph.deeds(folded, at, stem), stem)
    if at >= stem:
        at = start
    return p.text[at:stem], "grow" if growing else ""
