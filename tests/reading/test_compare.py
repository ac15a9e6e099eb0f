"""Comparing two ledgers: every change that was made is found, none that was not; and what must hold for any two."""

from __future__ import annotations

import random
import re
from collections import Counter
from fractions import Fraction
from functools import cache
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.cli import example
from luoshi.reading import ledger as led
from luoshi.reading import read
from luoshi.reading.ambition import STRENGTHS, compare_targets
from luoshi.reading.amounts import base_unit
from luoshi.reading.compare import compare
from luoshi.reading.comparison import MIRROR, Comparison, comparison_from_json, comparison_schema
from tests.last_year import last_year, this_year


@cache
def documents() -> tuple[led.Ledger, led.Ledger]:
    return read(last_year().encode(), name="2025.txt"), read(this_year().encode(), name="2026.txt")


@cache
def compared() -> Comparison:
    return compare(*documents())


def found(kind: str) -> list[tuple[str | None, str | None]]:
    """Quotes of both sides, for every difference of a kind."""
    return [
        (d.before.quote if d.before else None, d.after.quote if d.after else None)
        for _, d in compared().differences()
        if d.kind == kind
    ]


# Each change made is found, and nothing else


EXPECTED: dict[str, set] = {
    "target_raised": {("新增规上服务业企业25家", "新增规上服务业企业30家"),
                      ("县属国有企业资产负债率控制在65%以内", "县属国有企业资产负债率控制在60%以内")},
    "target_lowered": {("制造业投资增长15%以上", "制造业投资增长12%以上"),
                       ("群众安全感满意率保持全市前二", "群众安全感满意率保持全市前三")},
    "target_unit": {("更新改造城镇燃气管网28处", "更新改造城镇燃气管网28公里")},
    "target_new": {(None, "新型储能30兆瓦")},
    "target_dropped": set(),
    "target_changed": set(),
    "promise_weakened": {("确保新增国家级“小巨人”企业1至2家", "力争新增国家级“小巨人”企业1至2家")},
    "promise_strengthened": {("力争建成农机综合服务中心2个", "建成农机综合服务中心2个")},
    "stage_lowered": {("澜石公路改建工程", "澜石公路改建工程")},
    "stage_raised": set(),
    "deliverable_dropped": {("城市体检信息平台", None)},
    "deliverable_new": set(),
    "lead_changed": {("县综合执法局", "县住建局")},
    "support_removed": {("县财政局", None)},
    "support_added": set(),
    "deadline_later": {("4月底前", "5月底前")},
    "deadline_earlier": set(),
    "deadline_new": set(),
    "deadline_dropped": set(),
    "baseline_changed": set(),
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPECTED)
def test_what_was_changed_is_found_and_nothing_else(kind):
    said = {(_tail(a, EXPECTED[kind]), _tail(b, EXPECTED[kind])) for a, b in found(kind)}
    assert said == EXPECTED[kind]


def _tail(quote: str | None, expected: set) -> str | None:
    """The expected quote where the reader's is the same with more or fewer words around it."""
    if quote is None:
        return None
    known = [words for pair in expected for words in pair if words and (words in quote or quote in words)]
    return quote if quote in known else known[0] if known else quote


def test_a_task_that_went_and_one_that_came():
    assert [task.text for task in compared().dropped_tasks] == ["打通社区食堂送餐最后一百米，新开社区食堂18个。"]
    assert [task.text for task in compared().new_tasks] == ["健全低收入人口动态监测机制，做到应保尽保、应救尽救。"]


def test_a_new_leader_is_told_for_each_of_his_tasks():
    section = documents()[1].plans[0].sections[3]
    assert len(found("leader_changed")) == len(section.tasks) - 1  # one of them is new


def test_deadlines_count_from_the_year_of_the_plan():
    """6月底前 in both years is the same deadline; only the one that was moved is told."""
    assert len([t for _, _, _, t in documents()[1].tasks() if t.deadline]) > 1
    assert sum(len(found(kind)) for kind in ("deadline_later", "deadline_earlier")) == 1


def test_words_used_again_in_another_year_are_told_and_in_the_same_year_not():
    same = [pair for pair in compared().kept if pair.wording == "same"]
    assert len(same) > 50
    for pair in same:
        assert [d.before.quote for d in pair.differences if d.kind == "recycled"] == [pair.old.text]
    draft = read(this_year().replace("12%以上", "13%以上").encode(), name="draft.txt")
    kinds = [d.kind for _, d in compare(draft, documents()[1]).differences()]
    assert kinds == ["target_lowered"]


