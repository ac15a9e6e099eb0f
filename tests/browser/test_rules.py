"""Rules chosen in words, tried on the months before, adopted; a light objected to and set by hand by others: all by clicking."""

from __future__ import annotations

import pytest

from luoshi.progress import light_actions
from luoshi.progress.models import RuleSet
from luoshi.supervision.models import Objection, OverrideRequest
from tests.browser.test_set_up import opened
from tests.desk.running import running, send

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan(people, monkeypatch):
    """A plan with its first report sent; nobody has lit March yet."""
    monkeypatch.setenv("LUOSHI_TODAY", "2026-04-02")
    plan = running(people)
    send(plan, people, 老旧小区=1)
    return plan


def test_the_four_families_are_read_tried_and_one_is_adopted(desks, people, plan):
    light_actions.compute(plan.periods.get(name="2026-03"))
    page = opened(desks, people.clerk).open(f"/plans/{plan.pk}/rules/")
    families = page.locator("details.fold", has=page.locator("a[href*='family=']"))
    assert families.count() == 4
    for n, said in enumerate(("百分点", "%", "逾期", "预计")):
        families.nth(n).locator("summary").click()
        assert said in families.nth(n).locator("ul").inner_text()
    families.nth(1).locator("a[href*='family=']").click()
    page.wait_for_url("**family=ratio**")
    page.locator("[name=r0-0-limit]").fill("95")
    page.click("[name=do][value=try]")
    trial = page.locator("#trial")
    expect(trial).to_contain_text("95")
    expect(trial.locator("h3")).to_have_text("2026-03")
    assert trial.locator("tbody tr").count() >= 1 and RuleSet.objects.count() == 1, "a trial adopts nothing"
    page.fill("[name=basis]", "县政府督查办法第十二条")
    page.click("#adopt")
    page.wait_for_selector("text=已采用")
    assert RuleSet.objects.latest("version").basis == "县政府督查办法第十二条"
    assert "95" in page.locator("section[aria-labelledby=h-now]").inner_text()


def test_a_light_is_objected_to_and_decided_by_somebody_else(desks, people, plan):
    office, unit = opened(desks, people.clerk), opened(desks, people.head)
    page = office.open(f"/?plan={plan.pk}&period=2026-03")
    page.click("text=亮灯 >> visible=true")
    page.wait_for_selector("text=2026-03 亮灯：判了")
    light = light_actions.newest(plan)[plan.tasks.all()[0].pk]
    page = unit.open(f"/lights/{light.pk}/")
    page.fill("#reason", "雨季停工，见气象证明")
    page.click("button.pri")
    page.wait_for_selector("text=异议已提出")
    page = office.open("/objections/")
    page.fill("[name=decision]", "维持")
    page.click("text=不成立")
    expect(page.locator("#toasts")).not_to_be_empty()
    assert Objection.objects.get().state == "raised", "not by the one who lit it"
    page = opened(desks, people.second_clerk).open("/objections/")
    page.fill("[name=decision]", "证明属实")
    page.click("text=成立，改灯")
    page.wait_for_selector("text=已复核")
    assert Objection.objects.get().state == "upheld"
    assert "证明属实" in unit.open(f"/lights/{light.pk}/").inner_text("#main")


def test_a_light_set_by_hand_needs_two(desks, people, plan):
    light_actions.compute(plan.periods.get(name="2026-03"))
    light = light_actions.newest(plan)[plan.tasks.all()[0].pk]
    office = opened(desks, people.clerk)
    page = office.open(f"/lights/{light.pk}/")
    page.locator("[name=colour]").select_option("green")
    page.fill("[name=reason]", "统计口径调整")
    page.click("text=提出 >> visible=true")
    page.wait_for_selector("text=等另一人批准")
    assert office.open("/objections/").locator("button[name=agreed]").count() == 0, "not by the one who asked"
    page = opened(desks, people.second_clerk).open("/objections/")
    page.click("button[name=agreed][value=yes]")
    page.wait_for_load_state("networkidle")
    assert OverrideRequest.objects.get().state == "approved"
    assert "人工改为" in office.open(f"/lights/{light.pk}/").inner_text("#main")
