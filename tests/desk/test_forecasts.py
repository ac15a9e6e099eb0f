"""The page of forecasts and what came: numbers lead to their calls, few targets are said to be few, a file of all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luoshi.progress.period_actions import plan_periods
from tests.desk.running import as_user
from tests.progress.test_calls import called, came, target
from tests.year import issued


@pytest.fixture
def plan(cast, monkeypatch):
    monkeypatch.setenv("LUOSHI_TODAY", "2026-12-31")
    plan = issued(cast, 12)
    plan_periods(plan)
    return plan


def page(client, plan, asked=""):
    return client.get(reverse("forecasts", args=[plan.pk]) + asked)


def test_without_a_year_end_it_says_so(client, cast, plan):
    called(target(plan), "2026-06", 12, 10, 14)
    text = page(as_user(client, cast.clerk), plan).content.decode()
    assert "无从校准" in text and "另有 1 个指标" in text and "Excel" not in text.split("<main")[1]


def test_numbers_lead_to_their_calls(client, cast, plan):
    for number, (value, outcome) in enumerate([(12, 12), (12, 30)]):
        called(target(plan, number), "2026-06", value, value - 2, value + 2)
        came(target(plan, number), outcome)
    text = page(as_user(client, cast.clerk), plan).content.decode()
    assert "能对的只有 2 个指标" in text and "1 次年底实际落在区间内" in text and "太少" in text
    assert "?period=2026-06&amp;only=missed#calls" in text
    text = page(client, plan, "?period=2026-06&only=missed").content.decode()
    missed = target(plan, 1).task.key
    assert f">{missed}</a>" in text and "高于上限" in text and f">{target(plan).task.key}</a>" not in text
    rows = client.get(reverse("forecasts-export", args=[plan.pk, "csv"])).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and rows[1].startswith("2026-06,") and rows[1].endswith("是,0.0")


def test_only_those_who_overlook_the_year(client, cast, plan):
    for user in (cast.outsider, cast.nobody, cast.liaison):
        assert page(as_user(client, user), plan).status_code == 403
    assert page(as_user(client, cast.auditor), plan).status_code == 200


def test_more_targets_ask_no_more(client, cast, plan):
    counts = []
    as_user(client, cast.clerk)
    for number in (0, 1, 2):
        called(target(plan, number), "2026-06", 12, 10, 14)
        came(target(plan, number), 30)
        with CaptureQueriesContext(connection) as queries:
            page(client, plan, "?period=all")
        counts.append(len(queries))
    assert counts[0] == counts[2], counts
