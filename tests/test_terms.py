"""docs/terms.md is the dictionary of the house: what it names exists, and nothing of the house is missing from it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from luoshi.exports import rows
from luoshi.reading import ledger

ROOT = Path(__file__).parent.parent
TERMS = ROOT / "docs" / "terms.md"


def table_rows(heading: str) -> list[list[str]]:
    """Cells of every table row under a heading of docs/terms.md, heads and rules left out."""
    part = re.split(rf"^## {re.escape(heading)}\n", TERMS.read_text("utf-8"), flags=re.M)[1]
    part = re.split(r"^## ", part, flags=re.M)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if not set("".join(row)) <= set("-: ") and row[0] != "中文"]


CONCEPTS = table_rows("Concepts")
VALUES = table_rows("Values")


def coded(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def module_of(path: str):
    """``luoshi/reading/ledger.py`` or ``luoshi/reading/`` as an imported module."""
    assert (ROOT / path).exists(), f"{path} does not exist"
    return importlib.import_module(path.removesuffix(".py").strip("/").replace("/", "."))


@pytest.mark.parametrize("row", CONCEPTS, ids=[f"{row[0]}-{row[2]}" for row in CONCEPTS])
def test_what_the_dictionary_names_exists(row):
    assert len(row) == 4 and all(row), f"four cells to a row, none empty: {row}"
    chinese, _, names, module = row
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    (path,) = coded(module)
    home = module_of(path)
    assert coded(names), f"no name in backticks: {row}"
    for name in coded(names):
        found = home
        for part in name.split("."):
            assert hasattr(found, part), f"{path} has no {name}"
            found = getattr(found, part)
        defined_in = getattr(found, "__module__", home.__name__)
        assert defined_in.startswith(home.__name__.split(".")[0]), f"{name} is not ours"


def named_in(path: str) -> set[str]:
    return {name.split(".")[0] for row in CONCEPTS if coded(row[3]) == [path] for name in coded(row[2])}


def test_every_struct_of_the_ledger_has_a_row():
    structs = {
        name
        for name, value in vars(ledger).items()
        if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == ledger.__name__
    } - {"Value"}  # the base of the others is no concept of the trade
    assert len(structs) > 10
    assert not structs - named_in("luoshi/reading/ledger.py")


def test_every_model_has_a_row():
    from django.apps import apps

    models = [m for m in apps.get_models() if m.__module__.startswith("luoshi.")]
    assert models
    missing = [
        f"{model.__name__} ({path})"
        for model in models
        if model.__name__ not in named_in(path := model.__module__.replace(".", "/") + ".py")
    ]
    assert not missing


def test_one_word_one_place():
    """A Chinese term stands in one row; a name of the code too, save where reading and database both have it."""
    terms = [term for row in CONCEPTS for term in re.split(r"[、/]", row[0])]
    assert not {term for term in terms if terms.count(term) > 1}
    homes = [(name, row[3]) for row in CONCEPTS for name in coded(row[2])]
    assert not {home for home in homes if homes.count(home) > 1}


SPOKEN = {
    "Role": rows.ROLES, "TargetKind": rows.KINDS, "Bound": rows.BOUNDS, "Strength": rows.STRENGTHS,
    "Stage": rows.STAGES, "PlanKind": rows.PLAN_KINDS,
}  # fmt: skip


@pytest.mark.parametrize("name", SPOKEN)
def test_values_of_the_ledger_are_called_the_same_everywhere(name):
    written = {coded(row[2])[0]: row[0] for row in VALUES if coded(row[3]) == [name]}
    assert list(written) == list(get_args(getattr(ledger, name))), (
        "the dictionary and the ledger differ, or their order"
    )
    assert written == SPOKEN[name], "the dictionary and the exports call a value differently"
