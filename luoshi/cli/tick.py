"""``luoshi tick``: open, remind and lock what is due today; for cron, or where no worker runs."""

from __future__ import annotations

from datetime import date, datetime

import click

from luoshi.cli.say import say
from luoshi.cli.site import open_database


@click.command(help=say("办理当天该办的：开放期次、催报、锁定。可以重复运行；网站运行时会自动做。"))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help=say("按哪一天办，默认今天"))
def tick(day: datetime | None) -> None:
    open_database()
    from django.utils import timezone

    from luoshi.progress.period_actions import tick as run

    on: date = day.date() if day else timezone.localdate()
    done = run(on)
    said = "{day}：开放 {opened} 期，发出报送要求 {asked} 份，催报 {reminded} 次，锁定 {locked} 期"
    click.echo(say(said, day=on, opened=done.opened, asked=done.asked, reminded=done.reminded, locked=done.locked))
