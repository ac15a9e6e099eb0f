"""``luoshi lights``: the lights of every locked period that has none yet, for all governments, by several processes."""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import click

from luoshi.cli.say import say
from luoshi.cli.site import open_database, open_site

AT_ONCE = 8  # plans fetched at once; their governments wait for the whole share


@click.command(help=say("为所有政府已锁定、还没有亮灯的期次亮灯。可以重复运行。"))
@click.option(
    "--processes",
    default=min(os.cpu_count() or 1, 8),
    show_default=True,
    type=click.IntRange(1, 64),
    help=say("同时用几个进程"),
)
def lights(processes: int) -> None:
    open_database()
    from django.db import connection

    from luoshi.progress.light_actions import due

    waiting = due()
    if connection.vendor == "sqlite":
        processes = 1  # it has one writer
    done: list[int] = []
    shares = together(waiting)
    if processes == 1 or len(shares) < 2:
        done = [lit(periods) for periods in shares]
    else:
        # Started anew: a forked process would share its parent's connections.
        with ProcessPoolExecutor(processes, get_context("spawn"), _start) as pool:
            done = list(pool.map(lit, shares))
    periods = sum(len(each) for each in waiting)
    click.echo(say("亮灯 {periods} 期，共 {tasks} 条任务", periods=periods, tasks=sum(done)))


def together(waiting: list[list[int]]) -> list[list[int]]:
    """Shares of the work: plans with one period due, a few at a time; those with several, each for itself."""
    single = [periods[0] for periods in waiting if len(periods) == 1]
    shares = [single[n : n + AT_ONCE] for n in range(0, len(single), AT_ONCE)]
    return shares + [periods for periods in waiting if len(periods) > 1]


def _start() -> None:
    """Open the site in a process that only computes lights; what a share leaves is collected once, after it."""
    open_site()
    gc.freeze()
    gc.disable()


def lit(periods: list[int]) -> int:
    """Light these periods, oldest first; how many tasks. Those of several plans that end on one day go together.

    What cannot be lit is said and holds nobody else up: it is then a transaction each.
    """
    from django.core.exceptions import ValidationError

    from luoshi.progress.light_actions import compute, compute_together
    from luoshi.progress.models import Period

    found = list(Period.objects.select_related("plan__government").filter(pk__in=periods).order_by("cutoff"))
    tasks = 0
    if len({period.cutoff for period in found}) == 1 and len(found) > 1:
        try:
            return sum(done.tasks for done in compute_together(found))
        except ValidationError:
            pass  # one of them: each by itself says which
        finally:
            gc.collect()
    for period in found:
        try:
            tasks += compute(period).tasks
        except ValidationError as error:
            click.echo(f"{period.plan.government} {period}: {''.join(error.messages)}", err=True)
    gc.collect()
    return tasks
