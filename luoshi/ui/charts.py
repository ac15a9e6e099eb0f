"""Charts as data: the options of the drawing (ECharts), one sentence and the table that says the same. Pure.

A string that begins with ``--`` is a colour of the theme. Nothing is told by colour alone: lines differ in their dashes,
points in their shape, surfaces in their pattern, so that a page printed in grey can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

TEXT = "--ink-2"
DASHES = "path://M0,0H8V2H0ZM11,0H19V2H11ZM22,0H30V2H22Z"  # the drawing gives a line without points a round one in its legend
Point = tuple[date, Decimal]


@dataclass(frozen=True)
class Chart:
    """A chart to be shown with ``ui/_chart.html``. ``rows`` are cells as text; the first of a row names it."""

    key: str
    sentence: str
    options: Mapping[str, Any]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Year:
    """A target's year in its unit: what is due, what is there (official and estimated apart), what is expected.

    ``outlook``: year-end estimate, lower and upper end of its band, and the figure it sets out from. ``original``: the
    goal before it was adjusted, None where it was not.
    """

    name: str
    unit: str
    plan: Sequence[Point]
    official: Sequence[Point]
    estimated: Sequence[Point] = ()
    outlook: tuple[Point, Point, Decimal, Decimal] | None = None
    goal: Decimal | None = None
    original: Decimal | None = None


def plain(value: Decimal | None) -> str:
    """A figure without trailing zeros, at most two places; "" for none.

    >>> plain(Decimal("2463.000")), plain(None)
    ('2463', '')
    """
    return "" if value is None else f"{round(value, 2).normalize():f}"


def year_chart(key: str, year: Year) -> Chart:
    """Plan dashed, official figures solid with full points, estimates hollow, the forecast dotted with its band hatched."""
    lines = [
        _line(_goal_name(year), _goal_line(year), "--accent", "dashed", symbol="none"),
        _line(_("正式数"), year.official, "--ink", "solid", symbol="circle"),
    ]
    if year.estimated:
        lines.append(_line(_("预计数"), year.estimated, "--k-target", "dotted", symbol="emptyDiamond"))
    if year.outlook:
        lines += _forecast(year.outlook)
    if marks := _marks(year):
        lines[0]["markLine"] = {"silent": True, "symbol": "none", "data": marks}
    legend = [
        {"name": line["name"], **({"icon": DASHES} if line is lines[0] else {})} for line in lines if line["name"]
    ]
    unit = f"（{year.unit}）" if year.unit else ""
    options = {
        **_frame(year.name + unit, legend),
        "xAxis": {"type": "time", "axisLabel": {"formatter": _("{M}月"), "color": TEXT, "hideOverlap": True}},
        "yAxis": {"type": "value", "scale": True, "axisLabel": {"color": TEXT}, "splitLine": {"lineStyle": {"color": "--line"}}},
        "series": lines,
    }  # fmt: skip
    return Chart(key, _sentence(year), options, *_table(year))


def _goal_name(year: Year) -> str:
    """What the dashed line is: a plan of the months, or the line from which the goal is met (its tolerance taken off) where nothing is due before the end."""
    return _("计划") if len(year.plan) != 1 else _("达标线")


def _goal_line(year: Year) -> Sequence[Point]:
    """The plan; a goal alone as a level line below the figures, for a single point would not be seen."""
    if len(year.plan) != 1:
        return year.plan
    ((last, value),) = year.plan
    first = min([last.replace(month=1, day=1), *(day for day, _v in (*year.official, *year.estimated))])
    return [(first, value), (last, value)]


def _frame(name: str, legend: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"enabled": False}, "decal": {"show": True}},
        "textStyle": {"fontFamily": "inherit", "color": TEXT},
        "grid": {"left": 8, "right": 64, "top": 44, "bottom": 8, "containLabel": True},
        "legend": {"data": list(legend), "top": 0, "left": 0, "itemWidth": 28, "textStyle": {"color": TEXT}},
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True},
        "title": {"show": False, "text": name},
    }


def _line(name: str, points: Sequence[Point], colour: str, dash: str, *, symbol: str) -> dict[str, Any]:
    return {
        "type": "line",
        "name": name,
        "data": [[day.isoformat(), float(value)] for day, value in points],
        "symbol": symbol,
        "symbolSize": 7,
        "showAllSymbol": True,
        "lineStyle": {"color": colour, "type": dash, "width": 2},
        "itemStyle": {"color": colour},
    }


def _forecast(outlook: tuple[Point, Point, Decimal, Decimal]) -> list[dict[str, Any]]:
    """The estimate, and its band as a surface stacked upon an unseen line."""
    (day, value), (last, estimate), low, high = outlook
    hidden = {"symbol": "none", "lineStyle": {"opacity": 0}, "stack": "band", "stackStrategy": "all", "silent": True}
    floor = _line("", [(day, value), (last, low)], TEXT, "solid", symbol="none") | hidden | {"tooltip": {"show": False}}
    band = _line(_("预测区间"), [(day, Decimal(0)), (last, high - low)], "--n", "solid", symbol="none") | hidden
    band["areaStyle"] = {
        "color": "--line-2", "opacity": 0.7, "decal": {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": -0.7},
    }  # fmt: skip
    band["itemStyle"], band["tooltip"] = {"color": "--line-2"}, {"show": False}
    middle = _line(_("预测"), [(day, value), (last, estimate)], "--n", "dotted", symbol="emptyRect")
    return [floor, band, middle]


def _marks(year: Year) -> list[dict[str, Any]]:
    marks = []
    for name, value, dash in ((_("现定"), year.goal, "solid"), (_("原定"), year.original, "dotted")):
        if value is not None and year.original is not None:
            label = {"formatter": f"{name} {plain(value)}", "color": "--ink", "position": "end"}
            style = {"color": "--edge", "type": dash, "width": 1}
            marks.append({"yAxis": float(value), "label": label, "lineStyle": style})
    return marks


def _sentence(year: Year) -> str:
    """What the drawing shows, in one sentence."""
    unit = f" {year.unit}" if year.unit else ""
    parts = []
    shown = sorted([*year.official, *year.estimated])
    if shown:
        day, value = shown[-1]
        basis = "" if (day, value) in year.official else _("（预计数）")
        parts.append(_("截至 %(day)s 实际 %(value)s%(unit)s%(basis)s") % {"day": day, "value": plain(value), "unit": unit, "basis": basis})  # fmt: skip
        due = [v for d, v in year.plan if d <= day]
        if due and year.plan[0][0] <= day:
            parts.append(_("计划 %(value)s%(unit)s") % {"value": plain(_at(year.plan, day)), "unit": unit})
    else:
        parts.append(_("还没有数据"))
    if year.goal is not None:
        was = _("（原定 %(value)s）") % {"value": plain(year.original)} if year.original is not None else ""
        parts.append(_("全年 %(value)s%(unit)s") % {"value": plain(year.goal), "unit": unit} + was)
    if year.outlook:
        (_from, (_day, estimate), low, high) = year.outlook
        parts.append(_("年末预计 %(value)s，区间 %(low)s 至 %(high)s") % {"value": plain(estimate), "low": plain(low), "high": plain(high)})  # fmt: skip
    return f"{year.name}：" + "，".join(parts) + "。"


def _at(plan: Sequence[Point], day: date) -> Decimal:
    """The plan's value on a day: between two points on the line the drawing shows."""
    before = plan[0]
    for point in plan:
        if point[0] == day:
            return point[1]
        if point[0] > day:
            span, passed = (point[0] - before[0]).days, (day - before[0]).days
            return before[1] + (point[1] - before[1]) * passed / span
        before = point
    return before[1]


def _table(year: Year) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A row a day that the drawing marks: plan, official, estimated; and the forecast with its band where there is one."""
    columns: list[tuple[str, dict[date, Decimal]]] = [
        (_goal_name(year), dict(year.plan)),
        (_("正式数"), dict(year.official)),
    ]
    if year.estimated:
        columns.append((_("预计数"), dict(year.estimated)))
    if year.outlook:
        last, estimate = year.outlook[1]
        for name, value in ((_("预测"), estimate), (_("预测下限"), year.outlook[2]), (_("预测上限"), year.outlook[3])):
            columns.append((name, {last: value}))
    days = sorted({day for _name, held in columns for day in held})
    rows = [(day.isoformat(), *(plain(held.get(day)) for _name, held in columns)) for day in days]
    return (_("日期"), *(name for name, _held in columns)), rows
