"""Rules for passwords beside Django's own: long enough, mixed, and not the log-in name again.

GB/T 22239-2019 (等级保护) 8.1.4.1 a) asks for complexity; length and three kinds of characters is how it is checked.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = 3  # of small letters, capitals, digits and everything else
NAME = 5  # a shorter log-in name stands in many a good password by chance


class Length:
    """At least so many characters."""

    def __init__(self, least: int = 10) -> None:
        self.least = least

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError in words."""
        if len(password) < self.least:
            raise ValidationError(_("口令太短，至少 %(n)d 位。") % {"n": self.least}, code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("至少 %(n)d 位。") % {"n": self.least}


class Mixed:
    """Three kinds of characters, and the log-in name not among them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError in words."""
        found = {
            "small" if c.islower() else "capital" if c.isupper() else "digit" if c.isdigit() else "other"
            for c in password
        }
        if len(found) < KINDS:
            raise ValidationError(self.get_help_text(), code="password_not_mixed")
        name = str(getattr(user, "username", "") or "").lower()
        if len(name) >= NAME and name in password.lower():
            raise ValidationError(_("口令里不能有账号。"), code="password_has_name")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("口令要有小写字母、大写字母、数字、符号中的三种。")
