"""Which target of the ledger a figure answers, and which named project a stage: in the matched task first, else in any
task of the reporting unit. A pasted paragraph may report on several tasks; what fits two places answers neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from luoshi.reading.accounts.account import AccountItem, Figure, StageClaim
from luoshi.reading.accounts.matching import most_of, plain, same_unit
from luoshi.reading.ledger import Ledger, Target, Task
from luoshi.reading.likeness import grams

_LEAST = 3  # characters of a subject by which a target may be found outside the matched task
# 12个项目已开工 does not answer 完成12个: begun is not done.
_BEGUN = re.compile("开工|启动|在建|立项|招标|评审|创建方案|签订|签约|踏勘|论证|设计")


class Asked(NamedTuple):
    """A target of the ledger with its path and its task's."""

    path: str
    task: str
    target: Target
    subject: str
    units: tuple[str, ...]


class Answers:
    """The targets and named projects of a ledger, found by the words of their subjects."""

    def __init__(self, ledger: Ledger) -> None:
        self.asked: list[Asked] = []
        self.by_task: dict[str, list[Asked]] = {}
        self.by_gram: dict[str, list[Asked]] = {}
        self.names: dict[str, list[tuple[str, str]]] = {}
        for path, _, _, task in ledger.tasks():
            units = tuple(unit.name for unit in task.units)
            for n, target in enumerate(task.targets):
                self._ask(Asked(f"{path}/targets/{n}", path, target, plain(target.subject), units))
            self._name(path, task)

    def _ask(self, asked: Asked) -> None:
        self.asked.append(asked)
        self.by_task.setdefault(asked.task, []).append(asked)
        for gram in grams(asked.subject):
            self.by_gram.setdefault(gram, []).append(asked)

    def _name(self, path: str, task: Task) -> None:
        for n, thing in enumerate(task.deliverables):
            for gram in grams(plain(thing.name)):
                self.names.setdefault(gram, []).append((f"{path}/deliverables/{n}", plain(thing.name)))

    def told(self, item: AccountItem, units: Sequence[str]) -> AccountItem:
        """The item with the target of each figure and the project of each stage, where that is sure."""
        path = item.match.path if item.match else None
        found = [self._target(figure, figure.kind == "growth", path, units) for figure in item.figures]
        sure = _one_each(item.figures, found)
        figures = [
            self._growing(msgspec.structs.replace(figure, target=target), path, units)
            for figure, target in zip(item.figures, sure, strict=True)
        ]
        stages = tuple(msgspec.structs.replace(claim, deliverable=self._thing(claim, path)) for claim in item.stages)
        return msgspec.structs.replace(item, figures=tuple(figures), stages=stages)

    def _target(self, figure: Figure, growth: bool, path: str | None, units: Sequence[str]) -> str | None:
        if figure.claim != "reached" or figure.value is None or figure.kind == "share":
            return None
        subject = plain(figure.subject)
        own = [
            a for a in self.by_task.get(path or "", ()) if _fits(figure, a.target, growth) and alike(subject, a.subject)
        ]
        if own:
            return _promised(_by_deed(figure, own))
        if len(subject) < _LEAST:
            return None
        near = {a.path: a for gram in grams(subject) for a in self.by_gram.get(gram, ())}.values()
        found = [
            a
            for a in near
            if len(a.subject) >= _LEAST and _fits(figure, a.target, growth) and alike(subject, a.subject)
        ]
        if units:
            found = [a for a in found if any(same_unit(one, other) for one in units for other in a.units)]
        return _promised(found)

    def _growing(self, figure: Figure, path: str | None, units: Sequence[str]) -> Figure:
        """The growth said of an amount answers the one growth that is asked of the same subject."""
        if figure.growth is None or figure.growth.unit != "%":
            return figure
        target = self._target(msgspec.structs.replace(figure, unit="%"), True, path, units)
        return msgspec.structs.replace(figure, growth=msgspec.structs.replace(figure.growth, target=target))

    def _thing(self, claim: StageClaim, path: str | None) -> str | None:
        name = plain(claim.name or "")
        if len(name) < _LEAST:
            return None
        near = {thing for gram in grams(name) for thing in self.names.get(gram, ())}
        found = sorted(where for where, other in near if other in name or name in other)
        own = [where for where in found if path and where.startswith(path + "/")]
        chosen = own or found
        return chosen[0] if len(chosen) == 1 else None


_DEEDS = re.compile("开工|竣工|投产|投用|签约|落地|新增|改造|建成|培育|引进|认定|备案|开业")


def _by_deed(figure: Figure, asked: list[Asked]) -> list[Asked]:
    """竣工11个 answers 竣工投产18个, not 开工30个."""
    deeds = set(_DEEDS.findall(figure.quote))
    near = [one for one in asked if deeds & set(_DEEDS.findall(one.target.quote))]
    return near if len(asked) > 1 and near else asked


def _promised(found: Sequence[Asked]) -> str | None:
    """The one target found; of 增长7%、力争8% of one subject the promise, not the wish."""
    if len({(asked.task, asked.subject) for asked in found}) != 1:
        return None
    if len({asked.target.kind for asked in found}) != 1:
        return None
    firm = [asked for asked in found if asked.target.strength == "commit"] if len(found) > 1 else list(found)
    return firm[0].path if len(firm) == 1 else None


def _one_each(figures: Sequence[Figure], found: Iterable[str | None]) -> list[str | None]:
    """Of several figures for one target the one with a share of the year counts; without such a one, none is taken."""
    targets = list(found)
    for target in {t for t in targets if t}:
        several = [i for i, t in enumerate(targets) if t == target]
        shared = [i for i in several if figures[i].share]
        keep = shared if len(shared) == 1 else several
        for i in several:
            if len(keep) > 1 or i not in keep:
                targets[i] = None
    return targets


def _fits(figure: Figure, target: Target, growth: bool) -> bool:
    if _family(figure.unit) != _family(target.unit) or growth != (target.kind == "growth"):
        return False
    return bool(_BEGUN.search(target.quote)) or not _BEGUN.search(figure.quote)


def alike(one: str, other: str) -> bool:
    """Whether two plain subjects name the same: one within the other, or most of their characters shared."""
    return bool(one and other) and (one in other or other in one or (most_of(one, other) and most_of(other, one)))


def _family(unit: str | None) -> str:
    """A unit without its multiplier: 万亩 and 亩 measure the same."""
    return re.sub(r"^(?:万亿|[百千十]?[万亿]|[百千])(?=.)", "", unit or "")
