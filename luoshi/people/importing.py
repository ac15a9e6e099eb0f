"""Units and people from a table (xlsx, xls, csv): looked at row by row first, written only when somebody has agreed.

The preview and the writing are one road: ``plan`` says for each row what would come of it, ``carry_out`` asks it again
inside the transaction and writes nothing if a single row is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.account_actions import invite
from luoshi.people.actions import NewUnit, add_aliases, add_member, create_units
from luoshi.people.models import Government, HistoryHead, Member, Unit, UnitAlias, User
from luoshi.people.permissions import may_keep_accounts, may_keep_units, require
from luoshi.reading.errors import ReadingError
from luoshi.reading.sources.cells import Sheet
from luoshi.reading.sources.formats import detect

COLUMNS = ("单位简称", "单位全称", "类别", "别名", "账号", "姓名", "角色")
MOST = 2000  # rows
Row = dict[str, str]


@dataclass
class Outcome:
    """What would come of one row: its number in the file (from 1), sentences, and what is wrong with it if anything."""

    number: int
    row: Row
    says: list[str] = field(default_factory=list)
    error: str = ""


def rows_of(data: bytes, name: str) -> list[tuple[int, Row]]:
    """The filled rows of the first sheet under the header row, by column name. Raises ValidationError in words."""
    try:
        sheet = _sheet(data, name)
    except ReadingError as error:
        raise ValidationError(str(error)) from error
    if sheet is None or not sheet.cells:
        raise ValidationError(_("表里没有内容。请下载模板，填好再传。"))
    last_row, width = max(r for r, _c in sheet.cells), max(c for _r, c in sheet.cells) + 1
    head = {sheet.cells.get((0, c), "").strip(): c for c in range(min(width, 100))}
    if "单位简称" not in head and "账号" not in head:
        raise ValidationError(_("第一行要有“单位简称”或“账号”这样的列名。请用模板。"))
    if last_row > MOST:
        raise ValidationError(_("一次最多 %(most)d 行，请分几次传。") % {"most": MOST})
    found = []
    for at in range(1, last_row + 1):
        row = {c: sheet.cells.get((at, head[c]), "").strip() for c in COLUMNS if c in head}
        if any(row.values()):
            found.append((at + 1, row))
    if not found:
        raise ValidationError(_("列名下面没有内容。"))
    return found


def _sheet(data: bytes, name: str) -> Sheet | None:
    kind = detect(data, name)
    sheets: Iterator[Sheet]
    if kind == "xlsx":
        from luoshi.reading.sources.xlsx import sheets_of

        sheets = sheets_of(data)
    elif kind == "xls":
        from luoshi.reading.sources.xls import sheets_of as old_sheets_of

        sheets = iter(old_sheets_of(data))
    elif name.lower().endswith((".csv", ".txt")):
        from luoshi.reading.sources.delimited import separated_sheet

        sheets = iter([separated_sheet(data)])
    else:
        raise ValidationError(_("请传 Excel（xlsx、xls）或 CSV 文件。"))
    return next((sheet for sheet in sheets if sheet.visible), None)


@dataclass
class _Known:
    """What is there already, and what earlier rows of the table would add."""

    units: dict[str, Unit | None]  # any name → unit; None: a unit that an earlier row enters
    owners: dict[str, str]  # any name → short name of the unit it means
    users: dict[str, User | None]
    places: set[tuple[str, str, str]]  # log-in name, role, unit
    kinds: dict[str, str]
    roles: dict[str, str]


def plan(government: Government, rows: Sequence[tuple[int, Row]]) -> list[Outcome]:
    """For each row what would come of it; nothing is written. Five queries however many rows."""
    known = _known(government, [row.get("账号", "") for _n, row in rows])
    return [_judge(Outcome(number, row), known) for number, row in rows]


def _known(government: Government, usernames: Sequence[str]) -> _Known:
    units: dict[str, Unit | None] = {}
    for unit in government.units.current():
        units |= {name: unit for name in (unit.short_name, unit.full_name) if name}
    for alias in UnitAlias.objects.filter(government=government, unit__successor=None).select_related("unit"):
        units[alias.name] = alias.unit
    places = Member.objects.filter(government=government).values_list("user__username", "role", "unit__short_name")
    return _Known(
        units,
        {name: unit.short_name for name, unit in units.items() if unit},
        {user.username: user for user in User.objects.filter(username__in=[u for u in usernames if u])},
        {(who, role, unit or "") for who, role, unit in places},
        {str(label): code for code, label in Unit.Kind.choices} | {code: code for code in Unit.Kind.values},
        {str(label): code for code, label in Member.Role.choices} | {code: code for code in Member.Role.values},
    )


def _judge(out: Outcome, known: _Known) -> Outcome:
    try:
        short = _judge_unit(out, known)
        _judge_person(out, known, short)
    except ValidationError as error:
        out.error = " ".join(error.messages)
    return out


def aliases_of(row: Mapping[str, str]) -> tuple[str, ...]:
    """The names in the column for aliases, however they are separated."""
    text = row.get("别名", "")
    for sign in "、，,；;\n":
        text = text.replace(sign, " ")
    return tuple(dict.fromkeys(text.split()))


def _judge_unit(out: Outcome, known: _Known) -> str:
    """The short name of the row's unit, "" for none."""
    row, short = out.row, out.row.get("单位简称", "")
    if not short:
        if row.get("单位全称") or row.get("别名"):
            raise ValidationError(_("没有填单位简称。"))
        return ""
    kind = row.get("类别", "")
    if kind and kind not in known.kinds:
        raise ValidationError(_("没有“%(kind)s”这类单位。") % {"kind": kind})
    owner = known.owners.get(short, short)
    fresh = short not in known.owners
    names = [name for name in ((row.get("单位全称", "") if fresh else ""), *aliases_of(row)) if name]
    for name in names:
        if known.owners.get(name, owner) != owner:
            message = _("“%(name)s”已经是“%(unit)s”的名称，不能再指别的单位。")
            raise ValidationError(message % {"name": name, "unit": known.owners[name]})
    added = [name for name in names if name not in known.owners and name != owner]
    if fresh:
        out.says.append(_("新单位 %(unit)s") % {"unit": short})
    elif added:
        out.says.append(_("%(unit)s 加别名 %(names)s") % {"unit": owner, "names": "、".join(added)})
    unit = known.units.get(short)
    if unit and row.get("单位全称") and row["单位全称"] != unit.full_name:
        said = _("全称现为“%(now)s”，表里是“%(new)s”，不改")
        out.says.append(said % {"now": unit.full_name, "new": row["单位全称"]})
    known.owners |= {short: owner} | dict.fromkeys(names, owner)
    return owner


