"""The unit's month by Excel and by prose: what was brought is shown beside what is there, and only what is ticked is taken."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk import choices
from luoshi.desk.doing import own_place
from luoshi.desk.page import show, user_of
from luoshi.desk.unit_form import Read, lines_of, read_form
from luoshi.desk.unit_prose import read_prose
from luoshi.desk.views.unit import unit_for
from luoshi.exports import unit_form
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.models import Unit
from luoshi.people.permissions import may_fill_unit, may_see_dashboard, require
from luoshi.progress import drafts, report_actions
from luoshi.progress.asked import Item, items_of, reports_asked
from luoshi.progress.burden import burdens
from luoshi.progress.models import Report
from luoshi.ui.today import today

KEPT = 3600  # seconds in which what was shown may be accepted
PASTED = 20_000  # characters of a pasted text


def _own(request: HttpRequest, pk: int) -> tuple[Unit, list[Item]]:
    unit = unit_for(request, pk)
    require(may_fill_unit, user_of(request), unit)
    return unit, items_of(reports_asked(unit))


@login_required
@require_safe
def form_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The prefilled form of what can be written now."""
    unit, items = _own(request, pk)
    periods = "、".join(dict.fromkeys(str(item.report.period) for item in items))
    body = unit_form.write(unit_form.Form(unit.pk, unit.short_name, periods, today(), lines_of(items)))
    return choices.attach(HttpResponse(body, content_type=MEDIA["xlsx"]), f"{unit.short_name} {periods} 填报表.xlsx")


@login_required
@require_POST
def form_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an uploaded form (``form``), a report (``report``) or a pasted ``text`` says otherwise."""
    unit, items = _own(request, pk)
    try:
        read = _read(request, unit, items)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("unit", pk=unit.pk)
    by_report = {item.report.pk: item for item in items}
    here = [[d.report, d.field, by_report[d.report].draft.get(d.field), d.value] for d in read.differences]
    context = {
        "nav": "unit",
        "unit": unit,
        "read": read,
        "payload": signing.dumps(here, salt=_salt(request, unit), compress=True),
    }
    return show(request, "desk/unit_form.html", context, government=unit.government)


def _salt(request: HttpRequest, unit: Unit) -> str:
    return f"unit-form-{unit.pk}-{user_of(request).pk}"


def _read(request: HttpRequest, unit: Unit, items: list[Item]) -> Read:
    form, report = request.FILES.get("form"), request.FILES.get("report")
    for file in (form, report):
        if file is not None and (file.size or 0) > settings.LUOSHI_UPLOAD_LIMIT:
            limit = settings.LUOSHI_UPLOAD_LIMIT // (1024 * 1024)
            raise ValidationError(
                _("“%(name)s”超过 %(limit)d MB，请压缩图片或拆分后再上传。") % {"name": file.name, "limit": limit}
            )
    if form is not None:
        return read_form(form.read(), unit.pk, items)
    if report is not None:
        return read_prose(report.read(), report.name or "report.docx", items)
    text = request.POST.get("text", "").strip()
    if not text:
        raise ValidationError(_("请选文件，或粘贴一段文字。"))
    if len(text) > PASTED:
        raise ValidationError(_("粘贴的文字太长，请存成 Word 再传。"))
    return read_prose(text.encode(), "pasted.txt", items)


@login_required
@require_POST
def form_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was ticked into the drafts; nothing is sent in."""
    unit, items = _own(request, pk)
    try:
        shown: list[Any] = signing.loads(request.POST.get("payload", ""), salt=_salt(request, unit), max_age=KEPT)
    except signing.BadSignature:
        messages.error(request, _("页面放得太久了，请重新传一次。"))
        return redirect("unit", pk=unit.pk)
    wanted = {int(n) for n in request.POST.getlist("take") if n.isascii() and n.isdecimal() and len(n) < 9}
    changes: dict[int, dict[str, drafts.Change]] = {}
    for n, (report, name, base, value) in enumerate(shown):
        if n in wanted:
            changes.setdefault(report, {})[name] = drafts.Change(base, value)
    reports = {item.report.pk: item.report for item in items}
    taken, wrong = 0, list[str]()
    for pk_, said in changes.items():
        try:
            report_actions.save_draft(reports.get(pk_) or Report(pk=pk_), said, user_of(request))
            taken += len(said)
        except (ValidationError, Report.DoesNotExist) as error:
            wrong += getattr(error, "messages", [_("没有看懂要保存的内容，请刷新页面。")])
    if wrong:
        messages.error(request, " ".join(wrong))
    if taken or not wrong:
        messages.success(request, _("%(n)d 处已写入草稿，签发后才算报送。") % {"n": taken})
    return redirect("unit", pk=unit.pk)


@login_required
@require_safe
def burden_list(request: HttpRequest) -> HttpResponse:
    """What is asked of each unit, for the office; ``?format=csv`` or ``xlsx`` as a file."""
    government = own_place(request, may_see_dashboard)
    rows = burdens(government, today())
    form = request.GET.get("format", "")
    if form in MEDIA:
        heads = ("单位", "本期项数", "本期格数", "本期分钟", "今年项数", "今年格数", "今年分钟", "其中无变化")
        lines = [
            (b.unit.short_name, b.now.items, b.now.boxes, b.now.minutes, b.year.items, b.year.boxes, b.year.minutes, b.unchanged)
            for b in rows
        ]  # fmt: skip
        body = table_file("填报负担", heads, lines, form)
        return choices.attach(HttpResponse(body, content_type=MEDIA[form]), f"填报负担 {today()}.{form}")
    return show(request, "desk/burden.html", {"rows": rows}, government=government)
