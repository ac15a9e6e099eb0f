"""Stage verbs: what is to happen to a named thing this year, before the names (开工建设A、B) or behind them (A建成投用)."""

from __future__ import annotations

import re

from luoshi.reading.ledger import Stage
from luoshi.reading.rule import Rule, RuleSet, any_of, late
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
_PAPERS = any_of([*WORDS["detail prepare"], *WORDS["prepare object"]])
_OF = rf"(?:国家|国务院|省级?|市级?|{any_of(WORDS['of'])}){{0,3}}"
_COMPOUND: Rule[Stage] = Rule(
    "stage said by verb and object",
    ("完成", "取得", "获", "通过", "开展", "启动", "进入", "做好", "列入", "纳入", "具备", "用地", "可研", "初步设计", "施工图",
     "规划研究", "研究论证", "浇筑", "填筑", "掘进", "施工", "首批", "首家", "第一批", "设备进", "投料",
     "企业入", "团队入", "商户入", "居民入", "机构入", "师生入", "单位入", "住户入", "开园", "开馆", "开街", "开门"),
    re.compile(
        rf"(?P<plan>{any_of(WORDS['studies'])}?(?:前期)?(?:规划|线位|方案)研究(?:论证)?|(?:纳入|列入|进入){_OF}[^,;。、]{{0,6}}{any_of(WORDS['enlisted'])})"
        rf"|(?P<prepare>(?:完成|取得|获得?|{any_of(WORDS['paper verb'])}){_OF}(?:{_PAPERS}|[和及]){{1,4}}{any_of(WORDS['paper tail'])}?(?=[,;。、和及并等后)]|$)"
        rf"|{any_of(WORDS['paper'])}(?:设计|报告)?(?:获批|获得?批复|批复|通过|完成|报批|送审|审批)(?=[,;。、和及并等后)]|$))"
        rf"|(?P<award>(?:通过|获得?)(?!(?:{any_of(WORDS['acceptance'])}|[省市]级|蓄水|防洪|消防)?验收)[^,;。、]{{0,16}}?{any_of(WORDS['awarded'])})"
        rf"|(?P<complete>具备{any_of(WORDS['ready for'])}条件)|(?P<advance>完成(?:\d[\d.]{{0,5}}%|[过一二三四五六七八九]半?成?(?=[,;。、]|$))|{any_of(WORDS['site work reaches'])}[至到][^,;。、]{{1,12}}"
        rf"|进入[^,;。、]{{0,6}}阶段|设备进场|完成[^,;。、]{{0,8}}{any_of(WORDS['site work'])}(?:任务|工作)?(?=[\d,;。、]|过半|$))"
        rf"|(?P<in_use>(?:首批|首家|第一批)?(?:签约|科技|创新)?{any_of(WORDS['moves in'])}{{1,2}}(?:正式|集中|全面|拎包)?入驻|投料(?:试车|试产|生产)|开[园馆门街](?:迎客|纳客|迎宾))"
    ),
    lambda m: m.lastgroup,  # type: ignore[arg-type,return-value]
    reads=(
        ("环湖铁路取得初步设计批复", "取得初步设计批复"),
        ("县医院通过三级医院评审", "通过三级医院评审"),
        ("过江大桥完成桥面铺设", "完成桥面铺设"),
        ("科创园首批企业入驻", "首批企业入驻"),
        ("绕城高速纳入省级规划", "纳入省级规划"),
    ),
    refuses=("水库通过竣工验收", "县体育馆完成建设", "企业开办时间"),
)  # fmt: skip
STAGE_VERBS: RuleSet[Stage] = RuleSet((_BEFORE, _BEHIND, _COMPOUND))
_before, _behind, _compound = (rule.pattern.match for rule in STAGE_VERBS.rules)
_any_verb = STAGE_VERBS.trigger
# Trigger words that are a stage verb, or begin with one, whatever follows.
_VERBS_ALONE = frozenset(w for w in STAGE_VERBS.triggers if w.startswith((*BEFORE, *BEHIND)))
_VERBS_BEHIND = frozenset(w for w in STAGE_VERBS.triggers if w.startswith((*BEHIND, *_COMPOUND.triggers)))

_DATE = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|份|中旬|初)?前?|\d{4}年(?:底前?|末)?|第?[一二三四]季度"
_adverb = re.compile(rf"(?:{any_of(WORDS['adverb'])}|{_DATE}| ){{0,8}}").match
_ADVERB_FIRST = frozenset(" 0123456789第一二三四").union(w[0] for w in WORDS["adverb"])
# Behind an opening verb these belong to the name: 启动勤丰片区城中村改造.
NOUNLIKE = WORDS["noun after"]
# 完成路基|工程, 完成初步设计|审批
_REST = late(rf"{any_of(WORDS['rest'])}(?=[、,;。)]|$)")
_GAINED = ("取得", "获", "通过", "列入", "纳入", "进入", "具备")
_OBJECT = frozenset(WORDS["with object"])
_DETAIL_PREPARE = re.compile(any_of(WORDS["detail prepare"]))
_DETAIL_ADVANCE = late(any_of(WORDS["detail advance"]))
_THEN = re.compile(r"[并后即且]|、(?=年[内底]|\d{1,2}月)")
# 正在|加快推进: 加快 says that something goes on, whatever noun of building follows.
_FAST = ("加快", "加速", "抓紧", "有序")
_GOING_FAST = late(rf"(?:加快|加速|抓紧|有序){any_of(WORDS['goes on'])}")


def adverbs(folded: str, start: int, end: int) -> int:
    """Where the adverbs and dates at ``start`` end."""
    if start >= end or folded[start] not in _ADVERB_FIRST:
        return start
    match = _adverb(folded, start, end)
    return match.end() if match else start


