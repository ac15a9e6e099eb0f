"""The reader of progress documents: one document in, one account out. Pure: no clock, no network; same input, same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import msgspec

from luoshi import __version__
from luoshi.reading.accounts.account import (
    Account,
    AccountItem,
    CutOff,
    Expectation,
    Figure,
    StageClaim,
    StateWord,
    TaskMatch,
)
from luoshi.reading.accounts.answers import Answers
from luoshi.reading.accounts.cells import cell_figures
from luoshi.reading.accounts.claims import read_stages, read_states
from luoshi.reading.accounts.dates import expectations, header_cutoff
from luoshi.reading.accounts.doubts import find_doubts
from luoshi.reading.accounts.figures import FigureReader, read_heading
from luoshi.reading.accounts.joining import join_lines
from luoshi.reading.accounts.layout import read_layout
from luoshi.reading.accounts.matching import Matcher, Told
from luoshi.reading.accounts.report import Layout, Report
from luoshi.reading.accounts.splitting import split_prose
from luoshi.reading.accounts.zones import Zone, says_nothing
from luoshi.reading.errors import CannotOpen
from luoshi.reading.facts.responsibilities import read_zone
from luoshi.reading.ledger import Ledger, Source, Wording
from luoshi.reading.mending import mend
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.sources import open_source

_YEAR = re.compile(r"(20\d\d)\s?年")
_DATE = re.compile(r"(20\d\d)\s?[年.-]\s?(\d{1,2})\s?[月.-]")
_TITLE = re.compile(r"情况|进展|汇报|报告|小结|总结|通报|快报|公示|台账|反馈|完成表|进度")


def read_account(
    source: bytes | str | Path, *, name: str | None = None, ledger: Ledger | None = None, year: int | None = None,
    cutoff: str | None = None, among: Collection[str] = (),
) -> Account:  # fmt: skip
    """Read one progress document (bytes, or the path of a file) into an account.

    ``name``: the file's name for bytes without one. ``ledger``: the tasks that are reported on; items are matched with
    them. ``year`` and ``cutoff`` (``2026-09``) are those of the period, for 9月底 and 截至目前 where the document names no
    year or day; what the document itself says goes first. ``among``: paths of the tasks of the ledger that prose may speak
    of, where only some are asked (``plans/0/sections/1/tasks/3``). Raises ``ReadingError`` with a sentence that says what to do;
    what is merely unclear becomes a doubt.
    """
    data, name = _bytes_of(source, name)
    opened = open_source(data, name)
    page = Page(join_lines(mend(opened.blocks)))
    account = _Reader(page, read_layout(page), year, cutoff, ledger, among).account()
    return msgspec.structs.replace(
        account,
        source=Source(
            name=name, sha256=hashlib.sha256(data).hexdigest(), media_type=opened.media_type,
            characters=sum(map(len, page.texts)), pages=opened.pages,
        ),
        doubts=(*opened.doubts, *account.doubts),
    )  # fmt: skip


def _bytes_of(source: bytes | str | Path, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name or "document"
    path = Path(source)
    try:
        return path.read_bytes(), name or path.name
    except OSError as error:
        raise CannotOpen(f"打不开文件“{path.name}”：{error.strerror}。请检查路径和读取权限。") from error


class _Reader:
    def __init__(
        self,
        page: Page,
        layout: Layout,
        year: int | None,
        cutoff: str | None,
        ledger: Ledger | None,
        among: Collection[str],
    ) -> None:
        self.page, self.layout, self.ledger = page, layout, ledger
        self.title = self._title()
        self.year = self._year() or year or (int(cutoff[:4]) if cutoff else None)
        self.given = cutoff
        self.cutoff = self._cutoff()
        self.units = self._units()
        if ledger is not None:
            split_prose(page, layout, ledger, [unit.text for unit in self.units], among)

    def account(self) -> Account:
        """Everything read, but for the source."""
        read = [(report.meant, self._item(report)) for report in self.layout.reports]
        read = [(meant, item) for meant, item in read if _says_something(item)]
        items = self._with_loose([item for _, item in read])
        matches = self._matches(items, [meant for meant, _ in read])
        tasks = {path: task for path, _, _, task in self.ledger.tasks()} if self.ledger else {}
        done = [msgspec.structs.replace(item, match=match) for item, match in zip(items, matches, strict=True)]
        if self.ledger:
            answers = Answers(self.ledger)
            done = [answers.told(item, self._reporting(item)) for item in done]
        problems, steps, expected = self._loose(items)
        account = Account(
            reader=__version__, source=Source(name="", sha256="", media_type="", characters=0), title=self.title,
            units=self.units, year=self.year, cutoff=self.cutoff, items=tuple(done), problems=problems, next_steps=steps,
            expected=expected, blocks=self.page.blocks,
        )  # fmt: skip
        return msgspec.structs.replace(account, doubts=find_doubts(account, self.layout, self.ledger, tasks))

    # --- what the document says of itself ---

    def _wording(self, piece: Piece) -> Wording:
        return Wording(text=self.page.text(piece), at=piece.span)

    def _title(self) -> Wording | None:
        for piece in self.layout.head[:12]:
            words = squeeze(self.page.folded(piece))
            if 6 <= len(words) <= 80 and _TITLE.search(words) and not re.search(r"[。;|]|:$|现将|按照|根据", words):
                return self._wording(piece)
        return None

    def _year(self) -> int | None:
        texts = [self.title.text] if self.title else []
        texts += [self.page.folded(piece) for piece in (*self.layout.signed, *self.layout.head)]
        texts += [self.page.folded(piece) for report in self.layout.reports[:8] for _, piece in report.parts]
        years = [match for text in texts if (match := _YEAR.search(text) or _DATE.search(text))]
        return int(years[0][1]) if years else None

    def _cutoff(self) -> CutOff | None:
        """Up to when the report counts: by its title, else by what its head says (截至9月底的情况报告如下), else as given."""
        pieces = [*self._title_pieces(), *self.layout.head]
        found = [header_cutoff(self.page.folded(piece), self.year, self.given) for piece in pieces]
        dated = [cutoff for cutoff in found if cutoff and cutoff.until]
        if dated:
            return next((cutoff for cutoff in dated if cutoff.text.startswith(("截至", "截止"))), dated[0])
        return CutOff(until=self.given, text="") if self.given else None

    def _title_pieces(self) -> list[Piece]:
        return [Piece(self.title.at.block, self.title.at.start, self.title.at.end)] if self.title else []

    def _units(self) -> tuple[Wording, ...]:
        """The units that report: 填报单位, the title's beginning, the first sentence's, or the signature."""
        from luoshi.reading.accounts.reporters import find_reporters

        return tuple(self._wording(piece) for piece in find_reporters(self.page, self.layout, self._title_pieces()))

    # --- one report ---

    def _item(self, report: Report) -> AccountItem:
        page = self.page
        standing = header_cutoff(report.header, self.year, self.given) if report.header else None
        heading = read_heading(page, report.title, report.task)
        reader = FigureReader(page, self.year, self.given, standing or self.cutoff, heading)
        figures: list[Figure] = cell_figures(page, report, self.year, standing or self.cutoff)
        stages: list[StageClaim] = []
        states: list[StateWord] = []
        expected: list[Expectation] = []
        for zone, piece in report.parts:
            if zone in ("problem", "next") and says_nothing(page.folded(piece)):
                continue
            found = reader.read(piece, zone)
            figures += found
            if zone == "progress":
                stages += read_stages(page, piece, found, reader.standing.until if reader.standing else None)
            if zone in ("progress", "problem", "state", "remark"):
                states += read_states(page, piece, zone == "state")
            if zone in ("progress", "next", "expected"):
                expected += expectations(page, piece, self.year, zone != "progress")
        return AccountItem(
            number=page.text(report.number) if report.number else None,
            title=page.text(report.title) if report.title else None,
            at=report.at.span,
            task=tuple(self._wording(piece) for piece in report.task),
            units=tuple(self._wording(piece) for piece in self._listed(report.units)),
            progress=self._wordings(report, "progress"),
            figures=tuple(figures), stages=tuple(stages), states=tuple(states),
            problems=self._wordings(report, "problem"), next_steps=self._wordings(report, "next"),
            expected=tuple(expected),
        )  # fmt: skip

    def _listed(self, pieces: Iterable[Piece]) -> Iterable[Piece]:
        for piece in pieces:
            for _, unit in read_zone(self.page.folds[piece.block], piece.start, piece.end).units:
                yield Piece(piece.block, unit.start, unit.end)

    def _wordings(self, report: Report, zone: Zone) -> tuple[Wording, ...]:
        pieces = report.pieces(zone)
        return tuple(self._wording(piece) for piece in pieces if not says_nothing(self.page.folded(piece)))

    # --- what belongs to no single report ---

    def _with_loose(self, items: list[AccountItem]) -> list[AccountItem]:
        """Problems and next steps told apart from the reports go to the one report that shares their words."""
        from luoshi.reading.accounts.sharing import share_out

        self.shared = share_out(self.page, self.layout, items)
        out = []
        for i, item in enumerate(items):
            mine = [(zone, piece) for zone, piece, at in self.shared if at == i]
            problems = tuple(self._wording(piece) for zone, piece in mine if zone == "problem")
            steps = [piece for zone, piece in mine if zone == "next"]
            ahead = [e for piece in steps for e in expectations(self.page, piece, self.year, True)]
            told = msgspec.structs.replace(
                item,
                problems=(*item.problems, *problems),
                next_steps=(*item.next_steps, *(self._wording(piece) for piece in steps)),
                expected=(*item.expected, *ahead),
            )
            out.append(told)
        return out

    def _loose(
        self, items: Sequence[AccountItem]
    ) -> tuple[tuple[Wording, ...], tuple[Wording, ...], tuple[Expectation, ...]]:
        free = [(zone, piece) for zone, piece, at in self.shared if at is None] + self.layout.apart
        problems = tuple(self._wording(piece) for zone, piece in free if zone == "problem")
        steps = [piece for zone, piece in free if zone == "next"]
        ahead = tuple(e for piece in steps for e in expectations(self.page, piece, self.year, True))
        return problems, tuple(self._wording(piece) for piece in steps), ahead

    # --- which task ---

    def _reporting(self, item: AccountItem) -> tuple[str, ...]:
        return tuple(words.text for words in (item.units or self.units))

    def _matches(self, items: Sequence[AccountItem], meant: Sequence[str | None]) -> list[TaskMatch | None]:
        if self.ledger is None:
            return [None] * len(items)
        told = [
            Told(
                item,
                (item.title or "") + "".join(words.text for words in item.task),
                "".join(words.text for words in item.progress),
                self._reporting(item),
            )
            for item in items
        ]
        return Matcher(self.ledger).match(told, meant)


def _says_something(item: AccountItem) -> bool:
    return bool(item.progress or item.figures or item.problems or item.next_steps or item.states)
