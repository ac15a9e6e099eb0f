"""RTF: characters in every code, tables with what is merged, numbers, and what Word does not show."""

from __future__ import annotations

import pytest

from luoshi.reading import blocks_of, read
from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge
from luoshi.reading.ledger import Block
from luoshi.reading.sources import open_source

FONTS = r"{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\froman\fcharset0 Times New Roman;}{\f2\fnil\fcharset2 Symbol;}}"


def rtf(body: str, head: str = r"\ansi\ansicpg936\deff0", encoding: str = "ascii") -> bytes:
    return f"{{\\rtf1{head}{FONTS}{body}}}".encode(encoding)


def u(text: str) -> str:
    """Characters as ``\\uN`` with a stand-in, those beyond the first plane as two."""
    units = text.encode("utf-16-le")
    numbers = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(f"\\u{number}?" for number in numbers)


def x(text: str, encoding: str = "gbk") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding))


def blocks(data: bytes) -> tuple[Block, ...]:
    return blocks_of(data, name="a.rtf")


def texts(body: str, **options: str) -> list[str]:
    return [block.text for block in blocks(rtf(body, **options)) if block.kind != "chrome"]


TASK = "改造农村公路15公里。"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (u(TASK), r"\ansi\ansicpg936\deff0"),
        (x(TASK), r"\ansi\ansicpg936\deff0"),
        (x(TASK), r"\ansi\deff0"),  # the font alone says which code
        (rf"\f1 {x(TASK)}", r"\ansi\ansicpg936"),  # the file says it, the font is Western
        (
            rf"\f1 {x('改造农村公路')}15{x('公里。')}",
            r"\ansi\ansicpg1252",
        ),  # Western by declaration, Chinese by its bytes
        (x(TASK, "utf-8"), r"\ansi\ansicpg65001"),
        (rf"\uc2 {''.join(f'{chr(92)}u{ord(c)}{x(c)}' if c.strip('15') else c for c in TASK)}", r"\ansi\ansicpg936"),
        (rf"\uc0 {''.join(f'{chr(92)}u{ord(c)} ' if c.strip('15') else c for c in TASK)}", r"\ansi\ansicpg936"),
        (
            rf"{{\loch\af1\hich\af1\dbch\f0 {x('改造农村公路')}}}{{\loch\f1 15}}{{\dbch\f0 {x('公里。')}}}",
            r"\ansi\ansicpg936",
        ),
    ],
)
def test_characters_in_every_code(body: str, head: str) -> None:
    assert texts(rf"\pard {body}\par", head=head) == [TASK]


def test_bytes_as_they_are() -> None:
    assert [b.text for b in blocks(rtf(rf"\pard {TASK}\par", encoding="gbk"))] == [TASK]


def test_the_second_byte_of_a_character_may_be_a_letter() -> None:
    # 镕 is E9 46 in GBK: programmes write the 46 as the letter F.
    assert "镕".encode("gbk") == b"\xe9F"
    assert texts(rf"\pard {x('朱')}\'e9F{x('桥')}\par") == ["朱镕桥"]


def test_characters_beyond_the_first_plane_and_rare_names() -> None:
    assert texts(rf"\pard {u('𠮷𫖯湾')}\par") == ["𠮷𫖯湾"]
    assert texts(rf"\pard {x('㛃玥', 'gb18030')}\par") == ["㛃玥"]


def test_marks_and_named_characters() -> None:
    assert texts(r"\pard\ldblquote A\rdblquote\emdash B\~C\_D\{E\}\\ \tab F\line G\par") == [
        "“A”—B\u00a0C-D{E}\\ \tF",
        "G",
    ]


