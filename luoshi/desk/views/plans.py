"""The ledger page and the task page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk import choices
from luoshi.desk.page import show, user_of
from luoshi.desk.promise import promise
from luoshi.desk.table import table, target_row
from luoshi.documents.corrections import in_force
from luoshi.exports import LEDGER_EXPORTS, ledger_json
from luoshi.people import history
from luoshi.people.models import Unit
from luoshi.people.permissions import may_issue, may_see_plan, require
from luoshi.plans import actions
from luoshi.plans.ledger_table import Group, Grouping, Row, Sorting, grouped, ordered, rows
from luoshi.plans.models import Plan, Responsibility, SectionLeader, Task, TaskLeader, TaskQuerySet
from luoshi.reading.ledger import Ledger

GROUPINGS: dict[str, Any] = {
    "leader": gettext_lazy("按领导"),
    "unit": gettext_lazy("按单位"),
    "section": gettext_lazy("按章节"),
}
EXPORTS = ("xlsx", "csv", "json")


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
            role=get("role", "") if get("role", "") in Responsibility.Role.values else "",
            leader=get("leader", ""),
            section=_number(get("section", "")),
            kind=get("kind", "") if get("kind", "") in ("target", "plain") else "",
            text=get("q", "").strip()[:100],
        )

    @property
    def narrowed(self) -> bool:
        """Whether some tasks may be left out."""
        return any((self.unit, self.role, self.leader, self.section, self.kind, self.text))

    def tasks(self, plan: Plan) -> TaskQuerySet:
        """The plan's tasks that fit, whole."""
        found: TaskQuerySet = plan.tasks.whole()
        if self.unit:
            found = found.with_unit([self.unit], self.role)
        elif self.role:
            found = found.with_role(self.role)
        if self.leader:
            found = found.led_by(self.leader)
        if self.section:
            found = found.filter(section=self.section)
        if self.kind:
            found = found.with_target(self.kind == "target")
        return found.saying(self.text) if self.text else found


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
    shown = ordered(rows(query.tasks(plan)), query.sort, query.descending)
    groups = grouped(shown, query.by)
    placed = sum(len(group.rows) for group in groups)
    context = {
        "nav": "ledger",
        "plan": plan,
        "query": query,
        "groupings": GROUPINGS.items(),
        "groups": [_group(group) for group in groups],
        "total": plan.tasks.count(),
        "shown": len(shown),
        "twice": placed - len(shown),
        "sums": _sums(shown),
        "may_issue": plan.state == Plan.State.DRAFT and may_issue(user_of(request), plan),
        "siblings": list(Plan.objects.filter(document=plan.document)),
        **_offered(plan),
    }
    return show(request, "desk/ledger.html", context, government=plan.government)


def _group(group: Group) -> dict[str, Any]:
    return {"name": group.name, "rows": [_shown(row) for row in group.rows], "sums": _sums(group.rows)}


def _shown(row: Row) -> dict[str, Any]:
    """A row's cells; partners of a unit are shown with it."""
    return {
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
        "roles": Responsibility.Role.choices,
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
    kind = LEDGER_EXPORTS[name]
    if name == "json":
        body = ledger_json.write(msgspec.convert(plan.reading.confirmed(), Ledger))
    else:
        query = Query.of(request)
        body = kind.write(table(plan, ordered(rows(query.tasks(plan)), query.sort, query.descending)))
    return choices.attach(HttpResponse(body, content_type=kind.media_type), f"{plan}.{name}")


@login_required
@require_safe
def task(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One task: the promise in its context, who answers for it, targets and deliverables, what was corrected."""
    plan = plan_for(request, pk)
    found = plan.tasks.whole().filter(key=key.replace("\x00", "")).first()
    if found is None:
        raise Http404(_("没有这条任务。"))
    others = plan.tasks.select_related("section")
    reading = plan.reading
    blocks = reading.ledger.get("blocks") or []
    made = reading.made()
    standing = {c.sequence for c in in_force([c.as_change() for c in made])}
    own = [c for c in made if c.path.split("/")[0].split(".")[0] == found.reading_key]
    row = rows([found])[0]
    context = {
        "nav": "ledger",
        "plan": plan,
        "task": found,
        "row": row,
        "title": (found.title or found.text).rstrip("。；;"),
        "lines": promise(blocks, found.at, _places(found)),
        "before": others.filter(order__lt=found.order).order_by("-order").first(),
        "after": others.filter(order__gt=found.order).order_by("order").first(),
        "targets": [(target, target_row(target)) for target in row.targets],
        "told": [choices.tell(c, {}, c.sequence in standing) for c in reversed(own)],
        "received": history.about(plan.document).select_related("who").filter(verb="document.read").first(),
    }
    return show(request, "desk/task.html", context, government=plan.government)


def _places(found: Task) -> Iterator[tuple[str, str, Any]]:
    """Where each field of the task stands in the document."""
    for part in found.responsibilities.all():
        yield "unit", f"u{part.pk}", part.at
    for target in found.targets.all():
        yield "target", f"g{target.pk}", target.at
    for aim in found.aims.all():
        yield "target", f"a{aim.pk}", aim.at
    for thing in found.deliverables.all():
        yield "deliverable", f"d{thing.pk}", thing.at
    for node in found.milestones.all():
        yield "time", f"m{node.pk}", node.at
    for leader in found.leaders.all():
        yield "leader", f"l{leader.pk}", leader.at
    yield "time", "deadline", found.deadline_at
