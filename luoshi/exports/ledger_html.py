"""The ledger as one self-contained page: document left, ledger right, linked both ways; nothing is loaded from anywhere.

Without script the links still cross over and light up (``:target``). The content security policy names the page's own
style and script by digest, so that nothing else could run even if it got in.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from string import Template

from luoshi.exports.document_html import Facts, clean, document
from luoshi.exports.rows import (
    ROLES,
    STAGES,
    STRENGTHS,
    LedgerRow,
    aim_row,
    from_ledger,
    leader_name,
    target_row,
    unit_name,
)
from luoshi.reading.ledger import Ledger, Section, Span, Task

DOCUMENT_WORDS = {
    "number": "文号", "issuer": "发文机关", "index_number": "索引号", "publisher": "发布机构", "category": "分类",
    "written_on": "成文日期", "signed_on": "落款日期", "validity": "有效性",
}  # fmt: skip


def write(ledger: Ledger) -> bytes:
    """The page as UTF-8. ``ledger.blocks`` must be there: they are the left side."""
    style, script, page = (part(name) for name in ("ledger.css", "ledger.js", "ledger.html"))
    facts = Facts()
    right = _ledger_side(ledger, facts)  # first, because it numbers the facts that the left side marks
    table = from_ledger(ledger)
    filled = Template(page).substitute(
        policy=f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'",
        style=style, script=script, title=clean(table.title), reader=clean(ledger.reader),
        about=clean("　".join(filter(None, (table.number, table.issuer, table.dated)))), coverage=_coverage(ledger),
        document=document(ledger, facts), ledger=right,
        source=clean(ledger.source.name), digest=clean(ledger.source.sha256[:16]),
    )  # fmt: skip
    return filled.encode()


def part(name: str) -> str:
    """A file that pages are made of: template, style or script."""
    return files("luoshi.exports").joinpath("page", name).read_text("utf-8")


def digest(text: str) -> str:
    """The digest by which a content security policy lets a style or script of the page itself in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _coverage(ledger: Ledger) -> str:
    """Where every character went, as a bar and in figures."""
    cover = ledger.coverage
    unread = sum(span.end - span.start for span in cover.not_understood)
    parts = (
        ("cf", "读成字段", cover.facts),
        ("cs", "篇章结构", cover.structure),
        ("cp", "一般叙述", cover.prose),
        ("cu", "未读懂", unread),
    )
    total, at, bars, words = max(cover.characters, 1), 0.0, [], []
    for name, label, count in parts:
        width = round(1000 * count / total, 2)
        bars.append(f'<rect class="{name}" x="{at:.2f}" y="0" width="{width}" height="10"/>')
        at += width
        figure = f'<a href="#n0"><b>{count}</b></a>' if name == "cu" and count else f"<b>{count}</b>"
        words.append(f'<span><i class="{name}"></i>{label} {figure} 字</span>')
    bar = f'<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{"".join(bars)}</svg>'
    return f'<div class="cov" role="group" aria-label="全文着落情况">{bar}{"".join(words)}<span>合计 {cover.characters}</span></div>'


def _ledger_side(ledger: Ledger, facts: Facts) -> str:
    rows = {path: row for (path, *_), row in zip(ledger.tasks(), from_ledger(ledger).rows, strict=True)}
    sections = "".join(_sections(ledger, rows, facts))
    tools = f'<div class="tools" hidden><input type="search" placeholder="找任务、单位、目标" aria-label="查找"><output>{len(rows)} / {len(rows)}</output></div>'
    return tools + _doubts(ledger, rows, facts) + _about(ledger, facts) + sections


def _about(ledger: Ledger, facts: Facts) -> str:
    """What the document says of itself, each word with its place."""
    doc = ledger.document
    found = [
        _field(facts, "o", label, clean(str(getattr(doc, name))), doc.at[name])
        for name, label in DOCUMENT_WORDS.items()
        if name in doc.at and getattr(doc, name)
    ]
    return f'<div class="fs own">{"".join(found)}</div>' if found else ""


