"""Division codes (GB/T 2260, and its three digits more for towns): their form by level, and whose they are.

Six digits are province, city, county, two each; nine go on to the town. The twelve digits of statistics end in zeros
for all of these, which are left out here.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from luoshi.people.models import FormerCode, Government

Level = Government.Level
LEVELS = list(Level.values)  # the highest first
SHARED = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6}  # digits that every code below begins with


def below(level: str, above: str) -> bool:
    """Whether a government of a level may stand under one of another; levels may be left out (省直管县, 不设区的市).

    >>> below("town", "county"), below("county", "province"), below("city", "county")
    (True, True, False)
    """
    return LEVELS.index(level) > LEVELS.index(above)


def plain(code: str) -> str:
    """The code without the zeros that the twelve digits of statistics add.

    >>> plain(" 990124000000"), plain("990124003000"), plain("990124")
    ('990124', '990124003', '990124')
    """
    code = code.strip()
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
        if code.endswith("000"):
            code = code[:6]
    return code


def check_form(code: str, level: str, parent: Government | None = None) -> None:
    """Refuse a code that is no code, not one of the level, or not one under its parent. ValidationError in words."""
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise ValidationError(_("行政区划代码是 6、9 或 12 位数字。"))
    county, town = code[:6], code[6:9]
    fits = {
        Level.PROVINCE: len(code) == 6 and code.endswith("0000"),
        Level.CITY: len(code) == 6 and code.endswith("00") and code[2:4] != "00",
        Level.COUNTY: len(code) == 6 and code[2:4] != "00" and code[4:] != "00",
        Level.TOWN: len(code) == 9 and county[2:4] != "00" and town != "000",
    }
    if not fits[Level(level)]:
        forms = {
            Level.PROVINCE: _("省级代码是 6 位，后四位为 0000。"),
            Level.CITY: _("市级代码是 6 位，后两位为 00。"),
            Level.COUNTY: _("县级代码是 6 位，后两位不是 00。"),
            Level.TOWN: _("乡镇代码是 9 位：县级代码后加三位。"),
        }
        raise ValidationError(forms[Level(level)])
    if parent is not None and parent.division_code:
        shared = parent.division_code[: SHARED.get(Level(parent.level), 0)]
        if not code.startswith(shared):
            message = _("%(parent)s 下面的代码应以 %(shared)s 开头。")
            raise ValidationError(message % {"parent": parent, "shared": shared})


def check_free(code: str, since: date | None, but: Government | None = None) -> None:
    """Refuse a code that another government has, or had, on that day or later: after a merger it may be given again.

    ``since`` None: from a time unknown, so that only a code nobody ever had is free. Two queries.
    """
    held = Q(code_valid_to__isnull=True) | Q(code_valid_to__gte=since) if since else Q()
    now = Government.objects.filter(held, division_code=code)
    then = FormerCode.objects.filter(Q(until__gte=since) if since else Q(), code=code).select_related("government")
    if but is not None:
        now, then = now.exclude(pk=but.pk), then.exclude(government=but)
    taken = now.first() or next((former.government for former in then[:1]), None)
    if taken is not None:
        message = _("代码 %(code)s 那时属于%(who)s；撤并后重新启用的，启用日期要晚于它的停用日期。")
        raise ValidationError(message % {"code": code, "who": taken})
