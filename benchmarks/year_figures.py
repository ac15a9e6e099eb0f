"""Measured in a process of its own, on the database that DATABASE_URL names: ``python -m benchmarks.year_figures 1 100 3000``.

Prints a line a figure and, last, all of them as JSON. Counties are added as the sizes ask; every figure is of one county in the
middle of them. What writes is rolled back, so that each run meets the same rows.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

RUNS = 7
WORKERS = 2
SAMPLE = int(os.environ.get("YEAR_LIGHTS", "200"))  # counties whose lights are computed to know the rate


def main(sizes: list[int]) -> None:
    """Make the first county, then measure at each size."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.config.settings"
    os.environ.setdefault("LUOSHI_TODAY", "2026-12-28")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from luoshi.people.models import Government

    if not Government.objects.exists():
        _first_county()
    have, figures = Government.objects.count(), {}
    for size in sizes:
        start = time.perf_counter()
        if size > have:
            from benchmarks.year_copies import copy

            copy(have, size - 1)
            have = size
        figures[str(size)] = {
            "rows": _rows(),
            "seconds_to_fill": round(time.perf_counter() - start, 1),
            **_figures(size),
        }
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
    from luoshi.people.models import Government, Member
    from luoshi.plans.models import Plan

    number = size // 2
    government = Government.objects.get(name="澜湾县" if number == 0 else f"澜湾县-{number}")
    clerk = Member.objects.filter(government=government, role="office").order_by("pk")[0].user
    plan = Plan.objects.filter(government=government).order_by("pk")[0]
    found = {name: _timed(name, work) for name, work in _pages(government, plan, clerk).items()}
    found |= {name: _timed(name, work) for name, work in _actions(government, plan, clerk).items()}
    if size > 1:
        found["lights of many counties"] = _many(size)
    return found


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

    from luoshi.people.models import Member
    from luoshi.progress import drafts, light_actions, period_actions, report_actions, review_actions
    from luoshi.progress.models import Report

    period = plan.periods.order_by("-cutoff")[0]
    heads = {
        m.unit_id: m.user for m in Member.objects.filter(government=government, role="unit_head").select_related("user")
    }
    report = Report.objects.filter(period=period, state="asked", unit__in=heads, unit__government=government)[0]
    sent = list(
        Report.objects.filter(period__plan=plan, state="submitted").select_related("task__plan", "period", "unit")
    )
    head = heads[report.unit_id]
    typed = {"progress": drafts.Change(None, "完成年度任务，正在办理验收。")}
    typed |= {
        f"target.{target.pk}": drafts.Change(None, {"value": "999999", "basis": "estimated", "note": "核对后更正"})
        for target in report.task.targets.all()
    }

    def submit() -> None:
        report_actions.save_draft(report, typed, head)
        report_actions.submit([report], head)

    client = _client(head)

    def over_http() -> None:
        report_actions.save_draft(report, typed, head)
        answer = client.post(f"/units/{report.unit_id}/submit/", {"report": [report.pk]})
        report.refresh_from_db()
        assert report.state == "submitted", answer

    day = date(2026, 12, 31)
    return {
        "report submitted (action)": _undone(submit),
        "report submitted (HTTP)": _undone(over_http),
        "checks of a queue": lambda: review_actions.checks_of(sent),
        "lights of one county": _undone(lambda: light_actions.compute(period)),
        "tick, all counties": _undone(lambda: period_actions.tick(day)),
    }


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
    taken: list[float] = []
    begin = time.perf_counter()
    while len(taken) < RUNS and (time.perf_counter() - begin < 20 or not taken):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    ms, asked = 1000 * statistics.median(taken), len(said)
    print(f"  {name:28} {ms:9.1f} ms {asked:5} queries", flush=True)
    if os.environ.get("YEAR_SLOWEST"):
        print(f"      {1000 * float(slowest['time']):.0f} ms: {slowest['sql'][:1500]}", flush=True)
    return {"ms": round(ms, 1), "queries": asked}


def _many(size: int) -> dict[str, Any]:
    """The month's lights of ``SAMPLE`` counties by two processes; from their rate the time of all."""
    from luoshi.progress.models import Period

    last = Period.objects.filter(name="2026-12", state="open").order_by("plan__government")
    wanted = list(last.values_list("pk", flat=True)[: 2 * SAMPLE])  # two plans a county
    start = time.perf_counter()
    # Started anew, as `luoshi lights` does: a forked process would share its parent's connections.
    with ProcessPoolExecutor(WORKERS, get_context("spawn"), _open) as pool:
        tasks = sum(pool.map(_lights, wanted, chunksize=8))
    spent = time.perf_counter() - start
    counties = len(wanted) / 2
    whole = spent * size / counties / 60
    print(
        f"  lights of {counties:.0f} counties ({tasks:,} tasks), {WORKERS} processes: {spent:.1f} s; of {size}: {whole:.1f} min"
    )
    return {
        "counties": counties,
        "seconds": round(spent, 1),
        "minutes_for_all": round(whole, 2),
        "measured": counties >= size,
    }


def _open() -> None:
    import django

    django.setup()


def _lights(period: int) -> int:
    from luoshi.progress import light_actions
    from luoshi.progress.models import Period

    held: list[int] = []
    _undone(lambda: held.append(light_actions.compute(Period.objects.select_related("plan").get(pk=period)).tasks))()
    return held[0]


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1])
