"""The set-up board and the adjustments: worded, signed by three, frozen; asked, reviewed, decided; who may and may not."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luoshi.desk import setting_up
from luoshi.desk.likely import FEW, nearest, proposed
from luoshi.people.verifying import verify_rows
from luoshi.plans.agreed import content_of, digest_of
from luoshi.plans.models import Adjustment, AdjustmentRule, Deliverable, DoneTest, Plan, Schedule, SubTask, Target
from luoshi.supervision.models import Closing
from tests.desk.running import as_user, running, send
from tests.year import issued


@pytest.fixture
def plan(cast):
    return running(cast)


@pytest.fixture
def task(plan):
    return plan.tasks.all()[0]


def target(plan, words="老旧小区"):
    return Target.objects.get(task__plan=plan, subject__contains=words)


def at(plan, task):
    return reverse("set-up-task", args=[plan.pk, task.key])


def schedule(of, **changes):
    return {
        "do": "schedule", "of": of.pk, "curve": "quarters", "points": "10 40 70 100", "starts_on": "2026-01-01",
        "ends_on": "2026-12-31", "direction": "up", "grain": "month", "lag_days": "5", "data_source": "县住建局", **changes,
    }  # fmt: skip


def test_defaults_are_offered_from_the_board(client, cast):
    plan = issued(cast)
    url = reverse("set-up", args=[plan.pk])
    assert "给 4 项备好预设" in as_user(client, cast.clerk).get(url).content.decode()
    client.post(reverse("set-up-prepare", args=[plan.pk]))
    text = client.get(url).content.decode()
    assert (
        "备好预设" not in text.split("</main>")[0].split("toast")[0]
        and "还是预设" in text
        and "待细化 <b>4</b>" in text
    )
    assert as_user(client, cast.head).post(reverse("set-up-prepare", args=[plan.pk])).status_code == 403


def test_what_is_typed_is_kept(client, plan, task, cast):
    as_user(client, cast.liaison)
    flats = target(plan)
    client.post(at(plan, task), schedule(flats))
    kept = Schedule.objects.get(target=flats)
    assert (kept.points, kept.lag_days, kept.data_source) == (["10", "40", "70", "100"], 5, "县住建局")
    text = client.get(at(plan, task)).content.decode()
    assert "Q2 <b>4.8</b>" in text and 'class="preview"' in text
    client.post(at(plan, task), schedule(flats, curve="points", points="2026-06-30 5\n2026-12-31 12"))
    assert Schedule.objects.get(target=flats).points[0] == {"on": "2026-06-30", "value": "5"}
    client.post(at(plan, task), {"do": "roster", "of": flats.pk})
    place = flats.roster.first()
    client.post(at(plan, task), {"do": "places", "of": flats.pk, f"place-{place.pk}": "前湾新村"})
    assert flats.roster.count() == 12 and flats.roster.get(pk=place.pk).name == "前湾新村"
    part = {"do": "part", "unit": cast.units["望潮街道"].pk, "text": "改造5个", "of": flats.pk, "value": "5"}
    client.post(at(plan, task), part)
    assert SubTask.objects.get().value == 5 and "还有 7 个 没有分下去" in client.get(at(plan, task)).content.decode()
    park = Deliverable.objects.get(task__plan=plan, name__contains="公园")
    nodes = {
        "do": "nodes",
        "thing": park.pk,
        "node": ["完成招标", "建成", ""],
        "node_on": ["2026-04-30", "2026-12-31", ""],
    }
    client.post(at(plan, park.task), nodes)
    assert [n.final for n in park.nodes.all()] == [False, True]


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"points": "10 5 70 100"}, "逐季不减"),
        ({"curve": "points", "points": "六月"}, "一行写一个点"),
        ({"ends_on": "年底"}, "截止日要写成"),
        ({"lag_days": "二十"}, "发布滞后填天数"),
        ({"of": "0"}, "不属于这条任务"),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, plan, task, cast, changes, said):
    text = as_user(client, cast.liaison).post(at(plan, task), {**schedule(target(plan)), **changes}).content.decode()
    assert said in text and Schedule.objects.get(target=target(plan)).curve == "linear"


def test_a_done_test_worded_here_is_a_default_no_more(client, plan, cast):
    gdp = target(plan, "生产总值")
    test = gdp.done_tests.get(word="左右")
    sent = {"do": "test", "of": test.pk, "sentence": "不低于6.3%", "tolerance": "0.2"}
    as_user(client, cast.liaison).post(at(plan, gdp.task), sent)
    assert DoneTest.objects.get(pk=test.pk).source == "default"
    as_user(client, cast.clerk).post(at(plan, gdp.task), sent)
    assert DoneTest.objects.get(pk=test.pk).source == "office"


def test_three_sign_in_order_and_the_content_is_frozen(client, plan, task, cast):
    sign, board = reverse("set-up-sign", args=[plan.pk]), reverse("set-up", args=[plan.pk])
    both: dict[str, Any] = {"tasks": [t.pk for t in plan.tasks.all()[:2]]}
    both |= {f"seen-{t.pk}": digest_of(content_of(t)) for t in plan.tasks.all()[:2]}
    assert as_user(client, cast.liaison).post(sign, both).status_code == 403
    for who in (cast.head, cast.leader, cast.clerk):
        assert "轮到我签" in as_user(client, who).get(board).content.decode()
        assert client.post(sign, both).status_code == 302
    task.refresh_from_db()
    assert task.set_up.state == "agreed"
    text = client.get(at(plan, task)).content.decode()
    assert task.set_up.digest in text and "走调整程序" in text and text.count("<li><time>") == 3
    rows = client.get(board + "?state=agreed&export=csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and task.set_up.digest in rows[1]


def test_what_was_worded_anew_meanwhile_is_not_signed_unseen(client, plan, task, cast):
    """The head's page shows one schedule; before the click the liaison sets another."""
    sign, shown = reverse("set-up-sign", args=[plan.pk]), {}
    for url in (reverse("set-up", args=[plan.pk]), at(plan, task)):
        text = as_user(client, cast.head).get(url).content.decode()
        shown = {k: v for k, v in re.findall(r'name="(seen-\d+)" value="(\w+)"', text) if k == f"seen-{task.pk}"}
        assert len(shown[f"seen-{task.pk}"]) == 64
    as_user(client, cast.liaison).post(at(plan, task), schedule(target(plan)))
    as_user(client, cast.head)
    for token in (shown, {}):
        answer = client.post(sign, {"tasks": [task.pk], **token}, follow=True)
        assert "在您看的时候又有改动" in answer.content.decode()
    assert not task.sign_offs.exists()
    client.post(sign, {"tasks": [task.pk], f"seen-{task.pk}": digest_of(content_of(task))})
    assert task.sign_offs.get().step == "unit"


