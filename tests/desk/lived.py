"""A task that has lived through months: reports, returns, evidence, lights, an override, an objection, an adjustment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import transaction

from luoshi.cli.example.papers import letter
from luoshi.people import history
from luoshi.plans import adjustment_actions
from luoshi.plans.models import Adjustment, DoneTest, Plan, Schedule, SubTask, Target, Task
from luoshi.progress import evidence_actions, light_actions, report_actions, review_actions
from luoshi.progress.drafts import Change
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Report, ReportingRule
from luoshi.progress.period_actions import open_period, plan_periods
from luoshi.supervision import actions
from tests.cast import Cast
from tests.year import issued

FIRST = 3  # the first month that is reported


def begun(cast: Cast) -> Plan:
    """The plan with its periods, rules and set-up, before anything is reported."""
    plan = issued(cast)
    plan_periods(plan)
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk, basis="澜政办发〔2026〕2号")
    ReportingRule.objects.update_or_create(plan=plan, defaults={"by_risk": False})
    task = the_task(plan)
    target = counted(task)
    Schedule.objects.update_or_create(
        target=target,
        defaults={
            "curve": "quarters", "points": [10, 40, 70, 100], "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31), "data_source": "县住建局验收台账", "lag_days": 5,
        },
    )  # fmt: skip
    DoneTest.objects.create(
        task=task, target=target, word="改造", sentence="竣工验收合格", source="office", confirmed_by=cast.clerk,
        confirmed_at=stamp(FIRST),
    )  # fmt: skip
    for n, (unit, share) in enumerate((("望潮街道", 5), ("县城投集团", 6))):
        name = f"第 {n + 1} 片"
        SubTask.objects.create(task=task, unit=cast.units[unit], target=target, value=share, text=name, order=n)
    with transaction.atomic():
        rows = [ReportingRule.objects.get(plan=plan), target.schedule, *task.done_tests.all(), *task.sub_tasks.all()]
        history.write(cast.county, None, "admin.added", plan, {}, rows=rows)
    return plan


def the_task(plan: Plan) -> Task:
    """The one that lives through it all."""
    return plan.tasks.order_by("order")[0]


def counted(task: Task) -> Target:
    """Its counted target: 老旧小区12个."""
    return Target.objects.get(task=task, subject__contains="老旧小区")


def stamp(month: int, day: int = 26) -> datetime:
    """A moment in that month."""
    return datetime(2026, month, day, 2, tzinfo=UTC)


def report_of(plan: Plan, month: int) -> Report:
    """The lead's report of the task in a month."""
    return Report.objects.select_related("task__plan", "period", "unit").get(
        task=the_task(plan), period__name=f"2026-{month:02d}", part="lead"
    )


def live(plan: Plan, cast: Cast, months: Iterable[int]) -> None:
    """Each of these months with everything in it."""
    for month in months:
        period = plan.periods.get(name=f"2026-{month:02d}")
        open_period(period, at=stamp(month, 16))
        paper = letter(f"验收{month}.pdf", [f"{month} 月验收"])
        report = report_of(plan, month)
        evidence_actions.attach(report, paper, cast.liaison, kind="acceptance", source="县住建局", at=stamp(month, 20))
        _report(plan, cast, month, "误报", month + 1)
        review_actions.send_back(report_of(plan, month), "数字含未验收的", cast.clerk, at=stamp(month, 23))
        _report(plan, cast, month, "更正后", month - 2)
        review_actions.accept([report_of(plan, month)], cast.clerk, at=stamp(month, 25))
        actions.verify_report(
            report_of(plan, month), cast.second_clerk, method="on_site", result="true", note="抽两个小区，相符",
            on=date(2026, month, 26), at=stamp(month),
        )  # fmt: skip
        _judge(plan, cast, month)
        _adjust(plan, cast, month)


def _report(plan: Plan, cast: Cast, month: int, text: str, value: int) -> None:
    said = {
        "progress": Change(None, f"{month} 月{text}：小区改造进场施工"),
        "problem": Change(None, f"{month} 月缺管道"),
        f"target.{counted(the_task(plan)).pk}": Change(None, {"value": str(value), "source": "验收台账"}),
    }
    report = report_of(plan, month)
    held = {name: Change((report.draft.get(name) or {}).get("value"), each.value) for name, each in said.items()}
    report_actions.save_draft(report, held, cast.liaison, at=stamp(month, 21))
    report_actions.submit([report_of(plan, month)], cast.head, at=stamp(month, 22))


def _judge(plan: Plan, cast: Cast, month: int) -> None:
    period, unit, day = plan.periods.get(name=f"2026-{month:02d}"), cast.units["县住建局"], date(2026, month, 27)
    light_actions.compute(period, at=stamp(month, 27))
    light = light_actions.newest(plan, period)[the_task(plan).pk]
    objection = actions.object_to(light, unit, "管道涨价，非本单位原因", cast.head, today=day, at=stamp(month, 27))
    actions.decide_objection(objection, False, "理由不足", cast.second_clerk, at=stamp(month, 28))
    light_actions.override(light, "green", "已追上", asked_by=cast.clerk, approved_by=cast.leader, at=stamp(month, 28))


def _adjust(plan: Plan, cast: Cast, month: int) -> None:
    task, day, at = the_task(plan), date(2026, month, 28), stamp(month, 28)
    changed = adjustment_actions.ask(
        task, "value", {"value": str(20 - month - (month > 7))}, "资金未到位", cast.head, unit=cast.units["县住建局"],
        target=counted(task), today=day, at=at,
    )  # fmt: skip
    adjustment_actions.review(changed, True, "同意", cast.leader, at=at)
    asked = Adjustment.objects.get(pk=changed.pk)
    adjustment_actions.decide(asked, True, "批准", cast.clerk, effective_on=day, at=at)
