"""Canonical text and its digest, by the name of the algorithm."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _


def _digest_with(name: str) -> Callable[[bytes], str]:
    def digest(data: bytes) -> str:
        return hashlib.new(name, data).hexdigest()

    return digest


# sm3 (GM/T 0004) comes with the OpenSSL of the machine; ``digest`` says so where it does not.
ALGORITHMS: dict[str, Callable[[bytes], str]] = {"sha256": _digest_with("sha256"), "sm3": _digest_with("sm3")}


class HistoryError(RuntimeError):
    """The history cannot be written as asked: outside a transaction, or with an unknown algorithm."""


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value gives the same text.

    >>> canonical({"b": 1, "a": "澜"})
    '{"a":"澜","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(text: str, algorithm: str) -> str:
    """Hexadecimal digest of a text. Raises HistoryError for an algorithm that this machine does not have."""
    try:
        return ALGORITHMS[algorithm](text.encode())
    except (KeyError, ValueError) as error:
        raise HistoryError(_("本机不支持摘要算法 %(name)s。") % {"name": algorithm}) from error