def test_sent_back_with_words_and_marked_as_major(client, plan, task, cast):
    signed = {"tasks": [task.pk], f"seen-{task.pk}": digest_of(content_of(task))}
    as_user(client, cast.head).post(reverse("set-up-sign", args=[plan.pk]), signed)
    as_user(client, cast.leader).post(at(plan, task), {"do": "back", "note": ""})
    task.set_up.refresh_from_db()
    assert task.set_up.state == "unit_signed"
    client.post(at(plan, task), {"do": "back", "note": "写明哪几个小区"})
    task.set_up.refresh_from_db()
    assert task.set_up.state == "open" and "写明哪几个小区" in client.get(at(plan, task)).content.decode()
    assert client.post(at(plan, task), {"do": "major", "major": "1"}).status_code == 403
    as_user(client, cast.clerk).post(at(plan, task), {"do": "major", "major": "1"})
    assert "重大事项" in client.get(reverse("set-up", args=[plan.pk])).content.decode()


def test_strangers_see_nothing_and_readers_change_nothing(client, plan, task, cast):
    ask = reverse("adjustment-ask", args=[plan.pk, task.key])
    for url in (reverse("set-up", args=[plan.pk]), at(plan, task), reverse("adjustments", args=[plan.pk])):
        for user in (cast.outsider, cast.nobody):
            assert as_user(client, user).get(url).status_code == 403
        assert as_user(client, cast.auditor).get(url).status_code == 200
    assert client.post(at(plan, task), schedule(target(plan))).status_code == 403
    assert client.post(at(plan, task), {"do": "nonsense"}).status_code == 403
    assert client.get(ask).status_code == 403


