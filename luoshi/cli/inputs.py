"""Which files to read: arguments may be files, folders (searched through) and ``-`` for standard input."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from luoshi.cli.system import folder_there

# Formats the reader knows; in a folder only these are taken, a file named by itself is always tried.
SUFFIXES = frozenset(
    ".txt .text .htm .html .xhtml .mht .docx .docm .doc .wps .odt .rtf .pdf .ofd .xlsx .xlsm .xls .et .csv .tsv .zip .eml".split()
)

# Documents that offices keep beside them and that cannot be read yet: passed over in a folder, but not in silence.
UNREAD = frozenset({".xlsb", ".ods", ".ppt", ".pptx", ".rar", ".7z", ".msg"})


@dataclass(frozen=True)
class Input:
    """One document to read. ``path`` is None for standard input; ``place`` is where its result goes within a folder.

    ``parts``: the files that are read together as this one.
    """

    path: Path | None
    place: Path
    parts: tuple[Input, ...] = ()

    @property
    def name(self) -> str:
        return str(self.path) if self.path else "-"

    def content(self) -> bytes:
        """The document's bytes; everything on standard input for ``-``. Raises OSError."""
        if self.parts:
            from luoshi.reading.sources.bundle import packed

            count = Counter(part.place for part in self.parts)
            named = ((part.place.as_posix() if count[part.place] == 1 else part.name, part) for part in self.parts)
            return packed({name: part.content() for name, part in named})
        return self.path.read_bytes() if self.path else sys.stdin.buffer.read()


@dataclass(frozen=True)
class Gathered:
    """Documents to read, and how many of which other kinds (``.pptx``) folders hold."""

    inputs: list[Input]
    unread: Counter[str]


def gather(arguments: Iterable[str]) -> Gathered:
    """Every document named by the arguments, each file once, folders in order of name.

    Hidden files and what an office programme leaves behind (``~$…``) are passed over; links to folders are not followed.
    """
    found: dict[Path | None, Input] = {}
    unread: Counter[str] = Counter()
    for argument in arguments:
        for item in _items(argument, unread):
            found.setdefault(item.path and item.path.parent.resolve() / item.path.name, item)
    return Gathered(list(found.values()), unread)


def together(arguments: Iterable[str]) -> Gathered:
    """Like ``gather``, but all as one document: a notice and its annexes, named by the first argument."""
    arguments = list(arguments)
    gathered = gather(arguments)
    if not gathered.inputs:
        return gathered
    first = Path(arguments[0]) if arguments[0] != "-" else Path("stdin")
    place = Path(first.resolve().name or "all")
    one = Input(first, place if folder_there(first) else Path(place.stem), tuple(gathered.inputs))
    return Gathered([one], gathered.unread)


def _items(argument: str, unread: Counter[str]) -> Iterator[Input]:
    path = Path(argument)
    if argument == "-":
        yield Input(None, Path("stdin"))
    elif folder_there(path):
        yield from (Input(file, file.relative_to(path)) for file in _within(path, unread))
    else:
        yield Input(path, Path(path.name))


def _within(folder: Path, unread: Counter[str]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in files if not name.startswith((".", "~$"))):
            suffix = Path(name).suffix.lower()
            if suffix in SUFFIXES:
                yield Path(root, name)
            elif suffix in UNREAD:
                unread[suffix] += 1
