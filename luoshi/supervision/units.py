"""The end of a unit without successor: only when nothing is left for it to do."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import unit_actions
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.plans.models import Plan, Task
from luoshi.supervision.actions import closed


def open_tasks(unit: Unit) -> list[Task]:
    """The tasks of issued plans in which the unit has a part and that were not closed. Two queries."""
    named = Task.objects.filter(plan__state=Plan.State.ISSUED, responsibilities__unit=unit).distinct()
    tasks = list(named.order_by("plan", "order"))
    done = closed(tasks)
    return [task for task in tasks if task.pk not in done]


@transaction.atomic
def close_unit(unit: Unit, on: date, by: User, *, today: date) -> Unit:
    """As ``people.unit_actions.close_unit``; raises ValidationError too while it has tasks that are still open."""
    HistoryHead.objects.select_for_update().get(government=unit.government_id)
    left = open_tasks(unit)
    if left:
        message = _("%(unit)s 还有 %(n)d 项未办结的任务（%(keys)s），请改用撤并，由别的单位承接。")
        keys = "、".join(task.key for task in left[:5]) + ("……" if len(left) > 5 else "")
        raise ValidationError(message % {"unit": unit, "n": len(left), "keys": keys})
    return unit_actions.close_unit(unit, on, by, today=today)
