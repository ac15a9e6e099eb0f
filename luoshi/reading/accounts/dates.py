"""Days of a report: up to when its figures count (截至9月底, 1—9月, 上半年), and what is expected when (预计11月底完工)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from luoshi.reading.accounts.account import Certainty, CutOff, Expectation
from luoshi.reading.facts.stages import STAGE_VERBS
from luoshi.reading.ledger import Span
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import Rule, RuleSet, any_of

_QUARTERS = {c: n for n, c in enumerate("一二三四", 1)} | {c: n for n, c in enumerate("1234", 1)}
_MONTHS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12, "元": 1}
_MONTH = r"(?:1[0-2]|0?[1-9](?!\d)|十[一二]|[一二三四五六七八九十](?=月))"
_YEAR = r"(?:(?P<{0}>20\d\d)年)?"
_DASH = r"\s?(?:-{1,2}|~|至|到)\s?"
_START = (
    "截至",
    "截止",
    "至",
    "到",
    "今年",
    "前",
    "上半年",
    "一",
    "二",
    "三",
    "四",
    "第",
    "全年",
    *"0123456789",
    "年初",
    "开年",
    "半年",
    "当前",
    "目前",
    "迄今",
    "本月",
    "本季度",
)

_CUT = re.compile(
    r"(?:截[至止]到?|至|到)(?P<now>目前|现在|今)|(?P<far>年初以来|今年以来|开年以来)"
    rf"|(?:截[至止](?:到|日期:?|时间:?|日:?)?)\s?{_YEAR.format('y1')}(?P<m1>{_MONTH})\s?月(?:份)?(?:(?P<d1>[12]\d|3[01]|0?[1-9])\s?日|底|末|中旬|上旬|下旬)?(?:,?累计)?(?:止)?"
    rf"|(?:截[至止]到?)?{_YEAR.format('y2')}(?:第)?(?P<q1>[一二三四1-4])季度(?:末|底)?(?!打算|计划|工作(?:打算|计划))(?:止)?"
    rf"|(?:截[至止]到?){_YEAR.format('y6')}(?P<yearend>年底|年末|底)"
    rf"|(?:今年)?{_YEAR.format('y3')}(?P<m0>{_MONTH})(?:月)?{_DASH}(?P<m2>{_MONTH})\s?月(?:份)?"
    rf"|(?:今年)?{_YEAR.format('y4')}(?<![提之以])前(?P<n1>[一二三四\d]{{1,2}})(?P<grain>季度|个?月(?!内))"
    rf"|(?:今年)?{_YEAR.format('y5')}(?P<half>上半年|半年)(?!打算|计划)"
    rf"|(?:今年)?{_YEAR.format('y7')}(?P<m3>{_MONTH})\s?月份(?!以前|前)"
)  # fmt: skip


def _kept(m: re.Match[str]) -> re.Match[str] | None:
    before = m.string[max(0, m.start() - 1) : m.start()]
    return None if before.isdigit() or (before and before in "-~") else m


CUTOFFS: RuleSet[re.Match[str]] = RuleSet(
    [
        Rule(
            name="cut-off",
            triggers=_START,
            pattern=_CUT,
            value=_kept,
            reads=(
                ("截至2026年9月底,完成", "截至2026年9月底"),
                ("1—9月累计完成", "1—9月"),
                ("前三季度实现", "前三季度"),
                ("截止目前已完成", "截止目前"),
                ("上半年完成投资3亿元", "上半年"),
                ("8月份完成", "8月份"),
            ),
            refuses=("9月18日建成", "预计11月底完工", "6月底前动工", "下半年计划"),
        )
    ]
)


def cutoff_of(match: re.Match[str], year: int | None, given: str | None) -> str | None:
    """The ISO date of a cut-off, as fine as the text is; None where nobody names the year or the day."""
    if match["now"] or match["far"]:
        return given
    written = next((match[f"y{n}"] for n in range(1, 8) if match[f"y{n}"]), None)
    at = int(written) if written else year
    if at is None:
        return None
    if match["q1"]:
        return f"{at}-Q{_QUARTERS[match['q1']]}"
    if match["grain"] == "季度":
        quarter = _QUARTERS.get(match["n1"])
        return f"{at}-Q{quarter}" if quarter else None
    if match["half"]:
        return f"{at}-06"
    if match["yearend"]:
        return f"{at}-12"
    month = _month(match["m1"] or match["m2"] or match["m3"] or match["n1"])
    if month is None:
        return None
    return f"{at}-{month:02d}" + (f"-{int(match['d1']):02d}" if match["d1"] else "")


def _month(text: str | None) -> int | None:
    if not text:
        return None
    month = int(text) if text.isdigit() else _MONTHS.get(text)
    return month if month and month <= 12 else None


# （8月）, 2026年10月工作: in a title or a header a month alone is the month reported.
_MONTH_ALONE = re.compile(
    rf"(?:(?P<year>20\d\d)年)?(?<![\d-])(?P<month>{_MONTH})月(?=[)\]]|重点|工作|进展|推进|完成|情况|$)"
)


def cutoffs(page: Page, piece: Piece, year: int | None, given: str | None) -> list[tuple[re.Match[str], CutOff]]:
    """Every cut-off of a piece, left to right. ``given`` is the cut-off of the period, for 截至目前."""
    found = []
    for match, _ in CUTOFFS.find(page.folds[piece.block], piece.start, piece.end):
        until = cutoff_of(match, year, given)
        text = page.texts[piece.block][match.start() : match.end()]
        found.append((match, CutOff(until=until, text=text, at=Span(piece.block, match.start(), match.end()))))
    return found


def header_cutoff(folded: str, year: int | None, given: str | None) -> CutOff | None:
    """The cut-off that a title or a column's header names (1-9月完成值), without a place of its own."""
    match = next((m for m, _ in CUTOFFS.find(folded) if not m["now"] and not m["far"]), None)
    match = match or _MONTH_ALONE.search(folded)
    if match is None:
        return None
    if match.re is _MONTH_ALONE:
        month = _month(match["month"])
        at = int(match["year"]) if match["year"] else year
        return CutOff(until=f"{at}-{month:02d}" if at and month else None, text=match.group())
    return CutOff(until=cutoff_of(match, year, given), text=match.group())


