"""Which task of the ledger a report answers: by unit, number, wording, shared subjects, quantities and named things.

Nothing is guessed in silence: a match that is weak, or nearly as likely elsewhere, says so; one too weak is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from luoshi.reading.accounts.account import AccountItem, Reason, TaskMatch
from luoshi.reading.ledger import Ledger, Section, Task
from luoshi.reading.likeness import Wordings
from luoshi.reading.page import squeeze
from luoshi.reading.rule import fold

LEAST = 0.3
"""Score below which no task is taken for the item's."""
SURE = 0.5
"""Score below which a match is a doubt."""
APART = 0.08
"""Two tasks nearer than this in score: the match is a doubt and names the other."""
_MARKS = re.compile(r"[\s,。;:、()“”\"'《》%.·\d\[\]]")
_CONNECTING = re.compile(
    r"确保|力争|争取|完成|推进|加快|推动|新增|新建|建成|达到|以上|左右|全年|年内|进一步|全县|全市|截至|累计|年度|目标|任务|进度|序时|目前|已|下一步|预计"
)
_NUMERALS = {c: str(n) for n, c in enumerate("一二三四五六七八九十", 1)}


def plain(text: str) -> str:
    """A wording without figures, marks and the words that every report has."""
    return _CONNECTING.sub("", _MARKS.sub("", fold(text)))


@dataclass(frozen=True)
class Candidate:
    """A task of the ledger with what is compared of it."""

    path: str
    section: Section
    task: Task

    @cached_property
    def words(self) -> str:
        return plain((self.task.title or "") + self.task.text)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(plain(t.subject) for t in self.task.targets if len(plain(t.subject)) > 1))

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(plain(thing.name) for thing in self.task.deliverables)

    @cached_property
    def quantities(self) -> frozenset[tuple[float, str]]:
        return frozenset((t.value, t.unit or "") for t in self.task.targets if t.value is not None)


@dataclass(frozen=True)
class Told:
    """An item with what is compared of it: its heading and task as written, and everything it reports."""

    item: AccountItem
    heading: str
    body: str
    units: tuple[str, ...]

    @cached_property
    def numbers(self) -> frozenset[tuple[float, str]]:
        """Every number with the first characters of what follows it."""
        found: set[tuple[float, str]] = set()
        for number, unit in re.findall(r"(\d[\d.]{0,12})([^\W\d_]{1,3})", fold(self.heading + self.body)):
            if number.count(".") < 2:
                found |= {(float(number), unit[:n]) for n in range(1, len(unit) + 1)}
        return frozenset(found)


class Matcher:
    """Matches the items of one account with the tasks of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.tasks = [Candidate(path, section, task) for path, _, section, task in ledger.tasks()]

    def match(self, items: Sequence[Told], meant: Sequence[str | None] = ()) -> list[TaskMatch | None]:
        """The best task for each item, in order; None where no task is likely enough.

        ``meant``: for each item the path of the task that its own sentences name, which is then the one.
        """
        if not self.tasks:
            return [None] * len(items)
        words = [task.words for task in self.tasks]
        headings, bodies = [plain(told.heading) for told in items], [plain(told.body) for told in items]
        among = [*words, *headings]
        by_heading, by_body = Wordings(headings, words, among), Wordings(bodies, words, among + bodies)
        likely: list[set[int]] = [set() for _ in items]
        for wordings in (by_heading, by_body):
            for i, j in wordings.candidates():
                likely[i].add(j)
        found: list[TaskMatch | None] = []
        for i, told in enumerate(items):
            text = headings[i] + bodies[i]
            scored = [
                (*self._score(told, text, self.tasks[j], by_heading.likeness(i, j), by_body.likeness(i, j)), j)
                for j in sorted(likely[i])
            ]
            found.append(self._best(scored))
        return [self._named(path, best) if path else best for path, best in zip_longest(meant, found)]

    def _named(self, path: str, best: TaskMatch | None) -> TaskMatch:
        """The task that an item's sentences name: as sure as the words make it, and never less than sure."""
        score, reasons = (best.score, best.reasons) if best and best.path == path else (SURE, ())
        return TaskMatch(path=path, score=max(score, SURE), reasons=reasons or ("wording",))

    def _best(self, scored: list[tuple[float, tuple[Reason, ...], int]]) -> TaskMatch | None:
        if not scored:
            return None
        ranked = sorted(scored, key=lambda s: (-s[0], s[2]))
        score, reasons, at = ranked[0]
        if score < LEAST:
            return None
        others = tuple(self.tasks[j].path for other, _, j in ranked[1:4] if score - other < APART and other >= LEAST)
        return TaskMatch(path=self.tasks[at].path, score=round(min(score, 1.0), 3), reasons=reasons, others=others)

    def _score(
        self, told: Told, text: str, task: Candidate, heading: float, body: float
    ) -> tuple[float, tuple[Reason, ...]]:
        reasons: list[Reason] = []
        wording = max(heading, 0.85 * body)
        score = 0.55 * wording
        if wording >= 0.3:
            reasons.append("wording")
        if told.units and task.task.units:
            same = any(same_unit(a, unit.name) for a in told.units for unit in task.task.units)
            score += 0.1 if same else -0.12
            if same:
                reasons.append("unit")
        if subjects := [subject for subject in task.subjects if subject in text or most_of(subject, text)]:
            score += 0.22 * (0.5 + 0.5 * len(subjects) / len(task.subjects))
            reasons.append("subject")
        if task.names and (named := [name for name in task.names if name in text]):
            score += 0.22 * (0.6 + 0.4 * len(named) / len(task.names))
            reasons.append("deliverable")
        if told.numbers & task.quantities and "subject" in reasons:
            score += 0.08
            reasons.append("quantity")
        if _same_number(told.item.number, task.task.number) and wording >= 0.3:
            score += 0.05
            reasons.append("number")
        return score, tuple(reasons)


def most_of(subject: str, text: str) -> bool:
    """Whether most pairs of a subject's characters stand in the text (老旧小区综合改造: 老旧小区改造)."""
    pairs = {subject[i : i + 2] for i in range(len(subject) - 1)}
    return len(pairs) >= 3 and sum(pair in text for pair in pairs) * 9 >= len(pairs) * 5


def _same_number(one: str | None, other: str | None) -> bool:
    def bare(text: str) -> str:
        words = squeeze(fold(text)).strip("().、")
        return _NUMERALS.get(words, words)

    return bool(one and other) and bare(one or "") == bare(other or "")


_PLACE = re.compile(r"^[^\W\d]{2,4}(?:自治)?[省市县区旗](?=.{2})")


def same_unit(one: str, other: str) -> bool:
    """县住建局 is 澜湾县住房和城乡建设局: the shorter name's characters stand in the longer one in order.

    >>> same_unit("县住建局", "澜湾县住房和城乡建设局"), same_unit("县教育局", "县水利局")
    (True, False)
    """
    a, b = sorted((_bare(one), _bare(other)), key=len)
    if not a:
        return False
    at = 0
    for c in b:
        at += at < len(a) and a[at] == c
    return at == len(a)


def _bare(name: str) -> str:
    words = re.sub(r"\([^()]{1,20}\)", "", squeeze(fold(name)))
    words = _PLACE.sub("", words)
    return re.sub(r"^[县市区省州]", "", words)
