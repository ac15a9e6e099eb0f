"""Stage verbs: what is to happen to a named thing this year, before the names (开工建设A、B) or behind them (A建成投用)."""

from __future__ import annotations

import re

from luoshi.reading.ledger import Stage
from luoshi.reading.rule import Rule, RuleSet, any_of
from luoshi.reading.words import load

WORDS = load("stages")
_STAGES: tuple[Stage, ...] = ("advance", "start", "plan", "break_ground", "complete", "in_use", "prepare", "award")
"""Weakest first: of two verbs side by side (谋划推进, 建成开放) the stronger says what happens."""
_WEIGHT = {stage: weight for weight, stage in enumerate(_STAGES)}
BEFORE: dict[str, Stage] = {w: s for s in _STAGES for w in WORDS[f"{s} before"]}
BEHIND: dict[str, Stage] = {w: s for s in _STAGES for w in WORDS[f"{s} after"]}
_GOING_ON = ("深入", "继续", "持续", "全面", "扎实", "纵深")

_BEFORE: Rule[Stage] = Rule(
    "stage verb before its names",
    tuple(BEFORE),
    re.compile(any_of(BEFORE)),
    lambda m: BEFORE[m.group()],
    reads=(
        ("年内开工建设县体育馆", "开工建设"),
        ("谋划推进环湖铁路", "谋划推进"),
        ("力争建成开放湿地公园", "建成开放"),
        ("争创省级文明城市", "争创"),
    ),
    refuses=("县体育馆外观", "全县生产总值增长6%"),
)
_BEHIND: Rule[Stage] = Rule(
    "stage verb behind its names",
    tuple(BEHIND),
    re.compile(any_of(BEHIND)),
    lambda m: BEHIND[m.group()],
    reads=(
        ("县体育馆竣工投用", "竣工投用"),
        ("环湖铁路全线贯通", "全线贯通"),
        ("文庙广场对外开放", "对外开放"),
        ("大桥完成初步设计", "完成初步设计"),
    ),
    refuses=("县体育馆外观", "招商引资"),
)
STAGE_VERBS: RuleSet[Stage] = RuleSet((_BEFORE, _BEHIND))

_DATE = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|份|中旬|初)?前?|\d{4}年(?:底前?|末)?|第?[一二三四]季度"
_ADVERB = re.compile(rf"(?:{any_of(WORDS['adverb'])}|{_DATE}| ){{0,8}}")
# Behind an opening verb these belong to the name: 启动勤丰片区城中村改造.
_NOUNLIKE = frozenset(WORDS["noun after"])
# 完成路基|工程, 完成初步设计|审批
_REST = re.compile(r"(?:工程|施工|浇筑|填筑|安装|工作|任务|审批|批复|报批|编制)(?=[、,;。)]|$)")
_OBJECT = frozenset(WORDS["with object"])
_DETAIL_PREPARE = re.compile(any_of(WORDS["detail prepare"]))
_DETAIL_ADVANCE = re.compile(any_of(WORDS["detail advance"]))


def adverbs(folded: str, start: int, end: int) -> int:
    """Where the adverbs and dates at ``start`` end."""
    match = _ADVERB.match(folded, start, end)
    return match.end() if match else start


def opening(folded: str, start: int, end: int) -> tuple[Stage | None, int]:
    """The stage which the verbs at the beginning of a clause set, and where they end."""
    stage: Stage | None = None
    at = after = adverbs(folded, start, end)
    while match := _BEFORE.pattern.match(folded, at, end):
        found = BEFORE[match.group()]
        if match.group() == "实施" and folded.startswith(_GOING_ON, start):
            found = "advance"
        stage = stronger(stage, found)
        after = at = match.end()
        if folded.startswith(("、", "和"), at) and _BEFORE.pattern.match(folded, at + 1, end):  # 新建、改扩建
            at += 1
        at = adverbs(folded, at, end)
    return stage, after


def stronger(one: Stage | None, other: Stage) -> Stage:
    """Of two stages the one that says what happens: plan over advance, in use over complete."""
    return other if one is None or _WEIGHT[other] > _WEIGHT[one] else one


def verbs_behind(folded: str, start: int, end: int, governed: bool) -> list[tuple[int, int, Stage]]:
    """Verbs that stand behind names in a clause: start, end, stage. ``governed``: the clause opened with a verb."""
    out: list[tuple[int, int, Stage]] = []
    for match in _BEHIND.pattern.finditer(folded, start, end):
        if out and match.start() < out[-1][1]:
            continue
        if not _closes(match, folded, end) or _goes_on(match, folded, end):
            continue
        after, stage = _behind_stage(match, folded, end)
        if stage is None or (governed and _part_of_name(match, folded, end)):
            continue
        if governed and not out and stage in ("prepare", "advance"):  # what the opening verb says holds
            continue
        out.append((match.start(), after, stage))
    return out


def _closes(match: re.Match[str], folded: str, end: int) -> bool:
    """A verb behind its names ends its part of the clause, or goes on to say what is completed or won."""
    at = match.end()
    if at >= end or folded[at] in "、和并及等)":
        return True
    if folded[at] in "率度量额":
        return False
    if match.group().startswith(("完成", "进入", "通过")) and _REST.match(folded, at, end):
        return True
    return match.group() in _OBJECT or _BEHIND.pattern.match(folded, at, end) is not None


def _goes_on(match: re.Match[str], folded: str, end: int) -> bool:
    """二期扩建加快建设, 改造提升并对外开放: what happens is said by the verb that follows."""
    if match.group() not in _NOUNLIKE:
        return False
    at = match.end() + folded.startswith(("并", "后"), match.end())
    return _BEHIND.pattern.match(folded, at, end) is not None


def _part_of_name(match: re.Match[str], folded: str, end: int) -> bool:
    """推进文明城市创建: behind an opening verb some verbs belong to the name, unless they have an object."""
    return match.group() in _NOUNLIKE and (match.end() >= end or folded[match.end()] in "、和与及等")


def _behind_stage(match: re.Match[str], folded: str, end: int) -> tuple[int, Stage | None]:
    """What a verb and those that follow it say; 完成 and its like by what is completed."""
    stage, at = BEHIND[match.group()], match.end()
    while more := _BEHIND.pattern.match(folded, at, end):
        stage, at = stronger(stage, BEHIND[more.group()]), more.end()
    if at >= end:
        return at, stage
    if match.group() == "完成":
        if _DETAIL_PREPARE.search(folded, at, end):
            return at, "prepare"
        if _DETAIL_ADVANCE.match(folded, at, end):
            return at, "advance"
    if match.group() in ("加快", "推进", "启动") and folded[at] not in "、和并及":
        return at, "prepare" if _DETAIL_PREPARE.search(folded, at, end) else None
    return at, stage
