"""Leaders named in a plan are tied to posts; a task without one may be given one."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cli.demo import answer_doubts
from luoshi.documents.actions import receive
from luoshi.people.actions import create_post
from luoshi.plans.actions import adopt
from luoshi.plans.leaders import match_leaders, put_in_charge
from luoshi.plans.models import SectionLeader, Task
from tests.year import document_text, issued


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


def test_of_namesakes_the_title_decides_and_without_it_nobody(plan, cast):
    one, two = (create_post(cast.county, title, "闻溪") for title in ("副县长", "常务副县长"))
    named = SectionLeader.objects.filter(section__plan=plan)
    named.update(name="闻溪", post="县委常委")
    assert match_leaders(plan, cast.clerk) == 0
    named.update(post=two.title)
    assert match_leaders(plan, cast.clerk) == named.count()
    assert set(named.values_list("held_post", flat=True)) == {two.pk} and one.pk != two.pk


def test_tying_costs_the_same_for_few_and_for_many(plan, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert match_leaders(plan, cast.clerk)
        return len(asked)

    few = queries()
    (leader,) = SectionLeader.objects.filter(section__plan=plan)
    SectionLeader.objects.filter(pk=leader.pk).update(held_post=None)
    for n in range(12):
        SectionLeader.objects.create(section=leader.section, name=leader.name, post=leader.post, order=n + 1)
    assert queries() == few


def test_adopting_ties_the_leaders_known_by_then(plan, cast):
    paper = SimpleUploadedFile("next.txt", document_text(name="next.txt").encode())
    document = receive(paper, cast.clerk, cast.county).document
    answer_doubts(document, cast.clerk)
    (new,) = adopt(document, cast.clerk)
    (leader,) = SectionLeader.objects.filter(section__plan=new)
    assert leader.held_post is not None and leader.held_post.tenures.get().person == leader.name
