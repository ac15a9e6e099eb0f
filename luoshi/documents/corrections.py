"""Corrections of a reading: reading + corrections = the confirmed ledger. PURE.

A change names an operation and a path; ``after`` says what is wanted:

========== ================ ==================================================================================
operation  path             after
========== ================ ==================================================================================
set        ``t12.g1/value`` the new value; or path ``t12.g1`` and several fields at once: ``{"value": 5, …}``
insert     ``t12/units``    ``{"value": {fields}, "index": 2}`` (index null: at the end)
remove     ``t12.u3``       null
move       ``t12``          ``{"to": "s2", "index": 0}`` (to null: within its list; index counts without it)
merge      ``t12``          ``{"with": "t13"}``: t13 goes into t12
split      ``t12``          ``{"offset": 18}``: characters of the task's text that stay; the rest is a new task
confirm    ``t12``          true or false: a person has looked at it
confirm_doubt ``q4``        ``{"answer": "text", "like": true}``: like: every doubt of that code and those words
undo/redo  path of the one  null; ``refers_to`` is the sequence of the change taken back or put back
========== ================ ==================================================================================

Fields of one part: as in the ledger. ``at`` moves the span, and with it a target's quote and a task's text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.documents import typed
from luoshi.documents.keyed import LETTERS, Book, Item, copied, key_parts, keyed

SPLIT = ("targets", "deliverables", "aims", "milestones")
"""Lists of a task whose parts stay with their words."""
ROLE_ORDER = ("lead", "joint", "support")


@dataclass(frozen=True)
class Change:
    """One correction as a plain value. ``sequence`` counts from 1 within a reading."""

    sequence: int
    operation: str
    path: str
    after: Any = None
    refers_to: int | None = None


def in_force(changes: Iterable[Change]) -> list[Change]:
    """The changes that were not taken back, in order; undo and redo themselves are used up."""
    standing: dict[int, Change] = {}
    taken_back: dict[int, Change] = {}
    for change in changes:
        if change.operation == "undo" and change.refers_to in standing:
            taken_back[change.refers_to] = standing.pop(change.refers_to)
        elif change.operation == "redo" and change.refers_to in taken_back:
            standing[change.refers_to] = taken_back.pop(change.refers_to)
        elif change.operation not in ("undo", "redo"):
            standing[change.sequence] = change
    return [standing[sequence] for sequence in sorted(standing)]


def apply(ledger: Item, changes: Iterable[Change]) -> Item:
    """The confirmed ledger: keyed, with all changes in force. Raises ValidationError where one cannot be carried out."""
    book = Book(keyed(ledger))
    for change in in_force(changes):
        carry_out(book, change)
    for doubt in book.doubts.values():
        if doubt["state"] == "open" and doubt["task_key"] and doubt["task_key"] not in book.items:
            doubt["state"] = "gone"
    return book.ledger


def carry_out(book: Book, change: Change) -> None:
    """Carry out one change on the book."""
    operation = OPERATIONS.get(change.operation)
    if operation is None:
        raise ValidationError(_("没有“%(operation)s”这种更正。") % {"operation": change.operation})
    operation(book, change)


def before(book: Book, change: Change) -> Any:
    """What stands at the change's path now, for the record; None for what is about to be added."""
    key, _slash, field = change.path.partition("/")
    if change.operation == "insert":
        return None
    item = book.find(key)
    if change.operation == "set" and not field and isinstance(change.after, dict):
        return copied({f: item.get(f) for f in change.after})
    if change.operation == "set":
        return copied(item.get(field))
    if change.operation == "move" and key in book.places:
        return {"to": book.places[key].owner.get("key"), "index": book.position(key)}
    if change.operation == "merge":
        return [copied(item), copied(book.find(_wanted(change, "with")))]
    if change.operation == "confirm":
        return item.get("checked")
    if change.operation == "confirm_doubt":
        return item.get("answer")
    return copied(item)


