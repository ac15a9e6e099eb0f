"""Figures of a report: what was reached, asked for or foreseen, with cut-off, share of the year, growth and basis."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

import msgspec

from luoshi.reading.accounts.account import Basis, Claim, CutOff, Direction, Figure, Growth, Share
from luoshi.reading.accounts.dates import CUTOFFS, cutoffs, last_of
from luoshi.reading.accounts.masks import GROWTHS, SHARES, Found, bare_shares, blanked, descriptions, done_marks, gaps
from luoshi.reading.accounts.wholes import settle
from luoshi.reading.accounts.zones import WORDS, Zone
from luoshi.reading.facts import Passage
from luoshi.reading.facts.phrases import deeds
from luoshi.reading.facts.targets import read_targets
from luoshi.reading.ledger import Span, Target
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import any_of, fold

_STOP = re.compile(r"[,;。:!?\n]")
_SENTENCE = re.compile(r"[;。!?\n]")
_AIM = re.compile(any_of(WORDS["aim marks"]) + "(?!生育)")
_DONE = re.compile(any_of(WORDS["done marks"]) + "|实际|累计|完成了|均|全部")
_LEFT = re.compile(any_of(WORDS["left marks"]))
_ESTIMATE = re.compile(any_of(WORDS["estimate marks"]))
_OFFICIAL = re.compile(any_of(WORDS["official marks"]))
_YEAR_END = re.compile(r"全年|年底|年末|年内|到年底|今年可|1[0-2]月(?:底|份)?(?:前|可|能|将)")
_FALLING = re.compile(r"下降|减少|降低|回落|压减|下滑|负增长|收窄|降幅|缩减")
_RISING = re.compile(r"增长|增速|增幅|提高|提升|上升|增加")
_OPENING = re.compile(
    r"(?:其中|[上中下]旬|底?前(?!期)|另有|另|共|全县|我[县局镇]|实际|累计|合计|共计|均|为|有|了|,|、|\s|其他)+"
)
_CLAUSE = 160  # characters of a clause looked at on either side of a figure
_NEAR = 14  # characters between a figure and the share or growth said of it


class Heading(NamedTuple):
    """What a report's heading names: the subjects of its own figures with their units, and its words as a whole."""

    subjects: tuple[tuple[str, str, float | None], ...]
    words: str

    def subject(self, unit: str | None) -> str:
        """What a bare 完成19.6公里 is about: the heading's subject in that measure, else the heading."""
        return next((subject for subject, own, _ in self.subjects if own and own == unit), self.words)

    def asked(self) -> list[tuple[float, str]]:
        """The values that the heading asks for, with their units."""
        return [(value, unit) for _, unit, value in self.subjects if value is not None]


def read_heading(page: Page, title: Piece | None, task: Sequence[Piece]) -> Heading:
    """The heading of a report: its title, else the task as written."""
    pieces = [*([title] if title else []), *task]
    subjects = []
    for piece in pieces:
        text, folded = page.text(piece), page.folded(piece)
        for target in read_targets(Passage(piece.block, text, folded, 0, len(text))):
            subjects.append((target.subject, target.unit or "", target.value))
    words = _HEAD_END.split(page.text(pieces[0]))[0].strip() if pieces else ""
    return Heading(tuple(subjects), _FIGURES.sub("", words)[:30])


_HEAD_END = re.compile(r"[。，；：,;:]")
_FIGURES = re.compile(r"\d.*$")


class FigureReader:
    """Reads the pieces of one report in order: a cut-off holds until the next one."""

    def __init__(
        self, page: Page, year: int | None, given: str | None, standing: CutOff | None, heading: Heading | None = None
    ) -> None:
        self.page, self.year, self.given, self.standing = page, year, given, standing
        self.heading = heading or Heading((), "")

    def read(self, piece: Piece, zone: Zone) -> list[Figure]:
        """The figures of one piece; problems are told, not measured."""
        found = cutoffs(self.page, piece, self.year, self.given)
        out = (
            _PieceReader(self.page, piece, zone, self.heading).read() if zone in ("progress", "next", "remark") else []
        )
        dated = [self._dated(figure, last_of(found, figure.at.end)) for figure in out]
        if found and zone != "next":
            self.standing = found[-1][1]
        return dated

    def _dated(self, figure: Figure, own: CutOff | None) -> Figure:
        if figure.claim != "reached":
            return figure
        return msgspec.structs.replace(figure, cutoff=own or self.standing)


