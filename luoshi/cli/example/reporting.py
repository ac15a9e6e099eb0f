"""What a unit of the example says of a task in a month: figures, stages, places, words and papers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from luoshi.cli.example import papers, paths, texts
from luoshi.cli.example.cast import World, clock, short
from luoshi.people.models import User
from luoshi.plans.models import Deliverable, Schedule, Target, Task
from luoshi.progress import evidence_actions, report_actions
from luoshi.progress.drafts import Change
from luoshi.progress.models import Evidence, Report
from luoshi.progress.standing import last_published

ESTIMATED = {("GZ-3-1", 6), ("GZ-4-1", 10)}  # estimates where the official figure is out, or where it is awaited
LATE_NODES = {"桥梁下部结构完成": 2, "绿化和步道完工": 1}  # months after their day
SAME_PICTURE = ("GZ-7-3", 8, 7)  # a picture of July shown again in August


@dataclass
class Said:
    """The fields of a draft, the sentences about them, and the papers that go with it."""

    fields: dict[str, Any] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    done: list[Deliverable] = field(default_factory=list)
    behind: bool = False


def chance(*parts: object) -> int:
    """A number that is the same every time for the same words."""
    return int(hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:8], 16)


def draft(world: World, report: Report, day: date) -> bool:
    """The liaison fills in a report; whether it says more than before."""
    task = world.tasks[short(report.task)]
    month, key, unit = report.period.cutoff.month, short(task), report.unit_id
    by, at = world.liaisons[unit], clock(day, 9 + chance(task.key) % 7, chance(task.key, month) % 60)
    said = Said()
    for n, target in enumerate(task.targets.all()):
        _figure(world, said, (task, key, n, target), report, day)
    for n, deliverable in enumerate(task.deliverables.all()):
        _stage(world, said, (task, key, n, deliverable), report, day)
    before = report_actions.last_report(report)
    said_before = before is not None or (task.key, 0) in world.told  # told: drafted, to be sent in the same go
    if said_before and not said.fields and not said.sentences and not copied(report) and chance(key, month) % 4:
        report_actions.save_draft(report, {"unchanged": Change(False, True)}, by, at=at)
        return False
    _words(world, said, task, report, before)
    changes = {name: Change(None if "." in name else "", value) for name, value in said.fields.items()}
    report_actions.save_draft(report, changes, by, at=at)
    _papers(said, task, report, by, day)
    world.told.add((task.key, 0))
    return True


def copied(report: Report) -> bool:
    """Whether this is the report in which last month's words stand again."""
    return (report.period.name, short(report.task)) == texts.COPIED


def _figure(world: World, said: Said, what: tuple[Task, str, int, Target], report: Report, day: date) -> None:
    _task, key, n, target = what
    schedule: Schedule = target.schedule
    if schedule.roster:
        _places(world, said, target, key, report)
        return
    if schedule.annual_only or target.value is None:
        return
    month, basis = report.period.cutoff.month, "official"
    cutoff = min(report.period.cutoff, day)
    ready = last_published(schedule.grain, schedule.lag_days, day)  # type: ignore[arg-type]
    if schedule.lag_days:
        known = world.last.get(target.pk)
        if ready is not None and ready.year == day.year and (known is None or known[1] < ready):
            cutoff, month = min(ready, cutoff), ready.month
        elif schedule.grain == "quarter" and month % 3 == 0:
            basis = "estimated"
        else:
            return
    if (key, report.period.cutoff.month) in ESTIMATED and n == 0:
        cutoff, month, basis = min(report.period.cutoff, day), report.period.cutoff.month, "estimated"
    value = _value(key, n, month, target)
    before = world.last.get(target.pk)
    if before and value == before[0] and basis == "official" and month % 3:
        return
    source = schedule.data_source or "本单位业务台账"
    said.fields[f"target.{target.pk}"] = {"value": str(value), "cutoff": str(cutoff), "basis": basis, "source": source}
    said.sentences.append(_figure_words(target, value, before, cutoff, basis))
    if basis == "official":
        world.last[target.pk] = (value, cutoff)
    said.behind |= paths.STORIES.get((key, n)) in ("red", "stuck", "dip", "slow", "weak", "short")


def _value(key: str, n: int, month: int, target: Target) -> Decimal:
    goal, base = target.value or Decimal(1), target.baseline_value
    if base is not None:
        return base + paths.reached(key, n, month, goal - base, target.unit)
    grows = target.kind == Target.Kind.QUANTITY and target.bound != Target.Bound.MAX
    if grows and target.unit == "亿元" and goal > 50:  # a balance
        return paths.level(key, n, month, goal * (92 + month) / 100, target.unit, lower=False)
    if grows or target.schedule.curve == Schedule.Curve.QUARTERS:
        return paths.reached(key, n, month, goal, target.unit)
    lower = target.bound == Target.Bound.MAX or target.kind == Target.Kind.RANK
    return paths.level(key, n, month, goal, target.unit, lower=lower)


def _figure_words(target: Target, value: Decimal, before: tuple[Decimal, date] | None, cutoff: date, basis: str) -> str:
    name, unit = target.subject.strip("，。"), target.unit
    until = f"截至{cutoff.month}月底" if cutoff.day > 27 else f"截至{cutoff.month}月{cutoff.day}日"
    if basis == "estimated":
        return f"{until}，{name}预计为{value:f}{unit}，正式数待统计部门反馈"
    if target.kind == Target.Kind.QUANTITY and target.value and target.baseline_value is None:
        share = (value * 100 / target.value).quantize(Decimal("0.1"))
        more = f"，比上次新增{value - before[0]:f}{unit}" if before and value > before[0] else ""
        return f"{until}，{name}累计完成{value:f}{unit}，占年度任务的{share.normalize():f}%{more}"
    return f"{until}，{name}为{value:f}{unit}"


