"""Reports: drafted by the liaison, signed by the head, received by the office; co-units add their part or dispute it.

What is typed is a draft and no record. On submission figures, claims and ticks become rows that stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.mergers import answering, with_merged
from luoshi.people.models import HistoryHead, Member, Tenure, Unit, User
from luoshi.people.permissions import may_allow_late, may_report, may_sign_report, own_units, require
from luoshi.plans.models import Deliverable, RosterPlace, Target, Task
from luoshi.progress import drafts, typed
from luoshi.progress.goals import COUNTS
from luoshi.progress.models import Measurement, Message, Period, Report, RosterTick, StageClaim
from luoshi.progress.period_actions import boxes

WRITABLE = (Report.State.ASKED, Report.State.DRAFT, Report.State.RETURNED)


@dataclass(frozen=True)
class Saved:
    """A draft saved: its version, fields merged from two writers, and what the other had where he gave way."""

    report: Report
    version: int
    merged: Mapping[str, Any]
    theirs: Mapping[str, Any]


def locked(report: Report) -> Report:
    """The report's row, locked until the transaction ends, with what permission and submission ask of it."""
    rows = Report.objects.select_for_update(of=("self",))
    return rows.select_related("period__plan__government", "unit__government", "task__plan__government").get(
        pk=report.pk
    )


@transaction.atomic
def save_draft(report: Report, changes: Mapping[str, drafts.Change], by: User, *, at: datetime | None = None) -> Saved:
    """Keep what was typed; two writers are merged (see ``drafts.merge``). A draft is no record: no history entry.

    Raises ValidationError where the report is signed or submitted, or the period locked; PermissionDenied.
    """
    row = locked(report)
    require(may_report, by, row)
    _refuse_closed(row)
    moment = at or timezone.now()
    try:
        result = drafts.merge(row.draft, row.version, changes, by.pk, moment.isoformat())
    except drafts.DraftError as error:
        raise ValidationError(str(error)) from error
    if result.version != row.version:
        row.draft, row.version, row.drafted_by = result.draft, result.version, by
        if row.state == Report.State.ASKED:
            row.state = Report.State.DRAFT
        row.save(update_fields=["draft", "version", "drafted_by", "state"])
    return Saved(row, row.version, result.merged, result.theirs)


def _refuse_closed(report: Report) -> None:
    if report.state not in WRITABLE:
        raise ValidationError(
            _("这份报告%(state)s，不能再改；要改请先撤回或请督查室退回。") % {"state": report.get_state_display()}
        )
    if report.period.state == Period.State.PLANNED:
        raise ValidationError(_("%(period)s 还没有开放报送。") % {"period": report.period})
    if report.period.state == Period.State.LOCKED and not report.late_allowed_by_id:
        raise ValidationError(_("%(period)s 已锁定，补报请先联系督查室。") % {"period": report.period})


@transaction.atomic
def submit(reports: Sequence[Report], by: User, *, at: datetime | None = None) -> list[Report]:
    """Sign reports and send them in, all or none. The head signs; where a unit has no head's account, its liaison does.

    Raises ValidationError naming the task and what is missing or cannot be; PermissionDenied.
    """
    done = []
    for report in sorted(reports, key=lambda r: r.pk):
        row = locked(report)
        _may_sign(by, row)
        _refuse_closed(row)
        _submit(row, by, at or timezone.now())
        done.append(row)
    return done


def _may_sign(by: User, report: Report) -> None:
    unit = answering(report.unit)
    headless = not Member.objects.filter(unit=unit, role=Member.Role.UNIT_HEAD, user__is_active=True).exists()
    require(may_report if headless else may_sign_report, by, report)


def _submit(report: Report, by: User, at: datetime) -> None:
    HistoryHead.objects.select_for_update().get(government=report.unit.government_id)
    content = drafts.values(report.draft)
    unchanged = bool(content.get("unchanged"))
    if unchanged:
        _carry_over(report)
    for name in ("progress", "problem", "next_step", "dispute"):
        if name in content:
            setattr(report, name, content[name].strip())
    rows = _rows(report, content, by, at)
    if unchanged and rows:  # one of the two is a slip, and only the unit knows which
        raise ValidationError(_("%(task)s：选了“无变化”，又填了数据，请去掉其中一样。") % {"task": report.task})
    if not (unchanged or rows or report.progress or report.dispute):
        raise ValidationError(_("%(task)s：请填进展或数据，或选“无变化”。") % {"task": report.task})
    kinds: tuple[Any, ...] = (Measurement, StageClaim, RosterTick)
    for kind in kinds:
        kind.objects.bulk_create([row for row in rows if isinstance(row, kind)])
    report.unchanged, report.state, report.draft = unchanged, Report.State.SUBMITTED, {}
    report.signed_by, report.signed_at, report.submitted_at = by, at, at
    report.in_post = _in_post(report.unit, timezone.localdate(at))
    report.save()
    said = {
        "period": report.period.name,
        "unit": report.unit.short_name,
        "unchanged": unchanged,
        "late": timezone.localdate(at) > report.period.due_on,
        "narrative": [report.progress, report.problem, report.next_step, report.dispute],
        "figures": [[r.target_id, str(r.value), str(r.cutoff), r.basis] for r in rows if isinstance(r, Measurement)],
        "claims": [[r.deliverable_id, r.stage, str(r.on), r.reached] for r in rows if isinstance(r, StageClaim)],
        "ticks": [[r.place_id, str(r.on), r.done] for r in rows if isinstance(r, RosterTick)],
        "evidence": list(report.evidence_uses.values_list("evidence__digest", flat=True)),
    }
    history.write(report.unit.government, by, "report.submitted", report, said, at=at, rows=[report, *rows])


