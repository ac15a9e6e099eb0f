"""The sheet shows the document's words, all of them, once, and harmless."""

from __future__ import annotations

import html
import re
import time

from hypothesis import given
from hypothesis import strategies as st

from luoshi.ui.sheet import Begin, Mark, Sheet, task_line, unit_line


def block(text: str, kind: str = "paragraph", **origin: int) -> dict[str, object]:
    return {"kind": kind, "text": text, "origin": origin}


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def test_marked_words_carry_kind_key_and_a_link_to_their_field():
    text = "完成12个老旧小区改造"
    page = Sheet([block(text)], [Mark(0, 2, 10, "target", "t1.g1")]).html()
    assert '<a class="sp kt" href="#f-t1.g1" data-f="t1.g1" id="s-t1.g1">12个老旧小区改</a>' in page


def test_overlapping_marks_share_the_words_they_have_in_common():
    page = Sheet([block("建成南门公园二期")], [Mark(0, 0, 6, "target", "a"), Mark(0, 2, 8, "deliverable", "b")]).html()
    assert re.findall(r'data-f="([^"]*)"[^>]*>([^<]*)<', page) == [("a", "建成"), ("a b", "南门公园"), ("b", "二期")]
    assert page.count('id="s-a"') == page.count('id="s-b"') == 1


def test_an_endless_paragraph_is_broken_where_tasks_and_units_begin():
    text = "一、总则1.修路5公里。责任单位：县交通局2.种树。责任单位：县林业局"
    first, second = text.index("修路"), text.index("种树")
    begins = [
        Begin(0, task_line(text, first, 0), "t1", "1-1"),
        Begin(0, unit_line(text, text.index("县交通局"), first)),
        Begin(0, task_line(text, second, text.index("县交通局") + 4), "t2", "1-2"),
        Begin(0, unit_line(text, text.index("县林业局"), second)),
    ]
    page = Sheet([block(text)], (), begins).html()
    lines = [words(line) for line in page.splitlines()]
    assert lines == ["一、总则", "1.修路5公里。", "责任单位：县交通局", "2.种树。", "责任单位：县林业局"]
    assert 'data-k="1-2" data-t="t2"' in page


def test_cells_stand_in_a_table_with_their_spans():
    cells = [
        block("序号", "cell", table=0, row=0, column=0),
        block("任务", "cell", table=0, row=0, column=1, column_span=2),
        block("1", "cell", table=0, row=1, column=0, row_span=2),
        block("修路", "cell", table=0, row=1, column=1),
        block("县交通局", "cell", table=0, row=1, column=2),
    ]
    page = Sheet(cells, [Mark(4, 0, 4, "unit", "u")], [Begin(3, 0, "t1", "1-1")]).html()
    assert page.count("<table>") == 1 and page.count("<tr>") == 2
    assert '<td colspan="2">任务</td>' in page and '<td rowspan="2">1</td>' in page
    assert '<td data-k="1-1" data-t="t1">修路</td>' in page


def test_blank_cells_and_hidden_rows_of_a_table_keep_their_place():
    blocks = [
        block("序号", "cell", table=0, row=2, column=1),
        block("备注", "cell", table=0, row=2, column=3),
        block("合并", "cell", table=0, row=3, column=1, row_span=3),
        block("修路", "cell", table=0, row=3, column=3),
        block("修桥", "cell", table=0, row=5, column=3),
        block("远", "cell", table=0, row=1_048_575, column=16_383),
    ]
    page = Sheet(blocks).html().replace("\n", "")
    assert "<tr><td>序号</td><td></td><td>备注</td></tr>" in page
    assert '<td rowspan="3">合并</td><td></td><td>修路</td></tr><tr></tr><tr><td></td><td>修桥</td></tr>' in page
    assert len(page) < 2000


def test_words_of_the_document_never_become_markup():
    evil = "<script>alert(1)</script>\"&'>"
    page = Sheet([block(evil)], [Mark(0, 3, 12, "unit", 'k"><b>')]).html()
    assert "<script" not in page
    assert words(page) == evil


def test_unread_words_lead_to_the_next_unread_words():
    page = Sheet([block("甲乙丙丁")], unread=[(0, 0, 1), (0, 2, 3)]).html()
    assert '<a class="nu" href="#nu-1" id="nu-0">甲</a>' in page
    assert '<a class="nu" href="#nu-0" id="nu-1">丙</a>' in page


def test_numbers_of_the_promise_are_underlined_where_no_fact_is():
    text = "6月底前改造12条路"
    shown = Sheet([block(text)], [Mark(0, 6, 10, "target", "g")]).stretch(0, 0, len(text), numbers=True)
    assert '<span class="num0">6</span>月底前改' in shown
    assert '<span class="num0">12' not in shown


def test_lines_say_where_their_words_begin_where_words_can_be_picked():
    cell = block("县交通局", "cell", table=0, row=0, column=0)
    page = Sheet([block("　　一、总则1.修路"), cell], begins=[Begin(0, 6, "t1", "1")], places=True).html()
    assert '<p data-at="0:2">一、总则</p>' in page and 'data-at="0:6">1.修路</p>' in page
    assert '<td><span data-at="1:0">县交通局</span></td>' in page


TEXT = st.text(alphabet="一二3.责任单位：县局<>&\n 　（）", min_size=1, max_size=40)


@given(
    TEXT,
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["unit", "target", "doubt"])), max_size=8
    ),
    st.lists(st.integers(0, 40), max_size=5),
)
def test_no_word_is_lost_or_doubled_however_marks_overlap(text, places, breaks):
    marks = [Mark(0, s, min(s + n, len(text)), kind, f"k{i}") for i, (s, n, kind) in enumerate(places) if s < len(text)]
    page = Sheet([block(text)], marks, [Begin(0, b) for b in breaks]).html()
    kept = re.sub(r"\s", "", words(page.replace("<br>", "\n")))
    assert kept == re.sub(r"\s", "", text)
    names = re.findall(r'id="([^"]+)"', page)
    assert len(names) == len(set(names)), "an id stands twice"


def test_one_endless_line_of_500_tasks_is_drawn_in_proportion():
    def drawn(tasks: int) -> float:
        one = "12.推进某某项目建设，完成投资30亿元以上。责任单位：县发改局、县财政局"
        text = one * tasks
        marks = [Mark(0, n * len(one) + 12, n * len(one) + 20, "target", f"t{n}.g1") for n in range(tasks)]
        begins = [Begin(0, n * len(one), f"t{n}", str(n)) for n in range(tasks)]
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            Sheet([block(text)], marks, begins).html()
            best = min(best, time.perf_counter() - started)
        return best

    assert drawn(2000) < max(drawn(200) * 40, 0.5)
