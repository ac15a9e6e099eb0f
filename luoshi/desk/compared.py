"""Two opened documents side by side: their comparison, and its rows as the comparison page shows them.

Pure but for translated words; the comparison of two readings never changes and is kept for the next filter.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from threading import Lock
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.desk.opened import Open
from luoshi.documents.corrections import open_doubts
from luoshi.documents.models import Document
from luoshi.exports.comparison_rows import DifferenceRow, rows, task_name, went_to
from luoshi.reading.compare import compare
from luoshi.reading.comparison import ComparedTask, Comparison, Side
from luoshi.reading.ledger import Ledger

KEPT = 4
PORTION = 100  # rows of a page
_kept: OrderedDict[tuple[Any, ...], Comparison] = OrderedDict()
_lock = Lock()

# What the filters are called; the exports say the same in Chinese.
KINDS: Mapping[str, Any] = {
    "target_lowered": gettext_lazy("目标调低"), "target_dropped": gettext_lazy("目标取消"),
    "promise_weakened": gettext_lazy("承诺减弱"), "stage_lowered": gettext_lazy("阶段后退"),
    "deliverable_dropped": gettext_lazy("成果取消"), "deadline_later": gettext_lazy("时限推后"),
    "deadline_dropped": gettext_lazy("时限取消"), "target_raised": gettext_lazy("目标调高"),
    "target_new": gettext_lazy("目标新增"), "promise_strengthened": gettext_lazy("承诺加强"),
    "stage_raised": gettext_lazy("阶段前移"), "deliverable_new": gettext_lazy("成果新增"),
    "deadline_earlier": gettext_lazy("时限提前"), "deadline_new": gettext_lazy("时限新增"),
    "target_unit": gettext_lazy("计量单位不同"), "target_changed": gettext_lazy("目标口径改变"),
    "baseline_changed": gettext_lazy("基数改变"), "lead_changed": gettext_lazy("牵头改变"),
    "support_added": gettext_lazy("配合增加"), "support_removed": gettext_lazy("配合减少"),
    "leader_changed": gettext_lazy("领导改变"), "milestone_dropped": gettext_lazy("节点取消"),
    "milestone_new": gettext_lazy("节点新增"), "recycled": gettext_lazy("原句再用"),
    "reworded": gettext_lazy("文字改动"),
}  # fmt: skip
LESS = frozenset(
    "target_lowered target_dropped promise_weakened stage_lowered deliverable_dropped deadline_later deadline_dropped "
    "milestone_dropped dropped".split()
)
MORE = frozenset(
    "target_raised target_new promise_strengthened stage_raised deliverable_new deadline_earlier deadline_new "
    "milestone_new new".split()
)


@dataclass(frozen=True)
class Said:
    """What one document says: in a few words, word for word, and the key of the task to look at there."""

    words: str
    quote: str = ""
    key: str = ""


@dataclass(frozen=True)
class Compared:
    """A row of the page: kind of change, its direction (-1 asks less, 1 more), the task, and both sides."""

    kind: str
    label: str
    way: int
    task: str
    subject: str
    before: Said | None
    after: Said | None
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """A filter: its code, word and how many rows it leaves."""

    code: str
    label: str
    count: int
    way: int


def comparison(old: Open, new: Open) -> Comparison:
    """What became of the old document's tasks in the new one, corrections and all."""
    name = (old.name, new.name)
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    made = compare(_ledger(old), _ledger(new))
    with _lock:
        _kept[name] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _ledger(open_: Open) -> Ledger:
    confirmed = open_.paper.ledger
    return msgspec.convert({**confirmed, "doubts": open_doubts(dict(confirmed))}, Ledger)


