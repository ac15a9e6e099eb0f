"""Units × periods: how many tasks of each were behind, and what was not reported. In document order, never ranked."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.desk import choices
from luoshi.desk.page import show
from luoshi.desk.views.office import plan_of
from luoshi.exports.table import MEDIA, table_file
from luoshi.plans.models import Plan
from luoshi.progress import overview
from luoshi.progress.lights import Rules
from luoshi.progress.models import Period
from luoshi.progress.overview import Cell

Table = list[tuple[Any, list[Cell]]]


def _table(plan: Plan) -> tuple[list[Period], Rules, Table, int]:
    """The periods opened so far, the rules, the table, and how many tasks it counts. Ten queries."""
    periods = [p for p in plan.periods.all() if p.state != Period.State.PLANNED]
    rules, tasks = overview.palette(plan.government), overview.answering(plan)
    shown, reports = overview.held(periods), overview.asked(periods)
    return periods, rules, overview.heatmap(tasks, periods, shown, reports, rules), len(tasks)


@login_required
@require_safe
def heatmap(request: HttpRequest, pk: int) -> HttpResponse:
    """The table; every number leads to its tasks in the ledger."""
    plan = plan_of(request, pk)
    periods, rules, table, total = _table(plan)
    names = {colour.code: colour.name for colour in rules.colours}
    rows = [
        {
            "unit": unit,
            "tasks": max((c.judged for c in cells), default=0),
            "cells": [_cell(c, rules, names) for c in cells],
        }
        for unit, cells in table
    ]
    context = {
        "nav": "heatmap",
        "plan": plan,
        "plans": list(Plan.objects.filter(government=plan.government, year=plan.year).exclude(state=Plan.State.DRAFT)),
        "periods": periods,
        "rows": rows,
        "total": total,
        "colours": rules.colours[1:],
    }
    return show(request, "desk/heatmap.html", context, government=plan.government)


def _cell(cell: Cell, rules: Rules, names: dict[str, str]) -> dict[str, Any]:
    worst = cell.worst if cell.worst in {c.code for c in rules.colours[1:]} else ""
    last = bool(worst) and rules.rank(worst) == len(rules.colours) - 1
    style = f"h{min(cell.behind, 3)}" if cell.judged else "hf"
    return {"cell": cell, "style": style + (" hr" if last else ""), "worst": worst, "name": names.get(worst, "")}


@login_required
@require_safe
def export(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The table as a file: for each period tasks behind and reports missing."""
    plan = plan_of(request, pk)
    if format not in MEDIA:
        raise Http404
    periods, _rules, table, _total = _table(plan)
    heads = [_("单位"), *(f"{p.name} {what}" for p in periods for what in (_("落后"), _("未报")))]
    rows = [
        [unit.short_name, *(n for c in cells for n in (c.behind if c.judged else None, c.missing))]
        for unit, cells in table
    ]
    body = table_file(_("单位与期次"), heads, rows, format)
    name = f"{plan}-{_('单位与期次')}.{format}"
    return choices.attach(HttpResponse(body, content_type=MEDIA[format]), name)
