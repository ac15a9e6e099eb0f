"""Review, sample, verification, objection, closing, roll-over: who may, who must keep out, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cli.example.papers import letter
from luoshi.people import history
from luoshi.people.verifying import verify_rows
from luoshi.plans.models import Deliverable, Target
from luoshi.progress import evidence_actions, light_actions, report_actions, review_actions
from luoshi.progress.drafts import Change
from luoshi.progress.goals import facts_of, judged_tasks
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Evidence, Message, Report
from luoshi.progress.period_actions import lock_period, open_period, plan_periods
from luoshi.supervision import actions
from luoshi.supervision.models import Objection
from tests.cast import Cast
from tests.year import issued

MARCH = date(2026, 3, 26)
AT = datetime(2026, 3, 26, 2, tzinfo=UTC)


@pytest.fixture
def plan(cast: Cast):
    plan = issued(cast)
    plan_periods(plan)
    plan.periods.filter(cutoff__lt=date(2026, 3, 1)).delete()
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    open_period(plan.periods.get(name="2026-03"))
    return plan


def report_of(plan, number=0, name="2026-03") -> Report:
    return Report.objects.select_related("task__plan", "period", "unit").get(
        task=plan.tasks.all()[number], period__name=name, part="lead"
    )


def send(plan, cast: Cast, number=0, name="2026-03", text="已完成摸排并进场施工，群众反映良好", **figures) -> Report:
    changes = {"progress": Change(None, text)}
    for words, value in figures.items():
        target = Target.objects.get(task__plan=plan, subject__contains=words)
        changes[f"target.{target.pk}"] = Change(None, {"value": str(value)})
    report = report_of(plan, number, name)
    report_actions.save_draft(report, changes, cast.liaison)
    return report_actions.submit([report], cast.head)[0]


def light_of(plan, cast: Cast):
    light_actions.compute(plan.periods.get(name="2026-03"), at=AT)
    return light_actions.newest(plan)[plan.tasks.all()[0].pk]


def test_accepting_keeps_what_the_checks_showed(plan, cast: Cast):
    send(plan, cast, 老旧小区=5)
    review_actions.accept([report_of(plan)], cast.clerk)
    open_period(plan.periods.get(name="2026-04"))
    send(plan, cast, name="2026-04", 老旧小区=5)
    (review,) = review_actions.accept([report_of(plan, name="2026-04")], cast.clerk)
    assert [c["code"] for c in review.checks] == ["copied"]
    assert report_of(plan).state == "accepted"
    with pytest.raises(ValidationError, match="不能审核"):
        review_actions.accept([report_of(plan)], cast.clerk)


def test_returning_needs_a_reason_tells_the_unit_and_stops_the_figures(plan, cast: Cast):
    sent = send(plan, cast, 老旧小区=5)
    with pytest.raises(ValidationError, match="理由"):
        review_actions.send_back(sent, " ", cast.clerk)
    review_actions.send_back(report_of(plan), "请附验收单", cast.clerk)
    again = report_of(plan)
    assert again.state == "returned" and again.draft["progress"]["value"]
    assert "请附验收单" in Message.objects.get(unit=again.unit, kind="returned").text
    tasks = judged_tasks(plan, [again.task_id])
    assert not facts_of(plan, tasks, date(2026, 12, 31)).figures
    report_actions.submit([again], cast.head)
    assert len(facts_of(plan, tasks, date(2026, 12, 31)).figures) == 1


def test_nobody_reviews_his_own_report_or_without_the_right(plan, cast: Cast):
    sent = send(plan, cast)
    with pytest.raises(PermissionDenied):
        review_actions.accept([sent], cast.head)
    Report.objects.filter(pk=sent.pk).update(signed_by=cast.clerk)
    with pytest.raises(ValidationError, match="由别人审核"):
        review_actions.accept([report_of(plan)], cast.clerk)
    review_actions.accept([report_of(plan)], cast.second_clerk)


def test_the_co_unit_is_asked(plan, cast: Cast):
    sent = send(plan, cast)
    review_actions.ask_co_unit(sent, cast.units["望潮街道"], "哪几个小区没有进场？", cast.clerk)
    assert report_of(plan).state == "submitted" and Message.objects.filter(unit=cast.units["望潮街道"]).exists()
    with pytest.raises(ValidationError, match="不是这条任务"):
        review_actions.ask_co_unit(report_of(plan), cast.units["县教育局"], "？", cast.clerk)


def test_after_the_lock_a_return_or_a_question_is_the_leave_to_answer(plan, cast: Cast):
    sent, co_unit = send(plan, cast, 老旧小区=5), cast.units["望潮街道"]
    lock_period(plan.periods.get(name=sent.period.name))
    with pytest.raises(ValidationError, match="已锁定"):
        report_actions.take_back(report_of(plan), cast.head)
    review_actions.ask_co_unit(report_of(plan), co_unit, "哪几个小区没有进场？", cast.clerk)
    part = Report.objects.get(task=sent.task, period=sent.period, unit=co_unit)
    assert (part.part, part.late_reason, part.late_allowed_by) == ("co", "哪几个小区没有进场？", cast.clerk)
    review_actions.send_back(report_of(plan), "请附验收单", cast.clerk)
    report_actions.submit([report_of(plan)], cast.head)
    assert report_of(plan).state == "submitted" and report_of(plan).late_reason == "请附验收单"
    assert not [found for found in verify_rows(cast.county) if "“报告”" in found.problem]


def test_evidence_of_another_month_is_shown(plan, cast: Cast):
    def paper():
        return letter("验收.pdf", ["一"])

    evidence_actions.attach(report_of(plan), paper(), cast.liaison)
    evidence_actions.attach(report_of(plan, 1), paper(), cast.liaison)  # the same month: as it should be
    send(plan, cast)
    assert not review_actions.checks_of([report_of(plan)])[report_of(plan).pk]
    open_period(plan.periods.get(name="2026-04"))
    evidence_actions.attach(report_of(plan, 0, "2026-04"), paper(), cast.liaison)
    later = send(plan, cast, name="2026-04", text="本月转入竣工验收阶段，完成资料归档工作")
    (check,) = review_actions.checks_of([report_of(plan, 0, "2026-04")])[later.pk]
    assert check.code == "evidence_before" and any("2026-03" in said for said in check.said["reports"])


def test_checks_ask_no_more_queries_for_more_reports(plan, cast: Cast):
    reports = [send(plan, cast, number) for number in (0, 1)]
    counts = []
    for some in (reports[1:], reports):
        rows = list(Report.objects.filter(pk__in=[r.pk for r in some]).select_related("task__plan", "period", "unit"))
        with CaptureQueriesContext(connection) as asked:
            review_actions.checks_of(rows)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_sample_can_be_drawn_again_and_nobody_chooses(plan, cast: Cast):
    for number in (0, 1):
        send(plan, cast, number)
    period = plan.periods.get(name="2026-03")
    one = actions.draw_sample(period, 1, cast.clerk, seed="2026040101")
    assert actions.draw_sample(period, 1, cast.second_clerk, seed="2026040101").reports == one.reports
    assert one.population == 2
    for size, seed, said in ((0, "x", "1 到 2"), (3, "x", "1 到 2"), (1, " ", "种子")):
        with pytest.raises(ValidationError, match=said):
            actions.draw_sample(period, size, cast.clerk, seed=seed)
    found = actions.verify_report(
        report_of(plan), cast.clerk, method="on_site", result="partly", note="两个小区未进场", on=MARCH, sample=one
    )
    assert found.get_result_display() == "部分属实"
    with pytest.raises(PermissionDenied):
        actions.verify_report(report_of(plan), cast.head, method="on_site", result="true", note="属实", on=MARCH)


def test_an_objection_is_decided_by_somebody_who_took_no_part(plan, cast: Cast):
    send(plan, cast, 老旧小区=0)
    review_actions.accept([report_of(plan)], cast.clerk)
    light = light_of(plan, cast)
    unit = cast.units["县住建局"]
    assert light.colour == "yellow"
    with pytest.raises(ValidationError, match="异议期"):
        actions.object_to(light, unit, "雨季停工", cast.head, today=date(2026, 4, 20))
    objection = actions.object_to(light, unit, "雨季停工，已报备", cast.head, today=MARCH, at=AT)
    with pytest.raises(ValidationError, match="已有一份"):
        actions.object_to(light, unit, "再提", cast.head, today=MARCH)
    with pytest.raises(ValidationError, match="回避"):
        actions.decide_objection(objection, True, "属实", cast.clerk)
    with pytest.raises(PermissionDenied):
        actions.decide_objection(objection, True, "属实", cast.head)
    decided = actions.decide_objection(objection, True, "有气象证明", cast.second_clerk)
    assert decided.state == Objection.State.UPHELD
    assert light_actions.shown_colour(light_actions.newest(plan)[light.task_id]) == "green"
    with pytest.raises(ValidationError, match="已经复核"):
        actions.withdraw_objection(objection, cast.head)
    assert history.verify_history(cast.county) == []


def test_closing_needs_everything_done_evidence_and_another_verifier(plan, cast: Cast):
    task = plan.tasks.all()[0]
    evidence_actions.attach(report_of(plan), letter("验收.pdf", ["二"]), cast.liaison)
    papers = list(Evidence.objects.all())
    good: dict[str, Any] = {
        "verified_by": cast.second_clerk,
        "reason": "验收合格",
        "evidence": papers,
        "day": date(2026, 12, 31),
    }
    with pytest.raises(ValidationError, match="还没有完成"):
        actions.close(task, cast.clerk, **good)
    send(plan, cast, 老旧小区=12, 居民=3600)
    for change, said in (
        ({"evidence": []}, "佐证"),
        ({"verified_by": cast.head}, "报告人"),
        ({"verified_by": cast.clerk}, "同一人"),
    ):
        with pytest.raises(ValidationError, match=said):
            actions.close(task, cast.clerk, **{**good, **change})
    actions.close(task, cast.clerk, **good)
    assert actions.closed([task]) == {task.pk}
    with pytest.raises(ValidationError, match="已经销号"):
        actions.close(task, cast.clerk, **good)
    actions.reopen(task, cast.clerk, verified_by=cast.second_clerk, reason="回头看发现两户未改")
    assert actions.closed([task]) == set()


def test_an_open_task_goes_on_next_year_and_is_linked(plan, cast: Cast):
    from luoshi.plans.models import Plan

    later = issued(cast, name="later.txt", count=3)
    Plan.objects.filter(pk=later.pk).update(year=2027)
    later.refresh_from_db()
    pair = (plan.tasks.all()[1], later.tasks.all()[1])
    assert actions.carry_over(plan, later, [pair], cast.clerk) == 1
    pair[1].refresh_from_db()
    assert pair[1].last_year == pair[0] and actions.closed([pair[0]]) == {pair[0].pk}
    with pytest.raises(ValidationError, match="已经销号或结转"):
        actions.carry_over(plan, later, [pair], cast.clerk)
    with pytest.raises(ValidationError, match="以后年度"):
        actions.carry_over(later, plan, [], cast.clerk)
    assert Deliverable.objects.filter(task=pair[1]).exists()
