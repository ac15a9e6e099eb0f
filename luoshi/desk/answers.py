"""What a request from the reading page is answered with: what changed, anew, or the whole page at a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi.desk import choices
from luoshi.desk.doing import whole
from luoshi.desk.opened import Open, opened
from luoshi.desk.page import user_of
from luoshi.desk.windows import WHOLE_LINES, ledger_window
from luoshi.documents.models import Document
from luoshi.people.permissions import may_adopt, may_correct
from luoshi.plans.actions import unit_names
from luoshi.ui.templatetags.luoshi_ui import icon


def said() -> dict[str, Any]:
    """Words and icons that every task repeats, made once a page."""
    return {
        "said": {"checked": _("已确认"), "doubt": _("存疑"), "open": _("待确认")},
        "check_icon": icon("i-check"),
        "warn_icon": icon("i-warn"),
    }


def able(request: HttpRequest, document: Document) -> bool:
    """Whether the account may correct this reading now."""
    return may_correct(user_of(request), document) and document.state in ("read", "confirmed")


def strangers(ledger: Any, document: Document) -> int:
    """How many unit names of the document mean no registered unit yet; two queries."""
    return sum(name.match.pk is None for name in unit_names(ledger, document.government))


def state(request: HttpRequest, open_: Open) -> dict[str, Any]:
    """What the page and every fragment of it say about the document as a whole."""
    user, document = user_of(request), open_.document
    standing = open_.standing()
    strokes = {c.batch or c.sequence for c in open_.corrections if c.sequence in standing}
    counts = open_.paper.counts
    may = able(request, document)
    return {
        "document": document,
        "paper": open_.paper,
        "open": counts["all"] - counts["checked"],
        "version": open_.version,
        "changes": len(strokes),
        "undo_label": choices.last_done(open_.corrections, open_.paper.labels, standing, user),
        "may_correct": may,
        "strangers": strangers(open_.paper.ledger, document) if may else 0,
        "may_adopt": may_adopt(user, document),
        "plans": list(document.plans.all()) if document.state == "adopted" else [],
        **said(),
    }


def since(request: HttpRequest) -> int | None:
    """The version of the reading that the person was looking at."""
    return whole(request.POST.get("version", ""))


def fragments(request: HttpRequest, document: Document, keys: Iterable[str], target: str = "task") -> HttpResponse:
    """The tasks anew, and what sums them up, for htmx to put in place.

    Of a long document only tasks in windows that the page has (``here``: their names); the others come when looked at.
    """
    open_ = opened(document)
    context = {**state(request, open_), "oob": True}
    here = _here(request, open_)
    wanted = (key for key in dict.fromkeys(keys) if here is None or key in here)
    context["lines"] = [line for key in wanted if (line := open_.paper.line(key))]
    parts = [render_to_string("desk/_tasks.html", context, request)]
    if target == "doubts":
        parts.append(render_to_string("desk/_doubts.html", {**context, "oob": False}, request))
    else:
        parts.append(render_to_string("desk/_doubts.html", context, request))
    parts += [render_to_string(f"desk/_{name}.html", context, request) for name in ("adopt", "tools", "tally")]
    return HttpResponse("\n".join(parts))


def _here(request: HttpRequest, open_: Open) -> set[str] | None:
    if open_.paper.counts["all"] <= WHOLE_LINES or "here" not in request.POST:
        return None
    found: set[str] = set()
    for name in request.POST["here"].split(" ")[:1000]:
        first, _to, last = name.partition("~")
        window = ledger_window(open_.paper, first, last)
        found.update(window.keys.split(" ") if window else ())
    return found


def anew(document: Document, at: str) -> HttpResponse:
    """The page is drawn anew, beginning at a task."""
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = reverse("reading", args=[document.pk]) + (f"?at={at}" if at else "")
    return response
