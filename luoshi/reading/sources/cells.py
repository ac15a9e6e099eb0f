"""Sheets as every kind of workbook gives them: filled cells by place, merged ranges, what is hidden; held to limits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from luoshi.reading.errors import TooLarge
from luoshi.reading.sources import MAX_CHARACTERS

MAX_CELLS = 200_000  # filled cells of a workbook; the largest ledgers met hold some 20,000
MAX_PLACES = 2_000_000  # cells with or without text, as the file lists them
MAX_SHEETS = 300
MAX_MERGES = 100_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")

Place = tuple[int, int]
Range = tuple[int, int, int, int]


@dataclass(slots=True)
class Sheet:
    """One sheet. Places are (row, column) from 0; a merged range is first row, first column, last row, last column.

    ``unshown`` holds what stands in the file and no one sees: formulas without a result.
    """

    name: str
    visible: bool = True
    cells: dict[Place, str] = field(default_factory=dict)
    unshown: dict[Place, str] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


class Limits:
    """Counts what a workbook holds while it is read; raises ``TooLarge`` as soon as it is too much."""

    def __init__(self) -> None:
        self._cells = 0
        self._places = 0
        self._characters = 0
        self._merges = 0

    def put(self, sheet: Sheet, place: Place, text: str, *, shown: bool = True) -> None:
        """Put a cell's text into its sheet; white space alone is nothing."""
        text = _CONTROL.sub(" ", _LINE_END.sub("\n", text)).strip()
        if not text:
            return
        self._cells += 1
        self._characters += len(text)
        if self._cells > MAX_CELLS or self._characters > MAX_CHARACTERS:
            raise TooLarge(
                f"表格超过 {MAX_CELLS // 10000} 万格或 {MAX_CHARACTERS // 10000} 万字，无法一次读完；请只留任务表，或拆成几个文件再上传。"
            )
        (sheet.cells if shown else sheet.unshown)[place] = text

    def pass_by(self) -> None:
        """Count a row or a cell that the file lists, blank or not."""
        self._places += 1
        if self._places > MAX_PLACES:
            raise TooLarge("表格的行列过多，无法一次读完；请删去空白的行和列，或拆成几个文件再上传。")

    def merge(self, sheet: Sheet, merged: Range) -> None:
        """Note a merged range; a range of one cell is none."""
        first_row, first_column, last_row, last_column = merged
        self._merges += 1
        if self._merges > MAX_MERGES:
            raise TooLarge("表格的合并单元格过多，无法一次读完；请只留任务表，或拆成几个文件再上传。")
        if last_row >= first_row and last_column >= first_column and merged[:2] != merged[2:]:
            sheet.merges.append(merged)

    @staticmethod
    def sheets(names: Iterable[object]) -> None:
        """Raise where there are more sheets than any ledger has."""
        if sum(1 for _ in names) > MAX_SHEETS:
            raise TooLarge(f"工作表超过 {MAX_SHEETS} 张，无法一次读完；请只留任务表，或拆成几个文件再上传。")
