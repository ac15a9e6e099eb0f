"""An account that must change its password gets to nothing else before it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

OPEN = frozenset({"password", "login", "logout", "set_language"})


class PasswordFirst:
    """Leads such an account from any page, the back office among them, to the page for a new password.

    That page's address lies below /login/, so that an answer to htmx is not swapped into the page that asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """A redirect, or None where the account may go on."""
        match = request.resolver_match
        if match and match.view_name in OPEN:
            return None
        return redirect("password") if getattr(request.user, "must_change_password", False) else None
