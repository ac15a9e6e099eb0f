"""Whatever row of whatever table is altered, taken out or put in at the database prompt, verify names it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

import luoshi
from luoshi.cli.demo import answer_doubts
from luoshi.documents.actions import receive
from luoshi.people import history, seals, verifying
from luoshi.people.append_only import drop_sql
from luoshi.people.digests import HistoryError
from luoshi.people.models import Government, Unit
from luoshi.people.verifying import verify_all, verify_rows
from luoshi.plans.actions import adopt, withdraw
from luoshi.plans.models import Plan, Section, Target, Task
from luoshi.progress.models import Report
from tests.cast import assemble
from tests.people.sealed_year import sealed_year
from tests.year import document_text

HOUSE = [m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("luoshi.")]
SEALED = [m._meta.label for m in HOUSE if m._meta.label not in seals.NOT_SEALED]
FAR = 987654  # a key that no row has
# Verbs that write no sealed row: accounts (no government's), notices, and what another entry seals beside them.
WITHOUT_ROWS = {
    "user.invited", "user.link", "user.on", "user.off", "user.unlocked", "user.password", "user.second_factor",
    "user.second_factor_dropped", "people.imported", "post.signed_over", "period.reminded", "report.ready",
    "government.below", "government.closed",
}  # fmt: skip


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Government]:
    """The sealed year, built once; every test works in a savepoint of its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        sealed_year(cast)
        assert found() == []
        yield cast.county
        transaction.set_rollback(True)


@pytest.fixture
def apart(county: Government) -> Iterator[None]:
    """Undo what the test does."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found() -> list[str]:
    return [finding.problem for _where, finding in verify_all()]


def prompt(statement: str, *values: int) -> None:
    """At the database prompt, by somebody who took the triggers away."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def first_row(label: str) -> tuple[type[models.Model], int]:
    model = apps.get_model(label)
    row = model._base_manager.order_by("pk").first()
    assert row is not None, f"give tests/people/sealed_year.py a row of {label}, written by its own action if it can be"
    for statement in drop_sql(connection.vendor, model._meta.db_table):
        prompt(statement)
    return model, row.pk


def quoted(field: models.Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))


def altered(field: models.Field[Any, Any]) -> str:
    """Another value of the column, in SQL."""
    name = quoted(field)
    if isinstance(field, models.BooleanField):
        return f"NOT {name}"
    if isinstance(field, models.JSONField):
        return "'{\"altered\": 1}'"
    if isinstance(field, models.DateTimeField):
        return "'1999-01-02 03:04:05+00:00'"
    if isinstance(field, models.DateField):
        return "'1999-01-02'"
    if isinstance(field, models.ForeignKey | models.IntegerField | models.DecimalField):
        return str(FAR) if isinstance(field, models.ForeignKey) else f"{name} + 1"
    return "'z'"


def attempt(statement: str, *values: int) -> bool:
    try:
        with transaction.atomic():
            prompt(statement, *values)
    except DatabaseError:
        return False
    return True


def said_of(model: type[models.Model], pk: int, what: str) -> bool:
    pattern = re.compile(f"“{re.escape(verifying._name(model))}”第 {pk} 行{what}")
    return any(pattern.search(problem) for problem in found())


@pytest.mark.parametrize("label", SEALED)
def test_a_row_that_was_altered_is_named_whatever_the_column(apart, monkeypatch, label):
    model, pk = first_row(label)
    monkeypatch.setattr(verifying, "sealed_models", lambda: [model])  # the others are as they were
    row = model._base_manager.get(pk=pk)
    left_out = row.unsealed() if isinstance(row, seals.PartlySealed) else ()
    columns = [f for f in model._meta.concrete_fields if not f.primary_key and f.attname not in left_out]
    tried = 0
    for field in columns:
        with transaction.atomic():
            table, name = model._meta.db_table, quoted(field)
            if attempt(f'UPDATE "{table}" SET {name} = {altered(field)} WHERE id = %s', pk):
                now = model._base_manager.filter(pk=pk).values_list(field.attname, flat=True).get()
                if now != getattr(row, field.attname):
                    tried += 1
                    assert said_of(model, pk, "被改动"), field.name
            transaction.set_rollback(True)
    assert tried >= min(3, len(columns)), columns


