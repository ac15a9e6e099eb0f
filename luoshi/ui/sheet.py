"""The document as a sheet of paper: its blocks in official typography, every fact's words marked where they stand.

Pure: takes the blocks of a ledger (as plain dicts) and marks, returns HTML. Each block is passed over once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from html import escape
from itertools import groupby, pairwise
from typing import Any

from django.utils.safestring import SafeString, mark_safe

Blocks = Sequence[Mapping[str, Any]]
Place = tuple[int, int]  # block, character
Stretch = tuple[Place, Place]  # from the first place to before the second

# Underlines by kind: solid unit, double target, dashed deliverable, dotted leader, wavy deadline and milestone.
STYLES = {"unit": "ku", "target": "kt", "deliverable": "kd", "leader": "kl", "time": "km", "doubt": "doubt"}
_NUMBER = re.compile(
    r"[0-9０-９][0-9０-９.,，．%％]*|[〇一二两三四五六七八九十百千万亿]+(?=[个项条家所座次户人亩公里套台辆万亿元成倍])"
)
_MAX_GAP = 60  # blank cells or rows drawn between two filled ones
_WIDEST = 24  # characters from which a column of a table drawn in parts gets no wider
_LEADING = " \t\u3000\xa0"


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that a field was read from: where they stand, what kind of field, and the field's key."""

    block: int
    start: int
    end: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Begin:
    """A place where a new line begins: a task (key and label, shown in the margin) or, without key, only a line."""

    block: int
    start: int
    key: str = ""
    label: str = ""


