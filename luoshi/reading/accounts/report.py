"""One task's report as lines and cells, and the whole document sorted into reports; nothing is read from them yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from luoshi.reading.accounts.tables import Row
from luoshi.reading.accounts.zones import Zone
from luoshi.reading.page import Piece


@dataclass(slots=True)
class Report:
    """One task's report: number and title, the task as written, its parts in order, its units, its cells of figures."""

    at: Piece
    number: Piece | None = None
    title: Piece | None = None
    section: Piece | None = None
    task: list[Piece] = field(default_factory=list)
    parts: list[tuple[Zone, Piece]] = field(default_factory=list)
    units: list[Piece] = field(default_factory=list)
    header: str = ""  # the header words of the column its progress stands in
    cells: Row | None = None
    meant: str | None = None  # path of the task, where its own sentences named it

    def pieces(self, zone: Zone) -> list[Piece]:
        return [piece for own, piece in self.parts if own == zone]


@dataclass(slots=True)
class Layout:
    """The whole document: lines before the first report, reports, parts that belong to no single one, last lines."""

    head: list[Piece] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    loose: list[tuple[Zone, Piece]] = field(default_factory=list)
    signed: list[Piece] = field(default_factory=list)
    unread_tables: list[Piece] = field(default_factory=list)
    apart: list[tuple[Zone, Piece]] = field(default_factory=list)  # problems and next steps of no single task
    unplaced: list[Piece] = field(default_factory=list)  # sentences of which nobody knows which task they speak of
