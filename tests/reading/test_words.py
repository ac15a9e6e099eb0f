"""Words are data: a module of the reader holds no list of Chinese words in a pattern of its own."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import luoshi.reading
from luoshi.reading.headers import column_role
from luoshi.reading.lines import name_first
from luoshi.reading.words import load

HERE = Path(luoshi.reading.__file__).parent
ALTERNATION = re.compile(r"(?:[\u4e00-\u9fff]+\|){3,}[\u4e00-\u9fff]+")
# Alternations that still stand in patterns, a folder or module each: no more than these. The numbers are to fall.
LEFT = {
    "facts": 25,  # short closed sets inside the grammar of dates, conjunctions and figures; lookarounds stand beside words
    "accounts": 109,  # young: the grammar of what was reached, by when and how far
    "sources": 10,  # what the ends of broken lines look like, before anything is folded
}


def _alternations(source: str) -> list[str]:
    """Runs of four and more Chinese words parted by | in the strings of a module."""
    strings = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return [found for text in strings if isinstance(text, str) for found in ALTERNATION.findall(text)]


def test_alternations_are_seen() -> None:
    assert _alternations('P = re.compile(r"(?:学校|医院|公园|道路)$")') == ["学校|医院|公园|道路"]
    assert _alternations('P = re.compile(rf"{x}(?:学校|医院|" r"公园|道路)$")') == ["学校|医院|公园|道路"]
    assert not _alternations('P = re.compile(r"学校|医院|公园")')


def test_word_lists_stand_in_the_words_folder() -> None:
    found: Counter[str] = Counter()
    where: list[str] = []
    for path in sorted(HERE.rglob("*.py")):
        part = path.relative_to(HERE).parts[0]
        listed = _alternations(path.read_text("utf-8"))
        found[part] += len(listed)
        where += [f"{path.relative_to(HERE)}: {words}" for words in listed if part not in LEFT]
    assert not where, "move the words to luoshi/reading/words/ and build the pattern with any_of:\n" + "\n".join(where)
    assert {part: n for part, n in found.items() if n > LEFT.get(part, 0)} == {}


@pytest.mark.parametrize("path", sorted((HERE / "words").glob("*.txt")), ids=lambda path: path.stem)
def test_word_list_has_classes_with_words(path: Path) -> None:
    classes = load(path.stem)
    assert classes
    assert all(words for words in classes.values())


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("口袋公园进社区工程。新建公园3个", "口袋公园进社区工程"),
        ("校园午餐提升：改造食堂", None),  # lines come folded: this colon is no stop
        ("校园午餐提升:改造食堂", "校园午餐提升"),
        ("推进口袋公园工程。新建公园3个", None),
        ("护学行动。", None),
        ("学,护学行动。配保安", None),
        ("a工程。新建", None),
    ],
)
def test_name_with_a_stop_of_its_own(line: str, name: str | None) -> None:
    end = name_first(line, 0, len(line))
    assert (line[:end] if end is not None else None) == name


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("责任单位及责任人", "unit"),
        ("第一责任人", "other"),
        ("任务完成情况", "progress"),
        ("主要责任单位", "lead"),
        ("2026年目标值", "value"),
        ("重点工作任务", "task"),
        ("信息分类", None),
        ("县教育局", None),
    ],
)
def test_column_by_its_header(header: str, role: str | None) -> None:
    assert column_role(header) == role
