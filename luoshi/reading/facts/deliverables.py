"""Deliverables: named projects, facilities, schemes and titles, and what is to happen to each this year.

A stage verb opens the clause (开工建设A、B) or stands behind the names (A、B建成投用); in a list each part may bring its own
(推动A投产、B开工). General activities without a name of their own give nothing, and what is counted is a target only.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from luoshi.reading.facts import Passage
from luoshi.reading.facts.named import FACILITY, SCHEME, Names
from luoshi.reading.facts.stages import STAGE_VERBS, WORDS, adverbs, opening, verbs_behind
from luoshi.reading.ledger import Deliverable, Span, Stage, Strength, Target
from luoshi.reading.rule import any_of

_STOP = re.compile(r"[,;。:!?\n]")
_LIST = re.compile(r"、|(?<=”)(?=“)|和(?!谐|美|平)|与|以及|并")
_STRIVE = re.compile(any_of(WORDS["strive"]))
# 等重大项目, 等一批文旅工程: what stands before is a list of names.
_ETC_NAMES = re.compile(rf"等[^,;。跟让向]{{0,16}}{any_of(WORDS['etc names'])}")
_LOOK = 400
"""Longest clause read, in characters; a longer one is read in parts."""


def read_deliverables(p: Passage, targets: tuple[Target, ...]) -> tuple[Deliverable, ...]:
    """Every named thing of a task's wording with its stage, in order. ``targets`` are those of the same wording."""
    return tuple(DeliverableReader(p, targets).read())


class DeliverableReader:
    """Reads one passage clause by clause; clauses without a stage verb are passed over."""

    def __init__(self, p: Passage, targets: tuple[Target, ...]) -> None:
        self.p, self.folded = p, p.folded
        self.names = Names(p.folded, p.folded[p.start : p.end][::-1], p.end)
        self.counted = sorted((t.at.start, t.at.end, t.value == 1) for t in targets)
        self.out: list[Deliverable] = []

    def read(self) -> list[Deliverable]:
        """The deliverables of all clauses."""
        p, folded = self.p, self.folded
        stops = [m.start() for m in _STOP.finditer(folded, p.start, p.end)]
        at = p.start
        while found := next(STAGE_VERBS.find(folded, at, p.end), None):
            verb = found[0]
            i = bisect_right(stops, verb.start())
            start = max(stops[i - 1] + 1 if i else p.start, at, verb.start() - _LOOK // 2)
            end = min(stops[i] if i < len(stops) else p.end, verb.start() + _LOOK)
            self._clause(start, end)
            at = end
        return self.out

    def _clause(self, start: int, end: int) -> None:
        """One clause: verbs at its beginning, then names, each group perhaps with a verb behind it."""
        folded = self.folded
        stage, at = opening(folded, start, end)
        strive = bool(_STRIVE.search(folded, start, at))
        group = at
        for verb, after, own in verbs_behind(folded, at, end, stage is not None):
            if verb - group < 2 or self._inside(group, verb):
                continue
            willing = strive or bool(_STRIVE.search(folded, group, after))
            before = len(self.out)
            self._list(group, verb, own, willing, behind=True)
            if own == "award" and len(self.out) == before:
                self._list(after, end, own, willing, behind=False)
            comma = folded.find("、", after, end)
            group = end if comma < 0 else comma + 1
        if stage is not None and group < end:
            self._list(group, end, stage, strive, behind=False)

    def _inside(self, start: int, at: int) -> bool:
        """Whether a place stands inside quotation marks or brackets opened since ``start``."""
        count = self.folded.count
        return count("“", start, at) > count("”", start, at) or count("(", start, at) > count(")", start, at)

    def _list(self, start: int, end: int, stage: Stage, strive: bool, *, behind: bool) -> None:
        """Every name of a list between two places."""
        listed = self._etc(start, end)
        etc = listed < end and _ETC_NAMES.match(self.folded, listed, end) is not None
        start, end = adverbs(self.folded, start, listed), listed
        if not behind and stage in ("complete", "advance", "start", "prepare"):
            name_end = self.names.without_preparation(start, end)
            if name_end < end:
                stage, end = "prepare", name_end
        items = [self.names.trim(a, b, behind) for a, b in self._split(start, end)]
        kept = [self._counted(a, b, stage) for a, b in items]
        named = [free and self.names.named(a, b, stage, behind) for (a, b), free in zip(items, kept, strict=True)]
        if stage == "award" and any(named):  # 省级A、B: the level of the first holds for the list
            named = [
                n or (free and self.names.titled(a, b)) for (a, b), n, free in zip(items, named, kept, strict=True)
            ]
        # Beside a sure name, or before 等项目, what is not made of general words alone is a name too.
        least = 2 if etc else 4 if any(named) and stage in ("break_ground", "complete", "in_use") else 1000
        for (a, b), name, free in zip(items, named, kept, strict=True):
            if name or (free and b - a >= least and self.names.own_words(a, b)):
                self._add(a, b, stage, strive)

    def _counted(self, start: int, end: int, stage: Stage) -> bool:
        """False for what is counted and therefore a target; one title each (各1个) is both."""
        i = bisect_left(self.counted, (end,))
        for at, to, single in self.counted[max(0, i - 6) : i]:
            if at < end and start < to:
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
            if sep.group() not in ("、", "") and not self.names.tail(at, a) & (FACILITY | SCHEME):
                continue
            out.append((at, a))
            at = sep.end()
        out.append((at, end))
        return out

    def _add(self, start: int, end: int, stage: Stage, strive: bool) -> None:
        strength: Strength = "strive" if strive else "commit"
        at = Span(self.p.block, start, end)
        self.out.append(Deliverable(name=self.p.text[start:end], stage=stage, strength=strength, at=at))
