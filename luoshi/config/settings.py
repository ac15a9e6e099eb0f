"""Django settings. Everything that differs between installations comes from the environment (see docs/guide)."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from luoshi.config import environment

PACKAGE = Path(__file__).resolve().parent.parent
DATA = environment.data_folder()

DEBUG = environment.flag("LUOSHI_DEBUG")
SECRET_KEY = environment.secret_key(DATA)
HTTPS = environment.flag("LUOSHI_HTTPS")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *environment.words("LUOSHI_HOSTS")]
CSRF_TRUSTED_ORIGINS = environment.words("LUOSHI_ORIGINS")

INSTALLED_APPS = [
    "luoshi.desk",
    "luoshi.ui",
    "luoshi.supervision",
    "luoshi.progress",
    "luoshi.plans",
    "luoshi.documents",
    "luoshi.people",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luoshi.config.headers.ContentSecurity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "luoshi.config.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "luoshi.config.password.IdleEnds",
    "luoshi.config.password.PasswordFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "luoshi.config.urls"
WSGI_APPLICATION = "luoshi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# -- data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "media/"  # files are never served from here: views hand them out after asking for permission

# -- tasks: kept in the database, worked by ``luoshi serve`` itself (see config.jobs) -----------------------------------
LUOSHI_WORKER = "luoshi.config.jobs.start_worker"  # what the process that answers starts beside itself
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "scans"]}}

# -- uploads ---------------------------------------------------------------------------------------------------------
LUOSHI_UPLOAD_LIMIT = environment.number("LUOSHI_UPLOAD_MEGABYTES", 40) * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # larger files stream to disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_PERMISSIONS = 0o640

# -- static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
# A manifest would fail every page until `collectstatic` ran, so it is used only where a folder for it was named.
STATIC_ROOT = os.environ.get("LUOSHI_STATIC") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_ALLOW_ALL_ORIGINS = False
_STATIC_STORAGE = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_ROOT
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}

# -- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# -- log-in ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before any password is looked at
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "luoshi.people.passwords.Length", "OPTIONS": {"least": 10}},
    {"NAME": "luoshi.people.passwords.Mixed"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = environment.number("LUOSHI_LOGIN_ATTEMPTS", 5)
AXES_COOLOFF_TIME = timedelta(minutes=environment.number("LUOSHI_LOGIN_WAIT_MINUTES", 15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # one person's typing must not lock out a whole office
AXES_RESET_ON_SUCCESS = True
AXES_COOLOFF_MESSAGE = _("口令连续输错次数过多，请稍后再试，或请安全管理员解锁。")
PASSWORD_RESET_TIMEOUT = environment.number("LUOSHI_INVITATION_HOURS", 72) * 60 * 60  # an invitation's link, seconds
OTP_TOTP_ISSUER = "luoshi"
LUOSHI_IDLE_MINUTES = environment.number("LUOSHI_IDLE_MINUTES", 60)  # without a request, then log in again
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# -- headers ---------------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("LUOSHI_BEHIND_PROXY") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A database of its own for each test run, as a file: threads of the live server need connections of their own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.gettempdir()}/luoshi-test-{os.getpid()}.sqlite3"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"luoshi": {"level": "INFO"}},
}
