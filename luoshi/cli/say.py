"""What the command line says: Chinese first; English where LUOSHI_LANG=en."""

from __future__ import annotations

import os

from luoshi.cli.english import ENGLISH


def say(message: str, **values: object) -> str:
    """The message in the chosen language with its values filled in. The Chinese wording is its own key.

    >>> say("已读 {n} 份", n=3)
    '已读 3 份'
    """
    if os.environ.get("LUOSHI_LANG", "").lower().startswith("en"):
        message = ENGLISH.get(message, message)
    return message.format(**values) if values else message
