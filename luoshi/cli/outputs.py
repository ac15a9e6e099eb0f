"""Where results go: standard output, a file, or a folder with one file a document."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from luoshi.cli.inputs import Input
from luoshi.cli.say import say
from luoshi.cli.system import because, folder_there


def is_folder(out: str, documents: int) -> bool:
    """Whether ``-o`` names a folder: it is one, ends like one, or has to take several documents."""
    return folder_there(Path(out)) or out.endswith(("/", os.sep)) or documents > 1


def places(inputs: Iterable[Input], folder: Path, suffix: str) -> dict[Input, Path]:
    """A result path for each document below ``folder``; where two would meet, the document's own suffix tells them apart."""
    listed = list(inputs)
    plain = {item: folder / item.place.with_suffix(suffix) for item in listed}
    count = Counter(plain.values())
    full = {item: folder / f"{item.place}{suffix}" if count[plain[item]] > 1 else plain[item] for item in listed}
    taken: Counter[Path] = Counter()
    for item, path in full.items():
        taken[path] += 1
        if taken[path] > 1:
            full[item] = path.with_name(f"{path.stem}-{taken[path]}{suffix}")
    return full


def refuse_inputs(outs: Iterable[Path], inputs: Iterable[Input]) -> None:
    """Raise ClickException, before anything is read, where a result would replace a file that is being read."""
    own = {_identity(item.path) for item in inputs if item.path} - {None}
    hit = next((out for out in outs if _identity(out) in own), None)
    if hit:
        raise click.ClickException(say("{path} 是正在读的文件，不能用结果覆盖它，请换一个名字", path=hit))


def save(data: bytes, out: Path) -> None:
    """Write a result file whole or not at all. Raises ClickException in one sentence; a result of before is replaced."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        if out.exists() and not out.is_file():  # a device or a pipe: there is nothing to put in its place
            out.write_bytes(data)
            return
        draft.write_bytes(data)
        os.replace(draft, out)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise click.ClickException(say("写不进 {path}：{why}", path=out, why=because(error))) from None


def _identity(path: Path) -> tuple[int, int] | None:
    """What the system knows the file by, however it is named; None where there is none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
