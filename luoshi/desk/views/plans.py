"""The ledger page and the task page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk import choices
from luoshi.desk.page import show, user_of, year_links
from luoshi.desk.running import STATES, Running, running, state_choices
from luoshi.desk.running import choices as lit
from luoshi.desk.table import table, target_row
from luoshi.exports import LEDGER_EXPORTS, ledger_json
from luoshi.people.models import Unit, User
from luoshi.people.permissions import may_issue, may_see_every_task, may_see_plan, own_units, require
from luoshi.plans import actions
from luoshi.plans.ledger_table import Group, Grouping, Row, Sorting, grouped, ordered, rows
from luoshi.plans.models import Plan, Responsibility, SectionLeader, TaskLeader, TaskQuerySet
from luoshi.reading.ledger import Ledger

GROUPINGS: dict[str, Any] = {
    "leader": gettext_lazy("按领导"),
    "unit": gettext_lazy("按单位"),
    "section": gettext_lazy("按章节"),
}
EXPORTS = ("xlsx", "csv", "json")
ANSWERS = "answers"  # a role of the filter: the unit that answers for the task, whatever the document calls it


@dataclass(frozen=True)
class Query:
    """What the page was asked to show; it all stands in the address, so that a view can be sent to a colleague."""

    by: Grouping
    sort: Sorting
    descending: bool
    unit: int | None
    role: str
    leader: str
    section: int | None
    kind: str
    text: str
    light: str = ""
    period: str = ""
    state: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Query:
        """From the address; whatever is not understood is left out."""

        def get(name: str, default: str = "") -> str:
            """A parameter without NUL, which PostgreSQL does not take."""
            return str(request.GET.get(name, default)).replace("\x00", "")

        by, sort = get("by", ""), get("sort", "").lstrip("-")
        return cls(
            by=by if by in GROUPINGS else "leader",  # type: ignore[arg-type]
            sort=sort if sort in get_args(Sorting) else "document",  # type: ignore[arg-type]
            descending=get("sort", "").startswith("-"),
            unit=_number(get("unit", "")),
            role=get("role", "") if get("role", "") in (*Responsibility.Role.values, ANSWERS) else "",
            leader=get("leader", ""),
            section=_number(get("section", "")),
            kind=get("kind", "") if get("kind", "") in ("target", "plain") else "",
            text=get("q", "").strip()[:100],
            light=get("light", "")[:12],
            period=get("period", "")[:8],
            state=get("state", "") if get("state", "") in STATES else "",
        )

    @property
    def narrowed(self) -> bool:
        """Whether some tasks may be left out."""
        return any((self.unit, self.role, self.leader, self.section, self.kind, self.text, self.light, self.state))

    def tasks(self, plan: Plan) -> TaskQuerySet:
        """The plan's tasks that fit, whole."""
        found: TaskQuerySet = plan.tasks.whole().select_related("government", "plan__government")
        role = "" if self.role == ANSWERS else self.role
        if self.unit:
            found = found.with_unit([self.unit], role)
        elif role:
            found = found.with_role(role)
        if self.leader:
            found = found.led_by(self.leader)
        if self.section:
            found = found.filter(section=self.section)
        if self.kind:
            found = found.with_target(self.kind == "target")
        return found.saying(self.text) if self.text else found

    def rows(self, plan: Plan, year: Running | None, user: User) -> list[Row]:
        """The ledger rows that fit and that the account may see, in the order asked for."""
        seen = self.tasks(plan)
        found = rows(seen if may_see_every_task(user, plan) else seen.with_unit(list(own_units(user))))
        if self.role == ANSWERS and self.unit:
            found = [row for row in found if self.unit in row.task.lead_units]
        fitting = year.fitting(self.light, self.state, self.unit) if year else None
        if fitting is not None:
            found = [row for row in found if row.task.pk in fitting]
        return ordered(found, self.sort, self.descending)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def plan_for(request: HttpRequest, pk: int) -> Plan:
    """The plan, if the account may see it. Raises Http404, PermissionDenied."""
    plan = get_object_or_404(Plan.objects.select_related("government", "document"), pk=pk)
    require(may_see_plan, user_of(request), plan)
    return plan


