"""Which names mean one unit. The pairs that must not are as important as those that must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.people.alias_words import WHOLES, WORDS
from luoshi.people.aliases import Known, Registry, clean, guess_kind, likely_aliases, resolve, take_apart

PLACE = "澜湾县"

SAME = [
    ("县发改局", "县发展和改革局"),
    ("县发改局", "县发展改革局"),
    ("县发改局", "澜湾县发展和改革局"),
    ("县发改局", "澜湾发改局"),
    ("县发改局", "发改局"),
    ("县住建局", "县住房和城乡建设局"),
    ("县人社局", "县人力社保局"),
    ("县人社局", "县人力资源和社会保障局"),
    ("县自然资源规划局", "县自然资源和规划局"),
    ("县自规局", "县资规局"),
    ("县市场监管局", "县市场监督管理局"),
    ("市场监管局", "县市场监督管理局"),
    ("县卫健局", "县卫生健康局"),
    ("县文广旅体局", "县文化和广电旅游体育局"),
    ("县退役军人局", "县退役军人事务局"),
    ("县经信局", "县经济和信息化局"),
    ("县应急局", "县应急管理局"),
    ("县综合执法局", "县综合行政执法局"),
    ("县医保局", "县医疗保障局"),
    ("县政务数据局", "县政务服务和数据管理局"),
    ("县数改办", "县数字化改革办公室"),
    ("县府办", "县政府办公室"),
    ("县政府办", "澜湾县人民政府办公室"),
    ("县委编办", "县委机构编制委员会办公室"),
    ("县残联", "县残疾人联合会"),
    ("县供销社", "县供销合作社联合社"),
    ("望潮街道", "望潮街道办事处"),
    ("澜湾县望潮街道", "望潮街道"),
    ("渡口镇", "渡口镇人民政府"),
    ("县城投集团", "县城市建设投资集团有限公司"),
    ("市生态环境局澜湾分局", "市生态环境局澜湾县分局"),
    ("县 发改局", "县发改局"),
    ("县国资监管中心", "县国有资产监督管理中心"),
]
DIFFERENT = [
    ("县教育局", "县体育局"),
    ("县教育局", "县教体局"),
    ("县教体局", "县体育局"),
    ("市生态环境局澜湾分局", "市生态环境局"),
    ("市生态环境局澜湾分局", "市生态环境局望屿分局"),
    ("县发改局", "市发改局"),
    ("县发改局", "省发改局"),
    ("县文化旅游局", "县文广旅体局"),
    ("县财政局", "县审计局"),
    ("县农业农村局", "县农业农村和水利局"),
    ("县经信局", "县科技局"),
    ("县公安局", "县公安局交通分局"),
    ("望潮街道", "望潮镇"),
    ("县城投集团", "县交投集团"),
    ("县委办", "县政府办"),
    ("县委宣传部", "县委组织部"),
    ("县大数据中心", "县大数据局"),
    ("县妇联", "县残联"),
    ("渡口镇", "新渡口镇"),
]


def meant(name: str, *units: str):
    """What a name means in a county that has these units."""
    return resolve(name, Registry.build([Known(n, (u,)) for n, u in enumerate(units, start=1)], PLACE))


@pytest.mark.parametrize("one, other", SAME)
def test_names_of_one_unit(one, other):
    assert (meant(one, other).pk, meant(other, one).pk) == (1, 1)
    assert {meant(one, other).kind, meant(other, one).kind} <= {"exact", "alias"}


@pytest.mark.parametrize("one, other", DIFFERENT)
def test_names_of_two_units_are_never_taken_for_one(one, other):
    assert meant(one, other).pk is None
    assert meant(other, one).pk is None


@pytest.mark.parametrize(
    "name, unit, reason",
    [
        ("县发改委", "县发改局", "末尾不同"),
        ("县旅投集团", "县旅游发展投资集团", "缩写"),
        ("县农业局", "县农业农村综合局", "缩写"),
    ],
)
def test_what_is_only_likely_is_offered_with_its_reason(name, unit, reason):
    match = meant(name, unit)
    assert (match.kind, match.pk) == ("likely", None)
    assert reason in match.candidates[0].reasons[0]


@pytest.mark.parametrize("name, unit", [("县教育局", "县体育局"), ("县教体局", "县教育局"), ("市发改局", "县发改局")])
def test_resemblance_of_letters_alone_offers_nothing(name, unit):
    assert meant(name, unit).kind == "none"


def test_two_units_that_could_be_meant_are_both_offered():
    match = meant("县发展改革局", "县发改局", "县发展和改革局")
    assert (match.kind, match.pk) == ("likely", None)
    assert {c.pk for c in match.candidates} == {1, 2}


def test_the_most_alike_comes_first():
    match = meant("县农业局", "县农业资源环境与农村能源局", "县农业综合局")
    assert [c.name for c in match.candidates] == ["县农业综合局", "县农业资源环境与农村能源局"]


def test_a_registered_alias_beats_what_the_words_say():
    registry = Registry.build([Known(1, ("县发改局",)), Known(2, ("县数据局",), ("县发展改革局",))], PLACE)
    assert resolve("县发展改革局", registry).pk == 2
    assert resolve("县发展改革局", registry).kind == "alias"
    assert resolve("县发展和改革局", registry).pk is None  # now two units bear that wording


@pytest.mark.parametrize(
    "name, expected",
    [
        ("县发改局", {"县发展和改革局", "县发展改革局", "澜湾县发改局"}),
        ("县住房和城乡建设局", {"县住建局", "县住房城乡建设局"}),
        ("县府办", {"县政府办", "县人民政府办公室"}),
        ("望潮街道", {"望潮街道办事处", "望潮街道办"}),
        ("县城投集团", {"县城市建设投资集团"}),
    ],
)
def test_likely_aliases(name, expected):
    assert expected <= set(likely_aliases(name, PLACE))


@pytest.mark.parametrize("line", [*WORDS, *WHOLES], ids=lambda line: line[0])
def test_every_line_of_the_word_lists_is_one_unit(line):
    ending = "局" if line in WORDS else ""
    for form in line:
        assert take_apart(f"县{form}{ending}", PLACE) == take_apart(f"县{line[0]}{ending}", PLACE), form


def test_no_word_stands_in_two_lines():
    forms = [form for line in WORDS for form in line]
    assert len(forms) == len(set(forms))


NAMES = sorted({name for pair in [*SAME, *DIFFERENT] for name in pair})


@given(st.sampled_from(NAMES))
def test_proposed_aliases_mean_the_unit_they_were_made_for(name):
    for alias in likely_aliases(name, PLACE):
        assert alias != name
        assert meant(alias, name).pk == 1


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_meaning_goes_both_ways(one, other):
    assert (meant(one, other).pk is None) == (meant(other, one).pk is None)


@given(st.text(alphabet="县市澜湾发展改革和局委办教体育（）() 分镇街道", max_size=14))
def test_any_text_is_answered_and_means_itself(text):
    match = meant(text, "县发改局", "县教育局")
    assert match.kind in ("exact", "alias", "likely", "none")
    assert (match.pk is not None) == (match.kind in ("exact", "alias"))
    if clean(text):
        assert meant(text, text).pk == 1


@pytest.mark.parametrize(
    "name, kind",
    [
        ("县发改局", "department"),
        ("望潮街道", "town"),
        ("渡口镇", "town"),
        ("县城投集团", "enterprise"),
        ("县供电公司", "enterprise"),
        ("市生态环境局澜湾分局", "vertical"),
        ("各镇（街道）", "collective"),
        ("相关部门", "collective"),
        ("县委组织部", "party"),
        ("县妇联", "peoples"),
        ("县政府办", "department"),
        ("经济开发区管委会", "park"),
        ("县融媒体中心", "institution"),
        ("县数改办", "department"),
        ("交警大队", "vertical"),
        ("省水利厅", "department"),
        ("县有关部门", "collective"),
        ("滨海旅游度假区", "park"),
        ("武警中队", "other"),
    ],
)
def test_guessed_kind(name, kind):
    assert guess_kind(name) == kind
