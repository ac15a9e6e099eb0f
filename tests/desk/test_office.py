"""The workbench and what it leads to: numbers that agree with the ledger, one click to remind and to light up."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from luoshi.people.models import Tenure
from luoshi.plans import set_up_actions
from luoshi.plans.models import DoneTest, Plan
from luoshi.progress import overview
from luoshi.progress.light_actions import adopt_rule_set, compute
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Light, LightOverride, Message, Period, Report
from luoshi.progress.period_actions import open_period, plan_periods, set_rule
from tests.cast import Cast
from tests.desk.test_rules import REPORTED
from tests.year import issued

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 20)


def running(cast: Cast, count: int = 4, *, name: str = "year.txt") -> Plan:
    """An issued plan with two periods opened: nobody has reported in either; both are lit."""
    plan = issued(cast, count, name=name)
    if not cast.county.rule_sets.exists():
        adopt_rule_set(cast.county, FAMILIES["deadline"], cast.clerk)
    set_rule(plan, {"by_risk": False}, cast.clerk)  # every task each month
    periods = plan_periods(plan, cast.clerk)
    for period in periods[3:5]:
        period.plan = plan
        open_period(period)
        compute(period)
    return plan


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LUOSHI_TODAY", DAY.isoformat())


def paint(plan: Plan, colour: str, cast: Cast, name: str = "2026-05") -> Light:
    """Set the first task's light by hand, as the action does, so that a light turns."""
    light = Light.objects.filter(task=plan.tasks.order_by("order").first(), period__name=name).latest("pk")
    LightOverride.objects.create(
        light=light, colour=colour, reason="现场看过", asked_by=cast.clerk, approved_by=cast.second_clerk, at=light.at
    )
    return light


