"""Questions over many tasks at once: whose light turned, who owes a report, how units stood period by period.

Each question takes the same number of queries however many tasks there are; what follows from the rows is plain Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery

from luoshi.people.models import Government, Unit
from luoshi.plans.models import Plan, Responsibility, Task
from luoshi.progress import lights
from luoshi.progress.models import Light, LightOverride, Period, Report, RuleSet
from luoshi.progress.period_actions import OPEN_STATES

MISSING = tuple(str(state.value) for state in OPEN_STATES)


@dataclass(frozen=True)
class Held:
    """The light that holds for a task in a period: as set by hand last, else as computed last."""

    pk: int
    colour: str
    sentence: str
    by_hand: bool = False


@dataclass(frozen=True)
class Asked:
    """A report as the overviews need it."""

    pk: int
    task: int
    period: int
    unit: int
    state: str
    submitted_at: datetime | None

    @property
    def missing(self) -> bool:
        """Whether the unit still owes it."""
        return self.state in MISSING


@dataclass(frozen=True)
class Turn:
    """A task whose light is another one than last period's; ``before`` is "" where it had none."""

    task: Task
    before: str
    now: Held


@dataclass(frozen=True)
class Cell:
    """A unit in a period: its worst light, tasks behind, reports it owes, tasks with a light at all."""

    unit: Unit
    period: Period
    worst: str = ""
    behind: int = 0
    missing: int = 0
    judged: int = 0


def palette(government: Government) -> lights.Rules:
    """The rules whose colours and names pages show: the newest adopted; where there is none, those most in use. One query."""
    newest = RuleSet.objects.filter(government=government).order_by("-version").first()
    return lights.parse(newest.content if newest else lights.FAMILIES["points"])


def behind(rules: lights.Rules) -> frozenset[str]:
    """The colours that say something is wrong."""
    return frozenset(colour.code for colour in rules.colours[1:])


def current(periods: Sequence[Period]) -> Period | None:
    """The newest period that was opened; before the first one the first, None without any."""
    opened = [period for period in periods if period.state != Period.State.PLANNED]
    if opened:
        return opened[-1]
    return periods[0] if periods else None


def before(periods: Sequence[Period], period: Period) -> Period | None:
    """The period before this one."""
    return next((p for p in reversed(periods) if p.cutoff < period.cutoff), None)


def held(periods: Collection[Period], tasks: Collection[int] | None = None) -> dict[int, dict[int, Held]]:
    """By period, then task: the light that holds. One query; whole reasons are not fetched."""
    # Asked light by light, by index: joined, the few lights of a plan would be sought among the overrides of all counties.
    by_hand = LightOverride.objects.filter(light=OuterRef("pk")).order_by("-pk").values("colour")[:1]
    rows = Light.objects.filter(period__in=periods).annotate(by_hand=Subquery(by_hand)).order_by("pk")
    if tasks is not None:
        rows = rows.filter(task__in=tasks)
    found: dict[int, dict[int, Held]] = {period.pk: {} for period in periods}
    wanted = ("pk", "task", "period", "colour", "sentence", "by_hand")
    for pk, task, period, colour, said, set_by_hand in rows.values_list(*wanted):
        found[period][task] = Held(pk, set_by_hand or colour, said, set_by_hand is not None)
    return found


def asked(periods: Collection[Period], tasks: Collection[int] | None = None) -> list[Asked]:
    """The lead units' reports of these periods, in document order. One query."""
    rows = Report.objects.filter(period__in=periods, part=Report.Part.LEAD)
    if tasks is not None:
        rows = rows.filter(task__in=tasks)
    fields = ("pk", "task", "period", "unit", "state", "submitted_at")
    return [Asked(*row) for row in rows.order_by("task__order", "task", "unit").values_list(*fields)]


def owed(reports: Iterable[Asked]) -> dict[int, list[Asked]]:
    """The reports still owed, by unit."""
    found: dict[int, list[Asked]] = {}
    for report in reports:
        if report.missing:
            found.setdefault(report.unit, []).append(report)
    return found


def counted(tasks: Iterable[Task], shown: Mapping[int, Held]) -> dict[str, int]:
    """Tasks by colour; "" counts those without a light. The counts add up to the tasks."""
    counts: dict[str, int] = {}
    for task in tasks:
        colour = shown[task.pk].colour if task.pk in shown else ""
        counts[colour] = counts.get(colour, 0) + 1
    return counts


