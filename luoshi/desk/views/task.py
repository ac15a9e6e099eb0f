"""The task page: the promise in its own words, and everything of its year; evidence is downloaded from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from luoshi.desk import choices, task_year
from luoshi.desk.doing import sent_table
from luoshi.desk.page import sentence, show, user_of
from luoshi.desk.promise import promise
from luoshi.desk.table import target_row
from luoshi.desk.task_year import TargetYear, TaskYear
from luoshi.desk.timeline import SORTS, events, value_of
from luoshi.desk.verbs import verb_words
from luoshi.desk.views.plans import plan_for
from luoshi.documents import files
from luoshi.documents.corrections import in_force
from luoshi.people import history
from luoshi.people.models import User
from luoshi.people.permissions import (
    may_adjust_ask,
    may_close,
    may_see_history,
    may_see_report,
    may_see_task,
    own_units,
    require,
)
from luoshi.plans.ledger_table import rows
from luoshi.plans.models import Plan, Schedule, Task
from luoshi.progress import lights
from luoshi.progress.evidence_actions import INLINE
from luoshi.progress.light_actions import shown_colour
from luoshi.progress.models import Evidence, Light, LightNote
from luoshi.reading.errors import CannotOpen
from luoshi.supervision.models import Closing, Objection
from luoshi.ui.charts import plain
from luoshi.ui.today import today


@login_required
@require_safe
def task(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One task: the promise in its context, who answers for it, and its year; as many queries for any number of periods.
    ``?export=`` what happened as a file, narrowed as the page by ``?show=``.
    """
    plan, user = plan_for(request, pk), user_of(request)
    found = plan.tasks.whole().filter(key=key.replace("\x00", "")).first()
    if found is None:
        raise Http404(_("没有这条任务。"))
    found.plan = plan
    found.government = plan.government
    require(may_see_task, user, found)
    others = plan.tasks.select_related("section")
    row, year = rows([found])[0], task_year.of(plan, found.pk, user, today())
    if request.GET.get("export"):
        return _timeline_file(request, year)
    task_year.name_successors(found)
    context = {
        "nav": "ledger",
        "plan": plan,
        "task": found,
        "row": row,
        "title": (found.title or found.text).rstrip("。；;"),
        "lines": promise(plan.reading.ledger.get("blocks") or [], found.at, _places(found)),
        "before": others.filter(order__lt=found.order).order_by("-order").first(),
        "after": others.filter(order__gt=found.order).order_by("order").first(),
        "targets": [(target, target_row(target)) for target in row.targets],
        "may_ask": plan.state == Plan.State.ISSUED and may_adjust_ask(user, found),
        "may_end": plan.state == Plan.State.ISSUED and may_close(user, found),
        **_origin(plan, found),
        **_year(request, year, user),
    }
    return show(request, "desk/task.html", context, government=plan.government)


def _origin(plan: Plan, found: Task) -> dict[str, Any]:
    """How the task came out of the document: when it was read, what was corrected."""
    made = plan.reading.made()
    standing = {c.sequence for c in in_force([c.as_change() for c in made])}
    own = [c for c in made if c.path.split("/")[0].split(".")[0] == found.reading_key]
    return {
        "told": [choices.tell(c, {}, c.sequence in standing) for c in reversed(own)],
        "received": history.about(plan.document).select_related("who").filter(verb="document.read").first(),
    }


def _timeline_file(request: HttpRequest, year: TaskYear) -> HttpResponse:
    """What happened, a row an event, oldest first."""
    only = request.GET.get("show", "")
    heads = (_("时间"), _("做了什么"), _("谁"), _("说明"), _("佐证材料"))
    lines = [
        [
            timezone.localtime(e.at).strftime("%Y-%m-%d %H:%M"),
            e.what,
            e.who,
            "；".join(f"{label} {words}".strip() for label, words in e.said),
            "、".join(f"{file.name}（SHA-256 {file.digest}）" for file in e.files),
        ]
        for e in sorted(events(year, _colour_names(year.all_lights)), key=lambda e: e.at)
        if only in ("", e.sort)
    ]
    return sent_table(f"{year.task.key} {_('经过')}", heads, lines, request.GET["export"])


def _year(request: HttpRequest, year: TaskYear, user: User) -> dict[str, Any]:
    """The second half of the page."""
    held = year.lights
    names = _colour_names(year.all_lights)
    only = request.GET.get("show", "")
    happened = events(year, names)
    targets = task_year.targets(year)
    return {
        "light": _lamp(held[-1], names) if held else None,
        "periods": [_lamp(light, names) for light in reversed(held)],
        "curves": [(each, _measured(each)) for each in targets],
        "things": [(thing, task_year.nodes(year, thing)) for thing in year.task.deliverables.all()],
        "tests": [test for test in year.tests if not test.target_id],
        "adjusted": [(row, value_of(row.original), value_of(row.changed)) for row in year.adjustments],
        "shares": year.shares,
        "share_sums": [each for each in targets if each.left is not None],
        "closed": year.closed,
        "events": [event for event in happened if only in ("", event.sort)],
        "sorts": SORTS.items(),
        "only": only if only in SORTS else "",
        "entries": [(entry, verb_words(entry.verb)) for entry in year.entries],
        "entry_count": year.entry_count,
        "history_door": may_see_history(user, year.task),
    }


def _colour_names(found: list[Light]) -> dict[str, str]:
    """The words for the colours, of every rule set that lit a light here."""
    names = {lights.DONE: _("已完成"), lights.GREY: _("本期不判")}
    for rule_set in {light.rule_set_id: light.rule_set for light in found}.values():
        names |= {colour.code: colour.name for colour in lights.parse(rule_set.content).colours}
    return names


