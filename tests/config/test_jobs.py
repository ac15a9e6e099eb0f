"""What runs by itself: windows open, remind and lock through the queue; a stopped run is asked for again."""

from __future__ import annotations

import pytest
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from luoshi.config import jobs
from luoshi.progress.models import Period
from luoshi.progress.period_actions import plan_periods
from tests.cast import assemble
from tests.year import issued

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(monkeypatch):
    plan = issued(assemble())
    plan_periods(plan)
    monkeypatch.setenv("LUOSHI_TODAY", str(plan.periods.get(name="2026-04").opens_on))
    return plan


def test_the_worker_does_what_is_due_and_asks_for_the_next_run(plan):
    assert jobs.ask_again(now=True) and not jobs.ask_again(now=True)
    jobs.worker(Worker, batch=True).run()
    assert plan.periods.get(name="2026-04").state == Period.State.OPEN
    done = DBTaskResult.objects.get(finished_at__isnull=False)
    assert done.status == "SUCCESSFUL" and done.return_value["opened"] >= 1
    (waiting,) = DBTaskResult.objects.filter(status="READY")
    assert waiting.run_after > done.finished_at


def test_a_run_that_fails_does_not_end_the_year(plan, monkeypatch):
    def broken(_day):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(jobs, "tick", broken)
    jobs.ask_again(now=True)
    jobs.worker(Worker, batch=True).run()
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_a_run_that_was_killed_is_asked_for_again(plan):
    jobs.ask_again(now=True)
    DBTaskResult.objects.update(status="RUNNING")
    assert jobs.ask_again(now=True)
