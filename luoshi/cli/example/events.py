"""What happens besides reporting: objections, a light set by hand, adjustments, samples, closings and a look back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from luoshi.cli.example.cast import World, clock, short
from luoshi.people.models import Unit, User
from luoshi.plans import adjustment_actions, set_up_actions
from luoshi.plans.models import Task
from luoshi.progress import light_actions, report_actions, review_actions
from luoshi.progress.drafts import Change
from luoshi.progress.models import Evidence, Light, Period, Report
from luoshi.supervision import actions as supervision
from luoshi.supervision.models import Objection

CLOSINGS_A_MONTH = 3
LOOKED_BACK = "GZ-5-11"
FINDINGS = (
    ("documents", "true", "查阅台账和合同，累计数与原始凭证一致"),
    ("on_site", "true", "现场核对施工部位，与报告所述节点相符"),
    ("telephone", "true", "电话回访受益对象五人，均确认事项已办"),
    ("on_site", "partly", "抽查三处，一处尚在收尾，累计数多报一处，已请单位更正"),
    ("documents", "true", "验收文件齐全，日期与填报一致"),
)


def before_review(world: World, name: str, due: date) -> None:
    """While the period is open and the reports are in: a question to a co-unit, a co-unit that disagrees."""
    at = clock(due, 16)
    if name == "2026-06":
        task = world.tasks["GZ-4-4"]
        report = _report(task, name)
        question = "康养中心二期配套资金是否已列入调整预算"
        review_actions.ask_co_unit(report, world.units["县财政局"], question, world.clerk, at=at)
    if name == "2026-09":
        task, unit = world.tasks["GZ-5-4"], world.units["县住建局"]
        liaison = world.liaisons[unit.pk]
        part = report_actions.add_part(task, _period(task, name), unit, liaison, at=at)
        text = "其中三个村的接户管尚未通过闭水试验，建议不计入本期累计数。"
        report_actions.save_draft(part, {"dispute": Change("", text)}, liaison, at=at)
        report_actions.submit([part], world.heads[unit.pk], at=clock(due, 17))
        review_actions.accept([_part(part)], world.clerk, at=clock(due + timedelta(days=1), 9))


def after_lights(world: World, name: str, day: date) -> None:
    """When the month's lights are out."""
    for step in MONTHS.get(name, ()):
        step(world, name, day)
    if name >= "2026-06":
        _close_some(world, day + timedelta(days=1))


def _period(task: Task, name: str) -> Period:
    return Period.objects.select_related("plan__government").get(plan=task.plan, name=name)


def _report(task: Task, name: str) -> Report:
    rows = Report.objects.select_related("task__plan__government", "period__plan", "unit__government")
    return rows.get(task=task, period__name=name, part=Report.Part.LEAD)


def _part(part: Report) -> Report:
    return Report.objects.select_related("task__plan__government", "period__plan", "unit__government").get(pk=part.pk)


def _light(world: World, key: str, name: str) -> Light:
    period = _period(world.tasks[key], name)
    return light_actions.newest(period.plan, period)[world.tasks[key].pk]


def _lead(world: World, key: str) -> tuple[Unit, User]:
    unit = world.lead(world.tasks[key])
    return unit, world.heads[unit.pk]


def _object(world: World, key: str, name: str, day: date, reason: str) -> Objection:
    unit, head = _lead(world, key)
    return supervision.object_to(_light(world, key, name), unit, reason, head, today=day, at=clock(day, 15))


def _override(world: World, name: str, day: date) -> None:
    reason = "石门垟片复垦地块已通过市级预验收，因系统升级本期未能登记，附市局函"
    light = _light(world, "GZ-2-2", name)
    light_actions.override(
        light, "green", reason, asked_by=world.clerk, approved_by=world.head, at=clock(day, 16)
    )  # fmt: skip


def _refused(world: World, name: str, day: date) -> None:
    made = _object(world, "GZ-5-1", name, day, "招商周期长，二季度集中签约，建议本期不亮灯")
    decided = day + timedelta(days=6)
    why = "序时进度经单位签字定稿，未提出调整，异议理由不成立"
    supervision.decide_objection(
        made, False, why, world.third, at=clock(decided, 10)
    )  # who adopted the rules keeps out


def _upheld(world: World, name: str, day: date) -> None:
    made = _object(world, "GZ-6-11", name, day, "下部结构已于期末前完成，监理签认单晚到两日，现补交")
    decided = day + timedelta(days=5)
    why = "监理签认单载明的完成日期在期内，情况属实"
    supervision.decide_objection(made, True, why, world.third, at=clock(decided, 10))


def _undecided(world: World, name: str, day: date) -> None:
    """An objection that still waits when the year ends."""
    _object(world, "GZ-4-3", name, day, "部分人才已签约待报到，建议按签约数计算")


def _name_places(world: World, name: str, day: date) -> None:
    """The canteens become known as the year goes."""
    del name
    (target,) = world.tasks["MS-1-3"].targets.all()
    streets = ("望江", "南屏", "春和", "海晏", "石矶", "白鹭", "塘湾", "下坞", "青溪", "北渡")
    names = {place.pk: f"{street}助餐点" for place, street in zip(target.roster.all(), streets, strict=True)}
    set_up_actions.name_places(target, names, world.liaisons[world.lead(world.tasks["MS-1-3"]).pk], at=clock(day, 14))
    for place in target.roster.all():
        place.name = names[place.pk]


def _window(world: World, name: str, day: date) -> None:
    del name
    for plan in world.plans:
        adjustment_actions.set_window(
            plan, date(2026, 7, 1), date(2026, 10, 31), world.head, basis="半年评估后、十月底前受理", at=clock(day, 17)
        )  # fmt: skip