class _PieceReader:
    def __init__(self, page: Page, piece: Piece, zone: Zone, heading: Heading) -> None:
        self.heading = heading
        # Offsets count from the piece's beginning until all is read, so that a long block is not copied for each piece.
        self.base, self.zone = piece.start, zone
        self.piece = piece = Piece(piece.block, 0, piece.end - piece.start)
        self.folded = page.folds[piece.block][self.base : self.base + piece.end]
        self.text = page.texts[piece.block][self.base : self.base + piece.end]
        self.stops = [m.start() for m in _STOP.finditer(self.folded, piece.start, piece.end)]
        self.ends = [m.start() for m in _SENTENCE.finditer(self.folded, piece.start, piece.end)]

    def read(self) -> list[Figure]:
        block, start, end = self.piece
        folded = self.folded
        shares = [value for _, value in SHARES.find(folded, start, end)]
        growths = [
            value
            for _, value in GROWTHS.find(folded, start, end)
            if self._follows(value, {share.end for share in shares})
        ]
        blanks = [(f.start, f.end) for f in (*shares, *growths)] + gaps(folded, start, end)
        blanks += descriptions(folded, start, end)
        bares = bare_shares(folded, start, end)
        blanks += [(bare.start, bare.end) for bare in bares]
        blanks += [m.span() for m, _ in CUTOFFS.find(folded, start, end)] + done_marks(folded, start, end)
        plain = blanked(folded, blanks)
        targets = [t for t in read_targets(Passage(block, self.text, plain, start, end)) if not self._left(t)]
        figures = [self._figure(target) for target in targets]
        figures = [self._asked(figure, after) for figure, after in zip_longest(figures, figures[1:])]
        figures = self._with_shares(self._with_growth(figures, growths), shares)
        figures = [*self._carried(figures), *map(self._bare, bares)]
        figures = settle(sorted(figures, key=lambda f: f.at.start), self.heading.asked(), self._silent)
        return [self._placed(figure) for figure in figures]

    def _bare(self, bare: Found) -> Figure:
        start = bare.start + (self.folded[bare.start] == "(")
        at = Span(self.piece.block, start, bare.end - (self.folded[start - 1] == "(" if start else 0))
        quote = self.text[at.start : at.end]
        return Figure(
            quote=quote, at=at, subject=self.heading.words, kind="level", bound="exact", value=bare.value, unit="%"
        )

    def _silent(self, figure: Figure) -> bool:
        return _DONE.search(self.folded, *self._clause(figure.at.start)) is None

    def _carried(self, figures: list[Figure]) -> list[Figure]:
        """全年计划培训3000人次，就业率不低于60%，已培训…: a goal goes on to the next clause that bounds and tells nothing done."""
        out: list[Figure] = []
        for figure in figures:
            before = out[-1] if out else None
            goes_on = (
                before is not None
                and before.claim == "aimed"
                and figure.claim == "reached"
                and (figure.bound in ("min", "max") or self.folded[before.at.end] == "、")
                and self._sentence(before.at.start) == self._sentence(figure.at.start)
                and not _DONE.search(self.folded, before.at.end, figure.at.end)
            )
            out.append(msgspec.structs.replace(figure, claim="aimed") if goes_on else figure)
        return out

    def _placed(self, figure: Figure) -> Figure:
        """The figure with its places counted in the block."""
        replace, base = msgspec.structs.replace, self.base

        def moved(at: Span) -> Span:
            return Span(at.block, at.start + base, at.end + base)

        return replace(
            figure,
            at=moved(figure.at),
            basis_at=moved(figure.basis_at) if figure.basis_at else None,
            share=replace(figure.share, at=moved(figure.share.at)) if figure.share else None,
            growth=replace(figure.growth, at=moved(figure.growth.at)) if figure.growth else None,
        )

    def _clause(self, at: int) -> tuple[int, int]:
        i = bisect_right(self.stops, at)
        start = self.stops[i - 1] + 1 if i else self.piece.start
        end = self.stops[i] if i < len(self.stops) else self.piece.end
        return max(start, at - _CLAUSE), min(end, at + _CLAUSE)

    def _sentence(self, at: int) -> int:
        return bisect_right(self.ends, at)

    def _follows(self, growth: Found, ends: set[int]) -> bool:
        """18.6亿元，同比增长5.2%: growth said of the figure before it, which ends where its own clause begins."""
        folded, at = self.folded, growth.start
        while at > self.piece.start and folded[at - 1] in ",、( ":
            at -= 1
        if at in ends:  # 占年度预算的76%，同比下降5.2%
            return True
        return (
            at < growth.start
            and bool(re.search(r"\d[\d.]{0,12}[^\d,。;]{0,9}\)?$", folded[max(self.piece.start, at - 24) : at]))
            and (folded[max(self.piece.start, at - 1)] not in "%点")
        )

    def _left(self, target: Target) -> bool:
        """剩余2个, 仍有3条: what is still to be done was not reached."""
        start, end = self._clause(target.at.start)
        number = self._number(target)
        if self.zone == "next":
            return False
        going = _GOING.search(self.folded, number, end)
        return going is not None or _LEFT.search(self.folded, start, number) is not None

    def _number(self, target: Target) -> int:
        """Where the number of a target stands, as far as the quote tells."""
        digit = re.search(r"\d|[一二两三四五六七八九十百]", self.folded[target.at.start : target.at.end])
        return target.at.start + (digit.start() if digit else 0)

    def _asked(self, figure: Figure, after: Figure | None) -> Figure:
        """创建3个，现已通过2个: the larger number before is what is asked for."""
        if (
            after is None
            or after.unit != figure.unit
            or figure.claim != "reached"
            or (after.value or 0) > (figure.value or 0)
        ):
            return figure
        start, end = self._clause(figure.at.start)
        now = _SO_FAR.match(self.folded, end) and not _DONE.search(self.folded, start, end)
        return msgspec.structs.replace(figure, claim="aimed") if now else figure

    def _figure(self, target: Target) -> Figure:
        start = self._trimmed(target)
        quote = self.text[start : target.at.end]
        claim = "aimed" if self._of_which(target) else self._claim(target)
        basis, basis_at = self._basis(target) if claim == "reached" else (None, None)
        said = self.folded[start : target.at.end]
        direction: Direction | None = None
        if target.kind in ("growth", "change"):
            direction = "down" if _FALLING.search(said) else "up" if _RISING.search(said) else None
        subject = self._subject(target)
        return Figure(
            quote=quote, at=Span(target.at.block, start, target.at.end), subject=subject, kind=target.kind,
            bound=target.bound, value=target.value, value_to=target.value_to, unit=target.unit, direction=direction,
            claim=claim, basis=basis, basis_at=basis_at,
        )  # fmt: skip

    def _subject(self, target: Target) -> str:
        """What the figure counts, without marks, times and verbs; the heading's where only a verb stands there."""
        words = _HAPPENED.split(target.subject)[0]
        if _COMPARED.fullmatch(words):  # 同比下降33.3%
            return self.heading.subject(target.unit) or words
        if dated := next((m for m, _ in CUTOFFS.find(fold(words))), None):
            words = words[: dated.start()] + words[dated.end() :]
        words = _OPENING.sub("", words, count=1) if _OPENING.match(words) else words
        if deed := _DEED.search(words):
            words = words[deed.end() :] or words
        bare = words if _NOUNLIKE.match(words) else words[deeds(words, 0, len(words)) :]
        if len(bare) > 1:
            return _TAIL.sub("", bare) or bare
        return self.heading.subject(target.unit) or words

    def _trimmed(self, target: Target) -> int:
        """Where a quote begins without blanks and done marks before it."""
        at = target.at.start
        while at < target.at.end and (done := _LEADING.match(self.folded, at, target.at.end)) and done.end() > at:
            at = done.end()
        return at if at < target.at.end else target.at.start

    def _of_which(self, target: Target) -> bool:
        """4个门诊中，3个已开诊: the whole, of which the next clause tells a part."""
        end = target.at.end
        return self.folded.startswith(("中,", "里,"), end) or (
            self.folded[end - 1] == "中" and self.folded.startswith(",", end)
        )

    def _claim(self, target: Target) -> Claim:
        """By the words of its clause; where they are silent, next steps aim and progress has reached."""
        start, _ = self._clause(target.at.start)
        number = self._number(target)
        forecast = _FORECAST.search(self.folded, start, number)
        if forecast:
            return "forecast"
        done = [m.start() for m in _DONE.finditer(self.folded, start, number)]
        aim = [
            m.start() for m in _AIM.finditer(self.folded, start, number) if not _NOT_AIM.match(self.folded, m.start())
        ]
        if self.zone == "next":
            return "reached" if done and not aim and re.search("已", self.folded[start:number]) else "aimed"
        return "aimed" if aim and (not done or max(aim) > max(done)) else "reached"

    def _basis(self, target: Target) -> tuple[Basis | None, Span | None]:
        start, end = self._clause(target.at.start)
        closing = self.folded.find(")", target.at.end, target.at.end + 16)
        if self.folded.startswith("(", target.at.end) and closing > 0:
            end = max(end, closing)
        for basis, pattern in (("estimated", _ESTIMATE), ("official", _OFFICIAL)):
            if word := pattern.search(self.folded, start, end):
                return basis, Span(target.at.block, *word.span())  # type: ignore[return-value]
        return None, None

    def _with_growth(self, figures: list[Figure], growths: Sequence[Found]) -> list[Figure]:
        for growth in growths:
            if (i := self._before(figures, growth)) is not None:
                at = Span(self.piece.block, growth.start, growth.end)
                said = Growth(value=growth.value, unit=growth.unit, direction=growth.direction, at=at)
                figures[i] = msgspec.structs.replace(figures[i], growth=said)
        return figures

    def _with_shares(self, figures: list[Figure], shares: Sequence[Found]) -> list[Figure]:
        alone = []
        for share in shares:
            at = Span(self.piece.block, share.start, share.end)
            i = self._before(figures, share)
            if share.more and i is not None and i >= len(share.more):
                for n, value in enumerate((share.value, *share.more), i - len(share.more)):
                    figures[n] = msgspec.structs.replace(figures[n], share=Share(value=value, at=at))
            elif i is not None and figures[i].share is None:
                figures[i] = msgspec.structs.replace(figures[i], share=Share(value=share.value, at=at))
            else:
                alone.append(self._share_alone(share, at))
        return sorted([*figures, *alone], key=lambda figure: (figure.at.start, figure.at.end))

    def _share_alone(self, share: Found, at: Span) -> Figure:
        """已完成年度任务的62%: all that is said; the year's task itself is the subject."""
        quote = self.text[share.start : share.end]
        return Figure(
            quote=quote, at=at, subject=_SHARE_VALUE.split(quote)[0], kind="share", bound="exact",
            value=share.value, unit="%",
        )  # fmt: skip

    def _before(self, figures: Sequence[Figure], said: Found) -> int | None:
        """The figure just before a share or growth: in the same sentence, with little between them."""
        # Figures stand in order and do not overlap; one that is asked for is passed over.
        nearest = bisect_right(figures, said.start, key=lambda figure: figure.at.end) - 1
        while nearest >= 0 and figures[nearest].claim == "aimed":
            nearest -= 1
        if nearest < 0:
            return None
        figure = figures[nearest]
        apart = said.start - figure.at.end
        taken = (figure.growth and figure.growth.at.end) or figure.at.end
        near = min(apart, said.start - taken) <= _NEAR
        return nearest if near and self._sentence(figure.at.start) == self._sentence(said.start) else None


