"""The room's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Plans(AppConfig):
    """Django's record of this room."""

    name = "luoshi.plans"
    verbose_name = _("台账")
