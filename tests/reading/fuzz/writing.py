"""Documents written by chance: plans whose meaning is known, set in many layouts, and lines that mean nothing at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

Fact = tuple[float, str, str, str]  # value, unit, bound, strength

QUANTITIES = (
    ("新增", "规上企业", "家"), ("完成", "老旧小区改造", "个"), ("引进", "亿元以上项目", "个"), ("新增", "停车泊位", "个"),
    ("新建改建", "农村公路", "公里"), ("培训", "高技能人才", "人"), ("新增", "养老床位", "张"), ("建成", "高标准农田", "万亩"),
    ("新增", "国家高新技术企业", "家"), ("完成", "营造林", "亩"), ("实现", "旅游收入", "亿元"), ("新建", "口袋公园", "座"),
    ("改造", "燃气管网", "公里"), ("新增", "城镇就业", "人"), ("盘活", "存量建设用地", "亩"), ("发放", "创业担保贷款", "万元"),
)  # fmt: skip
GROWING = (
    "规上工业增加值",
    "社会消费品零售总额",
    "固定资产投资",
    "一般公共预算收入",
    "城镇居民人均可支配收入",
    "外贸进出口总额",
)
HELD = ("城镇调查失业率", "居民消费价格涨幅", "政府负债率", "主要农产品抽检不合格率")
REACHED = ("常住人口城镇化率", "空气质量优良率", "农村自来水普及率", "城市生活污水集中处理率", "学前教育普惠率")
PROJECTS = (
    "县文化馆新馆", "滨海大道二期", "澜湾中学迁建工程", "东塘水库除险加固工程", "望潮湿地公园", "县人民医院门诊综合楼",
    "蓝港冷链物流园", "环湖绿道", "云溪污水处理厂", "县妇幼保健院", "新湾客运枢纽", "石桥片区供热管网工程",
)  # fmt: skip
STAGES = (
    ("开工建设", "break_ground"),
    ("加快推进", "advance"),
    ("建成投用", "in_use"),
    ("启动", "start"),
    ("完成", "complete"),
)
PLAIN = (
    "深化“放管服”改革，持续优化营商环境", "推动文旅融合发展", "健全基层治理体系", "落实各项惠企政策",
    "加强安全生产监管，坚决防范重特大事故", "全面推行河湖长制", "提升政务服务水平",
)  # fmt: skip
UNITS = (
    "县发改局", "县财政局", "县住建局", "县教育局", "县农业农村局", "县文广旅体局", "县人社局", "县交通运输局", "县水务局",
    "县卫健局", "县商务局", "县经信局", "县民政局", "县自然资源局", "县市场监管局", "县城投集团", "各乡镇", "县税务局",
    "县生态环境分局", "县应急管理局", "县大数据中心", "开发区管委会",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"


@dataclass
class Written:
    """A task: its wording, and what a careful person reads in it."""

    text: str
    lead: str
    support: tuple[str, ...]
    facts: list[Fact] = field(default_factory=list)
    things: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Style:
    """How a plan is set: numbers, labels, where the units stand, sections, wrapping, punctuation of the labels."""

    number: str = "{n}."
    duty: str = "\n牵头单位：{lead}\n责任单位：{support}"
    section: str = "{numeral}、{words}"
    wrap: int = 0


NUMBERS = ("{n}.", "{n}、", "{n}．", "({n})", "（{n}）", "{n})", "第{n}项 ", "任务{n}：")
DUTIES = (
    "\n牵头单位：{lead}\n责任单位：{support}",
    "\n牵头单位：{lead}；配合单位：{support}",
    "\n牵头部门：{lead}\n配合部门：{support}",
    "（牵头单位：{lead}；责任单位：{support}）",
    "（{lead}牵头，{support}配合）",
    "（{lead}牵头，{support}按职责分工负责）",
    "〔牵头单位：{lead}；配合单位：{support}〕",
    "【牵头单位：{lead}；责任单位：{support}】",
    "\n（主办单位：{lead}；协办单位：{support}）",
    "\n责任分工：由{lead}牵头，{support}配合。",
    "\n[牵头单位:{lead};责任单位:{support}]",
    "\n主责单位：{lead}    配合单位：{support}",
)
SECTIONS = ("{numeral}、{words}", "（{numeral}）{words}", "第{numeral}部分 {words}", "{numeral}.{words}", "")
THEMES = ("推动产业转型升级", "建设宜居城乡", "增进民生福祉", "深化改革开放", "守牢安全底线")


def plan(chance: Random) -> list[list[Written]]:
    """Sections of tasks; every task says what it means with no second reading."""
    return [[_task(chance) for _ in range(chance.randint(2, 5))] for _ in range(chance.randint(1, 3))]


def _task(chance: Random) -> Written:
    units = chance.sample(UNITS, chance.randint(2, 4))
    task = Written("", units[0], tuple(units[1:]))
    clauses = [_clause(chance, task) for _ in range(chance.randint(1, 4))]
    # 力争 may reach over a comma; a semicolon after the clause leaves one reading.
    task.text = "".join(clause + ("；" if clause.startswith("力争") else "，") for clause in clauses)[:-1] + "。"
    return task


def _clause(chance: Random, task: Written) -> str:
    kind = chance.randrange(6)
    if kind == 0:
        return _quantity(chance, task)
    if kind == 1:
        subject, value = chance.choice(GROWING), chance.choice((3, 5, 5.5, 6, 7.5, 8, 12))
        return _bounded(chance, task, f"{subject}增长", value, "%")
    if kind == 2:
        subject, value = chance.choice(HELD), chance.choice((1.5, 3, 5, 5.5))
        task.facts.append((value, "%", "max", "commit"))
        return f"{subject}控制在{value}%以内"
    if kind == 3:
        subject, value = chance.choice(REACHED), chance.choice((67, 85.5, 90, 95, 98.2))
        return _bounded(chance, task, f"{subject}达到", value, "%")
    if kind == 4:
        name, (verb, stage) = chance.choice(PROJECTS), chance.choice(STAGES)
        if name in [known for known, _ in task.things]:
            return chance.choice(PLAIN)
        task.things.append((name, stage))
        return f"{verb}{name}"
    return chance.choice(PLAIN)


def _quantity(chance: Random, task: Written) -> str:
    verb, subject, unit = chance.choice(QUANTITIES)
    strive = chance.random() < 0.2
    return _bounded(
        chance, task, f"{'力争' if strive else ''}{verb}{subject}", chance.randint(2, 900), unit, strive=strive
    )


def _bounded(chance: Random, task: Written, said: str, value: float, unit: str, *, strive: bool = False) -> str:
    bound = chance.choice(("exact", "exact", "min", "about"))
    task.facts.append((float(value), unit, bound, "strive" if strive else "commit"))
    return said + f"{value}{unit}" + {"exact": "", "min": "以上", "about": "左右"}[bound]


def written(sections: list[list[Written]], style: Style) -> str:
    """The plan as text in one style, with its notice before it."""
    lines = [
        "澜湾县人民政府办公室关于印发2026年政府工作报告重点工作责任分解的通知", "澜政办发〔2026〕3号", "各乡镇人民政府，县政府各部门：",
        "现将2026年政府工作报告重点工作责任分解印发给你们，请认真抓好落实。", "澜湾县人民政府办公室", "2026年2月3日",
        "2026年政府工作报告重点工作责任分解",
    ]  # fmt: skip
    n = 0
    for numeral, words, tasks in zip(NUMERALS, THEMES, sections):
        if style.section:
            lines.append(style.section.format(numeral=numeral, words=words))
        for task in tasks:
            n += 1
            duty = style.duty.format(lead=task.lead, support="、".join(task.support))
            text = style.number.format(n=n) + task.text
            lines.append(text[:-1] + duty + "。" if duty[0] in "（〔【" else text + duty)
    return "\n".join(_wrapped("\n".join(lines), style.wrap)) + "\n"


def _wrapped(text: str, width: int) -> list[str]:
    """Lines cut at a width; where fewer than four are cut, no reader could tell the width, and none is."""
    if not width or sum(len(line) // (width + 1) for line in text.split("\n")) < 4:
        return text.split("\n")
    return [line[at : at + width] for line in text.split("\n") for at in range(0, len(line), width)]


def style(chance: Random) -> Style:
    """A style by chance."""
    section = chance.choice(SECTIONS)
    numbers = [number for number in NUMBERS if not (section.startswith("{numeral}.") and number == "{n}.")]
    wrap = chance.choice((0, 0, 0, 28, 34, 40))
    return Style(chance.choice(numbers), chance.choice(DUTIES), section, wrap)


# What lines are made of that were written to confuse.
ATOMS = (
    "责任单位：", "牵头单位:", "（牵头", "配合）", "〔", "〕", "【", "】", "(", ")", "“", "”", "《", "》", "|", "\t", "　", " ", "\n", "\n\n",
    "\r\n", "。", "；", "，", "、", "：", "——", "—", "…", "·", "1.", "2、", "（一）", "一、", "①", "1-1", "第一章", "附件1", "任务3：",
    "增长", "下降", "达到", "控制在", "由", "提高到", "分别", "均", "各", "其中", "力争", "确保", "争取", "不少于", "以上", "以内", "左右", "翻一番",
    "8%", "５．５％", "１２", "12,345", "1.2.3", "3—5", "3至", "10^9", "-7", "0", "00", "零", "一百二十", "两千万亿", "万亿", "廿", "三成",
    "二分之一", "百分之", "1/3", "个百分点", "亿元", "万亩", "公里", "家", "‰", "℃", "㎡", "个", "年底前", "6月30日", "2026年", "13月", "第5季度",
    "前三", "Ⅲ类", "500强", "PM2.5", "县发改局", "各镇（街道）", "县住建局（县城投集团）", "张三", "王 五", "副县长", "★", "▲", "●", "○", "√",
    "新增", "建成", "开工建设", "启动", "推进", "完成", "文化馆新馆", "老旧小区", "等", "规上企业", "政府工作报告", "责任分解", "民生实事", "关于印发",
    "的通知", "澜政办发〔2026〕3号", "首位单位为牵头单位", "\x00", "\x0b", "\x0c", "\x1b", "\x85", "\xa0", "\xad", "\u200b", "\u200d",
    "\u202e", "\u2028", "\u3000\u3000", "\ufeff", "\ufffd", "😀", "𠮷", "e\u0301", "ﷺ", "Ａ", "ｶ", "<p>", "</td>", "&nbsp;", "&#0;", "%PDF", "=SUM(A1)",
)  # fmt: skip


def nonsense(chance: Random) -> str:
    """Up to some hundred atoms in a row; now and then one of them very often."""
    told = [chance.choice(ATOMS) for _ in range(chance.choice((1, 3, 10, 40, 120, 250)))]
    if chance.random() < 0.2:
        told.insert(chance.randrange(len(told) + 1), chance.choice(ATOMS) * chance.choice((30, 300, 3000)))
    if chance.random() < 0.5:
        told.insert(0, "澜湾县2026年重点工作责任分解\n一、总体\n1.")
    return "".join(told)
