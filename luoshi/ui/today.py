"""The day a page is looked at. Doors ask here and hand the day on; ``LUOSHI_TODAY=2026-12-31`` shows a finished year."""

from __future__ import annotations

import os
from datetime import date

from django.utils import timezone


def today() -> date:
    """The day, in the site's zone. Raises ValueError where ``LUOSHI_TODAY`` is no ISO day."""
    fixed = os.environ.get("LUOSHI_TODAY", "")
    return date.fromisoformat(fixed) if fixed else timezone.localdate()
