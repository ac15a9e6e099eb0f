"""Unit names within one document: which two of them are forms of one name.

Only the names themselves are looked at: a short form takes characters of the full name in order (县发改局, 县发展和改革局),
a bracket names a second hat (县财政局（县国资办）), a level or a place is written or left out (教育局, 县教育局, 澜湾县教育局).
A short form that fits several full names fits none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from luoshi.reading.page import squeeze
from luoshi.reading.rule import any_of, fold, late
from luoshi.reading.words import load

_WORDS = load("bodies")
_LEVELS = frozenset(_WORDS["level"])
_PAIRS = [pair.partition(":") for pair in _WORDS["spelled"]]
# Endings with the short one that each counts as, the longest first: 办公室 counts as 办, 联合会 as 联.
_ENDINGS = sorted({(ending, short) for short, _, full in _PAIRS for ending in (short, full)}, key=lambda e: -len(e[0]))
_CLIPPED = tuple((short, full) for short, _, full in (pair.partition(":") for pair in _WORDS["clipped"]))
_ADDS_NOTHING = frozenset(_WORDS["adds nothing"])
_COLLECTIVE = re.compile(any_of(_WORDS["collective"]))
_BRACKET = re.compile(r"(?P<base>[^()]{3,30})\((?P<hat>[^()]{3,30})\)$")
_PLACE = late(r"[\u4e00-\u9fff]{2,5}$")
_BODY = re.compile(any_of(_WORDS["body"]) + "$")
_LONGEST_SHORT = 5  # characters of a short form between level and ending
_LEAST_DROPPED = 2
_CROWD = 40_000  # more comparisons than this would say that the names are no names


Way = Literal["short", "hat", "level"]


class Variant(NamedTuple):
    """Two names as written that are taken for one unit, the shorter first, and in what they differ.

    ``way``: "short" (县发改局, 县发展和改革局), "hat" (a second name in brackets), "level" (县 or the place left out).
    """

    short: str
    full: str
    way: Way


class _Name(NamedTuple):
    written: str
    level: str
    core: str
    end: str


def variants(names: Iterable[str]) -> list[Variant]:
    """Pairs of names that are forms of one, in the order in which the names were first given.

    >>> variants(["县发展和改革局", "县教育局", "县发改局", "各镇", "县公安局"])
    [Variant(short='县发改局', full='县发展和改革局', way='short')]
    """
    written = {fold(squeeze(name)): name for name in reversed([*dict.fromkeys(names)])}
    named = [name for name in reversed([*written]) if not _COLLECTIVE.match(name)]
    ways: tuple[tuple[Way, Iterator[tuple[str, str]]], ...] = (
        ("hat", _hats(named)), ("level", _prefixed(named)), ("short", _short(named)),
    )  # fmt: skip
    found: dict[tuple[str, str], Way] = {}
    for way, pairs in ways:
        for pair in pairs:
            found.setdefault(pair, way)
    return [Variant(written[short], written[full], way) for (short, full), way in found.items()]


def _hats(names: list[str]) -> Iterator[tuple[str, str]]:
    """县国资办 or 县财政局 beside 县财政局（县国资办）, where one bracket only has it."""
    holders: dict[str, list[str]] = defaultdict(list)
    for name in names:
        bracket = _BRACKET.match(name)
        if bracket and _BODY.search(bracket["base"]) and _BODY.search(bracket["hat"]) and bracket["hat"][0] in _LEVELS:
            holders[bracket["base"]].append(name)
            holders[bracket["hat"]].append(name)
    for name in names:
        if len(holders.get(name, ())) == 1:
            yield name, holders[name][0]


def _prefixed(names: list[str]) -> Iterator[tuple[str, str]]:
    """教育局 and 澜湾县教育局 beside 县教育局: the level left out, or the place written."""
    known = frozenset(names)
    fuller: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if not _BODY.search(name) or len(name) > 30:
            continue
        if name[0] in _LEVELS and name[1:] in known and len(name) > 3:
            fuller[name[1:]].append(name)
        for at in range(2, min(6, len(name) - 3)):
            if name[at] in _LEVELS and name[at:] in known and _PLACE.match(name[:at]):
                fuller[name[at:]].append(name)
    for short, full in fuller.items():
        if len(full) == 1:
            yield short, full[0]


def _short(names: list[str]) -> Iterator[tuple[str, str]]:
    by_place: dict[tuple[str, str, str], tuple[list[_Name], list[_Name]]] = defaultdict(lambda: ([], []))
    for name in names:
        if parts := _parts(name):
            short, full = by_place[parts.level, parts.end, _spelled(parts.core)[0]]
            full.append(parts)
            if len(parts.core) <= _LONGEST_SHORT:
                short.append(parts)
    if sum(len(short) * len(full) for short, full in by_place.values()) > _CROWD:
        return
    for short, full in by_place.values():
        for one in short:
            fits = sorted((other for other in full if _stands_for(one, other)), key=lambda other: len(other.written))
            # 县人社局 fits 县人力社保局 and 县人力资源和社会保障局, which are one themselves.
            if fits and all(_stands_for(other, fits[-1]) for other in fits[:-1]):
                yield one.written, fits[-1].written


def _parts(name: str) -> _Name | None:
    """Level, core and ending of an office's name; 办公室 counts as 办, 委员会 as 委."""
    if "(" in name or len(name) < 3:
        return None
    level = name[0] if name[0] in _LEVELS else ""
    for ending, end in _ENDINGS:
        if name.endswith(ending) and len(name) > len(level) + len(ending):
            return _Name(name, level, name[len(level) : -len(ending)], end)
    return None


def _spelled(core: str) -> str:
    for clip, spelled in _CLIPPED:
        if core.startswith(clip):
            return spelled + core[len(clip) :]
    return core


def _stands_for(short: _Name, full: _Name) -> bool:
    """Whether a name is another cut short: its characters in order, enough of them left out, nothing new said."""
    core, whole = short.core, full.core
    if short.written == full.written or len(full.written) - len(short.written) < _LEAST_DROPPED:
        return False
    if "局" in whole:  # 自然资源和规划局云岫分局 is a branch
        return False
    if core == whole:  # 县委办, 县委办公室
        return True
    if whole.startswith(core) and short.end != "联":
        return whole[len(core) :] in _ADDS_NOTHING
    core = _spelled(core)
    if (len(core) < 2 and short.end != "联") or core[0] != whole[0] or len(core) > len(whole):
        return False
    rest = iter(whole)
    return all(character in rest for character in core)
