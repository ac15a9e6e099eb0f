"""Every reading rule proves its own examples, and a rule without them does not load."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import luoshi.reading
from luoshi.reading.errors import RuleError
from luoshi.reading.rule import Rule, RuleSet, all_rules, any_of, fold

for _module in pkgutil.walk_packages(luoshi.reading.__path__, "luoshi.reading."):
    importlib.import_module(_module.name)

WORDS = st.lists(st.text("开工建设成放ab", min_size=1, max_size=4), min_size=1, max_size=12)


def _rule(pattern: str, **changes: object) -> Rule[str]:
    parts: dict[str, object] = {
        "name": "test",
        "triggers": ("甲",),
        "pattern": re.compile(pattern),
        "value": lambda m: m.group(),
        "reads": (("甲乙", "甲乙"),),
        "refuses": ("乙",),
    }
    return Rule(**(parts | changes))  # type: ignore[arg-type]  # fields are changed by name


def test_there_are_rules_and_no_name_is_given_twice() -> None:
    names = [rule.name for rule in all_rules()]
    assert len(names) >= 15
    assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_rule_reads_and_refuses_its_examples(rule: Rule[object]) -> None:
    rule.check()


@pytest.mark.parametrize("missing", ["triggers", "reads", "refuses"])
def test_rule_without_examples_does_not_load(missing: str) -> None:
    with pytest.raises(RuleError, match="give trigger words"):
        _rule("甲乙", **{missing: ()})


@pytest.mark.parametrize("pattern", ["甲乙*", "甲乙+", "甲乙{2,}"])
def test_unbounded_repetition_does_not_load(pattern: str) -> None:
    with pytest.raises(RuleError, match="bound the repetition"):
        _rule(pattern)


def test_contradicted_examples_are_told() -> None:
    with pytest.raises(RuleError, match="should read"):
        _rule("甲丙").check()
    with pytest.raises(RuleError, match="should refuse"):
        _rule("甲乙?", reads=(("甲", "甲"),), refuses=("甲",)).check()


def test_earlier_rule_wins_and_matches_do_not_overlap() -> None:
    first = _rule("甲乙")
    second = _rule("甲[乙丙]甲?", reads=(("甲丙", "甲丙"),))
    found = [(m.start(), m.group()) for m, _ in RuleSet([first, second], register=False).find("甲乙甲丙甲")]
    assert found == [(0, "甲乙"), (2, "甲丙甲")]


def test_rule_of_a_shorter_trigger_is_tried_where_a_longer_one_stands() -> None:
    short = _rule("开工", triggers=("开",), reads=(("开工", "开工"),))
    long = _rule("开工期", triggers=("开工",), reads=(("开工期", "开工期"),))
    found = [m.group() for m, _ in RuleSet([long, short], register=False).find("开工建设")]
    assert found == ["开工"]


def test_limits_are_kept() -> None:
    rules = RuleSet([_rule("甲乙")], register=False)
    assert [m.start() for m, _ in rules.find("甲乙甲乙甲乙", 2, 5)] == [2]


@given(WORDS, st.text("开工建设成放ab", max_size=30))
def test_any_of_finds_the_longest_word(words: list[str], text: str) -> None:
    plain = re.compile("|".join(map(re.escape, sorted(set(words), key=len, reverse=True))))
    assert re.findall(any_of(words), text) == plain.findall(text)


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
