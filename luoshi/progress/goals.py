"""From rows to values: what ``standing`` takes, for all tasks of a plan at once; a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from luoshi.plans.curve import Curve
from luoshi.plans.models import Adjustment, Deliverable, DoneTest, Node, Plan, Schedule, Target, Task
from luoshi.progress.models import Measurement, Report, RosterTick, StageClaim
from luoshi.progress.reopened import reopened
from luoshi.progress.standing import Claim, Figure, Goal, NodeGoal, StageGoal, Standing, Word, of_stage, of_target

# What was sent back does not count; nor does what an earlier round of the same report said.
COUNTS = Q(report__isnull=True) | Q(
    report__state__in=[Report.State.SUBMITTED, Report.State.ACCEPTED], round=F("report__round")
)
STAGES = [stage for stage, _label in Deliverable.Stage.choices]


@dataclass
class Facts:
    """What is known of a plan: figures by target, claims by deliverable, ticks by target, approved changes by target, and
    since when a task is open again."""

    figures: dict[int, list[Measurement]] = field(default_factory=dict)
    claims: dict[int, list[StageClaim]] = field(default_factory=dict)
    ticks: dict[int, list[RosterTick]] = field(default_factory=dict)
    changes: dict[tuple[str, int], Adjustment] = field(default_factory=dict)
    reopened: dict[int, datetime] = field(default_factory=dict)


def judged_tasks(plan: Plan, tasks: Iterable[int] | None = None) -> list[Task]:
    """The plan's tasks (or these of them) with what standings need."""
    found = Task.objects.filter(plan=plan)
    return _with_goals(found if tasks is None else found.filter(pk__in=list(tasks)))


def judged_tasks_of(plans: Sequence[Plan]) -> dict[int, list[Task]]:
    """The same of several plans at once, by plan (primary key)."""
    found: dict[int, list[Task]] = {plan.pk: [] for plan in plans}
    for task in _with_goals(Task.objects.filter(plan__in=plans)):
        found[task.plan_id].append(task)
    return found


def _with_goals(found: QuerySet[Task]) -> list[Task]:
    tests = DoneTest.objects.filter(tolerance__isnull=False)
    return list(
        found.select_related("section", "plan").prefetch_related(
            Prefetch(
                "targets", Target.objects.select_related("schedule").prefetch_related(Prefetch("done_tests", tests))
            ),
            Prefetch("deliverables", Deliverable.objects.prefetch_related("nodes")),
            "leaders",
            "section__leaders",
            "responsibilities",
        )
    )


def facts_of(plan: Plan, tasks: Sequence[Task], day: date) -> Facts:
    """All figures, claims, ticks, approved changes and reopenings of these tasks up to ``day``. Five queries."""
    facts, within = Facts(reopened=reopened([task.pk for task in tasks], day)), {"task__in": tasks}
    of_task = {f"target__{key}": value for key, value in within.items()}
    for row in Measurement.objects.filter(COUNTS, cutoff__lte=day, **of_task).order_by("pk"):
        facts.figures.setdefault(row.target_id, []).append(row)
    claims = StageClaim.objects.filter(COUNTS, deliverable__task__in=tasks, on__lte=day).order_by("pk")
    for claim in claims:
        facts.claims.setdefault(claim.deliverable_id, []).append(claim)
    ticks = RosterTick.objects.filter(COUNTS, place__target__task__in=tasks, on__lte=day).order_by("pk")
    for tick in ticks.select_related("place"):
        facts.ticks.setdefault(tick.place.target_id, []).append(tick)
    approved = Adjustment.objects.filter(task__in=tasks, state=Adjustment.State.APPROVED, effective_on__lte=day)
    for change in approved.order_by("effective_on", "pk"):
        facts.changes[change.field, change.target_id or change.deliverable_id or change.task_id] = change
    return facts


