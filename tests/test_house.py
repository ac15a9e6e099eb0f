"""The house itself: what no linter sees. Each test names the rule it keeps (docs: CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

# From the top of the house to its ground; a foreign key, like an import, points sideways within a room or down.
STAIRS = [
    "config", "portal", "api", "desk", "cli", "ui", "exports", "bulletins", "appraisal", "supervision", "progress",
    "plans", "documents", "people", "reading",
]  # fmt: skip
DOORS = ("desk", "portal", "api", "cli")

MODULE_LINES = 500
FUNCTION_LINES = 45
# Longer than half a screen, with the reason. The list may only shrink.
LONG_FUNCTIONS: dict[str, str] = {}


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository that are text; skips where there is no repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository: the list of committed files is not known")
    names = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(path for path in names if path.is_file() and b"\0" not in path.read_bytes()[:8000])


@cache
def modules() -> tuple[tuple[str, ast.Module, int], ...]:
    """Name, syntax tree and number of lines of every module of the package, migrations apart."""
    found = []
    for path in sorted((ROOT / "luoshi").rglob("*.py")):
        if "migrations" not in path.parts and "node_modules" not in path.parts:
            text = path.read_text("utf-8")
            found.append((path.relative_to(ROOT).as_posix(), ast.parse(text), text.count("\n")))
    return tuple(found)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called(node: ast.AST) -> Iterator[str]:
    """The last name of everything called below a node: ``a.b.save()`` gives ``save``."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Attribute):
                yield call.func.attr
            elif isinstance(call.func, ast.Name):
                yield call.func.id


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of the modules and names that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_fresh_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter, in the project's folder."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# Imports and foreign keys point down


def test_reader_and_command_line_load_no_django():
    code = "import sys, luoshi.reading, luoshi.cli.main; print([m for m in sys.modules if m.split('.')[0] == 'django'])"
    ran = in_fresh_python(code)
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")


def test_luoshi_read_works_where_django_cannot_be_imported(tmp_path):
    document = tmp_path / "a.txt"
    document.write_text("责任分解\n一、重点工作\n1.新建学校2所。(责任单位:县教育局)\n", "utf-8")
    code = """if True:
        import sys
        class NoDjango:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "django":
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        sys.meta_path.insert(0, NoDjango())
        from luoshi.cli.main import main
        sys.argv = ["luoshi", *sys.argv[1:]]
        main()
    """
    ran = in_fresh_python(code, "read", str(document), "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["schema"] == "luoshi.ledger/1"


def test_foreign_keys_point_down():
    from django.apps import apps

    def floor(model) -> int | None:
        package, _, room = model.__module__.partition(".")
        return STAIRS.index(room.split(".")[0]) if package == "luoshi" else None

    seen, wrong = 0, []
    for model in apps.get_models(include_auto_created=True):
        here = floor(model)
        if here is None:
            continue
        for field in model._meta.get_fields(include_hidden=False):
            if field.is_relation and not field.auto_created and isinstance(field.related_model, type):
                seen += 1
                there = floor(field.related_model)
                if there is not None and there < here:
                    wrong.append(f"{model.__name__}.{field.name} → {field.related_model.__name__}")
    assert seen, "no relation found: the walk over the models is broken"
    assert not wrong


# What thinks does not touch


def test_reader_has_no_clock_network_or_chance():
    banned = re.compile(r"^(time|random|secrets|socket|ssl|http|urllib\.request|requests|asyncio|subprocess)(\.|$)")
    wrong = []
    for name, tree, _ in modules():
        # apart.py starts the process in which foreign parsers run, office.py LibreOffice within it
        if name.startswith("luoshi/reading/") and not name.endswith(
            ("evaluate.py", "bulk.py", "sources/apart.py", "sources/office.py")
        ):
            wrong += [f"{name}: import {module}" for module in imported(tree) if banned.match(module)]
            wrong += [f"{name}: {call}()" for call in called(tree) if call in {"today", "now", "utcnow"}]
    assert not wrong


def test_no_signals():
    wrong = [
        f"{name}: {module}"
        for name, tree, _ in modules()
        for module in imported(tree)
        if module.startswith(("django.db.models.signals", "django.dispatch", "django.contrib.auth.signals"))
    ]
    assert not wrong


def test_no_work_in_save_or_delete():
    """A model may refuse to be saved (history is append-only); it may not do anything else on the way."""
    wrong = []
    for name, tree, _ in modules():
        for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            for method in cls.body:
                if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}:
                    refusing = {id(n) for r in ast.walk(method) if isinstance(r, ast.Raise) for n in ast.walk(r)}
                    for call in (n for n in ast.walk(method) if isinstance(n, ast.Call) and id(n) not in refusing):
                        words = ast.unparse(call.func)
                        if words not in {"super", f"super().{method.name}", "_refuse"}:
                            wrong.append(f"{name}: {cls.name}.{method.name} calls {words}")
    assert not wrong


def test_doors_do_not_write_rows():
    """Verbs stand in the rooms' actions.py; a door calls them."""
    writes = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete", "save"}
    wrong = []
    for name, tree, _ in modules():
        if name.split("/")[1] not in DOORS:
            continue
        neighbours = {module.rsplit(".", 1)[-1] for module in imported(tree)}  # outputs.save() is a function, no row
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes:
                words = ast.unparse(node.func)
                on_row = node.func.attr == "save" and ast.unparse(node.func.value) not in neighbours
                if on_row or ".objects" in words or "_set." in words:
                    wrong.append(f"{name}:{node.lineno}: {words}")
    assert not wrong


# One word, one thing; a function fits half a screen, a module one sitting


