"""单位对照: which registered unit each name of a document means; new units and aliases are entered here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.desk.page import document_for, refused, user_of
from luoshi.desk.views.reading import opened
from luoshi.documents.models import Document
from luoshi.people import actions, aliases
from luoshi.people.models import Government, Unit
from luoshi.people.permissions import may_correct, may_keep_units, require


@dataclass(frozen=True)
class Name:
    """A unit name of the document: how often it stands there, what it means, and what it might be called elsewhere."""

    text: str
    times: int
    match: aliases.Match
    others: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether it means a registered unit for certain."""
        return self.match.pk is not None


def names_in(ledger: Any) -> Counter[str]:
    """Every unit name as written, partners in brackets among them, in the order in which they first stand."""
    counts: Counter[str] = Counter()
    for task in (t for plan in ledger["plans"] for s in plan["sections"] for t in s["tasks"]):
        for unit in task["units"]:
            counts.update(filter(None, (unit["name"], unit.get("with"))))
    return counts


def compared(ledger: Any, government: Government) -> list[Name]:
    """Each name with its answer; two queries."""
    registry = Unit.objects.filter(government=government).registry(government.name)
    return [
        Name(text, times, match, () if match.pk else aliases.likely_aliases(text, government.name)[:4])
        for text, times in names_in(ledger).items()
        for match in [aliases.resolve(text, registry)]
    ]


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
    found = compared(opened(document).paper.ledger, document.government)
    strangers = [name for name in found if not name.known]
    context = {
        "document": document,
        "strangers": strangers,
        "known": [name for name in found if name.known],
        "units": list(Unit.objects.filter(government=document.government).current()),
    }
    return render(request, "desk/_units.html", context)


def _register(request: HttpRequest, document: Document) -> None:
    """New units first, then aliases; names already known by now are passed over."""
    user, government = user_of(request), document.government
    numbers = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("number")
    chosen = {request.POST.get(f"name-{n}", ""): request.POST.get(f"choice-{n}", "new") for n in numbers}
    wanted = names_in(opened(document).paper.ledger)
    known = {unit.pk: unit for unit in government.units.all()}
    new: list[actions.NewUnit] = []
    for name, choice in chosen.items():
        if name not in wanted:
            raise ValidationError(_("文件里没有“%(name)s”。") % {"name": name})
        if choice == "new":
            new.append(actions.NewUnit(aliases.clean(name)))
        elif choice.isdecimal() and int(choice) in known:
            actions.add_aliases(known[int(choice)], [name], user)
        else:
            raise ValidationError(_("请为“%(name)s”选一个单位。") % {"name": name})
    actions.create_units(government, new, user)
