"""The command ``luoshi``: one command a module, loaded only when called, so that reading one file starts at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from luoshi import __version__
from luoshi.cli.say import say
from luoshi.cli.system import because
from luoshi.cli.wrong import translated

# command → (module, one line of help)
COMMANDS = {
    "read": ("luoshi.cli.read", "把责任分解文件读成台账"),
    "compare": ("luoshi.cli.compare", "对照两份文件：沿用、新增、取消，目标高低，承诺强弱"),
    "account": ("luoshi.cli.account", "读进展材料：每项任务完成了多少、到了哪一步"),
    "explain": ("luoshi.cli.explain", "说明文件某处读成了什么、依据哪条规则"),
    "schema": ("luoshi.cli.schema", "输出台账格式的 JSON Schema"),
    "bulk": ("luoshi.cli.bulk", "把成千上万份文件读成数据表"),
    "query": ("luoshi.cli.bulk", "用 SQL 查询这些数据表"),
    "serve": ("luoshi.cli.site", "启动网站"),
    "demo": ("luoshi.cli.demo", "装入虚构的澜湾县示例"),
    "admin": ("luoshi.cli.site", "建立第一位管理员"),
    "link": ("luoshi.cli.link", "给账号一个设口令的新链接"),
    "migrate": ("luoshi.cli.site", "建立或升级数据库"),
    "tick": ("luoshi.cli.tick", "开放、催报、锁定当天到期的期次"),
    "lights": ("luoshi.cli.lights", "为所有已锁定、还没有亮灯的期次亮灯"),
    "verify": ("luoshi.cli.verify", "核验有没有事后改动"),
}
WRONG = 2
INTERRUPTED = 130
PIPE_CLOSED = 141


class Formatter(click.HelpFormatter):
    """Help pages with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, say("用法：") if prefix is None else prefix)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section({"Options": say("选项"), "Commands": say("命令")}.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        own = [(name, say("显示这份说明") if name == "-h, --help" else text) for name, text in rows]
        super().write_dl(own, col_max, col_spacing)


click.Context.formatter_class = Formatter


class Commands(click.Group):
    """The list of commands; a command's module is imported when it runs, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name][0]), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(help_line)) for name, (_, help_line) in COMMANDS.items()])


@click.command(
    cls=Commands,
    help=say("落实 luoshi：把政府公布的责任分解文件读成台账，每个字段都能翻回原文。"),
    epilog=say("退出码：0 已读；1 已读但有存疑（仅 --strict）；2 有文件打不开，或用法有误。"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
@click.version_option(__version__, "-V", "--version", message="luoshi %(version)s", help=say("显示版本"))
def commands() -> None:
    pass


def main() -> None:
    """Run a command; bad input ends in one sentence, Ctrl-C and a closed pipe end quietly."""
    try:
        code = commands.main(prog_name="luoshi", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.ctx.get_help() if asked.ctx else "", err=True)
        sys.exit(WRONG)
    except click.ClickException as wrong:
        click.echo(f"luoshi: {_sentence(wrong)}", err=True)
        sys.exit(WRONG)
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The interpreter flushes standard output once more at exit; give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE_CLOSED)
    except OSError as error:
        click.echo(f"luoshi: {because(error)}", err=True)
        sys.exit(WRONG)
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(wrong: click.ClickException) -> str:
    """What went wrong, and for a wrong call where the help is."""
    message = " ".join(wrong.format_message().split())
    if isinstance(wrong, click.UsageError):
        message = translated(message)
    if not isinstance(wrong, click.UsageError) or wrong.ctx is None:
        return message
    return message + say("（用法见 {command} -h）", command=wrong.ctx.command_path)
