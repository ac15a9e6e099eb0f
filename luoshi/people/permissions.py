"""Who may do what, in one place. Views ask before they show a door; actions ask before they write.

A predicate takes an account and a thing that belongs to a government (or the government itself). Registered with
``rules`` under its own name, so that templates may ask ``{% has_perm "may_upload" user government as yes %}``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import rules
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from luoshi.people.models import Government, Member, User

Role = Member.Role
Account: TypeAlias = User | AnonymousUser


class Belongs(Protocol):
    """Anything a government owns: document, plan, unit."""

    @property
    def government(self) -> Government:
        """The owner."""


Thing: TypeAlias = Government | Belongs
Predicate: TypeAlias = Callable[[Any, Any], bool]


def government_of(thing: Thing) -> Government:
    """The government a thing belongs to; a government belongs to itself."""
    return thing if isinstance(thing, Government) else thing.government


def memberships(user: Account) -> list[Member]:
    """The account's places, fetched once and kept on the account object (one request long)."""
    if not isinstance(user, User) or not user.is_active:
        return []
    kept: list[Member] | None = user.__dict__.get("_memberships")
    if kept is None:
        kept = list(user.memberships.select_related("government", "unit"))
        user.__dict__["_memberships"] = kept
    return kept


def forget_memberships(user: User) -> None:
    """Look again next time: the account's places were changed."""
    user.__dict__.pop("_memberships", None)


def roles(user: Account, thing: Thing) -> set[str]:
    """The roles of an account in the government that a thing belongs to."""
    government = government_of(thing)
    return {member.role for member in memberships(user) if member.government_id == government.pk}


def role_for(user: Account, government: Government) -> str:
    """The role to be named in the history: the first the account has there in the order of ``Member.Role``, or ""."""
    have = roles(user, government)
    return next((role for role in Role.values if role in have), "")


def _by(*allowed: str) -> Callable[[Account, Thing], bool]:
    def predicate(user: Account, thing: Thing) -> bool:
        return bool(roles(user, thing) & set(allowed))

    return predicate


def _named(name: str, test: Callable[[Account, Thing], bool]) -> Predicate:
    predicate: Predicate = rules.predicate(test, name=name)
    rules.set_perm(name, predicate)
    return predicate


def _may_see_plan(user: Account, plan: Thing) -> bool:
    """A draft is the office's own; once issued, everyone of the government sees the plan."""
    have = roles(user, plan)
    if getattr(plan, "state", None) == "draft":
        return bool(have & {Role.OFFICE, Role.LEADER, Role.AUDITOR})
    return bool(have)


def _may_see_document(user: Account, document: Thing) -> bool:
    """Before it is adopted only those who work on it; afterwards everyone of the government."""
    have = roles(user, document)
    if getattr(document, "state", None) != "adopted":
        return bool(have & {Role.OFFICE, Role.LEADER, Role.AUDITOR})
    return bool(have)


may_upload = _named("may_upload", _by(Role.OFFICE))
may_correct = _named("may_correct", _by(Role.OFFICE))
may_adopt = _named("may_adopt", _by(Role.OFFICE))
may_issue = _named("may_issue", _by(Role.OFFICE))
may_see_document = _named("may_see_document", _may_see_document)
may_see_plan = _named("may_see_plan", _may_see_plan)
may_keep_units = _named("may_keep_units", _by(Role.OFFICE, Role.ACCOUNT_ADMIN))
may_keep_accounts = _named("may_keep_accounts", _by(Role.ACCOUNT_ADMIN))
may_see_history = _named("may_see_history", _by(Role.OFFICE, Role.AUDITOR, Role.SECURITY_ADMIN))


def require(predicate: Predicate, user: Account, thing: Thing) -> None:
    """Raise PermissionDenied, in words, unless the predicate holds."""
    if not predicate(user, thing):
        raise PermissionDenied(
            _("%(who)s没有在%(where)s做这件事的权限。") % {"who": user, "where": government_of(thing)}
        )
