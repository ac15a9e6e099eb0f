"""Run inside JioNLP's environment: what it finds in the text on standard input, and the seconds it needs for the least of it.

Timed are its extractors of money and times asked for offsets and no parsing, which is the least they can do; the figures
that are compared are the money parsed.
"""

import gc
import json
import statistics
import sys
import time
from importlib.metadata import version

import jionlp as jio

BOUNDS = {"accurate": "exact", "blur": "about", "blur+": "min", "blur-": "max"}
text = sys.stdin.buffer.read().decode("utf-8-sig")


def find() -> tuple[object, object]:
    return jio.ner.extract_money(text, with_parsing=False), jio.ner.extract_time(text, with_parsing=False)


def found() -> list[dict[str, object]]:
    """Every sum of money: first character, character after the last, value, unit, bound."""
    out = []
    for money in jio.ner.extract_money(text, with_parsing=True) or ():
        detail = money["detail"]
        number = detail["num"][0] if isinstance(detail["num"], list) else detail["num"]
        start, end = money["offset"]
        bound = BOUNDS.get(detail["definition"])
        out.append({"start": start, "end": end, "value": float(number), "unit": detail["case"], "bound": bound})
    return out


figures = found()
gc.disable()
taken = []
for _ in range(int(sys.argv[1])):
    start = time.process_time()
    find()
    taken.append(time.process_time() - start)
print(
    json.dumps(
        {"best": min(taken), "median": statistics.median(taken), "version": version("jionlp"), "found": figures},
        ensure_ascii=False,
    )
)
