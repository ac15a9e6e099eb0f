"""A confirmed reading as the reading page shows it: the sheet on the left, sections and tasks on the right.

Pure but for translated labels: takes the keyed ledger of ``documents.corrections`` and returns values for templates. One
pass over the ledger, whatever its size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.desk.choices import doubt_kind, doubt_words
from luoshi.exports.rows import direction, required
from luoshi.plans.models import Deliverable, Responsibility, Strength
from luoshi.ui.sheet import Begin, Mark, Sheet, task_line, unit_line

Item = Mapping[str, Any]

ROLES = dict(Responsibility.Role.choices)
STAGES = dict(Deliverable.Stage.choices)
STRENGTHS = dict(Strength.choices)
PREFIXES = {"work_report": "", "livelihood": gettext_lazy("民"), "other": gettext_lazy("附")}
ASKED_ONCE = frozenset({"lead-unclear"})  # who leads is a custom of the whole document, not of one task
SHOWN = 8  # questions of a kind that the page has at once
MANY = 10  # doubts from which taking all of a kind is asked about
SHORT = 80  # characters; a block shorter than this is one line of its own
LOOKS = {"title": "t1", "number": "c", "addressees": "flush", "signed_on": "r"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a task in a few words: its key (the words in the document carry the same), label, value and a note."""

    key: str
    label: str
    value: str
    note: str = ""
    own: bool = True  # False where it is inherited from the section


@dataclass
class Line:
    """A task as a line of the right side. ``state``: doubt, checked or open."""

    item: Item
    section: Item = field(repr=False)
    key: str
    label: str
    state: str
    doubts: list[str] = field(default_factory=list)

    @cached_property
    def fields(self) -> list[Field]:
        """Its fields, made when the line is first shown: of a long document few are."""
        return list(fields_of(self.item, self.section))


@dataclass(slots=True)
class Group:
    """A section with its lines and what they sum up to."""

    item: Item
    plan: Item | None
    lines: list[Line]
    counts: Counter[str]


@dataclass(slots=True)
class Question:
    """Doubts of the same kind about the same words: asked once. ``keys`` names all of them, the first is answered."""

    key: str
    keys: str
    message: str
    words: str
    labels: list[str]
    task: str | None
    state: str
    answer: str
    code: str
    count: int = 1

    @property
    def by_kind(self) -> bool:
        """Whether all doubts of this kind are one question, whatever their words."""
        return self.code in ASKED_ONCE

    @property
    def quote(self) -> str:
        """The words in question, where the message does not say them already."""
        return "" if self.by_kind or self.words in self.message else self.words


@dataclass
class Kind:
    """The open questions of one kind, and of how many doubts they are."""

    code: str
    label: str
    questions: list[Question]

    @property
    def count(self) -> int:
        """Doubts, not questions: several about the same words are one question."""
        return sum(question.count for question in self.questions)

    @property
    def shown(self) -> list[Question]:
        """What the page has at once; the others are fetched."""
        return self.questions[:SHOWN]

    @property
    def next(self) -> int:
        """How many are shown."""
        return min(SHOWN, len(self.questions))

    @property
    def many(self) -> bool:
        """Whether taking all of them at once is asked about first."""
        return self.count > MANY


