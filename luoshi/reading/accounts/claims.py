"""What a report claims without a figure: stages reached (已开工, 主体结顶, 投入使用) and words of state (绿灯, 滞后)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from luoshi.reading.accounts.account import Figure, StageClaim, State, StateWord
from luoshi.reading.accounts.dates import last_month
from luoshi.reading.accounts.masks import SHARES, blanked, gaps
from luoshi.reading.accounts.zones import WORDS
from luoshi.reading.facts import Passage
from luoshi.reading.facts.deliverables import read_deliverables
from luoshi.reading.facts.stages import STAGE_VERBS, adverbs, untold_stage
from luoshi.reading.ledger import Span, Stage
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import Rule, RuleSet, any_of

_STOP = re.compile(r"[,;。:!?\n]")
_ALREADY = re.compile(r"(?:现已|目前已|均已|都已|也已|已经|已)(?!有|经过)")
_NOW = re.compile(r"目前|当前|截至目前|现(?=正)|正在|正(?=进行|开展|抓紧|加快|有序)")
_FUTURE = re.compile(
    r"预计|将(?!已)|拟|计划|力争|确保|争取|即将|准备|待|未|没有|尚|不|年底|年末|月底前|月前|有望|要求|目标|谋划|为.{0,6}做好准备|条件|后续"
)
_MONTH = re.compile(r"(?<![\d年])(1[0-2]|[1-9])月(?!份?以来)")
_UNDER_WAY = re.compile("正在|其余|剩余|另有")
_PART = r"(?:该|本|整个|全部|各|主体|一期|二期|三期|首期|土建|前期|室内|装修|配套|改造|建设|项目|工程|主体工程|土建工程|工作|任务|方案|已|均|都|全面|顺利|正式|成功|现|目前|于|全部|基本|完成了?|进行|开展|正在|正|有序|稳步|加快|抓紧|同步|着手|处于|进入|[\d年月日底初中上下旬\s])"
# 通过县规委会审议, 取得可研批复, 形成可行性研究报告初稿, 上报县政府: a step of preparation is taken.
PREPARED = re.compile(
    r"[^,。;]{0,24}?(?P<step>(?:通过|取得|获得?|完成|形成|上报|报送|报请|报)[^,。;\d]{0,16}?(?:审议|评审|审查|批复|意见|初稿|送审稿|立项|备案|核准|批准|招标|招投标|选址|论证|设计|图审|施工许可证?"
    r"|县政府|市政府|省政府|省厅|市局|常务会议)(?:工作|手续)?(?=[,。;、和及并后]|$))(?!并?.{0,4}验收)"
)
_UNNAMED = re.compile(rf"{_PART}{{0,12}}")
_CLOSES = re.compile(r"(?:工作|阶段|手续|中|任务|程序|审批|批复|工程|施工|项目|并|、|和|及|后|了|\(|$){1,3}")
_GOES_ON = re.compile(
    r"正在|(?:目前|正|现)(?:有序|抓紧|加快|全力|稳步|同步|积极|紧张)?(?:进行|开展|推进|实施|进入|办理|处于|组织|建设|施工)"
)
_DOING = re.compile(r"施工|装修|安装|铺设|浇筑|建设|改造|迁改|吊装|掘进|填筑|拆除|调试|打桩|桩基|砌筑|布展|整治|修缮")
_PREPARING = re.compile(
    r"招标|招投标|设计|可研|立项|审批|报批|公示|征地|征收|选址|勘察|环评|采购|论证|评审|前期|报件|核准|编制|预算|图纸|洽谈|组卷|许可|证照|办证"
)


def read_stages(page: Page, piece: Piece, figures: list[Figure], until: str | None = None) -> list[StageClaim]:
    """Every stage that a piece of progress says is reached, named things first read by the engine of the ledger.

    ``until``: the cut-off of the report (``2026-09``); what is dated behind it has not happened.
    """
    reader = _Stages(page, piece, figures, until)
    return sorted(reader.read(), key=lambda claim: (claim.at.start, claim.at.end))


class _Stages:
    def __init__(self, page: Page, piece: Piece, figures: list[Figure], until: str | None) -> None:
        self.month = last_month(until)
        # Offsets count from the piece's beginning until a claim is made, so that a long block is not copied for each.
        self.base, self.block = piece.start, piece.block
        self.folded = page.folds[piece.block][piece.start : piece.end]
        self.text = page.texts[piece.block][piece.start : piece.end]
        self.counted = [(f.at.start - self.base, f.at.end - self.base) for f in figures]

    def read(self) -> Iterator[StageClaim]:
        """Clause by clause: a named thing with its verb, else a verb alone that speaks of the item itself."""
        at, last, ahead = 0, len(self.folded), False
        for stop in [*(m.start() for m in _STOP.finditer(self.folded)), last]:
            ahead = ahead and self.folded[at - 1 : at] == "," and bool(_DATED.match(self.folded, at))
            if stop > at and not ahead:
                yield from self._clause(at, stop)
                ahead = _FUTURE.search(self.folded, at, stop) is not None  # 预计6月底交付，8月启用
            at = stop + 1

    def _clause(self, start: int, end: int) -> Iterator[StageClaim]:
        folded = self.folded
        future = _FUTURE.search(folded, start, end)
        already = _ALREADY.search(folded, start, end)
        if not already and (dated := _MONTH.search(folded, start, end)) and int(dated[1]) > self.month:
            return
        if future and not (already and already.start() > future.end()):
            return
        named = list(self._named(start, end))
        yield from named
        if not named and not self._counted(start, end):
            if alone := self._alone(start, end):
                yield alone

    def _named(self, start: int, end: int) -> Iterator[StageClaim]:
        clause = self.folded[start:end]
        # 将 in the place of 已: the engine passes over what is done, and reads an adverb of one character instead.
        plain = _ALREADY.sub(lambda m: "将" * len(m.group()), clause)
        plain = blanked(plain, [m.span() for m in _NOW.finditer(clause) if m.start() == 0])
        for found in read_deliverables(Passage(self.block, self.text[start:end], plain, 0, len(plain)), ()):
            if not self._counted(start + found.at.start, end) and not _UNDER_WAY.search(found.name):
                name = _SINCE.sub("", found.name)
                yield self._claim(None if _GENERAL.fullmatch(name) else name, found.stage, start, end)

    def _counted(self, start: int, end: int) -> bool:
        i = bisect_right(self.counted, start, key=lambda place: place[1])
        return i < len(self.counted) and self.counted[i][0] < end

    def _claim(self, name: str | None, stage: Stage, start: int, end: int) -> StageClaim:
        while start < end and self.folded[start] in " 、(":
            start += 1
        at = Span(self.block, self.base + start, self.base + end)
        return StageClaim(name=name, stage=stage, quote=self.text[start:end], at=at)

    def _alone(self, start: int, end: int) -> StageClaim | None:
        """项目已开工建设, 正在进行内部装修: no name of its own."""
        folded = self.folded
        if going := _GOES_ON.search(folded, start, end):
            preparing = _PREPARING.search(folded, going.end(), end)
            doing = "正在" in going.group() or _DOING.search(folded, going.start(), end)
            if not preparing and not doing:
                return None
            return self._claim(None, "prepare" if preparing else "advance", start, end)
        opening = _UNNAMED.match(folded, start, end)
        first = opening.end() if opening else start
        already = _ALREADY.search(folded, start, end)
        verb = self._verb(first, already.end() if already else None, end)
        if verb is None and (prepared := PREPARED.match(folded, start, end)):
            return self._claim(None, "prepare", prepared.start("step"), end)
        if verb is None or _ROUTINE.search(folded[start:end]):
            return None
        stage, at = verb
        return self._claim(self._name(start, already.start() if already else at), stage, start, end)

    def _name(self, start: int, end: int) -> str | None:
        """What stands before 已, where it is more than 项目 or 该工程."""
        words = _SINCE.sub("", self.text[start:end].strip(" 、("))
        return words if 2 <= len(words) <= 24 and not _GENERAL.fullmatch(words) else None

    def _verb(self, first: int, after: int | None, end: int) -> tuple[Stage, int] | None:
        """The stage and place of the verb behind 已, or behind nothing but general words, with which the clause ends."""
        for at in [first] if after is None else [after, first]:
            at = adverbs(self.folded, at, end)
            if stage := untold_stage(self.folded, at, end):
                return (stage, at) if stage != "plan" else None
        for match, stage in STAGE_VERBS.find(self.folded, after or first, end):
            ends = _CLOSES.match(self.folded, match.end(), end)
            begins = match.start() <= (after or first) + 4
            if ends and stage not in ("advance", "plan") and (begins or (after is None and match.end() == end)):
                return stage, match.start()
        return None


_DATED = re.compile(r"\s?(?:\d{1,2}月|年底|年内|明年|20\d\d年)(?!.{0,6}已)")
_SINCE = re.compile(
    r"^(?:目前|现|截至[^,，]{1,8}|\d{1,2}月(?:底|份|\d{1,2}日)?|其中|另外|同时)[,，]?|(?:\d{1,2}月(?:\d{1,2}日|底)?)?(?:才|于|就|也|均|全部|全面|正式|顺利|如期|基本)*$"
)
_GENERAL = re.compile(r"(?:该|本|此)?项?(?:目|项目|工程|工作|任务|方案|建设|改造|整体|总体|各|全部|的){0,4}")
# 该项工作已完成 is a state, not a stage; 完成投资 is a figure's.
_ROUTINE = re.compile(
    r"(?:工作|任务|目标)(?:均|都|全部|全面|基本|圆满)?已?(?:均|都|全部|全面|基本|圆满)?完成|完成(?:年度|全年|目标|任务)|完成(?:率|情况)|调研|座谈|会议|培训|走访"
)


# --- states -------------------------------------------------------------------------------------------------------

_STATES: tuple[tuple[State, str], ...] = (
    ("green", "green"), ("yellow", "yellow"), ("red", "red"), ("blue", "blue"), ("done", "done state"), ("ahead", "ahead"),
    ("on_schedule", "on_schedule"), ("behind", "behind"), ("not_started", "not_started"), ("stopped", "stopped"),
)  # fmt: skip
_STATE: dict[str, State] = {word: state for state, name in _STATES for word in WORDS[name]}
_NOT = re.compile(rf"(?:{any_of(WORDS['not state'])})(?:了|出现|存在|进度|项目|工作|略|有所|的){{0,2}}$")
_LAGS = re.compile(
    r"(?:进度|进展|工期|推进|施工|序时|工作|任务|项目|明显|略|有所|较为|比较|严重|相对|仍|已|均|整体|总体|略有)$|^$"
)


def _state(m: re.Match[str]) -> State | None:
    before = m.string[max(0, m.start() - 8) : m.start()]
    word = m.group()
    if _NOT.search(before) and not word.startswith(("未", "尚未", "还未", "仍未")):
        return None
    if word.endswith("色") and not _COLOUR.match(m.string, m.end()):
        return None  # 绿色发展
    if _STATE[word] == "done" and _MORE.match(m.string, m.end()):
        return None  # 销号62个, 提前完成招标: something else is done
    if word in ("正常", "滞后", "偏慢") and m.string[m.end() : m.end() + 1] in ("化", "性", "的"):
        return None
    if word == "正常" and _WITHIN.search(m.string, max(0, m.start() - 1), m.end() + 1):
        return None
    return _STATE[word]


_COLOUR = re.compile(r"[,。;、)]|$|预警|提醒|警示|督办")
_MORE = re.compile(r"[^\W_]")
_WITHIN = re.compile(
    r"[^\W_]正常|正常[^\W_]"
)  # 正常 alone in its cell says how things stand; within words it says little


STATES: RuleSet[State] = RuleSet(
    [
        Rule(
            name="word of state",
            triggers=tuple(_STATE),
            pattern=re.compile(any_of(_STATE)),
            value=_state,
            reads=(
                ("进度滞后", "滞后"),
                ("目前亮黄灯", "亮黄灯"),
                ("快于序时进度", "快于序时进度"),
                ("项目尚未开工", "尚未开工"),
            ),
            refuses=("力争不滞后", "防止停工", "绿色发展", "恢复正常运营"),
        )
    ]
)
_GAP_STATE = re.compile(
    r"(?P<behind>低于|慢于|滞后|落后)(?:于)?(?:序时|时序)|(?P<ahead>高于|快于|超|优于|领先)(?:于|出|过)?(?:序时|时序)"
)
_YEAR_DONE = re.compile(
    r"(?:提前|已|圆满|全面)?(?:超额)?完成(?:了)?(?:全年|年度)(?:的)?(?:目标|任务){1,2}(?!的|任务|\d)|(?:该项|此项|本项)?(?:工作|任务|目标)已(?:全部|全面)?完成(?=[,。;)]|$)|^\s?(?:已|全部|已全部|已全面)完成[。]?$"
)


def read_states(page: Page, piece: Piece, cell: bool) -> list[StateWord]:
    """Words of state in a piece. ``cell``: the piece stands in a column or behind a label for states."""
    folded = page.folds[piece.block]
    found: dict[int, tuple[int, State]] = {}
    shares = [(value.start, value.end) for _, value in SHARES.find(folded, piece.start, piece.end)]
    for match, state in STATES.find(folded, piece.start, piece.end):
        if state in ("green", "yellow", "red", "blue") and match.group().endswith("色") and not cell:
            continue
        if not any(a <= match.start() < b for a, b in shares):
            found[match.start()] = (match.end(), state)
    for start, end in gaps(folded, piece.start, piece.end):
        if (gap := _GAP_STATE.match(folded, start, end)) and not any(a <= start < b for a, (b, _) in found.items()):
            found[start] = (end, gap.lastgroup)  # type: ignore[assignment]
    for done in _YEAR_DONE.finditer(folded, piece.start, piece.end):
        over = any(a < done.end() and b > done.start() for a, b in [*shares, *((a, b) for a, (b, _) in found.items())])
        if not over and not _FUTURE.search(folded, max(piece.start, done.start() - 6), done.start()):
            found[done.start()] = (done.end(), "done")
    if cell and not found:
        found = _of_cell(folded, piece)
    return [
        StateWord(state=state, text=page.texts[piece.block][start:end], at=Span(piece.block, start, end))
        for start, (end, state) in sorted(found.items())
    ]


_CELL: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("green", re.compile(r"绿|●绿|G$")), ("yellow", re.compile("黄")), ("red", re.compile("红")), ("blue", re.compile("蓝")),
    ("done", re.compile("完成|办结|销号")), ("on_schedule", re.compile("正常|达标|是$|达到|推进中|进行中")), ("behind", re.compile("滞后|慢|否$|未达")),
)  # fmt: skip


def _of_cell(folded: str, piece: Piece) -> dict[int, tuple[int, State]]:
    for state, pattern in _CELL:
        if (word := pattern.search(folded, piece.start, piece.end)) and not re.search(
            "未完成|基本完成", folded[piece.start : piece.end]
        ):
            return {word.start(): (word.end(), state)}
    return {}
