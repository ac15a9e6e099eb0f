"""What a unit is asked in the periods that are open: each item with its boxes, what is promised, what is known already.

Read by the unit's page, its Excel form, the reading of its prose and the burden meter alike, so that all ask the same.
A figure that is on record for the day it is wanted for is shown and not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from luoshi.people.mergers import with_merged
from luoshi.people.models import Unit
from luoshi.plans.models import Deliverable, Node, Plan, RosterPlace, Schedule, Target, Task
from luoshi.progress import drafts
from luoshi.progress.goals import Facts, facts_of, goal_of, judged_tasks, stage_of
from luoshi.progress.models import EvidenceUse, Measurement, Period, Report, Review, StageClaim
from luoshi.progress.report_actions import WRITABLE
from luoshi.progress.standing import due_by, last_published
from luoshi.progress.typed import claim_typed, figure_typed, wrong

SENT = (Report.State.SUBMITTED, Report.State.ACCEPTED)


@dataclass(frozen=True)
class FigureBox:
    """A figure: its target, the whole and what is due by now, the last one reported, and the one on record if any.

    ``wanted``: the cut-off the figure is asked for; None where none can be there yet. ``asked`` is False where it is on
    record, not published yet, or judged at the year's end only; ``why`` says which.
    """

    target: Target
    goal: Decimal | None
    due: Decimal | None
    wanted: date | None
    last: Measurement | None
    held: Measurement | None
    asked: bool
    why: str
    draft: Mapping[str, Any]
    source: str = ""
    wrong: str = ""  # why what stands in the draft could not be signed

    @property
    def field(self) -> str:
        """Its name in the draft."""
        return f"target.{self.target.pk}"


@dataclass(frozen=True)
class StageBox:
    """A stage to be claimed: its deliverable, the nodes on the way, and what was claimed last."""

    deliverable: Deliverable
    promised: str
    nodes: tuple[Node, ...]
    last: StageClaim | None
    draft: Mapping[str, Any]

    @property
    def field(self) -> str:
        """Its name in the draft."""
        return f"claim.{self.deliverable.pk}"

    @property
    def promised_name(self) -> str:
        """The promised stage in words."""
        return str(Deliverable.Stage(self.promised).label)


@dataclass(frozen=True)
class PlaceBox:
    """One place of a roster; ``since`` the day it was reported done on."""

    place: RosterPlace
    since: date | None
    draft: Mapping[str, Any]

    @property
    def field(self) -> str:
        """Its name in the draft."""
        return f"place.{self.place.pk}"


@dataclass(frozen=True)
class RosterBox:
    """The places of a counted target."""

    target: Target
    places: tuple[PlaceBox, ...]

    @property
    def done(self) -> int:
        """How many are done, those of the draft too."""
        return sum(1 for p in self.places if (p.draft.get("done", True) if p.draft else p.since))


@dataclass
class Item:
    """One report that is asked: its boxes, its last texts, its files, and whether something stands in it."""

    report: Report
    task: Task
    figures: list[FigureBox] = field(default_factory=list)
    stages: list[StageBox] = field(default_factory=list)
    rosters: list[RosterBox] = field(default_factory=list)
    before: Report | None = None
    uses: list[EvidenceUse] = field(default_factory=list)
    returned: str = ""

    @property
    def draft(self) -> dict[str, Any]:
        """What stands in the draft, by field."""
        return drafts.values(self.report.draft)

    @property
    def writable(self) -> bool:
        """Whether it can be typed into now."""
        open_now = self.report.period.state == Period.State.OPEN or self.report.late_allowed_by_id is not None
        return self.report.state in WRITABLE and open_now

    @property
    def wrong(self) -> bool:
        """Whether a figure of the draft could not be signed."""
        return any(figure.wrong for figure in self.figures)

    @property
    def filled(self) -> bool:
        """Whether it says anything: sent in, marked as unchanged, or something typed."""
        if self.report.state not in WRITABLE:
            return True
        return any(value not in (None, "", False) for value in self.draft.values())

    @property
    def texts(self) -> list[tuple[str, str, str]]:
        """The three boxes: name, what stands there (draft, else what was sent in), and last period's text."""
        now, before = self.draft, self.before
        return [
            (name, now.get(name, getattr(self.report, name)), getattr(before, name) if before else "")
            for name in ("progress", "problem", "next_step")
        ]

    @property
    def boxes(self) -> int:
        """How many boxes are asked: figures not on record, stages, rosters, and the three of the narrative."""
        return sum(1 for f in self.figures if f.asked) + len(self.stages) + len(self.rosters) + 3


