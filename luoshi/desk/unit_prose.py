"""Prose into a unit's drafts: a pasted paragraph or last month's report is read, and what it says is proposed with quotes.

Nothing is taken without the liaison's yes: each proposal stands beside what is there now and beside the words it is from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from luoshi.desk.unit_form import TEXTS, Difference, Read
from luoshi.progress.asked import FigureBox, Item, StageBox
from luoshi.reading.accounts import Account, read_account
from luoshi.reading.accounts.account import AccountItem, Figure, StageClaim
from luoshi.reading.errors import ReadingError
from luoshi.reading.ledger import Ledger, Stage
from luoshi.reading.sources.watching import watching

STAGES = get_args(Stage)
SCANNED = 2  # scanned pages that are read while somebody waits


def read_prose(source: bytes, name: str, items: Sequence[Item]) -> Read:
    """What a text says of the items that can be written, and the sentences of which nobody knows which item they speak of.

    Raises ValidationError where it cannot be read at all.
    """
    found = Read()
    writable = [item for item in items if item.writable]
    for period in {item.report.period for item in writable}:
        here = [item for item in writable if item.report.period_id == period.pk]
        confirmed = period.plan.reading.confirmed()
        ledger = msgspec.convert(confirmed, Ledger)
        keys = _paths(confirmed)
        asked = {item.task.reading_key for item in here}
        among = [path for path, key in keys.items() if key in asked]
        try:
            with watching(_few):
                account = read_account(
                    source, name=name, ledger=ledger, year=period.plan.year, cutoff=str(period.cutoff), among=among
                )
        except ReadingError as error:
            raise ValidationError(str(error)) from None
        found.differences += _proposals(account, keys, here)
        found.unplaced += _unplaced(account)
    found.unplaced = list(dict.fromkeys(found.unplaced))
    return found


def _few(_done: int, pages: int) -> None:
    """Somebody waits for the answer, and each scanned page takes seconds."""
    if pages > SCANNED:
        said = _("这份扫描件有 %(pages)d 页，一页要识读好几秒；请传 Word 或有文字的 PDF，或把要报的几段粘贴在这里。")
        raise ValidationError(said % {"pages": pages})


def _unplaced(account: Account) -> Iterator[str]:
    """What stands in the text and in no item: sentences that name none, problems and next steps of all."""
    told = [doubt.at for doubt in account.doubts if doubt.code == "sentence-unplaced" and doubt.at]
    told += [words.at for words in (*account.problems, *account.next_steps)]
    for at in sorted(set(told), key=lambda span: (span.block, span.start)):
        yield account.quote(at)


def _paths(confirmed: Mapping[str, Any]) -> dict[str, str]:
    """The permanent reading key of each task by its path in the ledger."""
    return {
        f"plans/{p}/sections/{s}/tasks/{t}": task["key"]
        for p, plan in enumerate(confirmed["plans"])
        for s, section in enumerate(plan["sections"])
        for t, task in enumerate(section["tasks"])
    }


def _proposals(account: Account, keys: Mapping[str, str], items: Sequence[Item]) -> Iterator[Difference]:
    by_key = {item.task.reading_key: item for item in items}
    for told in account.items:
        item = by_key.get(keys.get(told.match.path, "")) if told.match else None
        if item is not None:
            yield from _item(account, told, item)


def _item(account: Account, told: AccountItem, item: Item) -> Iterator[Difference]:
    """What one part of the text says of its task: figures and stages that surely answer, and the three texts."""
    targets = [t.pk for t in item.task.targets.all()]
    boxes = {f.target.pk: f for f in item.figures if f.asked}
    for figure in told.figures:
        n = _last(figure.target)
        box = boxes.get(targets[n]) if n is not None and n < len(targets) else None
        if box and figure.claim == "reached" and figure.value is not None and (figure.unit or "") == box.target.unit:
            yield from _figure(figure, figure.value, box, item)
    stages = {s.deliverable.pk: s for s in item.stages}
    deliverables = [d.pk for d in item.task.deliverables.all()]
    for claim in told.stages:
        n = _last(claim.deliverable)
        stage = stages.get(deliverables[n]) if n is not None and n < len(deliverables) else None
        if stage and STAGES.index(claim.stage) >= STAGES.index(stage.promised):
            yield _stage(claim, stage, item)
    for name, words in (("progress", told.progress), ("problem", told.problems), ("next_step", told.next_steps)):
        text = "".join(word.text for word in words).strip()
        here = item.draft.get(name, "")
        if text and text != here:
            quote = account.quote(words[0].at)
            yield Difference(item.report.pk, name, item.task.key, TEXTS[name], here, text, text, quote)


def _last(path: str | None) -> int | None:
    """The number at the end of a path: which target, which deliverable of its task."""
    return int(path.rsplit("/", 1)[1]) if path else None


def _figure(figure: Figure, value: float, box: FigureBox, item: Item) -> Iterator[Difference]:
    said = f"{Decimal(str(value)).normalize():f}"
    here = str(box.draft.get("value", ""))
    if here == said:
        return
    basis = "estimated" if figure.basis == "estimated" else "official"
    new = {"value": said, "basis": basis, "cutoff": box.wanted.isoformat() if box.wanted else ""}
    there = f"{said}{box.target.unit}"
    yield Difference(item.report.pk, box.field, item.task.key, box.target.subject, here, there, new, figure.quote)


def _stage(claim: StageClaim, stage: StageBox, item: Item) -> Difference:
    new = {"stage": claim.stage, "node": None}
    name, there = stage.deliverable.name, stage.promised_name
    return Difference(item.report.pk, stage.field, item.task.key, name, "", there, new, claim.quote)
