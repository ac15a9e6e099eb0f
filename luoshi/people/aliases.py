"""Whether two names mean one unit. PURE: names in, an answer with its reasons out; a person has the last word.

A name is taken apart into level (县), words (发展和改革) and ending (局). Names of the same parts are aliases; names of
nearly the same parts are offered as likely, never merged. Resemblance of letters only puts likely ones in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from luoshi.people.alias_words import CONNECTIVES, INTERCHANGEABLE, LEVELS, SUFFIXES, WHOLES, WORDS

Kind = Literal["exact", "alias", "likely", "none"]

_OFFICIAL: Mapping[str, str] = {form: line[0] for line in WORDS for form in line}
_WHOLE: Mapping[str, str] = {form: line[0] for line in WHOLES for form in line}
_WORD = re.compile("|".join(sorted(map(re.escape, _OFFICIAL), key=len, reverse=True)))
_BRANCH = re.compile(r"(.{2,40}?局)(.{0,12}?)分局")
_COLLECTIVE = re.compile(r"各|^(相关|有关|全[省市县区])|(部门|成员单位|有关单位|相关单位|企业|小组|等)$")
_PARK = re.compile(r"(开发区|度假区|风景区|园区|产业园|高新园|高新区|新区|集聚区)(管委会|管理委员会)?$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Parts:
    """A name taken apart. ``level`` is "" where none is written; ``branch`` names the place of a 分局, else None."""

    level: str
    words: tuple[str, ...]
    suffix: str
    branch: str | None = None


@dataclass(frozen=True)
class Known:
    """A registered unit: its number, its names (short, full) and its aliases."""

    pk: int
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A unit that may be meant, and why one may think so."""

    pk: int
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """The answer for one name. exact and alias name one unit in ``pk``; likely has candidates, best first."""

    name: str
    kind: Kind
    pk: int | None = None
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Registry:
    """The units of one government under all their names, prepared once for many names."""

    place: str
    names: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[tuple[Parts, int, str], ...] = ()

    @classmethod
    def build(cls, units: Iterable[Known], place: str = "") -> Registry:
        """``place``: the government's name (澜湾县), so that 澜湾县教育局, 县教育局 and 教育局 are one."""
        names: dict[str, int] = {}
        aliases: dict[str, int] = {}
        parts: list[tuple[Parts, int, str]] = []
        for unit in units:
            names.update({clean(name): unit.pk for name in unit.names if name})
            aliases.update({clean(name): unit.pk for name in unit.aliases if name})
            shown = next(name for name in unit.names if name)
            parts += [(take_apart(n, place), unit.pk, shown) for n in (*unit.names, *unit.aliases) if n]
        return cls(place, names, aliases, tuple(parts))


def clean(name: str) -> str:
    """Without spaces, brackets in their full-width form.

    >>> clean("县 发改局(县数据局)")
    '县发改局（县数据局）'
    """
    return _SPACE.sub("", name).translate(str.maketrans("()", "（）"))


@cache
def take_apart(name: str, place: str = "") -> Parts:
    """Level, words and ending of a name, in official wording. The government's own place counts as its level.

    >>> take_apart("县发改局") == take_apart("澜湾县发展和改革局", "澜湾县")
    True
    >>> take_apart("市场监管局").level
    ''
    """
    name = clean(name)
    branch = _BRANCH.fullmatch(name)
    if branch:
        above = take_apart(branch[1], place)
        return Parts(above.level, above.words, "分局", _stem(branch[2]) or _stem(place))
    level, rest = _level(name, place)
    if rest in _WHOLE:
        return Parts(level, (_WHOLE[rest],), "")
    for ending, suffix in SUFFIXES:
        if rest.endswith(ending) and len(rest) > len(ending):
            return Parts(level, _words(rest[: -len(ending)]), suffix)
    return Parts(level, _words(rest), "")


def _stem(place: str) -> str:
    """澜湾县 → 澜湾; a name of two characters stays."""
    return place[:-1] if len(place) > 2 and place[-1] in LEVELS else place


def _level(name: str, place: str) -> tuple[str, str]:
    own = place[-1:] if place[-1:] in LEVELS else ""
    if place and name.startswith(place) and len(name) > len(place) + 1:
        return own, name[len(place) :]
    if place and _stem(place) != place and name.startswith(_stem(place)) and len(name) > len(place) + 1:
        return own, name[len(_stem(place)) :]
    starts_with_word = _WORD.match(name)
    if name[0:1] in LEVELS and len(name) > 2 and not starts_with_word:
        return name[0], name[1:]
    return "", name


def _words(text: str) -> tuple[str, ...]:
    """Known words in official form, what lies between as it stands; 和 between two known words is dropped."""
    found: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        if match.start() > at and text[at : match.start()] not in CONNECTIVES:
            found.append(text[at : match.start()])
        found.append(_OFFICIAL[match.group()])
        at = match.end()
    if text[at:]:
        found.append(text[at:])
    return tuple(found)


def _same_level(one: str, other: str, place: str) -> bool:
    """A missing level means the government's own."""
    own = place[-1:] if place[-1:] in LEVELS else ""
    return (one or own) == (other or own)


