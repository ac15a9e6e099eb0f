"""What pages with forms share: the place an account works in, what was typed as values, a verb tried and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from luoshi.desk import choices
from luoshi.desk.page import user_of
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.models import Government
from luoshi.people.permissions import Predicate, may_see_plan, may_see_task, memberships, require
from luoshi.plans.models import Plan, Task


def own_place(request: HttpRequest, permission: Predicate) -> Government:
    """The first government of the account in which it may do this. Raises PermissionDenied."""
    for member in memberships(user_of(request)):
        if permission(user_of(request), member.government):
            return member.government
    raise PermissionDenied(_("您的账号没有看这一页的权限。"))


def seen_plan(request: HttpRequest, pk: int, permission: Predicate = may_see_plan) -> Plan:
    """The plan, if the account may do this with it. Raises Http404, PermissionDenied."""
    plan = get_object_or_404(Plan.objects.select_related("government", "document"), pk=pk)
    require(permission, user_of(request), plan)
    return plan


def seen_task(request: HttpRequest, plan: Plan, key: str) -> Task:
    """A task of the plan, whole, if the account may see it. Raises Http404, PermissionDenied."""
    found: Task | None = plan.tasks.whole().select_related("last_year").filter(key=key.replace("\x00", "")).first()
    if found is None:
        raise Http404(_("没有这条任务。"))
    require(may_see_task, user_of(request), found)
    return found


def tried(request: HttpRequest, act: Callable[[], Any], said: str = "") -> bool:
    """Do it and say so; where it cannot be, say why. Whether it was done."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    if said:
        messages.success(request, said)
    return True


def typed(request: HttpRequest, name: str) -> str:
    """What was typed into a field, without NUL, which PostgreSQL does not take."""
    return str(request.POST.get(name, "")).replace("\x00", "").strip()


def asked(request: HttpRequest, name: str) -> str:
    """A parameter of the address, without NUL."""
    return str(request.GET.get(name, "")).replace("\x00", "").strip()[:100]


def whole(text: str) -> int | None:
    """A whole number as typed, None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def chosen(request: HttpRequest, name: str) -> list[int]:
    """The primary keys of the boxes that were ticked."""
    return [pk for text in request.POST.getlist(name) if (pk := whole(str(text))) is not None]


def day_of(text: str, label: str) -> date:
    """A day as typed (2026-06-30). Raises ValidationError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("%(label)s要写成年-月-日，如 2026-06-30。") % {"label": label}) from None


def figure_of(text: str, label: str) -> Decimal:
    """A figure as typed. Raises ValidationError."""
    try:
        found = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= Decimal(10) ** 15:
        raise ValidationError(_("%(label)s要填一个数。") % {"label": label})
    return found


def sent_table(name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]], format: str) -> HttpResponse:
    """A list as a file to be saved. Raises Http404 for a format there is not."""
    if format not in MEDIA:
        raise Http404
    body = table_file(name, [str(h) for h in headers], rows, format)
    return choices.attach(HttpResponse(body, content_type=MEDIA[format]), f"{name}.{format}")
