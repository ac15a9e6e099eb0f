"""March of the example year: schedules, done-tests, nodes and rosters are settled and signed by unit, leader and office."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from luoshi.cli.example import paths
from luoshi.cli.example.cast import World, clock, gather, short
from luoshi.cli.example.texts import SCHOOLS
from luoshi.people.models import Post
from luoshi.plans import leaders, set_up_actions
from luoshi.plans.models import Schedule, Target, Task
from luoshi.plans.set_up_actions import ScheduleChange
from luoshi.progress import light_actions, lights, period_actions

BEGINS, SETTLED, SIGNED = date(2026, 3, 9), date(2026, 3, 11), date(2026, 3, 13)
FIRST_DUE = date(2026, 3, 25)  # the plan is of March: January and February are asked for with it
ANNUAL = {("GZ-5-2", 2), ("GZ-5-5", 0), ("GZ-6-3", 0), ("GZ-6-4", 2), ("GZ-4-7", 0)}
AT_THE_END = {("GZ-3-7", 0)}  # a balance: it does not grow from nothing
BY_QUARTER = {("GZ-6-5", 1)}
FEW = 5  # so few are not spread over months
MAJOR = {"GZ-1-1", "GZ-2-5", "GZ-6-1", "GZ-6-11"}
NODES: dict[tuple[str, int], tuple[tuple[str, date], ...]] = {
    ("GZ-2-5", 0): (
        ("施工图审查通过", date(2026, 4, 30)), ("绿化和步道完工", date(2026, 8, 15)), ("建成开放", date(2026, 9, 30)),
    ),
    ("GZ-6-8", 0): (("进场施工", date(2026, 4, 15)), ("场地铺装完成", date(2026, 7, 31)), ("开放", date(2026, 9, 30))),
    ("GZ-3-5", 0): (("摊位招商完成", date(2026, 5, 31)), ("开街", date(2026, 6, 30))),
    ("GZ-6-11", 0): (
        ("桥梁下部结构完成", date(2026, 5, 31)), ("箱梁架设完成", date(2026, 9, 30)), ("建成通车", date(2026, 12, 31)),
    ),
    ("GZ-3-3", 1): (("二期厂房封顶", date(2026, 6, 30)), ("竣工投用", date(2026, 11, 30))),
    ("GZ-6-10", 0): (("主体施工至八层", date(2026, 6, 30)), ("主体封顶", date(2026, 10, 31))),
}  # fmt: skip
TESTS = {
    "GZ-4-8": "收到省级命名文件；通过考评尚未命名的，记为“通过考评、待命名”",
    "GZ-4-3": "技师学院项目建议书通过专家论证并列入县级项目储备库",
    "GZ-6-9": "收到4A级旅游景区评定公告；通过景观质量评审的，记为“通过初评”",
    "GZ-6-5": "研究院试验水槽主体完工，并完成年度投资的九成以上",
}
# Left on the way on purpose: not signed, signed by the unit, signed by the leader.
WAITING = {"GZ-8-2": 0, "GZ-3-10": 0, "GZ-8-3": 1, "GZ-6-7": 1, "GZ-7-4": 2, "GZ-4-6": 2}


def set_up(world: World) -> None:
    """From the issued plan to periods, rules and signatures."""
    _rules(world)
    for plan in world.plans:
        leaders.match_leaders(plan, world.head, at=clock(BEGINS, 10))
    gather(world)
    _in_charge(world)
    for plan in world.plans:
        set_up_actions.prepare(plan, world.head, at=clock(BEGINS, 11))
    gather(world)
    for task in world.tasks.values():
        _settle(world, task)
    _hand_down(world)
    _sign(world)
    gather(world)


def _rules(world: World) -> None:
    light_actions.adopt_rule_set(
        world.government,
        lights.FAMILIES["points"],
        world.head,
        basis="澜湾县政府督查工作办法（示例）",
        at=clock(BEGINS, 9),
    )
    for plan in world.plans:
        days = {"month_day": 5, "next_month": True, "caught_up_note": True}
        period_actions.set_rule(plan, days, world.head, at=clock(BEGINS, 9, 20))
        period_actions.plan_periods(plan, world.head, first_due=FIRST_DUE, at=clock(BEGINS, 9, 30))


def _in_charge(world: World) -> None:
    """The livelihood projects name no leader: he who has the unit's other tasks has these."""
    posts = {post.pk: post for post in Post.objects.filter(government=world.government)}
    held = {unit: min(t.leader_posts) for t in world.tasks.values() if t.leader_posts for unit in t.lead_units}
    for task in world.tasks.values():
        if not task.leader_posts:
            post = posts[held[min(task.lead_units)]]
            leaders.put_in_charge(task, post, world.head, at=clock(BEGINS, 10, 30))
    gather(world)