def touched(change: Change) -> set[tuple[str, str]]:
    """What a change lays its hand on: (key, field), field ``*`` for the part and all below it."""
    key, _slash, field = change.path.partition("/")
    if change.operation == "set" and not field and isinstance(change.after, dict):
        return {(key, name) for name in change.after}
    if change.operation == "merge":
        return {(key, "*"), (_wanted(change, "with"), "*")}
    own = {"insert": f"@insert{change.sequence}", "move": "@place", "confirm": "@checked"}
    return {(key, own.get(change.operation, field or "*"))}


def collide(one: Change, other: Change) -> bool:
    """Whether two changes made without knowing of each other cannot both stand."""
    for key, field in touched(one):
        for key2, field2 in touched(other):
            if key == key2 and (field == field2 or "*" in (field, field2)):
                return True
            if (field == "*" and key2.startswith(key + ".")) or (field2 == "*" and key.startswith(key2 + ".")):
                return True
    return False


def open_doubts(confirmed: Item) -> list[Item]:
    """The doubts that wait for an answer."""
    return [doubt for doubt in confirmed.get("doubts", []) if doubt["state"] == "open"]


# -- the operations ----------------------------------------------------------------------------------------------------


def _set(book: Book, change: Change) -> None:
    key, _slash, field = change.path.partition("/")
    wanted = {field: change.after} if field else change.after
    if not isinstance(wanted, dict) or not wanted or key in book.doubts:
        raise ValidationError(_("没有说明要改哪个字段。"))
    kind, item = book.kind(key), book.find(key)
    _fill(book, kind, item, wanted)
    typed.check(book, kind, item)


def _fill(book: Book, kind: str, item: Item, wanted: Item) -> None:
    """Put typed values into a part; a new span brings its words with it."""
    for name, given in wanted.items():
        if isinstance(given, dict) and name in ("baseline", "wording", "lead_rule"):
            given = {"at": _nowhere(item), **given}
        item[name] = typed.value(kind, name, given)
    if "strength" in wanted and "promise" not in wanted and _contradicts(item):
        item["promise"] = None  # a person says otherwise than the word
    if wanted.get("at") and kind in ("tasks", "targets", "aims"):
        typed.check(book, kind, {**item, "quote": ""} if kind != "tasks" else item)
        words = book.quote(item["at"])
        if kind != "tasks":
            item["quote"] = words
        elif "text" not in wanted and words:
            item["text"] = words


def _contradicts(item: Item) -> bool:
    grade = (item.get("promise") or {}).get("grade")
    return grade in ({"strive"} if item.get("strength") == "commit" else {"ensure", "complete", "advance", "plan"})


def _nowhere(item: Item) -> Item:
    """An empty span where the part begins: added by a person, not read from words."""
    at = item.get("at") or {"block": 0, "start": 0}
    return {"block": at["block"], "start": at["start"], "end": at["start"]}


def _insert(book: Book, change: Change) -> None:
    key, _slash, kind = change.path.partition("/")
    owner = book.ledger if key == "" else book.find(key)
    allowed = {"": ("plans",), "p": ("sections",), "s": ("tasks", "leader")}
    children = ("units", "targets", "deliverables", "milestones", "leaders")
    if kind not in allowed.get(key[:1], children) or "." in key or key[:1] == "q" or key == "document":
        raise ValidationError(_("这里不能增加“%(kind)s”。") % {"kind": kind})
    after = change.after if isinstance(change.after, dict) else {}
    given = after.get("value")
    if not isinstance(given, dict):
        raise ValidationError(_("没有说明要增加什么。"))
    prefix = "" if kind in ("plans", "sections", "tasks") else f"{key}."
    item: Item = {"key": f"{prefix}{LETTERS[kind]}c{change.sequence}"}
    if kind not in ("plans", "sections"):
        item["at"] = _nowhere(owner if kind != "tasks" else (owner["tasks"] or [owner])[-1])
    _blank(kind, item)
    _fill(book, kind, item, given)
    typed.check(book, kind, item)
    book.put(owner, kind, item, _index(after.get("index"), len(owner.get(kind) or [])))


