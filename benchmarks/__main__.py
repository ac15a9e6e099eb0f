"""Run benchmarks by name, or all of them, and print a table each.

    python -m benchmarks [reading] [peer] [process] [growth] [hostile] [pages] [bulk] [crowd] [year] [--save]

``--save`` writes the figures to benchmarks/results.json. Nothing here is a test: figures depend on the machine, which is named.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
NAMES = ("reading", "peer", "process", "growth", "hostile", "pages", "bulk", "crowd", "year")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], default=[], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--save", action="store_true", help=f"write the figures to {RESULTS.name}")
    asked = parser.parse_args()
    machine = _machine()
    print(f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}")
    figures: dict[str, Any] = {}
    for name in asked.names or NAMES:
        measure: Callable[[], dict[str, Any]] = import_module(f"benchmarks.{name}").measure
        print(f"\n== {name}")
        figures[name] = measure()
    if asked.save:
        kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        kept |= {"command": "python -m benchmarks --save", "machine": machine, **figures}
        RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _machine() -> dict[str, Any]:
    processor = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"processor": processor, "cores": os.cpu_count(), "python": platform.python_version()}


if __name__ == "__main__":
    main()
