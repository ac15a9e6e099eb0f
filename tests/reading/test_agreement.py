"""What a document says twice: units under two names, projects in two tasks, figures that clash, tasks that stand for a plan."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from msgspec import structs

import luoshi.cli
from luoshi.reading import read
from luoshi.reading.agreement import count_said, find_disagreements
from luoshi.reading.ledger import Doubt, Ledger, Plan, Section
from luoshi.reading.names import variants
from luoshi.reading.page import Page

KINDS = ("unit-variant", "same-project", "contradicts", "roll-up")
HEAD = (
    "澜湾县人民政府办公室\n关于印发澜湾县2026年重点工作责任分解的通知\n\n澜湾县2026年重点工作责任分解\n一、重点工作\n"
)


def _document(*tasks: tuple[str, str], more: str = "") -> Ledger:
    """A breakdown of these wordings and units."""
    items = "".join(f"{n}.{text}\n责任单位：{units}\n" for n, (text, units) in enumerate(tasks, 1))
    return read((HEAD + items + more).encode(), name="lanwan.txt")


def _doubts(ledger: Ledger) -> list[Doubt]:
    return [doubt for doubt in ledger.doubts if doubt.code in KINDS]


def _told(*tasks: tuple[str, str], more: str = "") -> list[tuple[str, str]]:
    return [(doubt.code, doubt.message) for doubt in _doubts(_document(*tasks, more=more))]


def _codes(*tasks: tuple[str, str], more: str = "") -> list[str]:
    return [code for code, _ in _told(*tasks, more=more)]


# --- names of units -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "short", "full", "way"),
    [
        (("县发展和改革局", "县发改局"), "县发改局", "县发展和改革局", "short"),
        (("县住建局", "县住房和城乡建设局"), "县住建局", "县住房和城乡建设局", "short"),
        (("县府办", "县政府办公室"), "县府办", "县政府办公室", "short"),
        (("县资规局", "县自然资源和规划局"), "县资规局", "县自然资源和规划局", "short"),
        (("区建交委", "区建设和交通委员会"), "区建交委", "区建设和交通委员会", "short"),
        (("县交通局", "县交通运输局"), "县交通局", "县交通运输局", "short"),
        (("县残联", "县残疾人联合会"), "县残联", "县残疾人联合会", "short"),
        (("县财政局（县国资办）", "县国资办"), "县国资办", "县财政局（县国资办）", "hat"),
        (("县财政局(县国资办)", "县财政局"), "县财政局", "县财政局(县国资办)", "hat"),
        (("教育局", "县教育局"), "教育局", "县教育局", "level"),
        (("澜湾县教育局", "县教育局"), "县教育局", "澜湾县教育局", "level"),
    ],
)
def test_two_forms_of_one_name(names: tuple[str, ...], short: str, full: str, way: str) -> None:
    for given in (names, names[::-1]):
        assert [tuple(pair) for pair in variants(["县公安局", *given, "各镇"])] == [(short, full, way)]


@pytest.mark.parametrize(
    "names",
    [
        ("种业管理科", "种植业管理科"),
        ("县水利局", "县水利工程管理局"),
        ("县公安局", "县公安局交警大队"),
        ("市税务局", "市税务局澜湾分局"),
        ("县民政局", "县民族宗教事务局"),
        ("县资源分局", "县资源和规划局望潮分局"),
        ("县委", "县委办"),
        ("各街道", "各街道（社区）"),
        ("各镇", "各镇（街道）", "各镇人民政府"),
        ("县财政局", "县教育局", "县财政局（县教育局）与各镇"),
        ("县公安局（交警大队）", "县公安局"),
        ("临江市教育局", "澜湾市教育局", "市教育局"),
        ("县文旅局", "县文化旅游局", "县文物旅游局"),
    ],
)
def test_different_units_stay_apart(names: tuple[str, ...]) -> None:
    assert variants(names) == []


def test_three_forms_of_one_name_have_the_fullest_in_common() -> None:
    found = variants(["县人社局", "县人力社保局", "县人力资源和社会保障局"])
    assert {(pair.short, pair.full) for pair in found} == {
        ("县人社局", "县人力资源和社会保障局"),
        ("县人力社保局", "县人力资源和社会保障局"),
    }


def test_the_rarer_name_is_pointed_at() -> None:
    ledger = _document(
        ("新建小学2所。", "县发展和改革局"), ("新建公园3个。", "县发改局"), ("改造道路9条。", "县发展和改革局")
    )
    (doubt,) = _doubts(ledger)
    assert doubt.code == "unit-variant"
    assert doubt.task == "plans/0/sections/0/tasks/1"
    assert doubt.at is not None
    assert ledger.blocks[doubt.at.block].text[doubt.at.start : doubt.at.end] == "县发改局"
    assert "“县发改局”与“县发展和改革局”" in doubt.message


def test_names_side_by_side_are_two_units() -> None:
    assert _codes(("新建小学2所。", "县农业局、县农业农村局"), ("新建公园3个。", "县农业局")) == []


def test_a_level_left_out_everywhere_is_told_once() -> None:
    told = _told(
        ("新建小学2所。", "市教育局、财政局、住建局"), ("新建公园3个。", "市财政局"), ("改造道路9条。", "市住建局")
    )
    assert [code for code, _ in told] == ["unit-variant"]
    assert "共2个单位" in told[0][1]


# --- projects -------------------------------------------------------------------------------------------------------


def test_a_project_in_two_tasks() -> None:
    ledger = _document(
        ("开工建设望潮文化中心。", "县文广旅体局"), ("推进城市更新，加快建设“望潮文化中心”。", "县住建局")
    )
    (doubt,) = _doubts(ledger)
    assert doubt.code == "same-project"
    assert doubt.task == "plans/0/sections/0/tasks/1"
    assert doubt.at is not None
    assert "望潮文化中心" in ledger.blocks[doubt.at.block].text[doubt.at.start : doubt.at.end]
    assert "开工建设望潮文化中心" in doubt.message


def test_a_project_finished_here_and_begun_there() -> None:
    told = _told(("年内建成望潮文化中心。", "县文广旅体局"), ("谋划推进望潮文化中心。", "县住建局"))
    assert [code for code, _ in told] == ["contradicts"]
    assert "那里是建成" in told[0][1]


def test_other_projects_are_others() -> None:
    assert _codes(("开工建设望潮文化中心。", "县文广旅体局"), ("开工建设望潮体育中心。", "县文广旅体局")) == []
    assert _codes(("开工建设望潮文化中心，年内望潮文化中心主体结顶。", "县文广旅体局")) == []


# --- figures --------------------------------------------------------------------------------------------------------

FISCAL = "一般公共预算收入增长"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{FISCAL}5%。", f"做好财源培植，{FISCAL}6%。"),
        (f"{FISCAL}5%左右。", f"{FISCAL}6%以上。"),
        (f"{FISCAL}5%以上。", f"{FISCAL}6%以上。"),
        ("完成老旧小区改造12个。", "加快更新，完成老旧小区改造15个。"),
        ("腾退低效工业用地1500亩。", "提质增效，腾退低效工业用地90公顷。"),
    ],
)
def test_figures_that_clash(one: str, other: str) -> None:
    ledger = _document((one, "县财政局、县住建局"), (other, "县住建局"))
    (doubt,) = _doubts(ledger)
    assert doubt.code == "contradicts"
    assert doubt.task == "plans/0/sections/0/tasks/1"
    assert doubt.at == ledger.plans[0].sections[0].tasks[1].targets[0].at


@pytest.mark.parametrize(
    ("one", "other", "units"),
    [
        (f"{FISCAL}5%。", f"{FISCAL}5%。", "县财政局"),  # the same
        (f"{FISCAL}5%以上。", f"{FISCAL}6%。", "县财政局"),  # both can hold
        (f"{FISCAL}5%。", f"力争{FISCAL}6%。", "县财政局"),  # one is hoped for
        (f"上半年{FISCAL}4%。", f"{FISCAL}5%。", "县财政局"),  # another time
        (f"{FISCAL}5%。", f"{FISCAL}6%。", "望潮镇"),  # another unit's own figure
        ("招引亿元以上项目3个。", "农业招商引进亿元以上项目2个。", "县财政局"),  # of another kind
        ("完成老旧小区改造12个。", "完成老旧厂区改造15个。", "县财政局"),
        ("腾退低效工业用地1500亩。", "腾退低效工业用地100公顷。", "县财政局"),  # the same in another unit
    ],
)
def test_figures_that_agree(one: str, other: str, units: str) -> None:
    assert _codes((one, "县财政局"), (other, units)) == []


# --- tasks that stand for a plan ------------------------------------------------------------------------------------

LIVELIHOOD = (
    "2026年县政府民生实事项目责任分解\n1.新建小学2所。\n责任单位：县教育局\n2.新建公园3个。\n责任单位：县住建局\n"
)
FIRST = ("抓好财源培植。", "县财政局")


def test_a_task_that_stands_for_the_other_plan() -> None:
    ledger = _document(FIRST, ("高标准完成年度民生实事项目。", "县政府办公室"), more=LIVELIHOOD)
    (doubt,) = _doubts(ledger)
    assert (doubt.code, doubt.task) == ("roll-up", "plans/0/sections/0/tasks/1")
    assert doubt.at == ledger.plans[0].sections[0].tasks[1].at
    assert "全部2项" in doubt.message


def test_a_roll_up_that_counts_otherwise() -> None:
    told = _told(FIRST, ("办好2026年十件民生实事。", "县政府办公室"), more=LIVELIHOOD)
    assert [code for code, _ in told] == ["contradicts"]
    assert "写的是10件" in told[0][1] and "读到2项" in told[0][1]


def test_a_roll_up_of_a_plan_that_is_not_here() -> None:
    told = _told(FIRST, ("高标准完成年度民生实事项目。", "县政府办公室"))
    assert [code for code, _ in told] == ["roll-up"]
    assert "一并导入" in told[0][1]


def test_a_roll_up_counts_sections_too() -> None:
    grouped = LIVELIHOOD.replace("1.新建小学", "一、教育\n1.新建小学").replace("2.新建公园", "二、环境\n1.新建公园")
    grouped += "2.改造道路9条。\n责任单位：县住建局\n"
    wording = "办好2026年{}件民生实事。"
    for count, code in (("2", "roll-up"), ("三", "roll-up"), ("4", "contradicts")):
        assert _codes(FIRST, (wording.format(count), "县政府办公室"), more=grouped) == [code]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("2026年十件民生实事责任分解", 10),
        ("2026年12项民生实事项目责任分解", 12),
        ("2026年民生实事项目责任分解", None),
        ("2026年十大工程任务分解", None),
        ("第三项目标任务分解", None),
        ("2026年项目责任分解", None),
    ],
)
def test_how_many_a_title_promises(title: str, said: int | None) -> None:
    assert count_said(title) == said


@pytest.mark.parametrize(
    ("title", "doubted"), [("2026年三件民生实事责任分解", True), ("2026年两件民生实事责任分解", False)]
)
def test_a_title_that_promises_more_than_there_is(title: str, doubted: bool) -> None:
    ledger = read(LIVELIHOOD.replace("2026年县政府民生实事项目责任分解", title).encode(), name="lanwan.txt")
    told = [doubt for doubt in ledger.doubts if doubt.code == "count-differs"]
    assert bool(told) is doubted
    if told:
        assert told[0].at == ledger.plans[0].at
        assert "写明3项，读到2项" in told[0].message


def test_work_on_livelihood_projects_is_no_roll_up() -> None:
    wording = "完善机制，推进民生实事项目人大代表票决制。"
    assert _codes(FIRST, (wording, "县政府办公室"), more=LIVELIHOOD) == []


# --- rare and right -------------------------------------------------------------------------------------------------


def test_the_example_says_everything_once() -> None:
    assert _doubts(read(Path(luoshi.cli.__file__).parent / "example" / "lanwan-2026.txt")) == []


def test_invented_documents_give_few_such_doubts() -> None:
    """Forty-odd documents without slips of this kind: a reader that doubts them is a nuisance."""
    texts = [path for folder in ("corpus", "corpus3") for path in sorted((Path(__file__).parent / folder / "text").glob("*.txt"))]  # fmt: skip
    told = [(path.name, doubt.message) for path in texts for doubt in _doubts(read(path))]
    assert len(texts) > 40
    assert len(told) <= 2, told


# --- many -----------------------------------------------------------------------------------------------------------


def test_many_projects_twice_are_counted_in_one() -> None:
    names = [f"望潮{c}园" + "文化中心" for c in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"]
    tasks = [(f"开工建设{name}。", "县住建局") for name in names] * 2
    doubts = _doubts(_document(*tasks))
    assert len(doubts) == 13
    assert doubts[-1].message == "另有4个项目也在两项任务里出现。"


def test_cost_grows_with_the_document_only() -> None:
    """Twice the tasks take about twice the time, however much they say alike."""
    one = _document(("一般公共预算收入增长5%，开工建设望潮文化中心。", "县发改局"))
    task = one.plans[0].sections[0].tasks[0]

    def seconds(count: int) -> float:
        tasks = tuple(
            structs.replace(task, number=str(n), units=(structs.replace(task.units[0], name=f"县{n}发改局"),))
            for n in range(count)
        )
        plan = Plan(kind="work_report", sections=(Section(tasks=tasks),))
        page, began = Page(one.blocks), time.perf_counter()
        assert list(find_disagreements(page, [plan]))
        return time.perf_counter() - began

    small = min(seconds(1000) for _ in range(3))
    assert min(seconds(4000) for _ in range(3)) < 12 * small
