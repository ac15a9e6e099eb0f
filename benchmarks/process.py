"""``luoshi read`` as a whole process, and where its time goes."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.documents import main_document

RUNS = 12
MAIN = "from luoshi.cli.main import main; main()"
# Each step holds all before it; what a step adds is its own.
STEPS = {
    "interpreter": "pass",
    "click": "import click",
    "command line": "import luoshi.cli.main, luoshi.cli.read",
    "msgspec": "import msgspec, luoshi.cli.main, luoshi.cli.read",
    "reader and its rules": "import luoshi.cli.main, luoshi.cli.read, luoshi.reading.reader",
}


def measure() -> dict[str, Any]:
    name, data = main_document()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, Path(name).name)
        file.write_bytes(data)
        whole, median = _seconds(["-c", MAIN, "read", str(file), "-o", str(Path(folder, "out.json"))])
        parts, before = {}, 0.0
        for step, code in STEPS.items():
            until, _ = _seconds(["-c", code])
            parts[step] = max(until - before, 0.0)
            before = max(until, before)
        parts["read, write, end"] = max(whole - before, 0.0)
        slowest = _imports(file)
    print(
        f"luoshi read {name}: {1000 * whole:.0f} ms from start to end at best, {1000 * median:.0f} ms median of {RUNS}"
    )
    for step, taken in parts.items():
        print(f"  {step:22} {1000 * taken:6.0f} ms  {taken / whole:5.0%}")
    print(
        "  slowest imports of their own (python -X importtime): "
        + ", ".join(f"{m} {us / 1000:.0f} ms" for m, us in slowest)
    )
    return {
        "document": name,
        "best_ms": round(1000 * whole),
        "median_ms": round(1000 * median),
        "parts_ms": {k: round(1000 * v) for k, v in parts.items()},
    }


def _seconds(arguments: list[str]) -> tuple[float, float]:
    """Best and median seconds on the clock of a process and its end."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return min(taken), statistics.median(taken)


def _imports(file: Path) -> list[tuple[str, int]]:
    """The six modules that take longest to load by themselves, in microseconds."""
    call = [sys.executable, "-X", "importtime", "-c", MAIN, "read", str(file)]
    listed = subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr.decode()
    found = [(m[2].strip(), int(m[1])) for m in re.finditer(r"import time:\s+(\d+) \|\s+\d+ \|(.*)", listed)]
    return sorted(found, key=lambda item: -item[1])[:6]
