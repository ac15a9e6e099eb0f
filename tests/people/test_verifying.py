"""Whatever was altered, removed, put in or exchanged behind the site's back is found and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, models

from luoshi.cli.example.papers import letter
from luoshi.documents import files
from luoshi.people.append_only import AppendOnly, create_sql, drop_sql
from luoshi.people.seals import sealed_models
from luoshi.people.verifying import verify_all, verify_files
from luoshi.progress import evidence_actions, light_actions, report_actions, review_actions
from luoshi.progress.drafts import Change
from luoshi.progress.lights import FAMILIES
from luoshi.progress.models import Evidence, Measurement, Report
from luoshi.progress.period_actions import open_period, plan_periods
from tests.cast import Cast
from tests.year import issued

GROWING = {m._meta.db_table for m in sealed_models() if issubclass(m, AppendOnly)} | {"people_entry"}


@pytest.fixture
def year(cast: Cast):
    """One task's month: drafted, signed, accepted, lit."""
    plan = issued(cast)
    plan_periods(plan)
    march = plan.periods.get(name="2026-03")
    light_actions.adopt_rule_set(cast.county, FAMILIES["points"], cast.clerk)
    open_period(march)
    report = Report.objects.filter(unit=cast.units["县住建局"])[0]
    target = report.task.targets.all()[0]
    evidence_actions.attach(report, letter("验收.pdf", ["一"]), cast.liaison)
    changes = {f"target.{target.pk}": Change(None, {"value": "3"}), "progress": Change(None, "完成三个")}
    report_actions.save_draft(report, changes, cast.liaison)
    report_actions.submit([report], cast.head)
    review_actions.accept([Report.objects.select_related("task__plan").get(pk=report.pk)], cast.clerk)
    light_actions.compute(march, cast.clerk)
    return plan


def behind_the_back(table: str, statement: str) -> None:
    """What a hand at the database prompt could do that took the triggers away first."""
    with connection.cursor() as cursor:
        for line in drop_sql(connection.vendor, table):
            cursor.execute(line)
        cursor.execute(statement)
        for line in create_sql(connection.vendor, table):
            cursor.execute(line)


def problems() -> list[str]:
    return [finding.problem for _where, finding in verify_all()]


def test_a_year_done_by_the_book_is_whole(year):
    assert problems() == []
    rows = {model._meta.label for model in sealed_models() if model._default_manager.exists()}
    assert {"progress.Measurement", "progress.Light", "progress.Review", "progress.Evidence"} <= rows


def test_every_table_that_only_grows_is_looked_at():
    from tests.conftest import APPEND_ONLY

    assert GROWING == set(APPEND_ONLY)


@pytest.mark.parametrize(
    "table, statement, said",
    [
        ("progress_measurement", "UPDATE progress_measurement SET value = 30", "“数据”第 .* 行被改动"),
        ("progress_measurement", "DELETE FROM progress_measurement", "“数据”第 .* 行被删去"),
        ("progress_light", "UPDATE progress_light SET colour = 'green'", "“灯”第 .* 行被改动"),
        ("progress_review", "UPDATE progress_review SET reason = '同意'", "“审核”第 .* 行被改动"),
        ("people_entry", "UPDATE people_entry SET who_name = '别人' WHERE sequence = 5", "第 5 条被改动"),
        ("people_entry", "DELETE FROM people_entry WHERE sequence = 5", "第 5 条起有记录被删去"),
    ],
)
def test_a_hand_in_the_database_is_found(year, table, statement, said):
    behind_the_back(table, statement)
    import re

    assert any(re.search(said, problem) for problem in problems())


def test_a_row_put_in_by_hand_is_found(year):
    old = Measurement.objects.get()
    Measurement.objects.create(target=old.target, value=9, cutoff=old.cutoff, basis="official", at=old.at)
    assert any("不是经正常办理写入" in problem for problem in problems())


def test_files_that_were_changed_or_lost_are_found(year):
    evidence = Evidence.objects.get()
    place = str(evidence.file.name)
    stored = [(evidence.name, place, evidence.digest)]
    assert list(verify_files(stored, files.content)) == []
    Path(default_storage.path(place)).write_bytes(b"%PDF other")
    assert "损坏" in next(verify_files(stored, files.content)).problem
    Path(default_storage.path(place)).unlink()
    assert "打不开" in next(verify_files(stored, files.content)).problem


@pytest.mark.parametrize("table", sorted(GROWING))
def test_the_database_refuses_first(db, table):
    """After all migrations: SQLite drops a table's triggers whenever a migration changes its columns."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        assert len(cursor.fetchall()) == 2


def test_sealed_tables_have_no_column_that_forgets():
    """A row is sealed as written: a column filled by the database or by save() would break its seal."""
    for model in sealed_models():
        assert not [f for f in model._meta.concrete_fields if getattr(f, "auto_now", False)], model
        assert not [f for f in model._meta.concrete_fields if isinstance(f, models.GeneratedField)], model
