"""The history only grows, and whoever touches it behind its back is found out."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, connections, transaction

from luoshi.people import history
from luoshi.people.actions import create_government
from luoshi.people.append_only import AppendOnlyError, create_sql, drop_sql
from luoshi.people.models import Entry, Government, HistoryHead
from tests.cast import Cast


def write(government: Government, count: int = 1) -> list[Entry]:
    with transaction.atomic():
        return [history.write(government, None, "test", government, {"n": n}) for n in range(count)]


def behind_its_back(sql: str, *values: str | int) -> None:
    """Run a statement with the triggers lifted, as somebody with the database password could."""
    with connection.cursor() as cursor:
        for line in drop_sql(connection.vendor, "people_entry"):
            cursor.execute(line)
        cursor.execute(sql, values)
        for line in create_sql(connection.vendor, "people_entry"):
            cursor.execute(line)


def test_entries_are_numbered_and_chained(cast: Cast):
    entries = list(Entry.objects.filter(government=cast.county).order_by("sequence"))
    assert [e.sequence for e in entries] == list(range(1, len(entries) + 1))
    assert len(entries) > 5
    assert entries[0].previous_digest == ""
    assert all(b.previous_digest == a.digest for a, b in pairwise(entries))
    assert history.verify_history(cast.county) == []
    assert history.verify_history(cast.neighbour) == []


def test_an_entry_names_who_and_as_what(cast: Cast):
    with transaction.atomic():
        entry = history.write(cast.county, cast.clerk, "test", cast.county, {"甲": 1})
    assert (entry.who, entry.role, entry.who_name) == (cast.clerk, "office", "江晓帆（jiang）")
    assert entry.content == '{"甲":1}'
    assert list(history.about(cast.county))[-1] == entry


def test_each_government_has_its_own_numbers(cast: Cast):
    before = HistoryHead.objects.get(government=cast.neighbour).sequence
    write(cast.county, 3)
    assert HistoryHead.objects.get(government=cast.neighbour).sequence == before


def test_writing_outside_a_transaction_is_refused(transactional_db):
    county = create_government("澜湾县")
    with pytest.raises(history.HistoryError, match="同一事务"):
        history.write(county, None, "test", county)


def test_a_failed_action_leaves_no_entry(cast: Cast):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        history.write(cast.county, None, "test", cast.county)
        raise ZeroDivisionError
    assert Entry.objects.count() == before
    assert history.verify_history(cast.county) == []


@pytest.mark.parametrize("algorithm, known", [("sha256", True), ("sm3", True), ("md5", False)])
def test_the_digest_is_chosen_by_name(cast: Cast, settings, algorithm, known):
    settings.LUOSHI_DIGEST = algorithm
    if not known:
        with pytest.raises(history.HistoryError, match="md5"):
            write(cast.county)
        return
    try:
        write(cast.county)
    except history.HistoryError:
        pytest.skip(f"the cryptographic library of this machine has no {algorithm}")
    settings.LUOSHI_DIGEST = "sha256"
    write(cast.county)
    assert history.verify_history(cast.county) == []


def test_sm3_of_the_standard():
    """GM/T 0004-2012, annex A.1."""
    try:
        found = history.digest("abc", "sm3")
    except history.HistoryError:
        pytest.skip("the cryptographic library of this machine has no sm3")
    assert found == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize(
    "change",
    [
        lambda e: Entry.objects.filter(pk=e.pk).update(verb="x"),
        lambda e: Entry.objects.filter(pk=e.pk).delete(),
        lambda e: Entry.objects.bulk_update([e], ["verb"]),
        lambda e: Entry.objects.all().delete(),
        lambda e: e.delete(),
        lambda e: e.save(),
        lambda e: e.save(update_fields=["verb"]),
        lambda e: e.government.history.all().delete(),
        lambda e: e.government.history.update(verb="x"),
    ],
)
def test_the_orm_refuses_to_change_history(cast: Cast, change):
    entry = write(cast.county)[0]
    with pytest.raises(AppendOnlyError, match="只能追加"):
        change(entry)


@pytest.mark.parametrize("sql", ["UPDATE people_entry SET verb = 'x'", "DELETE FROM people_entry"])
def test_the_database_refuses_to_change_history(cast: Cast, sql):
    write(cast.county)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert history.verify_history(cast.county) == []


@pytest.mark.parametrize(
    "column, value",
    [("verb", "x"), ("content", '{"n":9}'), ("who_name", "别人"), ("role", "leader"), ("object_id", "0"), ("digest", "0" * 64),
     ("content_digest", "0" * 64), ("previous_digest", "0" * 64), ("algorithm", "none"), ("at", "2020-01-01 00:00:00+00:00")],
)  # fmt: skip
def test_an_altered_entry_is_found(cast: Cast, column, value):
    entry = write(cast.county, 3)[1]
    behind_its_back(f"UPDATE people_entry SET {column} = %s WHERE id = %s", value, entry.pk)
    assert entry.sequence in {f.sequence for f in history.verify_history(cast.county)}


def test_an_entry_altered_together_with_its_own_digests_is_found_by_the_next(cast: Cast):
    one, two, _three = write(cast.county, 3)
    one.content = '{"n":100}'
    one.content_digest = history.digest(one.content, "sha256")
    behind_its_back(
        "UPDATE people_entry SET content = %s, content_digest = %s, digest = %s WHERE id = %s",
        one.content, one.content_digest, history.link(one), one.pk,
    )  # fmt: skip
    assert [f.sequence for f in history.verify_history(cast.county)] == [two.sequence]


def test_a_removed_entry_is_found(cast: Cast):
    one, _two, three = write(cast.county, 3)
    behind_its_back("DELETE FROM people_entry WHERE id = %s", one.pk)
    (finding,) = history.verify_history(cast.county)
    assert finding.sequence == one.sequence and "删去" in finding.problem
    behind_its_back("DELETE FROM people_entry WHERE id = %s", three.pk)
    assert any("末尾" in f.problem for f in history.verify_history(cast.county))


def test_a_shortened_history_is_found(cast: Cast):
    entries = write(cast.county, 3)
    behind_its_back("DELETE FROM people_entry WHERE id >= %s", entries[1].pk)
    (finding,) = history.verify_history(cast.county)
    assert "末尾" in finding.problem


def test_an_inserted_entry_is_found(cast: Cast):
    last = write(cast.county, 2)[-1]
    forged = Entry(
        government=cast.county, sequence=last.sequence + 1, at=last.at, verb="forged", object_kind="x", object_id="1",
        content="{}", content_digest=history.digest("{}", "sha256"), previous_digest=last.digest,
    )  # fmt: skip
    forged.digest = history.link(forged)
    forged.save()  # inserting needs no trick; the head of the chain gives it away
    (finding,) = history.verify_history(cast.county)
    assert "添加" in finding.problem


def test_reordered_entries_are_found(cast: Cast):
    one, two, _three = write(cast.county, 3)
    for pk, sequence in ((one.pk, 900_000), (two.pk, one.sequence), (one.pk, two.sequence)):
        behind_its_back("UPDATE people_entry SET sequence = %s WHERE id = %s", sequence, pk)
    assert {one.sequence, two.sequence} <= {f.sequence for f in history.verify_history(cast.county)}


def test_many_writers_at_once_leave_one_whole_chain(transactional_db):
    county = create_government("澜湾县")
    problems: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(8):
                write(county, 2)
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert Entry.objects.filter(government=county).count() == 1 + 5 * 8 * 2
    assert history.verify_history(county) == []