def test_every_quote_is_what_stands_at_its_place():
    for _, difference in compared().differences():
        for side, ledger in zip((difference.before, difference.after), documents()):
            if side:
                assert side.at and ledger.quote(side.at) == side.quote


def test_the_json_is_the_comparison_and_keeps_to_its_schema():
    again = comparison_from_json(compared().to_json())
    assert again == compared()
    assert comparison_schema()["$ref"].endswith("Comparison")
    kinds = comparison_schema()["$defs"]["Difference"]["properties"]["kind"]["enum"]
    assert set(compared().summary.kinds) == set(kinds)


def test_a_ledger_without_its_text_is_compared_all_the_same():
    bare = [msgspec.structs.replace(ledger, blocks=()) for ledger in documents()]
    assert compare(*bare).summary == compared().summary


# Two targets


def target(value, unit, *, kind="quantity", bound="exact", subject="甲", quote="甲", strength="commit", to=None):
    return led.Target(
        quote=quote, at=led.Span(0, 0, 1), subject=subject, kind=kind, bound=bound, value=value, value_to=to, unit=unit,
        strength=strength,
    )  # fmt: skip


@pytest.mark.parametrize(
    "old, new, word",
    [
        (target(0.5, "万户"), target(5000.0, "户"), "same"),
        (target(1.6, "亿美元"), target(16000.0, "万美元"), "same"),
        (target(1.0, "公顷"), target(15.0, "亩"), "same"),
        (target(0.3, "亿元"), target(3100.0, "万元"), "raised"),
        (target(3.0, "成", kind="change"), target(25.0, "%", kind="change"), "lowered"),
        (target(10.0, "家"), target(12.0, "个"), "raised"),
        (target(10.0, "公里"), target(12.0, "条"), "unit_differs"),
        (target(3.0, "%"), target(3.0, "个百分点"), "unit_differs"),
        (target(60.0, "%", kind="level", bound="max"), target(55.0, "%", kind="level", bound="max"), "raised"),
        (target(5.0, "%", kind="level", subject="城镇调查失业率"), target(5.5, "%", kind="level", subject="城镇调查失业率"), "lowered"),
        (target(3.0, None, kind="rank"), target(5.0, None, kind="rank"), "lowered"),
        (target(5.0, "%", kind="growth", bound="range", to=6.0), target(6.0, "%", kind="growth"), "raised"),
        (target(5.0, "%", kind="growth", bound="range", to=6.0), target(5.5, "%", kind="growth"), "changed"),
        (target(5.0, "%", kind="change", quote="成本下降5%"), target(5.0, "%", kind="change", quote="成本提高5%"), "changed"),
        (target(60.0, "%", bound="min"), target(60.0, "%", bound="max"), "changed"),
        (target(None, "前列", kind="rank"), target(None, "前列", kind="rank"), "same"),
        (target(None, "前列", kind="rank"), target(3.0, None, kind="rank"), "changed"),
    ],
)  # fmt: skip
def test_which_of_two_targets_asks_more(old, new, word):
    assert compare_targets(old, new) == word
    back = {"raised": "lowered", "lowered": "raised"}
    assert compare_targets(new, old) == back.get(word, word)


def test_units_begin_like_multipliers():
    assert base_unit("千瓦")[0] == "瓦"
    assert base_unit("百分点") == base_unit("个百分点")
    assert base_unit("万千瓦时") == ("瓦时", Fraction(10**7))
    assert base_unit("万千伏安") == ("千伏安", Fraction(10**4))  # a name of its own that no table has
    assert base_unit("亿")[1] == 10**8


def test_every_strength_has_its_place():
    assert set(STRENGTHS) == set(get_args(led.Strength))


def test_what_moved_to_another_task_says_where():
    text = this_year()
    moved = text.replace("，新增公共停车泊位600个", "").replace(
        "完成中心城区9条道路改造提升", "完成中心城区9条道路改造提升，新增公共停车泊位700个"
    )
    result = compare(read(text.encode(), name="a.txt"), read(moved.encode(), name="b.txt"))
    there = {d.kind: (pair, d.elsewhere) for pair, d in result.differences() if d.elsewhere}
    assert set(there) == {"target_dropped", "target_new"}
    assert there["target_dropped"][1] == there["target_new"][0].new.path
    assert there["target_new"][1] == there["target_dropped"][0].old.path


