"""Rules read in words, tried on the past, adopted; the reporting rule; lights objected to and set by two people."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luoshi.desk import rules_form
from luoshi.progress import light_actions
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import LightOverride, ReportingRule, RuleSet
from luoshi.supervision.models import Objection, OverrideRequest
from tests.desk.running import AT, as_user, running, send
from tests.year import issued


@pytest.fixture
def plan(cast):
    plan = running(cast)
    send(plan, cast, 老旧小区=1)
    light_actions.compute(plan.periods.get(name="2026-03"), at=AT)
    return plan


@pytest.fixture
def light(plan):
    return light_actions.newest(plan)[plan.tasks.all()[0].pk]


def filled(content, **changes):
    """The form as a browser sends it."""
    sent = {"family": content["family"], "name": content["name"]}
    for n, colour in enumerate(content["colours"]):
        sent |= {f"c{n}-{key}": colour[key] for key in ("code", "name", "meaning")}
    for n, rule in enumerate(content["rules"]):
        sent[f"r{n}-colour"] = rule["colour"]
        for m, test in enumerate(rule["when"]):
            sent |= {f"r{n}-{m}-measure": test["measure"], f"r{n}-{m}-op": test["op"], f"r{n}-{m}-limit": test["limit"]}
    for n, repeat in enumerate(content["repeats"]):
        sent |= {f"k{n}-{key}": repeat[key] for key in ("colour", "times", "becomes")}
    return sent | changes


@pytest.mark.parametrize("family", FAMILIES)
def test_the_form_gives_back_each_family_as_it_is(family):
    content = FAMILIES[family]
    assert rules_form.content_of(filled(content)) == {**content, "strive_lighter": False}
    assert len(rules_form.boxes(content)["rules"]) == len(content["rules"]) + rules_form.MORE


def test_tried_on_the_past_before_it_is_adopted(clerk, plan, light):
    url = reverse("rules", args=[plan.pk])
    text = clerk.get(url).content.decode()
    assert "落后序时10个百分点以上（含）" in text and "按期限" in text
    assert light.colour == "yellow"
    sent = filled(FAMILIES["points"], **{"r1-0-limit": "12", "r1-0-op": "from"})
    text = clerk.post(url, {**sent, "do": "try"}).content.decode()
    assert "落后序时12个百分点以上（含）" in text and "1 项会变" in text and RuleSet.objects.count() == 1
    clerk.post(url, {**sent, "do": "adopt", "basis": "办公会第3次"})
    made = RuleSet.objects.get(version=2)
    assert made.basis == "办公会第3次" and made.content["rules"][1]["when"][0]["limit"] == 12
    assert light_actions.newest(plan)[light.task_id].colour == "yellow", "past lights stay"


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"r0-0-limit": "十"}, "要填一个数"),
        ({"r0-0-limit": "NaN"}, "要填一个数"),
        ({"r0-0-op": "under"}, "做得多的反而亮得重"),
        ({"k0-times": "x"}, "连续几期要填一个数"),
        ({"k0-times": "1"}, "连续次数至少为 2"),
        ({"name": ""}, "都要有名称"),
        ({"r0-colour": "violet"}, "没有“violet”这种灯"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_words(clerk, plan, changes, said):
    text = clerk.post(reverse("rules", args=[plan.pk]), {**filled(FAMILIES["points"], **changes), "do": "adopt"})
    assert said in text.content.decode() and RuleSet.objects.count() == 1


def test_everyone_reads_the_rules_the_office_keeps_them(client, plan, cast):
    for name in ("rules", "reporting"):
        url = reverse(name, args=[plan.pk])
        as_user(client, cast.head)
        assert client.get(url).status_code == 200 and client.post(url, {"do": "try"}).status_code == 403
        for user in (cast.outsider, cast.nobody):
            assert as_user(client, user).get(url).status_code == 403


REPORTED = {
    "kind": "month", "month_day": 20, "quarter_working_days": 10, "opens_days_before": 10, "locks_days_after": 5,
    "objection_days": 5, "by_risk": "on",
}  # fmt: skip


def test_the_reporting_rule_moves_the_periods(clerk, plan):
    url = reverse("reporting", args=[plan.pk])
    text = clerk.get(url).content.decode()
    assert "2026-04" in text and "报送频次" in text and "首次报送截止日" not in text
    assert "2026-05-20" in clerk.post(url, {**REPORTED, "do": "try"}).content.decode()
    assert not ReportingRule.objects.filter(plan=plan, month_day=20).exists(), "a preview writes nothing"
    clerk.post(url, REPORTED)
    assert ReportingRule.objects.get(plan=plan).month_day == 20
    assert str(plan.periods.get(name="2026-05").due_on) == "2026-05-20"
    assert "1 到 31" in clerk.post(url, {**REPORTED, "month_day": 40}).content.decode()


def test_a_year_planned_late_begins_on_its_first_due_day(clerk, cast, monkeypatch):
    monkeypatch.setenv("LUOSHI_TODAY", "2026-04-10")
    plan = issued(cast, name="late.txt")
    url = reverse("reporting", args=[plan.pk])
    assert 'value="2026-04-27"' in clerk.get(url).content.decode()
    late = {**REPORTED, "first_due": "2026-05-01"}
    text = clerk.post(url, {**late, "do": "try"}).content.decode()
    assert text.count("2026-05-06") == 4 and "顺延" in text and not plan.periods.exists()
    said = clerk.post(url, {**late, "first_due": "2027-03-01", "do": "plan"}).content.decode()
    assert "首次报送截止日要在 2026 年" in said and not plan.periods.exists()
    assert not ReportingRule.objects.filter(plan=plan).exists(), "all or nothing"
    clerk.post(url, {**late, "do": "plan"})
    first, *_others, last = plan.periods.order_by("cutoff")
    assert (str(first.due_on), str(last.due_on)) == ("2026-05-06", "2026-12-21")
    clerk.post(url, {**REPORTED, "month_day": 10})
    assert str(plan.periods.get(name="2026-01").due_on) == "2026-05-06", "nobody is late by a change of rule"
    assert str(plan.periods.get(name="2026-06").due_on) == "2026-06-10"


def test_a_light_is_set_by_two_people(clerk, client, plan, light, cast):
    url = reverse("light", args=[light.pk])
    clerk.post(url, {"do": "override", "colour": "green", "reason": "统计口径调整"})
    (request,) = OverrideRequest.objects.all()
    decide = reverse("override-decide", args=[request.pk])
    clerk.post(decide, {"agreed": "yes"})
    assert not LightOverride.objects.exists(), "not by the one who asked"
    assert "统计口径调整" in clerk.get(reverse("objections")).content.decode()
    assert as_user(client, cast.head).post(decide, {"agreed": "yes"}).status_code == 403
    as_user(client, cast.second_clerk).post(decide, {"agreed": "no"})
    assert OverrideRequest.objects.get().state == "asked", "a refusal needs words"
    client.post(decide, {"agreed": "yes"})
    assert LightOverride.objects.get().approved_by == cast.second_clerk
    assert "人工改为" in client.get(url).content.decode()


def test_a_unit_objects_within_the_window_and_another_decides(client, plan, light, cast, monkeypatch):
    url = reverse("light", args=[light.pk])
    monkeypatch.setenv("LUOSHI_TODAY", "2026-04-30")
    as_user(client, cast.head)
    assert "异议期到 2026-04-02 为止" in client.get(url).content.decode()
    client.post(url, {"do": "object", "reason": "雨季停工"})
    assert not Objection.objects.exists()
    monkeypatch.setenv("LUOSHI_TODAY", "2026-03-28")
    client.post(url, {"do": "object", "reason": "雨季停工"})
    objection = Objection.objects.get()
    assert "雨季停工" in client.get(reverse("objections")).content.decode()
    decide = reverse("objection-decide", args=[objection.pk])
    assert client.post(decide, {"upheld": "yes", "decision": "x"}).status_code == 403
    assert as_user(client, cast.outsider).get(url).status_code == 403
    as_user(client, cast.second_clerk).post(decide, {"upheld": "yes", "decision": "有气象证明"})
    assert Objection.objects.get().state == "upheld"
    rows = client.get(reverse("objections") + "?export=csv").content.decode("utf-8-sig")
    assert "有气象证明" in rows and "异议成立" in rows


def test_an_objection_is_taken_back(client, plan, light, cast, monkeypatch):
    monkeypatch.setenv("LUOSHI_TODAY", "2026-03-28")
    as_user(client, cast.head).post(reverse("light", args=[light.pk]), {"do": "object", "reason": "雨季停工"})
    objection = Objection.objects.get()
    client.post(reverse("objection-withdraw", args=[objection.pk]))
    assert Objection.objects.get().state == "withdrawn"
    assert re.search(r"0 份待复核", as_user(client, cast.auditor).get(reverse("objections")).content.decode())


def test_rules_and_objections_ask_no_more_for_more(clerk, cast, monkeypatch):
    monkeypatch.setenv("LUOSHI_TODAY", "2026-03-28")
    counts = []
    for size in (4, 24):
        plan = running(cast, size, name=f"{size}.txt")
        send(plan, cast, 老旧小区=1)
        light_actions.compute(plan.periods.get(name="2026-03"), at=AT)
        if size == 24:
            for one in list(light_actions.newest(plan).values())[:9]:
                clerk.post(reverse("light", args=[one.pk]), {"do": "override", "colour": "red", "reason": "试"})
        else:
            one = light_actions.newest(plan)[plan.tasks.all()[0].pk]
            clerk.post(reverse("light", args=[one.pk]), {"do": "override", "colour": "red", "reason": "试"})
        asked = []
        for url, sent in (
            (reverse("objections"), None),
            (reverse("rules", args=[plan.pk]), filled(FAMILIES["ratio"]) | {"do": "try"}),
        ):
            with CaptureQueriesContext(connection) as queries:
                answer = clerk.get(url) if sent is None else clerk.post(url, sent)
            assert answer.status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1], counts
