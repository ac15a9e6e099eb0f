"""The room's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Supervision(AppConfig):
    """Django's record of this room."""

    name = "luoshi.supervision"
    verbose_name = _("督办")
