"""What can be done to plans: adopt a checked document, issue a draft. Rows and history in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.documents.actions import publish, refuse_open_doubts
from luoshi.documents.keyed import Book
from luoshi.documents.models import Document
from luoshi.people import aliases, history
from luoshi.people.actions import NewUnit, add_aliases, create_units
from luoshi.people.models import Government, HistoryHead, Unit, User
from luoshi.people.permissions import may_adopt, may_issue, require
from luoshi.people.seals import falling_with
from luoshi.plans.leaders import match_leaders
from luoshi.plans.models import Plan
from luoshi.plans.rows import Rows

UnitChoice: TypeAlias = int | str | NewUnit


@dataclass(frozen=True)
class UnitName:
    """A unit's name as the document writes it, in how many places, and which registered unit it means."""

    name: str
    places: int
    match: aliases.Match


def written_names(ledger: Mapping[str, Any]) -> dict[str, int]:
    """Every unit name of a ledger, partners in brackets too, with the number of its places, in order of first mention."""
    counts: dict[str, int] = {}
    for plan in ledger["plans"]:
        for section in plan["sections"]:
            for task in section["tasks"]:
                for unit in task["units"]:
                    for name in filter(None, (unit["name"], unit.get("with"))):
                        counts[aliases.clean(name)] = counts.get(aliases.clean(name), 0) + 1
    return counts


def unit_names(ledger: Mapping[str, Any], government: Government) -> list[UnitName]:
    """The names of a confirmed ledger against the government's units: what the adoption page asks about. Two queries."""
    registry = government.units.all().registry(government.name)
    return [UnitName(name, n, aliases.resolve(name, registry)) for name, n in written_names(ledger).items()]


@transaction.atomic
def adopt(
    document: Document,
    by: User,
    unit_choices: Mapping[str, UnitChoice] | None = None,
    *,
    at: datetime | None = None,
) -> list[Plan]:
    """Turn the confirmed ledger of a document into draft plans (立账), all or nothing.

    ``unit_choices`` says for a written name which unit it means: a primary key, the short name of a unit, or a
    ``NewUnit`` to enter. The choice is remembered as an alias. Names that are a registered name or alias need none.
    The number of queries does not depend on the size (SQLite: bulk inserts go in batches of 999 values).

    Raises ValidationError in words: adopted already, doubts open, no year, no tasks, a unit nobody chose, a value that
    does not fit; PermissionDenied.
    """
    require(may_adopt, by, document.government)
    HistoryHead.objects.select_for_update().get(government=document.government_id)
    document.refresh_from_db()
    _refuse_state(document)
    reading = document.reading()
    ledger = reading.confirmed()
    _refuse_unready(ledger)
    units = _units(ledger, document.government, by, unit_choices or {})
    made = []
    for plan_ledger in ledger["plans"]:
        if any(section["tasks"] for section in plan_ledger["sections"]):
            plan = _plan(plan_ledger, document, by, at or timezone.now())
            plan.reading, plan.version = reading, reading.version()
            made.append(_write(plan, plan_ledger, Book(ledger), units))
    document.state = Document.State.ADOPTED
    publish(document, ledger["document"])
    document.save()
    for plan, rows in made:
        content = {"document": document.digest, "version": plan.version, "tasks": rows.tasks, "year": plan.year}
        sealed = [document, plan, *rows.made]
        history.write(document.government, by, "plan.adopted", plan, content, at=at, rows=sealed)
        match_leaders(plan, by, at=at)
    return [plan for plan, _rows in made]


def _refuse_state(document: Document) -> None:
    if document.state == Document.State.ADOPTED:
        raise ValidationError(_("这份文件已经立账，不能再立一次。"))
    if document.state not in (Document.State.READ, Document.State.CONFIRMED):
        raise ValidationError(_("“%(state)s”的文件不能立账。") % {"state": document.get_state_display()})


def _refuse_unready(ledger: Mapping[str, Any]) -> None:
    refuse_open_doubts(dict(ledger))
    plans = [p for p in ledger["plans"] if any(s["tasks"] for s in p["sections"])]
    if not plans:
        raise ValidationError(_("这份文件里没有读出任务，不能立账；请先补上任务。"))
    for plan in plans:
        if plan["year"] is None:
            raise ValidationError(
                _("“%(title)s”没有写明年份，请先填上年份。") % {"title": plan["title"] or _("未命名")}
            )