def _places(world: World, said: Said, target: Target, key: str, report: Report) -> None:
    """Places of a roster that are ready by now: none before May, all by November, one by one."""
    places, month = list(target.roster.all()), report.period.cutoff.month
    ready = len(places) * max(0, min(month, 11) - 3) // 8
    new = [place for place in places[:ready] if ("place", place.pk) not in world.told]
    for place in new:
        world.told.add(("place", place.pk))
        said.fields[f"place.{place.pk}"] = {"on": str(report.period.cutoff.replace(day=20)), "done": True}
    if new:
        named = "、".join(place.name or f"第{place.order + 1}处" for place in new)
        said.sentences.append(f"{named}已完成，累计{ready}处")


def _stage(world: World, said: Said, what: tuple[Task, str, int, Deliverable], report: Report, day: date) -> None:
    _task, key, n, deliverable = what
    cutoff, in_month = report.period.cutoff, paths.STAGES.get((key, n), 12)
    name, claimed = f"claim.{deliverable.pk}", ("stage", deliverable.pk)
    if ("again", deliverable.pk) in world.told:  # found wanting by the look back, and mended some time later
        in_month, claimed = paths.MENDED[key], ("mended", deliverable.pk)
        if claimed not in world.told and cutoff.month < in_month:
            said.sentences.append(texts.TO_MEND)
    if cutoff.month >= in_month and claimed not in world.told:
        world.told.add(claimed)
        on = min(date(cutoff.year, in_month, 24), cutoff, day)
        said.fields[name] = {"stage": deliverable.stage, "on": str(on), "note": "有验收或批复材料"}
        again = texts.MENDED if claimed[0] == "mended" else ""
        said.sentences.append(
            f"{again}{deliverable.name}已于{on.month}月{on.day}日{'恢复' if again else ''}{_reached(deliverable)}"
        )
        said.done.append(deliverable)
        return
    for node in deliverable.nodes.all():
        month = node.due_on.month + LATE_NODES.get(node.text, 0)
        if not node.final and cutoff.month >= month and ("node", node.pk) not in world.told:
            world.told.add(("node", node.pk))
            said.fields[name] = {
                "stage": "prepare",
                "node": node.pk,
                "on": str(min(date(cutoff.year, month, 20), cutoff)),
            }
            said.sentences.append(f"{deliverable.name}已达到“{node.text}”节点")


def _reached(deliverable: Deliverable) -> str:
    words = {
        "break_ground": "开工",
        "in_use": "投用",
        "complete": "完工",
        "plan": "完成方案论证",
        "prepare": "完成前期",
    }
    return words.get(deliverable.stage, "完成年度节点")


def _words(world: World, said: Said, task: Task, report: Report, before: Report | None) -> None:
    key, month = short(task), report.period.cutoff.month
    if copied(report) and before is not None:
        said.fields["progress"] = before.progress
        return
    turn, numbers = chance(key) + month, {"a": 2 + chance(key, month) % 3, "b": 4 + chance(key, month, "b") % 9}
    opening = texts.OPENINGS[turn % len(texts.OPENINGS)]
    work = texts.WORK[key][min((month - 1) // 4, 2)]
    way = texts.WAYS[(turn * 3) % len(texts.WAYS)].format(**numbers)
    parts = [f"{opening}{work}", way] if turn % 2 else [*said.sentences, f"{opening}{way}，{work}"]
    if turn % 2:
        parts += said.sentences
    said.fields["progress"] = "；".join(parts) + "。"
    if said.behind:
        said.fields["problem"] = texts.PROBLEMS[turn % len(texts.PROBLEMS)].format(**numbers) + "。"
    said.fields["next_step"] = texts.NEXT_STEPS[(turn * 5) % len(texts.NEXT_STEPS)].format(**numbers) + "。"


def _papers(said: Said, task: Task, report: Report, by: User, day: date) -> None:
    """A letter for what is done, a picture now and then."""
    key, month, at = short(task), report.period.cutoff.month, clock(day, 16, 30)
    for deliverable in said.done:
        lines = ["关于" + deliverable.name[:20] + "的核验意见", f"项目编号：{task.key}", "经现场核验，已达到约定要求。",
                 f"{report.unit.short_name}（示例材料）", f"{day.year}年{day.month}月{day.day}日"]  # fmt: skip
        paper = papers.letter(f"{deliverable.name[:20]}核验意见.pdf", lines)
        evidence_actions.attach(
            report, paper, by, kind=Evidence.Kind.ACCEPTANCE, dated=day, source=report.unit.short_name,
            deliverable=deliverable, at=at,
        )  # fmt: skip
    used = SAME_PICTURE[2] if (key, month) == SAME_PICTURE[:2] else month
    ticked = any(name.startswith("place.") for name in said.fields)
    full = any(sentence.find("年度任务的1") > 0 for sentence in said.sentences)
    if ticked or full or (key, month) in (SAME_PICTURE[:2], (key, SAME_PICTURE[2])) or chance(key, month, "p") % 6 == 0:
        shown = papers.picture(f"{used}月现场照片.png", f"{key}/{used}")
        evidence_actions.attach(report, shown, by, kind=Evidence.Kind.PHOTO, dated=day, at=at)
