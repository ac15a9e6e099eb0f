"""The history of who did what: written by actions in their own transaction, chained by digests, and verified.

Each entry's digest covers all its fields and the digest before it. Whoever alters, removes, inserts or reorders a row
must recompute every later row; ``HistoryHead`` then shows a shortened chain. What an attacker with full control of the
database could still do is rewrite the whole chain: compare ``head`` with a printed or published copy of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people.digests import ALGORITHMS as ALGORITHMS
from luoshi.people.digests import HistoryError as HistoryError
from luoshi.people.digests import canonical as canonical
from luoshi.people.digests import digest as digest
from luoshi.people.models import Entry, Government, HistoryHead, User
from luoshi.people.permissions import role_for
from luoshi.people.seals import seals


@dataclass(frozen=True)
class Finding:
    """Something wrong with a history: at which sequence, and what, in one sentence."""

    sequence: int
    problem: str


def link(entry: Entry) -> str:
    """The digest an entry should have: over all its fields, that of its content and that of the entry before."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = {
        "government": entry.government_id,
        "sequence": entry.sequence,
        "at": at,
        "who": [entry.who_id, entry.who_name, entry.role],
        "verb": entry.verb,
        "object": [entry.object_kind, entry.object_id, entry.object_name],
        "content": entry.content_digest,
        "previous": entry.previous_digest,
        "algorithm": entry.algorithm,
    }
    return digest(canonical(fields), entry.algorithm)


def write(
    government: Government,
    by: User | None,
    verb: str,
    thing: models.Model,
    content: Any = None,
    *,
    at: datetime | None = None,
    rows: Iterable[models.Model] = (),
) -> Entry:
    """Append one entry. ``by`` None: the installation itself. Call inside the transaction that does the thing.

    ``rows``: every row the verb made, changed or took away; their seals, or that they are gone, stand in the entry's
    content (a mapping then), where ``verifying`` compares them. Write after the rows, with those ``seals.falling_with``
    found before a deletion.

    Locks the government's head row, so that of several writers each gets the next number; SQLite writers queue as
    every transaction begins IMMEDIATE. Raises HistoryError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise HistoryError(_("历史记录必须与所记的事写在同一事务里。"))
    head = HistoryHead.objects.select_for_update().get(government=government)
    text = canonical(_with_seals(content, rows))
    algorithm = getattr(settings, "LUOSHI_DIGEST", "sha256")
    entry = Entry(
        government=government,
        sequence=head.sequence + 1,
        at=at or timezone.now(),
        who=by,
        who_name=f"{by.name or by.username}（{by.username}）" if by else "",
        role=role_for(by, government) if by else "",
        verb=verb,
        object_kind=thing._meta.label,
        object_id=str(thing.pk),
        object_name=str(thing)[:300],
        content=text,
        algorithm=algorithm,
        content_digest=digest(text, algorithm),
        previous_digest=head.digest,
    )
    entry.digest = link(entry)
    entry.save()
    HistoryHead.objects.filter(pk=head.pk).update(sequence=entry.sequence, digest=entry.digest)
    return entry


def _with_seals(content: Any, rows: Iterable[models.Model]) -> Any:
    """The content of an entry, as a mapping with the rows' seals where there are any."""
    content = {} if content is None else content
    sealed = seals(rows)
    if not sealed:
        return content
    return {**(content if isinstance(content, Mapping) else {"content": content}), "rows": sealed}


def about(thing: models.Model) -> models.QuerySet[Entry]:
    """The entries about one thing, oldest first."""
    return Entry.objects.filter(object_kind=thing._meta.label, object_id=str(thing.pk)).order_by("sequence")


def verify_history(government: Government) -> list[Finding]:
    """Everything wrong with a government's history; an empty list means that it is whole."""
    findings = list(_broken_links(Entry.objects.filter(government=government).order_by("sequence", "pk").iterator()))
    head = HistoryHead.objects.filter(government=government).first()
    last = Entry.objects.filter(government=government).order_by("-sequence", "-pk").first()
    have = (last.sequence, last.digest) if last else (0, "")
    if head is None or (head.sequence, head.digest) != have:
        expected = head.sequence if head else 0
        problem = _("链尾应是第 %(expected)d 条，实有第 %(have)d 条：末尾的记录被删去或添加过。")
        findings.append(Finding(have[0], problem % {"expected": expected, "have": have[0]}))
    return findings


def _broken_links(entries: Iterator[Entry]) -> Iterator[Finding]:
    expected, previous = 1, ""
    for entry in entries:
        if entry.sequence > expected:
            yield Finding(expected, _("第 %(n)d 条起有记录被删去。") % {"n": expected})
        elif entry.sequence < expected:
            yield Finding(entry.sequence, _("第 %(n)d 条重复：有记录被添入。") % {"n": entry.sequence})
        elif entry.previous_digest != previous:
            yield Finding(
                entry.sequence, _("第 %(n)d 条接不上前一条：有记录被改动、添入或调换。") % {"n": entry.sequence}
            )
        if entry.algorithm not in ALGORITHMS:
            yield Finding(entry.sequence, _("第 %(n)d 条被改动：没有这种摘要算法。") % {"n": entry.sequence})
        elif digest(entry.content, entry.algorithm) != entry.content_digest:
            yield Finding(entry.sequence, _("第 %(n)d 条的内容被改动。") % {"n": entry.sequence})
        elif link(entry) != entry.digest:
            yield Finding(entry.sequence, _("第 %(n)d 条被改动。") % {"n": entry.sequence})
        expected, previous = entry.sequence + 1, entry.digest
