"""Every message of the command line has its English wording, and both keep their places for values."""

import ast
import re
from pathlib import Path

import luoshi.cli
from luoshi.cli.english import ENGLISH
from luoshi.cli.main import COMMANDS
from luoshi.cli.say import say
from luoshi.cli.system import SYSTEM_SAYS
from luoshi.cli.wrong import SENTENCES

SOURCES = sorted(Path(luoshi.cli.__file__).parent.glob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def messages():
    """Every literal that ``say`` is called with."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        named = {t.id: n.value.value for n in ast.walk(tree) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant) for t in n.targets if isinstance(t, ast.Name)}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield first.value
                elif isinstance(first, ast.Name) and isinstance(named.get(first.id), str):
                    yield named[first.id]
    yield from (text for _, text in COMMANDS.values())
    yield from SYSTEM_SAYS.values()
    yield from (wording for _, wording in SENTENCES)


def test_every_message_has_an_english_wording():
    missing = {m for m in messages() if CHINESE.search(m) and m not in ENGLISH}
    assert not missing


def test_both_wordings_hold_the_same_values():
    places = re.compile(r"\{\w+\}")
    for chinese, english in ENGLISH.items():
        assert sorted(places.findall(chinese)) == sorted(places.findall(english)), chinese
        assert not CHINESE.search(english.replace("落实 luoshi", "")), english


def test_the_language_is_chinese_unless_asked(monkeypatch):
    monkeypatch.delenv("LUOSHI_LANG", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert say("磁盘已满") == "磁盘已满"
    monkeypatch.setenv("LUOSHI_LANG", "en_GB")
    assert say("磁盘已满") == "the disk is full"
