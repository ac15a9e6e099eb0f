"""The words of responsibility (牵头, 配合, 责任单位 …), loaded once from ``words/duty.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

WORDS: dict[str, Any] = json.loads(files("luoshi.reading.words").joinpath("duty.json").read_text("utf-8"))


def alternation(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
