"""The unit's page: what is due, drafted by two, signed, sent in, taken back; who may not; and it costs the same for any size."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luoshi.cli.example.papers import letter, picture
from luoshi.people.permissions import forget_memberships
from luoshi.plans.models import RosterPlace, Schedule, Target
from luoshi.progress.burden import burdens, minutes
from luoshi.progress.drafts import Change
from luoshi.progress.models import Evidence, Measurement, Report
from luoshi.progress.period_actions import lock_period, open_period, plan_periods
from luoshi.progress.report_actions import save_draft, submit
from luoshi.progress.review_actions import send_back
from tests.cast import Cast
from tests.year import issued

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def plan(cast: Cast):
    """Four tasks; March reported by 县住建局, April open."""
    return running(cast)


def running(cast: Cast, count: int = 4):
    plan = issued(cast, count)
    plan_periods(plan)
    open_period(plan.periods.get(name="2026-03"))
    mine = list(Report.objects.filter(period__plan=plan, unit=cast.units["县住建局"]))
    for report in mine:
        target = Target.objects.filter(task=report.task).first()
        changes = {"progress": Change(None, "三月完成摸排"), f"target.{target.pk}": Change(None, {"value": "2"})}
        save_draft(report, changes, cast.liaison)
    submit(mine, cast.head)
    lock_period(plan.periods.get(name="2026-03"))
    open_period(plan.periods.get(name="2026-04"))
    return plan


def page(client, cast: Cast, who: str = "liaison", unit: str = "县住建局"):
    user = getattr(cast, who)
    forget_memberships(user)
    client.force_login(user, backend=BACKEND)
    return client.get(reverse("unit", args=[cast.units[unit].pk]))


def april(plan, number: int = 0) -> Report:
    return Report.objects.get(task=plan.tasks.all()[number], period__name="2026-04")


def save(client, report: Report, changes: dict, base=None):
    body = {"changes": {name: {"base": base, "value": value} for name, value in changes.items()}}
    return client.post(reverse("report-draft", args=[report.pk]), json.dumps(body), content_type="application/json")


def test_the_page_shows_what_is_due_with_the_last_values(plan, cast: Cast, client):
    text = page(client, cast).content.decode()
    assert "改造老旧小区12个" in text and text.count("data-report=") == 2
    assert 'value="2"' in text and "三月完成摸排" in text and "全年 12个" in text
    assert "签发报送" not in text.split("js-text")[0].split('id="sign"')[1].split("</form>")[0]  # the head signs
    assert "签发报送" in page(client, cast, "head").content.decode().split('id="sign"')[1].split("</form>")[0]


def test_typing_is_saved_and_two_writers_are_merged(plan, cast: Cast, client):
    report = april(plan)
    page(client, cast)
    first = save(client, report, {"progress": "甲小区完成。乙小区推进。"}).json()
    assert first["version"] == 1 and first["state"] == "draft"
    page(client, cast, "head")
    save(client, report, {"progress": "甲小区完成验收。乙小区推进。"}, "甲小区完成。乙小区推进。")
    page(client, cast)
    merged = save(client, report, {"progress": "甲小区完成。乙小区推进，丙开工。"}, "甲小区完成。乙小区推进。").json()
    assert merged["merged"] == {"progress": "甲小区完成验收。乙小区推进，丙开工。"}
    assert save(client, report, {"state": "accepted"}).status_code == 422
    broken = client.post(reverse("report-draft", args=[report.pk]), "[", content_type="application/json")
    assert broken.status_code == 422


def test_without_script_a_plain_form_saves(plan, cast: Cast, client):
    page(client, cast)
    report = april(plan)
    said = client.post(
        reverse("report-draft", args=[report.pk]), {"progress": "完成三个", "problem": "", "next_step": ""}
    )
    assert said.status_code == 302
    report.refresh_from_db()
    assert report.draft["progress"]["value"] == "完成三个"


def test_head_signs_all_that_is_filled_and_takes_back(plan, cast: Cast, client):
    page(client, cast)
    one, other = april(plan), april(plan, 1)
    save(client, one, {"unchanged": True})
    refused = client.post(reverse("unit-submit", args=[one.unit_id]), follow=True)
    assert "没有在" in refused.content.decode() or refused.status_code == 403
    page(client, cast, "head")
    sent = client.post(reverse("unit-submit", args=[one.unit_id]), follow=True)
    assert "1 项已签发报送" in sent.content.decode()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.unchanged, other.state) == ("submitted", True, "asked")
    client.post(reverse("report-take-back", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "draft"


def test_a_liaison_asks_the_head_to_sign_once_a_day(plan, cast: Cast, client):
    assert "请负责人签发" in page(client, cast).content.decode()
    where = reverse("unit-ready", args=[cast.units["县住建局"].pk])
    assert "还没有填好的" in client.post(where, follow=True).content.decode()
    save(client, april(plan), {"progress": "四月完成招标"})
    assert "已请负责人签发" in client.post(where, follow=True).content.decode()
    assert "今天已经请负责人签发过了" in client.post(where, follow=True).content.decode()
    assert "请签发：2026-04 已填好 1 项。" in page(client, cast, "head").content.decode()
    page(client, cast, "clerk")
    assert client.post(where).status_code == 403
    assert april(plan).state == "draft"


def test_a_returned_report_says_why(plan, cast: Cast, client):
    page(client, cast, "head")
    report = april(plan)
    save(client, report, {"progress": "完成"})
    client.post(reverse("unit-submit", args=[report.unit_id]), {"report": report.pk})
    send_back(report, "请补验收单", cast.clerk)
    text = page(client, cast).content.decode()
    assert (
        "退回原因" in text
        and "请补验收单" in text
        and f'data-url="{reverse("report-draft", args=[report.pk])}"' in text
    )


def test_what_was_sent_stands_in_its_boxes(plan, cast: Cast, client):
    page(client, cast, "head")
    report = april(plan)
    target = report.task.targets.first()
    save(client, report, {f"target.{target.pk}": {"value": "6060", "cutoff": str(report.period.cutoff)}})
    client.post(reverse("unit-submit", args=[report.unit_id]), {"report": report.pk})
    for who in ("liaison", "head", "clerk"):
        box = page(client, cast, who).content.decode().split(f'id="v{report.pk}-{target.pk}"')[1].split(">")[0]
        assert 'value="6060"' in box and "disabled" in box


def test_a_figure_on_record_is_shown_and_not_asked_again(plan, cast: Cast, client):
    report = april(plan)
    target = report.task.targets.first()
    held = Measurement(
        target=target, value=5, cutoff=report.period.cutoff, basis="official", at="2026-04-26T00:00:00Z", by=cast.clerk
    )
    held.save()
    text = page(client, cast).content.decode()
    assert "已有，不再要" in text and f'data-field="target.{target.pk}"' not in text


def test_what_is_published_at_the_year_s_end_is_not_asked(plan, cast: Cast, client):
    task = april(plan).task
    target = task.targets.all()[0]
    Schedule.objects.create(target=target, starts_on="2026-01-01", ends_on="2026-12-31", annual_only=True, grain="year")
    assert "年底才有，本期不要" in page(client, cast).content.decode()


def test_a_roster_is_ticked(plan, cast: Cast, client):
    target = april(plan).task.targets.all()[0]
    place = RosterPlace.objects.create(target=target, name="望潮里")
    assert f'data-field="place.{place.pk}"' in page(client, cast).content.decode()
    save(client, april(plan), {f"place.{place.pk}": {"done": True}})
    assert '<span class="cnt">1</span> / 1' in page(client, cast).content.decode()


def test_files_are_received_used_again_and_taken_away(plan, cast: Cast, client):
    page(client, cast)
    one, other = april(plan), april(plan, 1)
    files = [
        letter("验收单.pdf", ["一"]),
        picture("现场照片.jpg", "一"),
    ]
    shown = client.post(reverse("report-evidence", args=[one.pk]), {"files": files}, headers={"HX-Request": "true"})
    assert shown.status_code == 200 and "验收单.pdf" in shown.content.decode()
    assert set(Evidence.objects.values_list("name", "kind")) == {
        ("验收单.pdf", "acceptance"),
        ("现场照片.jpg", "photo"),
    }
    paper = Evidence.objects.get(kind="acceptance")
    client.post(reverse("report-evidence", args=[other.pk]), {"evidence": paper.pk})
    assert other.evidence_uses.get().evidence == paper
    client.post(reverse("evidence-remove", args=[other.evidence_uses.get().pk]))
    assert not other.evidence_uses.exists()
    empty = client.post(reverse("report-evidence", args=[one.pk]), headers={"HX-Request": "true"})
    assert empty.status_code == 422
    said = {"kind": "approval", "dated": "2026-04-20", "source": "县发改局"}
    typed = {"files": [letter("关于立项的函.pdf", ["二"])], **said}
    shown = client.post(reverse("report-evidence", args=[one.pk]), typed, headers={"HX-Request": "true"})
    assert "批复文件 · 2026-04-20 · 县发改局" in shown.content.decode()
    wrong = {"files": [letter("另一份.pdf", ["三"])], "dated": "四月"}
    assert client.post(reverse("report-evidence", args=[one.pk]), wrong, headers={"HX-Request": "1"}).status_code == 422


def test_a_file_that_is_none_is_said_by_name_and_the_others_are_kept(plan, cast: Cast, client):
    page(client, cast)
    one = april(plan)
    save(client, one, {"progress": "写了一半"})
    files = [
        SimpleUploadedFile("坏的.pdf", b"%PDF-1.4 torn"),
        letter("验收单.pdf", ["一"]),
        SimpleUploadedFile("空.png", b""),
    ]
    told = client.post(reverse("report-evidence", args=[one.pk]), {"files": files}, headers={"HX-Request": "true"})
    said = unquote(told["X-Sentence"])
    assert told.status_code == 200 and "验收单.pdf" in told.content.decode()
    assert "“坏的.pdf”打不开" in said and "“空.png”是空文件" in said
    one.refresh_from_db()
    assert one.draft["progress"]["value"] == "写了一半" and Evidence.objects.count() == 1


def test_a_co_unit_adds_its_part(plan, cast: Cast, client):
    from luoshi.people.actions import add_member

    add_member(cast.county, cast.nobody, "liaison", cast.units["望潮街道"])
    text = page(client, cast, "nobody", "望潮街道").content.decode()
    assert "补充或异议" in text
    report = april(plan)
    data = {"task": report.task_id, "period": report.period_id}
    client.post(reverse("unit-part", args=[cast.units["望潮街道"].pk]), data)
    part = Report.objects.get(unit=cast.units["望潮街道"], period=report.period)
    assert part.part == "co" and "对牵头单位所报有异议" in page(client, cast, "nobody", "望潮街道").content.decode()


def test_strangers_are_refused_and_the_office_does_not_read_over_the_shoulder(plan, cast: Cast, client):
    page(client, cast)
    report = april(plan)
    figure = report.task.targets.first()
    save(client, report, {"progress": "还没写完的草稿", f"target.{figure.pk}": {"value": "7070"}})
    for who in ("outsider", "nobody", "account_admin"):
        assert page(client, cast, who).status_code == 403
    assert page(client, cast, "liaison", "县教育局").status_code == 403
    for who in ("clerk", "leader", "auditor"):
        shown = page(client, cast, who)
        text = shown.content.decode()
        assert shown.status_code == 200 and "还没写完的草稿" not in text and "7070" not in text
        assert save(client, report, {"progress": "x"}).status_code == 403
        assert client.post(reverse("unit-submit", args=[report.unit_id])).status_code == 403
        assert client.post(reverse("report-evidence", args=[report.pk])).status_code == 403


def test_the_page_costs_the_same_for_any_number_of_items(cast: Cast, client):
    def cost() -> int:
        page(client, cast)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("unit", args=[cast.units["县住建局"].pk])).status_code == 200
        return len(seen)

    first = running(cast, 4)
    few = cost()
    Report.objects.filter(period__plan=first).update(state="asked")
    from luoshi.plans.models import Plan

    Plan.objects.filter(pk=first.pk).update(year=2025)
    lock_period(first.periods.get(name="2026-04"))
    assert few <= 45
    second = issued_more(cast)
    many = cost()
    assert Report.objects.filter(period__plan=second, unit=cast.units["县住建局"]).count() > 30
    assert many <= few + 4


def issued_more(cast: Cast):
    from luoshi.cli.demo import answer_doubts
    from luoshi.documents.actions import receive
    from luoshi.plans.actions import adopt, issue
    from tests.year import document_text

    text = document_text(40, "more.txt").replace("重点工作责任分解", "民生实事责任分解")
    document = receive(SimpleUploadedFile("more.txt", text.encode()), cast.clerk, cast.county).document
    answer_doubts(document, cast.clerk)
    (plan,) = adopt(document, cast.clerk)
    issue(plan, cast.clerk)
    plan_periods(plan)
    open_period(plan.periods.get(name="2026-03"))
    open_period(plan.periods.get(name="2026-04"))
    return plan


def test_the_burden_is_counted_from_the_record(plan, cast: Cast):
    from datetime import date

    (burden,) = burdens(cast.county, date(2026, 4, 20), [cast.units["县住建局"]])
    boxes = sum(
        Report.objects.filter(unit=cast.units["县住建局"], period__name="2026-04").values_list("boxes", flat=True)
    )
    assert (burden.now.items, burden.now.boxes, burden.year.items) == (2, boxes, 4)
    assert burden.now.minutes == minutes(2, boxes) > 0
    assert {b.unit.short_name for b in burdens(cast.county, date(2026, 4, 20))} >= {"县住建局", "县教育局"}


def test_what_no_hand_types_is_refused_in_words(plan, cast: Cast, client):
    page(client, cast, "head")
    report = april(plan)
    target = report.task.targets.first()
    for value in (["12"], {"value": ["12"]}, {"value": float("inf")}):
        assert save(client, report, {f"target.{target.pk}": value}).status_code == 422
    assert save(client, report, {"progress": "完\x00成"}).json()["values"] == {"progress": "完成"}
    long = "9" * 5000
    assert client.post(reverse("unit-submit", args=[report.unit_id]), {"report": long}).status_code == 302
    assert client.post(reverse("report-evidence", args=[report.pk]), {"evidence": long}).status_code == 302


def test_what_cannot_be_signed_is_kept_and_said_at_its_box(client, plan, cast: Cast):
    page(client, cast)
    report = april(plan)
    target = Target.objects.filter(task=report.task).first()
    field = f"target.{target.pk}"
    for said, why in (("abc", "不是数字"), ("1", "请写明更正原因"), ("1e30", "数值太大")):
        answer = save(client, report, {field: {"value": said}}, base={"value": "2"})
        assert answer.status_code == 200 and why in answer.json()["wrong"][field]
    assert save(client, report, {field: {"value": "3", "cutoff": "2026-12-31"}}).json()["wrong"][field]
    assert save(client, report, {field: {"value": "１，234"}}).json()["wrong"] == {}
    save(client, report, {field: {"value": "abc"}})
    text = page(client, cast).content.decode()
    box = text[text.index(f'id="v{report.pk}-{target.pk}"') :][:1200]
    assert 'value="abc"' in box and 'aria-invalid="true"' in box and "“abc”不是数字" in box


@pytest.mark.parametrize("value", [{"value": "3", "colour": "red"}, {"value": {"more": 1}}, ["3"], "3"])
def test_a_box_takes_only_what_belongs_into_it(client, plan, cast: Cast, value):
    page(client, cast)
    report = april(plan)
    target = Target.objects.filter(task=report.task).first()
    answer = save(client, report, {f"target.{target.pk}": value})
    assert answer.status_code == 422 and "请刷新页面" in unquote(answer["X-Sentence"])
    report.refresh_from_db()
    assert report.draft == {}


def test_half_a_character_and_a_bottomless_list_break_nothing(client, plan, cast: Cast):
    page(client, cast)
    report = april(plan)
    where = reverse("report-draft", args=[report.pk])
    half = '{"changes": {"progress": {"base": "", "value": "\\ud83d 完成"}}}'
    assert client.post(where, half, content_type="application/json").status_code == 200
    assert "完成" in page(client, cast).content.decode()
    assert client.post(where, "[" * 100_000, content_type="application/json").status_code == 422
    page(client, cast, "head")
    client.post(reverse("unit-submit", args=[report.unit_id]), {"report": report.pk})
    assert april(plan).state == "submitted"


def test_a_box_of_another_task_is_said_and_nothing_breaks(client, plan, cast: Cast):
    page(client, cast)
    answer = save(client, april(plan), {"target.999999": {"value": "3"}})
    assert "没有第 999999 项" in answer.json()["wrong"]["target.999999"]


def test_late_entry_goes_through_the_office_and_says_so(client, plan, cast: Cast):
    report = april(plan)
    lock_period(report.period)
    text = page(client, cast).content.decode()
    assert "补报请先联系督查室" in text and "准予补报的理由" not in text
    assert client.post(reverse("report-late", args=[report.pk]), {"reason": "自己来"}).status_code == 403
    assert "准予补报的理由" in page(client, cast, "clerk").content.decode()
    client.post(reverse("report-late", args=[report.pk]), {"reason": " "})
    report.refresh_from_db()
    assert report.late_allowed_by is None
    client.post(reverse("report-late", args=[report.pk]), {"reason": "系统升级耽误"})
    text = page(client, cast).content.decode()
    assert "系统升级耽误" in text and f'id="r{report.pk}"' in text and "准予补报 2026-04" in text
    assert save(client, report, {"progress": "四月完成"}).status_code == 200
