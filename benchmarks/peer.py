"""Beside JioNLP, in the same run: a whole ledger here, merely money and times there.

JioNLP is installed from the package registry into an environment of its own (it must never become a dependency: it
needs a GPL part). Its extractors are asked for offsets and no parsing, which is the least they can do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from benchmarks.clock import seconds
from benchmarks.documents import main_document
from luoshi.reading import read

PLACE = Path(__file__).parent.parent / ".cache" / "bench-jionlp"
RUNS = 20


def measure() -> dict[str, Any]:
    name, data = main_document()
    python = _environment()
    if python is None:
        print("JioNLP could not be installed; no comparison")
        return {}
    before = seconds(lambda: read(data, name=name), RUNS)
    peer = json.loads(
        subprocess.run(
            [python, Path(__file__).with_name("jionlp_times.py"), str(RUNS)],
            input=data,
            capture_output=True,
            check=True,
        ).stdout.splitlines()[-1]
    )
    after = seconds(lambda: read(data, name=name), RUNS)
    best, median = min(before[0], after[0]), (before[1] + after[1]) / 2
    share = {"best": best / peer["best"], "median": median / peer["median"]}
    print(f"{name}: a whole ledger, luoshi           {1000 * best:8.2f} ms best {1000 * median:8.2f} ms median")
    print(
        f"{'':{len(name)}}  money and times only, JioNLP {peer['version']} {1000 * peer['best']:6.2f} ms best {1000 * peer['median']:8.2f} ms median"
    )
    print(
        f"{'':{len(name)}}  luoshi takes {share['best']:.1%} (best), {share['median']:.1%} (median) of the peer's time"
    )
    return {
        "document": name, "luoshi_ms": round(1000 * best, 2), "jionlp_ms": round(1000 * peer["best"], 2),
        "jionlp_version": peer["version"], "share_best": round(share["best"], 3), "share_median": round(share["median"], 3),
    }  # fmt: skip


def _environment() -> Path | None:
    """The interpreter of the peer's environment, made at the first run; None where the registry cannot be reached."""
    python = PLACE / "bin" / "python"
    ready = PLACE / "ready"
    if not ready.exists():
        venv.create(PLACE, with_pip=True)
        done = subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "jionlp"], stdout=sys.stderr
        )
        if done.returncode:
            return None
        ready.touch()
    return python
