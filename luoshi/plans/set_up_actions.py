"""Setting the year up: defaults offered, worded by the lead unit, signed by unit, leader and office, then frozen.

Practice: 完成标准 and 序时进度 are agreed before the year runs, the schedule approved by the leader in charge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.people.permissions import (
    may_issue,
    may_set_up,
    may_sign_set_up_leader,
    may_sign_set_up_office,
    may_sign_set_up_unit,
    require,
)
from luoshi.people.seals import falling_with
from luoshi.plans import defaults
from luoshi.plans.agreed import content_of, digest_of
from luoshi.plans.curve import Curve
from luoshi.plans.models import (
    Deliverable,
    DoneTest,
    Node,
    Plan,
    RosterPlace,
    Schedule,
    SetUp,
    SignOff,
    SubTask,
    Target,
    Task,
)

NEXT = {
    SetUp.State.OPEN: SignOff.Step.UNIT,
    SetUp.State.UNIT_SIGNED: SignOff.Step.LEADER,
    SetUp.State.LEADER_SIGNED: SignOff.Step.OFFICE,
}
REACHED = {
    SignOff.Step.UNIT: SetUp.State.UNIT_SIGNED,
    SignOff.Step.LEADER: SetUp.State.LEADER_SIGNED,
    SignOff.Step.OFFICE: SetUp.State.AGREED,
}
MAY = {
    SignOff.Step.UNIT: may_sign_set_up_unit,
    SignOff.Step.LEADER: may_sign_set_up_leader,
    SignOff.Step.OFFICE: may_sign_set_up_office,
}


def tasks_to_set_up(plan: Plan) -> list[Task]:
    """The plan's tasks with everything the set-up board shows; a constant number of queries."""
    return list(
        plan.ledger_rows()
        .select_related("set_up", "government", "plan__government", "last_year")
        .prefetch_related(
            "targets__schedule", "targets__roster", "targets__done_tests", "targets__nodes", "deliverables__nodes",
            "deliverables__done_tests", "done_tests", "sub_tasks__unit", "sign_offs__by",
        )
    )  # fmt: skip


@transaction.atomic
def prepare(plan: Plan, by: User, *, at: datetime | None = None) -> int:
    """Offer the defaults for every task that has none yet: schedules, done-tests. How many tasks were new.

    Raises ValidationError for a draft plan; PermissionDenied.
    """
    require(may_issue, by, plan)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    if plan.state == Plan.State.DRAFT:
        raise ValidationError(_("台账印发以后才能细化。"))
    tasks = [task for task in tasks_to_set_up(plan) if not hasattr(task, "set_up")]
    offered = [default_schedule(task, target) for task in tasks for target in task.targets.all()]
    rows = [
        *SetUp.objects.bulk_create([SetUp(task=task) for task in tasks]),
        *Schedule.objects.bulk_create(offered),
        *DoneTest.objects.bulk_create([test for task in tasks for test in default_tests(task)]),
    ]
    if tasks:
        history.write(plan.government, by, "plan.set_up", plan, {"tasks": len(tasks)}, at=at, rows=rows)
    return len(tasks)


def default_schedule(task: Task, target: Target) -> Schedule:
    """By kind: what accumulates is spread evenly to the task's deadline; what is compared as it stands has no curve."""
    last = task.due_on or date(task.plan.year, 12, 31)
    known = defaults.published(target.subject)
    cumulative = target.kind == Target.Kind.QUANTITY and target.bound != Target.Bound.MAX and target.value is not None
    lower = target.bound == Target.Bound.MAX or target.kind == Target.Kind.RANK
    return Schedule(
        target=target,
        curve=Schedule.Curve.LINEAR if cumulative else Schedule.Curve.NONE,
        starts_on=date(last.year, 1, 1),
        ends_on=last,
        direction=Schedule.Direction.DOWN if lower else Schedule.Direction.UP,
        grain=known.grain if known else Schedule.Grain.MONTH,
        lag_days=known.lag if known else 0,
        data_source=known.source if known else "",
    )


