"""What every desk page needs to know: whose desk it is, what to offer in the bar; and errors as one sentence."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from luoshi.documents.models import Document
from luoshi.people.models import Government, Member, User
from luoshi.people.permissions import (
    Predicate,
    choose,
    may_close,
    may_keep_accounts,
    may_keep_security,
    may_keep_units,
    may_see_dashboard,
    may_see_history,
    may_upload,
    memberships,
    require,
)
from luoshi.plans.models import Plan

CHOSEN_GOVERNMENT = "government"  # in the session: the one of its governments that the account works for


def user_of(request: HttpRequest) -> User:
    """The account, working for the government it chose; views that call it are behind ``login_required``."""
    user = cast(User, request.user)
    choose(user, request.session.get(CHOSEN_GOVERNMENT))
    return user


def member_of(request: HttpRequest) -> Member | None:
    """The place the account works from: its first in the government it chose; None for an account without any."""
    places = memberships(user_of(request))
    return places[0] if places else None


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    government: Government | None = None,
    status: int = 200,
) -> HttpResponse:
    """A desk page within its frame: two queries for the bar, whatever the page."""
    member = member_of(request)
    owner = government or (member.government if member else None)
    frame: dict[str, Any] = {"government": owner, "member": member}
    if owner:
        user = user_of(request)
        frame["member"] = next((each for each in memberships(user) if each.government_id == owner.pk), member)
        frame["people_at"] = _people_page(user, owner)
        places = {each.government_id: each.government for each in memberships(user)}
        frame["elsewhere"] = [each for pk, each in places.items() if pk != owner.pk]
        frame["may_history"] = may_see_history(user, owner)
        frame["may_read"] = may_upload(user_of(request), owner)
        plans = Plan.objects.filter(government=owner)
        frame["latest_plan"] = (plans if frame["may_read"] else plans.exclude(state=Plan.State.DRAFT)).first()
        if frame["may_read"]:
            states = (Document.State.READ, Document.State.CONFIRMED)
            frame["waiting"] = Document.objects.filter(government=owner, state__in=states).count()
    return render(request, template, {**frame, **(context or {})}, status=status)


def _people_page(user: User, owner: Government) -> str:
    """The name of the first people page that the account may open, "" for none; no query."""
    pages = (
        ("people-accounts", may_keep_accounts),
        ("people-units", may_keep_units),
        ("people-security", may_keep_security),
    )
    return next((name for name, permission in pages if permission(user, owner)), "")


def year_links(user: User, plan: Plan) -> dict[str, bool]:
    """What ``_year_links.html`` may offer of a plan's year besides what everyone sees; no query."""
    return {"may_overlook": may_see_dashboard(user, plan), "may_carry": may_close(user, plan)}


def document_for(request: HttpRequest, pk: int, permission: Predicate) -> Document:
    """The document, if the account may do this with it. Raises Http404, PermissionDenied."""
    document = get_object_or_404(Document.objects.select_related("government"), pk=pk)
    require(permission, user_of(request), document)
    return document


def refused(error: ValidationError, fresh: dict[str, str] | None = None, version: int = 0) -> HttpResponse:
    """422 with the sentence in a header, where the page's script finds it and shows it.

    409 where somebody else changed the place meanwhile; with ``fresh``, field name → what stands there now, as JSON, so
    that the script shows it beside what was typed; ``version`` is what those values are.
    """
    conflict = any(each.code == "conflict" for each in error.error_list)
    response = sentence(" ".join(error.messages), 409 if conflict else 422)
    if conflict and fresh is not None:
        response.headers["Content-Type"] = "application/json"
        response.content = json.dumps({"fields": fresh, "version": version}, ensure_ascii=False).encode()
    return response


def sentence(words: str, status: int) -> HttpResponse:
    """A plain answer whose sentence the page shows as a toast."""
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    response.headers["X-Sentence"] = quote(words)
    return response
