"""Likeness: which things of one list are the same as which of another, by equal keys first, then by their wording.

Nothing here depends on the order of the lists or on which of them comes first: swapping them swaps every pair, and
shuffling one gives the same pairs. Cost grows with the words shared, not with the product of the lists.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")
Pairs = list[tuple[int, int]]

CROWD = 4096  # a pair of characters that would bring more candidates than this together says nothing
_COMMON = 4  # what words weigh that stand everywhere; the rarest weigh some fifteen times as much
SEED = 0.15  # share of the lighter wording's weight that two candidates must have in telling words


def pair_by_keys(
    old: Sequence[T], new: Sequence[T], keys: Iterable[Callable[[T], Hashable]], content: Callable[[T], str]
) -> Pairs:
    """Indexes of things with equal keys, the first key first. Where several share a key they go by their content."""
    left_old, left_new = set(range(len(old))), set(range(len(new)))
    pairs: Pairs = []
    for key in keys:
        groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i in sorted(left_old, key=lambda i: (content(old[i]), i)):
            groups[key(old[i])][0].append(i)
        for j in sorted(left_new, key=lambda j: (content(new[j]), j)):
            groups[key(new[j])][1].append(j)
        for key_value, (ours, theirs) in groups.items():
            if key_value is not None:
                pairs += zip(ours, theirs, strict=False)
        left_old -= {i for i, _ in pairs}
        left_new -= {j for _, j in pairs}
    return pairs


def left_over(count: int, taken: Iterable[int]) -> list[int]:
    """Indexes below ``count`` that are not taken, in order."""
    gone = set(taken)
    return [i for i in range(count) if i not in gone]


class Wordings:
    """Wordings as weighted pairs of characters; what few wordings ``among`` all hold weighs more. Weights are whole numbers.

    ``among`` must hold the wordings themselves; without it all weigh alike.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], among: Collection[str] = ()) -> None:
        self.old, self.new = [grams(text) for text in old], [grams(text) for text in new]
        held = Counter(gram for text in among for gram in grams(text))
        self.weight = {g: _COMMON + round(8 * math.log2((len(among) + 1) / n)) for g, n in held.items()}
        self.old_sum, self.new_sum = [*map(self._sum, self.old)], [*map(self._sum, self.new)]

    def _sum(self, counted: Counter[str]) -> int:
        return sum(self.weight.get(gram, 1) * n for gram, n in counted.items())

    def likeness(self, i: int, j: int) -> float:
        """0–1: the mean of what is shared of both and of the shorter, so that a part of a longer task is still found."""
        ours, theirs = self.old[i], self.new[j]
        if len(theirs) < len(ours):
            ours, theirs = theirs, ours
        shared = sum(self.weight.get(g, 1) * min(n, theirs[g]) for g, n in ours.items() if g in theirs)
        if not shared:
            return 0.0
        both, least = self.old_sum[i] + self.new_sum[j], min(self.old_sum[i], self.new_sum[j])
        return round(shared / both + shared / (2 * least), 4)

    def candidates(self) -> Iterable[tuple[int, int]]:
        """Pairs that share enough telling words to be worth measuring."""
        where: dict[str, list[int]] = defaultdict(list)
        for j, counted in enumerate(self.new):
            for gram in counted:
                where[gram].append(j)
        often = Counter(gram for counted in self.old for gram in counted)
        telling = {g for g, n in often.items() if g in where and n * len(where[g]) <= CROWD}
        for i, counted in enumerate(self.old):
            shared: Counter[int] = Counter()
            for gram in counted:
                if gram in telling:
                    for j in where[gram]:
                        shared[j] += self.weight.get(gram, 1)
            for j, weight in shared.items():
                if weight >= SEED * min(self.old_sum[i], self.new_sum[j]):
                    yield i, j


class Worded(NamedTuple):
    """A thing by its words and by everything of it that is compared."""

    words: str
    content: str


def pair_by_wording(
    old: Sequence[Worded], new: Sequence[Worded], least: float, among: Collection[str] = ()
) -> list[tuple[int, int, float]]:
    """The likest pairs first, each thing once, none less like than ``least``.

    Things of one wording are measured once and dealt out by content; equal likeness goes by the words.
    """
    ours, theirs = _members(old), _members(new)
    one, other = list(ours), list(theirs)
    wordings = Wordings(one, other, among)
    measured = [(wordings.likeness(i, j), one[i], other[j]) for i, j in wordings.candidates()]
    ranked = sorted((m for m in measured if m[0] >= least), key=lambda m: (-m[0], min(m[1:]), max(m[1:]), m[1]))
    pairs = []
    for likeness, a, b in ranked:
        dealt = min(len(ours[a]), len(theirs[b]))
        pairs += [(i, j, likeness) for i, j in zip(ours[a][:dealt], theirs[b][:dealt], strict=True)]
        del ours[a][:dealt], theirs[b][:dealt]
    return pairs


def _members(things: Sequence[Worded]) -> dict[str, list[int]]:
    """Indexes by wording, those of one wording in the order of their content."""
    members: dict[str, list[int]] = defaultdict(list)
    for i in sorted(range(len(things)), key=lambda i: (things[i].content, i)):
        members[things[i].words].append(i)
    return members


def grams(text: str) -> Counter[str]:
    """Pairs of neighbouring characters with their counts; a single character stands for itself."""
    return Counter(text[i : i + 2] for i in range(max(len(text) - 1, 1))) if text else Counter()
