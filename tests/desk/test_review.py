"""The review queue: what it shows, what it lets happen, and that it costs the same however long it is."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luoshi.desk import reviewing
from luoshi.progress import report_actions, review_actions
from luoshi.progress.checks import Check
from luoshi.progress.models import Message, Report
from luoshi.progress.period_actions import open_period
from luoshi.supervision.models import Sample, Verification
from tests.desk.running import as_user, report_of, running, send


@pytest.fixture
def plan(cast):
    return running(cast)


def page(client, query=""):
    answer = client.get(reverse("review") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def second_month(plan, cast):
    """March accepted, April sent with the same words and a smaller figure."""
    review_actions.accept([send(plan, cast, 老旧小区=5)], cast.clerk)
    open_period(plan.periods.get(name="2026-04"))
    return send(plan, cast, name="2026-04", note="原多报一个", 老旧小区=4)


def test_a_report_stands_beside_last_periods_with_its_checks_in_words(clerk, plan, cast):
    second_month(plan, cast)
    text = page(clerk)
    assert "还有 1 份待审" in text and "与上期相同 100%" in text
    assert "是累计数，却从 5 降到 4。" in text and "与 2026-04" not in text and "与 2026-03 比" in text
    row = re.search(r"<tr><td>[^<]*老旧小区.*?</tr>", text, re.S)
    assert row and ">5</td>" in row[0] and "<b>4</b>" in row[0] and ">12</td>" in row[0]


def test_words_that_changed_are_marked():
    assert reviewing.diff("已完成5个小区", "已完成12个小区")[1:3] == [("del", "5"), ("ins", "12")]
    assert reviewing.diff("", "新") == [("ins", "新")]
    assert "".join(w for m, w in reviewing.diff("甲乙丙", "甲丁丙") if m != "del") == "甲丁丙"


@pytest.mark.parametrize(
    "check",
    [
        Check("copied", "progress", {"likeness": 97}),
        Check("fell", "x", {"from": "5", "to": "4"}),
        Check("restated", "x", {"cutoff": "2026-03-31", "from": "5", "to": "4"}),
        Check("late_jump", "x", {"share": 50, "from": "5", "to": "11"}),
        Check("evidence_before", "x.pdf", {"reports": ["甲", "乙"]}),
        Check("parts", "x", {"parts": "5", "whole": "6"}),
        Check("estimate", "x", {"cutoff": "2026-03-31"}),
        Check("unsupported", "x", {}),
        Check("disputed", "望潮街道", {"text": "没有进场"}),
    ],
)
def test_every_check_has_its_sentence(check):
    code, name, sentence = reviewing.in_words(check)
    assert code in reviewing.CHECKS and name and "%" not in sentence.replace("%，", "").replace("%。", "")
    assert all(str(value) in sentence or isinstance(value, list) for value in check.said.values())


def seen(*reports) -> dict[str, int]:
    """What the forms say besides: the round of each report that was shown."""
    return {f"seen-{report.pk}": report.round for report in reports}


def test_accepted_returned_asked_verified_from_the_page(clerk, plan, cast):
    first, second = send(plan, cast), send(plan, cast, 1)
    assert str(first.pk) in page(clerk)
    clerk.post(reverse("review-return", args=[first.pk]), {"reason": " ", **seen(first)})
    assert report_of(plan).state == "submitted"
    clerk.post(
        reverse("review-ask", args=[first.pk]),
        {"co_unit": cast.units["望潮街道"].pk, "question": "哪几个小区？", **seen(first)},
    )
    assert Message.objects.filter(unit=cast.units["望潮街道"], kind="asked").exists()
    clerk.post(
        reverse("review-verify", args=[first.pk]),
        {"method": "telephone", "result": "true", "note": "已问三户", "on": "2026-03-27", **seen(first)},
    )
    assert Verification.objects.get().get_method_display() == "电话核查" and "已问三户" in page(clerk)
    answer = clerk.post(
        reverse("review-return", args=[first.pk]), {"reason": "请附验收单", "after": second.pk, **seen(first)}
    )
    assert answer.headers["Location"].endswith(f"?report={second.pk}") and report_of(plan).state == "returned"
    clerk.post(reverse("review-accept"), {"reports": [second.pk], **seen(second)})
    assert report_of(plan, 1).state == "accepted" and "都审完了" in page(clerk)


def test_what_was_sent_in_anew_meanwhile_is_not_decided_unseen(clerk, plan, cast):
    """The page shows round 1; before the click the unit takes it back and sends in other figures."""
    first = send(plan, cast)
    shown = dict(re.findall(r'name="(seen-\d+)" value="(\d+)"', page(clerk)))
    assert shown == {f"seen-{first.pk}": "1"}
    report_actions.take_back(report_of(plan), cast.head)
    report_actions.submit([report_of(plan)], cast.head)
    posts: dict[str, dict[str, Any]] = {
        reverse("review-accept"): {"reports": [first.pk]},
        reverse("review-return", args=[first.pk]): {"reason": "请附验收单"},
        reverse("review-ask", args=[first.pk]): {"co_unit": cast.units["望潮街道"].pk, "question": "哪几个小区？"},
        reverse("review-verify", args=[first.pk]): {
            "method": "telephone", "result": "true", "note": "已问三户", "on": "2026-03-27",
        },
    }  # fmt: skip
    for url, said in posts.items():
        for token in (shown, {}):
            answer = clerk.post(url, {**said, **token}, follow=True)
            assert "又重新报送过" in answer.content.decode(), url
    again = report_of(plan)
    assert again.state == "submitted" and not Verification.objects.exists() and not again.reviews.exists()
    clerk.post(reverse("review-accept"), {"reports": [first.pk], **seen(again)})
    assert report_of(plan).state == "accepted"


def test_those_without_a_hint_are_accepted_together_and_nobody_accepts_his_own(clerk, plan, cast):
    for number in (0, 1):
        send(plan, cast, number)
    Report.objects.filter(pk=report_of(plan, 1).pk).update(signed_by=cast.clerk)
    text = page(clerk)
    assert "没有提示的 1 份都通过" in text
    pks = re.findall(r'name="reports" value="(\d+)"', text.split("</form>")[0])
    both = [report_of(plan, n) for n in (0, 1)]
    clerk.post(reverse("review-accept"), {"reports": [r.pk for r in both], **seen(*both)})
    assert report_of(plan).state == "submitted", "all or none"
    named = re.findall(r'name="reports" value="(\d+)"', text)[:1] or pks
    clerk.post(reverse("review-accept"), {"reports": named, **seen(*both)})
    assert report_of(plan).state == "accepted"


def test_filters_and_export_agree(clerk, plan, cast):
    second_month(plan, cast)
    send(plan, cast, 1)
    assert "还有 2 份待审" in page(clerk) and page(clerk, "?check=fell").count('<li><a href="?') == 1
    assert page(clerk, "?check=none&period=2026-03").count('<li><a href="?') == 1
    assert "没有符合的报告" in page(clerk, "?check=parts") and page(clerk, "?unit=%00x&report=zz")
    answer = clerk.get(reverse("review-export", args=["csv"]) + "?check=fell")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2 and "却从 5 降到 4" in rows[1][-1]
    assert clerk.get(reverse("review-export", args=["pdf"])).status_code == 404


def test_only_the_office_and_only_its_own(client, plan, cast):
    sent = send(plan, cast)
    for user in (cast.liaison, cast.head, cast.leader, cast.nobody):
        assert as_user(client, user).get(reverse("review")).status_code == 403
    read_only = page(as_user(client, cast.auditor))
    assert "已进场" in read_only or sent.unit.short_name in read_only
    assert not any(reverse(f"review-{verb}", args=[sent.pk]) in read_only for verb in ("return", "ask", "verify"))
    assert reverse("review-accept") not in read_only
    for name in ("review-return", "review-verify"):
        assert client.post(reverse(name, args=[sent.pk]), {"reason": "x"}).status_code == 403
    as_user(client, cast.outsider)
    assert str(sent.task.key) not in client.get(reverse("review")).content.decode()
    for name in ("review-return", "review-ask", "review-verify"):
        assert client.post(reverse(name, args=[sent.pk]), {"reason": "x"}).status_code == 403
    client.post(reverse("review-accept"), {"reports": [sent.pk]})
    assert report_of(plan).state == "submitted"


def test_a_longer_queue_asks_no_more(clerk, cast):
    counts = []
    for size in (4, 24):
        plan = running(cast, size, name=f"{size}.txt")
        Report.objects.exclude(task__plan=plan).update(state="accepted")
        for number in range(size):
            if cast.units["县住建局"].pk in plan.tasks.all()[number].lead_units:
                send(plan, cast, number)
        clerk.get(reverse("review"))
        with CaptureQueriesContext(connection) as asked:
            page(clerk)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_a_sample_is_drawn_logged_and_found_out(clerk, client, plan, cast):
    for number in (0, 1):
        send(plan, cast, number)
    period = plan.periods.get(name="2026-03")
    url = reverse("samples", args=[plan.pk])
    clerk.post(url, {"period": period.pk, "size": "9", "seed": "x"})
    assert not Sample.objects.exists()
    clerk.post(url, {"period": period.pk, "size": "1", "seed": "会议3号"})
    sample = Sample.objects.get()
    assert "2 份里抽 1 份" in clerk.get(url).content.decode() and "已核 0 / 1" in clerk.get(url).content.decode()
    clerk.post(
        reverse("review-verify", args=[sample.reports[0]]),
        {"sample": sample.pk, "method": "on_site", "result": "partly", "note": "一处没有进场", "on": "2026-03-28"}
        | {f"seen-{sample.reports[0]}": 1},
    )
    assert "已核 1 / 1" in clerk.get(url).content.decode()
    assert as_user(client, cast.head).get(url).status_code == 403
    as_user(client, cast.auditor)
    assert client.get(url).status_code == 200 and client.post(url, {}).status_code == 403