def test_an_adjustment_goes_its_way_and_both_values_stay(client, plan, task, cast):
    ask, page = reverse("adjustment-ask", args=[plan.pk, task.key]), reverse("adjustments", args=[plan.pk])
    as_user(client, cast.liaison)
    assert client.get(ask).status_code == 200
    client.post(ask, {"what": f"target-{target(plan).pk}", "value": "九", "reason": "征收"})
    assert not Adjustment.objects.exists()
    client.post(ask, {"what": f"target-{target(plan).pk}", "value": "9", "reason": "三个小区征收未完成"})
    found = Adjustment.objects.get()
    act = reverse("adjustment-act", args=[found.pk])
    assert client.post(act, {"do": "review", "yes": "yes"}).status_code == 403
    as_user(client, cast.leader).post(act, {"do": "review", "yes": "yes", "note": "属实"})
    as_user(client, cast.clerk).post(act, {"do": "decide", "yes": "yes", "effective_on": str(date.today())})
    text = client.get(page).content.decode()
    assert "<s>12 个</s>" in text and "<b>9 个</b>" in text and f"{date.today()} 起生效" in text
    assert "9 个" in client.get(page + "?export=csv").content.decode("utf-8-sig")
    client.post(reverse("adjustment-window", args=[plan.pk]), {"opens_on": "2026-12-01", "closes_on": "2026-01-01"})
    assert not AdjustmentRule.objects.exists()
    client.post(reverse("adjustment-window", args=[plan.pk]), {"opens_on": "2020-01-01", "closes_on": "2020-12-31"})
    as_user(client, cast.liaison)
    text = client.post(
        ask, {"what": "deadline", "deadline": "2026-11-30", "reason": "雨季"}, follow=True
    ).content.decode()
    assert "之间受理" in text and Adjustment.objects.count() == 1


def test_a_voted_project_asks_for_the_congress_number(client, plan, task, cast):
    Plan.objects.filter(pk=plan.pk).update(kind="livelihood")
    ask = reverse("adjustment-ask", args=[plan.pk, task.key])
    as_user(client, cast.liaison).post(ask, {"what": "stop", "reason": "规划调整"})
    act = reverse("adjustment-act", args=[Adjustment.objects.get().pk])
    as_user(client, cast.leader).post(act, {"do": "review", "yes": "yes"})
    sent = {"do": "decide", "yes": "yes", "effective_on": str(date.today())}
    as_user(client, cast.clerk).post(act, sent)
    assert Adjustment.objects.get().state == "reviewed"
    client.post(act, {**sent, "decision_number": "澜人常〔2026〕3号"})
    assert "澜人常〔2026〕3号" in client.get(reverse("adjustments", args=[plan.pk])).content.decode()


def test_closing_says_what_is_missing_and_the_year_goes_on(client, plan, task, cast):
    url = reverse("closing", args=[plan.pk, task.key])
    send(plan, cast, 老旧小区=5)
    as_user(client, cast.clerk)
    sent = {"reason": "验收合格", "verified_by": cast.second_clerk.pk}
    assert "佐证" in client.post(url, sent, follow=True).content.decode()
    assert "请选核实人" in client.post(url, {**sent, "verified_by": cast.clerk.pk}, follow=True).content.decode()
    assert as_user(client, cast.head).post(url, sent).status_code == 403
    later = issued(cast, name="later.txt", count=3)
    Plan.objects.filter(pk=later.pk).update(year=2027)
    over = reverse("carry-over", args=[plan.pk])
    assert client.get(over).status_code == 403
    old, new = plan.tasks.all()[1], later.tasks.all()[1]
    as_user(client, cast.clerk)
    assert "100%" in client.get(over).content.decode()
    client.post(over, {"to": later.pk, "carry": [old.pk], f"to-{old.pk}": new.pk})
    new.refresh_from_db()
    assert new.last_year == old and Closing.objects.get().kind == "carried"
    assert old.key in client.get(at(later, new)).content.decode()


