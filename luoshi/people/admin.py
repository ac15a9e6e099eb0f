"""The back office of people. What is changed here is recorded like everything else; history can only be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from luoshi.people import history
from luoshi.people.models import Entry, Government, Member, Post, Tenure, Unit, UnitAlias, User

if TYPE_CHECKING:  # generic for the type checker only
    AnyAdmin = admin.ModelAdmin[Any]
    AnyUserAdmin = UserAdmin[User]
else:
    AnyAdmin, AnyUserAdmin = admin.ModelAdmin, UserAdmin


class LookOnly(AnyAdmin):
    """Rows that only actions write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class Recorded(AnyAdmin):
    """Rows that may be changed here, each change with its entry in the government's history."""

    def government(self, obj: Any) -> Government:
        """Whose history records the change."""
        government: Government = obj.government
        return government

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool) -> None:
        """Save, and record which fields became what."""
        assert isinstance(request.user, User)
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            content = {name: str(form.cleaned_data.get(name)) for name in form.changed_data}
            verb = "admin.changed" if change else "admin.added"
            history.write(self.government(obj), request.user, verb, obj, content, rows=[obj])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of the registry is deleted: a unit gets a successor, a tenure an end."""
        return False


@admin.register(User)
class AccountAdmin(AnyUserAdmin):
    """Accounts; they are switched off, never deleted."""

    list_display = ["username", "name", "is_active", "is_staff", "last_login"]
    search_fields = ["username", "name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        (_("本人"), {"fields": ["name", "email"]}),
        (_("权限"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("时间"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "name", "usable_password", "password1", "password2"]})
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the history names accounts."""
        return False


@admin.register(Government)
class GovernmentAdmin(Recorded):
    """Governments; a new one is created by its action, which opens its history."""

    list_display = ["name", "level", "division_code", "parent"]

    def government(self, obj: Any) -> Government:
        """A government records its own changes."""
        assert isinstance(obj, Government)
        return obj

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here."""
        return False


@admin.register(Unit)
class UnitAdmin(Recorded):
    """Units."""

    list_display = ["short_name", "full_name", "kind", "government", "successor"]
    list_filter = ["government", "kind"]
    search_fields = ["short_name", "full_name", "aliases__name"]
    autocomplete_fields = ["successor"]


@admin.register(UnitAlias)
class UnitAliasAdmin(Recorded):
    """Other names of units."""

    list_display = ["name", "unit", "government"]
    search_fields = ["name", "unit__short_name"]
    autocomplete_fields = ["unit"]


@admin.register(Post)
class PostAdmin(Recorded):
    """Posts."""

    list_display = ["title", "unit", "government"]


@admin.register(Tenure)
class TenureAdmin(Recorded):
    """Who held which post."""

    list_display = ["post", "person", "since", "until"]

    def government(self, obj: Any) -> Government:
        """The post's government."""
        assert isinstance(obj, Tenure)
        return obj.post.government


@admin.register(Member)
class MemberAdmin(Recorded):
    """Who has which role where."""

    list_display = ["user", "role", "unit", "government"]
    list_filter = ["government", "role"]
    autocomplete_fields = ["user", "unit"]


@admin.register(Entry)
class EntryAdmin(LookOnly):
    """The history."""

    list_display = ["sequence", "at", "who_name", "role", "verb", "object_name", "government"]
    list_filter = ["government", "verb"]
    search_fields = ["object_name", "who_name"]
