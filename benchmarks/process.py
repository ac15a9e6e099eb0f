"""``luoshi read`` as a whole process, and where its time goes.

Modules are compiled beforehand, as an installer does; a place of their own keeps the bytecode whatever the environment says.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.documents import main_document

RUNS = 12
BYTECODE = Path(__file__).parent.parent / ".cache" / "bench-bytecode"
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
        whole = _seconds(["-c", MAIN, "read", str(file), "-o", str(Path(folder, "out.json"))])
        parts, before = {}, 0.0
        for step, code in STEPS.items():
            until = _seconds(["-c", code]).processor
            parts[step] = max(until - before, 0.0)
            before = max(until, before)
        parts["read, write, end"] = max(whole.processor - before, 0.0)
        slowest = _imports(file)
    print(f"luoshi read {name}, from start to end, {RUNS} runs: {whole}")
    print("  processor time, best:")
    for step, taken in parts.items():
        print(f"  {step:22} {1000 * taken:6.0f} ms  {taken / whole.processor:5.0%}")
    print(
        "  slowest imports of their own (-X importtime): " + ", ".join(f"{m} {us / 1000:.0f} ms" for m, us in slowest)
    )
    figures = {"best_ms": whole.best, "median_ms": whole.median, "processor_ms": whole.processor, **parts}
    return {"document": name} | {k: round(1000 * v) for k, v in figures.items()}


@dataclass(frozen=True)
class Taken:
    """Seconds of a process: best and median on the clock, best on the processor (what a busy machine leaves alone)."""

    best: float
    median: float
    processor: float

    def __str__(self) -> str:
        return f"best {1000 * self.best:.0f} ms, median {1000 * self.median:.0f} ms, processor {1000 * self.processor:.0f} ms"


def _seconds(arguments: list[str]) -> Taken:
    clock, processor = [], []
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=_environment())
    for _ in range(RUNS):
        used, start = _children(), time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=_environment())
        clock.append(time.perf_counter() - start)
        processor.append(_children() - used)
    return Taken(min(clock), statistics.median(clock), min(processor))


def _environment() -> dict[str, str]:
    """The environment with bytecode kept, as it is where a package is installed."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | {"PYTHONPYCACHEPREFIX": str(BYTECODE)}


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _imports(file: Path) -> list[tuple[str, int]]:
    """The six modules that take longest to load by themselves, in microseconds."""
    call = [sys.executable, "-X", "importtime", "-c", MAIN, "read", str(file)]
    listed = subprocess.run(
        call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment()
    ).stderr.decode()
    found = [(m[2].strip(), int(m[1])) for m in re.finditer(r"import time:\s+(\d+) \|\s+\d+ \|(.*)", listed)]
    return sorted(found, key=lambda item: -item[1])[:6]
