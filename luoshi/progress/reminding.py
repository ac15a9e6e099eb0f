"""Reminding by hand: the office those who owe a report, a liaison the head who signs. What ``tick`` does by itself is in period_actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.people.permissions import may_fill_unit, may_review, require
from luoshi.progress.models import Message, Period
from luoshi.progress.period_actions import OPEN_STATES


@transaction.atomic
def remind_now(
    period: Period, by: User, today: date, *, unit: int | None = None, at: datetime | None = None
) -> list[Message]:
    """Remind the units that owe a report of the period, or this one; each once a day. The reminders that are new.

    Raises ValidationError where nobody owes anything, PermissionDenied.
    """
    plan = period.plan
    require(may_review, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    waiting = period.reports.filter(state__in=OPEN_STATES)
    if unit is not None:
        waiting = waiting.filter(unit=unit)
    counts: dict[int, int] = {}
    for owing in waiting.values_list("unit", flat=True):
        counts[owing] = counts.get(owing, 0) + 1
    if not counts:
        raise ValidationError(_("没有要催的单位：本期都报了。"))
    kind = f"office-{today.isoformat()}"
    told = set(Message.objects.filter(period=period, kind=kind).values_list("unit", flat=True))
    stamp = at or timezone.now()
    made = [
        Message(
            government_id=plan.government_id,
            unit_id=pk,
            kind=kind,
            text=_("督查室催报：%(period)s 还有 %(n)d 项没有报，%(day)s 截止。")
            % {"period": period.name, "n": count, "day": period.due_on},
            link=f"/units/{pk}/",
            period=period,
            at=stamp,
        )
        for pk, count in counts.items()
        if pk not in told
    ]
    Message.objects.bulk_create(made, batch_size=500)
    if made:
        content = {"period": period.name, "units": [message.unit_id for message in made]}
        history.write(plan.government, by, "period.reminded", period, content, at=at)
    return made


@transaction.atomic
def ask_to_sign(
    unit: Unit, ready: Mapping[Period, int], by: User, today: date, *, at: datetime | None = None
) -> list[Message]:
    """Tell the unit's heads that drafts are ready: ``ready`` counts them by period; each period once a day. The new ones.

    Raises ValidationError where no draft is ready or it was said today, PermissionDenied.
    """
    require(may_fill_unit, by, unit)
    if not ready:
        raise ValidationError(_("还没有填好的，填好后再请签发。"))
    HistoryHead.objects.select_for_update().get(government=unit.government_id)
    kind = f"ready-{today.isoformat()}"
    told = set(Message.objects.filter(unit=unit, kind=kind).values_list("period", flat=True))
    made = [
        Message(
            government_id=unit.government_id,
            unit=unit,
            kind=kind,
            text=_("请签发：%(period)s 已填好 %(n)d 项。") % {"period": period.name, "n": count},
            link=f"/units/{unit.pk}/",
            period=period,
            at=at or timezone.now(),
        )
        for period, count in ready.items()
        if period.pk not in told
    ]
    if not made:
        raise ValidationError(_("今天已经请负责人签发过了。"))
    Message.objects.bulk_create(made)
    content = {"unit": unit.short_name, "periods": [[m.period.name, ready[m.period]] for m in made if m.period]}
    history.write(unit.government, by, "report.ready", unit, content, at=at)
    return made
