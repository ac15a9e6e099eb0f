"""Lights of a whole period: from rows to colours, once, frozen, replayed, and set by hand only with approval."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luoshi.people import history
from luoshi.people.verifying import verify_rows
from luoshi.plans.models import Adjustment, Node, RosterPlace, Schedule, Target
from luoshi.progress import light_actions as actions
from luoshi.progress.goals import as_data, facts_of, from_data, judged_tasks, standings
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Light, LightNote, Measurement, Period, Report, ReportingRule, RosterTick, StageClaim
from luoshi.progress.period_actions import open_period, plan_periods, tasks_due
from tests.cast import Cast
from tests.year import issued

AT = datetime(2026, 7, 1, tzinfo=UTC)
FLATS, HOUSEHOLDS = "老旧小区", "居民"


@pytest.fixture
def plan(cast: Cast):
    plan = issued(cast)
    plan_periods(plan)
    plan.periods.filter(cutoff__lt=date(2026, 3, 1)).delete()
    actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk, basis="示例规则")
    return plan


def period(plan, name: str) -> Period:
    return plan.periods.select_related("plan__government").get(name=name)


def target(plan, words: str) -> Target:
    return Target.objects.get(task__plan=plan, subject__contains=words)


def measured(target: Target, value, on: date, basis="official", report=None) -> Measurement:
    return Measurement.objects.create(
        target=target, value=Decimal(str(value)), cutoff=on, basis=basis, at=AT, report=report
    )


def colours(plan, name: str) -> list[str]:
    held = actions.newest(plan, period(plan, name))
    return [actions.shown_colour(held[task.pk]) for task in plan.tasks.all()]


def test_without_figures_everything_is_grey_and_nothing_red(plan, cast: Cast):
    done = actions.compute(period(plan, "2026-06"), cast.clerk)
    assert done.tasks == 4 and set(colours(plan, "2026-06")) <= {"grey", "green"}


def test_figures_decide_and_the_reasons_stay(plan, cast: Cast):
    measured(target(plan, FLATS), 5, date(2026, 6, 25))
    measured(target(plan, HOUSEHOLDS), 400, date(2026, 6, 25))  # 1,690 due: 37 points behind
    actions.compute(period(plan, "2026-06"), cast.clerk)
    light = actions.newest(plan)[plan.tasks.all()[0].pk]
    assert (
        light.colour == "red"
        and light.reasons[0]["label"] == target(plan, HOUSEHOLDS).subject
        and light.reasons[0]["quote"]
    )
    assert "可转绿灯" in light.sentence and light.in_post.person == "顾怀璟"
    assert [from_data(s) for s in light.standings] == [from_data(dict(s)) for s in light.standings]


def test_computing_again_changes_nothing_and_a_closed_period_is_left_alone(plan, cast: Cast):
    june, july = period(plan, "2026-06"), period(plan, "2026-07")
    assert actions.compute(june, cast.clerk).written == 4
    assert actions.compute(june, cast.clerk).written == 0
    measured(target(plan, FLATS), 1, date(2026, 6, 20))
    assert actions.compute(june, cast.clerk).written == 1
    actions.compute(july, cast.clerk)
    with pytest.raises(ValidationError, match="不再改动"):
        actions.compute(june, cast.clerk)
    assert [e.verb for e in history.about(june)].count("lights.computed") == 2


def test_what_was_sent_back_does_not_count(plan, cast: Cast):
    june = period(plan, "2026-06")
    open_period(june)
    report = Report.objects.filter(period=june, task=plan.tasks.all()[0])[0]
    measured(target(plan, FLATS), 1, date(2026, 6, 20), report=report)
    task = judged_tasks(plan, [report.task_id])
    for state, counted in (("submitted", 1), ("returned", 0), ("accepted", 1)):
        Report.objects.filter(pk=report.pk).update(state=state)
        assert len(facts_of(plan, task, june.cutoff).figures) == counted


def test_an_approved_adjustment_changes_what_is_judged(plan, cast: Cast):
    flats = target(plan, FLATS)
    measured(flats, 3, date(2026, 6, 25))
    (task,) = judged_tasks(plan, [flats.task_id])
    june = date(2026, 6, 25)
    assert standings(task, facts_of(plan, [task], june), june)[0].behind > 20
    Adjustment.objects.create(
        task=task, target=flats, field="value", original={"value": "12"}, changed={"value": "6"}, reason="征收未完成",
        state="approved", unit=cast.units["县住建局"], asked_by=cast.liaison, asked_at=AT, effective_on=june,
    )  # fmt: skip
    assert standings(task, facts_of(plan, [task], june), june)[0].behind == 0


def test_a_stopped_task_is_not_asked_and_its_light_says_so(plan, cast: Cast):
    june, task = period(plan, "2026-06"), plan.tasks.first()
    assert task in tasks_due(june)
    Adjustment.objects.create(
        task=task, field="stop", original={"value": "open"}, changed={"value": "stopped"}, reason="规划调整",
        state="approved", unit=cast.units["县住建局"], asked_by=cast.liaison, asked_at=AT, effective_on=june.cutoff,
    )  # fmt: skip
    assert task not in tasks_due(june) and task in tasks_due(period(plan, "2026-05"))
    actions.compute(june, cast.clerk)
    assert actions.newest(plan, june)[task.pk].sentence == "已批准终止，不再评。"


def test_places_of_a_roster_are_counted_and_counted_off(plan):
    flats = target(plan, FLATS)
    Schedule.objects.create(target=flats, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), roster=True)
    places = [RosterPlace.objects.create(target=flats, name=f"小区{n}") for n in range(3)]
    for place in places:
        RosterTick.objects.create(place=place, on=date(2026, 5, 1), at=AT)
    (task,) = judged_tasks(plan, [flats.task_id])
    assert standings(task, facts_of(plan, [task], date(2026, 6, 25)), date(2026, 6, 25))[0].actual == 3
    RosterTick.objects.create(place=places[0], on=date(2026, 6, 1), at=AT, done=False)
    assert standings(task, facts_of(plan, [task], date(2026, 6, 25)), date(2026, 6, 25))[0].actual == 2


def test_nodes_and_claims(plan):
    task = next(t for t in judged_tasks(plan) if any("公园" in d.name for d in t.deliverables.all()))
    park = next(d for d in task.deliverables.all() if "公园" in d.name)
    Node.objects.create(task=task, deliverable=park, text="开工", due_on=date(2026, 4, 30))
    day = date(2026, 6, 25)

    def stand():
        (again,) = judged_tasks(task.plan, [task.pk])
        return standings(again, facts_of(task.plan, [again], day), day)[-1]

    assert (stand().word, stand().late_days, stand().node) == ("behind", 56, "开工")
    StageClaim.objects.create(deliverable=park, stage="break_ground", node=park.nodes.get(), on=date(2026, 6, 1), at=AT)
    assert stand().word == "on_schedule"
    claim = StageClaim.objects.create(deliverable=park, stage="in_use", on=date(2026, 6, 20), at=AT)
    assert stand().word == "done"  # beyond 建成
    StageClaim.objects.create(deliverable=park, stage=claim.stage, on=date(2026, 6, 21), at=AT, reached=False)
    assert stand().word == "on_schedule"


def test_a_light_set_by_hand_needs_reason_and_another_persons_approval(plan, cast: Cast):
    june = period(plan, "2026-06")
    measured(target(plan, FLATS), 1, date(2026, 6, 20))
    actions.compute(june, cast.clerk)
    light = actions.newest(plan)[plan.tasks.all()[0].pk]
    for reason, asked, approved, error in (
        (" ", cast.clerk, cast.leader, "理由"),
        ("雨季停工", cast.clerk, cast.clerk, "另一人"),
    ):
        with pytest.raises(ValidationError, match=error):
            actions.override(light, "green", reason, asked_by=asked, approved_by=approved)
    with pytest.raises(ValidationError, match="blue"):
        actions.override(light, "blue", "雨季停工", asked_by=cast.clerk, approved_by=cast.leader)
    with pytest.raises(PermissionDenied):
        actions.override(light, "green", "雨季停工", asked_by=cast.head, approved_by=cast.leader)
    actions.override(light, "green", "雨季停工", asked_by=cast.clerk, approved_by=cast.leader)
    assert colours(plan, "2026-06")[0] == "green" and Light.objects.get(pk=light.pk).colour == "red"
    assert history.verify_history(cast.county) == []


def test_a_light_set_by_hand_stays_so_when_computed_again_unless_the_figures_are_better(plan, cast: Cast):
    june, households = period(plan, "2026-06"), target(plan, HOUSEHOLDS)
    measured(households, 400, date(2026, 6, 25))
    actions.compute(june, cast.clerk)
    red = actions.newest(plan, june)[households.task_id]
    actions.override(red, "yellow", "汛期停工", asked_by=cast.clerk, approved_by=cast.leader)
    actions.adopt_rule_set(cast.county, FAMILIES["ratio"], cast.clerk)
    actions.compute(june, cast.clerk)
    again = actions.newest(plan, june)[households.task_id]
    assert again.pk != red.pk and (again.colour, actions.shown_colour(again)) == ("red", "yellow")
    measured(households, 3000, date(2026, 6, 25))
    actions.compute(june, cast.clerk)
    better = actions.newest(plan, june)[households.task_id]
    assert better.colour == actions.shown_colour(better) == "green"
    assert not [each for each in verify_rows(cast.county) if "改灯" in each.problem]


def test_one_quarterly_figure_does_not_count_three_times(plan, cast: Cast):
    rate = target(plan, HOUSEHOLDS)
    Target.objects.filter(pk=rate.pk).update(kind="growth", unit="%", value=6)
    measured(rate, "5.3", date(2026, 3, 31))
    for month in ("2026-04", "2026-05", "2026-06", "2026-07"):
        actions.compute(period(plan, month), cast.clerk)
        assert actions.newest(plan)[rate.task_id].colour == "yellow"
    measured(rate, "5.2", date(2026, 6, 30))
    actions.compute(period(plan, "2026-08"), cast.clerk)
    assert actions.newest(plan)[rate.task_id].colour == "yellow"
    measured(rate, "5.1", date(2026, 8, 31))
    for month in ("2026-09", "2026-10"):  # and the third stays what it made
        actions.compute(period(plan, month), cast.clerk)
        assert actions.newest(plan)[rate.task_id].colour == "red"


def test_another_rule_set_may_be_tried_on_the_past(plan, cast: Cast):
    june = period(plan, "2026-06")
    measured(target(plan, FLATS), 4, date(2026, 6, 25))  # 5.8 due: 15 points behind, 69 per cent of it
    actions.compute(june, cast.clerk)
    before = Light.objects.count()
    tried = {r.light.task_id: r for r in actions.replay([june], FAMILIES["ratio"])}
    first = tried[plan.tasks.all()[0].pk]
    assert first.light.colour == "yellow" and first.colour == "yellow" and "80%" in first.sentence
    assert Light.objects.count() == before
    with pytest.raises(ValidationError):
        actions.replay([june], {})


def test_a_red_caught_up_later_keeps_its_colour_and_gets_a_note(plan, cast: Cast):
    households = target(plan, HOUSEHOLDS)
    first = plan.tasks.all()[0]

    def noted() -> list[tuple[str, str, str]]:
        rows = Light.objects.filter(task=first).order_by("pk")
        return [(light.period.name, light.colour, note.shown_as) for light in rows for note in light.notes.all()]

    measured(target(plan, FLATS), 12, date(2026, 4, 25))
    measured(households, 100, date(2026, 5, 25))
    actions.compute(period(plan, "2026-05"), cast.clerk)
    measured(households, 2900, date(2026, 6, 25))
    actions.compute(period(plan, "2026-06"), cast.clerk)
    assert noted() == []  # the plan is not kept so
    ReportingRule.objects.create(plan=plan, caught_up_note=True)
    measured(households, 3000, date(2026, 7, 20), basis="estimated")
    actions.compute(period(plan, "2026-07"), cast.clerk)
    assert noted() == [("2026-05", "red", "yellow")]
    note = LightNote.objects.get()
    assert "2026-07 补上" in note.text and "现有 2900" in note.text and "记为黄灯" in note.text
    actions.compute(period(plan, "2026-08"), cast.clerk)
    assert noted() == [("2026-05", "red", "yellow")]  # once
    assert [e.verb for e in history.about(period(plan, "2026-07"))][-1] == "lights.caught_up"
    assert history.verify_history(cast.county) == []
    assert not [each for each in verify_rows(cast.county) if "附注" in each.problem]  # it is sealed in the history


def test_what_is_not_caught_up_or_set_by_hand_gets_no_note(plan, cast: Cast):
    ReportingRule.objects.create(plan=plan, caught_up_note=True)
    households = target(plan, HOUSEHOLDS)
    measured(households, 100, date(2026, 5, 25))
    actions.compute(period(plan, "2026-05"), cast.clerk)
    measured(households, 1000, date(2026, 6, 25))  # 1,386 were due at the end of May
    actions.compute(period(plan, "2026-06"), cast.clerk)
    measured(households, 1000, date(2026, 7, 25))
    measured(households, 3500, date(2026, 7, 25), basis="estimated")
    actions.compute(period(plan, "2026-07"), cast.clerk)
    assert not LightNote.objects.exists()
    may = Light.objects.get(task=households.task, period__name="2026-05")
    actions.override(may, "red", "约谈过", asked_by=cast.clerk, approved_by=cast.leader)
    measured(households, 3500, date(2026, 8, 25))
    actions.compute(period(plan, "2026-08"), cast.clerk)
    assert [note.light.period.name for note in LightNote.objects.order_by("pk")] == ["2026-07"]


def test_rule_sets_have_versions(plan, cast: Cast):
    second = actions.adopt_rule_set(cast.county, FAMILIES["ratio"], cast.clerk)
    assert second.version == 2 and actions.rule_set_of(plan) == second
    with pytest.raises(ValidationError, match="写错"):
        actions.adopt_rule_set(cast.county, {"family": "x"}, cast.clerk)
    with pytest.raises(PermissionDenied):
        actions.adopt_rule_set(cast.county, FAMILIES["ratio"], cast.head)


def test_a_county_without_rules_is_told_so(cast: Cast):
    plan = issued(cast)
    plan_periods(plan)
    with pytest.raises(ValidationError, match="亮灯规则"):
        actions.compute(period(plan, "2026-06"))


def test_computing_asks_no_more_queries_for_more_tasks(cast: Cast):
    actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    counts = []
    for size in (4, 60):
        plan = issued(cast, size, name=f"{size}.txt")
        plan_periods(plan)
        for each in Target.objects.filter(task__plan=plan):
            measured(each, 1, date(2026, 6, 20))
        with CaptureQueriesContext(connection) as asked:
            actions.compute(period(plan, "2026-06"))
        counts.append(len([q for q in asked.captured_queries if not q["sql"].startswith("INSERT")]))
    assert counts[0] == counts[1] <= 26


def test_a_standing_survives_the_database(plan):
    measured(target(plan, FLATS), 4, date(2026, 6, 25))
    day = date(2026, 6, 25)
    tasks = judged_tasks(plan)
    facts = facts_of(plan, tasks, day)
    for task in tasks:
        for standing in standings(task, facts, day):
            assert from_data(as_data(standing)) == standing


def test_plans_computed_together_get_the_lights_each_would_get_alone(cast: Cast):
    actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    plans = [issued(cast, size, name=f"{size}.txt") for size in (6, 30)]
    for each in plans:
        plan_periods(each)
        for number, one in enumerate(Target.objects.filter(task__plan=each)):
            measured(one, number, date(2026, 6, 20))
    months = [period(each, "2026-06") for each in plans]

    def rows() -> list[tuple[object, ...]]:
        return list(Light.objects.order_by("task").values_list("task", "period", "colour", "sentence", "standings"))

    with transaction.atomic():
        done = [actions.compute(month, at=AT) for month in months]
        alone = rows()
        transaction.set_rollback(True)
    with CaptureQueriesContext(connection) as asked:
        assert actions.compute_together(months, at=AT) == done
    assert alone and rows() == alone
    assert sum('FROM "progress_measurement"' in q["sql"] for q in asked.captured_queries) == 1
    assert not history.verify_history(cast.county)


def test_of_plans_computed_together_all_are_lit_or_none(cast: Cast):
    actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    first, second = [issued(cast, 4, name=f"{name}.txt") for name in "ab"]
    for each in (first, second):
        plan_periods(each)
    actions.compute(period(second, "2026-07"), at=AT)
    with pytest.raises(ValidationError, match="下一期"):
        actions.compute_together([period(first, "2026-06"), period(second, "2026-06")], at=AT)
    assert not Light.objects.filter(period__plan=first).exists()
