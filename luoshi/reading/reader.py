"""The reader: one document in, one ledger out. Pure: no clock, no network; the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from luoshi import __version__
from luoshi.reading.announced import announce
from luoshi.reading.carried import carried
from luoshi.reading.coverage import Painter
from luoshi.reading.doubts import find_doubts
from luoshi.reading.duties import Context, standing_units
from luoshi.reading.errors import CannotOpen
from luoshi.reading.facts.lead_rule import LeadRule, read_lead_rule
from luoshi.reading.facts.masthead import read_masthead
from luoshi.reading.ledger import Block, DocumentFields, Ledger, Plan, Source, Span, Wording
from luoshi.reading.lines import LEAD_WORD, NOTE
from luoshi.reading.mending import join_blocks, mend
from luoshi.reading.outline import Outline, PlanOutline, read_outline
from luoshi.reading.page import Page, Piece, squeeze
from luoshi.reading.sources import open_source
from luoshi.reading.tasks import read_plan
from luoshi.reading.titles import gives_year, is_notice, is_page_heading, plan_kind

_LONGEST_HEADING = 50
_YEAR = re.compile(r"(20\d\d)年|(20\d\d)(?=[年度])")


def read(source: bytes | str | Path, *, name: str | None = None) -> Ledger:
    """Read one document (bytes, or the path of a file) into its ledger.

    ``name`` is the file's name for bytes without one; it helps to tell the format. Raises ``ReadingError`` (``CannotOpen``,
    ``UnknownFormat``, ``TooLarge``) with a sentence that says what to do; what is merely unclear becomes a doubt.
    """
    data, name = _bytes_of(source, name)
    opened = open_source(data, name)
    page = Page(mend(opened.blocks))
    ledger = _read_page(page, joined=False)
    return Ledger(
        reader=__version__,
        source=Source(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=opened.media_type,
            characters=ledger.coverage.characters,
            pages=opened.pages,
        ),
        document=ledger.document,
        plans=ledger.plans,
        coverage=ledger.coverage,
        doubts=(*carried(opened.doubts, opened.blocks, ledger.blocks), *ledger.doubts),
        blocks=ledger.blocks,
    )


def _bytes_of(source: bytes | str | Path, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name or "document"
    path = Path(source)
    try:
        return path.read_bytes(), name or path.name
    except OSError as error:
        raise CannotOpen(f"打不开文件“{path.name}”：{error.strerror}。请检查路径和读取权限。") from error


def _read_page(page: Page, *, joined: bool) -> Ledger:
    announce(page)
    outline = read_outline(page)
    head = _head(outline)
    rule, rule_at = _lead_rule(page, head)
    year = _document_year(page, outline)
    document = read_masthead(page, head, outline.signed, [plan.title for plan in outline.plans])
    contexts: list[Context] = []
    plans: list[Plan] = []
    for part in outline.plans:
        context = _context(page, outline, part, rule, year, document)
        title = _plan_title(page, outline, part, document)
        plans.append(
            read_plan(context, part, title, rule_at, plan_kind((title.text if title else "", document.title or "")))
        )
        contexts.append(context)
    joins = [join for context in contexts for join in context.joins]
    if joins and not joined:
        return _read_page(Page(join_blocks(page.blocks, joins)), joined=True)
    plans = [plan for plan in plans if plan.sections]
    coverage = _paint(page, outline, contexts, document, plans).coverage()
    return Ledger(
        reader=__version__,
        source=Source(name="", sha256="", media_type="", characters=0),
        document=document,
        plans=tuple(plans),
        coverage=coverage,
        doubts=find_doubts(page, plans, coverage, rule),
        blocks=page.blocks,
    )


def _head(outline: Outline) -> list[Piece]:
    """Everything before the first item: a page heading may stand over the notice, so the first plan's title is in it."""
    first = outline.plans[0] if outline.plans else None
    return [*outline.head, *first.title, *first.loose] if first else outline.head


