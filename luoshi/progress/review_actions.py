"""Review: the office accepts a report, returns it with a reason, or asks the co-unit; what the checks showed is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.mergers import with_merged
from luoshi.people.models import HistoryHead, Unit, User
from luoshi.people.permissions import may_review, require
from luoshi.progress import checks
from luoshi.progress.checks import Check, Paper, Series
from luoshi.progress.evidence_actions import alike
from luoshi.progress.goals import COUNTS, Facts, goal_of, judged_tasks
from luoshi.progress.models import Evidence, EvidenceUse, Measurement, Message, Period, Report, Review, StageClaim
from luoshi.progress.report_actions import WRITABLE, locked, reopen
from luoshi.progress.standing import last_published

SENT = (Report.State.SUBMITTED, Report.State.ACCEPTED)


@transaction.atomic
def accept(
    reports: Sequence[Report], by: User, *, seen: Mapping[int, int] | None = None, at: datetime | None = None
) -> list[Review]:
    """Accept submitted reports, all or none, each with what the checks showed.

    ``seen``: by primary key which round (``Report.round``) the page showed; a report sent in anew since is refused. None:
    the caller has just read them. Raises ValidationError; PermissionDenied.
    """
    shown = checks_of(reports)
    rounds = {r.pk: r.round if seen is None else seen.get(r.pk, 0) for r in reports}
    ordered = sorted(reports, key=lambda r: r.pk)
    return [_decide(r, Review.Decision.ACCEPT, "", shown[r.pk], by, at, rounds[r.pk]) for r in ordered]


@transaction.atomic
def send_back(report: Report, reason: str, by: User, *, seen: int | None = None, at: datetime | None = None) -> Review:
    """Return a submitted report with a reason: it is the unit's draft again, and its figures do not count meanwhile.

    After the lock the return is the leave to send it in late, for the same reason.

    ``seen``: the round that was read, as in ``accept``.
    """
    if not reason.strip():
        raise ValidationError(_("退回要写明理由，单位才知道改什么。"))
    made = _decide(report, Review.Decision.RETURN, reason.strip(), checks_of([report])[report.pk], by, at, seen)
    text = _("%(period)s %(task)s 被退回：%(reason)s") % {
        "period": made.report.period.name,
        "task": made.report.task,
        "reason": made.reason,
    }
    _tell(made.report, made.report.unit, "returned", text, made.at)
    return made


@transaction.atomic
def ask_co_unit(
    report: Report, unit: Unit, question: str, by: User, *, seen: int | None = None, at: datetime | None = None
) -> Review:
    """Ask a co-unit to add its part to a submitted report; the report stays where it is.

    After the lock the question is the leave to answer it late.
    """
    if not question.strip():
        raise ValidationError(_("请写明要配合单位说明什么。"))
    if unit.pk not in report.task.units_involved or unit.pk == report.unit_id:
        raise ValidationError(_("“%(unit)s”不是这条任务的配合单位。") % {"unit": unit})
    made = _decide(report, Review.Decision.ASK, question.strip(), [], by, at, seen)
    text = _("%(period)s %(task)s 请补充说明：%(question)s") % {
        "period": report.period.name,
        "task": report.task,
        "question": made.reason,
    }
    _tell(report, unit, "asked", text, made.at)
    if made.report.period.state == Period.State.LOCKED:
        part, _new = Report.objects.get_or_create(
            task=report.task, period=report.period, unit=unit, defaults={"part": Report.Part.CO}
        )
        if part.state in WRITABLE:
            _allow_late(part, by, made.reason)
            said = {"period": report.period.name, "reason": part.late_reason}
            history.write(unit.government, by, "report.late_allowed", part, said, at=at, rows=[part])
    return made


def _allow_late(report: Report, by: User, reason: str) -> None:
    report.late_allowed_by, report.late_reason = by, reason[:300]
    report.save(update_fields=["late_allowed_by", "late_reason"])


def refuse_unseen(report: Report, seen: int | None) -> None:
    """Raise ValidationError where the report was sent in anew after the round that was read; None: not asked."""
    if seen is not None and seen != report.round:
        message = _("%(task)s 的报告在您看的时候又重新报送过，请看过新报的内容再办。")
        raise ValidationError(message % {"task": report.task}, code="unseen")


def _decide(
    report: Report, decision: str, reason: str, shown: Sequence[Check], by: User, at: datetime | None, seen: int | None
) -> Review:
    row = locked(report)
    require(may_review, by, row.task.plan)
    HistoryHead.objects.select_for_update().get(government=row.unit.government_id)
    if row.state != Report.State.SUBMITTED:
        raise ValidationError(
            _("%(task)s 的报告%(state)s，现在不能审核。") % {"task": row.task, "state": row.get_state_display()}
        )
    refuse_unseen(row, report.round if seen is None else seen)
    if row.signed_by_id == by.pk:
        raise ValidationError(_("自己签发的报告须由别人审核。"))
    made = Review.objects.create(
        report=row, decision=decision, reason=reason[:500], checks=[asdict(c) for c in shown], by=by,
        at=at or timezone.now(),
    )  # fmt: skip
    if decision == Review.Decision.ACCEPT:
        row.state = Report.State.ACCEPTED
        row.save(update_fields=["state"])
    elif decision == Review.Decision.RETURN:
        reopen(row, by, made.at, Report.State.RETURNED)
        if row.period.state == Period.State.LOCKED:
            _allow_late(row, by, made.reason)
    said = {"period": row.period.name, "reason": made.reason, "checks": [c.code for c in shown]}
    history.write(row.unit.government, by, f"report.{decision}", row, said, at=at, rows=[made, row])
    return made


def _tell(report: Report, unit: Unit, kind: str, text: str, at: datetime) -> None:
    Message.objects.create(
        government_id=unit.government_id, unit=unit, kind=kind, text=text[:300], link=f"/units/{unit.pk}/", at=at
    )


def checks_of(reports: Iterable[Report]) -> dict[int, list[Check]]:
    """What deserves a second look in each report, by primary key. The queries do not grow with the reports."""
    found = {report.pk: report for report in reports}
    tasks = {task.pk: task for plan in {r.task.plan for r in found.values()} for task in _of(plan, found.values())}
    series, before, beside = _series(tasks, found.values()), _before(found.values()), _papers(found.values())
    claims = StageClaim.objects.filter(COUNTS, report__in=found, reached=True).select_related("deliverable")
    done: dict[int, list[str]] = {}
    for claim in claims:
        done.setdefault(claim.report_id or 0, []).append(claim.deliverable.name)
    out = {}
    for pk, report in found.items():
        now = {} if report.unchanged else {b: getattr(report, b) for b in ("progress", "problem", "next_step")}
        shown = checks.texts(now, before.get(pk))
        shown += checks.figures(series.get(pk, []))
        shown += checks.papers(beside.get(pk, []), done.get(pk, []))
        if report.dispute:
            shown.append(Check("disputed", report.unit.short_name, {"text": report.dispute}))
        out[pk] = shown
    return out


def _of(plan: Any, reports: Iterable[Report]) -> list[Any]:
    return judged_tasks(plan, {r.task_id for r in reports if r.task.plan_id == plan.pk})


def _series(tasks: Mapping[int, Any], reports: Iterable[Report]) -> dict[int, list[Series]]:
    """The figures behind each report's own, by target."""
    targets = {target.pk: (task, target) for task in tasks.values() for target in task.targets.all()}
    rows: dict[int, list[Measurement]] = {}
    counted = Measurement.objects.filter(COUNTS, target__in=targets).select_related("report__period")
    for row in counted.order_by("cutoff", "pk"):
        rows.setdefault(row.target_id, []).append(row)
    found: dict[int, list[Series]] = {}
    for report in reports:
        for pk, (task, target) in targets.items():
            path = _until(rows.get(pk, []), report) if task.pk == report.task_id else []
            if path:
                goal = goal_of(task, target, Facts())
                ready = last_published(goal.grain, goal.lag, _today(report))
                found.setdefault(report.pk, []).append(
                    Series(
                        label=target.subject,
                        cumulative=target.kind == "quantity",
                        goal=target.value,
                        ends=goal.curve.ends,
                        rows=tuple((r.cutoff, r.value, r.basis == "official", _name(r)) for r in path),
                        official_due=ready is not None and ready >= path[-1].cutoff,
                    )
                )
    return found