_LEADING = re.compile(
    any_of(
        [*WORDS["done marks"], "累计", "共", "实际", "其中", "另有", "另", "均", "将", "计划", "力争", "确保", "预计"]
    )
    + r"|[\s,、]"
)
_SO_FAR = re.compile(r",(?:现已|目前已|截至[^,。;]{1,10}已)")
_GOING = re.compile(r"正在|待(?!遇|业)|正(?:有序|抓紧|加快|全力)|尚未|还未|未(?:开工|启动|完成)|(?:进度|进展)?滞后")
_HAPPENED = re.compile(r"(?:项目|工程)?(?:已|均|都|全部|正在|正(?!式)|也|现已|实现)(?!.{0,1}[率度])(?=.)")
_DEED = re.compile(r"(?<=..)(?:新增|新建成|新建|引进|招引|签约|培育|开通|建成|完成)(?=..)(?!率)")
_NOUNLIKE = re.compile(
    r"(?:建设用地|建设项目|改造项目|培训|保护|发展|服务|管理|治理|应用|投资|支出|开发区|安置|检查|整治率|办理|收入|推广)(?=.)"
)
_SHARE_VALUE = re.compile(r"的?(?:达到?了?|为|约)?[\d０-９]")
_COMPARED = re.compile(r"(?:同比|环比|较上年|比上年|实际|分别|增长|下降|减少|增加|提高|回落|降低){1,4}")
_TAIL = re.compile(r"(?:预计|累计|达到?|实际|为|共)$")
_FORECAST = re.compile(
    r"预计(?:到)?(?:全年|年底|年末|年内|今年|11月|12月|四季度|第四季度)|(?:全年|年底|年末|年内)(?:前)?(?:预计|有望|可望|可(?=达|完成|实现))"
)
_NOT_AIM = re.compile(
    r"计划(?:内|外|生育|单列|书)|规划(?:馆|院|局|展|编制|设计|方案)|要(?:素|求|点|件)|目标(?:值|任务)?(?:已|均|完成)|将(?:军|近)|应(?:急|用|对|届)|任务(?:书|单)|准备(?:金|期)"
)