def turned(
    tasks: Iterable[Task], now: Mapping[int, Held], last: Mapping[int, Held], rules: lights.Rules, *, worse: bool
) -> list[Turn]:
    """The tasks whose light got worse (or, with ``worse`` false, better), the worst first, then in document order."""
    found = []
    for task in tasks:
        if task.pk in now:
            was = last[task.pk].colour if task.pk in last else ""
            step = rules.rank(now[task.pk].colour) - rules.rank(was)
            if step > 0 if worse else step < 0:
                found.append(Turn(task, was, now[task.pk]))
    return sorted(found, key=lambda turn: -rules.rank(turn.now.colour))


def answering(plan: Plan) -> list[Task]:
    """The plan's tasks in document order with units and leaders, for counting by unit or leader. Five queries."""
    found = Task.objects.filter(plan=plan).select_related("section", "plan").order_by("order", "pk")
    return list(found.prefetch_related("responsibilities__unit", "leaders", "section__leaders"))


def lead_units(tasks: Iterable[Task]) -> list[Unit]:
    """The units that answer for these tasks, in the order in which the document first names them."""
    found: dict[int, Unit] = {}
    for task in tasks:
        leads = task.lead_units
        for part in task.responsibilities.all():
            if part.unit_id in leads:
                found.setdefault(part.unit_id, part.unit)
    return list(found.values())


def portfolio(post: int, plans: Collection[Plan]) -> list[Task]:
    """The tasks of a leader's post in these plans, in document order, with units, targets and leaders. Six queries."""
    mine = Q(leaders__held_post=post) | Q(section__leaders__held_post=post)
    rows = Task.objects.filter(mine, plan__in=plans).distinct().select_related("section", "plan")
    rows = rows.prefetch_related("responsibilities__unit", "leaders", "section__leaders").order_by(
        "plan", "order", "pk"
    )
    return [task for task in rows if post in task.leader_posts]


def heatmap(
    tasks: Sequence[Task],
    periods: Sequence[Period],
    shown: Mapping[int, Mapping[int, Held]],
    reports: Iterable[Asked],
    rules: lights.Rules,
) -> list[tuple[Unit, list[Cell]]]:
    """Lead units in document order, each with one cell a period; a task of two leads counts with both."""
    wrong = behind(rules)
    owing: dict[tuple[int, int], int] = {}
    for report in reports:
        if report.missing:
            owing[report.unit, report.period] = owing.get((report.unit, report.period), 0) + 1
    by_unit: dict[int, list[int]] = {}
    for task in tasks:
        for lead in task.lead_units:
            by_unit.setdefault(lead, []).append(task.pk)
    table = []
    for unit in lead_units(tasks):
        cells = []
        for period in periods:
            have = [light.colour for pk in by_unit[unit.pk] if (light := shown.get(period.pk, {}).get(pk))]
            late = sum(colour in wrong for colour in have)
            worst = max(have, key=rules.rank, default="")
            cells.append(Cell(unit, period, worst, late, owing.get((unit.pk, period.pk), 0), len(have)))
        table.append((unit, cells))
    return table


def overdue(task: Task, shown: Held | None, day: date) -> bool:
    """Whether the task's own deadline has passed without its being done."""
    return task.due_on is not None and task.due_on < day and (shown is None or shown.colour != "done")


def said_last(tasks: Collection[int], until: Period) -> dict[int, Report]:
    """By task, the last report handed in up to a period. One query."""
    rows = Report.objects.filter(
        task__in=tasks,
        part=Report.Part.LEAD,
        state__in=(Report.State.SUBMITTED, Report.State.ACCEPTED),
        period__cutoff__lte=until.cutoff,
    )
    return {row.task_id: row for row in rows.select_related("period", "unit").order_by("period__cutoff", "pk")}


def answers_for(task: Task, unit: int) -> bool:
    """Whether the unit answers for the task. ``responsibilities`` should be prefetched."""
    return unit in task.lead_units


def parts(task: Task) -> list[Responsibility]:
    """The parts of those that answer for the task, as the document names them."""
    leads = task.lead_units
    return [part for part in task.responsibilities.all() if part.unit_id in leads]
