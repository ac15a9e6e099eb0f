"""Samples drawn for verification, a task closed (销号) and opened again, the year rolled over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luoshi.desk.doing import asked, chosen, seen_plan, seen_task, sent_table, tried, typed, whole
from luoshi.desk.likely import picked, proposed
from luoshi.desk.page import show, user_of
from luoshi.people.models import Member, User
from luoshi.people.permissions import may_close, may_see_dashboard, may_verify, require
from luoshi.plans.models import Plan, Task
from luoshi.progress.models import Evidence, Period, Report
from luoshi.supervision import actions
from luoshi.supervision.models import Sample, Verification
from luoshi.ui.today import today

SENT = (Report.State.SUBMITTED, Report.State.ACCEPTED)


@login_required
@require_http_methods(["GET", "POST"])
def samples(request: HttpRequest, pk: int) -> HttpResponse:
    """The samples of a plan with what was found; POST draws one. ``?export=`` a file."""
    plan = seen_plan(request, pk, may_see_dashboard)
    if request.method == "POST":
        require(may_verify, user_of(request), plan)
        tried(request, lambda: _draw(request, plan), _("已抽好，种子和结果都已记入日志，谁都可以照样复抽。"))
        return redirect("samples", pk)
    found = list(Sample.objects.filter(plan=plan).select_related("period", "by").prefetch_related("verifications__by"))
    wanted = {report for sample in found for report in sample.reports}
    reports = {r.pk: r for r in Report.objects.filter(pk__in=wanted).select_related("task__plan", "unit", "period")}
    drawn = [(s, _drawn(s, reports), len({v.report_id for v in s.verifications.all()})) for s in found]
    if asked(request, "export"):
        return sent_table(_("抽查"), *_sample_table(drawn), asked(request, "export"))
    periods = list(plan.periods.filter(reports__state__in=SENT).distinct())
    context = {
        "nav": "review",
        "plan": plan,
        "samples": drawn,
        "periods": periods,
        "methods": Verification.Method.choices,
        "results": Verification.Result.choices,
        "today": today(),
        "may_verify": may_verify(user_of(request), plan),
    }
    return show(request, "desk/samples.html", context, government=plan.government)


def _drawn(sample: Sample, reports: dict[int, Report]) -> list[tuple[Report, list[Verification]]]:
    of = {pk: [v for v in sample.verifications.all() if v.report_id == pk] for pk in sample.reports}
    return [(reports[pk], of[pk]) for pk in sample.reports if pk in reports]


def _sample_table(drawn: Sequence[Any]) -> tuple[tuple[Any, ...], list[list[Any]]]:
    """A row a report drawn and finding; one without findings where nobody has been there yet."""
    heads = (
        _("期次"),
        _("随机种子"),
        _("任务编号"),
        _("任务"),
        _("单位"),
        _("方式"),
        _("结果"),
        _("核查情况"),
        _("谁"),
        _("核查日期"),
    )
    lines = []
    for sample, reports, _checked in drawn:
        for report, found in reports:
            told = [
                sample.period.name,
                sample.seed,
                report.task.key,
                report.task.title or report.task.text,
                report.unit.short_name,
            ]
            each = [[v.get_method_display(), v.get_result_display(), v.note, str(v.by), v.on] for v in found]
            lines += [[*told, *row] for row in each or [[""] * 5]]
    return heads, lines


def _draw(request: HttpRequest, plan: Plan) -> None:
    period = (
        Period.objects.filter(plan=plan, pk=whole(typed(request, "period")) or 0)
        .select_related("plan__government")
        .first()
    )
    if period is None:
        raise ValidationError(_("请选一期。"))
    size = whole(typed(request, "size")) or 0
    actions.draw_sample(period, size, user_of(request), seed=typed(request, "seed")[:64])


@login_required
@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Close a task with its basis, papers and verifier, or open it again; and what was done before."""
    plan = seen_plan(request, pk)
    task, user = seen_task(request, plan, key), user_of(request)
    shut = task.pk in actions.closed([task])
    papers = Evidence.objects.filter(uses__report__task=task).distinct()
    others = _office(plan, user)
    if request.method == "POST":
        require(may_close, user, task)

        def act() -> None:
            verifier = next((o for o in others if o.pk == whole(typed(request, "verified_by"))), None)
            if verifier is None:
                raise ValidationError(_("请选核实人，不能是经办人自己。"))
            reason = typed(request, "reason")
            if shut:
                actions.reopen(task, user, verified_by=verifier, reason=reason)
            else:
                picked = list(papers.filter(pk__in=chosen(request, "evidence")))
                actions.close(task, user, verified_by=verifier, reason=reason, evidence=picked, day=today())

        tried(request, act, _("已重新打开。") if shut else _("已销号。"))
        return redirect("closing", pk, key)
    context = {
        "nav": "ledger",
        "plan": plan,
        "task": task,
        "shut": shut,
        "closings": list(task.closings.select_related("by", "verified_by").prefetch_related("evidence")),
        "papers": list(papers.select_related("unit")),
        "others": others,
        "may_close": may_close(user, task),
    }
    return show(request, "desk/closing.html", context, government=plan.government)


