"""Pytest plug-in (``-p tests.database_only``): only the tests that reach the database, for the run on PostgreSQL."""

from __future__ import annotations

import pytest
from django.test import TransactionTestCase

REACHES = {"db", "transactional_db", "django_db_reset_sequences", "admin_client", "admin_user", "django_user_model"}


def _reaches_database(item: pytest.Item) -> bool:
    in_class = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool(REACHES & set(getattr(item, "fixturenames", ())))
        or (isinstance(in_class, type) and issubclass(in_class, TransactionTestCase))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the rest; browser tests and builds stay out too, as the database makes no difference to them."""
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        apart = item.get_closest_marker("browser") or item.get_closest_marker("slow")
        (kept if _reaches_database(item) and not apart else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept
