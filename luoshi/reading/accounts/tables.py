"""Tables of a progress document: native cells, or lines of cells parted by pipes or tabs, as rows of named columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.reading.accounts.zones import heading_zone
from luoshi.reading.page import Page, Piece, squeeze

# Column roles by header words, the first that fits wins (表头用语).
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("number", r"^(?:序|序号|编号|项目编号|任务编号|号|No\.?)$"),
        ("problem", r"问题|困难|原因|堵点|难点|短板"),
        ("next", r"下一?步|下阶段|下一阶段|打算|推进措施|工作措施|解决措施|整改|后续|下月|下季度|工作计划$|^措施$"),
        ("expected", r"预计.{0,4}(?:时间|日期)|计划(?:完成|完工|竣工|建成)时间|拟完成时间"),
        ("state", r"灯|评价|状态|预警|是否(?:达|完成|序时)|颜色|进度判定|自评"),
        ("share", r"完成率|完成比例|完成百分比|(?:占|为).{0,2}(?:年度|全年|目标|计划|任务|总)|(?:进度|比例|完成)\(%\)|序时.{0,4}%|任务完成度"),
        ("growth", r"同比|增速|增幅|增长|比上年"),
        ("progress", r"进展|完成情况|落实情况|推进情况|实施情况|工作动态|推进落实|成效|进度情况|形象进度|完成进度(?!\()|工作进度|开展情况"),
        ("reached", r"实绩|完成值|完成数|完成量|实际值|累计值|实际完成|累计完成|(?:月|季度|半年|截至.{2,8})(?:底|末)?(?:累计)?(?:完成|数|值|数值|实绩|数据)?(?:\(|$)|^完成$|本期数"),
        ("value", r"目标|计划|任务数|年度任务量|^全年任务$"),
        ("measure", r"计量单位|^单位$"),
        ("lead", r"牵头(?!领导)|主责|主办|责任单位|责任部门|责任主体|承办|实施单位|负责单位|填报单位|^部门$|责任乡镇|业主"),
        ("support", r"配合|协办|协同|参与"),
        ("leader", r"领导|分管|责任人|负责人|联系人|电话"),
        ("deadline", r"时限|期限|完成时间|时间节点|时间要求"),
        ("category", r"类别|类型|分类|领域|板块|^类$"),
        ("title", r"名称|^项目$|^(?:民生)?实事$"),
        ("task", r"任务|内容|工作|举措|指标|事项|项目|要点|建设"),
        ("remark", r"备注|说明"),
    )
)  # fmt: skip
_LONGEST_HEADER = 22
_NO_HEADER = re.compile(r"[。;!]|,.{4}")
_REPORTS = frozenset(("progress", "reached", "share", "growth", "state"))
_BORDER = re.compile(r"[|\t]")
_RULER = re.compile(r"[\s|:+-]{3,300}$")
_SUM = re.compile(r"(?:合计|小计|总计|汇总)$")


@dataclass(slots=True)
class Row:
    """One row: pieces by column role in column order, each with its column's header words."""

    cells: dict[str, list[tuple[Piece, str]]] = field(default_factory=dict)
    theme: Piece | None = None

    def pieces(self, role: str) -> list[Piece]:
        return [piece for piece, _ in self.cells.get(role, ())]


@lru_cache(maxsize=1024)
def column_role(words: str) -> str | None:
    """The role of a column by its squeezed, folded header words."""
    if not words or len(words) > _LONGEST_HEADER or _NO_HEADER.search(words):
        return None
    return next((role for role, pattern in _COLUMNS if pattern.search(words)), None)


Cells = list[dict[int, Piece]]
"""Rows of a table: pieces by column; a merged cell stands in every row and column it takes."""


def native_cells(page: Page, cells: Sequence[int]) -> Cells:
    """The cells of one native table, given its blocks in order."""
    rows: dict[int, dict[int, Piece]] = {}
    for i in cells:
        origin = page.blocks[i].origin
        piece = page.strip(i, 0, len(page.texts[i]))
        first, column = origin.row or 0, origin.column or 0
        for row in range(first, first + min(origin.row_span, 200)):
            for at in range(column, column + min(origin.column_span, 40)):
                rows.setdefault(row, {})[at] = piece
    return [rows[row] for row in sorted(rows)]


