"""The review queue: what waits for the office, one report in full, accepted, returned, asked about or verified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk import reviewing
from luoshi.desk.doing import asked, chosen, day_of, own_place, sent_table, tried, typed, whole
from luoshi.desk.page import show, user_of
from luoshi.desk.reviewing import Waiting
from luoshi.people.models import Unit
from luoshi.people.permissions import may_review, may_see_review, may_verify, require
from luoshi.progress import review_actions
from luoshi.progress.models import Report
from luoshi.supervision import actions
from luoshi.supervision.models import Sample, Verification
from luoshi.ui.today import today

FILTERS = ("unit", "check", "period")


def _narrowed(rows: Sequence[Waiting], request: HttpRequest) -> list[Waiting]:
    """The rows that fit unit, check and period of the address; ``check=none`` are those without any."""
    unit, check, period = whole(asked(request, "unit")), asked(request, "check"), asked(request, "period")
    return [
        row
        for row in rows
        if (not unit or row.report.unit_id == unit)
        and (not period or row.report.period.name == period)
        and (not check or (not row.checks if check == "none" else check in {c[0] for c in row.checks}))
    ]


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, and one of it in full (``?report=``). The same number of queries for any queue."""
    government, user = own_place(request, may_see_review), user_of(request)
    everything = reviewing.waiting(government, user)
    rows = _narrowed(everything, request)
    wanted = whole(asked(request, "report"))
    at = next((n for n, row in enumerate(rows) if row.report.pk == wanted), 0)
    now = rows[at] if rows else None
    context: dict[str, Any] = {
        "nav": "review",
        "may_act": may_review(user, government),
        "rows": rows,
        "left": len(everything),
        "now": now,
        "prev": rows[at - 1].report.pk if at else None,
        "next": rows[at + 1].report.pk if at + 1 < len(rows) else None,
        "clean": [row.report for row in rows if not row.checks and not row.own],
        "codes": reviewing.codes_of(everything),
        "plain": sum(not row.checks for row in everything),
        "units": {r.report.unit_id: r.report.unit.short_name for r in everything}.items(),
        "periods": dict.fromkeys(r.report.period.name for r in everything),
        "chosen": {name: asked(request, name) for name in FILTERS},
        "back": urlencode({name: asked(request, name) for name in FILTERS if asked(request, name)}),
        "today": today(),
        "methods": Verification.Method.choices,
        "results": Verification.Result.choices,
    }
    if now:
        context |= reviewing.in_full(now.report) | {"co_units": _co_units(now.report)}
    return show(request, "desk/review.html", context, government=government)


def _co_units(report: Report) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=report.task.units_involved).exclude(pk=report.unit_id))


def _back(request: HttpRequest, report: int | None = None) -> HttpResponse:
    """To the queue as it was filtered; to a report of it, or to the one after the one just decided."""
    params = {name: typed(request, name) for name in FILTERS if typed(request, name)}
    after = report or whole(typed(request, "after"))
    if after:
        params["report"] = str(after)
    return redirect(reverse("review") + ("?" + urlencode(params) if params else ""))


def _report(request: HttpRequest, pk: int) -> Report:
    rows = Report.objects.select_related("task__plan__government", "period", "unit__government")
    report = get_object_or_404(rows, pk=pk)
    require(may_review, user_of(request), report)
    return report


def _seen(request: HttpRequest, report: Report) -> int:
    """The round of the report that the page showed, as its form says; 0, which no round is, where it does not."""
    return whole(typed(request, f"seen-{report.pk}")) or 0


@login_required
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept the reports ticked, all or none."""
    government = own_place(request, may_review)
    rows = Report.objects.filter(pk__in=chosen(request, "reports"), task__government=government)
    reports = list(rows.select_related("task__plan__government", "period", "unit__government"))
    n = len(reports)
    said = ngettext("已通过 %(n)d 份。", "已通过 %(n)d 份。", n) % {"n": n}
    if reports:
        seen = {report.pk: _seen(request, report) for report in reports}
        tried(request, lambda: review_actions.accept(reports, user_of(request), seen=seen), said)
    return _back(request)


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a report with a reason."""
    report = _report(request, pk)
    reason, seen = typed(request, "reason"), _seen(request, report)
    done = tried(
        request,
        lambda: review_actions.send_back(report, reason, user_of(request), seen=seen),
        _("已退回，单位会收到理由。"),
    )
    return _back(request, None if done else pk)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a co-unit; the report stays."""
    report = _report(request, pk)
    unit = get_object_or_404(Unit, pk=whole(typed(request, "co_unit")) or 0, government=report.unit.government_id)
    question = typed(request, "question")
    tried(
        request,
        lambda: review_actions.ask_co_unit(report, unit, question, user_of(request), seen=_seen(request, report)),
        _("已请%(unit)s说明。") % {"unit": unit},
    )
    return _back(request, pk)


@login_required
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how the report was checked and what was found."""
    report = _report(request, pk)
    require(may_verify, user_of(request), report)
    sample = Sample.objects.filter(pk=whole(typed(request, "sample")) or 0, plan=report.task.plan).first()

    def record() -> None:
        actions.verify_report(
            report, user_of(request), method=typed(request, "method"), result=typed(request, "result"),
            note=typed(request, "note"), on=day_of(typed(request, "on"), _("核查日期")), sample=sample,
            seen=_seen(request, report),
        )  # fmt: skip

    tried(request, record, _("核查已登记。"))
    return redirect("samples", report.task.plan_id) if sample else _back(request, pk)


@login_required
@require_safe
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The queue as filtered, as csv or xlsx."""
    government = own_place(request, may_see_review)
    rows = _narrowed(reviewing.waiting(government, user_of(request)), request)
    return sent_table(_("待审报告"), reviewing.HEADERS, reviewing.table(rows), name)
