"""The outline of a document: its head, its plans, and in each plan a tree of numbered items and grids.

Purely structural: lines and cells are sorted by their marks (一、 （一） 1. ①  ▲), never by what they promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from luoshi.reading.facts.labels import find_label
from luoshi.reading.lines import HIGH_ORGAN, MARK, ORGAN, PUBLIC
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.plaintables import text_grid
from luoshi.reading.rule import late
from luoshi.reading.tables import Grid, native_grid
from luoshi.reading.titles import ISSUED, ends_as_notice, ends_as_plan, is_title

_CHINESE = "[一二三四五六七八九十]{1,3}"
_LOST_POINT = re.compile(r"(?P<N>\d{1,3})(?:\s{0,4}(?=(?:[^\W\da-z_]|[“《]))|[.、](?=\d))")
_MEASURED = late(
    r"\d{1,3}(?:[个家条项所月日年万亿座处户名人间台张件场次亩公米元度周天批部辆套种类级是]|[A-Z]{1,4}(?![0-9]))"
)
_OPENER = re.compile(rf"(?<=[\s|])(?:\d{{1,3}}[.、](?!\d)|{_CHINESE}、|\({_CHINESE}\))")
_DATE = (
    r"20\d\d年(?:\d{1,2}|元|正)月\d{1,2}日|20\d\d[.-]\d{1,2}[.-]\d{1,2}"
    r"|[二〇○零]{1,3}[一二三四五六七八九〇○零]{2,3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_DATE_LINE = re.compile(rf"^\(?(?:{_DATE})\)?$")
_LONGEST_SIGNATURE = 80
# What a date, a public mark or page chrome has in it; other lines need no closer look.
_MAY_SIGN = re.compile(r"20\d\d|[〇○零]|公开|[页件|]|[-–—]\s{0,3}\d|附|序")
_SIGNED_LINE = re.compile(rf"(?P<organ>[^\d,。;:\s][^\d,。;:]{{3,32}}?)\s{{1,12}}(?P<date>{_DATE})$")
_YEARED = re.compile(r"20\d\d年|年度")
_NO_TITLE_HEAD = late(r"号$|[/>»:|]|^[“‘《].{1,30}[”’》]?.{0,4}$")
_QUOTED = re.compile(r"[《〈]((?:[^《》〈〉]|[《〈][^《》〈〉]{1,40}[》〉]){4,80})[》〉]")
_CLAUSE_END = re.compile(r"[。;,!?]")
_CHROME = re.compile(
    r"^(?:[-—–]\s{0,3}\d{1,4}\s{0,3}[-—–]|第\s?\d{1,4}\s?页(?:\s?[/,，]?\s?共\s?\d{1,4}\s?页)?|\|{1,4}|附件\d{0,2}[:：]?|序\s?号)$"
)
_ATTACHED = re.compile(r"^附(?:件|表)?\s?\d{0,2}\s?[:.、]")


@dataclass(slots=True)
class Node:
    """A numbered or marked line with what stands under it; the root has type '' and no own line."""

    type: str
    number: Piece | None
    first: Piece | None
    rest: list[Piece] = field(default_factory=list)
    children: list[Node | Grid] = field(default_factory=list)
    parent: Node | None = None

    def lines(self) -> list[Piece]:
        return ([self.first] if self.first else []) + self.rest


@dataclass(slots=True)
class PlanOutline:
    """One plan's title (pieces where it takes several lines) and the tree of its items."""

    title: list[Piece]
    root: Node
    loose: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """The whole document: head lines, plans, and lines that are neither (signature, public mark)."""

    head: list[Piece]
    plans: list[PlanOutline]
    signed: list[Piece] = field(default_factory=list)
    chrome: list[Piece] = field(default_factory=list)


def read_outline(page: Page) -> Outline:
    """The outline of a page; a document without any plan has an outline without plans."""
    flow = list(_flow(page))
    outline = Outline([], [])
    flow = _without_signature(page, flow, outline)
    titles = _plan_titles(page, flow)
    starts = [first for first, _ in titles] or _body_start(page, flow)
    outline.head = [item for item in flow[: starts[0] if starts else len(flow)] if isinstance(item, Piece)]
    if titles:
        _plan_before(page, flow[: starts[0]], outline)
        for (first, last), stop in zip(titles, [first for first, _ in titles[1:]] + [len(flow)]):
            title = [item for item in flow[first : last + 1] if isinstance(item, Piece)]
            outline.plans.append(_plan(page, title, flow[last + 1 : stop]))
    elif starts:
        outline.plans.append(_plan(page, [], flow[starts[0] :]))
    outline.plans = [plan for plan in outline.plans if plan.root.children]
    return outline


def _plan_before(page: Page, flow: Sequence[Piece | Grid], outline: Outline) -> None:
    """A table of tasks before the first title (a sheet without one) is a plan of its own."""
    grid = next((i for i, item in enumerate(flow) if isinstance(item, Grid)), None)
    if grid is not None:
        outline.head = [item for item in flow[:grid] if isinstance(item, Piece)]
        outline.plans.append(_plan(page, [], flow[grid:]))


