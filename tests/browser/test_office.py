"""From a number on the workbench to its tasks, and the leader's page at the width of a telephone, in a real browser."""

from __future__ import annotations

from luoshi.people.models import Tenure
from tests.browser.test_unit import open_page
from tests.cast import Cast
from tests.desk.test_office import paint, running


def test_from_a_number_to_its_tasks_and_a_reminder(desks, people: Cast):
    plan = running(people, 9)
    light = paint(plan, "red", people)
    desk, _page = open_page(desks, people, people.clerk.username)
    page = desk.open(f"/?plan={plan.pk}&period=2026-05")
    assert page.locator('[data-light="red"] b').inner_text().split()[0].startswith("1")
    page.click('[data-light="red"]')
    page.wait_for_url("**light=red")
    assert page.locator("table.lg td.key").count() == 1
    assert light.task.key in page.locator("table.lg td.key").get_attribute("title")
    page = desk.open(f"/?plan={plan.pk}&period=2026-05")
    page.click("text=全部催办")
    assert "已催" in page.locator("#toasts").inner_text()


def test_the_leader_reads_it_on_a_telephone(desks, people: Cast):
    paint(running(people, 9), "red", people)
    desk, _page = open_page(desks, people, people.leader.username, viewport={"width": 360, "height": 740})
    page = desk.open(f"/posts/{Tenure.objects.get(user=people.leader).post_id}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("article.ex").count() == 1
    assert float(page.locator("article.ex .why").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 15
