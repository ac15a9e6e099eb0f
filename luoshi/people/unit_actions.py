"""What can be done to a unit in the course of reform (机构改革) besides merging: a new name, and an end without successor."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.actions import NewUnit, check_names
from luoshi.people.models import Government, HistoryHead, Unit, UnitAlias, User
from luoshi.people.permissions import may_keep_units, require


@transaction.atomic
def rename_unit(unit: Unit, short_name: str, full_name: str, by: User, *, allowed: bool = False) -> Unit:
    """Give a unit a new name; the old ones go on meaning it, so that older documents are still understood.

    ``full_name`` "": the full name goes with the old short one. ``allowed``: the caller has asked already.

    Raises ValidationError where a name is empty or another unit's.
    """
    if not allowed:
        require(may_keep_units, by, unit)
    HistoryHead.objects.select_for_update().get(government=unit.government_id)
    short, full = short_name.strip(), full_name.strip()
    before = [name for name in (unit.short_name, unit.full_name) if name]
    own = {*before, *unit.aliases.values_list("name", flat=True)}
    check_names(unit.government, [NewUnit(short, full if full != short else "", unit.kind)], but=own)
    if (short, full) == (unit.short_name, unit.full_name):
        return unit
    unit.short_name, unit.full_name = short, full
    unit.full_clean()
    unit.save(update_fields=["short_name", "full_name"])
    spent = list(unit.aliases.filter(name__in=[short, full]))
    unit.aliases.filter(name__in=[short, full]).delete()
    have = {short, full, *unit.aliases.values_list("name", flat=True)}
    kept = [name for name in dict.fromkeys(before) if name not in have]
    new = [UnitAlias(government=unit.government, unit=unit, name=name) for name in kept]
    rows = [unit, *spent, *UnitAlias.objects.bulk_create(new)]
    said = {"before": before, "short": short, "full": full}
    history.write(unit.government, by, "unit.renamed", unit, said, rows=rows)
    return unit


@transaction.atomic
def close_unit(unit: Unit, on: date, by: User, *, today: date) -> Unit:
    """Record that a unit was abolished on a day and nobody takes its place. Its past stays its own.

    What it still has to do is the caller's to ask (``supervision.units``). Raises ValidationError where it was merged or
    closed before, the day is to come, or accounts in use still act for it.
    """
    require(may_keep_units, by, unit)
    HistoryHead.objects.select_for_update().get(government=unit.government_id)
    if unit.successor_id or unit.closed_on:
        raise ValidationError(_("%(unit)s 已经撤并。") % {"unit": unit})
    if on > today:
        raise ValidationError(_("撤销日期不能晚于今天，到那天再办。"))
    acting = unit.members.filter(user__is_active=True).values_list("user__username", flat=True)
    if acting:
        who = "、".join(sorted(set(acting)))
        message = _("%(unit)s 还有在用的账号（%(who)s），请账号管理员先去掉他们的角色。")
        raise ValidationError(message % {"unit": unit, "who": who})
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    history.write(unit.government, by, "unit.closed", unit, {"on": on.isoformat()}, rows=[unit])
    return unit


@transaction.atomic
def let_units_see(government: Government, sight: str, by: User) -> Government:
    """Say whether units see all tasks of an issued plan or their own only. Raises ValidationError; PermissionDenied."""
    require(may_keep_units, by, government)
    if sight not in Government.Sight.values:
        raise ValidationError(_("请选“全部任务”或“本单位任务”。"))
    HistoryHead.objects.select_for_update().get(government=government.pk)
    row = Government.objects.get(pk=government.pk)
    row.units_see = sight
    row.save(update_fields=["units_see"])
    history.write(row, by, "government.units_see", row, {"units_see": sight}, rows=[row])
    return row
