"""Leaders (牵头领导): names and posts, from a heading, a labelled line, a bracket, or a table's cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.ledger import Leader, Span
from luoshi.reading.rule import Rule, RuleSet, any_of, late

_HAN = r"(?:[^\W\da-zA-Z_]|·)"
_POST = rf"(?:{any_of(WORDS['before post'])}{{0,3}}" + any_of(WORDS["posts"]) + ")"
_POST_RUN = rf"{_POST}(?:[、,]{_POST}){{0,3}}"
_NAMED_FIRST = late(rf"(?P<name>{_HAN}{{2,4}}?)(?:同志)?(?P<post>{_POST_RUN})")
_POST_FIRST = late(rf"(?P<post>{_POST_RUN})(?P<name>{_HAN}{{2,4}})")
# 管委会副主任 傅亭松: any office, a space, a name.
_POST_AND_NAME = late(
    rf"(?P<post>{_HAN}{{2,20}}(?:主任|委员|书记|[省市县区镇乡州旗局厅处科所站院校部组]长|{any_of(WORDS['office end'])}))\s{{1,4}}(?P<name>{_HAN}{{2,3}})"
)
_NAME_AND_POST = re.compile(rf"(?P<name>{_HAN}{{2,4}}|{_HAN}\s{{1,4}}{_HAN})\s{{0,4}}\((?P<post>[^()]{{2,20}})\)")
_POST_ALONE = re.compile(rf"(?:{_POST})$")
_IN_CHARGE = any_of(WORDS["in charge"])
_HEADING = Rule(
    name="leader-in-heading",
    triggers=tuple(WORDS["posts"]),
    pattern=re.compile(rf"(?P<post>{_POST_RUN})(?:\s{{0,3}}(?P<name>{_HAN}{{2,4}}?))??(?:同志)?{_IN_CHARGE}"),
    value=lambda m: _named(m),
    reads=(("一、陆志远县长牵头重点任务", "县长牵头"), ("二、常务副县长顾怀春负责的工作", "常务副县长顾怀春负责")),
    refuses=("一、县长办公会议定事项", "县教育局牵头工作", "一、实施县长质量奖"),
)
_HEADINGS = RuleSet([_HEADING])
_SEPARATOR_OR_BRACKET = late(r"[、,;/|。()]")
_STOP = r"(?=$|[、,;/|。\s(])"
_WITH_POSTS = (
    late(rf"(?P<post>{_POST_RUN})\s{{0,4}}:?\s{{0,4}}(?P<name>{_HAN}{{2,4}}){_STOP}"),
    late(rf"(?P<name>{_HAN}{{2,3}})\s{{1,4}}(?P<post>{_POST_RUN}){_STOP}"),
)
_NAME_BEFORE = re.compile(rf"{_HAN}{{2,4}}$")
SURNAMES = frozenset("".join(WORDS["surnames"]))
_POSTS = frozenset(WORDS["posts"])
_POST_LAST = frozenset(post[-1] for post in WORDS["posts"])
_COMPOUND = frozenset(WORDS["compound_surnames"])


def _named(match: re.Match[str]) -> tuple[int, int] | None:
    """The place of the name: behind the post, else the two to four characters before it that begin with a surname."""
    if match["name"]:
        return match.span("name")
    before = _NAME_BEFORE.search(match.string, max(0, match.start() - 6), match.start())
    if not before:
        return None
    start, end = before.span()
    for length in (3, 2, 4):
        if end - length >= start and match.string[end - length] in SURNAMES:
            return end - length, end
    return start, end


def heading_leaders(block: int, text: str, folded: str, start: int, end: int) -> tuple[Leader, ...]:
    """The leader a heading names: 一、某某常务副县长牵头重点工作."""
    for match, (s, e) in _HEADINGS.find(folded, start, end):
        return (Leader(name=text[s:e], post=text[slice(*match.span("post"))], at=Span(block, s, e)),)
    return ()


def read_leaders(block: int, text: str, folded: str, start: int, end: int) -> tuple[Leader, ...]:
    """The leaders of a cell or a label's value; spaces inside two-character names are page damage and left out."""
    found: list[Leader] = []
    at = start
    while at < end:
        if folded[at].isspace() or _SEPARATOR_OR_BRACKET.match(folded, at):
            at += 1
            continue
        match = next(
            (m for p in _WITH_POSTS if (m := p.match(folded, at, end)) and folded[m.start("name")] in SURNAMES), None
        )
        stop = match.end() if match else next(_separators(folded, at, end), end)
        if match:
            s, e = match.span("name")
            found.append(Leader(name=text[s:e], post=text[slice(*match.span("post"))], at=Span(block, s, e)))
        else:
            found.extend(_one_or_more(block, text, folded, at, stop))
        at = max(stop, at + 1)
    return tuple(found)


