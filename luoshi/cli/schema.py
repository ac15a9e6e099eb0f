"""``luoshi schema``: the JSON Schema of the ledger format."""

from __future__ import annotations

import click

from luoshi.cli.say import say


@click.command(help=say("输出台账格式 luoshi.ledger/1 的 JSON Schema（2020-12）。"))
def schema() -> None:
    import json

    from luoshi.reading.ledger import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
