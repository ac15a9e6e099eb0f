"""Promises: the word that says how firmly, its grade, and that synonyms say the same. All sentences are invented."""

from __future__ import annotations

from typing import get_args

import pytest

from luoshi.reading import read
from luoshi.reading.compare import compare
from luoshi.reading.facts import Passage
from luoshi.reading.facts.deliverables import read_deliverables
from luoshi.reading.facts.promises import WORDS
from luoshi.reading.facts.targets import read_targets
from luoshi.reading.ledger import Deliverable, Grade, Ledger, Target
from luoshi.reading.rule import fold


def passage(text: str) -> Passage:
    return Passage(2, text, fold(text), 0, len(text))


def facts(text: str) -> tuple[Target | Deliverable, ...]:
    p = passage(text)
    targets = read_targets(p)
    return (*targets, *read_deliverables(p, targets))


def said(text: str) -> list[str]:
    """Every promise of a wording: word and grade, – where there is none."""
    return [f"{f.promise.text} {f.promise.grade}" if f.promise else "–" for f in facts(text)]


TARGETS = {
    "确保新增企业20家": ["确保 ensure"],
    "务必完成投资3亿元": ["务必 ensure"],
    "坚决完成年度减排任务，COD削减120吨": ["–"],
    "完成投资3亿元": ["完成 complete"],
    "森林覆盖率达到68%": ["达到 complete"],
    "实现增加值增长8%": ["实现 complete"],
    "力争新增企业20家": ["力争 strive"],
    "加装电梯力争完成60台": ["力争 strive"],
    "尽最大努力完成改造30户": ["尽最大努力 strive"],
    "争创省级园区2个": ["争创 contend"],
    "创建市级示范村8个": ["创建 contend"],
    "推进老旧小区改造20个": ["推进 advance"],
    "加快培育链主企业5家": ["加快 advance"],
    "谋划亿元以上项目100个": ["谋划 plan"],
    "新增企业20家": ["–"],
    "生产总值增长6.5%左右": ["–"],
    "确保引进项目20个、力争25个": ["确保 ensure", "力争 strive"],
    "确保完成投资50亿元，力争完成60亿元": ["确保 ensure", "力争 strive"],
    "力争争取上级资金30亿元，其中专项债券18亿元": ["力争 strive", "力争 strive"],
    "争取上级资金30亿元": ["–"],
    "启动改造40个小区，年内完成20个": ["–", "完成 complete"],
    "建成书房4个、公园2个，新增泊位300个": ["建成 complete", "建成 complete", "–"],
    "受理率、办结率分别达到98%、95%": ["达到 complete", "达到 complete"],
    "提升竞争力，新增企业5家": ["–"],
    "应急加工能力保持在3万吨以上": ["–"],
}


@pytest.mark.parametrize("text", TARGETS)
def test_promise_of_a_target(text: str) -> None:
    assert said(text) == TARGETS[text]


THINGS = {
    "确保县体育馆建成投用": ["确保 ensure"],
    "力争滨江大桥年内建成通车": ["力争 strive"],
    "争创国家级生态县": ["争创 contend"],
    "谋划推进环湖铁路": ["谋划推进 plan"],
    "加快推进滨江大桥建设": ["加快推进 advance"],
    "建成县体育馆": ["建成 complete"],
    "县图书馆新馆建成开放": ["建成开放 complete"],
    "开工建设滨江大桥": ["–"],
    "推动滨江大桥开工、县体育馆竣工": ["推动 advance", "竣工 complete"],
    "确保滨江大桥竣工，谋划环湖铁路": ["确保 ensure", "谋划 plan"],
}


@pytest.mark.parametrize("text", THINGS)
def test_promise_of_a_deliverable(text: str) -> None:
    assert said(text) == THINGS[text]


def test_the_title_is_promised_in_the_words_of_the_task() -> None:
    title, text = "县妇幼保健院迁建", "力争3月底开诊"
    (thing,) = read_deliverables(passage(text), (), Passage(1, title, fold(title), 0, len(title)))
    assert thing.promise is not None
    assert (thing.promise.text, thing.promise.at.block, thing.strength) == ("力争", 2, "strive")


@pytest.mark.parametrize("text", [*TARGETS, *THINGS])
def test_span_quotes_the_word_and_strength_agrees(text: str) -> None:
    for fact in facts(text):
        if fact.promise:
            assert text[fact.promise.at.start : fact.promise.at.end] == fact.promise.text
        governed = fact.promise is not None and fact.promise.text in (*WORDS["strive"], *WORDS["contend"])
        assert (fact.strength == "strive") is governed


