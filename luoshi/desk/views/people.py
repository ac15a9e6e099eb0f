"""The people pages: units and their mergers, accounts and places, posts and who holds them, and security."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from luoshi.desk.page import member_of, show, user_of
from luoshi.people import account_actions, actions, post_actions
from luoshi.people.models import Government, Member, Post, Unit, User
from luoshi.people.permissions import (
    Predicate,
    may_issue,
    may_keep_accounts,
    may_keep_security,
    may_keep_units,
    require,
)
from luoshi.plans.models import Plan
from luoshi.plans.posts import posts_from, without_post

Doing = Callable[[HttpRequest, Government], str]  # what a button does; its sentence
METHODS = ["GET", "HEAD", "POST"]


def _own(request: HttpRequest, permission: Predicate) -> Government:
    """The government the account works for, if it may. Raises PermissionDenied."""
    member = member_of(request)
    if member is None:
        raise PermissionDenied
    require(permission, user_of(request), member.government)
    return member.government


def _day(request: HttpRequest, name: str) -> date:
    try:
        day = parse_date(request.POST.get(name, ""))
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("请填日期，如 2026-07-01。"))
    return day


def _picked(request: HttpRequest, name: str, rows: Any) -> Any:
    """The row of a query set that a field names; 404 for one of another government."""
    pk = request.POST.get(name, "")
    return get_object_or_404(rows, pk=int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 16 else 0)


def _page(
    request: HttpRequest,
    name: str,
    permission: Predicate,
    does: Mapping[str, Doing],
    context: Callable[[Government], dict[str, Any]],
) -> HttpResponse:
    """A people page: a POST does what its button is called and shows the page again with a sentence (422 if refused)."""
    owner, status = _own(request, permission), 200
    if request.method == "POST":
        try:
            doing = does.get(request.POST.get("do", ""))
            if doing is None:
                raise ValidationError(_("没有这个操作，请刷新页面。"))
            messages.success(request, doing(request, owner))
            return redirect(f"people-{name}")
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
    full = {"nav": "people", "tab": name, "link": link, **may, **context(owner)}
    return show(request, f"desk/people_{name}.html", full, government=owner, status=status)


# -- units -----------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(METHODS)
def units(request: HttpRequest) -> HttpResponse:
    """Units with their names and mergers; the government's place, code and towns."""
    does = {"add": _add_unit, "alias": _add_alias, "succeed": _succeed, "code": _code}

    def context(owner: Government) -> dict[str, Any]:
        rows = owner.units.select_related("successor").prefetch_related("aliases", "predecessors")
        return {
            "units": list(rows),
            "kinds": Unit.Kind.choices,
            "levels": list(owner.children.all()),
            "above": owner.parent,
        }

    return _page(request, "units", may_keep_units, does, context)


def _add_unit(request: HttpRequest, owner: Government) -> str:
    names = tuple(request.POST.get("aliases", "").replace("，", " ").replace("、", " ").split())
    new = actions.NewUnit(
        request.POST.get("short_name", "").strip(),
        request.POST.get("full_name", "").strip(),
        request.POST.get("kind", "department"),
        names,
    )
    actions.create_units(owner, [new], user_of(request))
    return _("已添加 %(unit)s。") % {"unit": new.short_name}


def _add_alias(request: HttpRequest, owner: Government) -> str:
    unit = _picked(request, "unit", owner.units)
    actions.add_aliases(unit, [request.POST.get("name", "")], user_of(request))
    return _("%(unit)s 的名称已添加。") % {"unit": unit}


def _succeed(request: HttpRequest, owner: Government) -> str:
    unit, after = _picked(request, "unit", owner.units), _picked(request, "successor", owner.units)
    actions.succeed(unit, after, user_of(request))
    return _("%(unit)s 已并入 %(after)s，未办结的事项由它承接。") % {"unit": unit, "after": after}


def _code(request: HttpRequest, owner: Government) -> str:
    post_actions.change_code(owner, request.POST.get("code", "").strip(), _day(request, "since"), user_of(request))
    return _("行政区划代码已更换。")


# -- accounts --------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(METHODS)
def accounts(request: HttpRequest) -> HttpResponse:
    """Who has an account and in which roles; inviting, a fresh link, switching off and on."""
    does = {"invite": _invite, "link": _link, "off": _switch, "on": _switch, "role": _role, "unrole": _unrole}

    def context(owner: Government) -> dict[str, Any]:
        return {
            "people": _people(owner), "roles": Member.Role.choices, "units": list(owner.units.current()),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }  # fmt: skip

    return _page(request, "accounts", may_keep_accounts, does, context)


def _people(owner: Government) -> list[tuple[User, list[Member]]]:
    """Each account with its places in this government. One query."""
    found: dict[int, tuple[User, list[Member]]] = {}
    for member in owner.members.select_related("user", "unit").order_by("user__username", "pk"):
        found.setdefault(member.user_id, (member.user, []))[1].append(member)
    return list(found.values())


def _accounts(owner: Government) -> Any:
    return User.objects.filter(memberships__government=owner).distinct()


def _place(request: HttpRequest, owner: Government) -> tuple[str, Unit | None]:
    return request.POST.get("role", ""), _picked(request, "unit", owner.units) if request.POST.get("unit") else None


def _invite(request: HttpRequest, owner: Government) -> str:
    role, unit = _place(request, owner)
    username, name = request.POST.get("username", ""), request.POST.get("name", "")
    user = account_actions.invite(owner, username, name, role, unit, user_of(request))
    _offer(request, account_actions.invitation(user))
    return _("已邀请 %(user)s，请把下面的链接交给本人。") % {"user": user}


