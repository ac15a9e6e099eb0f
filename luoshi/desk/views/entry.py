"""Ways in beside the password: an invitation's link, the code of a second factor, and setting that factor up."""

from __future__ import annotations

import time
from typing import Any

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import match_token

from luoshi.desk.page import user_of
from luoshi.desk.views.session import SECOND_FACTOR, enter
from luoshi.people import account_actions
from luoshi.people.models import User

WAIT = 5 * 60  # seconds between password and code
METHODS = ["GET", "HEAD", "POST"]


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def invitation(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """Where the invited sets the password; 410 where the link holds no more."""
    user = account_actions.invited(who, token)
    if user is None:
        return render(request, "desk/invitation.html", {"user": None}, status=410)
    form: Any = SetPasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account_actions.accept(who, token, form.cleaned_data["new_password1"])
        except ValidationError:
            return render(request, "desk/invitation.html", {"user": None}, status=410)
        messages.success(request, _("口令已设好，请登录。"))
        return redirect("login")
    return render(request, "desk/invitation.html", {"invited": user, "form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def code(request: HttpRequest) -> HttpResponse:
    """After the password: the six digits of the phone, or a recovery code, which is used up."""
    waiting = request.session.get("waiting")
    if not waiting or time.time() - waiting["at"] > WAIT:
        request.session.pop("waiting", None)
        return redirect("login")
    error = ""
    if request.method == "POST":
        user = User.objects.filter(pk=waiting["user"], is_active=True).first()
        typed = request.POST.get("code", "").replace(" ", "")
        if user is not None and match_token(user, typed) is not None:
            user.backend = waiting["backend"]
            del request.session["waiting"]
            enter(request, user)
            return redirect(waiting["next"])
        error = _("验证码不对，或者刚试得太快；请等手机换下一个码再输。")
    return render(request, "desk/login_code.html", {"error": error}, status=422 if error else 200)


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(METHODS)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up one's own second factor: scan, type the first code, keep the recovery codes."""
    user = user_of(request)
    if request.method == "POST":
        try:
            codes = account_actions.confirm_second_factor(user, request.POST.get("code", ""))
        except ValidationError as error:
            return _asked(request, user, " ".join(error.messages))
        request.session.pop(SECOND_FACTOR, None)
        return render(request, "desk/second_factor.html", {"codes": codes})
    if account_actions.has_second_factor(user):
        return render(request, "desk/second_factor.html", {"has": True})
    return _asked(request, user)


def _asked(request: HttpRequest, user: User, error: str = "") -> HttpResponse:
    try:
        device = account_actions.begin_second_factor(user)
    except ValidationError:
        return render(request, "desk/second_factor.html", {"has": True})
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    context = {
        "picture": _picture(device.config_url),
        "secret": secret,
        "error": error,
        "must": SECOND_FACTOR in request.session,
    }
    return render(request, "desk/second_factor.html", context, status=422 if error else 200)


def _picture(url: str) -> SafeString:
    """The QR code as SVG, to stand in the page: drawn by the library from the address alone, nothing typed in it."""
    drawn = qrcode.make(url, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    return mark_safe(str(drawn.to_string(encoding="unicode")))
