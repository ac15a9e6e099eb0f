"""Texts made to hurt, of 10 MB and as long as the reader takes them: seconds, and what came of it.

Only declared errors may come (luoshi.reading.errors).
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from luoshi.reading.sources import MAX_CHARACTERS

SIZE = 10_000_000  # bytes
LONGEST = MAX_CHARACTERS - 10  # just below what the reader takes at once
MOST_SECONDS = 60


def _fill(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


def _random_chinese() -> str:
    chance = random.Random(7)
    return "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(SIZE // 3))


TEXTS: dict[str, Callable[[], str]] = {
    "digits": lambda: _fill("1234567890"),
    "chinese numerals": lambda: _fill("一二三四五六七八九十百千万亿"),
    "opening brackets": lambda: _fill("（"),
    "brackets of all kinds": lambda: _fill("（[【〔《“(<"),
    "100,000 nested brackets": lambda: "（" * 100_000 + "县发改局" + "）" * 100_000,
    "one endless line of tasks": lambda: _fill("1.完成改造12个，力争增长5%以上。责任单位：县发改局、县住建局"),
    "the same in lines": lambda: _fill("1.完成改造12个，力争增长5%以上。\n责任单位：县发改局、县住建局\n"),
    "responsibility labels": lambda: _fill("责任单位："),
    "units without end": lambda: "责任单位：" + _fill("县发改局、"),
    "pipes": lambda: _fill("|"),
    "rows of pipes": lambda: _fill("| 1 | 完成改造12个 | 县发改局 |\n"),
    "line breaks": lambda: _fill("\n"),
    "blanks": lambda: _fill(" \u3000"),
    "headings": lambda: _fill("一、"),
    "percent": lambda: _fill("增长5%、"),
    "strive": lambda: _fill("力争"),
    "unbroken random Chinese": _random_chinese,
    "tags": lambda: _fill("<div>"),
    "open tables": lambda: "<html><body>" + _fill("<table><tr><td rowspan=9999>"),
    "NUL": lambda: _fill("\x00"),
}


def measure() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for size in ("10 MB", "longest"):
        print(f"  {size:28} {'seconds':>8} {'MB held':>8}  outcome")
        figures[size] = {name: _outcome(name, size) for name in TEXTS}
    return figures


def _outcome(name: str, size: str) -> dict[str, Any]:
    """What one text came to, in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.hostile", name, size]
    try:
        done = subprocess.run(call, capture_output=True, timeout=MOST_SECONDS, check=False)
        said = done.stdout.decode().strip().rpartition("\n")[2]
        taken, held, outcome = said.split("\t") if said else ("", "", f"DIED: {done.stderr.decode()[-120:]}")
    except subprocess.TimeoutExpired:
        taken, held, outcome = str(MOST_SECONDS), "", "NOT DONE"
    print(f"  {name:28} {taken:>8} {held:>8}  {outcome}", flush=True)
    return {"seconds": float(taken or 0), "outcome": outcome}


def one(name: str, size: str) -> None:
    """Read one text in this process and print seconds, megabytes and outcome."""
    from luoshi.reading import read
    from luoshi.reading.errors import ReadingError

    text = TEXTS[name]()
    data = (text[:LONGEST] if size == "longest" else text).encode()
    file = "hostile.html" if name in ("tags", "open tables") else "hostile.txt"
    start = time.perf_counter()
    try:
        ledger = read(data, name=file)
        outcome = f"read: {sum(1 for _ in ledger.tasks())} tasks, {len(ledger.doubts)} doubts"
    except ReadingError as error:
        outcome = f"{type(error).__name__}: {error}"
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{time.perf_counter() - start:.2f}\t{held}\t{outcome[:100]}")


if __name__ == "__main__":
    one(sys.argv[1], sys.argv[2])
