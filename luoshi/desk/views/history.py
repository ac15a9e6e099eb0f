"""The history page: every entry of a government's chain, filtered, paged by its sequence, verified, exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luoshi.desk import choices
from luoshi.desk.page import show, user_of
from luoshi.desk.verbs import VERBS, verb_words
from luoshi.documents import files
from luoshi.documents.models import Document
from luoshi.exports.table import MEDIA, table_file
from luoshi.people.history import Finding, verify_history
from luoshi.people.models import Entry, Government, HistoryHead, User
from luoshi.people.permissions import may_see_history, memberships, require
from luoshi.people.verifying import verify_files, verify_rows
from luoshi.progress.models import Evidence

PAGE = 100
EXPORTED = 20_000  # rows of one export: beyond them the filters must narrow it
NAMED = 200  # findings shown; the rest is counted


@dataclass(frozen=True)
class Query:
    """What the page was asked for, from its address. ``below``: the page ends before this sequence."""

    who: str
    verb: str
    text: str
    first: date | None
    last: date | None
    below: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> Query:
        """From the address; whatever is not understood is left out."""

        def get(name: str) -> str:
            return str(request.GET.get(name, "")).replace("\x00", "").strip()[:100]

        below = get("below")
        number = int(below) if below.isascii() and below.isdecimal() and len(below) < 16 else None
        return cls(get("who"), get("verb"), get("q"), _day(get("first")), _day(get("last")), number)

    @property
    def narrowed(self) -> bool:
        """Whether some entries may be left out."""
        return any((self.who, self.verb, self.text, self.first, self.last))

    def entries(self, government: Government) -> Any:
        """The entries that fit, newest first, from the whole chain."""
        found = Entry.objects.filter(government=government)
        if self.who:
            found = found.filter(who_name__icontains=self.who)
        if self.verb:
            found = found.filter(verb=self.verb)
        if self.text:
            found = found.filter(Q(object_name__icontains=self.text) | Q(digest__startswith=self.text.lower()))
        if self.first:
            found = found.filter(at__gte=_midnight(self.first))
        if self.last:
            found = found.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        return found.order_by("-sequence")


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year < 3000 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _government(user: User) -> Government:
    """The government whose history the account may read. Raises PermissionDenied."""
    places = memberships(user)
    for member in places:
        if may_see_history(user, member.government):
            return member.government
    if places:
        require(may_see_history, user, places[0].government)
    raise PermissionDenied


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """A page of entries. The next page goes on below the last sequence shown, so that late pages cost no more."""
    government, query = _government(user_of(request)), Query.of(request)
    return show(request, "desk/history.html", _page(request, government, query), government=government)


def _page(request: HttpRequest, government: Government, query: Query) -> dict[str, Any]:
    found = query.entries(government)
    if query.below is not None:
        found = found.filter(sequence__lt=query.below)
    rows = list(found.select_related(None)[: PAGE + 1])
    more = len(rows) > PAGE
    params = {k: v for k, v in request.GET.items() if v and k not in ("below",)}
    return {
        "nav": "history",
        "query": query,
        "entries": [(entry, verb_words(entry.verb)) for entry in rows[:PAGE]],
        "verbs": sorted(((code, str(name)) for code, name in VERBS.items()), key=lambda each: each[1]),
        "older": "?" + urlencode({**params, "below": rows[PAGE - 1].sequence}) if more else "",
        "newest": "?" + urlencode(params) if query.below is not None else "",
        "exported": "?" + urlencode(params) if params else "",
        "head": HistoryHead.objects.filter(government=government).first(),
        "now": timezone.now(),
    }


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Verify the chain, the sealed rows and the stored files now; what was altered is named."""
    government = _government(user_of(request))
    found = list(_findings(government))
    context = {
        **_page(request, government, Query.of(request)),
        "checked": True,
        "findings": found[:NAMED],
        "unnamed": max(len(found) - NAMED, 0),
        "finding_count": len(found),
    }
    return show(request, "desk/history.html", context, government=government)


def _findings(government: Government) -> Iterator[Finding]:
    """What is wrong with the government's own chain, rows and files; of no other. The whole is ``luoshi verify``."""
    yield from verify_history(government)
    yield from verify_rows(government)
    stored: list[tuple[str, str, str]] = []
    for rows in (Document.objects.filter(government=government), Evidence.objects.filter(government=government)):
        stored += list(rows.values_list("name", "file", "digest"))
    yield from verify_files(stored, files.content)


@login_required
@require_safe
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The entries that fit as csv or xlsx, with whole digests, at most ``EXPORTED``, newest first."""
    government, query = _government(user_of(request)), Query.of(request)
    if name not in MEDIA:
        raise Http404
    headers = [
        _("序号"), _("时间"), _("谁"), _("角色"), _("做了什么"), _("对象"), _("对象编号"), _("算法"), _("内容摘要"), _("上一条摘要"),
        _("本条摘要"),
    ]  # fmt: skip
    rows = [
        [
            e.sequence, timezone.localtime(e.at).isoformat(timespec="seconds"), e.who_name, e.role, verb_words(e.verb),
            e.object_name, f"{e.object_kind} {e.object_id}", e.algorithm, e.content_digest, e.previous_digest, e.digest,
        ]
        for e in query.entries(government)[:EXPORTED]
    ]  # fmt: skip
    body = table_file(_("历史"), headers, rows, name)
    return choices.attach(HttpResponse(body, content_type=MEDIA[name]), f"{government}{_('历史')}.{name}")
