"""Prose that tells of several tasks: each sentence and clause to the task it speaks of, what is unsure to none, and said so."""

from __future__ import annotations

import pytest

from luoshi.reading import read
from luoshi.reading.accounts import Account, read_account

PLAN = """澜湾县2026年政府工作任务分解
一、城乡建设
1.改造老旧小区31个，惠及居民4200户。
责任单位：县住建局
2.新建公办幼儿园4所，新增学位1080个。
责任单位：县住建局、县教育局
3.开工建设东渡大桥，完成投资3亿元。
责任单位：县住建局、县交通运输局
4.新增城市绿道15公里，建成口袋公园8个。
责任单位：县住建局
5.完成危桥改造4座，新改建农村公路12公里。
责任单位：县交通运输局
"""
LEDGER = read(PLAN.encode(), name="plan.txt")
PATHS = {task.number: path for path, _, _, task in LEDGER.tasks()}


def told(text: str, *numbers: str) -> Account:
    """The account of a pasted text; ``numbers``: the tasks that are asked."""
    among = [PATHS[number] for number in numbers or "1234"]
    return read_account(text.encode(), name="pasted.txt", ledger=LEDGER, year=2026, cutoff="2026-09", among=among)


def shared(read: Account) -> dict[str, str]:
    """All words by the number of their task, "" for those that belong to none."""
    numbers = {path: number for number, path in PATHS.items()}
    found = {
        str(numbers[item.match.path or ""]) if item.match else "?": "".join(
            word.text for word in (*item.progress, *item.problems, *item.next_steps)
        )
        for item in read.items
    }
    lost = [read.quote(doubt.at) for doubt in read.doubts if doubt.code == "sentence-unplaced" and doubt.at]
    return found | ({"": "".join(lost)} if lost else {})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "截至9月底，老旧小区改造已完工28个，惠及居民3900户。公办幼儿园开工4所，其中2所已建成，新增学位540个。",
            {
                "1": "截至9月底，老旧小区改造已完工28个，惠及居民3900户。",
                "2": "公办幼儿园开工4所，其中2所已建成，新增学位540个。",
            },
        ),
        (
            "1—9月，改造老旧小区28个，建成公办幼儿园3所，东渡大桥完成投资2.1亿元。",
            {"1": "1—9月，改造老旧小区28个", "2": "建成公办幼儿园3所", "3": "东渡大桥完成投资2.1亿元。"},
        ),
        (
            "幼儿园已完成2所，另2所主体结顶；绿道建成12公里；老旧小区改造完成28个。",
            {"2": "幼儿园已完成2所，另2所主体结顶；", "4": "绿道建成12公里；", "1": "老旧小区改造完成28个。"},
        ),
        (
            "东渡大桥已于3月开工，累计完成投资2.1亿元。目前主桥墩施工完成60%。口袋公园建成6个。总体进展顺利。",
            {
                "3": "东渡大桥已于3月开工，累计完成投资2.1亿元。目前主桥墩施工完成60%。",
                "4": "口袋公园建成6个。",
                "": "总体进展顺利。",
            },
        ),
        (
            "老旧小区、幼儿园等项目均按序时推进。老旧小区改造完成28个，幼儿园完成3所。",
            {"1": "老旧小区改造完成28个", "2": "幼儿园完成3所。", "": "老旧小区、幼儿园等项目均按序时推进。"},
        ),
    ],
)
def test_each_sentence_goes_to_its_task(text: str, parts: dict[str, str]) -> None:
    assert shared(told(text)) == parts


def test_each_figure_answers_the_target_of_its_own_task() -> None:
    read = told("截至9月底，老旧小区改造完成28个，惠及居民3900户。公办幼儿园建成2所，新增学位540个。")
    answers = [(figure.value, figure.target) for item in read.items for figure in item.figures]
    one, two = PATHS["1"], PATHS["2"]
    assert answers == [
        (28, f"{one}/targets/0"), (3900, f"{one}/targets/1"), (2, f"{two}/targets/0"), (540, f"{two}/targets/1"),
    ]  # fmt: skip
    cutoffs = {figure.cutoff.until for item in read.items for figure in item.figures if figure.cutoff}
    assert cutoffs == {"2026-09"}, "the day said once holds for what follows"


def test_problems_and_next_steps_follow_their_task() -> None:
    text = (
        "老旧小区改造完成28个。存在部分居民意见不统一的问题。下一步将加强入户沟通。"
        "新建幼儿园完成2所。存在建材涨价的困难。下一步，加快室外工程施工。"
    )
    one, two = told(text).items
    assert [word.text for word in one.problems] == ["存在部分居民意见不统一的问题。"]
    assert [word.text for word in one.next_steps] == ["下一步将加强入户沟通。"]
    assert [word.text for word in two.problems] == ["存在建材涨价的困难。"]
    assert [word.text for word in two.next_steps] == ["下一步，加快室外工程施工。"]


def test_a_next_step_of_all_is_nobodys_own() -> None:
    read = told("老旧小区改造完成28个；幼儿园建成3所。下一步，将倒排工期，确保年底前全部完成。")
    assert not [word for item in read.items for word in item.next_steps]
    assert [word.text for word in read.next_steps] == ["下一步，将倒排工期，确保年底前全部完成。"]
    assert [doubt.code for doubt in read.doubts] == ["sentence-unplaced"]


def test_points_in_one_line_are_parted_by_what_they_name() -> None:
    read = told("一是老旧小区改造方面。已完成28个，正在施工3个。二是幼儿园建设方面。4所全部开工，建成2所。")
    assert shared(read) == {"1": "已完成28个，正在施工3个。", "2": "4所全部开工，建成2所。"}
    assert [item.title for item in read.items] == ["老旧小区改造方面", "幼儿园建设方面"]


def test_what_is_not_asked_is_not_answered() -> None:
    """Of tasks of others nothing is taken; a text on one task stays one item as before."""
    read = told("危桥改造完成3座。老旧小区改造完成28个。", "1", "2")
    assert {item.match.path for item in read.items if item.match} == {PATHS["1"]}
    assert len(told("老旧小区改造已完成28个，其余3个正在施工。总体进展顺利。").items) == 1


def test_the_same_words_in_another_order_go_to_the_same_tasks() -> None:
    sentences = ["老旧小区改造完成28个。", "公办幼儿园建成3所。", "城市绿道新增12公里。", "东渡大桥完成投资2.1亿元。"]
    want = shared(told("".join(sentences)))
    assert len(want) == 4
    for turn in range(1, 4):
        assert shared(told("".join(sentences[turn:] + sentences[:turn]))) == want
        assert shared(told("\n".join(sentences[turn:] + sentences[:turn]))) == want
    assert shared(told("".join(sentences).replace("。", "；"))) == {k: v.replace("。", "；") for k, v in want.items()}
