"""What the reader of progress documents is not sure of, each with a stable code, a plain sentence and a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from luoshi.reading.accounts.account import Account, AccountItem, Figure
from luoshi.reading.accounts.matching import SURE
from luoshi.reading.accounts.report import Layout
from luoshi.reading.ledger import Doubt, Ledger, Task

_GOOD = frozenset(("green", "done", "ahead", "on_schedule"))
_BAD = frozenset(("red", "yellow", "behind", "not_started", "stopped"))
_OFF = 1.5  # points by which a stated share may differ from value over target before it is a doubt


def find_doubts(
    account: Account, layout: Layout, ledger: Ledger | None, tasks: Mapping[str, Task]
) -> tuple[Doubt, ...]:
    """All doubts of an account, in the order of the document."""
    found: list[Doubt] = []
    if not account.items:
        found.append(
            Doubt(code="account-empty", message="没有读到进展：文中没有按任务写的进展，也没有带“完成情况”的表。")
        )
    for piece in layout.unread_tables:
        found.append(
            Doubt(code="table-unread", message="这张表的表头没有完成情况一类的栏，没有按进展读。", at=piece.span)
        )
    for piece in layout.unplaced:
        message = "没有看出这句话说的是哪一项任务，没有分给任何一项。"
        found.append(Doubt(code="sentence-unplaced", message=message, at=piece.span))
    for i, item in enumerate(account.items):
        found.extend(_item_doubts(item, f"items/{i}"))
        if ledger is not None:
            found.extend(_match_doubts(item, f"items/{i}"))
            found.extend(_share_doubts(item, tasks, f"items/{i}"))
            found.extend(_restated_doubts(account, item, tasks, f"items/{i}"))
    return tuple(found)


def _item_doubts(item: AccountItem, path: str) -> Iterable[Doubt]:
    undated = next((f for f in item.figures if f.cutoff and f.cutoff.until is None and f.cutoff.at), None)
    if undated and undated.cutoff:
        message = f"“{undated.cutoff.text}”没有写明到哪一天。"
        yield Doubt(code="cutoff-unclear", message=message, at=undated.cutoff.at, task=path)
    states = {word.state for word in item.states}
    if states & _GOOD and states & _BAD:
        words = "、".join(f"“{word.text}”" for word in item.states)
        yield Doubt(code="states-disagree", message=f"进度状态前后不一：{words}。", at=item.states[0].at, task=path)
    for figure in item.figures:
        if not figure.subject:
            yield Doubt(code="figure-unnamed", message=f"“{figure.quote}”没有写明是什么数。", at=figure.at, task=path)


def _match_doubts(item: AccountItem, path: str) -> Iterable[Doubt]:
    answered = {path.partition("/targets/")[0] for f in item.figures for path in _targets_of(f)}
    if len(answered) > 1:
        message = f"这一段同时说到{len(answered)}项任务，请分别核对。"
        yield Doubt(code="several-tasks", message=message, at=item.at, task=path)
    elif item.match is None:
        yield Doubt(code="task-unmatched", message="台账里没有找到对应的任务。", at=item.at, task=path)
    elif item.match.others:
        message = f"可能对应的任务不止一项（另有{len(item.match.others)}项相近），请核对。"
        yield Doubt(code="match-unclear", message=message, at=item.at, task=path)
    elif item.match.score < SURE:
        yield Doubt(code="match-unclear", message="对应的任务把握不大，请核对。", at=item.at, task=path)


def _targets_of(figure: Figure) -> list[str]:
    growth = figure.growth.target if figure.growth else None
    return [path for path in (figure.target, growth) if path]


def _share_doubts(item: AccountItem, tasks: Mapping[str, Task], path: str) -> Iterable[Doubt]:
    for figure in item.figures:
        worked = _worked_out(figure, tasks)
        if worked is not None and figure.share and abs(worked - figure.share.value) > _OFF:
            message = f"“{figure.quote}”按台账目标折算为{worked:.1f}%，文中写{figure.share.value:g}%。"
            yield Doubt(code="share-differs", message=message, at=figure.share.at, task=path)


_DONE = re.compile("已|累计|完成|建成|共|实际|达到|截至|实现|均|全部")


def _restated_doubts(account: Account, item: AccountItem, tasks: Mapping[str, Task], path: str) -> Iterable[Doubt]:
    """The goal's own figure, with no word of its being done: it may be the goal told again, not the result."""
    for figure in item.figures:
        if figure.target is None or figure.claim != "reached":
            continue
        task, _, number = figure.target.rpartition("/targets/")
        target = tasks[task].targets[int(number)]
        text = account.blocks[figure.at.block].text
        clause = re.split("[，,。；;]", text[max(0, figure.at.start - 40) : figure.at.start])[-1] + figure.quote
        if (figure.value, figure.unit) == (target.value, target.unit) and not _DONE.search(clause):
            message = f"“{figure.quote}”与目标相同，可能只是重述目标，请核对。"
            yield Doubt(code="goal-restated", message=message, at=figure.at, task=path)


def _worked_out(figure: Figure, tasks: Mapping[str, Task]) -> float | None:
    """The share that value and target give, where both are amounts in one unit."""
    if figure.target is None or figure.value is None or figure.kind != "quantity":
        return None
    path, _, number = figure.target.rpartition("/targets/")
    target = tasks[path].targets[int(number)]
    if target.kind != "quantity" or target.unit != figure.unit or not target.value:
        return None
    return figure.value / target.value * 100
