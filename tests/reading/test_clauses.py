"""Clauses of one item with responsibility brackets of their own: all units with their roles, facts apart, one doubt."""

from __future__ import annotations

import pytest

from luoshi.reading import read
from luoshi.reading.ledger import Ledger, Task

HEAD = "澜湾县2026年政府工作报告重点工作责任分解\n{rule}一、城乡建设\n"
OTHERS = "2.粮食播种面积稳定在42万亩以上（县农业农村局牵头，各镇配合）。\n3.新建公园2座（县园林中心牵头）。\n"


def ledger(item: str, rule: str = "") -> Ledger:
    return read((HEAD.format(rule=rule) + f"1.{item}\n" + OTHERS).encode(), name="a.txt")


def first(read_: Ledger) -> Task:
    return next(task for *_, task in read_.tasks())


def roles(task: Task) -> list[tuple[str, str]]:
    return [(unit.name, unit.role) for unit in task.units]


@pytest.mark.parametrize(
    ("item", "units", "values"),
    [
        (
            "改造老旧小区31个（县住建局牵头，县财政局配合）；新建城镇污水管网18公里（县水务局、各镇负责）；完成危桥改造4座（县交通运输局牵头）。",
            [("县住建局", "lead"), ("县财政局", "support"), ("县水务局", "joint"), ("各镇", "joint"), ("县交通运输局", "lead")],
            [31, 18, 4],
        ),
        (
            "改造老旧小区31个（牵头单位：县住建局，责任单位：县财政局、各街道）；建成绿道15公里（牵头单位：县园林中心；责任单位：县自然资源局）。",
            [("县住建局", "lead"), ("县财政局", "support"), ("各街道", "support"), ("县园林中心", "lead"), ("县自然资源局", "support")],
            [31, 15],
        ),
        (
            "推进东渡大桥建设（县交通运输局），新增停车位1200个（县住建局、县综合执法局），整治背街小巷25条（县综合执法局）。",
            [("县交通运输局", "joint"), ("县住建局", "joint"), ("县综合执法局", "joint")],
            [1200, 25],
        ),
        (
            "改造老旧小区31个（县住建局牵头，县财政局配合）；新建绿道15公里（县财政局牵头，县住建局配合）。",
            [("县住建局", "lead"), ("县财政局", "lead")],
            [31, 15],
        ),
    ],
)  # fmt: skip
def test_each_clause_has_its_own_roles(item, units, values) -> None:
    read_ = ledger(item)
    task = first(read_)
    assert roles(task) == units
    assert [target.value for target in task.targets] == values and task.title is None
    assert not [target.subject for target in task.targets if "局" in target.subject or "）" in target.subject]
    (doubt,) = [doubt for doubt in read_.doubts if doubt.code == "clauses-apart"]
    assert doubt.task == "plans/0/sections/0/tasks/0" and "；" in doubt.message
    assert sum(1 for _ in read_.tasks()) == 3


def test_the_documents_lead_rule_holds_in_each_clause() -> None:
    read_ = ledger(
        "改造老旧小区31个。（县住建局、县财政局）新建城镇污水管网18公里。（县水务局、各镇）",
        "各项任务列第一位的为牵头单位。\n",
    )
    task = first(read_)
    assert roles(task) == [("县住建局", "lead"), ("县财政局", "support"), ("县水务局", "lead"), ("各镇", "support")]
    assert [(target.subject, target.value) for target in task.targets] == [("老旧小区", 31), ("城镇污水管网", 18)]


@pytest.mark.parametrize(
    ("item", "units"),
    [
        ("改造老旧小区31个，建成绿道15公里（县住建局牵头，县财政局配合）。", [("县住建局", "lead"), ("县财政局", "support")]),
        ("改造老旧小区31个。（牵头单位：县住建局）（责任单位：县财政局）", [("县住建局", "lead"), ("县财政局", "support")]),
        ("改造老旧小区31个（含外墙、管网），建成绿道15公里（县住建局牵头，望潮街道（县城投集团）配合）。", [("县住建局", "lead"), ("望潮街道", "support")]),
        ("老旧小区改造（县住建局牵头）。改造老旧小区31个，惠及居民4200户。", [("县住建局", "lead")]),
    ],
)  # fmt: skip
def test_one_bracket_for_the_whole_item_is_as_before(item, units) -> None:
    read_ = ledger(item)
    assert roles(first(read_)) == units
    assert "clauses-apart" not in [doubt.code for doubt in read_.doubts]