def listed(found: Comparison, old: Open, new: Open) -> list[Compared]:
    """All rows: differences by kind, the kinds that ask less first, then tasks that were dropped, are new, or are the
    same."""
    before, after = _keys(old), _keys(new)
    out = [_difference(row, found, before, after) for row in rows(found)]
    order = {kind: n for n, kind in enumerate(KINDS)}
    out.sort(key=lambda row: order[row.kind])
    news = [*(pair.new for pair in found.kept), *found.new_tasks]
    olds = [*(pair.old for pair in found.kept), *found.dropped_tasks]
    out += [_alone("dropped", task, before, went_to(task, news)) for task in found.dropped_tasks]
    out += [_alone("new", task, after, went_to(task, olds)) for task in found.new_tasks]
    for pair in found.kept:
        if not pair.differences:
            sides = Said(pair.old.text, "", before[pair.old.path]), Said(pair.new.text, "", after[pair.new.path])
            out.append(Compared("same", _("没有差异"), 0, task_name(pair.new), "", *sides))
    return out


def as_before(found: Comparison) -> int:
    """How many kept tasks ask the same of the same people; whether a sentence was used again does not count."""
    return sum(all(d.kind == "recycled" for d in pair.differences) for pair in found.kept)


def choices(all_rows: Sequence[Compared]) -> list[Choice]:
    """The filters that leave something, in the order of the rows."""
    counts: dict[str, list[Compared]] = {}
    for row in all_rows:
        counts.setdefault(row.kind, []).append(row)
    return [Choice(kind, found[0].label, len(found), found[0].way) for kind, found in counts.items()]


def _difference(row: DifferenceRow, found: Comparison, before: Mapping[str, str], after: Mapping[str, str]) -> Compared:
    pair = found.kept[row.pair]
    way = -1 if row.kind in LESS else 1 if row.kind in MORE else 0
    said = (
        _said(row.before, row.difference.before, before[pair.old.path]),
        _said(row.after, row.difference.after, after[pair.new.path]),
    )
    return Compared(row.kind, str(KINDS[row.kind]), way, row.task, row.subject, *said)


def _said(words: str, side: Side | None, key: str) -> Said | None:
    if side is None:
        return Said(words) if words else None
    return Said(words, side.quote if side.quote != words else "", key)


def _alone(kind: str, task: ComparedTask, keys: Mapping[str, str], note: str) -> Compared:
    said = Said(task.text, "", keys[task.path])
    name, title = task_name(task), task.title or ""
    if kind == "dropped":
        return Compared(kind, _("取消任务"), -1, name, title, said, None, note)
    return Compared(kind, _("新增任务"), 1, name, title, None, said, note)


def _keys(open_: Open) -> dict[str, str]:
    """Path of a task (``plans/0/sections/1/tasks/3``) → its key."""
    return {
        f"plans/{p}/sections/{s}/tasks/{t}": task["key"]
        for p, plan in enumerate(open_.paper.ledger["plans"])
        for s, section in enumerate(plan["sections"])
        for t, task in enumerate(section["tasks"])
    }


# -- which document to compare with ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Another document, which of the two is the older, and why it is proposed ("": it is not)."""

    document: Document
    old: Document
    new: Document
    why: str


def candidates(document: Document, others: Iterable[Document]) -> list[Candidate]:
    """Other documents, the likeliest first: the same title of another year, or a draft and its final version."""
    found = []
    for other in others:
        likeness = SequenceMatcher(None, _masked(document), _masked(other), autojunk=False).ratio()
        old, new = sorted((document, other), key=_age)
        why = ""
        if likeness >= 0.8:
            year = _year(other)
            same = year == _year(document)
            why = _("同名，可能一份是草案、一份是定稿") if same else _("同名，%(year)s 年的") % {"year": year or "—"}
        found.append((-likeness, Candidate(other, old, new, why)))
    return [candidate for _likeness, candidate in sorted(found, key=lambda item: item[0])]


def _masked(document: Document) -> str:
    return re.sub(r"[0-9〔〕（）()《》\s]+|征求意见稿|草案|审议稿|送审稿", "", str(document))


def _year(document: Document) -> str:
    named = re.search(r"20\d\d", str(document)) or re.search(r"20\d\d", document.number)
    return named[0] if named else str(document.written_on.year) if document.written_on else ""


def _age(document: Document) -> tuple[str, date, Any]:
    return _year(document), document.written_on or date.min, document.uploaded_at