@dataclass
class Sheet:
    """A document ready to be drawn.

    ``looks`` gives the line that begins at a place (block, start) a look: t1 title, h heading, c centred, r right, flush.
    With ``places`` every line says where its words begin (``data-at="block:start"``), so that words can be picked.
    """

    blocks: Blocks
    marks: Sequence[Mark] = ()
    begins: Sequence[Begin] = ()
    unread: Sequence[tuple[int, int, int]] = ()
    looks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    places: bool = False

    def __post_init__(self) -> None:
        self._marks = _by_block(self.marks)
        self._begins: dict[int, dict[int, Begin]] = {}
        for begin in self.begins:
            here = self._begins.setdefault(begin.block, {})
            if begin.key or begin.start not in here:
                here[begin.start] = begin
        self._unread = _by_block(Mark(b, s, e, "unread", str(n)) for n, (b, s, e) in enumerate(self.unread))
        self._named: set[str] = set()
        self._columns: dict[int, tuple[int, str]] = {}  # first block of a table drawn in parts → _shape of it

    def html(self, stretch: Stretch | None = None) -> SafeString:
        """The whole document, or a stretch of it that ``windows`` gave; cells of one table together as a table."""
        first, last = stretch or ((0, 0), (len(self.blocks), 0))
        drawn = copy(self)
        drawn._named = set()  # each drawing names its own places; what is shared is not written to
        out: list[str] = []
        numbered = ((n, self.blocks[n]) for n in range(first[0], min(last[0] + bool(last[1]), len(self.blocks))))
        for table, group in groupby(numbered, key=lambda item: _table_of(item[1])):
            if table is None:
                for n, block in group:
                    end = last[1] if n == last[0] else len(block["text"])
                    out.append(drawn._paragraphs(n, block, first[1] if n == first[0] else 0, end))
            else:
                out.append(drawn._table(list(group), stretch is not None))
        return mark_safe("\n".join(out))

    def windows(self, size: int) -> list[Stretch]:
        """The document in stretches of some ``size`` characters: cut between paragraphs, between rows of a table that no
        cell spans, and inside an endless paragraph where a line begins. One stretch for a short document."""
        cuts: list[Place] = [(0, 0)]
        filled, reach, before = 0, 0, None
        for n, block in enumerate(self.blocks):
            origin, table, text = block.get("origin") or {}, _table_of(block), block["text"]
            row = origin.get("row") or 0
            inside = table is not None and table == before
            if filled >= size and (not inside or row >= reach):
                cuts.append((n, 0))
                filled = 0
            reach = max(reach if inside else 0, row + (origin.get("row_span") or 1))
            before = table
            filled += len(text) + 4  # an empty cell takes room too
            if table is None and len(text) > 2 * size:
                for place in sorted(self._begins.get(n, {})):
                    if place - (cuts[-1][1] if cuts[-1][0] == n else 0) >= size and place < len(text):
                        cuts.append((n, place))
                        filled = len(text) - place
        return list(pairwise([*cuts, (len(self.blocks), 0)]))

    def keys(self, stretches: Sequence[Stretch]) -> list[list[str]]:
        """For each stretch the keys of the fields marked in it, without what follows the dot, each once, and of its tasks."""
        starts = [first for first, _last in stretches]
        found: list[dict[str, None]] = [{} for _ in stretches]
        places = (((m.block, m.start), m.key) for m in self.marks)
        for place, key in (*places, *(((b.block, b.start), b.key) for b in self.begins if b.key)):
            found[max(bisect_right(starts, place) - 1, 0)].setdefault(key.partition(".")[0])
        return [list(each) for each in found]

    def stretch(self, block: int, start: int, end: int, numbers: bool = False) -> SafeString:
        """The words of one block between two places, marked; with ``numbers`` every other number is underlined too."""
        text = self.blocks[block]["text"]
        return mark_safe("".join(self._atoms(block, text, start, min(end, len(text)), numbers)))

    def _paragraphs(self, index: int, block: Mapping[str, Any], low: int, high: int) -> str:
        text: str = block["text"]
        begins = self._begins.get(index, {})
        cuts = sorted({low, *(place for place in begins if low < place < high), high})
        plain = {"heading": "h", "chrome": "chrome"}.get(block["kind"], "")
        if text.count("|") > 1 or not text.strip("| "):
            plain = "chrome"  # a table of a web page, kept as text
        out = []
        for start, end in pairwise(cuts):
            if not text[start:end].strip():
                continue
            begin = begins.get(start) or (_first_key(begins, start, end) if len(cuts) == 2 else None)
            look = self.looks.get((index, start), plain)
            out.append(
                f"<p{_attributes(look, begin)}{self._at(index, text, start)}>{self._run(index, text, start, end)}</p>"
            )
        return "\n".join(out)

    def _at(self, index: int, text: str, start: int) -> str:
        if not self.places:
            return ""
        rest = text[start:]
        return f' data-at="{index}:{start + len(rest) - len(rest.lstrip(_LEADING))}"'

    def _run(self, index: int, text: str, start: int, end: int) -> str:
        while start < end and text[start] in _LEADING:
            start += 1
        return "".join(self._atoms(index, text, start, end, numbers=False))

    def _table(self, cells: list[tuple[int, Mapping[str, Any]]], part: bool) -> str:
        rows: dict[int, dict[int, list[int]]] = {}
        for index, block in cells:
            origin = block.get("origin") or {}
            rows.setdefault(origin.get("row") or 0, {}).setdefault(origin.get("column") or 0, []).append(index)
        first, widths = self._shape(cells) if part else (min(c for columns in rows.values() for c in columns), "")
        taken: dict[int, int] = {}  # column → the row from which it is free again
        body, last, reach = [], min(rows), 0
        for row in sorted(rows):
            # Rows without cells of their own (hidden ones of a sheet) still count for cells that span them.
            body += ["<tr></tr>"] * min(min(reach, row) - last - 1, _MAX_GAP)
            body.append(f"<tr>{self._row(row, rows[row], first, taken)}</tr>")
            last, reach = row, max([reach, *(taken.get(column, 0) for column in rows[row])])
        return (
            f'<div class="tscroll"><table{" class=parts" if widths else ""}>{widths}'
            + "\n".join(body)
            + "</table></div>"
        )

    def _shape(self, cells: list[tuple[int, Mapping[str, Any]]]) -> tuple[int, str]:
        """The first column, and widths of the columns where this is a part of a table, so that all its parts line up."""
        table, low, high = _table_of(cells[0][1]), cells[0][0], cells[-1][0] + 1
        while low and _table_of(self.blocks[low - 1]) == table:
            low -= 1
        if low not in self._columns:
            while high < len(self.blocks) and _table_of(self.blocks[high]) == table:
                high += 1
            needs: dict[int, int] = {}
            for block in self.blocks[low:high]:
                origin = block.get("origin") or {}
                if origin.get("column_span", 1) == 1:
                    column = origin.get("column") or 0
                    needs[column] = max(needs.get(column, 0), min(len(block["text"]), _WIDEST) + 2)
            first = min(((block.get("origin") or {}).get("column") or 0) for block in self.blocks[low:high])
            shares = [needs.get(column, 2) for column in range(first, max(needs, default=first) + 1)][: 2 * _MAX_GAP]
            columns = "".join(f'<col style="width:{100 * share / sum(shares):.1f}%">' for share in shares)
            whole = (low, high) == (cells[0][0], cells[-1][0] + 1)
            self._columns[low] = first, "" if whole else f"<colgroup>{columns}</colgroup>"
        return self._columns[low]

    def _row(self, row: int, columns: dict[int, list[int]], first: int, taken: dict[int, int]) -> str:
        out = []
        for column in sorted(columns):
            gap = range(max(first, column - _MAX_GAP), column)
            out += ["<td></td>" for place in gap if taken.get(place, 0) <= row]  # blank cells have no block
            indexes = columns[column]
            origin = self.blocks[indexes[0]].get("origin") or {}
            begin = next((b for i in indexes for b in self._begins.get(i, {}).values() if b.key), None)
            sizes = {
                "rowspan": min(origin.get("row_span", 1), 1000),
                "colspan": min(origin.get("column_span", 1), 1000),
            }
            spans = "".join(f' {name}="{size}"' for name, size in sizes.items() if size > 1)
            taken.update(dict.fromkeys(range(column, column + sizes["colspan"]), row + sizes["rowspan"]))
            inner = "<br>".join(map(self._cell, indexes))
            out.append(f"<td{spans}{_attributes('', begin)}>{inner}</td>")
            first = column + sizes["colspan"]
        return "".join(out)

    def _cell(self, index: int) -> str:
        text = self.blocks[index]["text"]
        run = self._run(index, text, 0, len(text))
        return f"<span{self._at(index, text, 0)}>{run}</span>" if self.places else run

    def _atoms(self, index: int, text: str, start: int, end: int, numbers: bool) -> Iterator[str]:
        """The stretch cut at every boundary of a mark: each atom belongs to all marks that cover it."""
        covering = _window(self._marks.get(index), start, end) + _window(self._unread.get(index), start, end)
        cuts = sorted({start, end, *(max(m.start, start) for m in covering), *(min(m.end, end) for m in covering)})
        opening = sorted(covering, key=lambda m: m.start)
        active: list[Mark] = []
        at = 0
        for a, b in pairwise(cuts):
            while at < len(opening) and opening[at].start <= a:
                active.append(opening[at])
                at += 1
            active = [m for m in active if m.end > a]
            yield self._atom(text[a:b], active, numbers)

    def _atom(self, words: str, marks: list[Mark], numbers: bool) -> str:
        body = _lines(words)
        hole = next((m for m in marks if m.kind == "unread"), None)
        facts = [m for m in marks if m.kind != "unread"]
        if hole:
            after = (int(hole.key) + 1) % len(self.unread)
            name = self._name(f"nu-{hole.key}")
            body = (
                f'<a class="nu" href="#nu-{after}"{name}>{body}</a>'
                if not facts
                else f'<span class="nu"{name}>{body}</span>'
            )
        if not facts:
            return body if hole or not numbers else _NUMBER.sub(r'<span class="num0">\g<0></span>', body)
        keys = list(dict.fromkeys(escape(m.key) for m in facts))
        fresh = [key for key in keys if f"s-{key}" not in self._named]
        self._named.update(f"s-{key}" for key in fresh)
        main = next((m for m in reversed(facts) if m.kind != "doubt"), facts[-1])
        classes = " ".join(dict.fromkeys(STYLES[m.kind] for m in facts))
        name = f' id="s-{fresh[0]}"' if fresh else ' tabindex="-1"'
        anchors = "".join(f'<i id="s-{key}"></i>' for key in fresh[1:])
        return (
            f'{anchors}<a class="sp {classes}" href="#f-{escape(main.key)}" data-f="{" ".join(keys)}"{name}>{body}</a>'
        )

    def _name(self, name: str) -> str:
        if name in self._named:
            return ""
        self._named.add(name)
        return f' id="{name}"'


