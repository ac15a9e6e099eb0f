"""What runs by itself: the day's opening, reminding and locking, through the task queue in the database.

The queue has neither a calendar nor retries, so the task asks for its next run itself, and whoever starts a worker sees
to it that one is waiting: a run that a stopped process left unfinished is simply asked for again (``tick`` may be repeated).
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from luoshi.progress.period_actions import tick
from luoshi.ui.today import today

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)  # a new day is noticed within the hour
INTERVAL = 20.0  # seconds between two looks into the queue
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
    """Start the worker in a thread of this process; several processes may do so, a task is run by one of them."""
    thread = threading.Thread(target=_work, name="tasks", daemon=True)
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


def worker(kind: Any, *, batch: bool = False) -> Any:
    """A worker of the default queue; with ``batch`` it ends when nothing waits."""
    return kind(
        queue_names=["default"], interval=0 if batch else INTERVAL, batch=batch, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=f"luoshi-{threading.get_native_id()}", excluded_queue_names=[],
    )  # fmt: skip
