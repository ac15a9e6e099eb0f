"""Measured in a process of its own, on the database that DATABASE_URL names: ``python -m benchmarks.year_figures 1 100 3000``.

Prints a line a figure and, last, all of them as JSON. Counties are added as the sizes ask; every figure is of one county in the
middle of them. Reports are sent in for good, each run another one; the other actions are rolled back, and the month that
``year_closing`` closes for all counties is opened again, so that the next run meets the same rows.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RUNS = 15
SECONDS = 15.0  # no figure is measured for longer, once it was measured at all


def main(sizes: list[int]) -> None:
    """Make the first county, then measure at each size."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.config.settings"
    os.environ.setdefault("LUOSHI_TODAY", "2026-12-28")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from benchmarks import year_closing
    from benchmarks.year_copies import copy
    from luoshi.people.models import Government

    if not Government.objects.exists():
        _first_county()
    have, figures = Government.objects.count(), {}
    for size in sizes:
        start = time.perf_counter()
        if size > have:
            with _careless():
                copy(have, size - 1)
            have = size
        filled = round(time.perf_counter() - start, 1)
        with _careless():
            year_closing.open_again()
        load = os.getloadavg()[0]
        figures[str(size)] = {"rows": _rows(), "seconds_to_fill": filled, **_figures(size)}
        figures[str(size)]["load"] = {"before": round(load, 1), "after": round(os.getloadavg()[0], 1)}
    print(json.dumps(figures, ensure_ascii=False))


def _first_county() -> None:
    """The example's year; a report of every task in every month, so that there are as many as there can be."""
    from django.db import transaction

    from luoshi.cli import demo
    from luoshi.plans.models import Plan
    from luoshi.progress.models import Period, Report

    with transaction.atomic():
        demo.load()
    asked = set(Report.objects.values_list("task", "period"))
    made = []
    for plan in Plan.objects.all():
        tasks = list(plan.tasks.prefetch_related("responsibilities"))
        for period in plan.periods.filter(state=Period.State.LOCKED):
            made += [
                Report(task=task, period=period, unit_id=min(task.lead_units), state="accepted", unchanged=True,
                       progress="按计划推进。" * 8, submitted_at=f"{period.due_on} 09:00+08:00")
                for task in tasks if (task.pk, period.pk) not in asked
            ]  # fmt: skip
    Report.objects.bulk_create(made)
    # Numbers inside a draft are the first county's, so copies begin with empty ones.
    Report.objects.filter(state__in=["draft", "signed"]).update(draft={}, state="asked")


def _rows() -> dict[str, int]:
    from luoshi.people.models import Entry, Government
    from luoshi.plans.models import Task
    from luoshi.progress.models import Light, Measurement, Report

    kinds: tuple[Any, ...] = (Government, Task, Report, Measurement, Light, Entry)
    found = {kind.__name__: kind.objects.count() for kind in kinds}
    print("\n  " + ", ".join(f"{count:,} {name}" for name, count in found.items()), flush=True)
    return found


def _figures(size: int) -> dict[str, Any]:
    from django.db import connection

    from benchmarks import year_closing
    from benchmarks.year_plans import explained
    from luoshi.people.models import Government, Member
    from luoshi.plans.models import Plan

    government = Government.objects.get(name=_county(size))
    clerk = Member.objects.filter(government=government, role="office").order_by("pk")[0].user
    plan = Plan.objects.filter(government=government).order_by("pk")[0]
    found = {name: {**_timed(name, work), **explained(work)} for name, work in _pages(government, plan, clerk).items()}
    found |= {name: _timed(name, work) for name, work in _actions(government, plan, clerk).items()}
    if connection.vendor == "postgresql":
        found |= year_closing.close_month()
        with _careless():
            year_closing.open_again()
    return found


@contextmanager
def _careless() -> Iterator[None]:
    """Nothing is flushed to the disk while rows are made; what is measured is."""
    from django.db import connection

    def flush(how: str) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER SYSTEM SET fsync = {how}")
                cursor.execute("SELECT pg_reload_conf()")

    flush("off")
    try:
        yield
    finally:
        flush("on")


