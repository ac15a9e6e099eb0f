"""What can be done to posts: who holds them from when. Duties follow the post; what a period was reported under stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.people.models import HistoryHead, Post, Tenure, User
from luoshi.people.permissions import forget_memberships, may_keep_units, require


@transaction.atomic
def appoint(
    post: Post, person: str, user: User | None, since: date, by: User | None = None, *, at: datetime | None = None
) -> Tenure:
    """Let a person hold a post from a day on; the tenure before ends on the day before.

    ``user``: the account that acts for him, None while he has none. Open duties follow the post at once; what was
    reported or judged before names the tenure of its own time and is not touched.

    Raises ValidationError where the post's present holder came on that day or later, or nobody is named.
    """
    if by is not None:
        require(may_keep_units, by, post)
    HistoryHead.objects.select_for_update().get(government=post.government_id)
    person = person.strip()
    if not person:
        raise ValidationError(_("请填任职人的姓名。"))
    before = post.tenures.filter(until__isnull=True).order_by("-since", "-pk").first()
    _refuse_order(post, before, since)
    if before is not None:
        before.until = since - timedelta(days=1)
        before.save(update_fields=["until"])
        if before.user is not None:
            forget_memberships(before.user)
    made = Tenure.objects.create(post=post, person=person, user=user, since=since)
    if user is not None:
        forget_memberships(user)
    content = {"person": person, "user": user.username if user else "", "since": since.isoformat()}
    rows = [made, before] if before else [made]
    history.write(post.government, by, "post.appointed", post, {**content, "before": _who(before)}, at=at, rows=rows)
    return made


def _refuse_order(post: Post, before: Tenure | None, since: date) -> None:
    late = post.tenures.filter(since__gte=since).exists() or post.tenures.filter(until__gte=since).exists()
    if late:
        message = _("%(post)s 在 %(since)s 当天或之后已有任职记录，请改任职日期。")
        raise ValidationError(message % {"post": post, "since": since})
    if before is not None and not before.person:
        raise ValidationError(_("现任的姓名是空的，请先补上。"))


@transaction.atomic
def leave(post: Post, until: date, by: User | None = None, *, at: datetime | None = None) -> Tenure:
    """End the present tenure with a day, nobody coming after yet. Raises ValidationError where the post is vacant."""
    if by is not None:
        require(may_keep_units, by, post)
    HistoryHead.objects.select_for_update().get(government=post.government_id)
    held = post.tenures.filter(until__isnull=True).order_by("-since", "-pk").first()
    if held is None:
        raise ValidationError(_("%(post)s 现在没有人任职。") % {"post": post})
    if held.since and until < held.since:
        raise ValidationError(_("离任日期不能早于任职日期。"))
    held.until = until
    held.save(update_fields=["until"])
    if held.user is not None:
        forget_memberships(held.user)
    content = {"person": held.person, "until": until.isoformat()}
    history.write(post.government, by, "post.left", post, content, at=at, rows=[held])
    return held


@transaction.atomic
def sign_over(post: Post, brief: dict[str, int], by: User, *, at: datetime | None = None) -> None:
    """Record that the open items were handed to who holds the post now.

    ``brief``: how many of each kind the page showed. Raises ValidationError unless somebody held the post before.
    """
    require(may_keep_units, by, post)
    HistoryHead.objects.select_for_update().get(government=post.government_id)
    now, before = holders(post)
    if now is None or before is None:
        raise ValidationError(_("%(post)s 没有前后两任，没有可交接的。") % {"post": post})
    content = {"from": before.person, "to": now.person, "open": brief}
    history.write(post.government, by, "post.signed_over", post, content, at=at)


def holders(post: Post) -> tuple[Tenure | None, Tenure | None]:
    """Who holds the post now, and who did before. One query."""
    tenures = list(post.tenures.order_by("-since", "-pk"))
    now = next((tenure for tenure in tenures if tenure.until is None), None)
    before = next((tenure for tenure in tenures if tenure.until is not None), None)
    return now, before


def _who(tenure: Tenure | None) -> str:
    return tenure.person if tenure else ""
