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


@pytest.mark.parametrize("row", CONCEPTS, ids=[row[2].replace("`", "") for row in CONCEPTS])
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
            if found is home:
                assert getattr(getattr(home, part), "__module__", home.__name__) == home.__name__, (
                    f"{name} lives elsewhere"
                )
            found = getattr(found, part)


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


def is_reading(row: list[str]) -> bool:
    return "luoshi/reading/" in row[3]


@pytest.mark.parametrize("half", [True, False], ids=["reading", "rooms"])
def test_one_word_one_thing(half):
    """A Chinese term stands once among what is read and once among what is kept, never for two things of one kind."""
    terms = [row[0] for row in CONCEPTS if is_reading(row) is half]
    assert not {term for term in terms if terms.count(term) > 1}


def test_one_thing_one_place():
    homes = [(name, row[3]) for row in CONCEPTS for name in coded(row[2])]
    assert not {home for home in homes if homes.count(home) > 1}


def test_models_are_called_in_the_interface_as_in_the_dictionary():
    from django.apps import apps
    from django.utils import translation

    written = {(name, coded(row[3])[0]): row[0] for row in CONCEPTS for name in coded(row[2])}
    with translation.override("zh-hans"):
        called = {
            (model.__name__, model.__module__.replace(".", "/") + ".py"): str(model._meta.verbose_name)
            for model in apps.get_models()
            if model.__module__.startswith("luoshi.")
        }
    assert {key: name for key, name in called.items() if written.get(key, name) != name} == {}


# Values: the same words in the dictionary, in exports and in the database's choices.

SPOKEN = {
    "Role": rows.ROLES, "TargetKind": rows.KINDS, "Bound": rows.BOUNDS, "Strength": rows.STRENGTHS,
    "Stage": rows.STAGES, "PlanKind": rows.PLAN_KINDS, "Grade": rows.GRADES, "AimKind": rows.AIM_KINDS,
    "Direction": rows.AIM_WAYS,
}  # fmt: skip


def spoken_values(name: str) -> dict[str, str]:
    """Value → Chinese, as the dictionary has it, in its order."""
    return {coded(row[2])[0]: row[0] for row in VALUES if coded(row[3]) == [name]}


@pytest.mark.parametrize("name", SPOKEN)
def test_dictionary_has_every_value_of_the_ledger(name):
    assert list(spoken_values(name)) == list(get_args(getattr(ledger, name)))


@pytest.mark.parametrize("name", SPOKEN)
def test_exports_call_values_as_the_dictionary_does(name):
    assert SPOKEN[name] == spoken_values(name)


@pytest.mark.parametrize("name", SPOKEN)
def test_models_call_values_as_the_dictionary_does(name):
    from django.apps import apps
    from django.utils import translation

    wanted, seen = spoken_values(name), 0
    with translation.override("zh-hans"):
        for model in apps.get_app_config("plans").get_models():
            for field in model._meta.get_fields():
                choices = {str(value): str(label) for value, label in getattr(field, "flatchoices", ()) if value}
                if set(choices) == set(wanted):
                    seen += 1
                    assert choices == wanted, f"{model.__name__}.{field.name}"
    assert seen, f"no field of the plans holds a {name}"