@dataclass
class Paper:
    """The reading page's content."""

    ledger: Item
    groups: list[Group]
    questions: list[Question]
    labels: dict[str, str]
    counts: Counter[str]
    _by_key: dict[str, Line] | None = field(default=None, repr=False)
    _sheets: dict[bool, Sheet] = field(default_factory=dict, repr=False)

    @property
    def characters(self) -> int:
        """How long the document is."""
        return int(self.ledger["coverage"]["characters"])

    @property
    def open_questions(self) -> list[Question]:
        """What must be answered before the ledger can be adopted."""
        return [q for q in self.questions if q.state == "open"]

    @cached_property
    def kinds(self) -> list[Kind]:
        """The open questions by kind, in the order in which the document raises them."""
        found: dict[str, Kind] = {}
        for question in self.open_questions:
            if question.code not in found:
                found[question.code] = Kind(question.code, doubt_kind(question.code, question.message), [])
            found[question.code].questions.append(question)
        return list(found.values())

    @property
    def answered(self) -> list[Question]:
        """What was answered already, and how."""
        return [q for q in self.questions if q.state == "answered"]

    def lines(self) -> Iterator[Line]:
        """All tasks in order."""
        for group in self.groups:
            yield from group.lines

    def line(self, key: str) -> Line | None:
        """The task with this key."""
        if self._by_key is None:
            self._by_key = {line.key: line for line in self.lines()}
        return self._by_key.get(key)

    def place(self, key: str) -> Line | None:
        """The task with this key, or the first task of the section with this key."""
        lines = (group.lines for group in self.groups if group.item["key"] == key)
        return self.line(key) or next(chain.from_iterable(lines), None)

    def first(self) -> Line | None:
        """The task to begin with: the first not confirmed, else the first."""
        lines = list(self.lines())
        return next((line for line in lines if line.state != "checked"), lines[0] if lines else None)

    def sheet(self, places: bool = False) -> Sheet:
        """The document with everything marked; with ``places`` words can be picked in it. Made once."""
        if places not in self._sheets:
            self._sheets[places] = Sheet(
                self.ledger.get("blocks") or [],
                list(_marks(self.ledger)),
                list(_begins(self.ledger, self.labels)),
                [(s["block"], s["start"], s["end"]) for s in self.ledger["coverage"]["not_understood"]],
                _looks(self.ledger),
                places,
            )
        return self._sheets[places]


def paper(ledger: Item) -> Paper:
    """The page of a confirmed, keyed ledger."""
    labels = _labels(ledger)
    by_task: dict[str, list[str]] = {}
    for doubt in ledger.get("doubts", []):
        if doubt["state"] == "open" and doubt["task_key"]:
            by_task.setdefault(doubt["task_key"], []).append(doubt["key"])
    groups = []
    for plan in ledger["plans"]:
        for n, section in enumerate(plan["sections"]):
            lines = [
                _line(task, section, labels[task["key"]], by_task.get(task["key"], [])) for task in section["tasks"]
            ]
            groups.append(Group(section, plan if n == 0 else None, lines, _counts(section["tasks"])))
    states = Counter(line.state for group in groups for line in group.lines)
    return Paper(ledger, groups, _questions(ledger, labels), labels, states + Counter(all=states.total()))


def coverage(ledger: Item) -> dict[str, Any]:
    """Characters in each state with offsets for the bar (0 to 1000), and whether they add up to the document."""
    cover = ledger["coverage"]
    unread = sum(s["end"] - s["start"] for s in cover["not_understood"])
    parts = {"facts": cover["facts"], "structure": cover["structure"], "prose": cover["prose"], "unread": unread}
    total = cover["characters"]
    bar, at = {}, 0.0
    for name, size in parts.items():
        width = 1000 * size / total if total else 0
        bar[name] = {"x": round(at, 2), "w": round(max(width - 3, 0), 2)}
        at += width
    return {**parts, "total": total, "bar": bar, "whole": sum(parts.values()) == total}


def target_words(target: Item) -> str:
    """A target in a few characters: 老旧小区改造 ≥ 12 个, “三公”经费 压减 ≥ 3%."""
    way = direction(target["kind"], target["subject"], target["quote"])
    figure = required(target["bound"], _float(target["value"]), _float(target["value_to"]), target["unit"] or "")
    return " ".join(filter(None, (target["subject"], way, figure)))


