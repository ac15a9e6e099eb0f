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
