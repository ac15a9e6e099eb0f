"""Governments in levels: those above, one's own, the tree below; opened, renamed, given codes, closed; and switching."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.desk.keeping import METHODS, accounts_of, day_typed, offer_link, people_page, picked, told
from luoshi.desk.page import CHOSEN_GOVERNMENT, user_of
from luoshi.people import account_actions, government_actions
from luoshi.people.divisions import LEVELS, below
from luoshi.people.government_actions import NewGovernment
from luoshi.people.models import Government, Member, Unit
from luoshi.people.permissions import may_keep_accounts, may_keep_units, memberships
from luoshi.ui.today import today


@dataclass(frozen=True)
class Row:
    """A government in the tree: how many levels below one's own, how many units and accounts, whether one hand keeps it."""

    government: Government
    depth: int
    units: int
    accounts: int
    kept: bool
    closed: bool


@login_required
@require_http_methods(METHODS)
def governments(request: HttpRequest) -> HttpResponse:
    """The tree; ``?of=`` names the one whose forms are shown. As many queries as there are levels, and eight."""
    does = {"open": _open, "rename": _rename, "code": _code, "close": _close, "hand": _hand, "lend": _lend}

    def context(owner: Government) -> dict[str, Any]:
        rows = _rows(owner)
        chosen = next((row for row in rows if row.government.pk == told(request, "of")), rows[0])
        levels = Government.Level
        return {
            "rows": rows,
            "above": _above(owner),
            "chosen": chosen,
            "former": list(chosen.government.former_codes.all()),
            "levels": [(c, name) for c, name in levels.choices if below(c, chosen.government.level)],
            "beside": [r.government for r in rows if _beside(r, chosen)],
            "is_above": chosen.depth > 0,
            "is_child": chosen.government.parent_id == owner.pk,
            "may_edit": may_keep_accounts(user_of(request), owner) and not chosen.closed,
            "accounts": list(accounts_of(owner).filter(is_active=True).order_by("username")),
            "roles": [(r, name) for r, name in Member.Role.choices if r not in Member.OF_UNIT],
        }

    return people_page(
        request, "governments", may_keep_units, does, context, doing_permission=may_keep_accounts
    )  # fmt: skip


def _above(owner: Government) -> list[Government]:
    """The governments above, the highest first."""
    found: list[Government] = []
    at = owner.parent
    while at is not None:
        found.insert(0, at)
        at = at.parent
    return found


def _beside(row: Row, chosen: Row) -> bool:
    mine = chosen.government
    return row.government.parent_id == mine.parent_id and row.government.pk != mine.pk and not row.closed


def _rows(owner: Government) -> list[Row]:
    """One's own and all below, each before those under it. One query a level, and three."""
    by_parent: dict[int, list[Government]] = {}
    found, level = [owner], [owner.pk]
    while level:
        lower = list(Government.objects.filter(parent__in=level).select_related("as_unit", "successor"))
        for each in lower:
            by_parent.setdefault(each.parent_id or 0, []).append(each)
        found += lower
        level = [each.pk for each in lower if each.level != LEVELS[-1]]
    pks = [each.pk for each in found]
    units = Counter(dict(Unit.objects.filter(government__in=pks).values_list("government").annotate(Count("pk"))))
    people = Member.objects.filter(government__in=pks, user__is_active=True).values_list("government")
    accounts = Counter(dict(people.annotate(Count("user", distinct=True))))
    kept = set(people.filter(role=Member.Role.ACCOUNT_ADMIN).values_list("government", flat=True))
    day, rows, waiting = today(), [], [(owner, 0)]
    while waiting:
        at, depth = waiting.pop()
        rows.append(Row(at, depth, units[at.pk], accounts[at.pk], at.pk in kept, at.closed(day)))
        waiting += [(each, depth + 1) for each in reversed(by_parent.get(at.pk, []))]
    return rows


def _in_tree(request: HttpRequest, owner: Government) -> Government:
    """The government that the form is about: one's own or one below it. 404 for any other."""
    found: Government = picked(request, "government", Government.objects.select_related("parent", "as_unit"))
    at: Government | None = found
    while at is not None and at.pk != owner.pk:
        at = at.parent
    if at is None:
        raise Http404
    return found


def _open(request: HttpRequest, owner: Government) -> str:
    typed = request.POST
    since = day_typed(request, "since") if typed.get("since") else None
    new = NewGovernment(typed.get("name", ""), typed.get("level", ""), typed.get("code", ""), since)
    made = government_actions.open_below(_in_tree(request, owner), new, user_of(request))
    return _("已添加 %(name)s。下一步：为它请一位账号管理员。") % {"name": made}


def _rename(request: HttpRequest, owner: Government) -> str:
    made = government_actions.rename(_in_tree(request, owner), request.POST.get("name", ""), user_of(request))
    return _("已改名为 %(name)s。") % {"name": made}


def _code(request: HttpRequest, owner: Government) -> str:
    code, since = request.POST.get("code", ""), day_typed(request, "since")
    government_actions.change_code(_in_tree(request, owner), code, since, user_of(request))
    return _("行政区划代码已更换。")


def _close(request: HttpRequest, owner: Government) -> str:
    gone, after = _in_tree(request, owner), None
    if request.POST.get("successor"):
        after = picked(request, "successor", Government.objects.filter(parent=gone.parent_id).select_related("as_unit"))
    day = day_typed(request, "on")
    government_actions.close_government(gone, day, user_of(request), today=today(), successor=after)
    return _("%(name)s 已撤销，它的账号从那天起只能看。") % {"name": gone}


def _hand(request: HttpRequest, owner: Government) -> str:
    place = _in_tree(request, owner)
    username, name = request.POST.get("username", ""), request.POST.get("name", "")
    user = government_actions.first_hand(place, username, name, user_of(request))
    offer_link(request, account_actions.invitation(user))
    return _("已邀请 %(user)s，请把下面的链接交给本人。") % {"user": user}


def _lend(request: HttpRequest, owner: Government) -> str:
    place = _in_tree(request, owner)
    user = picked(request, "user", accounts_of(owner))
    government_actions.lend(place, user, request.POST.get("role", ""), user_of(request))
    return _("%(user)s 已在 %(name)s 兼任；登录后在右上角切换。") % {"user": user, "name": place}


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work for another of the account's governments from now on, in this session. 404 for one where it has no place."""
    pk = request.POST.get("government", "")
    mine = {str(member.government_id): member.government_id for member in memberships(user_of(request))}
    if pk not in mine:
        raise Http404(_("您在那里没有角色。"))
    request.session[CHOSEN_GOVERNMENT] = mine[pk]
    return redirect("home")
