"""From a confirmed document to a plan: units, keys, figures, spans – and everything that refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.documents import actions as documents
from luoshi.documents.actions import Edit, correct, receive
from luoshi.documents.models import Document
from luoshi.people import history
from luoshi.people.actions import NewUnit
from luoshi.people.models import Unit
from luoshi.plans import rows
from luoshi.plans.actions import adopt, issue, unit_names, withdraw
from luoshi.plans.models import Plan, Responsibility, Section, Target, Task
from luoshi.reading.ledger import Ledger
from tests.cast import Cast
from tests.documents.ledgers import ledger


def received(cast: Cast, monkeypatch: pytest.MonkeyPatch, read: dict[str, Any], name: str = "a.txt") -> Document:
    """A document whose reading is this ledger."""
    monkeypatch.setattr(documents.reader, "read", lambda data, name: msgspec.convert(read, Ledger))
    return receive(SimpleUploadedFile(name, name.encode()), cast.clerk, cast.county).document


@pytest.fixture
def document(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Document:
    return received(cast, monkeypatch, ledger(doubts=0))


def only(document: Document, cast: Cast, **choices: Any) -> Plan:
    (plan,) = adopt(document, cast.clerk, choices)
    return plan


def test_a_plan_is_what_the_document_says(cast: Cast, document: Document):
    plan = only(document, cast)
    assert (plan.year, plan.kind, plan.state, plan.title) == (
        2026,
        "work_report",
        "draft",
        "政府工作报告2026年重点工作责任分解",
    )
    assert [t.key for t in plan.tasks.all()] == ["2026-GZ-1-1", "2026-GZ-1-2", "2026-GZ-2-1", "2026-GZ-2-2"]
    assert [s.heading for s in plan.sections.all()] == ["1.沈牧川县长牵头重点工作", "2.沈牧川县长牵头重点工作"]
    task = plan.tasks.get(key="2026-GZ-2-1")
    assert (task.number, task.deadline, task.due_on, task.reading_key) == ("1", "2026-06", date(2026, 6, 30), "t3")
    assert [str(x) for x in task.section.leaders.all()] == ["沈牧川县长"]
    document.refresh_from_db()
    assert document.state == "adopted"


def test_every_row_keeps_its_span_and_its_words(cast: Cast, document: Document):
    plan = only(document, cast)
    blocks = document.reading().ledger["blocks"]
    found = 0
    for task in plan.ledger_rows():
        parts = [task, *task.responsibilities.all(), *task.targets.all(), *task.deliverables.all()]
        for part in [*parts, task.section, *task.section.leaders.all()]:
            at = part.at
            assert part.quote == blocks[at["block"]]["text"][at["start"] : at["end"]] != ""
            found += 1
    assert found == 4 * (1 + 2 + 3 + 1 + 2)


def test_figures_are_figures(cast: Cast, document: Document):
    plan = only(document, cast)
    target = Target.objects.get(task__plan=plan, task__key="2026-GZ-1-1", subject="入住率")
    assert (target.kind, target.bound, target.value, target.unit) == ("level", "min", Decimal(50), "%")
    assert (target.baseline_value, target.baseline_unit, target.wording) == (Decimal(45), "%", "以上")
    assert target.baseline_at["end"] - target.baseline_at["start"] == 3
    strive = Target.objects.get(task__plan=plan, task__key="2026-GZ-1-1", subject="惠及居民")
    assert (strive.strength, strive.wording, strive.value) == ("strive", "力争", Decimal(3500))


def test_units_are_the_registered_ones(cast: Cast, document: Document):
    plan = only(document, cast)
    lead, support = Responsibility.objects.filter(task=plan.tasks.all()[0])
    assert (lead.unit, lead.role, lead.partner) == (cast.units["县住建局"], "lead", None)
    assert (support.unit, support.partner, support.partner_name) == (
        cast.units["望潮街道"], cast.units["县城投集团"], "县城投集团",
    )  # fmt: skip
    assert cast.county.units.count() == 8


def test_corrections_are_in_the_plan(cast: Cast, document: Document):
    correct(document, Edit("set", "t1.g1/value", "15.5"), cast.clerk)
    correct(document, Edit("set", "t1.u1/name", "县住房和城乡建设局"), cast.clerk)
    correct(
        document, Edit("insert", "t1/targets", {"value": {"subject": "学校", "value": 2, "unit": "所"}}), cast.clerk
    )
    correct(document, Edit("remove", "t2"), cast.clerk)
    plan = only(document, cast)
    assert plan.version == 4
    task = plan.tasks.get(key="2026-GZ-1-1")
    assert [t.value for t in task.targets.all()] == [Decimal("15.5"), Decimal(3500), Decimal(50), Decimal(2)]
    assert task.targets.last().quote == ""
    first = task.responsibilities.first()
    assert (first.unit, first.name) == (cast.units["县住建局"], "县住房和城乡建设局")
    assert plan.tasks.count() == 3


def test_names_are_asked_about_with_their_match(cast: Cast, document: Document, django_assert_num_queries):
    correct(document, Edit("set", "t1.u1/name", "县城建局"), cast.clerk)
    confirmed = document.reading().confirmed()
    with django_assert_num_queries(2):
        names = {n.name: n for n in unit_names(confirmed, cast.county)}
    assert (names["县住建局"].match.kind, names["县住建局"].places) == ("exact", 3)
    assert names["县城投集团"].places == 4
    assert names["县城建局"].match.pk is None


def test_a_unit_nobody_knows_stops_the_adoption(cast: Cast, document: Document):
    correct(document, Edit("set", "t1.u1/name", "县海洋局"), cast.clerk)
    with pytest.raises(ValidationError, match="1 个单位名称没有对上：县海洋局") as refused:
        adopt(document, cast.clerk)
    assert refused.value.code == "unknown-units"
    assert not Plan.objects.exists()
    document.refresh_from_db()
    assert document.state == "read"


def test_a_new_unit_is_entered_with_its_aliases(cast: Cast, document: Document):
    correct(document, Edit("set", "t1.u1/name", "县海洋局"), cast.clerk)
    correct(document, Edit("set", "t2.u1/name", "县海洋与渔业局"), cast.clerk)
    plan = only(document, cast, 县海洋局=NewUnit("县海渔局", aliases=("县海洋与渔业局",)))
    unit = Unit.objects.get(short_name="县海渔局")
    assert sorted(a.name for a in unit.aliases.all()) == ["县海洋与渔业局", "县海洋局"]
    assert Responsibility.objects.filter(task__plan=plan, unit=unit).count() == 2


@pytest.mark.parametrize("by_name", [True, False])
def test_a_choice_is_remembered(cast: Cast, document: Document, by_name):
    correct(document, Edit("set", "t1.u1/name", "县建设口"), cast.clerk)
    unit = cast.units["县住建局"]
    only(document, cast, 县建设口=unit.short_name if by_name else unit.pk)
    assert [a.name for a in unit.aliases.all()] == ["县建设口"]
    assert history.verify_history(cast.county) == []


def test_a_unit_of_the_neighbour_is_no_choice(cast: Cast, document: Document):
    from luoshi.people.actions import create_units

    (foreign,) = create_units(cast.neighbour, [NewUnit("县海洋局")])
    correct(document, Edit("set", "t1.u1/name", "县海洋局"), cast.clerk)
    with pytest.raises(ValidationError, match="没有对上"):
        adopt(document, cast.clerk, {"县海洋局": foreign.pk})


def test_twice_is_refused(cast: Cast, document: Document):
    only(document, cast)
    with pytest.raises(ValidationError, match="已经立账"):
        adopt(document, cast.clerk)
    with pytest.raises(ValidationError, match="“已立账”的文件不能再改"):
        correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    assert Plan.objects.count() == 1


def test_open_doubts_are_refused_until_answered(cast: Cast, monkeypatch):
    document = received(cast, monkeypatch, ledger(doubts=2))
    with pytest.raises(ValidationError, match="还有 2 处存疑"):
        adopt(document, cast.clerk)
    correct(document, Edit("confirm_doubt", "q1", {"answer": "两家", "like": True}), cast.clerk)
    assert adopt(document, cast.clerk)


def test_a_plan_without_a_year_waits_for_one(cast: Cast, monkeypatch):
    read = ledger(doubts=0)
    read["plans"][0]["year"] = None
    document = received(cast, monkeypatch, read)
    with pytest.raises(ValidationError, match="没有写明年份"):
        adopt(document, cast.clerk)
    correct(document, Edit("set", "p1/year", "2026"), cast.clerk)
    assert only(document, cast).year == 2026


def test_a_document_without_tasks_is_no_plan(cast: Cast, monkeypatch):
    document = received(cast, monkeypatch, ledger(tasks=0, doubts=0))
    with pytest.raises(ValidationError, match="没有读出任务"):
        adopt(document, cast.clerk)


def test_a_second_document_of_the_year_numbers_on(cast: Cast, document: Document, monkeypatch):
    only(document, cast)
    more = received(cast, monkeypatch, ledger(doubts=0), "补充.txt")
    plan = only(more, cast)
    assert [t.key for t in plan.tasks.all()] == ["2026-GZ-3-1", "2026-GZ-3-2", "2026-GZ-4-1", "2026-GZ-4-2"]


def test_both_parts_of_a_document_become_plans(cast: Cast, monkeypatch):
    read = ledger(doubts=0)
    read["plans"].append({**read["plans"][0], "kind": "livelihood", "title": "2026年民生实事"})
    plans = adopt(received(cast, monkeypatch, read), cast.clerk)
    assert [p.tasks.first().key for p in plans] == ["2026-GZ-1-1", "2026-MS-1-1"]


@pytest.mark.parametrize("who", ["liaison", "leader", "auditor", "outsider"])
def test_only_the_office_adopts(cast: Cast, document: Document, who):
    with pytest.raises(PermissionDenied):
        adopt(document, getattr(cast, who))


@pytest.mark.parametrize(
    "path, value, words",
    [
        ("t1.g1/value", 1e18, "太大"),
        ("t1.g1/value", 1e300, "太大"),
        ("t1.d1/name", "长" * 301, "“成果”超过 300 字"),
        ("s1/heading", "长" * 301, "“标题”超过 300 字"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(cast: Cast, document: Document, path, value, words):
    correct(document, Edit("set", path, value), cast.clerk)
    with pytest.raises(ValidationError, match=words):
        adopt(document, cast.clerk)
    assert not Section.objects.exists()


def test_five_hundred_tasks_take_hardly_more_queries_than_ten(cast: Cast, monkeypatch):
    counts = []
    for size in (10, 500):
        document = received(cast, monkeypatch, ledger(size, sections=5, doubts=0), f"{size}.txt")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            adopt(document, cast.clerk)
        inserts = [q for q in asked.captured_queries if q["sql"].startswith("INSERT")]
        counts.append((len(asked) - len(inserts), len(inserts)))
    # SQLite takes 999 values a statement, so its inserts, and the rows read for their seals, come in batches; PostgreSQL
    # takes each kind in one.
    more = counts[1][0] - counts[0][0]
    assert counts[0][0] <= 32 and (more <= 5 if connection.vendor == "sqlite" else more == 0), counts
    assert counts[1][1] <= (120 if connection.vendor == "sqlite" else counts[0][1])
    assert Task.objects.count() == 510


def test_issued_once_and_then_fixed(cast: Cast, document: Document):
    plan = only(document, cast)
    assert issue(plan, cast.clerk).state == "issued"
    with pytest.raises(ValidationError, match="只有草案"):
        issue(plan, cast.clerk)
    assert [e.verb for e in history.about(plan)] == ["plan.adopted", "plan.issued"]


def test_an_adoption_is_withdrawn_while_it_is_a_draft(cast: Cast, document: Document):
    with pytest.raises(ValidationError, match="撤回"):
        withdraw(document, cast.clerk)
    only(document, cast)
    with pytest.raises(PermissionDenied):
        withdraw(document, cast.leader)
    assert withdraw(document, cast.clerk).state == "read"
    assert not Task.objects.exists()
    correct(document, Edit("set", "t1/title", "甲"), cast.clerk)
    plan = only(document, cast)
    assert plan.tasks.get(key="2026-GZ-1-1").title == "甲"
    issue(plan, cast.clerk)
    with pytest.raises(ValidationError, match="撤回"):
        withdraw(document, cast.clerk)
    assert history.verify_history(cast.county) == []


@pytest.mark.parametrize(
    "numbers, expected",
    [
        (["1", "2", "3"], [1, 2, 3]),
        (["7.", "8．", "（9）"], [7, 8, 9]),
        (["1", "1", "2"], [1, 2, 3]),
        ([None, None], [1, 2]),
        (["1", None], [1, 2]),
        (["一", "二"], [1, 2]),
        (["2026001", "2026002"], [1, 2]),
    ],
)
def test_numbers_of_keys(numbers, expected):
    assert rows.task_numbers([{"number": n} for n in numbers]) == expected


@pytest.mark.parametrize(
    "deadline, last",
    [
        ("2026", date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 29)),
        ("2026-Q1", date(2026, 3, 31)),
        ("2026-Q4", date(2026, 12, 31)),
        ("2026-06-15", date(2026, 6, 15)),
        ("2026-02-30", None),
        ("2026-13", None),
        ("年底", None),
        (None, None),
    ],
)
def test_last_day(deadline, last):
    assert rows.last_day(deadline) == last


@pytest.mark.parametrize(
    "value, exact", [(7.5, "7.5"), (0.1, "0.1"), (33.7, "33.7"), (1e15, "1000000000000000"), (None, None)]
)
def test_decimals_are_as_written(value, exact):
    assert rows.decimal(value) == (Decimal(exact) if exact else None)