def task_line(text: str, start: int, floor: int) -> int:
    """Where the line of a task begins that starts at ``start``: before its number, never before ``floor``."""
    window = text[max(floor, start - 12) : start]
    found = re.search(
        r"(?:[★▲●■]\s*)?(?:[（(]?[0-9０-９一二三四五六七八九十百]{1,4}[）)]?[.．、,，:：]?|第[0-9一二三四五六七八九十]+[条项][、:：]?)\s*$",
        window,
    )
    return start - len(window) + found.start() if found else start


def unit_line(text: str, start: int, floor: int) -> int:
    """Where the line of units begins whose first unit stands at ``start``: before 责任单位： and an opening bracket."""
    window = text[max(floor, start - 16) : start]
    found = re.search(
        r"[（(\[［〔【]?(?:[\u4e00-\u9fff]{0,6}(?:单位|部门|分工|主体))[:：]\s*$|[（(\[［〔【]\s*$", window
    )
    return start - len(window) + found.start() if found else start


def _by_block(marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    out: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.end > mark.start:
            out.setdefault(mark.block, []).append(mark)
    for here in out.values():
        here.sort(key=lambda m: (m.start, -m.end))
    return out


def _window(marks: list[Mark] | None, start: int, end: int) -> list[Mark]:
    """The marks that touch a stretch, found by bisection: a block of one endless line may hold thousands."""
    if not marks:
        return []
    low, high = 0, len(marks)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if marks[middle].start < end else (low, middle)
    first = low
    # Marks are short; those beginning more than 2,000 characters before the stretch do not reach into it.
    while first and marks[first - 1].start > start - 2000:
        first -= 1
    return [m for m in marks[first:low] if m.end > start]


def _table_of(block: Mapping[str, Any]) -> int | None:
    if block["kind"] != "cell":
        return None
    table: int = (block.get("origin") or {}).get("table") or 0
    return table


def _first_key(begins: Mapping[int, Begin], start: int, end: int) -> Begin | None:
    return next((b for place, b in sorted(begins.items()) if start <= place < end and b.key), None)


def _attributes(look: str, begin: Begin | None) -> str:
    classes = f' class="{look}"' if look else ""
    return classes + (f' data-k="{escape(begin.label)}" data-t="{escape(begin.key)}"' if begin and begin.key else "")


def _lines(words: str) -> str:
    return escape(words).replace("\n", "<br>")
