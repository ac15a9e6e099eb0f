"""Light rules and the reporting rule of a plan: in words, simulated on the past, then adopted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.desk import rules_form
from luoshi.desk.doing import asked, seen_plan, tried, typed
from luoshi.desk.page import show, user_of
from luoshi.people.permissions import may_keep_rules, may_see_dashboard, require
from luoshi.plans.models import Plan
from luoshi.progress import light_actions, lights, period_actions
from luoshi.progress.models import ReportingRule, RuleSet


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
    """The reporting rule's boxes."""

    class Meta:
        model = ReportingRule
        fields = (
            "kind", "month_day", "next_month", "quarter_working_days", "opens_days_before", "locks_days_after", "by_risk",
            "objection_days", "caught_up_note",
        )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def reporting(request: HttpRequest, pk: int) -> HttpResponse:
    """When and how the plan is reported on, and the periods that follow from it."""
    plan = seen_plan(request, pk)
    rule = period_actions.rule_of(plan)
    form = ReportingForm(request.POST or None, instance=rule)
    if request.method == "POST":
        require(may_keep_rules, user_of(request), plan)
        if form.is_valid():
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            if tried(
                request,
                lambda: period_actions.set_rule(plan, changes, user_of(request)),
                _("报送规则已改，还没有开放的期次跟着变。"),
            ):
                return redirect("reporting", pk)
    context = {
        "nav": "rules",
        "plan": plan,
        "form": form,
        "periods": list(plan.periods.all()),
        "issued": plan.state == Plan.State.ISSUED,
        "may_keep": may_keep_rules(user_of(request), plan),
    }
    return show(request, "desk/reporting.html", context, government=plan.government)
