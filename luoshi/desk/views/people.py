"""The people pages: units and their mergers, accounts and places, posts and who holds them, and security."""

from __future__ import annotations

from datetime import date
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from luoshi.desk.keeping import METHODS, accounts_of, day_typed, offer_link, people_page, picked, told
from luoshi.desk.page import user_of
from luoshi.people import account_actions, actions, post_actions, unit_actions
from luoshi.people.models import Government, Member, Post, Unit, User
from luoshi.people.permissions import may_issue, may_keep_accounts, may_keep_security, may_keep_units
from luoshi.plans.models import Plan
from luoshi.plans.posts import posts_from, without_post
from luoshi.supervision.units import close_unit
from luoshi.ui.today import today


# -- units -----------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(METHODS)
def units(request: HttpRequest) -> HttpResponse:
    """Units with their names, mergers and ends."""
    does = {
        "add": _add_unit,
        "alias": _add_alias,
        "rename": _rename,
        "succeed": _succeed,
        "close": _close,
        "sight": _sight,
    }

    def context(owner: Government) -> dict[str, Any]:
        rows = list(owner.units.select_related("successor").prefetch_related("aliases", "predecessors"))
        current = [unit for unit in rows if unit.successor_id is None and unit.closed_on is None]
        return {
            "units": rows, "current": current, "kinds": Unit.Kind.choices,
            "sights": Government.Sight.choices, "sight": owner.units_see,
            "chosen": next((unit for unit in current if unit.pk == told(request, "of")), None),
        }  # fmt: skip

    return people_page(request, "units", may_keep_units, does, context)


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
    unit = picked(request, "unit", owner.units)
    actions.add_aliases(unit, [request.POST.get("name", "")], user_of(request))
    return _("%(unit)s 的名称已添加。") % {"unit": unit}


def _succeed(request: HttpRequest, owner: Government) -> str:
    unit, after = picked(request, "unit", owner.units), picked(request, "successor", owner.units)
    actions.succeed(unit, after, user_of(request))
    return _("%(unit)s 已并入 %(after)s，未办结的事项由它承接。") % {"unit": unit, "after": after}


def _rename(request: HttpRequest, owner: Government) -> str:
    unit = picked(request, "unit", owner.units.select_related("government"))
    before, full = unit.short_name, request.POST.get("full_name", "")
    unit_actions.rename_unit(unit, request.POST.get("short_name", ""), full, user_of(request))
    return _("%(before)s 已改名为 %(unit)s，原名仍指它。") % {"before": before, "unit": unit}


def _close(request: HttpRequest, owner: Government) -> str:
    unit = picked(request, "unit", owner.units.select_related("government"))
    close_unit(unit, day_typed(request, "on"), user_of(request), today=today())
    return _("%(unit)s 已撤销，以前的记录仍在它名下。") % {"unit": unit}


def _sight(request: HttpRequest, owner: Government) -> str:
    seen = unit_actions.let_units_see(owner, request.POST.get("sight", ""), user_of(request))
    return _("已改为：单位看得到%(what)s。") % {"what": seen.get_units_see_display()}


# -- accounts --------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(METHODS)
def accounts(request: HttpRequest) -> HttpResponse:
    """Who has an account and in which roles; inviting, a fresh link, switching off and on."""
    does = {"invite": _invite, "link": _link, "off": _switch, "on": _switch, "role": _role, "unrole": _unrole}

    def context(owner: Government) -> dict[str, Any]:
        return {
            "people": _people(owner), "roles": Member.Role.choices, "units": list(owner.units.current()),
        }  # fmt: skip

    return people_page(request, "accounts", may_keep_accounts, does, context)


def _people(owner: Government) -> list[tuple[User, list[Member]]]:
    """Each account with its places in this government. One query."""
    found: dict[int, tuple[User, list[Member]]] = {}
    for member in owner.members.select_related("user", "unit").order_by("user__username", "pk"):
        found.setdefault(member.user_id, (member.user, []))[1].append(member)
    return list(found.values())


