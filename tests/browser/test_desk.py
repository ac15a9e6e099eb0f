"""The first walk through the house, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cast import PASSWORD

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = """澜湾县人民政府办公室关于印发重点工作责任分解的通知
澜政办发〔2026〕31号
政府工作报告2026年重点工作责任分解
一、沈牧川县长牵头重点工作
1.全县生产总值增长6.5%左右。
责任单位：县发改局
2.完成12个老旧小区综合改造，力争惠及居民3500户。
责任单位：县住建局、望潮街道
3.新建污水管网28公里以上。
责任单位：县住建局
二、顾怀璟常务副县长牵头重点工作
1.新增公办学位900个，建成望潮小学。
责任单位：县教育局
2.改造中心城区道路9条。
责任单位：县住建局
3.规上工业增加值增长8%以上。
责任单位：县统计局
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "澜政办发31号.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def upload(desk: Any, path: Path) -> Any:
    page = desk.open("/documents/upload/")
    page.set_input_files("input[type=file]", str(path))
    page.locator("#files li.good a.go").click()
    page.wait_for_selector("[data-reading] .tk.cur")
    page.wait_for_selector(".tk.open .ed")
    return page


def settle_doubts(page: Any) -> None:
    while page.locator(".doubts .db:not(.ok)").count():
        before = page.locator(".doubts .db:not(.ok)").count()
        page.locator(".doubts .db:not(.ok) button").first.click()
        expect(page.locator(".doubts .db:not(.ok)")).not_to_have_count(before)


def field(page: Any, label: str) -> str:
    """The field keys of the task with this label."""
    key = page.locator(".tk", has=page.locator(f".k:text-is('{label}')")).get_attribute("data-t")
    assert key
    return key


def test_from_a_file_to_an_excel_ledger(desks, people, file, tmp_path):
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = upload(desk, file)
    assert page.locator(".tk").count() == 6
    assert page.locator("#adopt button.pri").is_disabled(), "adoption waits for doubts"
    settle_doubts(page)

    # Two fields: a value and a unit's role.
    key = field(page, "1-2")
    page.locator(f"#t-{key} .txt").click()
    page.locator(f"#t-{key} .txt").click()
    value = page.locator(f"#t-{key} .ed input[name$='/value']").first
    value.fill("15")
    page.locator(f"#t-{key} .ed select[name$='/role']").first.select_option("lead")
    page.locator(f"#t-{key} [data-save]").click()
    expect(page.locator(f"#t-{key}")).to_have_attribute("data-state", "checked")
    assert "15 个" in page.locator(f"#t-{key} .fs").text_content()

    # Take back the confirmation and put it back again.
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.locator("[data-undo-button]").click()
    assert page.locator(f"#t-{key}").get_attribute("data-state") != "checked"
    page.wait_for_selector(".tk.open .ed")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("r")
    assert page.locator(f"#t-{key}").get_attribute("data-state") == "checked"
    page.click("#history-button")
    page.wait_for_selector("#sheet-dialog .hist")
    assert "江晓帆" in page.locator(".hist").text_content()
    page.locator("#sheet-dialog [data-close]").click()

    page.locator("#adopt button.pri").click()
    page.wait_for_selector("#sheet-dialog[open] footer .pri")
    page.locator("#sheet-dialog footer .pri").click()
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    assert page.locator(".lg .tt a").count() == 6
    page.select_option("#by-unit", label="县住建局")
    page.wait_for_url(re.compile(r"unit=\d+"))
    expect(page.locator(".lg .tt a")).to_have_count(3)
    page.locator("#export summary").click()
    with page.expect_download() as waiting:
        page.locator("#export a[data-export]").click()
    saved = tmp_path / "ledger.xlsx"
    waiting.value.save_as(saved)
    rows = list(load_workbook(saved)["台账"].iter_rows(min_row=4, values_only=True))
    assert len(rows) == 3 and any("15 个" in str(cell) for row in rows for cell in row)
    page.locator(".lg .tt a").first.click()
    page.wait_for_selector(".promise .me")
    assert "责任单位：县住建局" in page.locator(".promise .me").text_content()


