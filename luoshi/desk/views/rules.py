"""Light rules and the reporting rule of a plan: in words, simulated on the past, then adopted."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from luoshi.desk import rules_form
from luoshi.desk.doing import asked, seen_plan, sent_table, tried, typed
from luoshi.desk.page import show, user_of
from luoshi.people.permissions import may_keep_rules, may_see_dashboard, require
from luoshi.plans.models import Plan
from luoshi.progress import light_actions, lights, period_actions
from luoshi.progress.models import ReportingRule, RuleSet
from luoshi.ui.today import today


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules in force in words, the form, and what the form would have made of the past.

    POST with ``do=try`` shows, with ``do=adopt`` adopts. ``?family=`` or ``?version=`` fills the form with others.
    """
    plan = seen_plan(request, pk)
    if request.method == "POST":
        require(may_keep_rules, user_of(request), plan)
    versions = list(RuleSet.objects.filter(government=plan.government).select_related("by").order_by("-version"))
    own = period_actions.rule_of(plan).rule_set
    in_force = own or (versions[0] if versions else None)
    content: dict[str, Any] = _filled(request, versions, in_force)
    trial: dict[str, Any] = {}
    if request.method == "POST":
        try:
            content = rules_form.content_of(request.POST)
            trial = {
                "words": rules_form.words_of(content),
                "past": rules_form.simulated(plan, content),
                "basis": typed(request, "basis"),
            }
            if request.POST.get("do") == "adopt":
                made = light_actions.adopt_rule_set(
                    plan.government, content, user_of(request), basis=typed(request, "basis")[:200]
                )
                messages.success(request, _("已采用“%(rules)s”，以后亮灯按它；以前的灯不变。") % {"rules": made})
                return redirect("rules", pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    context = {
        "nav": "rules",
        "plan": plan,
        "in_force": in_force,
        "words": rules_form.words_of(in_force.content) if in_force else (),
        "versions": [(v, rules_form.words_of(v.content)) for v in versions],
        "families": _families(),
        "form": rules_form.boxes(content),
        "measures": rules_form.MEASURES.items(),
        "ops": rules_form.OPS.items(),
        "trial": trial,
        "may_keep": may_keep_rules(user_of(request), plan),
        "may_overlook": may_see_dashboard(user_of(request), plan),
    }
    return show(request, "desk/rules.html", context, government=plan.government)


def _families() -> list[tuple[str, Any, tuple[str, ...]]]:
    """The four families with their names and what they say."""
    return [
        (code, name, lights.in_words(lights.parse(lights.FAMILIES[code]))) for code, name in rules_form.FAMILIES.items()
    ]


def _filled(request: HttpRequest, versions: list[RuleSet], in_force: RuleSet | None) -> dict[str, Any]:
    """What the form begins with: the family or version asked for, else the rules in force."""
    family, version = asked(request, "family"), asked(request, "version")
    if family in lights.FAMILIES:
        return lights.FAMILIES[family]
    named = next((v for v in versions if str(v.version) == version), in_force)
    return dict(named.content) if named else lights.FAMILIES["points"]


class ReportingForm(forms.ModelForm):  # type: ignore[type-arg]
    """The reporting rule's boxes, and from which day a plan issued in mid-year is reported on."""

    first_due = forms.DateField(
        label=gettext_lazy("首次报送截止日"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("年中才印发的台账填：比这天早的各期，都顺延到这天报，不算谁迟报；不填就从年初排起"),
    )

    class Meta:
        model = ReportingRule
        fields = (
            "kind", "month_day", "next_month", "quarter_working_days", "opens_days_before", "locks_days_after", "by_risk",
            "objection_days", "caught_up_note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, (forms.TextInput, forms.NumberInput, forms.DateInput)):
                field.widget.attrs["class"] = "in"
            elif isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "sel"


@login_required
@require_http_methods(["GET", "POST"])
def reporting(request: HttpRequest, pk: int) -> HttpResponse:
    """When and how the plan is reported on, and the periods that follow from it.

    POST with ``do=try`` shows the days without writing any, ``do=plan`` keeps the rule and plans the year, else the rule
    is kept and periods not opened yet move with it. ``?export=`` the periods as a file.
    """
    plan = seen_plan(request, pk)
    rule = period_actions.rule_of(plan)
    periods = list(plan.periods.all())
    if asked(request, "export"):
        heads = (_("期次"), _("数据截止日"), _("开放日"), _("截止日"), _("锁定日"), _("状态"))
        lines = [[p.name, p.cutoff, p.opens_on, p.due_on, p.locks_on, p.get_state_display()] for p in periods]
        return sent_table(_("全年期次"), heads, lines, asked(request, "export"))
    form = ReportingForm(request.POST or None, instance=rule, initial={} if periods else {"first_due": _begins(plan)})
    if periods:
        del form.fields["first_due"]
    shown: list[dict[str, Any]] = []
    if request.method == "POST":
        require(may_keep_rules, user_of(request), plan)
        if form.is_valid():
            first_due = form.cleaned_data.get("first_due")
            if typed(request, "do") == "try":
                tried(request, lambda: shown.extend(_shown(period_actions.days_of(plan, rule, first_due), rule)))
            elif tried(request, lambda: _kept(request, plan, form, first_due), _("已保存，还没有开放的期次跟着变。")):
                return redirect("reporting", pk)
    context = {
        "nav": "rules",
        "plan": plan,
        "form": form,
        "periods": _shown(periods, rule),
        "preview": shown,
        "issued": plan.state == Plan.State.ISSUED,
        "may_keep": may_keep_rules(user_of(request), plan),
    }
    return show(request, "desk/reporting.html", context, government=plan.government)


def _kept(request: HttpRequest, plan: Plan, form: ReportingForm, first_due: date | None) -> None:
    """Keep what was changed of the rule and, with ``do=plan``, plan the year; all or nothing."""
    changes = {name: form.cleaned_data[name] for name in form.changed_data if name != "first_due"}
    with transaction.atomic():
        if changes:
            period_actions.set_rule(plan, changes, user_of(request))
        if typed(request, "do") == "plan":
            period_actions.days_of(plan, period_actions.rule_of(plan), first_due)
            period_actions.plan_periods(plan, user_of(request), first_due=first_due)


def _begins(plan: Plan) -> date | None:
    """The first due day that is offered where some of the year's have passed: the next one."""
    due = [days.due_on for days in period_actions.days_of(plan, period_actions.rule_of(plan))]
    return next((day for day in due if day >= today()), None) if due[0] < today() else None


def _shown(periods: Sequence[Any], rule: ReportingRule) -> list[dict[str, Any]]:
    """Periods with the weekday of their due day, and whether it is another than the rule names."""
    month = rule.kind == "month"
    return [
        {
            "days": each,
            "moved": month
            and each.due_on.day != min(rule.month_day, monthrange(each.due_on.year, each.due_on.month)[1]),
        }
        for each in periods
    ]
