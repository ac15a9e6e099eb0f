"""The history page: filters, keyset pages, verification that names what was altered, export, and who may read it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luoshi.desk.verbs import VERBS
from luoshi.desk.views import history as page
from luoshi.people import history
from luoshi.people.append_only import create_sql, drop_sql
from luoshi.people.models import Entry, HistoryHead
from luoshi.people.verifying import verify_all
from luoshi.progress.models import Evidence
from tests.desk import lived
from tests.desk.test_reading import queries

LOGIN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def plan(cast):
    plan = lived.begun(cast)
    lived.live(plan, cast, range(3, 3 + 1))
    return plan


def sequences(client, query="") -> list[int]:
    answer = client.get(reverse("history") + query)
    assert answer.status_code == 200
    return [int(n) for n in re.findall(r'<tr id="n(\d+)">', answer.content.decode())]


def test_the_newest_stand_first_with_the_head_to_print(clerk, cast, plan):
    found = sequences(clerk)
    head = HistoryHead.objects.get(government=cast.county)
    assert found[0] == head.sequence and found == sorted(found, reverse=True)
    assert head.digest in clerk.get(reverse("history")).content.decode()


def test_filters(clerk, cast, plan):
    assert len(sequences(clerk, "?verb=report.return")) == 1
    by_head = sequences(clerk, "?who=岑望舒")
    assert by_head and set(by_head) == set(
        Entry.objects.filter(government=cast.county, who=cast.head).values_list("sequence", flat=True)
    )
    entry = Entry.objects.get(verb="report.return")
    assert sequences(clerk, f"?q={entry.digest[:20]}") == [entry.sequence]
    assert entry.sequence in sequences(clerk, "?first=2026-03-23&last=2026-03-23")
    assert sequences(clerk, "?first=2001-01-01&last=2001-01-02") == []
    for mangled in ("?first=x", "?below=-1", "?q=%00", "?below=99999999999999999999", "?last=9999-12-31"):
        assert clerk.get(reverse("history") + mangled).status_code == 200


def test_pages_follow_one_another_without_gap(clerk, cast, plan, monkeypatch):
    monkeypatch.setattr(page, "PAGE", 7)
    seen, query = [], ""
    while True:
        seen += sequences(clerk, query)
        more = re.search(r'rel="next" href="(\?[^"]+)"', clerk.get(reverse("history") + query).content.decode())
        if not more:
            break
        query = more[1].replace("&amp;", "&")
    assert seen == list(range(HistoryHead.objects.get(government=cast.county).sequence, 0, -1))


def test_queries_do_not_grow(clerk, cast, plan, monkeypatch):
    monkeypatch.setattr(page, "PAGE", 3)
    few = queries(clerk, reverse("history"))
    monkeypatch.setattr(page, "PAGE", 100)
    assert queries(clerk, reverse("history")) == few


def test_whole_is_said_and_what_was_altered_is_named(clerk, cast, plan):
    assert "完好，没有事后改动" in clerk.post(reverse("history-verify")).content.decode()
    entry = Entry.objects.get(verb="report.return")
    with connection.cursor() as cursor:
        for line in drop_sql(connection.vendor, "people_entry"):
            cursor.execute(line)
        cursor.execute("UPDATE people_entry SET object_name = 'x' WHERE id = %s", [entry.pk])
        for line in create_sql(connection.vendor, "people_entry"):
            cursor.execute(line)
    text = clerk.post(reverse("history-verify")).content.decode()
    assert f"第 {entry.sequence} 条被改动" in text and "完好" not in text.split('id="findings"')[1][:300]


def test_an_altered_file_is_named(clerk, cast, plan):
    row = Evidence.objects.first()
    place = Path(row.file.path)
    kept = place.read_bytes()
    try:
        place.write_bytes(b"other")
        assert row.name in clerk.post(reverse("history-verify")).content.decode().split('id="findings"')[1]
    finally:
        place.write_bytes(kept)


def test_the_export_holds_whole_digests(clerk, cast, plan):
    text = clerk.get(reverse("history-export", args=["csv"]) + "?verb=report.return").content.decode("utf-8-sig")
    (line,) = list(csv.DictReader(io.StringIO(text)))
    assert line["本条摘要"] == Entry.objects.get(verb="report.return").digest and line["做了什么"] == "退回报告"
    assert clerk.get(reverse("history-export", args=["xlsx"])).content[:2] == b"PK"
    assert clerk.get(reverse("history-export", args=["pdf"])).status_code == 404


def test_who_may_read_it(client, cast, plan):
    for user, wanted in (
        (cast.clerk, 200), (cast.auditor, 200), (cast.security_admin, 200), (cast.liaison, 403), (cast.leader, 403),
        (cast.account_admin, 403), (cast.nobody, 403),
    ):  # fmt: skip
        client.force_login(user, backend=LOGIN)
        assert client.get(reverse("history")).status_code == wanted, user
        assert client.post(reverse("history-verify")).status_code == wanted, user
        assert client.get(reverse("history-export", args=["csv"])).status_code == wanted, user


def test_another_government_reads_its_own(client, cast, plan):
    client.force_login(cast.outsider, backend=LOGIN)
    text = client.get(reverse("history")).content.decode()
    assert "澜湾县" not in text and lived.the_task(plan).key not in text


def test_every_verb_written_so_far_has_words(plan):
    written = set(Entry.objects.values_list("verb", flat=True))
    assert written <= set(VERBS) and history.ALGORITHMS


def test_a_government_verifies_its_own_rows_and_no_others(client, clerk, cast, plan):
    """What was altered behind one government's back is its own finding; the whole is the command's."""
    table = "progress_measurement"
    with connection.cursor() as cursor:
        for line in drop_sql(connection.vendor, table):
            cursor.execute(line)
        cursor.execute(f"UPDATE {table} SET value = 30")
        for line in create_sql(connection.vendor, table):
            cursor.execute(line)
    assert "行被改动" in clerk.post(reverse("history-verify")).content.decode()
    client.force_login(cast.outsider, backend=LOGIN)
    said = client.post(reverse("history-verify")).content.decode()
    assert "完好，没有事后改动" in said and "行被改动" not in said
    assert any("行被改动" in finding.problem for where, finding in verify_all())


def test_verifying_asks_as_much_for_few_rows_as_for_many(clerk, cast):
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert clerk.post(reverse("history-verify")).status_code == 200
        return len(caught)

    few = asked()
    plan = lived.begun(cast)
    lived.live(plan, cast, range(3, 5))
    assert asked() - few <= 1, "the frame asks for the latest plan"
