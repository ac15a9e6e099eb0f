"""All words that the site translates, found without the gettext programs: in Python by syntax tree, in templates by Django."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
# The command line speaks for itself (luoshi/cli/english.py).
ROOMS = ("config", "people", "documents", "plans", "progress", "supervision", "ui", "desk")
_CALL = re.compile(
    r"""(?<![\w.])(_|gettext|ngettext)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:\s*,\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?"""
)

Message = tuple[str, str]  # msgid, and its plural or ""


def in_python(text: str) -> Iterator[Message]:
    """Messages of the gettext calls with constant arguments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            words = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if words:
                yield words[0], words[1] if node.func.id.startswith("n") and len(words) > 1 else ""


def in_template(text: str, name: str) -> Iterator[Message]:
    """Messages of translate, blocktranslate and ``_()`` in a template."""
    for _call, first, second in _CALL.findall(templatize(text, origin=name)):
        yield ast.literal_eval(first), ast.literal_eval(second) if second else ""


def everywhere() -> dict[Message, str]:
    """Each message with the first file it stands in."""
    found: dict[Message, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / "luoshi" / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".py" and "migrations" not in path.parts:
                messages = in_python(path.read_text("utf-8"))
            elif path.suffix == ".html":
                messages = in_template(path.read_text("utf-8"), name)
            else:
                continue
            for message in messages:
                found.setdefault(message, name)
    return found
