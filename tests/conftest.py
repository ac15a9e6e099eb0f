"""What all tests share: the cast, a browser, a clean media folder, quick passwords, a way to empty append-only tables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Cast

# No timed tests: a busy machine must not fail what is right.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

APPEND_ONLY = (
    "people_entry", "documents_reading", "documents_correction", "plans_signoff",
    "progress_measurement", "progress_stageclaim", "progress_rostertick", "progress_evidence", "progress_review",
    "progress_ruleset", "progress_light", "progress_lightoverride", "progress_lightnote", "progress_forecast",
    "supervision_sample", "supervision_verification", "supervision_closing",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the real media folder, or spends its time on hashing passwords."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("media")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(MEDIA_ROOT=folder, PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_append_only() -> Iterator[None]:
    """Between transactional tests the tables are emptied, which their triggers refuse: lift them for that moment."""
    from django.db import connection

    from luoshi.people.append_only import create_sql, drop_sql

    def lifting(flush: Callable[..., list[str]]) -> Callable[..., list[str]]:
        def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
            guarded = [table for table in APPEND_ONLY if table in tables]
            vendor = connection.vendor
            before = [line for table in guarded for line in drop_sql(vendor, table)]
            after = [line for table in guarded for line in create_sql(vendor, table)]
            return [*before, *flush(self, style, tables, **options), *after]

        return sql_flush

    patch = pytest.MonkeyPatch()
    operations = type(connection.ops)
    patch.setattr(operations, "sql_flush", lifting(operations.sql_flush))
    yield
    patch.undo()


CHROMIUM = os.environ.get("LUOSHI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; one for the session, as Playwright allows one event loop a thread."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django must not mind, the database is used from here too.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def cast(db: None) -> Cast:
    """The county, its units and everyone in it."""
    from tests.cast import assemble

    return assemble()
