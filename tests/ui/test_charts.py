"""Charts as data: lines told apart without colour, a lone goal that is seen, a table that says the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from luoshi.ui.charts import DASHES, Year, year_chart

END = date(2026, 12, 31)
FIGURES = [(date(2026, 3, 31), Decimal("6.7")), (date(2026, 6, 30), Decimal("6.76"))]


def chart(plan):
    return year_chart("c", Year("生产总值", "%", plan, FIGURES, goal=Decimal("6.5")))


def test_a_goal_alone_is_a_level_line_over_the_year():
    drawn = chart([(END, Decimal("6.5"))])
    goal = drawn.options["series"][0]
    assert goal["data"] == [["2026-01-01", 6.5], ["2026-12-31", 6.5]] and goal["name"] == "达标线"
    assert drawn.heads[1] == "达标线" and drawn.rows[-1][:2] == ("2026-12-31", "6.5")
    assert [row[1] for row in drawn.rows[:-1]] == ["", ""], "nothing was due before"


def test_lines_differ_in_dash_and_point_and_the_legend_shows_it():
    plan = [(date(2026, 1, 1), Decimal(0)), (END, Decimal(12))]
    first, second = chart(plan).options["series"]
    assert first["data"][0] == ["2026-01-01", 0.0] and first["name"] == "计划"
    looks = {(line["lineStyle"]["type"], line["symbol"]) for line in (first, second)}
    assert looks == {("dashed", "none"), ("solid", "circle")}
    assert chart(plan).options["legend"]["data"][0] == {"name": "计划", "icon": DASHES}
