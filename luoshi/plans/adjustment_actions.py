"""Adjustments (调整): asked by the lead unit, reviewed by the leader in charge, decided by the office for the approver.

The original stays in its row and both values are shown from then on. A voted livelihood project changes only with the
number of the congress's decision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.people.permissions import (
    may_adjust_ask,
    may_adjust_decide,
    may_adjust_review,
    may_issue,
    own_units,
    require,
)
from luoshi.plans.models import Adjustment, AdjustmentRule, Deliverable, Plan, Responsibility, Target, Task

Field, State = Adjustment.Field, Adjustment.State


@transaction.atomic
def set_window(
    plan: Plan, opens_on: date | None, closes_on: date | None, by: User, *, basis: str = "", at: datetime | None = None
) -> AdjustmentRule:
    """When adjustments may be asked for. Raises ValidationError where the window ends before it begins."""
    require(may_issue, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    if opens_on and closes_on and closes_on < opens_on:
        raise ValidationError(_("窗口的止日不能早于起日。"))
    row, _new = AdjustmentRule.objects.update_or_create(
        plan=plan, defaults={"opens_on": opens_on, "closes_on": closes_on, "basis": basis.strip()[:200]}
    )
    said = {"opens": opens_on, "closes": closes_on, "basis": row.basis}
    history.write(plan.government, by, "plan.adjustment_window", plan, said, at=at, rows=[row])
    return row


@transaction.atomic
def ask(
    task: Task,
    field: str,
    changed: Mapping[str, Any],
    reason: str,
    by: User,
    *,
    unit: Unit,
    today: date,
    target: Target | None = None,
    deliverable: Deliverable | None = None,
    basis: str = "",
    at: datetime | None = None,
) -> Adjustment:
    """Ask for a change. ``changed``: ``{"value": …}`` – a figure, an ISO day, a stage, a unit's key; nothing for stop.

    Raises ValidationError outside the window, without a reason, for a value that cannot be, or while another is waiting.
    """
    require(may_adjust_ask, by, task)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    _refuse_window(task.plan, today)
    if unit.pk not in own_units(by) or unit.pk not in task.lead_units:
        raise ValidationError(_("只有牵头单位才能申请调整。"))
    if not reason.strip():
        raise ValidationError(_("申请调整要写明理由。"))
    waiting = task.adjustments.filter(
        state__in=[State.ASKED, State.REVIEWED], field=field, target=target, deliverable=deliverable
    )
    if waiting.exists():
        raise ValidationError(_("这一项已有一份调整在办理。"))
    original, new = _values(task, field, changed, target, deliverable)
    _refuse_senseless(task, field, original, new, target, today)
    made = Adjustment.objects.create(
        task=task, target=target, deliverable=deliverable, field=field, original=original, changed=new,
        reason=reason.strip(), basis=basis.strip()[:300], unit=unit, asked_by=by, asked_at=at or timezone.now(),
    )  # fmt: skip
    said = {"task": task.key, "field": field, "from": original, "to": new, "reason": made.reason}
    history.write(task.government, by, "adjustment.asked", made, said, at=at, rows=[made])
    return made


def _refuse_window(plan: Plan, today: date) -> None:
    rule = AdjustmentRule.objects.filter(plan=plan).first()
    if rule is None:
        return
    if (rule.opens_on and today < rule.opens_on) or (rule.closes_on and today > rule.closes_on):
        said = {"from": rule.opens_on or "…", "to": rule.closes_on or "…"}
        raise ValidationError(_("调整只在 %(from)s 至 %(to)s 之间受理。") % said)


def _values(
    task: Task, field: str, changed: Mapping[str, Any], target: Target | None, deliverable: Deliverable | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The original and the new value as they are kept. Raises ValidationError in words."""
    for part in (target, deliverable):
        if part is not None and part.task_id != task.pk:
            raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    value = changed.get("value")
    try:
        if field == Field.VALUE and target is not None:
            return {"value": str(target.value)}, {"value": str(_figure(value))}
        if field == Field.DEADLINE:
            return {"value": str(task.due_on or "")}, {"value": date.fromisoformat(str(value)).isoformat()}
        if field == Field.STAGE and deliverable is not None and value in Deliverable.Stage.values:
            return {"value": deliverable.stage}, {"value": value}
        if field == Field.UNIT:
            new = Unit.objects.get(pk=int(str(value)), government=task.government_id)
            leads = Responsibility.objects.filter(task=task, unit__in=task.lead_units).order_by("order")
            return {"value": [part.name for part in leads]}, {"value": new.pk, "name": new.short_name}
        if field == Field.STOP:
            return {"value": "open"}, {"value": "stopped"}
    except (InvalidOperation, ValueError, Unit.DoesNotExist):
        pass
    raise ValidationError(_("请填调整后的内容。"))


