"""The year at one county, a hundred and three thousand: pages, a report sent in, the month's lights – on PostgreSQL.

The first county is the example's year, done through the rooms' own actions; the others are copies made in the database
(``year_copies``). A server of its own is started and its data removed. One county is measured on SQLite too.
``YEAR_COUNTIES=1,100`` for a shorter run: 3,000 counties need some 20 GB of disk and a quarter of an hour.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from tools.postgres import running, server_folder, unprivileged

COUNTIES = os.environ.get("YEAR_COUNTIES", "1,100,3000").split(",")


def measure() -> dict[str, Any]:
    """Figures by database and number of counties, and how much slower the largest is than one."""
    print("SQLite", end="")
    figures: dict[str, Any] = {"sqlite": _run(["1"], {})}
    binaries, prefix = server_folder(), unprivileged()
    if binaries is None or prefix is None:
        print("PostgreSQL is not installed on this machine: no figures of many counties.")
        return figures
    print("PostgreSQL", end="")
    with running(binaries, prefix) as address:
        figures["postgresql"] = _run(COUNTIES, {"DATABASE_URL": address})
    figures["growth"] = _growth(figures["postgresql"])
    return figures


def _run(sizes: list[str], more: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        call = [sys.executable, "-m", "benchmarks.year_figures", *sizes]
        done = subprocess.Popen(
            call, env={**environment, "LUOSHI_DATA": folder, **more}, stdout=subprocess.PIPE, text=True
        )
        said = ""
        assert done.stdout is not None
        for line in done.stdout:
            if not line.startswith("{"):
                print(line, end="", flush=True)
            said = line
        if done.wait():
            return {"failed": done.returncode}
        return dict(json.loads(said))


def _growth(found: dict[str, Any]) -> dict[str, dict[str, float]]:
    """How many times as long as at one county, by figure and number of counties."""
    out: dict[str, dict[str, float]] = {}
    one = found.get("1", {})
    for size, figures in found.items():
        for name, figure in figures.items() if isinstance(figures, dict) and size != "1" else ():
            if isinstance(figure, dict) and "ms" in figure and one.get(name, {}).get("ms"):
                out.setdefault(name, {})[size] = round(figure["ms"] / one[name]["ms"], 2)
    for name, times in out.items():
        print(f"  {name:28} " + ", ".join(f"×{factor} at {size}" for size, factor in times.items()))
    return out


if __name__ == "__main__":
    measure()
