"""Tasks without a leader are given to one by page: offered by unit, saved together, given to another later."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from luoshi.people.actions import create_post
from luoshi.people.models import Entry
from luoshi.people.verifying import verify_all
from luoshi.plans.leaders import put_in_charge
from luoshi.plans.models import SectionLeader, Task, TaskLeader
from tests.desk.running import as_user
from tests.desk.test_reading import queries
from tests.year import issued


@pytest.fixture
def plan(cast):
    plan = issued(cast)
    SectionLeader.objects.filter(section__plan=plan).delete()
    return plan


@pytest.fixture
def posts(cast, plan):
    return [
        create_post(cast.county, title, person) for title, person in (("常务副县长", "谢云岫"), ("县委常委", "闻溪"))
    ]


def test_the_office_gives_tasks_to_leaders_all_at_once(clerk, cast, plan, posts):
    tasks, page = list(plan.tasks.all()), reverse("in-charge", args=[plan.pk])
    assert page in clerk.get(reverse("task", args=[plan.pk, tasks[0].key])).content.decode()
    said = clerk.post(page, {f"post-{tasks[0].pk}": posts[0].pk, f"post-{tasks[1].pk}": ""}, follow=True)
    assert "已给 1 项指定领导" in said.content.decode()
    (made,) = TaskLeader.objects.all()
    assert (made.task, made.held_post, made.name) == (tasks[0], posts[0], "谢云岫")
    assert Entry.objects.filter(verb="task.leader", object_id=str(tasks[0].pk)).count() == 1
    assert "谢云岫常务副县长" in clerk.get(reverse("task", args=[plan.pk, tasks[0].key])).content.decode()


def test_what_the_unit_has_otherwise_is_offered_and_not_written(clerk, cast, plan, posts):
    first, second, *_rest = plan.tasks.all()
    assert first.lead_units == second.lead_units
    put_in_charge(first, posts[1], cast.clerk)
    said = clerk.get(reverse("in-charge", args=[plan.pk])).content.decode()
    row = said.split(f'id="{second.key}"')[1].split("</tr>")[0]
    assert f'value="{posts[1].pk}" selected' in row and "预选，未保存" in row
    assert TaskLeader.objects.count() == 1


def test_a_change_of_portfolio_is_a_line_in_the_history(clerk, cast, plan, posts):
    task = plan.tasks.all()[0]
    page = reverse("in-charge", args=[plan.pk])
    for post in posts:
        clerk.post(page, {f"post-{task.pk}": post.pk})
    assert Task.objects.get(pk=task.pk).leader_posts == {posts[1].pk}
    entries = list(Entry.objects.filter(verb="task.leader").order_by("pk"))
    assert len(entries) == 2 and '"before":"谢云岫常务副县长"' in entries[-1].content
    clerk.post(page, {f"post-{task.pk}": posts[1].pk})
    assert Entry.objects.filter(verb="task.leader").count() == 2, "the same again is nothing"
    assert not [f for _where, f in verify_all() if "任务领导" in f.problem], "the row taken away is sealed as gone"


def test_who_is_named_in_the_document_stays(clerk, cast, posts):
    plan = issued(cast, name="named.txt")
    task = plan.tasks.all()[0]
    page = reverse("in-charge", args=[plan.pk])
    assert "每项任务都有领导" in clerk.get(page).content.decode()
    clerk.post(page, {f"post-{task.pk}": posts[0].pk})
    assert not TaskLeader.objects.filter(task=task).exists()
    with pytest.raises(ValidationError, match="已有负责领导"):
        put_in_charge(task, posts[0], cast.clerk)


def test_a_post_of_a_unit_or_of_elsewhere_is_no_leader(clerk, cast, plan):
    task = plan.tasks.all()[0]
    for post in (create_post(cast.county, "局长", unit=cast.units["县住建局"]), create_post(cast.neighbour, "县长")):
        clerk.post(reverse("in-charge", args=[plan.pk]), {f"post-{task.pk}": post.pk})
        with pytest.raises(ValidationError, match="只能由本政府的领导"):
            put_in_charge(task, post, cast.clerk)
    assert not TaskLeader.objects.exists()


def test_only_the_office_may(client, cast, plan, posts):
    page = reverse("in-charge", args=[plan.pk])
    for who in (cast.liaison, cast.head, cast.leader, cast.auditor, cast.account_admin, cast.outsider):
        assert as_user(client, who).get(page).status_code == 403
        assert client.post(page).status_code == 403
    assert page not in as_user(client, cast.head).get(reverse("task", args=[plan.pk, "2026-GZ-1-1"])).content.decode()
    with pytest.raises(PermissionDenied):
        put_in_charge(plan.tasks.all()[0], posts[0], cast.head)


def test_queries_do_not_grow(clerk, cast, plan, posts):
    few = queries(clerk, reverse("in-charge", args=[plan.pk]))
    more = issued(cast, 16, name="more.txt")
    SectionLeader.objects.filter(section__plan=more).delete()
    assert queries(clerk, reverse("in-charge", args=[more.pk])) == few
