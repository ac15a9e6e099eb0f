"""The timeline of a task's year: every report, light, decision and paper as one line, newest first. No query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.desk.task_year import TaskYear
from luoshi.plans.models import Adjustment
from luoshi.progress.models import Light, Measurement, Report
from luoshi.supervision.models import Objection
from luoshi.ui.charts import plain

Sort = Literal["report", "light", "review", "change"]
SORTS: dict[str, Any] = {
    "report": gettext_lazy("上报"),
    "light": gettext_lazy("亮灯"),
    "review": gettext_lazy("审核与核查"),
    "change": gettext_lazy("细化与调整"),
}


@dataclass(frozen=True)
class Event:
    """Something that happened. ``said`` are label and words; ``colour`` and ``colour_name`` where a light was lit."""

    at: datetime
    sort: Sort
    icon: str
    what: str
    who: str = ""
    said: tuple[tuple[str, str], ...] = ()
    colour: str = ""
    files: tuple[Any, ...] = ()
    tag: str = ""


def events(year: TaskYear, colours: dict[str, str]) -> list[Event]:
    """Everything, newest first. ``colours``: the rule set's words for its colours."""
    found: list[Event] = []
    for report in year.reports:
        found += _of_report(report)
    for light in year.all_lights:
        found += _of_light(light, colours, later=light not in year.lights)
    for objection in year.objections:
        found += _of_objection(objection)
    for adjustment in year.adjustments:
        found += _of_adjustment(adjustment)
    found += [
        Event(row.at, "change", "i-pen", row.get_step_display(), str(row.by), _lines((_("意见"), row.note)))
        for row in year.signed
    ]
    for row in year.closings:
        who = _("%(by)s经办，%(verified)s核实") % {"by": row.by, "verified": row.verified_by}
        said = _lines((_("依据"), row.reason))
        found.append(
            Event(row.at, "review", "i-flag", row.get_kind_display(), who, said, files=tuple(row.evidence.all()))
        )
    return sorted(found, key=lambda event: event.at, reverse=True)


def _lines(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, words) for label, words in pairs if words)


def _of_report(report: Report) -> Iterator[Event]:
    """The report as it stands, rounds before it that count no more, and what was decided on it."""
    rounds: dict[int, list[Measurement]] = {}
    for row in report.measurements.all():
        rounds.setdefault(row.round, []).append(row)
    named = {"period": report.period.name, "unit": report.unit.short_name}
    for number, rows in rounds.items():
        if number < report.round:
            what = _("%(unit)s报 %(period)s：第 %(n)d 次") % {**named, "n": number}
            said = _lines((_("数据"), figures(rows)))
            yield Event(
                rows[0].at, "report", "i-undo", what, str(rows[0].by or ""), said, tag=_("已撤回或退回，不再计")
            )
    if report.submitted_at:
        yield _sent(report, rounds.get(report.round, []), _("%(unit)s报 %(period)s") % named)
    for review in report.reviews.all():
        asked = review.decision != "accept"
        what = f"{review.get_decision_display()} {report.period.name}"
        yield Event(
            review.at,
            "review",
            "i-undo" if asked else "i-check",
            what,
            str(review.by),
            _lines((_("理由"), review.reason)),
        )
    for check in report.verifications.all():
        what = _("核查 %(period)s：%(result)s") % {"period": report.period.name, "result": check.get_result_display()}
        said = _lines((check.get_method_display(), check.note))
        yield Event(check.at, "review", "i-eye", what, str(check.by), said)


def _sent(report: Report, rows: Iterable[Measurement], what: str) -> Event:
    claims = [claim for claim in report.claims.all() if claim.round == report.round]
    ticks = [tick for tick in report.ticks.all() if tick.round == report.round]
    reached = [
        f"{c.deliverable.name} {c.node.text if c.node else c.get_stage_display()}{'' if c.reached else _('（未达到）')}"
        for c in claims
    ]
    done = [f"{t.place.name}{'' if t.done else _('（未完成）')}" for t in ticks]
    said = _lines(
        (_("数据"), figures(rows)),
        (_("节点"), "；".join(reached)),
        (_("名册"), "、".join(done)),
        (_("进展"), report.progress),
        (_("问题"), report.problem),
        (_("下一步"), report.next_step),
        (_("配合单位异议"), report.dispute),
        (_("补报理由"), report.late_reason),
    )
    tag = report.get_state_display() if not report.unchanged else f"{report.get_state_display()}，{_('无变化')}"
    who = _("%(by)s签发") % {"by": report.signed_by} if report.signed_by else ""
    if report.drafted_by and report.drafted_by_id != report.signed_by_id:
        who = f"{_('%(by)s填报') % {'by': report.drafted_by}}，{who}"
    files = tuple({use.evidence_id: use.evidence for use in report.evidence_uses.all()}.values())
    assert report.submitted_at is not None
    return Event(report.submitted_at, "report", "i-ul", what, who, said, files=files, tag=tag)


