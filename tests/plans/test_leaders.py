"""Leaders named in a plan are tied to posts; a task without one may be given one."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from luoshi.people.actions import create_post
from luoshi.plans.leaders import match_leaders, put_in_charge
from luoshi.plans.models import SectionLeader, Task
from tests.year import issued


@pytest.fixture
def plan(db, cast):
    plan = issued(cast)
    SectionLeader.objects.filter(section__plan=plan).update(held_post=None)
    return plan


def test_a_leader_is_tied_to_the_post_he_holds(plan, cast):
    assert match_leaders(plan, cast.clerk) == 1
    (leader,) = SectionLeader.objects.filter(section__plan=plan)
    assert leader.held_post is not None and leader.held_post.tenures.get().person == leader.name
    assert match_leaders(plan, cast.clerk) == 0
    with pytest.raises(PermissionDenied):
        match_leaders(plan, cast.liaison)


def test_a_task_without_a_leader_is_given_one_once(plan, cast):
    SectionLeader.objects.filter(section__plan=plan).delete()
    post = create_post(cast.county, "副县长", "谢云岫")
    task = Task.objects.filter(plan=plan)[0]
    assert put_in_charge(task, post, cast.clerk).name == "谢云岫"
    assert Task.objects.get(pk=task.pk).leader_posts == {post.pk}
    with pytest.raises(ValidationError, match="已有负责领导"):
        put_in_charge(Task.objects.get(pk=task.pk), post, cast.clerk)
    with pytest.raises(ValidationError, match="本政府"):
        put_in_charge(Task.objects.filter(plan=plan)[1], create_post(cast.neighbour, "县长"), cast.clerk)