def test_pointing_on_either_side_lights_the_other_and_scrolls_only_the_other(desks, people):
    from tests.desk import papers

    document = papers.document(people.clerk)
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    page.wait_for_selector(".tk.open .ed")
    page.keyboard.press("Escape")
    last = page.locator(".tk .f[data-f='t60.u1']")
    last.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    last.scroll_into_view_if_needed()
    right = page.evaluate("document.getElementById('led').scrollTop")
    last.hover()
    page.wait_for_selector(".sheet .sp.on[data-f='t60.u1']")
    inside = "(e => { const a = e.getBoundingClientRect(), b = e.closest('.src,.led').getBoundingClientRect(); return a.top >= b.top && a.bottom <= b.bottom })"
    assert page.evaluate(f"{inside}(document.querySelector('.sheet .sp.on'))")
    assert page.evaluate("document.getElementById('led').scrollTop") == right
    left = page.evaluate("document.getElementById('src').scrollTop")
    mark = page.locator(".sheet .sp.on")
    mark.hover()
    page.wait_for_selector(".f.on[data-f='t60.u1']")
    assert page.evaluate("document.getElementById('src').scrollTop") == left
    page.locator("[data-unread]").click()
    assert page.evaluate("document.activeElement.id") == "nu-0"


def test_the_walk_works_without_a_mouse(desks, people, file):
    desk = desks()
    page = desk.open("/login/")
    page.keyboard.type("jiang")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.base}/")
    upload(desk, file)

    page.keyboard.press("Escape")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.closest('.db') !== null")
    page.keyboard.press("Enter")
    expect(page.locator(".doubts .db:not(.ok)")).to_have_count(0)

    first, second, third = (field(page, label) for label in ("1-1", "1-2", "1-3"))
    page.locator(f"#t-{first}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#t-{first}")).to_have_attribute("data-state", "checked")
    assert page.locator(".tk.cur").get_attribute("data-t") == second
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.locator(".tk.cur").get_attribute("data-t") == first
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator(".tk.cur").get_attribute("data-t") == third
    page.keyboard.press("e")
    page.wait_for_selector(f"#t-{third}.open .ed")
    expect(page.locator(f"#t-{third} .ed select").first).to_be_focused()
    for _ in range(20):
        if page.evaluate("document.activeElement.name?.endsWith('/value')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.locator(f"#t-{third} .fs")).to_contain_text("30 公里")
    page.wait_for_selector(".tk.open .ed")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.locator(f"#t-{third}").get_attribute("data-state") == "open"
    page.wait_for_selector(".tk.open .ed")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")

    page.locator("#adopt button.pri").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet-dialog[open] footer .pri")
    page.locator("#sheet-dialog footer .pri").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".promise")
    page.keyboard.press("j")
    expect(page.locator(".crumb .mono")).to_have_text("2026-GZ-1-2")


def test_a_section_is_corrected_and_taken_back(desks, people):
    from tests.desk import papers

    document = papers.document(people.clerk)
    desk = desks(locale="en-US")
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    page.get_by_role("button", name="改章节 二、顾怀璟常务副县长牵头重点工作").click()
    page.fill("[name='s2.l1/name']", "林疏影")
    page.fill("[name='s2/heading']", "二、林疏影常务副县长牵头重点工作")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".sech h2", has_text="林疏影")).to_be_visible()
    expect(page.locator("#history-button .count")).to_have_text("1")
    expect(page.locator(".tk.cur .k")).to_have_text("2-1")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(".sech h2", has_text="顾怀璟")).to_be_visible()


SELECT = """([words]) => {
  const walk = document.createTreeWalker(document.querySelector("#src .sheet"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: "center" });
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return true;
  }
}"""


def test_words_picked_in_the_document_become_parts_of_the_task(desks, people):
    from tests.desk import papers

    document = papers.document(people.clerk)
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/?at=t5")
    page.wait_for_selector(".tk.open .ed")
    assert page.evaluate(SELECT, ["深化全域土地综合整治"])
    page.wait_for_timeout(200)
    page.locator("#src").dispatch_event("mouseup")
    page.get_by_role("menuitem", name="作为成果").click()
    expect(page.locator(".tk.cur .ed [name='t5.dc1/name']")).to_have_value("深化全域土地综合整治")
    expect(page.locator("#pick")).to_be_hidden()
    page.locator("[name='t5.g1/subject']").focus()
    page.locator(".ed [data-cancel]").click()
    assert page.evaluate(SELECT, ["完成"])
    page.wait_for_timeout(200)  # the scrolling that brought the words into sight would close the menu
    page.keyboard.press("a")
    expect(page.get_by_role("menuitem", name="作为单位")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".tk.cur .ed [name='t5.uc2/name']")).to_have_value("完成")
    spans = [c.after["value"]["at"] for c in document.reading().corrections.all()]
    blocks = document.reading().ledger["blocks"]
    assert [blocks[s["block"]]["text"][s["start"] : s["end"]] for s in spans] == ["深化全域土地综合整治", "完成"]


