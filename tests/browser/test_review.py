"""The office at its queue without a mouse, and a set-up signed by three people one after another."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD
from tests.desk.running import report_of, running, send

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_queue_is_worked_off_by_keyboard(desks, people):
    plan = running(people)
    for number in (0, 1):
        send(plan, people, number)
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open("/review/")
    expect(page.locator("#left")).to_contain_text("2 份")
    page.keyboard.press("j")
    expect(page.locator(".list li:nth-child(2) a")).to_have_attribute("aria-current", "true")
    page.keyboard.press("a")
    expect(page.locator("#left")).to_contain_text("1 份")
    page.keyboard.press("r")
    page.keyboard.type("请附验收单")
    page.locator("#return footer button").press("Enter")
    expect(page.locator(".empty h3")).to_have_text("都审完了")
    assert (report_of(plan).state, report_of(plan, 1).state) == ("returned", "accepted")


def test_three_people_sign_a_set_up(desks, people):
    plan = running(people)
    task = plan.tasks.all()[0]
    for who in ("cen", "gu", "jiang"):
        desk = desks()
        page = desk.open("/login/")
        page.fill("#id_username", who)
        page.fill("#id_password", PASSWORD)
        page.click("button.pri")
        expect(page.locator("main#main h1")).to_be_visible()
        page = desk.open(f"/plans/{plan.pk}/set-up/?only=turn")
        page.locator(f"input[name=tasks][value='{task.pk}']").check()
        page.click("#sign")
        expect(page.locator(".toast")).to_contain_text("已签 1 项")
    page = desk.open(f"/plans/{plan.pk}/set-up/{task.key}/")
    task.refresh_from_db()
    assert task.set_up.state == "agreed"
    expect(page.locator(".note.g .mono")).to_have_text(task.set_up.digest)
