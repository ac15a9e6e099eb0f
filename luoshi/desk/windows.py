"""A long page in windows: what stands near the current task is sent at once, the rest when it comes into sight.

Pure. A short document is one window. Windows are named by where they begin and end, not by number, so that one asked for
after a colleague's correction is still the one meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from luoshi.desk.paper import Group, Line, Paper
from luoshi.ui.sheet import Place, Sheet

WHOLE_LINES = 240  # tasks up to which the right side is one window
WHOLE_TEXT = 40_000  # characters up to which the left side is
LINES = 40
TEXT = 3000
AROUND = 1  # windows sent on either side of the current one


@dataclass(frozen=True)
class Run:
    """Tasks of one section that stand in one window; ``begins`` where the section's heading stands before them."""

    group: Group
    lines: Sequence[Line]
    begins: bool


@dataclass(frozen=True)
class Window:
    """A stretch of the page. ``first`` and ``last`` name it, ``keys`` are of all fields that it shows, without the part
    behind the dot; ``open`` counts tasks still to confirm, ``room`` is its likely height in pixels."""

    first: str
    last: str
    keys: str
    room: int
    sent: bool
    runs: Sequence[Run] = ()
    sheet: SafeString | None = None
    open: int = 0
    checked: int = 0


def ledger_windows(page: Paper, current: str) -> list[Window]:
    """The right side. Those around ``current`` (a task's key) are to be sent at once."""
    packed = list(_packed(page))
    near = next((n for n, runs in enumerate(packed) if any(x.key == current for r in runs for x in r.lines)), 0)
    names = ["" if n == 0 else _name(runs) for n, runs in enumerate(packed)]
    return [
        _ledger_window(runs, names[n], ([*names, ""])[n + 1], abs(n - near) <= AROUND) for n, runs in enumerate(packed)
    ]


def ledger_window(page: Paper, first: str, last: str) -> Window | None:
    """The window that begins at the task or section ``first`` ("": the beginning) and ends before ``last`` ("": the end);
    None where a correction took either away."""
    runs: list[Run] = []
    on = not first
    for group in page.groups:
        key = group.item["key"]
        if on and last == key:
            return _ledger_window(runs, first, last, True)
        begins = on = on or key == first
        lines: list[Line] = []
        for line in group.lines:
            on = on or line.key == first
            if on and last == line.key:
                return _ledger_window([*runs, Run(group, lines, begins)], first, last, True)
            if on:
                lines.append(line)
        if on:
            runs.append(Run(group, lines, begins))
    return _ledger_window(runs, first, last, True) if on and not last else None


def text_windows(sheet: Sheet, characters: int, current: str) -> list[Window]:
    """The left side. Those around the words of ``current`` are to be sent at once."""
    stretches = sheet.windows(TEXT) if characters > WHOLE_TEXT else sheet.windows(characters + WHOLE_TEXT)
    keys = sheet.keys(stretches)
    near = next((n for n, each in enumerate(keys) if current in each), 0)
    return [
        Window(
            _written(first),
            _written(last),
            " ".join(each),
            40 * max(1, (last[0] - first[0]) or TEXT // 26),
            abs(n - near) <= AROUND,
            sheet=sheet.html((first, last)) if abs(n - near) <= AROUND else None,
        )
        for n, ((first, last), each) in enumerate(zip(stretches, keys, strict=True))
    ]


def text_window(sheet: Sheet, first: str, last: str) -> SafeString | None:
    """The words between two places (``block.character``), None unless both lie in the document, in this order."""
    stretch = _place(first), _place(last)
    if stretch[0] is None or stretch[1] is None:
        return None
    begin, end = stretch[0], stretch[1]
    inside = begin < end <= (len(sheet.blocks), 0)
    return sheet.html((begin, end)) if inside else None


def _packed(page: Paper) -> list[list[Run]]:
    """Sections and parts of sections, some LINES tasks together."""
    size = LINES if page.counts["all"] > WHOLE_LINES else page.counts["all"] + 1
    out: list[list[Run]] = [[]]
    filled = 0
    for group in page.groups:
        for at in range(0, max(len(group.lines), 1), size):
            lines = group.lines[at : at + size]
            if filled and filled + len(lines) > size:
                out.append([])
                filled = 0
            out[-1].append(Run(group, lines, at == 0))
            filled += len(lines)
    return out


def _name(runs: Sequence[Run]) -> str:
    run = runs[0]
    return str(run.group.item["key"] if run.begins else run.lines[0].key)


def _ledger_window(runs: Sequence[Run], first: str, last: str, sent: bool) -> Window:
    lines = [line for run in runs for line in run.lines]
    keys = [run.group.item["key"] for run in runs if run.begins] + [line.key for line in lines]
    checked = sum(line.state == "checked" for line in lines)
    room = 92 * len(lines) + 44 * sum(run.begins for run in runs)
    return Window(first, last, " ".join(keys), room, sent, runs, None, len(lines) - checked, checked)


def _written(place: Place) -> str:
    return f"{place[0]}.{place[1]}"


def _place(written: str) -> Place | None:
    block, _dot, character = written.partition(".")
    if not (block.isascii() and block.isdecimal() and character.isascii() and character.isdecimal()):
        return None
    return (int(block), int(character)) if len(written) < 20 else None