def _county(size: int) -> str:
    """A county in the middle that still owes reports: those of an earlier run have been sent in."""
    from luoshi.progress.models import Report

    for number in range(size // 2, size):
        name = "澜湾县" if number == 0 else f"澜湾县-{number}"
        owed = Report.objects.filter(unit__government__name=name, period__state="open", state="asked")
        if size == 1 or owed.count() > RUNS:
            return name
    return "澜湾县"


def _pages(government: Any, plan: Any, clerk: Any) -> dict[str, Callable[[], Any]]:
    """The pages that stand, each as the account that uses it most."""
    from luoshi.people.models import Member

    task = plan.tasks.order_by("order")[30]
    mine = Member.objects.filter(government=government, role="liaison").select_related("user").order_by("pk")[0]
    addresses = {
        "workbench": ("/", clerk),
        "unit page": (f"/units/{mine.unit_id}/", mine.user),
        "task page": (f"/plans/{plan.pk}/tasks/{task.key}/", clerk),
        "ledger page": (f"/plans/{plan.pk}/", clerk),
        "review queue": ("/review/", clerk),
        "leader page": _leader(government),
        "heatmap": (f"/plans/{plan.pk}/heatmap/", clerk),
        "history": ("/history/", clerk),
    }
    return {name: _visit(*where) for name, where in addresses.items() if _answers(*where)}


def _leader(government: Any) -> tuple[str, Any]:
    from luoshi.people.models import Tenure

    held = Tenure.objects.filter(post__government=government, user__isnull=False, until=None).select_related("user")[0]
    return f"/posts/{held.post_id}/", held.user


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _answers(address: str, user: Any) -> bool:
    response = _client(user).get(address, follow=True)
    if response.status_code != 200:
        print(f"  {address}: HTTP {response.status_code}, not measured")
    return bool(response.status_code == 200)


def _visit(address: str, user: Any) -> Callable[[], Any]:
    client = _client(user)
    return lambda: client.get(address).content


def _actions(government: Any, plan: Any, clerk: Any) -> dict[str, Callable[[], Any]]:
    from datetime import date

    from luoshi.progress import light_actions, period_actions, review_actions
    from luoshi.progress.models import Period, Report

    last = list(Period.objects.filter(plan__government=government, name="2026-12").select_related("plan__government"))
    sent = list(
        Report.objects.filter(period__plan=plan, state="submitted").select_related("task__plan", "period", "unit")
    )
    day = date(2026, 12, 31)
    return {
        "report sent in": _sender(government),
        "checks of a queue": lambda: review_actions.checks_of(sent),
        "month's lights, one county": _undone(lambda: [light_actions.compute(period) for period in last]),
        "day's run, all counties": _undone(lambda: period_actions.tick(day)),
    }


def _sender(government: Any) -> Callable[[], Any]:
    """Fill in and send in the next report the county owes, as its unit's head, over HTTP and for good."""
    from luoshi.people.models import Member
    from luoshi.progress import drafts, report_actions
    from luoshi.progress.models import Report

    members = Member.objects.filter(government=government, role="unit_head").select_related("user")
    clients = {member.unit_id: (member.user, _client(member.user)) for member in members}
    owed = Report.objects.filter(period__state="open", state="asked", unit__in=clients, unit__government=government)
    waiting = list(owed.select_related("task").prefetch_related("task__targets").order_by("-pk"))

    def send() -> None:
        report = waiting.pop()
        head, client = clients[report.unit_id]
        typed = {"progress": drafts.Change(None, "完成年度任务，正在办理验收。")}
        typed |= {
            f"target.{target.pk}": drafts.Change(None, {"value": "999999", "basis": "estimated", "note": "核对后更正"})
            for target in report.task.targets.all()
        }
        report_actions.save_draft(report, typed, head)
        answer = client.post(f"/units/{report.unit_id}/submit/", {"report": [report.pk]})
        report.refresh_from_db()
        assert report.state == "submitted", (answer, answer.content.decode()[:300])

    return send


def _undone(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work in a transaction that is rolled back."""
    from django.db import transaction

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


def _timed(name: str, work: Callable[[], Any]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    try:
        with CaptureQueriesContext(connection) as queries:
            work()
    except Exception as error:  # a page that is not there or fails is said, and the others are measured
        print(f"  {name:28} failed: {type(error).__name__}: {error}", flush=True)
        return {"failed": type(error).__name__}
    said = queries.captured_queries  # now: the next request empties the log
    slowest: dict[str, str] = max(said, key=lambda q: float(q["time"]), default={"time": "0", "sql": ""})
    wall: list[float] = []
    own: list[float] = []
    begin = time.perf_counter()
    while len(wall) < RUNS and (time.perf_counter() - begin < SECONDS or not wall):
        start, used = time.perf_counter(), time.process_time()
        try:
            work()
        except IndexError:  # no further report to send in
            break
        wall.append(1000 * (time.perf_counter() - start))
        own.append(1000 * (time.process_time() - used))
    ms, best, cpu, asked = statistics.median(wall), min(wall), statistics.median(own), len(said)
    print(f"  {name:28} {ms:9.1f} ms, best {best:8.1f}, processor {cpu:8.1f} {asked:5} queries", flush=True)
    if os.environ.get("YEAR_SLOWEST"):
        print(f"      {1000 * float(slowest['time']):.0f} ms: {slowest['sql'][:1500]}", flush=True)
    return {"ms": round(ms, 1), "best": round(best, 1), "processor": round(cpu, 1), "queries": asked, "runs": len(wall)}


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1])
