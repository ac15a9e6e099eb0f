"""One object of each kind that an address can be about, in 澜湾县; and what else the addresses need by name.

For the route matrix: a kind that ``luoshi/desk/routes.py`` names stands here as a function of the same name.
"""

from __future__ import annotations

from typing import Any

from luoshi.people.models import Government
from luoshi.progress.period_actions import plan_periods
from tests.cast import Cast
from tests.desk import papers
from tests.desk.test_ledger import adopted
from tests.year import issued

# Arguments of an address other than ``pk``, which is the object's own; by the name of the address.
EXAMPLES: dict[str, dict[str, Any]] = {
    "closing": {"key": "2026-GZ-1-1"},
    "set-up-task": {"key": "2026-GZ-1-1"},
    "adjustment-ask": {"key": "2026-GZ-1-1"},
    "review-export": {"name": "csv"},
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
    "light-up": {"name": "2026-12"},
    "remind": {"name": "2026-12"},
    "office-export": {"name": "2026-12", "what": "late", "format": "csv"},
    "heatmap-export": {"format": "csv"},
    "forecasts-export": {"format": "csv"},
    "post-export": {"format": "csv"},
    "calendar-export": {"format": "csv"},
    "task": {"key": "2026-GZ-1-1"},
    "history-export": {"name": "csv"},
    "people-accounts-export": {"format": "csv"},
    "people-units-export": {"format": "xlsx"},
    "people-posts-export": {"format": "csv"},
}
# Addresses whose object is not there in this world, so that even who may is told so (404).
NOT_THERE = {
    "government-switch",  # asked without saying which
    "review-ask",
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

    def running(self) -> Any:
        """An issued plan whose periods are planned."""
        plan = issued(self.cast, name="running.txt")
        plan_periods(plan, self.cast.clerk)
        return plan

    def plan_running(self) -> Any:
        from tests.desk.running import running

        return running(self.cast, name="running.txt")

    def report_sent(self) -> Any:
        from tests.desk.running import send

        return send(self.thing("plan_running"), self.cast, 老旧小区=1)

    def light_lit(self) -> Any:
        from luoshi.progress.light_actions import compute, newest

        plan = self.thing("report_sent").task.plan
        compute(plan.periods.get(name="2026-03"))
        return newest(plan)[plan.tasks.all()[0].pk]

    def objection(self) -> Any:
        from django.utils import timezone

        from luoshi.supervision.actions import object_to

        unit = self.cast.units["县住建局"]
        return object_to(self.thing("light_lit"), unit, "雨季停工", self.cast.head, today=timezone.localdate())

    def override(self) -> Any:
        from luoshi.supervision.override_actions import ask_override

        return ask_override(self.thing("light_lit"), "green", "口径调整", self.cast.second_clerk)

    def adjustment(self) -> Any:
        from luoshi.plans.adjustment_actions import ask
        from tests.desk.running import AT

        task = self.thing("plan_running").tasks.all()[0]
        unit = self.cast.units["县住建局"]
        return ask(task, "stop", {}, "规划调整", self.cast.head, unit=unit, today=AT.date())

    def unit(self) -> Any:
        return self.cast.units["县住建局"]

    def report_open(self) -> Any:
        from luoshi.progress.models import Report

        plan, unit = self.thing("plan_running"), self.cast.units["县住建局"]
        return Report.objects.filter(period__plan=plan, unit=unit, state="asked").order_by("-period__cutoff", "pk")[0]

    def evidence(self) -> Any:
        return self.thing("evidence_use").evidence

    def evidence_use(self) -> Any:
        from luoshi.cli.example.papers import letter
        from luoshi.progress.evidence_actions import attach

        paper = letter("验收.pdf", ["用"])
        use = attach(self.thing("report_open"), paper, self.cast.liaison)
        use.unit_id = use.report.unit_id
        use.government = use.report.government
        return use