def text_cells(page: Page, lines: Sequence[Piece]) -> Cells:
    """The cells of lines with pipes or tabs; a pipe at either end of a line is its frame."""
    rows: Cells = []
    for line in lines:
        folded = page.folds[line.block]
        if _RULER.fullmatch(folded, line.start, line.end):
            continue
        start = line.start + (folded[line.start] == "|")
        end = line.end - (folded[line.end - 1] == "|" and line.end - 1 > start)
        cuts = [start, *(m.end() for m in _BORDER.finditer(folded, start, end))]
        ends = [cut - 1 for cut in cuts[1:]] + [end]
        rows.append({n: page.strip(line.block, a, max(a, b)) for n, (a, b) in enumerate(zip(cuts, ends, strict=True))})
    return rows


def bordered(page: Page, line: Piece) -> bool:
    """Whether a line of text is a row of cells."""
    return len(_BORDER.findall(page.folds[line.block], line.start, line.end)) >= 2


def read_rows(page: Page, table: Cells) -> list[Row] | None:
    """The rows under a header that speaks of progress, or None where no header does."""
    for top, row in enumerate(table[:6]):
        names = {column: squeeze(page.folded(piece)) for column, piece in row.items()}
        roles = {column: column_role(name) for column, name in names.items()}
        named = [role for role in roles.values() if role]
        if len(set(named)) < 2 or len(named) * 2 <= len({*row.values()}):
            continue
        bottom = top
        if top + 1 < len(table) and _second_header(page, row, table[top + 1]):
            bottom = top + 1
            names, roles = _grouped(page, row, table[bottom])
        if _REPORTS.isdisjoint(role for role in roles.values() if role):
            return None
        return list(_rows(page, table[bottom + 1 :], _settled(names, roles), names))
    return None


def _second_header(page: Page, upper: dict[int, Piece], lower: dict[int, Piece]) -> bool:
    """Whether the row under a header names the columns of its groups: every cell is a header's or stands in both rows."""
    own = [column for column, piece in lower.items() if upper.get(column) != piece]
    if not own or len({*upper.values()}) == len(upper):
        return False
    return all(
        column_role(squeeze(page.folded(lower[column]))) or _BORNE.search(page.folded(lower[column])) for column in own
    )


_BORNE = re.compile(r"^(?:第?[一二三四1-4]季度|\d{1,2}月|上半年|全年|数值|数量|金额|小计)")


def _grouped(
    page: Page, upper: dict[int, Piece], lower: dict[int, Piece]
) -> tuple[dict[int, str], dict[int, str | None]]:
    names: dict[int, str] = {}
    roles: dict[int, str | None] = {}
    for column in sorted({*upper, *lower}):
        above = squeeze(page.folded(upper[column])) if column in upper else ""
        below = squeeze(page.folded(lower[column])) if column in lower else ""
        names[column] = above if above == below else above + below
        roles[column] = column_role(below) or column_role(above) or column_role(names[column])
    return names, roles


def _settled(names: dict[int, str], roles: dict[int, str | None]) -> dict[int, str]:
    """Roles in view of one another: a goal column alone is the task; two task columns are title and task."""
    settled = {column: role or "other" for column, role in roles.items()}
    found = list(settled.values())
    if "task" not in found and "title" not in found:
        stand_in = "value" if "value" in found else "category"
        settled = {c: "task" if role == stand_in else role for c, role in settled.items()}
    if "lead" not in found and "measure" in found and "reached" not in found:
        settled = {c: "lead" if role == "measure" and names[c] == "单位" else role for c, role in settled.items()}
    if found.count("progress") > 1:  # 完成情况 beside 形象进度: both are progress; 成效 beside them too
        return settled
    return settled


def _rows(page: Page, body: Cells, roles: dict[int, str], names: dict[int, str]) -> Iterable[Row]:
    for cells in body:
        if [squeeze(page.folded(piece)) for piece in cells.values()] == [names.get(column) for column in cells]:
            continue  # the header again on a new page
        own = list(dict.fromkeys(cells.values()))
        filled = [piece for piece in own if piece.end > piece.start]
        if not filled:
            continue
        if len(filled) == 1 and len(roles) > 2:
            if roles.get(next(c for c, piece in cells.items() if piece == filled[0])) != "progress":
                yield Row(theme=filled[0])
                continue
        if any(_SUM.match(squeeze(page.folded(piece))) for piece in filled[:2]):
            continue
        row = Row()
        for column, piece in cells.items():
            role = roles.get(column, "other")
            if piece.end > piece.start and piece not in row.pieces(role):
                row.cells.setdefault(role, []).append((piece, names.get(column, "")))
        yield row


def is_form(page: Page, table: Cells) -> bool:
    """Whether a table is a form: labels in one column, what they ask for beside them (任务名称 | …, 进展情况 | …)."""
    labels = [row[0] for row in table if row and 0 in row]
    return sum(heading_zone(page.folded(piece)) is not None for piece in labels) >= 2
