"""The light badge: a shape, a colour and a word, each colour its own shape."""

import pytest
from django.template.loader import render_to_string

from luoshi.ui.templatetags.luoshi_ui import MARKS


@pytest.mark.parametrize(
    ("colour", "word"), [("green", "绿灯"), ("red", "红灯"), ("done", "已完成"), ("grey", "本期不判")]
)
def test_shape_and_word(colour: str, word: str):
    page = render_to_string("ui/_light.html", {"colour": colour})
    assert f"#l-{MARKS[colour]}" in page
    assert word in page


def test_the_rule_sets_own_word_and_an_unknown_colour():
    assert "预警" in render_to_string("ui/_light.html", {"colour": "yellow", "name": "预警"})
    page = render_to_string("ui/_light.html", {"colour": "violet", "name": "紫灯"})
    assert "#l-x" in page
    assert "紫灯" in page


def test_dense_says_its_word_to_those_who_do_not_see_it():
    page = render_to_string("ui/_light.html", {"colour": "red", "dense": True})
    assert 'aria-label="红灯"' in page
    assert "<span" not in page


def test_every_shape_is_drawn_once():
    from pathlib import Path

    drawn = Path("luoshi/ui/static/ui/icons.svg").read_text(encoding="utf-8")
    assert len(set(MARKS.values())) == len(MARKS)
    assert all(drawn.count(f'id="l-{kind}"') == 1 for kind in [*MARKS.values(), "x"])
