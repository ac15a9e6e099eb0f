"""The year is set up by three people at their own browsers: issued, planned, worded, signed, frozen; and no one else's help."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi.cli.demo import answer_doubts
from luoshi.desk.likely import of_last_year
from luoshi.documents.actions import receive
from luoshi.people.actions import create_post
from luoshi.people.models import Tenure
from luoshi.plans.actions import adopt, issue
from luoshi.plans.models import Plan, SectionLeader
from tests.cast import PASSWORD
from tests.year import HEAD

TASKS = (
    "对向阳小学等7所小学体育设施改造提升，完善校园安全设施，建成渔港里口袋公园。（责任单位：县住建局、县教育局，首位单位为牵头单位，下同）",
    "谋划推进望潮第二小学迁建，营商环境排名进入全市前列。（责任单位：县住建局、县发改局）",
)


def adopted(cast, name: str, year: int = 2026) -> Plan:
    """The plan as the office has it when the reading is confirmed: a draft, nothing set up."""
    text = f"索引号：{name}\n" + HEAD + "".join(f"{n + 1}.{task}\n" for n, task in enumerate(TASKS))
    sent = SimpleUploadedFile(name, text.replace("2026", str(year)).encode())
    document = receive(sent, cast.clerk, cast.county).document
    answer_doubts(document, cast.clerk)
    (plan,) = adopt(document, cast.clerk)
    return plan


@pytest.fixture
def plan(people, monkeypatch) -> Plan:
    monkeypatch.setenv("LUOSHI_TODAY", "2026-04-10")
    issue(adopted(people, "2025.txt", 2025), people.clerk)
    plan = adopted(people, "2026.txt")
    post = create_post(people.county, "副县长", by=people.clerk)
    Tenure.objects.create(post=post, person="顾怀璟", user=people.leader)
    SectionLeader.objects.filter(section__plan=plan).update(held_post=post)
    return plan


def opened(desks, user, **options):
    desk = desks(**options)
    desk.open("/login/")
    desk.page.fill("#id_username", user.username)
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("button.pri")
    desk.page.wait_for_url(lambda url: "/login/" not in url)
    return desk


def test_from_the_adopted_plan_to_the_signed_year(desks, people, plan):
    first = f"/plans/{plan.pk}/set-up/{plan.tasks.first().key}/"
    office = opened(desks, people.clerk)
    the_office_issues_and_plans(office, plan)
    unit = opened(desks, people.head)
    the_unit_words_it(unit, first, plan)
    for desk in (unit, opened(desks, people.leader), office):
        page = desk.open(f"/plans/{plan.pk}/set-up/?only=turn")
        page.click("[data-tick-all]")
        page.click("#sign")
        page.wait_for_selector("text=已签 2 项")
    page = office.open(first)
    assert page.locator(".tl li").count() == 3 and page.locator("text=已定稿，以后的变动走调整程序").count() == 1
    page = unit.open(first)
    assert page.locator("select[name=curve]").count() == 0 and page.locator("text=申请调整").count() == 1
    assert "县住建局验收台账" in page.inner_text("#main")


def the_office_issues_and_plans(office, plan):
    page = office.open(f"/plans/{plan.pk}/")
    page.click("[data-open=issue]")
    page.click("#issue button.pri")
    page.wait_for_load_state("networkidle")
    page = office.open(f"/plans/{plan.pk}/reporting/")
    assert page.input_value("[name=first_due]") == "2026-04-27"  # the 25th of April is a Saturday
    page.fill("[name=first_due]", "2026-05-01")
    page.locator("footer [value=try]").click()
    page.wait_for_selector("#preview")
    assert not plan.periods.exists()
    rows = page.locator("#preview tbody tr").all_inner_texts()
    assert len(rows) == 12 and all("2026-05-06" in row for row in rows[:4])  # after the holidays of May
    page.click("#preview [value=plan]")
    page.wait_for_selector("text=已保存，还没有开放的期次跟着变")
    assert str(plan.periods.get(name="2026-01").due_on) == "2026-05-06"
    page = office.open(f"/plans/{plan.pk}/set-up/")
    page.click("text=给 2 项备好预设")
    page.wait_for_selector("text=已备好预设")


def the_unit_words_it(unit, address, plan):
    page = unit.open(address)

    def send(form, wait):
        form.locator("button").last.click()
        page.wait_for_selector(wait)

    page.click("text=还有别的含糊词")
    form = page.locator("form", has=page.locator("[value=add_test]"))
    form.locator("[name=word]").fill("完善")
    form.locator("[name=sentence]").fill("七校围墙、监控、消防验收合格")
    send(form, "text=完善 · 单位拟定")
    form = page.locator("form", has=page.locator("[value=schedule]")).first
    form.locator("[name=curve]").select_option("quarters")
    form.locator("[name=points]").fill("0 0 60 100")
    form.locator("[name=data_source]").fill("县住建局验收台账")
    send(form, "svg.preview")
    assert "Q3 4.2" in page.inner_text("#main")
    page.click("text=逐个登记")
    page.wait_for_selector(".roster")
    assert page.locator(".roster li").count() == 7
    assert page.locator(".roster input").first.input_value() == "向阳小学"
    page.locator(".roster input").nth(1).fill("望潮小学")
    page.click("text=保存名册")
    form = page.locator("form", has=page.locator("[name=thing]")).first
    form.locator("[name=node_on]").nth(0).fill("2026-06-30")
    form.locator("[name=node]").nth(0).fill("完成施工招标")
    form.locator("[name=node_on]").nth(1).fill("2026-12-20")
    form.locator("[name=node]").nth(1).fill("竣工开放")
    send(form, "[name=node][value=竣工开放]")
    for unit_name, share, left in (
        ("望潮街道", "3", "还有 4 所 没有分下去"),
        ("县城投集团", "4", "各份相加等于全年目标"),
    ):
        form = page.locator("form", has=page.locator("[value=part]"))
        form.locator("[name=unit]").select_option(label=unit_name)
        form.locator("[name=text]").fill(f"改造{share}所")
        form.locator("[name=of]").select_option(index=1)
        form.locator("[name=value]").fill(share)
        send(form, f"text={left}")
    page.click("text=链接上年同一任务")
    before = of_last_year(plan)[0]
    page.locator("[name=to]").select_option(value=str(before.pk))
    send(page.locator("form", has=page.locator("[value=last_year]")), f"text=上年同一任务 {before.key}")


def test_nothing_of_it_scrolls_sideways_on_a_telephone(desks, people, plan):
    issue(plan, people.clerk)
    desk = opened(desks, people.clerk, viewport={"width": 360, "height": 740})
    desk.open(f"/plans/{plan.pk}/set-up/").click("text=备好预设")
    for path in (f"set-up/{plan.tasks.first().key}/", "set-up/", "reporting/", "rules/", "samples/", "adjustments/"):
        page = desk.open(f"/plans/{plan.pk}/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, (path, wide)
