"""``luoshi serve``, ``demo``, ``admin`` and ``migrate``: the site, where ``luoshi[web]`` is installed."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import click

from luoshi.cli.say import say

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
        {"bind": f"{host}:{port}", "workers": 1, "threads": threads, "timeout": 120, "loglevel": "warning"},
    ).run()


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
@click.option("--password", envvar="LUOSHI_ADMIN_PASSWORD", hidden=True)
def admin(username: str, name: str, password: str | None) -> None:
    open_site()
    migrate_database(quiet=True)
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from luoshi.people.actions import first_administrator
    from luoshi.people.models import User

    if password is None:
        password = click.prompt(say("口令"), hide_input=True, confirmation_prompt=say("再输一遍"))
    try:
        validate_password(password, User(username=username, name=name))
        first_administrator(username, password, name)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None
    click.echo(say("管理员 {username} 已建立，请用 luoshi serve 启动网站后登录", username=username))
