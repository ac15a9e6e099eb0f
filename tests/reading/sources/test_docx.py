"""Word documents built part by part: what Word shows, in order, with its numbers."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.errors import CannotOpen, ReadingError, TooLarge
from luoshi.reading.ledger import Block
from luoshi.reading.sources import open_source
from luoshi.reading.sources.numerals import written

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def pack(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return data.getvalue()


def document(body: str, **parts: str) -> bytes:
    """A document of raw XML; further parts by their kind: numbering, styles, footnotes, header, footer."""
    relations = "".join(
        f'<Relationship Id="{kind}" Type="http://x/relationships/{kind}" Target="{kind}.xml"/>' for kind in parts
    )
    relationships = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    return pack(
        {
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relationships,
            **{f"word/{kind}.xml": content for kind, content in parts.items()},
        }
    )


def read(body: str, **parts: str) -> tuple[Block, ...]:
    return open_source(document(body, **parts), "a.docx").blocks


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in read(body, **parts)]


def p(text: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def n(text: str, num: int, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def lvl(index: int, style: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:numbering {NAMES}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{nums}</w:numbering>'


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


CHINESE = lvl(0, "chineseCounting", "%1、") + lvl(1, "chineseCounting", "（%2）") + lvl(2, "decimal", "%3.")


def test_three_levels_restart_under_each_other() -> None:
    body = (
        n("甲", 1)
        + n("子", 1, 1)
        + n("a", 1, 2)
        + n("b", 1, 2)
        + n("丑", 1, 1)
        + n("c", 1, 2)
        + n("乙", 1)
        + n("寅", 1, 1)
    )
    assert texts(body, numbering=numbering(CHINESE)) == [
        "一、甲", "（一）子", "1. a", "2. b", "（二）丑", "1. c", "二、乙", "（一）寅",
    ]  # fmt: skip


def test_two_lists_of_one_definition_go_on_unless_the_start_is_overridden() -> None:
    nums = "".join(f'<w:num w:numId="{i}"><w:abstractNumId w:val="0"/></w:num>' for i in (1, 2))
    nums += '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    body = n("甲", 1) + n("乙", 2) + n("丙", 3) + n("丁", 3) + n("戊", 1)
    assert texts(body, numbering=numbering(CHINESE, nums)) == ["一、甲", "二、乙", "五、丙", "六、丁", "七、戊"]


def test_an_override_may_redefine_a_level() -> None:
    nums = f'<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{lvl(0, "upperRoman", "%1)")}</w:lvlOverride></w:num>'
    assert texts(n("甲", 1) + n("乙", 1), numbering=numbering(CHINESE, nums)) == ["I)甲", "II)乙"]


def test_a_level_may_never_restart() -> None:
    levels = lvl(0, "chineseCounting", "%1、") + lvl(1, "decimal", "%2．", '<w:lvlRestart w:val="0"/>')
    body = n("甲", 1) + n("a", 1, 1) + n("乙", 1) + n("b", 1, 1)
    assert texts(body, numbering=numbering(levels)) == ["一、甲", "1．a", "二、乙", "2．b"]


def test_legal_numbering_is_decimal_throughout() -> None:
    levels = lvl(0, "chineseCounting", "第%1章") + lvl(1, "decimal", "%1.%2", "<w:isLgl/>") + lvl(2, "decimal", "%1.%3")
    body = n("总则", 1) + n("目的", 1, 1) + n("细目", 1, 2)
    assert texts(body, numbering=numbering(levels)) == ["第一章 总则", "1.1 目的", "一.1 细目"]


def test_numbering_comes_from_the_style_and_its_ancestors() -> None:
    styles = f"""<w:styles {NAMES}>
        <w:style w:type="paragraph" w:styleId="A"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="B"><w:name w:val="own"/><w:basedOn w:val="A"/></w:style>
        <w:style w:type="paragraph" w:styleId="C"><w:name w:val="second"/><w:basedOn w:val="A"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="D"><w:name w:val="none"/><w:basedOn w:val="A"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="E"><w:name w:val="loop"/><w:basedOn w:val="E"/></w:style></w:styles>"""
    body = "".join(p(key, f'<w:pStyle w:val="{key}"/>') for key in "ABCDE")
    body += p("F", '<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    blocks = read(body, styles=styles, numbering=numbering(CHINESE))
    assert [block.text for block in blocks] == ["一、A", "二、B", "（一）C", "D", "E", "F"]
    assert [block.origin.level for block in blocks] == [1, 1, 1, 1, None, 1]


def test_a_level_that_names_a_style_wins_over_the_styles_own_level() -> None:
    styles = f"""<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="S"><w:name w:val="x"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>"""
    levels = lvl(0, "decimal", "%1.") + lvl(1, "decimalEnclosedCircle", "%2", '<w:pStyle w:val="S"/>')
    assert texts(p("甲", '<w:pStyle w:val="S"/>'), styles=styles, numbering=numbering(levels)) == ["① 甲"]


def test_a_numbering_style_is_followed() -> None:
    nums = f"""<w:abstractNum w:abstractNumId="5"><w:styleLink w:val="L"/>{CHINESE}</w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"""
    linked = numbering('<w:numStyleLink w:val="L"/>', nums)
    assert texts(n("甲", 1) + n("乙", 1, 1), numbering=linked) == ["一、甲", "（一）乙"]


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        ("chineseCounting", ["一", "十", "十一", "二十", "一〇五"]),
        ("chineseCountingThousand", ["一", "十", "十一", "二十", "一百零五"]),
        ("japaneseCounting", ["一", "十", "十一", "二十", "百五"]),
        ("chineseLegalSimplified", ["壹", "壹拾", "壹拾壹", "贰拾", "壹佰零伍"]),
        ("ideographDigital", ["一", "一〇", "一一", "二〇", "一〇五"]),
        ("decimalEnclosedCircle", ["①", "⑩", "⑪", "⑳", "105"]),
        ("decimalEnclosedParen", ["⑴", "⑽", "⑾", "⒇", "105"]),
        ("ideographTraditional", ["甲", "癸", "甲", "癸", "戊"]),
        ("upperLetter", ["A", "J", "K", "T", "AAAAA"]),
        ("lowerRoman", ["i", "x", "xi", "xx", "cv"]),
        ("decimalFullWidth", ["１", "１０", "１１", "２０", "１０５"]),
        ("decimalZero", ["01", "10", "11", "20", "105"]),
        ("none", ["", "", "", "", ""]),
        ("nobodyKnows", ["1", "10", "11", "20", "105"]),
    ],
)
def test_numbers_as_word_writes_them(style: str, wanted: list[str]) -> None:
    assert [written(number, style) for number in (1, 10, 11, 20, 105)] == wanted


def test_bullets_of_symbol_fonts_become_characters() -> None:
    levels = lvl(0, "bullet", "\uf0ab") + lvl(1, "bullet", "▲")
    assert texts(n("甲", 1) + n("乙", 1, 1), numbering=numbering(levels)) == ["★ 甲", "▲ 乙"]


def test_changes_are_accepted() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('完成')}<w:del><w:r><w:delText>三</w:delText></w:r></w:del><w:ins>{run.format('五')}</w:ins>"
        f"<w:moveFrom>{run.format('旧')}</w:moveFrom><w:moveTo>{run.format('个')}</w:moveTo></w:p>"
    )
    body += p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半") + p("末尾", "<w:rPr><w:del/></w:rPr>")
    body += tbl(tc(p("甲")) + tc(p("乙")), "<w:trPr><w:del/></w:trPr>" + tc(p("删")) + tc(p("除")))
    assert texts(body) == ["完成五个", "前半后半", "末尾", "甲", "乙"]


def test_fields_show_their_result() -> None:
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    body = f"<w:p>{char.format('begin')}<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>不显示</w:t></w:r>{char.format('separate')}"
    body += f"<w:r><w:t>第3页</w:t></w:r>{char.format('end')}<w:r><w:t>止</w:t></w:r></w:p>"
    assert texts(body) == ["第3页止"]


def test_small_marks_within_a_run() -> None:
    run = "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:softHyphen/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t>"
    run += '<w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0AB"/><w:br/><w:t>　戊</w:t></w:r>'
    run += "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>显</w:t></w:r></w:p>"
    blocks = read(run + "<w:p/>" + p("　") + p("己"))
    assert [(block.text, block.origin.paragraph) for block in blocks] == [("甲\t乙丙-丁★", 0), ("戊显", 0), ("己", 3)]


def test_merged_cells_stand_once_at_their_true_place() -> None:
    table = tbl(
        tc(p("标题"), '<w:gridSpan w:val="3"/>'),
        tc(p("1")) + tc(p("领导"), '<w:vMerge w:val="restart"/>') + tc(p("甲局") + p("乙局")),
        tc(p("2")) + tc(p(), "<w:vMerge/>") + tc(p()),
        "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + tc(p(), "<w:vMerge/>") + tc(p("丙局")),
        tc(p("3")) + tc(p("新领导"), '<w:vMerge w:val="restart"/>') + tc(p("丁局")),
    )
    assert [
        (b.text, b.origin.row, b.origin.column, b.origin.row_span, b.origin.column_span) for b in read(table)
    ] == [
        ("标题", 0, 0, 1, 3), ("1", 1, 0, 1, 1), ("领导", 1, 1, 3, 1), ("甲局\n乙局", 1, 2, 1, 1), ("2", 2, 0, 1, 1),
        ("丙局", 3, 2, 1, 1), ("3", 4, 0, 1, 1), ("新领导", 4, 1, 1, 1), ("丁局", 4, 2, 1, 1),
    ]  # fmt: skip


def test_numbers_fill_cells_of_their_own() -> None:
    table = tbl(*(tc(n("", 1)) + tc(p(text)) for text in ("甲", "乙")))
    assert texts(table, numbering=numbering(lvl(0, "decimal", "%1"))) == ["1", "甲", "2", "乙"]


def test_an_empty_numbered_paragraph_counts_but_gives_no_block() -> None:
    assert texts(n("甲", 1) + n("", 1) + n("丙", 1), numbering=numbering(CHINESE)) == ["一、甲", "三、丙"]


def test_nested_tables_and_frames() -> None:
    inner = tbl(tc(p("内1")) + tc(p("内2")))
    blocks = read(tbl(tc(p("外") + inner + p("外后")) + tc(p("旁"))) + tbl(tc(p("框") + p("内容"))))
    assert [(b.kind, b.text, b.origin.table) for b in blocks] == [
        ("cell", "外\n外后", 0), ("cell", "内1", 1), ("cell", "内2", 1), ("cell", "旁", 0),
        ("paragraph", "框", None), ("paragraph", "内容", None),
    ]  # fmt: skip


def test_text_boxes_stand_once_after_their_paragraph() -> None:
    box = f"<w:txbxContent>{p('框一')}{p('框二')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
    )
    both += f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    body = f"<w:p><w:r><w:t>前</w:t></w:r><w:r>{both}</w:r><w:r><w:t>后</w:t></w:r></w:p>" + p("下文")
    assert [(b.kind, b.text) for b in read(body)] == [
        ("paragraph", "前后"), ("textbox", "框一"), ("textbox", "框二"), ("paragraph", "下文"),
    ]  # fmt: skip


def test_content_controls_are_read_through_but_not_their_prompts() -> None:
    body = f"<w:sdt><w:sdtContent>{p('控件内')}</w:sdtContent></w:sdt>"
    body += "<w:p><w:sdt><w:sdtContent><w:r><w:t>行内</w:t></w:r></w:sdtContent></w:sdt>"
    body += "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    body += f"<w:tbl><w:sdt><w:sdtContent><w:tr>{tc(p('甲'))}<w:sdt><w:sdtContent>{tc(p('乙'))}</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>"
    assert texts(body) == ["控件内", "行内", "甲", "乙"]


def test_headers_footers_notes_and_contents() -> None:
    reference = '<w:sectPr><w:headerReference r:id="header"/><w:footerReference r:id="footer"/></w:sectPr>'
    styles = f'<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style></w:styles>'
    blocks = read(
        p("目录甲 1", '<w:pStyle w:val="T"/>') + p("正文") + reference,
        styles=styles,
        header=f"<w:hdr {NAMES}>{p('页眉')}</w:hdr>",
        footer=f"<w:ftr {NAMES}>{p('— 1 —')}</w:ftr>",
        footnotes=f"<w:footnotes {NAMES}><w:footnote w:type='separator'>{p('线')}</w:footnote><w:footnote>{p('注文')}</w:footnote></w:footnotes>",
    )
    assert [(b.kind, b.text) for b in blocks] == [
        ("chrome", "页眉"), ("chrome", "目录甲 1"), ("paragraph", "正文"), ("paragraph", "注文"), ("chrome", "— 1 —"),
    ]  # fmt: skip


def test_a_document_made_by_a_library() -> None:
    made = docx.Document()
    made.add_heading("澜湾县责任分解", 0)
    made.add_heading("一、工业", 2)
    made.add_paragraph("推进大桥建设", style="List Number")
    made.add_paragraph("改造农村公路", style="List Number")
    table = made.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "领导"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "单位"
    table.cell(1, 2).text = "县局"
    data = io.BytesIO()
    made.save(data)
    blocks = open_source(data.getvalue(), "a.docx").blocks
    assert [(b.kind, b.text, b.origin.level, b.origin.row_span, b.origin.column_span) for b in blocks] == [
        ("heading", "澜湾县责任分解", 1, 1, 1), ("heading", "一、工业", 2, 1, 1), ("paragraph", "1. 推进大桥建设", None, 1, 1),
        ("paragraph", "2. 改造农村公路", None, 1, 1), ("cell", "领导", None, 2, 1), ("cell", "单位", None, 1, 2),
        ("cell", "县局", None, 1, 1),
    ]  # fmt: skip


def test_a_strict_document_and_a_wrong_name() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    data = pack({"word/document.xml": f'<w:document xmlns:w="{strict}"><w:body>{p("甲")}</w:body></w:document>'})
    assert [block.text for block in open_source(data, "甲.txt").blocks] == ["甲"]


@pytest.mark.parametrize(
    ("parts", "error", "says"),
    [
        ({"xl/workbook.xml": "<x/>"}, CannotOpen, "表格里没有内容"),
        ({"[Content_Types].xml": "<x/>"}, CannotOpen, "正文"),
        ({"word/document.xml": "<w:document"}, CannotOpen, "损坏"),
        ({"word/document.xml": "<a/>"}, CannotOpen, "正文"),
        ({"word/document.xml": " " * 30_000_000}, TooLarge, "过大"),
        ({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, CannotOpen, "损坏"),
    ],
)
def test_what_is_no_document_is_told_apart(parts: dict[str, str | bytes], error: type[ReadingError], says: str) -> None:
    with pytest.raises(error, match=says):
        open_source(pack(parts), "a.docx")


def test_entities_are_not_expanded_and_files_not_fetched() -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
    for subset, entity in ((f'<!ENTITY a "lol">{laughs}', "m"), ('<!ENTITY a SYSTEM "file:///etc/hostname">', "a")):
        body = f"<w:document {NAMES}><w:body>{p(f'&{entity};')}</w:body></w:document>"
        with pytest.raises(CannotOpen):
            open_source(pack({"word/document.xml": f"<!DOCTYPE x [{subset}]>{body}"}), "a.docx")


def test_tables_nested_beyond_reason_and_long_labels_end_soon() -> None:
    deep = "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>" * 70 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 70
    with pytest.raises(CannotOpen, match="嵌套"):
        read(deep)
    assert len(texts(n("甲", 1), numbering=numbering(lvl(0, "decimal", "%1" * 5000)))[0]) < 60


BODY = n("甲", 1) + tbl(tc(p("乙")) + tc(p("丙"), "<w:vMerge/>")) + p("丁")
GOOD = document(BODY, numbering=numbering(CHINESE))


@settings(deadline=None)
@given(st.integers(0, len(GOOD)), st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_file_opens_or_says_why_not(end: int, changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, byte in changes:
        data[place] = byte
    for piece in (bytes(data), bytes(data[:end])):
        try:
            open_source(piece, "a.docx")
        except ReadingError as fault:
            assert str(fault).endswith("。")