def _judge_person(out: Outcome, known: _Known, short: str) -> None:
    row, username = out.row, out.row.get("账号", "")
    if not username:
        if row.get("角色") or row.get("姓名"):
            raise ValidationError(_("填了姓名或角色，没有填账号。"))
        return
    role = known.roles.get(row.get("角色", ""))
    if role is None:
        raise ValidationError(_("没有“%(role)s”这个角色。") % {"role": row.get("角色", "")})
    if role in Member.OF_UNIT and not short:
        raise ValidationError(_("联络员和单位负责人要填单位简称。"))
    place = (username, role, short if role in Member.OF_UNIT else "")
    if username not in known.users:
        User(username=username, name=row.get("姓名", "")).full_clean(exclude=["password"])
        out.says.append(_("新账号 %(user)s（%(name)s）") % {"user": username, "name": row.get("姓名", "")})
        known.users[username] = None
    else:
        user = known.users[username]
        if not any(who == username for who, _role, _unit in known.places):
            raise ValidationError(_("账号 %(user)s 已经有人用了，请换一个。") % {"user": username})
        if user and row.get("姓名") and row["姓名"] != user.name:
            said = _("姓名现为“%(now)s”，表里是“%(new)s”，不改")
            out.says.append(said % {"now": user.name, "new": row["姓名"]})
    if place not in known.places:
        apart = {r for who, r, _u in known.places if who == username and r in Member.ADMINISTRATORS}
        if role in Member.ADMINISTRATORS and apart:
            raise ValidationError(_("审计员、账号管理员、安全管理员不能由一人兼任。"))
        out.says.append(_("%(user)s 任%(role)s") % {"user": username, "role": Member.Role(role).label})
        known.places.add(place)


@transaction.atomic
def carry_out(government: Government, rows: Sequence[tuple[int, Row]], by: User) -> tuple[int, int]:
    """Write what ``plan`` says of the rows, all or nothing: how many units and how many accounts are new.

    Units need ``may_keep_units``, accounts ``may_keep_accounts``; new accounts get their link from the accounts page.
    Raises ValidationError naming the first wrong row; PermissionDenied.
    """
    HistoryHead.objects.select_for_update().get(government=government.pk)
    require(may_keep_units, by, government)
    if any(row.get("账号") for _n, row in rows):
        require(may_keep_accounts, by, government)
    wrong = next((out for out in plan(government, rows) if out.error), None)
    if wrong:
        raise ValidationError(_("第 %(n)d 行：%(error)s") % {"n": wrong.number, "error": wrong.error})
    known = _known(government, [row.get("账号", "") for _n, row in rows])
    units = accounts = 0
    for _number, row in rows:
        unit, made = _write_unit(government, row, known, by)
        units += made
        accounts += _write_person(government, row, unit, known, by)
    content = {"rows": len(rows), "units": units, "accounts": accounts}
    history.write(government, by, "people.imported", government, content)
    return units, accounts


def _write_unit(government: Government, row: Row, known: _Known, by: User) -> tuple[Unit | None, int]:
    short = row.get("单位简称", "")
    if not short:
        return None, 0
    unit, names = known.units.get(short), aliases_of(row)
    if unit is not None:
        added = add_aliases(unit, names, by)
        known.units |= {alias.name: unit for alias in added}
        return unit, 0
    full, kind = row.get("单位全称", ""), known.kinds.get(row.get("类别", ""), "department")
    (unit,) = create_units(
        government, [NewUnit(short, full, kind, tuple(n for n in names if n not in (short, full)))], by
    )
    known.units |= {name: unit for name in (short, full, *names) if name}
    return unit, 1


def _write_person(government: Government, row: Row, unit: Unit | None, known: _Known, by: User) -> int:
    username = row.get("账号", "")
    if not username:
        return 0
    role = known.roles[row["角色"]]
    place = unit if role in Member.OF_UNIT else None
    user = known.users.get(username)
    if user is not None:
        add_member(government, user, role, place, by)
        return 0
    known.users[username] = invite(government, username, row.get("姓名", ""), role, place, by)
    return 1