def resolve(name: str, registry: Registry) -> Match:
    """Which registered unit a name means. Two units of the same parts are both offered, none is chosen."""
    name = clean(name)
    if name in registry.names:
        return Match(name, "exact", registry.names[name], (_("与登记名称相同"),))
    if name in registry.aliases:
        return Match(name, "alias", registry.aliases[name], (_("与登记别名相同"),))
    mine = take_apart(name, registry.place)
    same = {pk: shown for parts, pk, shown in registry.parts if _equal(mine, parts, registry.place)}
    if len(same) == 1:
        ((pk, shown),) = same.items()
        return Match(name, "alias", pk, (_("与“%(name)s”只是简写不同") % {"name": shown},))
    likely = {pk: Candidate(pk, shown, (_("同一写法对应几个单位"),)) for pk, shown in same.items()}
    for parts, pk, shown in registry.parts:
        reasons = _likely(mine, parts, registry.place)
        if reasons and pk not in likely:
            likely[pk] = Candidate(pk, shown, reasons)
    ranked = sorted(likely.values(), key=lambda c: (-fuzz.ratio(name, c.name), c.pk))
    return Match(name, "likely" if ranked else "none", candidates=tuple(ranked))


def _equal(one: Parts, other: Parts, place: str) -> bool:
    return _same_level(one.level, other.level, place) and (one.words, one.suffix, one.branch) == (
        other.words,
        other.suffix,
        other.branch,
    )


def _likely(one: Parts, other: Parts, place: str) -> tuple[str, ...]:
    """Reasons to think that two names which are not aliases mean one unit all the same; none, and it is not offered."""
    if not _same_level(one.level, other.level, place) or one.branch != other.branch:
        return ()
    if one.suffix != other.suffix:
        swapped = one.words == other.words and {one.suffix, other.suffix} <= INTERCHANGEABLE
        ends = {"one": one.suffix, "other": other.suffix}
        return (_("只有名称末尾不同（%(one)s、%(other)s）") % ends,) if swapped else ()
    if sorted(one.words) == sorted(other.words):
        return (_("词序不同"),)
    if {*one.words, *other.words} <= _OFFICIAL.keys():
        return ()  # both are understood to the last word, and they say different things
    short, long = sorted(("".join(one.words), "".join(other.words)), key=len)
    if len(short) >= 2 and short[0] == long[0] and len(short) < len(long) and _contained(short, long):
        return (_("像是其中一个的缩写"),)
    return ()


def _contained(short: str, long: str) -> bool:
    """Whether the letters of one stand in the other in the same order."""
    rest = iter(long)
    return all(letter in rest for letter in short)


def guess_kind(name: str) -> str:
    """The ``Unit.Kind`` that a name looks like; a proposal for the page, to be confirmed there."""
    name = clean(name)
    if _COLLECTIVE.search(name):
        return "collective"
    if _PARK.search(name):
        return "park"
    parts = take_apart(name)
    if parts.words and _whole_kind(parts.words[0]):
        return _whole_kind(parts.words[0])
    by_suffix = {"街道": "town", "镇": "town", "乡": "town", "集团": "enterprise", "公司": "enterprise"}
    by_suffix |= {
        "管委会": "park",
        "分局": "vertical",
        "大队": "vertical",
        "支队": "vertical",
        "中心": "institution",
        "院": "institution",
        "所": "institution",
    }
    return by_suffix.get(parts.suffix, "department" if parts.suffix in {*INTERCHANGEABLE, "厅"} else "other")


def _whole_kind(whole: str) -> str:
    if whole not in _WHOLE:
        return ""
    if whole.startswith(("委", "纪律")):
        return "party"
    if whole.endswith(("联合会", "协会", "总工会", "委员会", "联社", "文学艺术界联合会", "红十字会")):
        return "peoples"
    return "institution" if whole.endswith("中心") else "department"


def likely_aliases(name: str, place: str = "") -> tuple[str, ...]:
    """Other ways in which documents of this government will write a unit's name, without the name itself.

    >>> likely_aliases("县发改局", "澜湾县")[:2]
    ('县发展和改革局', '县发展改革局')
    """
    name = clean(name)
    level, rest = _level(name, place)
    forms = [rest, *_other_wholes(rest)]
    found = _WORD.search(rest)
    if found and rest not in _WHOLE:
        line = next(line for line in WORDS if found.group() in line)
        forms += [rest[: found.start()] + form + rest[found.end() :] for form in line]
    for ending, suffix in SUFFIXES:
        if suffix in ("街道", "镇", "乡") and rest.endswith(ending) and rest not in _WHOLE:
            forms += [rest[: -len(ending)] + other for other, its in SUFFIXES if its == suffix]
            break
    own = place[-1:] if place[-1:] in LEVELS else ""
    result = [level + form for form in forms]
    if place and (level == own or not level):
        result += [place + form for form in forms[:2]]
    return tuple(dict.fromkeys(r for r in result if r != name and take_apart(r, place) == take_apart(name, place)))


def _other_wholes(rest: str) -> tuple[str, ...]:
    return next((line for line in WHOLES if rest in line), ())
