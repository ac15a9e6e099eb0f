"""A liaison says that the drafts are ready; the unit's heads see it at the top of the unit's page."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.desk.doing import tried
from luoshi.desk.page import user_of
from luoshi.desk.views.unit import unit_for
from luoshi.people.permissions import may_fill_unit, require
from luoshi.progress.asked import items_of, reports_asked
from luoshi.progress.reminding import ask_to_sign
from luoshi.ui.today import today


@login_required
@require_POST
def ready(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the heads to sign what is filled."""
    unit, user = unit_for(request, pk), user_of(request)
    require(may_fill_unit, user, unit)
    items = items_of(reports_asked(unit))
    filled = Counter(item.report.period for item in items if item.writable and item.filled)
    tried(request, lambda: ask_to_sign(unit, filled, user, today()), _("已请负责人签发。"))
    return redirect("unit", pk=unit.pk)
