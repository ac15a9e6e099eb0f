"""Where fields stand on the picture of a page. Pure: blocks with their boxes in points in, boxes in per cent out.

A box is known for a whole block. Where the block is one line of text, the words' share of it is taken; where in a block of
several lines, or in a cell wider than its text, the words stand nobody knows, so the block is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.ui.sheet import STYLES, Begin, Mark

_TALL = 2.3  # height of a line by the width of its characters, spacing between lines included


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in per cent of the page: the fields whose words stand there, how it is marked, and the words."""

    left: float
    top: float
    width: float
    height: float
    keys: str
    style: str
    words: str
    task: str = ""
    label: str = ""

    @property
    def key(self) -> str:
        """The first field."""
        return self.keys.partition(" ")[0]

    @property
    def place(self) -> str:
        """As CSS."""
        return f"left:{self.left:.2f}%;top:{self.top:.2f}%;width:{self.width:.2f}%;height:{self.height:.2f}%"


def boxes(
    blocks: Sequence[Mapping[str, Any]], marks: Iterable[Mark], page: int, size: tuple[float, float]
) -> list[Box]:
    """The fields of a page (from 1), each place once. ``size``: the page in points."""
    found: dict[tuple[float, float, float, float], list[Mark]] = {}
    for mark in marks:
        box = _box_of(blocks[mark.block], page)
        if box and mark.end > mark.start:
            found.setdefault(_share(box, blocks[mark.block], mark.start, mark.end), []).append(mark)
    out = []
    for box, here in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        styles = " ".join(dict.fromkeys(STYLES[m.kind] for m in here))
        keys = " ".join(dict.fromkeys(m.key for m in here))
        words = "、".join(dict.fromkeys(blocks[m.block]["text"][m.start : m.end] for m in here))
        out.append(Box(*_percent(box, size), keys, styles, words))
    return out


def task_boxes(
    blocks: Sequence[Mapping[str, Any]], begins: Iterable[Begin], page: int, size: tuple[float, float]
) -> Iterator[Box]:
    """Where tasks begin on a page: the block, with the task's key and label."""
    for begin in begins:
        box = _box_of(blocks[begin.block], page) if begin.key and begin.block < len(blocks) else None
        if box:
            yield Box(*_percent(box, size), "", "", "", begin.key, begin.label)


def _box_of(block: Mapping[str, Any], page: int) -> tuple[float, float, float, float] | None:
    origin = block.get("origin") or {}
    box = origin.get("box")
    if origin.get("page") != page or not box or box[2] <= box[0] or box[3] <= box[1]:
        return None
    return box[0], box[1], box[2], box[3]


def _share(
    box: tuple[float, float, float, float], block: Mapping[str, Any], start: int, end: int
) -> tuple[float, float, float, float]:
    """The words' part of a line; the whole block where that is not known."""
    left, top, right, bottom = box
    text: str = block["text"]
    whole = _breadth(text)
    if not whole or block["kind"] == "cell" or bottom - top > _TALL * (right - left) / whole:
        return box
    scale = (right - left) / whole
    begin = left + scale * _breadth(text[:start])
    return begin, top, begin + scale * _breadth(text[start:end]), bottom


def _breadth(text: str) -> float:
    """Breadth in full characters: Latin letters and figures take half of one."""
    return sum(0.5 if "\x20" <= character < "\u2000" else 1.0 for character in text if character >= " ")


def _percent(box: tuple[float, float, float, float], size: tuple[float, float]) -> tuple[float, float, float, float]:
    width, height = size[0] or 1, size[1] or 1
    left, top = max(100 * box[0] / width, 0), max(100 * box[1] / height, 0)
    return left, top, min(100 * box[2] / width, 100) - left, min(100 * box[3] / height, 100) - top
