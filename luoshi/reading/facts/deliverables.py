"""Deliverables: named projects, facilities, schemes and titles, and what is to happen to each this year.

A stage verb opens the clause (开工建设A、B) or stands behind the names (A、B建成投用); in a list each part may bring its own
(推动A投产、B开工). General activities without a name of their own give nothing, and what is counted is a target only.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from luoshi.reading.facts import Passage
from luoshi.reading.facts.named import FACILITY, SCHEME, Names
from luoshi.reading.facts.promises import Word, governing, promise, strength_of, verb_of
from luoshi.reading.facts.stages import (
    NOUNLIKE,
    WORDS,
    adverbs,
    first_verb,
    opening,
    stronger,
    untold_stage,
    verbs_behind,
)
from luoshi.reading.ledger import Deliverable, Grade, Span, Stage, Target
from luoshi.reading.rule import any_of

_LIST = re.compile(
    r"、|和(?!谐|美|平)|与|以及|并|“(?<=”“)"
)  # a quotation mark that opens where another closed parts as well
# 等重大项目, 等一批文旅工程: what stands before is a list of names.
_ETC_NAMES = re.compile(rf"等[^,;。跟让向]{{0,16}}{any_of(WORDS['etc names'])}")
# What stands behind one of these in a clause has been done already.
_DONE = re.compile(r"目(?<!项目)前|截至|截止|现已|已(?<![早而]已)(?![有经批])")
_FIGURE = re.compile(r"\d")
_CAMPAIGN = re.compile("开展(?![^,;。、]{0,12}“)")  # only in quotation marks it has a name
# The grades of the verbs that say a stage; 开工 and 启动 say no more than themselves.
_GRADES: dict[Stage, tuple[Grade, ...]] = {
    "plan": ("plan",), "prepare": ("plan", "advance"), "start": ("advance",), "break_ground": ("advance",),
    "advance": ("advance",), "complete": ("complete",), "in_use": ("complete",), "award": ("contend", "complete"),
}  # fmt: skip
_LOOK = 400
"""Longest clause read, in characters; a longer one is read in parts."""


def read_deliverables(p: Passage, targets: tuple[Target, ...], title: Passage | None = None) -> tuple[Deliverable, ...]:
    """Every named thing of a task's wording with its stage, in order. ``targets`` are those of the same wording.

    ``title`` is the task's own heading: where the wording names nothing and only says what happens (3月底开诊), it is the name.
    """
    reader = DeliverableReader(p, targets, title is not None)
    found = reader.read()
    if found or title is None or reader.untold is None:
        return tuple(found)
    names = Names(title.folded, title.folded[title.start : title.end][::-1], title.end)
    if not names.project(title.start, title.end):
        return ()
    stage, word = reader.untold
    name, at = title.text[title.start : title.end], Span(title.block, title.start, title.end)
    said, strength = promise(p.block, p.text, word), strength_of(word)
    return (Deliverable(name=name, stage=stage, strength=strength, at=at, promise=said),)


class DeliverableReader:
    """Reads one passage clause by clause; clauses without a stage verb are passed over."""

    def __init__(self, p: Passage, targets: tuple[Target, ...], titled: bool = False) -> None:
        self.p, self.folded, self.titled = p, p.folded, titled
        self.names = Names(p.folded, p.folded[p.start : p.end][::-1], p.end)
        self.stops = p.stops()
        self.counted = sorted((t.at.start, t.at.end, t.value == 1) for t in targets)
        self.out: list[Deliverable] = []
        self.reports = _DONE.search(p.folded, p.start, p.end) is not None
        self.done = p.start  # where the sentence ends that tells what is done already
        self.verbs: tuple[tuple[int, int], ...] = ()  # where the verbs over the names in hand stand
        self.untold: tuple[Stage, Word | None] | None = None  # what happens to something the wording does not name

    def read(self) -> list[Deliverable]:
        """The deliverables of all clauses."""
        folded, at, last = self.folded, self.p.start, self.p.end
        while (verb := first_verb(folded, at, last)) >= 0:
            floor = at if verb - at < _LOOK // 2 else verb - _LOOK // 2
            ceiling = last if last - verb < _LOOK else verb + _LOOK
            stop = bisect_left(self.stops, verb)
            before = self.stops[stop - 1] + 1 if stop else 0
            at = min(self.stops[stop], ceiling) if stop < len(self.stops) else ceiling
            self._clause(max(before, floor), at)
        return self.out

    def _clause(self, start: int, end: int) -> None:
        """One clause: verbs at its beginning, then names, each group perhaps with a verb behind it."""
        folded = self.folded
        if start < self.done:
            return
        if self.reports and (report := _DONE.search(folded, start, end)):
            self.done = folded.find("。", report.end(), self.p.end) + 1 or self.p.end
            end = report.start()
        if end - start < 2:
            return
        if self.titled and start == self.p.start:
            self._goes_untold(start, end)
        stage, at = opening(folded, start, end)
        over = governing(folded, start, at) if at - start > 1 else None
        group = at
        for verb, after, own, alone in verbs_behind(folded, at, end, stage is not None):
            if verb - group < 2 or self._inside(group, verb):
                continue
            within = governing(folded, group, after)
            willing = within if within and strength_of(over) == "commit" else over
            self.verbs = (verb, after), (start, at)
            if own == "start" and folded.startswith("落户", verb) and folded.find("争取", start, verb) >= 0:
                own = "award"
            before = len(self.out)
            self._list(group, verb, own, willing, behind=True, alone=alone)
            if own == "award" and len(self.out) == before and (after >= end or folded[after] in "、并"):
                a, b = self.names.trim(adverbs(folded, group, verb), verb, True)
                if self.names.won(a, b) and self._counted(a, b, own, verb):
                    self._add(a, b, own, willing)
            if stage is not None and len(self.out) == before and folded.startswith(NOUNLIKE, verb):
                continue  # 启动文明创建三年行动: the verb belongs to the name
            if own == "award" and len(self.out) == before:
                self._list(after, end, own, willing, behind=False)
            comma = folded.find("、", after, end)
            group = end if comma < 0 else comma + 1
        if stage is not None and group < end:
            self.verbs = ((start, at),)
            self._list(group, end, stage, over, behind=False)

    def _goes_untold(self, start: int, end: int) -> None:
        """年底开诊, 路基工程完成80%: a first clause that only says what happens; the task's title is the name."""
        at = adverbs(self.folded, start, end)
        untold = untold_stage(self.folded, self.names.part(at, end), end)
        if untold and (untold != "advance" or self._promised(at)):
            stage = stronger(self.untold[0] if self.untold else None, untold)
            self.untold = stage, governing(self.folded, start, at)

    def _inside(self, start: int, at: int) -> bool:
        """Whether a place stands inside quotation marks or brackets opened since ``start``."""
        count = self.folded.count
        return count("“", start, at) > count("”", start, at) or count("(", start, at) > count(")", start, at)

    def _list(
        self, start: int, end: int, stage: Stage, word: Word | None, *, behind: bool, alone: bool = False
    ) -> None:
        """Every name of a list between two places. ``alone``: one verb behind it says the stage."""
        goes_on = stage == "advance" and self.folded.startswith("完成", end)
        progress = behind and (goes_on or self.folded.startswith("交付", end)) and self._promised(end)
        listed = self._etc(start, end) if self.folded.find("等", start + 2, end) >= 0 else end
        if self.folded.find("、", start, listed) >= 0:
            listed = self.names.without_count(start, listed)
        etc = listed < end and _ETC_NAMES.match(self.folded, listed, end) is not None
        done, end = self._work(start, listed, stage, behind, alone or not behind)
        if done is None or (progress and self.names.without_preparation(start, end)[1]):
            return
        stage = done
        items: list[tuple[int, int, bool]] = []
        sure = False
        for a, b in self._split(start, end):
            a, b = self.names.trim(a, b, behind)
            if progress or not self.counted or self._counted(a, b, stage, listed):
                named = self.names.named(a, b, stage, behind)
                sure = sure or named
                items.append((a, b, named))
        # Beside a sure name, or before 等项目, what is not made of general words alone is a name too.
        least = 2 if etc else 4 if sure and stage in ("break_ground", "complete", "in_use") else 1000
        level = sure and stage == "award"  # 省级A、B: the level of the first holds for the list
        for a, b, named in items:
            if named or (level and self.names.titled(a, b)) or (b - a >= least and self.names.own_words(a, b)):
                self._add(a, b, stage, word)

    def _work(self, start: int, end: int, stage: Stage, behind: bool, alone: bool) -> tuple[Stage | None, int]:
        """What a list's last words say is done to its names: 完成X大桥|初步设计, X大桥|桩基施工|完成."""
        if not behind and stage in ("plan", "complete", "advance", "start", "prepare"):
            name_end, prepared = self.names.without_preparation(start, end)
            if prepared and name_end < end:
                return prepared, name_end
        if stage not in ("complete", "advance", "break_ground"):
            return stage, end
        if stage == "advance" and not behind and _CAMPAIGN.match(self.folded, start - 2):
            return None, end
        last = self.names.trimmed_end(start, end, behind)
        name_end = self.names.without_works(max(start, self.folded.rfind("、", start, last) + 1), last)
        if name_end == last:
            return stage, end
        whole = self.folded.startswith(("主体", "主楼", "建设", "工程", "主厂房"), name_end)
        return "advance" if stage == "complete" and alone and not whole else stage, name_end

    def _promised(self, at: int) -> bool:
        """Whether a target is promised right behind a place: 完成投资|3亿元 is one, a figure of what is done is none."""
        return any(start <= at + 12 and at < to for start, to, _ in self.counted)

    def _named_of(self, listed: int, to: int) -> bool:
        """Whether a count follows 等: what stands before it is named, not counted (A、B等道路8条)."""
        return self.folded.startswith("等", listed) and _FIGURE.search(self.folded, listed, to) is not None

    def _counted(self, start: int, end: int, stage: Stage, listed: int) -> bool:
        """False for what is counted and therefore a target; one title each (各1个) is both."""
        i = bisect_left(self.counted, (end,))
        for at, to, single in self.counted[max(0, i - 6) : i]:
            if at < end and start < to and not self._named_of(listed, to):
                return stage == "award" and single
        return True

    def _etc(self, start: int, end: int) -> int:
        """Where 等 ends a list."""
        at = self.folded.find("等", start + 2, end)
        while at >= 0 and (self.folded[at + 1 : at + 2] in "级候待" or self._inside(start, at)):
            at = self.folded.find("等", at + 1, end)
        return end if at < 0 else at

    def _split(self, start: int, end: int) -> list[tuple[int, int]]:
        """At 、 outside quotes and brackets; at 和 and its like only behind a name."""
        out, at = [], start
        for sep in _LIST.finditer(self.folded, start, end):
            a = sep.start()
            if a < at or self._inside(at, a):
                continue
            word = sep.group()
            if word not in "、“" and not self.names.tail(at, a) & (FACILITY | SCHEME):
                continue
            out.append((at, a))
            at = a if word == "“" else sep.end()
        out.append((at, end))
        return out

    def _add(self, start: int, end: int, stage: Stage, word: Word | None) -> None:
        p = self.p
        said = promise(p.block, p.text, word or verb_of(self.folded, self.verbs, _GRADES[stage]))
        at = Span(p.block, start, end)
        self.out.append(
            Deliverable(name=p.text[start:end], stage=stage, strength=strength_of(word), at=at, promise=said)
        )