def test_a_task_cut_in_two_says_what_became_of_its_targets():
    text = this_year()
    whole = "推行“综合查一次”，涉企现场检查频次下降20%以上，让企业少受打扰。"
    split = text.replace(whole, "严控年度检查计划，公开检查结果，涉企现场检查频次下降20%以上，接受社会监督。")
    split = split.replace("发布年度城市体检报告", "推行“综合查一次”，让企业少受打扰")
    result = compare(read(text.encode(), name="a.txt"), read(split.encode(), name="b.txt"))
    assert result.summary.kept + result.summary.new == result.summary.new_tasks
    pointing = [t.elsewhere for t in (*result.dropped_tasks, *result.new_tasks)] + [
        d.elsewhere for _, d in result.differences()
    ]
    assert any(pointing)


# For any two ledgers

THINGS = ("老旧小区改造", "高标准农田", "规上企业", "公共停车泊位", "农村公路", "养老床位", "口袋公园", "污水管网")
VERBS = ("完成", "新增", "力争新增", "确保建成", "推进", "加快实施")
UNITS = ("县住建局", "县教育局", "县民政局", "各镇（街道）")


@st.composite
def task_words(draw):
    """A task as (text, units, targets, deadline); texts repeat often, so that pairing has to choose."""
    thing, verb = draw(st.sampled_from(THINGS)), draw(st.sampled_from(VERBS))
    value = draw(st.sampled_from((1.0, 2.0, 5.0, 20.0)))
    unit = draw(st.sampled_from(("个", "万个", "公里", "%")))
    tail = draw(
        st.sampled_from(
            ("", "，扎实做好后续管理", "，2025年底前见效", "，" + draw(st.sampled_from(THINGS)) + "同步实施")
        )
    )
    text = f"{verb}{thing}{value:g}{unit}{tail}。"
    units = draw(st.lists(st.sampled_from(UNITS), max_size=3, unique=True))
    roles = draw(st.sampled_from((("lead", "support"), ("joint", "joint"))))
    bound = draw(st.sampled_from(get_args(led.Bound)[:4]))
    targets = [(thing, value, unit, bound, "strive" if verb.startswith("力争") else "commit")]
    deadline = draw(st.sampled_from((None, "2025-06", "2026-06", "2026-06-30", "2026-Q3")))
    return text, tuple((u, roles[0] if i == 0 else roles[1]) for i, u in enumerate(units)), tuple(targets), deadline


def built(words, year=2026, order=0):
    """A ledger of one section, a block a task; ``order`` shuffles and renumbers."""
    words = list(words)
    if order:
        random.Random(order).shuffle(words)
    blocks, tasks = [], []
    for n, (text, units, targets, deadline) in enumerate(words):
        blocks.append(led.Block(kind="paragraph", text=text))
        at = led.Span(n, 0, len(text))
        tasks.append(
            led.Task(
                number=str(n + 1 + order), text=text, at=at, deadline=deadline, deadline_at=at if deadline else None,
                units=tuple(led.Responsibility(name=u, role=r, at=at) for u, r in units),
                targets=tuple(
                    led.Target(quote=text, at=at, subject=s, kind="quantity", bound=b, value=v, unit=u, strength=x)
                    for s, v, u, b, x in targets
                ),
            )
        )  # fmt: skip
    return led.Ledger(
        reader="0",
        source=led.Source(name=f"{year}.txt", sha256="0", media_type="text/plain", characters=0),
        plans=(led.Plan(year=year, kind="other", sections=(led.Section(tasks=tuple(tasks)),)),),
        blocks=tuple(blocks),
    )


tasks = st.lists(task_words(), max_size=9)


def gist(result: Comparison) -> Counter:
    """What a comparison says, without paths, numbers and places."""

    def said(task):
        return task.text, sorted((u.name, u.role) for u in task.units)

    def side(side):
        return side and (side.quote, side.deadline, side.target and repr(msgspec.structs.replace(side.target, at=None)))

    return Counter(
        [repr(("dropped", said(t))) for t in result.dropped_tasks]
        + [repr(("new", said(t))) for t in result.new_tasks]
        + [
            repr((said(p.old), said(p.new), p.likeness, sorted(repr((d.kind, side(d.before), side(d.after))) for d in p.differences)))
            for p in result.kept
        ]
    )  # fmt: skip