def default_tests(task: Task) -> list[DoneTest]:
    """A done-test for each vague word, at the target or deliverable it belongs to, else at the task."""
    made: list[DoneTest] = []
    seen: set[str] = set()
    for target in task.targets.all():
        for offer in defaults.offers(target.quote + target.wording, target.unit):
            seen.add(offer.word)
            made.append(_test(task, offer, target=target))
    for deliverable in task.deliverables.all():
        for offer in defaults.offers(deliverable.get_stage_display()):
            seen.add(offer.word)
            made.append(_test(task, offer, deliverable=deliverable))
    made += [_test(task, offer) for offer in defaults.offers(task.text) if offer.word not in seen]
    return made


def _test(task: Task, offer: defaults.Offer, **about: Any) -> DoneTest:
    return DoneTest(task=task, word=offer.word, sentence=offer.sentence, tolerance=offer.tolerance, **about)


@dataclass(frozen=True)
class ScheduleChange:
    """A schedule as somebody wants it; ``points`` as in ``Schedule``, figures as text."""

    curve: str
    starts_on: date
    ends_on: date
    points: Sequence[Any] = ()
    annual_only: bool = False
    grain: str = "month"
    lag_days: int = 0
    data_source: str = ""
    direction: str = "up"


def _open(task: Task, by: User) -> SetUp:
    require(may_set_up, by, task)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    row, _new = SetUp.objects.get_or_create(task=task)
    if row.state != SetUp.State.OPEN:
        raise ValidationError(
            _("“%(state)s”的任务不能再改；要改请先退回，定稿的走调整程序。") % {"state": row.get_state_display()}
        )
    return row


@transaction.atomic
def set_schedule(target: Target, change: ScheduleChange, by: User, *, at: datetime | None = None) -> Schedule:
    """Change a target's schedule while its task is open. Raises ValidationError in words for a curve that cannot be."""
    set_up = _open(target.task, by)
    points = _points(change)
    row = Schedule.objects.filter(target=target).first() or Schedule(target=target)
    for name in ("curve", "starts_on", "ends_on", "annual_only", "grain", "lag_days", "direction"):
        setattr(row, name, getattr(change, name))
    row.data_source, row.points = change.data_source.strip()[:100], points
    row.full_clean(validate_unique=False)
    row.save()
    said = {
        "curve": row.curve,
        "points": points,
        "ends": row.ends_on,
        "annual_only": row.annual_only,
        "lag": row.lag_days,
    }
    history.write(target.task.government, by, "target.schedule", target, said, at=at, rows=[set_up, row])
    return row


def _points(change: ScheduleChange) -> list[Any]:
    """The points as they are kept; the curve they make is tried first."""
    try:
        if change.curve == Schedule.Curve.QUARTERS:
            shares = tuple(Decimal(str(share)) for share in change.points)
            Curve("quarters", change.starts_on, change.ends_on, shares=shares)
            return [str(share) for share in shares]
        if change.curve == Schedule.Curve.POINTS:
            pairs = tuple((date.fromisoformat(str(p["on"])), Decimal(str(p["value"]))) for p in change.points)
            Curve("points", change.starts_on, change.ends_on, points=pairs)
            return [{"on": day.isoformat(), "value": str(value)} for day, value in pairs]
        Curve("linear", change.starts_on, change.ends_on)
    except (InvalidOperation, KeyError, TypeError):
        raise ValidationError(_("序时进度的数没有填对，请核对。")) from None
    except ValueError as error:
        raise ValidationError(str(error)) from None
    return []


@transaction.atomic
def word_test(
    test: DoneTest, sentence: str, by: User, *, tolerance: Decimal | None = None, at: datetime | None = None
) -> DoneTest:
    """Word a done-test; the default is then no default any more. Raises ValidationError for an empty sentence."""
    set_up = _open(test.task, by)
    if not sentence.strip():
        raise ValidationError(_("完成标准要写一句话。"))
    office = may_sign_set_up_office(by, test.task)
    test.sentence, test.tolerance, test.proposed_by = sentence.strip()[:300], tolerance, by
    test.source = DoneTest.Source.OFFICE if office else DoneTest.Source.UNIT
    test.confirmed_by = test.confirmed_at = None
    test.save()
    said = {"word": test.word, "sentence": test.sentence, "tolerance": tolerance}
    history.write(test.task.government, by, "done_test.worded", test, said, at=at, rows=[set_up, test])
    return test