def _lead_rule(page: Page, head: Sequence[Piece]) -> tuple[LeadRule, Wording | None]:
    """The rule by which the document names leads: from its head, else from a bracket or a note further down.

    A task's own wording (要求首位单位牵头…) makes no rule for the others.
    """
    for piece in head:
        if found := read_lead_rule(page.folds[piece.block], piece.start, piece.end):
            return found[0], _wording(page, piece.block, found[1], found[2])
    for block, folded in enumerate(page.folds):
        if page.blocks[block].kind == "chrome" or not LEAD_WORD.search(folded):
            continue
        found = read_lead_rule(folded, 0, len(folded))
        if found and (NOTE.match(folded) or _bracketed(folded, found[1])):
            return found[0], _wording(page, block, found[1], found[2])
    return "none", None


def _bracketed(folded: str, at: int) -> bool:
    opened = max(folded.rfind("(", max(0, at - 60), at), folded.rfind("[", max(0, at - 60), at))
    return opened >= 0 and not re.search(r"[)\]]", folded[opened:at])


def _wording(page: Page, block: int, start: int, end: int) -> Wording:
    return Wording(text=page.texts[block][start:end], at=Span(block, start, end))


def _year_in(text: str) -> int | None:
    match = _YEAR.search(text)
    return int(match.group(1) or match.group(2)) if match else None


def _document_year(page: Page, outline: Outline) -> int | None:
    for piece in outline.head:
        text = squeeze(page.folded(piece))
        if gives_year(text) and len(text) < 120 and (year := _year_in(text)):
            return year
    for piece in outline.signed:
        if year := _year_in(squeeze(page.folded(piece))):
            return year
    return None


def _context(
    page: Page, outline: Outline, part: PlanOutline, rule: LeadRule, year: int | None, document: DocumentFields
) -> Context:
    own = _year_in(squeeze("".join(page.folded(piece) for piece in part.title)))
    context = Context(page, own or year or _year_in(document.signed_on and document.signed_on[:4] + "年" or ""), rule)
    standing_units(context, [*outline.head, *part.loose])
    return context


def _plan_title(page: Page, outline: Outline, part: PlanOutline, document: DocumentFields) -> Wording | None:
    if part.title:
        text = squeeze("".join(page.text(page.strip(piece.block, piece.start, piece.end, "|")) for piece in part.title))
        return Wording(text=text, at=part.title[0].span)
    title = document.title
    if title and "title" in document.at and not is_notice(title):
        return Wording(text=title, at=document.at["title"])
    return _page_heading(page, outline)


def _page_heading(page: Page, outline: Outline) -> Wording | None:
    """The breakdown's own name over the covering notice, where the page shows it there."""
    for piece in outline.head:
        words = squeeze(page.folded(piece))
        if len(words) <= _LONGEST_HEADING and is_page_heading(words):
            return Wording(text=squeeze(page.text(page.strip(piece.block, piece.start, piece.end, "|"))), at=piece.span)
    return None


def _paint(
    page: Page, outline: Outline, contexts: Sequence[Context], document: DocumentFields, plans: Sequence[Plan]
) -> Painter:
    painter = Painter(page)
    painter.structure(Piece(i, 0, len(block.text)) for i, block in enumerate(page.blocks) if block.kind == "chrome")
    if plans:  # without a plan nothing is understood, however plain it reads
        painter.prose([*outline.head])
    painter.structure([*outline.signed, *outline.chrome])
    for part, context in zip(outline.plans, contexts):
        painter.prose([*part.loose, *context.prose])
        painter.structure([*part.title, *context.structure, *context.labels])
    painter.fact(document.at.values())
    for plan in plans:
        painter.fact(_fact_spans(plan))
    return painter


def _fact_spans(plan: Plan) -> list[Span | None]:
    spans: list[Span | None] = [plan.lead_rule.at if plan.lead_rule else None]
    for section in plan.sections:
        spans += [leader.at for leader in section.leader]
        for task in section.tasks:
            spans.append(task.deadline_at)
            facts = task.leaders, task.units, task.targets, task.deliverables, task.aims, task.milestones
            spans += [fact.at for kind in facts if kind for fact in kind]
            spans += [target.baseline.at for target in task.targets if target.baseline]
    return spans


def blocks_of(source: bytes | str | Path, *, name: str | None = None) -> tuple[Block, ...]:
    """The canonical text of a document without reading it further."""
    data, name = _bytes_of(source, name)
    return mend(open_source(data, name).blocks)
