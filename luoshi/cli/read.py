"""``luoshi read``: documents in, ledgers out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luoshi.cli import outputs
from luoshi.cli.inputs import Input, gather, together
from luoshi.cli.say import say
from luoshi.cli.system import because

if TYPE_CHECKING:
    from luoshi.reading.ledger import Ledger

READ, DOUBTS, CANNOT_OPEN = 0, 1, 2
FORMATS = ("table", "json", "xlsx", "csv", "html", "md")
STREAMED = ("table", "json")  # formats of which several can follow one another on standard output
HELP = "把责任分解文件读成台账。FILE 可以是文件、文件夹（连同下级）或 -（标准输入）。"
AFTER = (
    "在终端里默认显示表格，送往管道或文件时默认 JSON（多份文件每行一份）。-o 的后缀决定格式；"
    "多份文件时 -o 是文件夹，一份一个结果。\n\n退出码：0 已读；1 已读但有存疑（仅 --strict）；2 有文件打不开，其余照读。"
)


@click.command(help=say(HELP), epilog=say(AFTER))
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(allow_dash=True))
@click.option("-o", "--output", metavar="OUT", help=say("结果文件；多份时是文件夹"))
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), help=say("结果格式"))
@click.option("--together", "as_one", is_flag=True, help=say("通知和附件分在几个文件里时，合起来当一份文件读"))
@click.option("--blocks", is_flag=True, help=say("JSON 里带上全文各块"))
@click.option("--strict", is_flag=True, help=say("有存疑时退出码为 1"))
def read(
    files: tuple[str, ...], output: str | None, form: str | None, as_one: bool, blocks: bool, strict: bool
) -> None:
    gathered = together(files) if as_one else gather(files)
    inputs = gathered.inputs
    form = form or _default_format(output, len(inputs))
    _check(inputs, output, form, blocks)
    deliver = _deliverer(inputs, output, form, blocks)
    doubts = failures = 0
    for item, ledger in _ledgers(inputs, watched=output is not None or not sys.stdout.isatty()):
        if ledger is None:
            failures += 1
            continue
        deliver(item, ledger)
        doubts += len(ledger.doubts)
    if gathered.unread:
        click.echo(_passed_over(gathered.unread), err=True)
    if not inputs:
        raise click.ClickException(
            say("文件夹里没有认得的文件（如 .docx、.doc、.pdf、.ofd、.xlsx、.html、.txt、.zip）")
        )
    if strict and doubts:
        click.echo(say("有 {n} 处存疑", n=doubts), err=True)
    raise click.exceptions.Exit(CANNOT_OPEN if failures else DOUBTS if strict and doubts else READ)


def _passed_over(unread: Counter[str]) -> str:
    kinds = "、".join(f"{suffix} {count}" for suffix, count in sorted(unread.items()))
    return say("文件夹里还有 {n} 份目前不能识读的文件，没有读：{kinds}", n=unread.total(), kinds=kinds)


def _default_format(output: str | None, documents: int) -> str:
    if output and not outputs.is_folder(output, documents):
        suffix = Path(output).suffix.lower().removeprefix(".")
        form = {"": "json", "htm": "html", "markdown": "md", "txt": "table"}.get(suffix, suffix)
        if form not in FORMATS or suffix == "table":
            raise click.UsageError(say("看不出 {path} 要什么格式，请用 --format 指定", path=output))
        return form
    return "table" if output is None and sys.stdout.isatty() else "json"


def _check(inputs: list[Input], output: str | None, form: str, blocks: bool) -> None:
    """Refuse in one sentence what could not end well, before anything is read."""
    if blocks and form != "json":
        raise click.UsageError(say("--blocks 只用于 json 格式"))
    if output is None and len(inputs) > 1 and form not in STREAMED:
        raise click.UsageError(say("多份文件要 {form} 格式，请用 -o 指定一个文件夹", form=form))
    if output is None and form == "xlsx" and sys.stdout.isatty():
        raise click.UsageError(say("Excel 文件不能显示在终端里，请用 -o 指定文件名"))
    if output and len(inputs) > 1 and Path(output).is_file():
        raise click.UsageError(say("有 {n} 份文件要写，{path} 却是一个文件，请换成文件夹", n=len(inputs), path=output))


def _deliverer(inputs: list[Input], output: str | None, form: str, blocks: bool) -> Callable[[Input, Ledger], None]:
    """What to do with each ledger once it is read. Raises ClickException where its place is taken."""
    if output is None and form == "table":
        return _show(len(inputs))
    if output is None:
        indent = 2 if len(inputs) == 1 else 0
        return lambda item, ledger: _emit(_bytes(ledger, form, blocks, indent))
    suffix = ".txt" if form == "table" else f".{form}"
    many = outputs.is_folder(output, len(inputs))
    target = outputs.places(inputs, Path(output), suffix) if many else dict.fromkeys(inputs, Path(output))
    outputs.refuse_inputs(target.values(), [*inputs, *(part for item in inputs for part in item.parts)])
    return lambda item, ledger: outputs.save(_bytes(ledger, form, blocks, 2), target[item])


def _show(documents: int) -> Callable[[Input, Ledger], None]:
    from luoshi.cli import table

    return lambda item, ledger: table.show(ledger)


def _bytes(ledger: Ledger, form: str, blocks: bool, indent: int) -> bytes:
    from luoshi import exports

    if form == "table":
        from luoshi.cli import table

        return table.plain(ledger).encode()
    return exports.write(ledger, form, blocks=blocks, indent=indent)


def _emit(data: bytes) -> None:
    out = sys.stdout.buffer
    try:
        out.write(data)
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(say("写不出结果：{why}", why=because(error))) from None


def _ledgers(inputs: list[Input], watched: bool) -> Iterator[tuple[Input, Ledger | None]]:
    """Each document with its ledger; None, and one sentence on standard error, where it cannot be opened."""
    if watched and len(inputs) > 1 and sys.stderr.isatty():
        yield from _with_progress(inputs)
    else:
        yield from ((item, read_one(item)) for item in inputs)


def read_one(item: Input, show: Callable[[str], None] | None = None) -> Ledger | None:
    """The ledger; None where the document cannot be opened, which is said. ``show`` as for ``scans.pages_said``."""
    from luoshi.cli.scans import pages_said
    from luoshi.reading import read as read_document
    from luoshi.reading.errors import ReadingError

    try:
        with pages_said(item.name, show):
            return read_document(item.content(), name=item.place.name)
    except ReadingError as error:
        click.echo(say("{name}：{why}", name=item.name, why=error), err=True)
    except OSError as error:
        click.echo(say("{name}：{why}", name=item.name, why=because(error)), err=True)
    except Exception as error:
        # A fault of the reader must cost one document, not the thousands beside it.
        if os.environ.get("LUOSHI_DEBUG"):
            raise
        kind = type(error).__name__
        click.echo(
            say("{name}：识读程序出错（{kind}），请报告这份文件；LUOSHI_DEBUG=1 可看详情", name=item.name, kind=kind),
            err=True,
        )
    return None


def _with_progress(inputs: list[Input]) -> Iterator[tuple[Input, Ledger | None]]:
    """As ``_ledgers``, with a bar on standard error for the person who watches, and the page where a scan is read."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("识读"), total=len(inputs))

        def show(words: str) -> None:
            bar.update(task, description=words or say("识读"))

        for item in inputs:
            yield item, read_one(item, show)
            bar.advance(task)
