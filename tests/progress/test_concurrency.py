"""Many people on the embedded default at once, and a process killed in the middle: nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.progress.crowd import PEOPLE, TO_SUBMIT

ROOT = Path(__file__).parents[2]
ENOUGH = 60  # acknowledged submissions after which the process is killed


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Runs one step of the crowd on a database file of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"LUOSHI_DATA": str(tmp_path_factory.mktemp("crowd")), "PYTHONPATH": str(ROOT)}

    def start(step: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.progress.crowd", step]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    def run(step: str) -> dict[str, list[str]]:
        out, _errors = start(step).communicate(timeout=120)
        print(step, out[:400])
        return {line.split()[0]: line.split()[1:] for line in out.splitlines() if line}

    assert int(run("prepare")["reports"][0]) > PEOPLE + TO_SUBMIT
    run.start = start
    return run


def test_fifty_people_report_at_once_without_an_error_or_a_lost_edit(crowd):
    found = crowd("at_once")
    assert found["errors"] == ["0"]
    assert found["own"] == [str(PEOPLE)]
    assert found["common"] == [str(PEOPLE)]
    assert crowd("check")["findings"] == ["0"]


def test_killed_in_the_middle_of_two_hundred_submissions_nothing_acknowledged_is_lost(crowd):
    process = crowd.start("submit")
    assert process.stdout is not None
    known = [process.stdout.readline() for _n in range(ENOUGH)]
    os.kill(process.pid, signal.SIGKILL)
    known += process.stdout.readlines()
    process.wait(timeout=10)
    acknowledged = {line.split()[1] for line in known if line.endswith("\n")}
    found = crowd("check")
    print("acknowledged", len(acknowledged), "found", len(found["sent"]), "of", TO_SUBMIT)
    assert ENOUGH <= len(acknowledged) < TO_SUBMIT, "it must have been killed in the middle"
    assert acknowledged <= set(found["sent"])
    assert found["without_entry"] == ["0"] and found["findings"] == ["0"] and found["integrity"] == ["ok"]
