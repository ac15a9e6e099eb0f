"""Everything that is known of one task's year, fetched once: the queries do not grow with its periods or its papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q

from luoshi.people.models import Entry, Unit, User
from luoshi.people.permissions import may_see_report
from luoshi.plans.curve import ZERO
from luoshi.plans.models import Adjustment, DoneTest, Node, Plan, RosterPlace, SignOff, SubTask, Target, Task
from luoshi.progress.goals import Facts, facts_of, goal_of, judged_tasks
from luoshi.progress.models import EvidenceUse, Forecast, Light, Report, RosterTick
from luoshi.progress.standing import Goal, due_by
from luoshi.supervision.models import Closing, Objection
from luoshi.ui.charts import Chart, Year, year_chart

ENTRIES = 30  # the newest lines of the history beside the task; the history page has all


@dataclass
class TaskYear:
    """One task with its rows. ``lights``: the one that holds for each period, oldest first; ``all_lights``: every row."""

    task: Task
    facts: Facts
    today: date
    reports: list[Report]
    all_lights: list[Light]
    forecasts: dict[int, Forecast]
    objections: list[Objection]
    closings: list[Closing]
    adjustments: list[Adjustment]
    signed: list[SignOff]
    tests: list[DoneTest]
    shares: list[SubTask]
    entries: list[Entry] = field(default_factory=list)
    entry_count: int = 0
    places: dict[int, list[RosterPlace]] = field(default_factory=dict)

    @property
    def lights(self) -> list[Light]:
        """The light that holds for each period, oldest first."""
        return list({light.period_id: light for light in self.all_lights}.values())

    @property
    def closed(self) -> Closing | None:
        """How the task was closed, where it is."""
        last = self.closings[-1] if self.closings else None
        return last if last and last.kind != Closing.Kind.REOPENED else None


def of(plan: Plan, pk: int, user: User, today: date) -> TaskYear:
    """The year of the task ``pk`` as this account may see it: reports that it may not see are left out."""
    (task,) = judged_tasks(plan, [pk])
    task.plan = plan
    reports = [report for report in _reports(task, plan) if may_see_report(user, report)]
    lights = Light.objects.filter(task=task).select_related("period", "rule_set", "in_post__post")
    lights = lights.prefetch_related("overrides__asked_by", "overrides__approved_by", "notes")
    objections = Objection.objects.filter(light__task=task)
    objections = objections.select_related("unit", "raised_by", "decided_by", "light__period")
    closings = Closing.objects.filter(task=task).select_related("by", "verified_by").prefetch_related("evidence")
    forecasts = Forecast.objects.filter(target__task=task, period__cutoff__lte=today).select_related("period")
    year = TaskYear(
        task=task,
        facts=facts_of(plan, [task], today),
        today=today,
        reports=reports,
        all_lights=list(lights.order_by("period__cutoff", "pk")),
        forecasts={row.target_id: row for row in forecasts.order_by("period__cutoff", "pk")},
        objections=list(objections.prefetch_related("evidence").order_by("raised_at", "pk")),
        closings=list(closings.order_by("pk")),
        adjustments=list(_adjustments(task)),
        signed=list(SignOff.objects.filter(task=task).select_related("by").order_by("pk")),
        tests=list(DoneTest.objects.filter(task=task).select_related("proposed_by", "confirmed_by").order_by("pk")),
        shares=list(SubTask.objects.filter(task=task).select_related("unit", "target").order_by("order", "pk")),
    )
    places = RosterPlace.objects.filter(target__task=task).select_related("unit", "same_as__target__task")
    for place in places.order_by("target", "order", "pk"):
        year.places.setdefault(place.target_id, []).append(place)
    _history(year)
    return year


def _adjustments(task: Task) -> models.QuerySet[Adjustment]:
    people = ("unit", "target", "deliverable", "asked_by", "reviewed_by", "decided_by")
    return Adjustment.objects.filter(task=task).select_related(*people).order_by("asked_at", "pk")


def _reports(task: Task, plan: Plan) -> list[Report]:
    uses = EvidenceUse.objects.select_related("evidence__unit", "target", "deliverable")
    uses = uses.prefetch_related("evidence__uses__report__task", "evidence__uses__report__period")
    found = Report.objects.filter(task=task).select_related(
        "period", "unit__government", "drafted_by", "signed_by", "in_post__post"
    )
    found = found.prefetch_related(
        "measurements__target", "measurements__by", "claims__deliverable", "claims__node", "ticks__place", "reviews__by", "verifications__by",
        Prefetch("evidence_uses", uses),
    )  # fmt: skip
    rows = list(found.order_by("period__cutoff", "part", "pk"))
    for row in rows:
        row.task = task
        row.unit.government = plan.government
    return rows


def _history(year: TaskYear) -> None:
    """The newest entries about the task and what hangs on it. Two queries."""
    task = year.task
    about: dict[str, list[Any]] = {
        "plans.Task": [task.pk],
        "plans.DoneTest": [test.pk for test in year.tests],
        "plans.Target": [target.pk for target in task.targets.all()],
        "plans.Adjustment": [row.pk for row in year.adjustments],
        "progress.Report": [report.pk for report in year.reports],
        "progress.Light": [light.pk for light in year.all_lights],
        "progress.Evidence": [use.evidence_id for report in year.reports for use in report.evidence_uses.all()],
        "supervision.Objection": [row.pk for row in year.objections],
        "supervision.Closing": [row.pk for row in year.closings],
    }
    wanted = Q()
    for kind, ids in about.items():
        wanted |= Q(object_kind=kind, object_id__in=[str(each) for each in ids])
    found = Entry.objects.filter(wanted, government=task.government_id)
    year.entry_count = found.count()
    year.entries = list(found.order_by("-sequence")[:ENTRIES])


# ---- figures ----


@dataclass(frozen=True)
class TargetYear:
    """One target through the year: its chart, its goal as it holds, what was promised first, how it is measured."""

    target: Target
    goal: Goal
    original: Decimal | None
    chart: Chart | None
    places: list[PlaceDone]
    shares: list[SubTask]
    tests: list[DoneTest]
    left: Decimal | None
    outlook: Forecast | None

    @property
    def over(self) -> Decimal:
        """By how much the shares handed down exceed the whole."""
        return -self.left if self.left is not None and self.left < 0 else ZERO


@dataclass(frozen=True)
class PlaceDone:
    """A place of a roster, and the tick that holds (None: none yet)."""

    place: RosterPlace
    tick: RosterTick | None


def targets(year: TaskYear) -> list[TargetYear]:
    """Each target with its chart, its roster and the shares handed down."""
    out = []
    for target in year.task.targets.all():
        goal = goal_of(year.task, target, year.facts)
        changed = (Adjustment.Field.VALUE, target.pk) in year.facts.changes
        own = [share for share in year.shares if share.target_id == target.pk]
        given = [share.value for share in own if share.value is not None]
        whole = target.value if not changed else goal.value
        out.append(
            TargetYear(
                target=target,
                goal=goal,
                original=target.value if changed else None,
                chart=_chart(year, target, goal, target.value if changed else None),
                places=_places(year, target),
                shares=own,
                tests=[test for test in year.tests if test.target_id == target.pk],
                left=whole - sum(given, ZERO) if given and whole is not None else None,
                outlook=year.forecasts.get(target.pk),
            )
        )
    return out


def _places(year: TaskYear, target: Target) -> list[PlaceDone]:
    held = {tick.place_id: tick for tick in year.facts.ticks.get(target.pk, ())}
    found = [PlaceDone(place, held.get(place.pk)) for place in year.places.get(target.pk, ())]
    return [PlaceDone(p.place, p.tick if p.tick and p.tick.done else None) for p in found]


def _chart(year: TaskYear, target: Target, goal: Goal, original: Decimal | None) -> Chart | None:
    """The curve of a target; None for a class without a number, which has no curve."""
    if target.value is None:
        return None
    plan = list(_plan(goal))
    official, estimated = _actual(year, target)
    outlook = None
    call = year.forecasts.get(target.pk)
    if call and official and official[-1][0] <= goal.curve.ends and official[-1][0] < goal.curve.ends:
        outlook = (official[-1], (goal.curve.ends, call.value), call.low, call.high)
    shown = Year(
        name=target.subject, unit=target.unit, plan=plan, official=official, estimated=estimated, outlook=outlook,
        goal=goal.value, original=original,
    )  # fmt: skip
    return year_chart(f"chart-{target.pk}", shown)


def _plan(goal: Goal) -> Iterator[tuple[date, Decimal]]:
    """What is due at the end of each month of the curve, beginning with the day before it starts."""
    if goal.curve.kind in ("none", "nodes") or goal.annual_only:
        if goal.value is not None:
            yield goal.curve.ends, goal.limit
        return
    for day in _month_ends(goal.curve.starts - timedelta(days=1), goal.curve.ends):
        due = due_by(goal, day)
        if due is not None:
            yield day, due


def _month_ends(first: date, last: date) -> Iterator[date]:
    yield first
    day = first + timedelta(days=1)
    while True:
        end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        if end >= last:
            break
        yield end
        day = end + timedelta(days=1)
    yield last


def _actual(year: TaskYear, target: Target) -> tuple[list[tuple[date, Decimal]], list[tuple[date, Decimal]]]:
    """Official and estimated figures, one a cut-off, the last entered; of a roster the places done by each day of a tick."""
    ticks = sorted(year.facts.ticks.get(target.pk, ()), key=lambda tick: (tick.on, tick.pk))
    if ticks:
        done: dict[int, bool] = {}
        counted: dict[date, Decimal] = {}
        for tick in ticks:
            done[tick.place_id] = tick.done
            counted[tick.on] = Decimal(sum(done.values()))
        return sorted(counted.items()), []
    held: dict[bool, dict[date, Decimal]] = {True: {}, False: {}}
    for row in year.facts.figures.get(target.pk, ()):
        held[row.basis == "official"][row.cutoff] = row.value
    return sorted(held[True].items()), sorted(held[False].items())


# ---- deliverables ----


@dataclass(frozen=True)
class NodeDone:
    """A node of a deliverable and the claim that holds (None: not reached)."""

    node: Node
    claim: Any


def nodes(year: TaskYear, deliverable: Any) -> list[NodeDone]:
    """The nodes of a deliverable in their order, each with the claim in force."""
    held = {claim.node_id: claim for claim in year.facts.claims.get(deliverable.pk, ()) if claim.node_id}
    rows = sorted(deliverable.nodes.all(), key=lambda node: (node.due_on, node.order, node.pk))
    return [NodeDone(node, claim if (claim := held.get(node.pk)) and claim.reached else None) for node in rows]


def name_successors(task: Task) -> None:
    """Put the unit that took over beside each unit that is no more, as ``now`` on the responsibility. One query."""
    parts = list(task.responsibilities.all())
    gone = {part.unit.successor_id for part in parts if part.unit.successor_id}
    names = dict(Unit.objects.filter(pk__in=gone).values_list("pk", "short_name"))
    for part in parts:
        part.now = names.get(part.unit.successor_id or 0, "")  # type: ignore[attr-defined]