def _place(request: HttpRequest, owner: Government) -> tuple[str, Unit | None]:
    return request.POST.get("role", ""), picked(request, "unit", owner.units) if request.POST.get("unit") else None


def _invite(request: HttpRequest, owner: Government) -> str:
    role, unit = _place(request, owner)
    username, name = request.POST.get("username", ""), request.POST.get("name", "")
    user = account_actions.invite(owner, username, name, role, unit, user_of(request))
    offer_link(request, account_actions.invitation(user))
    return _("已邀请 %(user)s，请把下面的链接交给本人。") % {"user": user}


def _link(request: HttpRequest, owner: Government) -> str:
    user = picked(request, "user", accounts_of(owner))
    offer_link(request, account_actions.renew_invitation(owner, user, user_of(request)))
    return _("这是 %(user)s 的新链接，请交给本人。") % {"user": user}


def _switch(request: HttpRequest, owner: Government) -> str:
    user, active = picked(request, "user", accounts_of(owner)), request.POST["do"] == "on"
    account_actions.switch(owner, user, active, user_of(request))
    return (_("%(user)s 已启用。") if active else _("%(user)s 已停用，做过的事都还在。")) % {"user": user}


def _role(request: HttpRequest, owner: Government) -> str:
    role, unit = _place(request, owner)
    user = picked(request, "user", accounts_of(owner))
    actions.add_member(owner, user, role, unit, user_of(request))
    return _("%(user)s 的角色已添加。") % {"user": user}


def _unrole(request: HttpRequest, owner: Government) -> str:
    member = picked(request, "member", owner.members.select_related("user", "unit", "government"))
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
            "accounts": list(accounts_of(owner).order_by("username")),
            "missing": without_post(owner) if may_issue(user_of(request), owner) else {},
        }  # fmt: skip

    return people_page(request, "posts", may_keep_units, does, context)


def _held(post: Post) -> list[Any]:
    """The post's tenures, the latest first."""
    return sorted(post.tenures.all(), key=lambda t: (t.until is None, t.since or date.min, t.pk), reverse=True)


def _add_post(request: HttpRequest, owner: Government) -> str:
    title = request.POST.get("title", "").strip()
    if not title:
        raise ValidationError(_("请填职务。"))
    unit = picked(request, "unit", owner.units) if request.POST.get("unit") else None
    actions.create_post(owner, title, unit=unit, by=user_of(request))
    return _("已添加 %(post)s。") % {"post": title}


def _from_plan(request: HttpRequest, owner: Government) -> str:
    plan = picked(request, "plan", Plan.objects.filter(government=owner).select_related("government"))
    made = posts_from(plan, user_of(request))
    return _("已按台账建立 %(n)d 个职务。") % {"n": len(made)}


def _appoint(request: HttpRequest, owner: Government) -> str:
    post = picked(request, "post", owner.posts.select_related("government"))
    user = picked(request, "user", accounts_of(owner)) if request.POST.get("user") else None
    post_actions.appoint(post, request.POST.get("person", ""), user, day_typed(request, "since"), user_of(request))
    return _("%(post)s 已换人，未办结的事项随职务移交。") % {"post": post}


def _leave(request: HttpRequest, owner: Government) -> str:
    post = picked(request, "post", owner.posts.select_related("government"))
    post_actions.leave(post, day_typed(request, "until"), user_of(request))
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

    return people_page(request, "security", may_keep_security, does, context)


def _unlock(request: HttpRequest, owner: Government) -> str:
    user = picked(request, "user", accounts_of(owner))
    account_actions.unlock(owner, user, user_of(request))
    return _("%(user)s 已解锁。") % {"user": user}


def _drop(request: HttpRequest, owner: Government) -> str:
    user = picked(request, "user", accounts_of(owner))
    account_actions.drop_second_factor(owner, user, user_of(request))
    return _("%(user)s 的第二重验证已停用。") % {"user": user}


def _require(request: HttpRequest, owner: Government) -> str:
    account_actions.require_second_factor(owner, request.POST.getlist("roles"), user_of(request))
    return _("第二重验证的要求已保存。")
