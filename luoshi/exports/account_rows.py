"""An account in words that a table can show: one row an item, figures with what is said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from luoshi.exports.rows import STAGES
from luoshi.reading.accounts.account import Account, AccountItem, Figure, TaskMatch
from luoshi.reading.ledger import Ledger

STATES = {
    "green": "绿灯", "yellow": "黄灯", "red": "红灯", "blue": "蓝灯", "done": "已完成", "ahead": "超序时",
    "on_schedule": "正常推进", "behind": "滞后", "not_started": "未启动", "stopped": "停工",
}  # fmt: skip
CLAIMS = {"reached": "完成", "aimed": "目标", "forecast": "预计全年"}
BASES = {"estimated": "预计数", "official": "正式数"}
CERTAINTIES = {"expected": "预计", "aimed": "计划"}
REASONS = {
    "number": "编号", "unit": "单位", "wording": "文字", "subject": "指标", "quantity": "目标数", "deliverable": "项目",
}  # fmt: skip


@dataclass(frozen=True)
class AccountRow:
    """One item in words. ``figures`` are those reached, ``aims`` the others; ``unsure``: the match is a doubt."""

    number: str
    title: str
    task: str
    unsure: bool
    figures: tuple[str, ...]
    aims: tuple[str, ...]
    stages: tuple[str, ...]
    states: tuple[str, ...]
    problems: tuple[str, ...]
    next_steps: tuple[str, ...]
    expected: tuple[str, ...]


def rows(account: Account, ledger: Ledger | None) -> list[AccountRow]:
    """The items in order. ``ledger`` is the one that was matched with, None where there was none."""
    unsure = {doubt.task for doubt in account.doubts if doubt.code in ("match-unclear", "task-unmatched")}
    places = {path: _place(section.heading, task.number) for path, _, section, task in ledger.tasks()} if ledger else {}
    return [_row(item, places, f"items/{i}" in unsure, ledger) for i, item in enumerate(account.items)]


def _row(item: AccountItem, places: dict[str, str], unsure: bool, ledger: Ledger | None) -> AccountRow:
    written = item.title or "".join(words.text for words in item.task) or "".join(w.text for w in item.progress[:1])
    return AccountRow(
        number=item.number or "",
        title=written,
        task=_matched(item.match, places, ledger),
        unsure=unsure,
        figures=tuple(figure_words(f) for f in item.figures if f.claim == "reached"),
        aims=tuple(f"{CLAIMS[f.claim]} {figure_words(f)}" for f in item.figures if f.claim != "reached"),
        stages=tuple(f"{claim.name or '本项'} {STAGES[claim.stage]}" for claim in item.stages),
        states=tuple(dict.fromkeys(STATES[word.state] for word in item.states)),
        problems=tuple(words.text for words in item.problems),
        next_steps=tuple(words.text for words in item.next_steps),
        expected=tuple(_expected(e.due, e.certainty, e.stage) for e in item.expected),
    )


def _expected(due: str, certainty: str, stage: str | None) -> str:
    return f"{CERTAINTIES[certainty]} {due}" + (f" {STAGES[stage]}" if stage else "")


def figure_words(figure: Figure) -> str:
    """老旧小区 10 个，占年度 83.3%，同比 +5.2%（截至 2026-09，预计数）."""
    value = "" if figure.value is None else f" {_sign(figure)}{figure.value:g}"
    value += f"—{figure.value_to:g}" if figure.value_to is not None else ""
    said = f"{figure.subject}{value} {figure.unit or ''}".strip()
    if figure.share:
        said += f"，占年度 {figure.share.value:g}%"
    if figure.growth:
        sign = "+" if figure.growth.direction == "up" else "-"
        said += f"，同比 {sign}{figure.growth.value:g}{figure.growth.unit}"
    until = figure.cutoff.until if figure.cutoff else None
    notes = [f"截至 {until}" if until else "", BASES[figure.basis] if figure.basis else ""]
    return said + (f"（{'，'.join(filter(None, notes))}）" if any(notes) else "")


def _sign(figure: Figure) -> str:
    return "-" if figure.direction == "down" and figure.kind in ("growth", "change") else ""


def _matched(match: TaskMatch | None, places: dict[str, str], ledger: Ledger | None) -> str:
    if ledger is None:
        return ""
    return f"{places[match.path]}（{match.score:.2f}）" if match else "未找到"


def _place(heading: str | None, number: str | None) -> str:
    """A task's place in few characters: 三-1."""
    numeral = re.match(
        r"[一二三四五六七八九十\d]{1,3}(?=[、.．])|[(（][一二三四五六七八九十\d]{1,3}[)）]", heading or ""
    )
    return "-".join(filter(None, (numeral and numeral[0], number))) or "—"
