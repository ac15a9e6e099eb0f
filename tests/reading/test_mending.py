"""Page damage that is mended before reading: lines cut at a width, numbers of pages between them, signs nobody sees."""

from __future__ import annotations

import pytest

from luoshi.reading import read
from luoshi.reading.ledger import Block
from luoshi.reading.mending import mend

LONG = (
    "1.深化产业链招商，全年引进亿元以上项目20个，新增规上工业企业12家，规上工业增加值增长8%左右。（县经信局牵头，县商务局、县农业农村局配合）",
    "2.完成老旧小区改造25个，新增公共停车泊位900个以上，开工建设滨海大道二期。（县住建局牵头，县自然资源局、县城投集团配合）",
    "3.城镇调查失业率控制在5.5%以内，学前教育普惠率由88%提高到91%，新建公办幼儿园2所。（县教育局牵头，县人社局配合）",
)
PAGE = "澜湾县2026年重点工作责任分解\n"


def paragraphs(*lines: str) -> list[Block]:
    return [Block(kind="paragraph", text=line) for line in lines]


def texts(*lines: str) -> list[str]:
    return [block.text for block in mend(paragraphs(*lines)) if block.kind == "paragraph"]


def cut(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def duties(text: str) -> list[list[tuple[str, str]]]:
    return [[(unit.name, unit.role) for unit in task.units] for *_, task in read(text.encode(), name="a.txt").tasks()]


@pytest.mark.parametrize("width", range(17, 41))
def test_lines_cut_at_a_width_are_joined(width: int) -> None:
    lines = [piece for line in LONG for piece in cut(line, width)]
    assert duties(PAGE + "\n".join(lines)) == duties(PAGE + "\n".join(LONG))


@pytest.mark.parametrize("mark", ["— 3 —", "- 3 -", "－3－", "第 3 页", "第3页 共9页", "第3页，共9页", "　　— 12 —"])
def test_a_line_goes_on_over_the_number_of_a_page(mark: str) -> None:
    lines = [piece for line in LONG for piece in cut(line, 30)]
    lines.insert(1, mark)
    assert duties(PAGE + "\n".join(lines)) == duties(PAGE + "\n".join(LONG))
    chrome = [block.text for block in mend(paragraphs(*lines)) if block.kind == "chrome"]
    assert chrome == [mark]


def test_paragraphs_of_any_length_stay_as_they_are() -> None:
    assert texts(*LONG) == list(LONG)
    names = ["县发展和改革局", "县经济和信息化局", "县住房和城乡建设局", "县人力资源社会保障局"] * 3
    assert texts(*names) == names


def test_numbers_and_labels_begin_a_line_of_their_own() -> None:
    lines = [
        "一" * 30,
        "二" * 30,
        "3.新建学校2所" + "三" * 23,
        "责任单位:县教育局" + "四" * 21,
        "（五）" + "五" * 27,
        "六",
    ]
    assert texts(*lines) == ["一" * 30 + "二" * 30, *lines[2:4], "（五）" + "五" * 27 + "六"]


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\xad", "\u202e", "\u2060"])
def test_signs_nobody_sees_are_left_out(sign: str) -> None:
    hidden = [line.replace("县", f"县{sign}") + sign for line in LONG]
    assert texts(*hidden) == list(LONG)


@pytest.mark.parametrize("line", ["3", "第3页见附表", "— 3 个 —", "-3-5-"])
def test_what_is_no_number_of_a_page_stays(line: str) -> None:
    assert texts(LONG[0], line) == [LONG[0], line]
