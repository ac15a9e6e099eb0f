"""Aims without a number: what they say, of what, and that synonyms say the same. All sentences are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.reading import read
from luoshi.reading.facts import Passage
from luoshi.reading.facts.aims import read_aims
from luoshi.reading.facts.targets import read_targets
from luoshi.reading.ledger import Aim
from luoshi.reading.rule import fold


def aims(text: str, start: int = 0, end: int | None = None) -> tuple[Aim, ...]:
    p = Passage(4, text, fold(text), start, len(text) if end is None else end)
    return read_aims(p, read_targets(p))


def brief(aim: Aim) -> str:
    """Subject kind direction, > with what it is compared, ! where it is only striven for."""
    than = f" > {aim.than.text}" if aim.than else ""
    return f"{aim.subject} {aim.kind} {aim.direction or '-'}" + than + ("!" if aim.strength == "strive" else "")


FORMS = {
    "一般性支出只减不增，“三公”经费持续下降": ["一般性支出 direction down", "“三公”经费 direction down"],
    "城乡居民收入增长与经济增长基本同步": ["城乡居民收入增长 parity - > 经济增长"],
    "一产增加值增速同全省平均水平保持一致": ["一产增加值增速 parity - > 全省平均水平"],
    "居民人均可支配收入增速快于经济增长": ["居民人均可支配收入增速 comparison up > 经济增长"],
    "确保城乡收入倍差进一步缩小": ["城乡收入倍差 direction down"],
    "工业投资、民间投资增速高于面上投资": ["工业投资、民间投资增速 comparison up > 面上投资"],
    "力争固定资产投资增速高于全市平均": ["固定资产投资增速 comparison up > 全市平均!"],
    "力争财政收入增幅不低于上年": ["财政收入增幅 comparison up > 上年!"],
    "新发放贷款利率低于上年": ["新发放贷款利率 comparison down > 上年"],
    "零就业家庭动态清零，欠薪案件动态清零": ["零就业家庭 zero down", "欠薪案件 zero down"],
    "生产安全事故起数、死亡人数实现“双下降”": ["生产安全事故起数、死亡人数 direction down"],
    "确保不发生规模性返贫": ["规模性返贫 zero down"],
    "守住不发生系统性金融风险的底线": ["系统性金融风险 zero down"],
    "安全生产零事故、零死亡": ["安全生产 zero down", "安全生产 zero down"],
    "新增债务零增长": ["新增债务 zero down"],
    "全面消除黑臭水体，消除劣Ⅴ类水体": ["黑臭水体 zero down", "劣Ⅴ类水体 zero down"],
    "生活污水应收尽收、应治尽治": ["生活污水 full -", "生活污水 full -"],
    "低收入群体医保全覆盖": ["低收入群体医保 full -"],
    "实现境外上市企业零的突破": ["境外上市企业 first up"],
    "稳步提升群众满意度": ["群众满意度 direction up"],
    "营商环境持续优化，市场活力明显增强": ["营商环境 direction up", "市场活力 direction up"],
    "社会大局保持稳定": ["社会大局 direction hold"],
    "耕地保有量只增不减": ["耕地保有量 direction up"],
    "空气质量持续改善，PM2.5浓度稳中有降": ["空气质量 direction up", "PM2.5浓度 direction down"],
    "空气质量达到国家二级标准": ["空气质量 standard -"],
    "教育质量保持全省领先水平": ["教育质量 rank up"],
    "信访总量下降": ["信访总量 direction down"],
    "推动制造业增加值占比稳步提高": ["制造业增加值占比 direction up"],
    "加快推动经济回升向好": ["经济 direction up"],
    "粮食总产17.8万吨以上，确保只增不减": ["粮食总产 direction up"],
    "农民收入增长7%以上，城乡差距逐年缩小": ["城乡差距 direction down"],
    "建设项目审批时间进一步压缩": ["建设项目审批时间 direction down"],
    "在落实减税政策的前提下实现税收收入平稳增长": ["税收收入 direction up"],
    "跨境电商出口倍增": ["跨境电商出口 direction up"],
    "生产总值增长6%，结构持续优化；就业稳定": ["结构 direction up"],
}


@pytest.mark.parametrize("text", FORMS)
def test_aim_is_read(text: str) -> None:
    found = aims(text)
    assert [brief(aim) for aim in found] == FORMS[text]
    for aim in found:
        assert text[aim.at.start : aim.at.end] == aim.quote
        for words in (aim.than, aim.promise):
            assert words is None or text[words.at.start : words.at.end] == words.text


NONE = [
    "研发投入强度高于全国平均水平0.3个百分点",
    "能耗下降3.2%",
    "城镇化率提高到64%",
    "排名前移3位",
    "提升治理能力，推进工作走深走实",
    "持续改善营商环境工作机制",
    "同步推进道路建设",
    "开展清零行动",
    "目前信访总量持续下降",
    "引进领先企业10家",
    "进一步深化改革",
    "新增企业20家以上",
    "较大事故起数下降百分之五十",
    "增长快于预期的新兴产业",
]


@pytest.mark.parametrize("text", NONE)
def test_no_aim(text: str) -> None:
    assert aims(text) == ()


@pytest.mark.parametrize("text", [*FORMS, *NONE])
def test_what_is_an_aim_is_no_number(text: str) -> None:
    """No word is both part of a target and the words of an aim."""
    p = Passage(4, text, fold(text), 0, len(text))
    targets = read_targets(p)
    for aim in read_aims(p, targets):
        assert all(t.at.end <= aim.at.start or aim.at.end <= t.at.start for t in targets)


SAME = [
    ("城乡收入倍差{}", ["进一步缩小", "持续缩小", "逐步缩小", "不断缩小", "明显缩小", "逐年缩小", "稳步缩小"], "direction down"),
    ("信访总量{}", ["持续下降", "逐年减少", "明显减少", "稳中有降", "只减不增", "只降不升"], "direction down"),
    ("群众满意度{}", ["稳步提升", "持续提升", "不断提高", "明显提高", "稳中有升", "逐年上升"], "direction up"),
    ("工业投资增速{}", ["高于全省平均", "快于全省平均", "好于全省平均", "优于全省平均"], "comparison up > 全省平均"),
    ("居民收入{}经济增长同步", ["与", "和", "同", "跟"], "parity - > 经济增长"),
    ("欠薪案件{}", ["动态清零", "清零", "全部清零", "实现清零", "归零"], "zero down"),
    ("困难群众{}", ["应保尽保", "应救尽救", "应纳尽纳", "应享尽享"], "full -"),
    ("上市企业{}", ["零的突破", "实现零的突破", "实现“零突破”", "零突破"], "first up"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "words", "meaning"), SAME)
def test_synonyms_mean_the_same(form: str, words: list[str], meaning: str) -> None:
    for word in words:
        text = form.format(word)
        (aim,) = aims(text)
        assert brief(aim) == f"{form.partition('{')[0]} {meaning}", text


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("change", ["{}。", "；{}；", "加强领导，{}，狠抓落实。"])
def test_what_stands_around_does_not_matter(text: str, change: str) -> None:
    found = aims(change.format(text))
    assert [brief(aim) for aim in found] == FORMS[text]


@given(st.lists(st.sampled_from("持续 下降 提升 高于 全省平均 , 。 、 与 同步 动态清零 “ ” 5% 收入 不发生 事故 确保 领先 应收尽收 的 到".split()), max_size=16).map("".join))  # fmt: skip
def test_any_wording_gives_exact_spans(text: str) -> None:
    for aim in aims(text):
        assert text[aim.at.start : aim.at.end] == aim.quote != ""
        assert aim.at.block == 4


@given(st.sampled_from(list(FORMS)))
def test_an_aim_is_read_alike_wherever_it_stands(text: str) -> None:
    before = "总则增长3%。"
    inside = aims(before + text + "。附则", len(before), len(before) + len(text))
    assert [brief(aim) for aim in inside] == FORMS[text]


def test_aims_count_as_facts() -> None:
    text = "澜湾县2026年重点工作责任分解\n1.支出{}。（责任单位：县财政局）\n2.加强监管。（责任单位：县应急局）"
    plain, aimed = (read(text.format(w).encode(), name="a.txt") for w in ("管理严格规范", "始终只减不增"))
    assert plain.coverage.characters == aimed.coverage.characters
    assert aimed.coverage.facts == plain.coverage.facts + len("支出始终只减不增")
