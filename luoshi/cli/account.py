"""``luoshi account``: a progress document (完成情况) in, what it reports on each task out."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luoshi.cli import outputs
from luoshi.cli.inputs import Input, gather
from luoshi.cli.say import say
from luoshi.cli.system import because

if TYPE_CHECKING:
    from luoshi.reading.accounts import Account
    from luoshi.reading.ledger import Ledger

READ, DOUBTS, CANNOT_OPEN = 0, 1, 2
FORMATS = ("table", "json", "md")
HELP = (
    "读一份进展材料（完成情况）：每项任务完成了多少、到了什么阶段、有什么问题、下一步做什么，数字都能翻回原文。"
    "给出台账（--ledger）就逐项对应到任务。"
)
AFTER = (
    "FILE 可以是 -（标准输入）。--ledger 可以是 luoshi read 写出的 JSON，也可以是责任分解文件本身。"
    "在终端里默认显示表格，送往管道或文件时默认 JSON；-o 的后缀决定格式。\n\n"
    "退出码：0 已读；1 已读但有存疑（仅 --strict）；2 有文件打不开，或用法有误。"
)
_CUTOFF = re.compile(r"20\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?|-Q[1-4])")


@click.command(help=say(HELP), epilog=say(AFTER))
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@click.option("--ledger", "ledger_name", metavar="LEDGER", help=say("台账：JSON，或责任分解文件"))
@click.option("--year", type=click.IntRange(2000, 2099), help=say("年份，用于材料没有写明年份的“9月底”"))
@click.option("--cutoff", metavar="DATE", help=say("本期截止时点，用于“截至目前”，例如 2026-09 或 2026-Q3"))
@click.option("-o", "--output", metavar="OUT", help=say("结果文件"))
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), help=say("结果格式"))
@click.option("--blocks", is_flag=True, help=say("JSON 里带上全文各块"))
@click.option("--strict", is_flag=True, help=say("有存疑时退出码为 1"))
def account(
    file: str, ledger_name: str | None, year: int | None, cutoff: str | None, output: str | None, form: str | None,
    blocks: bool, strict: bool,
) -> None:  # fmt: skip
    form = form or _default_format(output)
    if blocks and form != "json":
        raise click.UsageError(say("--blocks 只用于 json 格式"))
    if cutoff and not _CUTOFF.fullmatch(cutoff):
        raise click.UsageError(say("--cutoff 要写成 2026-09、2026-09-30 或 2026-Q3"))
    if file == ledger_name == "-":
        raise click.UsageError(say("标准输入只能有一份文件"))
    item = _one(file)
    if output is not None:
        outputs.refuse_inputs([Path(output)], [item, *([_one(ledger_name)] if ledger_name else [])])
    ledger = _ledger(_one(ledger_name)) if ledger_name else None
    read = _read(item, ledger, year, cutoff)
    _deliver(read, ledger, output, form, blocks)
    if strict and read.doubts:
        click.echo(say("有 {n} 处存疑", n=len(read.doubts)), err=True)
    raise click.exceptions.Exit(DOUBTS if strict and read.doubts else READ)


def _one(argument: str) -> Input:
    """The document that an argument names. Raises UsageError where it names a folder of several, or of none."""
    inputs = gather([argument]).inputs
    if len(inputs) != 1:
        raise click.UsageError(say("{path} 里有 {n} 份文件，这里只能是一份", path=argument, n=len(inputs)))
    return inputs[0]


def _default_format(output: str | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "json"
    suffix = Path(output).suffix.lower().removeprefix(".")
    form = {"": "json", "markdown": "md", "txt": "table"}.get(suffix, suffix)
    if form not in FORMATS or suffix == "table":
        raise click.UsageError(say("看不出 {path} 要什么格式，请用 --format 指定", path=output))
    return form


def _ledger(item: Input) -> Ledger:
    """The ledger from its JSON, or read from the document itself."""
    import msgspec

    from luoshi.cli.read import read_one
    from luoshi.reading import from_json

    if item.place.suffix.lower() != ".json":
        found = read_one(item)
        if found is None:
            raise click.exceptions.Exit(CANNOT_OPEN)
    else:
        try:
            found = from_json(item.content())
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise click.ClickException(
                say("{name} 不是台账的 JSON，请用 luoshi read 写出的结果", name=item.name)
            ) from None
    if not any(True for _ in found.tasks()):
        click.echo(say("{name}：没有读出任务", name=item.name), err=True)
    return found


def _read(item: Input, ledger: Ledger | None, year: int | None, cutoff: str | None) -> Account:
    """The account; where the document cannot be opened its sentence is said and the call ends."""
    from luoshi.cli.scans import pages_said
    from luoshi.reading.accounts import read_account
    from luoshi.reading.errors import ReadingError

    try:
        with pages_said(item.name):
            return read_account(item.content(), name=item.place.name, ledger=ledger, year=year, cutoff=cutoff)
    except (ReadingError, OSError) as error:
        why = because(error) if isinstance(error, OSError) else error
        click.echo(say("{name}：{why}", name=item.name, why=why), err=True)
        raise click.exceptions.Exit(CANNOT_OPEN) from None


def _deliver(read: Account, ledger: Ledger | None, output: str | None, form: str, blocks: bool) -> None:
    if form == "table":
        from luoshi.cli import account_table

        if output is None:
            account_table.show(read, ledger)
            return
        data = account_table.plain(read, ledger).encode()
    elif form == "md":
        from luoshi.exports import account_md

        data = account_md.write(read, ledger)
    else:
        data = read.to_json(blocks=blocks) + b"\n"
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        outputs.save(data, Path(output))
