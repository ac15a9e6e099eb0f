"""The task page in a real browser: its chart is drawn, in the theme's colours, and its table says what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.desk import lived

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(cast, monkeypatch):
    monkeypatch.setenv("LUOSHI_TODAY", "2026-07-30")
    plan = lived.begun(cast)
    lived.live(plan, cast, range(3, 3 + 4))
    task = lived.the_task(plan)
    return f"/plans/{plan.pk}/tasks/{task.key}/"


def picture(page, name: str) -> None:
    """A picture to be looked at, where a folder for them was named."""
    if folder := os.environ.get("LUOSHI_PICTURES"):
        page.screenshot(path=str(Path(folder) / name), full_page=True)


def test_the_chart_is_drawn_and_its_table_agrees(desks, address):
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    page = desk.open(address)
    page.wait_for_selector(".chart [data-drawn] svg text")
    box = page.locator(".chart").first
    box.locator("summary").click()
    heads = box.locator("thead th").all_inner_texts()
    rows = [row.locator("th, td").all_inner_texts() for row in box.locator("tbody tr").all()]
    options = page.evaluate(
        "JSON.parse(document.getElementById(document.querySelector('[data-chart]').dataset.chart).textContent)"
    )
    official = heads.index("正式数")
    table = [[row[0], float(row[official])] for row in rows if row[official]]
    series = next(line for line in options["series"] if line["name"] == "正式数")
    assert table == series["data"] and len(table) == 4
    drawn = page.evaluate("[...document.querySelectorAll('.chart svg text')].map(t => t.textContent)")
    assert "正式数" in drawn and "计划" in drawn
    dashed = page.evaluate("[...document.querySelectorAll('.chart svg path[stroke-dasharray]')].length")
    assert dashed >= 1  # the plan is told from the actual without its colour
    picture(page, "task.png")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(200)
    colours = page.evaluate("[...document.querySelectorAll('.chart svg path')].map(p => p.getAttribute('stroke'))")
    assert "#e8eaec" in colours  # the dark theme's ink
    picture(page, "task-dark.png")


def test_without_the_drawing_the_table_stands_open(desks, address):
    desk = desks()
    desk.log_in("jiang", PASSWORD)
    desk.page.route(
        "**/charts.js", lambda route: route.fulfill(status=200, content_type="text/javascript", body="throw 1")
    )
    page = desk.open(address)
    page.wait_for_selector(".chart details[open] table")


def test_on_a_telephone_nothing_moves_sideways(desks, address):
    desk = desks(viewport={"width": 360, "height": 740})
    desk.log_in("jiang", PASSWORD)
    page = desk.open(address)
    page.wait_for_selector(".chart [data-drawn] svg text")
    wide = "[...document.querySelectorAll('#main *')].filter(e => !e.closest('.scroll, details') && e.getBoundingClientRect().right > 361)"
    assert page.evaluate(wide + ".map(e => e.outerHTML.slice(0, 80))") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture(page, "task-360.png")
    page = desk.open("/history/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture(page, "history-360.png")