def reports_asked(unit: Unit) -> list[Report]:
    """The unit's reports that are of now: of open periods, and later ones that the office lets in; and what is still to
    be sent in for units merged into it. Two queries."""
    late = Q(state__in=WRITABLE, late_allowed_by__isnull=False)
    mine = Q(unit=unit) | Q(unit__in=with_merged([unit.pk])[unit.pk], state__in=WRITABLE)
    found = Report.objects.filter(mine, Q(period__state=Period.State.OPEN) | late).select_related(
        "period__plan__government", "unit__government", "drafted_by", "signed_by"
    )
    return list(found.order_by("period__cutoff", "task__plan", "task__order", "pk"))


def items_of(reports: Sequence[Report]) -> list[Item]:
    """The reports as items with all that the page shows; the queries grow with plans and periods, not with items."""
    tasks: dict[int, Task] = {}
    facts: dict[int, Facts] = {}
    plans: dict[Plan, list[Report]] = {}
    for report in reports:
        plans.setdefault(report.period.plan, []).append(report)
    for plan, asked in plans.items():
        found = judged_tasks(plan, {report.task_id for report in asked})
        tasks |= {task.pk: task for task in found}
        facts[plan.pk] = facts_of(plan, found, max(report.period.cutoff for report in asked))
    places = _places(tasks)
    before, uses, returned = _before(reports), _uses(reports), _returned(reports)
    items = []
    for report in reports:
        task = tasks[report.task_id]
        report.task = task  # with its responsibilities, so that permission asks nothing more
        item = Item(report, task, before=before.get(report.pk), uses=uses.get(report.pk, []))
        item.returned = returned.get(report.pk, "")
        _boxes(item, facts[task.plan_id], places)
        items.append(item)
    return items


def _places(tasks: Iterable[int]) -> dict[int, list[RosterPlace]]:
    found: dict[int, list[RosterPlace]] = {}
    for place in RosterPlace.objects.filter(target__task__in=tasks).order_by("order", "pk"):
        found.setdefault(place.target_id, []).append(place)
    return found


def _before(reports: Sequence[Report]) -> dict[int, Report]:
    """The report before each one, by its primary key; before a merger it was the merged unit's."""
    pairs = {(report.task_id, report.unit_id) for report in reports}
    families = with_merged({unit for _task, unit in pairs})
    everyone = {unit for family in families.values() for unit in family}
    sent = Report.objects.filter(task__in={task for task, _unit in pairs}, unit__in=everyone, state__in=SENT)
    rows: dict[tuple[int, int], list[Report]] = {}
    for row in sent.select_related("period").order_by("period__cutoff"):
        rows.setdefault((row.task_id, row.unit_id), []).append(row)
    found = {}
    for report in reports:
        told = [row for unit in families[report.unit_id] for row in rows.get((report.task_id, unit), ())]
        earlier = [row for row in told if row.period.cutoff < report.period.cutoff]
        if earlier:
            # Its own before that of a unit merged into it, of the same period.
            found[report.pk] = max(earlier, key=lambda row: (row.period.cutoff, row.unit_id == report.unit_id))
    return found


def _uses(reports: Sequence[Report]) -> dict[int, list[EvidenceUse]]:
    found: dict[int, list[EvidenceUse]] = {}
    for use in EvidenceUse.objects.filter(report__in=reports).select_related("evidence").order_by("pk"):
        found.setdefault(use.report_id, []).append(use)
    return found


def _returned(reports: Sequence[Report]) -> dict[int, str]:
    """Why a report was sent back, the last reason, by report."""
    back = Review.objects.filter(report__in=reports, decision=Review.Decision.RETURN).order_by("pk")
    return dict(back.values_list("report", "reason"))


