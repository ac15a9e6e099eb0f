"""The running site: what the database was really set to, what every response carries, who is locked out."""

from __future__ import annotations

import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from luoshi.config.headers import ContentSecurity
from luoshi.people.models import Government
from tests.cast import PASSWORD, Cast


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="pragmas are SQLite's")
def test_sqlite_is_set_up_for_the_web(db):
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1}


def test_readers_who_then_write_wait_for_one_another(transactional_db):
    """Without IMMEDIATE transactions, SQLite fails such writers with “database is locked”."""
    county = Government.objects.create(name="澜湾县", division_code="0")
    problems: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    row = Government.objects.select_for_update().get(pk=county.pk)
                    row.division_code = str(int(row.division_code) + 1)
                    row.save()
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    county.refresh_from_db()
    assert (problems, county.division_code) == ([], "60")


def test_every_change_of_a_model_has_its_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_triggers_can_be_taken_away_and_put_back(transactional_db):
    call_command("migrate", "people", "0001", verbosity=0)
    call_command("migrate", verbosity=0)


def test_responses_allow_no_foreign_and_no_inline_script(client: Client, db):
    response = client.get("/login/")
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in response.headers["Permissions-Policy"]


def test_a_response_may_bring_a_policy_of_its_own():
    own = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    response = ContentSecurity(lambda request: own)(RequestFactory().get("/"))
    assert response.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("browser", ["", "zh-CN", "en", "en-US,en;q=0.9", "fr"])
@pytest.mark.parametrize("address", ["/login/", "/nowhere/"])
def test_chinese_first_whatever_the_browser_asks_for(client: Client, db, browser, address):
    response = client.get(address, headers={"accept-language": browser} if browser else {})
    assert 'lang="zh-CN"' in response.content.decode() or 'lang="zh-hans"' in response.content.decode()
    assert response.headers["Content-Language"] == "zh-hans" and "Cookie" in response.headers["Vary"]


def test_english_is_chosen_by_the_switch_and_kept(client: Client, db):
    done = client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert done.headers["Location"] == "/login/" and done.cookies["django_language"]["max-age"] >= 30 * 24 * 3600
    english = client.get("/login/", headers={"accept-language": "zh-CN"})
    assert 'lang="en"' in english.content.decode() and "Log in" in english.content.decode()
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/login/"})
    assert "登录" in client.get("/login/", headers={"accept-language": "en"}).content.decode()
    client.cookies["django_language"] = "tlh"
    assert "登录" in client.get("/login/").content.decode()


def test_an_account_that_is_no_staff_is_refused_the_back_office_and_not_sent_round(cast: Cast, client: Client):
    client.force_login(cast.liaison)
    page = client.get("/admin/", follow=True)
    assert page.status_code == 403 and len(page.redirect_chain) == 1


def test_five_wrong_passwords_lock_one_person_out_and_not_the_office(cast: Cast, client: Client):
    def log_in(username: str, password: str) -> int:
        return client.post("/login/", {"username": username, "password": password}).status_code

    assert client.get("/admin/login/").status_code == 302  # one log-in, with its lock and its second factor
    assert [log_in("jiang", "wrong") for _ in range(5)] == [200, 200, 200, 200, 429]
    assert log_in("jiang", PASSWORD) == 429
    assert log_in("bai", PASSWORD) == 302


def test_the_back_office_only_looks_at_history(cast: Cast, client: Client):
    cast.clerk.is_staff = cast.clerk.is_superuser = True
    cast.clerk.save()
    client.force_login(cast.clerk)
    for room, model in (
        ("people", "entry"), ("people", "unit"), ("people", "user"), ("people", "government"), ("people", "member"),
        ("documents", "document"), ("documents", "correction"), ("documents", "reading"),
        ("plans", "plan"), ("plans", "task"), ("plans", "target"), ("plans", "responsibility"), ("plans", "milestone"),
    ):  # fmt: skip
        assert client.get(f"/admin/{room}/{model}/").status_code == 200
    entry = cast.county.history.all()[0]
    page = client.get(f"/admin/people/entry/{entry.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    assert client.post(f"/admin/people/entry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_change_in_the_back_office_is_in_the_history(cast: Cast, client: Client):
    cast.clerk.is_staff = cast.clerk.is_superuser = True
    cast.clerk.save()
    client.force_login(cast.clerk)
    unit = cast.units["县统计局"]
    fields = {
        "government": cast.county.pk,
        "short_name": "县统计局",
        "full_name": "澜湾县统计局",
        "kind": "department",
        "order": 5,
    }
    assert client.post(f"/admin/people/unit/{unit.pk}/change/", fields).status_code == 302
    last = cast.county.history.last()
    assert (last.verb, last.who, "澜湾县统计局" in last.content) == ("admin.changed", cast.clerk, True)
