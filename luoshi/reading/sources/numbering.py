"""Word's automatic numbering: which number stands in front of a paragraph, though the text does not hold it.

Follows ECMA-376 part 1, 17.9: a paragraph, or its style, points to a list (``num``), the list to a definition
(``abstractNum``) of nine levels. Numbers are counted a definition, not a list: two lists of one definition go on
counting, unless a list overrides the start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from luoshi.reading.sources.numerals import written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_LABEL = 31  # characters in Word's own dialogue
_PLACE = re.compile("%([1-9])")
# Bullets of the symbol fonts sit in the private use area; these are the ones that Word's menus offer.
_SYMBOLS = {0xB7: "•", 0x6C: "●", 0x6E: "■", 0x75: "◆", 0x76: "❖", 0xA7: "▪", 0xA8: "□", 0x6F: "□", 0xAB: "★",
            0xB2: "☆", 0xD8: "➢", 0xFC: "✓", 0xFE: "☑", 0x52: "☑"}  # fmt: skip


def symbol(code: int) -> str:
    """The character for a place in a symbol font (F0B7 → •); what is not known is a plain bullet."""
    if 0xF000 <= code <= 0xF0FF:
        return _SYMBOLS.get(code - 0xF000, "•")
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else "•"


def numbered(label: str, text: str) -> str:
    """Number and text as one would type them: 一、推进…, but 1. 推进… and 第一章 总则."""
    closed = not (label and text) or label[-1] in "、，．。）)】〕］]：:"
    return label + text if closed else f"{label} {text}"


@cache
def _path(path: str) -> str:
    return "/".join(W + step for step in path.split("/"))


def val(element: etree._Element, path: str) -> str | None:
    """The ``w:val`` of the first child at a path like ``pPr/numPr/numId``."""
    found = element.find(_path(path))
    return None if found is None else found.get(W + "val")


def number(text: str | None) -> int | None:
    """The whole number of an attribute, None where it is none (or beyond all measure)."""
    return int(text) if text and len(text) < 10 and re.fullmatch(r"-?[0-9]+", text) else None


@dataclass
class _Level:
    """One of the nine levels of a definition."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None  # restarts after a paragraph of level < this (0: never)
    paragraph_style: str | None = None


@dataclass
class _List:
    """A list: its definition, the levels it redefines, and where it overrides the start."""

    definition: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)


@dataclass
class _Style:
    """What a paragraph style says of numbering and outline."""

    name: str
    based_on: str | None
    num_id: str | None
    level: int | None
    outline: int | None


