"""单位对照 and 立账: which registered unit each name of a document means, and the step from reading to plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.desk.doing import whole
from luoshi.desk.opened import opened
from luoshi.desk.page import document_for, refused, user_of
from luoshi.documents import actions as documents
from luoshi.documents.actions import Edit
from luoshi.documents.models import Document
from luoshi.people import actions, aliases
from luoshi.people.models import Government, Unit
from luoshi.people.permissions import may_adopt, may_correct, may_keep_units, require
from luoshi.plans import actions as plans
from luoshi.plans.models import Plan


@dataclass(frozen=True)
class Name:
    """A unit name of the document: how often it stands there, what it means, and how else it may be written."""

    text: str
    times: int
    match: aliases.Match
    others: tuple[str, ...]


def compared(ledger: Any, government: Government) -> dict[str, Any]:
    """The names that nobody registered yet, those that are known, and all units to choose from; three queries."""
    names = [
        Name(n.name, n.places, n.match, () if n.match.pk else aliases.likely_aliases(n.name, government.name)[:3])
        for n in plans.unit_names(ledger, government)
    ]
    return {
        "strangers": [name for name in names if name.match.pk is None],
        "known": [name for name in names if name.match.pk is not None],
        "units": list(Unit.objects.filter(government=government).current()),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel; a POST registers all names as chosen, or with ``only`` the one of that number."""
    document = document_for(request, pk, may_correct)
    require(may_keep_units, user_of(request), document.government)
    if request.method == "POST":
        try:
            with transaction.atomic():
                _register(request, document)
        except ValidationError as error:
            return refused(error)
    context = compared(opened(document).paper.ledger, document.government)
    return render(request, "desk/_units.html", {"document": document, **context})


def chosen(request: HttpRequest, wanted: Any) -> dict[str, int | actions.NewUnit]:
    """What the form says each name means. Raises ValidationError for a name that the document does not have."""
    numbers = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("number")
    out: dict[str, int | actions.NewUnit] = {}
    for number in numbers:
        name, choice = request.POST.get(f"name-{number}", ""), request.POST.get(f"choice-{number}", "")
        if name not in wanted:
            raise ValidationError(_("文件里没有“%(name)s”。") % {"name": name})
        if choice == "new":
            out[name] = actions.NewUnit(name)
        elif (known := whole(choice)) is not None:
            out[name] = known
        else:
            raise ValidationError(_("请为“%(name)s”选一个单位。") % {"name": name})
    return out


def _register(request: HttpRequest, document: Document) -> None:
    """New units first, then aliases."""
    user, government = user_of(request), document.government
    choices = chosen(request, plans.written_names(opened(document).paper.ledger))
    actions.create_units(government, [c for c in choices.values() if isinstance(c, actions.NewUnit)], user)
    known = {unit.pk: unit for unit in government.units.all()}
    for name, choice in choices.items():
        if isinstance(choice, int):
            if choice not in known:
                raise ValidationError(_("请为“%(name)s”选一个单位。") % {"name": name})
            actions.add_aliases(known[choice], [name], user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be adopted, and whatever is still to be said: years, unknown units; a POST does it."""
    document = document_for(request, pk, may_adopt)
    if request.method == "POST":
        try:
            with transaction.atomic():
                made = _adopt(request, document)
        except ValidationError as error:
            return refused(error)
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = reverse("ledger", args=[made[0].pk])
        return response
    paper = opened(document).paper
    context = {
        "document": document,
        "paper": paper,
        "kinds": Plan.Kind.choices,
        **compared(paper.ledger, document.government),
    }
    return render(request, "desk/_adopt_dialog.html", context)


def _adopt(request: HttpRequest, document: Document) -> list[Plan]:
    """Year and kind as typed become corrections like any other; then the plans are written."""
    user, ledger = user_of(request), opened(document).paper.ledger
    for plan in ledger["plans"]:
        typed = {name: request.POST.get(f"{plan['key']}/{name}") for name in ("year", "kind")}
        changed = {
            n: v for n, v in typed.items() if v is not None and v.strip() != str(plan[n] if plan[n] is not None else "")
        }
        if changed:
            documents.correct(document, Edit("set", plan["key"], changed), user)
    return plans.adopt(document, user, chosen(request, plans.written_names(ledger)))