def _until(rows: Sequence[Measurement], report: Report) -> list[Measurement]:
    """A target's figures with the report's own last; none where the report has none."""
    own = [row for row in rows if row.report_id == report.pk]
    others = [row for row in rows if row.report_id != report.pk and own and row.pk < own[-1].pk]
    return [*others, own[-1]] if own else []


def _today(report: Report) -> date:
    return timezone.localdate(report.submitted_at) if report.submitted_at else report.period.due_on


def _name(row: Measurement) -> str:
    return row.report.period.name if row.report else ""


def _before(reports: Iterable[Report]) -> dict[int, dict[str, str]]:
    """The texts of the report before each, by primary key: two queries. Several periods of a task may be asked for at once."""
    found = list(reports)
    sent = Report.objects.filter(task__in={r.task_id for r in found}, state__in=SENT).select_related("period")
    families = with_merged({r.unit_id for r in found})
    earlier: dict[tuple[int, int], list[Report]] = {}
    for old in sent.order_by("period__cutoff"):
        earlier.setdefault((old.task_id, old.unit_id), []).append(old)
    out = {}
    for report in found:
        told = [old for unit in families[report.unit_id] for old in earlier.get((report.task_id, unit), ())]
        for old in sorted(told, key=lambda old: old.period.cutoff):
            if old.period.cutoff < report.period.cutoff:
                out[report.pk] = {"progress": old.progress, "problem": old.problem, "next_step": old.next_step}
    return out


