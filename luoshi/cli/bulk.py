"""``luoshi bulk``: folders of many thousand documents into tables; ``luoshi query``: the tables asked in SQL."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from luoshi.cli.inputs import gather
from luoshi.cli.say import say
from luoshi.cli.scans import duration

if TYPE_CHECKING:
    from luoshi.reading.bulk import Engine, Seen

HELP = "把许多文件夹里成千上万份文件读成数据表（Parquet 或 JSONL），供统计分析。"
AFTER = (
    "中断后用同一条命令接着读，读完的不再读；内容相同的文件只读一次。打不开的文件记在 errors 表里，不影响其余。"
    "查询结果见 luoshi query。\n\n退出码：0 已读完；2 没有读完，或用法有误。"
)
QUERY_HELP = (
    "用 SQL 查询 luoshi bulk 的结果。表：documents、tasks、units、targets、deliverables、milestones、doubts、errors、"
    "files、ledgers。SQL 写 - 时从标准输入读。"
)
NEEDS = {"parquet": "pyarrow", "dask": "distributed", "query": "duckdb"}


@click.command(help=say(HELP), epilog=say(AFTER))
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=click.Path())
@click.option("-o", "--output", required=True, metavar="OUT", type=click.Path(), help=say("结果文件夹"))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("parquet", "jsonl")),
    default="parquet",
    show_default=True,
    help=say("结果格式"),
)
@click.option(
    "--engine", type=click.Choice(("local", "dask")), help=say("在本机各核上读（local），或在 Dask 集群上读（dask）")
)
@click.option("--scheduler", metavar="ADDRESS", help=say("Dask 调度器地址，例如 tcp://10.0.0.1:8786"))
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help=say("本机用几个进程；默认每核一个"))
def bulk(
    folders: tuple[str, ...], output: str, form: str, engine: str | None, scheduler: str | None, workers: int | None
) -> None:
    if scheduler and engine == "local":
        raise click.UsageError(say("--scheduler 只用于 --engine dask"))
    if scheduler and workers:
        raise click.UsageError(say("集群的进程数由集群自己定，--workers 不能与 --scheduler 同用"))
    engine = engine or ("dask" if scheduler else "local")
    _need(*([form] if form == "parquet" else []), *([engine] if engine == "dask" else []), otherwise=form == "parquet")
    from luoshi.reading import ReadingError

    try:
        _read(folders, Path(output), form, _engine(engine, scheduler, workers))
    except ReadingError as error:
        raise click.ClickException(str(error)) from None


def _need(*uses: str, otherwise: bool = False) -> None:
    """Refuse in one sentence where a part of the extra is not installed."""
    missing = [NEEDS[use] for use in uses if find_spec(NEEDS[use]) is None]
    if missing:
        hint = say("（--format jsonl --engine local 不需要它们）") if otherwise else ""
        raise click.ClickException(
            say('批量部分没有安装（缺 {names}）。请先运行：pip install "luoshi[bulk]"', names="、".join(missing)) + hint
        )


def _engine(engine: str, scheduler: str | None, workers: int | None) -> Engine:
    from luoshi.reading.bulk import dask, local

    return dask(scheduler, workers) if engine == "dask" else local(workers)


def _read(folders: tuple[str, ...], out: Path, form: Any, engine: Engine) -> None:
    from luoshi.reading.bulk import read_many

    gathered = gather(folders)
    if any(item.path is None for item in gathered.inputs):
        raise click.UsageError(say("luoshi bulk 不读标准输入，请给出文件夹"))
    if not gathered.inputs:
        raise click.ClickException(say("文件夹里没有认得的文件"))
    paths = [str(item.path) for item in gathered.inputs]
    del gathered.inputs[:]
    run = deque(_watched(read_many(paths, out, engine=engine, form=form), len(paths)), maxlen=1)
    if gathered.unread:
        kinds = "、".join(f"{suffix} {count}" for suffix, count in sorted(gathered.unread.items()))
        click.echo(
            say("文件夹里还有 {n} 份目前不能识读的文件，没有读：{kinds}", n=gathered.unread.total(), kinds=kinds),
            err=True,
        )
    total = run[0].total
    click.echo(
        say(
            "结果在 {out}：文件 {documents:,} 份，{characters:,} 字；打不开 {errors:,} 份（见 errors 表）",
            out=out, documents=total.documents, characters=total.characters, errors=total.errors,
        ),
        err=True,
    )  # fmt: skip


def _watched(run: Iterator[Seen], files: int) -> Iterator[Seen]:
    """The run with its progress on standard error: one line renewed on a terminal, else a line every ten seconds."""
    here, begin = sys.stderr.isatty(), time.monotonic()
    said = begin - 10
    for seen in run:
        yield seen
        now = time.monotonic()
        if now - said >= (0.5 if here else 10) and seen.sent:
            said = now
            line = progress(seen, files, now - begin)
            click.echo(f"\r\x1b[K{line}" if here else line, err=True, nl=not here)
    if here:
        click.echo("\r\x1b[K", err=True, nl=False)


def progress(seen: Seen, files: int, seconds: float) -> str:
    """How much is done, how fast, and how long it will take at that rate."""
    done = seen.now.documents + seen.now.errors
    left = max(files - seen.files, 0) + max(seen.sent - done, 0)
    rate = done / seconds if seconds > 0 else 0.0
    line = say("已读 {done:,} 份，还有 {left:,} 份；每秒 {rate:.1f} 份", done=done, left=left, rate=rate)
    if rate:
        line += say("，约需 {time}", time=duration(left / rate))
    return line + (say("；打不开 {n:,} 份", n=seen.now.errors) if seen.now.errors else "")


@click.command(help=say(QUERY_HELP))
@click.argument("sql", metavar="SQL")
@click.option("--on", "out", required=True, metavar="OUT", type=click.Path(), help=say("luoshi bulk 的结果文件夹"))
@click.option("-f", "--format", "form", type=click.Choice(("table", "csv", "json")), help=say("结果格式"))
def query(sql: str, out: str, form: str | None) -> None:
    _need("query")
    import duckdb

    from luoshi.reading import ReadingError
    from luoshi.reading.bulk.query import connect

    try:
        with connect(Path(out)) as connection:
            found = connection.execute(sys.stdin.read() if sql == "-" else sql)
            if found is None or not found.description:
                raise click.ClickException(say("查询有误：{why}", why=say("没有 SELECT 语句")))
            names = [column[0] for column in found.description]
            _show(form or ("table" if sys.stdout.isatty() else "csv"), names, iter(found.fetchone, None))
    except ReadingError as error:
        raise click.ClickException(str(error)) from None
    except duckdb.Error as error:
        raise click.ClickException(
            say("查询有误：{why}", why=" ".join(str(error).partition("\n\n")[0].split()))
        ) from None


def _show(form: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    if form == "json":
        import json

        for row in rows:
            click.echo(json.dumps(dict(zip(names, row)), ensure_ascii=False, default=str))
    elif form == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(*names)
        for row in rows:
            table.add_row(
                *("" if cell is None else f"{cell:,}" if isinstance(cell, float) else str(cell) for cell in row)
            )
        Console().print(table)
