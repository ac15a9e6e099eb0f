"""The site's settings with a quick password hash: log-ins stay real, the second of arithmetic each costs is left to the benchmark."""

from luoshi.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
