"""The example's year is run once through the rooms' own actions, and everything about it must add up."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cli.demo import load
from luoshi.cli.example import people, texts

# Without the first no test database is made at all; the year takes some twenty seconds.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker, tmp_path_factory):
    """The finished year, taken away again when this file's tests are over."""
    from django.db import transaction
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("year")):
        with transaction.atomic():
            assert load()
            yield
            transaction.set_rollback(True)


def test_every_asked_report_is_accounted_for(year):
    from luoshi.progress.models import Period, Report

    assert Report.objects.count() == sum(period.reports.count() for period in Period.objects.all())
    assert set(Period.objects.values_list("name", flat=True)) == {f"2026-{n:02d}" for n in range(1, 13)}
    ended = Report.objects.filter(period__state="locked")
    states = Counter(ended.values_list("state", flat=True))
    print("reports by state, ended periods:", dict(states))
    assert set(states) == {"accepted", "asked"}
    unit, period = texts.NEVER[1], texts.NEVER[0]
    assert [(r.period.name, r.unit.short_name) for r in ended.filter(state="asked")] == [(period, unit)]
    last = Counter(Report.objects.filter(period__state="open").values_list("state", flat=True))
    print("reports by state, open period:", dict(last))
    assert set(last) == {"asked", "draft", "submitted", "returned", "accepted"}


def test_every_task_has_one_light_a_period_and_every_colour_occurs(year):
    from luoshi.plans.models import Plan
    from luoshi.progress.models import Light, Period

    colours: Counter[str] = Counter()
    for period in Period.objects.filter(state="locked"):
        found = Counter(period.lights.values_list("colour", flat=True))
        print(period.plan_id, period.name, dict(found))
        assert sum(found.values()) == period.plan.tasks.count()
        colours += found
    assert set(colours) == {"green", "yellow", "red", "grey", "done"}
    paths: dict[int, list[str]] = {}
    for light in Light.objects.order_by("period__cutoff", "pk"):
        paths.setdefault(light.task_id, []).append(light.colour)
    assert any("red" in path and path[-1] in ("green", "done") for path in paths.values()), "no red light recovers"
    assert sum(plan.tasks.count() for plan in Plan.objects.all()) == 72


def test_what_was_said_and_decided_is_there(year):
    from luoshi.people.models import Tenure
    from luoshi.plans.models import Adjustment, RosterPlace, SetUp
    from luoshi.progress.models import LightOverride, Measurement, Report, Review, RosterTick
    from luoshi.supervision.models import Closing, Objection, Sample, Verification

    def by(rows, name):
        return set(rows.values_list(name, flat=True))

    assert by(Objection.objects, "state") == {"raised", "upheld", "refused"}
    assert by(Adjustment.objects, "state") == {"approved", "refused", "asked"}
    livelihood = Adjustment.objects.get(task__plan__kind="livelihood")
    assert livelihood.decision_number == "澜人常〔2026〕17号"
    assert Decimal(livelihood.changed["value"]) < Decimal(livelihood.original["value"])
    assert by(Closing.objects, "kind") == {"closed", "reopened"}
    assert by(SetUp.objects, "state") == {"open", "unit_signed", "leader_signed", "agreed"}
    assert by(Review.objects, "decision") == {"accept", "return", "ask"}
    assert by(Measurement.objects, "basis") == {"official", "estimated"}
    assert by(Verification.objects, "result") >= {"true", "partly"} and Sample.objects.count() == 2
    assert LightOverride.objects.filter(light__objections=None).count() == 1
    late = Report.objects.exclude(late_allowed_by=None)
    assert by(late, "unit__short_name") == {texts.LATE_ENTRY[1]}
    schools = RosterPlace.objects.filter(name__in=texts.SCHOOLS["MS-1-4"])
    assert RosterTick.objects.filter(place__in=schools, done=True).values("place").distinct().count() == 7
    before = Tenure.objects.get(person=people.LEAVES)
    assert before.until and Tenure.objects.get(post=before.post, until=None).person == people.COMES


def test_what_the_look_back_found_is_asked_about_mended_and_closed_again(year):
    from luoshi.cli.example.events import LOOKED_BACK
    from luoshi.plans.models import Task

    task = Task.objects.get(key=f"2026-{LOOKED_BACK}")
    assert list(task.closings.order_by("pk").values_list("kind", flat=True)) == ["closed", "reopened", "closed"]
    said = dict(task.reports.order_by("period__cutoff").values_list("period__name", "progress"))
    assert [name for name in said if name > "2026-06"] == ["2026-10", "2026-11", "2026-12"]
    assert texts.TO_MEND in said["2026-10"] and texts.MENDED in said["2026-11"]
    colours = dict(task.lights.order_by("pk").values_list("period__name", "colour"))
    assert [colours[f"2026-{month:02d}"] for month in (9, 10, 11)] == ["done", "yellow", "green"]


def test_periods_stay_with_the_leader_then_in_post(year):
    from luoshi.progress.models import Light

    rows = Light.objects.filter(in_post__person__in=[people.LEAVES, people.COMES])
    who = dict(rows.order_by("period__cutoff").values_list("period__name", "in_post__person"))
    assert who["2026-06"] == people.LEAVES and who["2026-07"] == people.COMES


def test_only_the_copied_report_repeats_itself(year):
    from luoshi.progress.models import Report, Review

    copied = [r.report for r in Review.objects.all() if any(c["code"] == "copied" for c in r.checks)]
    assert [(r.period.name, r.task.key) for r in copied] == [(texts.COPIED[0], f"2026-{texts.COPIED[1]}")]
    own = Report.objects.filter(unchanged=False).exclude(progress="").values_list("progress", flat=True)
    assert len(own) == len(set(own)) > 300


def test_nothing_was_changed_behind_the_history(year):
    from django.conf import settings

    from luoshi.documents import files
    from luoshi.people.models import Entry, Government
    from luoshi.people.seals import sealed_models
    from luoshi.people.verifying import verify_all, verify_files, verify_rows
    from luoshi.progress.models import Evidence

    assert list(verify_all()) == [] and list(verify_rows(Government.objects.get())) == []
    with CaptureQueriesContext(connection) as asked:
        list(verify_rows())
    assert len(asked) == len(sealed_models()) + 1
    assert settings.MEDIA_ROOT and list(verify_files(Evidence.objects.values_list("name", "file", "digest"), files.content)) == []  # fmt: skip
    assert not Entry.objects.filter(verb__startswith="report.", at__year__gt=2026).exists()
    assert not Entry.objects.filter(verb="report.submitted", at__year__lt=2026).exists()


def test_a_second_load_changes_nothing(year):
    from luoshi.people.models import Entry

    before = Entry.objects.count()
    assert not load()
    assert Entry.objects.count() == before


def test_the_lights_of_a_month_cost_the_same_queries_for_eight_tasks_or_sixty_four(year):
    from django.db import transaction

    from luoshi.progress.light_actions import compute
    from luoshi.progress.models import Period

    counts = []
    for plan in ("livelihood", "work_report"):
        period = Period.objects.get(plan__kind=plan, name="2026-12")
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            assert compute(period).tasks in (8, 64)
            transaction.set_rollback(True)
        counts.append(len(seen))
    print("queries of a month's lights:", counts)
    assert abs(counts[0] - counts[1]) <= 2