def _boxes(item: Item, facts: Facts, places: Mapping[int, Sequence[RosterPlace]]) -> None:
    task, said = item.task, _said(item, facts)
    if item.report.part == Report.Part.CO:
        return
    for target in task.targets.all():
        if places.get(target.pk):
            item.rosters.append(_roster(target, places[target.pk], item, facts))
        else:
            item.figures.append(_figure(target, item, facts, said))
    for deliverable in task.deliverables.all():
        claims = [c for c in facts.claims.get(deliverable.pk, ()) if c.report_id != item.report.pk]
        name = f"claim.{deliverable.pk}"
        item.stages.append(
            StageBox(
                deliverable=deliverable,
                promised=stage_of(deliverable, facts),
                nodes=tuple(sorted(deliverable.nodes.all(), key=lambda n: (n.due_on, n.order))),
                last=claims[-1] if claims else None,
                draft=said.get(name) or {},
            )
        )


def _said(item: Item, facts: Facts) -> Mapping[str, Any]:
    """What stands in the boxes: the draft, or, of a report sent in, what it said."""
    if item.report.state in WRITABLE:
        return item.draft
    said: dict[str, Any] = {}
    for target in item.task.targets.all():
        for row in facts.figures.get(target.pk, ()):
            if row.report_id == item.report.pk:
                said[f"target.{target.pk}"] = figure_typed(row)
    for deliverable in item.task.deliverables.all():
        for claim in facts.claims.get(deliverable.pk, ()):
            if claim.report_id == item.report.pk:
                said[f"claim.{deliverable.pk}"] = claim_typed(claim)
    return said


def _roster(target: Target, places: Sequence[RosterPlace], item: Item, facts: Facts) -> RosterBox:
    done: dict[int, date | None] = {}
    for tick in facts.ticks.get(target.pk, ()):
        if tick.report_id != item.report.pk or item.report.state not in WRITABLE:
            done[tick.place_id] = tick.on if tick.done else None
    boxes = [PlaceBox(p, done.get(p.pk), item.draft.get(f"place.{p.pk}") or {}) for p in places]
    return RosterBox(target, tuple(boxes))


def _figure(target: Target, item: Item, facts: Facts, said: Mapping[str, Any]) -> FigureBox:
    goal, cutoff = goal_of(item.task, target, facts), item.report.period.cutoff
    schedule: Schedule | None = getattr(target, "schedule", None)
    monthly = goal.grain == "month" and not goal.lag
    wanted = cutoff if monthly else last_published(goal.grain, goal.lag, cutoff)
    if wanted is not None and wanted < goal.curve.starts:
        wanted = None
    rows = [row for row in facts.figures.get(target.pk, ()) if row.cutoff <= cutoff]
    others = sorted((r for r in rows if r.report_id != item.report.pk), key=lambda r: (r.cutoff, r.pk))
    official = [r for r in others if r.basis == Measurement.Basis.OFFICIAL]
    held = official[-1] if official and wanted is not None and official[-1].cutoff >= wanted else None
    year_end = goal.annual_only and (wanted is None or wanted < goal.curve.ends)
    why = "held" if held else "year_end" if year_end else "unpublished" if wanted is None else ""
    whole = None if goal.value is None else goal.value
    draft = said.get(f"target.{target.pk}") or {}
    basis = draft.get("basis") or Measurement.Basis.OFFICIAL
    same = [r for r in facts.figures.get(target.pk, ()) if r.basis == basis]
    before = max(same, key=lambda r: (r.cutoff, r.pk), default=None)
    return FigureBox(
        target=target,
        goal=whole,
        due=due_by(goal, wanted) if wanted is not None and goal.value is not None else None,
        wanted=wanted,
        last=others[-1] if others else None,
        held=held,
        asked=not why,
        why=why,
        draft=draft,
        wrong=wrong(target, draft, cutoff, before) if item.report.state in WRITABLE else "",
        source=schedule.data_source if schedule else "",
    )
