"""What is a name of its own: a facility, scheme or title, told by its last words and by words that are not general."""

from __future__ import annotations

import re

from luoshi.reading.facts.phrases import indicator_before
from luoshi.reading.facts.stages import WORDS, adverbs
from luoshi.reading.ledger import Stage
from luoshi.reading.rule import any_of, late, word_at, word_before

_LISTS = ("facility", "no facility", "scheme", "scheme tail only", "title", "event", "place work")
FACILITY, _NO_FACILITY, SCHEME, _SCHEME_ONLY, _TITLE, _EVENT, _PLACE_WORK = (1 << i for i in range(len(_LISTS)))


def _tails() -> dict[str, int]:
    """The last words of names with every list they stand in (also by their own last words)."""
    own: dict[str, int] = {}
    for i, title in enumerate(_LISTS):
        for word in WORDS[title]:
            own[word] = own.get(word, 0) | 1 << i
    every: dict[str, int] = {}
    for word in own:
        bits = 0
        for n in range(1, len(word) + 1):
            bits |= own.get(word[-n:], 0)
        every[word] = bits
    return every


_TAIL_BITS = _tails()
_TAIL_BITS[""] = 0
_last_word = word_before(_TAIL_BITS.keys() - {""})
# From right to left: a version (2.0), a bracket (老年大学), a closing quotation mark; most names end with none of them.
_CLOSING = re.compile(r"(?:0\.\d{1,2})?(?:\)[^()]{1,30}\()?[”》]?")
_CLOSING_LAST = frozenset("0)”》")
_DATE_BEHIND = late(
    r"前?(?:底|初|末|中旬|下旬|上旬|份|日(?:\d{1,2}|[一二三四五六七八九十]{1,3}))?月(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:年\d{4})?|前?末?底?年\d{4}|度季[一二三四]第?"
)
_DATE_LAST = frozenset("前底初末份旬日月年度")
_trailing = word_before(WORDS["trailing"])
_adverb_behind = word_before((*WORDS["adverb"], *WORDS["behind adverb"]))
# The characters with which words of doing and adverbs end; most names end with none of them.
_TRAILING_LAST = frozenset(word[-1] for word in WORDS["trailing"])
_DOING_OR_ADVERB_LAST = _TRAILING_LAST.union(_DATE_LAST, (w[-1] for w in (*WORDS["adverb"], *WORDS["behind adverb"])))
_PLANS = ("规划", "详规", "纲要", "导则", "总规")
_STUDY = r"(?:证论究研(?:划规|位线|案方)?|究研(?:划规|位线|案方)|证论(?:划规|位线|案方)|证论案方设建)"
_PAPER = any_of(w[::-1] for w in WORDS["prepare object"])
_PREPARE_OBJECT = re.compile(
    rf"(?:作工)?(?:(?P<study>{_STUDY})|(?P<plan>(?:[批审]报(?:序程按)?并)?制编(?={any_of(w[::-1] for w in _PLANS)}))|(?:{_PAPER}|(?<=.)[和及与、]){{1,5}})(?P<more>{_PAPER})?"
)
_PREPARE_LAST = frozenset("作证究批审制和及与、").union(w[-1] for w in WORDS["prepare object"])
_work_step, _work_part = word_before(WORDS["works step"]), word_before(WORDS["works part"])
_WORKS_LAST = frozenset(word[-1] for word in (*WORDS["works step"], *WORDS["works part"]))
_part_at = word_at(WORDS["works part"])
# A、B两条断头路: what counts the names before it.
_APPOSITION = re.compile(r"(?P<n>\d{1,2}|[两二三四五六七八九十])(?:大|个|条|座|所|处|项|家)[^、,;“”]{2,10}$")
# 总投资31亿元的|澜湾大桥
_DESCRIBED = re.compile(rf"{any_of(WORDS['describing'])}[^,;。、的]{{1,20}}的")
_SHORT_QUOTE = re.compile(r"“[^”]{1,4}”$")
_QUOTED = re.compile(f"“[^”]{{5,20}}”{any_of(WORDS['quoted thing'])}$")
_ASPIRED = re.compile("全[国省市](?!重点)|世界|国际一流|区域性")  # what one wants to be, no name
_REPORT = re.compile(r"已(?!有|经)|截至|截止|目前|尚有|仍有|前\d{1,2}个月|由|完成率")
_THRESHOLD = re.compile(r"\d[^\d,;。、]{1,6}以[上下]")
_SIZED = late(rf"\d[\d.]{{0,8}}[万亿]?(?:[兆千吉]瓦|MW|GW|{any_of(WORDS['size'])})")
_VERSION = re.compile(r"0\.\d{1,2}")
_FACILITIES = [word for word in WORDS["facility"] if len(word) > 1]
_generic_word = word_at(WORDS["generic"])
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
        if start < end and self.folded[end - 1] in _CLOSING_LAST:
            end = self._before_closing(start, end)
        return _TAIL_BITS[_last_word(self.folded, start, end)]

    def _before_closing(self, start: int, end: int) -> int:
        """Where a name ends without the signs that may close it."""
        closing = _CLOSING.match(self.reverse, self.last - end, self.last - start)
        return end - (closing.end() - closing.start()) if closing else end

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
        folded = self.folded
        while end > start and folded[end - 1] in (_DOING_OR_ADVERB_LAST if behind else _TRAILING_LAST):
            tail = _trailing(folded, start, end)
            length = len(tail) if tail or not behind else self._adverb_behind(start, end)
            if not length:
                break
            end -= length
        return end

    def _adverb_behind(self, start: int, end: int) -> int:
        """The length of the adverb or date that ends at a place; 0 where there is none."""
        if adverb := _adverb_behind(self.folded, start, end):
            return len(adverb)
        if self.folded[end - 1] not in _DATE_LAST:
            return 0
        date = _DATE_BEHIND.match(self.reverse, self.last - end, self.last - start)
        return date.end() - date.start() if date else 0

    def without_preparation(self, start: int, end: int) -> tuple[int, Stage | None]:
        """Where the name ends in 青溪大桥|初步设计批复, and the stage; ``end`` itself where no preparation is spoken of."""
        if start >= end or self.folded[end - 1] not in _PREPARE_LAST:
            return end, None
        tail = _PREPARE_OBJECT.match(self.reverse, self.last - end, self.last - start)
        if not tail:
            return end, None
        name_end = max(start, end - (tail.end() - tail.start()))
        if tail["plan"]:
            return name_end, "complete"  # 完成总体规划|编制: the plan itself is what is finished
        return name_end, "plan" if tail["study"] and not tail["more"] else "prepare"

    def without_works(self, start: int, end: int) -> int:
        """Where the name ends in 岚浦大桥|桩基施工; ``end`` itself where no part of a named thing is spoken of."""
        name_end = self._before_works(start, end)
        if name_end == end or name_end - start < 3:
            return end
        whole = _last_word(self.folded, start, self._before_closing(start, name_end))
        if not _TAIL_BITS[whole] & (FACILITY | SCHEME):
            return end
        natural = len(whole) == 1 and whole in "湖河江山岛城谷"  # 东镜湖|隧道 is one name
        return end if natural else name_end

    def _before_works(self, start: int, end: int) -> int:
        """Where the words for parts of a work and what is done to them begin that end at a place."""
        if start < end and self.folded[end - 1] in _WORKS_LAST:
            for word_of in (_work_step, _work_step, _work_part, _work_part):
                end -= len(word_of(self.folded, start, end))
        return end

    def part(self, start: int, end: int) -> int:
        """Where the words for a part of a work end that open a clause (路基工程|完成80%); ``start`` where none stand there."""
        return start + len(_part_at(self.folded, start, end))

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
        for _ in range(30):
            word = _generic_word(folded, start, end)
            if not word:
                break
            start += len(word)
        return start == end

    def named(self, start: int, end: int, stage: Stage, behind: bool) -> bool:
        """Whether a name stands there, as far as the stage asks for it. ``behind``: its verb stands behind it."""
        folded = self.folded
        if not 3 <= end - start <= _LONGEST or (folded[start].isdigit() and _SIZED.match(folded, start)):
            return False
        if folded.find("以", start, end) >= 0 and _THRESHOLD.search(folded, start, end):
            return False
        tail = self.tail(start, end)
        if (
            end - start <= 10 and self._before_works(start, end) == start
        ):  # 路基工程: a part of something not named here
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
            bool(tail & _PLACE_WORK)
            and stage == "advance"
            and any(self.folded.find(word, start, end) >= 0 for word in _FACILITIES)
        )

    def _happens(self, start: int, end: int, stage: Stage, behind: bool) -> bool:
        """What is opened, begun or finished by a verb behind it is a thing, whatever its last word."""
        hurried = stage == "advance" and self.folded.startswith(("加快实施", "加快建设", "加快施工"), end)
        if not behind or end - start < 5 or not (hurried or stage in ("in_use", "break_ground", "complete")):
            return False
        if indicator_before(self.folded, start, end):  # 碳排放强度完成省下达任务
            return False
        return not _REPORT.search(self.folded, start, end)