def test_likely_successors_are_proposed_once_and_few_are_shown(plan, cast):
    later = issued(cast, name="later.txt", count=3)
    old, new = list(plan.tasks.all()), list(later.tasks.all())
    found = proposed(old, new)
    assert [p.new.text == p.old.text if p.new else None for p in found] == [True, True, True, None]
    assert all(len(p.near) <= FEW for p in found) and found[0].near[0].task.text == old[0].text
    new[2].last_year_id = old[0].pk
    assert proposed(old, new)[0].new is new[2] and proposed(old, new)[2].new is None, "what people linked comes first"
    assert nearest(old[:1], [])[0] == []


def test_a_successor_is_typed_by_its_number(client, plan, cast):
    later = issued(cast, name="later.txt", count=3)
    Plan.objects.filter(pk=later.pk).update(year=2027)
    over, (old, other), new = reverse("carry-over", args=[plan.pk]), plan.tasks.all()[2:4], later.tasks.all()[1]
    as_user(client, cast.clerk)
    text = client.get(over).content.decode()
    assert text.count('<option value="') <= plan.tasks.count() * (FEW + 1) + later.tasks.count() + 1
    sent = {"to": later.pk, "carry": [old.pk], f"key-{old.pk}": "没有"}
    assert "没有编号为" in client.post(over, sent, follow=True).content.decode()
    assert "请勾选任务" in client.post(over, {"to": later.pk, "carry": [other.pk]}, follow=True).content.decode()
    client.post(over, {**sent, f"key-{old.pk}": f"{new.key} 任务的文字"})
    new.refresh_from_db()
    assert new.last_year == old


def test_a_vague_word_of_its_own_a_part_taken_back_and_last_years_task(client, plan, task, cast):
    as_user(client, cast.liaison)
    own = {"do": "add_test", "word": "惠及", "sentence": "入住或使用人家已签收"}
    client.post(at(plan, task), own)
    assert DoneTest.objects.get(task=task, word="惠及").source == "unit"
    assert "已经有完成标准" in client.post(at(plan, task), own).content.decode()
    assert "原文里没有“美化”" in client.post(at(plan, task), {**own, "word": "美化"}).content.decode()
    part = {"do": "part", "unit": cast.units["望潮街道"].pk, "text": "改造15个", "of": target(plan).pk, "value": "15"}
    assert "分下去的比全年多 3 个" in client.post(at(plan, task), part, follow=True).content.decode()
    client.post(at(plan, task), {"do": "part_back", "part": SubTask.objects.get().pk})
    assert not SubTask.objects.exists()
    before = issued(cast, name="before.txt")
    Plan.objects.filter(pk=before.pk).update(year=2025)
    old = before.tasks.all()[0]
    assert f'value="{old.pk}"' in client.get(at(plan, task)).content.decode()
    client.post(at(plan, task), {"do": "last_year", "key": old.key})
    task.refresh_from_db()
    assert task.last_year == old and "上年同一任务" in client.get(at(plan, task)).content.decode()
    client.post(at(plan, task), {"do": "last_year", "to": ""})
    task.refresh_from_db()
    assert task.last_year is None
    found = [each.problem for each in verify_rows(cast.county)]
    assert not [said for said in found if said.startswith(("“子任务”", "“完成标准”", "“任务”"))], "all of it is sealed"


def test_bigger_plans_ask_no_more(client, cast):
    counts = []
    for size in (4, 24):
        plan = running(cast, size, name=f"{size}.txt")
        for task in [t for t in plan.tasks.all() if cast.units["县住建局"].pk in t.lead_units][: size // 4]:
            thing = Target.objects.filter(task=task).first()
            as_user(client, cast.liaison).post(
                reverse("adjustment-ask", args=[plan.pk, task.key]),
                {"what": f"target-{thing.pk}", "value": "1", "reason": "试"},
            )
        for user in (cast.clerk, cast.head):
            asked = []
            for name in ("set-up", "adjustments"):
                as_user(client, user)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(reverse(name, args=[plan.pk])).status_code == 200
                asked.append(len(queries))
            counts.append(asked)
    assert counts[:2] == counts[2:], counts


def test_no_curve_no_picture(plan):
    gdp = target(plan, "生产总值")
    assert (
        setting_up.drawn(gdp, gdp.task).path == "" and setting_up.drawn(target(plan), target(plan).task).path[0] == "M"
    )
