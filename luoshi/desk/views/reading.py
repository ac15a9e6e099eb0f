"""The reading page: document left, ledger right; every correction goes through ``documents.actions``."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk import choices, editing
from luoshi.desk.answers import able, anew, fragments, said, since, state
from luoshi.desk.doing import whole
from luoshi.desk.opened import Open, opened
from luoshi.desk.page import document_for, refused, sentence, show, user_of
from luoshi.desk.paper import Line, coverage
from luoshi.desk.views import home
from luoshi.desk.windows import ledger_window, ledger_windows, text_window, text_windows
from luoshi.documents import actions, corrections, pages
from luoshi.documents.actions import Edit
from luoshi.documents.models import Document
from luoshi.exports import LEDGER_EXPORTS, write
from luoshi.people.permissions import may_correct, may_see_document
from luoshi.plans.models import Plan
from luoshi.reading.ledger import Ledger


@login_required
@require_safe
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """The page. ``?at=t12`` begins at that task; a file that could not be read says why."""
    document = document_for(request, pk, may_see_document)
    if "scan" in request.GET and request.headers.get("HX-Request"):
        return home.scan(request, document)
    if document.state in (Document.State.RECEIVED, Document.State.FAILED):
        return home.unread(request, document)
    open_ = opened(document)
    at = request.GET.get("at", "")
    current = open_.paper.place(at) or open_.paper.first()
    ledger = open_.paper.ledger
    sheet = open_.paper.sheet(places=document.state in ("read", "confirmed"))
    context = {
        **state(request, open_),
        "nav": "reading",
        "title": ledger["document"]["title"]
        or next((p["title"] for p in ledger["plans"] if p["title"]), document.name),
        "windows": ledger_windows(open_.paper, current.key if current else ""),
        "texts": text_windows(sheet, open_.paper.characters, current.key if current else ""),
        "cover": coverage(ledger),
        "has_pages": pages.has_pages(document),
        "scan": pages.is_scan(document, ledger),
        "seconds": f"{max(open_.reading.milliseconds, 1) / 1000:.2f}",
        "current": current.key if current else "",
        "at": at,
    }
    return show(request, "desk/reading.html", context, government=document.government)


@login_required
@require_safe
def part(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """A window of a long document, ``from`` a place ``to`` another: of its ``text``, or of its ``ledger``."""
    document = document_for(request, pk, may_see_document)
    page = opened(document).paper
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    if side == "text":
        words = text_window(page.sheet(places=document.state in ("read", "confirmed")), first, last)
        return HttpResponse(words) if words is not None else _moved()
    window = ledger_window(page, first, last)
    if window is None:
        return _moved()
    context = {"window": window, "paper": page, "document": document, "may_correct": able(request, document)}
    return render(request, "desk/_window.html", {**context, **said()})


def _moved() -> HttpResponse:
    return sentence(_("这份文件的任务刚有人合并或删去，请刷新页面。"), 404)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A task's editor; a POST saves what was typed and, with ``confirm``, confirms the task."""
    document = document_for(request, pk, may_correct)
    open_ = opened(document)
    line = open_.paper.line(key)
    if line is None:
        return sentence(_("这一项已经不在了：可能已被删去，或并入了别的任务。请刷新页面。"), 404)
    if request.method != "POST":
        return render(request, "desk/_editor.html", _editor(open_, line))
    try:
        _save(request, open_, line)
    except ValidationError as error:
        fresh = opened(document)
        return refused(error, editing.shown(there.item) if (there := fresh.paper.line(key)) else None, fresh.version)
    return fragments(request, document, [key])


def _save(request: HttpRequest, open_: Open, line: Line) -> None:
    """Write the differences in one stroke, which one undo takes back; what was corrected is no longer in doubt."""
    typed = {name: str(value) for name, value in request.POST.items()}
    changes = editing.edits(line.item, typed, request.POST.getlist("remove")) if "edited" in request.POST else []
    if changes:
        changes += [Edit("confirm_doubt", doubt, {"answer": "corrected"}) for doubt in line.doubts]
    wanted = request.POST.get("confirm")
    if wanted and line.item["checked"] != (wanted == "1"):
        changes.append(Edit("confirm", line.key, wanted == "1"))
    actions.correct_many(open_.document, changes, user_of(request), since(request))


def _editor(open_: Open, line: Line) -> dict[str, Any]:
    lines = list(open_.paper.lines())
    before = next((a for a, b in itertools.pairwise(lines) if b.key == line.key), None)
    return {
        "document": open_.document,
        "line": line,
        "task": line.item,
        "before": before,
        "version": open_.version,
        "year": next((g.plan["year"] for g in open_.paper.groups if g.plan and g.plan["year"]), None),
        "touched": bool(open_.about(line.key)),
        "choices": choices.all_of_them(),
        "section": next((g.item for g in open_.paper.groups if line in g.lines), None),
    }


