"""The home of documents, and the page for uploading."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk.page import document_for, member_of, show, user_of
from luoshi.documents import scanning
from luoshi.documents.models import Document, Scanning
from luoshi.people.models import Government
from luoshi.people.permissions import may_see_document, may_see_plan, may_upload, require
from luoshi.plans.models import Plan

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What became of one uploaded file, in one sentence."""

    name: str
    document: Document | None = None
    again: bool = False
    error: str = ""
    say: str = ""
    waits: bool = False  # a scan, read by and by


@login_required
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Plans and documents of the account's government; what to do next where there is none."""
    member, user = member_of(request), user_of(request)
    if member is None:
        return show(request, "desk/nowhere.html")
    owner = member.government
    plans = [plan for plan in Plan.objects.of(owner).counted() if may_see_plan(user, plan)]
    found = Document.objects.filter(government=owner).select_related("government", "uploaded_by", "scanning")
    seen = [document for document in found[:200] if may_see_document(user, document)]
    return show(request, "desk/home.html", {"nav": "documents", "plans": plans, "documents": seen})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The upload page; a POST takes one or several ``files`` and answers with a sentence for each."""
    member = member_of(request)
    if member is None:
        raise PermissionDenied
    require(may_upload, user_of(request), member.government)
    results = []
    if request.method == "POST":
        files = request.FILES.getlist("files")
        results = [_take(request, file, member.government) for file in files]
        if request.headers.get("HX-Request"):
            return render(request, "desk/_files.html", {"results": results})
    limit = settings.LUOSHI_UPLOAD_LIMIT // (1024 * 1024)
    return show(request, "desk/upload.html", {"nav": "reading", "results": results, "limit": limit})


def _take(request: HttpRequest, file: UploadedFile[bytes], government: Government) -> Result:
    name = file.name or ""
    try:
        received = scanning.receive(file, user_of(request), government)
    except ValidationError as error:
        return Result(name, error=" ".join(error.messages))
    except OperationalError:  # its disk is full, or another process holds it: the other files still get their answers
        log.exception("the database did not take an upload")
        return Result(
            name, error=_("“%(name)s”没有收下：数据库写不进去。请稍后再传；还不行，请告诉管理员。") % {"name": name}
        )
    document = received.document
    if document.error:
        return Result(name, document, received.already, error=document.error)
    day = localtime(document.uploaded_at).date().isoformat()
    if not received.read_now:
        return Result(name, document, True, say=_("%(day)s 已经传过同一份，不重复收。") % {"day": day})
    result = _result(document)
    if received.already and not result.waits:
        say = _("%(day)s 传过同一份，当时没有读出来，这次读出来了。") % {"day": day} + result.say
        return replace(result, say=say)
    return result


def _result(document: Document) -> Result:
    """What is to be said of a document by how far it is."""
    row = _scanning(document)
    if row is not None:
        return Result(document.name, document, say=far(row), waits=True)
    if document.state in (Document.State.RECEIVED, Document.State.FAILED):
        return Result(document.name, document, error=document.error or _("文件已收到，还没有读完：识读可能被中断过。"))
    ledger = document.reading().ledger
    tasks = sum(len(s["tasks"]) for p in ledger["plans"] for s in p["sections"])
    say = _("读出 %(tasks)d 条任务，存疑 %(doubts)d 处。") % {"tasks": tasks, "doubts": len(ledger["doubts"])}
    return Result(document.name, document, say=say)


# -- scans, which are read by and by -----------------------------------------------------------------------------------


def _scanning(document: Document) -> Scanning | None:
    """How far the document's scan is; None where there is none, or whoever read it is gone."""
    row = Scanning.objects.filter(document=document).first()
    return row if row is not None and scanning.alive(row) else None


def far(row: Scanning) -> str:
    """How far a scan is, in one sentence."""
    if not row.pages:
        return _("扫描件，排队等待识读。")
    said = {"page": min(row.done + 1, row.pages), "pages": row.pages}
    left = row.left(timezone.now())
    if left is None:
        return _("扫描件，正在识读第 %(page)d 页，共 %(pages)d 页。") % said
    if left < 60:
        return _("扫描件，正在识读第 %(page)d 页，共 %(pages)d 页，不到 1 分钟。") % said
    words = _("扫描件，正在识读第 %(page)d 页，共 %(pages)d 页，约需 %(minutes)d 分钟。")
    return words % {**said, "minutes": math.ceil(left / 60)}


def unread(request: HttpRequest, document: Document) -> HttpResponse:
    """The page of a document that was not read: how far its scan is, or why there is nothing to see."""
    row = _scanning(document)
    context = {"nav": "reading", "document": document, "scanning": row, "far": far(row) if row else ""}
    return show(request, "desk/unread.html", context, government=document.government)


def scan(request: HttpRequest, document: Document) -> HttpResponse:
    """How far a scan is, asked by the pages that wait for it: ``scan=row`` of the upload page, ``scan=page`` its own."""
    if request.GET.get("scan") == "row":
        return render(request, "desk/_files.html", {"results": [_result(document)]})
    row = _scanning(document)
    if row is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "desk/_scanning.html", {"document": document, "scanning": row, "far": far(row)})


@login_required
@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a document that was not read, or not to the end; then to its page, which says what came of it."""
    document = document_for(request, pk, may_upload)
    if document.state in (Document.State.RECEIVED, Document.State.FAILED):
        scanning.read(document, user_of(request))
    return redirect("reading", pk=document.pk)
