"""Web pages: the document out of its site, tables with their grid, text as a browser shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.reading.errors import ReadingError, TooLarge
from luoshi.reading.ledger import Block
from luoshi.reading.sources import open_source

LONG = "推进澜湾大桥及接线工程开工建设，完成年度投资三亿元；改造农村公路十二公里。"
TASKS = "".join(f"<p>　　{n}.{LONG}</p><p>责任单位：县交通运输局</p>" for n in range(1, 6))
NAVIGATION = "<a href=/>首页</a><a href=/a>走进澜湾</a><a href=/b>政务公开</a>"


def read(html: str, encoding: str = "utf-8") -> tuple[Block, ...]:
    return open_source(html.encode(encoding), "page.html").blocks


def document(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if block.kind != "chrome"]


def chrome(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if block.kind == "chrome"]


PAGES = {
    "named containers": f"""<div class=top>{NAVIGATION}</div><div class=crumb>当前位置：<a>首页</a> &gt; <a>公开</a></div>
        <div class=main><h1>澜湾县2022年重点工作责任分解</h1><div id=zoom>{TASKS}</div><div class=share>分享到：<a>微信</a></div></div>
        <div class=side><h4>相关信息</h4><ul><li><a>县政府召开会议</a></li></ul></div>
        <div class=footer><p>主办：澜湾县人民政府办公室</p><p>网站标识码：0000000001</p></div>""",
    "no names": f"""<div>{NAVIGATION}</div><div><h1>澜湾县2022年重点工作责任分解</h1><div>{TASKS}</div>
        <p><a>上一篇：关于甲的通知</a></p></div><div><ul><li><a>县政府召开会议</a></li></ul></div><div>版权所有：澜湾县 ICP备000</div>""",
    "table frames": f"""<table><tr><td colspan=2>{NAVIGATION}</td></tr><tr><td><table><tr><td><a>通知公告</a></td></tr></table>
        </td><td><table><tr><td>澜湾县2022年重点工作责任分解</td></tr><tr><td>{TASKS}</td></tr></table></td></tr>
        <tr><td colspan=2>版权所有：澜湾县 ICP备000</td></tr></table>""",
    "one form around all": f"""<form id=aspnetForm><header>{NAVIGATION}</header><section><div class="article-header">
        <h1>澜湾县2022年重点工作责任分解</h1></div><div class=content>{TASKS}</div></section>
        <div id=bottom>技术支持：000</div></form>""",
    "semantic": f"""<nav>{NAVIGATION}</nav><main><article><h1>澜湾县2022年重点工作责任分解</h1>{TASKS}</article></main>
        <aside class=sidebar><a>通知公告</a></aside><footer>主办：澜湾县</footer>""",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_the_document_is_found_in_its_site_and_nothing_else_is(page: str) -> None:
    blocks = read(
        f"<html><head><title>澜湾县2022年重点工作责任分解_澜湾县政府网</title></head><body>{page}</body></html>"
    )
    expected = ["澜湾县2022年重点工作责任分解"]
    for number in range(1, 6):
        expected += [f"{number}.{LONG}", "责任单位：县交通运输局"]
    assert document(blocks) == expected
    assert any("首页" in text for text in chrome(blocks))


def test_no_text_of_the_page_disappears() -> None:
    import lxml.html

    for page in PAGES.values():
        shown = "".join(lxml.html.fromstring(page).text_content().split())
        kept = "".join("".join(block.text for block in read(f"<body>{page}</body>")).split())
        assert sorted(kept) == sorted(shown)


def test_headings_know_their_level() -> None:
    blocks = read(f"<h1>澜湾县任务</h1><h3>一、工业</h3><p>{LONG}</p>")
    assert [(block.kind, block.origin.level) for block in blocks] == [
        ("heading", 1),
        ("heading", 3),
        ("paragraph", None),
    ]


def test_text_is_folded_as_a_browser_shows_it() -> None:
    html = "<p>　　推进<span>一批</span>重\n  点 <b>项目</b>　</p><p>甲\u200b乙&shy;丙&nbsp;丁</p><p>GDP\n growth</p><p> 　 </p>"
    assert document(read(html)) == ["推进一批重点 项目", "甲乙丙\xa0丁", "GDP growth"]


def test_a_line_break_parts_paragraphs_but_not_cells() -> None:
    html = f"<p>{LONG}<br/>　责任单位：县局<br></p><table border=1><tr><td>甲<br>（乙）</td><td><p>丙</p><p>丁</p></td></tr></table>"
    assert document(read(html)) == [LONG, "责任单位：县局", "甲\n（乙）", "丙\n丁"]


def test_what_is_hidden_is_no_text() -> None:
    html = f"""<style>p{{}}</style><p>甲<span style="color:red; display: none">隐</span>乙，{LONG}</p><script>var 丙</script>
        <div style="DISPLAY:none">丁</div><p hidden>戊</p><!-- 己 --><noscript>庚</noscript>"""
    assert document(read(html)) == [f"甲乙，{LONG}"]


def test_cells_stand_at_their_true_place() -> None:
    html = f"""<table><thead><tr><th>序号</th><th>任务</th><th colspan=2>单位</th></tr></thead>
        <tr><td>1</td><td>{LONG}</td><td rowspan=2>甲局</td><td>乙局</td></tr>
        <tr><td>2</td><td>{LONG}</td><td>丙局</td></tr><tr><td></td><td colspan=3>备注</td></tr></table>"""
    places = {
        block.text: (block.origin.row, block.origin.column, block.origin.row_span, block.origin.column_span)
        for block in read(html)
        if block.text != LONG
    }
    assert places == {
        "序号": (0, 0, 1, 1), "任务": (0, 1, 1, 1), "单位": (0, 2, 1, 2), "1": (1, 0, 1, 1), "甲局": (1, 2, 2, 1),
        "乙局": (1, 3, 1, 1), "2": (2, 0, 1, 1), "丙局": (2, 3, 1, 1), "备注": (3, 1, 1, 3),
    }  # fmt: skip


def test_a_nested_table_follows_its_cell_under_its_own_index() -> None:
    html = f"<table border=1><tr><th>a</th><th>b</th></tr><tr><td>外<table border=1><tr><td>内1<td>内2</table></td><td>{LONG}</table>"
    assert [(block.text, block.origin.table) for block in read(html)] == [
        ("a", 0), ("b", 0), ("外", 0), ("内1", 1), ("内2", 1), (LONG, 0),
    ]  # fmt: skip


def test_a_frame_of_one_cell_is_only_its_paragraphs() -> None:
    blocks = read(f"<table border=1><tr><td><p>澜湾县文件</p><p>{LONG}</p></td></tr></table>")
    assert [(block.kind, block.text) for block in blocks] == [("paragraph", "澜湾县文件"), ("paragraph", LONG)]


def test_document_fields_above_the_text_are_kept() -> None:
    html = f"""<title>关于责任分解的通知</title><div class=nav>{NAVIGATION}</div><div class=xl><table><tr><td>索引号</td><td>A/2022-1</td>
        <td>成文日期</td><td>2022-03-01</td></tr></table></div><div class=w><div class=t>关于责任分解的通知</div><div class=c>{TASKS}</div></div>"""
    assert document(read(html))[:5] == ["索引号", "A/2022-1", "成文日期", "2022-03-01", "关于责任分解的通知"]


def test_ordered_lists_show_their_numbers_once() -> None:
    html = f"<ol start=3><li>{LONG}</li><li><p>{LONG}</p></li><li>（五）{LONG}</li></ol>"
    assert document(read(html)) == [f"3. {LONG}", f"4. {LONG}", f"（五）{LONG}"]


def test_an_attachment_list_belongs_to_the_document() -> None:
    page = f"<div class=nav>{NAVIGATION}</div><div>{TASKS}<ul><li><a>附件1.docx</a></li><li><a>附件2.docx</a></li><li><a>附件3.xls</a></li></ul></div>"
    assert document(read(page))[-3:] == ["附件1.docx", "附件2.docx", "附件3.xls"]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030"),
        ("", "gb18030"),
        ('<meta charset="gb2312">', "utf-8"),  # saved anew, with the old declaration
        ('<meta charset="utf-8">', "gb18030"),
        ('<meta charset="big5">', "big5"),
        ("", "utf-16"),
    ],
)
def test_the_charset_is_found(head: str, encoding: str) -> None:
    text = "政府工作，任務。" if encoding == "big5" else "政府工作报告重点任务镕，责任分解。"
    assert document(read(f"<html><head>{head}</head><body><p>{text}</p></body></html>", encoding)) == [text]


def test_a_page_of_too_many_layers_or_elements_is_refused() -> None:
    with pytest.raises(TooLarge, match="层次"):
        read("<div>" * 100_000 + "甲")
    with pytest.raises(TooLarge):
        read("<body>" + "<b>x</b>" * 200_001)


@given(st.lists(st.sampled_from(["<table>", "</table>", "<tr>", "<td rowspan=3>", "<td colspan=2>", "<p>", "</p>", "<li>", "<ol>",
                                 "</ol>", "<h2>", "</h2>", "<br>", "甲", "<a>乙</a>", "<pre>", "</div>", "<div class=nav>"])))  # fmt: skip
def test_broken_markup_keeps_its_text(parts: list[str]) -> None:
    blocks = read("<html><body>" + "".join(parts))
    written = "".join(block.text for block in blocks)
    assert written.count("甲") == parts.count("甲")
    assert written.count("乙") == parts.count("<a>乙</a>")


@given(st.binary(max_size=300))
def test_any_bytes_in_a_page_open_or_say_why_not(data: bytes) -> None:
    try:
        open_source(b"<html><body>" + data, "a.html")
    except ReadingError as fault:
        assert str(fault).endswith("。")
