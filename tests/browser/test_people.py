"""The way in, in a browser: invited, a password of one's own, a second factor, and at work."""

from __future__ import annotations

import base64

import pytest
from django_otp.oath import totp

from luoshi.people.account_actions import require_second_factor
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "Ling-yi-ge 99 hao"


def log_in(desk, username: str, password: str):
    page = desk.open("/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", password)
    page.click("button.pri")
    return page


def test_from_the_invitation_to_work(desks, cast):
    require_second_factor(cast.county, ["liaison"], cast.security_admin)
    admin = desks()
    page = log_in(admin, cast.account_admin.username, PASSWORD)
    page.wait_for_url(f"{admin.base}/people/**")
    page.fill("[name=username]", "lin")
    page.fill("[name=name]", "林深")
    invite = page.locator("form", has=page.locator("[value=invite]"))
    invite.locator("[name=role]").select_option("liaison")
    invite.locator("[name=unit]").select_option(str(cast.units["县教育局"].pk))
    invite.locator("button").click()
    link = page.locator("#link").input_value()

    guest = desks(viewport={"width": 360, "height": 740})
    page = guest.open(link.removeprefix(guest.base))
    for name in ("new_password1", "new_password2"):
        page.fill(f"[name={name}]", NEW)
    page.click("button.pri")
    page.wait_for_url(f"{guest.base}/login/")
    page = log_in(guest, "lin", NEW)
    page.wait_for_url("**/login/second-factor/**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.fill("#id_code", f"{totp(base64.b32decode(secret + '=' * (-len(secret) % 8))):06d}")
    page.click("button.pri")
    page.wait_for_selector("#codes")
    recovery = page.locator("#codes li").first.inner_text()
    page.click("a.pri")
    page.wait_for_url(f"{guest.base}/units/{cast.units['县教育局'].pk}/")

    other = desks()
    page = log_in(other, "lin", NEW)
    page.wait_for_url("**/login/code/**")
    page.fill("[name=code]", recovery)
    page.click("button.pri")
    page.wait_for_url(f"{other.base}/units/{cast.units['县教育局'].pk}/")


def test_a_town_is_opened_its_administrator_invited_and_the_office_switches_to_it(desks, cast):
    from luoshi.people.models import Government

    desk = desks()
    page = log_in(desk, cast.account_admin.username, PASSWORD)
    page.click("nav >> text=人员")
    page.click("text=各级政府")
    form = page.get_by_role("form", name="添加下级政府")
    form.get_by_label("下级政府名称").fill("石矶镇")
    form.get_by_label("行政区划代码").fill("990124101")
    form.get_by_label("启用日期").fill("2026-01-01")
    form.get_by_role("button").click()
    page.get_by_role("link", name="石矶镇", exact=True).click()
    form = page.get_by_role("form", name="邀请账号管理员")
    form.get_by_label("账号").fill("shiji")
    form.get_by_label("姓名").fill("何清浅")
    form.get_by_role("button").click()
    assert "/invitations/" in page.input_value("#link")
    form = page.get_by_role("form", name="本级人员兼任")
    form.get_by_label("本级账号").select_option(label=cast.clerk.name)
    form.get_by_role("button").click()
    page.wait_for_selector("text=登录后在右上角切换")
    town = Government.objects.get(name="石矶镇")
    assert town.parent == cast.county and town.as_unit.short_name == "石矶镇"
    office = desks()
    log_in(office, cast.clerk.username, PASSWORD)
    office.page.click("details.pop:has(.who) summary")
    office.page.click("text=到石矶镇")
    office.page.wait_for_selector("a.brand:has-text('石矶镇')")


def test_no_people_page_scrolls_sideways_on_a_telephone(desks, cast):
    from luoshi.people.government_actions import NewGovernment, open_below

    town = open_below(cast.county, NewGovernment("石矶镇", "town", "990124101"), cast.account_admin)
    unit = cast.units["县自然资源规划局"].pk
    mine = {
        cast.account_admin: [
            "/people/", "/people/governments/", f"/people/governments/?of={town.pk}", "/people/units/",
            f"/people/units/?of={unit}", "/people/posts/", "/people/import/", "/login/second-factor/", "/login/password/",
        ],
        cast.security_admin: ["/people/security/", "/history/"],
        cast.clerk: ["/documents/"],
    }  # fmt: skip
    for user, paths in mine.items():
        desk = desks(viewport={"width": 360, "height": 740})
        log_in(desk, user.username, PASSWORD).wait_for_selector("header.bar")
        for path in paths:
            wide = desk.open(path).evaluate("document.documentElement.scrollWidth")
            assert wide <= 360, (path, wide)
