"""The parts of a report on a task: progress, problems, next steps – by headings, by labels within a line, by how a
sentence begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.rule import any_of
from luoshi.reading.words import load

Zone = Literal["progress", "problem", "next", "task", "unit", "state", "expected", "remark"]

WORDS = load("accounts")
_ZONES: tuple[Zone, ...] = ("progress", "problem", "next", "task", "unit", "state", "expected", "remark")
_OF_HEAD: dict[str, Zone] = {word: zone for zone in _ZONES for word in WORDS[f"{zone} heads"]}
_HEAD = any_of(_OF_HEAD)
_BESIDE = rf"(?:{any_of(WORDS['head adverbs'])}|(?:20\d\d年)?\d{{1,2}}月份?|20\d\d年度?){{0,4}}"
_HEADING = re.compile(rf"{_BESIDE}(?P<head>{_HEAD}){_BESIDE}$")
_LABEL = re.compile(rf"(?<![^。;!\s|\])])[\[(]?{_BESIDE}(?P<head>{_HEAD}){_BESIDE}\s?[\])]?\s?[:|]")
_SPACED = re.compile(rf"[\[](?P<head>{_HEAD})[\]]\s{{0,3}}")
_SENTENCE = re.compile(r"[。;!?]\s{0,4}")
_NEXT = re.compile(
    r"(?:下一?步(?:工作)?(?:中|将|,|是|我)|下一?步[^,。;:]{0,8}[,:将]|接下来|下一?阶段|下半年(?:将|,)|四季度(?:将|,)|后续将|针对(?:上述|以上|存在)"
    r"|目前正在(?:协调|对接)(?=解决))"
)
_PROBLEM = re.compile(
    r"(?:当前|目前|但|但是|主要)?,?(?:还|仍)?(?:存在|面临)(?:[^,。;:]{1,20}的|的)?(?:主要|突出)?(?:问题|困难|不足|短板|矛盾)|(?:当前|目前|存在的?)?(?:主要|突出)的?(?:问题|困难|原因|短板|矛盾)"
    r"(?:是|有|在于|为|:|,|表现)|(?:问题|困难|原因|不足之处)(?:主要)?(?:是|有|在于|表现)|(?:目前|当前|但|但是|不过|主要),?(?:还|仍|也)?(?:存在|面临|受制于)"
)
NOTHING = frozenset(WORDS["nothing"])


def heading_zone(folded: str) -> Zone | None:
    """The part that a heading line opens (存在的主要问题, 二、下一步打算), or None where it is no such heading."""
    words = squeeze(folded).strip(":。()[]")
    if not 2 <= len(words) <= 24:
        return None
    match = _HEADING.fullmatch(words)
    if match:
        return _OF_HEAD[match["head"]]
    joined = _JOINED.fullmatch(words)
    return _OF_HEAD[joined["head"]] if joined else None


_JOINED = re.compile(
    rf"[^,。]{{0,10}}?(?P<head>{any_of(w for w in _OF_HEAD if len(w) > 3)})(?:及|和|与|、)[^,。]{{2,10}}"
)


def label_at(page: Page, piece: Piece) -> tuple[Zone, int] | None:
    """The label with which a piece begins, and where it ends."""
    found = next(iter(_labels(page.folds[piece.block], piece.start, piece.end)), None)
    return (found[0], found[2]) if found and found[1] == piece.start else None


def label_in(folded: str) -> bool:
    """Whether a line begins with a label (下一步打算: …)."""
    return next((first for _, first, _ in _labels(folded, 0, min(len(folded), 40))), None) == 0


def first_label(page: Page, piece: Piece, zone: Zone) -> int | None:
    """Where the first label of that part begins in a piece, or None."""
    labels = _labels(page.folds[piece.block], piece.start, piece.end)
    return next((first for own, first, _ in labels if own == zone), None)


def _labels(folded: str, start: int, end: int) -> Iterator[tuple[Zone, int, int]]:
    found = [(m.start(), m.end(), m["head"]) for m in _LABEL.finditer(folded, start, end)]
    found += [(m.start(), m.end(), m["head"]) for m in _SPACED.finditer(folded, start, end)]
    at = start
    for first, last, head in sorted(found):
        if first >= at:
            at = last
            yield _OF_HEAD[head], first, last


def parts(page: Page, piece: Piece, zone: Zone) -> Iterator[tuple[Zone, Piece]]:
    """A piece cut at its labels and where a sentence turns to problems or next steps. ``zone``: what it begins in."""
    folded = page.folds[piece.block]
    at, here = piece.start, zone
    for label, first, last in [*_labels(folded, piece.start, piece.end), (zone, piece.end, piece.end)]:
        yield from _turns(page, Piece(piece.block, at, first), here)
        at, here = last, label


def _turns(page: Page, piece: Piece, zone: Zone) -> Iterator[tuple[Zone, Piece]]:
    """Within progress, sentences that tell problems or next steps; a next step goes on to the end of the piece."""
    folded = page.folds[piece.block]
    if zone not in ("progress", "problem"):
        yield from _kept(page, piece, zone)
        return
    begins = [piece.start, *(m.end() for m in _SENTENCE.finditer(folded, piece.start, piece.end))]
    at = piece.start
    here: Zone = zone
    for start in begins:
        turned = _turn(folded, start, piece.end)
        if here == "next" and turned != "problem":
            continue
        if turned is None and here == "problem" and zone == "progress" and start > at:
            turned = "progress" if _DONE.search(folded, start, min(piece.end, start + 24)) else None
        if turned and turned != here:
            yield from _kept(page, Piece(piece.block, at, start), here)
            at, here = start, turned
    yield from _kept(page, Piece(piece.block, at, piece.end), here)


def _turn(folded: str, start: int, end: int) -> Zone | None:
    if _NEXT.match(folded, start, end):
        return "next"
    return "problem" if _PROBLEM.match(folded, start, end) else None


_DONE = re.compile(r"已(?!经?无法)|累计完成|截至|目前已")


def _kept(page: Page, piece: Piece, zone: Zone) -> Iterator[tuple[Zone, Piece]]:
    kept = page.strip(piece.block, piece.start, piece.end, "|:,;。")
    if kept.end <= kept.start:
        return
    end = kept.end
    folded = page.folds[piece.block]
    while end < piece.end and folded[end] in "。;!":  # the sentence keeps its point
        end += 1
    yield zone, Piece(piece.block, kept.start, end)


def says_nothing(folded: str) -> bool:
    """无, 暂无, /: a part that is there only because the form has it."""
    return squeeze(folded).strip("。.、,;:()") in NOTHING or not squeeze(folded).strip("。.、,;:()-/")
