"""The clerk at her desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from luoshi.documents.models import Document
    from tests.cast import Cast


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    """A browser in which the supervision office is logged in."""
    client.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def document(cast: Cast) -> Document:
    """The example, received and read."""
    from tests.desk import papers

    return papers.document(cast.clerk)
