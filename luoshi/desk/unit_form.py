"""Between a unit's items and its Excel form: lines to write, and an uploaded form as differences to be confirmed.

An uploaded form is matched by its permanent keys; every difference is shown beside what stands here before anything is
accepted, and what is accepted goes into the drafts, never past them. What cannot be is said, a sentence a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.exports import unit_form
from luoshi.exports.rows import figure
from luoshi.exports.unit_form import BASES, FIRST, MARK, NOT_YET, SHEET, UNCHANGED, YES, Line
from luoshi.progress.asked import Item
from luoshi.progress.typed import number
from luoshi.reading.errors import ReadingError
from luoshi.reading.sources.cells import Sheet
from luoshi.reading.sources.xlsx import sheets_of

TEXTS = {"progress": "进展", "problem": "问题", "next_step": "下一步"}
_DAY = re.compile(r"\d+")
_CODES = {name: code for code, name in BASES.items()}


@dataclass(frozen=True)
class Difference:
    """One box that the form says otherwise: its report and field, what stands here (in words), the new value, and the words
    it was read from."""

    report: int
    field: str
    task: str
    asked: str
    here: str
    there: str
    value: Any
    quote: str = ""


@dataclass
class Read:
    """An uploaded form or text: what differs, what could not be taken (row, sentence), how many rows are as they were, and
    the words of a text that belong to no item for sure."""

    differences: list[Difference] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    same: int = 0
    unplaced: list[str] = field(default_factory=list)


def lines_of(items: Sequence[Item]) -> list[Line]:
    """The boxes of all items that can be written, in the order of the page."""
    return [line for item in items if item.writable for line in _item_lines(item)]


def _item_lines(item: Item) -> list[Line]:
    title, latest = item.task.title or item.task.text[:60], item.report.period.cutoff
    draft, lines = item.draft, list[Line]()

    def line(name: str, asked: str, kind: str, **more: Any) -> None:
        lines.append(Line(item.report.pk, item.task.key, name, title, asked, kind, **more))

    if item.before:
        line("unchanged", UNCHANGED, "yes", value=YES if draft.get("unchanged") else "")
    for f in item.figures:
        if f.asked:
            line(
                f.field, f.target.subject, "figure", quote=f.target.quote, unit=f.target.unit, latest=latest,
                last=figure(float(f.last.value)) if f.last else "", whole=figure(float(f.goal)) if f.goal is not None else "",
                value=str(f.draft.get("value", "")), cutoff=_typed_day(f.draft.get("cutoff")) or f.wanted,
                basis=f.draft.get("basis", ""), source=f.draft.get("source", f.source), note=f.draft.get("note", ""),
            )  # fmt: skip
    for s in item.stages:
        names = {node.pk: node.text for node in s.nodes}
        now = names.get(s.draft.get("node") or 0, s.promised_name) if s.draft else ""
        choices = (*names.values(), s.promised_name)
        line(s.field, s.deliverable.name, "choice", quote=s.deliverable.quote, value=now, choices=choices)
    for roster in item.rosters:
        for p in roster.places:
            if not p.since:
                value = "" if not p.draft else YES if p.draft.get("done", True) else NOT_YET
                line(p.field, f"{roster.target.subject}：{p.place.name}", "yes", value=value)
    for name, now, last in item.texts:
        line(name, TEXTS[name], "text", last=last, value=now)
    return lines


def _typed_day(text: Any) -> date | None:
    """The day of a draft; None for none, or for what is no day yet."""
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def read_form(data: bytes, unit: int, items: Sequence[Item]) -> Read:
    """The differences between an uploaded form and what stands here. Raises ValidationError where it is no such form."""
    sheet = _sheet(data)
    if sheet.cells.get((2, 0)) != MARK:
        raise ValidationError(_("这不是从本页下载的填报表，请重新下载后再填。"))
    if sheet.cells.get((2, 1)) != str(unit):
        raise ValidationError(_("这是别的单位的填报表，请传本单位的。"))
    known = {(line.report, line.field): line for line in lines_of(items)}
    keys = {(item.report.pk, item.task.key) for item in items if item.writable}
    stages = {s.field: s for item in items for s in item.stages}
    read, seen = Read(), set[tuple[int, str]]()
    for row in range(FIRST, max((at for at, _c in sheet.cells), default=0) + 1):
        said = {column: sheet.cells.get((row, column), "") for column in range(len(unit_form.HEADS))}
        if not any(said.values()):
            continue
        try:
            key = (int(said[0]) if said[0].isascii() and said[0].isdecimal() and len(said[0]) < 16 else 0, said[2])
            if key not in known or (key[0], said[1]) not in keys:
                raise ValidationError(_("这一行的编号不是本单位本期要填的（表格过期，或编号被改过），没有采用。"))
            if key in seen:
                raise ValidationError(_("这一格出现了两次，只采用第一次。"))
            seen.add(key)
            _compare(read, known[key], said, stages)
        except ValidationError as error:
            read.wrong.append((row + 1, " ".join(error.messages)))
    return read


def _sheet(data: bytes) -> Sheet:
    try:
        for sheet in sheets_of(data):
            if sheet.name == SHEET:
                return sheet
    except ReadingError as error:
        raise ValidationError(str(error)) from None
    raise ValidationError(_("这不是从本页下载的填报表，请重新下载后再填。"))


def _compare(read: Read, line: Line, said: Mapping[int, str], stages: Mapping[str, Any]) -> None:
    """Note what differs in one row; a box left empty changes nothing. Raises ValidationError for what cannot be."""
    text = said[unit_form.VALUE].strip()
    if not text:
        read.same += 1
        return
    value, there = _value(line, text, said, stages)
    here = line.value
    unchanged_extras = line.kind != "figure" or all(
        (value.get(name) or "") == (now or "")
        for name, now in (
            ("cutoff", line.cutoff.isoformat() if line.cutoff else ""), ("basis", line.basis or "official"),
            ("source", line.source), ("note", line.note),
        )
    )  # fmt: skip
    numbers = line.kind == "figure" and here
    alike = number(here, line.asked) == number(text, line.asked) if numbers else there == here
    if alike and unchanged_extras:
        read.same += 1
        return
    read.differences.append(Difference(line.report, line.field, line.task, line.asked, here, there, value))


def _value(line: Line, text: str, said: Mapping[int, str], stages: Mapping[str, Any]) -> tuple[Any, str]:
    """The draft's value of a row, and how it is said."""
    if line.kind == "figure":
        return _figure(line, text, said)
    if line.kind == "text":
        return text, text
    if line.kind == "choice":
        if text not in {choice.replace(",", "，") for choice in line.choices}:
            raise ValidationError(_("%(label)s：没有“%(text)s”这个阶段。") % {"label": line.asked, "text": text})
        stage = stages[line.field]
        node = next((n.pk for n in stage.nodes if n.text.replace(",", "，") == text), None)
        return {"stage": stage.promised, "node": node}, text
    if text not in (YES, NOT_YET):
        raise ValidationError(_("%(label)s：请填“是”或“否”。") % {"label": line.asked})
    return (text == YES if line.field == "unchanged" else {"done": text == YES}), text


def _figure(line: Line, text: str, said: Mapping[int, str]) -> tuple[dict[str, str], str]:
    exact = number(text, line.asked)
    value = {"value": f"{exact.normalize():f}"}
    day = said[unit_form.CUTOFF].strip()
    if day:
        try:
            on = date(*map(int, _DAY.findall(day)))  # 2026-04-25, and 2026年4月25日 as a cell shows it
        except (TypeError, ValueError):
            raise ValidationError(_("“%(text)s”不是日期，请写成 2026-06-30。") % {"text": day}) from None
        if line.latest and on > line.latest:
            raise ValidationError(_("日期不能晚于本期数据截止日 %(day)s。") % {"day": line.latest})
        value["cutoff"] = on.isoformat()
    basis = said[unit_form.BASIS].strip()
    if basis and basis not in _CODES:
        raise ValidationError(_("%(label)s：请选正式数或预计数。") % {"label": line.asked})
    value["basis"] = _CODES.get(basis, "official")
    for name, column in (("source", unit_form.SOURCE), ("note", unit_form.NOTE)):
        if said[column].strip():
            value[name] = said[column].strip()
    return value, f"{value['value']}{line.unit}"