@transaction.atomic
def add_test(
    task: Task, word: str, sentence: str, by: User, *, target: Target | None = None, at: datetime | None = None
) -> DoneTest:
    """A done-test for a further word of the task's text that leaves open what counts (完善, 基本建成 …).

    Raises ValidationError for a word that the text does not have, one that has its test, or an empty sentence.
    """
    set_up = _open(task, by)
    word = word.strip()
    if not word or word not in task.text:
        raise ValidationError(_("原文里没有“%(word)s”，请照原文写含糊词。") % {"word": word})
    if not sentence.strip():
        raise ValidationError(_("完成标准要写一句话。"))
    if target is not None and target.task_id != task.pk:
        raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    if task.done_tests.filter(word=word, target=target, deliverable=None).exists():
        raise ValidationError(_("“%(word)s”已经有完成标准，请改那一条。") % {"word": word})
    office = may_sign_set_up_office(by, task)
    source = DoneTest.Source.OFFICE if office else DoneTest.Source.UNIT
    made = DoneTest.objects.create(
        task=task, target=target, word=word[:40], sentence=sentence.strip()[:300], source=source, proposed_by=by
    )
    said = {"word": word, "sentence": made.sentence}
    history.write(task.government, by, "done_test.worded", made, said, at=at, rows=[set_up, made])
    return made


@transaction.atomic
def set_nodes(
    task: Task, about: Target | Deliverable, nodes: Iterable[tuple[str, date]], by: User, *, at: datetime | None = None
) -> list[Node]:
    """The dated nodes (形象进度) of a deliverable or target, in order; the last is the final one. Replaces those before."""
    set_up = _open(task, by)
    wanted = [(text.strip(), due) for text, due in nodes if text.strip()]
    if any(later[1] < before[1] for before, later in pairwise(wanted)):
        raise ValidationError(_("节点日期要依次向后。"))
    if about.task_id != task.pk:
        raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    before = list(about.nodes.all())
    about.nodes.all().delete()
    field = {"target": about} if isinstance(about, Target) else {"deliverable": about}
    made = Node.objects.bulk_create(
        Node(task=task, text=text[:200], due_on=due, order=n, final=n == len(wanted) - 1, **field)
        for n, (text, due) in enumerate(wanted)
    )
    said = {"of": str(about), "nodes": [[node.text, node.due_on] for node in made]}
    history.write(task.government, by, "task.nodes", task, said, at=at, rows=[set_up, *before, *made])
    return made


@transaction.atomic
def open_roster(
    target: Target, by: User, *, names: Sequence[str] = (), at: datetime | None = None
) -> list[RosterPlace]:
    """Count a target place by place: so many rows as it promises, the named ones of its sentence first.

    Raises ValidationError for a target that is no count, or a place that stands twice.
    """
    set_up = _open(target.task, by)
    count = int(target.value or 0)
    if target.kind != Target.Kind.QUANTITY or target.value != count or not 1 <= count <= defaults.MOST_PLACES:
        raise ValidationError(_("只有个数不超过 %(n)d 的数量指标才能逐个登记。") % {"n": defaults.MOST_PLACES})
    found = [name.strip() for name in names] or defaults.places(target.task.text, count)
    named = [name for name in found if name]
    if len(set(named)) < len(named):
        raise ValidationError(_("名册里有重名，请核对。"))
    before = falling_with(list(target.roster.all()))
    target.roster.all().delete()
    earlier = _earlier_places(target, named)
    made = RosterPlace.objects.bulk_create(
        RosterPlace(target=target, name=name, order=n, same_as=earlier.get(name)) for n, name in enumerate(found)
    )
    Schedule.objects.filter(target=target).update(roster=True)
    said = {"places": named, "count": count, "counted_before": sorted(earlier)}
    rows = [set_up, *before, *made, *Schedule.objects.filter(target=target)]
    history.write(target.task.government, by, "target.roster", target, said, at=at, rows=rows)
    return made


