"""Lines: the marks that open an item, and words that tell signatures, public marks, lines of duty, names and framing apart."""

from __future__ import annotations

import re

from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.words import load

_WORDS = load("lines")
PROGRESS_LABELS = frozenset(_WORDS["progress label"])
_NUMERALS = "一二三四五六七八九十"
_CHINESE = f"[{_NUMERALS}]{{1,3}}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SIGNS = "▲●◆■▪•◇△○►➢"

_MARK = Rule(
    name="item-mark",
    triggers=(
        "★", "☆", " ", "第", "(", *_WORDS["numbered"], *_NUMERALS, *_CIRCLED, *_SIGNS, *"0123456789",
        *"abcdefghijklmnopqrstuvwxyz",
    ),
    pattern=re.compile(
        rf"[★☆]?\s?(?:{any_of(_WORDS['numbered'])}(?P<T>\d{{1,3}}|{_CHINESE})(?:[:、.]|\s{{1,4}}(?=[^\W\da-zA-Z_]|“))"
        rf"|(?P<M>\d{{1,2}}[.-]\d{{1,2}})(?:[.、](?!\d)|\s{{1,4}}(?=(?:[^\W\da-zA-Z_]|“)))"
        rf"|(?P<H>{_CHINESE})\s?[、.](?=\S)|第(?P<A>{_CHINESE}){any_of(_WORDS['part'])}[、.:\s]?"
        rf"|第(?P<D>{_CHINESE}|\d{{1,3}}){any_of(_WORDS['article'])}[、.:\s]?|\((?P<B>{_CHINESE})\)[、.]?"
        rf"|(?P<N>\d{{1,3}})\s?(?:[.、](?!\d)|[.、](?=\d{{1,4}}[年月])|\))|\((?P<P>\d{{1,3}})\)|(?P<C>[①-⑳])"
        rf"|(?P<L>[a-z])[.、)]|\((?P<Q>[a-z])\)|(?P<S>[{_SIGNS}])\s?)\s{{0,4}}"
    ),
    value=lambda m: m.lastgroup,
    reads=(
        ("1.抓好财源培植", "1."),
        ("(一)加快项目建设", "(一)"),
        ("十二、民生保障", "十二、"),
        ("任务三:改造老旧小区", "任务三:"),
        ("任务一  种植优质稻", "任务一  "),
        ("3.2 新建学校", "3.2 "),
        ("★5.新建公园", "★5."),
        ("第二部分 民生实事", "第二部分 "),
        ("①新建", "①"),
    ),
    refuses=("增长5.5%左右", "2026年完成", "第一季度开工", "一般公共预算收入", "投资10亿元"),
)  # fmt: skip
_ORGAN = Rule(
    name="organ-signs",
    triggers=_WORDS["organ"],
    pattern=re.compile(any_of(_WORDS["organ"]) + r"(?:\([^()]{1,12}\))?$"),
    value=lambda m: m.group(),
    reads=(("澜湾县人民政府办公室", "办公室"), ("县委宣传部(县新闻办)", "部(县新闻办)"), ("澜湾县财政局", "局")),
    refuses=("2026年3月18日", "局长办公会议纪要", "责任分解表"),
)
_HIGH_ORGAN = Rule(
    name="organ-high",
    triggers=_WORDS["high organ"],
    pattern=late(any_of(_WORDS["high organ"])),
    value=lambda m: m.group(),
    reads=(("中共澜湾县委", "县委"), ("澜湾县人民政府", "政府")),
    refuses=("县财政局", "县城建集团公司"),
)
_PUBLIC = Rule(
    name="public-mark",
    triggers=("(", "此件"),
    pattern=re.compile(
        rf"^\(?此件{any_of(_WORDS['public how'])}?公开(?:发布)?\)?$"
        rf"|^\((?:此件|.{{0,6}}[:：])?{any_of(_WORDS['public note'])}公开(?:发布)?\)$"
    ),
    value=lambda m: m.group(),
    reads=(
        ("(此件主动公开)", "(此件主动公开)"),
        ("此件公开发布", "此件公开发布"),
        ("(公开方式:不予公开)", "(公开方式:不予公开)"),
    ),
    refuses=("推进政务公开", "(依法公开招标)", "此件主动公开方式"),
)
_HINT = Rule(
    name="duty-hint",
    triggers=_WORDS["duty hint"],
    pattern=re.compile(any_of(_WORDS["duty hint"])),
    value=lambda m: m.group(),
    reads=(("(县教育局牵头)", "牵头"), ("会同有关部门", "会同")),
    refuses=("(总投资3亿元)", "新建学校2所"),
)
_DUTY = any_of(_WORDS["duty verb"])
_DUTY_SAID = Rule(
    name="duty-said",
    triggers=_WORDS["duty verb"],
    pattern=re.compile(rf"{_DUTY}(?:[\W\da-zA-Z_]|$)"),
    value=lambda m: m.group(),
    reads=(("县教育局牵头,县财政局配合", "牵头,"), ("县水利局负责", "负责")),
    refuses=("牵头单位县教育局", "参与率达到90%"),
)
_CLAUSE = Rule(
    name="duty-clause",
    triggers=(",", "。", ";", *_WORDS["clause label"]),
    pattern=re.compile(
        rf"[,。;](?P<zone>(?:由|请)[^,。;]{{2,60}}?{any_of(_WORDS['clause lead'])}[^。;]{{0,100}}?)[。]?$"
        rf"|[,。;](?:(?<!,)|(?=[省市县区镇州旗各]|{any_of(_WORDS['own office'])}{any_of(_WORDS['own office end'])}))(?P<zone2>[^,。;()]{{2,60}}{any_of(_WORDS['clause chief'])}"
        rf"(?:[,;][^。]{{2,80}}{any_of(_WORDS['clause support'])})?)[。]?$"
        rf"|[,。;](?P<zone3>{any_of(_WORDS['clause label'])}(?:分别)?[为是][^。;]{{2,60}}(?:[;。][^。;]{{2,20}}[为是][^。;]{{2,60}}){{0,3}})[。]?$"
    ),
    value=lambda m: m.lastgroup,
    reads=(
        ("新建小学1所,由县教育局牵头落实。", ",由县教育局牵头落实。"),
        ("新建小学1所。县教育局牵头,县财政局配合", "。县教育局牵头,县财政局配合"),
        ("新建小学1所,县教育局牵头,县财政局配合。", ",县教育局牵头,县财政局配合。"),
        ("新建小学1所,责任部门为县教育局,协同部门为县财政局。", ",责任部门为县教育局,协同部门为县财政局。"),
    ),
    refuses=("新建小学1所,方便群众入学。", "由县教育局牵头"),
)
_CLOSING = Rule(
    name="line-closing",
    triggers=_WORDS["closing"],
    pattern=late("^" + any_of(_WORDS["closing"])),
    value=lambda m: m.group(),
    reads=(("各责任单位要高度重视", "各责任"), ("特此通知", "特此"), ("注:带★的为牵头单位", "注:")),
    refuses=("县教育局、各镇", "请各部门落实", "注重实效"),
)
_NOTE = Rule(
    name="line-note",
    triggers=(" ", *_WORDS["note"]),
    pattern=re.compile(r"\s{0,8}" + any_of(_WORDS["note"])),
    value=lambda m: m.group(),
    reads=(("注:首位单位为牵头单位", "注"), ("  说明:排名第一的牵头", "  说明"), ("表中首位为牵头单位", "表中")),
    refuses=("首位单位为牵头单位", "由第一责任单位负总责"),
)
_LEAD_WORD = Rule(
    name="line-of-leads",
    triggers=_WORDS["lead rule"],
    pattern=re.compile(any_of(_WORDS["lead rule"])),
    value=lambda m: m.group(),
    reads=(("首位为牵头单位", "牵头"), ("排名不分先后", "先后")),
    refuses=("新建学校2所", "责任单位:县教育局"),
)
_NAME_END = Rule(
    name="name-with-stop",
    triggers=_WORDS["name end"],
    pattern=re.compile(any_of(_WORDS["name end"]) + r"(?=[。:]\S)"),
    value=lambda m: m.end(),
    reads=(("口袋公园进社区工程。新建公园3个", "工程"), ("校园午餐提升:改造食堂", "提升")),
    refuses=("新建口袋公园3个。", "实施改造,惠及群众", "完成改造。"),
)
_FRAMING = Rule(
    name="framing",
    triggers=(*_WORDS["framing"], *_WORDS["framing end"]),
    pattern=re.compile(rf"{any_of(_WORDS['framing'])}|{any_of(_WORDS['framing end'])}$"),
    value=lambda m: m.group(),
    reads=(("指导思想", "指导思想"), ("强化考核", "考核"), ("主要工作目标", "工作目标")),
    refuses=("新建学校2所", "工作目标任务分解", "组织开展培训"),
)
_LINES = RuleSet(
    [
        _MARK, _ORGAN, _HIGH_ORGAN, _PUBLIC, _HINT, _DUTY_SAID, _CLAUSE, _CLOSING, _NOTE, _LEAD_WORD, _FRAMING,
    ]
)  # fmt: skip
_NAME_ENDS = RuleSet([_NAME_END])
MARK = _MARK.pattern
ORGAN = _ORGAN.pattern
HIGH_ORGAN = _HIGH_ORGAN.pattern
PUBLIC = _PUBLIC.pattern
HINT = _HINT.pattern
DUTY_SAID = _DUTY_SAID.pattern
CLAUSE = _CLAUSE.pattern
_ACCOUNT = Rule(
    name="account-label",
    triggers=(*_WORDS["progress label"], *_WORDS["account label"]),
    pattern=late(
        rf"[(\[【]?(?P<label>{any_of([*_WORDS['progress label'], *_WORDS['account label']])})[)\]】]?\s{{0,2}}:\s{{0,4}}"
    ),
    value=lambda m: "progress" if m["label"] in PROGRESS_LABELS else "account",
    reads=(
        ("进展情况:已完成8个", "进展情况:"),
        ("[完成情况]：新增900个", "[完成情况]："),
        ("下一步打算:10月底前全部完成", "下一步打算:"),
    ),
    refuses=("完成情况较好", "建立进展情况月报制度", "存在问题的企业"),
)
CLOSING = _CLOSING.pattern
ACCOUNT = _ACCOUNT.pattern
NOTE = _NOTE.pattern
LEAD_WORD = _LEAD_WORD.pattern
FRAMING = _FRAMING.pattern

_NO_NAME = re.compile(any_of(_WORDS["no name"]))
_NOT_IN_NAME = late(r"[,。;:0-9]")
_SHORTEST_NAME, _LONGEST_NAME = 3, 22  # characters before its last word


def name_first(folded: str, start: int, end: int) -> int | None:
    """Where a project's name that opens a line with a full stop or colon of its own ends; None where there is none."""
    if _NO_NAME.match(folded, start, end):
        return None
    for match, stop in _NAME_ENDS.find(folded, start, min(end, start + _LONGEST_NAME + 4)):
        long_enough = _SHORTEST_NAME <= match.start() - start <= _LONGEST_NAME
        return stop if long_enough and not _NOT_IN_NAME.search(folded, start, match.start()) else None
    return None
