"""``luoshi verify``: whether anything was changed afterwards – history, rows, files – and what."""

from __future__ import annotations

import click

from luoshi.cli.say import say
from luoshi.cli.site import open_database

FOUND = 1


@click.command(help=say("核验有没有事后改动：历史链、每一行数据、存放的文件。退回 0 完好，1 有改动，2 没有查成。"))
@click.option("--no-files", is_flag=True, help=say("不核对文件内容（文件多时较快）"))
def verify(no_files: bool) -> int:
    open_database()
    from luoshi.documents import files
    from luoshi.documents.models import Document
    from luoshi.people.models import Entry
    from luoshi.people.verifying import verify_all, verify_files
    from luoshi.progress.models import Evidence

    found = 0
    for where, finding in verify_all():
        found += 1
        click.echo(f"{where}{'：' if where else ''}{finding.problem}")
    stored = []
    if not no_files:
        for rows in (Document.objects.all(), Evidence.objects.all()):
            stored += list(rows.values_list("name", "file", "digest"))
        for finding in verify_files(stored, files.content):
            found += 1
            click.echo(finding.problem)
    entries = Entry.objects.count()
    if found:
        click.echo(say("共 {n} 处不符，历史 {entries} 条", n=found, entries=entries))
        return FOUND
    click.echo(say("完好：历史 {entries} 条，文件 {files} 份，没有事后改动", entries=entries, files=len(stored)))
    return 0
