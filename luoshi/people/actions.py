"""What can be done to governments, units and members. Each action writes its rows and its history in one transaction.

``by`` is the account that does it and must be allowed to; ``by=None`` is the installation itself (command line).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import aliases, history
from luoshi.people.models import Government, HistoryHead, Member, Post, Tenure, Unit, UnitAlias, User
from luoshi.people.permissions import (
    Predicate,
    forget_memberships,
    may_keep_accounts,
    may_keep_government,
    may_keep_units,
    require,
)


@dataclass(frozen=True)
class NewUnit:
    """A unit to be entered. ``kind`` is a ``Unit.Kind``; aliases are its other names."""

    short_name: str
    full_name: str = ""
    kind: str = "department"
    aliases: Sequence[str] = ()


def _allow(predicate: Predicate, by: User | None, government: Government) -> None:
    if by is not None:
        require(predicate, by, government)


@transaction.atomic
def create_government(
    name: str,
    *,
    level: str = "county",
    division_code: str = "",
    parent: Government | None = None,
    since: date | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> Government:
    """Enter a government and open its history. Only the installation or a superuser may; below another one, the account
    administrators above (``government_actions.open_below``, which checks levels and codes).

    ``since``: the first day of its code. Raises ValidationError where the name is taken or the code is not 6, 9 or 12
    digits.
    """
    if by is not None and not by.is_superuser:
        require(may_keep_government, by, parent or Government(name=name))
    government = Government(name=name.strip(), level=level, division_code=division_code.strip(), parent=parent)
    government.code_valid_from = since
    if division_code and not (division_code.isascii() and division_code.isdigit() and len(division_code) in (6, 9, 12)):
        raise ValidationError(_("行政区划代码是 6、9 或 12 位数字。"))
    government.full_clean()
    government.save()
    HistoryHead.objects.create(government=government)
    said = {"name": name, "code": division_code}
    history.write(government, by, "government.created", government, said, at=at, rows=[government])
    return government


@transaction.atomic
def create_units(
    government: Government, units: Iterable[NewUnit], by: User | None = None, *, at: datetime | None = None
) -> list[Unit]:
    """Enter units with their aliases, in the order given; four queries however many.

    Raises ValidationError naming the first name that already means a unit of this government, or stands twice.
    """
    _allow(may_keep_units, by, government)
    wanted = list(units)
    check_names(government, wanted)
    start = government.units.count()
    made = Unit.objects.bulk_create(
        [
            Unit(government=government, short_name=u.short_name, full_name=u.full_name, kind=u.kind, order=start + n)
            for n, u in enumerate(wanted)
        ]
    )
    others = UnitAlias.objects.bulk_create(
        [
            UnitAlias(government=government, unit=unit, name=name)
            for unit, new in zip(made, wanted, strict=True)
            for name in new.aliases
        ]
    )
    if made:
        content = [{"name": u.short_name, "full": u.full_name, "aliases": list(u.aliases)} for u in wanted]
        history.write(government, by, "units.created", government, content, at=at, rows=[*made, *others])
    return made


def proposed(names: Iterable[str], government: Government) -> dict[str, NewUnit]:
    """For each name that no unit has, the unit that could be entered under it: kind guessed, likely aliases added.

    Nothing is written. An alias that another unit has, or that stands in another proposal, is left out.
    """
    taken = set(_taken(government))
    found: dict[str, NewUnit] = {}
    wanted = list(dict.fromkeys(aliases.clean(name) for name in names))
    taken |= set(wanted)
    for name in wanted:
        others = [form for form in aliases.likely_aliases(name, government.name) if form not in taken]
        taken.update(others)
        found[name] = NewUnit(name, kind=aliases.guess_kind(name), aliases=tuple(others))
    return found


def _names(unit: NewUnit) -> list[str]:
    return [name for name in (unit.short_name, unit.full_name, *unit.aliases) if name]


def _taken(government: Government) -> dict[str, str]:
    """Every name that means a unit of the government, with that unit's short name."""
    taken = {
        name: short
        for short, full in government.units.values_list("short_name", "full_name")
        for name in (short, full)
        if name
    }
    return taken | dict(UnitAlias.objects.filter(government=government).values_list("name", "unit__short_name"))


