"""Numerals: figures and words as exact values."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.reading.facts.numbers import ARABIC, CHINESE_NUMERAL, arabic, chinese

FIGURES = "零一二三四五六七八九"


def _section(n: int, first: bool) -> str:
    """A number below ten thousand in words; ``first`` allows 十 for 一十."""
    out, gap = "", False
    for weight, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure, n = divmod(n, weight)
        if figure:
            out += ("零" if gap and out else "") + FIGURES[figure] + word
            gap = False
        else:
            gap = True
    return out[1:] if first and out.startswith("一十") else out


def written(n: int) -> str:
    """A whole number in words, as a document writes it."""
    out = ""
    for weight, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, n = divmod(n, weight)
        if part:
            out += ("零" if out and part < 1000 else "") + _section(part, not out) + word
    return out or "零"


@given(st.integers(1, 10**12 - 1))
def test_every_whole_number_is_read_as_written(n: int) -> None:
    assert chinese(written(n)) == n


@given(st.integers(1, 9999), st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_fractions_are_read_figure_by_figure(n: int, figures: list[int]) -> None:
    words = written(n) + "点" + "".join(FIGURES[f] for f in figures)
    assert chinese(words) == float(f"{n}." + "".join(map(str, figures)))


@given(st.text("零〇一二两三四五六七八九十百千万亿点", max_size=16))
def test_any_run_of_numerals_gives_a_number_or_none(text: str) -> None:
    value = chinese(text)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12), ("两千三", 2300), ("三万五", 35000), ("一百零五", 105), ("一百二", 120), ("百", 100),
        ("一亿两千万", 120_000_000), ("三万亿", 3 * 10**12), ("二〇二二", 2022), ("一千零一十二", 1012), ("二点五", 2.5),
    ],
)  # fmt: skip
def test_forms_of_speech(text: str, value: float) -> None:
    assert chinese(text) == value


@pytest.mark.parametrize("text", ["", "点五", "三二百", "甲", "五点"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert chinese(text) is None


@pytest.mark.parametrize(("text", "value"), [("1,200.5", 1200.5), ("0.18", 0.18), ("2600", 2600)])
def test_figures(text: str, value: float) -> None:
    assert re.fullmatch(ARABIC, text)
    assert arabic(text) == value


def test_numeral_in_words_ends_where_the_words_end() -> None:
    match = re.match(CHINESE_NUMERAL, "三千五百个学位")
    assert match and match.group() == "三千五百"