def _link(request: HttpRequest, owner: Government) -> str:
    user = _picked(request, "user", _accounts(owner))
    _offer(request, account_actions.renew_invitation(owner, user, user_of(request)))
    return _("这是 %(user)s 的新链接，请交给本人。") % {"user": user}


def _offer(request: HttpRequest, signed: str) -> None:
    """Keep the link for the page that follows, which shows it once."""
    who, token = signed.split("/")
    request.session["people"] = {"link": request.build_absolute_uri(reverse("invitation", args=[who, token]))}


def _switch(request: HttpRequest, owner: Government) -> str:
    user, active = _picked(request, "user", _accounts(owner)), request.POST["do"] == "on"
    account_actions.switch(owner, user, active, user_of(request))
    return (_("%(user)s 已启用。") if active else _("%(user)s 已停用，做过的事都还在。")) % {"user": user}


def _role(request: HttpRequest, owner: Government) -> str:
    role, unit = _place(request, owner)
    user = _picked(request, "user", _accounts(owner))
    actions.add_member(owner, user, role, unit, user_of(request))
    return _("%(user)s 的角色已添加。") % {"user": user}


def _unrole(request: HttpRequest, owner: Government) -> str:
    member = _picked(request, "member", owner.members.select_related("user", "unit", "government"))
    actions.remove_member(member, user_of(request))
    return _("%(user)s 的角色已去掉。") % {"user": member.user}


# -- posts -----------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(METHODS)
def posts(request: HttpRequest) -> HttpResponse:
    """Posts, who holds them and who did; appointing somebody."""
    does = {"add": _add_post, "appoint": _appoint, "leave": _leave, "from-plan": _from_plan}

    def context(owner: Government) -> dict[str, Any]:
        rows = owner.posts.select_related("unit").prefetch_related("tenures__user")
        return {
            "posts": [(post, _held(post)) for post in rows], "units": list(owner.units.current()),
            "accounts": list(_accounts(owner).order_by("username")),
            "missing": without_post(owner) if may_issue(user_of(request), owner) else {},
        }  # fmt: skip

    return _page(request, "posts", may_keep_units, does, context)


def _held(post: Post) -> list[Any]:
    """The post's tenures, the latest first."""
    return sorted(post.tenures.all(), key=lambda t: (t.until is None, t.since or date.min, t.pk), reverse=True)


def _add_post(request: HttpRequest, owner: Government) -> str:
    title = request.POST.get("title", "").strip()
    if not title:
        raise ValidationError(_("请填职务。"))
    unit = _picked(request, "unit", owner.units) if request.POST.get("unit") else None
    actions.create_post(owner, title, unit=unit, by=user_of(request))
    return _("已添加 %(post)s。") % {"post": title}


def _from_plan(request: HttpRequest, owner: Government) -> str:
    plan = _picked(request, "plan", Plan.objects.filter(government=owner).select_related("government"))
    made = posts_from(plan, user_of(request))
    return _("已按台账建立 %(n)d 个职务。") % {"n": len(made)}


def _appoint(request: HttpRequest, owner: Government) -> str:
    post = _picked(request, "post", owner.posts.select_related("government"))
    user = _picked(request, "user", _accounts(owner)) if request.POST.get("user") else None
    post_actions.appoint(post, request.POST.get("person", ""), user, _day(request, "since"), user_of(request))
    return _("%(post)s 已换人，未办结的事项随职务移交。") % {"post": post}


def _leave(request: HttpRequest, owner: Government) -> str:
    post = _picked(request, "post", owner.posts.select_related("government"))
    post_actions.leave(post, _day(request, "until"), user_of(request))
    return _("%(post)s 的离任日期已登记。") % {"post": post}


# -- security --------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(METHODS)
def security(request: HttpRequest) -> HttpResponse:
    """Locked accounts, lost phones, and which roles need a second factor."""
    does = {"unlock": _unlock, "drop": _drop, "require": _require}

    def context(owner: Government) -> dict[str, Any]:
        mine = _people(owner)
        names = [user.username for user, _places in mine]
        tries = dict(AccessAttempt.objects.filter(username__in=names).values_list("username", "failures_since_start"))
        devices = TOTPDevice.objects.filter(user__memberships__government=owner, confirmed=True)
        twice = set(devices.values_list("user_id", flat=True))
        limit = settings.AXES_FAILURE_LIMIT
        rows = [(u, p, tries.get(u.username, 0), tries.get(u.username, 0) >= limit, u.pk in twice) for u, p in mine]
        return {"rows": rows, "roles": Member.Role.choices, "wanted": owner.second_factor_roles}

    return _page(request, "security", may_keep_security, does, context)


def _unlock(request: HttpRequest, owner: Government) -> str:
    user = _picked(request, "user", _accounts(owner))
    account_actions.unlock(owner, user, user_of(request))
    return _("%(user)s 已解锁。") % {"user": user}


def _drop(request: HttpRequest, owner: Government) -> str:
    user = _picked(request, "user", _accounts(owner))
    account_actions.drop_second_factor(owner, user, user_of(request))
    return _("%(user)s 的第二重验证已停用。") % {"user": user}


def _require(request: HttpRequest, owner: Government) -> str:
    account_actions.require_second_factor(owner, request.POST.getlist("roles"), user_of(request))
    return _("第二重验证的要求已保存。")
