"""Targets: one line a form of the language. All sentences are invented."""

from __future__ import annotations

import importlib.util
import json
import time
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.reading.facts import Passage
from luoshi.reading.facts.deliverables import read_deliverables
from luoshi.reading.facts.targets import read_targets, read_value_cell
from luoshi.reading.ledger import Target
from luoshi.reading.rule import fold

SHARED = Path(__file__).parents[2].parent / "shared"


def passage(text: str, start: int = 0, end: int | None = None) -> Passage:
    return Passage(3, text, fold(text), start, len(text) if end is None else end)


def brief(t: Target) -> str:
    """A target in one line: subject kind bound value[-value_to] unit, and ! where it strives."""
    value = "" if t.value is None else f"{t.value:g}" + ("" if t.value_to is None else f"-{t.value_to:g}")
    return f"{t.subject} {t.kind} {t.bound} {value}{t.unit or ''}" + ("!" if t.strength == "strive" else "")


def read(text: str) -> list[str]:
    return [brief(t) for t in read_targets(passage(text))]


FORMS = {
    "growth": ("全县生产总值增长7.5%左右", ["全县生产总值 growth about 7.5%"]),
    "growth by a noun": ("确保工业增加值增速达8%", ["工业增加值 growth exact 8%"]),
    "range": ("新引进企业3—5家,出口增长5%至6%", ["新引进企业 quantity range 3-5家", "出口 growth range 5-6%"]),
    "min behind": ("净增规上企业50家以上", ["规上企业 quantity min 50家"]),
    "min before": ("粮食播种面积不少于33.7万亩", ["粮食播种面积 quantity min 33.7万亩"]),
    "min before the verb": ("每个镇至少新建公园1座", ["每个镇至少新建公园 quantity min 1座"]),
    "max": ("城镇调查失业率控制在5.5%以内", ["城镇调查失业率 level max 5.5%"]),
    "controlled about": ("物价涨幅控制在3%左右", ["物价涨幅 growth about 3%"]),
    "nearly": ("接待游客近300万人次", ["游客 quantity about 300万人次"]),
    "more than in the number": ("化解纠纷300余件", ["纠纷 quantity about 300件"]),
    "level": ("绿化覆盖率42%以上,养老床位保持1200张", ["绿化覆盖率 level min 42%", "养老床位 level exact 1200张"]),
    "change": ("能耗下降3.5%,利用率提高2个百分点", ["能耗 change exact 3.5%", "利用率 change exact 2个百分点"]),
    "verb of falling in front": ("压减项目支出8%", ["项目支出 change exact 8%"]),
    "double goal": ("财政收入确保增长6%、力争7%", ["财政收入 growth exact 6%", "财政收入 growth exact 7%!"]),
    "share of the year before": ("产值达到2021年的2.5倍", ["产值 level exact 2.5倍"]),
    "times over": ("数字经济规模三年翻一番", ["数字经济规模 growth exact 1番"]),
    "words": ("新建大棚五百亩,改造学校两所", ["大棚 quantity exact 500亩", "学校 quantity exact 2所"]),
    "hundred million in words": ("总产值达到百亿元以上", ["总产值 level min 100亿元"]),
    "per cent in words": ("治理率提高到百分之四十", ["治理率 level exact 40%"]),
    "tenths": ("加工转化率达到七成", ["加工转化率 level exact 7成"]),
    "number before its noun": ("开展2个以上老旧小区综合改造", ["老旧小区综合改造 quantity min 2个"]),
    "noun on both sides": ("中心城区11条道路改造提升", ["中心城区道路改造提升 quantity exact 11条"]),
    "names before the number": ("安和小学等8所学校竣工投用", ["学校竣工投用 quantity exact 8所"]),
    "apart": ("出口、进口分别增长8%和20%", ["出口 growth exact 8%", "进口 growth exact 20%"]),
    "apart, bound behind the last": ("甲率、乙率分别达到6%、7.5%以上", ["甲率 level min 6%", "乙率 level min 7.5%"]),
    "apart, bound before": ("开工率、投产率分别不低于75%和50%", ["开工率 level min 75%", "投产率 level min 50%"]),
    "each": ("建成书房、公园各4个", ["书房 quantity exact 4个", "公园 quantity exact 4个"]),
    "each in the middle": (
        "东林、西浦各增设医馆1个",
        ["东林增设医馆 quantity exact 1个", "西浦增设医馆 quantity exact 1个"],
    ),
    "all": ("受理率、答复率均达到100%", ["受理率 level exact 100%", "答复率 level exact 100%"]),
    "list of rates": ("断面达标率、水源达标率保持100%", ["断面达标率 level exact 100%", "水源达标率 level exact 100%"]),
    "as many figures as rates": ("开工率、投产率达到90%、80%", ["开工率 level exact 90%", "投产率 level exact 80%"]),
    "taken away by an amount": ("压减钢铁产能100万吨", ["钢铁产能 change exact 100万吨"]),
    "burden eased": ("减轻企业负担2亿元", ["企业负担 quantity exact 2亿元"]),
    "bracket behind the noun": ("完成8个镇(街道)文化站提升", ["镇(街道)文化站提升 quantity exact 8个"]),
    "verb in a noun": (
        "建成区绿地率38%,再生水利用率25%",
        ["建成区绿地率 level exact 38%", "再生水利用率 level exact 25%"],
    ),
    "more than, before ten thousand": ("改造面积20余万平方米", ["改造面积 quantity about 20万平方米"]),
    "half tenths": ("网上可办率达九成五以上", ["网上可办率 level min 9.5成"]),
    "against the year before": ("竹产业产值较上年增加3亿元", ["竹产业产值 change exact 3亿元"]),
    "days, inside": ("企业开办压缩到0.5个工作日内", ["企业开办 level max 0.5个工作日"]),
    "per hundred thousand": ("孕产妇死亡率控制在10/10万以内", ["孕产妇死亡率 level max 10/10万"]),
    "round sum": ("工业增加值总量突破百亿,贷款增长5%", ["工业增加值总量 quantity min 100亿", "贷款 growth exact 5%"]),
    "expected to live": ("人均预期寿命达到80.2岁", ["人均预期寿命 level exact 80.2岁"]),
    "once in a hundred years": ("城区防洪标准由50年一遇提高到100年一遇", ["城区防洪标准 level exact 100年一遇"]),
    "deed after a deed": ("贯通滨江路、开通公交快线2条", ["公交快线 quantity exact 2条"]),
    "share with a condition": ("三分之二以上行政村收入超过30万元", ["行政村收入超过 level min 0.667"]),
    "first": ("综合考核力争第一", ["综合考核 rank exact 1!"]),
    "rank": ("群众满意度进入全市前三名", ["群众满意度 rank exact 3名"]),
    "rank without number": ("综合考核位居全省前列", ["综合考核 rank exact 前列"]),
    "ranks of several": ("上线率、贯通率等核心指标排名全市前列", ["上线率 rank exact 前列", "贯通率 rank exact 前列"]),
    "grade": ("出境断面水质稳定达到Ⅱ类", ["出境断面水质 grade exact 2类"]),
    "days": ("企业开办时间压缩到1个工作日以内", ["企业开办时间 level max 1个工作日"]),
    "compound units": ("浓度不超过31微克/立方米", ["浓度 level max 31微克/立方米"]),
    "unit with its twin": ("购置机械200台（套）", ["机械 quantity exact 200台（套）"]),
    "unit the list does not know": (
        "安装路灯260甏,种树12爿",
        ["路灯 quantity exact 260甏", "种树 quantity exact 12爿"],
    ),
    "full width": ("生产总值增长６．５％左右", ["生产总值 growth about 6.5%"]),
    "bound inside the number": ("60万以上农村人口脱贫", ["农村人口脱贫 quantity min 60万"]),
    "people of an age": ("为65岁以上老人体检2万人", ["65岁以上老人体检 quantity exact 2万人"]),
    "money to be won": ("争取上级补助资金3亿元", ["上级补助资金 quantity exact 3亿元"]),
    "strives for a deed": ("争取完成投资3亿元", ["投资 quantity exact 3亿元!"]),
    "same thing, next verb": (
        "启动改造40个小区,年内完成20个",
        ["小区 quantity exact 40个", "小区 quantity exact 20个"],
    ),
}

