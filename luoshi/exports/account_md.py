"""An account as Markdown: one section an item, figures first, then stages, problems, next steps; doubts at the end."""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.exports.account_rows import AccountRow, rows
from luoshi.exports.ledger_md import plain
from luoshi.reading.accounts.account import Account
from luoshi.reading.ledger import Ledger


def write(account: Account, ledger: Ledger | None) -> bytes:
    """UTF-8 Markdown; markup in the document's own words is escaped."""
    lines = [f"# {plain(account.title.text if account.title else '进展情况')}", ""]
    if account.units:
        lines += [f"- 报送单位：{plain('、'.join(words.text for words in account.units))}"]
    if account.cutoff and account.cutoff.until:
        lines += [f"- 截至：{account.cutoff.until}"]
    for row in rows(account, ledger):
        lines += ["", *_item(row)]
    for heading, words in (("其他问题", account.problems), ("其他打算", account.next_steps)):
        if words:
            lines += ["", f"## {heading}", "", *(f"- {plain(w.text)}" for w in words)]
    if account.doubts:
        lines += ["", "## 存疑", "", *(f"- {plain(doubt.message)}（{doubt.code}）" for doubt in account.doubts)]
    return ("\n".join(lines) + "\n").encode()


def _item(row: AccountRow) -> Iterable[str]:
    yield f"## {plain(' '.join(filter(None, (row.number, row.title))))}"
    yield ""
    if row.task:
        yield f"- 对应任务：{plain(row.task)}" + ("，请核对" if row.unsure else "")
    labelled = (
        ("完成", row.figures), ("阶段", row.stages), ("状态", row.states), ("问题", row.problems), ("下一步", row.next_steps),
        ("时间", row.expected), ("其他数", row.aims),
    )  # fmt: skip
    for label, words in labelled:
        for word in words:
            yield f"- {label}：{plain(word)}"
