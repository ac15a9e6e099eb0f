"""Column headers (表头): the role of a column by its words, and what a header as a whole must speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.reading.page import squeeze
from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.words import load

_WORDS = load("headers")
_HEADER_LIMIT = 16
_MOST_BEFORE = 4
_NO_HEADER = re.compile(r"[。;,!]|20\d\d|^\d|:.|^[一二三四五六七八九十]{1,3}、")
_OWN_YEAR = re.compile(r"^20\d\d年度?(?=(?:预期|工作|计划)?目标值?$)")


def _rule(
    name: str, role: str, triggers: Sequence[str], pattern: str, read: str, refused: str, most: int = 99
) -> Rule[str]:
    """A rule for one role of column; its examples are whole headers, parted by white space."""
    return Rule(
        name=f"column-{name}",
        triggers=tuple(triggers),
        pattern=late(pattern),
        value=lambda m: role if m.start() <= most else None,
        reads=tuple((header, header) for header in read.split()),
        refuses=tuple(refused.split()),
    )


def _holds(role: str, read: str, refused: str) -> Rule[str]:
    """A column of this role has one of its words anywhere."""
    return _rule(role, role, _WORDS[role], any_of(_WORDS[role]), read, refused)


def _is(role: str, read: str, refused: str) -> Rule[str]:
    """A column of this role is one of its whole words."""
    words = _WORDS[f"{role} whole"]
    return _rule(f"{role}-whole", role, words, rf"^{any_of(words)}$", read, refused)


def _ends(role: str, more: Sequence[str], pattern: str, read: str, refused: str) -> Rule[str]:
    """A column of this role is one of its whole words or ends with one, a few characters before it."""
    whole, end = _WORDS[f"{role} whole"], _WORDS[f"{role} end"]
    ends = rf"(?:^{any_of(whole)}|{any_of(end)}{pattern})$"
    return _rule(role, role, (*whole, *end, *more), ends, read, refused, _MOST_BEFORE)


_OTHER = Rule(
    name="column-other",
    triggers=(*_WORDS["other"], *_WORDS["person"]),
    pattern=late(rf"{any_of(_WORDS['other'])}|^责任人|(?<![及和]){any_of(_WORDS['person'])}$"),
    value=lambda m: "other",
    reads=(("联系电话", "联系"), ("责任人", "责任人"), ("科室负责人", "负责人"), ("考核类别", "考核类别")),
    refuses=("责任单位及责任人", "单位和负责人", "工作内容"),
)
_MILESTONE = Rule(
    name="column-milestone",
    triggers=("第", *"一二三四0123456789", "上半年", "下半年"),
    pattern=late(
        r"^(?:第?[一二三四1-4]季度(?:末)?(?:节点|目标)?|(?:上|下)半年(?:目标)?|\d{1,2}月(?:底|份)?|[一二三四]季度工作.{0,4})$"
    ),
    value=lambda m: "milestone",
    reads=(
        ("第一季度", "第一季度"),
        ("二季度末节点", "二季度末节点"),
        ("上半年目标", "上半年目标"),
        ("6月底", "6月底"),
    ),
    refuses=("第一责任单位", "一季度完成开工", "上半年以来"),
)
_LEADER = Rule(
    name="column-leader",
    triggers=("领导", "分管", *_WORDS["leader"]),
    pattern=re.compile(rf"领导(?=\(|$)|分管.{{0,3}}长|分管.{{0,4}}同志|{any_of(_WORDS['leader'])}"),
    value=lambda m: "leader",
    reads=(("责任领导", "领导"), ("分管副县长", "分管副县长"), ("牵头负责同志", "牵头负责同志")),
    refuses=("领导小组", "分管部门", "牵头单位"),
)
_SORTED = "".join(f"(?<!{word})" for word in _WORDS["no category"]) + "分类"
# Where a header has the words of several roles, the first that fits wins.
_ROLES: tuple[Rule[str], ...] = (
    _ends("number", (), "", "序号 No.", "序言 文号说明 号召 重点工作任务序号"),
    _OTHER,
    _holds("progress", "进展 完成情况", "完成时限 情况"),
    _MILESTONE,
    _LEADER,
    _holds("deadline", "时限 进度安排", "时间 时效"),
    _is("deadline", "时间", "开始时间 时间段"),
    _holds("support", "配合 其它责任", "主责部门 单位"),
    _holds("lead", "牵头 汇总单位", "配合单位 责任"),
    _holds("value", "目标值 量化", "年度目标 工作内容"),
    _is("value", "年度目标 目标要求", "目标任务 重点目标"),
    _holds("unit", "责任部门 承办", "单位 牵头部门"),
    _is("unit", "单位 部门", "单位名称 各部门"),
    _ends("category", ("分类",), f"|{_SORTED}", "类 类别 分类 大类", "信息分类 种类 重点领域工作类别"),
    _is("title", "项目名称 名称 事项", "项目内容 重点项目 单位名称"),
    _holds("task", "任务 举措 要点", "单位 时限"),
)
_COLUMNS = tuple(RuleSet([rule]) for rule in _ROLES)
# One look at a header tells whether any rule is concerned.
_ANY = re.compile(any_of(word for rule in _ROLES for word in rule.triggers))

_RUN_TOGETHER = Rule(
    name="header-run-together",
    triggers=_WORDS["run together"],
    pattern=late(any_of(_WORDS["run together"])),
    value=lambda m: m.group(),
    reads=(("序号项目名称责任单位", "项目名称"), ("工作内容完成时限备注", "完成时限")),
    refuses=("编号单位领导", "县教育局"),
)
_APART = Rule(
    name="header-apart",
    triggers=(
        *_WORDS["apart qualifier"], *_WORDS["apart wording"], *_WORDS["apart duty"], *_WORDS["apart leader"],
        *_WORDS["apart whole"],
    ),
    pattern=re.compile(
        rf"(?:{any_of(_WORDS['apart qualifier'])}?{any_of(_WORDS['apart wording'])}(?:内容)?"
        rf"|{any_of(_WORDS['apart duty'])}{any_of(_WORDS['apart body'])}?"
        rf"|{any_of((*_WORDS['apart leader'], *_WORDS['apart whole']))})$"
    ),
    value=lambda m: m.group(),
    reads=(("重点任务", "重点任务"), ("牵头单位", "牵头单位"), ("分管领导", "分管领导"), ("工作内容", "工作内容")),
    refuses=("重点任务一", "单位:", "责任编辑"),
)  # fmt: skip
_TABLE_HEADERS = RuleSet([_RUN_TOGETHER, _APART])
RUN_TOGETHER = _RUN_TOGETHER.pattern
APART = _APART.pattern


def column_role(header: str) -> str | None:
    """The role of a column by its header words (white space aside), or None when they are no header words."""
    if len(header) > 2 * _HEADER_LIMIT or ":" in header[:-1]:
        return None
    words = _OWN_YEAR.sub("", squeeze(header).strip("*：:"))
    if not words or len(words) > _HEADER_LIMIT or _NO_HEADER.search(words):
        return None
    return _role_of(words)


def _role_of(words: str) -> str | None:
    if not _ANY.search(words):
        return None
    return next((role for rules in _COLUMNS for _, role in rules.find(words)), None)


def settle_roles(roles: list[str]) -> list[str]:
    """Column roles in view of one another: 主责 beside 牵头 supports; a goal column without any task column is the task."""
    if roles.count("lead") > 1:
        first = roles.index("lead")
        roles = ["support" if role == "lead" and i > first else role for i, role in enumerate(roles)]
    if "task" not in roles:
        for stand_in in ("title", "value"):
            if stand_in in roles:
                roles = ["task" if role == stand_in else role for role in roles]
                break
    elif roles.count("task") > 1 and "title" not in roles:
        first = roles.index("task")
        roles = ["title" if i == first else role for i, role in enumerate(roles)]
    return roles


def is_plan_table(roles: Sequence[str | None]) -> bool:
    """Whether a header speaks of tasks and of who answers for them."""
    named = [role for role in roles if role]
    return any(role in ("task", "title", "value") for role in named) and any(
        role in ("lead", "unit", "support", "leader", "deadline", "number") for role in named
    )


def without_measures(names: Sequence[str]) -> list[str]:
    """Column roles by header words; 单位 beside a column of responsible units is what a figure is counted in."""
    roles = [column_role(name) or "other" for name in names]
    measure = [squeeze(name) in _WORDS["measure"] for name in names]
    if not any(role in ("lead", "unit") and not counted for role, counted in zip(roles, measure, strict=True)):
        return roles
    return ["other" if counted else role for role, counted in zip(roles, measure, strict=True)]