def _refuse_senseless(
    task: Task, field: str, original: Mapping[str, Any], new: Mapping[str, Any], target: Target | None, today: date
) -> None:
    """Raise ValidationError for what changes nothing, a day that is over, a quantity of nothing."""
    if field == Field.VALUE:
        figure = Decimal(new["value"])
        if original["value"] != "None" and figure == Decimal(original["value"]):
            raise ValidationError(_("调整后和原来一样，不用申请。"))
        if target is not None and target.kind == Target.Kind.QUANTITY and figure <= 0:
            raise ValidationError(_("数量要大于 0；不做了请申请终止。"))
    elif field == Field.DEADLINE:
        day, last = date.fromisoformat(new["value"]), date(task.plan.year + 5, 12, 31)
        if not today < day <= last:
            raise ValidationError(_("新的时限要在今天以后、%(last)s 以前。") % {"last": last})
    elif field == Field.UNIT and new["value"] in task.lead_units:
        raise ValidationError(_("调整后和原来一样，不用申请。"))
    if original["value"] == new["value"]:
        raise ValidationError(_("调整后和原来一样，不用申请。"))


def _figure(value: Any) -> Decimal:
    text = str(value).strip()
    if not _FIGURE.fullmatch(text):
        raise ValueError(value)
    return Decimal(text)


# As many places as a target keeps.
_FIGURE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def _locked(adjustment: Adjustment) -> Adjustment:
    HistoryHead.objects.select_for_update().get(government=adjustment.government.pk)
    rows = Adjustment.objects.select_related("task__plan__government", "target", "deliverable")
    return rows.get(pk=adjustment.pk)


@transaction.atomic
def review(adjustment: Adjustment, agreed: bool, note: str, by: User, *, at: datetime | None = None) -> Adjustment:
    """The leader in charge agrees, or refuses with words. Raises ValidationError where it is not his turn."""
    row = _locked(adjustment)
    require(may_adjust_review, by, row)
    if row.state != State.ASKED:
        raise ValidationError(_("这份调整现在不用领导审核。"))
    if not agreed and not note.strip():
        raise ValidationError(_("不同意要写明意见。"))
    row.state = State.REVIEWED if agreed else State.REFUSED
    row.reviewed_by, row.reviewed_at, row.review_note = by, at or timezone.now(), note.strip()[:300]
    row.save()
    said = {"agreed": agreed, "note": row.review_note}
    history.write(row.government, by, "adjustment.reviewed", row, said, at=at, rows=[row])
    return row


@transaction.atomic
def decide(
    adjustment: Adjustment,
    approved: bool,
    note: str,
    by: User,
    *,
    effective_on: date,
    decision_number: str = "",
    at: datetime | None = None,
) -> Adjustment:
    """Record the approval, or refusal. A livelihood project needs the congress's decision number.

    Raises ValidationError without the leader's review, or the number; PermissionDenied.
    """
    row = _locked(adjustment)
    require(may_adjust_decide, by, row)
    if row.state != State.REVIEWED:
        raise ValidationError(_("要先由分管领导审核。"))
    if approved and row.task.plan.kind == Plan.Kind.LIVELIHOOD and not decision_number.strip():
        raise ValidationError(_("民生实事经人大票决，调整要有人大（常委会）决定的文号。"))
    if not approved and not note.strip():
        raise ValidationError(_("不批准要写明意见。"))
    if approved:
        _refuse_day(row, effective_on, timezone.localdate(at))
    row.state = State.APPROVED if approved else State.REFUSED
    row.decided_by, row.decided_at, row.decision_note = by, at or timezone.now(), note.strip()[:300]
    row.decision_number = decision_number.strip()[:100]
    row.effective_on = effective_on if approved else None
    row.save()
    parts = _hand_over(row) if approved and row.field == Field.UNIT else []
    said = {"approved": approved, "note": row.decision_note, "number": row.decision_number, "from": row.effective_on}
    said |= {"task": row.task.key, "to": row.changed}
    history.write(row.government, by, "adjustment.decided", row, said, at=at, rows=[row, *parts])
    return row


def _refuse_day(row: Adjustment, effective_on: date, today: date) -> None:
    """An adjustment holds from its request at the earliest; another lead unit from the approval, as duties pass at once."""
    asked_on = timezone.localdate(row.asked_at)
    if effective_on < asked_on:
        raise ValidationError(_("生效日不能早于申请日 %(day)s。") % {"day": asked_on})
    if row.field == Field.UNIT and effective_on > today:
        raise ValidationError(_("换牵头单位批准即生效，生效日填今天或以前。"))


def _hand_over(row: Adjustment) -> list[Responsibility]:
    """Another unit leads from now on; the one before stays as a supporting unit. Who had a part in the document keeps its
    words. The parts, as before and now."""
    unit = Unit.objects.get(pk=row.changed["value"])
    parts = list(Responsibility.objects.filter(task=row.task))
    leads = row.task.lead_units
    own = [part for part in parts if part.unit_id == unit.pk]
    for part in parts:
        if part.unit_id in leads:
            part.role = Responsibility.Role.SUPPORT
    if own:
        own[0].role = Responsibility.Role.LEAD
    else:
        made = Responsibility(task=row.task, unit=unit, name=unit.short_name, role=Responsibility.Role.LEAD, order=0)
        made.save()
        parts.append(made)
    Responsibility.objects.bulk_update(parts, ["role"])
    return parts


@transaction.atomic
def withdraw(adjustment: Adjustment, by: User, *, at: datetime | None = None) -> Adjustment:
    """The unit takes its request back before it is decided."""
    row = _locked(adjustment)
    require(may_adjust_ask, by, row)
    if row.state not in (State.ASKED, State.REVIEWED):
        raise ValidationError(_("这份调整已经办结。"))
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    history.write(row.government, by, "adjustment.withdrawn", row, {}, at=at, rows=[row])
    return row
