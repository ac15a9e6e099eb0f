"""Corrected values must be of the ledger's types; what is wrong is said in one Chinese sentence. PURE."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.documents.keyed import Book, Item
from luoshi.reading import ledger as ledger_types

STRUCTS: Mapping[str, type[msgspec.Struct]] = {
    "document": ledger_types.DocumentFields,
    "plans": ledger_types.Plan,
    "sections": ledger_types.Section,
    "tasks": ledger_types.Task,
    "leader": ledger_types.Leader,
    "leaders": ledger_types.Leader,
    "units": ledger_types.Responsibility,
    "targets": ledger_types.Target,
    "deliverables": ledger_types.Deliverable,
    "aims": ledger_types.Aim,
    "milestones": ledger_types.Milestone,
}
LABELS: Mapping[str, Any] = {
    "title": gettext_lazy("标题"),
    "number": gettext_lazy("序号（文号）"),
    "year": gettext_lazy("年份"),
    "kind": gettext_lazy("类型"),
    "heading": gettext_lazy("章节标题"),
    "text": gettext_lazy("文字"),
    "name": gettext_lazy("名称"),
    "post": gettext_lazy("职务"),
    "role": gettext_lazy("角色"),
    "with": gettext_lazy("括号内单位"),
    "deadline": gettext_lazy("时限"),
    "due": gettext_lazy("节点"),
    "subject": gettext_lazy("指标名称"),
    "bound": gettext_lazy("比较"),
    "value": gettext_lazy("数值"),
    "value_to": gettext_lazy("数值上限"),
    "unit": gettext_lazy("计量单位"),
    "baseline": gettext_lazy("基数"),
    "strength": gettext_lazy("力度"),
    "wording": gettext_lazy("限定词"),
    "stage": gettext_lazy("阶段"),
    "at": gettext_lazy("出处"),
    "written_on": gettext_lazy("成文日期"),
    "signed_on": gettext_lazy("签发日期"),
}
# Lists are changed by adding and removing parts, the quote by moving the span, the rest never.
NOT_SET = frozenset(
    {"key", "checked", "quote", "plans", "sections", "tasks", "leader", "leaders", "units", "targets"}
) | {
    "deliverables",
    "aims",
    "milestones",
}
_DEADLINE = re.compile(r"(\d{4})(?:-Q[1-4]|-(\d{2})(?:-(\d{2}))?)?")


def label(field: str) -> str:
    """The field's name as the page shows it."""
    return str(LABELS.get(field, field))


@cache
def fields_of(kind: str) -> dict[str, Any]:
    """Names (as in JSON) and types of the fields that may be set on a part of this kind."""
    struct = STRUCTS[kind]
    hints = get_type_hints(struct)
    return {f.encode_name: hints[f.name] for f in msgspec.structs.fields(struct) if f.encode_name not in NOT_SET}


def value(kind: str, field: str, given: Any) -> Any:
    """The value in the field's type, as plain JSON data; "" for a field that may be empty is None.

    Raises ValidationError in words.
    """
    wanted = fields_of(kind).get(field)
    if wanted is None:
        raise ValidationError(_("没有“%(field)s”这个可改的字段。") % {"field": field})
    if isinstance(given, str):
        given = given.strip()
        if given == "" and type(None) in get_args(wanted):
            return None
        if given == "":
            raise ValidationError(_("“%(field)s”不能空着。") % {"field": label(field)})
    try:
        typed = msgspec.convert(given, wanted, strict=False)
    except msgspec.ValidationError:
        raise ValidationError(_wrong(field, wanted, given)) from None
    if isinstance(typed, float) and not math.isfinite(typed):
        raise ValidationError(_wrong(field, wanted, given))
    return msgspec.to_builtins(typed)


def _wrong(field: str, wanted: Any, given: Any) -> str:
    kinds = get_args(wanted) or (wanted,)
    shown = str(given)[:40]
    if float in kinds or int in kinds:
        return _("“%(field)s”要填数字，不能是“%(given)s”。") % {"field": label(field), "given": shown}
    if field == "at":
        return _("出处须写明第几块、从第几字到第几字。")
    return _("“%(field)s”不能是“%(given)s”。") % {"field": label(field), "given": shown}


def check(book: Book, kind: str, item: Item) -> None:
    """Raise ValidationError unless the whole part is sound: required fields, spans inside the text, figures that agree."""
    for field in ("at", "deadline_at"):
        _check_span(book, item.get(field))
    for field in ("baseline", "wording"):
        _check_span(book, (item.get(field) or {}).get("at"))
    for field in ("deadline", "due", "written_on", "signed_on"):
        if item.get(field):
            _check_date(field, item[field])
    if kind == "targets":
        _check_target(item)
    if kind in ("leader", "leaders") and not (item.get("name") or item.get("post")):
        raise ValidationError(_("领导的姓名和职务至少写一样。"))
    if kind == "plans" and item.get("year") is not None and not 1949 <= item["year"] <= 2199:
        raise ValidationError(_("年份要写四位数，如 2026。"))
    try:
        msgspec.convert(item, STRUCTS[kind])
    except msgspec.ValidationError as error:
        missing = re.search(r"required field `(\w+)`", str(error))
        if missing:
            raise ValidationError(_("还缺“%(field)s”。") % {"field": label(missing[1])}) from None
        raise ValidationError(_("这一项填得不对：%(error)s") % {"error": error}) from None


def _check_span(book: Book, at: Item | None) -> None:
    blocks = book.ledger.get("blocks") or []
    if not at or not blocks:
        return
    inside = 0 <= at["block"] < len(blocks) and 0 <= at["start"] <= at["end"] <= len(blocks[at["block"]]["text"])
    if not inside:
        raise ValidationError(_("出处不在原文范围内，请重新选取。"))


def _check_date(field: str, text: str) -> None:
    """Accept 2026, 2026-06, 2026-Q3 and 2026-06-30."""
    found = _DEADLINE.fullmatch(text)
    try:
        if not found:
            raise ValueError(text)
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise ValidationError(
            _("“%(field)s”要写成 2026-06-30、2026-06 或 2026-Q3 这样。") % {"field": label(field)}
        ) from None


def _check_target(item: Item) -> None:
    low, high, bound = item.get("value"), item.get("value_to"), item.get("bound")
    if bound == "range" and (low is None or high is None):
        raise ValidationError(_("“区间”要有上下两个数值。"))
    if high is not None and bound != "range":
        raise ValidationError(_("有数值上限时，“比较”要选“区间”。"))
    if low is not None and high is not None and low > high:
        raise ValidationError(_("区间的下限不能大于上限。"))
