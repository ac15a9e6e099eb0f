"""A comparison as one self-contained page: differences by kind, each leading to its words; then both documents task by
task, old left and new right. Nothing is loaded, nothing runs; it prints as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from string import Template
from typing import Literal, NamedTuple

from luoshi.exports.comparison_rows import DifferenceRow, by_kind, document_name, rows, task_name, totals, went_to
from luoshi.exports.document_html import clean
from luoshi.exports.ledger_html import digest, part
from luoshi.exports.rows import ROLES, unit_name
from luoshi.reading.comparison import ComparedTask, Comparison, Side, TaskPair

Which = Literal["o", "n"]
QUIET = ("recycled", "reworded")  # they are about whole sentences: led to, but not underlined
LONGEST = 3000  # characters up to which two wordings are compared character by character
_FIGURE = "0123456789."
_SPLINTER = 2  # equal characters between two changes that are too few to be worth showing as equal


class Mark(NamedTuple):
    """A stretch of a task's wording that a difference is about."""

    start: int
    end: int
    number: int
    quiet: bool


def write(comparison: Comparison) -> bytes:
    """The page as UTF-8."""
    style, page = part("comparison.css"), part("comparison.html")
    found = rows(comparison)
    filled = Template(page).substitute(
        policy=f"default-src 'none'; style-src '{digest(style)}'", style=style, reader=clean(comparison.reader),
        old=clean(document_name(comparison.old)), new=clean(document_name(comparison.new)),
        old_file=_file(comparison.old.name, comparison.old.sha256),
        new_file=_file(comparison.new.name, comparison.new.sha256),
        totals="".join(f"<span>{word} <b>{count}</b></span>" for word, count in totals(comparison)),
        contents=_contents(comparison, found), differences="".join(_kinds(found)), came="".join(_came(comparison)),
        tasks="".join(_tasks(comparison, found)),
    )  # fmt: skip
    return filled.encode()


def _file(name: str, sha256: str) -> str:
    return f"{clean(name)}，SHA-256 {clean(sha256[:16])}…"


def _contents(comparison: Comparison, found: tuple[DifferenceRow, ...]) -> str:
    """Kinds that occur with their counts, as links."""
    listed = [(f"k-{kind}", label, len(of_kind)) for kind, label, of_kind in by_kind(found)]
    listed += [("gone", "取消任务", len(comparison.dropped_tasks)), ("came", "新增任务", len(comparison.new_tasks))]
    links = [f'<a href="#{name}">{label} <b>{count}</b></a>' for name, label, count in listed if count]
    return "".join(links) or "<span>两份文件没有差异。</span>"


# Differences by kind


def _kinds(found: tuple[DifferenceRow, ...]) -> Iterator[str]:
    for kind, label, of_kind in by_kind(found):
        body = "".join(map(_row, of_kind))
        yield f'<section id="k-{kind}" class="kind"><h2>{label}<span>{len(of_kind)}</span></h2>{body}</section>\n'


def _row(row: DifferenceRow) -> str:
    head = f'<p class="what"><b>{clean(row.subject)}</b><a class="k" href="#p{row.pair}">{clean(row.task)}</a></p>'
    sides = _said(row, "o", row.before, row.difference.before) + _said(row, "n", row.after, row.difference.after)
    return f'<div class="row" id="r{row.number}">{head}{sides}</div>'


def _said(row: DifferenceRow, which: Which, words: str, side: Side | None) -> str:
    if side is None:
        return f'<p class="{which} none">{clean(words) or ("旧文件没有" if which == "o" else "新文件没有")}</p>'
    quote = f"<q>{clean(side.quote)}</q>" if side.quote != words else ""
    return f'<p class="{which}"><a href="#d{row.number}{which}"><b>{clean(words)}</b>{quote}</a></p>'


def _came(comparison: Comparison) -> Iterator[str]:
    old = [*(pair.old for pair in comparison.kept), *comparison.dropped_tasks]
    new = [*(pair.new for pair in comparison.kept), *comparison.new_tasks]
    for name, label, tasks, others in (
        ("gone", "取消任务", comparison.dropped_tasks, new),
        ("came", "新增任务", comparison.new_tasks, old),
    ):
        if tasks:
            items = "".join(_alone(task, others) for task in tasks)
            yield f'<section id="{name}" class="kind"><h2>{label}<span>{len(tasks)}</span></h2><ul>{items}</ul></section>\n'


