"""The task page through the year: light, curves, timeline, evidence, and who may see what."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from luoshi.progress.models import Evidence, Light, LightNote
from tests.desk import lived
from tests.desk.test_reading import queries

LOGIN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def july(monkeypatch):
    monkeypatch.setenv("LUOSHI_TODAY", "2026-07-30")


@pytest.fixture
def plan(cast):
    plan = lived.begun(cast)
    lived.live(plan, cast, range(3, 3 + 2))
    return plan


def page_of(plan) -> str:
    return reverse("task", args=[plan.pk, lived.the_task(plan).key])


def text_of(client, url) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_the_light_says_why_under_which_rules_and_what_was_set_by_hand(clerk, plan):
    text = text_of(clerk, page_of(plan))
    assert "2026-04 的灯" in text and "按规则算的是" in text and "已追上" in text
    assert "按落后百分点 v1" in text and "澜政办发〔2026〕2号" in text and "落后序时" in text
    assert "应到" in text and "落后" in text


def test_a_past_light_caught_up_later_keeps_its_colour_with_a_note(clerk, plan):
    light = Light.objects.filter(task=lived.the_task(plan)).order_by("period__cutoff")[0]
    LightNote.objects.create(light=light, shown_as="yellow", text="已于 2026-09 补上：现有 12 个。", at=lived.stamp(9))
    past = text_of(clerk, page_of(plan)).split("各期的灯")[1]
    assert "已于 2026-09 补上：现有 12 个。" in past
    assert "补上后记为" in past and past.index("补上后记为") < past.index("黄灯", past.index("补上后记为"))


def test_both_values_stand_beside_each_other(clerk, plan):
    text = text_of(clerk, page_of(plan))
    assert re.search(r"现定\s+16", text) and re.search(r"原定\s+12", text)
    assert "按季度比例：10%、40%、70%、100%" in text and "县住建局验收台账" in text and "约晚 5 天" in text
    assert "竣工验收合格" in text


def test_shares_are_added_up(clerk, plan):
    text = text_of(clerk, page_of(plan))
    assert "第 1 片" in text and "少 5 个，还没有分下去" in text  # 16 as adjusted, less 5 and 6


def test_the_timeline_tells_everything_newest_first(clerk, plan):
    text = text_of(clerk, page_of(plan))
    for said in (
        "数字含未验收的",
        "已撤回或退回，不再计",
        "4 月更正后",
        "现场核实",
        "管道涨价",
        "理由不足",
        "资金未到位",
        "立账",
    ):
        assert said in text, said
    html = clerk.get(page_of(plan)).content.decode()
    times = re.findall(r'<time datetime="([^"]+)"', html)
    assert times == sorted(times, reverse=True) and len(times) > 15


def test_the_timeline_is_filtered(clerk, plan):
    text = text_of(clerk, page_of(plan) + "?show=review").split("经过")[1]
    assert "数字含未验收的" in text and "更正后：小区" not in text and "立账" not in text.split("留痕")[0]
    assert clerk.get(page_of(plan) + "?show=evil").status_code == 200


def test_the_history_stands_with_digests(clerk, plan):
    html = clerk.get(page_of(plan)).content.decode()
    assert "留痕" in html and len(re.findall(r'title="sha256 [0-9a-f]{64}"', html)) >= 10
    assert reverse("history") in html


def test_queries_do_not_grow_with_the_months(clerk, cast):
    plan = lived.begun(cast)
    lived.live(plan, cast, range(3, 3 + 1))
    one = queries(clerk, page_of(plan))
    lived.live(plan, cast, range(4, 11))
    assert queries(clerk, page_of(plan)) == one


def test_who_may_see_the_task(client, cast, plan):
    for user, wanted in (
        (cast.liaison, 200),
        (cast.leader, 200),
        (cast.auditor, 200),
        (cast.outsider, 403),
        (cast.nobody, 403),
    ):
        client.force_login(user, backend=LOGIN)
        assert client.get(page_of(plan)).status_code == wanted, user


def test_a_draft_is_its_units_own(client, cast, plan):
    from luoshi.progress import report_actions
    from luoshi.progress.drafts import Change
    from luoshi.progress.period_actions import open_period

    open_period(plan.periods.get(name="2026-05"), at=lived.stamp(5, 16))
    report = lived.report_of(plan, 5)
    report_actions.save_draft(report, {"progress": Change(None, "草稿里的话")}, cast.liaison)
    for user in (cast.auditor, cast.leader):
        client.force_login(user, backend=LOGIN)
        assert "草稿里的话" not in text_of(client, page_of(plan))


def test_evidence_opens_for_those_who_see_its_report(client, cast, plan):
    row = Evidence.objects.order_by("pk").first()
    url = reverse("evidence", args=[row.pk])
    for user, wanted in ((cast.clerk, 200), (cast.liaison, 200), (cast.outsider, 403), (cast.nobody, 403)):
        client.force_login(user, backend=LOGIN)
        assert client.get(url).status_code == wanted, user
    client.force_login(cast.clerk, backend=LOGIN)
    shown = client.get(url)
    assert shown.content.startswith(b"%PDF") and shown["Content-Type"] == "application/pdf"
    assert shown["X-Content-Type-Options"] == "nosniff" and shown["Content-Disposition"].startswith("inline;")
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert client.get(url + "?download=1")["Content-Disposition"].startswith("attachment;")


def test_evidence_of_another_kind_is_only_downloaded(client, cast, plan):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from luoshi.progress import evidence_actions
    from luoshi.progress.period_actions import open_period

    open_period(plan.periods.get(name="2026-05"), at=lived.stamp(5, 16))
    paper = SimpleUploadedFile("说明.txt", b"<script>alert(1)</script>")
    use = evidence_actions.attach(lived.report_of(plan, 5), paper, cast.liaison)
    client.force_login(cast.liaison, backend=LOGIN)
    answer = client.get(reverse("evidence", args=[use.evidence_id]))
    assert answer["Content-Type"] == "application/octet-stream" and answer["Content-Disposition"].startswith(
        "attachment;"
    )
    assert "sandbox" in answer["Content-Security-Policy"]
    client.force_login(cast.auditor, backend=LOGIN)  # the report is a draft still
    assert client.get(reverse("evidence", args=[use.evidence_id])).status_code == 403


def test_a_damaged_file_is_not_handed_out(client, cast, plan):
    from pathlib import Path

    row = Evidence.objects.order_by("pk").first()
    place = Path(row.file.path)
    kept = place.read_bytes()
    place.chmod(0o640)
    place.write_bytes(b"%PDF another")
    try:
        client.force_login(cast.clerk, backend=LOGIN)
        answer = client.get(reverse("evidence", args=[row.pk]))
        assert answer.status_code == 410 and "损坏" in answer.content.decode()
    finally:
        place.write_bytes(kept)


def test_the_english_page_is_english(clerk, plan):
    from django.conf import settings

    clerk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = clerk.get(page_of(plan)).content.decode()
    assert "What happened" in html and "Set by hand" in html and "经过" not in html
