"""When a task is due (完成时限): from a column, the unit bracket, or the task's own sentence.

ISO at the grain the text gives, never finer: ``2022-06-30``, ``2022-11``, ``2022-Q3``. 年底 is December and 上半年 is
June of the plan's year; 全年, 长期坚持 and 每月 name no day.
"""

from __future__ import annotations

import re

from luoshi.reading.rule import Rule, RuleSet, any_of, late
from luoshi.reading.words import load

_WORDS = load("deadlines")
_SMALL = {word: n for n, word in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)}
_DATE = Rule(
    name="date",
    triggers=(*"0123456789", *"一二三四五六七八九十", "第", "上半年", "下半年", "年底", "年末", "年终"),
    pattern=re.compile(
        r"(?:(?P<year>20\d\d)年)?(?:"
        r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
        r"(?:(?P<day>[12]\d|3[01]|0?[1-9])日|底|末|中旬|上旬|下旬)?"
        r"|第?(?P<quarter>[1-4一二三四])季度(?:末|底)?"
        r"|(?P<half>上半年|下半年)"
        r"|(?P<end>年底|年末|年终)"
        r")(?P<before>之?前|内)?"
    ),
    value=lambda m: m if not m.string[max(0, m.start() - 1) : m.start()].isdigit() else None,
    reads=(
        ("6月底前动工", "6月底前"),
        ("2021年11月30日前完成", "2021年11月30日前"),
        ("第三季度", "第三季度"),
        ("年底前完成", "年底前"),
    ),
    refuses=("全年", "长期坚持", "连续三个月", "2022年", "月度调度"),
)
_DATES = RuleSet([_DATE])
_EXPRESSION = _DATE.pattern
_SLASHED = re.compile(r"(?P<year>20\d\d)[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?")
_REPEATED = re.compile(rf"每(?:年|月|季|季度|周|半年)|{any_of(_WORDS['repeated'])}")
_BARE_END = re.compile(r"^\s*(20\d\d)年(?:底前|底|内)?\s*$")
_OWN_SENTENCE = 8  # characters behind a date that stands as a sentence of its own: 2021年12月底前全部完成。
_CLOSED = late(r"[,，。;；]")


def _iso(match: re.Match[str], year: int | None) -> str | None:
    written = match.groupdict()
    at = int(written["year"]) if written.get("year") else year
    if at is None:
        return None
    if written.get("month"):
        month = _SMALL.get(written["month"]) or int(written["month"])
        day = written.get("day")
        return f"{at}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
    if written.get("quarter"):
        return f"{at}-Q{_SMALL.get(written['quarter']) or int(written['quarter'])}"
    if written.get("half"):
        return f"{at}-06" if written["half"] == "上半年" else f"{at}-12"
    return f"{at}-12"


def read_deadline(folded: str, start: int, end: int, year: int | None) -> str | None:
    """The deadline of a column's cell or a label's value, or None where it names no day (长期坚持, 每月, 全年).

    Of several dates the last one counts: the cell gives the day by which all is done.
    """
    if _REPEATED.search(folded, start, end):
        return None
    if bare := _BARE_END.match(folded[start:end]):
        return f"{bare.group(1)}-12"
    found = [m for m, _ in _DATES.find(folded, start, end)]
    if not found:
        slashed = _SLASHED.search(folded, start, end)
        return _iso(slashed, year) if slashed else None
    return _iso(found[-1], year)


def looks_like_deadline(folded: str, start: int, end: int) -> bool:
    """Whether a cell or list item is a time, not a unit: 6月底前动工, 全年, 长期坚持, 第三季度."""
    if end - start > 24 or start >= end or folded[start] not in _TIME_FIRST:
        return False
    if match := _EXPRESSION.match(folded, start, end):
        return match.end() == end or bool(match.group("before")) or _TAIL.match(folded, match.end(), end) is not None
    return bool(_ALONE.match(folded, start, end))


_TIME_FIRST = frozenset("0123456789一二三四五六七八九十第上下年全长持常每按适即立底春夏秋冬分")
"""How a time begins; most items of a list are units and begin otherwise."""
_TAIL = re.compile(r"(?:底?前)?[^\W\da-zA-Z_]{0,10}[。.]?$")
_ALONE = re.compile(
    rf"(?:20\d\d年)?(?:全年|年底前?|年内|长期(?:坚持|推进)?|持续{any_of(_WORDS['go on'])}?|常态化(?:推进|开展)?|{any_of(_WORDS['alone'])}|(?:20\d\d年)?底前|20\d\d年|[春夏秋冬](?:季|[、和][春夏秋冬](?:两)?季)?[^\W\da-zA-Z_]{{0,8}}|分批[^\W\da-zA-Z_]{{0,6}})[。]?$"
)


def governing_deadline(folded: str, start: int, end: int, year: int | None) -> tuple[str, int, int] | None:
    """The one date in a task's own wording that holds for all of it, with its place; None where it dates only a part.

    It governs when it opens the task, when it stands as a sentence of its own, or when it is in the last clause of a
    task of at most two clauses.
    """
    wording = folded[start:end]
    if not ("月" in wording or "季" in wording or "年底" in wording or "年末" in wording or "年终" in wording):
        return None
    found = [m for m, _ in _DATES.find(folded, start, end) if m.group("before") or m.group().endswith(("底", "末"))]
    if len(found) != 1 or found[0].group("half") or found[0].group("before") == "内":
        return None
    match = found[0]
    if folded[max(start, match.start() - 1) : match.start()] in ("至", "到", "截"):
        return None
    clauses = len(_CLOSED.findall(folded, start, max(start, end - 1))) + 1
    last = not _CLOSED.search(folded, match.end(), max(match.end(), end - 1))
    own = last and folded[match.start() - 1] in "。;" and end - match.end() <= _OWN_SENTENCE
    if match.start() == start or own or (last and clauses <= 2):
        iso = _iso(match, year)
        return (iso, match.start(), match.end()) if iso else None
    return None