def standings(task: Task, facts: Facts, day: date, *, closing: bool = False) -> list[Standing]:
    """The standing of each target and deliverable of a task at the end of ``day``; none of what was stopped.

    Of a task opened again (回头看) nothing is done until it is closed again: what was said before does not count as done,
    what was said since stands as on schedule, and as done where its ``closing`` is asked for.
    """
    if (Adjustment.Field.STOP, task.pk) in facts.changes:
        return []
    found, since = [], facts.reopened.get(task.pk)
    for target in task.targets.all():
        if (Adjustment.Field.STOP, target.pk) not in facts.changes:
            goal = goal_of(task, target, facts)
            stands = of_target(goal, figures_of(target, facts, day), day)
            if since is not None and stands.word is Word.DONE:
                rows = (*facts.figures.get(target.pk, ()), *facts.ticks.get(target.pk, ()))
                stands = _open_again(stands, of_target(goal, (), day), rows, since, closing)
            found.append(stands)
    for deliverable in task.deliverables.all():
        if (Adjustment.Field.STOP, deliverable.pk) not in facts.changes:
            stage, said = stage_goal_of(task, deliverable, facts), facts.claims.get(deliverable.pk, [])
            claims = claims_of(stage_of(deliverable, facts), stage, said)
            stands = of_stage(stage, claims, day)
            if since is not None and stands.word is Word.DONE:
                last = {node.key for node in stage.nodes if node.final}
                without = of_stage(stage, [claim for claim in claims if claim.node not in last], day)
                stands = _open_again(stands, without, said, since, closing)
            found.append(stands)
    return found


def _open_again(
    done: Standing,
    without: Standing,
    rows: Iterable[Measurement | RosterTick | StageClaim],
    since: datetime,
    closing: bool,
) -> Standing:
    """What stands for something done of a task opened again: without what makes it done, unless it was said anew."""
    if not any(row.at >= since for row in rows):
        return without
    return done if closing else replace(done, word=Word.ON_SCHEDULE)


def last_day_of(task: Task, facts: Facts | None = None) -> date:
    """The day by which the task is promised: its deadline as adjusted, else the end of the plan's year."""
    change = facts.changes.get((Adjustment.Field.DEADLINE, task.pk)) if facts else None
    if change:
        return date.fromisoformat(change.changed["value"])
    return task.due_on or date(task.plan.year, 12, 31)


def curve_of(task: Task, target: Target, facts: Facts | None = None) -> Curve:
    """The target's curve; spread evenly over the year to the task's deadline where none was set."""
    schedule: Schedule | None = getattr(target, "schedule", None)
    if schedule is None:
        kind: Any = "none" if target.value is None else "linear"
        first, last = date(task.plan.year, 1, 1), last_day_of(task, facts)
        return Curve(kind, min(first, last.replace(month=1, day=1)), last)
    points: tuple[tuple[date, Decimal], ...] = ()
    shares: tuple[Decimal, ...] = ()
    if schedule.curve == Schedule.Curve.POINTS:
        points = tuple((date.fromisoformat(p["on"]), Decimal(str(p["value"]))) for p in schedule.points)
    elif schedule.curve == Schedule.Curve.QUARTERS:
        shares = tuple(Decimal(str(share)) for share in schedule.points)
    ends = schedule.ends_on
    if facts and (Adjustment.Field.DEADLINE, task.pk) in facts.changes:
        ends = last_day_of(task, facts)
    return Curve(schedule.curve, min(schedule.starts_on, ends), ends, shares, points)  # type: ignore[arg-type]