def figures(rows: Iterable[Measurement]) -> str:
    """Figures with cut-off, basis, source."""
    parts = []
    for row in rows:
        source = f"，{row.source}" if row.source else ""
        note = f"，{row.note}" if row.note else ""
        words = f"{row.target.subject} {plain(row.value)} {row.target.unit}"
        parts.append(f"{words}（{row.cutoff}，{row.get_basis_display()}{source}{note}）")
    return "；".join(parts)


def _of_light(light: Light, colours: dict[str, str], *, later: bool) -> Iterator[Event]:
    tag = _("后来重算") if later else ""
    what = _("%(period)s 亮%(colour)s") % {
        "period": light.period.name,
        "colour": colours.get(light.colour, light.colour),
    }
    rule = f"{light.rule_set}"
    yield Event(light.at, "light", "", what, rule, (("", light.sentence),), light.colour, tag=tag)
    for change in light.overrides.all():
        what = _("%(period)s 改为%(colour)s") % {
            "period": light.period.name,
            "colour": colours.get(change.colour, change.colour),
        }
        who = _("%(by)s提出，%(approved)s批准") % {"by": change.asked_by, "approved": change.approved_by}
        yield Event(change.at, "light", "", what, who, _lines((_("理由"), change.reason)), change.colour)
    for note in light.notes.all():
        yield Event(
            note.at,
            "light",
            "i-info",
            _("%(period)s 的灯加注") % {"period": light.period.name},
            said=(("", note.text),),
        )


def _of_objection(row: Objection) -> Iterator[Event]:
    period = row.light.period.name
    files = tuple(row.evidence.all())
    what = _("%(unit)s对 %(period)s 的灯提出异议") % {"unit": row.unit, "period": period}
    yield Event(
        row.raised_at, "light", "i-flag", what, str(row.raised_by), _lines((_("理由"), row.reason)), files=files
    )
    if row.decided_at:
        who = str(row.decided_by or "")
        yield Event(
            row.decided_at, "light", "i-check", row.get_state_display(), who, _lines((_("复核意见"), row.decision))
        )


def _of_adjustment(row: Adjustment) -> Iterator[Event]:
    on = row.target or row.deliverable
    what = f"{_('申请调整')}{row.get_field_display()}" + (f"：{on}" if on else "")
    change = f"{value_of(row.original)} → {value_of(row.changed)}"
    basis = f"{row.basis} {row.decision_number}".strip()
    said = _lines((_("原定、调整为"), change), (_("理由"), row.reason), (_("依据"), basis))
    yield Event(row.asked_at, "change", "i-pen", what, f"{row.unit} {row.asked_by}", said, tag=row.get_state_display())
    if row.reviewed_at:
        yield Event(
            row.reviewed_at,
            "change",
            "i-eye",
            _("审核调整"),
            str(row.reviewed_by),
            _lines((_("意见"), row.review_note)),
        )
    if row.decided_at:
        what = f"{_('批复调整')}：{row.get_state_display()}"
        yield Event(
            row.decided_at, "change", "i-check", what, str(row.decided_by), _lines((_("意见"), row.decision_note))
        )


def value_of(kept: Any) -> str:
    """An adjustment's kept value in words.

    >>> value_of({"value": "12.000000", "name": ""}), value_of({"value": ["县住建局"]}), value_of({})
    ('12', '县住建局', '—')
    """
    value = (kept.get("name") or kept.get("value")) if isinstance(kept, dict) else kept
    if isinstance(value, list):
        return "、".join(map(str, value))
    try:
        return plain(Decimal(str(value)))
    except InvalidOperation:
        return str(value) if value not in (None, "") else "—"
