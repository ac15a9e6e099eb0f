"""Doubts: one is answered, all about the same words, or all of a kind; each answer is one stroke that one undo takes back."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk.answers import able, fragments, since
from luoshi.desk.opened import opened
from luoshi.desk.page import document_for, refused, sentence, user_of
from luoshi.desk.paper import Kind, Paper
from luoshi.documents import actions
from luoshi.documents.actions import Edit
from luoshi.documents.models import Document
from luoshi.people.permissions import may_correct, may_see_document

EXAMPLES = 5  # shown before many are answered at once
PORTION = 40  # questions fetched at a time


@login_required
@require_POST
def answer(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Answer a doubt; with ``like`` all doubts of the same kind about the same words."""
    document = document_for(request, pk, may_correct)
    before = opened(document)
    try:
        wanted = list(_answers(before.paper, key, request.POST.get("answer", ""), "like" in request.POST))
        actions.correct_many(document, wanted, user_of(request), since(request))
    except ValidationError as error:
        return refused(error)
    touched = [line.key for line in before.paper.lines() if line.doubts]
    return fragments(request, document, touched, "doubts")


def _answers(page: Paper, key: str, words: str, like: bool) -> Iterator[Edit]:
    """The corrections that an answer means: ``first_leads`` makes the first unit of each task its lead."""
    question = next((q for q in page.open_questions if key in q.keys.split()), None)
    one_kind = bool(question and question.by_kind)
    keys = question.keys.split() if question and one_kind and like else [key]
    tasks = {doubt["key"]: doubt["task_key"] for doubt in page.ledger["doubts"]}
    for each in keys:
        line = page.line(tasks.get(each) or "")
        if words == "first_leads" and line:
            for n, unit in enumerate(line.item["units"]):
                yield Edit("set", unit["key"], {"role": "support" if n else "lead"})
        yield Edit("confirm_doubt", each, {"answer": words, "like": like and not one_kind})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take all open doubts of a kind as they were read. A GET asks first: how many, and some of them."""
    document = document_for(request, pk, may_correct)
    page = opened(document).paper
    found = _kind(page, code)
    if found is None:
        return sentence(_("这一类存疑已经定完，请刷新页面。"), 404)
    if request.method != "POST":
        context = {"document": document, "kind": found, "examples": found.questions[:EXAMPLES]}
        return render(request, "desk/_doubt_kind.html", {**context, "others": len(found.questions) - EXAMPLES})
    return _accept(request, document, page, found)


def _accept(request: HttpRequest, document: Document, page: Paper, found: Kind) -> HttpResponse:
    keys = [key for question in found.questions for key in question.keys.split()]
    wanted = [Edit("confirm_doubt", key, {"answer": "as_read", "like": False}) for key in keys]
    try:
        actions.correct_many(document, wanted, user_of(request), since(request))
    except ValidationError as error:
        return refused(error)
    own = set(keys)
    touched = [line.key for line in page.lines() if own.intersection(line.doubts)]
    return fragments(request, document, touched, "doubts")


@login_required
@require_safe
def more(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Further questions of a kind, ``from`` the number that the page has already."""
    document = document_for(request, pk, may_see_document)
    found, given = _kind(opened(document).paper, code), request.GET.get("from", "")
    if found is None or not (given.isascii() and given.isdecimal()):
        raise Http404
    begin = int(given[:6])
    rows = found.questions[begin : begin + PORTION]
    context = {"document": document, "kind": found, "rows": rows, "may_correct": able(request, document)}
    return render(request, "desk/_doubt_rows.html", {**context, "next": begin + len(rows)})


def _kind(page: Paper, code: str) -> Kind | None:
    return next((each for each in page.kinds if each.code == code), None)
