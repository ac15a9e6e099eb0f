"""What is typed into a figure's box, as it will stand on record; what cannot stand is said in one sentence. No query.

The box says it while a draft is kept, and signing asks the same again: nobody learns it only when he signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.plans.models import Target
from luoshi.progress.models import Measurement, StageClaim

LARGEST = Decimal(10) ** 18
_PLAIN = str.maketrans("０１２３４５６７８９．－", "0123456789.-", ",， \u3000")


@dataclass(frozen=True)
class TypedFigure:
    """A figure that may stand: in the target's unit, with its cut-off, basis, source and note."""

    value: Decimal
    cutoff: date
    basis: str
    source: str
    note: str


def number(text: Any, label: str) -> Decimal:
    """A figure as typed: full-width digits and thousands separators are understood. Raises ValidationError in words."""
    plain = str(text).strip().translate(_PLAIN)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValidationError(_("%(label)s：“%(text)s”不是数字。") % {"label": label, "text": text}) from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise ValidationError(_("%(label)s：数值太大，请核对。") % {"label": label})
    return value


def day(text: Any, until: date) -> date:
    """A day as typed, ``until`` (the period's cut-off) where none was; never later than that. Raises ValidationError."""
    if not text:
        return until
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        raise ValidationError(_("“%(text)s”不是日期，请写成 2026-06-30。") % {"text": text}) from None
    if found > until:
        raise ValidationError(_("日期不能晚于本期数据截止日 %(day)s。") % {"day": until})
    return found


def figure(target: Target, value: Mapping[str, Any], until: date, before: Measurement | None) -> TypedFigure:
    """The figure of a draft's field. ``before``: the newest on record of the same basis. Raises ValidationError."""
    basis = value.get("basis") or Measurement.Basis.OFFICIAL
    if basis not in Measurement.Basis.values:
        raise ValidationError(_("%(label)s：请选正式数或预计数。") % {"label": target.subject})
    found = number(value.get("value", ""), target.subject)
    cutoff = day(value.get("cutoff"), until)
    note = str(value.get("note") or "").strip()[:300]
    later = before is not None and target.kind == Target.Kind.QUANTITY and cutoff >= before.cutoff
    if later and not note and found < before.value:  # type: ignore[union-attr]
        message = _("%(label)s：累计数比上次（%(before)s）小，请写明更正原因。")
        said = f"{before.value.normalize():f}"  # type: ignore[union-attr]
        raise ValidationError(message % {"label": target.subject, "before": said})
    return TypedFigure(found, cutoff, str(basis), str(value.get("source") or "")[:100], note)


def wrong(target: Target, value: Mapping[str, Any], until: date, before: Measurement | None) -> str:
    """Why a field's figure cannot stand, "" where it can or the box is empty."""
    if not value:
        return ""
    try:
        figure(target, value, until, before)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def figure_typed(row: Measurement) -> dict[str, Any]:
    """A figure on record as its box would hold it."""
    return {
        "value": f"{row.value.normalize():f}", "cutoff": str(row.cutoff), "basis": row.basis, "source": row.source,
        "note": row.note,
    }  # fmt: skip


def claim_typed(row: StageClaim) -> dict[str, Any]:
    """A stage on record as its box would hold it."""
    return {"stage": row.stage, "node": row.node_id, "on": str(row.on), "reached": row.reached, "note": row.note}