def _earlier_places(target: Target, names: Sequence[str]) -> dict[str, RosterPlace]:
    """Places of the same name in an earlier year's plans: a place is counted once ever, so they are pointed at."""
    plan = target.task.plan
    before = RosterPlace.objects.filter(
        target__task__plan__government=plan.government_id, target__task__plan__year__lt=plan.year, name__in=names
    )
    return {place.name: place for place in before.order_by("pk")}


@transaction.atomic
def name_places(target: Target, names: Mapping[int, str], by: User, *, at: datetime | None = None) -> None:
    """Fill in or correct names of a roster (by primary key), also when the year runs: names become known as it goes."""
    require(may_set_up, by, target.task)
    HistoryHead.objects.select_for_update().get(government=target.task.government_id)
    rows = {place.pk: place for place in target.roster.all()}
    if strange := set(names) - set(rows):
        raise ValidationError(_("名册里没有第 %(n)s 项，请刷新页面。") % {"n": min(strange)})
    for pk, name in names.items():
        rows[pk].name = name.strip()[:100]
    named = [place.name for place in rows.values() if place.name]
    if len(set(named)) < len(named):
        raise ValidationError(_("名册里有重名，请核对。"))
    earlier = _earlier_places(target, named)
    for place in rows.values():
        place.same_as = earlier.get(place.name)
    RosterPlace.objects.bulk_update(rows.values(), ["name", "same_as"])
    said = {"places": named}
    history.write(target.task.government, by, "target.places", target, said, at=at, rows=rows.values())


