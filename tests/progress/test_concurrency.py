"""Fifty people on the embedded default at once, and the site killed in the middle: nothing acknowledged is lost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.progress.crowd import PEOPLE, TO_SUBMIT
from tests.progress.crowd_site import ENOUGH, gathered

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """One day of the crowd: at once through the site, killed, started again, and at once past the site."""
    crowd = gathered(tmp_path_factory.mktemp("crowd"), "tests.progress.quick")
    with crowd.site.serving() as server:
        seconds = crowd.all_at_once()
        kept, sent = crowd.killed(server)
    with crowd.site.serving():
        person = crowd.people[0]
        again = person.reports(crowd.unit(person))  # the session outlived the server
        found, verified = crowd.site.step("check"), crowd.site.luoshi("verify")
    past = crowd.site.step("at_once")
    print(f"{PEOPLE} at once: {seconds:.1f} s, {crowd.figures()}; acknowledged when killed: {len(sent)}")
    return SimpleNamespace(**locals())


def test_fifty_people_report_at_once_without_an_error_or_a_lost_edit(day):
    assert day.crowd.errors == [] and day.crowd.site.complaints() == []
    assert day.found["own"] == [str(PEOPLE)]
    assert day.found["common"] == [str(PEOPLE)]


def test_killed_in_the_middle_of_two_hundred_submissions_nothing_acknowledged_is_lost(day):
    there = {int(pk) for pk in day.found["sent"]}
    drafted = {int(pk) for pk in day.found["drafted"]}
    assert ENOUGH <= len(day.sent) < TO_SUBMIT, "it must have been killed in the middle"
    assert day.sent <= there and day.kept <= there | drafted
    assert day.found["without_entry"] == ["0"] and day.found["integrity"] == ["ok"]
    assert day.verified.returncode == 0, day.verified.stdout
    assert day.again


def test_the_actions_hold_without_the_site_s_queue_before_them(day):
    assert day.past["errors"] == ["0"]
    assert day.past["own"] == day.past["common"] == [str(PEOPLE)]
