"""Run as a process of its own on a real database file (LUOSHI_DATA): many people reporting at once, and one that is killed.

``python -m tests.progress.crowd prepare|at_once|submit|check``; what it found is printed, one fact a line.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

PEOPLE = 50
TO_SUBMIT = 200
TASKS = 2 * (PEOPLE + TO_SUBMIT + 2)  # every second task is led by 县住建局
LINES = "\n".join(f"第{n}人：" for n in range(PEOPLE))


def prepare() -> None:
    """A county, fifty liaisons of one unit, an issued plan and an open period."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from luoshi.people.actions import add_member, create_user
    from luoshi.progress.period_actions import plan_periods, set_rule, tick
    from tests.cast import assemble
    from tests.year import issued

    cast = assemble()
    for n in range(PEOPLE):
        add_member(cast.county, create_user(f"person{n}", f"第{n}人"), "liaison", cast.units["县住建局"])
    plan = issued(cast, TASKS)
    set_rule(plan, {"month_day": 5, "next_month": True}, cast.clerk)
    plan_periods(plan, cast.clerk, first_due=date(2026, 12, 28))
    tick(date(2026, 12, 21))
    print("reports", len(_reports()))


def _reports():
    from luoshi.progress.models import Report

    rows = Report.objects.filter(unit__short_name="县住建局", period__name="2026-01")
    return list(rows.select_related("task", "period", "unit").order_by("pk"))


def at_once() -> None:
    """Each of fifty writes his own report in three goes, his own line of a common one, and the head signs his."""
    from django.db import connection

    from luoshi.people.models import User
    from luoshi.progress.drafts import Change
    from luoshi.progress.report_actions import save_draft, submit

    common, *own = _reports()
    first = User.objects.get(username="person0")
    save_draft(common, {"progress": Change("", LINES)}, first)

    def one(n: int) -> str:
        try:
            me, head = User.objects.get(username=f"person{n}"), User.objects.get(username="cen")
            text = ""
            for part in ("现场已清理，", "材料已报送，", f"第{n}人填完。"):
                save_draft(own[n], {"progress": Change(text, text + part)}, me)
                text += part
            mine = LINES.replace(f"第{n}人：", f"第{n}人：已办{n}件")
            save_draft(common, {"progress": Change(LINES, mine)}, me)
            submit([own[n]], head)
            return ""
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        errors = [error for error in pool.map(one, range(PEOPLE)) if error]
    after = _reports()
    lines = after[0].draft["progress"]["value"].split("\n")
    print("errors", len(errors), *errors[:1])
    print("own", sum(r.progress.endswith(f"第{n}人填完。") for n, r in enumerate(after[1 : PEOPLE + 1])))
    print("common", sum(f"第{n}人：已办{n}件" in lines for n in range(PEOPLE)))


def submit_all() -> None:
    """Draft and submit two hundred reports, eight at a time; say of each that it is in only when it is."""
    from django.db import connection

    from luoshi.people.models import User
    from luoshi.progress.drafts import Change
    from luoshi.progress.report_actions import save_draft, submit

    reports = _reports()[PEOPLE + 1 : PEOPLE + 1 + TO_SUBMIT]

    def some(part: int) -> None:
        liaison, head = User.objects.get(username=f"person{part}"), User.objects.get(username="cen")
        for report in reports[part::8]:
            save_draft(report, {"progress": Change("", f"{report.pk} 已完成本月节点。")}, liaison)
            submit([report], head)
            os.write(1, f"in {report.pk}\n".encode())
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(some, range(8)))


def check() -> None:
    """What is in the file now, and whether it is whole."""
    from django.db import connection

    from luoshi.people.models import Entry
    from luoshi.people.verifying import verify_all

    sent = {r.pk for r in _reports() if r.state == "submitted" and r.progress.startswith(f"{r.pk} ")}
    entries = {int(pk) for pk in Entry.objects.filter(verb="report.submitted").values_list("object_id", flat=True)}
    print("sent", *sorted(sent))
    print("without_entry", len(sent - entries))
    print("findings", len(list(verify_all())))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            print("integrity", cursor.execute("PRAGMA integrity_check").fetchone()[0])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    {"prepare": prepare, "at_once": at_once, "submit": submit_all, "check": check}[sys.argv[1]]()
