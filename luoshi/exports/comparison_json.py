"""A comparison as JSON (``luoshi.comparison/1``), for programs."""

from __future__ import annotations

from luoshi.reading.comparison import Comparison


def write(comparison: Comparison) -> bytes:
    """UTF-8 JSON ending with a line break."""
    return comparison.to_json() + b"\n"
