"""The room's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Progress(AppConfig):
    """Django's record of this room."""

    name = "luoshi.progress"
    verbose_name = _("进展")