@login_required
@require_safe
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger: grouped, filtered, sorted as the address says; the same number of queries for any plan."""
    plan, query = plan_for(request, pk), Query.of(request)
    year = running(plan, query.period) if plan.state != Plan.State.DRAFT else None
    shown = query.rows(plan, year, user_of(request))
    groups = grouped(shown, query.by)
    placed = sum(len(group.rows) for group in groups)
    context = {
        "nav": "ledger",
        "plan": plan,
        "query": query,
        "groupings": GROUPINGS.items(),
        "groups": [_group(group, year) for group in groups],
        "year": year,
        "lights": lit(year) if year else [],
        "states": state_choices(),
        "total": plan.tasks.count(),
        "shown": len(shown),
        "twice": placed - len(shown),
        "sums": _sums(shown),
        "may_issue": plan.state == Plan.State.DRAFT and may_issue(user_of(request), plan),
        "siblings": list(Plan.objects.filter(document=plan.document)),
        **year_links(user_of(request), plan),
        **_offered(plan),
    }
    return show(request, "desk/ledger.html", context, government=plan.government)


def _group(group: Group, year: Running | None) -> dict[str, Any]:
    return {"name": group.name, "rows": [_shown(row, year) for row in group.rows], "sums": _sums(group.rows)}


def _shown(row: Row, year: Running | None) -> dict[str, Any]:
    """A row's cells; partners of a unit are shown with it."""
    return {
        "year": year.cells(row.task) if year else None,
        "row": row,
        "task": row.task,
        "key": row.key.split("-", 2)[-1],
        "targets": [target_row(target) for target in row.targets],
        "supports": [*row.supports],
    }


def _sums(table_rows: Any) -> dict[str, int]:
    return {
        "tasks": len(table_rows),
        "targets": sum(len(row.targets) for row in table_rows),
        "deliverables": sum(len(row.deliverables) for row in table_rows),
    }


def _offered(plan: Plan) -> dict[str, Any]:
    """What the filters offer: only what occurs in the plan."""
    leaders = [
        *SectionLeader.objects.filter(section__plan=plan).values_list("name", flat=True),
        *TaskLeader.objects.filter(task__plan=plan).values_list("name", flat=True),
    ]
    return {
        "units": list(Unit.objects.filter(responsibilities__task__plan=plan).distinct()),
        "leaders": list(dict.fromkeys(filter(None, leaders))),
        "sections": list(plan.sections.all()),
        "roles": [*Responsibility.Role.choices, (ANSWERS, _("负责"))],
    }


@login_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a draft (印发)."""
    plan = plan_for(request, pk)
    try:
        actions.issue(plan, user_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已印发，本级各单位现在都能看到。"))
    return redirect("ledger", pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the adoption back: the drafts go, the document may be corrected again."""
    plan = plan_for(request, pk)
    try:
        document = actions.withdraw(plan.document, user_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("ledger", pk)
    messages.success(request, _("已撤回，可以接着改，改好再立账。"))
    return redirect("reading", document.pk)


@login_required
@require_safe
def export(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The rows that the page shows as xlsx or csv; json is the whole confirmed ledger of the document."""
    plan = plan_for(request, pk)
    if name not in EXPORTS:
        raise Http404
    kind, query, user = LEDGER_EXPORTS[name], Query.of(request), user_of(request)
    if name == "json":
        if not may_see_every_task(user, plan):
            raise PermissionDenied(_("JSON 是整份台账，只给能看全部任务的人；请改导 Excel 或 CSV。"))
        body = ledger_json.write(msgspec.convert(plan.reading.confirmed(), Ledger))
    else:
        narrowed = (query.light or query.state) and plan.state != Plan.State.DRAFT
        year = running(plan, query.period) if narrowed else None
        body = kind.write(table(plan, query.rows(plan, year, user)))
    return choices.attach(HttpResponse(body, content_type=kind.media_type), f"{plan}.{name}")
