"""A unit is merged in the middle of a month: what was open is the successor's to send in, what was sent stays."""

from __future__ import annotations

import pytest
from django.urls import reverse

from luoshi.people.actions import add_member, create_user, succeed
from luoshi.people.mergers import with_merged
from luoshi.people.models import Unit
from luoshi.progress.drafts import Change
from luoshi.progress.models import Report
from luoshi.progress.period_actions import open_period
from luoshi.progress.report_actions import last_report, save_draft, submit
from tests.desk.running import as_user, report_of, running, send


@pytest.fixture
def merged(cast):
    """March sent by 县住建局 for its first task, its second still open; then it goes into 县城投集团."""
    plan = running(cast)
    send(plan, cast, 老旧小区=1)
    liaison = create_user("chengtou")
    add_member(cast.county, liaison, "liaison", cast.units["县城投集团"])
    succeed(cast.units["县住建局"], cast.units["县城投集团"], cast.clerk)
    return plan, liaison


def test_what_is_open_stands_on_the_successors_page_and_goes_in_from_there(client, cast, merged):
    plan, liaison = merged
    after, sent, still = cast.units["县城投集团"], report_of(plan), report_of(plan, 1)
    page = as_user(client, liaison).get(reverse("unit", args=[after.pk])).content.decode()
    assert f'id="r{still.pk}"' in page and "承接自 县住建局" in page
    assert f'id="r{sent.pk}"' not in page, "what was sent in is the old unit's record"
    save_draft(still, {"progress": Change(None, "接手后继续")}, liaison)
    submit([Report.objects.get(pk=still.pk)], liaison)
    still.refresh_from_db()
    assert (still.state, still.unit) == ("submitted", cast.units["县住建局"])


def test_the_next_month_asks_the_successor_and_knows_what_was_said_before(client, cast, merged):
    plan, liaison = merged
    before, after = report_of(plan), cast.units["县城投集团"]
    open_period(plan.periods.get(name="2026-04"))
    asked = report_of(plan, 0, "2026-04")
    assert asked.unit == after and last_report(asked) == before
    page = as_user(client, liaison).get(reverse("unit", args=[after.pk])).content.decode()
    item = page.split(f'id="r{asked.pk}"')[1].split("</section>")[0]
    assert "无变化" in item, "the report before is at hand, so that one key is enough"


def test_a_chain_of_mergers_is_followed(cast):
    one, two, three = (cast.units[name] for name in ("县体育局", "县教育局", "县发改局"))
    succeed(one, two, cast.clerk)
    succeed(two, three, cast.clerk)
    found = with_merged([three.pk, one.pk])
    assert found[three.pk] == {one.pk, two.pk, three.pk} and found[one.pk] == {one.pk}
    assert Unit.objects.filter(pk__in=found[three.pk]).count() == 3
