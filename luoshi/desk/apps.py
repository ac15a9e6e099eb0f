"""Django's name for the desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages for those who work here."""

    name = "luoshi.desk"
    verbose_name = "工作台"
