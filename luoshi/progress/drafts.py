"""A report's draft while people type into it: changes of several people are merged field by field. Pure.

A draft maps fields to what stands in them, ``{"progress": {"value": "…", "by": 3, "at": "…", "n": 7}}``; ``n`` is the
draft's version at which the field was set last. Fields: ``unchanged``, ``progress``, ``problem``, ``next_step``,
``dispute``, ``target.17``, ``claim.9``, ``place.4``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diff_match_patch import diff_match_patch

TEXTS = ("progress", "problem", "next_step", "dispute")
PARTS = {
    "target": frozenset({"value", "cutoff", "basis", "source", "note"}),
    "claim": frozenset({"stage", "node", "on", "reached", "note"}),
    "place": frozenset({"done", "on"}),
}  # what a field of each kind may hold
LONGEST = 5000  # characters of one text


class DraftError(ValueError):
    """A change that cannot be, in one sentence."""


@dataclass(frozen=True)
class Change:
    """One field as its writer saw it (``base``) and as he left it (``value``)."""

    base: Any
    value: Any


@dataclass
class Merged:
    """A draft after a save: what was merged from two writers, and where the other's value gave way, by field."""

    draft: dict[str, Any]
    version: int
    merged: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)


def merge(draft: Mapping[str, Any], version: int, changes: Mapping[str, Change], by: int, at: str) -> Merged:
    """Put changes into a draft. Texts of two writers are merged word for word; of anything else the later save holds
    and the other's value is kept beside it (``lost``), so that nothing typed is gone. Raises DraftError."""
    out = Merged({name: dict(held) for name, held in draft.items()}, version)
    changed = False
    for name, change in changes.items():
        _check(name, change.value)
        change = Change(change.base, _printable(change.value))
        held = out.draft.get(name, {})
        have = held.get("value", change.base)
        value = change.value
        if have == value:
            continue
        lost = held.get("lost", [])
        if have != change.base and held.get("by") != by:
            together = _together(change.base, value, have) if name in TEXTS else None
            if together is not None:
                value = out.merged[name] = together
            else:
                out.theirs[name] = have
                lost = [*lost, {key: held.get(key) for key in ("value", "by", "at")}][-5:]
        out.draft[name] = {"value": value, "by": by, "at": at, "n": version + 1} | ({"lost": lost} if lost else {})
        changed = True
    out.version = version + changed
    return out


def _check(name: str, value: Any) -> None:
    kind, _dot, key = name.partition(".")
    if name in TEXTS:
        if not isinstance(value, str) or len(value) > LONGEST:
            raise DraftError(f"一格最多写 {LONGEST} 字。")
    elif name == "unchanged":
        if not isinstance(value, bool):
            raise DraftError("“无变化”只能选或不选。")
    elif kind not in PARTS or not (key.isascii() and key.isdecimal() and len(key) < 16 and _fits(value)):
        raise DraftError("没有这一格，请刷新页面后再填。")
    elif value is not None and (strange := set(value) - PARTS[kind]):
        raise DraftError(f"这一格里没有“{min(strange)[:20]}”这一项，请刷新页面后再填。")


def _fits(value: Any) -> bool:
    """Whether it is nothing, or a mapping of words to texts, numbers, yes and no; nothing within anything."""
    if not isinstance(value, dict):
        return value is None
    return all(
        math.isfinite(each) if isinstance(each, float) else isinstance(each, str | int | None)
        for each in value.values()
    )


def _printable(value: Any) -> Any:
    """Without NUL, which PostgreSQL does not take, and half characters (of an emoji cut in two), which no page can show."""
    if isinstance(value, dict):
        return {_printable(key): _printable(each) for key, each in value.items()}
    if not isinstance(value, str):
        return value
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def _together(base: Any, mine: str, theirs: Any) -> str | None:
    """Both writers' changes of one text, each where it was made; None where they changed the same words differently.

    Both are taken from the text that was seen, so that lines that look alike are never confused.
    """
    if not isinstance(base, str) or not isinstance(theirs, str):
        return None
    first, second = _edits(base, theirs), [edit for edit in _edits(base, mine) if edit not in _edits(base, theirs)]
    if any(a[0] < b[1] and b[0] < a[1] for a in first for b in second):
        return None
    text, at = [], 0
    for start, end, new in sorted([*first, *second], key=lambda edit: edit[:2]):
        text += [base[at:start], new]
        at = end
    together = "".join([*text, base[at:]])
    return together if len(together) <= LONGEST else None


def _edits(base: str, text: str) -> list[tuple[int, int, str]]:
    """What was changed: from and to in ``base``, and what stands there instead; touching changes as one."""
    engine = diff_match_patch()
    found: list[tuple[int, int, str]] = []
    diffs = engine.diff_main(base, text)
    engine.diff_cleanupSemantic(diffs)
    at, touching = 0, False
    for kind, words in diffs:
        if kind == engine.DIFF_EQUAL:
            at, touching = at + len(words), False
            continue
        gone = len(words) if kind == engine.DIFF_DELETE else 0
        new = "" if gone else words
        if touching:
            start, _end, before = found.pop()
            found.append((start, at + gone, before + new))
        else:
            found.append((at, at + gone, new))
        at, touching = at + gone, True
    return found


def values(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields and what stands in them."""
    return {name: held["value"] for name, held in draft.items()}
