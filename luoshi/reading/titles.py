"""Titles: how a breakdown calls itself, what its covering notice is, and which kind of plan a title announces."""

from __future__ import annotations

import re

from luoshi.reading.ledger import PlanKind
from luoshi.reading.page import squeeze
from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.words import load

_WORDS = load("titles")
_TAIL = rf"(?:{any_of(_WORDS['plan tail'])})?(?:{any_of(_WORDS['appraisal tail'])})?(?:\([^()]{{1,16}}\))?"
_SHORTEST, _LONGEST = 8, 60

_PLAN_END = Rule(
    name="title-plan",
    triggers=_WORDS["plan"],
    pattern=re.compile(rf"{any_of(_WORDS['plan'])}{_TAIL}$"),
    value=lambda m: m.group(),
    reads=(
        ("政府工作报告2026年重点工作责任分解", "责任分解"),
        ("2026年民生实事项目清单", "项目清单"),
        ("重点工作任务分解表(一)", "任务分解表(一)"),
        ("年度目标责任及考核办法", "目标责任及考核办法"),
    ),
    refuses=("2026年政府工作报告", "做好责任分解工作的通知", "项目进度"),
)
_MATTER = Rule(
    name="title-matter",
    triggers=("20", *_WORDS["matter"]),
    pattern=re.compile(rf"20\d\d年|{any_of(_WORDS['matter'])}"),
    value=lambda m: m.group(),
    reads=(("澜湾县2026年工作要点", "2026年"), ("十大民生实事清单", "民生实事")),
    refuses=("保障措施", "投资20亿元项目"),
)
_NOTICE_END = Rule(
    name="title-notice",
    triggers=("的", *_WORDS["notice"], *_WORDS["notice or scheme"]),
    pattern=re.compile(rf"的?{any_of((*_WORDS['notice'], *_WORDS['notice or scheme']))}(?:\([^()]{{1,12}}\))?$"),
    value=lambda m: m.group(),
    reads=(("关于印发责任分解的通知", "的通知"), ("关于下达计划的函(试行)", "的函(试行)"), ("实施方案", "方案")),
    refuses=("通知如下", "责任分解", "意见建议办理"),
)
_ISSUED = Rule(
    name="title-issued",
    triggers=_WORDS["issuing"],
    pattern=re.compile(rf"{any_of(_WORDS['issuing'])}(?:《|〈)?(.{{4,80}}?)(?:》|〉)?的{any_of(_WORDS['issued by'])}"),
    value=lambda m: m.group(1),
    reads=(
        ("关于印发2026年工作要点的通知", "印发2026年工作要点的通知"),
        ("关于下达《实事清单》的函", "下达《实事清单》的函"),
    ),
    refuses=("现印发给你们", "请转发至各村"),
)
_NOTICE_TITLE = Rule(
    name="title-of-notice",
    triggers=_WORDS["notice"],
    pattern=re.compile(any_of(_WORDS["notice"]) + "$"),
    value=lambda m: m.group(),
    reads=(("关于做好春耕的意见", "意见"), ("情况通报", "通报")),
    refuses=("实施方案", "通知精神"),
)
_HEADING = Rule(
    name="title-page-heading",
    triggers=_WORDS["page heading"],
    pattern=late(any_of(_WORDS["page heading"]) + "(?:表|方案)?$"),
    value=lambda m: m.group(),
    reads=(("重点工作责任分解表", "责任分解表"), ("2026年工作安排", "安排")),
    refuses=("县政府文件", "任务分解的通知"),
)
_YEAR_STANDS = Rule(
    name="title-with-year",
    triggers=_WORDS["year stands in"],
    pattern=re.compile(any_of(_WORDS["year stands in"])),
    value=lambda m: m.group(),
    reads=(("关于印发2026年实事的通知", "关于"), ("2026年工作要点", "要点")),
    refuses=("发布时间:2026年3月1日", "澜政发[2026]3号"),
)
_LIVELIHOOD = Rule(
    name="kind-livelihood",
    triggers=_WORDS["livelihood"],
    pattern=re.compile(any_of(_WORDS["livelihood"])),
    value=lambda m: m.group(),
    reads=(("2026年民生实事项目责任分解", "民生实事"), ("为民办实事十项任务", "为民办实事")),
    refuses=("政府工作报告重点工作", "民生保障工作要点"),
)
_WORK_REPORT = Rule(
    name="kind-work-report",
    triggers=("政府", *_WORDS["work report"]),
    pattern=re.compile(rf"{any_of(_WORDS['work report'])}|政府.{{0,6}}(?:重点|主要)?(?:工作|任务)"),
    value=lambda m: m.group(),
    reads=(("政府工作报告责任分解", "政府工作报告"), ("县政府2026年主要工作", "政府2026年主要工作")),
    refuses=("民生实事项目清单", "政府投资项目计划"),
)
_TITLES = RuleSet(
    [
        _PLAN_END, _MATTER, _NOTICE_END, _ISSUED, _NOTICE_TITLE, _HEADING, _YEAR_STANDS, _LIVELIHOOD, _WORK_REPORT,
    ]
)  # fmt: skip
ISSUED = _ISSUED.pattern
_NO_TITLE = re.compile(r"[:>|]|通知$|印发")
_NO_HEADING = re.compile(r"[:|,。]|关于")


def ends_as_plan(words: str) -> bool:
    """Whether words without white space end as the name of a breakdown does."""
    return bool(_PLAN_END.pattern.search(words))


def is_title(folded: str) -> bool:
    """Whether a line is the title of a breakdown: it speaks of a year or a kind of plan and ends as one."""
    words = squeeze(folded)
    return (
        _SHORTEST <= len(words) <= _LONGEST
        and bool(_MATTER.pattern.search(words))
        and ends_as_plan(words)
        and not _NO_TITLE.search(words)
    )


def ends_as_notice(words: str) -> bool:
    """Whether words without white space end as the title of a notice or of a scheme (的通知, 的函, 方案)."""
    return bool(_NOTICE_END.pattern.search(words))


def is_notice(title: str) -> bool:
    """Whether a title is that of a covering document (通知, 意见, 批复 …)."""
    return bool(_NOTICE_TITLE.pattern.search(title))


def is_page_heading(words: str) -> bool:
    """Whether words are a breakdown's own name as a page shows it over the covering notice."""
    return bool(_HEADING.pattern.search(words)) and not _NO_HEADING.search(words)


def gives_year(words: str) -> bool:
    """Whether a line of the head is one from which the document's year may be taken."""
    return bool(_YEAR_STANDS.pattern.search(words))


def plan_kind(titles: tuple[str, ...]) -> PlanKind:
    """The kind of plan that the first telling title announces."""
    for title in titles:
        if _LIVELIHOOD.pattern.search(title):
            return "livelihood"
        if _WORK_REPORT.pattern.search(title):
            return "work_report"
    return "other"
