"""Lights: computed for a whole period in one pass, set by hand with approval, replayed under other rules.

A light once written stays. Computing again writes a row only where the outcome is another one, and only until the period
is closed by the next one's lights; whoever catches up later changes later lights (setting: with a note beside the old).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Prefetch, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import Government, HistoryHead, Tenure, User
from luoshi.people.permissions import may_approve_override, may_keep_rules, may_override_light, require
from luoshi.plans.models import Adjustment, Plan, Task
from luoshi.progress import lights
from luoshi.progress.caught_up_actions import note_caught_up
from luoshi.progress.earlier import earlier_paths
from luoshi.progress.forecast import Look, forecast
from luoshi.progress.goals import (
    Facts,
    as_data,
    facts_of,
    figures_of,
    from_data,
    goal_of,
    judged_tasks,
    judged_tasks_of,
    standings,
)
from luoshi.progress.models import Forecast, Light, LightOverride, Period, ReportingRule, RuleSet
from luoshi.progress.period_actions import rule_of
from luoshi.progress.standing import Standing

BATCH = 500
Held = tuple[list[Task], Facts]


@dataclass(frozen=True)
class Computed:
    """What one computation did: tasks judged, rows written (fewer when computed again), tasks by colour."""

    tasks: int
    written: int
    colours: Mapping[str, int]


@transaction.atomic
def adopt_rule_set(
    government: Government, content: Mapping[str, Any], by: User | None, *, basis: str = "", at: datetime | None = None
) -> RuleSet:
    """Adopt a version of the rules. Raises ValidationError, in words, where they cannot be used; PermissionDenied."""
    if by is not None:
        require(may_keep_rules, by, government)
    HistoryHead.objects.select_for_update().get(government=government)
    try:
        rules = lights.parse(content)
    except lights.RuleError as error:
        raise ValidationError(str(error)) from error
    last = government.rule_sets.order_by("-version").first()
    text = history.canonical(content)
    made = RuleSet.objects.create(
        government=government,
        name=rules.name,
        version=last.version + 1 if last else 1,
        content=content,
        digest=history.digest(text, "sha256"),
        basis=basis,
        by=by,
        at=at or timezone.now(),
    )
    said = {"version": made.version, "digest": made.digest, "words": list(lights.in_words(rules)), "basis": basis}
    history.write(government, by, "rules.adopted", made, said, at=at, rows=[made])
    return made


def rule_set_of(plan: Plan, rule: ReportingRule | None = None) -> RuleSet:
    """The rule set a plan is judged by: its own, else its government's newest. Raises ValidationError where there is none."""
    own = (rule or rule_of(plan)).rule_set or plan.government.rule_sets.order_by("-version").first()
    if own is None:
        raise ValidationError(_("还没有采用亮灯规则，请先在“亮灯规则”里选定一种。"))
    return own


@transaction.atomic
def compute(
    period: Period,
    by: User | None = None,
    *,
    tasks: Iterable[int] | None = None,
    at: datetime | None = None,
    held: Held | None = None,
) -> Computed:
    """Compute the lights of a period for all tasks of its plan, or for these; the queries do not grow with the tasks.

    ``held``: tasks and facts as ``compute_together`` has fetched them for several plans. Raises ValidationError where no
    rule set was adopted, or a later period has its lights already.
    """
    plan = period.plan
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    if Light.objects.filter(period__plan=plan, period__cutoff__gt=period.cutoff).exists():
        raise ValidationError(_("下一期已经亮灯，这一期的灯不再改动。"))
    rule_set = rule_set_of(plan, rule := rule_of(plan))
    rules = lights.parse(rule_set.content)
    found, facts = held or _held(plan, tasks, period.cutoff)
    past, posts = Past.of(plan, found, period, rules), in_posts(found, period.cutoff)
    outlooks, calls = _forecasts(period, found, facts, at)
    made, colours = [], dict.fromkeys([c.code for c in rules.colours], 0)
    stood = {task.pk: standings(task, facts, period.cutoff) for task in found}
    for task in found:
        stands = stood[task.pk]
        judged = _judged(task, stands, rules, past, facts, outlooks)
        colours[judged.colour] = colours.get(judged.colour, 0) + 1
        light = _light(task, period, judged, [as_data(s) for s in stands], rule_set, posts.get(task.pk), at)
        if not past.same(light):
            made.append(light)
    rows: list[Any] = [*Light.objects.bulk_create(made, batch_size=BATCH), *calls, *_kept_by_hand(rules, made, at)]
    if rows:
        digest = history.digest(history.canonical([[m.task_id, m.colour, m.sentence] for m in made]), "sha256")
        said = {"period": period.name, "rules": rule_set.version, "lights": len(made), "digest": digest}
        history.write(plan.government, by, "lights.computed", period, said | {"colours": colours}, at=at, rows=rows)
    if rule.caught_up_note:
        note_caught_up(period, stood, at=at)
    return Computed(len(found), len(made), colours)


