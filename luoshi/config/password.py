"""What stands between a log-in and the pages: a password of one's own, a second factor where the role demands it, and
the end of a session that nobody uses."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

OPEN = frozenset({"password", "login", "login-code", "logout", "set_language", "invitation"})
SECOND_FACTOR = "second-factor"  # the page, and the mark in the session of an account that must set it up first
SEEN = "seen"  # in the session, seconds since the epoch: written at log-in, then once a minute at most
_FINE = 60


class IdleEnds:
    """Ends a session after so many minutes without a request (等保: 登录连接超时自动退出)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen, now = request.session.get(SEEN), int(time.time())
        if isinstance(seen, int):
            if now - seen > settings.LUOSHI_IDLE_MINUTES * 60:
                logout(request)
            elif now - seen > _FINE:
                request.session[SEEN] = now
        return self.get_response(request)


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
        if getattr(request.user, "must_change_password", False):
            return redirect("password")
        if request.session.get(SECOND_FACTOR) and request.user.is_authenticated:
            return None if match and match.view_name == SECOND_FACTOR else redirect(SECOND_FACTOR)
        return None
