"""Settings from the environment: safe without any, right with each."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from luoshi.config import environment


def test_sqlite_below_the_data_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    entry = environment.database(tmp_path)
    assert entry["NAME"] == str(tmp_path / "luoshi.sqlite3")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_has_a_pool_of_stated_size(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:p%40ss@db.example/luoshi?sslmode=require")
    monkeypatch.setenv("LUOSHI_DATABASE_POOL", "7")
    entry = environment.database(tmp_path)
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["NAME"]) == (
        "someone", "p@ss", "db.example", "luoshi",
    )  # fmt: skip
    assert entry["OPTIONS"]["pool"]["max_size"] == 7
    assert entry["OPTIONS"]["sslmode"] == "require"
    assert (entry["CONN_MAX_AGE"], entry["DISABLE_SERVER_SIDE_CURSORS"]) == (0, False)
    monkeypatch.setenv("LUOSHI_BEHIND_PGBOUNCER", "yes")
    assert environment.database(tmp_path)["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_a_named_sqlite_file_has_the_same_options(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    entry = environment.database(tmp_path)
    assert entry["NAME"] == f"{tmp_path}/other.db"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]


def test_other_engines_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://a:b@c/d")
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        environment.database(tmp_path)


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("LUOSHI_SECRET_KEY", raising=False)
    key = environment.secret_key(tmp_path)
    assert len(key) >= 64
    assert environment.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
    monkeypatch.setenv("LUOSHI_SECRET_KEY", "given")
    assert environment.secret_key(tmp_path) == "given"


@pytest.mark.parametrize(
    "text, yes", [("1", True), ("True", True), (" on ", True), ("0", False), ("", False), ("no", False)]
)
def test_flags(monkeypatch, text, yes):
    monkeypatch.setenv("LUOSHI_X", text)
    assert environment.flag("LUOSHI_X") is yes


def test_numbers_and_words(monkeypatch):
    monkeypatch.setenv("LUOSHI_X", "many")
    with pytest.raises(ImproperlyConfigured, match="LUOSHI_X must be a whole number"):
        environment.number("LUOSHI_X", 3)
    monkeypatch.setenv("LUOSHI_X", "")
    assert environment.number("LUOSHI_X", 3) == 3
    monkeypatch.setenv("LUOSHI_X", " a.example , ,b.example")
    assert environment.words("LUOSHI_X") == ["a.example", "b.example"]


def settings_with(folder: Path, expression: str, **variables: str) -> str:
    """The value of an expression over the settings, in a process of its own with these variables only."""
    code = f"from luoshi.config import settings; print({expression})"
    given = {"LUOSHI_DATA": str(folder), "PATH": "", **variables}
    return subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(
    "expression, variables, value",
    [
        ("settings.DEBUG", {}, "False"),
        ("settings.ALLOWED_HOSTS", {}, "['localhost', '127.0.0.1', '[::1]']"),
        ("settings.ALLOWED_HOSTS[-1]", {"LUOSHI_HOSTS": "luoshi.example"}, "luoshi.example"),
        ("settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS", {}, "False 0"),
        ("settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT", {"LUOSHI_HTTPS": "1"}, "True True"),
        ("settings.SECURE_PROXY_SSL_HEADER", {}, "None"),
        ("settings.STORAGES['staticfiles']['BACKEND'].rsplit('.', 1)[1]", {}, "StaticFilesStorage"),
        (
            "settings.STORAGES['staticfiles']['BACKEND'].rsplit('.', 1)[1]",
            {"LUOSHI_STATIC": "static"},
            "CompressedManifestStaticFilesStorage",
        ),
        ("settings.LUOSHI_UPLOAD_LIMIT", {}, str(40 * 1024 * 1024)),
        ("settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[1]", {}, "sqlite3"),
        ("settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[1]", {"DATABASE_URL": "postgres://a/b"}, "postgresql"),
    ],
)
def test_settings_by_environment(tmp_path, expression, variables, value):
    assert settings_with(tmp_path, expression, **variables) == value
