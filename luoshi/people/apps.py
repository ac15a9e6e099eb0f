"""The room's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class People(AppConfig):
    """Django's record of this room."""

    name = "luoshi.people"
    verbose_name = _("组织与人员")
