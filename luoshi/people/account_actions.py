"""What can be done to accounts: invited, switched off and on, unlocked; the second factor required, set up, taken away.

Who keeps accounts cannot unlock them or lift a second factor, and who keeps security cannot make accounts (三员分立).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from luoshi.people import history
from luoshi.people.actions import add_place, change_password, create_user
from luoshi.people.models import Entry, Government, HistoryHead, Member, Unit, User
from luoshi.people.permissions import may_keep_accounts, may_keep_security, require

RECOVERY_CODES = 8


class _Invitations(PasswordResetTokenGenerator):
    """Django's signed link, void once the password was set, the account used, or PASSWORD_RESET_TIMEOUT has passed;
    and once a newer link was given, which the history knows.
    """

    key_salt = "luoshi.people.invitation"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        given = Entry.objects.filter(verb="user.link", object_kind=User._meta.label, object_id=str(user.pk))
        return f"{super()._make_hash_value(user, timestamp)}{given.aggregate(last=Max('pk'))['last'] or ''}"


_invitations = _Invitations()


@transaction.atomic
def invite(government: Government, username: str, name: str, role: str, unit: Unit | None, by: User) -> User:
    """Enter an account without a password, in its place. ``invitation`` gives the link by which the person sets one.

    Raises ValidationError where the log-in name is taken or the place is not allowed; PermissionDenied.
    """
    require(may_keep_accounts, by, government)
    return enter_account(government, username, name, role, unit, by)


@transaction.atomic
def enter_account(government: Government, username: str, name: str, role: str, unit: Unit | None, by: User) -> User:
    """As ``invite``, for callers that have asked whether ``by`` may."""
    user = create_user(username.strip(), name.strip())
    add_place(government, user, role, unit, by)
    content = {"user": user.username, "name": user.name}
    history.write(government, by, "user.invited", user, content)
    return user


@transaction.atomic
def renew_invitation(government: Government, user: User, by: User) -> str:
    """A fresh link for an account of the government that never had, or forgot, its password; recorded.

    Raises ValidationError for an auditor or another administrator who has a password: whoever could set it anew would
    have two of the powers that are kept apart. Those go through ``installation_link``.
    """
    require(may_keep_accounts, by, government)
    _refuse_other(government, user)
    if user.has_usable_password() and user.memberships.filter(role__in=Member.ADMINISTRATORS).exists():
        message = _("管理员和审计员忘了口令，请在服务器上运行：luoshi link %(user)s")
        raise ValidationError(message % {"user": user.username})
    history.write(government, by, "user.link", user, {"user": user.username})
    return invitation(user)


@transaction.atomic
def installation_link(username: str) -> str:
    """A fresh link from the server's own command line, for any account; recorded wherever it has a place.

    Raises ValidationError where there is no such account in use.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise ValidationError(_("没有在用的账号 %(user)s。") % {"user": username})
    _write_everywhere(user, None, "user.link")
    return invitation(user)


def invitation(user: User) -> str:
    """The signed part of the link: the account and its token, to be joined with "/"."""
    return f"{urlsafe_base64_encode(force_bytes(user.pk))}/{_invitations.make_token(user)}"


def invited(who: str, token: str) -> User | None:
    """The account a link is for; None where the link was used, has expired, or was tampered with."""
    try:
        user = User.objects.get(pk=int(force_str(urlsafe_base64_decode(who))), is_active=True)
    except (User.DoesNotExist, ValueError, OverflowError):
        return None
    return user if _invitations.check_token(user, token) else None


@transaction.atomic
def accept(who: str, token: str, password: str) -> User:
    """Set the password the invited chose; the link is void from then on. The caller judges the password first.

    Raises ValidationError where the link does not hold (any more).
    """
    user = invited(who, token)
    # The row is held, so that of two browsers with one link only the first gets in.
    user = user and User.objects.select_for_update().get(pk=user.pk)
    if user is None or not _invitations.check_token(user, token):
        raise ValidationError(_("这个链接已经用过或过期，请向账号管理员再要一个。"))
    return change_password(user, password)


