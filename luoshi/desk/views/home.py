"""The home of documents, and the page for uploading."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.desk.page import document_for, member_of, show, user_of
from luoshi.documents import actions
from luoshi.documents.models import Document
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


@login_required
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Plans and documents of the account's government; what to do next where there is none."""
    member, user = member_of(request), user_of(request)
    if member is None:
        return show(request, "desk/nowhere.html")
    owner = member.government
    plans = [plan for plan in Plan.objects.of(owner).counted() if may_see_plan(user, plan)]
    found = Document.objects.filter(government=owner).select_related("government", "uploaded_by")
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
        received = actions.receive(file, user_of(request), government)
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
    tasks = sum(len(s["tasks"]) for p in document.reading().ledger["plans"] for s in p["sections"])
    doubts = len(document.reading().ledger["doubts"])
    say = _("读出 %(tasks)d 条任务，存疑 %(doubts)d 处。") % {"tasks": tasks, "doubts": doubts}
    if received.already:
        say = _("%(day)s 传过同一份，当时没有读出来，这次读出来了。") % {"day": day} + say
    return Result(name, document, say=say)


@login_required
@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a document that was not read, or not to the end; then to its page, which says what came of it."""
    document = document_for(request, pk, may_upload)
    if document.state in (Document.State.RECEIVED, Document.State.FAILED):
        actions.read(document, user_of(request))
    return redirect("reading", pk=document.pk)
