"""The route matrix: every address, as every role, on an object of one's own government and of a foreign one.

What may happen is what ``luoshi/desk/routes.py`` states; that the stated predicates are right is
``tests/people/test_permissions.py``. Each request is undone, so that none is helped by the one before.
"""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import URLPattern, reverse

from luoshi.config import urls as site
from luoshi.desk import urls
from luoshi.desk.routes import ROUTES, Route, anyone, stranger
from luoshi.people.actions import NewUnit, add_member, create_units, create_user
from luoshi.people.models import Government, Member, User
from luoshi.people.permissions import memberships
from tests.desk.world import NOT_THERE, World

OWN = ["clerk", "liaison", "head", "leader", "auditor", "account_admin", "security_admin"]
REFUSED = {403, 404}
NAMED = {pattern.name: pattern for pattern in urls.urlpatterns}


def foreigners(place: Government) -> list[User]:
    """An account for each role in the neighbouring county, and one without any."""
    (unit,) = create_units(place, [NewUnit("县住建局")])
    made = [create_user("no-place")]
    for role in Member.Role.values:
        made.append(create_user(f"foreign-{role}"))
        add_member(place, made[-1], role, unit if role in Member.OF_UNIT else None)
    return made


@pytest.fixture
def world(cast):
    return World(cast)


@pytest.fixture
def strangers(cast):
    return foreigners(cast.neighbour)


def test_every_address_has_a_stated_rule_and_every_rule_an_address():
    assert set(NAMED) == set(ROUTES)
    assert all(isinstance(pattern, URLPattern) for pattern in urls.urlpatterns), "an include would hide its addresses"
    others = {str(each.pattern) for each in site.urlpatterns if getattr(each, "urlconf_name", None) is not urls}
    assert others == {"admin/login/", "admin/", "i18n/"}
    for name, route in ROUTES.items():
        assert route.get or route.post, f"{name} answers nothing"


def asked(client, user, method: str, url: str) -> int:
    """The status this account gets; whatever the request wrote is undone."""
    with transaction.atomic():
        if user is None:
            client.logout()
        else:
            fresh = User.objects.get(pk=user.pk)
            client.force_login(fresh, backend="django.contrib.auth.backends.ModelBackend")
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    client.cookies.clear()
    return status


def may(route: Route, rule, user: User, thing) -> bool:
    """What the stated rule says."""
    fresh = User.objects.get(pk=user.pk)
    if route.on == "own":
        places = memberships(fresh)
        return bool(places) and rule(fresh, places[0].government)
    return rule(fresh, thing)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_each_address_keeps_its_rule(name, cast, client, world, strangers):
    route = ROUTES[name]
    wanted = set(NAMED[name].pattern.converters) if name in NAMED else set()
    thing = world.thing(route.on) if route.on not in ("", "own") else None
    url = reverse(name, kwargs=world.arguments(name, route.on, wanted))
    answers = set()
    for method, rule in (("get", route.get), ("post", route.post)):
        if rule is None:
            assert asked(client, cast.clerk, method, url) == 405, f"{name} answers {method} without a rule"
            continue
        if rule is not stranger:
            assert asked(client, None, method, url) == 302, f"{name} is open to strangers ({method})"
        for user in [*(getattr(cast, who) for who in OWN), *strangers]:
            status, allowed = asked(client, user, method, url), may(route, rule, user, thing)
            assert status < 500, f"{user.username} breaks {name} ({method}): {status}"
            assert (status not in REFUSED) == allowed or (allowed and status == 404), (
                f"{user.username} at {name} ({method}): {status}, the rule says {'yes' if allowed else 'no'}"
            )
            if thing is not None and user in strangers and rule is not anyone:
                assert status in REFUSED, f"a foreign {user.username} gets into {name} ({method}): {status}"
            if allowed:
                answers.add(status)
    assert answers - {404} or name in NOT_THERE, f"{name} is never found: give an example in tests/desk/world.py"


@pytest.mark.django_db
def test_the_back_office_is_shut_to_every_role(cast, client, strangers):
    pages = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]
    for user in [getattr(cast, each.name) for each in fields(cast) if each.name in OWN] + strangers:
        for page in (reverse("admin:index"), *pages):
            assert asked(client, user, "get", page) == 302, f"{user.username} at {page}"