def _judged(
    task: Task,
    stands: Sequence[Standing],
    rules: lights.Rules,
    past: Past,
    facts: Facts,
    outlooks: Mapping[str, lights.Outlook],
) -> lights.Judged:
    if (Adjustment.Field.STOP, task.pk) in facts.changes:
        return lights.STOPPED
    before = past.colours.get(task.pk, ())
    return lights.judge(rules, stands, history=before, news=past.news(task, stands), outlooks=outlooks)


def _held(plan: Plan, tasks: Iterable[int] | None, day: date) -> Held:
    found = judged_tasks(plan, tasks)
    return found, facts_of(plan, found, day)


@transaction.atomic
def compute_together(periods: Sequence[Period], *, at: datetime | None = None) -> list[Computed]:
    """Compute the lights of several plans' periods, all or none; what is judged is fetched for all of them at once.

    The periods end on one day, and each is of another plan. Raises ValidationError as ``compute`` does.
    """
    (day,) = {period.cutoff for period in periods}
    governments = {period.plan.government_id for period in periods}
    # In one order, so that two of these never wait for each other.
    list(HistoryHead.objects.select_for_update().filter(government__in=governments).order_by("government"))
    found = judged_tasks_of([period.plan for period in periods])
    facts = facts_of(periods[0].plan, [task for tasks in found.values() for task in tasks], day)
    return [compute(period, at=at, held=(found[period.plan_id], facts)) for period in periods]


def due() -> list[list[int]]:
    """Locked periods (primary keys) without lights of every issued plan whose government has rules: a list a plan, oldest
    first. One query.

    A period behind one that is lit already is past, and stays without.
    """
    lit = Light.objects.filter(period__plan=OuterRef("plan"), period__cutoff__gte=OuterRef("cutoff"))
    ruled = RuleSet.objects.filter(government=OuterRef("plan__government"))
    waiting = Period.objects.filter(~Exists(lit), Exists(ruled), state=Period.State.LOCKED)
    found: dict[int, list[int]] = {}
    rows = waiting.filter(plan__state=Plan.State.ISSUED).order_by("plan", "cutoff")
    for plan, period in rows.values_list("plan", "pk"):
        found.setdefault(plan, []).append(period)
    return list(found.values())


def _forecasts(
    period: Period, tasks: Sequence[Task], facts: Facts, at: datetime | None
) -> tuple[dict[str, Look], list[Forecast]]:
    """Forecast each target: whether each reaches its goal, by key, and the calls that are new, written."""
    last = {row.target_id: row for row in Forecast.objects.filter(period=period, target__task__in=tasks).order_by("pk")}
    looks: dict[str, Look] = {}
    rows, before = [], earlier_paths(tasks)
    for task in tasks:
        for target in task.targets.all():
            goal = goal_of(task, target, facts)
            figures = figures_of(target, facts, period.cutoff)
            call = forecast(goal, figures, period.cutoff, before.get(target.pk, ()))
            if call is None:
                continue
            looks[goal.key] = call.look(goal)
            old = last.get(target.pk)
            if old is None or (old.value, old.low, old.high) != (call.value, call.low, call.high):
                rows.append(
                    Forecast(
                        target=target,
                        period=period,
                        value=call.value,
                        low=call.low,
                        high=call.high,
                        confidence=Decimal(str(call.confidence)),
                        method=call.method,
                        at=at or timezone.now(),
                    )
                )
    return looks, Forecast.objects.bulk_create(rows, batch_size=BATCH)


def _light(
    task: Task,
    period: Period,
    judged: lights.Judged,
    stands: list[Mapping[str, Any]],
    rule_set: RuleSet,
    in_post: int | None,
    at: datetime | None,
) -> Light:
    return Light(
        task=task,
        period=period,
        colour=judged.colour,
        sentence=judged.sentence[:500],
        reasons=[asdict(reason) for reason in judged.reasons],
        standings=stands,
        rule_set=rule_set,
        in_post_id=in_post,
        at=at or timezone.now(),
    )


