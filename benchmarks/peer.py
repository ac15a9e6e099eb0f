"""Beside JioNLP and Recognizers-Text, in the same run: a whole ledger here, merely figures and times there.

Both are installed from the package registry into environments of their own and must never become dependencies: JioNLP
needs a GPL part, Recognizers-Text an old version of one. What each finds right is asked of the same forty targets.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clock import seconds
from benchmarks.wanted import QUESTIONS, annotated, of_ledger, of_peer, right
from luoshi.reading import read

CACHE = Path(__file__).parent.parent / ".cache"
RUNS = 20


@dataclass(frozen=True)
class Peer:
    """A library beside which the reader is measured: what to install, the script that asks it, how often, what it looks for."""

    name: str
    packages: tuple[str, ...]
    script: str
    runs: int
    finds: str


JIONLP = Peer("JioNLP", ("jionlp",), "peer_jionlp.py", RUNS, "money, times")
RECOGNIZERS = Peer(
    "Recognizers-Text", ("recognizers-text-suite", "emoji<2"), "peer_recognizers.py", 4, "figures, money, sizes, times"
)


def measure() -> dict[str, Any]:
    name, data, wanted = annotated()
    own = seconds(lambda: read(data, name=name), RUNS)
    asked = {peer.name: found for peer in (JIONLP, RECOGNIZERS) if (found := _ask(peer, data))}
    again = seconds(lambda: read(data, name=name), RUNS)
    best, median = min(own[0], again[0]), (own[1] + again[1]) / 2
    text = data.decode("utf-8-sig")
    rows = {"luoshi": ("a whole ledger", best, median, right(wanted, of_ledger(read(data, name=name), text)))}
    for peer in (JIONLP, RECOGNIZERS):
        if found := asked.get(peer.name):
            title = f"{peer.name} {found['version']}"
            rows[title] = (peer.finds, found["best"], found["median"], right(wanted, of_peer(found["found"])))
    _print(name, len(wanted), rows)
    figures: dict[str, Any] = {"document": name, "targets": len(wanted), "luoshi_ms": round(1000 * best, 2)}
    for peer_name, found in asked.items():
        key = peer_name.lower().partition("-")[0]
        figures |= {
            f"{key}_ms": round(1000 * found["best"], 2), f"{key}_version": found["version"],
            f"{key}_share_best": round(best / found["best"], 3),
            f"{key}_share_median": round(median / found["median"], 3),
        }  # fmt: skip
    return figures | {"right": {title: counts for title, (_, _, _, counts) in rows.items()}}


def _print(name: str, wanted: int, rows: dict[str, tuple[str, float, float, dict[str, int]]]) -> None:
    """The table that README quotes, in Markdown."""
    own = rows["luoshi"]
    print(f"{name}, {wanted} targets that people wrote down; right is what is right together with all left of it")
    print("| | finds | best ms | median ms | luoshi takes | " + " | ".join(QUESTIONS) + " |")
    print("|---|---|---|---|---|" + "---|" * len(QUESTIONS))
    for title, (finds, best, median, counts) in rows.items():
        share = "" if title == "luoshi" else f"{own[1] / best:.1%} best, {own[2] / median:.1%} median"
        told = " | ".join(str(counts[question]) for question in QUESTIONS)
        print(f"| {title} | {finds} | {1000 * best:.1f} | {1000 * median:.1f} | {share} | {told} |")


def _ask(peer: Peer, data: bytes) -> dict[str, Any] | None:
    """What a peer finds in the document, and its times; None where it cannot be installed."""
    python = _environment(peer)
    if python is None:
        print(f"{peer.name} could not be installed; no comparison with it")
        return None
    call: list[str | Path] = [python, Path(__file__).with_name(peer.script), str(peer.runs)]
    done = subprocess.run(call, input=data, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _environment(peer: Peer) -> Path | None:
    """The interpreter of a peer's environment, made at the first run; None where the registry cannot be reached."""
    place = CACHE / f"bench-{peer.name.lower().partition('-')[0]}"
    python, ready = place / "bin" / "python", place / "ready"
    if not ready.exists():
        venv.create(place, with_pip=True)
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            *peer.packages,
        ]
        if subprocess.run(install, stdout=sys.stderr).returncode:
            return None
        ready.touch()
    return python
