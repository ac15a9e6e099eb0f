"""The people pages and the ways in: inviting, setting a password, the second factor, merging, appointing, unlocking."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from luoshi.people import history
from luoshi.people.account_actions import has_second_factor, require_second_factor
from luoshi.people.actions import create_post
from luoshi.people.government_actions import NewGovernment, lend, open_below
from luoshi.people.models import Government, Member, Post, Tenure, Unit, User
from luoshi.plans.models import SectionLeader
from tests.cast import PASSWORD
from tests.year import issued

NEW = "Ling-yi-ge 99 hao"


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_from_the_invitation_to_the_first_log_in_with_a_second_factor(cast):
    require_second_factor(cast.county, ["liaison"], cast.security_admin)
    admin = browser(cast.account_admin)
    typed = {"do": "invite", "username": "lin", "name": "林深", "role": "liaison", "unit": cast.units["县教育局"].pk}
    page = admin.post(reverse("people-accounts"), typed, follow=True).content.decode()
    (link,) = re.findall(r'http://testserver(/invitations/[^"]+)"', page)
    assert "/invitations/" not in admin.get(reverse("people-accounts")).content.decode(), "the link is shown once"
    guest = Client()
    assert "您的账号是 lin" in guest.get(link).content.decode()
    assert "10" in guest.post(link, {"new_password1": "short", "new_password2": "short"}).content.decode()
    assert guest.post(link, {"new_password1": NEW, "new_password2": NEW}).headers["Location"] == reverse("login")
    assert guest.get(link).status_code == 410
    who = {"username": "lin", "password": NEW}
    assert guest.post(reverse("login"), who).status_code == 302
    assert guest.get("/documents/").headers["Location"] == reverse("second-factor"), "first the second factor"
    assert "<svg" in guest.get(reverse("second-factor")).content.decode()
    user = User.objects.get(username="lin")
    device = user.totpdevice_set.get()
    done = guest.post(reverse("second-factor"), {"code": f"{totp(device.bin_key):06d}"}).content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", done)
    assert len(codes) == 8 and has_second_factor(user)
    again = Client()
    assert again.post(reverse("login"), who).headers["Location"] == reverse("login-code")
    assert again.get("/documents/").headers["Location"].startswith("/login/"), "half a log-in opens nothing"
    assert again.post(reverse("login-code"), {"code": "00000000"}).status_code == 422
    device.refresh_from_db()
    user.staticdevice_set.get().throttle_reset()
    device.throttle_reset()
    assert again.post(reverse("login-code"), {"code": codes[0]}).status_code == 302
    assert "_auth_user_id" in again.session


def test_an_idle_session_ends(cast, settings, monkeypatch):
    client = Client()
    client.post(reverse("login"), {"username": "jiang", "password": PASSWORD})
    assert client.get(reverse("people-units")).status_code == 200
    session = client.session
    session["seen"] -= settings.LUOSHI_IDLE_MINUTES * 60 + 1
    session.save()
    assert client.get(reverse("people-units")).headers["Location"].startswith("/login/")


def test_the_back_office_has_no_way_in_of_its_own(cast):
    assert Client().get("/admin/login/?next=/admin/").headers["Location"] == "/login/?next=/admin/"


def test_units_are_added_named_and_merged(cast):
    desk, page = browser(cast.clerk), reverse("people-units")
    added = {"do": "add", "short_name": "县数据局", "kind": "department", "aliases": "县大数据局、数据局"}
    assert "已添加 县数据局" in desk.post(page, added, follow=True).content.decode()
    unit = Unit.objects.get(short_name="县数据局")
    assert {a.name for a in unit.aliases.all()} == {"县大数据局", "数据局"}
    assert desk.post(page, added).status_code == 422
    after = cast.units["县发改局"]
    desk.post(page, {"do": "succeed", "unit": unit.pk, "successor": after.pk})
    unit.refresh_from_db()
    assert unit.successor == after
    assert "已并入 县发改局" in desk.get(page).content.decode()
    foreign = Unit.objects.create(government=cast.neighbour, short_name="望屿县水务局")
    assert desk.post(page, {"do": "succeed", "unit": foreign.pk, "successor": after.pk}).status_code == 404
    typed = {"do": "rename", "unit": after.pk, "short_name": "县发改委", "full_name": "澜湾县发展和改革委员会"}
    assert "县发改局 已改名为 县发改委" in desk.post(page, typed, follow=True).content.decode()
    assert "县发改局" in {a.name for a in Unit.objects.get(pk=after.pk).aliases.all()}
    assert 'value="县发改委"' in desk.get(f"{page}?of={after.pk}").content.decode(), "its forms are filled in"


def test_what_units_see_is_set_and_odd_names_are_refused(cast):
    client, at = browser(cast.account_admin), reverse("people-units")
    assert "单位看得到本单位任务" in client.post(at, {"do": "sight", "sight": "own"}, follow=True).content.decode()
    cast.county.refresh_from_db()
    assert cast.county.units_see == "own" and history.verify_history(cast.county) == []
    for name, said in (("县住建局\u200b", "看不见的字符"), ("县\n住建局", "看不见的字符"), ("县" * 61, "最多 60 个字")):
        assert (
            said
            in client.post(at, {"do": "add", "short_name": name, "kind": "department"}, follow=True).content.decode()
        )
    assert client.post(at, {"do": "sight", "sight": "none"}).status_code == 422


def test_a_unit_with_open_tasks_is_not_closed_but_merged(cast):
    issued(cast)
    desk, page = browser(cast.clerk), reverse("people-units")
    busy, idle = cast.units["县发改局"], cast.units["县体育局"]
    typed = {"do": "close", "unit": busy.pk, "on": "2026-11-01"}
    answer = desk.post(page, typed)
    assert answer.status_code == 422 and "还有 1 项未办结的任务（2026-GZ-1-4）" in answer.content.decode()
    assert "已撤销" in desk.post(page, {**typed, "unit": idle.pk}, follow=True).content.decode()
    assert "2026-11-01 撤销" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "succeed", "unit": busy.pk, "successor": idle.pk}).status_code == 422


def test_a_post_changes_hands(cast):
    desk, page = browser(cast.clerk), reverse("people-posts")
    desk.post(page, {"do": "add", "title": "副县长"})
    post = Post.objects.get(title="副县长")
    for person, since in (("顾怀璟", "2026-01-05"), ("闻溪", "2026-07-01")):
        desk.post(page, {"do": "appoint", "post": post.pk, "person": person, "since": since})
    assert [str(t.until) for t in Tenure.objects.order_by("since")] == ["2026-06-30", "None"]
    assert desk.post(page, {"do": "appoint", "post": post.pk, "person": "林深", "since": "soon"}).status_code == 422
    assert "闻溪" in desk.get(page).content.decode()


def test_locks_are_opened_by_the_security_administrator_only(cast, settings):
    settings.AXES_FAILURE_LIMIT = 3
    for _n in range(3):
        Client().post(reverse("login"), {"username": "mo", "password": "wrong"})
    assert Client().post(reverse("login"), {"username": "mo", "password": PASSWORD}).status_code == 429
    assert browser(cast.account_admin).get(reverse("people-security")).status_code == 403
    guard = browser(cast.security_admin)
    assert "已锁" in guard.get(reverse("people-security")).content.decode()
    guard.post(reverse("people-security"), {"do": "unlock", "user": cast.liaison.pk})
    assert Client().post(reverse("login"), {"username": "mo", "password": PASSWORD}).status_code == 302
    assert guard.post(reverse("people-security"), {"do": "unlock", "user": cast.outsider.pk}).status_code == 404


def test_accounts_are_switched_and_their_roles_changed(cast):
    admin, page = browser(cast.account_admin), reverse("people-accounts")
    admin.post(page, {"do": "off", "user": cast.liaison.pk})
    assert not User.objects.get(pk=cast.liaison.pk).is_active
    admin.post(page, {"do": "role", "user": cast.leader.pk, "role": "office"})
    place = Member.objects.get(user=cast.leader, role="office")
    admin.post(page, {"do": "unrole", "member": place.pk})
    assert not Member.objects.filter(pk=place.pk).exists()
    assert admin.post(page, {"do": "off", "user": cast.account_admin.pk}).status_code == 422


@pytest.mark.parametrize(
    ("name", "who"),
    [("units", "clerk"), ("posts", "clerk"), ("accounts", "account_admin"), ("security", "security_admin")],
)
def test_queries_do_not_grow(cast, name, who, django_assert_max_num_queries):
    from luoshi.people.actions import NewUnit, add_member, create_post, create_units, create_user

    for n in range(12):
        (unit,) = create_units(cast.county, [NewUnit(f"局{n}", aliases=(f"别名{n}",))])
        add_member(cast.county, create_user(f"u{n}"), "liaison", unit)
        create_post(cast.county, f"职务{n}", f"人{n}", unit=unit)
    client = browser(getattr(cast, who))
    with django_assert_max_num_queries(13):
        assert client.get(reverse(f"people-{name}")).status_code == 200


def test_a_leader_who_takes_over_gets_one_page_and_it_is_signed_over(cast, django_assert_max_num_queries):
    from datetime import date

    from luoshi.people.models import Entry
    from luoshi.people.post_actions import appoint
    from tests.year import issued

    issued(cast)
    post = Post.objects.get(title="副县长")
    appoint(post, "闻溪", cast.second_clerk, date(2026, 7, 1), cast.clerk)
    desk, page = browser(cast.clerk), reverse("handover", args=[post.pk])
    with django_assert_max_num_queries(24):
        said = desk.get(page).content.decode()
    assert "顾怀璟 → 闻溪" in said and "2026-GZ-1-4" in said
    assert browser(cast.outsider).get(page).status_code == 403 and browser(cast.auditor).post(page).status_code == 403
    assert desk.post(page).status_code == 302
    entry = Entry.objects.latest("pk")
    assert entry.verb == "post.signed_over" and '"tasks":4' in entry.content.replace(" ", "")
    assert "登记交接" in desk.get(page).content.decode()


def test_a_table_is_shown_before_it_is_written(cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.people.test_importing import ROWS, sheet

    admin, page = browser(cast.account_admin), reverse("people-import")
    assert admin.get(reverse("people-template")).content.startswith(b"PK")
    bad = admin.post(page, {"file": SimpleUploadedFile("a.xlsx", sheet([*ROWS, ("", "", "", "", "", "甲", "")]))})
    assert "没有填账号" in bad.content.decode() and 'name="agreed"' not in bad.content.decode()
    said = admin.post(page, {"file": SimpleUploadedFile("a.xlsx", sheet(ROWS))}).content.decode()
    assert "新单位 县水务局" in said and not Unit.objects.filter(short_name="县水务局").exists()
    (agreed,) = re.findall(r'name="agreed" value="([^"]+)"', said)
    assert browser(cast.outsider).post(page, {"agreed": agreed}).status_code == 422
    assert admin.post(page, {"agreed": agreed[:-2] + "xx"}).status_code == 422
    assert "新账号 2 个" in admin.post(page, {"agreed": agreed}, follow=True).content.decode()


def test_the_office_makes_the_posts_a_plan_names(cast):
    plan = issued(cast)
    SectionLeader.objects.filter(section__plan=plan).update(held_post=None, name="闻溪", post="副县长")
    desk, page = browser(cast.clerk), reverse("people-posts")
    assert "闻溪（副县长）" in desk.get(page).content.decode()
    assert "闻溪（副县长）" not in browser(cast.account_admin).get(page).content.decode(), "the office's own button"
    typed = {"do": "from-plan", "plan": plan.pk}
    assert browser(cast.account_admin).post(page, typed).status_code == 403
    said = desk.post(page, typed, follow=True).content.decode()
    assert "已按台账建立 1 个职务" in said and "闻溪（副县长）" not in said
    assert Tenure.objects.get(person="闻溪").post.government == cast.county


@pytest.mark.parametrize(("name", "who"), [("units", "clerk"), ("posts", "clerk"), ("accounts", "account_admin")])
def test_each_list_is_a_file_too(cast, name, who, django_assert_max_num_queries):
    post = create_post(cast.county, "副县长", "闻溪")
    for n in range(12):
        create_post(cast.county, f"职务{n}")
    desk = browser(getattr(cast, who))
    links = re.findall(r'href="([^"]+/export/[^"]+)"', desk.get(reverse(f"people-{name}")).content.decode())
    assert [link.split("/")[-2] for link in links] == ["xlsx", "csv"]
    with django_assert_max_num_queries(9):
        lines = desk.get(links[1]).content.decode("utf-8-sig").splitlines()
    seen = {"units": "县住建局", "posts": f"{post.title},,闻溪,,,", "accounts": cast.account_admin.username}[name]
    assert any(line.startswith(seen) for line in lines) and len(set(lines)) == len(lines)
    assert desk.get(links[0]).content[:2] == b"PK"
    assert desk.get(links[0].replace("xlsx", "doc")).status_code == 404


@pytest.mark.parametrize(
    ("who", "first"),
    [("clerk", "people-units"), ("account_admin", "people-accounts"), ("security_admin", "people-security")],
)
def test_the_bar_leads_to_the_people_pages(cast, who, first):
    user = browser(getattr(cast, who))
    (link,) = re.findall(r'<a href="([^"]+)"[^>]*>人员</a>', user.get(reverse("calendar")).content.decode())
    assert link == reverse(first) and user.get(link).status_code == 200
    assert ">人员</a>" not in browser(cast.liaison).get(reverse("calendar")).content.decode()


def test_towns_are_opened_kept_and_closed_by_the_account_administrator(cast):
    admin, page = browser(cast.account_admin), reverse("people-governments")
    typed = {"do": "open", "government": cast.county.pk, "level": "town", "since": "2026-01-01"}
    for name, code in (("石矶镇", "990124101"), ("白鹭镇", "990124102")):
        assert f"已添加 {name}" in admin.post(page, {**typed, "name": name, "code": code}, follow=True).content.decode()
    assert admin.post(page, {**typed, "name": "塘湾镇", "code": "990124101"}).status_code == 422
    town, other = Government.objects.get(name="石矶镇"), Government.objects.get(name="白鹭镇")
    hand = {"do": "hand", "government": town.pk, "username": "shiji", "name": "何清浅"}
    said = admin.post(f"{page}?of={town.pk}", hand, follow=True).content.decode()
    assert "/invitations/" in said and "没有账号管理员" in said, "白鹭镇 has none yet"
    admin.post(page, {"do": "code", "government": town.pk, "code": "990124111", "since": "2026-05-01"})
    assert "990124101" in admin.get(f"{page}?of={town.pk}").content.decode(), "the former code is shown"
    close = {"do": "close", "government": town.pk, "on": "2026-07-01", "successor": other.pk}
    local = browser(User.objects.get(username="shiji"))
    assert local.post(page, close).status_code == 403, "closing is done from above"
    assert "已撤销" in admin.post(page, close, follow=True).content.decode()
    assert "2026-07-01 → 白鹭镇" in " ".join(admin.get(page).content.decode().split())
    assert local.get(page).status_code == 403, "a closed government's administrator keeps nothing"
    for wrong in (cast.clerk, cast.security_admin, cast.outsider):
        assert browser(wrong).post(page, {**typed, "name": "塘湾镇"}).status_code == 403
    assert browser(cast.clerk).get(page).status_code == 200 and browser(cast.liaison).get(page).status_code == 403
    assert admin.post(page, {**typed, "government": cast.neighbour.pk, "name": "塘湾镇"}).status_code == 404


def test_a_town_gets_sub_tasks_and_its_people_switch_to_it(cast):
    plan = issued(cast)
    town = open_below(cast.county, NewGovernment("石矶镇", "town", "990124101"), cast.account_admin)
    task = plan.tasks.all()[0]
    page = reverse("set-up-task", args=[plan.pk, task.key])
    desk = browser(cast.clerk)
    assert f'<option value="{town.as_unit.pk}">石矶镇</option>' in desk.get(page).content.decode()
    desk.post(page, {"do": "part", "unit": town.as_unit.pk, "text": "改造石矶老旧小区 2 个"})
    assert task.sub_tasks.get().unit.own_government == town
    assert "到石矶镇" not in desk.get(reverse("calendar")).content.decode()
    lend(town, cast.clerk, "office", cast.account_admin)
    assert "到石矶镇" in desk.get(reverse("calendar")).content.decode()
    assert desk.post(reverse("government-switch"), {"government": town.pk}).status_code == 302
    said = desk.get(reverse("people-units")).content.decode()
    assert "<small>石矶镇</small>" in said and "到澜湾县" in said and "县住建局" not in said
    assert desk.post(reverse("government-switch"), {"government": cast.neighbour.pk}).status_code == 404


def test_the_tree_takes_as_many_queries_for_many_towns(cast, django_assert_max_num_queries):
    for n in range(20):
        new = NewGovernment(f"第{n}镇", "town", f"9901241{n:02d}")
        open_below(cast.county, new, cast.account_admin)
    admin = browser(cast.account_admin)
    with django_assert_max_num_queries(20):
        assert admin.get(reverse("people-governments")).status_code == 200


@pytest.mark.parametrize(
    ("who", "first"), [("account_admin", "people-accounts"), ("security_admin", "people-security")]
)
def test_an_administrator_begins_on_a_page_of_his_own(cast, who, first):
    answer = browser(getattr(cast, who)).get(reverse("home"), follow=True)
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == reverse(first)