@dataclass(frozen=True)
class Past:
    """What a period's computation looks back at, by task: the colours of earlier periods that brought news, the standings
    of the last one, and what this period's own newest light says (rule set, colour, sentence)."""

    colours: Mapping[int, Sequence[str]]
    last: Mapping[int, Sequence[Standing]]
    own: Mapping[int, tuple[int, str, str]]

    @classmethod
    def of(cls, plan: Plan, tasks: Sequence[Task], period: Period, rules: lights.Rules) -> Past:
        """One query, of bare values: a year's lights as objects would cost as much as all the judging; and one for the
        standings of those whose colour could repeat."""
        rows = Light.objects.filter(period__plan=plan, period__cutoff__lte=period.cutoff, task__in=tasks)
        by_hand = LightOverride.objects.filter(light=OuterRef("pk")).order_by("-pk").values("colour")[:1]
        own_words = Case(When(period=period, then="sentence"), default=Value(""))
        held = rows.annotate(by_hand=Subquery(by_hand), words=own_words).order_by("period__cutoff", "pk")
        by_task: dict[int, dict[int, str]] = {}
        own: dict[int, tuple[int, str, str]] = {}
        wanted = ("task", "period", "rule_set", "colour", "by_hand", "words")
        for task, its_period, rule_set, colour, set_by_hand, words in held.values_list(*wanted):
            if its_period == period.pk:
                own[task] = (rule_set, colour, words)
            else:
                by_task.setdefault(task, {})[its_period] = set_by_hand or colour
        worst = min((rules.rank(repeat.colour) for repeat in rules.repeats), default=len(rules.colours))
        slow = [pk for pk, found in by_task.items() if rules.rank(list(found.values())[-1]) >= worst]
        stood = _stood(slow, period)
        colours = {}
        for pk, found in by_task.items():
            told = _telling(stood.get(pk, {}))
            colours[pk] = [colour for of_period, colour in found.items() if of_period not in told or told[of_period]]
        return cls(colours, {pk: list(each.values())[-1] for pk, each in stood.items()}, own)

    def news(self, task: Task, stands: Sequence[Standing]) -> bool:
        """Whether these standings say more than the task's light of the period before."""
        return lights.brings_news(stands, self.last.get(task.pk, ()))

    def same(self, light: Light) -> bool:
        """Whether this period's newest light of the task says the same already."""
        return self.own.get(light.task_id) == (light.rule_set_id, light.colour, light.sentence)


def _stood(tasks: Sequence[int], period: Period) -> dict[int, dict[int, list[Standing]]]:
    """By task and period, oldest first, the standings of the lights before this period's."""
    if not tasks:
        return {}
    rows = Light.objects.filter(task__in=tasks, period__plan=period.plan_id, period__cutoff__lt=period.cutoff)
    found: dict[int, dict[int, list[Standing]]] = {}
    for task, of_period, data in rows.order_by("period__cutoff", "pk").values_list("task", "period", "standings"):
        found.setdefault(task, {})[of_period] = [from_data(each) for each in data]
    return found


def _telling(stood: Mapping[int, Sequence[Standing]]) -> dict[int, bool]:
    """By period, whether its light said more than the one before it."""
    before: Sequence[Standing] = ()
    told = {}
    for of_period, stands in stood.items():
        told[of_period] = lights.brings_news(stands, before)
        before = stands
    return told


def _kept_by_hand(rules: lights.Rules, made: Sequence[Light], at: datetime | None) -> list[LightOverride]:
    """A light set by hand stays so when its period is computed again, unless the figures now give as good or a better one."""
    new = {light.task_id: light for light in made}
    if not new:
        return []
    rows = LightOverride.objects.filter(light__task__in=new, light__period=made[0].period_id).order_by("pk")
    last = {row.light.task_id: row for row in rows.select_related("light")}
    kept = [
        LightOverride(
            light=new[task], colour=row.colour, reason=row.reason, asked_by_id=row.asked_by_id,
            approved_by_id=row.approved_by_id, at=at or timezone.now(),
        )
        for task, row in last.items()
        if rules.rank(row.colour) < rules.rank(new[task].colour)
    ]  # fmt: skip
    return LightOverride.objects.bulk_create(kept, batch_size=BATCH)


