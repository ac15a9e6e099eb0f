"""What is a name of its own: a facility, scheme or title, told by its last words and by words that are not general."""

from __future__ import annotations

import re

from luoshi.reading.facts.phrases import INDICATOR
from luoshi.reading.facts.stages import WORDS, adverbs
from luoshi.reading.ledger import Stage
from luoshi.reading.rule import any_of

# Tails are matched from right to left; closing quotes, a bracket (老年大学) or a version (2.0) may stand behind them.
_CLOSING = r"(?:0\.\d{1,2})?(?:\)[^()]{1,30}\()?[”》]?"
_LISTS = ("facility", "no facility", "scheme", "scheme tail only", "title", "event", "place work")
FACILITY, _NO_FACILITY, SCHEME, _SCHEME_ONLY, _TITLE, _EVENT, _PLACE_WORK = (1 << i for i in range(len(_LISTS)))


def _tails() -> dict[str, int]:
    """The last words of names, from right to left, with every list they stand in (also by their own last words)."""
    own: dict[str, int] = {}
    for i, title in enumerate(_LISTS):
        for word in WORDS[title]:
            own[word[::-1]] = own.get(word[::-1], 0) | 1 << i
    every: dict[str, int] = {}
    for word in own:
        bits = 0
        for n in range(1, len(word) + 1):
            bits |= own.get(word[:n], 0)
        every[word] = bits
    return every


_TAIL_BITS = _tails()
_TAIL = re.compile(f"{_CLOSING}(?P<word>{any_of(_TAIL_BITS)})")
_DATE_BEHIND = r"前?(?:底|初|末|中旬|下旬|上旬|份|日(?:\d{1,2}|[一二三四五六七八九十]{1,3}))?月(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:年\d{4})?|前?末?底?年\d{4}|度季[一二三四]第?"
_ADVERB_BEHIND = re.compile(any_of(w[::-1] for w in (*WORDS["adverb"], *WORDS["behind adverb"])) + "|" + _DATE_BEHIND)
_trailing = re.compile(any_of(word[::-1] for word in WORDS["trailing"])).match
# The characters with which words of doing and adverbs end; most names end with none of them.
_TRAILING_LAST = frozenset(word[-1] for word in WORDS["trailing"])
_ADVERB_LAST = frozenset("前底初末份旬日月年度").union(w[-1] for w in (*WORDS["adverb"], *WORDS["behind adverb"]))
_PLANS = ("规划", "详规", "纲要", "导则", "总规")
_STUDY = r"(?:证论究研(?:划规|位线|案方)?|究研(?:划规|位线|案方)|证论(?:划规|位线|案方)|证论案方设建)"
_PAPER = any_of(w[::-1] for w in WORDS["prepare object"])
_PREPARE_OBJECT = re.compile(
    rf"(?:作工)?(?:(?P<study>{_STUDY})|(?P<plan>(?:[批审]报(?:序程按)?并)?制编(?={any_of(w[::-1] for w in _PLANS)}))|(?:{_PAPER}|(?<=.)[和及与、]){{1,5}})(?P<more>{_PAPER})?"
)
_WORKS = re.compile(
    rf"(?:{any_of(w[::-1] for w in WORDS['works step'])}){{0,2}}(?:{any_of(w[::-1] for w in WORDS['works part'])}){{0,2}}"
)
_PART = re.compile(any_of(WORDS["works part"]) + "?")
# A、B两条断头路: what counts the names before it.
_APPOSITION = re.compile(r"(?P<n>\d{1,2}|[两二三四五六七八九十])(?:大|个|条|座|所|处|项|家)[^、,;“”]{2,10}$")
# 总投资31亿元的|澜湾大桥
_DESCRIBED = re.compile(rf"{any_of(WORDS['describing'])}[^,;。、的]{{1,20}}的")
_SHORT_QUOTE = re.compile(r"“[^”]{1,4}”$")
_QUOTED = re.compile(f"“[^”]{{5,20}}”{any_of(WORDS['quoted thing'])}$")
_ASPIRED = re.compile("全[国省市](?!重点)|世界|国际一流|区域性")  # what one wants to be, no name
_REPORT = re.compile(r"已(?!有|经)|截至|截止|目前|尚有|仍有|前\d{1,2}个月|由|完成率")
_THRESHOLD = re.compile(r"\d[^\d,;。、]{1,6}以[上下]")
_SIZED = re.compile(rf"\d[\d.]{{0,8}}[万亿]?(?:[兆千吉]瓦|MW|GW|{any_of(WORDS['size'])})")
_VERSION = re.compile(r"0\.\d{1,2}")
_FACILITY_WITHIN = re.compile(any_of(w for w in WORDS["facility"] if len(w) > 1))
_generic = re.compile(rf"(?:{any_of(WORDS['generic'])}){{1,30}}").match
_GENERIC_FIRST = frozenset(w[0] for w in WORDS["generic"])
_GENERIC_LAST = frozenset(w[-1] for w in WORDS["generic"])
_LEVEL = re.compile(rf"{any_of(WORDS['level'])}|[一二三四五]级|\dA级|[三四五]星级")
_LONGEST = 60


