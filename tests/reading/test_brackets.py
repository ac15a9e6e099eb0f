"""Who answers, in layouts of bare names: no level before an office, a mark before it, square brackets, sentences of 为."""

from __future__ import annotations

import pytest

from luoshi.reading import read
from luoshi.reading.ledger import Ledger, Task

HEAD = "澜湾县2026年政府工作报告重点工作责任分解\n{rule}一、城乡建设\n"
OTHERS = "2.粮食播种面积稳定在42万亩以上（县农业农村局牵头，各镇配合）。\n3.新建公园2座（县园林中心牵头）。\n"
WORDING = "改造老旧小区31个"


def ledger(item: str, rule: str = "") -> Ledger:
    return read((HEAD.format(rule=rule and rule + "\n") + f"1.{item}\n" + OTHERS).encode(), name="a.txt")


def first(item: str, rule: str = "") -> Task:
    return next(task for *_, task in ledger(item, rule).tasks())


def roles(task: Task) -> list[tuple[str, str]]:
    return [(unit.name, unit.role) for unit in task.units]


@pytest.mark.parametrize("stop", ["", "。"])
@pytest.mark.parametrize("signs", ["（）", "〔〕", "【】", "[]"])
@pytest.mark.parametrize(
    "names", [["人社局", "民政局"], ["农业农村局"], ["住建局", "各镇"], ["发改局", "镇街"], ["县教育局", "财政局"]]
)
def test_offices_without_a_level_answer(names: list[str], signs: str, stop: str) -> None:
    task = first(f"{WORDING}{stop}{signs[0]}{'、'.join(names)}{signs[1]}")
    assert roles(task) == [(name, "joint") for name in names]
    assert task.text == WORDING + stop


@pytest.mark.parametrize(
    "bracket",
    ["（望潮镇、东渡镇）", "（含东片、西片）", "（二期）", "（中医院、妇幼保健院）", "（数据大厅、文化中心）"],
)
def test_places_and_buildings_do_not_answer(bracket: str) -> None:
    task = first(WORDING + bracket)
    assert not task.units and task.text == WORDING + bracket


@pytest.mark.parametrize("mark", "★☆▲●◆※*#△○◇")
@pytest.mark.parametrize("level", ["县", ""])
def test_a_declared_mark_leads(mark: str, level: str) -> None:
    task = first(f"{WORDING}（{level}民政局、{mark}{level}人社局）", f"注：标{mark}的为牵头单位。")
    assert roles(task) == [(f"{level}民政局", "support"), (f"{level}人社局", "lead")]
    task = first(f"{WORDING}（{mark}{level}人社局、{level}民政局）", f"注：标{mark}的为牵头单位。")
    assert roles(task) == [(f"{level}人社局", "lead"), (f"{level}民政局", "support")]
    assert task.text == WORDING


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("责任部门为人社局，协同部门为民政局", [("人社局", "lead"), ("民政局", "support")]),
        (
            "牵头单位为县住建局，配合单位为县水务局、各镇",
            [("县住建局", "lead"), ("县水务局", "support"), ("各镇", "support")],
        ),
        ("责任单位是县住建局、县水务局", [("县住建局", "joint"), ("县水务局", "joint")]),
        ("由县住建局负责，县水务局配合", [("县住建局", "lead"), ("县水务局", "support")]),
        ("县住建局牵头，县水务局配合", [("县住建局", "lead"), ("县水务局", "support")]),
    ],
)
@pytest.mark.parametrize("before", "，。；")
def test_units_said_in_a_clause(said: str, units: list[tuple[str, str]], before: str) -> None:
    task = first(f"{WORDING}{before}{said}。")
    assert roles(task) == units
    assert task.text.rstrip("。；") == WORDING


@pytest.mark.parametrize("clause", ["党建牵头，多方参与。", "企业牵头，高校配合。", "责任单位为重点。"])
def test_how_it_is_done_names_nobody(clause: str) -> None:
    assert not first(f"{WORDING}，{clause}").units


@pytest.mark.parametrize(
    ("layout", "units"),
    [
        ("（县住建局牵头、县财政局配合）", [("县住建局", "lead"), ("县财政局", "support")]),
        ("（县住建局牵头、县财政局、各镇配合）", [("县住建局", "lead"), ("县财政局", "support"), ("各镇", "support")]),
        ("\n（县住建局、县财政局）", [("县住建局", "joint"), ("县财政局", "joint")]),
        ("\n【住建局、财政局】", [("住建局", "joint"), ("财政局", "joint")]),
        ("（责任单位为县住建局、县财政局）", [("县住建局", "joint"), ("县财政局", "joint")]),
        ("（牵头单位为县住建局，配合单位为县财政局）", [("县住建局", "lead"), ("县财政局", "support")]),
        ("责任单位：住建局（完成时间：2026年10月）", [("住建局", "joint")]),
        ("（宣传部、团县委、妇联）", [("宣传部", "joint"), ("团县委", "joint"), ("妇联", "joint")]),
    ],
)
def test_the_same_in_other_layouts(layout: str, units: list[tuple[str, str]]) -> None:
    task = first(f"{WORDING}。{layout}")
    assert roles(task) == units and task.text == WORDING + "。"
