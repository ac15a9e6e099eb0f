"""``luoshi serve``, ``demo``, ``admin`` and ``migrate``: the site, where ``luoshi[web]`` is installed."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from luoshi.cli.say import say

if TYPE_CHECKING:
    from luoshi.people.models import User

SETTINGS = "luoshi.config.settings"


def open_site() -> None:
    """Load the site's settings and rooms. Raises ClickException in one sentence where the web part is not installed."""
    missing = [name for name in ("django", "gunicorn", "whitenoise", "rules", "axes") if find_spec(name) is None]
    if missing:
        raise click.ClickException(
            say('网站部分没有安装（缺 {names}）。请先运行：pip install "luoshi[web]"', names="、".join(missing))
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(say("网站设置有误：{why}", why=error)) from None


def open_database() -> None:
    """The site with its database at hand. Raises ClickException where there is none, or one of another version."""
    open_site()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise click.ClickException(say("连不上数据库，或没有权限写它：{why}", why=str(error).strip())) from None
    if waiting:
        raise click.ClickException(say("还没有建立数据库，或它不是这一版的。请先运行：luoshi migrate"))


def migrate_database(quiet: bool) -> None:
    from django.core.management import call_command
    from django.db.utils import OperationalError

    try:
        call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
    except OperationalError as error:
        raise click.ClickException(say("连不上数据库，或没有权限写它：{why}", why=str(error).strip())) from None


@click.command(help=say("建立数据库；升级 luoshi 后把数据库升到新版。可以重复运行。"))
def migrate() -> None:
    open_site()
    migrate_database(quiet=False)


@click.command(help=say("启动网站。默认只在本机 http://127.0.0.1:8000 ，可反复启动，数据不丢。"))
@click.option("--host", default="127.0.0.1", show_default=True, help=say("监听地址；0.0.0.0 为所有网卡"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=say("端口"))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help=say("同时处理几个请求"))
def serve(host: str, port: int, threads: int) -> None:
    _refuse_taken(host, port)
    open_site()
    migrate_database(quiet=True)
    from django.core.wsgi import get_wsgi_application

    click.echo(say("网站已启动：http://{host}:{port}/ ，按 Ctrl-C 停止", host=host, port=port))
    _server(
        get_wsgi_application(),
        {
            "bind": f"{host}:{port}", "workers": 1, "threads": threads, "timeout": 120, "loglevel": "warning",
            "post_worker_init": _work,
        },
    ).run()  # fmt: skip


def _work(_server: Any) -> None:
    """In the process that answers, once it is up: the thread that opens, reminds and locks by itself."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    import_string(settings.LUOSHI_WORKER)()


def _refuse_taken(host: str, port: int) -> None:
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                say("不能在 {host}:{port} 启动：{why}。可换一个端口：--port", host=host, port=port, why=error.strerror)
            ) from None


def _server(application: Any, options: dict[str, Any]) -> Any:
    """Gunicorn with its settings given here instead of in a file."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped,unused-ignore]

    class Site(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    return Site()


@click.command(help=say("建立第一位管理员（账号管理）。口令在提示后输入，或由环境变量 LUOSHI_ADMIN_PASSWORD 给出。"))
@click.argument("username", metavar="USERNAME")
@click.option("--name", default="", help=say("姓名"))
@click.option("--government", help=say("第一个政府的名称，如 澜湾县；管理员同时是它的督查室人员和账号管理员"))
@click.option("--password", envvar="LUOSHI_ADMIN_PASSWORD", hidden=True)
def admin(username: str, name: str, government: str | None, password: str | None) -> None:
    open_site()
    migrate_database(quiet=True)
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from luoshi.people.models import Government, User

    first = not Government.objects.exists()
    if government and not first:
        raise click.ClickException(say("已经有政府了；下级政府请账号管理员登录后在“人员 › 各级政府”里添加"))
    # One who was made administrator before is only given the government.
    made = User.objects.filter(username=username, is_superuser=True).first() if government else None
    if made is None and password is None:
        password = _ask_password()
    if first and government is None and sys.stdin.isatty():
        prompt = say("政府名称（如 澜湾县；留空则以后再建）")
        government = click.prompt(prompt, default="", show_default=False)
    try:
        with transaction.atomic():
            user = made or _administrator(username, name, password or "")
            if government:
                _first_government(government, user)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None
    if government:
        click.echo(
            say(
                "{government} 已建立，{username} 是它的督查室人员和账号管理员", government=government, username=username
            )
        )
    elif first:
        click.echo(
            say("还没有政府，暂时不能传文件。请运行：luoshi admin {username} --government 名称", username=username)
        )
    click.echo(say("管理员 {username} 已建立，请用 luoshi serve 启动网站后登录", username=username))


def _ask_password() -> str:
    while True:
        password: str = click.prompt(say("口令"), hide_input=True)
        if click.prompt(say("再输一遍"), hide_input=True) == password:
            return password
        click.echo(say("两次输入的不一样，请重新输入"), err=True)


def _administrator(username: str, name: str, password: str) -> User:
    """Raises ValidationError for a poor password, and where there is an administrator already."""
    from django.contrib.auth.password_validation import validate_password

    from luoshi.people.actions import first_administrator
    from luoshi.people.models import User

    validate_password(password, User(username=username, name=name))
    return first_administrator(username, password, name)


def _first_government(name: str, user: User) -> None:
    """Enter the government and let the administrator upload, correct, adopt, and keep units and accounts there."""
    from luoshi.people.actions import add_member, create_government
    from luoshi.people.models import Member

    government = create_government(name)
    for role in (Member.Role.OFFICE, Member.Role.ACCOUNT_ADMIN):
        add_member(government, user, role)
