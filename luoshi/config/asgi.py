"""Entrance for an ASGI server, where pages stream."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")

application = get_asgi_application()
