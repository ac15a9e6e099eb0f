"""Zones: where in an item's lines the wording ends and the responsibility begins – labels, brackets, or a closing clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from luoshi.reading.facts.labels import LABEL, LABELS, find_label
from luoshi.reading.facts.responsibilities import MARKS, is_unit_like, read_zone
from luoshi.reading.lines import ACCOUNT, CLAUSE, CLOSING, DUTY_SAID, HINT, PROGRESS_LABELS, name_first
from luoshi.reading.page import Page, Piece
from luoshi.reading.rule import any_of, word_at
from luoshi.reading.words import load

_POINTS = re.compile(r"\(\s?(?:\d{1,3}(?:\.\d)?分|计?\d{1,3}(?:\.\d)?分值?|★{1,3})\s?\)$")
_ENDS = re.compile(r"[。;!?]$")
_SENTENCE = re.compile(r"[,。;]")
_does = word_at(word for kind, listed in load("stages").items() if kind.endswith(" before") for word in listed)
_ACCOUNT_LAST = frozenset(
    word[-1] for kind in ("progress label", "account label") for word in load("lines")[kind]
) | set(")]】 ")
TITLE_LIMIT = 40
SHORT_FIRST = re.compile(r"(?P<title>[^,。;:0-9]{3,16})。(?=\S)")


class Item(msgspec.Struct):
    """An item's lines sorted: title, wording (one piece a block), responsibility zones, and lines behind them."""

    title: Piece | None = None
    text: list[Piece] = []
    zones: list[Piece] = []
    structure: list[Piece] = []
    tail: list[Piece] = []
    progress: Piece | None = None


def sort_lines(page: Page, lines: Sequence[Piece], may_title: bool, titled: bool = False) -> Item:
    """Sort the lines of one numbered item. ``titled``: items of this plan open with a short name and a full stop."""
    item = Item()
    words: list[Piece] = []
    for line in _without_account(page, lines, item):
        if item.zones and not _continues(page, line, item, words):
            item.tail.append(line)
        elif item.zones and item.tail:
            item.tail.append(line)
        else:
            _sort_line(page, line, item, words)
    if not item.zones and words:
        _closing_clause(page, words, item)
    _title_and_text(page, words, item, may_title, titled)
    return item


def _without_account(page: Page, lines: Sequence[Piece], item: Item) -> list[Piece]:
    """The lines that assign; what came of the item (进展情况:…, to the next label of duty) is kept apart, as no promise."""
    kept: list[Piece] = []
    telling = False
    for line in lines:
        folded = page.folds[line.block]
        if telling and LABEL.match(folded, line.start, line.end):
            telling = False
        label = _account_label(folded, line)
        if label and (label.start() == line.start or folded[label.start() - 1] in "。;!\n\t "):
            telling = True
            if label.start() > line.start:
                kept.append(page.strip(line.block, line.start, label.start()))
            item.structure.append(Piece(line.block, label.start(), label.end()))
            said = page.strip(line.block, label.end(), line.end)
            if said.end > said.start:
                item.tail.append(said)
                if item.progress is None and label["label"] in PROGRESS_LABELS:
                    item.progress = said
        else:
            (item.tail if telling else kept).append(line)
    return kept


def _account_label(folded: str, line: Piece) -> re.Match[str] | None:
    """The first label of an account in a line; looked for only where a colon stands behind a letter it could end with."""
    colon = folded.find(":", line.start, line.end)
    while colon > line.start:
        if folded[colon - 1] in _ACCOUNT_LAST:
            return ACCOUNT.search(folded, line.start, line.end)
        colon = folded.find(":", colon + 1, line.end)
    return None


def _continues(page: Page, line: Piece, item: Item, words: list[Piece]) -> bool:
    """Whether a line behind a zone still belongs to it: another label or bracket, more unit names, or the text of a title."""
    folded = page.folded(line)
    if LABEL.match(folded) or (folded[0] in "([" and HINT.search(folded)):
        return True
    if CLOSING.match(folded):
        return False
    if len(folded) <= 60 and is_unit_like(folded, 0, len(folded)):
        last = item.zones[-1]
        if last.block == line.block:
            item.zones[-1] = Piece(last.block, last.start, line.end)
            return True
        return True
    return not item.text and len(words) == 1 and is_titlelike(page.folded(words[0]))


def _sort_line(page: Page, line: Piece, item: Item, words: list[Piece]) -> None:
    folded = page.folds[line.block]
    start, end = line.start, line.end
    if words and not item.zones and (units := bare_units(page, line, words[-1])):
        item.zones.append(units)
        return
    if (
        item.zones
        and not LABEL.match(folded, start, end)
        and is_unit_like(folded, start, end)
        and item.zones[-1].end >= end
    ):
        return
    if item.zones and words and is_unit_like(folded, start, end):
        item.zones.append(line)
        return
    for zone in find_zones(page, line):
        if zone.start > start:
            _word(page, line.block, start, _before(folded, start, zone.start), item, words)
        item.zones.append(zone)
        start = _after(folded, zone.end, end)
    if end > start:
        _word(page, line.block, start, end, item, words)


