"""What is done to files and parts of a report is in the history, and sealed: nothing leaves without a trace."""

from __future__ import annotations

from luoshi.cli.example.papers import letter
from luoshi.people.account_actions import enter_account
from luoshi.people.models import Entry
from luoshi.people.verifying import verify_rows
from luoshi.progress import evidence_actions, report_actions
from luoshi.progress.models import EvidenceUse
from tests.cast import Cast
from tests.desk.running import report_of, running


def verbs(*wanted: str) -> list[str]:
    return list(Entry.objects.filter(verb__in=wanted).order_by("pk").values_list("verb", flat=True))


def test_files_put_beside_and_taken_off(cast: Cast):
    plan = running(cast)
    one, two = report_of(plan), report_of(plan, 1)
    use = evidence_actions.attach(one, letter("验收.pdf", ["一"]), cast.liaison)
    evidence_actions.attach(two, letter("验收.pdf", ["一"]), cast.liaison)  # the same bytes: a second use
    evidence_actions.attach(two, letter("验收.pdf", ["一"]), cast.liaison)  # and once more: nothing new
    evidence_actions.use_again(use.evidence, [one], cast.liaison)
    assert verbs("evidence.received", "evidence.used") == ["evidence.received", "evidence.used", "evidence.used"]
    evidence_actions.detach(use, cast.liaison)
    entry = Entry.objects.get(verb="evidence.detached")
    assert use.evidence.digest in entry.content and (entry.who, entry.object_id) == (cast.liaison, str(one.pk))
    assert EvidenceUse.objects.get().report == two and not list(verify_rows())


def test_a_part_added(cast: Cast):
    plan = running(cast)
    task, street = plan.tasks.all()[0], cast.units["望潮街道"]
    person = enter_account(cast.county, "he", "何潮生", "liaison", street, cast.account_admin)
    period = plan.periods.get(name="2026-03")
    for _twice in range(2):
        report_actions.add_part(task, period, street, person)
    assert verbs("report.part_added") == ["report.part_added"] and not list(verify_rows())