@pytest.mark.parametrize("label", SEALED)
def test_a_row_that_was_taken_out_is_named(apart, label):
    model, pk = first_row(label)
    prompt(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', pk)
    assert said_of(model, pk, "被删去")


@pytest.mark.parametrize("label", SEALED)
def test_a_row_that_was_put_in_is_named(apart, label):
    model, pk = first_row(label)
    columns = {f.column: quoted(f) for f in model._meta.concrete_fields}
    values = {**columns, "id": str(FAR)}
    for field in distinguishing(model):
        values[field.column] = altered(field)
    names, copied = ", ".join(columns.values()), ", ".join(values[column] for column in columns)
    prompt(
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {copied} FROM "{model._meta.db_table}" WHERE id = %s',
        pk,
    )
    assert said_of(model, FAR, "不是经正常办理写入")


def distinguishing(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """A column of each rule that two rows must differ in, so that a copy is let in."""
    rules = [list(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    rules += [[f.name] for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    rules += [list(names) for names in model._meta.unique_together]
    for names in rules:
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        free = [f for f in fields if not f.choices]
        yield next((f for f in free if isinstance(f, models.CharField)), next(iter(free)))


def test_nothing_else_is_named(apart):
    """One altered row is one finding, with the history entry it no longer agrees with."""
    model, pk = first_row("plans.Target")
    prompt(f'UPDATE "{model._meta.db_table}" SET value = 99 WHERE id = %s', pk)
    (problem,) = found()
    (finding,) = verify_rows()
    entry = history.Entry.objects.get(government=Target.objects.get(pk=pk).task.government, sequence=finding.sequence)
    assert entry.verb == "plan.adopted" and f"历史第 {entry.sequence} 条“{entry.object_name}”" in problem


def test_a_government_finds_its_own(apart, county):
    other = Government.objects.exclude(pk=county.pk)[0]
    assert not list(verify_rows(county)) and not list(verify_rows(other))
    prompt("UPDATE plans_task SET text = 'z' WHERE government_id = %s", county.pk)
    assert len(list(verify_rows(county))) == Task.objects.count() and not list(verify_rows(other))


def test_a_draft_is_no_record_but_what_was_sent_in_is(apart):
    asked, sent = Report.objects.filter(state="asked")[0], Report.objects.get(state="accepted")
    Report.objects.filter(pk=asked.pk).update(draft={"progress": {"value": "正在写"}}, version=3, state="draft")
    assert found() == []
    Report.objects.filter(pk=asked.pk).update(state="submitted")
    Report.objects.filter(pk=sent.pk).update(progress="另一句")
    assert len(found()) == 2


def test_a_seal_is_of_what_the_database_holds_and_says_when_it_is_gone(apart, county):
    unit = Unit.objects.filter(government=county)[0]
    held = seals.seals([unit])
    unit.short_name = "没有存下的名称"
    assert seals.seals([unit]) == held == {"people.Unit": {str(unit.pk): held["people.Unit"][str(unit.pk)]}}
    assert seals.seals([Unit(pk=FAR)]) == {"people.Unit": {str(FAR): seals.GONE}}
    with pytest.raises(HistoryError):
        seals.seals([Unit(short_name="新")])


def test_what_falls_with_a_row_is_found_before(apart):
    section = Section.objects.all()[0]
    with pytest.raises(ProtectedError):
        seals.falling_with([section])
    assert seals.falling_with([]) == []


def test_a_plan_withdrawn_takes_its_rows_along(db):
    cast = assemble()
    document = receive(SimpleUploadedFile("a.txt", document_text().encode()), cast.clerk, cast.county).document
    answer_doubts(document, cast.clerk)
    adopt(document, cast.clerk)
    assert Target.objects.exists() and found() == []
    withdraw(document, cast.clerk)
    assert not Plan.objects.exists() and not Target.objects.exists() and found() == []


def test_sealing_asks_one_query_a_table(apart):
    rows = [*Task.objects.all(), *Target.objects.all()]
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            seals.seals(some)
        assert len(asked) == len({type(row) for row in some})


def test_every_table_of_the_house_is_sealed_or_says_why_not():
    assert set(seals.NOT_SEALED) <= {m._meta.label for m in HOUSE}, "a table that is there no more"
    assert all(len(why) > 20 for why in seals.NOT_SEALED.values())
    assert {m._meta.label for m in seals.sealed_models()} == set(SEALED)
    for model in seals.sealed_models():
        assert verifying.way_home(model), model


def test_every_verb_seals_the_rows_it_writes():
    """A history entry without rows is one whose verb writes none; the table of them is short and says which."""
    for path in sorted(Path(luoshi.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = isinstance(node, ast.Call) and ast.unparse(node.func) == "history.write"
            if not call or any(word.arg == "rows" for word in node.keywords):  # type: ignore[attr-defined]
                continue
            verbs = {n.value for n in ast.walk(node.args[2]) if isinstance(n, ast.Constant)}  # type: ignore[attr-defined]
            passed_on = isinstance(node.args[2], ast.Name)  # type: ignore[attr-defined]
            assert passed_on or verbs <= WITHOUT_ROWS, f"{path.name}:{node.lineno} {verbs}"  # type: ignore[attr-defined]