def test_what_word_does_not_show_stays_out() -> None:
    body = (
        r"{\info{\title X}}{\*\generator Y;}{\stylesheet{\s1 heading 1;}}{\*\listtable{\list Z}}"
        rf"\pard {{\v hidden}}{{\deleted gone}}{x('甲')}{{\field{{\*\fldinst HYPERLINK \"http://a\"}}{{\fldrslt {x('乙')}}}}}"
        r"{\pict\pngblip 89504e470d0a}{\*\bkmkstart b}{\xe index}{\object{\*\objdata 0102}}\par"
    )
    assert texts(body) == ["甲乙"]


def test_raw_bytes_of_a_picture_are_stepped_over() -> None:
    data = rtf(r"\pard A{\pict\bin6 ~~~~~~}B\par").replace(b"~~~~~~", b"}}{{\\x")
    assert [block.text for block in blocks(data)] == ["AB"]


def test_numbers_that_word_wrote_stand_before_the_text() -> None:
    body = (
        rf"\pard{{\listtext\pard\plain {u('一、')}\tab}}\ls1 {x('工业')}\par"
        rf"\pard{{\pntext\f1 1.\tab}}{x('推进大桥建设')}\par\pard{{\listtext\f2 \'b7\tab}}{x('要点')}\par"
    )
    assert texts(body) == ["一、工业", "1. 推进大桥建设", "• 要点"]


def test_headings_headers_notes_and_boxes() -> None:
    body = (
        r"{\stylesheet{\s1\outlinelevel0 heading 1;}}"
        rf"{{\header\pard {x('内部文件')}\par}}{{\footer\pard {x('第')}{{\field{{\*\fldinst PAGE}}{{\fldrslt 1}}}}{x('页')}\par}}"
        rf"\pard\s1 {x('工业经济')}\par\pard\outlinelevel1 {x('大桥')}\par"
        rf"\pard {x('正文')}{{\footnote\pard {x('脚注说明')}}}{{\shp{{\*\shpinst{{\sp{{\sn x}}{{\sv 1}}}}"
        rf"{{\shptxt\pard {x('框里的字')}\par}}}}{{\shprslt\pard old\par}}}}\par"
    )
    assert [(b.kind, b.text, b.origin.level) for b in blocks(rtf(body))] == [
        ("chrome", "内部文件", None), ("heading", "工业经济", 1), ("heading", "大桥", 2), ("textbox", "框里的字", None),
        ("paragraph", "正文", None), ("paragraph", "脚注说明", None), ("chrome", "第1页", None),
    ]  # fmt: skip


def row(*cells: str, edges: tuple[int, ...] = (1000, 5000, 8000), flags: tuple[str, ...] = ("", "", "")) -> str:
    defined = "".join(f"{flag}\\cellx{edge}" for flag, edge in zip(flags, edges))
    return rf"\trowd\trgaph108 {defined}" + "".join(rf"\pard\intbl {x(cell)}\cell" for cell in cells) + r"\row"


def test_tables_with_merged_cells() -> None:
    body = (
        row("责任分解", edges=(8000,), flags=("",))
        + row("序号", "工作任务", "单位")
        + row("1", "修路", "县交通运输局", flags=("", r"\clvmgf", ""))
        + row("2", "", "县财政局", flags=("", r"\clvmrg", ""))
        + row("注", "无", "", flags=(r"\clmgf", r"\clmrg", ""))
        + rf"\pard {x('表后')}\par"
        + row("另", "表", "在此")
    )
    found = [
        (b.kind, b.text, b.origin.table, b.origin.row, b.origin.column, b.origin.row_span, b.origin.column_span)
        for b in blocks(rtf(body))
    ]
    assert found == [
        ("cell", "责任分解", 0, 0, 0, 1, 3),
        ("cell", "序号", 0, 1, 0, 1, 1), ("cell", "工作任务", 0, 1, 1, 1, 1), ("cell", "单位", 0, 1, 2, 1, 1),
        ("cell", "1", 0, 2, 0, 1, 1), ("cell", "修路", 0, 2, 1, 2, 1), ("cell", "县交通运输局", 0, 2, 2, 1, 1),
        ("cell", "2", 0, 3, 0, 1, 1), ("cell", "县财政局", 0, 3, 2, 1, 1),
        ("cell", "注\n无", 0, 4, 0, 1, 2),
        ("paragraph", "表后", None, None, None, 1, 1),
        ("cell", "另", 1, 0, 0, 1, 1), ("cell", "表", 1, 0, 1, 1, 1), ("cell", "在此", 1, 0, 2, 1, 1),
    ]  # fmt: skip


