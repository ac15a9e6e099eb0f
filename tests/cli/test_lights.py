"""``luoshi lights``: what is locked and has no lights gets them, once, and what cannot be lit holds nobody up."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from luoshi.cli.lights import lights
from luoshi.progress import light_actions
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Light, Period
from luoshi.progress.period_actions import plan_periods
from tests.cast import Cast
from tests.year import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(cast: Cast) -> list[Period]:
    plan = issued(cast)
    periods = plan_periods(plan)[:2]
    Period.objects.filter(pk__in=[p.pk for p in periods]).update(state=Period.State.LOCKED)
    return periods


def run() -> str:
    done = CliRunner().invoke(lights, ["--processes", "1"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_every_locked_period_is_lit_once_in_its_order(cast: Cast, locked: list[Period]) -> None:
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    assert light_actions.due() == [[p.pk for p in locked]]
    assert "亮灯 2 期" in run()
    tasks = locked[0].plan.tasks.count()
    assert [Light.objects.filter(period=p).count() for p in locked] == [tasks, tasks]
    assert light_actions.due() == []
    assert "亮灯 0 期" in run()
    assert Light.objects.count() == 2 * tasks


def test_without_rules_nothing_is_lit(locked: list[Period]) -> None:
    assert light_actions.due() == []
    assert "亮灯 0 期" in run()


def test_a_period_behind_a_lit_one_stays_as_it_is(cast: Cast, locked: list[Period]) -> None:
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    light_actions.compute(locked[1])
    assert light_actions.due() == []


def test_what_cannot_be_lit_is_said_and_holds_no_other_plan_up(
    cast: Cast, locked: list[Period], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = issued(cast, 4, name="b.txt")
    (behind,) = [p for p in plan_periods(other) if p.name == locked[0].name]
    Period.objects.filter(pk=behind.pk).update(state=Period.State.LOCKED)
    Period.objects.filter(pk=locked[1].pk).update(state=Period.State.PLANNED)
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    waiting = light_actions.due()
    light_actions.compute(next(p for p in other.periods.all() if p.cutoff > behind.cutoff))
    monkeypatch.setattr(light_actions, "due", lambda: waiting)  # lit by somebody else meanwhile
    assert "不再改动" in run()
    assert Light.objects.filter(period=locked[0]).count() == locked[0].plan.tasks.count()
    assert not Light.objects.filter(period=behind).exists()
