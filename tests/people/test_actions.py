"""Governments, units, members: what is entered, what is refused, and that all of it is in the history."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from luoshi.people import actions, aliases, history
from luoshi.people.actions import NewUnit
from luoshi.people.models import Entry, Government, HistoryHead, Member, Unit, UnitAlias, User
from tests.cast import PASSWORD, Cast


def sentence(error: pytest.ExceptionInfo[ValidationError]) -> str:
    (text,) = error.value.messages
    return text


def test_a_government_opens_its_history(db):
    county = actions.create_government("澜湾县", division_code="990124")
    assert [e.verb for e in Entry.objects.filter(government=county)] == ["government.created"]
    assert HistoryHead.objects.get(government=county).sequence == 1


@pytest.mark.parametrize("code", ["12345", "99012x", "９９０１２４", "9901240"])
def test_a_wrong_division_code_is_refused(db, code):
    with pytest.raises(ValidationError) as refused:
        actions.create_government("澜湾县", division_code=code)
    assert "6、9 或 12 位" in sentence(refused)
    assert not Government.objects.exists()


def test_a_second_government_of_the_name_is_refused(cast: Cast):
    with pytest.raises(ValidationError):
        actions.create_government("澜湾县")


def test_only_the_installation_or_an_administrator_creates_governments(cast: Cast):
    with pytest.raises(PermissionDenied):
        actions.create_government("望海县", by=cast.clerk)
    boss = actions.first_administrator("root", PASSWORD)
    assert actions.create_government("望海县", by=boss).pk


def test_units_come_in_order_with_their_aliases(cast: Cast):
    assert [u.short_name for u in cast.county.units.all()][:3] == ["县发改局", "县住建局", "县教育局"]
    assert UnitAlias.objects.get(name="县自规局").unit.short_name == "县自然资源规划局"


def test_entering_units_takes_the_same_queries_however_many(cast: Cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        actions.create_units(cast.county, [NewUnit(f"县第{n}局", aliases=(f"{n}局",)) for n in range(80)], cast.clerk)
    assert cast.county.units.count() == 88


@pytest.mark.parametrize(
    "units, words",
    [
        ([NewUnit("县发改局")], "已经是“县发改局”"),
        ([NewUnit("澜湾县发展和改革局")], "已经是“县发改局”"),
        ([NewUnit("县规划局", aliases=("县自规局",))], "已经是“县自然资源规划局”"),
        ([NewUnit("县甲局"), NewUnit("县甲局")], "已经是“县甲局”"),
        ([NewUnit("县甲局", aliases=("县乙局",)), NewUnit("县乙局")], "已经是“县甲局”"),
        ([NewUnit("  ")], "要有简称"),
        ([NewUnit("县甲局", kind="club")], "这类单位"),
        ([NewUnit("县甲局", aliases=("甲", "甲"))], "写重了"),
    ],
)
def test_a_name_means_one_unit_only(cast: Cast, units, words):
    with pytest.raises(ValidationError) as refused:
        actions.create_units(cast.county, units, cast.clerk)
    assert words in sentence(refused)
    assert cast.county.units.count() == 8


def test_the_neighbour_may_use_the_same_names(cast: Cast):
    actions.create_units(cast.neighbour, [NewUnit("县发改局")], cast.outsider)
    assert Unit.objects.filter(short_name="县发改局").count() == 2


@pytest.mark.parametrize("who", ["liaison", "leader", "auditor", "outsider", "nobody"])
def test_others_may_not_enter_units(cast: Cast, who):
    with pytest.raises(PermissionDenied):
        actions.create_units(cast.county, [NewUnit("县甲局")], getattr(cast, who))


def test_the_registry_knows_all_names(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        registry = cast.county.units.all().registry(cast.county.name)
    for name in ("县发改局", "县发展和改革局", "澜湾县发展和改革局"):
        assert aliases.resolve(name, registry).pk == cast.units["县发改局"].pk
    assert aliases.resolve("县自规局", registry).pk == cast.units["县自然资源规划局"].pk


def test_proposals_are_entered_as_they_stand(cast: Cast):
    found = actions.proposed(["县经信局", "县经济和信息化局", "各镇（街道）"], cast.county)
    assert "县经济和信息化局" not in found["县经信局"].aliases  # it is a proposal of its own here
    assert found["各镇（街道）"].kind == "collective"
    made = actions.create_units(cast.county, found.values(), cast.clerk)
    assert len(made) == 3


def test_learned_aliases(cast: Cast):
    unit = cast.units["县住建局"]
    actions.add_aliases(unit, ["县建设局", "县住建局", "县建设局", " "], cast.clerk)
    assert [a.name for a in unit.aliases.all()] == ["县建设局"]
    with pytest.raises(ValidationError) as refused:
        actions.add_aliases(unit, ["县自规局"], cast.clerk)
    assert "县自然资源规划局" in sentence(refused)


def test_a_merged_unit_has_a_successor_but_never_itself(cast: Cast):
    sport, education = cast.units["县体育局"], cast.units["县教育局"]
    actions.succeed(sport, education, cast.clerk)
    assert sport not in cast.county.units.current()
    assert education in cast.county.units.current()
    for successor in (education, sport):
        with pytest.raises(ValidationError):
            actions.succeed(education, successor, cast.clerk)


def test_liaisons_belong_to_a_unit_and_the_office_to_none(cast: Cast):
    for role, unit in (("liaison", None), ("office", cast.units["县住建局"]), ("king", None)):
        with pytest.raises(ValidationError):
            actions.add_member(cast.county, cast.nobody, role, unit)
    with pytest.raises(ValidationError):
        actions.add_member(cast.neighbour, cast.nobody, "liaison", cast.units["县住建局"])


def test_the_database_itself_keeps_roles_and_units_together(cast: Cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(user=cast.nobody, government=cast.county, role="liaison")
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(user=cast.clerk, government=cast.county, role="office")


def test_administrators_are_three_people(cast: Cast):
    with pytest.raises(ValidationError) as refused:
        actions.add_member(cast.county, cast.auditor, "account_admin")
    assert "不能由一人兼任" in sentence(refused)


def test_a_member_twice_is_one_member(cast: Cast):
    before = Entry.objects.count()
    actions.add_member(cast.county, cast.clerk, "office", by=cast.account_admin)
    assert Entry.objects.count() == before


def test_a_removed_member_may_no_longer(cast: Cast):
    member = cast.clerk.memberships.get()
    actions.remove_member(member, cast.account_admin)
    with pytest.raises(PermissionDenied):
        actions.create_units(cast.county, [NewUnit("县甲局")], User.objects.get(pk=cast.clerk.pk))
    assert history.verify_history(cast.county) == []


def test_accounts(db):
    with pytest.raises(ValidationError):
        actions.create_user("")
    user = actions.create_user("jiang", "江晓帆")
    assert not user.has_usable_password()
    assert str(user) == user.get_full_name() == "江晓帆"
    with pytest.raises(ValidationError):
        actions.create_user("jiang")
    first = actions.first_administrator("root", PASSWORD, "管理员")
    assert first.is_superuser and first.check_password(PASSWORD)
    with pytest.raises(ValidationError):
        actions.first_administrator("root2", PASSWORD)


def test_an_account_of_the_history_cannot_be_deleted(cast: Cast):
    with pytest.raises(ProtectedError):
        cast.clerk.delete()


def test_posts_and_who_holds_them(cast: Cast):
    post = actions.create_post(cast.county, "县长", "沈牧川")
    assert [t.person for t in post.tenures.all()] == ["沈牧川"]
