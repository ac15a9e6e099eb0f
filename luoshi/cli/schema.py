"""``luoshi schema``: the JSON Schemas of the formats that programs are given."""

from __future__ import annotations

import click

from luoshi.cli.say import say

HELP = "输出台账格式 luoshi.ledger/1 的 JSON Schema（2020-12）；--of comparison 输出对照格式 luoshi.comparison/1 的，--of account 输出进展格式 luoshi.account/1 的。"


@click.command(help=say(HELP))
@click.option(
    "--of", "kind", type=click.Choice(("ledger", "comparison", "account")), default="ledger", help=say("哪一种格式")
)
def schema(kind: str) -> None:
    import json

    if kind == "comparison":
        from luoshi.reading.comparison import comparison_schema as json_schema
    elif kind == "account":
        from luoshi.reading.accounts import account_schema as json_schema
    else:
        from luoshi.reading.ledger import json_schema
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