# --- days ahead ---------------------------------------------------------------------------------------------------

_WILL = ("预计", "预期", "有望", "可望", "预估", "预定")
_MEANT = ("力争", "计划", "确保", "拟", "争取", "将", "定于", "保证", "力促", "务必")
_DUE = (
    rf"(?:(?P<year>20\d\d)年|(?P<next>明年|次年)|今年)?(?:(?P<month>{_MONTH})\s?月(?:份)?(?:(?P<day>[12]\d|3[01]|0?[1-9])\s?日|底|末|中旬|上旬|下旬|初|中下旬)?"
    r"|第?(?P<quarter>[一二三四1-4])季度(?:末|底)?|(?P<end>年底|年末|年内|底)|(?P<half>上半年|下半年))(?P<before>之?前)?"
)
_OPENS_DUE = (
    *_WILL,
    *_MEANT,
    *"0123456789",
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "第",
    "年底",
    "年末",
    "年内",
    "今年",
    "明年",
    "次年",
    "20",
    "上半年",
    "下半年",
)
_DATE = re.compile(_DUE)
_VERB = any_of(_WILL + _MEANT)
_CLAUSE = 80  # characters of a clause looked at on either side of a date
_AHEAD = re.compile(_VERB)
_BACK = re.compile(r"已|截至|截止|了(?:[^解]|$)|完成率")


def expectations(page: Page, piece: Piece, year: int | None, ahead: bool) -> Iterator[Expectation]:
    """What is expected or meant to be done by a day. ``ahead``: the piece speaks of next steps, where any day is ahead."""
    folded = page.folds[piece.block]
    goes_on = ahead
    for start, end in _clauses(folded, piece.start, piece.end):
        if folded[start - 1 : start] in ("。", ";"):
            goes_on = ahead
        for match in EXPECTED.find(folded, start, end):
            # 预计6月底交付，8月启用: the next date of the sentence is ahead as well.
            listed = goes_on and match[0].start() <= start + 1
            if found := _expectation(page, piece.block, (start, end), match[0], year, ahead or listed):
                yield found
                goes_on = True
                break


def _clauses(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for stop in re.finditer(r"[,。;:!]", folded[start:end]):
        yield at, start + stop.start()
        at = start + stop.end()
    if at < end:
        yield at, end


def _expectation(
    page: Page, block: int, clause: tuple[int, int], match: re.Match[str], year: int | None, ahead: bool
) -> Expectation | None:
    folded, (start, end) = page.folds[block], clause
    start, end = max(start, match.start() - _CLAUSE), min(end, match.end() + _CLAUSE)
    lead = _AHEAD.search(folded, start, match.start())
    promised = lead is not None or (ahead and _before(match))
    if not promised or _BACK.search(folded, start, match.start()):
        return None
    due = _iso(match, year)
    if due is None:
        return None
    certainty: Certainty = "expected" if lead and lead.group() in _WILL else "aimed"
    stage = next((s for m, s in STAGE_VERBS.find(folded, match.end(), end)), None)
    own = page.strip(block, start, end)
    text = page.texts[block][own.start : own.end]
    return Expectation(due=due, certainty=certainty, stage=stage, text=text, at=own.span)


def _before(match: re.Match[str]) -> bool:
    """In next steps: 11月底前, 年底前, 三季度, 9月; 9月起 only begins."""
    return not match.string.startswith(("起", "开始", "以来", "以后"), match.end())


def _iso(match: re.Match[str], year: int | None) -> str | None:
    at = int(match["year"]) if match["year"] else year
    if at is None:
        return None
    at += 1 if match["next"] else 0
    if match["month"]:
        month = _month(match["month"])
        return None if month is None else f"{at}-{month:02d}" + (f"-{int(match['day']):02d}" if match["day"] else "")
    if match["quarter"]:
        return f"{at}-Q{_QUARTERS[match['quarter']]}"
    if match["half"]:
        return f"{at}-06" if match["half"] == "上半年" else f"{at}-12"
    return f"{at}-12" if match["end"] != "底" or match["year"] or match["next"] else None


EXPECTED: RuleSet[re.Match[str]] = RuleSet(
    [
        Rule(
            name="day ahead",
            triggers=_OPENS_DUE,
            pattern=_DATE,
            value=_kept,
            reads=(("预计11月底完工", "11月底"), ("力争年底前建成", "年底前"), ("确保2027年6月投用", "2027年6月")),
            refuses=("完成投资3亿元", "全年目标"),
        )
    ]
)


def last_month(until: str | None) -> int:
    """The last month that a cut-off takes in: 9 for ``2026-09`` and ``2026-Q3``, 12 where there is none."""
    if not until:
        return 12
    return 3 * int(until[-1]) if "Q" in until else int(until[5:7] or 12)


def last_of(found: Sequence[tuple[re.Match[str], CutOff]], before: int) -> CutOff | None:
    """The last cut-off that stands before a place."""
    return next((cutoff for match, cutoff in reversed(found) if match.start() < before), None)
