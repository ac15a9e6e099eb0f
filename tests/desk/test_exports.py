"""Every list of the year goes away as a file: its page offers it, and the rows are those of the page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from luoshi.plans.models import Plan
from luoshi.supervision.actions import draw_sample
from tests.desk.running import as_user, running, send
from tests.year import issued


@pytest.fixture
def plan(cast):
    plan = running(cast)
    send(plan, cast, 老旧小区=5)
    return plan


def lines(client, url, format="csv"):
    page, sep = client.get(url).content.decode(), "&amp;" if "?" in url else "?"
    assert f"export={format}" in page, url
    sent = client.get(f"{url}{sep.replace('&amp;', '&')}export={format}")
    assert sent.status_code == 200 and "attachment" in sent["Content-Disposition"]
    assert client.get(f"{url}{sep.replace('&amp;', '&')}export=exe").status_code == 404
    return sent.content.decode("utf-8-sig").splitlines()


def test_samples(client, plan, cast):
    as_user(client, cast.clerk)
    url = reverse("samples", args=[plan.pk])
    assert "export=" not in client.get(url).content.decode()
    draw_sample(plan.periods.get(name="2026-03"), 1, cast.clerk, seed="0326")
    _heads, row = lines(client, url)
    assert row.startswith("2026-03,0326,2026-GZ-1-1,") and "县住建局" in row


def test_periods(client, plan, cast):
    rows = lines(as_user(client, cast.clerk), reverse("reporting", args=[plan.pk]))
    assert len(rows) == 1 + plan.periods.count() and rows[1].endswith("报送中")


def test_what_goes_on_next_year(client, plan, cast):
    later = issued(cast, name="later.txt", count=3)
    Plan.objects.filter(pk=later.pk).update(year=2027)
    rows = lines(as_user(client, cast.clerk), reverse("carry-over", args=[plan.pk]))
    assert len(rows) == 1 + plan.tasks.count() and rows[1].endswith(",100") and rows[4].endswith(",,,")


def test_what_happened_to_a_task(client, plan, cast):
    url = reverse("task", args=[plan.pk, plan.tasks.all()[0].key])
    rows = lines(as_user(client, cast.clerk), url)
    assert any("岑望舒" in row for row in rows[1:])
    assert len(client.get(url + "?show=light&export=csv").content.decode("utf-8-sig").splitlines()) == 1
