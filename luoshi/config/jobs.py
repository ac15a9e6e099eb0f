"""What runs by itself: the day's opening, reminding and locking, and scans, through the task queue in the database.

The queue has neither a calendar nor retries, so the task asks for its next run itself, and whoever starts a worker sees
to it that one is waiting: a run that a stopped process left unfinished is simply asked for again (``tick`` may be repeated).
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from luoshi.documents import scanning
from luoshi.documents.models import Scanning
from luoshi.progress.period_actions import tick
from luoshi.ui.today import today

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)  # a new day is noticed within the hour
INTERVAL = 20.0  # seconds between two looks into the queue
SCANS_INTERVAL = 2.0  # somebody waits for it
KEPT = timedelta(days=7)  # finished runs are kept so long


@task()
def run_tick() -> dict[str, Any]:
    """Do what is due today, then ask for the next run. Whatever goes wrong is logged, and tried again at the next run."""
    try:
        done = tick(today())
        return {"opened": done.opened, "asked": done.asked, "reminded": done.reminded, "locked": done.locked}
    finally:
        _forget()
        ask_again()


def ask_again(now: bool = False) -> bool:
    """Put the next run into the queue unless one is waiting; whether it did."""
    if DBTaskResult.objects.filter(status="READY", task_path=run_tick.module_path).exists():
        return False
    after = timezone.now() if now else timezone.now() + EVERY
    run_tick.using(run_after=after).enqueue()
    return True


def _forget() -> None:
    over = DBTaskResult.objects.filter(task_path=run_tick.module_path, finished_at__lt=timezone.now() - KEPT)
    over.delete()


def start_worker() -> threading.Thread:
    """Start the workers in threads of this process, one for the day's run and one for scans, which take minutes; several
    processes may do so, a task is run by one of them."""
    for name, target in (("scans", _read_scans), ("tasks", _work)):
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
    return thread


def _work() -> None:
    from django_tasks_db.management.commands.db_worker import Worker

    while True:
        try:
            ask_again(now=True)
            worker(Worker).run()
        except Exception:  # the database may be away for a while: the site goes on, and so does this thread
            log.exception("the task worker stopped; it starts again")
            time.sleep(INTERVAL)


def _read_scans() -> None:
    from django_tasks_db.management.commands.db_worker import Worker

    while True:
        try:
            read_waiting(Worker)
        except Exception:
            log.exception("the worker for scans stopped; it starts again")
            time.sleep(INTERVAL)
        time.sleep(SCANS_INTERVAL)


def read_waiting(kind: Any) -> None:
    """Read the scans that wait, and those that a stopped process left unfinished. Mostly there are none: one small query."""
    close_old_connections()
    if Scanning.objects.exists():
        scanning.resume()
        worker(kind, batch=True, queue=scanning.QUEUE).run()
        DBTaskResult.objects.filter(queue_name=scanning.QUEUE, finished_at__lt=timezone.now() - KEPT).delete()


def worker(kind: Any, *, batch: bool = False, queue: str = "default") -> Any:
    """A worker of a queue; with ``batch`` it ends when nothing waits."""
    return kind(
        queue_names=[queue], interval=0 if batch else INTERVAL, batch=batch, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=f"luoshi-{threading.get_native_id()}", excluded_queue_names=[],
    )  # fmt: skip