def _word(page: Page, block: int, start: int, end: int, item: Item, words: list[Piece]) -> None:
    piece = page.strip(block, start, end)
    while points := _POINTS.search(page.folds[block], piece.start, piece.end):
        item.structure.append(Piece(block, points.start(), points.end()))
        piece = page.strip(block, piece.start, points.start())
    if piece.end > piece.start:
        words.append(piece)


def _before(folded: str, start: int, end: int) -> int:
    """The end of the wording before a bracket, dash or label: the sign itself is not part of it."""
    if folded.startswith("--", end - 2) and end - 2 > start:
        return end - 2
    return end - 1 if end > start and folded[end - 1] in "([" else end


def _after(folded: str, at: int, end: int) -> int:
    while at < end and folded[at] in ")]。;:, ":
        at += 1
    return at


_DASH = re.compile(r"-{1,3}\s{0,2}")


def bare_units(page: Page, line: Piece, before: Piece | None) -> Piece | None:
    """The units of a line that holds nothing else: behind a dash, or under a sentence that has ended."""
    folded = page.folds[line.block]
    dash = _DASH.match(folded, line.start, line.end)
    start = dash.end() if dash else line.start
    end = line.end - 1 if folded[line.end - 1] == "。" else line.end
    if folded[start : start + 1] in ("(", "[") and re.fullmatch(r".[^()\[\]]+[)\]]", folded[start:end]):
        start, end = start + 1, end - 1
    if end - start < 2 or not (dash or (before and _ENDS.search(folded_end(page, before)))):
        return None
    if find_label(folded, start, end) or not is_unit_like(folded, start, end):
        return None
    # 建成投用县文化馆新馆: a clause on a line of its own ends like a body, and opens with what is done to it
    return None if not dash and _does(folded, start, end) else Piece(line.block, start, end)


def folded_end(page: Page, piece: Piece) -> str:
    return page.folds[piece.block][max(piece.start, piece.end - 2) : piece.end]


def paragraph_items(page: Page, lines: Sequence[Piece]) -> list[list[Piece]]:
    """Unnumbered items: wording and then its duty, again and again. Empty unless there are at least two."""
    groups: list[list[Piece]] = [[]]
    answered = False
    for line in lines:
        duty = bool(groups[-1]) and (
            bool(find_zones(page, line))
            and bool(LABEL.match(page.folds[line.block], line.start, line.end))
            or bare_units(page, line, groups[-1][-1]) is not None
        )
        if answered and not duty:
            groups.append([])
            answered = False
        groups[-1].append(line)
        answered = answered or duty
    if not answered and len(groups) > 1:
        groups.pop()
    return groups if len(groups) >= 2 else []


def find_zones(page: Page, line: Piece) -> list[Piece]:
    """The responsibility zones of a line: brackets that name duties, else everything from the first label on."""
    folded = page.folds[line.block]
    last = line.end - 1
    closed = folded[last] in ")]" or (folded[last] in "。;" and last > line.start and folded[last - 1] in ")]")
    if closed and (units := _unit_bracket(page, line)):
        return [*_clause_brackets(page, line, units), units]
    dash = folded.rfind("--", line.start, line.end) + 2
    if dash > 1 and (behind := _BEHIND_DASH.search(folded, line.start, dash)):
        # 建成“四好农村路”60公里。——县交通局、各镇
        units = page.strip(line.block, behind.end(), line.end)
        if units.end - units.start > 1 and is_unit_like(folded, units.start, units.end):
            return [units]
    label = find_label(folded, line.start, line.end)
    if not label and not HINT.search(folded, line.start, line.end):
        return []
    zones = [piece for piece in brackets(folded, line) if _is_duty(folded, piece)]
    if zones:
        return zones
    return [Piece(line.block, label.start(), line.end)] if label else []


def _unit_bracket(page: Page, line: Piece) -> Piece | None:
    """(市工信局、市统计局) behind the sentence at a line's end: units without a word of duty. Where no stop stands before the
    bracket it must hold offices, and stand behind no unit whose second name it would be."""
    folded = page.folds[line.block]
    inside = next(reversed(list(brackets(folded, line))), None)
    if inside is None or inside.end < line.end - 2 or inside.start - 2 < line.start:
        return None
    if not _OWN_UNIT.match(folded, inside.start, inside.end) or not is_unit_like(folded, inside.start, inside.end):
        return None
    if folded[inside.start - 2] not in "。;!" and (
        not _OFFICES.fullmatch(folded, inside.start, inside.end) or _OFFICE.search(folded, line.start, inside.start - 1)
    ):
        return None
    return None if HINT.search(folded, inside.start, inside.end) else inside


