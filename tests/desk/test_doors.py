"""Who is let in at the documents and the ledger, written out; every address by its rule is test_routes.py."""

from __future__ import annotations

import pytest
from django.urls import reverse

from luoshi.people.permissions import forget_memberships
from tests.desk import papers
from tests.desk.test_ledger import adopted

EVERYONE = {"clerk", "second_clerk", "liaison", "head", "leader", "auditor", "account_admin", "security_admin"}
OFFICE = {"clerk", "second_clerk"}
LOOKERS = OFFICE | {"leader", "auditor"}

# address → (arguments, method, who of the county may): d the document, p the draft plan, a the issued plan
DOORS = {
    "home": ((), "get", EVERYONE | {"nobody", "outsider"}),
    "password": ((), "get", EVERYONE | {"nobody", "outsider"}),
    "documents": ((), "get", EVERYONE | {"nobody", "outsider"}),
    "upload": ((), "get", OFFICE | {"outsider"}),
    "reading": (("d",), "get", LOOKERS),
    "read-again": (("d",), "post", OFFICE),
    "reading-task": (("d", "t1"), "get", OFFICE),
    "reading-change": (("d", "t1"), "post", OFFICE),
    "reading-pick": (("d", "t1"), "post", OFFICE),
    "reading-answer": (("d", "q1"), "post", OFFICE),
    "reading-part": (("d", "text"), "get", LOOKERS),
    "reading-doubts": (("d", "unit-odd"), "get", OFFICE),
    "reading-doubts-more": (("d", "unit-odd"), "get", LOOKERS),
    "reading-pages": (("d",), "get", LOOKERS),
    "reading-page": (("d", 1), "get", LOOKERS),
    "reading-page-fields": (("d", 1), "get", LOOKERS),
    "compare-choose": (("d",), "get", LOOKERS),
    "compare": (("d", "o"), "get", LOOKERS),
    "compare-export": (("d", "o", "json"), "get", LOOKERS),
    "reading-section": (("d", "s1"), "get", OFFICE),
    "reading-add": (("d", "s1"), "get", OFFICE),
    "reading-undo": (("d",), "post", OFFICE),
    "reading-redo": (("d",), "post", OFFICE),
    "reading-history": (("d",), "get", LOOKERS),
    "reading-units": (("d",), "get", OFFICE),
    "reading-adopt": (("d",), "get", OFFICE),
    "reading-file": (("d",), "get", LOOKERS),
    "reading-export": (("d", "json"), "get", LOOKERS),
    "ledger": (("p",), "get", LOOKERS),
    "ledger-export": (("p", "csv"), "get", LOOKERS),
    "plan-issue": (("q",), "post", OFFICE),
    "plan-withdraw": (("q",), "post", OFFICE),
    "task": (("p", "2026-GZ-1-1"), "get", LOOKERS),
}
PEOPLE = sorted(EVERYONE | {"nobody", "outsider"})


@pytest.fixture
def places(cast):
    made = papers.ledger(20)
    other = papers.ledger(20)
    other["plans"][0]["kind"] = "other"
    return {
        "q": adopted(cast.clerk, other, "other.txt").pk,
        "d": papers.document(cast.clerk).pk,
        "o": papers.document(cast.clerk, papers.ledger(30), "last-year.txt").pk,
        "p": adopted(cast.clerk, made, "plan.txt").pk,
    }


def test_each_door_opens_to_those_written_down_only(cast, client, places):
    for name, (arguments, method, allowed) in DOORS.items():
        url = reverse(name, args=[places.get(a, a) for a in arguments])
        client.logout()
        assert client.get(url).headers.get("Location", "").startswith("/login/"), f"{name} is open to strangers"
        for who in PEOPLE:
            user = getattr(cast, who)
            forget_memberships(user)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            status = getattr(client, method)(url).status_code
            assert (status != 403) == (who in allowed), f"{who} at {name}: {status}"


def test_an_issued_plan_is_open_to_all_of_the_county_but_not_the_neighbour(cast, client, places):
    from luoshi.plans.actions import issue
    from luoshi.plans.models import Plan

    issue(Plan.objects.get(pk=places["p"]), cast.clerk)
    for who in PEOPLE:
        client.force_login(getattr(cast, who), backend="django.contrib.auth.backends.ModelBackend")
        status = client.get(reverse("ledger", args=[places["p"]])).status_code
        assert status == (200 if who in EVERYONE else 403), who


