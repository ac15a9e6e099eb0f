"""The reading page in a real browser: pages as they look, doubts by kind, two documents compared, documents of 300 pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.cast import PASSWORD

expect = pytest.importorskip("playwright.sync_api").expect
pytest.importorskip("reportlab")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INSIDE = """(selector) => {
  const e = [...document.querySelectorAll(selector)].find((x) => x.offsetParent);
  if (!e) return null;
  const a = e.getBoundingClientRect(), b = document.getElementById('src').getBoundingClientRect();
  return a.top >= Math.max(b.top, 0) - 1 && a.bottom <= Math.min(b.bottom, innerHeight) + 1;
}"""


@pytest.fixture
def printed(people: Any) -> Any:
    """A PDF of two pages, received and read."""
    from luoshi.documents import actions
    from tests.desk.printed import pdf

    return actions.receive(ContentFile(pdf(), name="31.pdf"), people.clerk, people.county).document


def until(page: Any, question: str, argument: Any = None) -> None:
    """Wait for a function of the page to say yes; the page's own policy forbids Playwright's waiting for it."""
    for _ in range(100):
        if page.evaluate(question, argument):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {question} {argument or ''}")


def opened(desk: Any, document: Any, *, close: bool = True) -> Any:
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    page.wait_for_selector(".tk.cur")
    if close:
        page.wait_for_selector(".tk.open .ed")
        page.keyboard.press("Escape")
    return page


def test_a_field_lights_its_box_on_the_page_and_the_box_leads_back(desks, people, printed):
    desk = desks()
    page = opened(desk, printed)
    expect(page.locator("[data-face=text]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-face=pages]")
    page.wait_for_selector(".leaf img")
    until(page, "() => [...document.querySelectorAll('.leaf img')].some((i) => i.complete && i.naturalWidth > 900)")
    assert not page.locator(".sheet").is_visible()
    page.locator(".tk .f[data-f='t4.u1']").hover()
    page.wait_for_selector(".bx.on[data-f~='t4.u1']")
    until(page, INSIDE, ".bx.on")
    assert page.locator(".bx.on").get_attribute("aria-label") == "县教育局"
    # By keyboard: from the box back to its field.
    page.locator(".bx[data-f~='t5.u1']").focus()
    page.wait_for_selector(".tk .f.on[data-f='t5.u1']")
    page.keyboard.press("Enter")
    expect(page.locator(".tk.cur")).to_have_attribute("data-t", "t5")
    # Remembered on the next visit.
    page.reload()
    page.wait_for_selector(".leaf .bx")
    expect(page.locator("[data-face=pages]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-face=text]")
    assert page.locator(".sheet").is_visible() and not page.locator("#pages").is_visible()


def test_on_a_telephone_one_side_is_seen_at_a_time(desks, people, printed):
    desk = desks(viewport={"width": 360, "height": 740})
    page = opened(desk, printed, close=False)
    assert page.locator("#led").is_visible() and not page.locator("#src").is_visible()
    page.locator(".tk[data-t='t3'] .txt").click()
    page.locator(".tk[data-t='t3'] .txt").click()
    page.locator(".tk[data-t='t3'] [data-see]").click()
    assert page.locator("#src").is_visible() and not page.locator("#led").is_visible()
    until(page, INSIDE, ".sheet .cur")
    page.click("[data-face=pages]")
    page.wait_for_selector(".leaf .bx")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".bx[data-f~='t2.u1']").click()
    expect(page.locator("#led")).to_be_visible()
    expect(page.locator(".tk.cur")).to_have_attribute("data-t", "t2")


def test_all_doubts_of_a_kind_are_taken_as_read_and_taken_back(desks, people):
    from tests.desk.test_reading import doubtful

    page = opened(desks(), doubtful(people, 30))
    rows = page.locator(".doubts .db[data-doubt]")
    assert page.locator(".dkh").count() == 2 and rows.count() == 9
    closed = page.locator(".dkt[data-kind=text-cut]")
    expect(closed).to_have_attribute("aria-expanded", "false")
    closed.click()
    expect(page.locator("#dk-text-cut")).to_be_visible()
    page.locator("#dk-unit-odd .dmore").click()
    expect(rows).to_have_count(31)
    page.locator(".dkh", has=page.locator("[data-kind=unit-odd]")).locator(".btn").click()
    page.wait_for_selector("#sheet-dialog[open] .likes li")
    page.locator("#sheet-dialog .btn.pri").click()
    expect(rows).to_have_count(1)
    expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(page.locator("[data-state=doubt]")).to_have_count(0)
    with page.expect_navigation():
        page.locator("[data-undo-button]").click()
    expect(page.locator("[data-state=doubt]")).to_have_count(30)


def test_the_comparison_is_filtered_and_leads_to_the_words(desks, people):
    from luoshi.documents import actions
    from tests.last_year import last_year, this_year

    for name, text in (("2025.txt", last_year()), ("2026.txt", this_year())):
        actions.receive(ContentFile(text.encode(), name=name), people.clerk, people.county)
    desk = desks()
    page = desk.log_in("jiang", PASSWORD)
    page.locator("tr", has_text="2026.txt").get_by_role("link", name=re.compile("^对照")).click()
    page.locator("td a.btn").first.click()
    page.wait_for_url(re.compile(r"/compare/\d+/$"))
    chip = page.locator(".chip", has_text="承诺减弱")
    count = int(chip.locator("b").text_content())
    chip.click()
    expect(page.locator(".chip[aria-current]")).to_contain_text("承诺减弱")
    assert page.locator("tr[data-kind]").count() == count == page.locator("tr[data-kind=promise_weakened]").count()
    words = page.locator("td.n2 q").first.text_content()
    page.locator("td.n2 a").first.click()
    page.wait_for_selector(".tk.cur")
    assert re.sub(r"[“”]", "", words) in re.sub(r"[“”]", "", page.locator(".tk.cur .txt").text_content())


def test_a_document_of_300_pages_is_walked_pointed_at_and_stays_small(desks, people):
    from tests.desk import papers
    from tests.desk.test_windows import long_ledger

    document = papers.document(people.clerk, long_ledger(3000))
    page = opened(desks(), document)
    assert page.locator(".tk").count() < 150
    for _ in range(130):
        page.keyboard.press("j")
    expect(page.locator(".tk.cur")).to_have_attribute("data-t", "t131")
    expect(page.locator(".sheet p.cur")).to_have_attribute("data-t", "t131")
    until(page, INSIDE, ".sheet p.cur")
    page.keyboard.press("k")
    expect(page.locator(".tk.cur")).to_have_attribute("data-t", "t130")
    # Far away by scrolling: what comes into sight is fetched, and pointing fetches the other side.
    page.evaluate("document.querySelector('.led .win[data-has~=t2500]').scrollIntoView()")
    field = page.locator(".tk .f[data-f='t2500.u1']")
    field.scroll_into_view_if_needed()
    field.hover()
    page.wait_for_selector(".sheet .sp.on[data-f~='t2500.u1']")
    until(page, INSIDE, ".sheet .sp.on")
    # Through all of it: what is far away is let go again.
    for n in range(0, 75, 2):
        page.evaluate(f"document.querySelectorAll('.led .win')[{n}].scrollIntoView()")
        page.wait_for_timeout(40)
    page.wait_for_timeout(1500)
    assert page.locator(".led .win[data-loaded]").count() <= 16
    assert page.evaluate("document.querySelectorAll('*').length") < 20_000
    # Nobody has confirmed anything: nothing to show, and nothing is fetched for it.
    page.click("[data-show=checked]")
    assert page.locator(".led .tk:not(.hide)").count() == 1
    page.click("[data-show=all]")
    page.keyboard.press("j")
    expect(page.locator(".tk.cur")).to_have_attribute("data-t", "t131")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(desks, people, printed, scheme):
    from axe_playwright_python.sync_playwright import Axe

    from tests.desk import papers
    from tests.desk.test_reading import doubtful

    doubts, other = doubtful(people, 30), papers.document(people.clerk, papers.ledger(30), "other.txt")
    desk = desks(color_scheme=scheme)
    page = opened(desk, printed)
    found = []

    def check(name: str) -> None:
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((name, violation["id"], [n["target"] for n in violation["nodes"]][:3]))

    page.click("[data-face=pages]")
    page.wait_for_selector(".leaf .bx")
    check("pages")
    desk.open(f"/documents/{doubts.pk}/")
    page.wait_for_selector(".tk.cur")
    check("doubts")
    desk.open(f"/documents/{doubts.pk}/compare/")
    check("choose")
    desk.open(f"/documents/{other.pk}/compare/{doubts.pk}/")
    check("compare")
    assert not found