def _papers(reports: Iterable[Report]) -> dict[int, list[Paper]]:
    """Evidence beside each report, and the reports of other tasks or earlier periods that used it or its like."""
    found = {r.pk: r for r in reports}
    uses = EvidenceUse.objects.filter(report__in=found).select_related("evidence")
    own: dict[int, dict[int, Evidence]] = {}
    for use in uses:
        own.setdefault(use.report_id, {})[use.evidence_id] = use.evidence
    pieces = [e for held in own.values() for e in held.values()]
    if not pieces:
        return {}
    governments = {e.government_id for e in pieces}
    prints = Evidence.objects.filter(government__in=governments).exclude(likeness="").values_list("pk", "likeness")
    like = {e.pk: [pk for pk, other in prints if pk != e.pk and alike(e.likeness, other)] for e in pieces}
    digests = {e.digest for e in pieces}
    wanted = {pk for pks in like.values() for pk in pks} | {e.pk for e in pieces}
    twins = Evidence.objects.filter(government__in=governments, digest__in=digests)
    wanted.update(twins.values_list("pk", flat=True))
    other_uses = EvidenceUse.objects.filter(evidence__in=wanted)
    where: dict[int, list[Report]] = {}
    same: dict[str, list[Report]] = {}
    for use in other_uses.select_related("evidence", "report__period", "report__task", "report__unit"):
        where.setdefault(use.evidence_id, []).append(use.report)
        same.setdefault(use.evidence.digest, []).append(use.report)
    out: dict[int, list[Paper]] = {}
    for pk, held in own.items():
        for piece in held.values():
            seen = {r.pk: r for e in like[piece.pk] for r in where.get(e, [])} | {r.pk: r for r in same[piece.digest]}
            names = [f"{r.period} {r.task} {r.unit}" for r in seen.values() if _earlier(r, found[pk])]
            out.setdefault(pk, []).append(Paper(piece.name, sorted(names)))
    return out


def _earlier(other: Report, report: Report) -> bool:
    """Another period, or another unit's: one file for several items of one month is as it should be."""
    return other.pk != report.pk and (other.period_id != report.period_id or other.unit_id != report.unit_id)