def _separators(folded: str, start: int, end: int) -> Iterator[int]:
    """Places of separators outside brackets."""
    depth = 0
    for m in _SEPARATOR_OR_BRACKET.finditer(folded, start, end):
        if m.group() in "()":
            depth = max(0, depth + (1 if m.group() == "(" else -1))
        elif not depth:
            yield m.start()


def posts_only(folded: str, start: int, end: int) -> bool:
    """Whether a list item is a post without a name (分管副省长)."""
    if start >= end or folded[end - 1] not in _POST_LAST:
        return False
    limit = 30 if folded.startswith(("分管", "协管", "联系", "负责"), start, end) else 14
    return end - start <= limit and bool(_POST_ALONE.search(folded, start, end))


def _one_or_more(block: int, text: str, folded: str, start: int, end: int) -> list[Leader]:
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    if start >= end:
        return []
    if match := _POST_AND_NAME.fullmatch(folded, start, end) or _NAME_AND_POST.fullmatch(folded, start, end):
        s, e = match.span("name")
        return [Leader(name="".join(text[s:e].split()), post=text[slice(*match.span("post"))], at=Span(block, s, e))]
    if posts_only(folded, start, end) and not _starts_with_name(folded, start, end):
        return [Leader(name=None, post=text[start:end], at=Span(block, start, end))]
    for pattern in (_NAMED_FIRST, _POST_FIRST):
        if match := pattern.fullmatch(folded, start, end):
            if match.group("name")[0] in SURNAMES or pattern is _NAMED_FIRST:
                s, e = match.span("name")
                return [Leader(name=text[s:e], post=text[slice(*match.span("post"))], at=Span(block, s, e))]
    return [_bare(block, text, s, e) for s, e in _names(folded, start, end)]


def _bare(block: int, text: str, start: int, end: int) -> Leader:
    """A word without a post beside it: a name, unless it is a post itself."""
    word = "".join(text[start:end].split())
    named = word not in _POSTS
    return Leader(name=word if named else None, post=None if named else word, at=Span(block, start, end))


def _starts_with_name(folded: str, start: int, end: int) -> bool:
    """Whether a surname opens the words before the post: 陆志远县长 against 分管副县长."""
    match = _POST_ALONE.search(folded, start, end)
    return match is not None and match.start() - start in (2, 3, 4) and folded[start] in SURNAMES


def _names(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of the names in a cell without separators: 周 明曹建新 is 周明 and 曹建新."""
    tokens = [m.span() for m in re.finditer(r"\S+", folded[start:end])]
    tokens = [(s + start, e + start) for s, e in tokens]
    if all(2 <= e - s <= 4 for s, e in tokens):
        return [part for s, e in tokens for part in _cut(folded, s, e)]
    names: list[tuple[int, int]] = []
    pending: tuple[int, int] | None = None
    for token in tokens:
        if pending is None:
            pending = token
            continue
        # The last character before the gap and the first after it are one name, cut by the page.
        if pending[1] - pending[0] > 1:
            names.extend(_cut(folded, pending[0], pending[1] - 1))
        names.append((pending[1] - 1, token[0] + 1))
        pending = (token[0] + 1, token[1]) if token[1] - token[0] > 1 else None
    if pending is not None:
        names.extend(_cut(folded, *pending))
    return names


def _cut(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """A run of names without separators cut by surnames; a run of at most four characters is one or two names."""
    length = end - start
    if length <= 3 or (length == 4 and folded[start : start + 2] in _COMPOUND):
        return [(start, end)]
    for first in (3, 2, 4):
        rest = end - start - first
        if rest >= 2 and folded[start + first] in SURNAMES and (rest <= 3 or _cut(folded, start + first, end)):
            return [(start, start + first), *_cut(folded, start + first, end)]
    return [(start, end)]