def _in_post(unit: Unit, day: date) -> Tenure | None:
    """Who answers for the unit on a day: a successor named ahead does not yet."""
    held = Tenure.objects.filter(post__unit=unit).exclude(since__gt=day).exclude(until__lt=day)
    return held.order_by("post__order", "-since").first()


def last_report(report: Report) -> Report | None:
    """The unit's report of the same task before this one that was sent in; before a merger, the merged unit's."""
    family = with_merged([report.unit_id])[report.unit_id]
    sent = Report.objects.filter(task=report.task_id, unit__in=family, period__cutoff__lt=report.period.cutoff)
    return sent.filter(state__in=[Report.State.SUBMITTED, Report.State.ACCEPTED]).order_by("-period__cutoff").first()


def _carry_over(report: Report) -> None:
    before = last_report(report)
    if before is None:
        raise ValidationError(_("%(task)s 还没有报过，不能选“无变化”。") % {"task": report.task})
    report.progress, report.problem, report.next_step = before.progress, before.problem, before.next_step


def _rows(report: Report, content: Mapping[str, Any], by: User, at: datetime) -> list[Any]:
    """The draft's figures, claims and ticks as rows. Raises ValidationError for what cannot stand."""
    return [make() for make in _makers(report, content, by, at).values()]


def wrong_in(report: Report, content: Mapping[str, Any], by: User) -> dict[str, str]:
    """What of a draft's values could not be signed, by field, each in one sentence: the box says it at once."""
    found = {}
    for name, make in _makers(report, content, by, timezone.now()).items():
        try:
            make()
        except ValidationError as error:
            found[name] = " ".join(error.messages)
    return found


def _makers(report: Report, content: Mapping[str, Any], by: User, at: datetime) -> dict[str, Callable[[], Any]]:
    """By field, what makes its row; each field must belong to the report's task."""
    wanted: dict[str, dict[int, Mapping[str, Any]]] = {part: {} for part in drafts.PARTS}
    for name, value in content.items():
        part, _dot, key = name.partition(".")
        if part in wanted and value:
            wanted[part][int(key)] = value
    task = report.task
    targets = Target.objects.filter(task=task).in_bulk(list(wanted["target"]))
    deliverables = Deliverable.objects.filter(task=task).in_bulk(list(wanted["claim"]))
    places = RosterPlace.objects.filter(target__task=task).in_bulk(list(wanted["place"]))
    common = {"report": report, "round": report.round, "by": by, "at": at}
    made: dict[str, Callable[[], Any]] = {}
    kinds: tuple[tuple[str, Mapping[int, Any], Any], ...] = (
        ("target", targets, _measurement), ("claim", deliverables, _claim), ("place", places, _tick),
    )  # fmt: skip
    for part, found, make in kinds:
        for pk, value in wanted[part].items():
            own = partial(make, found[pk], value, report, common) if pk in found else partial(_strange, task, pk)
            made[f"{part}.{pk}"] = own
    return made


def _strange(task: Task, pk: int) -> None:
    raise ValidationError(_("%(task)s 没有第 %(n)s 项，请刷新页面。") % {"task": task, "n": pk})


def _tick(place: RosterPlace, value: Mapping[str, Any], report: Report, common: Mapping[str, Any]) -> RosterTick:
    on = typed.day(value.get("on"), report.period.cutoff)
    return RosterTick(place=place, on=on, done=bool(value.get("done", True)), **common)


def _measurement(target: Target, value: Mapping[str, Any], report: Report, common: Mapping[str, Any]) -> Measurement:
    basis = value.get("basis") or Measurement.Basis.OFFICIAL
    before = Measurement.objects.filter(COUNTS, target=target, basis=basis).order_by("-cutoff", "-pk").first()
    found = typed.figure(target, value, report.period.cutoff, before)
    replaces = before if before is not None and before.cutoff == found.cutoff else None
    return Measurement(target=target, replaces=replaces, **vars(found), **common)


