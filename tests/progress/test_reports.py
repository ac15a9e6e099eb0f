"""Reports: typed by two, merged; signed, sent in, taken back, late; figures become rows that stay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from luoshi.people import history
from luoshi.people.actions import add_member, create_user
from luoshi.people.models import Post, Tenure
from luoshi.plans.models import Deliverable, Target
from luoshi.progress import report_actions as actions
from luoshi.progress.drafts import Change, merge
from luoshi.progress.goals import facts_of, judged_tasks
from luoshi.progress.models import Measurement, Report
from luoshi.progress.period_actions import lock_period, open_period, plan_periods
from tests.cast import PASSWORD, Cast
from tests.year import issued


@pytest.fixture
def plan(cast: Cast):
    plan = issued(cast)
    plan_periods(plan)
    for name in ("2026-03", "2026-04"):
        open_period(plan.periods.get(name=name))
    return plan


def report_of(plan, name="2026-03", number=0, unit="县住建局") -> Report:
    return Report.objects.get(task=plan.tasks.all()[number], period__name=name, unit__short_name=unit)


def typed(**fields) -> dict[str, Change]:
    return {name.replace("__", "."): Change(None, value) for name, value in fields.items()}


def figure(plan, value, words="老旧小区", **more) -> dict[str, Change]:
    target = Target.objects.get(task__plan=plan, subject__contains=words)
    return {f"target.{target.pk}": Change(None, {"value": str(value), **more})}


def send(plan, cast: Cast, changes, name="2026-03", number=0) -> Report:
    report = report_of(plan, name, number)
    actions.save_draft(report, changes, cast.liaison)
    return actions.submit([report], cast.head)[0]


def test_liaison_drafts_head_signs_and_the_record_says_all(plan, cast: Cast):
    report = report_of(plan)
    saved = actions.save_draft(report, typed(progress=" 完成前期摸排 ") | figure(plan, "１,200.5"), cast.liaison)
    assert (saved.version, saved.report.state) == (1, "draft")
    with pytest.raises(PermissionDenied):
        actions.submit([report], cast.liaison)
    sent = actions.submit([report], cast.head)[0]
    assert (sent.state, sent.progress, sent.signed_by, sent.draft) == ("submitted", "完成前期摸排", cast.head, {})
    row = Measurement.objects.get(report=sent)
    assert (row.value, row.cutoff, row.basis, row.by) == (Decimal("1200.5"), date(2026, 3, 25), "official", cast.head)
    (entry,) = history.about(sent)
    assert entry.verb == "report.submitted" and "1200.5" in entry.content


def test_where_no_head_has_an_account_the_liaison_signs(plan, cast: Cast):
    liaison = create_user("wen", "温知年", PASSWORD)
    add_member(cast.county, liaison, "liaison", cast.units["县教育局"])
    report = report_of(plan, number=2, unit="县教育局")
    actions.save_draft(report, typed(progress="已选址"), liaison)
    assert actions.submit([report], liaison)[0].state == "submitted"


def test_only_the_unit_itself_writes(plan, cast: Cast):
    for user in (cast.clerk, cast.leader, cast.auditor, cast.outsider):
        with pytest.raises(PermissionDenied):
            actions.save_draft(report_of(plan), typed(progress="x"), user)


def test_lines_that_look_alike_are_merged_where_they_were_changed():
    base = "\n".join(f"第{n}处：" for n in range(20))
    draft, version = merge({}, 0, {"progress": Change("", base)}, by=99, at="t").draft, 1
    for n in range(20):
        mine = base.replace(f"第{n}处：", f"第{n}处：已办{n}件")
        done = merge(draft, version, {"progress": Change(base, mine)}, by=n, at="t")
        draft, version = done.draft, done.version
        assert not done.theirs
    assert draft["progress"]["value"].split("\n") == [f"第{n}处：已办{n}件" for n in range(20)]


def test_two_people_typing_are_merged_and_nothing_is_lost(plan, cast: Cast):
    report = report_of(plan)
    start = actions.save_draft(report, typed(progress="甲小区完成。乙小区推进。", problem="无"), cast.liaison)
    base = "甲小区完成。乙小区推进。"
    actions.save_draft(report, {"progress": Change(base, "甲小区完成验收。乙小区推进。")}, cast.liaison)
    saved = actions.save_draft(report, {"progress": Change(base, "甲小区完成。乙小区推进，丙小区开工。")}, cast.head)
    assert saved.merged["progress"] == "甲小区完成验收。乙小区推进，丙小区开工。" and not saved.theirs
    assert saved.version == start.version + 2


def test_of_two_figures_the_later_holds_and_the_other_is_kept_beside(plan, cast: Cast):
    first = merge({}, 0, {"target.1": Change(None, {"value": "5"})}, by=1, at="t1")
    second = merge(first.draft, first.version, {"target.1": Change(None, {"value": "6"})}, by=2, at="t2")
    assert second.draft["target.1"]["value"] == {"value": "6"} and second.theirs == {"target.1": {"value": "5"}}
    assert second.draft["target.1"]["lost"] == [{"value": {"value": "5"}, "by": 1, "at": "t1"}]
    again = merge(second.draft, second.version, {"target.1": Change({"value": "6"}, {"value": "6"})}, by=1, at="t3")
    assert again.version == second.version


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"progress": Change("", "长" * 5001)}, "5000 字"),
        ({"unchanged": Change(None, "yes")}, "无变化"),
        ({"state": Change(None, "accepted")}, "没有这一格"),
        ({"target.x": Change(None, {})}, "没有这一格"),
        ({"target.1": Change(None, "5")}, "没有这一格"),
    ],
)
def test_what_cannot_be_typed_is_refused_in_words(plan, cast: Cast, changes, said):
    with pytest.raises(ValidationError, match=said):
        actions.save_draft(report_of(plan), changes, cast.liaison)


@pytest.mark.parametrize(
    "value, said",
    [
        ({"value": "十二"}, "不是数字"),
        ({"value": "1e400"}, "太大"),
        ({"value": "NaN"}, "太大|不是数字"),
        ({"value": "5", "basis": "guess"}, "正式数或预计数"),
        ({"value": "5", "cutoff": "2026-04-30"}, "不能晚于"),
        ({"value": "5", "cutoff": "三月"}, "不是日期"),
    ],
)
def test_what_cannot_be_submitted_is_refused_and_the_draft_kept(plan, cast: Cast, value, said):
    target = Target.objects.filter(task=report_of(plan).task)[0]
    actions.save_draft(report_of(plan), {f"target.{target.pk}": Change(None, value)}, cast.liaison)
    with pytest.raises(ValidationError, match=said):
        actions.submit([report_of(plan)], cast.head)
    assert report_of(plan).state == "draft" and report_of(plan).draft and not Measurement.objects.exists()


def test_a_foreign_target_is_refused(plan, cast: Cast):
    foreign = Target.objects.filter(task=plan.tasks.all()[1])[0]
    actions.save_draft(report_of(plan), {f"target.{foreign.pk}": Change(None, {"value": "5"})}, cast.liaison)
    with pytest.raises(ValidationError, match="没有第"):
        actions.submit([report_of(plan)], cast.head)


def test_an_empty_report_is_refused_and_several_go_all_or_none(plan, cast: Cast):
    first, second = report_of(plan), report_of(plan, number=1)
    actions.save_draft(first, typed(progress="推进"), cast.liaison)
    with pytest.raises(ValidationError, match="无变化"):
        actions.submit([first, second], cast.head)
    assert report_of(plan).state == "draft"


def test_unchanged_needs_a_report_before(plan, cast: Cast):
    actions.save_draft(report_of(plan), typed(unchanged=True), cast.liaison)
    with pytest.raises(ValidationError, match="还没有报过"):
        actions.submit([report_of(plan)], cast.head)
    send(plan, cast, typed(progress="已进场", unchanged=False))
    sent = send(plan, cast, typed(unchanged=True), name="2026-04")
    assert sent.unchanged and sent.progress == "已进场"


def test_unchanged_and_a_figure_together_are_refused_and_nothing_typed_is_lost(plan, cast: Cast):
    send(plan, cast, figure(plan, 12))
    report = report_of(plan, "2026-04")
    actions.save_draft(report, figure(plan, "28.3"), cast.liaison)
    actions.save_draft(report, typed(unchanged=True), cast.liaison)
    with pytest.raises(ValidationError, match="又填了数据"):
        actions.submit([report], cast.head)
    report.refresh_from_db()
    assert "28.3" in str(report.draft)


def test_a_successor_named_ahead_does_not_answer_for_what_is_sent_before(plan, cast: Cast):
    post = Post.objects.create(government=cast.county, unit=cast.units["县住建局"], title="局长")
    old = Tenure.objects.create(post=post, person="甲", until=date(2099, 12, 31))
    Tenure.objects.create(post=post, person="乙", since=date(2100, 1, 1))
    assert send(plan, cast, typed(progress="已进场")).in_post == old


def test_a_cumulative_figure_that_fell_needs_a_reason(plan, cast: Cast):
    send(plan, cast, figure(plan, 5))
    with pytest.raises(ValidationError, match="更正原因"):
        send(plan, cast, figure(plan, 4), name="2026-04")
    assert send(plan, cast, figure(plan, 4, note="三月多计一个"), name="2026-04").state == "submitted"


def test_what_is_taken_back_does_not_count_and_comes_back_as_draft(plan, cast: Cast):
    sent = send(plan, cast, figure(plan, 5) | typed(progress="五个完工"))
    tasks = judged_tasks(plan, [sent.task_id])
    taken = actions.take_back(sent, cast.head)
    assert taken.state == "draft" and not facts_of(plan, tasks, date(2026, 12, 31)).figures
    key = next(name for name in taken.draft if name.startswith("target."))
    assert taken.draft[key]["value"]["value"] == "5" and taken.draft["progress"]["value"] == "五个完工"
    actions.save_draft(taken, {key: Change(taken.draft[key]["value"], None)}, cast.liaison)
    actions.submit([taken], cast.head)
    assert not facts_of(plan, tasks, date(2026, 12, 31)).figures  # the figure of the first round stays gone
    assert Measurement.objects.count() == 1
    with pytest.raises(ValidationError, match=r"不能再改"):
        actions.save_draft(taken, typed(progress="x"), cast.liaison)


def test_late_entry_goes_through_the_office_and_says_so(plan, cast: Cast):
    lock_period(plan.periods.get(name="2026-03"))
    with pytest.raises(ValidationError, match="已锁定"):
        actions.save_draft(report_of(plan), typed(progress="补报"), cast.liaison)
    with pytest.raises(ValidationError, match="理由"):
        actions.allow_late(report_of(plan), " ", cast.clerk)
    with pytest.raises(PermissionDenied):
        actions.allow_late(report_of(plan), "系统故障", cast.head)
    actions.allow_late(report_of(plan), "停电两天", cast.clerk)
    assert send(plan, cast, typed(progress="补报")).late_reason == "停电两天"


def test_claims_of_stages(plan, cast: Cast):
    park = Deliverable.objects.get(task__plan=plan, name__contains="公园")
    sent = send(plan, cast, {f"claim.{park.pk}": Change(None, {"stage": "break_ground"})}, number=1)
    assert sent.claims.get().stage == "break_ground"
    bad = {f"claim.{park.pk}": Change(None, {"stage": "vanish"})}
    with pytest.raises(ValidationError, match="没有这个阶段"):
        send(plan, cast, bad, name="2026-04", number=1)


def test_a_co_unit_adds_its_part_or_disputes_it(plan, cast: Cast):
    member = create_user("xu", "许青禾", PASSWORD)
    add_member(cast.county, member, "liaison", cast.units["望潮街道"])
    task, march = plan.tasks.all()[0], plan.periods.get(name="2026-03")
    part = actions.add_part(task, march, cast.units["望潮街道"], member)
    assert part.part == "co" and actions.add_part(task, march, cast.units["望潮街道"], member) == part
    actions.save_draft(part, typed(dispute="其中两个小区尚未进场"), member)
    assert actions.submit([part], member)[0].dispute
    with pytest.raises(ValidationError, match="配合单位"):
        actions.add_part(plan.tasks.all()[1], march, cast.units["望潮街道"], member)
    with pytest.raises(PermissionDenied):
        actions.add_part(task, march, cast.units["望潮街道"], cast.outsider)
