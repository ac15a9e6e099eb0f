"""Marks of what is done, shares of the year's task, and growth: read first, then blanked, so that the engine that reads
targets and named projects sees a plain sentence (截至9月底，已完成10个 reads like 完成10个). Offsets stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from luoshi.reading.accounts.account import Direction
from luoshi.reading.accounts.zones import WORDS
from luoshi.reading.facts.numbers import ARABIC, arabic
from luoshi.reading.rule import Rule, RuleSet, any_of

_YEAR = r"(?:全年|年度|当年|今年|本年度?|年内|年初|市下达|县下达|省下达|总|计划|既定|考核)"
_AIM = r"(?:目标|计划|任务|投资|工作量|工程量|预算|总量|预期)"
_SHARE = re.compile(
    rf"(?:(?:占|为|是|达到?|完成|实现|相当于|超)了?(?:到)?{_YEAR}{{1,3}}的?{_AIM}{{0,4}}(?:数|值|量|总数|总量|总额|规模)?(?:完成)?的?(?:比例|比重)?(?:达到?|为|约)?"
    rf"|(?:占|为|完成){_AIM}{{1,3}}(?:数|值|量|总数)?的"
    rf"|{_YEAR}{{1,2}}{_AIM}{{1,3}}(?:数|值)?的?(?:已)?(?:完成|实现|完成了|完成率|完成比例)(?:达到?|为|到)?"
    rf"|(?<![^,。;:(\s已])(?:任务|目标|总体|年度|投资|计划)?(?:完成率|完成比例|完成进度|任务完成度)(?:已)?(?:达到?了?|为|约)?)"
    rf"(?:约|近|超过?|达到?)?\s?(?P<n>{ARABIC})%(?P<more>(?:(?:[、,]|和|及){ARABIC}%){{0,5}})(?:以上|左右)?"
)  # fmt: skip
_DOWN = ("下降", "减少", "降低", "回落", "减", "降", "少", "收窄", "-", "负增长", "下滑")
_UP = ("增长", "增加", "上升", "提高", "提升", "增", "升", "多", "扩大", "加快")
_AGAINST = r"(?:同比|环比|比(?:上年|去年)(?:同期)?|较(?:上年|去年)(?:同期)?|与(?:上年|去年)同期相比)"
_GROWTH = re.compile(
    rf"(?:{_AGAINST},?(?:实际|名义|累计|可比口径)?(?P<dir>{any_of(_DOWN + _UP)})(?:了|约|近|幅度?达?)?\s?(?P<n>{ARABIC})\s?(?P<unit>%|个百分点|个?[^\W\d_]{{1,3}}(?=[,。;()]|$))"
    rf"|(?P<dir2>增长|下降|增速为?|增幅为?|降幅为?)(?P<minus>-)?(?P<n2>{ARABIC})%(?=[,。;()]|$))"
)
_DESCRIBES = re.compile(
    rf"(?<!完成)(?:计划|概算|估算|项目)?(?:总投资|总建筑面积|总用地面积|占地(?:面积)?|投资概算)(?:额)?(?:约|达|为|共)?\s?{ARABIC}[万亿]?(?:美元|元|亩|平方米|公顷|平方公里)"
)
_GAP = re.compile(
    rf"(?:高于|低于|快于|慢于|滞后于?|超出?|落后于?|高出|优于|领先|超过|比)(?:(?:时序|序时)进度?|{_YEAR}{{1,2}}{_AIM}?|{_AIM}|全[省市国县](?:平均)?(?:水平)?|[省市县]定目标)(?:值|数|要求)?[^,。;\d]{{0,6}}{ARABIC}(?:个)?(?:百分点|点|%)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A share or a growth: its place and what it says."""

    start: int
    end: int
    value: float
    unit: str = "%"
    direction: Direction = "up"
    more: tuple[float, ...] = ()  # 分别完成年度任务的85.6%、74.8%: the values behind the first


def _share(m: re.Match[str]) -> Found:
    more = tuple(arabic(number) for number in re.findall(ARABIC, m["more"]))
    return Found(m.start(), m.end(), arabic(m["n"]), more=more)


def _growth(m: re.Match[str]) -> Found | None:
    said, number = m["dir"] or m["dir2"], m["n"] or m["n2"]
    down = said in _DOWN or said.startswith("降幅") or bool(m["minus"])
    return Found(m.start(), m.end(), arabic(number), m["unit"] or "%", "down" if down else "up")


SHARES: RuleSet[Found] = RuleSet(
    [
        Rule(
            name="share of the year's task",
            triggers=("占", "为", "是", "达", "完成", "实现", "相当于", "超", "全年", "年度", "总", "任务", "目标", "总体", "投资", "计划", "当年", "今年", "本年"),
            pattern=_SHARE,
            value=_share,
            reads=(
                ("19.6公里，完成年度目标任务的70%，", "完成年度目标任务的70%"),
                ("(占年度计划的54%)", "占年度计划的54%"),
                ("纳管3380户，完成率80.5%", "完成率80.5%"),
                ("为年度投资计划的102%", "为年度投资计划的102%"),
            ),
            refuses=("就诊率达到89.2%", "税收占比85%", "完成投资53%"),
        )
    ]
)  # fmt: skip
GROWTHS: RuleSet[Found] = RuleSet(
    [
        Rule(
            name="growth over the year before",
            triggers=("同比", "环比", "比上年", "比去年", "较上年", "较去年", "与上年", "与去年", "增长", "下降", "增速", "增幅", "降幅"),
            pattern=_GROWTH,
            value=_growth,
            reads=(("18.6亿元，同比增长5.2%", "同比增长5.2%"), ("较上年同期下降3.1%", "较上年同期下降3.1%"), ("420件，同比减少36件", "同比减少36件")),
            refuses=("确保增长", "同比口径"),
        )
    ]
)  # fmt: skip
_DONE = re.compile(any_of(WORDS["done marks"]) + r"(?![有事定])|(?<=[成了用])了(?=\d)")
_HARM = re.compile(r"滞后|受(?=[^,。;]{2,20}影响)|由于")
_DAY = re.compile(r"(?:已|将)?于(?=\d{1,2}月|20\d\d年)")


def blanked(folded: str, spans: list[tuple[int, int]]) -> str:
    """The text with those places made of blanks."""
    out, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            out += [folded[at:start], " " * (end - max(start, at))]
            at = end
    return "".join([*out, folded[at:]])


def done_marks(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Words that say something is done, or goes badly: they would turn the reading of targets away."""
    return [m.span() for pattern in (_DONE, _HARM) for m in pattern.finditer(folded, start, end)]


def gaps(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """高于年度目标0.4个百分点, 低于序时进度12个百分点: distances, no figures of their own."""
    return [m.span() for m in _GAP.finditer(folded, start, end)]


_BARE = re.compile(rf"(?<=[,、])占(?P<n>{ARABIC})%(?=[,。;()]|$)|(?<=[^\W_])\((?P<n2>{ARABIC})%\)")


def bare_shares(folded: str, start: int, end: int) -> list[Found]:
    """14公里，占56% and 14公里（56%）: a share of something that is not named."""
    return [Found(m.start(), m.end(), arabic(m["n"] or m["n2"])) for m in _BARE.finditer(folded, start, end)]


def descriptions(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """总投资2.4亿元, 占地30亩: what a thing is like, not what was reached."""
    return [m.span() for m in _DESCRIBES.finditer(folded, start, end)]
