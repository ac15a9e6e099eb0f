"""Fifty people of 25 units on a real database file (LUOSHI_DATA), each step a process of its own.

``python -m tests.progress.crowd prepare|at_once|check``; what it found is printed, one fact a line.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

PEOPLE = 50
UNITS = PEOPLE // 2  # two liaisons each
EACH = 4  # reports a person sends in while the site is killed
TO_SUBMIT = PEOPLE * EACH
PARTS = EACH + 2  # and one each through the site and through the actions
OPENS = date(2026, 1, 28)  # a day on which January's window is open
PERIOD = "2026-01"
PASSWORD = "Chao-sheng 2026 wang!"
LINES = "\n".join(f"第{n}人：" for n in range(PEOPLE))


def prepare() -> None:
    """A county, two liaisons a unit who all belong to its office too, an issued plan with its periods planned."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from luoshi.cli.example.people import UNITS as NAMES
    from luoshi.people.actions import NewUnit, add_member, create_government, create_units, create_user
    from luoshi.progress.period_actions import plan_periods, set_rule

    county = create_government("澜湾县", division_code="990124")
    office, *units = create_units(county, [NewUnit(*name) for name in NAMES[: UNITS + 1]])
    clerk = create_user("clerk", "江晓帆", PASSWORD)
    add_member(county, clerk, "office")
    for n in range(PEOPLE):
        person = create_user(f"person{n}", f"第{n}人", like=clerk)
        for unit in (units[n // 2], office):
            add_member(county, person, "liaison", unit)
    plan = _issued(county, clerk, [office.short_name] * 2 + [u.short_name for u in units for _n in range(2 * PARTS)])
    set_rule(plan, {"month_day": 5, "next_month": True}, clerk)
    plan_periods(plan, clerk)
    print("office", office.pk)
    print("units", *(unit.pk for unit in units))


def _issued(county, clerk, leads: list[str]):
    """A plan with a task for each of these lead units."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from luoshi.cli.demo import answer_doubts
    from luoshi.documents.actions import receive
    from luoshi.plans.actions import adopt, issue
    from tests.year import HEAD

    lines = "".join(f"{n}.改造老旧小区{n + 2}个。（责任单位：{unit}）\n" for n, unit in enumerate(leads, 1))
    document = receive(SimpleUploadedFile("crowd.txt", (HEAD + lines).encode()), clerk, county).document
    answer_doubts(document, clerk)
    (plan,) = adopt(document, clerk)
    return issue(plan, clerk)


def reports_of(unit_reports: list[int], person: int) -> list[int]:
    """Which of his unit's reports are a person's."""
    return sorted(unit_reports)[person % 2 :: 2]


def _reports():
    """Both of the office, and by person his."""
    from luoshi.progress.models import Report

    rows = Report.objects.filter(period__name=PERIOD).select_related("task", "period", "unit").order_by("pk")
    by_unit: dict[int, list[Report]] = {}
    for report in rows:
        by_unit.setdefault(report.unit_id, []).append(report)
    office, *units = (by_unit[pk] for pk in sorted(by_unit))
    return office, [units[n // 2][n % 2 :: 2] for n in range(PEOPLE)]


def at_once() -> None:
    """Through the actions, all fifty in the same moment: each writes and signs his own last report, and adds his line to
    the office's second one."""
    from django.db import connection

    from luoshi.people.models import User
    from luoshi.progress.drafts import Change
    from luoshi.progress.period_actions import tick
    from luoshi.progress.report_actions import save_draft, submit

    tick(OPENS)
    (_first, common), own = _reports()
    save_draft(common, {"progress": Change("", LINES)}, User.objects.get(username="person0"))

    def one(n: int) -> str:
        try:
            me, mine, text = User.objects.get(username=f"person{n}"), own[n][-1], ""
            for part in ("现场已清理，", "材料已报送，", f"第{n}人填完。"):
                save_draft(mine, {"progress": Change(text, text + part)}, me)
                text += part
            line = LINES.replace(f"第{n}人：", f"第{n}人：已办{n}件")
            save_draft(common, {"progress": Change(LINES, line)}, me)
            submit([mine], me)
            return ""
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        errors = [error for error in pool.map(one, range(PEOPLE)) if error]
    (_first, common), own = _reports()
    print("errors", len(errors), *errors[:1])
    print("own", sum(each[-1].progress.endswith(f"第{n}人填完。") for n, each in enumerate(own)))
    print("common", _lines(common))


def _lines(common) -> int:
    lines = common.draft["progress"]["value"].split("\n")
    return sum(f"第{n}人：已办{n}件" in lines for n in range(PEOPLE))


def check() -> None:
    """What is in the file now: what was sent in, drafts, the office's first report, and whether it is whole."""
    from django.db import connection

    from luoshi.people.models import Entry

    (common, _second), own = _reports()
    sent = {r.pk: r.progress for each in own for r in each if r.state == "submitted"}
    drafted = {r.pk: r.draft["progress"]["value"] for each in own for r in each if r.state == "draft"}
    entries = {int(pk) for pk in Entry.objects.filter(verb="report.submitted").values_list("object_id", flat=True)}
    print("own", sum(sent.get(each[0].pk, "").endswith(f"第{n}人填完。") for n, each in enumerate(own)))
    print("common", _lines(common) if "progress" in common.draft else 0)
    print("sent", *sorted(pk for pk, text in sent.items() if text.startswith(f"{pk} ")))
    print("drafted", *sorted(pk for pk, text in drafted.items() if text.startswith(f"{pk} ")))
    print("without_entry", len(set(sent) - entries))
    with connection.cursor() as cursor:
        print("integrity", cursor.execute("PRAGMA integrity_check").fetchone()[0])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    import django

    django.setup()
    {"prepare": prepare, "at_once": at_once, "check": check}[sys.argv[1]]()
