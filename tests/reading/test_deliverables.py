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
    # a second round
    "全面提速岚浦湾大桥、环湾快速路二期建设，力争滨海旅游公路全线贯通": [
        "岚浦湾大桥 advance",
        "环湾快速路二期 advance",
        "滨海旅游公路 complete!",
    ],
    "推动临溪灵峰抽水蓄能电站核准开工": ["临溪灵峰抽水蓄能电站 break_ground"],
    "岚浦新能源汽车零部件产业园、澜湾半导体材料产业园形成规模化产能": [],
    "县人民医院新院区主体工程完工，县中医院门诊综合楼开工建设，妇幼保健院改扩建项目完成立项": [
        "县人民医院新院区 complete",
        "县中医院门诊综合楼 break_ground",
        "妇幼保健院改扩建项目 prepare",
    ],
    "建成岚浦一小、临溪二幼等5所学校": ["岚浦一小 complete", "临溪二幼 complete"],
    "年内完成临溪河综合整治工程并投入运行": ["临溪河综合整治工程 in_use"],
    "确保晟岚年产20万吨锂电铜箔项目6月投产": ["晟岚年产20万吨锂电铜箔项目 in_use"],
    "加快推进澜岚高速公路（岚浦段）建设，确保完成投资15亿元": ["澜岚高速公路（岚浦段） advance"],
    "澜湾国际学校建成招生，岚浦高级中学迁建工程结顶": ["澜湾国际学校 in_use", "岚浦高级中学迁建工程 complete"],
    "盘活原县棉纺厂地块": [],
    "实施“智汇澜湾”人才新政2.0": ["“智汇澜湾”人才新政2.0 start"],
    "开工建设滨江大道东延、新华路改造等市政道路8条": ["滨江大道东延 break_ground", "新华路改造 break_ground"],
    "加快实施石门水库引调水、岚江干流堤防加固、临溪灌区现代化改造等重大水利工程": [
        "石门水库引调水 advance",
        "岚江干流堤防加固 advance",
        "临溪灌区现代化改造 advance",
    ],
    "谋划储备岚浦湾海上风电、临溪绿氢制储输用一体化等项目": ["岚浦湾海上风电 plan", "临溪绿氢制储输用一体化 plan"],
    "力争G228岚浦段、S302临溪至石门段改建工程建成通车": ["G228岚浦段 in_use!", "S302临溪至石门段改建工程 in_use!"],
    "高标准打造岚浦“两山”实践创新基地": ["岚浦“两山”实践创新基地 advance"],
    "争创国家乡村振兴示范县，创成省级未来乡村3个": ["国家乡村振兴示范县 award!"],
    "巩固提升全国文明城市创建成果，争创国家生态园林城市": ["国家生态园林城市 award!"],
    "确保岚浦互通至临溪连接线10月1日前通车": ["岚浦互通至临溪连接线 in_use"],
    "县全民健身中心全面开放，县文化馆新馆完成内部装修，县博物馆完成布展": [
        "县全民健身中心 in_use",
        "县文化馆新馆 advance",
        "县博物馆 advance",
    ],
    "推进县域医共体“县乡一体”信息平台建设并上线试运行": ["县域医共体“县乡一体”信息平台 in_use"],
    "支持岚浦化工园区创建省级智慧化工园区": ["岚浦化工园区 award"],
    "澜湾湖水环境综合治理二期EOD项目全面启动": ["澜湾湖水环境综合治理二期EOD项目 start"],
    "石门国家森林公园申报4A级旅游景区": ["石门国家森林公园 award"],
    "加快岚浦智谷招商运营，力争入驻企业50家": [],
    "岚浦至临溪220千伏输变电工程建成投运": ["岚浦至临溪220千伏输变电工程 in_use"],
    "开展“护航2024”专项行动": ["“护航2024”专项行动 advance"],
    "启动新一轮国土空间规划编制": [],
    "县级疾控中心实验楼交付使用": ["县级疾控中心实验楼 in_use"],
    "晟岚半导体项目设备进场、首条产线通线": ["晟岚半导体项目 advance"],
    "建设岚浦零碳产业园": ["岚浦零碳产业园 advance"],
    "澜湾—岚浦城际铁路列入国家“十五五”规划": ["澜湾—岚浦城际铁路 plan"],
    "推动岚浦机场航站楼扩建工程尽快获得批复": ["岚浦机场航站楼扩建工程 prepare"],
    "筹备第三届岚浦国际茶文化节": ["第三届岚浦国际茶文化节 prepare"],
    "成功举办澜湾湖龙舟公开赛": ["澜湾湖龙舟公开赛 complete"],
    "让岚浦文体中心早日建成使用": ["岚浦文体中心 in_use"],
    "城东智慧停车场、南门菜市场改造分别于5月、8月投入使用": ["城东智慧停车场 in_use", "南门菜市场改造 in_use"],
    "提升“澜湾一码通”服务能级": [],
    "临溪抽蓄电站下水库开工、上水库蓄水": ["临溪抽蓄电站 break_ground"],
    "澜湾北站综合交通枢纽全面进入施工阶段": ["澜湾北站综合交通枢纽 advance"],
    "推动岚浦湾大湾区研究院实体化运作": ["岚浦湾大湾区研究院 in_use"],
    "新建改建敬老院3所，县社会福利中心二期投入使用": ["县社会福利中心二期 in_use"],
    "实现临溪至岚浦城乡公交一体化": [],
    "推进全国深化医改经验推广基地建设": [],
    "深入推进平安澜湾建设": [],
    "开展农村人居环境整治提升五年行动": [],
    "确保完成粮食安全责任制考核任务": [],
    "加强新业态劳动者权益保障，办好职工书屋": [],
    "力争全年工业投资完成80亿元": [],
    "强化科技企业孵化，建设省级孵化器2家": [],
    "全力抓好“三夏”生产": [],
    "推动党建引领基层治理提质增效": [],
    "落实林长制、河湖长制，完成国土绿化2万亩": [],
    "加快建设现代化产业体系，打造区域消费中心": [],
    # a third round
    "力争国道522线临溪绕城段一季度前完成路面施工": ["国道522线临溪绕城段 advance!"],
    "澜湾经开区扩区获批，岚浦产业园升格为省级开发区": ["澜湾经开区扩区 award"],
    "启用县政务服务中心新大厅，临溪分中心同步开放": ["县政务服务中心新大厅 in_use", "临溪分中心 in_use"],
    "推动岚浦大桥开工、临溪大道贯通、石门互通通车": ["岚浦大桥 break_ground", "临溪大道 complete", "石门互通 in_use"],
    "加快推进岚浦水库、石门水库前期工作": ["岚浦水库 prepare", "石门水库 prepare"],
    "抓紧编制岚浦新城控制性详细规划": ["岚浦新城控制性详细规划 plan"],
    "县第一中学改扩建工程续建，县特殊教育学校迁建工程竣工": [
        "县第一中学改扩建工程 advance",
        "县特殊教育学校迁建工程 complete",
    ],
    "晟岚光电、宏澜精密等项目建成投产，远澜生物项目开工": [
        "晟岚光电 in_use",
        "宏澜精密 in_use",
        "远澜生物项目 break_ground",
    ],
    "确保湾区大道北段年底前具备通车条件": ["湾区大道北段 complete"],
    "临溪镇卫生院易地新建项目投入使用": ["临溪镇卫生院易地新建项目 in_use"],
    "深化“无废城市”建设": [],
    "推进省级文旅融合试点县创建": [],
    "持续推进“厕所革命”": [],
    "实施“数字澜湾”三年行动计划": ["“数字澜湾”三年行动计划 start"],
    "岚浦古城入选省级历史文化街区，争创国家考古遗址公园": ["岚浦古城 award", "国家考古遗址公园 award!"],
    "建成并启用澜湾县域急救指挥调度中心": ["澜湾县域急救指挥调度中心 in_use"],
    "完善岚浦港集疏运体系，开工疏港铁路专用线": ["疏港铁路专用线 break_ground"],
    "支持晟岚集团总部大楼尽快封顶": ["晟岚集团总部大楼 complete"],
    "石门抽水蓄能电站首台机组发电": ["石门抽水蓄能电站 in_use"],
    "做好岚浦核电二期前期工作，争取早日核准": ["岚浦核电二期 prepare"],
    "完成临溪污水处理厂扩建工程设计、招标，年内开工": ["临溪污水处理厂扩建工程 prepare"],
    "湖滨路口袋公园完成绿化栽植": ["湖滨路口袋公园 advance"],
    "县公共卫生中心主体结构封顶、完成室外管网": ["县公共卫生中心 complete"],
    "筹建岚浦市民艺术中心，推进岚浦体育馆招标工作": ["岚浦市民艺术中心 prepare", "岚浦体育馆 prepare"],
    "推动岚浦至澜湾快速通道建成、滨海新区污水处理厂调试运行": [
        "岚浦至澜湾快速通道 complete",
        "滨海新区污水处理厂 in_use",
    ],
    "澜湾人才科创港一期交付，首批12家企业入驻": ["澜湾人才科创港一期 in_use"],
    "规划新建岚浦第三幼儿园": ["岚浦第三幼儿园 plan"],
    "扎实推进岚浦小流域水土流失综合治理项目": ["岚浦小流域水土流失综合治理项目 advance"],
    "组建岚浦农业发展集团，挂牌岚浦乡村振兴学院": ["岚浦农业发展集团 start"],
    "临溪水厂二期10月通水，岚浦220kV变12月底建成": ["临溪水厂二期 in_use", "岚浦220kV变 complete"],
    "加快补齐基础设施短板，推动城乡融合发展": [],
    "加强国土空间用途管制，严守耕地红线": [],
    "全面推进依法行政，自觉接受人大监督": [],
    "推进公立医院综合改革示范县建设": [],
    "持续优化营商环境，实施惠企政策直达快享": [],
    "打好蓝天碧水净土保卫战": [],
    "推动银行网点下沉，新增普惠小微贷款30亿元": [],
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