def goal_of(task: Task, target: Target, facts: Facts | None = None) -> Goal:
    """A target as ``standing`` takes it, with its approved changes. A class without a number is won (1) or not (0)."""
    schedule: Schedule | None = getattr(target, "schedule", None)
    change = facts.changes.get((Adjustment.Field.VALUE, target.pk)) if facts else None
    value = Decimal(str(change.changed["value"])) if change else target.value
    classless = value is None
    tests = [test.tolerance for test in target.done_tests.all() if test.tolerance is not None]
    return Goal(
        key=f"t{target.pk}",
        label=target.subject,
        kind="quantity" if classless else target.kind,  # type: ignore[arg-type]
        bound="min" if classless else target.bound,  # type: ignore[arg-type]
        value=Decimal(1) if classless else value,
        value_to=None if change else target.value_to,
        unit=target.unit,
        curve=curve_of(task, target, facts),
        base=target.baseline_value,
        tolerance=tests[-1] if tests else Decimal(0),
        down=schedule is not None and schedule.direction == Schedule.Direction.DOWN,
        annual_only=schedule is not None and schedule.annual_only,
        grain=schedule.grain if schedule else "month",  # type: ignore[arg-type]
        lag=schedule.lag_days if schedule else 0,
        strength=target.strength,
        quote=target.quote,
    )


def figures_of(target: Target, facts: Facts, day: date) -> list[Figure]:
    """The figures of a target, as entered; of one counted by roster, the number of places done by ``day``."""
    schedule: Schedule | None = getattr(target, "schedule", None)
    if schedule is not None and schedule.roster:
        done: dict[int, bool] = {}
        for tick in facts.ticks.get(target.pk, ()):
            done[tick.place_id] = tick.done
        return [Figure(Decimal(sum(done.values())), day)] if done else []
    official = Measurement.Basis.OFFICIAL
    return [Figure(row.value, row.cutoff, row.basis == official) for row in facts.figures.get(target.pk, ())]


def stage_goal_of(task: Task, deliverable: Deliverable, facts: Facts | None = None) -> StageGoal:
    """A deliverable as ``standing`` takes it: its nodes, or its stage by the task's last day where none were set."""
    rows: list[Node] = sorted(deliverable.nodes.all(), key=lambda n: (n.due_on, n.order, n.pk))
    nodes = tuple(NodeGoal(f"n{row.pk}", row.text, row.due_on, row.final) for row in rows)
    if not any(node.final for node in nodes):
        last = last_day_of(task, facts)
        if nodes:
            last = max(last, nodes[-1].due)
        stage = Deliverable.Stage(stage_of(deliverable, facts))
        nodes = (*nodes, NodeGoal("stage", str(stage.label), last, final=True))
    return StageGoal(f"d{deliverable.pk}", deliverable.name, nodes, deliverable.strength, deliverable.quote)


def stage_of(deliverable: Deliverable, facts: Facts | None = None) -> str:
    """The stage promised, as adjusted."""
    change = facts.changes.get((Adjustment.Field.STAGE, deliverable.pk)) if facts else None
    return str(change.changed["value"]) if change else deliverable.stage


def claims_of(promised: str, goal: StageGoal, rows: Iterable[StageClaim]) -> list[Claim]:
    """The claims in force: a later row may take one back. A stage at or beyond the promised one reaches the last node."""
    held: dict[str, StageClaim] = {}
    final = next(node.key for node in goal.nodes if node.final)
    for row in rows:
        beyond = STAGES.index(row.stage) >= STAGES.index(promised)
        key = f"n{row.node_id}" if row.node_id else final if beyond else ""
        if key:
            held[key] = row
    return [Claim(key, row.on) for key, row in held.items() if row.reached]


def as_data(standing: Standing) -> Mapping[str, Any]:
    """A standing as JSON keeps it: figures as text, days in ISO; ``from_data`` brings it back exactly."""
    out: dict[str, Any] = {}
    for name, value in vars(standing).items():
        out[name] = (
            str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
        )
    return out


def from_data(data: Mapping[str, Any]) -> Standing:
    """A standing from its JSON, to be judged again under another version of the rules."""
    decimals = ("expected", "actual", "goal", "behind", "ratio", "base", "whole")
    days = ("cutoff", "waiting", "due")
    out = {"base": "0", "whole": "0", **data}
    for name in decimals:
        out[name] = None if out[name] is None else Decimal(out[name])
    for name in days:
        out[name] = None if out[name] is None else date.fromisoformat(out[name])
    out["word"] = Word(out["word"])
    return Standing(**out)
