"""Deliverables: one line a form of the language. All names are invented."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from luoshi.reading.facts import Passage
from luoshi.reading.facts.deliverables import read_deliverables
from luoshi.reading.facts.targets import read_targets
from luoshi.reading.rule import fold

SHARED = Path(__file__).parents[2].parent / "shared"


def read(text: str) -> list[str]:
    """Name and stage, ! where it strives."""
    p = Passage(0, text, fold(text), 0, len(text))
    found = read_deliverables(p, read_targets(p))
    assert all(text[d.at.start : d.at.end] == d.name for d in found)
    return [f"{d.name} {d.stage}" + ("!" if d.strength == "strive" else "") for d in found]


FORMS = {
    "planned": ("谋划推进环湖铁路、澜湾通用机场等一批重大项目", ["环湖铁路 plan", "澜湾通用机场 plan"]),
    "prepared": ("完成青溪大桥可研报批", ["青溪大桥 prepare"]),
    "prepared, design": ("完成高铁新城、澜湾老街城市设计", ["高铁新城 prepare", "澜湾老街 prepare"]),
    "prepared, behind": ("南浦卫生院完成设计等前期工作", ["南浦卫生院 prepare"]),
    "started": ("启动黑石水库扩容工程", ["黑石水库扩容工程 start"]),
    "scheme started": ("高标准实施“清洁田园”专项行动", ["“清洁田园”专项行动 start"]),
    "scheme going on": ("深入实施“深根计划”", ["“深根计划” advance"]),
    "founded": ("组建澜湾文旅集团", ["澜湾文旅集团 start"]),
    "ground broken": ("开工建设澜湾体育馆、市民广场等项目", ["澜湾体育馆 break_ground", "市民广场 break_ground"]),
    "ground broken, behind": ("351国道澜湾段年内开工建设", ["351国道澜湾段 break_ground"]),
    "advanced": ("加快南门未来社区、澜湾科技城建设", ["南门未来社区 advance", "澜湾科技城 advance"]),
    "advanced, part of it": ("谭湾大桥完成主墩施工", ["谭湾大桥 advance"]),
    "finished": ("建成北街文化旅游街区", ["北街文化旅游街区 complete"]),
    "finished, behind": ("青屏至洛溪高速公路全线贯通", ["青屏至洛溪高速公路 complete"]),
    "opened up": ("打通迎宾路西延线等断头路", ["迎宾路西延线 complete"]),
    "held": ("办好第三届杨梅节", ["第三届杨梅节 complete"]),
    "in use": ("力争建成开放澜湾乐园", ["澜湾乐园 in_use!"]),
    "in use, behind": ("文庙广场、东门街区分期向市民开放", ["文庙广场 in_use", "东门街区 in_use"]),
    "in use with a date": ("县一中新校区9月投用", ["县一中新校区 in_use"]),
    "in use before a number": ("实验中学南校区等8所学校竣工投用", ["实验中学南校区 in_use"]),
    "system goes live": ("推动“澜通办”平台上线运行", ["“澜通办”平台 in_use"]),
    "title": ("争创国家卫生县城、全国文化先进县", ["国家卫生县城 award!", "全国文化先进县 award!"]),
    "facility strives for a title": ("县中医院争创三级乙等医院", ["县中医院 award!"]),
    "place strives for a title": ("全县争创省级全域旅游示范县", ["省级全域旅游示范县 award!"]),
    "approval": ("争取澜湾超算中心获批", ["澜湾超算中心 award!"]),
    "each its own verb": (
        "推动华越精工项目投产、云湾电气项目开工、德丰新材二期扩建加快建设",
        ["华越精工项目 in_use", "云湾电气项目 break_ground", "德丰新材二期扩建 advance"],
    ),
    "two clauses": ("城东医院启用,城西客运站主体完工", ["城东医院 in_use", "城西客运站 complete"]),
    "money described": ("加快总投资50亿元的海澜储能项目建设", ["海澜储能项目 advance"]),
    "names of firms": ("推进冠越、良合等重大项目建设", ["冠越 advance", "良合 advance"]),
    "verb inside the name": ("启动勤丰片区城中村改造", ["勤丰片区城中村改造 start"]),
    "names side by side": ("上线“安居码”“助企码”等应用", ["“安居码” in_use", "“助企码” in_use"]),
    "work behind the name": ("加快锂电产业园、光电产业园提档升级", ["锂电产业园 advance", "光电产业园 advance"]),
    "won approval": ("澜湾铁路支线获国家批复", ["澜湾铁路支线 prepare"]),
    "half built": ("碳纤维产业园土建施工过半", ["碳纤维产业园 advance"]),
    "two verbs in front": ("修缮陈氏宗祠等文保单位", ["陈氏宗祠 complete"]),
    "brackets": ("开工建设老年活动中心(老年大学)", ["老年活动中心(老年大学) break_ground"]),
}

NOTHING = {
    "counted": "建成高标准农机服务中心2个,新建公园10座",
    "counted title": "创建省级卫生乡镇2个",
    "networks in general": "推进城乡供水、污水和燃气管网建设",
    "two building verbs": "新建、改扩建中小学和幼儿园",
    "reform": "深化“放管服”改革,推进“一件事”集成改革",
    "service in general": "持续推进基本养老保险,完善农村公路管护机制",
    "projects in general": "推进重大项目建设,加快农村公路建设",
    "safety": "全面提升防灾减灾能力,健全应急管理体系",
    "manner": "政务服务实现跨省通办",
    "rates with a verb inside": "开工率、建成率稳步提高",
}


@pytest.mark.parametrize("form", FORMS)
def test_form_is_read(form: str) -> None:
    text, wanted = FORMS[form]
    assert read(text) == wanted


@pytest.mark.parametrize("form", NOTHING)
def test_no_deliverable(form: str) -> None:
    assert read(NOTHING[form]) == []


def test_gold_of_the_shared_documents() -> None:
    golds = sorted((SHARED / "corpus" / "dev" / "gold").glob("*.json")) + sorted(
        (SHARED / "seed" / "gold").glob("*.json")
    )
    if not golds:
        pytest.skip("the shared documents are not here")
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    assert spec and spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    f1 = score.F1()
    for path in golds:
        for task in score.tasks_of(json.loads(path.read_text("utf-8"))):
            if task.get("truncated"):
                continue
            p = Passage(0, task["text"], fold(task["text"]), 0, len(task["text"]))
            left, hits = list(read_deliverables(p, read_targets(p))), 0
            for gold in task["deliverables"]:
                like = [d for d in left if d.stage == gold["stage"] and score.overlap(gold["name"], d.name) >= 0.8]
                if like:
                    hits += 1
                    left.remove(like[0])
            f1.add(hits, len(task["deliverables"]), hits + len(left))
    assert f1.value >= 93