@pytest.mark.parametrize("name, tree, lines", modules(), ids=[name for name, _, _ in modules()])
def test_module_is_one_sitting_and_says_what_it_is(name, tree, lines):
    assert lines < MODULE_LINES, f"{name} has {lines} lines: it holds more than one thing"
    if tree.body:
        assert ast.get_docstring(tree), f"{name} has no docstring"
    stem = Path(name).stem
    assert not re.search(r"^(utils?|helpers?|misc|common|manager)$|_v\d+$|^v\d+$|(^|_)(old|new|legacy)$", stem), name


def test_functions_fit_half_a_screen():
    long = {
        f"{name}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for name, tree, _ in modules()
        for function in functions(tree)
    }
    long = {where: lines for where, lines in long.items() if lines > FUNCTION_LINES}
    assert not {where: lines for where, lines in long.items() if where not in LONG_FUNCTIONS}
    assert not set(LONG_FUNCTIONS) - set(long), "these have become short: take them off the list"


# Nothing of a machine, nothing third-party, nobody real


def test_no_machine_paths_and_no_registry_addresses():
    # Put together here, so that this file does not name what it forbids.
    hosts = ["pypi" + ".org", "python" + "hosted", "registry." + "npm", "deb." + "debian", "npm" + "mirror", "unpkg" + ".com",
             "jsdelivr" + ".net", "cdn" + "js.", "fonts." + "googleapis"]  # fmt: skip
    paths = [f"/{folder}/" for folder in ("work", "root", "farm")]
    pattern = re.compile(r"(?<![\w.*}/-])(" + "|".join(paths) + r")|" + "|".join(map(re.escape, hosts)))
    wrong = []
    for path in tracked():
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if (found := pattern.search(line)) or ('"resolved": "' in line and path.name == "package-lock.json"):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {found.group() if found else 'resolved'}")
    assert not wrong


def test_no_built_or_third_party_file_is_committed():
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if re.search(r"(\.min\.(js|css)|\.mo|\.woff2?|\.ttf|\.otf)$|node_modules/|static/build/", path.as_posix())
    ]
    assert not wrong


def test_no_real_government_or_official_is_named():
    """The example county is invented. The real document and its people stay where they are."""
    gold = sorted((SHARED / "seed" / "gold").glob("*.json")) if (SHARED / "seed").is_dir() else []
    if not gold:
        pytest.skip("the real document is not beside the project: its names are not known here")
    names = {"海" + "盐"}
    for path in gold:
        for plan in json.loads(path.read_text("utf-8"))["plans"]:
            for section in plan["sections"]:
                holders = [section, *section["tasks"]]
                leaders = [x for h in holders for x in (h.get("leader") or h.get("leaders") or [])]
                names |= {leader["name"] for leader in leaders if leader.get("name")}
    assert len(names) > 1, "no names read: the real document's ledger has changed its shape"
    pattern = re.compile("|".join(sorted(names)))
    texts = {path: path.read_text("utf-8", "replace") for path in tracked()}
    assert not {
        str(path.relative_to(ROOT)): found.group() for path, text in texts.items() if (found := pattern.search(text))
    }


# Pins


def requirement_name(line: str) -> str:
    """``psycopg[binary,pool]>=3.2`` gives ``psycopg``."""
    return re.split(r"[\[<>=~!; ]", line.strip(), maxsplit=1)[0].lower().replace("_", "-")


def test_pins_cover_what_is_declared():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    base = project["project"]["dependencies"]
    web = [*base, *project["project"]["optional-dependencies"]["web"]]
    declared = {
        "base": base,
        "web": web,
        "build": project["build-system"]["requires"],
        "dev": [*web, *project["dependency-groups"]["dev"]],
    }
    versions: dict[str, set[str]] = {}
    for file, requirements in declared.items():
        text = (ROOT / "requirements" / f"{file}.txt").read_text("utf-8")
        # A package may be pinned twice, for two versions of Python.
        lines = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)", text, re.M)
        pinned = dict(lines)
        missing = {requirement_name(line) for line in requirements} - {name.lower() for name in pinned}
        assert not missing, f"requirements/{file}.txt lacks {missing}: run `make pins`"
        assert text.count("==") >= len(pinned)
        assert len(re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==[^\n]*\\\n    --hash=sha256:", text, re.M)) == len(lines)
        for name, version in pinned.items():
            versions.setdefault(name, set()).add(version)
    assert not {name: found for name, found in versions.items() if len(found) > 1}


def test_reader_asks_for_nothing_that_it_does_not_use():
    import tomllib

    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    used = {module.split(".")[0].lower() for _, tree, _ in modules() for module in imported(tree)}
    used |= {"pillow"} & {{"pil": "pillow"}.get(name, name) for name in used}  # whose module has another name
    assert not {name for name in map(requirement_name, asked) if name.replace("-", "_") not in used}


def test_what_is_shipped_beside_luoshi_has_a_permissive_licence():
    """Nothing under GPL or AGPL among what the site runs on; LGPL parts are separate packages and may."""
    from importlib.metadata import PackageNotFoundError, metadata

    wrong, seen = [], 0
    for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", (ROOT / "requirements/web.txt").read_text("utf-8"), re.M):
        try:
            about = metadata(name)
        except PackageNotFoundError:  # pinned for another system
            continue
        seen += 1
        classifiers = [line for line in about.get_all("Classifier", []) if line.startswith("License")]
        stated = (
            " ".join([about.get("License-Expression") or "", *classifiers]).strip() or about.get("License", "")[:200]
        )
        if not stated or re.search(r"(?<!L)(?<!Lesser )\bA?GPL|(?<!Lesser )General Public License", stated):
            wrong.append(f"{name}: {stated or 'no licence stated'}")
    assert seen > 20
    assert not wrong
