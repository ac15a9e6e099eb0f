"""One object of each kind that an address can be about, in 澜湾县; and what else the addresses need by name.

For the route matrix: a kind that ``luoshi/desk/routes.py`` names stands here as a function of the same name.
"""

from __future__ import annotations

from typing import Any

from luoshi.people.models import Government
from tests.cast import Cast
from tests.desk import papers
from tests.desk.test_ledger import adopted

# Arguments of an address other than ``pk``, which is the object's own; by the name of the address.
EXAMPLES: dict[str, dict[str, Any]] = {
    "invitation": {"who": "MQ", "token": "void"},
    "reading-task": {"key": "t1"},
    "reading-change": {"key": "t1"},
    "reading-pick": {"key": "t1"},
    "reading-answer": {"key": "q1"},
    "reading-part": {"side": "text"},
    "reading-page": {"number": 1},
    "reading-page-fields": {"number": 1},
    "reading-doubts": {"code": "unit-odd"},
    "reading-doubts-more": {"code": "unit-odd"},
    "reading-section": {"key": "s1"},
    "reading-add": {"section": "s1"},
    "reading-export": {"name": "json"},
    "compare-export": {"name": "json"},
    "ledger-export": {"name": "csv"},
    "task": {"key": "2026-GZ-1-1"},
}
# Addresses whose object is not there in this world, so that even who may is told so (404).
NOT_THERE = {
    "reading-part",
    "reading-page",
    "reading-page-fields",
    "reading-pages",
    "reading-doubts",
    "reading-doubts-more",
}
# Addresses that take their object, and sometimes another, by names other than ``pk``.
NAMES = {"compare": ("old", "new"), "compare-export": ("old", "new")}


class World:
    """The objects, made when first asked for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.made: dict[str, Any] = {}

    def thing(self, kind: str) -> Any:
        """The object of a kind."""
        if kind not in self.made:
            self.made[kind] = getattr(self, kind)()
        return self.made[kind]

    def arguments(self, name: str, kind: str, wanted: set[str]) -> dict[str, Any]:
        """What the address needs."""
        given = dict(EXAMPLES.get(name, {}))
        for n, key in enumerate(NAMES.get(name, ("pk",))):
            if key in wanted and key not in given:
                given[key] = self.thing(kind if n == 0 else f"second_{kind}").pk
        return given

    def government(self) -> Government:
        return self.cast.county

    def document(self) -> Any:
        return papers.document(self.cast.clerk)

    def second_document(self) -> Any:
        return papers.document(self.cast.clerk, papers.ledger(30), "last-year.txt")

    def draft(self) -> Any:
        return adopted(self.cast.clerk, papers.ledger(20), "plan.txt")

    def post(self) -> Any:
        from luoshi.people.actions import create_post

        return create_post(self.cast.county, "副县长", by=self.cast.clerk)
