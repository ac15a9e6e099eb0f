"""A ledger whose every part has a stable key, so that corrections still find it after parts came, went and moved. PURE.

Keys: plans ``p1``, sections ``s3``, tasks ``t12`` counted through the document; below them units ``t12.u2``, targets
``t12.g1``, deliverables ``t12.d1``, aims ``t12.a1``, milestones ``t12.m1``, leaders ``t12.l1`` and ``s3.l1``; doubts ``q4``. A part added
by correction 7 has ``c7`` in place of the number. Each key stands in its part as ``"key"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Item = dict[str, Any]

LETTERS = {
    "plans": "p",
    "sections": "s",
    "tasks": "t",
    "leader": "l",
    "leaders": "l",
    "units": "u",
    "targets": "g",
    "deliverables": "d",
    "aims": "a",
    "milestones": "m",
}
_TASK_PATH = re.compile(r"plans/(\d+)/sections/(\d+)/tasks/(\d+)")


def copied(value: Any) -> Any:
    """A copy of plain JSON data, about five times as quick as ``copy.deepcopy``."""
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [copied(v) for v in value]
    return value


def _lists(item: Item) -> Iterator[tuple[str, list[Item]]]:
    """The lists of parts directly below a plan, section or task."""
    for name in LETTERS:
        parts = item.get(name)
        if isinstance(parts, list):
            yield name, parts


def keyed(ledger: Item) -> Item:
    """A copy of a ledger with keys; tasks get ``checked``, doubts ``state``, ``answer`` and ``task_key``.

    ``blocks`` and ``coverage`` are shared with the original, the rest is copied.
    """
    copy = {k: v if k in ("blocks", "coverage") else _copied_whole(v) for k, v in ledger.items()}
    counts = {"plans": 0, "sections": 0, "tasks": 0}
    paths: dict[str, str] = {}
    for p, plan in enumerate(copy.get("plans", [])):
        plan["key"] = _next(counts, "plans")
        for s, section in enumerate(plan.get("sections", [])):
            section["key"] = _next(counts, "sections")
            key_parts(section)
            for t, task in enumerate(section.get("tasks", [])):
                task["key"] = _next(counts, "tasks")
                task["checked"] = False
                key_parts(task)
                paths[f"{p}/{s}/{t}"] = task["key"]
    for n, doubt in enumerate(copy.get("doubts", []), start=1):
        found = _TASK_PATH.match(doubt.get("task") or "")
        doubt |= {"key": f"q{n}", "state": "open", "answer": None}
        doubt["task_key"] = paths.get("/".join(found.groups())) if found else None
    return copy


def _copied_whole(value: Any) -> Any:
    """As ``copied``, through JSON: some four times as quick for a long document's plans."""
    try:
        return msgspec.json.decode(msgspec.json.encode(value))
    except (UnicodeEncodeError, OverflowError):  # half a character of a broken file, or a number beyond 64 bits
        return copied(value)


def _next(counts: dict[str, int], name: str) -> str:
    counts[name] += 1
    return f"{LETTERS[name]}{counts[name]}"


def key_parts(item: Item) -> None:
    """Number the units, targets, … of a task, or the leaders of a section, from 1."""
    for name, parts in _lists(item):
        if name not in ("sections", "tasks"):
            for n, part in enumerate(parts, start=1):
                part["key"] = f"{item['key']}.{LETTERS[name]}{n}"


@dataclass(frozen=True)
class Place:
    """Where a part stands: the name of its list, the list, and the part that holds the list."""

    kind: str
    siblings: list[Item]
    owner: Item


class Book:
    """A keyed ledger with an index of its parts. All changes of lists go through here, so that the index stays true."""

    def __init__(self, ledger: Item) -> None:
        self.ledger = ledger
        self.items: dict[str, Item] = {}
        self.places: dict[str, Place] = {}
        for plan in ledger.get("plans", []):
            self._index("plans", ledger["plans"], ledger, plan)
        self.doubts: dict[str, Item] = {d["key"]: d for d in ledger.get("doubts", [])}

    def _index(self, kind: str, siblings: list[Item], owner: Item, item: Item) -> None:
        self.items[item["key"]] = item
        self.places[item["key"]] = Place(kind, siblings, owner)
        for name, parts in _lists(item):
            for part in parts:
                self._index(name, parts, item, part)

    def find(self, key: str) -> Item:
        """The part with this key, or the doubt, or the document's own fields. Raises ValidationError where it is gone."""
        if key == "document":
            fields: Item = self.ledger["document"]
            return fields
        item = self.items.get(key) or self.doubts.get(key)
        if item is None:
            raise ValidationError(_("这一项已经不在了：可能已被删去，或并入了别的任务。请刷新页面。"))
        return item

    def kind(self, key: str) -> str:
        """The name of the list the part is in (``units``, ``tasks``, …), ``document`` or ``doubts``."""
        self.find(key)
        if key == "document":
            return key
        return self.places[key].kind if key in self.places else "doubts"

    def position(self, key: str) -> int:
        """The part's index among its siblings."""
        return next(i for i, part in enumerate(self.places[key].siblings) if part["key"] == key)

    def put(self, owner: Item, kind: str, item: Item, index: int | None = None) -> None:
        """Add a part to a list of ``owner``, at the end or before ``index``."""
        siblings = owner.setdefault(kind, [])
        siblings.insert(len(siblings) if index is None else index, item)
        self._index(kind, siblings, owner, item)

    def take(self, key: str) -> Item:
        """Remove a part and all below it, and give it back."""
        item = self.find(key)
        del self.places[key].siblings[self.position(key)]
        self._forget(item)
        return item

    def _forget(self, item: Item) -> None:
        self.items.pop(item["key"], None)
        self.places.pop(item["key"], None)
        for _name, parts in _lists(item):
            for part in parts:
                self._forget(part)

    def quote(self, at: Item | None) -> str:
        """The document's words at a span, "" for none."""
        if not at:
            return ""
        blocks = self.ledger.get("blocks") or []
        return str(blocks[at["block"]]["text"][at["start"] : at["end"]]) if at["block"] < len(blocks) else ""
