"""Governments in levels: codes with their days, who keeps whom, what closing means for accounts and open duties."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from luoshi.people import divisions, permissions
from luoshi.people.actions import NewUnit, add_member, create_government, create_units, create_user
from luoshi.people.government_actions import (
    NewGovernment,
    change_code,
    close_government,
    first_hand,
    lend,
    open_below,
    rename,
)
from luoshi.people.history import verify_history
from luoshi.people.models import Entry, FormerCode, Government, Member, User
from luoshi.people.permissions import forget_memberships, may_keep_government, may_see_history, may_upload, own_units
from luoshi.people.unit_actions import close_unit, rename_unit
from luoshi.people.verifying import verify_all, verify_rows

TODAY = date(2026, 11, 20)
NEW_YEAR = date(2026, 1, 1)


def town(cast, name="石矶镇", code="990124101", since=NEW_YEAR) -> Government:
    return open_below(cast.county, NewGovernment(name, "town", code, since), cast.account_admin)


def refused(act) -> str:
    with pytest.raises(ValidationError) as error:
        act()
    return " ".join(error.value.messages)


@pytest.mark.parametrize(
    "code, level, fits",
    [
        ("990000", "province", True), ("990100", "province", False), ("990100", "city", True), ("990000", "city", False),
        ("990124", "county", True), ("990100", "county", False), ("990124001", "town", True), ("990124", "town", False),
        ("990124000", "town", False), ("99012", "county", False), ("９９０１２４", "county", False),
    ],
)  # fmt: skip
def test_a_code_has_the_form_of_its_level(code, level, fits):
    if fits:
        divisions.check_form(code, level)
    else:
        assert "位" in refused(lambda: divisions.check_form(code, level))


def test_a_town_is_opened_with_its_unit_its_chain_and_its_code(cast):
    made = town(cast, code="990124101000")
    assert (made.division_code, made.parent, made.level) == ("990124101", cast.county, "town")
    assert made.as_unit.government == cast.county and made.as_unit.kind == "town"
    assert [e.verb for e in Entry.objects.filter(government=made)] == ["government.created", "government.below"]
    assert Entry.objects.filter(government=cast.county).last().verb == "government.below"
    assert verify_history(made) == verify_history(cast.county) == []
    street = town(cast, "望潮街道", "990124001")
    assert street.as_unit == cast.units["望潮街道"], "the unit that stands there already is it"


@pytest.mark.parametrize(
    "name, level, code, said",
    [
        ("石矶镇", "town", "990125101", "应以 990124 开头"), ("石矶镇", "county", "990126", "层级要比"),
        ("石矶镇", "hamlet", "", "层级要比"), ("", "town", "", "请填名称"), ("石矶镇", "town", "990124", "乡镇代码是 9 位"),
    ],
)  # fmt: skip
def test_what_is_no_government_below_is_refused(cast, name, level, code, said):
    assert said in refused(lambda: open_below(cast.county, NewGovernment(name, level, code), cast.account_admin))
    assert not cast.county.children.exists()


def test_towns_of_two_counties_may_share_a_name_but_not_those_of_one(cast):
    guard = create_user("shou")
    add_member(cast.neighbour, guard, "account_admin")
    town(cast, "城关镇", "990124100")
    assert open_below(cast.neighbour, NewGovernment("城关镇", "town", "990125100"), guard).pk
    assert "已经有城关镇" in refused(lambda: town(cast, "城关镇", "990124109"))


def test_a_code_is_free_again_after_a_merger_and_not_before(cast):
    gone, after = town(cast), town(cast, "白鹭镇", "990124102")
    assert "属于石矶镇" in refused(lambda: town(cast, "新镇"))
    close_government(gone, date(2026, 7, 1), cast.account_admin, today=TODAY, successor=after)
    assert "属于石矶镇" in refused(lambda: town(cast, "新镇", since=date(2026, 6, 30)))
    assert "属于石矶镇" in refused(lambda: town(cast, "新镇", since=None))
    assert town(cast, "新镇", since=date(2026, 7, 1)).division_code == gone.division_code


def test_a_changed_code_is_kept_with_its_days(cast):
    made = town(cast)
    change_code(made, "990124111", date(2026, 5, 1), cast.account_admin)
    (former,) = FormerCode.objects.filter(government=made)
    assert (former.code, former.since, former.until) == ("990124101", NEW_YEAR, date(2026, 4, 30))
    assert "属于石矶镇" in refused(lambda: town(cast, "白鹭镇", since=date(2026, 4, 30)))
    assert town(cast, "白鹭镇", since=date(2026, 5, 1)).pk
    assert "晚于" in refused(lambda: change_code(made, "990124112", date(2026, 5, 1), cast.account_admin))
    change_code(made, "990124112", date(2026, 6, 1), cast.account_admin)
    assert change_code(made, "990124111", date(2026, 7, 1), cast.account_admin).pk, "its own of before"


def test_closing_hands_the_duties_on_and_leaves_its_people_reading(cast):
    gone, after = town(cast), town(cast, "白鹭镇", "990124102")
    (desk,) = create_units(gone, [NewUnit("党政办")])
    clerk, liaison, old = create_user("zhen"), create_user("lian"), create_user("cun")
    add_member(gone, clerk, "office")
    add_member(gone, liaison, "liaison", desk)
    add_member(cast.county, old, "liaison", after.as_unit)
    assert may_upload(clerk, gone) and own_units(liaison) == {desk.pk}
    close_government(gone, date(2026, 7, 1), cast.account_admin, today=TODAY, successor=after)
    gone.as_unit.refresh_from_db()
    assert gone.as_unit.successor == after.as_unit and gone.code_valid_to == date(2026, 6, 30)
    for user in (clerk, liaison, old):
        forget_memberships(user)
    assert gone.as_unit.pk in own_units(old), "who acts for the successor acts for it"
    assert not may_upload(clerk, gone) and may_see_history(clerk, gone) and own_units(liaison) == frozenset()
    assert {e.verb for e in Entry.objects.filter(object_kind="people.Government", object_id=str(gone.pk))} >= {
        "government.closed"
    }
    assert "已撤销" in refused(lambda: close_government(gone, TODAY, cast.account_admin, today=TODAY))


def test_closing_waits_for_its_day_for_those_below_and_for_a_fit_successor(cast):
    made = town(cast)
    for on, successor, said in [
        (date(2027, 1, 1), None, "不能晚于今天"), (NEW_YEAR, None, "晚于现用代码"), (TODAY, made, "只能并入"),
        (TODAY, cast.neighbour, "只能并入"),
    ]:  # fmt: skip
        assert said in refused(
            lambda on=on, to=successor: close_government(made, on, cast.account_admin, today=TODAY, successor=to)
        )
    city = create_government("潮州湾市", level="city", division_code="990100")
    Government.objects.filter(pk=cast.county.pk).update(parent=city)
    boss = create_user("shi")
    add_member(city, boss, "account_admin")
    cast.county.refresh_from_db()
    assert "下面还有没撤销" in refused(lambda: close_government(cast.county, TODAY, boss, today=TODAY))


def test_who_keeps_whom(cast):
    made = town(cast)
    local = first_hand(made, "zhenguan", "何清浅", cast.account_admin)
    assert "已有账号管理员" in refused(lambda: first_hand(made, "other", "别人", cast.account_admin))
    assert may_keep_government(local, made) and not may_keep_government(local, cast.county)
    assert may_keep_government(cast.account_admin, made) and not may_keep_government(cast.account_admin, cast.neighbour)
    rename(made, "石矶街道", local)
    made.refresh_from_db()
    assert made.name == "石矶街道" and made.as_unit.short_name == "石矶街道"
    assert {a.name for a in made.as_unit.aliases.all()} == {"石矶镇"}, "older documents still mean it"
    for wrong in (cast.clerk, cast.security_admin, cast.outsider, local):
        with pytest.raises(PermissionDenied):
            close_government(made, TODAY, wrong, today=TODAY)
    for wrong in (cast.clerk, cast.security_admin, cast.outsider):
        with pytest.raises(PermissionDenied):
            open_below(cast.county, NewGovernment("塘湾镇", "town"), wrong)


def test_an_account_from_above_may_work_below(cast):
    made = town(cast)
    place = lend(made, cast.clerk, "office", cast.account_admin)
    assert place.government == made and may_upload(User.objects.get(pk=cast.clerk.pk), made)
    assert "上级政府" in refused(lambda: lend(made, cast.outsider, "office", cast.account_admin))
    assert "须属于本政府的一个单位" in refused(lambda: lend(made, cast.clerk, "liaison", cast.account_admin))
    user = User.objects.get(pk=cast.clerk.pk)
    assert permissions.memberships(user)[0].government == cast.county
    permissions.choose(user, made.pk)
    assert permissions.memberships(user)[0].government == made


def test_the_three_administrators_are_three_people_everywhere(cast):
    made = town(cast)
    for role, user in [("security_admin", cast.account_admin), ("account_admin", cast.security_admin)]:
        assert "不能由一人兼任" in refused(lambda r=role, u=user: add_member(cast.county, u, r))
        assert "不能由一人兼任" in refused(lambda r=role, u=user: add_member(made, u, r)), "nor in two governments"
    assert "不能给自己加角色" in refused(
        lambda: add_member(cast.county, cast.account_admin, "office", by=cast.account_admin)
    )
    assert Member.objects.filter(user=cast.account_admin).count() == 1
    with pytest.raises(ValidationError, match="不能由一人兼任"):  # as the back office asks before it saves
        Member(user=cast.auditor, government=cast.county, role="account_admin").full_clean()


def test_a_unit_is_renamed_and_its_old_name_still_means_it(cast):
    unit = cast.units["县体育局"]
    rename_unit(unit, "县文旅体局", "澜湾县文化旅游体育局", cast.clerk)
    registry = cast.county.units.all().registry("澜湾县")
    known = {**registry.aliases, **registry.names}
    assert {known[name] for name in ("县体育局", "县文旅体局")} == {unit.pk}
    assert {a.name for a in unit.aliases.all()} == {"县体育局"}
    rename_unit(unit, "县体育局", "", cast.clerk)
    assert {a.name for a in unit.aliases.all()} == {"县文旅体局", "澜湾县文化旅游体育局"}
    assert "已经是“县教育局”的名称" in refused(lambda: rename_unit(unit, "县教育局", "", cast.clerk))
    assert "要有简称" in refused(lambda: rename_unit(unit, " ", "", cast.clerk))
    with pytest.raises(PermissionDenied):
        rename_unit(unit, "县文旅局", "", cast.liaison)


def test_a_unit_with_accounts_is_not_closed(cast):
    assert "mo" in refused(lambda: close_unit(cast.units["县住建局"], TODAY, cast.clerk, today=TODAY))
    unit = close_unit(cast.units["县体育局"], TODAY, cast.clerk, today=TODAY)
    assert unit not in cast.county.units.current()
    assert "已经撤并" in refused(lambda: close_unit(unit, TODAY, cast.clerk, today=TODAY))


def test_all_of_it_is_sealed_in_the_history(cast):
    gone, after = town(cast), town(cast, "白鹭镇", "990124102")
    change_code(gone, "990124111", date(2026, 5, 1), cast.account_admin)
    rename(after, "白鹭街道", cast.account_admin)
    lend(after, cast.clerk, "office", cast.account_admin)
    first_hand(after, "bailu", "何清浅", cast.account_admin)
    rename_unit(cast.units["县体育局"], "县文旅体局", "", cast.clerk)
    rename_unit(cast.units["县体育局"], "县体育局", "", cast.clerk)
    close_unit(cast.units["县统计局"], TODAY, cast.clerk, today=TODAY)
    close_government(gone, date(2026, 7, 1), cast.account_admin, today=TODAY, successor=after)
    assert [str(finding) for _where, finding in verify_all()] == []
    for government in (cast.county, gone, after):
        assert list(verify_rows(government)) == [], government