class Names:
    """Asks of places in one folded text whether a name stands there. ``reverse`` is the text from right to left."""

    def __init__(self, folded: str, reverse: str, last: int) -> None:
        self.folded, self.reverse, self.last = folded, reverse, last

    def tail(self, start: int, end: int) -> int:
        """Which lists the last word stands in, as bits."""
        match = _TAIL.match(self.reverse, self.last - end, self.last - start)
        return _TAIL_BITS[match["word"]] if match else 0

    def titled(self, start: int, end: int) -> bool:
        """Whether a title's last word stands there."""
        return end - start > 2 and bool(self.tail(start, end) & _TITLE)

    def project(self, start: int, end: int) -> bool:
        """Whether a task's title names a project: its wording may then say only what happens to it."""
        return 3 < end - start and bool(self.tail(start, end) & (FACILITY | SCHEME)) and not self._generic(start, end)

    def won(self, start: int, end: int) -> bool:
        """Whether a title stands before its verb: 公交都市|创建成功, 省级高新区|获批."""
        own = bool(_LEVEL.search(self.folded, start, end)) or not self._generic(start, end)
        return end - start > 3 and self.titled(start, end) and own

    def trim(self, start: int, end: int, behind: bool) -> tuple[int, int]:
        """Without adverbs and descriptions before, and the words of doing behind."""
        folded = self.folded
        start = adverbs(folded, start, end)
        if start < end and folded[start] in "总投全占" and (described := _DESCRIBED.match(folded, start, end)):
            start = described.end()
        end = self.trimmed_end(start, end, behind)
        while start < end and folded[start] in " 、":
            start += 1
        return start, end

    def trimmed_end(self, start: int, end: int, behind: bool) -> int:
        """Where a name ends without the words of doing behind it."""
        folded, reverse, last = self.folded, self.reverse, self.last
        while end > start:
            c = folded[end - 1]
            tail = _trailing(reverse, last - end, last - start) if c in _TRAILING_LAST else None
            if tail is None and behind and c in _ADVERB_LAST:
                tail = _ADVERB_BEHIND.match(reverse, last - end, last - start)
            if tail is None:
                break
            end -= tail.end() - tail.start()
        return end

    def without_preparation(self, start: int, end: int) -> tuple[int, Stage | None]:
        """Where the name ends in 青溪大桥|初步设计批复, and the stage; ``end`` itself where no preparation is spoken of."""
        tail = _PREPARE_OBJECT.match(self.reverse, self.last - end, self.last - start)
        if not tail:
            return end, None
        name_end = max(start, end - (tail.end() - tail.start()))
        if tail["plan"]:
            return name_end, "complete"  # 完成总体规划|编制: the plan itself is what is finished
        return name_end, "plan" if tail["study"] and not tail["more"] else "prepare"

    def without_works(self, start: int, end: int) -> int:
        """Where the name ends in 岚浦大桥|桩基施工; ``end`` itself where no part of a named thing is spoken of."""
        tail = _WORKS.match(self.reverse, self.last - end, self.last - start)
        if not tail or tail.end() == tail.start():
            return end
        name_end = end - (tail.end() - tail.start())
        whole = _TAIL.match(self.reverse, self.last - name_end, self.last - start)
        if name_end - start < 3 or not whole or not _TAIL_BITS[whole["word"]] & (FACILITY | SCHEME):
            return end
        natural = len(whole["word"]) == 1 and whole["word"] in "湖河江山岛城谷"  # 东镜湖|隧道 is one name
        return end if natural else name_end

    def part(self, start: int, end: int) -> int:
        """Where the words for a part of a work end that open a clause (路基工程|完成80%); ``start`` where none stand there."""
        match = _PART.match(self.folded, start, end)
        return match.end() if match else start

    def without_count(self, start: int, end: int) -> int:
        """Where the names end in 学府路、望江路|两条断头路, whose number says how many names stand there."""
        count = _APPOSITION.search(self.folded, max(start + 4, end - 16), end)
        if not count or self.folded[count.start() - 1] == "”":
            return end
        number = int(count["n"]) if count["n"].isdigit() else "  两三四五六七八九十".index(count["n"])
        return count.start() if self.folded.count("、", start, count.start()) + 1 == number > 1 else end

    def own_words(self, start: int, end: int) -> bool:
        """Whether it is short and made of more than general words."""
        return end - start <= 30 and not self._generic(start, end)

    def _generic(self, start: int, end: int) -> bool:
        folded = self.folded
        if end <= start or folded[start] not in _GENERIC_FIRST or folded[end - 1] not in _GENERIC_LAST:
            return False
        match = _generic(folded, start, end)
        return match is not None and match.end() == end

    def named(self, start: int, end: int, stage: Stage, behind: bool) -> bool:
        """Whether a name stands there, as far as the stage asks for it. ``behind``: its verb stands behind it."""
        folded = self.folded
        if not 3 <= end - start <= _LONGEST or (folded[start].isdigit() and _SIZED.match(folded, start)):
            return False
        if folded.find("以", start, end) >= 0 and _THRESHOLD.search(folded, start, end):
            return False
        tail = self.tail(start, end)
        if end - start <= 10:
            works = _WORKS.match(self.reverse, self.last - end, self.last - start)
            if works and works.end() - works.start() == end - start:  # 路基工程: a part of something not named here
                return False
        if stage == "award" and not behind:
            return bool(tail & _TITLE) and bool(_LEVEL.search(folded, start, end))
        if self._generic(start, end):
            if tail & FACILITY and stage in ("break_ground", "in_use", "start"):
                return end - start > (5 if stage == "start" else 4)
            if (
                stage in ("start", "advance")
                and end - start > 5
                and folded.startswith(("行动", "计划", "攻坚"), end - 2)
            ):
                return True
            return behind and bool(tail & (FACILITY | SCHEME)) and stage in ("complete", "prepare") and end - start > 6
        if stage == "advance" and not behind and _ASPIRED.match(folded, start, end):
            return False
        if _QUOTED.match(folded, start, end):
            return True
        if tail & FACILITY and not tail & _NO_FACILITY:
            return stage != "advance" or not _SHORT_QUOTE.match(folded, start, end)
        return self._scheme(start, end, stage, tail) or self._happens(start, end, stage, behind)

    def _scheme(self, start: int, end: int, stage: Stage, tail: int) -> bool:
        if tail & _SCHEME_ONLY or _VERSION.match(self.reverse, self.last - end):
            return True
        if tail & SCHEME and stage not in ("advance", "award"):
            return True
        if tail & _EVENT and stage in ("complete", "prepare"):
            return True
        return (
            bool(tail & _PLACE_WORK) and stage == "advance" and bool(_FACILITY_WITHIN.search(self.folded, start, end))
        )

    def _happens(self, start: int, end: int, stage: Stage, behind: bool) -> bool:
        """What is opened, begun or finished by a verb behind it is a thing, whatever its last word."""
        hurried = stage == "advance" and self.folded.startswith(("加快实施", "加快建设", "加快施工"), end)
        if not behind or end - start < 5 or not (hurried or stage in ("in_use", "break_ground", "complete")):
            return False
        if INDICATOR.match(self.reverse, self.last - end, self.last - start):  # 碳排放强度完成省下达任务
            return False
        return not _REPORT.search(self.folded, start, end)
