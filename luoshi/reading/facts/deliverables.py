"""Deliverables: named projects, facilities, schemes and titles, and what is to happen to each this year.

A stage verb opens the clause (开工建设A、B) or stands behind the names (A、B建成投用); in a list each part may bring its own
(推动A投产、B开工). General activities without a name of their own give nothing, and what is counted is a target only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from luoshi.reading.facts import Passage
from luoshi.reading.ledger import Deliverable, Span, Stage, Strength, Target
from luoshi.reading.rule import any_of
from luoshi.reading.words import load

_WORDS = load("stages")
_STAGES: tuple[Stage, ...] = ("advance", "start", "plan", "break_ground", "complete", "in_use", "prepare", "award")
"""Weakest first: of two verbs side by side (谋划推进, 建成开放) the stronger says what happens."""
_WEIGHT = {stage: weight for weight, stage in enumerate(_STAGES)}
BEFORE: dict[str, Stage] = {w: s for s in _STAGES for w in _WORDS[f"{s} before"]}
BEHIND: dict[str, Stage] = {w: s for s in _STAGES for w in _WORDS[f"{s} after"]}

_DATE = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|份|中旬|初)?前?|\d{4}年(?:底前?|末)?|第?[一二三四]季度"
_ADVERB = re.compile(rf"(?:{any_of(_WORDS['adverb'])}|{_DATE}| ){{0,8}}")
_BEFORE = re.compile(any_of(BEFORE))
_BEHIND = re.compile(any_of(BEHIND))
_EITHER = re.compile(any_of([*BEFORE, *BEHIND]))
_STOP = re.compile(r"[,;。:!?\n]")
_LIST = re.compile(r"、|和(?!谐|美|平)|与|及(?!以上|其他|时)|以及|并")
# Tails are matched from right to left; closing quotes, a bracket (老年大学) or a version (2.0) may stand behind them.
_CLOSING = r"(?:0\.\d{1,2})?(?:\)[^()]{1,30}\()?”?"
_TAILS = ("facility", "no facility", "scheme", "scheme tail only", "title", "event", "place work")
_FACILITY_TAIL, _NO_FACILITY, _SCHEME, _SCHEME_ONLY, _TITLE_TAIL, _EVENT, _PLACE_WORK = (1 << i for i in range(len(_TAILS)))


def _tails() -> dict[str, int]:
    """The last words of names, from right to left, with every list they stand in (also by their own last words)."""
    bits: dict[str, int] = {}
    for i, title in enumerate(_TAILS):
        for word in _WORDS[title]:
            bits[word[::-1]] = bits.get(word[::-1], 0) | 1 << i
    return {word: sum({bits.get(word[:n], 0) & 1 << i for n in range(1, len(word) + 1) for i in range(len(_TAILS))}) for word in bits}


_TAIL_BITS = _tails()
_TAIL = re.compile(f"{_CLOSING}(?P<word>{any_of(_TAIL_BITS)})")
_PREPARE_OBJECT = re.compile(rf"(?:{any_of(w[::-1] for w in _WORDS['prepare object'])}){{1,3}}")
_ADVERB_BEHIND = re.compile(
    any_of(w[::-1] for w in (*_WORDS["adverb"], *_WORDS["behind adverb"]))
    + r"|前?(?:底|初|末|中旬|下旬|上旬|份)?月\d{1,2}(?:年\d{4})?|前?末?底?年\d{4}|度季[一二三四]第?"
)
# Behind an opening verb these belong to the name: 启动勤丰片区城中村改造.
_NOUNLIKE = frozenset(_WORDS["noun after"])
# 总投资31亿元的|澜湾大桥
_DESCRIBED = re.compile(r"(?:总投资|投资|全长|占地|总建筑面积|总长)[^,;。、的]{1,20}的")
_SHORT_QUOTE = re.compile(r"“[^”]{1,4}”$")
_REPORT = re.compile(r"已(?!有|经)|截至|截止|目前|尚有|仍有|前\d{1,2}个月|由|完成率")
_THRESHOLD = re.compile(r"\d[^\d,;。、]{1,6}以[上下]")
_THEN = re.compile(rf"[并后]?(?:{any_of(BEHIND)})")
_VERSION = re.compile(r"0\.\d{1,2}")
_FACILITY = re.compile(any_of(w for w in _WORDS["facility"] if len(w) > 1))
_ETC_NAMES = re.compile(r"等[^,;。跟让向]{0,16}(?:项目|工程|板块|场景|应用|街区|平台|园区|校区|学校|小区|活动|建设|区块|医院|场馆|景区|行动|计划|路|品牌)")
_GENERIC = re.compile(rf"(?:{any_of(_WORDS['generic'])}){{1,30}}")
_DETAIL_PREPARE = re.compile(any_of(_WORDS["detail prepare"]))
_DETAIL_ADVANCE = re.compile(any_of(_WORDS["detail advance"]))
_STRIVE = re.compile(r"力争|争取|争创|努力|力求|争当|奋力|冲刺")
_TITLE = re.compile(r"国家|全国|省级|市级|省|世界|中国|全省|千年|百强|国际|[一二三四五]级|\dA级|[三四五]星级")
_LONG = 60


@dataclass(slots=True)
class Clause:
    start: int
    end: int
    strive: bool = False


def read_deliverables(p: Passage, targets: tuple[Target, ...]) -> tuple[Deliverable, ...]:
    """Every named thing of a task's wording with its stage, in order. ``targets`` are those of the same wording."""
    return tuple(DeliverableReader(p, targets).read())