def _blank(kind: str, item: Item) -> None:
    """The fields a new part must have though nobody typed them."""
    if kind == "targets":
        item |= {"quote": "", "value": None, "value_to": None, "unit": None, "baseline": None, "wording": None}
        item |= {"kind": "quantity", "bound": "exact", "strength": "commit"}
    elif kind == "tasks":
        item |= {"checked": False, "number": None, "title": None, "deadline": None, "progress": None}
        item |= {name: [] for name in ("leaders", "units", "targets", "deliverables", "milestones")}
    elif kind == "sections":
        item |= {"heading": None, "at": None, "leader": [], "tasks": []}
    elif kind == "plans":
        item |= {"title": None, "at": None, "year": None, "kind": "other", "lead_rule": None, "sections": []}
    elif kind == "deliverables":
        item |= {"strength": "commit"}
    elif kind == "milestones":
        item |= {"due": None}
    elif kind == "units":
        item |= {"with": None}
    else:
        item |= {"name": None, "post": None}


def _index(given: Any, length: int) -> int | None:
    if given is None:
        return None
    if not isinstance(given, int) or not 0 <= given <= length:
        raise ValidationError(_("没有这个位置。"))
    return given


def _remove(book: Book, change: Change) -> None:
    item = book.find(change.path)
    if change.path not in book.places:
        raise ValidationError(_("这一项不能删去。"))
    if item.get("sections") or item.get("tasks"):
        raise ValidationError(_("里面还有任务，请先移走或删去任务。"))
    book.take(change.path)


def _move(book: Book, change: Change) -> None:
    book.find(change.path)
    place = book.places.get(change.path)
    after = change.after if isinstance(change.after, dict) else {}
    if place is None:
        raise ValidationError(_("这一项不能移动。"))
    owner = place.owner if after.get("to") is None else book.find(after["to"])
    same_sort = owner.get("key", "")[:1] == place.owner.get("key", "")[:1] and "." not in owner.get("key", "")
    if not same_sort or (owner is not place.owner and "." in change.path):
        raise ValidationError(_("不能移到那里。"))
    others = len(owner.get(place.kind) or []) - (1 if owner is place.owner else 0)
    index = _index(after.get("index"), others)
    book.put(owner, place.kind, book.take(change.path), index)


def _wanted(change: Change, name: str) -> str:
    after = change.after if isinstance(change.after, dict) else {}
    return str(after.get(name) or "")


def _tasks(book: Book, *keys: str) -> list[Item]:
    found = [book.find(key) for key in keys]
    if any(book.kind(key) != "tasks" for key in keys) or len(set(keys)) < len(keys):
        raise ValidationError(_("只有两条不同的任务才能合并，只有任务才能拆分。"))
    return found


def _merge(book: Book, change: Change) -> None:
    one, two = _tasks(book, change.path, _wanted(change, "with"))
    _merge_text(book, one, two)
    book.take(two["key"])
    for name in SPLIT:
        for part in two.get(name) or []:
            book.put(one, name, part)
    for part in two.get("units") or []:
        _merge_unit(book, one, part)
    have = {(leader.get("name"), leader.get("post")) for leader in one.get("leaders") or []}
    for part in two.get("leaders") or []:
        if (part.get("name"), part.get("post")) not in have:
            book.put(one, "leaders", part)
    one["title"] = one.get("title") or two.get("title")
    if one.get("deadline") != two.get("deadline"):
        one["deadline"] = one["deadline_at"] = None  # a date for a part of a task is none of the whole task
    one["progress"] = "".join(filter(None, [one.get("progress"), two.get("progress")])) or None
    one["checked"] = False
    for doubt in book.doubts.values():
        if doubt["task_key"] == two["key"]:
            doubt["task_key"] = one["key"]