def _settle(world: World, task: Task) -> None:
    key, liaison = short(task), world.liaisons[world.lead(task).pk]
    for n, target in enumerate(task.targets.all()):
        change = _schedule(key, n, target)
        if change:
            set_up_actions.set_schedule(target, change, liaison, at=clock(SETTLED, 9, n))
    for n, deliverable in enumerate(task.deliverables.all()):
        if (key, n) in NODES:
            set_up_actions.set_nodes(task, deliverable, NODES[key, n], liaison, at=clock(SETTLED, 10, n))
    if key in TESTS:
        set_up_actions.word_test(task.done_tests.all()[0], TESTS[key], liaison, at=clock(SETTLED, 11))
    if key in SCHOOLS or key == "MS-1-3":
        (target,) = task.targets.all()
        set_up_actions.open_roster(target, liaison, names=SCHOOLS.get(key, ()), at=clock(SETTLED, 14))
    if key in MAJOR or key.startswith("MS"):
        set_up_actions.set_major(task, True, world.clerk, at=clock(SETTLED, 15))


def _schedule(key: str, n: int, target: Target) -> ScheduleChange | None:
    """What the unit wants otherwise than offered."""
    old: Schedule = target.schedule
    same = ScheduleChange(
        "none", old.starts_on, old.ends_on, grain=old.grain, lag_days=old.lag_days, data_source=old.data_source,
        direction=old.direction,
    )  # fmt: skip
    if (key, n) in ANNUAL:
        return replace(same, annual_only=True, grain="year", lag_days=45)
    if target.baseline_value is not None or (key, n) in BY_QUARTER:
        return replace(same, curve="quarters", points=(15, 45, 70, 100))
    if target.kind != Target.Kind.QUANTITY or target.value is None or old.ends_on.month < 12:
        return None
    if paths.STORIES.get((key, n)) == "season":
        return replace(same, curve="quarters", points=(10, 35, 65, 100))
    if (key, n) in AT_THE_END or (target.value <= FEW and not paths.DECIMALS.get(target.unit)):
        return same
    return None


def _hand_down(world: World) -> None:
    task = world.tasks["GZ-3-8"]
    target, liaison = task.targets.all()[0], world.liaisons[world.lead(task).pk]
    for n, town in enumerate(("望潮街道", "石矶镇", "白鹭镇", "塘湾镇")):
        text = f"落地亿元以上产业项目{(10, 9, 12, 9)[n]}个"
        set_up_actions.hand_down(
            task, world.units[town], text, liaison, target=target, value=Decimal((10, 9, 12, 9)[n]),
            due_on=date(2026, 12, 31), at=clock(SETTLED, 16, n),
        )  # fmt: skip


def _sign(world: World) -> None:
    """Unit, leader, office; one is sent back and signed again."""
    tasks = list(world.tasks.values())
    for unit, mine in _by(tasks, lambda task: world.lead(task).pk).items():
        ready = [task for task in mine if WAITING.get(short(task), 3) > 0]
        set_up_actions.sign_off(ready, world.heads[unit], at=clock(SIGNED, 9))
    back = world.tasks["GZ-2-9"]
    set_up_actions.send_back(back, "请写明体检报告何时发布、向谁发布", world.leader_of(back), at=clock(SIGNED, 10))
    set_up_actions.sign_off(
        [back], world.heads[world.lead(back).pk], note="12月上旬在县政府网站发布", at=clock(SIGNED, 11)
    )
    for post, mine in _by(tasks, lambda task: min(task.leader_posts)).items():
        ready = [task for task in mine if WAITING.get(short(task), 3) > 1]
        set_up_actions.sign_off(ready, world.leaders[post], at=clock(SIGNED, 15))
    ready = [task for task in tasks if short(task) not in WAITING]
    set_up_actions.sign_off(ready, world.head, at=clock(SIGNED, 17))


def _by(tasks: Iterable[Task], key: Callable[[Task], int]) -> dict[int, list[Task]]:
    found: dict[int, list[Task]] = {}
    for task in tasks:
        found.setdefault(key(task), []).append(task)
    return found
