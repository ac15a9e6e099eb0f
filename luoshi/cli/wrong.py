"""What click says about a wrong call, in the language of the command line."""

from __future__ import annotations

import re

from luoshi.cli.say import say

# click's English → our wording; the first that fits the whole sentence is taken. A value may be a sentence of click's too.
SENTENCES = (
    (r"Missing argument(?: '(?P<name>[^']*)')?\.(?: .*)?", "缺少参数 {name}"),
    (r"Missing option(?: '(?P<name>.*?)')?\.(?: .*)?", "缺少选项 {name}"),
    (r"Missing command\.", "没有说要做什么"),
    (r"No such option:? '?(?P<name>[^' ]+?)'?\.?(?P<near> .*)?", "没有选项 {name}{near}"),
    (r"No such command '(?P<name>[^']*)'\.(?P<near> .*)?", "没有命令 {name}{near}"),
    (r" \(?Did you mean(?: one of:)? (?P<names>.*?)\?\)?", "，是不是 {names}"),
    (r"Option '(?P<name>[^']*)' requires an argument\.", "选项 {name} 后面缺一个值"),
    (r"Option '(?P<name>[^']*)' does not take a value\.", "选项 {name} 后面不带值"),
    (r"Got unexpected extra arguments? \((?P<names>.*)\)\.?", "多出了参数 {names}"),
    (r"Invalid value for (?P<name>.+?): (?P<why>.*)", "{name} 的值不对：{why}"),
    (r"'(?P<value>.*)' is not one of (?P<names>.*)\.", "“{value}”不在 {names} 之中"),
    (r"'(?P<value>.*)' is not a valid (?:integer|float|number)(?: range)?\.", "“{value}”不是数"),
    (r"(?P<value>\S+) is not in the range (?P<range>.*)\.", "{value} 不在 {range} 之内"),
    (r"\w+ '(?P<value>.*)' does not exist\.", "没有“{value}”"),
    (r"\w+ '(?P<value>.*)' is a (?:file|directory)\.", "“{value}”的种类（文件或文件夹）不对"),
    (r"\w+ '(?P<value>.*)' is not (?:readable|writable|executable)\.", "没有打开“{value}”的权限"),
)
PATTERNS = tuple((re.compile(pattern, re.DOTALL), wording) for pattern, wording in SENTENCES)


def translated(message: str) -> str:
    """The sentence in our wording; one that click does not say, or says in a new way, comes back as it is.

    >>> translated("Missing option '--at'.")
    '缺少选项 --at'
    """
    for pattern, wording in PATTERNS:
        if found := pattern.fullmatch(message):
            parts = {name: translated(value or "") for name, value in found.groupdict().items()}
            return say(wording, **parts).strip()
    return message
