"""Posts for the leaders that a plan names."""

from __future__ import annotations

from luoshi.people.models import Post, Tenure
from luoshi.plans.models import SectionLeader
from luoshi.plans.posts import posts_from, without_post
from tests.year import issued


def test_a_leader_nobody_knows_gets_a_post_once(cast):
    plan = issued(cast)
    SectionLeader.objects.filter(section__plan=plan).update(held_post=None, name="闻溪", post="副县长")
    assert without_post(cast.county) == {plan: ["闻溪（副县长）"]} and without_post(cast.neighbour) == {}
    before = Post.objects.count()
    (made,) = posts_from(plan, cast.clerk)
    assert Tenure.objects.get(post=made).person == "闻溪" and Post.objects.count() == before + 1
    assert set(SectionLeader.objects.filter(section__plan=plan).values_list("held_post", flat=True)) == {made.pk}
    assert posts_from(plan, cast.clerk) == []
    assert without_post(cast.county) == {}
