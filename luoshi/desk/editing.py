"""What a clerk typed into a task's editor, as corrections: only what differs from what stood there. Pure.

Names in the form: ``t12.g1/value`` a field of a part, ``t12/deadline`` one of the task, ``new/targets/1/subject`` a field
of a part to add, ``remove`` the keys of parts to take out. A section's are ``s2/heading``, ``s2.l1/name``,
``new/leader/name``, and of its plan ``p1/title``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from luoshi.documents.actions import Edit

Item = Mapping[str, Any]

# The fields that the editor offers, by the list they are in.
OFFERED = {
    "units": ("name", "with", "role"),
    "targets": ("subject", "kind", "bound", "value", "value_to", "unit", "strength"),
    "deliverables": ("name", "stage", "strength"),
    "aims": (),  # in the document's own words; only to be taken out
    "milestones": ("due", "text"),
    "leaders": ("name", "post"),
}
PLAN_FIELDS = ("title", "year", "kind")
TASK_FIELDS = ("title", "number", "text", "deadline")
FIGURES = frozenset({"value", "value_to", "deadline", "due", "year"})
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NEEDED = {"units": "name", "targets": "subject", "deliverables": "name", "milestones": "text", "leaders": "name"}


def plain(name: str, given: str) -> str:
    """A figure or date as the ledger has it, however the keyboard wrote it: １，０００ is 1000, ２０２６－０９ is 2026-09."""
    if name not in FIGURES:
        return given
    given = unicodedata.normalize("NFKC", given).strip()
    return given.replace(",", "") if _THOUSANDS.fullmatch(given) else given


def edits(task: Item, typed: Mapping[str, str], removed: list[str]) -> list[Edit]:
    """The corrections that turn the task into what was typed, in an order in which each can be carried out."""
    return [*_changed(task, typed, removed), *_added(task, typed), *_taken_out(task, removed)]


def section_edits(section: Item, plan: Item | None, typed: Mapping[str, str], removed: list[str]) -> list[Edit]:
    """The same for a section's heading and leaders, and for the plan's own fields where it is the plan's first section."""
    out = list(_differences(plan, PLAN_FIELDS, typed)) if plan else []
    out += _differences(section, ("heading",), typed)
    own = {leader["key"]: leader for leader in section["leader"]}
    for key, leader in own.items():
        if key not in removed:
            out += _differences(leader, OFFERED["leaders"], typed)
    fields = {name: typed.get(f"new/leader/{name}", "").strip() for name in OFFERED["leaders"]}
    if any(fields.values()):
        value = {name: given for name, given in fields.items() if given}
        out.append(Edit("insert", f"{section['key']}/leader", {"value": value, "index": None}))
    return out + [Edit("remove", key) for key in dict.fromkeys(removed) if key in own]


def shown(task: Item) -> dict[str, str]:
    """What the task's form holds now, by the names of its boxes."""
    fields = {f"{task['key']}/{name}": _shown(task.get(name)) for name in TASK_FIELDS}
    for kind, names in OFFERED.items():
        for part in task.get(kind) or []:
            fields |= {f"{part['key']}/{name}": _shown(part.get(name)) for name in names}
    return fields


def _changed(task: Item, typed: Mapping[str, str], removed: list[str]) -> Iterator[Edit]:
    yield from _differences(task, TASK_FIELDS, typed)
    for kind, names in OFFERED.items():
        for part in task.get(kind) or []:
            if part["key"] not in removed:
                yield from _differences(part, names, typed)


def _differences(part: Item, names: tuple[str, ...], typed: Mapping[str, str]) -> Iterator[Edit]:
    wanted: dict[str, Any] = {}
    for name in names:
        given = typed.get(f"{part['key']}/{name}")
        if given is None:
            continue
        given = plain(name, given.replace("\r\n", "\n").strip())  # browsers send line ends of their own
        if given != _shown(part.get(name)).strip():
            wanted[name] = given
    if "bound" in wanted and wanted["bound"] != "range" and part.get("value_to") is not None:
        wanted["value_to"] = ""  # an upper end belongs to a range only
    if wanted:
        yield Edit("set", part["key"], wanted)


def _added(task: Item, typed: Mapping[str, str]) -> Iterator[Edit]:
    parts: dict[tuple[str, str], dict[str, str]] = {}
    for name, given in typed.items():
        if name.startswith("new/") and name.count("/") == 3:
            _new, kind, number, column = name.split("/")
            if column in OFFERED.get(kind, ()):
                parts.setdefault((kind, number), {})[column] = plain(column, given.strip())
    for (kind, _number), fields in parts.items():
        if fields.get(_NEEDED[kind]):
            value = {name: given for name, given in fields.items() if given}
            yield Edit("insert", f"{task['key']}/{kind}", {"value": value, "index": None})


def _taken_out(task: Item, removed: list[str]) -> Iterator[Edit]:
    own = {part["key"] for kind in OFFERED for part in task.get(kind) or []}
    for key in dict.fromkeys(removed):
        if key in own:
            yield Edit("remove", key)


def _shown(value: Any) -> str:
    """A value as the editor's box shows it."""
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)