def _office(plan: Plan, user: User) -> list[User]:
    members = Member.objects.filter(government=plan.government, role=Member.Role.OFFICE, user__is_active=True)
    return [m.user for m in members.exclude(user=user).select_related("user").order_by("pk")]


@login_required
@require_http_methods(["GET", "POST"])
def carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Open tasks beside the few likeliest successors in a later plan (``?to=``); POST carries those ticked.
    ``?export=`` a file.
    """
    plan = seen_plan(request, pk, may_close)
    later = list(Plan.objects.filter(government=plan.government_id, year__gt=plan.year).order_by("year", "pk"))
    wanted = whole(typed(request, "to") or asked(request, "to"))
    target = next((p for p in later if p.pk == wanted), later[0] if later else None)
    old = list(plan.tasks.select_related("plan", "government").order_by("order", "pk"))
    done = actions.closed(old)
    left = [t for t in old if t.pk not in done]
    free = Q(last_year=None) | Q(last_year__in=left)
    new = list(target.tasks.select_related("plan").filter(free).order_by("order", "pk")) if target else []
    if request.method == "POST" and target:
        _carried(request, plan, target, left, new)
        return redirect(f"{reverse('carry-over', args=[pk])}?to={target.pk}")
    pairs = proposed(left, new) if target else []
    if asked(request, "export"):
        heads = (_("本年编号"), _("本年任务"), _("下年编号"), _("下年任务"), _("相近（%）"))
        lines = [
            [p.old.key, p.old.text, *((p.new.key, p.new.text, p.likeness) if p.new else ("", "", ""))] for p in pairs
        ]
        return sent_table(_("结转下年"), heads, lines, asked(request, "export"))
    context = {
        "nav": "ledger", "plan": plan, "later": later, "target": target, "pairs": pairs,
        "new": new, "done": len(done), "left": len(left),
    }  # fmt: skip
    return show(request, "desk/carry_over.html", context, government=plan.government)


def _carried(request: HttpRequest, plan: Plan, target: Plan, left: Sequence[Task], new: Sequence[Task]) -> None:
    """Carry the tasks ticked to those picked for them, all or none."""
    ticked, carried = set(chosen(request, "carry")), 0

    def act() -> None:
        nonlocal carried
        found = [(t, picked(request.POST, new, f"-{t.pk}")) for t in left if t.pk in ticked]
        pairs = [(before, after) for before, after in found if after is not None]
        if not pairs:
            raise ValidationError(_("请勾选任务，并选好或填好下年的编号。"))
        carried = actions.carry_over(plan, target, pairs, user_of(request))

    if tried(request, act):
        messages.success(request, ngettext("已结转 %(n)d 项。", "已结转 %(n)d 项。", carried) % {"n": carried})