@given(tasks)
def test_a_ledger_does_not_differ_from_itself(words):
    same = compare(built(words), built(words))
    assert not same.differs
    assert same.summary.kept == same.summary.untouched == len(words)


@given(tasks, tasks, st.sampled_from((2025, 2026)))
def test_the_other_way_round_is_the_mirror_image(one, other, year):
    there, back = compare(built(one, year), built(other)), compare(built(other), built(one, year))
    mirrored = Counter(MIRROR.get(d.kind, d.kind) for _, d in back.differences())
    assert Counter(d.kind for _, d in there.differences()) == mirrored
    assert sorted(t.text for t in there.dropped_tasks) == sorted(t.text for t in back.new_tasks)
    assert Counter((p.old.text, p.new.text, p.likeness) for p in there.kept) == Counter(
        (p.new.text, p.old.text, p.likeness) for p in back.kept
    )


def test_the_years_the_other_way_round():
    back = compare(*reversed(documents())).summary.kinds
    assert back == {kind: compared().summary.kinds[MIRROR.get(kind, kind)] for kind in back}


@given(tasks, tasks)
def test_the_counts_add_up(one, other):
    result = compare(built(one), built(other))
    total = result.summary
    assert total.kept + total.dropped == total.old_tasks == len(one)
    assert total.kept + total.new == total.new_tasks == len(other)
    assert sum(total.kinds.values()) == sum(1 for _ in result.differences())
    assert {t.path for t in result.dropped_tasks} | {p.old.path for p in result.kept} == {
        x for x, *_ in built(one).tasks()
    }
    assert {t.path for t in result.new_tasks} | {p.new.path for p in result.kept} == {
        x for x, *_ in built(other).tasks()
    }
    pairs = total.same_targets + sum(
        total.kinds[k] for k in ("target_raised", "target_lowered", "target_unit", "target_changed")
    )
    assert pairs + total.kinds["target_dropped"] == sum(len(_task(built(one), p.old.path).targets) for p in result.kept)


def _task(ledger, path):
    return next(task for place, _, _, task in ledger.tasks() if place == path)


@given(tasks, tasks, st.integers(1, 99), st.integers(0, 99))
def test_another_order_and_other_numbers_change_nothing(one, other, order, again):
    assert gist(compare(built(one), built(other))) == gist(compare(built(one, order=order), built(other, order=again)))


def test_the_example_in_another_order_is_the_same_document():
    text = example.document().decode()
    head, *sections = re.split(r"(?m)^(?=[一二三四五六七八]、.{2,4}副?(?:常务副)?县长牵头)", text)
    assert len(sections) == 8
    last, _, rest = sections[-1].partition("2026年县政府民生实事")
    moved = head + "".join([last, *reversed(sections[:-1])]) + "2026年县政府民生实事" + rest
    assert not compare(read(text.encode(), name="a.txt"), read(moved.encode(), name="b.txt")).differs


# Cost


def test_five_hundred_tasks_on_each_side_take_no_long_time():
    """Work is counted, not clocked: measured pairs stay a small part of all."""
    from luoshi.reading.likeness import Wordings

    rng = random.Random(7)
    words = "扩大投资消费升级产业链条农田水利道路桥梁学校医院养老托育文旅体育生态环境数字政务营商人才科技创新安全"

    def wording(_):
        return "加快推进" + "".join(rng.choice(words) for _ in range(30)) + "建设"

    old, new = [wording(n) for n in range(500)], [wording(n) for n in range(500)]
    wordings = Wordings(old, new, [*old, *new])
    assert sum(1 for _ in wordings.candidates()) < 500 * 500 / 10


def test_many_tasks_that_differ_in_figures_only_still_find_their_partners():
    def plans(wording, units):
        return built([(wording.format(n), units, (), None) for n in range(300)])

    result = compare(plans("完成项目建设{}个。", ()), plans("抓好项目的建设{}个。", (("县住建局", "lead"),)))
    assert result.summary.kept == 300