STRIVING = {
    "the list goes on": ("力争引进项目1个,创新团队10个,实验室5个。新建厂房2座", "!!! "),
    "of it": ("力争新增就业1万人,其中大学生300人", "!!"),
    "a new predicate ends it": ("力争返乡创业800人,居民收入增长8%", "! "),
    "a new sentence ends it": ("力争治理5000户;新增管网15公里", "! "),
    "ensured after": ("力争改造80户,确保新建3座", "! "),
    "within the clause": ("加装电梯力争完成60台", "!"),
    "no promise inside a word": ("提升竞争力,新增企业5家", " "),
}

NO_TARGETS = {
    "threshold": "推进亿元以上项目建设,5000万元以上项目全部开工",
    "thing described": "华越精工年产20万件曲轴项目投产",
    "road": "改建301国道,开通12号线",
    "name with letters": "改造220kV变电站,推广5G应用,治理PM2.5",
    "name in quotes": "融入“1512”体系,深化“四好农村路”建设",
    "ranking in a name": "引进世界500强企业",
    "version": "实施政务服务2.0建设",
    "formula": "构建“8+4”政策体系",
    "date": "2022年6月底前完成,9月1日起实行,前三季度见效",
    "ordinal": "举办第15届运动会,建设第二小学",
    "phase": "启动老年公寓一期二期改造",
    "order of size": "打造千亿级集群和500亿级基地",
    "time of a service": "建设15分钟生活圈和24小时书房",
    "on the basis of": "在去年改造28个小区的基础上继续推进",
    "systems": "落实三项制度,健全3项机制",
    "a batch": "培育一批龙头企业,打造一站式平台",
    "progress": "目前已完成17个,占年度计划的70.8%",
    "a sentence of progress": "县体育馆12月竣工;运动场完工2片,整体进度滞后",
    "team size": "建设5人制足球场",
    "part of what is done": "6座危桥开工5座",
    "qualitative": "收入倍差进一步缩小,支出只减不增",
}


