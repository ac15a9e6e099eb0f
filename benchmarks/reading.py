"""Text to ledger on one core: characters a second."""

from __future__ import annotations

from typing import Any

from benchmarks.clock import seconds
from benchmarks.documents import main_document
from luoshi.reading import read

RUNS = 60


def measure() -> dict[str, Any]:
    name, data = main_document()
    ledger = read(data, name=name)
    best, median = seconds(lambda: read(data, name=name), RUNS)
    characters = len(data.decode())
    tasks = sum(1 for _ in ledger.tasks())
    print(f"{name}: {characters} characters, {tasks} tasks, {RUNS} runs")
    for word, taken in (("best", best), ("median", median)):
        print(f"  {word:7} {1000 * taken:7.2f} ms   {characters / taken:10,.0f} characters/s")
    return {
        "document": name, "characters": characters, "tasks": tasks,
        "best_ms": round(1000 * best, 2), "median_ms": round(1000 * median, 2),
        "best_characters_per_second": round(characters / best),
        "median_characters_per_second": round(characters / median),
    }  # fmt: skip
