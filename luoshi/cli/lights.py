"""``luoshi lights``: the lights of every locked period that has none yet, for all governments, by several processes."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import click

from luoshi.cli.say import say
from luoshi.cli.site import open_database, open_site


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
    if processes == 1 or len(waiting) < 2:
        done = [lit(periods) for periods in waiting]
    else:
        # Started anew: a forked process would share its parent's connections.
        with ProcessPoolExecutor(processes, get_context("spawn"), open_site) as pool:
            done = list(pool.map(lit, waiting, chunksize=8))
    periods = sum(len(each) for each in waiting)
    click.echo(say("亮灯 {periods} 期，共 {tasks} 条任务", periods=periods, tasks=sum(done)))


def lit(periods: list[int]) -> int:
    """Light these periods of one plan, oldest first; how many tasks. Each is a transaction of its own.

    What cannot be lit is said and holds nobody else up.
    """
    from django.core.exceptions import ValidationError

    from luoshi.progress.light_actions import compute
    from luoshi.progress.models import Period

    found = Period.objects.select_related("plan__government").filter(pk__in=periods).order_by("cutoff")
    tasks = 0
    for period in found:
        try:
            tasks += compute(period).tasks
        except ValidationError as error:
            click.echo(f"{period.plan.government} {period}: {''.join(error.messages)}", err=True)
    return tasks
