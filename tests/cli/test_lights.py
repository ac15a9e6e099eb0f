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
