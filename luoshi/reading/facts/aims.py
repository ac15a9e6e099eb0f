"""Aims without a number (定性目标): 只减不增, 与…同步, 高于全省平均, 动态清零, 应收尽收, 持续下降.

They stand beside the targets, so that nobody takes them for numbers nor loses them. Movement words open the search; the
subject is what stands between the opening of the clause and them. General wording (提升能力) that closes no clause and names
nothing measured is no aim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.reading.facts import Passage
from luoshi.reading.facts import phrases as ph
from luoshi.reading.facts.promises import governing, promise, strength_of, verb_of
from luoshi.reading.ledger import Aim, AimKind, Direction, Span, Target, Wording
from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.words import load

_WORDS = load("aims")
_STOPS = frozenset(",;。:!?\n")
_CLOSE = r"(?=”?(?:[,;。:!?、)\n]|$))"
_HOW = any_of(_WORDS["how"])
_MOVE = rf"(?:(?P<up>{any_of(_WORDS['up'])})|(?P<down>{any_of(_WORDS['down'])}))"
_MEASURED = rf"[^,;。:!?、\n\d到至的]{{0,12}}{any_of(_WORDS['measured'])}"
_GOAL = rf"(?:的?{any_of(_WORDS['goal'])})?"


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of an aim say: its kind and direction; ``own`` names the group of the match that is its subject."""

    kind: AimKind
    direction: Direction | None = None
    own: str = ""


def _moves(m: re.Match[str]) -> Said:
    return Said("direction", "up" if m["up"] else "down", "own")


def _against(m: re.Match[str]) -> Said:
    return Said("comparison", "up" if m["above"] else "down")


_FIXED: dict[str, Said] = {}
for _direction in ("up", "down", "hold"):
    _FIXED.update((word, Said("direction", _direction)) for word in _WORDS[f"fixed {_direction}"])
_FIXED.update((word, Said("direction", "down")) for word in _WORDS["alone down"])
_FIXED.update((word, Said("zero", "down")) for word in _WORDS["zero"])
_FIXED.update((word, Said("full")) for word in _WORDS["full"])
_FIXED.update((word, Said("first", "up")) for word in _WORDS["first"])
_FIXED.update((word, Said("rank", "up")) for word in _WORDS["rank"])
_FIXED.update((word, Said("standard")) for word in _WORDS["standard"])
_FIXED.update((word, Said("parity")) for word in _WORDS["parity"])

AIMS: RuleSet[Said] = RuleSet(
    (
        Rule(
            "words that are an aim as they stand",
            tuple(_FIXED),
            re.compile(rf"(?P<word>{any_of(_FIXED)})(?:增长|提高|提升)?{_GOAL}{_CLOSE}"),
            lambda m: _FIXED[m["word"]],
            reads=(
                ("一般性支出只减不增。", "只减不增"),
                ("居民收入与经济增长基本同步,", "同步"),
                ("零就业家庭动态清零", "动态清零"),
                ("生活垃圾应收尽收,", "应收尽收"),
                ("上市企业实现零的突破。", "零的突破"),
                ("事故起数、死亡人数双下降", "双下降"),
            ),
            refuses=("同步推进道路建设", "排名前移3位", "领先企业培育", "清零行动方案", "能耗下降3%"),
        ),
        Rule(
            "which way it is to move",
            _WORDS["how"],
            re.compile(
                rf"(?:{_HOW}){{1,3}}地?{any_of(_WORDS['how as well'])}?{_MOVE}(?:{_GOAL}{_CLOSE}|(?P<own>{_MEASURED}){_CLOSE})"
            ),
            _moves,
            reads=(
                ("城乡收入倍差进一步缩小。", "进一步缩小"),
                ("营商环境持续改善,", "持续改善"),
                ("稳步提升群众满意度。", "稳步提升群众满意度"),
            ),
            refuses=("稳步提升至75%", "持续改善营商环境工作机制", "进一步深化改革", "持续下降3%"),
        ),
        Rule(
            "what must not happen",
            _WORDS["never"],
            late(rf"{any_of(_WORDS['never'])}(?P<own>[^,;。:!?\n]{{0,24}}{any_of(_WORDS['harm'])}){_GOAL}{_CLOSE}"),
            lambda m: Said("zero", "down", "own"),
            reads=(("确保不发生较大以上事故。", "不发生较大以上事故"), ("杜绝重大火灾,", "杜绝重大火灾")),
            refuses=("事故发生率下降", "不发生变化"),
        ),
        Rule(
            "what is to be ended",
            (*_WORDS["end"], "消除"),
            late(rf"(?:{any_of(_WORDS['end'])}|消除(?=劣|黑臭|重大))(?P<own>[^,;。:!?、\n\d]{{2,16}}){_CLOSE}"),
            lambda m: Said("zero", "down", "own"),
            reads=(("全面消除黑臭水体。", "全面消除黑臭水体"), ("消除劣Ⅴ类水体", "消除劣Ⅴ类水体")),
            refuses=("消除隐患30处", "基本消除重度污染天气的影响因素12个"),
        ),
        Rule(
            "against whom it is measured",
            (*_WORDS["above"], *_WORDS["below"]),
            re.compile(
                rf"(?:(?P<above>{any_of(_WORDS['above'])})|{any_of(_WORDS['below'])})"
                rf"(?P<than>[^,;。:!?、\n\d]{{0,16}}{any_of(_WORDS['peer'])}[^,;。:!?、\n\d]{{0,8}}){_CLOSE}"
            ),
            _against,
            reads=(("税收增速高于全省平均。", "高于全省平均"), ("工业投资快于面上投资,", "快于面上投资")),
            refuses=("增速高于全省平均1个百分点", "占比高于60%", "超过预期效果"),
        ),
    )
)

