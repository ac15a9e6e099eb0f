"""Fields on the picture of a page."""

from __future__ import annotations

import pytest

from luoshi.ui.boxes import boxes, task_boxes
from luoshi.ui.sheet import Begin, Mark


def block(text, box, page=1, kind="paragraph"):
    return {"kind": kind, "text": text, "origin": {"page": page, "box": list(box)}}


def place(box):
    return pytest.approx((box.left, box.top, box.width, box.height), abs=0.01)


def test_words_of_one_line_take_their_share_of_it():
    line = block("责任单位：县住建局", (100, 50, 190, 62))
    (found,) = boxes([line], [Mark(0, 5, 9, "unit", "t1.u1")], 1, (200, 100))
    assert (75, 50, 20, 12) == place(found) and found.words == "县住建局" and found.style == "ku"


def test_figures_take_half_a_character():
    line = block("12个", (0, 0, 20, 12))
    (found,) = boxes([line], [Mark(0, 0, 2, "target", "g")], 1, (100, 100))
    assert (0, 0, 10, 12) == place(found)


@pytest.mark.parametrize("kind", ["paragraph", "cell"])
def test_where_the_words_stand_in_the_block_is_not_known(kind):
    text = "完成改造任务并且建成小学" if kind == "cell" else "完成改造任务" * 20
    whole = block(text, (10, 10, 110, 22 if kind == "cell" else 70), kind=kind)
    marks = [Mark(0, 0, 2, "target", "g"), Mark(0, 4, 6, "unit", "u"), Mark(0, 4, 6, "unit", "u")]
    (found,) = boxes([whole], marks, 1, (200, 100))
    assert found.left == 5 and found.width == 50 and found.keys == "g u" and found.style == "kt ku"


def test_other_pages_and_blocks_without_a_box_have_none():
    blocks = [block("甲乙", (0, 0, 20, 10), page=2), {"kind": "paragraph", "text": "甲乙", "origin": {"page": 1}}]
    marks = [Mark(0, 0, 2, "unit", "a"), Mark(1, 0, 2, "unit", "b")]
    assert boxes(blocks, marks, 1, (100, 100)) == []
    assert [b.keys for b in boxes(blocks, marks, 2, (100, 100))] == ["a"]


def test_a_task_is_where_its_block_is_and_nothing_reaches_beyond_the_page():
    blocks = [block("1.修路", (-10, 90, 300, 130))]
    (found,) = task_boxes(blocks, [Begin(0, 0, "t1", "1-1"), Begin(0, 2)], 1, (200, 100))
    assert (found.task, found.label) == ("t1", "1-1") and (0, 90, 100, 10) == place(found)
