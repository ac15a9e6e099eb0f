"""Who may do what: the whole table, so that a change of a rule is seen here."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test.utils import CaptureQueriesContext

from luoshi.people import actions, permissions
from luoshi.people.models import Government, Post, Tenure, User
from tests.cast import Cast

OFFICE = {"clerk", "second_clerk"}
UNIT = {"liaison", "head"}
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
    ("may_see_task", "draft", DRAFT),
    ("may_see_task", "issued", EVERYONE),
    ("may_see_every_task", "issued", EVERYONE),
    ("may_set_up", "issued", {*OFFICE, *UNIT}),
    ("may_sign_set_up_unit", "issued", {"head"}),
    ("may_sign_set_up_leader", "issued", {"leader"}),
    ("may_sign_set_up_office", "issued", OFFICE),
    ("may_adjust_ask", "issued", UNIT),
    ("may_adjust_review", "issued", {"leader"}),
    ("may_adjust_decide", "issued", OFFICE),
    ("may_see_report", "draft", UNIT),
    ("may_see_report", "submitted", EVERYONE),
    ("may_report", "draft", UNIT),
    ("may_sign_report", "draft", {"head"}),
    ("may_allow_late", "issued", OFFICE),
    ("may_review", "issued", OFFICE),
    ("may_see_review", "issued", {*OFFICE, "auditor"}),
    ("may_verify", "issued", OFFICE),
    ("may_keep_rules", "issued", OFFICE),
    ("may_override_light", "issued", OFFICE),
    ("may_approve_override", "issued", {*OFFICE, "leader"}),
    ("may_object", "issued", UNIT),
    ("may_decide_objection", "issued", {*OFFICE, "leader"}),
    ("may_close", "issued", OFFICE),
    ("may_see_dashboard", None, {*OFFICE, "leader", "auditor"}),
    ("may_see_leader_page", "issued", {*OFFICE, "leader", "auditor"}),
    ("may_sign_set_up", "issued", {*OFFICE, "head", "leader"}),
    ("may_fill_unit", "unit", UNIT),
    ("may_sign_unit", "unit", {"head"}),
    ("may_see_unit", "unit", {*OFFICE, *UNIT, "leader", "auditor"}),
    ("may_keep_security", None, {"security_admin"}),
    ("may_keep_units", None, {*OFFICE, "account_admin"}),
    ("may_keep_accounts", None, {"account_admin"}),
    ("may_keep_government", None, {"account_admin"}),
    ("may_close_government", None, set()),  # only from above: tests/people/test_governments.py
    ("may_see_history", None, {*OFFICE, "auditor", "security_admin"}),
]


def answered(cast: Cast, state: str, unit: str = "县住建局") -> SimpleNamespace:
    """Something that 县住建局 leads, 县教育局 takes part in and the leader's post is in charge of."""
    post, _new = Post.objects.get_or_create(government=cast.county, title="副县长")
    Tenure.objects.get_or_create(post=post, person="顾怀璟", user=cast.leader)
    units = {name: cast.units[name].pk for name in (unit, "县教育局")}
    thing = SimpleNamespace(
        pk=post.pk, government=cast.county, state=state, unit_id=units[unit], lead_units={units[unit]},
        units_involved=set(units.values()), leader_posts={post.pk},
    )  # fmt: skip
    # A report hangs on a task that was issued; a plan's draft stands for itself.
    issued = SimpleNamespace(government=cast.county, state="issued")
    thing.plan = SimpleNamespace(government=cast.county, state=state)
    thing.task = SimpleNamespace(**{**vars(thing), "plan": issued})
    return thing


def test_where_units_see_their_own_only(cast: Cast):
    cast.county.units_see = Government.Sight.OWN
    own, other = answered(cast, "issued"), answered(cast, "issued", "县体育局")
    assert permissions.may_see_task(cast.liaison, own) and not permissions.may_see_task(cast.liaison, other)
    assert permissions.may_see_task(cast.auditor, other)
    assert not permissions.may_report(cast.liaison, other) and not permissions.may_see_report(cast.liaison, other)


def test_duties_pass_to_the_unit_that_took_over(cast: Cast):
    other = answered(cast, "issued", "县体育局")
    assert not permissions.may_report(cast.liaison, other)
    actions.succeed(cast.units["县体育局"], cast.units["县住建局"], cast.clerk)
    permissions.forget_memberships(cast.liaison)
    assert permissions.may_report(cast.liaison, other)


def test_a_post_given_up_gives_no_more_say(cast: Cast):
    thing = answered(cast, "issued")
    assert permissions.may_adjust_review(cast.leader, thing)
    Tenure.objects.update(until=date(2020, 1, 1))
    permissions.forget_memberships(cast.leader)
    assert not permissions.may_adjust_review(cast.leader, thing)


@pytest.mark.parametrize("name, state, allowed", TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_who_may(cast: Cast, name, state, allowed):
    predicate = getattr(permissions, name)
    thing = cast.units["县住建局"] if state == "unit" else answered(cast, state) if state else cast.county
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