def fields_of(task: Item, section: Item) -> Iterator[Field]:
    """A task's fields in the order in which a clerk reads them."""
    for n, unit in enumerate(task["units"]):
        name = f"{unit['name']}（{unit['with']}）" if unit.get("with") else unit["name"]
        yield Field(unit["key"], _("单位") if n == 0 else "", name, str(ROLES[unit["role"]]))
    for target in task["targets"]:
        yield Field(target["key"], _("指标"), target_words(target), _promised(target))
    for aim in task.get("aims") or []:
        yield Field(aim["key"], _("定性目标"), aim["quote"], _promised(aim))
    for thing in task["deliverables"]:
        note = str(STAGES[thing["stage"]]) + (
            f"，{STRENGTHS[thing['strength']]}" if thing["strength"] == "strive" else ""
        )
        yield Field(thing["key"], _("成果"), thing["name"], note)
    if task.get("deadline"):
        yield Field(f"{task['key']}.deadline", _("时限"), task["deadline"])
    for node in task["milestones"]:
        yield Field(node["key"], _("节点"), f"{node['due'] or ''} {node['text']}".strip())
    for leader in task["leaders"]:
        yield Field(
            leader["key"],
            _("领导"),
            leader["name"] or leader["post"] or "",
            leader["post"] or "" if leader["name"] else "",
        )
    if not task["leaders"]:
        for leader in section["leader"][:3]:
            name = leader["name"] or leader["post"] or ""
            yield Field(leader["key"], _("领导"), name, _("承自章节标题"), own=False)


def _promised(part: Item) -> str:
    """The document's own word of promise (务必), else whether it is promised or striven for."""
    promise = part.get("promise")
    return str(promise["text"] if promise else STRENGTHS[part["strength"]])


def _line(task: Item, section: Item, label: str, doubts: list[str]) -> Line:
    state = "doubt" if doubts else "checked" if task["checked"] else "open"
    return Line(task, section, task["key"], label, state, doubts)


def _counts(tasks: Iterable[Item]) -> Counter[str]:
    counts: Counter[str] = Counter(tasks=0, units=0, targets=0, deliverables=0)
    for task in tasks:
        counts["tasks"] += 1
        for name in ("units", "targets", "deliverables"):
            counts[name] += len(task[name])
    return counts


def _labels(ledger: Item) -> dict[str, str]:
    """Key of a task (or of a doubt about it) → what stands in the margin: 2-5, 民5; of a section or plan → its heading."""
    out = {}
    for plan in ledger["plans"]:
        out[plan["key"]] = _short(plan["title"])
        prefix = str(PREFIXES[plan["kind"]])
        for s, section in enumerate(plan["sections"], start=1):
            out[section["key"]] = _short(section["heading"])
            block = "" if prefix and len(plan["sections"]) == 1 else f"{s}-"
            for t, task in enumerate(section["tasks"], start=1):
                number = re.sub(r"[^0-9.]", "", task["number"] or "").strip(".")
                out[task["key"]] = f"{prefix}{block}{number or t}"
    doubted = {doubt["key"]: out.get(doubt["task_key"] or "", "") for doubt in ledger.get("doubts", [])}
    return {**out, **doubted}


def _short(heading: str | None) -> str:
    return f"{heading[:13]}…" if heading and len(heading) > 14 else heading or ""


def _questions(ledger: Item, labels: Mapping[str, str]) -> list[Question]:
    out: dict[tuple[str, str, str], Question] = {}
    for doubt in ledger.get("doubts", []):
        words = _quote(ledger, doubt.get("at"))
        same = "" if doubt["code"] in ASKED_ONCE else words or doubt["key"]
        alike = (doubt["code"], same, doubt["state"])
        label = labels.get(doubt["task_key"] or "", "")
        if alike in out:
            question = out[alike]
            question.keys += f" {doubt['key']}"
            question.count += 1
            if label and label not in question.labels:
                question.labels.append(label)
        else:
            out[alike] = Question(
                key=doubt["key"],
                keys=doubt["key"],
                message=doubt_words(doubt["code"], doubt["message"]),
                words=words if len(words) <= 60 else f"{words[:58]}…",
                labels=[label] if label else [],
                task=doubt["task_key"],
                state=doubt["state"],
                answer=doubt.get("answer") or "",
                code=doubt["code"],
            )
    return list(out.values())


