"""Figures that stand alone in a table's cells: the value under 1-9月完成值（亿元）, its share of the year, its growth."""

from __future__ import annotations

import re

from luoshi.reading.accounts.account import Basis, CutOff, Direction, Figure, Growth, Share
from luoshi.reading.accounts.dates import header_cutoff
from luoshi.reading.accounts.report import Report
from luoshi.reading.accounts.tables import Row
from luoshi.reading.accounts.zones import WORDS
from luoshi.reading.facts.numbers import ARABIC, arabic
from luoshi.reading.ledger import Span
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.rule import any_of

_ALONE = re.compile(
    rf"\s?(?P<sign>[-+]?)\s?(?P<n>{ARABIC})\s?(?P<unit>[^\W\d_]{{1,6}}(?:/[^\W\d_]{{1,4}})?|%|‰|个?百分点)?\s?[。]?$"
)
_UNIT = re.compile(r"\((?:单位:)?(?P<unit>[^()]{1,8})\)")
_ESTIMATE = re.compile(any_of(WORDS["estimate marks"]))
_GROWS = re.compile(r"增速|增幅|增长(?:率)?$|同比$")
_LONGEST_SUBJECT = 40


def cell_figures(page: Page, report: Report, year: int | None, standing: CutOff | None) -> list[Figure]:
    """The figures of a row's own columns; words in such a cell are left to the reading of progress."""
    row = report.cells
    if row is None:
        return []
    subject = _subject(page, report)
    share, growth = _share(page, row), _growth(page, row)
    out: list[Figure] = []
    for piece, header in row.cells.get("reached", ()):
        found = _ALONE.fullmatch(page.folds[piece.block], piece.start, piece.end)
        if not found:
            continue
        unit = found["unit"] or _header_unit(header) or _measure(page, row)
        cutoff = header_cutoff(header, year, None) or standing
        rate = unit == "%" and _GROWS.search(subject) is not None
        basis, basis_at = _basis(page, row)
        out.append(
            Figure(
                quote=page.text(piece),
                at=piece.span,
                subject=subject,
                kind="growth" if rate else "quantity" if unit != "%" else "level",
                bound="exact",
                value=arabic(found["n"]),
                unit=unit,
                direction=_direction(found["sign"]) if rate else None,
                cutoff=cutoff,
                basis=basis,
                basis_at=basis_at,
                share=share,
                growth=growth,
            )
        )
        share = growth = None
    return out if out else _share_alone(subject, share, standing)


def _share_alone(subject: str, share: Share | None, standing: CutOff | None) -> list[Figure]:
    """A column of 完成率 without a column of amounts."""
    if share is None:
        return []
    return [
        Figure(quote=f"{share.value:g}", at=share.at, subject=subject, kind="share", bound="exact", value=share.value, unit="%", cutoff=standing)
    ]  # fmt: skip


def _subject(page: Page, report: Report) -> str:
    own = ([report.title] if report.title else []) + report.task
    words = _UNIT.sub("", squeeze(page.text(own[0]))) if own else ""
    words = re.split(r"[，,；;。]", words)[0]
    return re.sub(r"[（(][^（()）]{1,8}[)）]$", "", words)[:_LONGEST_SUBJECT]


def _header_unit(header: str) -> str | None:
    match = _UNIT.search(header)
    return match["unit"] if match and not re.search(r"\d|累计|月", match["unit"]) else None


def _measure(page: Page, row: Row) -> str | None:
    piece = next(iter(row.pieces("measure")), None)
    if piece:
        return squeeze(page.text(piece)) or None
    for role in ("title", "task", "value"):
        for own in row.pieces(role):
            if unit := _UNIT.search(page.folded(own)):
                return unit["unit"]
            if role == "value" and (goal := _ALONE.fullmatch(page.folded(own))) and goal["unit"]:
                return goal["unit"]
    return None


def _number(page: Page, row: Row, role: str) -> tuple[re.Match[str], Piece, str] | None:
    for piece, header in row.cells.get(role, ()):
        if found := _ALONE.fullmatch(page.folds[piece.block], piece.start, piece.end):
            return found, piece, header
    return None


def _share(page: Page, row: Row) -> Share | None:
    found = _number(page, row, "share")
    return Share(value=arabic(found[0]["n"]), at=_span(found[1])) if found else None


def _growth(page: Page, row: Row) -> Growth | None:
    found = _number(page, row, "growth")
    if not found:
        return None
    match, piece, header = found
    unit = match["unit"] or _header_unit(header) or "%"
    return Growth(value=arabic(match["n"]), unit=unit, direction=_direction(match["sign"]), at=_span(piece))


def _direction(sign: str) -> Direction:
    return "down" if sign == "-" else "up"


def _span(piece: Piece) -> Span:
    return piece.span


def _basis(page: Page, row: Row) -> tuple[Basis | None, Span | None]:
    for piece in row.pieces("remark"):
        if word := _ESTIMATE.search(page.folds[piece.block], piece.start, piece.end):
            return "estimated", Span(piece.block, *word.span())
    return None, None
