"""What the office does about what was reported: samples, verifications, objections, closings, roll-over.

Who decides is never who set, reported or asked (《政府督查工作条例》第十七条 asks as much of a review).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.people.permissions import may_close, may_decide_objection, may_object, may_verify, own_units, require
from luoshi.plans.models import Plan, Task
from luoshi.progress.goals import facts_of, judged_tasks, standings
from luoshi.progress.light_actions import set_by_hand
from luoshi.progress.lights import parse
from luoshi.progress.models import Evidence, Light, Period, Report
from luoshi.progress.period_actions import ask_again, rule_of
from luoshi.progress.review_actions import refuse_unseen
from luoshi.progress.standing import Word
from luoshi.supervision.models import Closing, Objection, Sample, Verification

ANSWER_DAYS = 15  # days to answer an objection; local rules name none, so it stands beside each objection


@transaction.atomic
def draw_sample(period: Period, size: int, by: User, *, seed: str, at: datetime | None = None) -> Sample:
    """Draw so many of the period's submitted reports for verification. The same seed draws the same reports again.

    Each report's place follows from SHA-256 of seed and key, so that nobody can choose. Raises ValidationError where there
    are fewer, or no seed was given.
    """
    require(may_verify, by, period.plan)
    HistoryHead.objects.select_for_update().get(government=period.plan.government_id)
    sent = Report.objects.filter(period=period, state__in=[Report.State.SUBMITTED, Report.State.ACCEPTED])
    keys = {pk: f"{key}/{unit}" for pk, key, unit in sent.values_list("pk", "task__key", "unit__short_name")}
    if not seed.strip():
        raise ValidationError(_("请写一个随机种子，如当天的开奖号或会议编号，以便别人照样复抽。"))
    if not 1 <= size <= len(keys):
        raise ValidationError(_("本期已报送 %(n)d 份，抽取数须在 1 到 %(n)d 之间。") % {"n": len(keys)})
    drawn = sorted(keys, key=lambda pk: hashlib.sha256(f"{seed}/{keys[pk]}".encode()).hexdigest())[:size]
    made = Sample.objects.create(
        plan=period.plan, period=period, size=size, population=len(keys), seed=seed.strip(), reports=sorted(drawn), by=by,
        at=at or timezone.now(),
    )  # fmt: skip
    said = {"period": period.name, "seed": made.seed, "of": len(keys), "drawn": [keys[pk] for pk in sorted(drawn)]}
    history.write(period.plan.government, by, "sample.drawn", made, said, at=at, rows=[made])
    return made


@transaction.atomic
def verify_report(
    report: Report,
    by: User,
    *,
    method: str,
    result: str,
    note: str,
    on: date,
    sample: Sample | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> Verification:
    """Record how a report was checked and what was found. ``seen``: the round that was read, as in ``review_actions.accept``.

    Raises ValidationError without words, by who drafted or signed it, or for a report sent in anew since it was read.
    """
    require(may_verify, by, report.task.plan)
    HistoryHead.objects.select_for_update().get(government=report.unit.government_id)
    refuse_unseen(Report.objects.select_related("task").get(pk=report.pk), seen)
    if method not in Verification.Method.values or result not in Verification.Result.values:
        raise ValidationError(_("请选核查方式和结果。"))
    if not note.strip():
        raise ValidationError(_("请写明核查到什么情况。"))
    if by.pk in (report.signed_by_id, report.drafted_by_id):
        raise ValidationError(_("报告人不能核查自己的报告。"))
    made = Verification.objects.create(
        report=report, sample=sample, method=method, result=result, note=note.strip(), on=on, by=by,
        at=at or timezone.now(),
    )  # fmt: skip
    said = {"method": method, "result": result, "note": made.note, "on": on}
    history.write(report.unit.government, by, "report.verified", report, said, at=at, rows=[made])
    return made


@transaction.atomic
def object_to(
    light: Light,
    unit: Unit,
    reason: str,
    by: User,
    *,
    today: date,
    evidence: Sequence[Evidence] = (),
    at: datetime | None = None,
) -> Objection:
    """A lead unit objects to a light within the window of the plan's rule, once while one is open.

    Raises ValidationError outside the window or without a reason; PermissionDenied.
    """
    require(may_object, by, light)
    HistoryHead.objects.select_for_update().get(government=unit.government_id)
    if unit.pk not in own_units(by) or unit.pk not in light.lead_units:
        raise ValidationError(_("只有牵头单位才能对灯提异议。"))
    last = timezone.localdate(light.at) + timedelta(days=rule_of(light.period.plan).objection_days)
    if today > last:
        raise ValidationError(_("异议期到 %(day)s 为止，已经过了。") % {"day": last})
    if not reason.strip():
        raise ValidationError(_("请写明异议的理由。"))
    if light.objections.filter(state=Objection.State.RAISED).exists():
        raise ValidationError(_("这盏灯已有一份异议在复核。"))
    made = Objection.objects.create(
        light=light, unit=unit, reason=reason.strip(), raised_by=by, raised_at=at or timezone.now(),
        due_on=today + timedelta(days=ANSWER_DAYS),
    )  # fmt: skip
    made.evidence.set(evidence)
    said = {"light": light.colour, "reason": made.reason, "evidence": [e.digest for e in evidence]}
    papers = Objection.evidence.through.objects.filter(objection=made)
    history.write(unit.government, by, "objection.raised", made, said, at=at, rows=[made, *papers])
    return made


@transaction.atomic
def decide_objection(
    objection: Objection, upheld: bool, decision: str, by: User, *, at: datetime | None = None
) -> Objection:
    """Decide an objection; upheld, the light is set to the rules' best colour, by hand and visibly so: as the one who
    objected asked, approved by who decides.

    Raises ValidationError where the decider took part (adopted the light's rules, had it computed, set it by hand, reviewed
    the report, raised the objection), without words, or where it is decided already.
    """
    require(may_decide_objection, by, objection)
    HistoryHead.objects.select_for_update().get(government=objection.government.pk)
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if row.state != Objection.State.RAISED:
        raise ValidationError(_("这份异议已经复核过了。"))
    if not decision.strip():
        raise ValidationError(_("请写明复核意见。"))
    if by.pk in took_part(row):
        raise ValidationError(_("参与过审核或亮灯的人须回避，请由他人复核。"))
    row.state = Objection.State.UPHELD if upheld else Objection.State.REFUSED
    row.decided_by, row.decided_at, row.decision = by, at or timezone.now(), decision.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    history.write(row.government, by, f"objection.{row.state}", row, {"decision": row.decision}, at=at, rows=[row])
    if upheld:
        best = parse(row.light.rule_set.content).colours[0].code
        why = _("异议成立：%(why)s") % {"why": row.decision}
        set_by_hand(row.light, best, why, asked_by=row.raised_by, approved_by=by, at=at)
    return row


def took_part(objection: Objection) -> set[int]:
    """Accounts that may not decide: who raised it, adopted the rules the light was judged by, had the period's lights
    computed, set the light by hand, or reviewed the report behind it."""
    light = objection.light
    people = {objection.raised_by_id}
    if light.rule_set.by_id is not None:
        people.add(light.rule_set.by_id)
    pressed = history.about(light.period).filter(verb="lights.computed", who__isnull=False)
    people.update(pressed.values_list("who", flat=True).order_by())
    for pair in light.overrides.values_list("asked_by", "approved_by"):
        people.update(pair)
    reports = Report.objects.filter(task=light.task_id, period=light.period_id)
    people.update(reports.exclude(reviews=None).values_list("reviews__by", flat=True))
    return people


@transaction.atomic
def withdraw_objection(objection: Objection, by: User, *, at: datetime | None = None) -> Objection:
    """The unit takes its objection back."""
    require(may_object, by, objection.light)
    HistoryHead.objects.select_for_update().get(government=objection.government.pk)
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if row.state != Objection.State.RAISED:
        raise ValidationError(_("这份异议已经复核过了。"))
    row.state = Objection.State.WITHDRAWN
    row.save(update_fields=["state"])
    history.write(row.government, by, "objection.withdrawn", row, {}, at=at, rows=[row])
    return row


def closed(tasks: Sequence[Task]) -> set[int]:
    """Those of the tasks that are closed now. One query."""
    last: dict[int, str] = {}
    for pk, kind in Closing.objects.filter(task__in=tasks).order_by("pk").values_list("task", "kind"):
        last[pk] = kind
    return {pk for pk, kind in last.items() if kind != Closing.Kind.REOPENED}


@transaction.atomic
def close(
    task: Task,
    by: User,
    *,
    verified_by: User,
    reason: str,
    evidence: Sequence[Evidence],
    day: date,
    at: datetime | None = None,
) -> Closing:
    """Close a task (销号): everything done, evidence, and a verifier who did not report it.

    Raises ValidationError naming what is missing.
    """
    require(may_close, by, task.plan)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    if task.pk in closed([task]):
        raise ValidationError(_("%(task)s 已经销号。") % {"task": task})
    if not reason.strip() or not evidence:
        raise ValidationError(_("销号要有依据和佐证材料。"))
    reporters = Report.objects.filter(task=task).values_list("drafted_by", "signed_by")
    if verified_by.pk in {pk for pair in reporters for pk in pair}:
        raise ValidationError(_("核实人不能是报告人。"))
    if verified_by.pk == by.pk:
        raise ValidationError(_("经办和核实不能是同一人。"))
    (judged,) = judged_tasks(task.plan, [task.pk])
    stands = standings(judged, facts_of(task.plan, [judged], day), day, closing=True)
    if open_ones := [s.label for s in stands if s.word is not Word.DONE]:
        raise ValidationError(_("还没有完成：%(what)s。") % {"what": "、".join(open_ones[:3])})
    return _closing(task, Closing.Kind.CLOSED, reason, by, verified_by, evidence, at)


@transaction.atomic
def reopen(task: Task, by: User, *, verified_by: User, reason: str, at: datetime | None = None) -> Closing:
    """Open a closed task again after a look back (回头看): its units are asked again, at once where a period is open, and
    what they said before counts as done no more. Raises ValidationError where it is not closed, or without a reason."""
    require(may_close, by, task.plan)
    HistoryHead.objects.select_for_update().get(government=task.government_id)
    if task.pk not in closed([task]):
        raise ValidationError(_("%(task)s 没有销号，不用重新打开。") % {"task": task})
    if not reason.strip():
        raise ValidationError(_("请写明回头看发现了什么。"))
    return _closing(task, Closing.Kind.REOPENED, reason, by, verified_by, (), at, ask_again(task, at=at))


def _closing(
    task: Task,
    kind: str,
    reason: str,
    by: User,
    verified_by: User,
    evidence: Sequence[Evidence],
    at: datetime | None,
    changed: Sequence[Model] = (),
) -> Closing:
    """Write it, with the entry that seals it and what else was ``changed``."""
    made = Closing.objects.create(
        task=task, kind=kind, reason=reason.strip()[:500], verified_by=verified_by, by=by, at=at or timezone.now()
    )
    made.evidence.set(evidence)
    said = {
        "kind": kind,
        "reason": made.reason,
        "verified_by": verified_by.username,
        "evidence": [e.digest for e in evidence],
    }
    rows = [made, *Closing.evidence.through.objects.filter(closing=made), *changed]
    history.write(task.government, by, f"task.{kind}", task, said, at=at, rows=rows)
    return made


@transaction.atomic
def carry_over(
    old: Plan, new: Plan, pairs: Sequence[tuple[Task, Task]], by: User, *, at: datetime | None = None
) -> int:
    """Roll the year over: an open task of the old plan goes on as a task of the new one, linked, never counted twice.

    Raises ValidationError for plans of other governments or years, or a task that is closed or carried already.
    """
    require(may_close, by, old)
    HistoryHead.objects.select_for_update().get(government=old.government_id)
    if new.government_id != old.government_id or new.year <= old.year:
        raise ValidationError(_("只能结转到本政府以后年度的台账。"))
    done = closed([before for before, _after in pairs])
    for before, after in pairs:
        if before.pk in done:
            raise ValidationError(_("%(task)s 已经销号或结转。") % {"task": before})
        if before.plan_id != old.pk or after.plan_id != new.pk or after.last_year_id not in (None, before.pk):
            raise ValidationError(_("%(task)s 不能结转到 %(after)s。") % {"task": before, "after": after})
        after.last_year = before
        after.save(update_fields=["last_year"])
        why = _("结转为 %(after)s") % {"after": after}
        _closing(before, Closing.Kind.CARRIED, why, by, by, (), at, [after])
    return len(pairs)
