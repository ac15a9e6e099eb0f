"""Evidence on the unit's page: files received, put beside more items, and taken away again."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.desk.doing import day_of, whole
from luoshi.desk.page import refused, user_of
from luoshi.desk.views.unit import KEPT, report_for
from luoshi.people.permissions import may_report, require
from luoshi.progress import evidence_actions
from luoshi.progress.models import Evidence, EvidenceUse, Report

# What a file's name says of its kind; the person may choose another.
NAMED = (
    ("验收", "acceptance"), ("命名", "award"), ("认定", "award"), ("统计", "statistics"), ("批复", "approval"),
    ("批准", "approval"), ("照片", "photo"),
)  # fmt: skip


def kind_of(name: str, media_type: str) -> str:
    """The kind of paper a file's name speaks of; a picture is a photograph."""
    for word, kind in NAMED:
        if word in name:
            return kind
    return "photo" if media_type.startswith("image/") else "other"


@login_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive one or several ``files`` beside a report, or put one that is there (``evidence``) beside it again."""
    report = report_for(request, pk)
    user, said = user_of(request), request.POST
    files = request.FILES.getlist("files")
    try:
        dated = day_of(said["dated"], _("材料日期")) if said.get("dated") else None
        if (kept := whole(said.get("evidence", ""))) is not None:
            evidence = get_object_or_404(Evidence, pk=kept, unit=report.unit_id)
            evidence_actions.use_again(evidence, [report], user)
        elif not files:
            raise ValidationError(_("请选择要添加的文件。"))
    except ValidationError as error:
        return _say(request, report, error)
    wrong: list[str] = []
    for file in files:  # one that is no paper does not take the others with it
        kind = said.get("kind") or kind_of(file.name or "", file.content_type or "")
        try:
            evidence_actions.attach(report, file, user, kind=kind, dated=dated, source=said.get("source", ""))
        except ValidationError as error:
            wrong += error.messages
    if len(wrong) == len(files) and wrong:
        return _say(request, report, ValidationError(wrong))
    return _shown(request, report, " ".join(wrong))


@login_required
@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away from a report that is not sent in; the file itself stays."""
    use = get_object_or_404(EvidenceUse.objects.select_related("report__unit__government"), pk=pk)
    require(may_report, user_of(request), use.report)
    try:
        evidence_actions.detach(use, user_of(request))
    except ValidationError as error:
        return _say(request, use.report, error)
    return _shown(request, use.report)


def _say(request: HttpRequest, report: Report, error: ValidationError) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return refused(error)
    messages.error(request, " ".join(error.messages))
    return redirect("unit", pk=report.unit_id)


def _shown(request: HttpRequest, report: Report, wrong: str = "") -> HttpResponse:
    """The report's files as they are now, and why others were not taken; the whole page where no script asked."""
    if not request.headers.get("HX-Request"):
        if wrong:
            messages.error(request, wrong)
        return redirect("unit", pk=report.unit_id)
    uses = report.evidence_uses.select_related("evidence")
    kept = list(Evidence.objects.filter(unit=report.unit_id).order_by("-at")[:KEPT])
    context = {"report": report, "uses": uses, "writable": True, "kept": kept, "kinds": Evidence.Kind.choices}
    response = render(request, "desk/_evidence.html", context)
    if wrong:
        response["X-Sentence"] = quote(wrong)
    return response