# --- the flow of lines and grids ----------------------------------------------------------------------------------


def _flow(page: Page) -> Iterator[Piece | Grid]:
    """Lines and grids in reading order; chrome blocks are left out."""
    lines: list[Piece] = []
    cells: list[int] = []
    for i, block in enumerate(page.blocks):
        if block.kind == "chrome":
            continue
        table = block.origin.table if block.kind == "cell" else None
        if cells and (table is None or table != page.blocks[cells[0]].origin.table):
            yield from _text_flow(page, lines)
            lines = []
            yield from _table_flow(page, cells)
            cells = []
        if table is not None:
            cells.append(i)
        else:
            lines.extend(_pieces(page, i))
    yield from _text_flow(page, lines)
    if cells:
        yield from _table_flow(page, cells)


def _table_flow(page: Page, cells: list[int]) -> Iterator[Piece | Grid]:
    grid = native_grid(page, cells)
    if grid:
        if grid.title:
            yield grid.title
        yield grid
        return
    for i in cells:
        yield from _pieces(page, i)


def _text_flow(page: Page, lines: list[Piece]) -> Iterator[Piece | Grid]:
    at = 0
    while at < len(lines):
        found = text_grid(page, lines, at)
        if found:
            grid, at = found
            if grid.title:
                yield grid.title
            yield grid
        else:
            yield lines[at]
            at += 1


def _pieces(page: Page, block: int) -> Iterator[Piece]:
    """The lines of a block: one, or many where a page was flattened into one endless line."""
    folded = page.folds[block]
    whole = page.strip(block, 0, len(folded))
    if whole.end == whole.start:
        return
    if "\n" in folded:
        at = 0
        for stop in [*(i for i, c in enumerate(folded) if c == "\n"), len(folded)]:
            piece = page.strip(block, at, stop)
            at = stop + 1
            if piece.end > piece.start:
                yield piece
    elif _is_flattened(folded):
        for token in re.finditer(r"[^\s|]\S{0,100000}", folded):
            yield page.strip(block, token.start(), token.end(), "|")
    else:
        yield whole


def _is_flattened(folded: str) -> bool:
    if len(folded) < 120:
        return False
    openers = sum(1 for _ in zip(_OPENER.finditer(folded), range(3)))
    return openers >= 3


# --- plan titles --------------------------------------------------------------------------------------------------


def title_key(text: str) -> str:
    """A title without white space and quotation marks, for comparing."""
    return re.sub(r"[《》〈〉“”\"'\s]", "", text)


def _plan_titles(page: Page, flow: Sequence[Piece | Grid]) -> list[tuple[int, int]]:
    """First and last flow index of each plan title that stands over a body of its own."""
    named = _named_titles(page, flow)
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(flow):
        item = flow[i]
        span = _title_at(page, flow, i, named) if isinstance(item, Piece) else None
        if span:
            found.append(span)
            i = span[1] + 1
        else:
            i += 1
    return _with_bodies(page, flow, found)


def _named_titles(page: Page, flow: Sequence[Piece | Grid]) -> set[str]:
    """Titles the covering notice names: 《…》 and 关于印发…的通知."""
    named: set[str] = set()
    for item in flow[:60]:
        if isinstance(item, Grid):
            break
        text = page.text(item)
        for match in _QUOTED.finditer(text):
            named.add(title_key(match.group(1)))
        for match in ISSUED.finditer(text):
            named.add(title_key(match.group(1)))
    return named


def _title_at(page: Page, flow: Sequence[Piece | Grid], i: int, named: set[str]) -> tuple[int, int] | None:
    item = flow[i]
    assert isinstance(item, Piece)
    if _is_sheet_name(page, item):
        return i, i
    if item.end - item.start > 80 or _CLAUSE_END.search(page.folds[item.block], item.start, item.end):
        return None
    text = page.folded(item)
    if MARK.match(text) or find_label(text, 0, len(text)):
        return None
    if title_key(page.text(item)) in named or is_title(text):
        return i, i
    after = flow[i + 1] if i + 1 < len(flow) else None
    if isinstance(after, Piece) and len(page.folded(after)) <= 60 and not MARK.match(page.folded(after)):
        both = page.text(item) + page.text(after)
        if title_key(both) in named or (
            is_title(squeeze(page.folded(item) + page.folded(after)))
            and len(text) >= 8
            and not ORGAN.search(text)
            and (_YEARED.search(text) or not is_title(page.folded(after)))
            and not _NO_TITLE_HEAD.search(text)
        ):
            return None if ends_as_notice(squeeze(both)) else (i, i + 1)
    return None