def test_rows_are_defined_before_or_after_their_cells_and_cells_hold_paragraphs() -> None:
    cells = rf"\pard\intbl {x('县教育局')}\par {x('县住建局')}\cell\pard\intbl {x('全年')}\cell"
    first, after = r"\trowd\cellx2000\cellx4000", r"\trowd\cellx2010\cellx4010"
    for body in (f"{first}{cells}\\row{first}{cells}\\row", f"{cells}{after}\\row{cells}{first}\\row"):
        found = blocks(rtf(body))
        assert [(b.text, b.origin.row, b.origin.column) for b in found] == [
            ("县教育局\n县住建局", 0, 0), ("全年", 0, 1), ("县教育局\n县住建局", 1, 0), ("全年", 1, 1),
        ]  # fmt: skip


def test_a_document_is_read_into_a_ledger() -> None:
    body = (
        rf"\pard {x('澜湾县2026年重点工作责任分解')}\par"
        + row("序号", "工作任务", "责任单位")
        + row("1", TASK, "县交通运输局")
    )
    ledger = read(rtf(body), name="任务.doc")
    assert ledger.source.media_type == "application/rtf"
    ((_, _, _, task),) = ledger.tasks()
    assert (task.text, [unit.name for unit in task.units], task.targets[0].value) == (TASK, ["县交通运输局"], 15.0)


# --- damage and malice --------------------------------------------------------------------------------------------


def test_a_file_cut_short_is_read_and_doubted() -> None:
    whole = rtf(rf"\pard {x(TASK)}\par" + row("序号", "工作任务", "单位") + rf"\pard {x(TASK)}\par")
    assert not open_source(whole, "a.rtf").doubts
    for cut in range(len(whole) - 1, 200, -7):
        opened = open_source(whole[:cut], "a.rtf")
        assert [doubt.code for doubt in opened.doubts] == ["cut-short"]
        assert opened.blocks[0].text.startswith("改造")


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"{\\rtf1\\ansi", CannotOpen, "没有文字"),
        (b"{\\rtf1}", CannotOpen, "没有文字"),
        (b"{\\rtf1" + b"{" * 400, TooLarge, "过于复杂"),
        (b"{\\rtf1" + b"\\b0" * 3_100_000, TooLarge, "过于复杂"),
        (b"{\\rtf1" + b"\\trowd\\cellx9\\pard\\intbl x\\cell" * 100_100, TooLarge, "表格内容过大"),
        (b"{\\rtf1 " + b"x" * 1_100_000 + b"}", TooLarge, "万字"),
    ],
    ids=["begun", "empty", "deep", "words", "cells", "long"],
)
def test_each_fault_has_its_sentence(data: bytes, error: type[ReadingError], says: str) -> None:
    with pytest.raises(error, match=says):
        open_source(data, "a.rtf")


@pytest.mark.parametrize(
    "body",
    [r"\u99999999999?A", r"\bin99999999999 A", r"\bin-9 A", r"\'zzA", "\\", r"}}}A", r"\cellx-99999\cell\row A", r"\uc-5\u25913A",
     r"\ansicpg99999 A", r"\f99999 A", r"\outlinelevel99 A\par", r"\row\row\cell A", r"\*\*\*A", r"{\*A", "\x00\x01A"],
)  # fmt: skip
def test_nonsense_breaks_nothing(body: str) -> None:
    try:
        open_source(rtf(body), "a.rtf")
    except ReadingError as why:
        assert str(why).endswith("。")
