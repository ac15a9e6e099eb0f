"""Log in, log out. Lock-out after too many tries is the axes package's; here it gets its sentence."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class Login(AuthenticationForm):
    """Account and password; one sentence for whatever is wrong, so that accounts cannot be guessed."""

    error_messages = {
        "invalid_login": _("账号或口令不对，请重新输入。忘了口令请找账号管理员。"),
        "inactive": _("这个账号已停用，请找账号管理员。"),
    }


class LogIn(LoginView):
    """The log-in page. Answers 429 while the account is locked."""

    template_name = "desk/login.html"
    authentication_form = Login
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The page again with its sentence, or the page that says for how long the account is locked."""
        if getattr(self.request, "axes_locked_out", False):
            # The axes middleware would answer with a bare sentence of its own.
            self.request.axes_locked_out = False  # type: ignore[attr-defined]
            return render(self.request, "429.html", status=429)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds where to go after log-in."""
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)
