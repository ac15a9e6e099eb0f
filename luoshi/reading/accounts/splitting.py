"""Prose that tells of several tasks in one breath: each sentence, and each clause that speaks of another task, to its own.

A clause speaks of a task when it names its subject or project, or shares words with it that no other task has, and does so
clearly better than for any other. A clause that names nothing goes on with the one before it. What opens with 总体上 and its
like, or closes the whole as a next step of all, goes to none, and is said to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from luoshi.reading.accounts.matching import Candidate, most_of, plain, same_unit
from luoshi.reading.accounts.report import Layout, Report
from luoshi.reading.accounts.zones import WORDS, Zone, parts
from luoshi.reading.ledger import Ledger
from luoshi.reading.likeness import grams
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import any_of

_LEAST = 2.0  # evidence by which a clause speaks of a task
_BESIDE = 0.5  # share of the best evidence beyond which another task may be meant as well
_NAMED = 3.0
_SENTENCE = re.compile(r"[。;!?]")
_CLAUSE = re.compile(r",(?!\d{3}(?!\d))")
_WHOLE = re.compile(any_of(WORDS["of all"]))
_DATED = re.compile(
    r"(?:截至|截止|截止到)[^,。;]{1,14}|1\s?[-—至~]\s?\d{1,2}月(?:份)?|\d{1,2}月(?:份|底|末)|[一二三四]季度|上半年"
)
_FIRST = re.compile(any_of(WORDS["first points"]))
_TITLED = re.compile(r"(?:[一二三四五六七八九十]是|第[一二三四五六七八九十],?)?(?P<title>[^\d,。;:]{3,30}方面)[。:;]?$")
_DONE = re.compile(any_of(WORDS["signs of something done"]))


@dataclass(slots=True)
class _Sentence:
    """A stretch of a sentence that speaks of one task (its path), of none (None), or of nobody knows which ("")."""

    zone: Zone
    piece: Piece
    task: str | None
    words: str
    dated: str = ""


def split_prose(page: Page, layout: Layout, ledger: Ledger, units: Sequence[str], among: Collection[str]) -> None:
    """Take reports without number, title or cells apart where they tell of several tasks of the ledger.

    ``units``: those that report, whose tasks go first. ``among``: paths of the tasks that may be meant, all where it is empty.
    """
    speaks = _Speaks(ledger, units, among)
    out: list[Report] = []
    for report in layout.reports:
        if not _is_prose(page, report, len(layout.reports)):
            out.append(report)
            continue
        if report.title:
            report.parts.insert(0, ("progress", report.title))
        told = _settled(_sentences(page, report, speaks))
        tasks = [path for path in dict.fromkeys(one.task for one in told) if path]
        if len(tasks) < 2:
            out.append(report)
            continue
        out += [_report(path, told) for path in tasks]
        for one in told:
            if not one.task and not _is_opening(one, told):
                layout.unplaced.append(one.piece)
                if one.zone in ("problem", "next"):
                    layout.apart.append((one.zone, one.piece))
    layout.reports[:] = out


def _is_prose(page: Page, report: Report, reports: int) -> bool:
    """Whether nothing but its sentences says what a report is about; 一是…;二是… in one line is such prose too."""
    if report.cells or report.task:
        return False
    if report.number is None:
        return report.title is None
    return reports == 1 and bool(_FIRST.fullmatch(page.folded(report.number)))


def _report(path: str, told: Sequence[_Sentence]) -> Report:
    own = [one for one in told if one.task == path]
    report = Report(own[0].piece, meant=path)
    report.header = own[0].dated
    if len(own) > 1 and (titled := _TITLED.match(own[0].words)):
        start = own[0].piece.start
        report.title = Piece(own[0].piece.block, start + titled.start("title"), start + titled.end("title"))
        own = own[1:]
    report.parts = list(_joined(own))
    return report


def _joined(own: Sequence[_Sentence]) -> Iterator[tuple[Zone, Piece]]:
    """Stretches that follow one another in one zone are one piece."""
    last: tuple[Zone, Piece] | None = None
    for one in own:
        if last and last[0] == one.zone and last[1].block == one.piece.block and one.piece.start - last[1].end <= 2:
            last = (one.zone, Piece(last[1].block, last[1].start, one.piece.end))
            continue
        if last:
            yield last
        last = (one.zone, one.piece)
    if last:
        yield last


# --- what speaks of which task ------------------------------------------------------------------------------------


class _Speaks:
    """Tells which task some words speak of."""

    def __init__(self, ledger: Ledger, units: Sequence[str], among: Collection[str]) -> None:
        tasks = [Candidate(path, section, task) for path, _, section, task in ledger.tasks()]
        # What is rare is rare in the whole document: the few tasks of one unit have too many words of their own.
        self._held = Counter(gram for task in tasks for gram in set(grams(task.words)))
        if among:
            tasks = [task for task in tasks if task.path in among]
        elif units:
            own = [t for t in tasks if any(same_unit(one, unit.name) for one in units for unit in t.task.units)]
            tasks = own or tasks
        self._tasks = tasks
        self._grams = [frozenset(grams(task.words)) for task in tasks]

    def of(self, words: str, before: str | None) -> str | None:
        """The task's path; None where they name none, "" where they fit several and not the task ``before`` best."""
        text = plain(words)
        said = frozenset(grams(text))
        scored = sorted(
            ((self._evidence(n, text, said), task.path) for n, task in enumerate(self._tasks)), key=lambda one: -one[0]
        )
        if not scored or scored[0][0] < _LEAST:
            return None
        best = [path for score, path in scored if score >= _LEAST or score > _BESIDE * scored[0][0]]
        return best[0] if len(best) == 1 else before if before in best else ""

    def _evidence(self, n: int, text: str, said: frozenset[str]) -> float:
        """What the words share with a task; names and subjects that several tasks have weigh by their number."""
        task = self._tasks[n]
        named = [
            name for name in (*task.names, *task.subjects) if len(name) > 1 and (name in text or most_of(name, text))
        ]
        found = _NAMED if named else 0.0
        return found + sum(1.0 / self._held[gram] ** 2 for gram in said & self._grams[n])


