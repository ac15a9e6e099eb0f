"""A light set by hand by two people: the office asks, somebody else of the office or the leader in charge approves."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, User
from luoshi.people.permissions import may_approve_override, may_override_light, require
from luoshi.progress.light_actions import override
from luoshi.progress.lights import parse
from luoshi.progress.models import Light
from luoshi.supervision.models import OverrideRequest


@transaction.atomic
def ask_override(light: Light, colour: str, reason: str, by: User, *, at: datetime | None = None) -> OverrideRequest:
    """Ask for a light to be set by hand. Raises ValidationError without a reason, for a colour the rules do not have, or
    while another request waits; PermissionDenied."""
    require(may_override_light, by, light)
    HistoryHead.objects.select_for_update().get(government=light.government.pk)
    if not reason.strip():
        raise ValidationError(_("改灯要写明理由。"))
    if colour not in {c.code for c in parse(light.rule_set.content).colours}:
        raise ValidationError(_("亮灯规则里没有“%(colour)s”这种灯。") % {"colour": colour})
    if light.override_requests.filter(state=OverrideRequest.State.ASKED).exists():
        raise ValidationError(_("这盏灯已有一份改灯申请待批准。"))
    made = OverrideRequest.objects.create(
        light=light, colour=colour, reason=reason.strip()[:500], asked_by=by, asked_at=at or timezone.now()
    )
    said = {"from": light.colour, "to": colour, "reason": made.reason}
    history.write(light.government, by, "override.asked", made, said, at=at, rows=[made])
    return made


@transaction.atomic
def decide_override(
    request: OverrideRequest, agreed: bool, note: str, by: User, *, at: datetime | None = None
) -> OverrideRequest:
    """Approve, and the light is set; or refuse with words. Raises ValidationError where it is decided already, or the one
    who asked decides; PermissionDenied."""
    require(may_approve_override, by, request.light)
    HistoryHead.objects.select_for_update().get(government=request.government.pk)
    row = OverrideRequest.objects.select_for_update().select_related("light__rule_set", "asked_by").get(pk=request.pk)
    if row.state != OverrideRequest.State.ASKED:
        raise ValidationError(_("这份改灯申请已经办结。"))
    if row.asked_by_id == by.pk:
        raise ValidationError(_("改灯须由另一人批准。"))
    if not agreed and not note.strip():
        raise ValidationError(_("不同意要写明意见。"))
    row.state = OverrideRequest.State.APPROVED if agreed else OverrideRequest.State.REFUSED
    row.decided_by, row.decided_at, row.note = by, at or timezone.now(), note.strip()[:300]
    row.save(update_fields=["state", "decided_by", "decided_at", "note"])
    history.write(row.government, by, f"override.{row.state}", row, {"note": row.note}, at=at, rows=[row])
    if agreed:
        override(row.light, row.colour, row.reason, asked_by=row.asked_by, approved_by=by, at=at)
    return row