@dataclass(frozen=True)
class Lamp:
    """A period's light as shown: the colour that holds, the computed one beside it, and its reasons."""

    light: Light
    colour: str
    name: str
    computed: str
    computed_name: str
    by_hand: Any
    notes: list[tuple[LightNote, str]]  # each with the name of the colour it speaks of
    sums: list[tuple[str, str, str]]
    rules: tuple[str, ...]


def _lamp(light: Light, names: dict[str, str]) -> Lamp:
    colour = shown_colour(light)
    overrides = list(light.overrides.all())
    return Lamp(
        light=light,
        colour=colour,
        name=names.get(colour, colour),
        computed=light.colour,
        computed_name=names.get(light.colour, light.colour),
        by_hand=overrides[-1] if overrides else None,
        notes=[(note, names.get(note.shown_as, note.shown_as)) for note in light.notes.all()],
        sums=[_sum(standing) for standing in light.standings],
        rules=lights.in_words(lights.parse(light.rule_set.content)),
    )


WORDS: dict[str, Any] = {
    "done": gettext_lazy("已完成"),
    "ahead": gettext_lazy("超前"),
    "on_schedule": gettext_lazy("按进度"),
    "behind": gettext_lazy("落后"),
    "overdue": gettext_lazy("到期未完成"),
    "not_judged": gettext_lazy("本期不判"),
    "no_figure": gettext_lazy("没有数据"),
}


def _sum(data: dict[str, Any]) -> tuple[str, str, str]:
    """A standing as it was frozen: what it is about, its figures, its word."""
    said = ""
    if data["stage"]:
        said = f"{data['node']}（{data['due']}）"
    elif data["actual"] is not None:
        unit = data["unit"]
        basis = _("（预计数）") if data["estimated"] else ""
        said = _("截至 %(day)s %(value)s") % {"day": data["cutoff"], "value": _figure(data["actual"], unit) + basis}
        if data["expected"] is not None:
            said += "，" + _("应到 %(value)s") % {"value": _figure(data["expected"], unit)}
    return data["label"], said, str(WORDS.get(data["word"], data["word"]))


def _figure(value: Any, unit: str) -> str:
    return f"{plain(Decimal(str(value)))} {unit}".strip()


def _measured(each: TargetYear) -> list[tuple[str, str]]:
    """How a target is measured: its schedule, its figure's source and how late it comes, its done-tests."""
    schedule: Schedule | None = getattr(each.target, "schedule", None)
    said = [(_("序时进度"), schedule_words(schedule) if schedule else _("按月均分（未另定）"))]
    if schedule:
        lag = _("，约晚 %(n)d 天") % {"n": schedule.lag_days} if schedule.lag_days else ""
        said.append((_("发布"), f"{schedule.get_grain_display()}{lag}"))
        said.append((_("数据来源"), schedule.data_source or "—"))
    if each.outlook:
        how = {"pace": _("按今年以来的进度"), "earlier_years": _("按往年进度"), "last_value": _("按现有水平")}
        band = {"p": plain(each.outlook.confidence * 100), "how": how.get(each.outlook.method, each.outlook.method)}
        said.append((_("预测"), _("%(how)s，区间把握 %(p)s%%") % band))
    return said


def schedule_words(schedule: Schedule) -> str:
    """A schedule in one line."""
    if schedule.annual_only:
        return _("仅年度考核，%(day)s 评一次") % {"day": schedule.ends_on}
    said = str(schedule.get_curve_display())
    if schedule.curve == Schedule.Curve.QUARTERS:
        said += "：" + "、".join(f"{share}%" for share in schedule.points)
    elif schedule.curve == Schedule.Curve.POINTS:
        said += "：" + "、".join(f"{point['on']} {point['value']}" for point in schedule.points)
    return f"{said}，{_('%(first)s 至 %(last)s') % {'first': schedule.starts_on, 'last': schedule.ends_on}}"


@login_required
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of evidence. PDF and pictures may be looked at, the rest is downloaded; nothing of it runs in our name."""
    row = get_object_or_404(Evidence.objects.select_related("government", "unit"), pk=pk)
    if not _may_open(user_of(request), row):
        raise PermissionDenied(_("您看不到使用这份材料的任务。"))
    try:
        body = files.content(str(row.file), row.digest)
    except CannotOpen as error:
        return sentence(str(error), 410)
    inline = row.media_type in INLINE
    response = HttpResponse(body, content_type=row.media_type if inline else "application/octet-stream")
    choices.attach(response, row.name)
    if inline and "download" not in request.GET:
        response.headers["Content-Disposition"] = response.headers["Content-Disposition"].replace(
            "attachment", "inline"
        )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A browser's own PDF viewer does not start in a sandbox; everything else is shut in.
    shut = "object-src 'self'" if row.media_type == "application/pdf" else "sandbox"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; {shut}"
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _may_open(user: User, row: Evidence) -> bool:
    """Whoever gave it, and whoever may see a report, an objection or a closing that it stands beside."""
    if row.unit_id in own_units(user):
        return True
    uses = row.uses.select_related("report__task__plan", "report__task__government", "report__unit__government")
    if any(may_see_report(user, use.report) for use in uses):
        return True
    about = [o.light.task for o in Objection.objects.filter(evidence=row).select_related("light__task__plan")]
    about += [c.task for c in Closing.objects.filter(evidence=row).select_related("task__plan")]
    return any(may_see_task(user, each) for each in about)


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
