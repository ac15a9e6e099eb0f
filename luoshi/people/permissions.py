"""Who may do what, in one place. Views ask before they show a door; actions ask before they write.

A predicate takes an account and a thing that belongs to a government (or the government itself). Registered with
``rules`` under its own name, so that templates may ask ``{% has_perm "may_upload" user government as yes %}``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol, TypeAlias

import rules
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people.models import Government, Member, Unit, User

Role = Member.Role
Account: TypeAlias = User | AnonymousUser


class Belongs(Protocol):
    """Anything a government owns: document, plan, unit."""

    @property
    def government(self) -> Government:
        """The owner."""


class Answered(Belongs, Protocol):
    """What units answer for: a task, or what hangs on one (report, light, adjustment). Sets of primary keys."""

    @property
    def lead_units(self) -> Collection[int]:
        """The units that lead; where none is named, those that answer together."""

    @property
    def units_involved(self) -> Collection[int]:
        """Every unit with a part, partners in brackets too."""

    @property
    def leader_posts(self) -> Collection[int]:
        """The posts of the leaders in charge."""


Thing: TypeAlias = Government | Belongs
Predicate: TypeAlias = Callable[[Any, Any], bool]
CHOSEN = "_chosen"  # on the account object: the government it works for now
READERS = frozenset({Role.OFFICE, Role.LEADER, Role.AUDITOR})  # who may go on reading where a government was closed


def government_of(thing: Thing) -> Government:
    """The government a thing belongs to; a government belongs to itself."""
    return thing if isinstance(thing, Government) else thing.government


def memberships(user: Account) -> list[Member]:
    """The account's places, fetched once and kept on the account object (one request long).

    Those in the government it chose to work for stand first, those in governments that were closed last.
    """
    if not isinstance(user, User) or not user.is_active:
        return []
    kept: list[Member] | None = user.__dict__.get("_memberships")
    if kept is None:
        chosen, today = user.__dict__.get(CHOSEN), timezone.localdate()
        kept = sorted(
            user.memberships.select_related("government", "unit"),
            key=lambda place: (place.government_id != chosen, place.government.closed(today)),
        )
        user.__dict__["_memberships"] = kept
    return kept


def choose(user: Account, government: int | None) -> None:
    """Let the account work for this one of its governments (a primary key) during the request."""
    if isinstance(user, User) and user.__dict__.get(CHOSEN) != government:
        user.__dict__[CHOSEN] = government
        user.__dict__.pop("_memberships", None)


def forget_memberships(user: User) -> None:
    """Look again next time: the account's places were changed."""
    for kept in ("_memberships", "_units", "_posts"):
        user.__dict__.pop(kept, None)


def own_units(user: Account, *allowed: str) -> frozenset[int]:
    """The units (primary keys) for which the account acts in one of these roles, and those merged into them.

    One query beyond the memberships, kept on the account object.
    """
    today = timezone.localdate()
    places = [
        member
        for member in memberships(user)
        if member.unit_id and member.role in (allowed or Member.OF_UNIT) and not member.government.closed(today)
    ]
    if not places or not isinstance(user, User):
        return frozenset()
    kept: dict[int, list[int]] | None = user.__dict__.get("_units")
    if kept is None:
        kept = {}
        mine = {member.government_id for member in memberships(user) if member.unit_id}
        merged = Unit.objects.filter(government__in=mine, successor__isnull=False)
        for pk, successor in merged.values_list("pk", "successor"):
            kept.setdefault(int(successor or 0), []).append(pk)
        user.__dict__["_units"] = kept
    found, waiting = set(), [member.unit_id for member in places if member.unit_id]
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting += kept.get(unit, [])
    return frozenset(found)


def held_posts(user: Account) -> frozenset[int]:
    """The posts (primary keys) that the account's person holds today. One query, kept on the account object."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    kept: frozenset[int] | None = user.__dict__.get("_posts")
    if kept is None:
        today = timezone.localdate()
        held = user.tenures.exclude(until__lt=today).exclude(since__gt=today)
        kept = frozenset(held.values_list("post", flat=True))
        user.__dict__["_posts"] = kept
    return kept


def roles(user: Account, thing: Thing) -> set[str]:
    """The roles of an account in the government that a thing belongs to; where that was closed, only a reader's."""
    government = government_of(thing)
    here = [member for member in memberships(user) if member.government_id == government.pk]
    have = {member.role for member in here}
    if here and here[0].government.closed(timezone.localdate()):
        return {Role.AUDITOR} if have & READERS else set()
    return have


def role_for(user: Account, government: Government) -> str:
    """The role to be named in the history: the first the account has there in the order of ``Member.Role``, or ""."""
    have = roles(user, government)
    return next((role for role in Role.values if role in have), "")


def _by(*allowed: str) -> Callable[[Account, Thing], bool]:
    def predicate(user: Account, thing: Thing) -> bool:
        return bool(roles(user, thing) & set(allowed))

    return predicate


def _named(name: str, test: Predicate) -> Predicate:
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


def _of_lead(*allowed: str) -> Callable[[Account, Answered], bool]:
    """Those who act for a lead unit, in one of these roles."""

    def predicate(user: Account, thing: Answered) -> bool:
        return bool(own_units(user, *allowed) & frozenset(thing.lead_units))

    return predicate


def _of_report(*allowed: str) -> Callable[[Account, Any], bool]:
    """Those who act for the unit that reports, in one of these roles."""

    def predicate(user: Account, report: Any) -> bool:
        return report.unit_id in own_units(user, *allowed)

    return predicate


def _of_unit(*allowed: str) -> Callable[[Account, Any], bool]:
    """Those who act for this unit itself, in one of these roles."""

    def predicate(user: Account, unit: Any) -> bool:
        return unit.pk in own_units(user, *allowed)

    return predicate


