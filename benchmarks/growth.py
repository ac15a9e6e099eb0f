"""Whether time grows in proportion to length: the document once, ten times, a hundred times."""

from __future__ import annotations

from typing import Any

from benchmarks.clock import seconds
from benchmarks.documents import main_document, repeated
from luoshi.reading import read

SIZES = {1: 20, 10: 5, 100: 2}


def measure() -> dict[str, Any]:
    name, data = main_document()
    figures: dict[str, Any] = {"document": name}
    print(f"{name}\n  {'times':>5} {'characters':>11} {'tasks':>6} {'seconds':>8} {'characters/s':>13}")
    for times, runs in SIZES.items():
        text = repeated(data, times)
        best, _ = seconds(lambda text=text: read(text, name="long.txt"), runs)  # type: ignore[misc]
        characters, tasks = len(text.decode()), sum(1 for _ in read(text, name="long.txt").tasks())
        print(f"  {times:5} {characters:11,} {tasks:6,} {best:8.3f} {characters / best:13,.0f}")
        figures[f"x{times}"] = {"seconds": round(best, 4), "characters_per_second": round(characters / best)}
    return figures
