"""Fifty people reporting at once at the site as ``luoshi serve`` runs it on SQLite, and the site killed in their midst."""

from __future__ import annotations

from tests.progress.crowd_site import measure as measure