def _ask(world: World, key: str, value: str, reason: str, day: date, basis: str = "") -> None:
    task, (unit, head) = world.tasks[key], _lead(world, key)
    target = task.targets.all()[0]
    made = adjustment_actions.ask(
        task,
        "value",
        {"value": value},
        reason,
        head,
        unit=unit,
        target=target,
        today=day,
        basis=basis,
        at=clock(day, 11),
    )
    world.told.add((f"adjustment {key}", made.pk))


def _agree(world: World, key: str, day: date, agreed: bool, note: str) -> int:
    (pk,) = (pk for said, pk in world.told if said == f"adjustment {key}")
    task = world.tasks[key]
    row = task.adjustments.get(pk=pk)
    adjustment_actions.review(row, agreed, note, world.leader_of(task), at=clock(day, 15))
    return pk


def _decide(world: World, key: str, pk: int, day: date, number: str = "") -> None:
    row = world.tasks[key].adjustments.get(pk=pk)
    note = "同意调整，按调整后的目标督办"
    adjustment_actions.decide(row, True, note, world.head, effective_on=day, decision_number=number, at=clock(day, 16))


def _adjust_in_summer(world: World, name: str, day: date) -> None:
    del name
    _ask(world, "GZ-3-6", "1350", "两宗地块因国道改线退出腾退范围", day, "县自然资源规划局用地审查意见")
    pk = _agree(world, "GZ-3-6", day + timedelta(days=2), True, "情况属实，同意")
    _decide(world, "GZ-3-6", pk, day + timedelta(days=6))


def _adjust_livelihood(world: World, name: str, day: date) -> None:
    del name
    _ask(world, "MS-1-5", "20", "四个楼道经再次征求意见，业主同意比例不足", day, "县住建局民意复核报告")
    pk = _agree(world, "MS-1-5", day + timedelta(days=1), True, "请依法报县人大常委会")
    _decide(world, "MS-1-5", pk, day + timedelta(days=15), "澜人常〔2026〕17号")


def _adjust_in_vain(world: World, name: str, day: date) -> None:
    del name
    _ask(world, "GZ-4-3", "20", "引才周期长，年内到岗人数有限", day)
    _agree(world, "GZ-4-3", day + timedelta(days=2), False, "目标经多方论证，先加大工作力度，不作调整")
    _ask(world, "GZ-2-12", "1050", "一宗连片旧厂房涉诉，年内不具备改造条件", day + timedelta(days=3))


def _sample(world: World, name: str, day: date) -> None:
    period = _period(world.tasks["GZ-1-1"], name)
    sample = supervision.draw_sample(period, 6, world.third, seed=f"督查例会{name}", at=clock(day, 9))
    rows = Report.objects.select_related("task__plan__government", "unit__government", "period")
    for n, report in enumerate(rows.filter(pk__in=sample.reports).order_by("pk")[: len(FINDINGS)]):
        method, result, note = FINDINGS[n]
        on = day + timedelta(days=1 + n)
        supervision.verify_report(
            report, world.third, method=method, result=result, note=note, on=on, sample=sample, at=clock(on, 16)
        )


def _close_some(world: World, day: date) -> None:
    """Close what is done and has its papers, a few a month."""
    tasks = list(world.tasks.values())
    gone, closed_now = supervision.closed(tasks), 0
    done = {pk for plan in world.plans for pk, light in light_actions.newest(plan).items() if light.colour == "done"}
    papers: dict[int, list[int]] = {}
    for piece, pk in Evidence.objects.filter(uses__report__task__in=done).values_list("pk", "uses__report__task"):
        papers.setdefault(pk, []).append(piece)
    for task in tasks:
        if task.pk in done - gone and task.pk in papers and closed_now < CLOSINGS_A_MONTH:
            if (short(task), 1) in world.told:
                continue
            evidence = list(Evidence.objects.filter(pk__in=papers[task.pk]))
            supervision.close(
                task, world.clerk, verified_by=world.third, reason="目标全部完成，佐证齐全，经核实可以销号",
                evidence=evidence, day=day, at=clock(day, 11, closed_now),
            )  # fmt: skip
            closed_now += 1
            world.told.add((short(task), 1))


def _look_back(world: World, name: str, day: date) -> None:
    del name
    reason = "回头看发现实验室两组传感器停用、数据中断，须恢复后再销号"
    task = world.tasks[LOOKED_BACK]
    supervision.reopen(task, world.clerk, verified_by=world.third, reason=reason, at=clock(day, 10))
    world.told |= {("again", deliverable.pk) for deliverable in task.deliverables.all()}


def _close_again(world: World, name: str, day: date) -> None:
    """What the look back found was mended, reported with its paper, and is closed a second time."""
    task = world.tasks[LOOKED_BACK]
    papers = list(Evidence.objects.filter(uses__report__task=task, uses__report__period__name=name).distinct())
    supervision.close(
        task, world.clerk, verified_by=world.third, reason="回头看指出的问题已整改，现场复核数据连续在线，可以销号",
        evidence=papers, day=day, at=clock(day, 15),
    )  # fmt: skip


Step = Callable[[World, str, date], None]
MONTHS: dict[str, tuple[Step, ...]] = {
    "2026-04": (_override, _name_places),
    "2026-05": (_refused,),
    "2026-06": (_upheld, _window, _sample),
    "2026-07": (_adjust_in_summer,),
    "2026-08": (_adjust_livelihood,),
    "2026-09": (_adjust_in_vain, _sample, _look_back),
    "2026-11": (_undecided, _close_again),
}
