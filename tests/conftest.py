"""What all tests share: the cast, a clean media folder, quick passwords, and a way to empty append-only tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
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


@pytest.fixture
def cast(db: None) -> Cast:
    """The county, its units and everyone in it."""
    from tests.cast import assemble

    return assemble()