def first_verb(folded: str, start: int, end: int) -> int:
    """Where the first stage verb begins; -1 where none stands there."""
    while word := _any_verb(folded, start, end):
        if word.group() in _VERBS_ALONE or _compound(folded, word.start(), end):
            return word.start()
        start = word.end()
    return -1


def opening(folded: str, start: int, end: int) -> tuple[Stage | None, int]:
    """The stage which the verbs at the beginning of a clause set, and where they end."""
    stage: Stage | None = None
    at = after = adverbs(folded, start, end)
    while match := _before(folded, at, end):
        word = match.group()
        found = BEFORE[word]
        if word == "实施" and folded.startswith(_GOING_ON, start):
            found = "advance"
        stage = stronger(stage, found)
        after = at = match.end()
        if at < end and folded[at] in "、和" and _before(folded, at + 1, end):  # 新建、改扩建
            at += 1
        at = adverbs(folded, at, end)
    return stage, after


def stronger(one: Stage | None, other: Stage) -> Stage:
    """Of two stages the one that says what happens: plan over advance, in use over complete."""
    return other if one is None or _WEIGHT[other] > _WEIGHT[one] else one


def verbs_behind(folded: str, start: int, end: int, governed: bool) -> list[tuple[int, int, Stage, bool]]:
    """Verbs behind names in a clause: start, end, stage, one verb alone. ``governed``: the clause opened with a verb."""
    out: list[tuple[int, int, Stage, bool]] = []
    at = start
    while opens := _any_verb(folded, at, end):
        at = opens.start() + 1
        match = _verb_behind(folded, opens.start(), end) if opens.group() in _VERBS_BEHIND else None
        if not match:
            continue
        at = match.end()
        if not match.lastgroup and (not _closes(match, folded, end) or _goes_on(match, folded, end)):
            continue
        after, stage = _behind_stage(match, folded, end)
        if stage is None or (governed and _part_of_name(match, folded, end)):
            continue
        # What the opening verb says holds, unless another follows it: 编制总体规划并报批.
        weak = stage in ("plan", "prepare", "advance") and not match.group().startswith(_GAINED)
        if governed and not out and weak and folded[match.start() - 1] != "并":
            continue
        out.append((match.start(), after, stage, stage == _said(match)))
        at = after
    return out


def _verb_behind(folded: str, at: int, end: int) -> re.Match[str] | None:
    """A verb that stands behind names, with its object where that says the stage."""
    return _compound(folded, at, end) or _behind(folded, at, end)


def untold_stage(folded: str, at: int, end: int) -> Stage | None:
    """The stage of a clause that opens with a verb which asks for a name before it: 开诊, 完成投资18亿元, 竣工投用."""
    match = _verb_behind(folded, at, end)
    if not match:
        return None
    after, stage = _behind_stage(match, folded, end)
    if match.lastgroup == "advance" or match.group().startswith("完成投资"):
        return stage
    return stage if after == end and _closes(match, folded, end) else None


def _closes(match: re.Match[str], folded: str, end: int) -> bool:
    """A verb behind its names ends its part of the clause, or goes on to say what is completed or won."""
    at = match.end()
    if at >= end or folded[at] in "、和并及等)":
        return True
    if folded[at] in "率度量额":
        return False
    if match.group().startswith(("完成", "进入", "通过")) and _REST.match(folded, at, end):
        return True
    if match.group() == "交付":  # 交付800套
        return folded[at].isdigit()
    return match.group() in _OBJECT or _next_verb(folded, at, end) is not None


def _next_verb(folded: str, at: int, end: int) -> re.Match[str] | None:
    """The verb that follows a verb: 竣工|并交付使用, 主桥合龙|、年底建成."""
    if at >= end:
        return None
    then = _THEN.match(folded, at, end) if folded[at] in "并后即且、" else None
    at = adverbs(folded, then.end() if then else at, end)
    return _verb_behind(folded, at, end) if at < end else None


def _goes_on(match: re.Match[str], folded: str, end: int) -> bool:
    """二期扩建加快建设, 改造提升并对外开放: what happens is said by the verb that follows."""
    return match.group() in NOUNLIKE and _next_verb(folded, match.end(), end) is not None


def _part_of_name(match: re.Match[str], folded: str, end: int) -> bool:
    """推进文明城市创建: behind an opening verb some verbs belong to the name, unless they have an object."""
    return match.group() in NOUNLIKE and (match.end() >= end or folded[match.end()] in "、和与及等")


def _behind_stage(match: re.Match[str], folded: str, end: int) -> tuple[int, Stage | None]:
    """What a verb and those that follow it say; 完成 and its like by what is completed."""
    stage, at = _said(match), match.end()
    fast = match.group().startswith(_FAST) and _GOING_FAST.match(folded, match.start(), end)
    if fast and (fast.end() >= end or folded[fast.end()] in "、和并及"):
        return fast.end(), "advance"
    while more := _next_verb(folded, at, end):
        if at < end and folded[at] == "、" and more.group() in NOUNLIKE:
            break
        stage, at = stronger(stage, _said(more)), more.end()
    if at >= end or match.lastgroup:
        return at, stage
    if match.group() == "完成":
        if _DETAIL_PREPARE.search(folded, at, end):
            return at, "prepare"
        if _DETAIL_ADVANCE.match(folded, at, end):
            return at, "advance"
    if match.group() == "交付" and folded[at].isdigit():  # 交付800套: handed over, by the piece
        return at, "complete"
    if match.group() in ("加快", "推进", "启动") and folded[at] not in "、和并及":
        return at, "prepare" if _DETAIL_PREPARE.search(folded, at, end) else None
    return at, stage


def _said(match: re.Match[str]) -> Stage:
    return match.lastgroup or BEHIND[match.group()]  # type: ignore[return-value]
