"""Two documents compared: draft and final, or last year and this; and the page on which the other one is chosen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk import choices, compared
from luoshi.desk.opened import Open, opened
from luoshi.desk.page import document_for, show, user_of
from luoshi.documents.models import Document
from luoshi.exports import COMPARISON_EXPORTS, write_comparison
from luoshi.people.permissions import may_see_document

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}
MOST = 200  # documents to choose from
READABLE = (Document.State.READ, Document.State.CONFIRMED, Document.State.ADOPTED)


@login_required
@require_safe
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The documents that this one can be compared with, the likeliest first."""
    document = document_for(request, pk, may_see_document)
    others = Document.objects.filter(government=document.government, state__in=READABLE).exclude(pk=pk)
    seen = [other for other in others.select_related("government")[:MOST] if may_see_document(user_of(request), other)]
    context = {"nav": "reading", "document": document, "candidates": compared.candidates(document, seen)}
    return show(request, "desk/compare_choose.html", context, government=document.government)


@login_required
@require_safe
def compare(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """What became of the old document's tasks. ``?show=target_lowered`` leaves one kind, ``from`` begins at a row."""
    before, after = _both(request, old, new)
    found = compared.comparison(before, after)
    rows = compared.listed(found, before, after)
    offered = compared.choices(rows)
    wanted = request.GET.get("show", "")
    wanted = wanted if any(choice.code == wanted for choice in offered) else ""
    shown = [row for row in rows if (row.kind == wanted if wanted else row.kind not in ("same", "recycled"))]
    given = request.GET.get("from", "")
    begin = int(given[:6]) if given.isascii() and given.isdecimal() else 0
    context = {
        "nav": "reading", "old": before.document, "new": after.document, "found": found, "choices": offered,
        "wanted": wanted, "shown": len(shown), "rows": shown[begin : begin + compared.PORTION], "begin": begin,
        "before": max(begin - compared.PORTION, 0), "next": begin + compared.PORTION,
        "summary": found.summary, "as_before": compared.as_before(found), "all": sum(row.kind not in ("same", "recycled") for row in rows),
    }  # fmt: skip
    return show(request, "desk/compare.html", context, government=after.document.government)


@login_required
@require_safe
def export(request: HttpRequest, old: int, new: int, name: str) -> HttpResponse:
    """The whole comparison as csv, html, json or md."""
    if name not in COMPARISON_EXPORTS:
        raise Http404
    before, after = _both(request, old, new)
    response = HttpResponse(write_comparison(compared.comparison(before, after), name), content_type=MEDIA[name])
    return choices.attach(
        response, f"{_('对照')} {after.document.name.rpartition('.')[0] or after.document.name}.{name}"
    )


def _both(request: HttpRequest, old: int, new: int) -> tuple[Open, Open]:
    """Both documents, if the account may see both. Raises Http404 for a document compared with itself."""
    if old == new:
        raise Http404(_("请选另一份文件来对照。"))
    before = document_for(request, old, may_see_document)
    after = document_for(request, new, may_see_document)
    return opened(before), opened(after)
