"""What can be done to governments in levels: opened below another, renamed, given a new code, closed, their first hands.

Each is done by an account administrator of the government itself or of one above; closing only from above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import divisions, history
from luoshi.people.account_actions import enter_account
from luoshi.people.actions import NewUnit, add_place, create_government, create_units, succeed
from luoshi.people.models import FormerCode, Government, HistoryHead, Member, Unit, UnitAlias, User
from luoshi.people.permissions import may_close_government, may_keep_government, require
from luoshi.people.unit_actions import rename_unit


@dataclass(frozen=True)
class NewGovernment:
    """A government to be opened below another. ``since``: the first day of its code, None where that is unknown."""

    name: str
    level: str
    code: str = ""
    since: date | None = None


@transaction.atomic
def open_below(parent: Government, new: NewGovernment, by: User) -> Government:
    """Enter a government under another. What the upper one hands down to the unit of that name is its own; the unit is
    entered where there is none yet.

    Raises ValidationError for a wrong level or code, a name that stands already, a parent that was closed.
    """
    require(may_keep_government, by, parent)
    HistoryHead.objects.select_for_update().get(government=parent.pk)
    if parent.closed_on is not None:
        raise ValidationError(_("%(name)s 已撤销，不能再设下级。") % {"name": parent})
    if new.level not in divisions.LEVELS or not divisions.below(new.level, parent.level):
        raise ValidationError(_("下级政府的层级要比%(parent)s低。") % {"parent": parent})
    name = new.name.strip()
    if not name:
        raise ValidationError(_("请填名称。"))
    if parent.children.filter(name=name, closed_on=None).exists():
        raise ValidationError(_("%(parent)s 下面已经有%(name)s。") % {"parent": parent, "name": name})
    code = divisions.plain(new.code)
    if code:
        divisions.check_form(code, new.level, parent)
        divisions.check_free(code, new.since)
    made = create_government(name, level=new.level, division_code=code, parent=parent, since=new.since, by=by)
    made.as_unit = _unit_of(parent, made, by)
    made.save(update_fields=["as_unit"])
    said = {"name": name, "level": new.level, "code": code}
    history.write(parent, by, "government.below", made, said)
    history.write(made, by, "government.below", made, said, rows=[made])  # its own chain seals its own row
    return made


def _unit_of(parent: Government, made: Government, by: User) -> Unit | None:
    """The unit under which the upper government knows it; None where that one already stands for another."""
    named = parent.units.current()
    alias = UnitAlias.objects.filter(government=parent, name=made.name).values_list("unit", flat=True)
    unit = (named.filter(short_name=made.name) | named.filter(full_name=made.name) | named.filter(pk__in=alias)).first()
    if unit is None:
        kind = Unit.Kind.TOWN if made.level == Government.Level.TOWN else Unit.Kind.OTHER
        taken = parent.units.filter(short_name=made.name).exists()
        return None if taken else create_units(parent, [NewUnit(made.name, kind=kind)], by)[0]
    return None if Government.objects.filter(as_unit=unit).exists() else unit


@transaction.atomic
def rename(government: Government, name: str, by: User) -> Government:
    """Give a government a new name, and the unit under which the upper one knows it. The old one stands in the history.

    Raises ValidationError where the name is empty, or stands already beside it.
    """
    require(may_keep_government, by, government)
    HistoryHead.objects.select_for_update().get(government=government.pk)
    name, before = name.strip(), government.name
    beside = Government.objects.filter(parent=government.parent_id, name=name, closed_on=None)
    if not name or beside.exclude(pk=government.pk).exists():
        message = _("已经有%(name)s了，请换一个名称。") % {"name": name} if name else _("请填名称。")
        raise ValidationError(message)
    if name == before:
        return government
    government.name = name
    government.full_clean()
    government.save(update_fields=["name"])
    history.write(government, by, "government.renamed", government, {"before": before, "name": name}, rows=[government])
    unit = government.as_unit
    if unit is not None and unit.short_name == before:
        rename_unit(unit, name, "", by, allowed=True)
    return government


@transaction.atomic
def change_code(government: Government, code: str, since: date, by: User, *, at: datetime | None = None) -> Government:
    """Give a government a new division code from a day on; the code before is kept with its days.

    Raises ValidationError where the code has not the form of its level or its parent, was somebody else's on that day,
    or the day is not after the present code's first.
    """
    require(may_keep_government, by, government)
    HistoryHead.objects.select_for_update().get(government=government.pk)
    code, before = divisions.plain(code), government.division_code
    divisions.check_form(code, government.level, government.parent)
    divisions.check_free(code, since, government)
    if government.closed_on is not None:
        raise ValidationError(_("%(name)s 已撤销。") % {"name": government})
    if government.code_valid_from and since <= government.code_valid_from:
        raise ValidationError(_("新代码的启用日期必须晚于现用代码的。"))
    if code == before:
        raise ValidationError(_("这就是现用的代码。"))
    first, last = government.code_valid_from, since - timedelta(days=1)
    rows: list[Government | FormerCode] = [government]
    if before:
        rows.append(FormerCode.objects.create(government=government, code=before, since=first, until=last))
    government.division_code, government.code_valid_from, government.code_valid_to = code, since, None
    government.save(update_fields=["division_code", "code_valid_from", "code_valid_to"])
    was = {"code": before, "from": first.isoformat() if first else None, "to": last.isoformat()}
    content = {"code": code, "from": since.isoformat(), "before": was}
    history.write(government, by, "government.code", government, content, at=at, rows=rows)
    return government


@transaction.atomic
def close_government(
    government: Government, on: date, by: User, *, today: date, successor: Government | None = None
) -> Government:
    """Record that a government ceased to be on a day; its accounts may read from then on and no more.

    ``successor``: the one beside it that it was merged into; the upper one's tasks pass to that one's unit too.

    Raises ValidationError for a day to come or before its code's, lower governments still open, or a successor that is
    not an open one beside it.
    """
    require(may_close_government, by, government)
    HistoryHead.objects.select_for_update().get(government=government.pk)
    _refuse_closing(government, on, today, successor)
    government.closed_on, government.successor = on, successor
    if government.division_code:
        government.code_valid_to = on - timedelta(days=1)
    government.save(update_fields=["closed_on", "successor", "code_valid_to"])
    content = {"on": on.isoformat(), "successor": successor.name if successor else ""}
    history.write(government, by, "government.closed", government, content, rows=[government])
    if government.parent is not None:
        history.write(government.parent, by, "government.closed", government, content)
    unit, after = government.as_unit, successor.as_unit if successor else None
    if unit is not None and after is not None and unit.successor_id is None:
        succeed(unit, after, by, allowed=True)
    return government


def _refuse_closing(government: Government, on: date, today: date, successor: Government | None) -> None:
    if government.closed_on is not None:
        raise ValidationError(_("%(name)s 已撤销。") % {"name": government})
    if on > today:
        raise ValidationError(_("撤销日期不能晚于今天，到那天再办。"))
    if government.code_valid_from and on <= government.code_valid_from:
        raise ValidationError(_("撤销日期要晚于现用代码的启用日期。"))
    if government.children.filter(closed_on=None).exists():
        raise ValidationError(_("%(name)s 下面还有没撤销的政府，请先办它们。") % {"name": government})
    if successor is not None:
        beside = successor.pk != government.pk and successor.parent_id == government.parent_id
        if not beside or successor.closed_on is not None:
            raise ValidationError(_("只能并入同一上级下面没撤销的政府。"))


@transaction.atomic
def first_hand(government: Government, username: str, name: str, by: User) -> User:
    """The first account administrator of a government that has none in use: an account without a password, whose link
    ``account_actions.invitation`` gives. Raises ValidationError where there is one already."""
    require(may_close_government, by, government)
    HistoryHead.objects.select_for_update().get(government=government.pk)
    if government.members.filter(role=Member.Role.ACCOUNT_ADMIN, user__is_active=True).exists():
        raise ValidationError(_("%(name)s 已有账号管理员，账号由他管理。") % {"name": government})
    return enter_account(government, username, name, Member.Role.ACCOUNT_ADMIN, None, by)


@transaction.atomic
def lend(government: Government, user: User, role: str, by: User) -> Member:
    """Let an account of the government above work here too, in a role that needs no unit.

    Raises ValidationError for an account of elsewhere or a role of a unit; its account administrator may end it.
    """
    require(may_close_government, by, government)
    HistoryHead.objects.select_for_update().get(government=government.pk)
    above = government.parent
    if above is None or not user.memberships.filter(government=above).exists():
        raise ValidationError(_("只能让上级政府的账号到下级兼任。"))
    return add_place(government, user, role, None, by)
