"""Words picked in the document: added to a task as a part of it, or made the place of a part that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.desk.answers import fragments, since
from luoshi.desk.opened import opened
from luoshi.desk.page import document_for, refused, sentence, user_of
from luoshi.documents import actions
from luoshi.documents.actions import Edit
from luoshi.documents.keyed import Item
from luoshi.people.permissions import may_correct

_FIGURE = re.compile(
    r"(?P<value>[0-9]{1,15}(?:\.[0-9]{1,6})?)\s*(?P<unit>[%％‰]|[\u4e00-\u9fff]{1,3}?(?=以上|以下|以内|左右|$))?"
)


@login_required
@require_POST
def pick(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take words (``block``, ``start``, ``end``) into the task: ``what`` is a list of parts, or a part's key."""
    document = document_for(request, pk, may_correct)
    open_ = opened(document)
    line = open_.paper.line(key)
    if line is None:
        return sentence(_("这一项已经不在了：可能已被删去，或并入了别的任务。请刷新页面。"), 404)
    try:
        at = place(request.POST.dict(), open_.paper.ledger.get("blocks") or [])
        edit = meant(line.item, request.POST.get("what", ""), at, quoted(open_.paper.ledger["blocks"], at))
        actions.correct(document, edit, user_of(request), since(request))
    except ValidationError as error:
        return refused(error)
    return fragments(request, document, [key])


def place(typed: Any, blocks: list[Item]) -> dict[str, int]:
    """The span that was sent. Raises ValidationError unless it holds words of the document."""
    given = [str(typed.get(name, "")) for name in ("block", "start", "end")]
    if all(n.isascii() and n.isdecimal() and len(n) < 10 for n in given):
        block, start, end = map(int, given)
        text = str(blocks[block]["text"]) if block < len(blocks) else ""
        words = text[start:end]
        if words.strip() and end <= len(text):
            start += len(words) - len(words.lstrip())
            return {"block": block, "start": start, "end": start + len(words.strip())}
    raise ValidationError(_("出处不在原文范围内，请重新选取。"))


def quoted(blocks: list[Item], at: dict[str, int]) -> str:
    """The words at a span."""
    return str(blocks[at["block"]]["text"][at["start"] : at["end"]])


def meant(task: Mapping[str, Any], what: str, at: dict[str, int], words: str) -> Edit:
    """The correction: a new part named by the words, or a part's new place, which gives units and things their name."""
    if what in ("units", "targets", "deliverables"):
        return Edit("insert", f"{task['key']}/{what}", {"value": {**_part(task, what, words), "at": at}, "index": None})
    for kind in ("units", "targets", "deliverables"):
        if any(part["key"] == what for part in task[kind]):
            return Edit("set", what, {"at": at} if kind == "targets" else {"at": at, "name": words})
    raise ValidationError(_("没有这种改法。"))


def _part(task: Mapping[str, Any], kind: str, words: str) -> dict[str, Any]:
    """What the words say of themselves; the editor opens on it for the rest."""
    if kind == "units":
        return {"name": words, "role": "support" if task["units"] else "lead"}
    if kind == "deliverables":
        return {"name": words, "stage": "complete"}
    found = _FIGURE.search(words)
    subject = words[: found.start()].strip() if found else words
    value: dict[str, Any] = {"subject": subject or words}
    return value | ({"value": float(found["value"]), "unit": found["unit"] or ""} if found else {})