def shown_colour(light: Light) -> str:
    """The colour that holds: as set by hand last, else as computed. ``overrides`` should be prefetched."""
    overrides = list(light.overrides.all())
    return overrides[-1].colour if overrides else light.colour


def newest(plan: Plan, period: Period | None = None) -> dict[int, Light]:
    """The light that holds for each task: of a period, or the latest there is. Four queries; of a year's lights only these
    are fetched with their reasons."""
    every = Light.objects.filter(period__plan=plan)
    if period is not None:
        every = every.filter(period=period)
    last = dict(every.order_by("period__cutoff", "pk").values_list("task", "pk"))
    rows = Light.objects.filter(pk__in=last.values()).select_related("period", "rule_set").order_by("pk")
    rows = rows.prefetch_related(Prefetch("overrides", LightOverride.objects.order_by("pk")), "notes")
    return {light.task_id: light for light in rows}


def in_posts(tasks: Sequence[Task], day: date) -> dict[int, int]:
    """By task, the tenure of the leader in charge on a day: the record stays with the person then in post. One query."""
    posts = {post for task in tasks for post in task.leader_posts}
    held: dict[int, int] = {}
    for tenure in Tenure.objects.filter(post__in=posts).exclude(until__lt=day).exclude(since__gt=day).order_by("pk"):
        held[tenure.post_id] = tenure.pk
    return {task.pk: held[post] for task in tasks for post in sorted(task.leader_posts) if post in held}


@transaction.atomic
def override(
    light: Light, colour: str, reason: str, *, asked_by: User, approved_by: User, at: datetime | None = None
) -> LightOverride:
    """Set a light by hand; the computed one stays beside it. Asked by the office, approved by somebody else.

    Raises ValidationError without a reason, for a colour the rules do not have, or where one person does both.
    """
    require(may_override_light, asked_by, light)
    require(may_approve_override, approved_by, light)
    return set_by_hand(light, colour, reason, asked_by=asked_by, approved_by=approved_by, at=at)


@transaction.atomic
def set_by_hand(
    light: Light, colour: str, reason: str, *, asked_by: User, approved_by: User, at: datetime | None = None
) -> LightOverride:
    """As ``override``, for callers that have asked whether they may: of an objection upheld the unit has asked. The entry
    is that of who approves, whose act it is."""
    HistoryHead.objects.select_for_update().get(government=light.government.pk)
    if not reason.strip():
        raise ValidationError(_("改灯要写明理由。"))
    if asked_by == approved_by:
        raise ValidationError(_("改灯须由另一人批准。"))
    if colour not in {c.code for c in lights.parse(light.rule_set.content).colours}:
        raise ValidationError(_("亮灯规则里没有“%(colour)s”这种灯。") % {"colour": colour})
    made = LightOverride.objects.create(
        light=light, colour=colour, reason=reason.strip(), asked_by=asked_by, approved_by=approved_by,
        at=at or timezone.now(),
    )  # fmt: skip
    said = {"from": light.colour, "to": colour, "reason": made.reason, "asked_by": asked_by.username}
    history.write(light.government, approved_by, "light.overridden", light, said, at=at, rows=[made])
    return made


@dataclass(frozen=True)
class Replayed:
    """A past light beside what another rule set would have made of the same standings."""

    light: Light
    colour: str
    sentence: str


def replay(periods: Sequence[Period], content: Mapping[str, Any]) -> list[Replayed]:
    """What these periods would have looked like under other rules, from the standings kept with their lights. Nothing is
    written. Raises ValidationError for rules that cannot be used."""
    try:
        rules = lights.parse(content)
    except lights.RuleError as error:
        raise ValidationError(str(error)) from error
    rows = Light.objects.filter(period__in=periods).select_related("task", "period").order_by("period__cutoff", "pk")
    held = {(light.task_id, light.period_id): light for light in rows}
    past: dict[int, list[str]] = {}
    before: dict[int, list[Standing]] = {}
    out = []
    for light in held.values():
        stands = [from_data(s) for s in light.standings]
        news = lights.brings_news(stands, before.get(light.task_id, ()))
        judged = lights.judge(rules, stands, history=past.get(light.task_id, ()), news=news)
        before[light.task_id] = stands
        if news:
            past.setdefault(light.task_id, []).append(judged.colour)
        out.append(Replayed(light, judged.colour, judged.sentence))
    return out