def _units(
    ledger: Mapping[str, Any], government: Government, by: User, choices: Mapping[str, UnitChoice]
) -> dict[str, Unit]:
    """The unit of every written name. Enters the new ones first, so that other names may be aliases of them."""
    wanted = {aliases.clean(name): choice for name, choice in choices.items()}
    names = written_names(ledger)
    new = [_with_name(c, name) for name, c in wanted.items() if isinstance(c, NewUnit) and name in names]
    if new:
        create_units(government, new, by)
    units = {unit.pk: unit for unit in government.units.all()}
    by_short = {unit.short_name: unit.pk for unit in units.values()}
    registry = government.units.all().registry(government.name)
    found: dict[str, Unit] = {}
    unknown = []
    for name in names:
        chosen = wanted.get(name)
        pk = by_short.get(chosen) if isinstance(chosen, str) else chosen if isinstance(chosen, int) else None
        if pk is None:
            pk = aliases.resolve(name, registry).pk
        if pk is None or pk not in units:
            unknown.append(name)
        else:
            found[name] = units[pk]
    if unknown:
        message = _("还有 %(n)d 个单位名称没有对上：%(names)s。请选定是哪个单位，或新增。")
        raise ValidationError(message % {"n": len(unknown), "names": "、".join(unknown[:5])}, code="unknown-units")
    _remember(registry, found, wanted, by)
    return found


def _with_name(new: NewUnit, name: str) -> NewUnit:
    """The new unit, known under the written name too."""
    if name in (new.short_name, new.full_name, *new.aliases):
        return new
    return NewUnit(new.short_name, new.full_name, new.kind, (*new.aliases, name))


def _remember(registry: aliases.Registry, found: dict[str, Unit], wanted: Mapping[str, UnitChoice], by: User) -> None:
    """Keep what a person chose as aliases, so that next year nobody is asked again."""
    learned: dict[Unit, list[str]] = {}
    for name in wanted.keys() & found.keys():
        if registry.names.get(name, registry.aliases.get(name)) != found[name].pk:
            learned.setdefault(found[name], []).append(name)
    for unit in sorted(learned, key=lambda u: u.pk):
        add_aliases(unit, sorted(learned[unit]), by)


def _plan(plan: Mapping[str, Any], document: Document, by: User, at: datetime) -> Plan:
    rule = plan.get("lead_rule") or {}
    return Plan(
        government=document.government,
        year=plan["year"],
        kind=plan["kind"],
        title=(plan["title"] or document.title)[:300],
        document=document,
        lead_rule=(rule.get("text") or "")[:300],
        adopted_by=by,
        adopted_at=at,
    )


def _write(plan: Plan, ledger: Mapping[str, Any], book: Book, units: Mapping[str, Unit]) -> tuple[Plan, Rows]:
    plan.save()
    rows = Rows(plan, book, units)
    rows.write(ledger["sections"])
    return plan, rows


@transaction.atomic
def withdraw(document: Document, by: User) -> Document:
    """Take an adoption back while its plans are drafts: the plans go, the document may be corrected again.

    Raises ValidationError where a plan was issued, or the document is not adopted.
    """
    require(may_adopt, by, document.government)
    HistoryHead.objects.select_for_update().get(government=document.government_id)
    document.refresh_from_db()
    made = list(Plan.objects.filter(document=document))
    if document.state != Document.State.ADOPTED or any(plan.state != Plan.State.DRAFT for plan in made):
        raise ValidationError(_("只有立了账、还没有印发的文件才能撤回重改。"))
    document.state = Document.State.READ
    document.save(update_fields=["state"])
    for plan in made:
        content = {"document": document.digest, "tasks": plan.tasks.count(), "year": plan.year}
        fallen = falling_with([plan])
        Plan.objects.filter(pk=plan.pk).delete()
        history.write(document.government, by, "plan.withdrawn", plan, content, rows=[document, *fallen])
    return document


@transaction.atomic
def issue(plan: Plan, by: User, *, at: datetime | None = None) -> Plan:
    """Issue a draft (印发): from now on all members of the government see it. Raises ValidationError otherwise."""
    require(may_issue, by, plan.government)
    HistoryHead.objects.select_for_update().get(government=plan.government_id)
    plan.refresh_from_db()
    if plan.state != Plan.State.DRAFT:
        raise ValidationError(_("只有草案才能印发。"))
    plan.state = Plan.State.ISSUED
    plan.save(update_fields=["state"])
    history.write(plan.government, by, "plan.issued", plan, {"year": plan.year}, at=at, rows=[plan])
    return plan
