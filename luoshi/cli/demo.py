"""``luoshi demo``: the fictional 澜湾县 with its document read, checked and adopted, through the rooms' own actions."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from luoshi.cli.say import say
from luoshi.cli.site import migrate_database, open_site

if TYPE_CHECKING:
    from luoshi.documents.models import Document
    from luoshi.people.models import Government, User

HELP = (
    "装入虚构的澜湾县：单位、账号、一份读好并已立账的文件、办了一年的台账。可重复运行，不会重复装入，也不动已有的数据。"
)

NO_TARGETS = ("严把施工图审查和竣工验收", "整改")


@click.command(help=say(HELP))
@click.option("--host", default="127.0.0.1", envvar="LUOSHI_HOST", help=say("网站地址，用于提示"))
@click.option("--port", default=8000, envvar="PORT", help=say("网站端口，用于提示"))
@click.option(
    "--until",
    default="2026-12",
    show_default=True,
    type=click.Choice([f"2026-{month:02d}" for month in range(2, 13)]),
    help=say("办到哪一期为止；这一期留着没有办完"),
)
def demo(host: str, port: int, until: str) -> None:
    open_site()
    migrate_database(quiet=True)
    _refuse_real_data()
    from django.core.exceptions import ValidationError
    from django.db import transaction

    try:
        with transaction.atomic():
            new = load(until)
    except ValidationError as error:
        raise click.ClickException(say("示例装不进去：{why}", why="".join(error.messages))) from None
    _tell(new, host, port)


def _refuse_real_data() -> None:
    """The example's passwords are public, so it must not stand beside an office's real data."""
    from luoshi.cli.example.people import GOVERNMENT
    from luoshi.people.models import Government

    other = Government.objects.exclude(name=GOVERNMENT).exclude(parent__name=GOVERNMENT).first()
    if other is not None:
        raise click.ClickException(
            say(
                "数据库里已有{name}的数据，而示例账号的口令是公开的；请另用一个数据目录（LUOSHI_DATA）装示例",
                name=other,
            )
        )


def load(until: str = "2026-12") -> bool:
    """Everything that is not there yet, the year up to period ``until`` among it. Whether anything was new."""
    from luoshi.cli.example import year
    from luoshi.cli.example.cast import accounts, clock
    from luoshi.cli.example.people import BEGINS, GOVERNMENT, OFFICE
    from luoshi.people import actions as people
    from luoshi.people.models import Government

    government = Government.objects.filter(name=GOVERNMENT).first()
    new = government is None
    if government is None:
        government = people.create_government(GOVERNMENT, level="county", at=clock(BEGINS, 9))
    _units(government)
    members = _members(government)
    accounts(government, members[OFFICE])
    adopted = _document(government, members)
    lived = year.run(government, until)
    waiting = _waiting(government, members)
    return lived or waiting or adopted or new


def _units(government: Government) -> None:
    from luoshi.cli.example.cast import clock
    from luoshi.cli.example.people import BEGINS, LEADERS, UNITS
    from luoshi.people import actions as people

    if not government.units.exists():
        people.create_units(government, [people.NewUnit(*unit) for unit in UNITS], at=clock(BEGINS, 10))
    if not government.posts.exists():
        for title, _person in LEADERS:
            people.create_post(government, title, at=clock(BEGINS, 11))


def _members(government: Government) -> dict[str, User]:
    from luoshi.cli.example.cast import clock
    from luoshi.cli.example.people import BEGINS, MEMBERS, PASSWORD
    from luoshi.people import actions as people
    from luoshi.people.models import User

    units = {unit.short_name: unit for unit in government.units.all()}
    found = {}
    first: User | None = None  # one password, one hash: it is public, and making a hash takes most of a second
    for username, name, role, unit, _use in MEMBERS:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = people.create_user(username, name, PASSWORD if first is None else None, like=first)
            first = user
            people.add_member(government, user, role, units[unit] if unit else None, at=clock(BEGINS, 14))
        found[username] = user
    return found


def _document(government: Government, members: dict[str, User]) -> bool:
    """Receive, check and adopt the example; nothing where that was done already, by whomever."""
    from django.core.files.base import File

    from luoshi.cli import example
    from luoshi.cli.example.cast import clock
    from luoshi.cli.example.people import HEAD, OFFICE, PUBLISHED
    from luoshi.documents import actions as documents
    from luoshi.plans import actions as plans

    clerk, head = members[OFFICE], members[HEAD]
    file = File(io.BytesIO(example.document()), name=example.NAME)
    received = documents.receive(file, clerk, government, at=clock(PUBLISHED, 10))
    document = received.document
    if received.already:
        return False
    if document.error:
        raise click.ClickException(say("示例装不进去：{why}", why=document.error))
    _take_out(document, clerk, clock(PUBLISHED, 10, 30))
    answer_doubts(document, clerk, at=clock(PUBLISHED, 11))
    documents.confirm(document, head, at=clock(PUBLISHED, 15))
    for plan in plans.adopt(document, head, at=clock(PUBLISHED, 15, 30)):
        plans.issue(plan, head, at=clock(PUBLISHED, 16))
    return True


def _take_out(document: Document, clerk: User, at: datetime) -> None:
    """The clerk takes out what the reader took for targets: ways of working that nobody measures."""
    from luoshi.documents import actions as documents

    ledger = document.reading().confirmed()
    sections = [section for plan in ledger["plans"] for section in plan["sections"]]
    targets = [target for section in sections for task in section["tasks"] for target in task["targets"]]
    for target in targets:
        if target["subject"] in NO_TARGETS:
            edit = documents.Edit("remove", target["key"], None, "是工作要求，不是年度指标")
            documents.correct(document, edit, clerk, at=at)


def _waiting(government: Government, members: dict[str, User]) -> bool:
    """A second document, received and not yet checked: with doubts, so that a newcomer has something to decide."""
    from django.core.files.base import File

    from luoshi.cli import example
    from luoshi.cli.example.people import OFFICE
    from luoshi.documents import actions as documents
    from luoshi.people.models import Entry

    last = Entry.objects.filter(government=government).latest("sequence").at
    file = File(io.BytesIO(example.document(example.WAITING)), name=example.WAITING)
    return not documents.receive(file, members[OFFICE], government, at=last + timedelta(minutes=20)).already


def answer_doubts(document: Document, clerk: User, *, at: datetime | None = None) -> None:
    """The clerk looks at what the reader was not sure of and keeps it as written."""
    from luoshi.documents import actions as documents
    from luoshi.documents.corrections import open_doubts

    while doubts := open_doubts(document.reading().confirmed()):
        answer = {"answer": "原样记", "like": True}
        edit = documents.Edit("confirm_doubt", doubts[0]["key"], answer, "与原文核对无误")
        documents.correct(document, edit, clerk, at=at)


def _tell(new: bool, host: str, port: int) -> None:
    from luoshi.cli.example.people import MEMBERS, PASSWORD

    click.echo(say("示例澜湾县（虚构）已装入。") if new else say("示例澜湾县（虚构）早已装入，没有改动。"))
    click.echo(say("地址：http://{host}:{port}/ （网站由 luoshi serve 启动）", host=host, port=port))
    click.echo(say("口令（所有示例账号相同，公开，切勿用于正式数据）：{password}", password=PASSWORD))
    for username, name, _role, _unit, use in MEMBERS:
        click.echo(f"  {username:<14}{name}　{use}")
