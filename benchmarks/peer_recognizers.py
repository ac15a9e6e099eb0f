"""Run inside Recognizers-Text's environment: the figures it finds in the text on standard input, and the seconds it needs.

Asked are its models of numbers, percentages, money, dimensions and times for Chinese; each reads the text by itself.
"""

import gc
import json
import statistics
import sys
import time
from importlib.metadata import version
from typing import Any

from recognizers_suite import (
    Culture,
    recognize_currency,
    recognize_datetime,
    recognize_dimension,
    recognize_number,
    recognize_percentage,
)

UNITS = {
    "Chinese yuan": "元", "United States dollar": "美元", "Mu": "亩", "Hectare": "公顷", "Square meter": "平方米",
    "Square kilometer": "平方公里", "Kilometer": "公里", "Meter": "米", "Cubic meter": "立方米", "Ton": "吨",
    "Metric ton": "吨", "Kilogram": "公斤",
}  # fmt: skip
text = sys.stdin.buffer.read().decode("utf-8-sig")


def find() -> list[Any]:
    asked = (recognize_number, recognize_percentage, recognize_currency, recognize_dimension, recognize_datetime)
    return [model(text, Culture.Chinese) for model in asked]


def found() -> list[dict[str, object]]:
    """Every figure: first character, character after the last, value, unit. It tells no bounds."""
    numbers, percentages, currencies, dimensions, _ = find()
    out = [figure(one, None) for one in numbers]
    out += [figure(one, "%") for one in percentages]
    out += [figure(one, UNITS.get(one.resolution["unit"])) for one in (*currencies, *dimensions)]
    return [one for one in out if one["value"] is not None]


def figure(one: Any, unit: str | None) -> dict[str, object]:
    value = str(one.resolution["value"]).rstrip("%")
    number: float | None
    try:
        number = float(value)
    except ValueError:
        number = None
    return {"start": one.start, "end": one.end + 1, "value": number, "unit": unit, "bound": None}


figures = found()
gc.disable()
taken = []
for _ in range(int(sys.argv[1])):
    start = time.process_time()
    find()
    taken.append(time.process_time() - start)
print(
    json.dumps(
        {
            "best": min(taken),
            "median": statistics.median(taken),
            "version": version("recognizers-text-suite"),
            "found": figures,
        },
        ensure_ascii=False,
    )
)
