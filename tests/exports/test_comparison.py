"""Comparisons as page and Markdown: every difference leads to its words and back, nothing is fetched, nothing hostile runs."""

import re
from typing import get_args

import msgspec
import pytest

from luoshi.exports import COMPARISON_EXPORTS, write_comparison
from luoshi.exports.comparison_rows import LABELS, rows, statement
from luoshi.reading import read
from luoshi.reading.compare import compare
from luoshi.reading.comparison import DifferenceKind
from tests.exports.factory import example_ledger
from tests.exports.test_page import Seen
from tests.exports.test_writers import poisoned
from tests.last_year import last_year, this_year


@pytest.fixture(scope="module")
def years():
    return compare(read(last_year().encode(), name="2025.txt"), read(this_year().encode(), name="2026.txt"))


def test_every_kind_has_its_word():
    assert list(LABELS) and set(LABELS) == set(get_args(DifferenceKind))
    assert len(set(LABELS.values())) == len(LABELS)


@pytest.mark.parametrize("name", COMPARISON_EXPORTS)
def test_the_same_comparison_gives_the_same_bytes(years, name):
    assert write_comparison(years, name) == write_comparison(years, name)


@pytest.mark.parametrize("name", COMPARISON_EXPORTS)
def test_documents_without_tasks_still_give_a_file(name):
    empty = msgspec.structs.replace(example_ledger(), plans=(), blocks=())
    assert write_comparison(compare(empty, empty), name)


def test_every_difference_leads_to_its_words_and_back(years):
    seen = Seen(write_comparison(years, "html"))
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.links) <= set(seen.ids)
    sides = {
        f"d{row.number}{which}"
        for row in rows(years)
        for which, side in (("o", row.difference.before), ("n", row.difference.after))
        if side
    }
    assert sides == {name for name in seen.ids if re.fullmatch(r"d\d+[on]", name)}
    assert sides <= set(seen.links)


def test_both_wordings_stand_on_the_page_in_full(years):
    page = write_comparison(years, "html").decode()
    shown = "".join(Seen(page[page.index('id="tasks"') :].encode()).text)
    for pair in years.kept:
        assert pair.old.text in shown
        assert pair.new.text in shown


def test_a_changed_figure_is_marked_whole(years):
    page = write_comparison(years, "html").decode()
    assert "<del>15</del>" in page
    assert "<ins>12</ins>" in page
    assert "<del>确保</del>" in page


def test_the_page_fetches_nothing_and_runs_nothing(years):
    page = write_comparison(years, "html").decode()
    assert "default-src 'none'" in page
    assert not re.search(r"(?i)<script|<img|<link|@import|url\(|https?://", page)


@pytest.mark.parametrize("turned", [False, True])
def test_hostile_words_stay_words(turned):
    one, other = (poisoned(), example_ledger()) if turned else (example_ledger(), poisoned())
    result = compare(one, other)
    tags = {tag for tag, _ in Seen(write_comparison(result, "html")).tags}
    assert "script" not in tags
    assert "&lt;script&gt;" in write_comparison(result, "html").decode()
    markdown = write_comparison(result, "md").decode()
    assert "\\<script" in markdown
    assert not re.search(r"(?<!\\)<script", markdown)


def test_markdown_has_a_table_for_each_kind_that_occurs(years):
    markdown = write_comparison(years, "md").decode()
    for kind, count in years.summary.kinds.items():
        assert (f"## {LABELS[kind]}（{count}）" in markdown) is bool(count)
    assert "| 三、陆知微副县长牵头重点工作 1 | 制造业投资 | 增长 ≥ 15% | 增长 ≥ 12% |" in markdown


def test_statements_name_the_fact(years):
    said = {(row.label, row.before, row.after) for row in rows(years)}
    assert ("目标调高", "≤ 65%", "≤ 60%") in said
    assert ("阶段后退", "完成", "推进") in said
    assert ("时限推后", "2025-04", "2026-05") in said
    assert ("牵头改变", "牵头 县综合执法局", "牵头 县住建局") in said
    assert statement(None) == ""
