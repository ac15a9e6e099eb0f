"""Two documents compared at the desk: chosen, filtered, led back to their words, taken home."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from luoshi.documents import actions
from luoshi.documents.models import Document
from tests.desk import papers
from tests.desk.test_reading import queries
from tests.last_year import last_year, this_year


@pytest.fixture
def years(cast):
    """Last year's document and this year's, received and read."""

    def received(name: str, text: str) -> Document:
        return actions.receive(ContentFile(text.encode(), name=name), cast.clerk, cast.county).document

    return received("2025.txt", last_year()), received("2026.txt", this_year())


def rows(page: str) -> list[str]:
    return re.findall(r'<tr data-kind="(\w+)">', page)


def test_last_year_is_proposed_and_compared_as_the_older(clerk, years):
    old, new = years
    page = clerk.get(reverse("compare-choose", args=[new.pk])).content.decode()
    assert "同名，2025 年的" in page
    assert reverse("compare", args=[old.pk, new.pk]) in page
    assert (
        reverse("compare", args=[old.pk, new.pk])
        in clerk.get(reverse("compare-choose", args=[old.pk])).content.decode()
    )
    for start in (reverse("home"), reverse("reading", args=[new.pk])):
        assert reverse("compare-choose", args=[new.pk]) in clerk.get(start).content.decode()


def test_counts_filters_and_rows_agree(clerk, years):
    address = reverse("compare", args=old_new(years))
    page = clerk.get(address).content.decode()
    offered = dict(re.findall(r'href="\?show=(\w+)"[^>]*>(?:<span[^>]*>.</span>)?[^<]*<b>(\d+)</b>', page))
    assert {"target_raised", "target_lowered", "promise_weakened", "new", "dropped"} <= set(offered)
    for kind, count in offered.items():
        found = rows(clerk.get(f"{address}?show={kind}").content.decode())
        assert found == [kind] * min(int(count), 100)
    summary = json.loads(clerk.get(reverse("compare-export", args=[*old_new(years), "json"])).content)["summary"]
    assert int(offered["new"]) == summary["new"] and int(offered["dropped"]) == summary["dropped"]
    assert {kind: n for kind, n in summary["kinds"].items() if n} == {
        kind: int(n) for kind, n in offered.items() if kind not in ("new", "dropped", "same")
    }


def old_new(years) -> tuple[int, int]:
    return years[0].pk, years[1].pk


def test_both_sides_lead_to_their_own_task(clerk, years):
    old, new = years
    page = clerk.get(reverse("compare", args=[old.pk, new.pk]) + "?show=target_raised").content.decode()
    row = page[page.index('<tr data-kind="target_raised">') :].partition("</tr>")[0]
    links = re.findall(r'href="([^"]+)"', row)
    assert [link.partition("?")[0] for link in links] == [reverse("reading", args=[d.pk]) for d in years]
    for document, link in zip(years, links, strict=True):
        key = link.rpartition("=")[2]
        assert f'id="t-{key}"' in clerk.get(link).content.decode()
        assert any(
            t["key"] == key for p in document.reading().confirmed()["plans"] for s in p["sections"] for t in s["tasks"]
        )


def test_corrections_count(clerk, cast, years):
    address = reverse("compare", args=old_new(years))
    before = len(rows(clerk.get(address + "?show=target_raised").content.decode()))
    row = clerk.get(address + "?show=target_raised").content.decode()
    key = re.findall(r"at=(t\d+)", row[row.index("data-kind") :])[1]
    actions.correct(years[1], actions.Edit("remove", key), cast.clerk)
    assert len(rows(clerk.get(address + "?show=target_raised").content.decode())) < before


def test_the_comparison_is_taken_home(clerk, years):
    for name in ("csv", "html", "json", "md"):
        answer = clerk.get(reverse("compare-export", args=[*old_new(years), name]))
        assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    table = clerk.get(reverse("compare-export", args=[*old_new(years), "csv"])).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(table)))
    assert lines[0][0] == "类别" and {"目标调高", "取消任务", "新增任务"} <= {line[0] for line in lines}
    assert clerk.get(reverse("compare-export", args=[*old_new(years), "exe"])).status_code == 404


def test_both_documents_must_be_open_to_the_account(cast, client, years):
    assert clerk_get(client, cast.outsider, reverse("compare", args=old_new(years))) == 403
    foreign = papers.document(cast.outsider, papers.ledger(20), "theirs.txt")
    for pair in ((foreign.pk, years[1].pk), (years[1].pk, foreign.pk)):
        assert clerk_get(client, cast.clerk, reverse("compare", args=pair)) == 403
        assert clerk_get(client, cast.clerk, reverse("compare-export", args=[*pair, "json"])) == 403
    assert clerk_get(client, cast.liaison, reverse("compare-choose", args=[years[0].pk])) == 403
    assert clerk_get(client, cast.clerk, reverse("compare", args=[years[0].pk, years[0].pk])) == 404
    page = client.get(reverse("compare-choose", args=[years[0].pk])).content.decode()
    assert "theirs.txt" not in page


def clerk_get(client, user, address: str) -> int:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return int(client.get(address).status_code)


def test_queries_do_not_grow_with_the_documents(clerk, cast):
    small = [papers.document(cast.clerk, papers.ledger(n), f"s{n}.txt") for n in (19, 20)]
    large = [papers.document(cast.clerk, papers.ledger(n), f"l{n}.txt") for n in (490, 500)]
    counts = [queries(clerk, reverse("compare", args=[a.pk, b.pk])) for a, b in (small, large)]
    assert counts[0] == counts[1] <= 14
