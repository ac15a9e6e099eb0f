"""The back office of documents: to look at, as only actions write here."""

from __future__ import annotations

from django.contrib import admin

from luoshi.documents.models import Correction, Document, Reading
from luoshi.people.admin import LookOnly


@admin.register(Document)
class DocumentAdmin(LookOnly):
    """Documents received."""

    list_display = ["name", "title", "number", "state", "government", "uploaded_by", "uploaded_at"]
    list_filter = ["government", "state"]
    search_fields = ["name", "title", "number"]


@admin.register(Reading)
class ReadingAdmin(LookOnly):
    """Readings."""

    list_display = ["document", "reader", "milliseconds", "at"]
    exclude = ["ledger"]  # megabytes of JSON; the reading page shows it better


@admin.register(Correction)
class CorrectionAdmin(LookOnly):
    """Corrections."""

    list_display = ["reading", "sequence", "operation", "path", "who", "at"]
    list_filter = ["operation"]
