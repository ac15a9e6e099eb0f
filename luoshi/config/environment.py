"""Settings from the environment, each with a safe default. Pure but for the secret key, which is made once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})

# IMMEDIATE takes the write lock at BEGIN: a transaction that reads and then writes waits its turn instead of failing.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA foreign_keys=ON;",
}


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no variable: 1, true, yes and on are yes, in any case."""
    text = os.environ.get(name, "").strip().lower()
    return text in YES if text else default


def number(name: str, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured naming the variable."""
    text = os.environ.get(name, "").strip()
    try:
        return int(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from None


def words(name: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def data_folder() -> Path:
    """Where everything that must be backed up lies: LUOSHI_DATA, else ``var/`` below the working directory."""
    folder = Path(os.environ.get("LUOSHI_DATA") or "var").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key(folder: Path) -> str:
    """LUOSHI_SECRET_KEY, else the key kept in the data folder, made at first use and readable by its owner only."""
    given = os.environ.get("LUOSHI_SECRET_KEY", "").strip()
    if given:
        return given
    file = folder / "secret.key"
    draft = folder / f"secret.key.{os.getpid()}.{secrets.token_hex(4)}"
    if not file.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)  # only one of several starting processes wins; all read the winner's key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()


def database(folder: Path) -> dict[str, Any]:
    """Django's database entry: PostgreSQL by DATABASE_URL, else SQLite in the data folder.

    Raises ImproperlyConfigured for an address of any other engine.
    """
    address = os.environ.get("DATABASE_URL", "").strip()
    if not address:
        return _sqlite(folder / "luoshi.sqlite3")
    entry: dict[str, Any] = dict(dj_database_url.parse(address))
    if entry["ENGINE"].endswith("sqlite3"):
        return _sqlite(Path(entry["NAME"]))
    if not entry["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// or sqlite:///.")
    # The pool keeps connections, so Django itself must not; Django's own default pool is only four wide.
    pool = {"min_size": 1, "max_size": number("LUOSHI_DATABASE_POOL", 20), "timeout": 10}
    entry["OPTIONS"] = {**entry.get("OPTIONS", {}), "pool": pool}
    entry["CONN_MAX_AGE"] = 0
    entry["CONN_HEALTH_CHECKS"] = False
    # Server-side cursors break behind a pooler in transaction mode.
    entry["DISABLE_SERVER_SIDE_CURSORS"] = flag("LUOSHI_BEHIND_PGBOUNCER")
    return entry


def _sqlite(file: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": dict(SQLITE_OPTIONS)}