def _clause_brackets(page: Page, line: Piece, last: Piece) -> list[Piece]:
    """The brackets before the last one that do the same for their own clauses: 新建泊位1200个(县住建局),整治街巷25条(县执法局)。"""
    folded = page.folds[line.block]
    return [
        inside
        for inside in brackets(folded, line)
        if inside.end < last.start
        and (folded[inside.end + 1] in ",;。" or folded[inside.start - 2] in "。;")
        and _OWN_UNIT.match(folded, inside.start, inside.end)
        and _OFFICES.fullmatch(folded, inside.start, inside.end)
        and is_unit_like(folded, inside.start, inside.end)
        and not _OFFICE.search(folded, line.start, inside.start - 1)
    ]


def clauses(page: Page, zones: Sequence[Piece]) -> list[list[Piece]]:
    """Zones by the clause that they answer: one behind a bracket and further wording of the same line begins the next."""
    groups: list[list[Piece]] = []
    for zone in zones:
        last = groups[-1][-1] if groups else None
        if last and (last.block != zone.block or not _WORDED.search(page.folds[zone.block], last.end, zone.start)):
            groups[-1].append(zone)
        else:
            groups.append([zone])
    return groups


_WORDED = re.compile(r"[)\]][^\n]{0,400}?[^\W_][^\n]{0,400}?[(\[]$")
_BEHIND_DASH = re.compile(r"[。;!]\s?--$")
_OFFICE_NAME = any_of(load("lines")["office"])
_OFFICE = re.compile(rf"{_OFFICE_NAME}$")
_OFFICES = re.compile(rf"(?:[^,、;()]{{0,20}}{_OFFICE_NAME}(?:\([^()]{{2,20}}\))?[,、;]?){{1,30}}")
# A unit of the government that writes, its level before it (县人社局) or left out (人社局); a mark may stand before both.
_OWN_UNIT = re.compile(
    rf"[{''.join(MARKS)}]?\s?(?:[省市县区镇州旗各]|{any_of(load('lines')['own office'])}{any_of(load('lines')['own office end'])}(?=[、,;/|()\s\[\]]|$))"
)


def brackets(folded: str, line: Piece) -> Iterator[Piece]:
    """The insides of top-level brackets, round or square, in order; one that never closes is none."""
    depth, opened = 0, 0
    for match in _BRACKET.finditer(folded, line.start, line.end):
        if match.group() in "([":
            if not depth:
                opened = match.end()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield Piece(line.block, opened, match.start())


_BRACKET = re.compile(r"[()\[\]]")


def _is_duty(folded: str, piece: Piece) -> bool:
    """Whether a bracket says who answers: it has a label, or verbs of duty behind units."""
    if piece.end - piece.start < 4 or not HINT.search(folded, piece.start, piece.end):
        return False
    if find_label(folded, piece.start, piece.end):
        return True
    if (said := next(LABELS.find(folded, piece.start, piece.end), None)) and said[0].start() == piece.start:
        return True  # (责任单位为县住建局)
    lists = read_zone(folded, piece.start, piece.end)
    duty = DUTY_SAID.search(folded[piece.start : piece.end])
    return bool(duty) and any(is_unit_like(folded, unit.start, unit.end) for _, unit in lists.units)


def _closing_clause(page: Page, words: list[Piece], item: Item) -> None:
    """由A牵头,会同B、C抓好落实 at the end of the sentence is duty, not wording."""
    last = words[-1]
    match = CLAUSE.search(page.folds[last.block], last.start, last.end)
    if not match:
        return
    if match.start() == last.start and len(words) == 1:  # nothing but units
        return
    name = next(name for name in ("zone", "zone2", "zone3") if match.group(name))
    start, end = match.span(name)
    lists = read_zone(page.folds[last.block], start, end)
    if lists.units and all(is_unit_like(page.folds[last.block], unit.start, unit.end) for _, unit in lists.units):
        item.zones.append(Piece(last.block, start, end))
        words[-1:] = [page.strip(last.block, last.start, match.start())] if match.start() > last.start else []


def is_titlelike(folded: str) -> bool:
    return len(folded) <= TITLE_LIMIT and not _SENTENCE.search(folded)


def _title_and_text(page: Page, words: list[Piece], item: Item, may_title: bool, titled: bool) -> None:
    if may_title and len(words) > 1 and is_titlelike(page.folded(words[0])) and len(clauses(page, item.zones)) < 2:
        item.title, words = words[0], words[1:]
    elif may_title and words and (name_end := _name_end(page, words[0], titled)):
        block, start, end = words[0]
        item.title = Piece(block, start, name_end)
        words[0] = page.strip(block, name_end + 1, end)
    for piece in words:
        if item.text and item.text[-1].block == piece.block:
            item.text[-1] = Piece(piece.block, item.text[-1].start, piece.end)
        else:
            item.text.append(piece)


def _name_end(page: Page, line: Piece, titled: bool) -> int | None:
    """Where the name with a stop of its own (。 or :) that opens a line ends."""
    if not titled:
        return name_first(page.folds[line.block], line.start, line.end)
    short = SHORT_FIRST.match(page.folds[line.block], line.start, line.end)
    return short.end("title") if short else None