class DeliverableReader:
    """Reads one passage clause by clause; clauses without a stage verb are passed over."""

    def __init__(self, p: Passage, targets: tuple[Target, ...]) -> None:
        self.p, self.folded, self.targets = p, p.folded, targets
        self.reverse = p.folded[p.start : p.end][::-1]
        self.out: list[Deliverable] = []

    def read(self) -> list[Deliverable]:
        p, folded = self.p, self.folded
        stops = [m.start() for m in _STOP.finditer(folded, p.start, p.end)]
        at = p.start
        while hit := _EITHER.search(folded, at, p.end):
            i = bisect_right(stops, hit.start())
            start = stops[i - 1] + 1 if i else p.start
            end = stops[i] if i < len(stops) else p.end
            self._clause(max(start, hit.start() - 200), end)
            at = end + 1
        return self.out

    def _clause(self, start: int, end: int) -> None:
        """One clause: verbs at its beginning, then names, each group perhaps with a verb behind it."""
        folded = self.folded
        stage: Stage | None = None
        at = self._adverbs(start, end)
        opening = at
        while match := _BEFORE.match(folded, at, end):
            found = BEFORE[match.group()]
            if folded.startswith(("深入", "继续", "持续", "全面", "扎实", "纵深"), start) and found == "start" and match.group() == "实施":
                found = "advance"
            if stage is None or _WEIGHT[found] > _WEIGHT[stage]:
                stage = found
            opening = match.end()
            at = self._adverbs(opening, end)
        at = opening
        strive = bool(_STRIVE.search(folded, start, at))
        group = at
        for match in _BEHIND.finditer(folded, at, end):
            if match.start() < group or match.start() - group < 2 or self._inside(group, match.start()):
                continue
            if not self._closes(match, end) or self._goes_on(match, end):
                continue
            own = self._behind_stage(match, end)
            if own is None or (stage is not None and (own in ("prepare", "advance") or self._part_of_name(match, end))):
                continue
            willing = strive or bool(_STRIVE.search(folded, group, match.end()))
            before = len(self.out)
            self._names(group, match.start(), own, willing, True)
            if own == "award" and len(self.out) == before:
                self._names(match.end(), end, own, willing, False)
            group = self._next_group(match, end)
        if stage is not None and group < end:
            self._names(group, end, stage, strive, False)

    def _adverbs(self, start: int, end: int) -> int:
        match = _ADVERB.match(self.folded, start, end)
        return match.end() if match else start

    def _inside(self, start: int, at: int) -> bool:
        """Whether a place stands inside quotation marks or brackets opened since ``start``."""
        count = self.folded.count
        return count("“", start, at) > count("”", start, at) or count("(", start, at) > count(")", start, at)

    def _closes(self, match: re.Match[str], end: int) -> bool:
        """A verb behind its names ends its part of the clause, or goes on to say what is completed or won."""
        at = match.end()
        if at >= end or self.folded[at] in "、和并及等)":
            return True
        if self.folded[at] in "率度量额":
            return False
        return match.group() in ("完成", "争创", "创成", "获评", "启动", "晋升", "创建", "完成投资", "完成年度投资", "加快", "推进", "通过") or bool(
            _BEHIND.match(self.folded, at, end)
        )

    def _part_of_name(self, match: re.Match[str], end: int) -> bool:
        """推进文明城市创建: behind an opening verb some verbs belong to the name, unless they have an object."""
        return match.group() in _NOUNLIKE and (match.end() >= end or self.folded[match.end()] in "、和与及等")

    def _goes_on(self, match: re.Match[str], end: int) -> bool:
        """二期扩建加快建设, 改造提升并对外开放: what happens is said by the verb that follows."""
        return match.group() in _NOUNLIKE and _THEN.match(self.folded, match.end(), end) is not None

    def _behind_stage(self, match: re.Match[str], end: int) -> Stage | None:
        stage = BEHIND[match.group()]
        at = match.end()
        while more := _BEHIND.match(self.folded, at, end):
            if _WEIGHT[BEHIND[more.group()]] > _WEIGHT[stage]:
                stage = BEHIND[more.group()]
            at = more.end()
        if match.group() == "完成" and at < end:
            if _DETAIL_PREPARE.search(self.folded, at, end):
                return "prepare"
            if _DETAIL_ADVANCE.match(self.folded, at, end):
                return "advance"
        if match.group() in ("加快", "推进", "启动") and at < end and self.folded[at] not in "、和并及":
            return "prepare" if _DETAIL_PREPARE.search(self.folded, at, end) else None
        return stage

    def _next_group(self, match: re.Match[str], end: int) -> int:
        at = self.folded.find("、", match.end(), end)
        return end if at < 0 else at + 1

    # -- names

    def _names(self, start: int, end: int, stage: Stage, strive: bool, behind: bool) -> None:
        """Every name of a list between two places."""
        listed = self._etc(start, end)
        etc = listed < end and _ETC_NAMES.match(self.folded, listed, end) is not None
        end = listed
        start = self._adverbs(start, end)
        if not behind:
            tail = _PREPARE_OBJECT.match(self.reverse, self.p.end - end, self.p.end - start)
            if tail and stage in ("complete", "advance", "start", "prepare"):
                stage = "prepare"
                end = max(start, end - (tail.end() - tail.start()))
        items = [self._trim(a, b, behind) for a, b in self._split(start, end)]
        named = [self._named(a, b, stage, behind) for a, b in items]
        # Beside a sure name, or before 等项目, what is not made of general words alone is a name too.
        sure = any(named) and stage in ("break_ground", "complete", "in_use")
        for (a, b), name in zip(items, named, strict=True):
            if name or (b - a >= (2 if etc else 4) and (etc or sure) and self._own_words(a, b)):
                self._add(a, b, stage, strive)

    def _etc(self, start: int, end: int) -> int:
        at = self.folded.find("等", start + 2, end)
        while at >= 0 and (self.folded[at + 1 : at + 2] in "级候待" or self._inside(start, at)):
            at = self.folded.find("等", at + 1, end)
        return end if at < 0 else at

    def _split(self, start: int, end: int) -> list[tuple[int, int]]:
        folded = self.folded
        out, at = [], start
        for sep in _LIST.finditer(folded, start, end):
            a = sep.start()
            if a < at or self._inside(at, a):
                continue
            if sep.group() != "、" and not (
                sep.group() in ("和", "与", "以及", "并") and self._tail(at, a) & (_FACILITY_TAIL | _SCHEME)
            ):
                continue
            out.append((at, a))
            at = sep.end()
        out.append((at, end))
        return out

    def _trim(self, start: int, end: int, behind: bool) -> tuple[int, int]:
        """Without adverbs before and the words of doing behind the name."""
        folded, last = self.folded, self.p.end
        start = self._adverbs(start, end)
        described = _DESCRIBED.match(folded, start, end)
        if described:
            start = described.end()
        while end > start:
            tail = _TRAILING.match(self.reverse, last - end, last - start) or (
                _ADVERB_BEHIND.match(self.reverse, last - end, last - start) if behind else None
            )
            if not tail or tail.end() == tail.start():
                break
            end -= tail.end() - tail.start()
        while start < end and folded[start] in " 、":
            start += 1
        return start, end

    def _tail(self, start: int, end: int) -> int:
        """Which lists the last word of a name stands in, as bits."""
        match = _TAIL.match(self.reverse, self.p.end - end, self.p.end - start)
        return _TAIL_BITS[match["word"]] if match else 0

    def _named(self, start: int, end: int, stage: Stage, behind: bool) -> bool:
        folded, last = self.folded, self.p.end
        if end - start > _LONG or end - start < 3:
            return False
        if _THRESHOLD.search(folded, start, end):
            return False
        for target in self.targets:
            if target.at.start < end and start < target.at.end:
                return stage == "award" and target.value == 1
        tail = self._tail(start, end)
        if stage == "award" and not behind:
            return bool(tail & _TITLE_TAIL) and bool(_TITLE.search(folded, start, end))
        generic = _GENERIC.match(folded, start, end)
        if generic and generic.end() == end:
            if tail & _FACILITY_TAIL and stage in ("break_ground", "in_use", "start"):
                return end - start > (4 if stage in ("break_ground", "in_use") else 5)
            return end - start > 5 and folded.startswith(("行动", "计划", "攻坚"), end - 2)
        if tail & _FACILITY_TAIL and not tail & _NO_FACILITY:
            return stage != "advance" or not _SHORT_QUOTE.match(folded, start, end)
        if _VERSION.match(self.reverse, last - end) or tail & _SCHEME_ONLY:
            return True
        if tail & _SCHEME and stage in ("complete", "break_ground", "in_use", "prepare", "start", "plan"):
            return True
        if tail & _EVENT and stage in ("complete", "prepare"):
            return True
        if tail & _PLACE_WORK and stage == "advance" and _FACILITY.search(folded, start, end):
            return True
        own = behind and stage in ("in_use", "break_ground", "complete") and end - start > 4
        return own and not _REPORT.search(folded, start, end)

    def _own_words(self, start: int, end: int) -> bool:
        if any(t.at.start < end and start < t.at.end for t in self.targets) or end - start > 30:
            return False
        generic = _GENERIC.match(self.folded, start, end)
        return generic is None or generic.end() < end

    def _add(self, start: int, end: int, stage: Stage, strive: bool) -> None:
        strength: Strength = "strive" if strive else "commit"
        self.out.append(
            Deliverable(name=self.p.text[start:end], stage=stage, strength=strength, at=Span(self.p.block, start, end))
        )


_TRAILING = re.compile(r"设建|发开|作工|目项(?=[级]大?重)|收验|设建目项")