def _alone(task: ComparedTask, others: Iterable[ComparedTask]) -> str:
    """A task without a partner."""
    elsewhere = went_to(task, others)
    also = f'<p class="units">{clean(elsewhere)}</p>' if elsewhere else ""
    return f'<li><span class="k">{clean(task_name(task))}</span>{clean(task.text)}{_units(task)}{also}</li>'


# Task by task


def _tasks(comparison: Comparison, found: tuple[DifferenceRow, ...]) -> Iterator[str]:
    mine: dict[int, list[DifferenceRow]] = {}
    for row in found:
        mine.setdefault(row.pair, []).append(row)
    for at, pair in enumerate(comparison.kept):
        before, after = _changed(pair)
        old = _task(pair.old, "o", mine.get(at, []), before)
        new = _task(pair.new, "n", mine.get(at, []), after)
        yield f'<article id="p{at}" class="pair">{old}{new}</article>\n'


def _task(task: ComparedTask, which: Which, found: Iterable[DifferenceRow], changed: list[tuple[int, int]]) -> str:
    """One side: where it stands, its wording with the marks, what differs elsewhere, its units."""
    marks, beside = [], []
    for row in found:
        side = row.difference.before if which == "o" else row.difference.after
        if side is None:
            continue
        at = side.at
        if at and at.block == task.at.block and task.at.start <= at.start < at.end <= task.at.end:
            marks.append(Mark(at.start - task.at.start, at.end - task.at.start, row.number, row.kind in QUIET))
        else:
            words = row.before if which == "o" else row.after
            beside.append(
                f'<a class="f" id="d{row.number}{which}" href="#r{row.number}"><b>{row.label}</b>{clean(words)}</a>'
            )
    title = f"<h3>{clean(task.title)}</h3>" if task.title else ""
    others = f'<p class="fs">{"".join(beside)}</p>' if beside else ""
    return (
        f'<div class="{which}"><p class="k">{clean(task_name(task))}</p>{title}'
        f"<p>{_marked(task.text, which, marks, changed)}</p>{_units(task)}"
        f"{others}</div>"
    )


def _units(task: ComparedTask) -> str:
    said = (
        f"{word} " + "、".join(clean(unit_name(u)) for u in task.units if u.role == role)
        for role, word in ROLES.items()
        if any(u.role == role for u in task.units)
    )
    return f'<p class="units">{"；".join(said)}</p>' if task.units else ""


def _marked(text: str, which: Which, marks: list[Mark], changed: list[tuple[int, int]]) -> str:
    """The wording in pieces: what changed as <del> or <ins>, what a difference is about as a link back to it."""
    edges = {0, len(text), *(x for m in marks for x in m[:2]), *(x for c in changed for x in c)}
    tag, named, out = ("del" if which == "o" else "ins"), set(), []
    for a, b in pairwise(sorted(edges)):
        body = clean(text[a:b]).replace("\n", "<br>")
        if any(start <= a and b <= end for start, end in changed):
            body = f"<{tag}>{body}</{tag}>"
        here = sorted((m for m in marks if m.start <= a and b <= m.end), key=lambda m: m.end - m.start)
        fresh = [m.number for m in here if m.number not in named]
        named.update(fresh)
        # Each difference needs a place of its own to be led to, also where several begin together.
        anchors = "".join(f'<i id="d{number}{which}"></i>' for number in fresh)
        loud = next((m.number for m in here if not m.quiet), None)
        out.append(anchors + (body if loud is None else f'<a class="sp" href="#r{loud}">{body}</a>'))
    return "".join(out)


def _changed(pair: TaskPair) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Stretches of the old and of the new wording that the other does not have."""
    old, new = pair.old.text, pair.new.text
    if pair.wording == "same" or max(len(old), len(new)) > LONGEST:
        return [], []
    before: list[tuple[int, int]] = []
    after: list[tuple[int, int]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            _grow(before, a, b)
            _grow(after, c, d)
    return _whole_figures(before, old), _whole_figures(after, new)


def _whole_figures(stretches: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Stretches that are not empty, each widened to the figures it begins or ends in: 15, not the 5 of it."""
    out: list[tuple[int, int]] = []
    for start, end in stretches:
        if start == end:
            continue
        while start and text[start] in _FIGURE and text[start - 1] in _FIGURE:
            start -= 1
        while end < len(text) and text[end - 1] in _FIGURE and text[end] in _FIGURE:
            end += 1
        out.append((start, end))
    return out


def _grow(stretches: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a stretch; a splinter between it and the one before joins them."""
    if stretches and start - stretches[-1][1] <= _SPLINTER and stretches[-1][0] < stretches[-1][1]:
        start = stretches.pop()[0]
    stretches.append((start, end))
