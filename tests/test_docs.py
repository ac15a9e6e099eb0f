"""The papers of the house say what is so: paths, commands, functions and links that they name exist."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from luoshi import __version__
from luoshi.reading import read

ROOT = Path(__file__).parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [path.relative_to(ROOT).as_posix() for path in PAPERS]
# `luoshi/reading/rule.py`, `docs/walk.md`, `Makefile`; a name in angle brackets or with a star stands for many.
PATH = re.compile(
    r"`((?:luoshi|tests|docs|tools|benchmarks|frontend|requirements|\.ci)/[\w./-]*|Makefile|pyproject\.toml)`"
)
# `luoshi.documents.actions.receive`
DOTTED = re.compile(r"`(luoshi(?:\.\w+)+)(?:\(\))?`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def make_targets() -> set[str]:
    """Targets of the Makefile that a person may type."""
    return set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def resolve(dotted: str) -> object:
    """The thing a dotted name means; ImportError or AttributeError when there is none."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise ImportError(dotted)


@pytest.mark.parametrize("paper", PAPERS, ids=NAMES)
def test_paths_named_exist(paper):
    named = set(PATH.findall(paper.read_text("utf-8")))
    assert not {name for name in named if not (ROOT / name).exists()}


@pytest.mark.parametrize("paper", PAPERS, ids=NAMES)
def test_links_lead_somewhere(paper):
    linked = set(LINK.findall(paper.read_text("utf-8")))
    assert not {link for link in linked if not (paper.parent / link).exists()}


@pytest.mark.parametrize("paper", PAPERS, ids=NAMES)
def test_make_commands_named_exist(paper):
    named = set(re.findall(r"(?:^|`|\$ )make ([a-z][\w-]*)", paper.read_text("utf-8"), re.M))
    assert not named - make_targets()


@pytest.mark.parametrize("paper", PAPERS, ids=NAMES)
def test_functions_named_exist(paper):
    for dotted in sorted(set(DOTTED.findall(paper.read_text("utf-8")))):
        resolve(dotted)


def test_walk_names_a_function_at_every_step():
    walk = (ROOT / "docs" / "walk.md").read_text("utf-8")
    steps = re.split(r"^## ", walk, flags=re.M)[1:]
    assert len(steps) >= 6
    assert not [step.splitlines()[0] for step in steps if not DOTTED.search(step)]


def test_walk_shows_what_the_reader_makes_of_its_sentence():
    walk = (ROOT / "docs" / "walk.md").read_text("utf-8")
    sentence = re.findall(r"^> \d\.(.+)$", walk, re.M)[0]
    shown = json.loads(re.findall(r"^```json\n(.*?)^```", walk, re.M | re.S)[0])
    ledger = read(ROOT / re.findall(r"`(luoshi/cli/example/[^`]+)`", walk)[0])
    (task,) = [task for _, _, _, task in ledger.tasks() if task.text == sentence]
    assert [[unit.name, unit.role] for unit in task.units] == shown["units"]
    assert [[t.subject, t.kind, t.bound, t.value, t.unit, t.strength] for t in task.targets] == shown["targets"]


def test_every_module_of_the_reader_is_on_the_walk_or_in_the_dictionary():
    """A newcomer can find each room of the reader from the papers."""
    papers = (ROOT / "docs/walk.md").read_text("utf-8") + (ROOT / "docs/terms.md").read_text("utf-8")
    stems = {path.stem for path in (ROOT / "luoshi/reading").glob("*.py")} - {"__init__"}
    assert not {stem for stem in stems if f"reading.{stem}" not in papers and f"reading/{stem}.py" not in papers}


def test_changelog_has_this_version_first():
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert versions and versions[0] == __version__


def test_decisions_are_listed_dated_and_short():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    decisions = [path for path in folder.glob("*.md") if path.name != "README.md"]
    assert decisions
    assert not [path.name for path in decisions if f"]({path.name})" not in index]
    for path in decisions:
        text = path.read_text("utf-8")
        assert re.search(r"\b20\d\d-\d\d-\d\d\b", text), f"{path.name} bears no date"
        assert len(text.splitlines()) <= 60, f"{path.name} is longer than a page"


def test_commands_of_the_command_line_named_in_readme_exist():
    from luoshi.cli.main import COMMANDS

    for readme in ROOT.glob("README*.md"):
        named = set(re.findall(r"^(?:\$ )?luoshi ([a-z]+)", readme.read_text("utf-8"), re.M))
        assert not named - set(COMMANDS)
