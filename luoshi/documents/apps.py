"""The room's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Documents(AppConfig):
    """Django's record of this room."""

    name = "luoshi.documents"
    verbose_name = _("文件")
