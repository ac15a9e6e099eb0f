"""Units that answer for everything behind a clause (对以下各项均为配合单位, 以下各项均需各县人民政府负责落实)."""

from __future__ import annotations

import re

from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.rule import Rule, RuleSet, any_of, late

_LATER = rf"{any_of(WORDS['later items'])}?(?:任务|工作)?"
_CLAUSE_BREAK = late(r"[。;,(\[:]")


def _left_of(match: re.Match[str]) -> tuple[int, int] | None:
    """The units left of 对以下各项均为配合单位, back to the clause's beginning."""
    breaks = [m.end() for m in _CLAUSE_BREAK.finditer(match.string, max(0, match.start() - 80), match.start())]
    start = breaks[-1] if breaks else max(0, match.start() - 80)
    end = match.start()
    while end > start and match.string[end - 1] in "均皆都也":
        end -= 1
    return (start, end) if end - start >= 2 else None


STANDING: RuleSet[tuple[int, int]] = RuleSet(
    [
        Rule(
            name="standing-units-after",
            triggers=("以下", "下列", "后续"),
            pattern=late(
                rf"(?:以下|下列|后续){_LATER}均?{any_of(WORDS['by whom'])}?(?P<units>[^。;]{{2,80}}?)"
                rf"(?:负责落实|负责|配合|落实|参与|协同|协办|为{any_of(WORDS['standing role'])}单位)[^。;)\]]{{0,24}}"
            ),
            value=lambda m: m.span("units"),
            reads=(("以下各项均需各县人民政府负责落实,不再逐项列出", "以下各项均需各县人民政府负责落实,不再逐项列出"),),
            refuses=("浓度降至1%以下,责任到人", "以下简称县府办"),
        ),
        Rule(
            name="standing-units-before",
            triggers=("对以下", "对下列", "为以下", "为下列", "对后续"),
            pattern=re.compile(rf"[对为](?:以下|下列|后续){_LATER}的?均?为?{any_of(WORDS['standing role'])}单位"),
            value=_left_of,
            reads=(("各镇对以下各项均为配合单位", "对以下各项均为配合单位"),),
            refuses=("对以下单位予以通报", "现对以下事项说明"),
        ),
    ]
)