def check_names(government: Government, wanted: Sequence[NewUnit], but: Collection[str] = ()) -> None:
    """Refuse units without a name, and names that mean another unit already; ``but``: those that may be used again."""
    taken = {name: short for name, short in _taken(government).items() if name not in but}
    for unit in wanted:
        if not unit.short_name.strip():
            raise ValidationError(_("单位要有简称。"))
        if unit.kind not in Unit.Kind.values:
            raise ValidationError(_("没有“%(kind)s”这类单位。") % {"kind": unit.kind})
        if len(set(unit.aliases)) < len(unit.aliases):
            raise ValidationError(_("“%(unit)s”的别名写重了。") % {"unit": unit.short_name})
        for name in set(_names(unit)):
            refuse_odd_name(name, 60 if name == unit.short_name else 100)
            if name in taken:
                message = _("“%(name)s”已经是“%(unit)s”的名称，不能再指别的单位。")
                raise ValidationError(message % {"name": name, "unit": taken[name]})
            taken[name] = unit.short_name


def refuse_odd_name(name: str, most: int = 100) -> None:
    """Raise ValidationError for a name that is too long, or holds signs nobody sees: it would look like another one."""
    if len(name) > most:
        raise ValidationError(_("“%(name)s…”太长，最多 %(most)d 个字。") % {"name": name[:20], "most": most})
    if not name.isprintable():
        seen = "".join(sign for sign in name if sign.isprintable())
        raise ValidationError(_("“%(name)s”里有看不见的字符或换行，请重新输入。") % {"name": seen})


@transaction.atomic
def add_aliases(unit: Unit, names: Iterable[str], by: User | None = None) -> list[UnitAlias]:
    """Let more names mean this unit; names that already do are passed over.

    Raises ValidationError where a name means another unit of the government.
    """
    government = unit.government
    _allow(may_keep_units, by, government)
    own = {unit.short_name, unit.full_name, *unit.aliases.values_list("name", flat=True)}
    new = [name.strip() for name in dict.fromkeys(names) if name.strip() and name.strip() not in own]
    for name in new:
        refuse_odd_name(name)
        other = Unit.objects.filter(government=government).exclude(pk=unit.pk)
        taken = (
            other.filter(short_name=name) | other.filter(full_name=name) | other.filter(aliases__name=name)
        ).first()
        if taken:
            message = _("“%(name)s”已经是“%(unit)s”的名称，不能再指别的单位。")
            raise ValidationError(message % {"name": name, "unit": taken.short_name})
    made = UnitAlias.objects.bulk_create([UnitAlias(government=government, unit=unit, name=name) for name in new])
    if made:
        history.write(government, by, "unit.aliases", unit, {"added": new}, rows=made)
    return made


@transaction.atomic
def succeed(unit: Unit, successor: Unit, by: User | None = None, *, allowed: bool = False) -> Unit:
    """Record that a unit was merged into another (机构改革). Its past stays its own; who acts for the successor acts for
    it from now on. ``allowed``: the caller has asked already.

    Raises ValidationError where it was merged or closed before, or the successor is the unit itself, of another
    government, closed, or itself replaced by it.
    """
    if not allowed:
        _allow(may_keep_units, by, unit.government)
    HistoryHead.objects.select_for_update().get(government=unit.government_id)
    if unit.successor_id or unit.closed_on or successor.closed_on:
        gone = unit if unit.successor_id or unit.closed_on else successor
        raise ValidationError(_("%(unit)s 已经撤并。") % {"unit": gone})
    after: Unit | None = successor
    while after is not None:
        if after.pk == unit.pk:
            raise ValidationError(_("单位不能由自己承接。"))
        after = after.successor
    if successor.government_id != unit.government_id:
        raise ValidationError(_("承接单位必须属于同一政府。"))
    unit.successor = successor
    unit.save(update_fields=["successor"])
    history.write(unit.government, by, "unit.succeeded", unit, {"successor": successor.short_name}, rows=[unit])
    return unit


