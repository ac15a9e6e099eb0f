"""Log in, log out, a new password. Lock-out after too many tries is the axes package's; here it gets its sentence."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luoshi.desk.page import user_of
from luoshi.people.account_actions import has_second_factor, must_have_second_factor
from luoshi.people.actions import change_password
from luoshi.people.models import User

SECOND_FACTOR = "second-factor"  # as in config.password, which leads such an account to the page of this name
SEEN = "seen"  # as in config.password, which ends a session nobody uses


class Login(AuthenticationForm):
    """Account and password; one sentence for whatever is wrong, so that accounts cannot be guessed."""

    error_messages = {
        "invalid_login": _("账号或口令不对，请重新输入。忘了口令请找账号管理员。"),
        "inactive": _("这个账号已停用，请找账号管理员。"),
    }


def enter(request: HttpRequest, user: User) -> None:
    """Begin the session; an account whose role demands a second factor and has none is led to set it up first."""
    login(request, user, backend=getattr(user, "backend", None))
    request.session[SEEN] = int(time.time())
    if must_have_second_factor(user) and not has_second_factor(user):
        request.session[SECOND_FACTOR] = True


class LogIn(LoginView):
    """The log-in page. Answers 429 while the account is locked."""

    template_name = "desk/login.html"
    authentication_form = Login
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In; or, where the account has a second factor, on to its code with nothing opened yet."""
        user = form.get_user()
        if has_second_factor(user):
            self.request.session.cycle_key()
            waiting = {"user": user.pk, "backend": user.backend, "next": self.get_success_url(), "at": int(time.time())}
            self.request.session["waiting"] = waiting
            return redirect("login-code")
        enter(self.request, user)
        return redirect(self.get_success_url())

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


def back_office_log_in(request: HttpRequest) -> HttpResponse:
    """On to the site's own log-in; an account that is in already, and is no staff, is refused rather than sent round."""
    if request.user.is_authenticated:
        raise PermissionDenied(gettext("后台只对系统维护人员开放。"))
    return redirect(f"{reverse('login')}?{request.META.get('QUERY_STRING', '')}")


class Renewal(PasswordChangeForm):
    """The present password once, the new one twice."""

    error_messages = {
        "password_incorrect": _("原口令不对，请重新输入。"),
        "password_mismatch": _("两次输入的新口令不一样。"),
    }

    def clean(self) -> dict[str, Any]:
        """A new password must be new."""
        cleaned = super().clean() or self.cleaned_data
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", ValidationError(_("新口令不能和原口令一样。")))
        return cleaned


class NewPassword(PasswordChangeView):
    """The page for a new password: by choice, or because the account must (``config.password``)."""

    template_name = "desk/password.html"
    form_class = Renewal
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        """Stay logged in here; the account's other sessions end."""
        user = change_password(user_of(self.request), form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("口令已改。"))
        return redirect(self.get_success_url())
