"""How a year's forecasts fared: in the band or not, by the month they were made, with every call behind each number."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk import choices
from luoshi.desk.doing import asked
from luoshi.desk.page import show
from luoshi.desk.views.office import plan_of
from luoshi.exports.table import MEDIA, table_file
from luoshi.plans.models import Plan
from luoshi.progress.calls import ENOUGH, Call, record_of
from luoshi.progress.forecast import CONFIDENCE
from luoshi.ui.today import today

SHOWN = 60  # calls on the page; the file has all


@login_required
@require_safe
def forecasts(request: HttpRequest, pk: int) -> HttpResponse:
    """The table by period; ``?period=`` (a name, or ``all``) lists the calls behind a number, ``?only=missed`` the misses.
    Constant queries.
    """
    plan = plan_of(request, pk)
    record = record_of(plan, today())
    context: dict[str, Any] = {
        "nav": "home",
        "plan": plan,
        "plans": list(Plan.objects.of(plan.government).exclude(state=Plan.State.DRAFT)),
        "record": record,
        "promised": round(CONFIDENCE * 100),
        "enough": ENOUGH,
        "period": asked(request, "period"),
        "only": asked(request, "only"),
    }
    found = _wanted(record.calls, context["period"], context["only"]) if context["period"] else []
    context |= {"calls": found[:SHOWN], "more": max(len(found) - SHOWN, 0), "found": len(found)}
    return show(request, "desk/forecasts.html", context, government=plan.government)


def _wanted(calls: Any, period: str, only: str) -> list[Call]:
    return [
        call
        for call in calls
        if (period in ("", "all") or call.period.name == period) and (only != "missed" or not call.within)
    ]


@login_required
@require_safe
def export(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """Every call beside what came; the parameters of the page narrow it."""
    plan = plan_of(request, pk)
    if format not in MEDIA:
        raise Http404
    heads = [
        _("期次"),
        _("任务编号"),
        _("指标"),
        _("单位"),
        _("当时预计"),
        _("下限"),
        _("上限"),
        _("年底实际"),
        _("落在区间内"),
        _("相差（%）"),
    ]
    calls = _wanted(record_of(plan, today()).calls, asked(request, "period"), asked(request, "only"))
    rows = [
        [
            c.period.name, c.task.key, c.target.subject, c.target.unit, c.outlook.value, c.outlook.low, c.outlook.high,
            c.outcome, _("是") if c.within else _("否"), None if c.error is None else round(c.error, 1),
        ]
        for c in calls
    ]  # fmt: skip
    body = table_file(_("预测校准"), heads, rows, format)
    return choices.attach(HttpResponse(body, content_type=MEDIA[format]), f"{plan}-{_('预测校准')}.{format}")