def _doubts(ledger: Ledger, rows: dict[str, LedgerRow], facts: Facts) -> str:
    """What the reader is not sure of, before anything else."""
    if not ledger.doubts:
        return ""
    items = []
    for doubt in ledger.doubts:
        row = rows.get(doubt.task or "")
        key = f'<span class="k">{clean(row.key if row else "全文")}</span>'
        items.append(f"<li>{key}{_field(facts, 'q', '', clean(doubt.message), doubt.at)}</li>")
    return f'<div class="ask"><h2>存疑 {len(items)} 处</h2><ul>{"".join(items)}</ul></div>'


def _sections(ledger: Ledger, rows: dict[str, LedgerRow], facts: Facts) -> Iterator[str]:
    for p, plan in enumerate(ledger.plans):
        if plan.title:
            rule = (
                _field(facts, "o", "牵头规则", clean(plan.lead_rule.text), plan.lead_rule.at) if plan.lead_rule else ""
            )
            yield f'<h2 class="plan">{clean(plan.title)}</h2>{rule}'
        for s, section in enumerate(plan.sections):
            head = clean(section.heading or "")
            leaders = "".join(
                _field(facts, "l", "领导", clean(leader_name(x)), x.at or section.at) for x in section.leader
            )
            tasks = "".join(
                _task(t, rows[f"plans/{p}/sections/{s}/tasks/{i}"], section, facts) for i, t in enumerate(section.tasks)
            )
            own = f'<div class="fs own">{leaders}</div>' if leaders else ""
            yield f"<section><h2>{head}<span>{len(section.tasks)} 项</span></h2>{own}{tasks}</section>"


def _task(task: Task, row: LedgerRow, section: Section, facts: Facts) -> str:
    name = facts.task(task)
    title = f"<h3>{clean(task.title)}</h3>" if task.title else ""
    fields = "".join(_fields(task, facts))
    return (
        f'<article class="tk" id="{name}" tabindex="-1"><span class="k">{clean(row.key)}</span>'
        f'<div>{title}<p class="txt">{clean(task.text)}</p></div><div class="fs">{fields}</div></article>\n'
    )


def _fields(task: Task, facts: Facts) -> Iterator[str]:
    for unit in task.units:
        yield _field(facts, "u", ROLES[unit.role], clean(unit_name(unit)), unit.at)
    for leader in task.leaders:
        yield _field(facts, "l", "领导", clean(leader_name(leader)), leader.at)
    for target in task.targets:
        shown = target_row(target)
        tail = f" <i>{clean(shown.promise or shown.strength)}</i>" + (
            f" <i>基数 {clean(shown.baseline)}</i>" if shown.baseline else ""
        )
        yield _field(facts, "t", "目标", f"{clean(shown.subject)} {clean(shown.required)}{tail}", target.at)
    for aim in task.aims:
        said = aim_row(aim)
        about = "，".join(filter(None, (said.kind, said.direction, said.strength)))
        yield _field(facts, "t", "定性目标", f"{clean(str(said))} <i>{about}</i>", aim.at)
    for thing in task.deliverables:
        tail = STAGES[thing.stage] + ("，力争" if STRENGTHS[thing.strength] == "力争" else "")
        yield _field(facts, "d", "成果", f"{clean(thing.name)} <i>{tail}</i>", thing.at)
    for node in task.milestones:
        yield _field(facts, "m", "节点", f"{clean(node.due or '')} {clean(node.text)}", node.at)
    if task.deadline:
        yield _field(facts, "m", "时限", clean(task.deadline), task.deadline_at)


def _field(facts: Facts, kind: str, label: str, body: str, at: Span | None) -> str:
    """A field of the ledger as a link to its words; plain text where the document has no words for it."""
    label = f"<b>{label}</b>" if label else ""
    if at is None or at.start >= at.end:
        return f'<span class="f {kind}">{label}{body}</span>'
    n = facts.add(kind, at)
    return f'<a class="f {kind}" id="f{n}" href="#s{n}" data-f="{n}">{label}{body}</a>'
