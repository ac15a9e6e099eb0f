"""Standing: the kind of target decides, estimates close nothing, and no figure is not behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.plans.curve import Curve
from luoshi.progress.standing import (
    Claim,
    Figure,
    Goal,
    NodeGoal,
    StageGoal,
    Word,
    last_published,
    of_stage,
    of_target,
)

YEAR = Curve("linear", date(2026, 1, 1), date(2026, 12, 31))
FARMLAND = Goal("1", "高标准农田改造提升", "quantity", "min", Decimal(6000), "亩", YEAR)
GROWTH = Goal("2", "规上工业增加值", "growth", "about", Decimal("7.5"), "%", YEAR, tolerance=Decimal("0.2"))
AIR = Goal("3", "PM2.5年均浓度", "level", "max", Decimal(28), "微克/立方米", YEAR)
RANK = Goal("4", "营商环境", "rank", "min", Decimal(3), "位", YEAR)
JULY = date(2026, 7, 31)
END = date(2026, 12, 31)
BAD = [Word.OVERDUE, Word.BEHIND]


def figure(value, cutoff=JULY, official=True):
    return Figure(Decimal(str(value)), cutoff, official)


@pytest.mark.parametrize(
    "goal, figures, day, word",
    [
        (FARMLAND, [figure(3500)], JULY, Word.ON_SCHEDULE),
        (FARMLAND, [figure("3499.999999")], JULY, Word.BEHIND),
        (FARMLAND, [figure(4000)], JULY, Word.AHEAD),  # what is due a month later
        (FARMLAND, [figure(6000)], JULY, Word.DONE),  # what accumulates is done when it is there
        (FARMLAND, [figure(5999, END)], END, Word.OVERDUE),
        (FARMLAND, [], JULY, Word.NO_FIGURE),
        (FARMLAND, [figure(3500, END)], JULY, Word.NO_FIGURE),  # a figure of the future says nothing yet
        (GROWTH, [figure("7.3")], JULY, Word.ON_SCHEDULE),  # 左右: by its tolerance, not prorated
        (GROWTH, [figure("7.29")], JULY, Word.BEHIND),
        (GROWTH, [figure("9", END)], END, Word.DONE),
        (GROWTH, [figure("9")], JULY, Word.ON_SCHEDULE),  # a growth rate is done when the year is over
        (AIR, [figure(28)], JULY, Word.ON_SCHEDULE),
        (AIR, [figure("28.1")], JULY, Word.BEHIND),
        (AIR, [figure(27, END)], END, Word.DONE),
        (RANK, [figure(2)], JULY, Word.ON_SCHEDULE),
        (RANK, [figure(4)], JULY, Word.BEHIND),
        (replace(FARMLAND, curve=replace(YEAR, kind="none")), [figure(10)], JULY, Word.NOT_JUDGED),
        (replace(FARMLAND, curve=replace(YEAR, kind="none")), [figure(10, END)], END, Word.OVERDUE),
        (replace(FARMLAND, bound="max"), [figure(6001)], JULY, Word.BEHIND),
        (replace(FARMLAND, bound="range", value_to=Decimal(7000)), [figure(6000)], JULY, Word.DONE),
        (replace(FARMLAND, value=None), [figure(1)], JULY, Word.NOT_JUDGED),
        (replace(FARMLAND, base=Decimal(3000)), [figure(4750)], JULY, Word.ON_SCHEDULE),
        # The time is over and the last figure was not given: what was known before no longer speaks for the target.
        (FARMLAND, [figure(5999)], END - timedelta(days=1), Word.AHEAD),
        (FARMLAND, [figure(5999)], END, Word.OVERDUE),
        (FARMLAND, [figure(6000)], END, Word.DONE),
        (FARMLAND, [figure(6000, official=False)], END, Word.NO_FIGURE),
        (replace(FARMLAND, lag=20), [figure(5999)], END, Word.AHEAD),  # nobody can have it before 20 January
        (replace(FARMLAND, lag=20), [figure(5999)], END + timedelta(days=20), Word.OVERDUE),
        (GROWTH, [figure(9)], END, Word.NO_FIGURE),
        (GROWTH, [figure(1)], END, Word.OVERDUE),
        (AIR, [figure(27)], END, Word.NO_FIGURE),
    ],
)
def test_word(goal, figures, day, word):
    assert of_target(goal, figures, day).word is word


def test_an_estimate_never_closes_a_target_and_yields_to_an_official_figure():
    estimate = of_target(FARMLAND, [figure(6500, official=False)], JULY)
    assert estimate.word is Word.AHEAD and estimate.estimated
    both = of_target(FARMLAND, [figure(3000), figure(6500, official=False)], JULY)
    assert both.actual == 3000 and not both.estimated and both.word is Word.BEHIND
    assert of_target(GROWTH, [figure(9, END, official=False)], END).word is not Word.DONE


def test_a_figure_that_nobody_can_have_yet_is_not_waited_for():
    gdp = replace(GROWTH, grain="quarter", lag=20)
    assert of_target(gdp, [], date(2026, 4, 19)).waiting is None  # 31 March + 20 days
    late = of_target(gdp, [], date(2026, 4, 20))
    assert late.word is Word.NO_FIGURE and late.waiting == date(2026, 3, 31)
    yearly = replace(GROWTH, annual_only=True, lag=30)
    assert of_target(yearly, [figure(1)], JULY).word is Word.NOT_JUDGED
    assert of_target(yearly, [], date(2027, 1, 29)).word is Word.NOT_JUDGED
    assert of_target(yearly, [], date(2027, 1, 30)).word is Word.NO_FIGURE
    assert of_target(yearly, [figure(8, END)], date(2027, 1, 30)).word is Word.DONE


@pytest.mark.parametrize(
    "grain, lag, day, cutoff",
    [
        ("month", 0, date(2026, 2, 28), date(2026, 2, 28)),
        ("month", 0, date(2026, 2, 27), date(2026, 1, 31)),
        ("month", 0, date(2026, 1, 5), date(2025, 12, 31)),
        ("quarter", 20, date(2026, 7, 19), date(2026, 3, 31)),
        ("quarter", 20, date(2026, 7, 20), date(2026, 6, 30)),
        ("half", 0, date(2026, 12, 30), date(2026, 6, 30)),
        ("year", 0, date(2026, 12, 31), date(2026, 12, 31)),
        ("year", 1, date(2026, 12, 31), date(2025, 12, 31)),
    ],
)
def test_last_published(grain, lag, day, cutoff):
    assert last_published(grain, lag, day) == cutoff


def test_a_rate_or_a_rank_is_behind_by_its_own_unit_and_has_no_ratio():
    for goal, value, gap in ((GROWTH, "6.6", "0.7"), (RANK, "5", "2"), (replace(GROWTH, value=Decimal(-3)), -5, "1.8")):
        standing = of_target(goal, [figure(value)], JULY)
        assert (standing.word, standing.behind, standing.ratio) == (Word.BEHIND, Decimal(gap), None)


def test_behind_counts_points_of_the_whole():
    standing = of_target(FARMLAND, [figure(2463)], JULY)
    assert (standing.expected, standing.behind) == (Decimal(3500), Decimal("17.283333"))
    assert standing.ratio == Decimal("70.371429")
    from_base = of_target(replace(FARMLAND, base=Decimal(3000)), [figure(4000)], JULY)
    assert (from_base.behind, from_base.ratio) == (Decimal(25), Decimal("57.142857"))


NODES = (
    NodeGoal("a", "完成立项", date(2026, 3, 31)),
    NodeGoal("b", "开工", date(2026, 6, 30)),
    NodeGoal("c", "建成", date(2026, 11, 30), final=True),
)
ROAD = StageGoal("9", "环湖路", NODES)


@pytest.mark.parametrize(
    "reached, day, word, late",
    [
        ("", date(2026, 3, 31), Word.ON_SCHEDULE, 0),
        ("", date(2026, 4, 1), Word.BEHIND, 1),
        ("a", date(2026, 6, 30), Word.ON_SCHEDULE, 0),
        ("a", date(2026, 7, 30), Word.BEHIND, 30),
        ("b", date(2026, 7, 30), Word.ON_SCHEDULE, 0),  # a later node says that the earlier is behind it
        ("ab", date(2026, 6, 1), Word.AHEAD, 0),
        ("ab", date(2026, 12, 1), Word.OVERDUE, 1),
        ("c", date(2026, 12, 1), Word.DONE, 0),
    ],
)
def test_stages(reached, day, word, late):
    claims = [Claim(node, date(2026, 1, 15)) for node in reached]
    standing = of_stage(ROAD, claims, day)
    assert (standing.word, standing.late_days) == (word, late)


def test_a_claim_of_the_future_counts_when_its_day_has_come():
    assert of_stage(ROAD, [Claim("c", date(2026, 11, 1))], date(2026, 10, 1)).word is not Word.DONE


BETTER = [Word.OVERDUE, Word.BEHIND, Word.NO_FIGURE, Word.NOT_JUDGED, Word.ON_SCHEDULE, Word.AHEAD, Word.DONE]
values = st.decimals(0, 20000, places=2)
goals = st.builds(
    replace,
    st.sampled_from([FARMLAND, GROWTH, AIR, RANK]),
    value=st.decimals(1, 9000, places=1),
    annual_only=st.booleans(),
    grain=st.sampled_from(["month", "quarter", "half", "year"]),
    lag=st.integers(0, 60),
    curve=st.sampled_from(
        [
            YEAR,
            replace(YEAR, kind="none"),
            replace(YEAR, kind="quarters", shares=tuple(map(Decimal, (10, 40, 70, 100)))),
        ]
    ),
)


@given(goals, values, values, st.dates(date(2026, 1, 1), END), st.booleans())
def test_more_done_is_never_a_worse_word(goal, one, other, cutoff, official):
    less, more = sorted((one, other), reverse=goal.lower_is_better)
    day = cutoff + timedelta(days=3)
    first, second = (of_target(goal, [Figure(v, cutoff, official)], day) for v in (less, more))
    assert BETTER.index(first.word) <= BETTER.index(second.word)
    assert second.behind <= first.behind


@given(goals, st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_without_a_figure_nothing_is_behind(goal, day):
    assert of_target(goal, [], day).word in (Word.NO_FIGURE, Word.NOT_JUDGED)


@given(st.sets(st.sampled_from("abc")), st.sampled_from("abc"), st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_one_node_more_is_never_a_worse_word(reached, more, day):
    claims = [Claim(node, date(2026, 1, 1)) for node in reached]
    before = of_stage(ROAD, claims, day)
    after = of_stage(ROAD, [*claims, Claim(more, date(2026, 1, 1))], day)
    order = [Word.BEHIND, Word.OVERDUE, Word.ON_SCHEDULE, Word.AHEAD, Word.DONE]
    late = (before.word in BAD, after.word in BAD)
    assert late != (False, True) and (all(late) or order.index(before.word) <= order.index(after.word))
    assert after.late_days <= before.late_days