def test_quick_keys_confirm_one_task_each(desks, people):
    from tests.desk import papers

    made = papers.ledger(20)
    made["doubts"] = []
    document = papers.document(people.clerk, made)
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    page.wait_for_selector(".tk.open .ed")
    page.keyboard.press("Escape")
    for _ in range(8):
        page.keyboard.press("Enter")
    expect(page.locator(".tk[data-state=checked]")).to_have_count(8)
    expect(page.locator("#prog")).to_have_text("已确认 8 / 20")
    expect(page.locator("#n-open")).to_have_text("12")
    assert page.locator(".tk.cur .k").text_content() == "2-9"
    assert document.reading().corrections.count() == 8


def test_every_mark_of_the_document_is_reached_by_keyboard(desks, people):
    from tests.desk import papers

    document = papers.document(people.clerk, papers.ledger(20))
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    unreachable = page.evaluate(
        """() => { const keys = new Set(), reached = new Set();
        for (const mark of document.querySelectorAll('.sheet .sp, .sheet .nu')) {
          const own = (mark.dataset.f || mark.id).split(' ');
          own.forEach(k => keys.add(k));
          if (mark.tabIndex >= 0) own.forEach(k => reached.add(k));
        }
        return [...keys].filter(k => k && !reached.has(k)); }"""
    )
    assert unreachable == []


@pytest.fixture
def typed(desks: Any, people: Any) -> Any:
    """A page whose first task has a value typed and not saved, and the document."""
    from tests.desk import papers

    made = papers.ledger(20)
    made["doubts"] = []
    document = papers.document(people.clerk, made)
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/?at=t5")
    page.wait_for_selector("#t-t5.open .ed")
    page.fill("#t-t5 [name='t5.g1/value']", "900")
    return desk, page, document


def value_of(document: Any) -> Any:
    tasks = (t for p in document.reading().confirmed()["plans"] for s in p["sections"] for t in s["tasks"])
    return next(t for t in tasks if t["key"] == "t5")["targets"][0]["value"]


def test_who_leaves_what_was_typed_is_asked(typed):
    _desk, page, document = typed
    box = page.locator("#t-t5 [name='t5.g1/value']")
    box.focus()
    page.keyboard.press("Escape")
    expect(page.locator("#unsaved")).to_be_visible()
    expect(page.locator("#unsaved [data-then=save]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#unsaved")).not_to_be_visible()
    expect(box).to_have_value("900")
    page.locator("#history-button").focus()
    for leave in (lambda: page.keyboard.press("j"), lambda: page.locator(".bar nav a").first.click()):
        leave()
        expect(page.locator("#unsaved")).to_be_visible()
        page.locator("[data-then=stay]").click()
        expect(box).to_have_value("900")
    assert value_of(document) == 800
    page.locator("#history-button").focus()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#t-t5 .fs")).to_contain_text("900")
    expect(page.locator("#t-t4.cur.open .ed")).to_be_visible()
    assert value_of(document) == 900
    page.fill("#t-t4 [name='t4/deadline']", "2026-09")
    page.locator(".bar nav a").first.click()
    page.locator("[data-then=discard]").click()
    page.wait_for_url(re.compile(r"/$"))


def test_a_session_that_ends_keeps_what_was_typed(typed):
    desk, page, document = typed
    desk.context.clear_cookies(name="sessionid")
    page.locator("#t-t5 [data-save]").click()
    expect(page.locator("#expired")).to_be_visible()
    with desk.context.expect_page() as opening:
        page.locator("#expired a[target=_blank]").click()
    other = opening.value
    other.fill("#id_username", "jiang")
    other.fill("#id_password", PASSWORD)
    other.click("button.pri")
    other.wait_for_url(f"{desk.base}/")
    page.locator("[data-again]").click()
    expect(page.locator("#t-t5 .fs")).to_contain_text("900")
    assert value_of(document) == 900


@pytest.mark.parametrize(("choice", "kept"), [("用对方的", 700), ("用我的", 900)])
def test_what_a_colleague_typed_is_shown_beside_ones_own(typed, people, choice, kept):
    from luoshi.documents import actions

    desk, page, document = typed
    actions.correct(document, actions.Edit("set", "t5.g1", {"value": 700}), people.second_clerk)
    page.locator("#t-t5 [data-save]").click()
    clash = page.locator("#t-t5 .clash")
    expect(clash).to_contain_text("对方改成了“700”，您填的是“900”")
    clash.get_by_role("button", name=choice).click()
    page.locator("#t-t5 [data-save]").click()
    expect(page.locator("#t-t5 .fs")).to_contain_text(str(kept))
    assert value_of(document) == kept
    desk.complaints.clear()  # the browser reports the 409 that was asked for