def page(user, address: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_each_number_of_the_workbench_is_the_number_of_its_ledger(cast: Cast, at):
    plan = running(cast, 9)
    paint(plan, "red", cast)
    shown = page(cast.clerk, "/")
    numbers = re.findall(r'href="(/plans/\d+/\?[^"]*light=[^"]*)" data-light="[^"]*"><b class="num">(\d+)', shown)
    assert sum(int(n) for _a, n in numbers) == 9
    for address, n in numbers:
        ledger = page(cast.clerk, address.replace("&amp;", "&"))
        assert ledger.count('<td class="key"') == int(n), address


def test_what_turned_is_named_with_its_sentence_and_exported(cast: Cast, at):
    plan = running(cast)
    light = paint(plan, "yellow", cast)
    shown = page(cast.clerk, "/")
    assert "人工改灯" in shown
    assert light.sentence in shown
    client = Client()
    client.force_login(cast.clerk)
    answer = client.get(f"/plans/{plan.pk}/periods/2026-05/turned/xlsx/")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert next(c.value for c in sheet[2]) == light.task.key
    assert [c.value for c in sheet[2]][4] == "黄灯"
    assert client.get(f"/plans/{plan.pk}/periods/2026-05/turned/pdf/").status_code == 404


def test_one_click_reminds_each_unit_once_a_day(cast: Cast, at):
    plan = running(cast)
    client = Client()
    client.force_login(cast.clerk)
    owing = {r.unit_id for r in Report.objects.filter(period__name="2026-05")}
    address = f"/plans/{plan.pk}/periods/2026-05/remind/"
    said = client.post(address, follow=True).content.decode()
    assert f"已催 {len(owing)} 个单位" in said
    assert set(Message.objects.filter(kind__startswith="office").values_list("unit", flat=True)) == owing
    assert "没有重复发" in client.post(address, follow=True).content.decode()
    assert Message.objects.filter(kind__startswith="office").count() == len(owing)


def test_nobody_left_to_remind_is_said(cast: Cast, at):
    plan = running(cast)
    Report.objects.update(state=Report.State.ACCEPTED)
    client = Client()
    client.force_login(cast.clerk)
    said = client.post(f"/plans/{plan.pk}/periods/2026-05/remind/", follow=True).content.decode()
    assert "都报了" in said
    assert not Message.objects.filter(kind__startswith="office").exists()


def test_lighting_up_says_what_it_did(cast: Cast, at):
    plan = running(cast)
    client = Client()
    client.force_login(cast.clerk)
    said = client.post(f"/plans/{plan.pk}/periods/2026-05/light-up/", follow=True).content.decode()
    assert "判了 4 项" in said
    said = client.post(f"/plans/{plan.pk}/periods/2026-04/light-up/", follow=True).content.decode()
    assert "下一期已经亮灯" in said
    assert client.post(f"/plans/{plan.pk}/periods/1999-01/light-up/").status_code == 404


def test_periods_are_planned_from_the_workbench(cast: Cast, at):
    plan = issued(cast)
    client = Client()
    client.force_login(cast.clerk)
    text = client.get("/").content.decode()
    assert "还没有安排报送期次" in text and f"/plans/{plan.pk}/reporting/" in text
    client.post(f"/plans/{plan.pk}/reporting/", {**REPORTED, "do": "plan"})
    assert Period.objects.filter(plan=plan).exists()


def test_auditors_read_and_do_nothing_and_strangers_see_nothing(cast: Cast, at):
    plan = running(cast)
    shown = page(cast.auditor, "/")
    assert "2026-05" in shown
    assert "light-up" not in shown
    assert "/remind/" not in shown
    for user in (cast.auditor, cast.outsider, cast.liaison, cast.account_admin):
        client = Client()
        client.force_login(user)
        for verb in ("light-up", "remind"):
            assert client.post(f"/plans/{plan.pk}/periods/2026-05/{verb}/").status_code == 403
    for user in (cast.outsider, cast.liaison):
        client = Client()
        client.force_login(user)
        for address in ("heatmap/", "heatmap/export/csv/", "periods/2026-05/late/csv/"):
            assert client.get(f"/plans/{plan.pk}/{address}").status_code == 403
        post = Tenure.objects.get(user=cast.leader).post_id
        assert client.get(f"/posts/{post}/").status_code == 403
        assert client.get(f"/posts/{post}/export/csv/").status_code == 403


def test_each_role_is_sent_to_its_own_page(cast: Cast, at):
    running(cast)
    for user, start in ((cast.leader, "/posts/"), (cast.liaison, "/units/")):
        client = Client()
        client.force_login(user)
        assert client.get("/").headers["Location"].startswith(start)


def test_the_leader_sees_exceptions_first_and_the_change_of_leader(cast: Cast, at):
    plan = running(cast)
    light = paint(plan, "red", cast)
    post = Tenure.objects.get(user=cast.leader).post
    Tenure.objects.filter(user=cast.leader).update(since=date(2026, 4, 1))
    Tenure.objects.create(post=post, person="阮承野", since=date(2025, 1, 1), until=date(2026, 3, 31))
    shown = page(cast.leader, f"/posts/{post.pk}/")
    assert shown.index(light.task.key) < shown.index("其余 3 项")
    assert "4 项任务里，1 项需要您看" in shown
    assert "阮承野 2025-01-01—2026-03-31" in shown
    client = Client()
    client.force_login(cast.leader)
    sheet = load_workbook(io.BytesIO(client.get(f"/posts/{post.pk}/export/xlsx/").content)).active
    assert sheet.max_row == 5
    assert [c.value for c in sheet[1]][-2:] == ["2026-04", "2026-05"]


def test_a_leaders_numbers_lead_to_their_tasks(cast: Cast, at):
    plan = running(cast, 9)
    light = paint(plan, "red", cast)
    address = f"/posts/{Tenure.objects.get(user=cast.leader).post_id}/"
    shown = page(cast.leader, address)
    counted = re.findall(r'href="\?light=(\w+)"(?:(?!</a>).)*<b class="num">(\d+)</b></a>', shown, re.S)
    assert dict(counted)["red"] == "1" and sum(int(n) for _code, n in counted) == 9
    for code, n in counted:
        found = page(cast.leader, f"{address}?light={code}")
        assert found.count('<article class="ex"') + found.count('<li><div><span class="key"') == int(n), code
    assert light.task.key in page(cast.leader, f"{address}?light=red")
    owed = plan.periods.get(name="2026-05").reports.values("task").distinct().count()
    missing = page(cast.leader, f"{address}?light=missing")
    assert f"本期还有 {owed} 项没有报" in missing
    assert missing.count('<article class="ex"') + missing.count('<li><div><span class="key"') == owed


def test_what_waits_is_counted_as_its_page_lists_it(cast: Cast, at):
    plan = running(cast, 9)
    set_up_actions.prepare(plan, cast.clerk)
    shown = page(cast.clerk, "/")
    n = re.search(r'only=words"><b class="num">(\d+)', shown)[1]
    listed = page(cast.clerk, f"/plans/{plan.pk}/set-up/?only=words")
    tests = DoneTest.objects.filter(task__plan=plan, confirmed_at=None)
    assert int(n) == tests.count() and listed.count('<td class="key">') == len({t.task_id for t in tests})
    for part in ("/review/", "/adjustments/?state=open", "/set-up/?state=leader_signed"):
        assert part in shown


def test_the_heatmap_counts_as_the_ledger_does(cast: Cast, at):
    plan = running(cast, 9)
    paint(plan, "red", cast)
    shown = page(cast.clerk, f"/plans/{plan.pk}/heatmap/")
    links = re.findall(
        r'href="(/plans/\d+/\?unit=\d+&amp;[^"]*(?:light|state)=\w+)" [^>]*>(?:<svg.*?</svg>)?\D*(\d+)', shown
    )
    assert links
    for address, n in links:
        assert page(cast.clerk, address.replace("&amp;", "&")).count('<td class="key"') == int(n), address
    client = Client()
    client.force_login(cast.clerk)
    sheet = load_workbook(io.BytesIO(client.get(f"/plans/{plan.pk}/heatmap/export/xlsx/").content)).active
    tasks = overview.answering(plan)
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [u.short_name for u in overview.lead_units(tasks)]


def test_the_calendar_has_months_a_list_and_a_file_for_telephones(cast: Cast, at):
    from icalendar import Calendar

    running(cast)
    assert "报送截止" in page(cast.clerk, "/calendar/?month=2026-05")
    assert "报送截止" in page(cast.liaison, "/calendar/?month=2026-05&view=list")
    for month in ("nonsense", "9999-12", "0001-01"):
        assert "2026-05" in page(cast.clerk, f"/calendar/?month={month}")
    client = Client()
    client.force_login(cast.clerk)
    read = Calendar.from_ical(client.get("/calendar/luoshi.ics?month=2026-05").content)
    days = [e for e in read.walk("VEVENT") if "2026-05" in str(e["SUMMARY"])]
    assert len(days) == 3
    due = Period.objects.get(name="2026-05").due_on
    assert due in [e["DTSTART"].dt for e in days]
    assert len({e["UID"] for e in read.walk("VEVENT")}) == len(read.walk("VEVENT"))
    assert client.get("/calendar/export/csv/").content.startswith(b"\xef\xbb\xbf")
    assert client.get("/calendar/export/pdf/").status_code == 404


def test_an_outsider_calendar_is_empty_of_ours(cast: Cast, at):
    running(cast)
    assert "报送截止" not in page(cast.outsider, "/calendar/?month=2026-05")


def costs(cast: Cast, count: int) -> list[int]:
    """Queries of each page with a plan of so many tasks, which is taken away again."""
    with transaction.atomic():
        plan = running(cast, count)
        post = Tenure.objects.get(user=cast.leader).post_id
        asked = []
        for user, address in (
            (cast.clerk, f"/?plan={plan.pk}"),
            (cast.clerk, f"/plans/{plan.pk}/heatmap/"),
            (cast.clerk, f"/plans/{plan.pk}/?light=behind&state=missing"),
            (cast.clerk, "/calendar/?month=2026-12"),
            (cast.leader, f"/posts/{post}/"),
            (cast.leader, "/calendar/?month=2026-12"),
            (cast.liaison, "/calendar/?month=2026-12"),
        ):
            client = Client()
            client.force_login(user)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            asked.append(len(caught))
        transaction.set_rollback(True)
    return asked


def test_pages_cost_the_same_for_four_tasks_and_for_sixty(cast: Cast, at):
    few, many = costs(cast, 4), costs(cast, 60)
    print("queries:", many)
    assert few == many
    assert max(many) <= 40