def _merge_text(book: Book, one: Item, two: Item) -> None:
    """Join two texts; where they are neighbours in one block and as written, the span covers both and what is between."""
    a, b = one["at"], two["at"]
    as_written = one["text"] == book.quote(a) and two["text"] == book.quote(b)
    if as_written and a["block"] == b["block"] and a["end"] <= b["start"]:
        one["at"] = {**a, "end": b["end"]}
        one["text"] = book.quote(one["at"])
    else:
        one["text"] += two["text"]


def _merge_unit(book: Book, task: Item, unit: Item) -> None:
    for own in task.get("units") or []:
        if (own["name"], own.get("with")) == (unit["name"], unit.get("with")):
            own["role"] = min(own["role"], unit["role"], key=ROLE_ORDER.index)
            return
    book.put(task, "units", unit)


def _split(book: Book, change: Change) -> None:
    (task,) = _tasks(book, change.path)
    offset = (change.after or {}).get("offset") if isinstance(change.after, dict) else None
    text, at = task["text"], task["at"]
    if not isinstance(offset, int) or not text[:offset].strip() or not text[offset:].strip() or offset < 0:
        raise ValidationError(_("请把光标放在任务文字中间再拆分。"))
    if text != book.quote(at):
        raise ValidationError(_("这条任务的文字已改过，与原文对不上；请先恢复原文再拆分。"))
    cut = at["start"] + offset
    new: Item = copied({**task, "text": text[offset:], "at": {**at, "start": cut}, "number": None, "title": None})
    new |= {"key": f"tc{change.sequence}", "checked": False, **{name: [] for name in SPLIT}}
    key_parts(new)
    task |= {"text": text[:offset], "at": {**at, "end": cut}, "checked": False}
    _split_deadline(task, new, cut)
    place = book.places[task["key"]]
    book.put(place.owner, "tasks", new, book.position(task["key"]) + 1)
    for name in SPLIT:
        for part in list(task.get(name) or []):
            if _behind(part.get("at"), task["at"], cut):
                book.put(new, name, book.take(part["key"]))


def _behind(span: Item | None, at: Item, cut: int) -> bool:
    return bool(span) and span["block"] == at["block"] and span["start"] >= cut  # type: ignore[index]


def _split_deadline(task: Item, new: Item, cut: int) -> None:
    """A deadline written inside the text stays on its side; one written elsewhere holds for both."""
    span = task.get("deadline_at")
    if span and span["block"] == task["at"]["block"] and new["at"]["start"] <= span["start"] < new["at"]["end"]:
        task["deadline"] = task["deadline_at"] = None
    elif span and span["block"] == task["at"]["block"] and task["at"]["start"] <= span["start"] < cut:
        new["deadline"] = new["deadline_at"] = None


def _confirm(book: Book, change: Change) -> None:
    (task,) = _tasks(book, change.path)
    task["checked"] = change.after is not False


def _answer(book: Book, change: Change) -> None:
    doubt = book.doubts.get(change.path)
    answer = _wanted(change, "answer").strip()
    if doubt is None or not answer:
        raise ValidationError(_("请先选定这处存疑怎么定。"))
    like = alike(book, doubt) if change.after.get("like") else [doubt]
    for each in like:
        if each is doubt or each["state"] == "open":
            each |= {"state": "answered", "answer": answer}


def alike(book: Book, doubt: Item) -> Sequence[Item]:
    """The doubts of the same code about the same words, this one among them."""
    words = book.quote(doubt.get("at"))
    return [
        other
        for other in book.doubts.values()
        if other is doubt or (other["code"] == doubt["code"] and words and book.quote(other.get("at")) == words)
    ]


OPERATIONS: dict[str, Callable[[Book, Change], None]] = {
    "set": _set,
    "insert": _insert,
    "remove": _remove,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "confirm": _confirm,
    "confirm_doubt": _answer,
}