@pytest.mark.parametrize("form", FORMS)
def test_form_is_read(form: str) -> None:
    text, wanted = FORMS[form]
    assert read(text) == wanted


@pytest.mark.parametrize("form", STRIVING)
def test_strength_reaches_as_far_as_the_list(form: str) -> None:
    text, wanted = STRIVING[form]
    assert "".join("!" if t.strength == "strive" else " " for t in read_targets(passage(text))) == wanted


@pytest.mark.parametrize("form", NO_TARGETS)
def test_no_target(form: str) -> None:
    assert read(NO_TARGETS[form]) == []


def test_threshold_stays_in_the_subject() -> None:
    text = "力争引进50亿元以上重大项目1个以上,亿元以上项目50个"
    assert read(text) == ["50亿元以上重大项目 quantity min 1个!", "亿元以上项目 quantity exact 50个!"]


def test_baseline() -> None:
    text = "养老保险参保率由92%提高到95%以上"
    (target,) = read_targets(passage(text))
    assert target.baseline is not None
    assert (target.baseline.value, target.baseline.unit) == (92, "%")
    assert text[target.baseline.at.start : target.baseline.at.end] == "92%"
    assert brief(target) == "养老保险参保率 level min 95%"


@pytest.mark.parametrize(
    ("text", "word"),
    [("产值增长7%左右", "左右"), ("力争新增企业5家", "力争"), ("力争新增5家以上企业", "以上"), ("新增企业5家", None)],
)
def test_wording_is_the_bound_word_else_the_promise(text: str, word: str | None) -> None:
    (target,) = read_targets(passage(text))
    assert (target.wording and target.wording.text) == word
    if target.wording:
        assert text[target.wording.at.start : target.wording.at.end] == word


