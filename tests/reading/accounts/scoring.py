"""Compares accounts with what people wrote down for the documents of this folder, and prints precision and recall.

Run: ``.venv/bin/python -m tests.reading.accounts.scoring [NAME …]`` (``-v`` shows every difference).
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from luoshi.reading import Ledger, read
from luoshi.reading.accounts import Account, read_account
from luoshi.reading.accounts.account import AccountItem, Figure
from luoshi.reading.rule import fold

HERE = Path(__file__).parent
LEDGER = HERE.parents[2] / "luoshi" / "cli" / "example" / "lanwan-2026.txt"
KINDS = ("items", "figures", "subject", "share", "growth", "basis", "cutoff", "stages", "states", "problems", "next", "expected", "match")  # fmt: skip
_SECTIONS = "一二三四五六七八"


@dataclass
class Count:
    """Right, missed and wrong of one kind."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float:
        return 100 * self.right / (self.right + self.wrong) if self.right + self.wrong else 100.0

    @property
    def recall(self) -> float:
        return 100 * self.right / (self.right + self.missed) if self.right + self.missed else 100.0


@dataclass
class Score:
    """Counts by kind, and every difference in words."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    differences: list[str] = field(default_factory=list)

    def note(self, kind: str, place: str, wanted: Iterable[Any], found: Iterable[Any]) -> None:
        """Count a list against a list, each element once."""
        left, count = list(found), self.counts[kind]
        for want in wanted:
            if want in left:
                left.remove(want)
                count.right += 1
            else:
                count.missed += 1
                self.differences.append(f"{place} {kind} missed {want}")
        count.wrong += len(left)
        self.differences += [f"{place} {kind} wrong {extra}" for extra in left]


@cache
def ledger() -> Ledger:
    return read(LEDGER)


def documents() -> list[Path]:
    return sorted([*(HERE / "text").iterdir(), *(HERE / "files").iterdir()])


def gold_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "gold" / f"{path.stem}.json").read_text("utf-8"))
    return found


def account_of(path: Path, data: bytes | None = None) -> Account:
    parameters = gold_of(path).get("parameters", {})
    return read_account(data or path.read_bytes(), name=path.name, ledger=ledger(), **parameters)


def task_path(short: str) -> str:
    """``三-5`` as the path of the example ledger; 实-2 is in its second plan."""
    section, _, number = short.partition("-")
    if section == "实":
        return f"plans/1/sections/0/tasks/{int(number) - 1}"
    return f"plans/0/sections/{_SECTIONS.index(section)}/tasks/{int(number) - 1}"


def plain(text: str) -> str:
    return re.sub(r"[\s“”\"（）()、]", "", fold(text))


def score_into(score: Score, path: Path, account: Account, gold: dict[str, Any]) -> None:
    """Items are paired in order by number; an item too many or too few is counted and the rest compared."""
    wanted, found = gold["items"], list(account.items)
    pairs = list(_paired(wanted, found))
    score.note("items", path.stem, ["item"] * len(wanted), ["item"] * len(found))
    for want, item in pairs:
        place = f"{path.stem} {want.get('number') or ''}"
        _score_item(score, place, want, item)


def _paired(
    wanted: list[dict[str, Any]], found: list[AccountItem]
) -> Iterator[tuple[dict[str, Any], AccountItem | None]]:
    at = 0
    for want in wanted:
        same = [
            i for i in range(at, len(found)) if plain(found[i].number or "") == plain(str(want.get("number") or ""))
        ]
        if same:
            at = same[0] + 1
            yield want, found[same[0]]
        else:
            yield want, None


def _score_item(score: Score, place: str, want: dict[str, Any], item: AccountItem | None) -> None:
    item = item or AccountItem(at=None)  # type: ignore[arg-type]
    _score_figures(score, place, want.get("figures", []), list(item.figures))
    stages = [(str(claim.stage), plain(claim.name or "")) for claim in item.stages]
    score.note(
        "stages", place, *_alike([(s.split("|")[1], plain(s.split("|")[0])) for s in want.get("stages", [])], stages)
    )
    score.note("states", place, sorted(want.get("light", [])), sorted({word.state for word in item.states}))
    for kind, passages in (("problems", item.problems), ("next", item.next_steps)):
        texts = [plain(words.text) for words in passages]
        snippets = [plain(s) for s in want.get(kind, [])]
        score.note(kind, place, snippets, [next((s for s in snippets if s in text), text) for text in texts])
    score.note("expected", place, want.get("expected", []), [e.due for e in item.expected])
    if "match" in want:
        score.note("match", place, [task_path(want["match"])], [item.match.path] if item.match else [])


def _alike(wanted: list[tuple[str, str]], found: list[tuple[str, str]]) -> tuple[list[Any], list[Any]]:
    """Stages of one name: either may be a part of the other; no name asked for, any will do."""
    left, renamed = list(wanted), []
    for stage, name in found:
        match = next((w for w in left if w[0] == stage and (w[1] in name or (name and name in w[1]))), None)
        if match:
            left.remove(match)
        renamed.append(match or (stage, name))
    return wanted, renamed


def _score_figures(score: Score, place: str, wanted: list[str], found: list[Figure]) -> None:
    left = list(found)
    for line in wanted:
        subject, value, unit, claim, *rest = line.split("|")
        more = dict(part.split("=") for part in (rest[0].split(",") if rest else []))
        fits = [f for f in left if f.value == float(value) and plain(f.unit or "") == plain(unit) and f.claim == claim]
        fits.sort(key=lambda f: plain(subject) not in plain(f.subject))
        if not fits:
            score.note("figures", place, [line], [])
            continue
        figure = fits[0]
        left.remove(figure)
        score.note("figures", place, ["figure"], ["figure"])
        own, asked = plain(figure.subject), plain(subject)
        score.note(
            "subject", place, [asked], [asked if asked in own or (own and own in asked and len(own) > 1) else own]
        )
        score.note("share", place, _some(more.get("share")), [figure.share.value] if figure.share else [])
        growth = figure.growth
        signed = [growth.value if growth.direction == "up" else -growth.value] if growth else []
        score.note("growth", place, _some(more.get("growth")), signed)
        score.note("basis", place, [more["basis"]] if "basis" in more else [], [figure.basis] if figure.basis else [])
        if "cutoff" in more and more["cutoff"] != "none":
            until = figure.cutoff.until if figure.cutoff else None
            score.note("cutoff", place, [more["cutoff"]], [until] if until else [])
    score.note("figures", place, [], [f"{f.subject}|{f.value}|{f.unit}|{f.claim}" for f in left])


def _some(value: str | None) -> list[float]:
    return [float(value)] if value else []


def report(score: Score) -> str:
    lines = [f"{'':10}{'precision':>10}{'recall':>10}{'of':>6}"]
    for kind in KINDS:
        if kind in score.counts:
            count = score.counts[kind]
            lines.append(f"{kind:10}{count.precision:10.1f}{count.recall:10.1f}{count.right + count.missed:6}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    names = {name for name in arguments if not name.startswith("-")}
    score = Score()
    for path in documents():
        if not names or path.stem in names:
            score_into(score, path, account_of(path), gold_of(path))
    if "-v" in arguments:
        print("\n".join(score.differences))
    print(report(score))


if __name__ == "__main__":
    main(sys.argv[1:])
