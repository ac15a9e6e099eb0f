"""The month's close for all counties through the commands that do it: ``luoshi tick`` locks, ``luoshi lights`` lights.

Both run as processes of their own, as from cron. ``open_again`` takes their rows away, past the triggers that keep them: only
in a database made for measuring.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

MONTH = "2026-12"
AFTER = "2027-02-15"  # a day on which the month is locked
PERIODS = f"SELECT id FROM progress_period WHERE name = '{MONTH}'"
VERBS = "('period.locked', 'lights.computed')"


def close_month() -> dict[str, Any]:
    """Seconds that all counties' locks and lights take, and what was written."""
    from luoshi.people.models import Government
    from luoshi.progress.models import Light

    counties = Government.objects.count()
    locked, _said = _command("tick", "--day", AFTER)
    before = _processor()
    seconds, said = _command("lights")
    used = _processor() - before
    written = Light.objects.filter(period__name=MONTH).count()
    print(
        f"  month closed for {counties:,} counties: locked in {locked:.1f} s; {written:,} lights in {seconds:.1f} s "
        f"({used:.1f} s of processor)"
    )
    print(f"      {said.strip()}", flush=True)
    return {
        "month locked, all counties": {"seconds": round(locked, 1)},
        "month's lights, all counties": {
            "seconds": round(seconds, 1), "lights": written, "per_county_ms": round(1000 * seconds / counties, 1),
            "processor_seconds": round(used, 1),
        },
    }  # fmt: skip


def _processor() -> float:
    """Processor seconds of the commands run so far and of their processes; the database server's are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(*words: str) -> tuple[float, str]:
    start = time.perf_counter()
    command = [str(Path(sys.executable).with_name("luoshi")), *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - start, done.stdout


def open_again() -> None:
    """The month as it was before ``close_month``: nothing where it was not closed."""
    from django.db import connection, transaction

    from luoshi.progress.models import Period

    if connection.vendor != "postgresql" or not Period.objects.filter(name=MONTH, state=Period.State.LOCKED).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"DELETE FROM progress_light WHERE period_id IN ({PERIODS})")
        cursor.execute(f"DELETE FROM progress_forecast WHERE period_id IN ({PERIODS})")
        cursor.execute(
            f"DELETE FROM people_entry WHERE verb IN {VERBS} AND object_kind = 'progress.Period'"
            f" AND object_id IN (SELECT id::text FROM ({PERIODS}) month)"
        )
        cursor.execute(
            "UPDATE people_historyhead head SET sequence = last.sequence, digest = last.digest FROM people_entry last"
            " WHERE last.government_id = head.government_id AND last.sequence ="
            " (SELECT max(sequence) FROM people_entry WHERE government_id = head.government_id)"
        )
        cursor.execute(f"UPDATE progress_period SET state = 'open' WHERE name = '{MONTH}'")
    with connection.cursor() as cursor:
        for table in ("progress_light", "progress_forecast", "people_entry", "people_historyhead", "progress_period"):
            cursor.execute(f"VACUUM ANALYZE {table}")
