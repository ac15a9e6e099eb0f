"""A unit's month in a real browser, every key press and click counted; and what is typed outlives a lost connection."""

from __future__ import annotations

import pytest

from luoshi.cli.example.papers import letter
from luoshi.progress.models import Report
from tests.cast import PASSWORD, Cast
from tests.desk.test_unit import running

MOST = 40  # keys and clicks for a month of ten items: six unchanged, three figures, one file


class Hands:
    """A person's keys and clicks, counted one by one."""

    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def click(self, words: str) -> None:
        """Click something."""
        self.page.click(words)
        self.count += 1


def open_page(desks, cast: Cast, user: str, **options):
    desk = desks(**options)
    desk.open("/login/")
    desk.page.fill("#id_username", user)
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("button.pri")
    desk.page.wait_for_url(lambda url: "/login/" not in url)
    return desk, desk.open(f"/units/{cast.units['县住建局'].pk}/")


def reports(cast: Cast) -> list[Report]:
    found = Report.objects.filter(unit=cast.units["县住建局"], period__name="2026-04")
    return list(found.order_by("task__order"))


def test_a_month_of_ten_items_takes_at_most_forty_keys_and_clicks(desks, people, tmp_path, capsys):
    running(people, 20)
    assert len(reports(people)) == 10
    _desk, page = open_page(desks, people, people.head.username)
    paper = tmp_path / "验收单.pdf"
    paper.write_bytes(letter("验收单.pdf", ["验收合格"]).read())
    hands = Hands(page)
    hands.press("u", "u", "u", "u", "u", "u")
    for figure in ("3", "4.5", "12"):
        hands.press("Enter", *figure)
        if page.evaluate("document.activeElement.closest('.it').querySelectorAll('[data-figure]').length") > 1:
            hands.press("Tab")  # away from the figure: only one of the two has changed
            page.evaluate("document.activeElement.blur()")
            hands.press("j")
        else:
            hands.press("Enter")
    tenth = page.locator(".it").nth(9)
    with page.expect_file_chooser() as chooser:
        tenth.locator(".file.drop:not(.cam)").click()
        hands.count += 1
    chooser.value.set_files(paper)
    hands.count += 2  # the file in the chooser, and 打开
    tenth.locator(".ev a", has_text="验收单.pdf").wait_for()
    hands.press("u")
    page.on("dialog", lambda dialog: dialog.accept())
    hands.press("s")
    hands.count += 1  # Enter in the question
    page.locator(".toast", has_text="10 项已签发报送").wait_for()
    with capsys.disabled():
        print(f"\na unit's month of ten items: {hands.count} keys and clicks")
    assert hands.count <= MOST
    sent = reports(people)
    assert [r.state for r in sent] == ["submitted"] * 10
    assert sum(r.unchanged for r in sent) == 7 and sent[9].evidence_uses.count() == 1
    assert sum(r.measurements.count() for r in sent) == 3


def test_what_is_typed_outlives_a_lost_connection_and_a_closed_page(desks, people):
    running(people)
    desk, page = open_page(desks, people, people.liaison.username)
    desk.context.set_offline(True)
    page.keyboard.press("n")
    page.keyboard.type("望潮里已完工")
    page.locator("#lost").wait_for()
    page.goto("about:blank")  # while the net is away: back on line, the page would send at once what it keeps
    desk.context.set_offline(False)
    desk.complaints.clear()  # that the net was away, the browser says itself
    page = desk.open(f"/units/{people.units['县住建局'].pk}/")
    page.locator(".toast", has_text="已恢复").wait_for()
    page.locator("#saved", has_text="已自动保存").wait_for()
    first = reports(people)[0]
    assert first.draft["progress"]["value"] == "望潮里已完工"


def test_what_the_server_refuses_is_said_beside_the_item_and_kept(desks, people):
    plan = running(people)
    desk, page = open_page(desks, people, people.head.username)
    page.locator(".same").nth(1).click()
    page.locator("#saved", has_text="已自动保存").wait_for()
    plan.periods.filter(name="2026-04").update(state="locked")
    first = page.locator(".it").first
    first.locator("details.more summary").click()
    first.locator("[data-text=progress]").fill("望潮里已完工")
    first.locator(".refused", has_text="已锁定，补报请先联系督查室").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#send")
    page.locator(".toast", has_text="已锁定，补报请先联系督查室").wait_for()
    assert not page.locator("#lost").is_visible()
    assert first.locator("[data-text=progress]").input_value() == "望潮里已完工"
    assert [r.state for r in reports(people)].count("submitted") == 0
    plan.periods.filter(name="2026-04").update(state="open")
    first.locator("[data-text=progress]").fill("望潮里已完工。")
    first.locator(".refused").wait_for(state="detached")
    assert not page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('luoshi-unit-')).length")
    assert reports(people)[0].draft["progress"]["value"] == "望潮里已完工。"
    desk.complaints.clear()  # a refused save stands in the browser's console too


