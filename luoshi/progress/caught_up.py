"""Whether a past light's gap was made up later: the practice of showing a past red as yellow once the month is caught up.

Pure. The light itself stays; what follows from this is a note beside it (setting ``ReportingRule.caught_up_note``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from luoshi.progress.lights import Rules, plain
from luoshi.progress.standing import Standing, Word

LATE = frozenset({Word.BEHIND, Word.OVERDUE})


def made_good(then: Standing, now: Standing) -> bool:
    """Whether what was due then is there now. A figure: by an official one that reaches what was due; a stage: the node
    that was late is behind it.

    >>> made_good(Standing("d1", "公园", Word.BEHIND, node="开工"), Standing("d1", "公园", Word.ON_SCHEDULE, node="竣工"))
    True
    """
    if now.word is Word.DONE:
        return True
    if then.stage or now.actual is None or then.expected is None:
        return now.node != then.node or now.word not in LATE
    if now.estimated:
        return False
    return now.actual <= then.expected if then.down else now.actual >= then.expected


def caught_up(keys: Collection[str], then: Sequence[Standing], now: Mapping[str, Standing]) -> bool:
    """Whether everything that made a light what it was (``keys`` of its reasons) is made good. What is judged no more,
    stopped or adjusted away, was not caught up."""
    held = {standing.key: standing for standing in then}
    return bool(keys) and all(key in now and key in held and made_good(held[key], now[key]) for key in keys)


def shown_as(rules: Rules) -> str:
    """What a worst light caught up later is shown as: one step better, and never as if nothing had been.

    >>> from luoshi.progress.lights import FAMILIES, parse
    >>> shown_as(parse(FAMILIES["points"]))
    'yellow'
    """
    return rules.colours[max(len(rules.colours) - 2, 1)].code


def in_words(keys: Collection[str], then: Sequence[Standing], now: Mapping[str, Standing]) -> str:
    """What was due then and is there now, the first of it in figures."""
    first = next(standing for standing in then if standing.key in keys)
    after = now[first.key]
    if first.stage:
        said = f"{first.label}已过“{first.node}”节点"
    elif after.actual is None or first.expected is None:
        said = f"{first.label}已完成"
    else:
        said = f"{first.label}当期应到 {plain(first.expected)}，现有 {plain(after.actual)} {first.unit}".rstrip()
    more = len(keys) - 1
    return said + (f"，另有 {more} 项" if more else "")