_LIGHT = re.compile(f"{any_of(_WORDS['light'])}?")
_GIVEN = re.compile(f"在[^,;。:!?\n]{{2,30}}{any_of(_WORDS['given'])}[下上]")
# What stands between a subject and the words of its aim.
_BETWEEN = re.compile(
    rf"(?:{any_of(_WORDS['between'])}"
    rf"|全[国省市县区州]|同类[县市区]{{0,3}}|{any_of(_WORDS['within'])}|[一二三四]|、| |“){{1,6}}$"
)
_WITH = re.compile(
    rf"(?:[与同跟](?!步|类|比)|和)(?P<than>[^,;。:!?\n与同跟和]{{2,18}}?){any_of(_WORDS['held'])}{{0,3}}$"
)
_JOINED = frozenset(("、", "和", "”、“", ""))
_REACHED = late(any_of(_WORDS["reached"]))
_ALREADY = re.compile(any_of(_WORDS["already"]))


def read_aims(p: Passage, targets: tuple[Target, ...]) -> tuple[Aim, ...]:
    """Every aim of a task's wording that gives no number, in order. ``targets`` are those of the same wording."""
    found = [(m, said) for m, said in AIMS.find(p.folded, p.start, p.end)]
    return tuple(_aims(p, found, targets)) if found else ()


def _aims(p: Passage, found: list[tuple[re.Match[str], Said]], targets: tuple[Target, ...]) -> Iterator[Aim]:
    spent, last = p.start, ""
    taken = [(t.at.start, t.at.end) for t in targets if t.at.block == p.block]
    for m, said in found:
        if any(start < m.end() and m.start() < end for start, end in taken):
            continue
        clause = _clause(p, m.start())
        limit = max(clause, spent, *(end for _, end in taken if end <= m.start()), p.start)
        if _ALREADY.search(p.folded, clause, m.start()):
            continue
        listed = last if p.folded[spent : m.start()] in _JOINED else _before(p, clause, targets)
        aim = _aim(p, m, said, clause, limit, listed)
        if aim:
            spent, last = m.end(), aim.subject
            yield aim


def _before(p: Passage, clause: int, targets: tuple[Target, ...]) -> str:
    """The subject of a target that ends where the clause begins: 总产17.8万吨以上，确保|只增不减."""
    near = (t.subject for t in targets if t.at.block == p.block and t.at.end <= clause <= t.at.end + 3)
    return next(near, "") if clause > p.start and p.folded[clause - 1] == "," else ""


def _clause(p: Passage, at: int) -> int:
    floor = max(p.start, at - ph.LOOK)
    while at > floor and p.folded[at - 1] not in _STOPS:
        at -= 1
    return at


def _aim(p: Passage, m: re.Match[str], said: Said, clause: int, limit: int, listed: str) -> Aim | None:
    folded, text = p.folded, p.text
    than = m.span("than") if said.kind == "comparison" else None
    start = _opening(folded, limit, m.start())
    stem = m.start()
    if said.kind == "parity":
        peer = _WITH.search(folded, start, stem)
        if not peer:
            return None
        than, stem = peer.span("than"), peer.start()
    if said.kind == "standard" and not _REACHED.search(folded, start, stem):
        return None
    between = _BETWEEN.search(folded, start, stem)
    subject = (start, between.start() if between else stem)
    if said.own and m[said.own]:
        subject, start = m.span(said.own), m.start()
    if (
        folded[m.start() - 1] == "、" and m.start() > start
    ):  # 培植税源、应收尽收: what stands before it is a matter of its own
        subject, start = (m.start(), m.start()), m.start()
    named = _named(text[slice(*subject)])
    if len(named) < 2:
        if not listed and said.kind in ("direction", "comparison", "parity", "rank", "standard"):
            return None
        named, start = listed, m.start()
    end = m.end() + (folded.startswith("”", m.end()) and "“" in folded[start : m.end()])  # 实现“双下降”
    word = governing(folded, clause, m.start())
    verb = word or verb_of(folded, ((clause, m.start()),), ("complete",))
    return Aim(
        quote=text[start:end],
        at=Span(p.block, start, end),
        subject=named,
        kind=said.kind,
        direction=said.direction,
        than=Wording(text=text[slice(*than)], at=Span(p.block, *than)) if than else None,
        strength=strength_of(word),
        promise=promise(p.block, text, verb),
    )


def _named(text: str) -> str:
    """A subject without what hangs on to it, such as a quotation mark that opens or closes alone."""
    text = text.strip(" 、的")
    if text.count("“") > text.count("”"):
        text = text.removesuffix("“").removeprefix("“")
    return text.strip(" 、的")


def _opening(folded: str, start: int, end: int) -> int:
    """Where the subject begins: behind adverbs, promise words and 实现."""
    at = ph.opened(folded, start, end)
    at = ph.beyond(_GIVEN, folded, at, end)
    return ph.beyond(_LIGHT, folded, at, end)
