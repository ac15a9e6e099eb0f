"""What the set-up pages show: what is still vague in a task, whose turn it is, how a curve runs, the forms' values."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from luoshi.desk.doing import day_of, figure_of, whole
from luoshi.people.models import User
from luoshi.people.permissions import may_set_up
from luoshi.plans.curve import due_value
from luoshi.plans.models import Schedule, SetUp, Target, Task
from luoshi.plans.set_up_actions import MAY, NEXT, ScheduleChange, shares_left
from luoshi.progress.goals import curve_of
from luoshi.progress.lights import plain

WIDE, HIGH = 150, 40
BLANK_NODES = 3


@dataclass(frozen=True)
class Row:
    """A task on the board."""

    task: Task
    state: str
    label: str
    defaults: int  # done-tests that are still the default
    tests: int
    unsettled: int  # done-tests that nobody has agreed to yet
    without_source: int  # targets whose figure has no source
    without_curve: int  # quantities that are not spread over the year
    leads: Sequence[str]
    turn: bool  # this account may sign the next step
    may_edit: bool
    seen: str = ""  # the digest of what is shown, to be signed with it

    @property
    def vague(self) -> int:
        """How many things are still to be settled."""
        return self.defaults + self.without_source + self.without_curve


def row_of(task: Task, user: User, seen: str = "") -> Row:
    """The task's row; asks no query where the task came from ``tasks_to_set_up``. ``seen``: the digest of its content."""
    set_up: SetUp | None = getattr(task, "set_up", None)
    schedules = [(t, getattr(t, "schedule", None)) for t in task.targets.all()]
    tests = list(task.done_tests.all())
    leads = task.lead_units
    step = NEXT.get(set_up.state) if set_up else None  # type: ignore[call-overload]
    return Row(
        task=task,
        state=set_up.state if set_up else "",
        label=str(set_up.get_state_display()) if set_up else _("未开始"),
        defaults=sum(t.source == "default" for t in tests),
        tests=len(tests),
        unsettled=sum(t.confirmed_at is None for t in tests),
        without_source=sum(s is not None and not s.data_source and not s.annual_only for _t, s in schedules),
        without_curve=sum(t.kind == Target.Kind.QUANTITY and (s is None or s.curve == "none") for t, s in schedules),
        leads=[p.unit.short_name for p in task.responsibilities.all() if p.unit_id in leads],
        turn=step is not None and MAY[step](user, task),
        may_edit=(set_up is None or set_up.state == SetUp.State.OPEN) and may_set_up(user, task),
        seen=seen,
    )


def progress_of(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """How many tasks stand at each step."""
    steps = [("", _("未开始")), *[(str(code), str(name)) for code, name in SetUp.State.choices]]
    counts = [(code, name, sum(row.state == code for row in rows)) for code, name in steps]
    return [each for each in counts if each[0] or each[2]]


@dataclass(frozen=True)
class Drawn:
    """A target's year: path for a small picture, and its values at the quarters' ends, which say the same in figures."""

    target: Target
    schedule: Schedule | None
    path: str
    quarters: Sequence[tuple[str, str]]
    points: str
    places: Sequence[Any]
    nodes: Sequence[Any]
    left: str  # of the target not handed down yet, "" where nothing was
    over: str  # by how much the shares exceed it


def drawn(target: Target, task: Task) -> Drawn:
    """The target with its curve drawn; no picture for what is compared as it stands."""
    schedule: Schedule | None = getattr(target, "schedule", None)
    curve, goal = curve_of(task, target), target.value
    year = curve.ends.year
    values = []
    if goal and curve.kind in ("linear", "quarters", "points"):
        for month in range(1, 13):
            day = date(year, month, calendar.monthrange(year, month)[1])
            values.append(due_value(curve, target.baseline_value or Decimal(0), goal, day) or Decimal(0))
    top = max([*values, abs(goal or Decimal(1))], default=Decimal(1)) or Decimal(1)
    at = [
        f"{n * WIDE / 12:.1f} {HIGH - 2 - float(v / top) * (HIGH - 4):.1f}" for n, v in enumerate([Decimal(0), *values])
    ]
    left = shares_left(target)
    return Drawn(
        target=target,
        schedule=schedule,
        path="M" + "L".join(at) if values else "",
        quarters=[(f"Q{n // 3}", plain(values[n - 1])) for n in (3, 6, 9, 12)] if values else [],
        points=points_text(schedule),
        places=list(target.roster.all()),
        nodes=with_blanks(target.nodes.all()),
        left=plain(left) if left is not None else "",
        over=plain(-left) if left is not None and left < 0 else "",
    )


def points_text(schedule: Schedule | None) -> str:
    """The points as they are typed: ``20 50 75 100``, or a line ``2026-06-30 12.5`` a point."""
    if schedule is None:
        return ""
    if schedule.curve == Schedule.Curve.POINTS:
        return "\n".join(f"{p['on']} {p['value']}" for p in schedule.points)
    return " ".join(str(p) for p in schedule.points)


def with_blanks(nodes: Any) -> list[tuple[str, str]]:
    """Nodes as boxes: text and day, then some empty ones."""
    return [(n.text, n.due_on.isoformat()) for n in nodes] + [("", "")] * BLANK_NODES


def schedule_typed(posted: QueryDict) -> ScheduleChange:
    """A schedule from its boxes. Raises ValidationError."""
    curve, text = str(posted.get("curve", "")), str(posted.get("points", ""))
    points: Sequence[Any] = ()
    if curve == Schedule.Curve.QUARTERS:
        points = tuple(text.replace("，", " ").replace(",", " ").replace("%", " ").split())
    elif curve == Schedule.Curve.POINTS:
        pairs = [line.split() for line in text.splitlines() if line.strip()]
        if any(len(pair) != 2 for pair in pairs):
            raise ValidationError(_("自定数值一行写一个点，如 2026-06-30 12.5。"))
        points = tuple({"on": on, "value": value} for on, value in pairs)
    lag = whole(str(posted.get("lag_days", "0")).strip() or "0")
    if lag is None or lag > 366:
        raise ValidationError(_("发布滞后填天数，如 20。"))
    return ScheduleChange(
        curve=curve,
        starts_on=day_of(str(posted.get("starts_on", "")), _("起算日")),
        ends_on=day_of(str(posted.get("ends_on", "")), _("截止日")),
        points=points,
        annual_only=bool(posted.get("annual_only")),
        grain=str(posted.get("grain", "month")),
        lag_days=lag,
        data_source=str(posted.get("data_source", "")).replace("\x00", ""),
        direction=str(posted.get("direction", "up")),
    )


def nodes_typed(posted: QueryDict) -> list[tuple[str, date]]:
    """Nodes from their boxes, those without words left out. Raises ValidationError for a day that is none."""
    pairs = zip_longest(posted.getlist("node"), posted.getlist("node_on"), fillvalue="")
    return [
        (str(text).replace("\x00", "").strip(), day_of(str(on), _("节点日期")))
        for text, on in pairs
        if str(text).strip()
    ]


def tolerance_typed(text: str) -> Decimal | None:
    """A tolerance from its box; None where it is empty. Raises ValidationError."""
    return figure_of(text, _("允许偏差")) if text else None
