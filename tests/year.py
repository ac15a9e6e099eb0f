"""An issued plan for the tests of a running year: read, adopted and issued through the rooms' own actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from luoshi.cli.demo import answer_doubts
from luoshi.documents.actions import receive
from luoshi.people import history
from luoshi.people.actions import create_post
from luoshi.people.models import Tenure
from luoshi.plans.actions import adopt, issue
from luoshi.plans.models import Plan, SectionLeader
from tests.cast import Cast

HEAD = """澜湾县人民政府办公室关于印发2026年政府工作报告重点工作责任分解的通知
澜政办发〔2026〕6号
各镇人民政府、街道办事处，县政府各部门：
澜湾县人民政府办公室
2026年3月6日
2026年政府工作报告重点工作责任分解
一、顾怀璟副县长牵头重点工作
"""
TASKS = (
    "改造老旧小区12个，力争惠及居民3500户以上。（责任单位：县住建局、望潮街道，首位单位为牵头单位，下同）",
    "新增城镇污水管网18公里，建成渔港里口袋公园。（责任单位：县住建局、县城投集团）",
    "新增中小学学位1200个，谋划推进望潮第二小学迁建。（责任单位：县教育局、县住建局）",
    "地区生产总值增长6.5%左右，营商环境排名进入全市前3位。（责任单位：县发改局、县统计局）",
)


def document_text(count: int = len(TASKS), name: str = "year.txt") -> str:
    """The breakdown as text, with so many tasks; another file name makes another document."""
    index = f"索引号：{name}\n" if name != "year.txt" else ""
    return index + HEAD + "".join(f"{n + 1}.{TASKS[n % len(TASKS)]}\n" for n in range(count))


def leave_out(plan: Plan, day: date) -> None:
    """The periods that end before a day are taken away, on the record."""
    with transaction.atomic():
        gone = list(plan.periods.filter(cutoff__lt=day))
        plan.periods.filter(cutoff__lt=day).delete()
        history.write(plan.government, None, "plan.periods", plan, {"periods": []}, rows=gone)


def issued(cast: Cast, count: int = len(TASKS), *, name: str = "year.txt") -> Plan:
    """The plan of 2026, issued; the leader of the cast holds the post in charge of all of it."""
    document = receive(SimpleUploadedFile(name, document_text(count, name).encode()), cast.clerk, cast.county).document
    answer_doubts(document, cast.clerk)
    (plan,) = adopt(document, cast.clerk)
    post = create_post(cast.county, "副县长", by=cast.clerk)
    with transaction.atomic():
        rows: list[Any] = [Tenure.objects.create(post=post, person="顾怀璟", user=cast.leader)]
        SectionLeader.objects.filter(section__plan=plan).update(held_post=post)
        rows += SectionLeader.objects.filter(section__plan=plan)
        history.write(cast.county, None, "plan.leaders", plan, {"tied": 1}, rows=rows)
    return issue(plan, cast.clerk)
