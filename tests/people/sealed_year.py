"""A county with at least one row in every sealed table, all of them sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.db import models, transaction

from luoshi.cli.example import papers
from luoshi.documents.models import Correction
from luoshi.people import actions as people
from luoshi.people import history, post_actions
from luoshi.people.models import FormerCode
from luoshi.plans import adjustment_actions, set_up_actions
from luoshi.plans.models import Adjustment, Aim, Deliverable, Milestone, Plan, RosterPlace, Target, TaskLeader
from luoshi.progress import evidence_actions, light_actions, period_actions, report_actions, review_actions
from luoshi.progress.drafts import Change
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Evidence, Forecast, LightNote, Report, RosterTick, StageClaim
from luoshi.supervision import actions as supervision
from luoshi.supervision import override_actions
from luoshi.supervision.models import Closing, Objection
from tests.cast import Cast
from tests.year import issued

AT = datetime(2026, 4, 2, 1, tzinfo=UTC)
DAY = date(2026, 4, 2)


def sealed_year(cast: Cast) -> Plan:
    """One task's month by the rooms' own actions; what those would need a whole year for is put in and sealed here."""
    plan = issued(cast)
    set_up_actions.prepare(plan, cast.clerk, at=AT)
    _set_up(plan, cast)
    period_actions.set_rule(plan, {"month_day": 20}, cast.clerk, at=AT)
    period_actions.plan_periods(plan, at=AT)
    _month(plan, cast)
    _supervise(plan, cast)
    with transaction.atomic():
        history.write(cast.county, None, "admin.added", plan, {}, rows=list(_rest(plan, cast)), at=AT)
    return plan


def _set_up(plan: Plan, cast: Cast) -> None:
    flats = Target.objects.get(task__plan=plan, subject__contains="老旧小区")
    task = flats.task
    set_up_actions.open_roster(flats, cast.liaison, at=AT)
    other = task.targets.exclude(pk=flats.pk)[0]
    set_up_actions.set_nodes(task, other, [("签约", date(2026, 6, 1)), ("入住", date(2026, 9, 1))], cast.liaison, at=AT)
    set_up_actions.set_nodes(task, other, [("入住", date(2026, 9, 1))], cast.liaison, at=AT)  # those before are gone
    set_up_actions.hand_down(task, cast.units["望潮街道"], "摸排南片", cast.liaison, at=AT)
    set_up_actions.sign_off([task], cast.head, at=AT)
    adjustment_actions.set_window(plan, None, date(2026, 10, 31), cast.clerk, at=AT)
    adjustment_actions.ask(
        task, Adjustment.Field.DEADLINE, {"value": "2026-11-30"}, "雨季", cast.head, unit=cast.units["县住建局"], today=DAY,
        at=AT,
    )  # fmt: skip
    people.add_aliases(cast.units["县住建局"], ["住建"], cast.clerk)
    post = people.create_post(cast.county, "局长", "岑望舒", unit=cast.units["县住建局"], by=cast.clerk)
    post_actions.leave(post, date(2026, 2, 1), cast.clerk, at=AT)


def _month(plan: Plan, cast: Cast) -> None:
    march = plan.periods.get(name="2026-03")
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.second_clerk, at=AT)
    period_actions.open_period(march, at=AT)
    report = Report.objects.filter(unit=cast.units["县住建局"])[0]
    evidence_actions.attach(report, papers.letter("验收.pdf", ["三个小区已验收"]), cast.liaison, at=AT)
    other = report.task.targets.filter(schedule__roster=False)[0]
    place = RosterPlace.objects.filter(target__task=report.task)[0]
    changes = {
        f"target.{other.pk}": Change(None, {"value": "300"}),
        f"place.{place.pk}": Change(None, {"done": True}),
        "progress": Change(None, "完成三个"),
    }
    report_actions.save_draft(report, changes, cast.liaison, at=AT)
    report_actions.submit([report], cast.head, at=AT)
    review_actions.accept([Report.objects.select_related("task__plan").get(pk=report.pk)], cast.clerk, at=AT)
    period_actions.lock_period(march, at=AT)
    light_actions.compute(march, at=AT)


def _supervise(plan: Plan, cast: Cast) -> None:
    report = Report.objects.select_related("task__plan__government", "period", "unit").get(state="accepted")
    light = light_actions.newest(plan)[report.task_id]
    piece = Evidence.objects.get()
    supervision.object_to(light, report.unit, "下月补上", cast.head, today=DAY, evidence=[piece], at=AT)
    supervision.decide_objection(Objection.objects.get(), True, "属实", cast.leader, at=AT)
    override_actions.ask_override(light, "yellow", "还有两处没有完工", cast.clerk, at=AT)
    sample = supervision.draw_sample(report.period, 1, cast.clerk, seed="1号", at=AT)
    supervision.verify_report(
        report, cast.clerk, method="on_site", result="true", note="看过", on=DAY, sample=sample, at=AT
    )


def _rest(plan: Plan, cast: Cast) -> Iterator[models.Model]:
    """Rows of the other tables: what the document of this plan does not say, and what a closed year would have."""
    report = Report.objects.get(state="accepted")
    task, light = report.task, light_actions.newest(plan)[report.task_id]
    thing = Deliverable.objects.filter(task__plan=plan)[0]
    yield Correction.objects.create(
        reading=plan.reading, sequence=1, operation="set", path="/plans/1", after="2026", who=cast.clerk, at=AT
    )
    yield Aim.objects.create(task=task, kind=Aim.Kind.values[0], subject="房价", quote="房价只减不增")
    yield Milestone.objects.create(task=task, due="2026-Q2", text="完成过半")
    yield TaskLeader.objects.create(task=task, name="顾怀璟", post="副县长")
    yield FormerCode.objects.create(government=cast.county, code="990199", until=date(2020, 1, 1))
    yield StageClaim.objects.create(deliverable=thing, report=report, stage=thing.stage, on=DAY, at=AT)
    yield LightNote.objects.create(light=light, shown_as="green", text="已补上", at=AT)
    yield Forecast.objects.create(
        target=task.targets.all()[0], period=report.period, value=9, low=8, high=10, confidence="0.8", method="x", at=AT
    )
    closing = Closing.objects.create(
        task=task, kind="closed", reason="完成", verified_by=cast.second_clerk, by=cast.clerk, at=AT
    )
    closing.evidence.add(Evidence.objects.get())
    yield closing
    yield from Closing.evidence.through.objects.filter(closing=closing)
    assert RosterTick.objects.exists()