def _marks(ledger: Item) -> Iterator[Mark]:
    for section in (s for plan in ledger["plans"] for s in plan["sections"]):
        yield from _marked(section["leader"], "leader")
        for task in section["tasks"]:
            yield from _marked(task["units"], "unit")
            yield from _marked(task["targets"], "target")
            yield from _marked(task.get("aims") or [], "target")
            yield from _marked(task["deliverables"], "deliverable")
            yield from _marked(task["milestones"], "time")
            yield from _marked(task["leaders"], "leader")
            if at := task.get("deadline_at"):
                yield Mark(at["block"], at["start"], at["end"], "time", f"{task['key']}.deadline")
    for doubt in ledger.get("doubts", []):
        if doubt["state"] == "open" and (at := doubt.get("at")):
            yield Mark(at["block"], at["start"], at["end"], "doubt", doubt["key"])


def _marked(items: Iterable[Item], kind: str) -> Iterator[Mark]:
    for item in items:
        if at := item.get("at"):
            yield Mark(at["block"], at["start"], at["end"], kind, item["key"])


def _begins(ledger: Item, labels: Mapping[str, str]) -> Iterator[Begin]:
    """Where lines begin in the text: headings, tasks, and lines of units within an endless paragraph."""
    blocks = ledger.get("blocks") or []
    own = [at for name, at in (ledger["document"].get("at") or {}).items() if name in LOOKS and _long(blocks, at)]
    for at in own:
        yield Begin(at["block"], at["start"])
        text, end = blocks[at["block"]]["text"], at["end"]
        yield Begin(at["block"], end + len(text[end:]) - len(text[end:].lstrip(" ：:，,。；;|")))
    for plan in ledger["plans"]:
        for at in (plan.get("at"), *(s.get("at") for s in plan["sections"])):
            if at:
                yield Begin(at["block"], at["start"])
                yield Begin(at["block"], at["end"])
    floor: dict[int, int] = {}
    for task in (t for plan in ledger["plans"] for s in plan["sections"] for t in s["tasks"]):
        at = task["at"]
        if at["block"] >= len(blocks) or at["start"] == at["end"]:
            continue
        text = blocks[at["block"]]["text"]
        yield Begin(
            at["block"], task_line(text, at["start"], floor.get(at["block"], 0)), task["key"], labels[task["key"]]
        )
        ends = [u["at"]["end"] for u in task["units"] if u["at"]["block"] == at["block"]]
        units = [
            u["at"]["start"] for u in task["units"] if u["at"]["block"] == at["block"] and u["at"]["start"] >= at["end"]
        ]
        if units and (line := unit_line(text, min(units), at["end"])) < min(units) and text[line] not in "（([［〔【":
            yield Begin(at["block"], line)
        floor[at["block"]] = max([at["end"], *ends])


def _long(blocks: Sequence[Item], at: Item) -> bool:
    return at["block"] < len(blocks) and len(blocks[at["block"]]["text"]) >= SHORT


def _looks(ledger: Item) -> dict[tuple[int, int], str]:
    """Looks of titles, headings and the document's own fields; in a short block the whole line has the look."""
    blocks = ledger.get("blocks") or []
    places = [(at, LOOKS[name]) for name, at in (ledger["document"].get("at") or {}).items() if name in LOOKS]
    for plan in ledger["plans"]:
        places += [(plan["at"], "t1")] if plan.get("at") else []
        places += [(section["at"], "h") for section in plan["sections"] if section.get("at")]
    looks: dict[tuple[int, int], str] = {}
    for at, look in places:
        if at["block"] < len(blocks):
            size = len(blocks[at["block"]]["text"])
            short = size < SHORT
            if look == "c" and size > at["end"] - at["start"] + 4:
                continue  # a line that names the number among other things
            looks.setdefault((at["block"], 0 if short else at["start"]), look)
    return looks


def _quote(ledger: Item, at: Item | None) -> str:
    blocks = ledger.get("blocks") or []
    return str(blocks[at["block"]]["text"][at["start"] : at["end"]]) if at and at["block"] < len(blocks) else ""


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
