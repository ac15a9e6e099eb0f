"""English wording of the command line; the Chinese wording is the key."""

from __future__ import annotations

ENGLISH: dict[str, str] = {}