def create_user(
    username: str, name: str = "", password: str | None = None, *, must_change: bool = False, like: User | None = None
) -> User:
    """An account without any place yet. ``password`` None: it cannot log in until one is set.

    ``like``: with the password of this account, kept as the same hash; for examples with a public password only.

    Raises ValidationError where the log-in name is taken. The password is the caller's to judge.
    """
    user = User(username=username, name=name, must_change_password=must_change)
    if like is not None:
        user.password = like.password
    elif password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    return user


@transaction.atomic
def change_password(user: User, password: str) -> User:
    """Give the account a new password of its own; recorded, without the password, where the account has a place.

    The caller has it judged by Django's validators first.
    """
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    for government in Government.objects.filter(members__user=user).distinct().order_by("pk"):
        history.write(government, user, "user.password", user)
    return user


@transaction.atomic
def first_administrator(username: str, password: str, name: str = "") -> User:
    """The superuser of a fresh installation. Raises ValidationError where one exists already."""
    if User.objects.filter(is_superuser=True).exists():
        raise ValidationError(_("已经有管理员了。"))
    user = create_user(username, name, password)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


@transaction.atomic
def add_member(
    government: Government,
    user: User,
    role: str,
    unit: Unit | None = None,
    by: User | None = None,
    *,
    at: datetime | None = None,
) -> Member:
    """Give an account a role in a government; liaison and unit_head need a unit of it, the others none.

    Raises ValidationError where that does not hold, where one person would hold two of the three administrator roles
    (auditor, account_admin, security_admin), here or in two governments, which 等保 keeps apart, and for oneself.
    """
    _allow(may_keep_accounts, by, government)
    return add_place(government, user, role, unit, by, at=at)


@transaction.atomic
def add_place(
    government: Government,
    user: User,
    role: str,
    unit: Unit | None = None,
    by: User | None = None,
    *,
    at: datetime | None = None,
) -> Member:
    """As ``add_member``, for callers that have asked whether ``by`` may."""
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("不能给自己加角色，请别的账号管理员来办。"))
    if role not in Member.Role.values:
        raise ValidationError(_("没有“%(role)s”这个角色。") % {"role": role})
    if (role in Member.OF_UNIT) != (unit is not None) or (unit and unit.government_id != government.pk):
        raise ValidationError(_("联络员和单位负责人须属于本政府的一个单位，其他角色不属于单位。"))
    User.objects.select_for_update().get(pk=user.pk)  # of two roles given at once the second sees the first
    Member(user=user, government=government, unit=unit, role=role).clean()
    member, made = Member.objects.get_or_create(user=user, government=government, unit=unit, role=role)
    if made:
        content = {"user": user.username, "role": role, "unit": unit.short_name if unit else None}
        history.write(government, by, "member.added", member, content, at=at, rows=[member])
    forget_memberships(user)
    return member


@transaction.atomic
def remove_member(member: Member, by: User | None = None) -> None:
    """Take a role away; the account and all it did stay."""
    _allow(may_keep_accounts, by, member.government)
    unit = member.unit.short_name if member.unit else None
    content = {"user": member.user.username, "role": member.role, "unit": unit}
    Member.objects.filter(pk=member.pk).delete()
    history.write(member.government, by, "member.removed", member, content, rows=[member])
    forget_memberships(member.user)


@transaction.atomic
def create_post(
    government: Government,
    title: str,
    person: str = "",
    *,
    unit: Unit | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> Post:
    """Enter a post, and who holds it now where that is known."""
    _allow(may_keep_units, by, government)
    post = Post.objects.create(government=government, unit=unit, title=title, order=government.posts.count())
    held = [Tenure.objects.create(post=post, person=person)] if person else []
    said = {"title": title, "person": person}
    history.write(government, by, "post.created", post, said, at=at, rows=[post, *held])
    return post
