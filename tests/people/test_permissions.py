"""Who may do what: the whole table, so that a change of a rule is seen here."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test.utils import CaptureQueriesContext

from luoshi.people import permissions
from luoshi.people.models import User
from tests.cast import Cast

OFFICE = {"clerk", "second_clerk"}
DRAFT = {*OFFICE, "leader", "auditor"}
EVERYONE = {*DRAFT, "liaison", "head", "account_admin", "security_admin"}

TABLE = [
    ("may_upload", None, OFFICE),
    ("may_correct", "read", OFFICE),
    ("may_adopt", "confirmed", OFFICE),
    ("may_issue", "draft", OFFICE),
    ("may_see_document", "read", DRAFT),
    ("may_see_document", "adopted", EVERYONE),
    ("may_see_plan", "draft", DRAFT),
    ("may_see_plan", "issued", EVERYONE),
    ("may_see_plan", "archived", EVERYONE),
    ("may_keep_units", None, {*OFFICE, "account_admin"}),
    ("may_keep_accounts", None, {"account_admin"}),
    ("may_see_history", None, {*OFFICE, "auditor", "security_admin"}),
]


@pytest.mark.parametrize("name, state, allowed", TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_who_may(cast: Cast, name, state, allowed):
    predicate = getattr(permissions, name)
    thing = SimpleNamespace(government=cast.county, state=state) if state else cast.county
    people = {f.name: getattr(cast, f.name) for f in fields(cast) if isinstance(getattr(cast, f.name), User)}
    assert {who for who, user in people.items() if predicate(user, thing)} == allowed
    assert not predicate(AnonymousUser(), thing)
    assert {who for who, user in people.items() if user.has_perm(name, thing)} == allowed


def test_every_permission_is_in_the_table():
    named = {name for name in vars(permissions) if name.startswith("may_")}
    assert named == {row[0] for row in TABLE}


def test_an_account_switched_off_may_nothing(cast: Cast):
    cast.clerk.is_active = False
    assert not permissions.may_upload(cast.clerk, cast.county)


def test_places_are_asked_for_once(cast: Cast, django_assert_num_queries):
    user = User.objects.get(username="jiang")
    with django_assert_num_queries(1) as asked:
        assert isinstance(asked, CaptureQueriesContext)
        for _ in range(5):
            permissions.may_upload(user, cast.county)
            permissions.may_see_history(user, cast.neighbour)


def test_refusal_names_who_and_where(cast: Cast):
    with pytest.raises(PermissionDenied, match="乔南浦没有在澜湾县"):
        permissions.require(permissions.may_upload, cast.outsider, cast.county)
