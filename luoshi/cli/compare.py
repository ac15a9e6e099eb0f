"""``luoshi compare``: what became of one document's tasks in another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luoshi.cli import outputs
from luoshi.cli.inputs import Input, gather
from luoshi.cli.say import say

if TYPE_CHECKING:
    from luoshi.reading.comparison import Comparison

SAME, DIFFERENT, CANNOT_OPEN = 0, 1, 2
FORMATS = ("table", "json", "html", "md")
HELP = (
    "对照两份文件：草案与定稿，或去年与今年。哪些任务沿用、新增、取消，哪些目标调高、调低，承诺减弱还是加强，牵头配合、时限有何改变，"
    "哪些句子原样再用。"
)
AFTER = (
    "在终端里默认显示表格，送往管道或文件时默认 JSON；-o 的后缀决定格式。OLD、NEW 之一可以是 -（标准输入）。\n\n"
    "退出码：0 已对照；1 两份文件有差异（仅 --exit-code）；2 有文件打不开，或用法有误。"
)


@click.command(help=say(HELP), epilog=say(AFTER))
@click.argument("old", metavar="OLD", type=click.Path(allow_dash=True))
@click.argument("new", metavar="NEW", type=click.Path(allow_dash=True))
@click.option("-o", "--output", metavar="OUT", help=say("结果文件"))
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), help=say("结果格式"))
@click.option("--exit-code", "tell", is_flag=True, help=say("有差异时退出码为 1"))
def compare(old: str, new: str, output: str | None, form: str | None, tell: bool) -> None:
    form = form or _default_format(output)
    inputs = [_one(old), _one(new)]
    if old == new == "-":
        raise click.UsageError(say("标准输入只能有一份文件"))
    if output is not None:
        outputs.refuse_inputs([Path(output)], inputs)
    comparison = _compared(inputs)
    _deliver(comparison, output, form)
    raise click.exceptions.Exit(DIFFERENT if tell and comparison.differs else SAME)


def _one(argument: str) -> Input:
    """The document that an argument names. Raises UsageError where it names a folder of several, or of none."""
    inputs = gather([argument]).inputs
    if len(inputs) != 1:
        raise click.UsageError(say("{path} 里有 {n} 份文件，对照的每一方只能是一份", path=argument, n=len(inputs)))
    return inputs[0]


def _default_format(output: str | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "json"
    suffix = Path(output).suffix.lower().removeprefix(".")
    form = {"": "json", "htm": "html", "markdown": "md", "txt": "table"}.get(suffix, suffix)
    if form not in FORMATS or suffix == "table":
        raise click.UsageError(say("看不出 {path} 要什么格式，请用 --format 指定", path=output))
    return form


def _compared(inputs: list[Input]) -> Comparison:
    """Both documents read and compared; where one cannot be opened, its sentence has been said and the call ends."""
    from luoshi.cli.read import read_one
    from luoshi.reading.compare import compare as compare_ledgers

    ledgers = [ledger for item in inputs if (ledger := read_one(item)) is not None]
    if len(ledgers) != 2:
        raise click.exceptions.Exit(CANNOT_OPEN)
    for item, ledger in zip(inputs, ledgers, strict=True):
        if not any(True for _ in ledger.tasks()):
            click.echo(say("{name}：没有读出任务", name=item.name), err=True)
    return compare_ledgers(*ledgers)


def _deliver(comparison: Comparison, output: str | None, form: str) -> None:
    if form == "table":
        from luoshi.cli import compare_table

        if output is None:
            compare_table.show(comparison)
            return
        data = compare_table.plain(comparison).encode()
    else:
        from luoshi import exports

        data = exports.write_comparison(comparison, form)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        outputs.save(data, Path(output))