def test_when_the_session_ended_the_log_in_page_does_not_land_inside(desks, people):
    from tests.desk import papers

    document = papers.document(people.clerk, papers.ledger(20))
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    page.wait_for_selector(".tk.open .ed")
    desk.context.clear_cookies(name="sessionid")
    page.click("#history-button")
    page.wait_for_url(re.compile("/login/"))
    assert page.locator("#id_username").is_visible()


PAGES = [
    "/login/",
    "/",
    "/documents/upload/",
    "/documents/{document}/",
    "/plans/{plan}/",
    "/plans/{plan}/tasks/2026-GZ-1-1/",
    "/nowhere/",
]


@pytest.fixture
def filled(people: Any) -> dict[str, int]:
    """A document to check and a plan."""
    from tests.desk import papers
    from tests.desk.test_ledger import adopted

    return {"plan": adopted(people.clerk).pk, "document": papers.document(people.clerk, name="second.txt").pk}


def visit(desk: Any, filled: dict[str, int]) -> Any:
    """Each main page, ready to be looked at."""
    for path in PAGES:
        if path == "/":
            desk.log_in("jiang", PASSWORD)
        page = desk.open(path.format(**filled))
        if "documents/{" in path:
            page.wait_for_selector(".tk.cur")
            page.wait_for_timeout(300)
        yield path, page
        if path == "/nowhere/":
            desk.complaints.clear()  # the browser reports the 404 that was asked for


def test_a_row_of_the_ledger_is_whole_on_a_telephone(desks, people, filled):
    desk = desks(viewport={"width": 360, "height": 740})
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/plans/{filled['plan']}/")
    row = page.locator("table.lg tbody tr:not(.gh)", has=page.locator("td.g div")).first
    row.scroll_into_view_if_needed()
    for cell in ("td.u .nw", "td.g b", "td.tt a"):
        box = row.locator(cell).first.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360, cell
    assert page.evaluate("[...document.querySelectorAll('table.lg td:empty')].every(e => !e.offsetHeight)")
    outside = """() => [...document.querySelectorAll('table.lg tbody *')].filter(e => {
        const b = e.getBoundingClientRect(); return b.width && (b.right > 361 || b.left < 0) }).length"""
    assert page.evaluate(outside) == 0


def test_nothing_runs_off_a_telephone(desks, people, filled):
    for path, page in visit(desks(viewport={"width": 360, "height": 740}), filled):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{path} is {width} px wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(desks, people, filled, scheme):
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for path, page in visit(desks(color_scheme=scheme), filled):
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((path, violation["id"], [n["target"] for n in violation["nodes"]][:3]))
    assert not found


def test_the_ledger_prints_on_a4_across(desks, people, filled):
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/plans/{filled['plan']}/")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = [tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)]
    assert boxes and all(840 < width < 844 and 593 < height < 597 for width, height in boxes)


def test_theme_and_language_stay_chosen(desks, people):
    desk = desks()
    page = desk.log_in("jiang", PASSWORD)
    page.locator("summary.who").click()
    page.locator("[data-theme-choice=dark]").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 22, 25)"
    page.locator("button[name=language][value=en]").click()
    page.wait_for_selector("text=From document to ledger")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.locator("h1").text_content() == "Desk"


def test_a_wrong_file_says_why_and_others_go_on(desks, people, file, tmp_path):
    wrong = tmp_path / "照片.png"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open("/documents/upload/")
    page.set_input_files("input[type=file]", [str(wrong), str(file)])
    page.wait_for_selector("#files li.good")
    assert page.locator("#files li.bad [role=alert]").text_content().strip()
    assert page.locator("#files li").count() == 2


def test_500_tasks_are_walked_without_waiting(desks, people):
    from tests.desk import papers

    document = papers.document(people.clerk, papers.ledger(500))
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(f"/documents/{document.pk}/")
    page.wait_for_selector(".tk.open .ed")
    page.keyboard.press("Escape")
    walked = page.evaluate(
        """async () => {
        const frame = () => new Promise(requestAnimationFrame);
        const fields = [...document.querySelectorAll('.led .f')].filter((_, n) => n % 10 === 0);
        let lit = 0, there = 0;
        for (const f of fields) {
          f.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
          await frame();
          const words = document.querySelector(`.sheet [data-f~="${f.dataset.f.split(' ')[0]}"]`);
          if (words) there += 1;
          if (words && words.classList.contains('on')) lit += 1;
        }
        return { lit, there };
      }"""
    )
    assert walked["lit"] == walked["there"] >= 20