@transaction.atomic
def switch(government: Government, user: User, active: bool, by: User) -> User:
    """Switch an account off or on; what it did stays. Raises ValidationError for one's own account."""
    require(may_keep_accounts, by, government)
    _refuse_other(government, user)
    if user.pk == by.pk:
        raise ValidationError(_("不能停用自己的账号。"))
    user.is_active = active
    user.save(update_fields=["is_active"])
    history.write(government, by, "user.on" if active else "user.off", user, {"user": user.username})
    return user


def _refuse_other(government: Government, user: User) -> None:
    """An account with a place elsewhere too, or of the installation, is not one government's to open or shut."""
    if user.is_superuser or not user.memberships.filter(government=government).exists():
        raise ValidationError(_("这个账号不归本政府管理。"))
    if user.memberships.exclude(government=government).exists():
        raise ValidationError(_("这个账号在别的政府也有角色，请找系统管理员处理。"))


@transaction.atomic
def unlock(government: Government, user: User, by: User) -> int:
    """Forget the failed log-ins of a locked account. How many tries were forgotten."""
    require(may_keep_security, by, government)
    _refuse_other(government, user)
    count: int = AccessAttempt.objects.filter(username=user.username).delete()[0]
    history.write(government, by, "user.unlocked", user, {"user": user.username, "tries": count})
    return count


@transaction.atomic
def require_second_factor(government: Government, roles: Collection[str], by: User) -> Government:
    """Say which roles must log in with a second factor; who has none sets it up at the next log-in."""
    require(may_keep_security, by, government)
    if set(roles) - set(Member.Role.values):
        raise ValidationError(_("没有“%(role)s”这个角色。") % {"role": sorted(set(roles) - set(Member.Role.values))[0]})
    HistoryHead.objects.select_for_update().get(government=government.pk)
    government.second_factor_roles = sorted(set(roles))
    government.save(update_fields=["second_factor_roles"])
    said = {"roles": government.second_factor_roles}
    history.write(government, by, "security.second_factor", government, said, rows=[government])
    return government


def must_have_second_factor(user: User) -> bool:
    """Whether one of the account's roles demands it."""
    places = user.memberships.select_related("government")
    return any(place.role in place.government.second_factor_roles for place in places)


def has_second_factor(user: User) -> bool:
    """Whether the account has a confirmed one."""
    return any(devices_for_user(user, confirmed=True))


@transaction.atomic
def begin_second_factor(user: User) -> TOTPDevice:
    """The authenticator to be scanned: the one begun before, so that a reloaded page shows the same; not in force."""
    if has_second_factor(user):
        raise ValidationError(_("已经开通第二重验证；要换手机，请先停用。"))
    device, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "totp"})
    return device


@transaction.atomic
def confirm_second_factor(user: User, code: str) -> list[str]:
    """Put the authenticator in force by its first code. The recovery codes, shown this once.

    Raises ValidationError where the code is not right.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(code.strip()):
        raise ValidationError(_("验证码不对；请看手机时间是否准，再输一次。"))
    device.confirmed = True
    device.save()
    StaticDevice.objects.filter(user=user).delete()
    keep = StaticDevice.objects.create(user=user, name="recovery")
    codes = [f"{secrets.randbelow(10**8):08d}" for _n in range(RECOVERY_CODES)]
    for each in codes:
        keep.token_set.create(token=each)
    _write_everywhere(user, user, "user.second_factor")
    return codes


@transaction.atomic
def drop_second_factor(government: Government, user: User, by: User) -> None:
    """Take an account's second factor away (phone lost): the security administrator, never for himself."""
    require(may_keep_security, by, government)
    _refuse_other(government, user)
    if user.pk == by.pk:
        raise ValidationError(_("自己的第二重验证请别的安全管理员来停用。"))
    for device in devices_for_user(user, confirmed=None):
        device.delete()
    history.write(government, by, "user.second_factor_dropped", user, {"user": user.username})


def _write_everywhere(user: User, by: User | None, verb: str) -> None:
    for government in Government.objects.filter(members__user=user).distinct().order_by("pk"):
        history.write(government, by, verb, user)
