"""Layouts in small: each test is one way offices write who answers for what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luoshi.reading import Ledger, read
from luoshi.reading.ledger import Task

HEAD = "澜湾县人民政府办公室关于印发2026年政府工作报告重点工作责任分解的通知\n澜政办发〔2026〕3号\n各乡镇人民政府,县政府各部门:\n现印发给你们,请抓好落实。{rule}\n澜湾县人民政府办公室\n2026年2月3日\n(此件公开发布)\n\n2026年政府工作报告重点工作责任分解\n"


def ledger_of(body: str, rule: str = "") -> Ledger:
    return read((HEAD.format(rule=rule) + body).encode(), name="t.txt")


def tasks_of(body: str, rule: str = "") -> list[Task]:
    return [task for _, _, _, task in ledger_of(body, rule).tasks()]


def duty(task: Task) -> list[tuple[str, str, str | None]]:
    return [(unit.name, unit.role, unit.partner) for unit in task.units]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[牵头单位:县教育局;责任单位:县住建局、开发区管委会(县城投集团)]", [("县教育局", "lead", None), ("县住建局", "support", None), ("开发区管委会", "support", "县城投集团")]),
        ("(县教育局牵头,县住建局、各镇配合)", [("县教育局", "lead", None), ("县住建局", "support", None), ("各镇", "support", None)]),
        ("（县教育局主办，县残联协办）", [("县教育局", "lead", None), ("县残联", "support", None)]),
        ("〔县教育局牵头督导，县水务局参与，各县（区）人民政府负责落实〕", [("县教育局", "lead", None), ("县水务局", "support", None), ("各县（区）人民政府", "support", None)]),
        ("（县教育局主办，县残联、县妇联会办）", [("县教育局", "lead", None), ("县残联", "support", None), ("县妇联", "support", None)]),
        ("(县教育局牵头,县财政局、县妇联等按职责分工落实)", [("县教育局", "lead", None), ("县财政局", "support", None), ("县妇联", "support", None)]),
        ("\n责任单位:县教育局、县住建局", [("县教育局", "joint", None), ("县住建局", "joint", None)]),
        ("\n责任单位:县商务局 县文旅局", [("县商务局", "joint", None), ("县文旅局", "joint", None)]),
        ("\n牵头单位:县教育局\n责任单位:县财政局, 县税务局；各镇", [("县教育局", "lead", None), ("县财政局", "support", None), ("县税务局", "support", None), ("各镇", "support", None)]),
        ("\n部门分工:县教育局牵头,县财政局、县税务局配合。", [("县教育局", "lead", None), ("县财政局", "support", None), ("县税务局", "support", None)]),
        ("\n责任单位:★县教育局、县财政局", [("县教育局", "lead", None), ("县财政局", "support", None)]),
        ("\n责任单位:县教育局(牵头)、县财政局", [("县教育局", "lead", None), ("县财政局", "support", None)]),
        ("\n责任单位:市发改委、各区、县(市)人民政府", [("市发改委", "joint", None), ("各区、县(市)人民政府", "joint", None)]),
    ],
)  # fmt: skip
def test_duty_is_read_from_brackets_labels_and_verbs(written: str, expected: list[tuple[str, str, str | None]]) -> None:
    (first, second) = tasks_of(f"1.新建公办幼儿园3所。{written}\n2.改造农村公路8公里。{written}\n")
    assert duty(first) == expected
    assert first.text == "新建公办幼儿园3所。"
    assert duty(second) == expected


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        ("责任单位中列第一位的为牵头单位。", ["lead", "support"]),
        ("排名第一的单位为牵头单位,其余为配合单位。", ["lead", "support"]),
        ("各责任单位排名不分先后。", ["joint", "joint"]),
        ("", ["joint", "joint"]),
    ],
)
def test_the_lead_rule_is_read_from_the_document_itself(rule: str, roles: list[str]) -> None:
    ledger = ledger_of(
        "1.新建幼儿园3所。\n责任单位:县教育局、县住建局\n2.改造公路8公里。\n责任单位:县交通局、县财政局\n", rule
    )
    assert [unit.role for unit in next(ledger.tasks())[3].units] == roles
    quoted = ledger.plans[0].lead_rule
    assert (quoted is None) == (not rule)
    if quoted:
        assert ledger.quote(quoted.at) == quoted.text and quoted.text in rule


def test_a_unit_clause_inside_the_sentence_is_not_wording() -> None:
    (task, _) = tasks_of(
        "1.新建幼儿园3所,由县教育局牵头,会同县财政局、县住建局抓好落实。\n2.改造公路8公里,由县交通局牵头负责。\n"
    )
    assert task.text == "新建幼儿园3所"
    assert duty(task) == [("县教育局", "lead", None), ("县财政局", "support", None), ("县住建局", "support", None)]


def test_units_on_a_heading_are_inherited() -> None:
    ledger = ledger_of(
        "一、做强产业(牵头单位:县经信局;配合单位:县商务局)\n▲新增规上企业5家。\n▲技改投资增长8%。\n二、县教育局牵头工作(2项)\n1.新建幼儿园3所。\n2.招聘教师50名。\n"
    )
    tasks = [task for _, _, _, task in ledger.tasks()]
    assert [duty(t)[0][:2] for t in tasks] == [("县经信局", "lead")] * 2 + [("县教育局", "lead")] * 2
    assert [s.heading for s in ledger.plans[0].sections] == ["一、做强产业", "二、县教育局牵头工作(2项)"]
    assert [t.number for t in tasks] == [None, None, "1", "2"]


def test_a_standing_clause_adds_units_to_every_later_task() -> None:
    tasks = tasks_of(
        "1.治理河道5公里。(县水利局牵头。以下各项均需各镇人民政府负责落实,不再逐项列出)\n2.改造公路8公里。(县交通局牵头)\n"
    )
    assert [duty(t) for t in tasks] == [
        [("县水利局", "lead", None), ("各镇人民政府", "support", None)],
        [("县交通局", "lead", None), ("各镇人民政府", "support", None)],
    ]


@pytest.mark.parametrize(
    ("written", "iso"),
    [("年底完成", "2026-12"), ("9月底前", "2026-09"), ("第三季度", "2026-Q3"), ("2026年11月30日前", "2026-11-30"), ("长期坚持", None), ("全年", None)],
)  # fmt: skip
def test_a_deadline_in_the_bracket(written: str, iso: str | None) -> None:
    (task, _) = tasks_of(
        f"1.新建幼儿园3所。(牵头单位:县教育局;责任单位:县住建局,{written})\n2.修路8公里。(牵头单位:县交通局)\n"
    )
    assert task.deadline == iso
    assert [u.name for u in task.units] == ["县教育局", "县住建局"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("10月底前新建供水管网12公里,水厂同步通水。", "2026-10"),
        ("补齐短板,确保步行街9月底前开街。", "2026-09"),
        ("新增学位900个。2026年8月底前完成。", "2026-08"),
        ("下穿通道10月底前通车,新增停车位600个。", None),
        ("新增就业4200人,截至8月底完成3316人。", None),
    ],
)
def test_a_date_in_the_wording_counts_only_where_it_governs_the_whole(text: str, iso: str | None) -> None:
    (task, _) = tasks_of(f"1.{text}(县教育局牵头)\n2.修路8公里。(县交通局牵头)\n")
    assert task.deadline == iso


def test_leaders_of_headings_lines_and_brackets() -> None:
    ledger = ledger_of(
        "一、陆志远县长牵头重点工作\n1.新建幼儿园3所。\n责任单位:县教育局\n二、改善民生(牵头领导:顾怀春、沈立新)\n1.治河5公里。\n分管县领导:韩艳秋\n责任单位:县水利局\n"
    )
    first, second = ledger.plans[0].sections
    assert [(x.name, x.post) for x in first.leader] == [("陆志远", "县长")]
    assert [(x.name, x.post) for x in second.leader] == [("顾怀春", None), ("沈立新", None)]
    assert second.heading == "二、改善民生"
    assert [x.name for x in second.tasks[0].leaders] == ["韩艳秋"]


TABLE = ["序号", "工作任务", "牵头领导", "牵头单位", "配合单位", "完成时限"]
ROWS = [
    ["1", "新建公办幼儿园3所,新增学位900个。", "周 明", "县教育局", "县住建局、各镇", "8月底前"],
    ["2", "改造农村公路8公里。", "何晓岚丁 俊", "县交通局", "县财政局", "年底前"],
]  # fmt: skip


@pytest.mark.parametrize(
    "shape",
    [
        lambda rows: "\n".join("| " + " | ".join(row) + " |" for row in rows),
        lambda rows: "\n".join(cell + " |" for row in rows for cell in row),
        lambda rows: "\n".join(cell for row in rows for cell in row),
        lambda rows: "\n\n".join(cell for row in rows for cell in row),
    ],
    ids=["pipes", "cell-and-pipe", "cell-a-line", "cell-a-paragraph"],
)
def test_one_table_in_four_shapes_gives_one_ledger(shape: Callable[[list[list[str]]], str]) -> None:
    tasks = tasks_of(shape([TABLE, *ROWS]))
    assert [t.number for t in tasks] == ["1", "2"]
    assert tasks[0].text == "新建公办幼儿园3所,新增学位900个。"
    assert [x.name for x in tasks[0].leaders] == ["周明"]
    assert [x.name for x in tasks[1].leaders] == ["何晓岚", "丁俊"]
    assert duty(tasks[0]) == [("县教育局", "lead", None), ("县住建局", "support", None), ("各镇", "support", None)]
    assert [t.deadline for t in tasks] == ["2026-08", "2026-12"]


def test_the_covering_notice_is_read() -> None:
    document = ledger_of("1.修路8公里。(县交通局牵头)\n2.治河5公里。(县水利局牵头)\n").document
    assert document.number == "澜政办发〔2026〕3号"
    assert document.issuer == "澜湾县人民政府办公室"
    assert document.signed_on == "2026-02-03"
    assert document.public is True
    assert document.addressees == ("各乡镇人民政府", "县政府各部门")
    assert document.title == "澜湾县人民政府办公室关于印发2026年政府工作报告重点工作责任分解的通知"


def test_several_plans_each_with_its_kind() -> None:
    ledger = ledger_of(
        "一、陆志远县长牵头重点工作\n1.修路8公里。\n责任单位:县交通局\n2.治河5公里。\n责任单位:县水利局\n2026年民生实事项目责任分解\n一、安心养老项目\n新增床位100张。\n牵头单位:县民政局\n二、畅行项目\n新增泊位200个。\n牵头单位:县城管局\n"
    )
    assert [(p.kind, p.year) for p in ledger.plans] == [("work_report", 2026), ("livelihood", 2026)]
    first = ledger.plans[1].sections[0].tasks[0]
    assert (first.number, first.title, first.text) == ("一", "安心养老项目", "新增床位100张。")


def test_a_wording_over_two_lines_lies_in_one_block() -> None:
    ledger = ledger_of(
        "1.推进校园建设,新建公办\n幼儿园3所,新增学位900个。\n责任单位:县教育局\n2.修路8公里。\n责任单位:县交通局\n"
    )
    task = next(ledger.tasks())[3]
    assert task.text == "推进校园建设,新建公办幼儿园3所,新增学位900个。"
    assert ledger.quote(task.at) == task.text


def test_doubts_say_what_is_missing() -> None:
    ledger = ledger_of(
        "1.修路8公里。\n责任单位:县交通局\n2.治河5公里。\n4.改厕20座。\n责任单位:县农业农村局、县卫健局\n"
    )
    codes = {(doubt.code, doubt.task) for doubt in ledger.doubts}
    assert ("units-missing", "plans/0/sections/0/tasks/1") in codes
    assert ("lead-unclear", "plans/0/sections/0/tasks/2") in codes
    assert ("number-gap", "plans/0/sections/0/tasks/2") in codes


def test_a_duty_bracket_broken_over_lines() -> None:
    (task, _) = tasks_of("1.新建幼儿园3所。(县教\n育局牵头,县住建局配\n合)\n2.修路8公里。(县交通局牵头)\n")
    assert duty(task) == [("县教育局", "lead", None), ("县住建局", "support", None)]
    assert task.text == "新建幼儿园3所。"


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("李卫东 副县长", [("李卫东", "副县长")]),
        ("副县长 李卫东", [("李卫东", "副县长")]),
        ("李卫东（副县长）", [("李卫东", "副县长")]),
        ("李卫东副县长", [("李卫东", "副县长")]),
        ("王晓玲 县委常委、副县长", [("王晓玲", "县委常委、副县长")]),
        ("县委副书记、县长李卫东", [("李卫东", "县委副书记、县长")]),
        ("李卫东 副县长、王晓玲 副县长", [("李卫东", "副县长"), ("王晓玲", "副县长")]),
        ("陆志远、顾怀春", [("陆志远", None), ("顾怀春", None)]),
        ("分管副县长", [(None, "分管副县长")]),
    ],
)
def test_leaders_with_their_posts(written: str, people: list[tuple[str | None, str | None]]) -> None:
    (task, _) = tasks_of(
        f"1.新建幼儿园3所。\n牵头领导：{written}\n责任单位:县教育局\n2.修路8公里。\n责任单位:县交通局\n"
    )
    assert [(leader.name, leader.post) for leader in task.leaders] == people


def test_alone_by_his_duties_nobody_leads_unless_the_document_says_so() -> None:
    body = "1.新建幼儿园3所。(县教育局、县财政局按职责分工负责)\n2.修路8公里。(县交通局牵头,各镇按职责分工负责)\n"
    alone, beside = tasks_of(body)
    assert [unit.role for unit in alone.units] == ["joint", "joint"]
    assert [unit.role for unit in beside.units] == ["lead", "support"]
    first, _ = tasks_of(body, "第一责任单位负总责。")
    assert [unit.role for unit in first.units] == ["lead", "support"]


def test_a_tasks_own_wording_makes_no_lead_rule() -> None:
    ledger = ledger_of(
        "1.开展试点,首位单位为牵头单位的做法在全县推开。\n责任单位:县教育局、县财政局\n2.修路8公里。\n责任单位:县交通局、县财政局\n"
    )
    assert {unit.role for _, _, _, task in ledger.tasks() for unit in task.units} == {"joint"}


def test_counts_in_headings_are_checked_in_any_width() -> None:
    for count in ("(3项)", "（3项）"):
        ledger = ledger_of(f"一、县教育局牵头工作{count}\n1.新建幼儿园3所。\n2.招聘教师50名。\n")
        assert [doubt.code for doubt in ledger.doubts] == ["count-differs"]


def test_units_that_only_support_raise_a_doubt() -> None:
    ledger = ledger_of("1.新建幼儿园3所。\n配合单位:县教育局、县财政局\n2.修路8公里。\n牵头单位:县交通局\n")
    assert [doubt.code for doubt in ledger.doubts] == ["lead-missing"]


def test_a_document_without_a_plan_is_not_understood() -> None:
    ledger = read("关于召开会议的通知\n请各单位派员参加会议,自带水杯。\n".encode(), name="t.txt")
    assert not ledger.plans
    assert ledger.coverage.not_understood
    assert ledger.coverage.prose == 0


@pytest.mark.parametrize("sign", ["，", "。", "；", ","])
def test_a_lead_rule_within_the_list_is_no_unit(sign):
    text = f"1.改造老旧小区12个。（责任单位：县住建局、望潮街道{sign}首位单位为牵头单位{sign}下同）\n2.建成公园1个。（责任单位：县教育局、县住建局）\n"
    ledger = read(f"责任分解\n一、重点工作\n{text}".encode(), name="a.txt")
    units = [[(unit.name, unit.role) for unit in task.units] for *_, task in ledger.tasks()]
    assert units == [
        [("县住建局", "lead"), ("望潮街道", "support")],
        [("县教育局", "lead"), ("县住建局", "support")],
    ]


def test_what_came_of_an_item_is_its_progress_and_no_promise():
    text = (
        "1.改造老旧小区12个。进展情况：已完成8个，投资1.2亿元。\n责任单位：县住建局\n"
        "2.新增学位1200个。\n完成情况：新增学位900个，占75%。\n其中幼儿园学位300个。\n牵头单位：县教育局；配合单位：县住建局\n"
        "3.新建公园3座。（责任单位：县城投集团）\n【进展情况】：开工2座。\n下一步打算：10月底前建成。\n"
    )
    ledger = read(f"责任分解及完成情况\n一、重点工作\n{text}".encode(), name="a.txt")
    tasks = [task for *_, task in ledger.tasks()]
    assert [task.progress for task in tasks] == ["已完成8个，投资1.2亿元。", "新增学位900个，占75%。", "开工2座。"]
    assert [[target.value for target in task.targets] for task in tasks] == [[12], [1200], [3]]
    assert [[unit.name for unit in task.units] for task in tasks] == [
        ["县住建局"],
        ["县教育局", "县住建局"],
        ["县城投集团"],
    ]
    assert not any(task.deadline for task in tasks) and not ledger.coverage.not_understood


@pytest.mark.parametrize(
    "duty, units",
    [
        ("（县商务局、县投资促进中心）；", ["县商务局", "县投资促进中心"]),
        ("（县市场监管局，县统计局）", ["县市场监管局", "县统计局"]),
        ("。——县交通局、各镇", ["县交通局", "各镇"]),
        ("（县第一实验小学）。", ["县教育局"]),  # names the school, answers for nothing: the heading's unit does
        ("（县委组织部牵头）。", ["县委组织部"]),
    ],
)
def test_units_at_the_end_without_a_label(duty, units):
    text = f"责任分解\n一、重点工作（责任单位：县教育局）\n1.全年新增30家以上，完成投资5亿元{duty}\n2.新建学校2所。\n"
    task = next(task for *_, task in read(text.encode(), name="a.txt").tasks())
    assert [unit.name for unit in task.units] == units


def test_quarters_of_a_table_in_lines_are_due_in_their_quarters():
    text = "2026年责任分解\n序号|任务|一季度|二季度|三季度|四季度|责任单位\n1|建成县第二医院|封顶|砌体|内装|验收|县卫健局\n"
    task = next(task for *_, task in read(text.encode(), name="a.txt").tasks())
    assert [node.due for node in task.milestones] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]


def test_a_theme_row_stands_beside_the_one_over_the_header():
    rows = [
        '<td colspan="4">一、产业提升（牵头领导：顾怀璟）</td>',
        "<td>序号</td><td>工作内容</td><td>目标值</td><td>责任部门</td>",
        "<td>1</td><td>新增高新技术企业</td><td>20家</td><td>县科技局</td>",
        '<td colspan="4">二、城乡建设（牵头领导：石砺）</td>',
        "<td>2</td><td>新建改建农村公路</td><td>80公里</td><td>县交通局</td>",
    ]
    page = f"<h1>2026年目标任务分解表</h1><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    sections = read(page.encode(), name="a.html").plans[0].sections
    assert [(s.heading, [leader.name for leader in s.leader]) for s in sections] == [
        ("一、产业提升", ["顾怀璟"]), ("二、城乡建设", ["石砺"]),
    ]  # fmt: skip
    road = sections[1].tasks[0]
    assert [(t.subject, t.value) for t in road.targets] == [("农村公路", 80)] and not road.deliverables
