"""What the set-up offers before anybody has agreed to anything: done-tests for vague words, schedules by kind. Pure.

Everything here is a default and marked as one: published rules fix little of it (《民法典》第一千二百五十九条 for 以上 and
以下; drafters' words for 左右; practice for 开工 and 建成), so each is offered to be worded here and confirmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Offer:
    """A done-test to begin with: the vague word, where it stands in the text, the sentence, and a tolerance in the unit."""

    word: str
    start: int
    sentence: str
    tolerance: Decimal | None = None


# word → what would count as done; longer words first where one holds another
SENTENCES = {
    "实质性启动": "完成立项批复并签订首个实施合同，现场已有人员或设备进场",
    "启动": "已印发实施方案并落实经费，首项实质性工作已经开始，有批复、合同或现场材料",
    "谋划": "完成方案或项目建议书编制，通过论证评审或列入项目储备库",
    "开工建设": "永久性工程已首次动工，有施工许可或开工令",
    "推进": "完成本年投资计划或商定的形象进度节点",
    "加快": "完成本年投资计划或商定的形象进度节点",
    "争创": "收到上级命名或认定文件；只通过验收的，记为“通过验收、待命名”",
    "创建": "收到上级命名或认定文件；只通过验收的，记为“通过验收、待命名”",
    "前列": "在主管部门通报的排名中居前三分之一",
    "同步": "与参照指标增速之差不超过允许偏差",
    "左右": "不低于目标数减去允许偏差；高于目标数视为达到",
    "探索": "形成方案或试点成果，并经分管领导认可",
}
TOLERANCES = {("左右", "%"): Decimal("0.2"), ("左右", "个百分点"): Decimal("0.2"), ("同步", "%"): Decimal("0.5")}
_WORDS = re.compile("|".join(sorted(SENTENCES, key=len, reverse=True)))


def offers(text: str, unit: str = "") -> list[Offer]:
    """The vague words of a wording, each once, with what is offered for them.

    >>> [(o.word, o.start) for o in offers("谋划推进望潮第二小学迁建")]
    [('谋划', 0), ('推进', 2)]
    """
    found: dict[str, Offer] = {}
    for match in _WORDS.finditer(text):
        word = match.group()
        found.setdefault(word, Offer(word, match.start(), SENTENCES[word], TOLERANCES.get((word, unit))))
    return list(found.values())


@dataclass(frozen=True)
class Published:
    """How often a well-known figure comes out, how many days after its cut-off, and who gives it."""

    words: tuple[str, ...]
    grain: str
    lag: int
    source: str


# From the statistics calendar: regional GDP is quarterly, about 20 days late; monthly figures come after mid-month.
KNOWN = (
    Published(("生产总值", "GDP"), "quarter", 20, "统计部门"),
    Published(("人均可支配收入",), "quarter", 20, "统计部门"),
    Published(("规上工业增加值", "规模以上工业增加值"), "month", 18, "统计部门"),
    Published(("固定资产投资", "制造业投资", "民间投资"), "month", 18, "统计部门"),
    Published(("社会消费品零售",), "month", 18, "统计部门"),
    Published(("进出口", "出口"), "month", 20, "海关、商务部门"),
    Published(("实际使用外资", "实到外资"), "month", 15, "商务部门"),
    Published(("一般公共预算收入",), "month", 8, "财政部门"),
    Published(("PM2.5", "优良天数", "空气质量"), "month", 10, "生态环境部门"),
    Published(("失业率",), "quarter", 20, "人力社保、统计部门"),
)


def published(subject: str) -> Published | None:
    """What is known of the figure behind a target's subject, None where nothing is."""
    return next((known for known in KNOWN if any(word in subject for word in known.words)), None)


# 向阳小学等7所小学: the named one is the first of seven
_NAMED = re.compile(
    r"(?:对|为|在|完成|建成|改造|新建|开展)?(?P<names>[\u4e00-\u9fffA-Za-z0-9、]{2,40}?)等(?P<n>\d{1,3})[所个家座处条]"
)
MOST_PLACES = 500


def places(text: str, count: int) -> list[str]:
    """Names for a roster of ``count`` places: those that the sentence gives, then blanks.

    >>> places("对向阳小学等3所小学体育设施改造提升", 3)
    ['向阳小学', '', '']
    """
    names: list[str] = []
    for match in _NAMED.finditer(text):
        if int(match["n"]) == count:
            names = [name for name in match["names"].split("、") if name]
            break
    return [*names[:count], *[""] * (count - len(names[:count]))]