@pytest.mark.parametrize(
    ("task", "cell", "wanted"),
    [
        ("保持合理区间，全年地区生产总值增速", "7.5%左右", ["地区生产总值 growth about 7.5%"]),
        ("培植税源，实现一般公共预算收入平稳增长", "增长6%", ["一般公共预算收入 growth exact 6%"]),
        (
            "对接资本市场，新增境内外上市企业",
            "2家（力争3家）",
            ["境内外上市企业 quantity exact 2家", "境内外上市企业 quantity exact 3家!"],
        ),
        ("将城镇登记失业率控制在较低水平", "2.5%以内", ["城镇登记失业率 level max 2.5%"]),
        ("群众对公共文化服务的满意度", "全市前三", ["群众对公共文化服务的满意度 rank exact 3"]),
        ("推进改造", "小区56个、店铺90个", ["小区 quantity exact 56个", "店铺 quantity exact 90个"]),
    ],
)
def test_value_column(task: str, cell: str, wanted: list[str]) -> None:
    found = read_value_cell(passage(cell), passage(task))
    assert [brief(t) for t in found] == wanted
    assert all(cell[t.at.start : t.at.end] == t.quote for t in found)


PIECES = st.sampled_from(
    "力争 新增 企业 10家 5%以上 、 , ； 。 和 分别 各 均 从 提高到 20个 亿元以上 项目 增长 控制在 三百亩 前列 全市 “ ” （ ） "
    "第三 2022年 PM2.5 万 以上 左右 约 达到 县公园 建成 开工建设 等 百分之七 翻一番 两个 其中 已完成 的 3—5家 ６％".split()
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@given(TEXTS)
def test_every_span_quotes_its_text(text: str) -> None:
    p = passage(text)
    targets = read_targets(p)
    for t in targets:
        assert t.at.block == 3
        assert text[t.at.start : t.at.end] == t.quote != ""
        if t.wording:
            assert text[t.wording.at.start : t.wording.at.end] == t.wording.text
    for d in read_deliverables(p, targets):
        assert text[d.at.start : d.at.end] == d.name != ""


@given(TEXTS)
def test_a_passage_is_read_alike_wherever_it_stands(text: str) -> None:
    before, after = "总则。", "。附则5家"
    whole = passage(before + text + after, len(before), len(before) + len(text))
    alone = read_targets(passage(text))
    inside = read_targets(whole)
    assert [brief(t) for t in inside] == [brief(t) for t in alone]
    assert [t.at.start - len(before) for t in inside] == [t.at.start for t in alone]
    names = [d.name for d in read_deliverables(whole, inside)]
    assert names == [d.name for d in read_deliverables(passage(text), alone)]


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "（",
        "“",
        "一",
        "10家",
        "力争",
        "从10家提高",
        "推进县公园新增企业",
        "“推进公园",
        "建成",
        "分别10家、",
        "各1个、",
        "等",
    ],
)
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    """Twice the text, about twice the time: a square would take four times as long, and minutes."""
    size = 60_000 // len(unit)
    start = time.process_time()
    for times in (1, 2):
        p = passage(unit * size * times)
        read_deliverables(p, read_targets(p))
    assert time.process_time() - start < 12


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_gold_of_the_shared_documents() -> None:
    golds = sorted((SHARED / "corpus" / "dev" / "gold").glob("*.json")) + sorted(
        (SHARED / "seed" / "gold").glob("*.json")
    )
    if not golds:
        pytest.skip("the shared documents are not here")
    score = _scorer()
    value, target = score.F1(), score.F1()
    for path in golds:
        if path.stem.startswith("shangyun"):  # its values stand in a column of their own
            continue
        for task in score.tasks_of(json.loads(path.read_text("utf-8"))):
            if task.get("truncated"):
                continue
            found = [msgspec.to_builtins(t) for t in read_targets(passage(task["text"]))]
            for f1, strict in ((value, False), (target, True)):
                hits, gold, predicted, *_ = score.match_targets(task["targets"], found, strict=strict)
                f1.add(hits, gold, predicted)
    assert value.value >= 98
    assert target.value >= 97
