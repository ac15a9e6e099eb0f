"""A small part of the long fuzz run (``make fuzz``), the same cases every time; and that the run itself finds what is wrong."""

from __future__ import annotations

from random import Random

import pytest

from luoshi.reading import read
from luoshi.reading.ledger import Ledger
from tests.reading.fuzz import cases
from tests.reading.fuzz.campaign import main, some, timed
from tests.reading.fuzz.damage import damaged
from tests.reading.fuzz.holds import broken
from tests.reading.fuzz.samples import FILES, TEXT, sample

SEED, CASES = 7, 1500
SHARES = cases.shares(CASES) | {"pdf": 2}


@pytest.mark.parametrize("kind", SHARES)
def test_cases_of_every_kind_hold(kind: str) -> None:
    tally = some(kind, SEED, 0, SHARES[kind])
    again = f"python -m tests.reading.fuzz --seed {SEED} --case '{kind}:%d'  %s"
    assert [again % (number, fail) for number, fail in tally.fails] == []
    assert tally.cases == SHARES[kind]


def test_a_case_is_the_same_every_time() -> None:
    for kind in FILES:
        name, data = sample(kind)
        assert damaged(data, data, Random("a")) == damaged(data, data, Random("a")), name


def test_what_does_not_hold_is_found() -> None:
    import msgspec

    ledger = read(TEXT.encode(), name="a.txt")
    assert broken(ledger) == []
    coverage = msgspec.structs.replace(ledger.coverage, prose=ledger.coverage.prose + 1)
    assert "characters are not" in broken(msgspec.structs.replace(ledger, coverage=coverage))[0]
    assert "overlap" in broken(_with_units_doubled(ledger))[0]


def _with_units_doubled(ledger: Ledger) -> Ledger:
    import msgspec

    plan = ledger.plans[0]
    section = plan.sections[0]
    task = msgspec.structs.replace(section.tasks[0], units=section.tasks[0].units * 2)
    section = msgspec.structs.replace(section, tasks=(task, *section.tasks[1:]))
    return msgspec.structs.replace(
        ledger, plans=(msgspec.structs.replace(plan, sections=(section, *plan.sections[1:])),)
    )


def test_an_endless_case_is_ended_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(kind: str, chance: Random) -> list[str]:
        while True:
            chance.random()

    monkeypatch.setattr("tests.reading.fuzz.campaign.SECONDS", 0.05)
    monkeypatch.setitem(cases.KINDS, "text", (endless, 1))
    outcome, fails = timed("text", 1, 1)
    assert outcome == "fails" and "TooLong" in fails[0]


def test_one_case_again(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["fuzz", "--case", "text:3"])
    assert main() == 0
    assert capsys.readouterr().out.split()[0] in ("ledger", "sentence")