@transaction.atomic
def hand_down(
    task: Task,
    unit: Unit,
    text: str,
    by: User,
    *,
    target: Target | None = None,
    value: Decimal | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> SubTask:
    """Hand a part of a task to a department or town below; one level only, with its link and share kept."""
    _open(task, by)
    if not text.strip():
        raise ValidationError(_("请写明分给%(unit)s的事。") % {"unit": unit})
    if unit.government_id != task.government_id or (target is not None and target.task_id != task.pk):
        raise ValidationError(_("这一项不属于这条任务，请刷新页面。"))
    if value is not None and value <= 0:
        raise ValidationError(_("分解数要大于 0。"))
    made = SubTask.objects.create(
        task=task,
        unit=unit,
        text=text.strip()[:500],
        target=target,
        value=value,
        due_on=due_on,
        order=task.sub_tasks.count(),
    )
    said = {"unit": unit.short_name, "text": made.text, "value": value, "due": due_on}
    history.write(task.government, by, "task.handed_down", task, said, at=at, rows=[made])
    return made


@transaction.atomic
def take_part_back(part: SubTask, by: User, *, at: datetime | None = None) -> None:
    """Take back what was handed down; the history keeps what it was."""
    task = part.task
    _open(task, by)
    said = {"unit": part.unit.short_name, "text": part.text, "value": part.value, "due": part.due_on}
    SubTask.objects.filter(pk=part.pk).delete()
    history.write(task.government, by, "task.part_taken_back", task, said, at=at, rows=[part])


@transaction.atomic
def link_last_year(task: Task, before: Task | None, by: User, *, at: datetime | None = None) -> None:
    """Say which task of the year before this one goes on from; None says that there is none.

    Raises ValidationError for a task of another government or of no earlier year.
    """
    require(may_set_up, by, task)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    if before is not None and (before.government_id != task.government_id or before.plan.year >= task.plan.year):
        raise ValidationError(_("上年同一任务要从本政府以前年度的台账里选。"))
    task.last_year = before
    task.save(update_fields=["last_year"])
    history.write(
        task.government, by, "task.last_year", task, {"before": before.key if before else ""}, at=at, rows=[task]
    )


def shares_left(target: Target) -> Decimal | None:
    """What of the target no sub-task has yet; None where it was not shared out. Negative: more was shared than promised."""
    shares = [share.value for share in target.shares.all() if share.value is not None]
    return target.value - sum(shares) if shares and target.value is not None else None


@transaction.atomic
def set_major(task: Task, major: bool, by: User, *, at: datetime | None = None) -> None:
    """Mark a task as major: reported every month, fast or slow. The office's to say."""
    require(may_sign_set_up_office, by, task)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    row, _new = SetUp.objects.update_or_create(task=task, defaults={"major": major})
    history.write(task.government, by, "task.major", task, {"major": major}, at=at, rows=[row])


@transaction.atomic
def sign_off(
    tasks: Sequence[Task],
    by: User,
    *,
    note: str = "",
    seen: Mapping[int, str] | None = None,
    at: datetime | None = None,
) -> list[SignOff]:
    """Sign the next step of each task, all or none: lead unit, then leader, then office; the last freezes it.

    ``seen``: by primary key the digest (``digest_of``) of what the page showed; what was worded anew since is refused. None:
    the caller has just read it. Raises ValidationError naming what is still missing; PermissionDenied where the step is
    somebody else's.
    """
    return [_sign(task, by, note, at, None if seen is None else seen.get(task.pk, "")) for task in tasks]


def _sign(task: Task, by: User, note: str, at: datetime | None, seen: str | None) -> SignOff:
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    row = SetUp.objects.select_for_update().filter(task=task).first()
    step = NEXT.get(row.state) if row else None  # type: ignore[call-overload]
    if row is None or step is None:
        raise ValidationError(_("%(task)s 已经定稿，或还没有细化。") % {"task": task})
    require(MAY[step], by, task)
    content = content_of(task)
    digest = digest_of(content)
    if seen is not None and seen != digest:
        message = _("%(task)s 在您看的时候又有改动，请看过现在的内容再签。")
        raise ValidationError(message % {"task": task}, code="unseen")
    if step != SignOff.Step.UNIT and task.sign_offs.order_by("-pk").values_list("digest", flat=True).first() != digest:
        raise ValidationError(_("%(task)s 签后又有改动，请退回重签。") % {"task": task})
    moment = at or timezone.now()
    made = SignOff.objects.create(task=task, step=step, by=by, at=moment, note=note.strip()[:300], digest=digest)
    row.state = REACHED[step]
    if step == SignOff.Step.OFFICE:
        row.digest, row.content = digest, content
        task.done_tests.update(confirmed_by=by, confirmed_at=moment)
    row.save()
    said = {"digest": digest, "note": made.note} | ({"content": content} if step == SignOff.Step.OFFICE else {})
    history.write(task.government, by, f"set_up.{step}", task, said, at=at, rows=[made, row, *task.done_tests.all()])
    return made


@transaction.atomic
def send_back(task: Task, note: str, by: User, *, at: datetime | None = None) -> SignOff:
    """Send a signed task back to be worded again. Leader or office, before it is agreed. Raises ValidationError."""
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    row = SetUp.objects.select_for_update().filter(task=task).first()
    if row is None or row.state not in (SetUp.State.UNIT_SIGNED, SetUp.State.LEADER_SIGNED):
        raise ValidationError(_("只有签了、还没有定稿的任务才能退回。"))
    if not may_sign_set_up_leader(by, task):
        require(may_sign_set_up_office, by, task)
    if not note.strip():
        raise ValidationError(_("退回要写明理由，单位才知道改什么。"))
    digest = task.sign_offs.order_by("-pk").values_list("digest", flat=True).first() or ""
    made = SignOff.objects.create(
        task=task, step=SignOff.Step.BACK, by=by, at=at or timezone.now(), note=note.strip()[:300], digest=digest
    )
    row.state = SetUp.State.OPEN
    row.save(update_fields=["state"])
    history.write(task.government, by, "set_up.back", task, {"note": made.note}, at=at, rows=[made, row])
    return made