def _claim(deliverable: Deliverable, value: Mapping[str, Any], report: Report, common: Mapping[str, Any]) -> StageClaim:
    stage = value.get("stage") or deliverable.stage
    node = value.get("node")
    if stage not in Deliverable.Stage.values:
        raise ValidationError(_("%(label)s：没有这个阶段。") % {"label": deliverable.name})
    if node and not deliverable.nodes.filter(pk=node).exists():
        raise ValidationError(_("%(label)s：没有这个节点。") % {"label": deliverable.name})
    on, reached = typed.day(value.get("on"), report.period.cutoff), bool(value.get("reached", True))
    note = str(value.get("note") or "")[:300]
    return StageClaim(
        deliverable=deliverable, stage=stage, node_id=node or None, on=on, reached=reached, note=note, **common
    )


@transaction.atomic
def take_back(report: Report, by: User, *, at: datetime | None = None) -> Report:
    """Take back what was sent in and not yet accepted, to change it; its figures do not count until it is sent in again."""
    row = locked(report)
    _may_sign(by, row)
    HistoryHead.objects.select_for_update().get(government=row.unit.government_id)
    if row.state != Report.State.SUBMITTED:
        raise ValidationError(_("只有报送了、还没有审核的报告才能撤回。"))
    if row.period.state == Period.State.LOCKED and not row.late_allowed_by_id:
        raise ValidationError(_("%(period)s 已锁定，撤回就报不回来了；要改请联系督查室退回。") % {"period": row.period})
    reopen(row, by, at or timezone.now(), Report.State.DRAFT)
    said = {"period": row.period.name}
    history.write(row.unit.government, by, "report.taken_back", row, said, at=at, rows=[row])
    return row


def reopen(report: Report, by: User, at: datetime, state: str) -> None:
    """Make a submitted report writable again, with what it said as its draft. Call inside a transaction."""
    held: dict[str, Any] = {name: getattr(report, name) for name in drafts.TEXTS if getattr(report, name)}
    for row in report.measurements.filter(round=report.round).order_by("pk"):
        held[f"target.{row.target_id}"] = typed.figure_typed(row)
    for claim in report.claims.filter(round=report.round).order_by("pk"):
        held[f"claim.{claim.deliverable_id}"] = typed.claim_typed(claim)
    for tick in report.ticks.filter(round=report.round).order_by("pk"):
        held[f"place.{tick.place_id}"] = {"on": str(tick.on), "done": tick.done}
    report.version, report.round = report.version + 1, report.round + 1
    common = {"by": by.pk, "at": at.isoformat(), "n": report.version}
    report.draft = {name: {"value": value, **common} for name, value in held.items()}
    report.state = state
    report.save(update_fields=["draft", "version", "round", "state"])


@transaction.atomic
def allow_late(report: Report, reason: str, by: User, *, at: datetime | None = None) -> Report:
    """Let one report be entered after its period was locked; the record says so, and the unit is told.

    Raises ValidationError without a reason, and for what was sent in already.
    """
    row = locked(report)
    require(may_allow_late, by, row)
    HistoryHead.objects.select_for_update().get(government=row.unit.government_id)
    if not reason.strip():
        raise ValidationError(_("准予补报要写明理由。"))
    if row.state not in WRITABLE:
        raise ValidationError(_("这份报告%(state)s，不用补报。") % {"state": row.get_state_display()})
    row.late_allowed_by, row.late_reason = by, reason.strip()[:300]
    row.save(update_fields=["late_allowed_by", "late_reason"])
    said = {"period": row.period.name, "reason": row.late_reason}
    history.write(row.unit.government, by, "report.late_allowed", row, said, at=at, rows=[row])
    text = _("%(task)s 准予补报 %(period)s：%(reason)s") % {"task": row.task.key, **said}
    Message.objects.create(
        government=row.unit.government, unit=row.unit, kind="late_allowed", text=text[:300],
        link=f"/units/{row.unit_id}/", at=at or timezone.now(),
    )  # fmt: skip
    return row


@transaction.atomic
def add_part(task: Task, period: Period, unit: Unit, by: User, *, at: datetime | None = None) -> Report:
    """A co-unit's own part of the lead's report: to add to it, or to dispute it. Made once a period.

    Raises ValidationError where the unit has no part in the task or leads it, or the period is not open.
    """
    if unit.pk not in own_units(by):
        require(may_report, by, Report(task=task, period=period, unit=unit))
    if unit.pk not in task.units_involved or unit.pk in task.lead_units:
        raise ValidationError(_("只有配合单位才能补充或提出异议。"))
    if period.state != Period.State.OPEN or period.plan_id != task.plan_id:
        raise ValidationError(_("%(period)s 还没有开放报送。") % {"period": period})
    made, new = Report.objects.get_or_create(
        task=task, period=period, unit=unit, defaults={"part": Report.Part.CO, "boxes": min(boxes(task), 2)}
    )
    if new:
        said = {"period": period.name, "unit": unit.short_name}
        history.write(unit.government, by, "report.part_added", made, said, at=at, rows=[made])
    return made
