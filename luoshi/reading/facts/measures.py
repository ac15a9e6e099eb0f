"""Measures: every number, rank or class in a wording, with its unit and the bound word behind it; no meaning yet.

The middle floor of the reader: ``targets`` decides which of them a task commits to. Numbers that are names or dates
(PM2.5, 220kV, 301国道, “1512”, 500强, 二期, 第15届, 2022年6月) are found first and measure nothing.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from luoshi.reading.facts.numbers import ARABIC, CHINESE, CHINESE_FIRST, CHINESE_NUMERAL, arabic, chinese, neighbours
from luoshi.reading.ledger import Bound
from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.words import load

Form = Literal["amount", "worded", "rank", "grade", "name"]

_UNITS = load("units")
_BOUNDS = load("bounds")
_RANKS = load("ranks")
_NAMES = load("names")
_REFUSED = _UNITS.pop("no unit")
FAMILY = {word: family for family, listed in _UNITS.items() for word in listed}
AFTER: dict[str, Bound] = {}
AFTER.update(dict.fromkeys(_BOUNDS["min after"], "min"))
AFTER.update(dict.fromkeys(_BOUNDS["max after"], "max"))
AFTER.update(dict.fromkeys(_BOUNDS["about after"], "about"))
_INSIDE: Bound = "max"  # 0.5个工作日内; 内 alone behind other units belongs to what follows

_FIGURES = tuple("0123456789")
_WORDS = tuple(CHINESE_FIRST)
_MULTIPLIER = r"(?:万亿|[百千十]?[万亿]|[百千](?=[元米克瓦伏]))"
_SINGLE = rf"(?!{any_of(_REFUSED)}){any_of(FAMILY)}"
_FIRM = rf"(?!人口|人均|家庭){any_of(FAMILY)}"  # behind figures a measure word is hardly ever anything else
# 台(套) · 批次/千人 · 元/亩; Latin units end where the letters end
_AFTER = any_of(AFTER)
# 台(套) · 批次/千人 · 微克/立方米 · 艘次 · 条段
_PER = any_of("立方米 升 千人 万人 百人 人 亩 年 月 日 天 平方公里 公顷 平方米 公里 户 吨 小时 秒 次 个 家 m³".split())
_MORE = rf"(?:\([一-鿿]{{1,2}}\)|/{_PER}(?:·[年月日])?|次(?![供分会元创开能转序要])|段(?=[、,;。)]|$))?"
_LATIN = r"(?:(?<![A-Za-z])|(?![A-Za-z]))"
_UNIT = rf"(?:{_SINGLE}{_MORE}{_LATIN})"
# One or two characters before the end of the part are a measure word even where the list does not know it.
_UNKNOWN = rf"(?<!^)[一-鿿]{{1,2}}(?=[、,;。)]|$|{_AFTER})"
_FIRM_UNIT = rf"(?:{_FIRM}{_MORE}{_LATIN}|(?!{_AFTER}|[余多来以]){_UNKNOWN})"
# The unit may stand at both ends of a range: 5%至6%.
_TWICE = r"[%‰个家亩项名人户所条座处台套张件公里米百千万亿元吨]{0,4}"
_TO = r"(?:-{1,2}|~|至|到)"


class Measure(msgspec.Struct, gc=False):
    """A number in the wording: place, amount, unit as written, its family, and the bound word behind it."""

    start: int
    end: int
    form: Form
    value: float | None = None
    value_to: float | None = None
    unit: str | None = None
    family: str = ""
    bound: Bound = "exact"
    word: tuple[int, int] | None = None


NAME = Measure(0, 0, "name")


def _name(m: re.Match[str]) -> Measure:
    return NAME


def _build(m: re.Match[str], form: Form, value: float, value_to: float | None, unit: str, family: str) -> Measure:
    found = Measure(m.start(), m.end(), form, value, value_to, unit or None, family)
    word = m["after"]
    if word:
        found.bound, found.word = AFTER.get(word, _INSIDE), m.span("after")
    if value_to is not None:
        found.bound = "range"
    return found


def _family(unit: str) -> str:
    return FAMILY.get(unit) or ("rate" if "/" in unit else FAMILY.get(unit.partition("(")[0], ""))


def _amount(m: re.Match[str]) -> Measure | None:
    unit = m["unit"] or ""
    upper = m["n2"]
    found = _build(
        m,
        "amount",
        arabic(m["n"]),
        arabic(upper) if upper else None,
        (m["x"] or "") + unit,
        _family(unit) if unit else "",
    )
    for more in ("more1", "more"):
        if m[more] and not found.word:
            found.bound, found.word = "about", m.span(more)
    return found


def _worded(m: re.Match[str]) -> Measure | None:
    """Numerals in words; a trailing 万 or 亿 belongs to the unit, as in 千亿元."""
    text, multiplier = m["n"], ""
    while len(text) > 1 and text[-1] in "万亿":
        multiplier, text = text[-1] + multiplier, text[:-1]
    value, upper = chinese(text), chinese(m["n2"]) if m["n2"] else None
    if len(text) > 1 and not m["n2"] and (either := neighbours(text)):  # 七八个, 十五六座
        value, upper = either
    if value is None or (m["n2"] and upper is None):
        return None
    found = _build(m, "worded", value, upper, multiplier + m["unit"], _family(m["unit"]))
    if m["more"] and not found.word:
        found.bound, found.word = "about", m.span("more")
    return found


def _parts(m: re.Match[str]) -> Measure | None:
    value, upper = chinese(m["n"]), chinese(m["n2"]) if m["n2"] else None
    if value is None:
        return None
    return _build(m, "amount", value, upper, "%" if m["of"] == "百" else "‰", "rate")


def _fraction(m: re.Match[str]) -> Measure | None:
    below, above = chinese(m["below"]), chinese(m["n"])
    return _build(m, "amount", round(above / below, 3), None, "", "rate") if below and above else None


def _half(m: re.Match[str]) -> Measure | None:
    """完成一半 alone is no share to reach; 半数以上 and 覆盖面过半 are."""
    if not (m["over"] or m["after"] or m["cut"]):
        return None
    found = _build(m, "amount", 0.5, None, "", "rate")
    if m["over"]:
        found.bound, found.word = "min", m.span("over")
    return found


def _tenths(m: re.Match[str]) -> Measure:
    part = 5.0 if m["part"] == "半" else chinese(m["part"]) or 0.0
    return _build(m, "amount", (chinese(m["n"]) or 0.0) + part / 10, None, "成", "rate")


def _double(m: re.Match[str]) -> Measure:
    return _build(m, "amount", (chinese(m["n"]) if m["n"] else None) or 1.0, None, "番", "double")


def _two_figures(m: re.Match[str]) -> Measure:
    return Measure(m.start(), m.end(), "amount", 10.0, None, "%", "double", "min", m.span())


def _rank(m: re.Match[str]) -> Measure | None:
    number = m["n"] or m["nth"]
    if not number:
        return Measure(m.start(), m.end(), "rank", None, None, m["place"], "rank")
    value = arabic(number) if number[0].isdigit() else chinese(number)
    return (
        None if value is None else Measure(m.start(), m.end(), "rank", value, None, m["unit"] or m["nth_unit"], "rank")
    )


def _grade(m: re.Match[str]) -> Measure:
    return _build(m, "grade", float("ⅠⅡⅢⅣⅤ".index(m["n"]) + 1), None, "类", "grade")


_LONG = rf"(?:{ARABIC}|{CHINESE_NUMERAL})"

RULES: tuple[Rule[Measure], ...] = (
    Rule(
        "name or date in figures",
        _FIGURES,
        re.compile(
            rf"(?:(?<=[A-Za-z第“\"‘《#/])|(?<=[A-Za-z]-))\d[\d.]{{0,40}}(?![\d.]{{0,9}}[%]){_MULTIPLIER}?"  # PM2.5, “1512
            r"|\d{13,4000}"
            rf"|\d{{1,4}}(?:(?:[-~至、到.]|--)\d{{1,4}}){{0,3}}(?:年(?!一遇)|级(?!以内)|{any_of(_NAMES['after figures'])})"  # 2022年, 1-9月, 500强
            r"|[1-5]期"
            rf"|{ARABIC}{_MULTIPLIER}?[元吨人亩瓦座平方米]{{0,3}}级(?!以内)"  # 500亿级, 1000吨级
            r"|\d{1,4}(?:\+[\dNXn]{1,3}){1,4}|\d{1,5}(?:\.\d{1,3})?(?::\d{1,5}(?:\.\d{1,3})?){1,3}"  # 8+4, 2.3:1
            r"|\d{1,3}A(?:级|(?=[国景]))|\d{1,3}\.0(?![\d%万亿])"  # 4A级, 2.0
        ),
        _name,
        reads=(
            ("PM2.5浓度下降", "2.5"),
            ("世界500强", "500强"),
            ("2022年6月", "2022年"),
            ("1-9月份", "1-9月"),
            ("打造500亿级集群", "500亿级"),
            ("“8+4”经济政策", "8"),
            ("创建4A级景区", "4A级"),
            ("政务服务2.0", "2.0"),
            ("220kV变电站", "220kV"),
            ("301国道", "301国道"),
        ),
        refuses=("新增50家", "增长7.5%左右", "完成投资3.2亿元", "120家"),
    ),
    Rule(
        "ordinal",
        ("第", "前"),
        re.compile(rf"第{_LONG}(?!方阵|梯队|名|位|等次|档|[,;。、]|$)|前{_LONG}(?:个月|季度|年)"),
        _name,
        reads=(("第三实验小学", "第三"), ("前三季度", "前三季度"), ("第12届运动会", "第12")),
        refuses=("位列全省第一方阵", "前三名", "第二名"),
    ),
    Rule(
        "run of numerals",
        _WORDS,
        re.compile(rf"[{CHINESE}]{{16,4000}}"),
        _name,
        reads=(("一二三四五六七八九十一二三四五六七", "一二三四五六七八九十一二三四五六七"),),
        refuses=("一千二百亩",),
    ),
    Rule(
        "name in words",
        _WORDS,
        re.compile(rf"{CHINESE_NUMERAL}(?:[元吨]?级|{any_of(_NAMES['after words'])})(?!别)"),
        _name,
        reads=(("二期工程", "二期"), ("百亿级集群", "百亿级"), ("三级医院", "三级"), ("一季度", "一季度")),
        refuses=("新建三座", "达到七成", "五百亩"),
    ),
    Rule(
        "amount in figures",
        _FIGURES,
        re.compile(
            rf"(?P<n>{ARABIC})(?:{_TWICE}{_TO}(?P<n2>{ARABIC}))?"
            rf" ?(?:(?P<more1>[余多])(?=[万亿]))?(?P<x>{_MULTIPLIER})?(?P<more>[余多来])?(?P<unit>{_FIRM_UNIT})?(?:大关|关口|台阶)?(?P<after>{_AFTER}|(?<=[天日月时钟周])内)?"
        ),
        _amount,
        reads=(
            ("建成农村公路18.8公里", "18.8公里"),
            ("增长7.5%左右", "7.5%左右"),
            ("培育企业3-5家", "3-5家"),
            ("增长5%至6%", "5%至6%"),
            ("购置机具200台(套)", "200台(套)"),
            ("抽检量达到5.2批次/千人", "5.2批次/千人"),
            ("60万以上贫困人口", "60万以上"),
            ("帮助300余人就业", "300余人"),
        ),
        refuses=("稳步推进改革", "深化三项制度改革"),
    ),
    Rule(
        "per cent in words",
        ("百分之", "千分之"),
        late(
            rf"(?P<of>[百千])分之(?P<n>{CHINESE_NUMERAL})(?:{_TO}(?:百分之)?(?P<n2>{CHINESE_NUMERAL}))?(?P<after>{_AFTER})?"
        ),
        _parts,
        reads=(("增长百分之七左右", "百分之七左右"), ("提高到百分之四十", "百分之四十")),
        refuses=("三分之二以上", "百分百"),
    ),
    Rule(
        "fraction",
        _WORDS,
        re.compile(rf"(?P<below>{CHINESE_NUMERAL})分之(?P<n>{CHINESE_NUMERAL})(?P<after>{_AFTER})?"),
        _fraction,
        reads=(("三分之二以上的村", "三分之二以上"),),
        refuses=("分之", "三分钟"),
    ),
    Rule(
        "half",
        ("半数", "一半", "过半", "超半", "超过半", "超过一半", "超一半"),
        late(
            rf"(?P<over>超过|超|(?<=[率面比例])过|过(?=半数))?(?:(?P<cut>(?<=减少|下降|降低|压减|缩短|压缩)一半)|半数|一半|(?<=[过超])半(?![年天日月径]))(?P<after>{_AFTER})?"
        ),
        _half,
        reads=(
            ("半数以上行政村", "半数以上"),
            ("覆盖面过半", "过半"),
            ("超过一半的学校", "超过一半"),
            ("风险户减少一半", "一半"),
        ),
        refuses=("时间过半、任务过半", "上半年", "完成一半"),
    ),
    Rule(
        "times over",
        ("翻",),
        late(rf"翻(?P<n>[一两二三四])?番(?P<after>{_AFTER})?"),
        _double,
        reads=(("三年翻一番", "翻一番"), ("产值翻番", "翻番")),
        refuses=("翻建房屋", "翻新"),
    ),
    Rule(
        "two figures",
        ("两位数",),
        re.compile(r"两位数(?:以上)?(?:增长|增速|增幅)?(?:以上)?"),
        _two_figures,
        reads=(("实现两位数增长", "两位数增长"),),
        refuses=("两位院士",),
    ),
    Rule(
        "tenths",
        tuple("一二三四五六七八九"),
        re.compile(rf"(?P<n>[一二三四五六七八九])成(?P<part>[一二三四五六七八九半])(?P<after>{_AFTER})?"),
        _tenths,
        reads=(("可办率达九成五以上", "九成五以上"), ("超过七成半", "七成半")),
        refuses=("达到七成", "一成不变"),
    ),
    Rule(
        "amount in words",
        _WORDS,
        re.compile(
            rf"(?P<n>{CHINESE_NUMERAL})(?:{_TWICE}{_TO}(?P<n2>{CHINESE_NUMERAL}))?"
            rf"(?P<more>[余多来])?(?P<unit>{_UNIT})(?:大关|关口)?(?P<after>{_AFTER})?"
        ),
        _worded,
        reads=(
            ("新建大棚五百亩", "五百亩"),
            ("垦造水田三百至四百亩", "三百至四百亩"),
            ("达到百亿元以上", "百亿元以上"),
            ("转化率达到七成", "七成"),
            ("高两个百分点", "两个百分点"),
        ),
        refuses=("三大行动", "一体推进", "一流环境", "千人口"),
    ),
    Rule(
        "round sum in words",
        _WORDS,
        re.compile(
            rf"(?P<n>[{CHINESE_FIRST}]{{1,3}}[万亿]{{1,2}})(?P<unit>)(?P<n2>(?!))?(?P<more>(?!))?(?P<after>{_AFTER})?(?=[,;。、)]|$)"
        ),
        _worded,
        reads=(("总产值突破百亿,税收增长", "百亿"), ("人口达到三十万以上", "三十万以上")),
        refuses=("百亿级集群", "千万工程"),
    ),
    Rule(
        "rank",
        ("前", "第", *_RANKS["place"]),
        re.compile(
            rf"(?P<place>{any_of(_RANKS['place'])})"
            r"|(?<!目)前(?P<n>\d{1,3}(?!\.\d)|[一二两三四五六七八九十]{1,3})(?P<unit>名|位|强)?(?![个季年期\d亩])"
            r"|第(?P<nth>\d{1,3}|[一二三四五六七八九十]{1,3})(?:(?P<nth_unit>名|位)|(?<=[争居省市国区县列保获得]第[一二三四五])(?=[,;。、]|$))"
        ),
        _rank,
        reads=(("位居全省前列", "前列"), ("进入全市前三名", "前三名"), ("保持全省前5", "前5")),
        refuses=("前期工作", "前三季度", "第一,要抓项目", "由目前3.5个增加到4个"),
    ),
    Rule(
        "water class",
        tuple("ⅠⅡⅢⅣⅤ"),
        re.compile(rf"(?P<n>[ⅠⅡⅢⅣⅤ])类(?:水质|水体|水)?(?:标准)?(?P<after>{_AFTER})?"),
        _grade,
        reads=(("稳定达到Ⅱ类", "Ⅱ类"), ("达到Ⅲ类以上", "Ⅲ类以上")),
        refuses=("Ⅱ期工程",),
    ),
)
"""Names before amounts: where two match at a place, the earlier wins."""

MEASURES = RuleSet(RULES)
