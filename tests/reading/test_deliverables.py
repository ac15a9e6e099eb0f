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


# Sentences written before anyone looked whether they read right, by stage.
FRESH: dict[str, list[str]] = {
    # plan
    "谋划芦溪抽水蓄能电站、临溪通用航空机场等重大项目": ["芦溪抽水蓄能电站 plan", "临溪通用航空机场 plan"],
    "开展环澜湾湖轨道交通规划研究": ["环澜湾湖轨道交通 plan"],
    "深化澜岚高铁线位研究论证": ["澜岚高铁 plan"],
    "超前谋划第二过江通道": ["第二过江通道 plan"],
    "澜湾至岚浦市域铁路纳入省级规划": ["澜湾至岚浦市域铁路 plan"],
    "积极谋划推动沿江高速西延工程": ["沿江高速西延工程 plan"],
    "研究建设县级档案馆新馆": ["县级档案馆新馆 plan"],
    "谋划布局南湾临港产业园二期": ["南湾临港产业园二期 plan"],
    "做好石门水库扩容规划论证": ["石门水库扩容 plan"],
    # complete
    "编制完成《澜湾湖国土空间详细规划》": ["《澜湾湖国土空间详细规划》 complete"],
    "全面建成滨江绿道": ["滨江绿道 complete"],
    "岚浦大桥主桥合龙、年底建成": ["岚浦大桥 complete"],
    "岚浦大桥全线贯通": ["岚浦大桥 complete"],
    "县图书馆新馆主体封顶": ["县图书馆新馆 complete"],
    "确保石门水库除险加固工程通过竣工验收": ["石门水库除险加固工程 complete"],
    "临溪老街改造提升工程10月底前完工": ["临溪老街改造提升工程 complete"],
    "完成岚浦老码头片区改造": ["岚浦老码头片区改造 complete"],
    "基本完成南苑路雨污分流改造": ["南苑路雨污分流改造 complete"],
    "完成县殡仪馆迁建工程": ["县殡仪馆迁建工程 complete"],
    "高质量办好第六届澜湾湖半程马拉松": ["第六届澜湾湖半程马拉松 complete"],
    "承办全国沙滩排球锦标赛": ["全国沙滩排球锦标赛 complete"],
    "打通学府路、望江路两条断头路": ["学府路 complete", "望江路 complete"],
    "修缮林氏宗祠": ["林氏宗祠 complete"],
    "滨江公园二期工程基本建成": ["滨江公园二期工程 complete"],
    "拆除临溪老车站": ["临溪老车站 complete"],
    # prepare
    "加快推进澜湾港区二期前期工作": ["澜湾港区二期 prepare"],
    "抓紧做好东山抽水蓄能电站前期": ["东山抽水蓄能电站 prepare"],
    "完成岚浦大桥工程可行性研究报告编制": ["岚浦大桥工程 prepare"],
    "澜湾机场改扩建工程年内完成可研批复": ["澜湾机场改扩建工程 prepare"],
    "力争岚溪水库取得初步设计批复": ["岚溪水库 prepare!"],
    "县中医院迁建项目6月底前完成立项": ["县中医院迁建项目 prepare"],
    "确保228国道澜湾段改建工程用地获批": ["228国道澜湾段改建工程 prepare"],
    "加快新荷路北延工程征地拆迁": ["新荷路北延工程 prepare"],
    "完成城西污水处理厂三期选址和可研编制": ["城西污水处理厂三期 prepare"],
    "岚江特大桥完成施工图审查": ["岚江特大桥 prepare"],
    "扎实开展湖滨文化中心方案设计": ["湖滨文化中心 prepare"],
    "争取澜湾LNG接收站获得国家核准": ["澜湾LNG接收站 prepare!"],
    "澜湾高铁站站前广场具备开工条件": ["澜湾高铁站站前广场 prepare"],
    "编制《县域教育设施布点规划》并报批": ["《县域教育设施布点规划》 prepare"],
    "完成岚浦智慧港项目土地摘牌": ["岚浦智慧港项目 prepare"],
    "筹建澜湾职业技术学院": ["澜湾职业技术学院 prepare"],
    # start
    "启动新一轮文明创建三年行动": ["新一轮文明创建三年行动 start"],
    "启动全民健身中心建设": ["全民健身中心 start"],
    "启动实施岚浦古镇保护修缮工程": ["岚浦古镇保护修缮工程 start"],
    "岚浦湾蓝碳研究院挂牌成立": ["岚浦湾蓝碳研究院 start"],
    "组建澜湾水务集团": ["澜湾水务集团 start"],
    "城北老粮站片区改造全面启动": ["城北老粮站片区改造 start"],
    "正式启动澜湾一中百年校园更新工程": ["澜湾一中百年校园更新工程 start"],
    "设立澜湾产业引导基金": ["澜湾产业引导基金 start"],
    "县融媒体中心二期启动建设": ["县融媒体中心二期 start"],
    # break_ground
    "确保岚浦大桥年内开工": ["岚浦大桥 break_ground"],
    "力争县妇幼保健院新院区上半年开工建设": ["县妇幼保健院新院区 break_ground!"],
    "城东净水厂（二期）破土动工": ["城东净水厂（二期） break_ground"],
    "新开工岚浦智造园、临溪数字港": ["岚浦智造园 break_ground", "临溪数字港 break_ground"],
    "岚溪书院三季度奠基": ["岚溪书院 break_ground"],
    "动工建设110kV临溪变电站": ["110kV临溪变电站 break_ground"],
    "石门隧道实质性开工": ["石门隧道 break_ground"],
    "加快推动湾区会展中心、滨江体育公园开工建设": ["湾区会展中心 break_ground", "滨江体育公园 break_ground"],
    "推动总投资30亿元的晟岚新材料项目尽早开工": ["晟岚新材料项目 break_ground"],
    "澜湾三中扩建工程进场施工": ["澜湾三中扩建工程 break_ground"],
    "全面开工建设岚江治理二期工程": ["岚江治理二期工程 break_ground"],
    "临溪港二号泊位开挖": ["临溪港二号泊位 break_ground"],
    "新建岚浦消防救援站": ["岚浦消防救援站 break_ground"],
    # advance
    "加快岚浦大桥、滨海大道建设": ["岚浦大桥 advance", "滨海大道 advance"],
    "续建城南水厂等项目": ["城南水厂 advance"],
    "岚浦大桥完成投资3.5亿元": ["岚浦大桥 advance"],
    "澜湾抽水蓄能电站上水库大坝填筑过半": ["澜湾抽水蓄能电站 advance"],
    "完成岚浦大桥桩基施工": ["岚浦大桥 advance"],
    "地铁5号线临溪段盾构掘进过半": ["地铁5号线临溪段 advance"],
    "岚澜高铁完成无砟轨道铺设": ["岚澜高铁 advance"],
    "县文化中心主体结构施工至五层": ["县文化中心 advance"],
    "县人民医院三期主体施工": ["县人民医院三期 advance"],
    "绕城公路东段路基工程完成80%": ["绕城公路东段 advance"],
    "岚江二桥主塔封顶": ["岚江二桥 advance"],
    "加快推进临溪国际陆港项目": ["临溪国际陆港项目 advance"],
    "推进城市大脑2.0建设": ["城市大脑2.0 advance"],
    "市民中心进入内部装修": ["市民中心 advance"],
    "岚溪水库坝体浇筑至设计高程": ["岚溪水库 advance"],
    "临溪国际会展中心钢结构吊装完成": ["临溪国际会展中心 advance"],
    "全力推进石门抽蓄、临溪核能供热等在建项目": ["石门抽蓄 advance", "临溪核能供热 advance"],
    "加快打造湖滨金融小镇": ["湖滨金融小镇 advance"],
    "继续实施“雨露计划”": ["“雨露计划” advance"],
    "推进开发区扩区调规": ["开发区扩区调规 advance"],
    # in_use
    "县档案馆新馆项目竣工验收并交付": ["县档案馆新馆项目 in_use"],
    "岚浦客运枢纽建成投用": ["岚浦客运枢纽 in_use"],
    "确保县第二人民医院开诊": ["县第二人民医院 in_use"],
    "澜湾实验学校9月开学招生": ["澜湾实验学校 in_use"],
    "上线运行“惠企通”平台": ["“惠企通”平台 in_use"],
    "“澜易办”APP正式上线": ["“澜易办”APP in_use"],
    "石门光伏电站全容量并网发电": ["石门光伏电站 in_use"],
    "岚浦大桥年底前建成通车": ["岚浦大桥 in_use"],
    "县老年大学新校区竣工并交付使用": ["县老年大学新校区 in_use"],
    "临溪湿地公园国庆前开园迎客": ["临溪湿地公园 in_use"],
    "晟岚电子二期项目投料试车": ["晟岚电子二期项目 in_use"],
    "城西110kV变电站建成送电": ["城西110kV变电站 in_use"],
    "力争岚浦湾科创中心首批团队入驻": ["岚浦湾科创中心 in_use!"],
    "开通澜湾至岚浦城际公交专线": ["澜湾至岚浦城际公交专线 in_use"],
    "启用县公共资源交易中心新场所": ["县公共资源交易中心新场所 in_use"],
    "石门引水工程实现全线通水": ["石门引水工程 in_use"],
    "县青少年宫免费向公众开放": ["县青少年宫 in_use"],
    "投用城南停车综合体": ["城南停车综合体 in_use"],
    "建成并开放澜湾非遗馆": ["澜湾非遗馆 in_use"],
    "晟岚生物医药产业园一期竣工投产": ["晟岚生物医药产业园一期 in_use"],
    "临溪影视城对外试营业": ["临溪影视城 in_use"],
    # award
    "创成国家园林县城": ["国家园林县城 award"],
    "争创全国双拥模范城": ["全国双拥模范城 award!"],
    "全力争取省级高新技术产业园区获批": ["省级高新技术产业园区 award!"],
    "澜湾湖景区创成国家5A级旅游景区": ["澜湾湖景区 award"],
    "力争入选国家知识产权强县建设试点县": ["国家知识产权强县建设试点县 award!"],
    "争取纳入国家县域商业体系建设示范县": ["国家县域商业体系建设示范县 award!"],
    "通过国家卫生县城复审": ["国家卫生县城 award"],
    "岚浦镇获评全国特色小镇": ["全国特色小镇 award"],
    "成功创建省级生态文明建设示范区": ["省级生态文明建设示范区 award"],
    "力创全国文明城市": ["全国文明城市 award!"],
    "县人民医院通过三级甲等医院评审": ["县人民医院 award"],
    "湖滨街区获省级夜间文旅消费集聚区命名": ["湖滨街区 award"],
    "争取岚浦省级新区落户": ["岚浦省级新区 award!"],
    "摘得“省级法治政府建设示范县”称号": ["“省级法治政府建设示范县” award"],
    # nothing
    "巩固国家森林城市创建成果": [],
    "碳排放强度完成省下达任务": [],
    "大力推进农村公路建设养护": [],
    "开展校园食品安全专项整治": [],
    "深化医药卫生体制改革": [],
    "完成老旧小区改造12个、惠及居民4200户": [],
    "新建农村公路50公里，改造危桥6座": [],
    "推动城乡基本公共服务均等化": [],
    "加强河湖管护，推进水土流失治理": [],
    "完成年度粮食收储任务": [],
    "开展“送医下乡”活动50场": [],
    "推进义务教育优质均衡发展": [],
    "组织开展安全生产大检查": [],
    "启动第三次土壤普查": [],
    "实施产业链招商、基金招商": [],
    "加快数字政府建设，推进政务数据共享": [],
    "推进高标准农田建设": [],
    "完善多层次社会保障体系": [],
    "建立健全重大项目推进机制": [],
    "抓好中央环保督察反馈问题整改": [],
    "全面完成“十四五”规划目标任务": [],
}


@pytest.mark.parametrize("text", FRESH)
def test_fresh_sentence(text: str) -> None:
    assert read(text) == FRESH[text]


def test_title_names_what_the_wording_does_not() -> None:
    title, text = "澜湾儿童医院", "3月底开诊,开放床位600张"
    p, t = Passage(1, text, fold(text), 0, len(text)), Passage(0, title, fold(title), 0, len(title))
    assert [(d.name, d.stage, d.at.block) for d in read_deliverables(p, read_targets(p), t)] == [(title, "in_use", 0)]
    assert read_deliverables(p, read_targets(p)) == ()


def test_title_of_a_programme_names_nothing() -> None:
    title, text = "老旧小区改造工程", "改造老旧小区12个,10月底前完成"
    p, t = Passage(1, text, fold(text), 0, len(text)), Passage(0, title, fold(title), 0, len(title))
    assert read_deliverables(p, read_targets(p), t) == ()


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
