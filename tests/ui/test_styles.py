"""All pages share one bundle of styles: a class that two pages define is a page spoilt by another."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

STYLES = Path(__file__).parents[2] / "frontend/src/styles"
SHARED = {"base.css", "frame.css", "chart.css"}  # what these define may be used, and added to, everywhere


def leading_classes(text: str) -> set[str]:
    """The classes with which selectors begin: unless something stands before them, they hold on every page."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"@[^{;]*[{;]", "", text)
    selectors = (one.strip() for group in re.findall(r"([^{}]+)\{[^{}]*\}", text) for one in group.split(","))
    return {found[1] for selector in selectors if (found := re.match(r"\.([\w-]+)", selector))}


def test_the_classes_of_a_sheet_are_found():
    assert leading_classes(".a > b, .c { } @media print { .d { } } /* .e { } */ body .f { }") == {"a", "c", "d"}


def test_no_class_is_defined_by_two_pages():
    own, shared = defaultdict(set), set()
    for sheet in STYLES.glob("*.css"):
        for name in leading_classes(sheet.read_text("utf-8")):
            shared.add(name) if sheet.name in SHARED else own[name].add(sheet.name)
    assert not {name: sheets for name, sheets in own.items() if len(sheets) > 1 and name not in shared}
