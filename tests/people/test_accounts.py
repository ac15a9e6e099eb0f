"""Posts and who held them; invitations, locks and the second factor."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django_otp import match_token
from django_otp.oath import totp

from luoshi.people import account_actions as accounts
from luoshi.people import history, post_actions
from luoshi.people.actions import create_post
from luoshi.people.models import Entry, Tenure, User
from luoshi.people.permissions import held_posts
from tests.cast import PASSWORD


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_new_leader_ends_the_tenure_before_and_duties_follow(cast):
    post = create_post(cast.county, "副县长", by=cast.clerk)
    first = post_actions.appoint(post, "顾怀璟", cast.leader, date(2026, 1, 5), cast.clerk)
    assert held_posts(fresh(cast.leader)) == {post.pk}
    second = post_actions.appoint(post, "闻溪", cast.second_clerk, date(2026, 7, 1), cast.clerk)
    assert Tenure.objects.get(pk=first.pk).until == date(2026, 6, 30) and second.until is None
    assert post_actions.holders(post) == (second, Tenure.objects.get(pk=first.pk))
    for day in (date(2026, 7, 1), date(2026, 3, 1)):
        with pytest.raises(ValidationError, match="之后已有任职记录"):
            post_actions.appoint(post, "林深", None, day, cast.clerk)
    with pytest.raises(PermissionDenied):
        post_actions.appoint(post, "林深", None, date(2026, 9, 1), cast.outsider)
    post_actions.sign_over(post, {"tasks": 3}, cast.clerk)
    assert '"from":"顾怀璟"' in Entry.objects.latest("pk").content.replace(": ", ":")
    post_actions.leave(post, date(2026, 8, 31), cast.clerk)
    with pytest.raises(ValidationError, match="没有人任职"):
        post_actions.leave(post, date(2026, 9, 1), cast.clerk)
    assert history.verify_history(cast.county) == []


def test_an_invitation_works_once_and_not_for_long(cast, settings):
    user = accounts.invite(cast.county, "lin", "林深", "liaison", cast.units["县教育局"], cast.account_admin)
    who, token = accounts.invitation(user).split("/")
    assert not fresh(user).has_usable_password() and accounts.invited(who, token) == user
    assert accounts.invited(who, token[:-1] + "0") is None and accounts.invited("zzz", token) is None
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert accounts.invited(who, token) is None
    settings.PASSWORD_RESET_TIMEOUT = 60
    assert accounts.accept(who, token, PASSWORD).check_password(PASSWORD)
    with pytest.raises(ValidationError, match="用过或过期"):
        accounts.accept(who, token, "Ling-yi-ge 99")
    assert fresh(user).check_password(PASSWORD)
    for by in (cast.clerk, cast.security_admin, cast.outsider):
        with pytest.raises(PermissionDenied):
            accounts.invite(cast.county, "x", "", "office", None, by)


def test_accounts_and_security_are_kept_by_different_people(cast):
    with pytest.raises(PermissionDenied):
        accounts.unlock(cast.county, cast.liaison, cast.account_admin)
    with pytest.raises(PermissionDenied):
        accounts.switch(cast.county, cast.liaison, False, cast.security_admin)
    with pytest.raises(ValidationError, match="不归本政府"):
        accounts.switch(cast.county, cast.outsider, False, cast.account_admin)
    with pytest.raises(ValidationError, match="自己"):
        accounts.switch(cast.county, cast.account_admin, False, cast.account_admin)
    assert not accounts.switch(cast.county, cast.liaison, False, cast.account_admin).is_active


def test_a_second_factor_begins_with_a_right_code_and_its_recovery_codes_work_once(cast):
    accounts.require_second_factor(cast.county, ["office"], cast.security_admin)
    clerk = fresh(cast.clerk)
    assert accounts.must_have_second_factor(clerk) and not accounts.must_have_second_factor(cast.liaison)
    device = accounts.begin_second_factor(clerk)
    assert accounts.begin_second_factor(clerk) == device and not accounts.has_second_factor(clerk)
    right = totp(device.bin_key)
    with pytest.raises(ValidationError, match="验证码不对"):
        accounts.confirm_second_factor(clerk, f"{(right + 1) % 10**6:06d}")
    device.refresh_from_db()
    device.throttle_reset()
    codes = accounts.confirm_second_factor(clerk, f"{right:06d}")
    assert accounts.has_second_factor(clerk) and len(set(codes)) == 8
    assert match_token(clerk, codes[0]) is not None and match_token(clerk, codes[0]) is None
    with pytest.raises(PermissionDenied):
        accounts.drop_second_factor(cast.county, clerk, cast.account_admin)
    accounts.drop_second_factor(cast.county, clerk, cast.security_admin)
    assert not accounts.has_second_factor(clerk)


def test_a_newer_link_voids_the_older(cast):
    user = accounts.invite(cast.county, "lin", "林深", "liaison", cast.units["县教育局"], cast.account_admin)
    links = [accounts.invitation(user).split("/")]
    links += [accounts.renew_invitation(cast.county, user, cast.account_admin).split("/") for _ in range(2)]
    assert [accounts.invited(*link) for link in links] == [None, None, user]


@pytest.mark.parametrize(
    "password, said",
    [
        ("Ab1-", "至少 10 位"), ("mo-mo-mo-mo-mo", "三种"), ("ABCDEFGH1234", "三种"), ("Mo 2026 chaosheng!", ""),
        ("xx-liang-9-xx-2026", ""), ("Zhangguan-2026", "不能有账号"),
    ],
)  # fmt: skip
def test_a_password_is_long_mixed_and_not_the_log_in_name(password, said):
    from django.contrib.auth.password_validation import validate_password

    user = User(username="zhangguan", name="丁一鸣")
    if not said:
        validate_password(password, user)
        return
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert said in " ".join(refused.value.messages)


def test_no_administrator_gets_into_anothers_account_by_a_new_link(cast):
    for other in (cast.security_admin, cast.auditor):
        with pytest.raises(ValidationError, match="luoshi link"):
            accounts.renew_invitation(cast.county, other, cast.account_admin)
    assert accounts.renew_invitation(cast.county, cast.liaison, cast.account_admin)
    fresh = accounts.invite(cast.county, "shen", "沈一", "auditor", None, cast.account_admin)
    assert accounts.renew_invitation(cast.county, fresh, cast.account_admin), "who never had one may have another"
    who, token = accounts.installation_link(cast.auditor.username).split("/")
    assert accounts.invited(who, token) == cast.auditor
    assert Entry.objects.filter(verb="user.link", object_id=str(cast.auditor.pk), who=None).count() == 1
    with pytest.raises(ValidationError, match="没有在用的账号"):
        accounts.installation_link("nobody-there")
