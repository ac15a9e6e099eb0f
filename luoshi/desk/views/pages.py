"""The pages of a document as they look, with the fields' places on them: what stands left when 原件 is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk.opened import opened
from luoshi.desk.page import document_for, sentence
from luoshi.documents import pages
from luoshi.documents.models import Document
from luoshi.people.permissions import may_see_document
from luoshi.reading.errors import ReadingError
from luoshi.ui.boxes import boxes, task_boxes

MOST = 2000  # pages listed


@dataclass(frozen=True)
class Sheet:
    """A page of the list: its number, its shape, and the keys of the fields on it without what follows the dot."""

    number: int
    width: float
    height: float
    keys: str


@login_required
@require_safe
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """All pages as empty sheets of their shape; each is filled when it comes into sight."""
    document = document_for(request, pk, may_see_document)
    _must_have_pages(document)
    page = opened(document).paper
    try:
        sizes = pages.sizes(document)[:MOST]
    except ReadingError as error:
        return render(request, "desk/_pages.html", {"document": document, "error": str(error)})
    keys: list[dict[str, None]] = [{} for _size in sizes]
    sheet = page.sheet()
    for block, key in (*((m.block, m.key) for m in sheet.marks), *((b.block, b.key) for b in sheet.begins if b.key)):
        number = (sheet.blocks[block].get("origin") or {}).get("page") or 0
        if 0 < number <= len(sizes):
            keys[number - 1].setdefault(key.partition(".")[0])
    listed = [
        Sheet(n, width, height, " ".join(own))
        for n, ((width, height), own) in enumerate(zip(sizes, keys, strict=True), start=1)
    ]
    return render(request, "desk/_pages.html", {"document": document, "sheets": listed})


@login_required
@require_safe
def fields(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A page's picture with the places of its fields over it."""
    document = document_for(request, pk, may_see_document)
    _must_have_pages(document)
    page = opened(document).paper
    try:
        sizes = pages.sizes(document)
    except ReadingError as error:
        raise Http404(str(error)) from None
    if not 1 <= number <= len(sizes):
        raise Http404
    size = sizes[number - 1]
    sheet = page.sheet()
    found = boxes(sheet.blocks, sheet.marks, number, size)
    begins = task_boxes(sheet.blocks, sheet.begins, number, size)
    context = {"document": document, "number": number, "boxes": found, "begins": begins}
    return render(request, "desk/_page.html", context)


@login_required
@require_safe
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The picture of a page. The browser may keep it for this account, and asks again by the file's digest."""
    document = document_for(request, pk, may_see_document)
    if not pages.has_pages(document):
        raise Http404(_("这种文件没有页面图。"))
    tag = f'"{document.digest}-{number}-{pages.WIDTH}"'
    same = get_conditional_response(request, etag=tag)
    if same is not None:
        return _kept(same, tag)
    try:
        drawn = pages.drawn(document, number)
        return _kept(FileResponse(drawn.path.open("rb"), content_type=drawn.media_type), tag)
    except (ReadingError, LookupError, OSError) as error:
        said = str(error) if not isinstance(error, OSError) else _("这一页的图暂时取不到，请刷新页面。")
        return sentence(said, 404)


def _kept(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _must_have_pages(document: Document) -> None:
    if not pages.has_pages(document):
        raise Http404(_("这种文件没有页面图。"))
