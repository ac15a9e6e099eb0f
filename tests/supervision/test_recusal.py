"""Who keeps out of deciding an objection, and in whose name an upheld one sets the light."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from luoshi.people.actions import add_member, create_user
from luoshi.people.models import Entry
from luoshi.people.verifying import verify_rows
from luoshi.progress import light_actions
from luoshi.progress.models import LightOverride
from luoshi.supervision import actions
from tests.cast import Cast
from tests.supervision.test_actions import AT, MARCH, plan, report_of, send

__all__ = ["plan"]


def test_the_light_is_set_as_the_unit_asked_in_the_name_of_who_decides(plan, cast: Cast):
    send(plan, cast, 老旧小区=0)
    light_actions.compute(plan.periods.get(name="2026-03"), at=AT)
    light = light_actions.newest(plan)[report_of(plan).task_id]
    objection = actions.object_to(light, cast.units["县住建局"], "雨季停工", cast.head, today=MARCH, at=AT)
    before = Entry.objects.filter(who=cast.clerk).count()
    actions.decide_objection(objection, True, "有气象证明", cast.second_clerk)
    made = LightOverride.objects.get()
    assert (made.asked_by, made.approved_by) == (cast.head, cast.second_clerk)
    entry = Entry.objects.get(verb="light.overridden")
    assert entry.who == cast.second_clerk and '"asked_by":"cen"' in entry.content
    assert Entry.objects.filter(who=cast.clerk).count() == before, "nobody's name stands for what he did not do"
    assert not [f for f in verify_rows() if "期次" not in f.problem], "but for the months that the fixture took out"


def test_the_only_one_of_the_office_may_decide_what_he_took_no_part_in(plan, cast: Cast):
    """An upheld objection needs no second account of the office to lend its name."""
    light_actions.compute(plan.periods.get(name="2026-03"), at=AT)
    light = light_actions.newest(plan)[report_of(plan).task_id]
    objection = actions.object_to(light, cast.units["县住建局"], "雨季停工", cast.head, today=MARCH, at=AT)
    cast.clerk.memberships.all().delete()
    assert actions.decide_objection(objection, True, "有气象证明", cast.second_clerk).state == "upheld"


def test_who_had_the_light_computed_or_adopted_its_rules_keeps_out(plan, cast: Cast):
    third = create_user("tan", "谭望舒")
    add_member(cast.county, third, "office")
    period = plan.periods.get(name="2026-03")
    light_actions.compute(period, cast.second_clerk, at=AT)
    light = light_actions.newest(plan)[report_of(plan).task_id]
    objection = actions.object_to(light, cast.units["县住建局"], "雨季停工", cast.head, today=MARCH, at=AT)
    assert light.rule_set.by == cast.clerk
    assert actions.took_part(objection) == {cast.head.pk, cast.clerk.pk, cast.second_clerk.pk}
    for who in (cast.clerk, cast.second_clerk):
        with pytest.raises(ValidationError, match="回避"):
            actions.decide_objection(objection, False, "规则如此", who)
    assert actions.decide_objection(objection, False, "规则如此", third).state == "refused"
