"""Kinds of cases. A case is known by kind, seed and number; it returns what does not hold, and raises where the reader does."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal
from unittest.mock import patch

import msgspec

from luoshi.reading import Ledger, ReadingError, read
from luoshi.reading.errors import CannotOpen, TooLarge, UnknownFormat
from luoshi.reading.sources import apart
from tests.reading.fuzz.changes import at_least, changed, gist, striving
from tests.reading.fuzz.damage import damaged
from tests.reading.fuzz.holds import broken
from tests.reading.fuzz.samples import FILES, sample
from tests.reading.fuzz.writing import Written, nonsense, plan, style, written

APART = 0.01  # of the damaged files of formats that are read in a process of their own
CORPORA = [Path(__file__).parent.parent / name / "text" for name in ("corpus", "corpus3", "corpus4")]


def chance_of(kind: str, seed: int, number: int) -> Random:
    """The chance of one case: the same for ever."""
    return Random(f"{kind} {seed} {number}")


def damage(kind: str, chance: Random) -> list[str]:
    """A damaged file: a ledger or a declared sentence, nothing else.

    What is read in a process apart is mostly read here instead: quicker, and a fault there cannot hide behind the sentence
    that the process broke off.
    """
    name, data = sample(kind)
    _, other = sample(chance.choice(list(FILES)) if chance.random() < 0.5 else kind)
    if chance.random() < 0.05:
        name = sample(chance.choice(list(FILES)))[0]  # a wrong ending
    data = damaged(data, other, chance)
    if chance.random() < APART:
        return broken(read(data, name=name))
    with patch.object(apart, "run", _here):
        return broken(read(data, name=name))


def _here(task: str, data: bytes, result: type[Any], *options: str) -> Any:
    """``apart.run`` in this process, for the tasks that need no programs and models of others."""
    if task not in ("pdf", "look", "xls", "ofd"):
        raise CannotOpen("这份文件要交给另一个程序读，这里不试。")
    answer = apart._answer(task, data, list(options))
    if answer.error is not None:
        raise {kind.__name__: kind for kind in (CannotOpen, TooLarge, UnknownFormat)}[answer.error](answer.sentence)
    return msgspec.msgpack.decode(answer.result, type=result)


def hostile(kind: str, chance: Random) -> list[str]:
    """Lines that mean nothing: what holds of every ledger holds, and the same bytes give the same ledger."""
    data = nonsense(chance).encode("utf-8", "replace")
    one, two = (read(data, name="a.txt") for _ in range(2))
    same = one.to_json(blocks=True) == two.to_json(blocks=True)
    return [*broken(one), *([] if same else ["the same bytes gave another ledger"])]


def layout(kind: str, chance: Random) -> list[str]:
    """A plan of known meaning in a style by chance: tasks, units with roles, figures and named things are read as meant."""
    meant = plan(chance)
    text = written(meant, style(chance))
    ledger = read(text.encode(), name="a.txt")
    return [*broken(ledger), *_misread(ledger, [task for section in meant for task in section])]


def _misread(ledger: Ledger, meant: list[Written]) -> list[str]:
    tasks = [task for *_, task in ledger.tasks()]
    if len(tasks) != len(meant):
        return [f"{len(tasks)} tasks read of {len(meant)}"]
    out = []
    for got, task in zip(tasks, meant):
        units = [(task.lead, "lead"), *((name, "support") for name in task.support)]
        if [(unit.name, unit.role) for unit in got.units] != units:
            out.append(f"{task.text} – units {[(unit.name, unit.role) for unit in got.units]}, meant {units}")
        facts = [(t.value, t.unit, t.bound, t.strength) for t in got.targets]
        if facts != task.facts:
            out.append(f"{task.text} – targets {facts}, meant {task.facts}")
        things = [(thing.name, thing.stage) for thing in got.deliverables]
        if things != task.things:
            out.append(f"{task.text} – deliverables {things}, meant {task.things}")
    return out


def change(kind: str, chance: Random) -> list[str]:
    """A written plan or a document of the corpus, changed without changing its meaning: the ledger says the same."""
    text = written(plan(chance), style(chance)) if chance.random() < 0.7 else chance.choice(_corpus())
    data, names = changed(text, chance)
    return _same(gist(read(text.encode(), name="a.txt")), read(data, name="a.txt"), names)


def _same(before: list[object], after: Ledger, names: list[str]) -> list[str]:
    now = gist(after)
    differ = [f"{', '.join(names)}: {one} became {two}" for one, two in zip(before, now) if one != two]
    if len(now) != len(before):
        differ.insert(0, f"{', '.join(names)}: {len(before)} tasks became {len(now)}")
    return [*differ[:2], *broken(after)]


@cache
def _corpus() -> list[str]:
    return [path.read_text("utf-8") for folder in CORPORA for path in sorted(folder.glob("*.txt"))]


def synonym(kind: str, chance: Random) -> list[str]:
    """One plan in two styles, in other words of the field, its tasks in another order: the same tasks."""
    meant = plan(chance)
    one = written(meant, style(chance))
    other = [[_in_other_words(task) for task in chance.sample(section, len(section))] for section in meant]
    two = written(other, style(chance))
    before, after = (_tasks(read(text.encode(), name="a.txt")) for text in (one, two))
    differ = [f"only {name}: {task}" for name, task in _only(before, after)]
    return differ[:3]


def _in_other_words(task: Written) -> Written:
    """力求 for 力争, 不少于N for N以上."""
    return replace(task, text=at_least(striving(task.text)))


def _tasks(ledger: Ledger) -> list[tuple[str, str]]:
    """Tasks as units, figures and things, in no order; the wording itself may have changed."""
    out = []
    for *_, task in ledger.tasks():
        units = [(unit.name, unit.role) for unit in task.units]
        figures = [(t.value, t.unit, t.bound, t.strength, t.kind, t.subject) for t in task.targets]
        out.append(repr((units, figures, [(d.name, d.stage) for d in task.deliverables])))
    return [("", task) for task in sorted(out)]


def _only(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> list[tuple[str, str]]:
    there, here = [task for _, task in after], [task for _, task in before]
    out = []
    for task in here:
        if task in there:
            there.remove(task)
        else:
            out.append(("before", task))
    return [*out, *(("after", task) for task in there)]


Outcome = Literal["ledger", "sentence", "fails"]
Case = Callable[[str, Random], list[str]]
# Kind, what a case does, and its share of a run in parts of a thousand.
KINDS: dict[str, tuple[Case, int]] = {
    "text": (damage, 50), "gb18030": (damage, 50), "utf-16": (damage, 30), "html": (damage, 90), "old html": (damage, 50),
    "docx": (damage, 80), "xlsx": (damage, 80), "xls": (damage, 80), "csv": (damage, 40), "sheet xml": (damage, 30),
    "rtf": (damage, 40), "ofd": (damage, 35), "zip": (damage, 30), "pdf": (damage, 30),
    "hostile text": (hostile, 120), "layouts": (layout, 75), "changes": (change, 55), "synonyms": (synonym, 35),
}  # fmt: skip


def run(kind: str, seed: int, number: int) -> tuple[Outcome, list[str]]:
    """One case. A file may be refused with one sentence where it was damaged; a document written well may not."""
    do = KINDS[kind][0]
    try:
        fails = do(kind, chance_of(kind, seed, number))
    except ReadingError as fault:
        if do in (damage, hostile) and str(fault).endswith("。") and len(str(fault)) > 8:
            return "sentence", []
        return "fails", [f"says {str(fault)!r}"]
    except Exception as fault:
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return "fails", [f"{type(fault).__name__} at {Path(where.filename).name}:{where.lineno}: {str(fault)[:200]}"]
    return ("fails" if fails else "ledger"), fails


def shares(cases: int) -> dict[str, int]:
    """How many cases of each kind a run of so many has; every kind at least one."""
    return {kind: max(1, cases * part // 1000) for kind, (_, part) in KINDS.items()}