def test_two_browsers_on_one_report_are_merged_and_the_other_s_figure_is_offered(desks, people):
    running(people)
    _one, first = open_page(desks, people, people.liaison.username)
    _two, second = open_page(desks, people, people.head.username)
    for page in (first, second):
        page.locator(".it details.more summary").first.click()
    said = "一、摸排完成。\n二、正在施工。"

    def write(page, words: str, value: str) -> None:
        with page.expect_response(lambda r: r.url.endswith("/draft/")):
            page.locator("[data-text=progress]").first.fill(words)
            page.locator("[data-figure]").first.fill(value)

    write(first, said, "3")
    second.reload()
    write(first, said.replace("完成", "全部完成"), "4")
    write(second, said.replace("施工", "抓紧施工"), "5")
    both = "一、摸排全部完成。\n二、正在抓紧施工。"
    second.wait_for_function("t => document.querySelector('[data-text=progress]').value === t", arg=both)
    theirs = second.locator(".theirs").first
    assert "4" in theirs.inner_text()
    assert second.locator("[data-figure]").first.input_value() == "5"
    with second.expect_response(lambda r: r.url.endswith("/draft/")):
        theirs.locator("button").click()
    assert second.locator("[data-figure]").first.input_value() == "4"
    draft = reports(people)[0].draft
    assert draft["progress"]["value"] == both
    assert [each["value"]["value"] for name, each in draft.items() if name.startswith("target.")] == ["4"]


def test_the_page_fits_a_phone(desks, people):
    running(people)
    _desk, page = open_page(desks, people, people.liaison.username, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".cam").first.is_visible()
    assert page.locator(".cam input").first.get_attribute("capture") == "environment"


def test_figures_are_judged_while_typed_and_a_file_is_pasted(desks, people):
    running(people)
    _desk, page = open_page(desks, people, people.liaison.username)
    entry = page.locator(".ent").first
    entry.locator("[data-figure]").fill("1")
    assert "低于序时" in entry.locator(".out").inner_text()
    entry.locator("[data-figure]").fill("１２")
    assert "已达到全年目标" in entry.locator(".out").inner_text()
    page.evaluate(
        """() => { const data = new DataTransfer();
        data.items.add(new File(["验收合格"], "批复.txt", { type: "text/plain" }));
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true })); }"""
    )
    page.locator(".it .ev a", has_text="批复.txt").wait_for()


def test_a_file_dropped_on_an_item_goes_with_that_item(desks, people):
    running(people)
    _desk, page = open_page(desks, people, people.liaison.username)
    page.locator(".it").nth(1).evaluate(
        """(it) => { const data = new DataTransfer();
        data.items.add(new File(["验收合格"], "验收单.txt", { type: "text/plain" }));
        for (const kind of ["dragover", "drop"])
          it.querySelector("h3").dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })); }"""
    )
    page.locator(".it").nth(1).locator(".ev a", has_text="验收单.txt").wait_for()
    assert [r.evidence_uses.count() for r in reports(people)[:2]] == [0, 1]


def test_what_is_no_number_is_said_at_its_box_kept_and_never_sent(desks, people):
    running(people)
    _desk, page = open_page(desks, people, people.head.username)
    box, line = page.locator("[data-figure]").first, page.locator(".ent .wrong").first
    with page.expect_response(lambda r: r.url.endswith("/draft/")):
        box.fill("abc")
        assert "“abc”不是数字" in line.inner_text()  # before it was saved
    assert box.get_attribute("aria-invalid") == "true"
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#send")
    page.locator(".toast", has_text="不是数字").wait_for()
    assert page.evaluate("document.activeElement.matches('[data-figure]')")
    page.reload()
    assert (box.input_value(), line.inner_text()) == ("abc", line.inner_text()) and "不是数字" in line.inner_text()
    with page.expect_response(lambda r: r.url.endswith("/draft/")):
        box.fill("1")
    line.filter(has_text="请写明更正原因").wait_for()
    assert page.locator(".fine [data-part=note]").first.is_visible()
    with page.expect_response(lambda r: r.url.endswith("/draft/")):
        box.fill("１2")
    assert line.is_hidden() and [r.state for r in reports(people)].count("submitted") == 0


def test_unchanged_puts_what_was_typed_aside_and_the_next_press_brings_it_back(desks, people):
    running(people)
    _desk, page = open_page(desks, people, people.liaison.username)
    box, same = page.locator("[data-figure]").first, page.locator(".same").first

    def drafted() -> dict:
        return {name.partition(".")[0]: held["value"] for name, held in reports(people)[0].draft.items()}

    for act, figure in ((lambda: box.fill("5"), "5"), (same.click, None), (same.click, "5")):
        with page.expect_response(lambda r: r.url.endswith("/draft/")):
            act()
        held = drafted()
        assert (held["target"] or {}).get("value") == figure and bool(held.get("unchanged")) == (figure is None)
    assert box.input_value() == "5"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_nameless_control(desks, people, theme):
    running(people)
    _desk, page = open_page(desks, people, people.head.username, color_scheme=theme)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("main input, main select, main textarea, main button")].filter((e) =>
        e.type !== "hidden" && !e.labels?.length && !e.getAttribute("aria-label") && !e.textContent.trim()).length"""
    )
    assert nameless == 0
