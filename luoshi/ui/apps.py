"""Django's name for the shared pages."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, static files and the English catalogue."""

    name = "luoshi.ui"
    verbose_name = "页面"
