"""Word lists as data: each ``NAME.txt`` holds ``[class]`` headings, words parted by white space, and ``#`` comments."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def load(name: str) -> dict[str, tuple[str, ...]]:
    """The classes of one list with their words, in the file's order.

    >>> load("units")["money"][0]
    '元'
    """
    classes: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (_HERE / f"{name}.txt").read_text("utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("["):
            words = classes.setdefault(line.strip("[]"), [])
        else:
            words.extend(line.split())
    return {title: tuple(dict.fromkeys(listed)) for title, listed in classes.items()}