def test_posting_without_a_token_is_refused(cast, places):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post(reverse("reading-undo", args=[places["d"]]))
    assert answer.status_code == 403 and "凭证已过期" in answer.content.decode()


def test_errors_say_what_to_do(cast, client, places):
    client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    assert "请账号管理员为您加上角色" in client.get(reverse("reading", args=[places["d"]])).content.decode()
    client.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    lost = client.get("/nowhere/")
    assert lost.status_code == 404 and "请从首页的清单里找" in lost.content.decode()
    assert client.get(reverse("reading", args=[999999])).status_code == 404


def test_a_broken_page_says_so_without_showing_its_inside(cast, client, monkeypatch):
    from luoshi.desk.views import home

    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(home, "show", broken)
    client.raise_request_exception = False
    client.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/")
    assert answer.status_code == 500 and "服务器出错了" in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


def test_logging_in_and_being_locked_out(cast, client, settings):
    from tests.cast import PASSWORD

    settings.AXES_FAILURE_LIMIT = 3
    page = client.post(reverse("login"), {"username": "jiang", "password": "wrong"})
    assert page.status_code == 200 and "账号或口令不对" in page.content.decode()
    for _ in range(2):
        page = client.post(reverse("login"), {"username": "jiang", "password": "wrong"})
    assert page.status_code == 429 and "请过一刻钟再试" in page.content.decode()
    assert client.post(reverse("login"), {"username": "jiang", "password": PASSWORD}).status_code == 429
    assert client.post(reverse("login"), {"username": "bai", "password": PASSWORD}).status_code == 302
    client.post(reverse("logout"))
    assert client.get("/").headers["Location"].startswith("/login/")


def test_log_in_leads_back_but_never_off_the_site(cast, client):
    from tests.cast import PASSWORD

    who = {"username": "jiang", "password": PASSWORD}
    assert (
        client.post(reverse("login"), {**who, "next": "/documents/upload/"}).headers["Location"] == "/documents/upload/"
    )
    client.logout()
    assert client.post(reverse("login"), {**who, "next": "https://elsewhere.example/"}).headers["Location"] == "/"


def test_who_must_change_the_password_gets_to_nothing_else_before(cast, client, places):
    from luoshi.people.models import Entry
    from tests.cast import PASSWORD

    cast.clerk.must_change_password = cast.clerk.is_staff = True
    cast.clerk.save()
    assert client.post(reverse("login"), {"username": "jiang", "password": PASSWORD}).status_code == 302
    page = reverse("password")
    for name, (arguments, method, _allowed) in DOORS.items():
        if name != "password":
            url = reverse(name, args=[places.get(a, a) for a in arguments])
            assert getattr(client, method)(url).headers.get("Location") == page, f"{name} is open"
    assert client.get("/admin/").headers["Location"] == page
    assert "请先换成自己的" in client.get(page).content.decode()

    def change(old, new, again=None):
        typed = {"old_password": old, "new_password1": new, "new_password2": again or new}
        return client.post(page, typed)

    for old, new, again, said in [
        ("wrong", "Xin-kou-ling 77 hao", None, "原口令不对"),
        (PASSWORD, "Xin-kou-ling 77 hao", "other", "两次输入的新口令不一样"),
        (PASSWORD, PASSWORD, None, "新口令不能和原口令一样"),
        (PASSWORD, "13579246801", None, "数字"),
        (PASSWORD, "short", None, "10"),
    ]:
        assert said in change(old, new, again).content.decode(), said
        assert client.get("/").headers["Location"] == page
    assert change(PASSWORD, "Xin-kou-ling 77 hao").headers["Location"] == "/"
    assert "口令已改" in client.get("/").content.decode()
    entry = Entry.objects.latest("pk")
    assert entry.verb == "user.password" and entry.who == cast.clerk and "77" not in entry.content
    client.post(reverse("logout"))
    assert client.post(reverse("login"), {"username": "jiang", "password": PASSWORD}).status_code == 200
    assert client.post(reverse("login"), {"username": "jiang", "password": "Xin-kou-ling 77 hao"}).status_code == 302