class Numbering:
    """The labels of a document's paragraphs; ask once a paragraph, in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self.styles: dict[str, _Style] = {}
        self._default: str | None = None
        self._definitions: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}  # definition → the numbering style it stands for
        self._owners: dict[str, str] = {}  # numbering style → the definition that owns it
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if styles is not None:
            self._read_styles(styles)
        if numbering is not None:
            self._read_definitions(numbering)

    # Reading the definitions

    def _read_styles(self, styles: etree._Element) -> None:
        for style in styles.iterchildren(W + "style"):
            key = style.get(W + "styleId")
            if key is None or style.get(W + "type") not in ("paragraph", "numbering", None):
                continue
            properties = style.find(W + "pPr")
            numbered = None if properties is None else properties.find(W + "numPr")
            self.styles[key] = _Style(
                name=(val(style, "name") or "").lower(),
                based_on=val(style, "basedOn"),
                num_id=None if numbered is None else val(numbered, "numId"),
                level=None if numbered is None else number(val(numbered, "ilvl")),
                outline=None if properties is None else number(val(properties, "outlineLvl")),
            )
            if style.get(W + "default") in ("1", "true", "on") and style.get(W + "type") == "paragraph":
                self._default = key

    def _read_definitions(self, numbering: etree._Element) -> None:
        for definition in numbering.iter(W + "abstractNum"):
            key = definition.get(W + "abstractNumId", "")
            self._definitions[key] = _levels_of(definition)
            if link := val(definition, "numStyleLink"):
                self._links[key] = link
            if owner := val(definition, "styleLink"):
                self._owners[owner] = key
        for item in numbering.iter(W + "num"):
            found = _List(definition=val(item, "abstractNumId") or "")
            for override in item.iter(W + "lvlOverride"):
                level = number(override.get(W + "ilvl")) or 0
                found.levels.update(_levels_of(override))
                if (start := number(val(override, "startOverride"))) is not None:
                    found.starts[level] = start
            self._lists[item.get(W + "numId", "")] = found

    # Asking

    def style_chain(self, key: str | None) -> list[_Style]:
        """The style of a paragraph and those it is based on, nearest first."""
        chain: list[_Style] = []
        key = key or self._default
        seen: set[str] = set()
        while key and key in self.styles and key not in seen:
            seen.add(key)
            chain.append(self.styles[key])
            key = self.styles[key].based_on
        return chain

    def label(self, properties: etree._Element | None) -> str:
        """The number in front of the paragraph with these ``w:pPr``, as written ("一、", "（二）", "3."), or ""."""
        place = self._place(properties)
        if place is None:
            return ""
        found, level = place
        levels = self._levels(found)
        if level not in levels:
            return ""
        counts = self._count(found, levels, level)
        return _label(levels, counts, level)

    def _place(self, properties: etree._Element | None) -> tuple[_List, int] | None:
        """The list and level of a paragraph: its own, or its style's, or that of the style's ancestors."""
        own_id = own_level = key = None
        if properties is not None:
            own_id = val(properties, "numPr/numId")
            own_level = number(val(properties, "numPr/ilvl"))
            key = val(properties, "pStyle")
        if own_id is not None:
            found = self._lists.get(own_id)
            return (found, own_level or 0) if found and own_id != "0" else None
        chain = self.style_chain(key)
        num_id = next((style.num_id for style in chain if style.num_id is not None), None)
        found = self._lists.get(num_id) if num_id and num_id != "0" else None
        if found is None:
            return None
        if own_level is None:
            own_level = self._style_level(found, key or self._default, chain)
        return found, own_level

    def _style_level(self, found: _List, key: str | None, chain: list[_Style]) -> int:
        """The level for a style: the one that names the style, else what the style or its ancestors say."""
        levels = self._levels(found)
        seen: set[str] = set()
        while key and key not in seen:
            seen.add(key)
            for index, level in levels.items():
                if level.paragraph_style == key:
                    return index
            key = self.styles[key].based_on if key in self.styles else None
        return next((style.level for style in chain if style.level is not None), 0)

    def _definition(self, found: _List) -> str:
        """The definition that counts for a list, past a link to a numbering style."""
        key = found.definition
        link = self._links.get(key)
        if link is None:
            return key
        if link in self._owners:
            return self._owners[link]
        style = self.styles.get(link)
        target = self._lists.get(style.num_id) if style and style.num_id else None
        return target.definition if target else key

    def _levels(self, found: _List) -> dict[int, _Level]:
        levels = self._definitions.get(self._definition(found), {})
        return {**levels, **found.levels} if found.levels else levels

    def _count(self, found: _List, levels: dict[int, _Level], level: int) -> dict[int, int]:
        """Count one paragraph of a level, and restart what a paragraph of this level restarts."""
        counts = self._counts.setdefault(self._definition(found), {})
        start = found.starts.get(level, levels[level].start)
        if level in found.starts and level not in found.begun:
            counts[level] = start
        else:
            counts[level] = counts[level] + 1 if level in counts else start
        found.begun.add(level)
        for deeper in [key for key in counts if key > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counts[deeper]
        for higher in range(level):
            if higher in levels:  # a level that no paragraph has opened shows its first number, and is open
                counts.setdefault(higher, found.starts.get(higher, levels[higher].start))
        return counts


def _levels_of(definition: etree._Element) -> dict[int, _Level]:
    """The levels that a definition, or a list's override, spells out."""
    levels = {}
    for item in definition.iter(W + "lvl"):
        index = number(item.get(W + "ilvl"))
        if index is None or not 0 <= index <= 8:
            continue
        # A "custom" format stands in an alternative whose fallback is a plain one.
        styles = [s for s in (f.get(W + "val", "decimal") for f in item.iter(W + "numFmt")) if s != "custom"]
        start = number(val(item, "start"))
        legal = item.find(W + "isLgl")
        levels[index] = _Level(
            start=1 if start is None else start,
            style=styles[0] if styles else "decimal",
            text=(val(item, "lvlText") or "")[:_MAX_LABEL],
            legal=legal is not None and legal.get(W + "val") not in ("0", "false", "off"),
            restart=number(val(item, "lvlRestart")),
            paragraph_style=val(item, "pStyle"),
        )
    return levels


def _label(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    """The label's pattern ("第%1章", "%1.%2") with the numbers in it."""
    own = levels[level]
    if own.style == "bullet":
        return "".join(symbol(ord(character)) for character in own.text).strip()

    def number_at(match: re.Match[str]) -> str:
        index = int(match.group(1)) - 1
        if index not in levels or index > level:
            return ""
        return written(counts.get(index, levels[index].start), "decimal" if own.legal else levels[index].style)

    return _PLACE.sub(number_at, own.text).strip()