# --- sentences ------------------------------------------------------------------------------------------------------


def _sentences(page: Page, report: Report, speaks: _Speaks) -> Iterator[_Sentence]:
    before: str | None = None
    dated = ""
    for zone, piece in report.parts:
        folded = page.folds[piece.block]
        for start, end in _cut(folded, piece.start, piece.end, _SENTENCE):
            dated = found.group() if (found := _DATED.search(folded, start, end)) else dated
            for stretch, path in _stretches(page, Piece(piece.block, start, end), speaks, before):
                own: Zone = zone
                if zone in ("problem", "next") and path and path != before:
                    own = _zone(page, stretch, zone)
                before = path or before
                yield _Sentence(own, stretch, path, page.folded(stretch), dated)


def _zone(page: Page, piece: Piece, zone: Zone) -> Zone:
    """The part that a sentence on another task belongs to: a next step does not go on over the next task's progress."""
    here = next((own for own, _ in parts(page, piece, "progress")), zone)
    return here if here != "progress" or _DONE.search(page.folded(piece)) else zone


def _cut(folded: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    stops = [match.end() for match in at.finditer(folded, start, end)]
    for first, last in zip([start, *stops], [*stops, end], strict=True):
        if last > first and folded[first:last].strip(" ,。;!?"):
            yield first, last


def _stretches(page: Page, sentence: Piece, speaks: _Speaks, before: str | None) -> Iterator[tuple[Piece, str | None]]:
    """A sentence cut where it turns to another task. Clauses that name none go with the one before, the first with the next."""
    folded = page.folds[sentence.block]
    clauses = list(_cut(folded, sentence.start, sentence.end, _CLAUSE))
    if not clauses:
        return
    named: list[str | None] = []
    last = before
    for start, end in clauses:
        named.append(speaks.of(folded[start:end], last))
        last = named[-1] or last
    told = [path for path in named if path is not None]
    if not told:
        whole = speaks.of(folded[sentence.start : sentence.end], before)
        yield _kept(page, sentence), whole
        return
    begin, here = clauses[0][0], told[0]
    for (start, _), path in zip(clauses, named, strict=True):
        if path is not None and path != here:
            yield _kept(page, Piece(sentence.block, begin, start)), here
            begin, here = start, path
    yield _kept(page, Piece(sentence.block, begin, sentence.end)), here


def _kept(page: Page, piece: Piece) -> Piece:
    return page.strip(piece.block, piece.start, piece.end, ",")


# --- what names no task -----------------------------------------------------------------------------------------------


def _settled(told: Iterator[_Sentence]) -> list[_Sentence]:
    """Sentences that name no task go on with the one before, unless they speak of all, or close the whole."""
    out = list(told)
    last = max((n for n, one in enumerate(out) if one.task and one.zone == "progress"), default=-1)
    carried: set[Zone] = set()  # zones that an earlier task has of its own: the last one has them too
    before: str | None = None
    for n, one in enumerate(out):
        if one.task is not None:
            before = one.task or None
            if one.task and n < last:
                carried.add(one.zone)
            continue
        closes = n > last and one.zone in ("problem", "next") and one.zone not in carried
        if before is None or closes or _WHOLE.match(one.words):
            continue
        one.task = before
        if n < last:
            carried.add(one.zone)
    return out


def _is_opening(one: _Sentence, told: Sequence[_Sentence]) -> bool:
    """Whether a sentence only leads up to the first task (今年以来,我局认真落实…): nothing in it is to be filled in."""
    first = next(other for other in told if other.task)
    silent = one.task is None and not any(char.isdigit() for char in one.words)
    return one.words.endswith(":") or (silent and one.piece < first.piece)
