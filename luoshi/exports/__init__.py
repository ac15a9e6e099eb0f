"""Exports: one file an export. A writer takes a ledger (or its rows) and returns bytes; it touches nothing else.

Writers are imported when asked for, because each may need a library of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from luoshi.reading.comparison import Comparison
from luoshi.reading.ledger import Ledger


@dataclass(frozen=True)
class Export:
    """An export: name, file suffix, media type, module, and whether it takes the rows or the ledger itself."""

    name: str
    label: str
    media_type: str
    module: str
    takes: Literal["table", "ledger"]

    @property
    def suffix(self) -> str:
        return f".{self.name}"

    @property
    def write(self) -> Callable[..., bytes]:
        """The writer: ``write(table)`` or ``write(ledger)``, as ``takes`` says."""
        writer: Any = import_module(f"luoshi.exports.{self.module}")
        found: Callable[..., bytes] = writer.write
        return found


LEDGER_EXPORTS = {
    e.name: e
    for e in (
        Export("json", "JSON 台账", "application/json", "ledger_json", "ledger"),
        Export(
            "xlsx",
            "Excel 台账",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "ledger_xlsx",
            "table",
        ),
        Export("csv", "CSV 表格", "text/csv; charset=utf-8", "ledger_csv", "table"),
        Export("html", "网页，原文与台账对照", "text/html; charset=utf-8", "ledger_html", "ledger"),
        Export("md", "Markdown", "text/markdown; charset=utf-8", "ledger_md", "table"),
    )
}


def write(ledger: Ledger, name: str, *, blocks: bool = False, indent: int = 2) -> bytes:
    """The ledger in the named format; ``blocks`` and ``indent`` are for JSON. Raises KeyError where no export has that name."""
    export = LEDGER_EXPORTS[name]
    if export.takes == "table":
        from luoshi.exports.rows import from_ledger

        return export.write(from_ledger(ledger))
    return export.write(ledger, blocks=blocks, indent=indent) if name == "json" else export.write(ledger)


COMPARISON_EXPORTS = {
    "json": "comparison_json",
    "html": "comparison_html",
    "md": "comparison_md",
    "csv": "comparison_csv",
}  # format → module with ``write(comparison)``


def write_comparison(comparison: Comparison, name: str) -> bytes:
    """A comparison in the named format. Raises KeyError where no export has that name."""
    writer: Callable[[Comparison], bytes] = import_module(f"luoshi.exports.{COMPARISON_EXPORTS[name]}").write
    return writer(comparison)
