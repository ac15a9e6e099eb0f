"""What the people pages share: whose they are, what their buttons do, the row or the day that a form names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from luoshi.desk.page import member_of, show, user_of
from luoshi.people.models import Government, User
from luoshi.people.permissions import Predicate, may_keep_accounts, may_keep_security, may_keep_units, require

Doing = Callable[[HttpRequest, Government], str]  # what a button does; its sentence
METHODS = ["GET", "HEAD", "POST"]


def own_government(request: HttpRequest, permission: Predicate) -> Government:
    """The government the account works for, if it may. Raises PermissionDenied."""
    member = member_of(request)
    if member is None:
        raise PermissionDenied
    require(permission, user_of(request), member.government)
    return member.government


def day_typed(request: HttpRequest, name: str) -> date:
    """The day of a form's field. Raises ValidationError where it is none."""
    try:
        day = parse_date(request.POST.get(name, ""))
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("请填日期，如 2026-07-01。"))
    return day


def told(request: HttpRequest, name: str) -> int:
    """The number that the address gives under a name; 0 for none."""
    number = request.GET.get(name, "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0


def picked(request: HttpRequest, name: str, rows: Any) -> Any:
    """The row of a query set that a field names; 404 for one of another government."""
    pk = request.POST.get(name, "")
    return get_object_or_404(rows, pk=int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 16 else 0)


def accounts_of(owner: Government) -> Any:
    """The accounts with a place in a government."""
    return User.objects.filter(memberships__government=owner).distinct()


def offer_link(request: HttpRequest, signed: str) -> None:
    """Keep an invitation's link for the page that follows, which shows it once."""
    who, token = signed.split("/")
    request.session["people"] = {"link": request.build_absolute_uri(reverse("invitation", args=[who, token]))}


def people_page(
    request: HttpRequest,
    name: str,
    permission: Predicate,
    does: Mapping[str, Doing],
    context: Callable[[Government], dict[str, Any]],
    *,
    doing_permission: Predicate | None = None,
) -> HttpResponse:
    """A people page: a POST does what its button is called and shows the page again with a sentence (422 if refused).

    ``doing_permission``: what a POST needs, where that is more than seeing the page.
    """
    needed = doing_permission if request.method == "POST" and doing_permission else permission
    owner, status = own_government(request, needed), 200
    if request.method == "POST":
        try:
            doing = does.get(request.POST.get("do", ""))
            if doing is None:
                raise ValidationError(_("没有这个操作，请刷新页面。"))
            messages.success(request, doing(request, owner))
            return redirect(request.get_full_path())
        except ValidationError as error:
            status = 422
            messages.error(request, " ".join(error.messages))
    user = user_of(request)
    may = {
        "may_units": may_keep_units(user, owner),
        "may_accounts": may_keep_accounts(user, owner),
        "may_security": may_keep_security(user, owner),
    }
    link = request.session.pop("people", {}).get("link", "")
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    full = {"nav": "people", "tab": name, "link": link, "hours": hours, **may, **context(owner)}
    return show(request, f"desk/people_{name}.html", full, government=owner, status=status)
