"""Units and people from a table: the template, the preview, and the writing once somebody agreed."""

from __future__ import annotations

import io
from typing import Any, cast

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.desk.choices import attach
from luoshi.desk.page import member_of, show, user_of
from luoshi.people import importing
from luoshi.people.models import Government, Member, Unit
from luoshi.people.permissions import may_keep_accounts, may_keep_security, may_keep_units, require

SALT = "luoshi.people.import"
AGREED = 60 * 60  # seconds between preview and agreement
LARGEST = 5 * 1024 * 1024  # bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = list[tuple[int, importing.Row]]


def _own(request: HttpRequest) -> Government:
    member = member_of(request)
    if member is None:
        raise PermissionDenied
    require(may_keep_units, user_of(request), member.government)
    return member.government


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """A POST with a ``file`` shows what each row would do; one with ``agreed``, the signed rows shown, does it."""
    owner, user = _own(request), user_of(request)
    context: dict[str, Any] = {"nav": "people", "tab": "import", "may_units": True}
    context["may_accounts"] = may_keep_accounts(user, owner)
    context["may_security"] = may_keep_security(user, owner)
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("agreed"):
                units, accounts = importing.carry_out(owner, _agreed(request, owner), user)
                said = _("已导入：新单位 %(units)d 个，新账号 %(accounts)d 个。")
                messages.success(request, said % {"units": units, "accounts": accounts})
                return redirect("people-import")
            context |= _preview(request, owner)
        except ValidationError as error:
            status = 422
            messages.error(request, " ".join(error.messages))
    return show(request, "desk/people_import.html", context, government=owner, status=status)


def _preview(request: HttpRequest, owner: Government) -> dict[str, Any]:
    file = request.FILES.get("file")
    if file is None:
        raise ValidationError(_("请选一个文件。"))
    if (file.size or 0) > min(LARGEST, settings.LUOSHI_UPLOAD_LIMIT):
        raise ValidationError(_("文件超过 5 MB，请只留要导入的表。"))
    rows = importing.rows_of(file.read(), file.name or "")
    found = importing.plan(owner, rows)
    wrong = sum(bool(out.error) for out in found)
    signed = "" if wrong else signing.dumps([owner.pk, rows], salt=SALT, compress=True)
    return {"outcomes": found, "wrong": wrong, "agreed": signed, "name": file.name}


def _agreed(request: HttpRequest, owner: Government) -> Rows:
    """The rows of the preview, as they were shown. Raises ValidationError where they are old or not ours."""
    try:
        place, rows = signing.loads(request.POST["agreed"], salt=SALT, max_age=AGREED)
    except signing.BadSignature as error:
        raise ValidationError(_("预览已过期，请重新上传。")) from error
    if place != owner.pk:
        raise ValidationError(_("预览已过期，请重新上传。"))
    return cast("Rows", [(number, row) for number, row in rows])


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty table whose columns for kind and role offer what may stand there."""
    _own(request)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("单位和人员")
    bold = book.add_format({"bold": True, "bg_color": "#E8EDF2", "border": 1})
    sheet.write_row(0, 0, importing.COLUMNS, bold)
    sheet.set_column(0, len(importing.COLUMNS) - 1, 18)
    sheet.freeze_panes(1, 0)
    for column, labels in (("类别", Unit.Kind.labels), ("角色", Member.Role.labels)):
        at = importing.COLUMNS.index(column)
        offered = {"validate": "list", "source": [str(label) for label in labels], "error_title": column}
        sheet.data_validation(1, at, importing.MOST, at, offered)
    book.close()
    return attach(HttpResponse(out.getvalue(), content_type=XLSX), f"{_('单位和人员')}.xlsx")
