"""Texts of 10 MB made to hurt: seconds taken, and what came of them. Only declared errors may come."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

SIZE = 10_000_000  # bytes
MOST_SECONDS = 120


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
    print(f"  {'text':28} {'seconds':>8} {'MB held':>8}  outcome")
    for name in TEXTS:
        start = time.perf_counter()
        call = [sys.executable, "-m", "benchmarks.hostile", name]
        try:
            done = subprocess.run(call, capture_output=True, timeout=MOST_SECONDS, check=False)
            lines = done.stdout.decode().splitlines()
            taken, held, outcome = (
                lines[-1].split("\t")
                if lines and not done.returncode
                else ("", "", "DIED: " + done.stderr.decode()[-120:])
            )
        except subprocess.TimeoutExpired:
            taken, held, outcome = f"{time.perf_counter() - start:.1f}", "", f"NOT DONE within {MOST_SECONDS} s"
        print(f"  {name:28} {taken:>8} {held:>8}  {outcome}", flush=True)
        figures[name] = {"seconds": float(taken or 0), "outcome": outcome}
    return figures


def one(name: str) -> None:
    """Read one text in this process and print seconds, megabytes and outcome."""
    from luoshi.reading import read
    from luoshi.reading.errors import ReadingError

    data = TEXTS[name]().encode()
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
    one(sys.argv[1])
