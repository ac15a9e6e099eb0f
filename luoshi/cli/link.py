"""``luoshi link``: a new way in for an account, from the server's own command line."""

from __future__ import annotations

import click

from luoshi.cli.say import say
from luoshi.cli.site import open_site


@click.command(help=say("给账号一个设口令的新链接：管理员、审计员忘了口令时用；其他人的由账号管理员在网页上给。"))
@click.argument("username", metavar="USERNAME")
def link(username: str) -> None:
    open_site()
    from django.core.exceptions import ValidationError
    from django.urls import reverse

    from luoshi.people.account_actions import installation_link

    try:
        who, token = installation_link(username).split("/")
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None
    click.echo(reverse("invitation", args=[who, token]))
    click.echo(say("接在网站地址后面打开，用一次就失效；请当面交给本人"), err=True)
