"""What a reading rule is: a name, trigger words, a named pattern, a value, and examples it reads and refuses.

A rule without examples of both kinds does not load; ``check`` proves them. ``RuleSet`` finds trigger words first, in one
alternation over all its rules, and only then tries the rules concerned, at the places concerned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from luoshi.reading.errors import RuleError

T = TypeVar("T")

_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})(?![^\[]*\])")

# Full-width forms, one for one, so that offsets stay.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ", 0xA0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x200B: " ", 0xFEFF: " ",
    0xFE52: ".", 0xFE50: ",", 0xFE54: ";", 0xFE55: ":", 0xFF61: "。",
    0x2014: "-", 0x2013: "-", 0x2012: "-", 0x2212: "-", 0xFF5E: "~", 0x301C: "~", 0x223C: "~",
    0x3014: "[", 0x3015: "]", 0x3010: "[", 0x3011: "]",
    0x2103: "C",
}  # fmt: skip


_FORMS = {chr(code): form if isinstance(form, str) else chr(form) for code, form in _FOLD.items()}
_FOLDABLE = re.compile("[" + re.escape("".join(_FORMS)) + "]")


def _folded(match: re.Match[str]) -> str:
    return _FORMS[match.group()]


def fold(text: str) -> str:
    """The text with full-width letters, digits and punctuation made half-width, character for character.

    >>> fold("６％（约）")
    '6%(约)'
    """
    return _FOLDABLE.sub(_folded, text)


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, sharing their beginnings so that each character is tried once.

    >>> any_of(["开工", "开工建设", "开放"])
    '(?:开(?:工(?:建设)?|放))'
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for c in word:
            node = node.setdefault(c, {})
        node[""] = {}
    return f"(?:{_branches(tree)})"


def _branches(node: dict[str, Any]) -> str:
    parts = []
    for c, below in node.items():
        if not c:
            continue
        head = re.escape(c)
        while len(below) == 1 and "" not in below:
            ((c, below),) = below.items()
            head += re.escape(c)
        rest = _branches(below)
        if not rest:
            parts.append(head)
        elif "" in below:
            single = len(rest) == 1
            parts.append(f"{head}{rest}?" if single else f"{head}(?:{rest})?")
        else:
            parts.append(f"{head}(?:{rest})")
    return "|".join(parts)


def word_at(words: Iterable[str], unless: re.Pattern[str] | None = None) -> Callable[[str, int, int], str]:
    """Asks for the longest of the words that begins at a place and ends no later than another; "" where none does.

    A list of words is a table, not a pattern: it need not be compiled, and one look at the first character mostly decides.
    ``unless``: what must not stand behind the word.

    >>> word_at(["开工", "开工建设"])("将开工建设", 1, 4)
    '开工'
    """
    known = frozenset(words)
    lengths = _lengths((word[0], len(word)) for word in known)

    def longest(text: str, start: int, end: int) -> str:
        if start < end:
            for length in lengths.get(text[start], ()):
                word = text[start : start + length]
                if word in known and (at := start + length) <= end and not (unless and unless.match(text, at, end)):
                    return word
        return ""

    return longest


def word_before(words: Iterable[str]) -> Callable[[str, int, int], str]:
    """Asks for the longest of the words that ends at ``end`` and begins no earlier than ``start``; "" where none does.

    >>> word_before(["增速", "平均增速"])("年平均增速", 0, 5)
    '平均增速'
    """
    known = frozenset(words)
    lengths = _lengths((word[-1], len(word)) for word in known)

    def longest(text: str, start: int, end: int) -> str:
        if start < end:
            for length in lengths.get(text[end - 1], ()):
                if length <= end - start and (word := text[end - length : end]) in known:
                    return word
        return ""

    return longest


def _lengths(of: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    """The lengths of words by a character of theirs, the longest first."""
    lengths: dict[str, set[int]] = {}
    for character, length in of:
        lengths.setdefault(character, set()).add(length)
    return {character: tuple(sorted(found, reverse=True)) for character, found in lengths.items()}


def late(pattern: str) -> re.Pattern[str]:
    """A pattern that is compiled when it is first asked: for what most documents never need."""
    return cast("re.Pattern[str]", _Late(pattern))


class _Late:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there yet: afterwards the compiled pattern's own method stands in its place.
        asked = getattr(re.compile(self.pattern), name)
        setattr(self, name, asked)
        return asked


@dataclass(frozen=True)
class Rule(Generic[T]):
    """One reading rule. ``value`` gets the match on folded text; None means "after all, no".

    ``reads`` pairs a sentence with the text the pattern must match in it; ``refuses`` lists sentences in which the rule
    must find nothing.
    """

    name: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], T | None]
    reads: tuple[tuple[str, str], ...]
    refuses: tuple[str, ...]

    def __post_init__(self) -> None:
        if not (self.triggers and self.reads and self.refuses):
            raise RuleError(f"rule {self.name}: give trigger words, examples it reads and examples it refuses")
        unbounded = _UNBOUNDED.search(self.pattern.pattern)
        if unbounded:
            raise RuleError(f"rule {self.name}: bound the repetition {unbounded.group()!r}")

    def check(self) -> None:
        """Raise RuleError unless every example reads or is refused as stated."""
        alone = RuleSet([self], register=False)
        for sentence, wanted in self.reads:
            found = [m.group() for m, _ in alone.find(fold(sentence))]
            if fold(wanted) not in found:
                raise RuleError(f"rule {self.name}: should read {wanted!r} in {sentence!r}, found {found}")
        for sentence in self.refuses:
            found = [m.group() for m, _ in alone.find(fold(sentence))]
            if found:
                raise RuleError(f"rule {self.name}: should refuse {sentence!r}, found {found}")


_loaded: list[Rule[Any]] = []
_NOTHING: Iterator[Any] = iter(())


def all_rules() -> tuple[Rule[Any], ...]:
    """Every rule of every rule set loaded so far, for the test that proves their examples."""
    return tuple(_loaded)


class RuleSet(Generic[T]):
    """Rules of one floor. Where two match at the same trigger, the earlier in the list wins."""

    def __init__(self, rules: Iterable[Rule[T]], *, register: bool = True) -> None:
        self.rules = tuple(rules)
        if register:
            _loaded.extend(self.rules)
        self._starts = [(tuple(map(fold, rule.triggers)), rule) for rule in self.rules]
        self.triggers = frozenset(word for words, _ in self._starts for word in words)

    # Both are made when they are first asked for: most rules that an ordinary document does not need are never compiled.
    @cached_property
    def trigger(self) -> Callable[[str, int, int], re.Match[str] | None]:
        """The first trigger word between two places."""
        return re.compile(any_of(sorted(self.triggers))).search

    @cached_property
    def _by_trigger(self) -> dict[str, tuple[Rule[T], ...]]:
        """The longest trigger at a place is found; rules that ask for a beginning of it are concerned as well."""
        return {word: tuple(rule for words, rule in self._starts if word.startswith(words)) for word in self.triggers}

    def find(self, folded: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], T]]:
        """Matches that begin at a trigger word, left to right, none overlapping the one before it."""
        end = len(folded) if end is None else end
        trigger = self.trigger(folded, start, end)
        return self._from(trigger, folded, end) if trigger else _NOTHING

    def _from(self, trigger: re.Match[str] | None, folded: str, end: int) -> Iterator[tuple[re.Match[str], T]]:
        search, by_trigger = self.trigger, self._by_trigger
        while trigger:
            place, at = trigger.span()
            for rule in by_trigger[trigger.group()]:
                match = rule.pattern.match(folded, place, end)
                if match is not None and (value := rule.value(match)) is not None:
                    yield match, value
                    if (to := match.end()) > at:
                        at = to
                    break
            trigger = search(folded, at, end)