def _in_charge(user: Account, thing: Answered) -> bool:
    """The leader whose portfolio it is, by the post he holds today."""
    return Role.LEADER in roles(user, thing) and bool(held_posts(user) & frozenset(thing.leader_posts))


def _either(*tests: Callable[[Account, Any], bool]) -> Callable[[Account, Any], bool]:
    def predicate(user: Account, thing: Any) -> bool:
        return any(test(user, thing) for test in tests)

    return predicate


def _may_see_task(user: Account, task: Any) -> bool:
    """As the plan; where the government shows units only their own tasks, those in which the unit has a part."""
    if not _may_see_plan(user, task.plan):
        return False
    return _sees_all(user, task) or bool(own_units(user) & frozenset(task.units_involved))


def _sees_all(user: Account, thing: Thing) -> bool:
    """Whoever is more than a unit's member, and all where the government shows its units every task."""
    beyond_units = roles(user, thing) - set(Member.OF_UNIT)
    return bool(beyond_units) or government_of(thing).units_see == Government.Sight.ALL


def _may_see_every_task(user: Account, plan: Any) -> bool:
    return _may_see_plan(user, plan) and _sees_all(user, plan)


def _may_see_report(user: Account, report: Any) -> bool:
    """Whoever sees the task; a draft only its own unit and, once signed, the office."""
    if report.unit_id in own_units(user):
        return True
    return report.state not in ("asked", "draft") and _may_see_task(user, report.task)


def _may_see_post(user: Account, post: Any) -> bool:
    return _by(Role.OFFICE, Role.AUDITOR)(user, post) or post.pk in held_posts(user)


def _keeps_above(user: Account, thing: Thing) -> bool:
    """The account administrators of the governments above."""
    above = government_of(thing).parent
    while above is not None:
        if Role.ACCOUNT_ADMIN in roles(user, above):
            return True
        above = above.parent
    return False


_office = _by(Role.OFFICE)

# Documents and plans
may_upload = _named("may_upload", _office)
may_correct = _named("may_correct", _office)
may_adopt = _named("may_adopt", _office)
may_issue = _named("may_issue", _office)
may_see_document = _named("may_see_document", _may_see_document)
may_see_plan = _named("may_see_plan", _may_see_plan)
may_see_task = _named("may_see_task", _may_see_task)
may_see_every_task = _named("may_see_every_task", _may_see_every_task)
# Setting the year up, and changing what was agreed
may_set_up = _named("may_set_up", _either(_office, _of_lead(Role.LIAISON, Role.UNIT_HEAD)))
may_sign_set_up = _named("may_sign_set_up", _by(Role.OFFICE, Role.UNIT_HEAD, Role.LEADER))
may_sign_set_up_unit = _named("may_sign_set_up_unit", _of_lead(Role.UNIT_HEAD))
may_sign_set_up_leader = _named("may_sign_set_up_leader", _in_charge)
may_sign_set_up_office = _named("may_sign_set_up_office", _office)
may_adjust_ask = _named("may_adjust_ask", _of_lead(Role.LIAISON, Role.UNIT_HEAD))
may_adjust_review = _named("may_adjust_review", _in_charge)
may_adjust_decide = _named("may_adjust_decide", _office)
# Reporting and review
may_see_report = _named("may_see_report", _may_see_report)
may_report = _named("may_report", _of_report(Role.LIAISON, Role.UNIT_HEAD))
may_sign_report = _named("may_sign_report", _of_report(Role.UNIT_HEAD))
may_fill_unit = _named("may_fill_unit", _of_unit(Role.LIAISON, Role.UNIT_HEAD))
may_sign_unit = _named("may_sign_unit", _of_unit(Role.UNIT_HEAD))
may_see_unit = _named("may_see_unit", _either(_of_unit(), _by(Role.OFFICE, Role.LEADER, Role.AUDITOR)))
may_allow_late = _named("may_allow_late", _office)
may_review = _named("may_review", _office)
may_see_review = _named("may_see_review", _by(Role.OFFICE, Role.AUDITOR))
may_verify = _named("may_verify", _office)
# Lights
may_keep_rules = _named("may_keep_rules", _office)
may_override_light = _named("may_override_light", _office)
may_approve_override = _named("may_approve_override", _either(_office, _in_charge))
may_object = _named("may_object", _of_lead(Role.LIAISON, Role.UNIT_HEAD))
may_decide_objection = _named("may_decide_objection", _either(_office, _in_charge))
may_close = _named("may_close", _office)
# Pages over many tasks
may_see_dashboard = _named("may_see_dashboard", _by(Role.OFFICE, Role.LEADER, Role.AUDITOR))
may_see_leader_page = _named("may_see_leader_page", _may_see_post)
# People and the house
may_keep_units = _named("may_keep_units", _by(Role.OFFICE, Role.ACCOUNT_ADMIN))
may_keep_accounts = _named("may_keep_accounts", _by(Role.ACCOUNT_ADMIN))
may_keep_government = _named("may_keep_government", _either(_by(Role.ACCOUNT_ADMIN), _keeps_above))
may_close_government = _named("may_close_government", _keeps_above)
may_keep_security = _named("may_keep_security", _by(Role.SECURITY_ADMIN))
may_see_history = _named("may_see_history", _by(Role.OFFICE, Role.AUDITOR, Role.SECURITY_ADMIN))


def require(predicate: Predicate, user: Account, thing: Thing) -> None:
    """Raise PermissionDenied, in words, unless the predicate holds."""
    if not predicate(user, thing):
        raise PermissionDenied(
            _("%(who)s没有在%(where)s做这件事的权限。") % {"who": user, "where": government_of(thing)}
        )
