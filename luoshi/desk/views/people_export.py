"""Units, accounts and posts as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk.choices import attach
from luoshi.desk.page import member_of, user_of
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.models import Government
from luoshi.people.permissions import Predicate, may_keep_accounts, may_keep_units, require


def _own(request: HttpRequest, permission: Predicate, format: str) -> Government:
    """The government whose list is wanted. Raises PermissionDenied; 404 for an unknown format."""
    member = member_of(request)
    if member is None:
        raise PermissionDenied
    require(permission, user_of(request), member.government)
    if format not in MEDIA:
        raise Http404
    return member.government


def _file(
    owner: Government, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], format: str
) -> HttpResponse:
    body = table_file(name, heads, rows, format)
    response: HttpResponse = attach(HttpResponse(body, content_type=MEDIA[format]), f"{owner}-{name}.{format}")
    return response


@login_required
@require_safe
def units(request: HttpRequest, format: str) -> HttpResponse:
    """Every unit with its names, kind and the unit it was merged into."""
    owner = _own(request, may_keep_units, format)
    rows = [
        [unit.short_name, unit.full_name, unit.get_kind_display(), "、".join(a.name for a in unit.aliases.all()),
         str(unit.successor or "")]
        for unit in owner.units.select_related("successor").prefetch_related("aliases")
    ]  # fmt: skip
    return _file(owner, _("单位"), [_("简称"), _("全称"), _("类别"), _("别名"), _("并入")], rows, format)


@login_required
@require_safe
def accounts(request: HttpRequest, format: str) -> HttpResponse:
    """Every account with one row a role, its unit, and whether it is in use."""
    owner = _own(request, may_keep_accounts, format)
    rows = [
        [m.user.username, m.user.name, m.get_role_display(), str(m.unit or ""),
         _("在用") if m.user.is_active and m.user.last_login else _("未登录过") if m.user.is_active else _("已停用")]
        for m in owner.members.select_related("user", "unit").order_by("user__username", "pk")
    ]  # fmt: skip
    return _file(owner, _("账号"), [_("账号"), _("姓名"), _("角色"), _("单位"), _("状态")], rows, format)


@login_required
@require_safe
def posts(request: HttpRequest, format: str) -> HttpResponse:
    """Every post with one row a tenure; a vacant post has one row without a name."""
    owner = _own(request, may_keep_units, format)
    rows: list[list[Any]] = []
    for post in owner.posts.select_related("unit").prefetch_related("tenures__user"):
        told = [post.title, str(post.unit or "")]
        held = [[t.person, t.user.username if t.user else "", t.since, t.until] for t in post.tenures.all()]
        rows += [[*told, *each] for each in held or [["", "", None, None]]]
    heads = [_("职务"), _("单位"), _("姓名"), _("账号"), _("任职日期"), _("离任日期")]
    return _file(owner, _("职务"), heads, rows, format)