def _is_sheet_name(page: Page, item: Piece) -> bool:
    """A title over a sheet's table, with or without a year, or the sheet's name where no title stands there."""
    block = page.blocks[item.block]
    if block.origin.sheet is None:
        return False
    words = squeeze(page.folded(item))
    return block.kind == "heading" or (6 <= len(words) <= 60 and ends_as_plan(words) and ":" not in words)


def _with_bodies(page: Page, flow: Sequence[Piece | Grid], found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Titles followed by marks or a grid before the next title; a page heading over a covering notice is none."""
    kept: list[tuple[int, int]] = []
    for n, (first, last) in enumerate(found):
        stop = found[n + 1][0] if n + 1 < len(found) else len(flow)
        body = flow[last + 1 : stop]
        if any(isinstance(item, Grid) or MARK.match(page.folded(item)) for item in body):
            kept.append((first, last))
    return kept


def _body_start(page: Page, flow: Sequence[Piece | Grid]) -> list[int]:
    for i, item in enumerate(flow):
        if isinstance(item, Grid):
            return [i]
        if MARK.match(page.folded(item)):
            before = flow[i - 1] if i else None
            heading = isinstance(before, Piece) and _lost_point(page.folds[before.block], before, 0, True)
            return [i - 1 if heading else i]
    return []


def _without_signature(page: Page, flow: list[Piece | Grid], outline: Outline) -> list[Piece | Grid]:
    """Take the signature (organ and date lines), the public mark and page chrome out of the flow."""
    kept: list[Piece | Grid] = []
    for item in flow:
        if isinstance(item, Grid):
            kept.append(item)
            continue
        if item.end - item.start > _LONGEST_SIGNATURE or not _MAY_SIGN.search(
            page.folds[item.block], item.start, item.end
        ):
            kept.append(item)
            continue
        words = squeeze(page.folded(item))
        if one := _SIGNED_LINE.match(page.folds[item.block], item.start, item.end):
            organ = Piece(item.block, *one.span("organ"))
            if _signs(page, organ, False):
                outline.signed.extend((organ, Piece(item.block, *one.span("date"))))
                continue
        if _DATE_LINE.match(words):
            outline.signed.append(item)
            for already in range(3):
                before = kept[-1] if kept else None
                if not isinstance(before, Piece) or not _signs(page, before, already > 0):
                    break
                outline.signed.insert(-1, before)
                kept.pop()
        elif PUBLIC.match(words):
            outline.signed.append(item)
        elif _CHROME.match(words):
            outline.chrome.append(item)
        else:
            kept.append(item)
    return kept


def _signs(page: Page, item: Piece, beside: bool) -> bool:
    """Whether a line signs the document; a line beside another signature must name a government or a party office."""
    words = squeeze(page.folded(item))
    return (
        len(words) <= 34
        and bool(ORGAN.search(words))
        and not MARK.match(words)
        and not find_label(words, 0, len(words))
        and (not beside or bool(HIGH_ORGAN.search(words)))
    )


# --- the tree -----------------------------------------------------------------------------------------------------


def _plan(page: Page, title: list[Piece], body: Sequence[Piece | Grid]) -> PlanOutline:
    root = Node("", None, None)
    stack = [root]
    last_number = 0
    loose: list[Piece] = []
    for item in body:
        if isinstance(item, Grid):
            _attach_grid(item, stack)
            continue
        folded = page.folds[item.block]
        mark = MARK.match(folded, item.start, item.end) or _lost_point(
            folded, item, last_number, stack[-1].type != "N" and not stack[-1].children
        )
        if mark and mark.lastgroup and mark.end() < item.end:
            last_number = int(mark.group("N")) if mark.lastgroup == "N" else last_number
            _push(page, stack, mark, item)
        elif stack[-1] is root:
            loose.append(item)
        else:
            stack[-1].rest.append(item)
    return PlanOutline(title, root, loose)


def _lost_point(folded: str, item: Piece, last_number: int, under_heading: bool) -> re.Match[str] | None:
    """6城镇老旧小区改造, 11.301国道: a number without its point, or one before digits, counts where it is the next.

    The first of a heading counts too, unless it measures something (1个月).
    """
    mark = _LOST_POINT.match(folded, item.start, item.end)
    if not mark or _MEASURED.match(folded, item.start, item.end):
        return None
    number = int(mark.group("N"))
    return mark if (last_number and number == last_number + 1) or (number == 1 and under_heading) else None


def _push(page: Page, stack: list[Node], mark: re.Match[str], item: Piece) -> None:
    kind = mark.lastgroup or ""
    depth = next((d for d in range(len(stack) - 1, 0, -1) if stack[d].type == kind), len(stack))
    del stack[depth:]
    parent = stack[-1]
    number = Piece(item.block, *mark.span(kind))
    node = Node(kind, number, page.strip(item.block, mark.end(), item.end), parent=parent)
    parent.children.append(node)
    stack.append(node)


def _attach_grid(grid: Grid, stack: list[Node]) -> None:
    """A grid belongs to the heading right above it, else to the root."""
    stack[-1].children.append(grid)