GRADES: tuple[Grade, ...] = get_args(Grade)


def test_a_word_has_one_grade() -> None:
    listed = [word for grade in GRADES for word in WORDS[grade]] + list(WORDS["to win"])
    assert len(listed) == len(set(listed)), {word for word in listed if listed.count(word) > 1}


@pytest.mark.parametrize("grade", ["ensure", "strive"])
def test_synonyms_before_a_verb_mean_the_same(grade: Grade) -> None:
    """确保新增…, 务必新增…, 必须新增… differ in their word only."""
    words = [w for w in WORDS[grade] if "目标" not in w]
    assert len(words) > 5
    for word in words:
        (target,) = read_targets(passage(f"{word}新增规上企业20家以上"))
        assert target.promise is not None
        assert (target.promise.grade, target.subject, target.value, target.bound) == (grade, "规上企业", 20, "min"), (
            word
        )


@pytest.mark.parametrize("verb", ["推进", "加快推进", "全力推进", "有序推进", "深入推进"])
def test_synonyms_over_a_named_thing_mean_the_same(verb: str) -> None:
    (thing,) = read_deliverables(passage(f"{verb}滨江大桥建设"), ())
    assert thing.promise is not None
    assert (thing.name, thing.stage, thing.promise.text, thing.promise.grade) == (
        "滨江大桥",
        "advance",
        verb,
        "advance",
    )


def test_ledger_keeps_promises_and_reads_one_without_them() -> None:
    from luoshi.reading.ledger import from_json

    text = (
        "澜湾县2026年重点工作责任分解\n1.确保新增企业20家。（责任单位：县经信局）\n2.加强监管。（责任单位：县应急局）"
    )
    ledger = read(text.encode(), name="a.txt")
    (target,) = next(ledger.tasks())[3].targets
    assert target.promise is not None and ledger.quote(target.promise.at) == "确保"
    again = from_json(ledger.to_json(blocks=True))
    assert again == ledger
    import json

    older = json.loads(ledger.to_json(blocks=True))
    for task in older["plans"][0]["sections"][0]["tasks"]:
        del task["aims"]
        for fact in task["targets"]:
            del fact["promise"]
    assert next(from_json(json.dumps(older)).tasks())[3].targets[0].promise is None


def document(wording: str) -> Ledger:
    lines = f"澜湾县2026年重点工作责任分解\n1.{wording}。（责任单位：县经信局）\n2.加强监管。（责任单位：县应急局）"
    return read(lines.encode(), name="a.txt")


CHANGES = [
    ("确保新增企业20家", "力争新增企业20家", ["promise_weakened"]),
    ("确保新增企业20家", "新增企业20家", ["promise_weakened"]),
    ("务必新增企业20家", "确保新增企业20家", []),
    ("完成小区改造20个", "推进小区改造20个", ["promise_weakened"]),
    ("谋划项目100个", "推进项目100个", ["promise_strengthened"]),
    ("力争创建省级园区2个", "争创省级园区2个", ["promise_weakened"]),
    ("新增企业20家", "完成新增企业20家", []),
    ("推进小区改造20个", "改造小区20个", []),
    ("确保县体育馆竣工", "县体育馆竣工", ["promise_weakened"]),
    ("力争县体育馆竣工", "确保县体育馆竣工", ["promise_strengthened"]),
    ("完成县体育馆建设", "推进县体育馆建设", ["stage_lowered"]),
]


def changes(old: str, new: str) -> list[str]:
    """What differs, other than that the words do."""
    return [d.kind for _, d in compare(document(old), document(new)).differences() if d.kind != "reworded"]


@pytest.mark.parametrize(("old", "new", "wanted"), CHANGES)
def test_comparison_goes_by_the_grade(old: str, new: str, wanted: list[str]) -> None:
    mirror = {"promise_weakened": "promise_strengthened", "promise_strengthened": "promise_weakened"}
    mirror |= {"stage_lowered": "stage_raised"}
    assert changes(old, new) == wanted
    assert changes(new, old) == [mirror[kind] for kind in wanted]


def test_both_words_of_promise_are_quoted() -> None:
    found = next(compare(document("确保新增企业20家"), document("力争新增企业20家")).differences())[1]
    assert found.before is not None and found.after is not None
    assert (found.before.quote, found.after.quote) == ("确保新增企业20家", "力争新增企业20家")
