"""Labels set off by blanks alone: 责任单位  县教育局、县财政局 is read as 责任单位:县教育局、县财政局."""

from __future__ import annotations

import re

from luoshi.reading.facts.duty_words import WORDS
from luoshi.reading.facts.responsibilities import is_unit_like
from luoshi.reading.page import Page
from luoshi.reading.rule import any_of

_KNOWN = (*WORDS["lead_labels"], *WORDS["support_labels"], *WORDS["plain_labels"])
_LABELS = [word for word in _KNOWN if word.endswith(("单位", "部门", "主体", "科室", "处室", "股室"))]
_ALONE = re.compile(rf"\s{{0,8}}{any_of(_LABELS)}\s{{1,6}}(?=\S)")
_FEWEST = 2  # lines that begin so: one alone may be the head of a table


def announce(page: Page) -> None:
    """Fold the last blank behind such a label into a colon, character for character, where units and nothing else follow."""
    found = [
        (block, match.end())
        for block, folded in enumerate(page.folds)
        if page.blocks[block].kind == "paragraph"
        and (match := _ALONE.match(folded))
        and is_unit_like(folded, match.end(), len(folded.rstrip()))
    ]
    if len(found) < _FEWEST:
        return
    for block, end in found:
        folded = page.folds[block]
        page.folds[block] = f"{folded[: end - 1]}:{folded[end:]}"
