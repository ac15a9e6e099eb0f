"""The back office of plans: to look at, as only actions write here."""

from __future__ import annotations

from django.contrib import admin

from luoshi.people.admin import LookOnly
from luoshi.plans.models import (
    Aim,
    Deliverable,
    Milestone,
    Plan,
    Responsibility,
    Section,
    SectionLeader,
    Target,
    Task,
    TaskLeader,
)


@admin.register(Plan)
class PlanAdmin(LookOnly):
    """Plans."""

    list_display = ["title", "year", "kind", "state", "government", "adopted_by", "adopted_at"]
    list_filter = ["government", "year", "kind", "state"]


@admin.register(Section)
class SectionAdmin(LookOnly):
    """Sections."""

    list_display = ["number", "heading", "plan"]


@admin.register(Task)
class TaskAdmin(LookOnly):
    """Tasks."""

    list_display = ["key", "text", "deadline", "plan"]
    list_filter = ["plan"]
    search_fields = ["key", "text"]


@admin.register(Responsibility)
class ResponsibilityAdmin(LookOnly):
    """Parts of units in tasks."""

    list_display = ["task", "name", "role", "unit", "partner"]
    list_filter = ["role"]


@admin.register(Target)
class TargetAdmin(LookOnly):
    """Targets."""

    list_display = ["task", "subject", "bound", "value", "unit", "strength"]
    list_filter = ["kind", "bound"]


@admin.register(Deliverable)
class DeliverableAdmin(LookOnly):
    """Deliverables."""

    list_display = ["task", "name", "stage", "strength"]
    list_filter = ["stage"]


@admin.register(Aim)
class AimAdmin(LookOnly):
    """Aims without a number."""

    list_display = ["task", "quote", "kind", "direction", "than", "strength"]
    list_filter = ["kind", "direction"]


admin.site.register([SectionLeader, TaskLeader, Milestone], LookOnly)
