"""The year at one county, a hundred and three thousand: pages, a report sent in, the month's lights – on PostgreSQL.

The first county is the example's year, done through the rooms' own actions; the others are copies made in the database
(``year_copies``). A server of its own is started and its data removed. One county is measured on SQLite too.
``YEAR_COUNTIES=1,100`` for a shorter run: 3,000 counties need some 25 GB of disk and half an hour. ``YEAR_KEEP=folder`` keeps
the server's data of more than a hundred counties there, and measures what an earlier run left.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools.postgres import running, server_folder, unprivileged

COUNTIES = os.environ.get("YEAR_COUNTIES", "1,100,3000").split(",")
# As an installation would have it: durable, a quarter of a small machine's memory.
SERVER = "-c listen_addresses=127.0.0.1 -c shared_buffers=2GB -c max_wal_size=8GB"


def measure() -> dict[str, Any]:
    """Figures by database and number of counties, and how much slower many counties are than one."""
    print("SQLite", end="")
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, Any] = {"sqlite": _run(["1"], {"LUOSHI_DATA": folder})}
    binaries, prefix = server_folder(), unprivileged()
    if binaries is None or prefix is None:
        print("PostgreSQL is not installed on this machine: no figures of many counties.")
        return figures
    print("PostgreSQL", end="")
    found: dict[str, Any] = {}
    for sizes, kept in _servers():
        with ExitStack() as stack:
            site = kept / "site" if kept else Path(stack.enter_context(tempfile.TemporaryDirectory()))
            site.mkdir(parents=True, exist_ok=True)
            address = stack.enter_context(running(binaries, prefix, kept and kept / "server", SERVER))
            found |= _run(sizes, {"DATABASE_URL": address, "LUOSHI_DATA": str(site)})
    return figures | {"postgresql": found, "growth": _growth(found), "settings": SERVER}


def _servers() -> list[tuple[list[str], Path | None]]:
    """The sizes to measure on one server each, and the folder in which it is kept."""
    kept = os.environ.get("YEAR_KEEP")
    if not kept:
        return [(COUNTIES, None)]
    few, many = [s for s in COUNTIES if int(s) <= 100], [s for s in COUNTIES if int(s) > 100]
    return [(sizes, folder) for sizes, folder in ((few, None), (many, Path(kept))) if sizes]


def _run(sizes: list[str], more: dict[str, str]) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    call = [sys.executable, "-m", "benchmarks.year_figures", *sizes]
    done = subprocess.Popen(call, env={**environment, **more}, stdout=subprocess.PIPE, text=True)
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
    """How many times as much as at one county, by figure and number of counties: processor time of this process, which other
    work on the machine disturbs least. Prints the table."""
    out: dict[str, dict[str, float]] = {}
    one = found.get("1", {})
    sizes = [size for size in found if size.isdigit()]
    print(
        "\n| median ms (processor ms) | "
        + " | ".join(f"{int(size):,}" for size in sizes)
        + " | growth | database at most |"
    )
    print("|---|" + "--:|" * (len(sizes) + 2))
    for name, first in one.items():
        if not isinstance(first, dict) or "processor" not in first:
            continue
        cells = [found[size].get(name, {}) for size in sizes]
        for size, cell in zip(sizes, cells, strict=True):
            if size != "1" and "processor" in cell:
                out.setdefault(name, {})[size] = round(cell["processor"] / first["processor"], 2)
        shown = [f"{cell['ms']:.0f} ({cell['processor']:.0f})" if "ms" in cell else "–" for cell in cells]
        growth = ", ".join(f"×{factor}" for factor in out.get(name, {}).values())
        database = max((cell["database_ms"] for cell in cells if "database_ms" in cell), default="–")
        print(f"| {name} | " + " | ".join(shown) + f" | {growth} | {database} ms |")
    for name in ("month locked, all counties", "month's lights, all counties"):
        shown = [f"{found[size].get(name, {}).get('seconds', 0):.1f} s" for size in sizes]
        print(f"| {name} | " + " | ".join(shown) + " | | |")
    return out


if __name__ == "__main__":
    measure()