@login_required
@require_POST
def change(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Merge into the task before, split, remove, restore a task as it was read: the page is drawn anew at the place."""
    document = document_for(request, pk, may_correct)
    what, before = request.POST.get("what", ""), request.POST.get("before", "")
    try:
        with transaction.atomic():
            if what == "restore":
                _restore(request, document, key)
            else:
                actions.correct(document, _structural(what, key, request), user_of(request), since(request))
    except ValidationError as error:
        return refused(error)
    return anew(document, before if what in ("merge", "remove") else key)


def _restore(request: HttpRequest, document: Document, key: str) -> None:
    """Take back everything that stands about a task and its parts."""
    actions.take_back(document, user_of(request), {c.sequence for c in opened(document).about(key)})


def _structural(what: str, key: str, request: HttpRequest) -> Edit:
    if what == "merge":
        return Edit("merge", request.POST.get("before", ""), {"with": key})
    if what == "split":
        offset = request.POST.get("offset", "")
        return Edit("split", key, {"offset": whole(offset)})
    if what == "remove":
        return Edit("remove", key, None, request.POST.get("why", ""))
    raise ValidationError(_("没有这种改法。"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Add a task to a section: the form, and what it sends."""
    document = document_for(request, pk, may_correct)
    open_ = opened(document)
    group = next((g for g in open_.paper.groups if g.item["key"] == section), None)
    if group is None:
        raise Http404
    if request.method != "POST":
        return render(
            request, "desk/_add.html", {"document": document, "group": group, "choices": choices.all_of_them()}
        )
    text, unit = request.POST.get("text", "").strip(), request.POST.get("unit", "").strip()
    try:
        with transaction.atomic():
            value = {"text": text, "number": request.POST.get("number", "").strip()}
            made = actions.correct(document, Edit("insert", f"{section}/tasks", {"value": value}), user_of(request))
            key = f"tc{made.sequence}"
            if unit:
                after = {"value": {"name": unit, "role": "lead"}}
                actions.correct(document, Edit("insert", f"{key}/units", after), user_of(request))
    except ValidationError as error:
        return refused(error)
    return anew(document, key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A section's heading and leaders, and the plan's title, year and kind beside its first section."""
    document = document_for(request, pk, may_correct)
    group = next((g for g in opened(document).paper.groups if g.item["key"] == key), None)
    if group is None:
        raise Http404
    if request.method != "POST":
        context = {"document": document, "section": group.item, "plan": group.plan, "kinds": Plan.Kind.choices}
        return render(request, "desk/_section.html", context)
    typed = {name: str(value) for name, value in request.POST.items()}
    wanted = editing.section_edits(group.item, group.plan, typed, request.POST.getlist("remove"))
    try:
        actions.correct_many(document, wanted, user_of(request), since(request))
    except ValidationError as error:
        return refused(error)
    return anew(document, key)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last correction (or the one named ``sequence``) and draw the page anew there."""
    return _turn(request, pk, actions.undo)


@login_required
@require_POST
def redo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what was taken back."""
    return _turn(request, pk, actions.redo)


def _turn(request: HttpRequest, pk: int, action: Any) -> HttpResponse:
    document = document_for(request, pk, may_correct)
    named, before = request.POST.get("sequence", ""), opened(document)
    try:
        made = action(document, user_of(request), whole(named))
    except ValidationError as error:
        return refused(error)
    stroke = (c for c in document.reading().made() if (c.batch or c.sequence) == (made.batch or made.sequence))
    turned = sorted((c.refers_to for c in stroke if c.refers_to), key=lambda c: c.sequence)
    said = choices.stroke(turned, before.paper.labels)
    messages.success(request, f"{made.get_operation_display()}：{said}")
    return anew(document, made.path.partition("/")[0].partition(".")[0])


@login_required
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every correction: what, who, when, before and after; those taken back struck through."""
    document = document_for(request, pk, may_see_document)
    open_ = opened(document)
    told = choices.tell_all(open_.corrections[::-1], open_.paper.labels, open_.standing())
    context = {"document": document, "told": told, "may_correct": able(request, document)}
    return render(request, "desk/_history.html", context)


@login_required
@require_safe
def export(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The confirmed ledger as xlsx, csv or json."""
    document = document_for(request, pk, may_see_document)
    if name not in LEDGER_EXPORTS:
        raise Http404
    confirmed = opened(document).paper.ledger
    ledger = msgspec.convert({**confirmed, "doubts": corrections.open_doubts(dict(confirmed))}, Ledger)
    response = HttpResponse(write(ledger, name), content_type=LEDGER_EXPORTS[name].media_type)
    stem = document.name.rpartition(".")[0] or document.name
    return choices.attach(response, f"{stem}.{name}")


@login_required
@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as received, always as a download: its content is never run in the site's name."""
    document = document_for(request, pk, may_see_document)
    return FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type="application/octet-stream"
    )


@login_required
@require_safe
def to_home(request: HttpRequest) -> HttpResponse:
    """Documents are listed on the first page."""
    return redirect("home")
