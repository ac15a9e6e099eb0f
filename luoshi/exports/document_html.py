"""The document as HTML with every fact's words marked, for the left side of the ledger page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from luoshi.exports.safe import printable
from luoshi.reading.ledger import Block, Ledger, Span, Task

_RESPONSIBILITY = re.compile(r"[(（\[〔【]?(?:责任|牵头|配合|主办)")


def clean(text: str) -> str:
    """Text made harmless for HTML content and attributes; control characters dropped."""
    return html.escape(printable(text), quote=True)


class Facts:
    """The facts shown on the right, numbered as they are met, with their places on the left."""

    def __init__(self) -> None:
        self.places: dict[int, list[tuple[int, int, int, str]]] = {}  # block → (start, end, fact number, kind)
        self.tasks: dict[int, list[tuple[int, int, str]]] = {}  # block → (start, end, task's id)
        self._count = self._tasks = 0

    def add(self, kind: str, at: Span) -> int:
        """Number a fact of a kind (u t d l m o q) standing at a span."""
        number, self._count = self._count, self._count + 1
        self.places.setdefault(at.block, []).append((at.start, at.end, number, kind))
        return number

    def task(self, task: Task) -> str:
        """Name a task for use as an element id, and remember where its wording stands."""
        name, self._tasks = f"t{self._tasks}", self._tasks + 1
        self.tasks.setdefault(task.at.block, []).append((task.at.start, task.at.end, name))
        return name


def document(ledger: Ledger, facts: Facts) -> str:
    """All blocks in reading order; cells of one table together as a table."""
    unread: dict[int, list[tuple[int, int]]] = {}
    for span in ledger.coverage.not_understood:
        unread.setdefault(span.block, []).append((span.start, span.end))
    page = _Page(facts, unread, _breaks(ledger), _heads(ledger))
    out = []
    numbered = list(enumerate(ledger.blocks))
    for table, group in groupby(numbered, key=lambda item: item[1].origin.table if item[1].kind == "cell" else None):
        blocks = list(group)
        out.append(page.paragraphs(blocks) if table is None else page.table(blocks))
    return "\n".join(out)


class _Page:
    def __init__(
        self,
        facts: Facts,
        unread: dict[int, list[tuple[int, int]]],
        breaks: dict[int, set[int]],
        heads: dict[int, dict[int, str]],
    ):
        self.facts, self.unread, self.breaks, self.heads = facts, unread, breaks, heads
        self._named: set[int] = set()
        self._unread_named = 0

    def paragraphs(self, blocks: Iterable[tuple[int, Block]]) -> str:
        return "\n".join(part for index, block in blocks for part in self._paragraph(index, block))

    def _paragraph(self, index: int, block: Block) -> Iterator[str]:
        kind = {"heading": "hd", "chrome": "chrome", "textbox": "box", "cell": ""}.get(block.kind, "")
        cuts = [0, *sorted(x for x in self.breaks.get(index, ()) if 0 < x < len(block.text)), len(block.text)]
        for start, end in pairwise(cuts):
            words = block.text[start:end]
            if words.strip():
                begins = start + len(words) - len(words.lstrip())
                own = self.heads.get(index, {}).get(begins, kind)
                yield f"<p{_class(own)}>{self.run(index, block.text, start, end)}</p>"

    def table(self, cells: list[tuple[int, Block]]) -> str:
        """The grid as it stood; places without text stay empty cells."""
        rows: dict[int, list[tuple[int, Block]]] = {}
        for index, block in cells:
            rows.setdefault(block.origin.row or 0, []).append((index, block))
        width = max((b.origin.column or 0) + b.origin.column_span for _, b in cells)
        covered: set[tuple[int, int]] = set()
        out = []
        for r in sorted(rows):
            out.append("<tr>" + self._row(r, rows[r], min(width, 200), covered) + "</tr>")
        return '<div class="scroll"><table>' + "\n".join(out) + "</table></div>"

    def _row(self, r: int, cells: list[tuple[int, Block]], width: int, covered: set[tuple[int, int]]) -> str:
        at: dict[int, list[tuple[int, Block]]] = {}
        for index, block in cells:
            at.setdefault(block.origin.column or 0, []).append((index, block))
        out, column = [], 0
        while column < max(width, max(at) + 1):
            here = at.get(column)
            if here:
                origin = here[0][1].origin
                body = "<br>".join(self.run(i, b.text, 0, len(b.text)) for i, b in here)
                span = (f' rowspan="{origin.row_span}"' if origin.row_span > 1 else "") + (
                    f' colspan="{origin.column_span}"' if origin.column_span > 1 else ""
                )
                out.append(f"<td{span}>{body}</td>")
                covered.update(
                    (r + i, column + j) for i in range(1, min(origin.row_span, 2000)) for j in range(origin.column_span)
                )
                column += origin.column_span
            else:
                out.append("" if (r, column) in covered else "<td></td>")
                column += 1
        return "".join(out)

    def run(self, index: int, text: str, start: int, end: int) -> str:
        """A stretch of a block with its facts marked; where facts overlap, a piece belongs to several."""
        marks = [m for m in self.facts.places.get(index, ()) if m[0] < end and m[1] > start]
        holes = [u for u in self.unread.get(index, ()) if u[0] < end and u[1] > start]
        tasks = [t for t in self.facts.tasks.get(index, ()) if t[0] < end and t[1] > start]
        edges = {
            start,
            end,
            *(x for m in marks for x in m[:2]),
            *(x for u in holes for x in u),
            *(x for t in tasks for x in t[:2]),
        }
        cuts = sorted(x for x in edges if start <= x <= end)
        return "".join(self._piece(text, a, b, marks, holes, tasks) for a, b in pairwise(cuts))

    def _piece(
        self,
        text: str,
        a: int,
        b: int,
        marks: list[tuple[int, int, int, str]],
        holes: list[tuple[int, int]],
        tasks: list[tuple[int, int, str]],
    ) -> str:
        body = clean(text[a:b]).replace("\n", "<br>")
        here = sorted((m for m in marks if m[0] <= a and m[1] >= b), key=lambda m: m[1] - m[0])
        task = next((t[2] for t in tasks if t[0] <= a and t[1] >= b), None)
        owner = f' data-k="{task}"' if task else ""
        if any(h[0] <= a and h[1] >= b for h in holes):
            name = f' id="n{self._unread_named}" tabindex="-1"'
            self._unread_named += 1
            body = f'<span class="nu" title="未读懂"{name}>{body}</span>'
        if not here:
            return f"<span{owner}>{body}</span>" if task else body
        fresh = next((m[2] for m in here if m[2] not in self._named), None)
        main = fresh if fresh is not None else here[0][2]
        name = f' id="s{fresh}"' if fresh is not None else ""
        # Each fact needs an anchor of its own: the others that begin here get an empty one.
        others = [m[2] for m in here if m[2] not in self._named and m[2] != fresh]
        self._named.update([*others, *([fresh] if fresh is not None else [])])
        anchors = "".join(
            f'<a id="s{n}" href="#f{n}" data-f="{n}" tabindex="-1" aria-hidden="true"></a>' for n in others
        )
        kinds = " ".join(dict.fromkeys(f"k{m[3]}" if m[3] != "q" else "q" for m in reversed(here)))
        listed = " ".join(str(m[2]) for m in here)
        return f'{anchors}<a class="sp {kinds}"{name} href="#f{main}" data-f="{listed}"{owner}>{body}</a>'


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _heads(ledger: Ledger) -> dict[int, dict[int, str]]:
    """Where titles and headings begin, block by block, with the class each is set in."""
    out: dict[int, dict[int, str]] = {}
    if title := ledger.document.at.get("title"):
        out.setdefault(title.block, {})[title.start] = "pt"
    for plan in ledger.plans:
        for section in plan.sections:
            if section.at:
                out.setdefault(section.at.block, {})[section.at.start] = "hd"
        if plan.at:
            out.setdefault(plan.at.block, {})[plan.at.start] = "pt"
    return out


def _breaks(ledger: Ledger) -> dict[int, set[int]]:
    """Where to break a line within a block: the reading may find many paragraphs in one (text copied without breaks)."""
    out: dict[int, set[int]] = {}
    for plan in ledger.plans:
        for at in (ledger.document.at.get("title"), plan.at, *(section.at for section in plan.sections)):
            if at:
                out.setdefault(at.block, set()).update((at.start, at.end))
    read_to: dict[int, int] = {}
    for _, _, _, task in ledger.tasks():
        block = task.at.block
        text = ledger.blocks[block].text if block < len(ledger.blocks) else ""
        out.setdefault(block, set()).update(_task_breaks(task, text, read_to.get(block, 0)))
        read_to[block] = max([task.at.end, *(u.at.end for u in task.units if u.at.block == block)])
    return out


def _task_breaks(task: Task, text: str, read_to: int) -> Iterator[int]:
    """Before a task's number (or wording) and before its line of units."""
    window = max(read_to, task.at.start - 60)
    number = text.find(task.number, window, task.at.start) if task.number else -1
    yield number if number >= 0 else task.at.start
    units = [u.at.start for u in task.units if u.at.block == task.at.block and u.at.start >= task.at.end]
    if units and _RESPONSIBILITY.match(text[task.at.end : units[0]].lstrip("。；; \u3000")):
        behind = text[task.at.end : task.at.end + 8]
        yield task.at.end + len(behind) - len(behind.lstrip("。；; \u3000"))
