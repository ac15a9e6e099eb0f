"""Who reports: the units a progress document names in its labels, its title, its first sentence or its signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from luoshi.reading.accounts.report import Layout
from luoshi.reading.page import Page, Piece

_NAME = r"(?:[^\W\d_]|[()]){1,24}?(?:局|委员会|委|办公室|办|中心|公司|集团|镇|乡|街道|院|管委会|支队|大队|部|联社|分局|指挥部|协会|处|厅|办事处)(?:\([^()]{1,12}\))?"
_LABEL = re.compile(
    rf"(?:填报|报送|上报|汇报|牵头|责任)(?:单位|部门)(?:\([^()]{{1,6}}\))?\s{{0,3}}:\s{{0,3}}(?P<unit>{_NAME})(?=[\s,;。、|]|$)"
)
_TITLE = re.compile(
    rf"(?P<unit>{_NAME})(?:、(?P<second>{_NAME}))?(?=关于|20\d\d|\d|[一二三四五六七八九十前上本]|重点|工作|落实|贯彻|推进|进展|政府)"
)
_FIRST = re.compile(
    rf"(?:今年以来|截至[^,。]{{1,12}}|[^,。]{{0,12}}月(?:份)?),?(?P<unit>{_NAME})(?=紧扣|坚持|认真|围绕|聚焦|积极|全力|牢牢|深入|按照|严格|锚定|突出|牵头|持续|以|高度)"
)
_PREFIX = re.compile(rf"(?P<unit>{_NAME})(?:\([^()]{{1,12}}\))?:")
_SIGNS = re.compile(rf"(?P<unit>{_NAME})$")


def find_reporters(page: Page, layout: Layout, title: Sequence[Piece]) -> list[Piece]:
    """The reporting units as written, at most two; empty where the document names none."""
    everything = [*layout.head, *layout.signed]
    for pattern, pieces in (
        (_LABEL, everything),
        (_TITLE, title),
        (_PREFIX, _bodies(layout)),
        (_FIRST, _bodies(layout)),
        (_SIGNS, layout.signed),
    ):
        for piece in pieces:
            if found := pattern.search(page.folds[piece.block], piece.start, min(piece.end, piece.start + 120)):
                if pattern in (_TITLE, _PREFIX) and found.start() != piece.start:
                    continue
                return [
                    Piece(piece.block, *found.span(name)) for name in ("unit", "second") if found.groupdict().get(name)
                ]
    return []


def _bodies(layout: Layout) -> Iterable[Piece]:
    for report in layout.reports[:1]:
        yield from (piece for _, piece in report.parts[:1])
    yield from layout.head
