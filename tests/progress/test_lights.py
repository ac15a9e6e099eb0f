"""Lights: exact at every limit, never worse for more done, the change they ask for is enough, rules said in words."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luoshi.plans.curve import Curve
from luoshi.progress.lights import FAMILIES, RuleError, in_words, judge, parse
from luoshi.progress.standing import Figure, Goal, NodeGoal, StageGoal, of_stage, of_target

YEAR = Curve("linear", date(2026, 1, 1), date(2026, 12, 31))
JUNE = date(2026, 6, 30)
FARMLAND = Goal("1", "高标准农田改造提升", "quantity", "min", Decimal(1000), "亩", YEAR, quote="完成1000亩")
GROWTH = Goal("2", "固定资产投资", "growth", "min", Decimal(6), "%", YEAR)
RULES = {family: parse(content) for family, content in FAMILIES.items()}


def standing(value, goal=FARMLAND, day=JUNE):
    return of_target(goal, [Figure(Decimal(str(value)), day)], day)


def node(late_days):
    due = date.fromordinal(JUNE.toordinal() - late_days)
    goal = StageGoal("9", "环湖路", (NodeGoal("a", "开工", due), NodeGoal("b", "建成", date(2026, 12, 31), final=True)))
    return of_stage(goal, [], JUNE)


@pytest.mark.parametrize(
    "family, what, colour",
    [
        # 500 is due: 10 to 30 points behind, both ends, yellow; beyond red
        ("points", standing("400.01"), "green"),
        ("points", standing("400"), "yellow"),
        ("points", standing("200"), "yellow"),
        ("points", standing("199.99"), "red"),
        ("points", node(0), "green"),
        ("points", node(1), "yellow"),
        # below 80 % of what is due yellow, below 60 % red
        ("ratio", standing("400"), "green"),
        ("ratio", standing("399.99"), "yellow"),
        ("ratio", standing("300"), "yellow"),
        ("ratio", standing("299.99"), "red"),
        ("ratio", node(30), "yellow"),
        ("ratio", node(31), "red"),
        ("deadline", standing("500"), "green"),
        ("deadline", standing("499.99"), "yellow"),
        ("deadline", standing("999", day=date(2026, 12, 31)), "red"),
        ("forecast", standing("499.99"), "yellow"),
        # a rate, a rank: below its target, whatever the gap is in points of the target
        ("points", standing("5.3", GROWTH), "yellow"),
        ("ratio", standing("-5", replace(GROWTH, value=Decimal(-3))), "yellow"),
        ("ratio", standing("6", GROWTH), "green"),
        ("points", standing(4, replace(GROWTH, kind="rank", value=Decimal(3), unit="位")), "yellow"),
        # within the limit while there is time; when it is over, not
        ("points", standing("950", day=date(2026, 12, 31)), "yellow"),
        ("ratio", standing("950", day=date(2026, 12, 31)), "yellow"),
        ("points", standing("1000"), "done"),
        ("points", of_target(FARMLAND, [], JUNE), "grey"),
    ],
)
def test_limits_are_exact(family, what, colour):
    assert judge(RULES[family], [what]).colour == colour


def test_a_light_says_the_gap_in_the_unit_of_what_it_judges():
    rate = judge(RULES["points"], [standing("5.3", GROWTH)]).sentence
    assert "差 0.7 个百分点" in rate and "再增 0.7 %（到 6）可转绿灯" in rate
    rank = judge(RULES["points"], [standing(5, replace(GROWTH, kind="rank", value=Decimal(3), unit="位"))]).sentence
    assert "差 2 位" in rank and "再降 2 位" in rank


def test_green_says_what_is_behind_within_the_limits_and_what_is_owed():
    assert judge(RULES["points"], [standing(500)]).sentence == "绿灯：1 项都不低于进度要求。"
    slow = judge(RULES["points"], [standing(450)]).sentence
    assert "1 项低于进度要求" in slow and "差 5 个百分点" in slow
    owed = judge(RULES["points"], [of_target(FARMLAND, [Figure(Decimal(900), JUNE)], date(2026, 9, 30))]).sentence
    assert "1 项已有新数据，还没有报" in owed


def test_a_forecast_that_falls_short_is_red_only_when_behind():
    assert judge(RULES["forecast"], [standing(499)], outlooks={"1": "short"}).colour == "red"
    assert judge(RULES["forecast"], [standing(499)], outlooks={"1": "reach"}).colour == "yellow"
    assert judge(RULES["forecast"], [standing(500)], outlooks={"1": "short"}).colour == "green"


def test_three_yellows_running_are_red():
    yellow = standing(400)
    assert judge(RULES["points"], [yellow], history=["yellow", "yellow"]).colour == "red"
    assert judge(RULES["points"], [yellow], history=["yellow", "green", "yellow"]).colour == "yellow"
    assert judge(RULES["points"], [yellow], history=["yellow", "grey", "yellow"]).colour == "yellow"
    assert judge(RULES["points"], [standing(500)], history=["yellow", "yellow"]).colour == "green"


def test_a_light_says_why_and_what_would_turn_it_green():
    judged = judge(RULES["points"], [standing(250), node(3)])
    assert judged.colour == "yellow" and len(judged.reasons) == 2
    first = judged.reasons[0]
    assert first.rule == "落后序时10个百分点以上（含）" and first.quote == "完成1000亩"
    assert "250 亩" in first.facts and "应到 500" in first.facts and "25 个百分点" in first.facts
    assert first.to_best == "再增 151 亩（到 401）可转绿灯"
    assert judged.sentence.startswith("黄灯：") and "另有 1 项" in judged.sentence


def test_the_worst_of_all_is_the_tasks_colour():
    assert judge(RULES["points"], [standing(1000), standing(100)]).colour == "red"
    assert judge(RULES["points"], [of_target(FARMLAND, [], JUNE), standing(500)]).colour == "green"


def test_rules_are_said_in_words_with_their_ends():
    said = "\n".join(in_words(RULES["points"]))
    assert "10个百分点以上（含）" in said and "超过30个百分点" in said and "连续 3 期" in said
    assert all(len(in_words(rules)) >= 4 for rules in RULES.values())


def test_striving_may_be_judged_more_lightly():
    content = {**deepcopy(FAMILIES["points"]), "strive_lighter": True}
    strive = replace(FARMLAND, strength="strive")
    assert judge(parse(content), [standing(100, strive)]).colour == "yellow"
    assert judge(parse(content), [standing(300, strive)]).colour == "green"
    assert judge(parse(content), [standing(100)]).colour == "red"


def _without(key):
    content = deepcopy(FAMILIES["points"])
    del content[key]
    return content


def _with(**changes):
    return {**deepcopy(FAMILIES["points"]), **changes}


@pytest.mark.parametrize(
    "content, said",
    [
        (_without("colours"), "colours"),
        (_with(colours=FAMILIES["points"]["colours"][:1]), "两种灯"),
        (_with(rules=[{"colour": "blue", "when": [{"measure": "behind", "op": "is", "limit": 1}]}]), "blue"),
        (_with(rules=[{"colour": "red", "when": []}]), "条件"),
        (_with(rules=[{"colour": "red", "when": [{"measure": "ratio", "op": "over", "limit": 60}]}]), "做得多"),
        (_with(rules=[{"colour": "red", "when": [{"measure": "x", "op": "over", "limit": 60}]}]), "做得多"),
        (_with(rules=[{"colour": "red", "when": [{"measure": "ratio", "op": "under", "limit": "少"}]}]), "写错"),
        (_with(repeats=[{"colour": "red", "times": 2, "becomes": "yellow"}]), "升级"),
    ],
)
def test_a_rule_set_that_cannot_be_is_refused_in_words(content, said):
    with pytest.raises(RuleError, match=said):
        parse(content)


def test_a_rule_set_survives_the_database():
    for content in FAMILIES.values():
        assert parse(json.loads(json.dumps(content))) == parse(content)


ORDER = {"done": -1, "grey": 0, "green": 0, "yellow": 1, "red": 2}
values = st.decimals(0, 1200, places=2)
past = st.lists(st.sampled_from(["green", "yellow", "red", "grey", "done"]), max_size=3)


@given(st.sampled_from(sorted(RULES)), values, values, past, st.sampled_from(["reach", "short", "unknown"]))
def test_more_done_is_never_a_worse_light(family, one, other, history, outlook):
    less, more = sorted((one, other))
    colours = [
        judge(RULES[family], [standing(v)], history=history, outlooks={"1": outlook}).colour for v in (less, more)
    ]
    assert ORDER[colours[1]] <= ORDER[colours[0]]


@given(st.sampled_from(sorted(RULES)), values, st.sampled_from(["min", "max"]), st.decimals(0, 900, places=0))
def test_the_change_a_light_asks_for_is_enough_and_no_less_would_do(family, value, bound, base):
    goal = replace(FARMLAND, bound=bound, base=base if bound == "min" else None)
    before = standing(value, goal)
    judged = judge(RULES[family], [before])
    assume(judged.reasons and judged.reasons[0].to_best)
    target = Decimal(judged.reasons[0].to_best.split("（到 ")[1].split("）")[0])
    assert not judge(RULES[family], [standing(target, goal)]).reasons
    step = Decimal("0.01") if bound == "min" else Decimal("-0.01")
    assert judge(RULES[family], [standing(target - step * 101, goal)]).reasons
