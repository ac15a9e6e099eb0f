"""Server time and number of queries of the main pages for a plan of 512 tasks, on SQLite in a folder of its own."""

from __future__ import annotations

import io
import os
import re
import statistics
import tempfile
import time
from importlib.util import find_spec
from typing import Any

TIMES = 8  # the example's 64 tasks as many times over
LONG = 48  # the same for a document of some 300 pages
RUNS = 7


def measure() -> dict[str, Any]:
    if find_spec("django") is None:
        print("the site is not installed; no figures")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"LUOSHI_DATA": folder, "DJANGO_SETTINGS_MODULE": "luoshi.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        return _measure()


def _measure() -> dict[str, Any]:
    from luoshi.cli import demo
    from luoshi.cli.example.people import HEAD, OFFICE
    from luoshi.people.models import Government

    demo.load()
    government = Government.objects.get()
    members = {m.user.username: m.user for m in government.members.select_related("user")}
    plan = _large_plan(government, members[OFFICE], members[HEAD])
    task = plan.tasks.all()[250]
    pages = {
        "front page": "/",
        "reading page": f"/documents/{plan.document_id}/",
        "ledger": f"/plans/{plan.pk}/",
        "ledger, one unit": f"/plans/{plan.pk}/?unit={government.units.get(short_name='县住建局').pk}",
        "task page": f"/plans/{plan.pk}/tasks/{task.key}/",
        "Excel": f"/plans/{plan.pk}/export/xlsx/",
    }
    print(f"  {'page of ' + str(plan.tasks.count()) + ' tasks':24} {'ms':>7} {'queries':>8} {'KB':>7}")
    found = {name: _page(name, address, members[OFFICE]) for name, address in pages.items()}
    return found | _long_document(government, members[OFFICE])


def _long_document(government: Any, clerk: Any) -> dict[str, Any]:
    """The reading page of some 300 pages: opened for the first time, opened again, and what scrolling fetches."""
    from django.core.files.base import File

    from luoshi.desk import opened
    from luoshi.documents import actions as documents

    text = large_document(LONG)
    document = documents.receive(File(io.BytesIO(text), name="300.txt"), clerk, government).document
    page = opened.opened(document).paper
    print(f"  {'page of ' + str(page.counts['all']) + ' tasks, ' + str(page.characters) + ' characters'}")
    address = f"/documents/{document.pk}/"
    forget: Any = opened._papers.clear
    return {
        "long document, first": _page("reading page, first time", address, clerk, forget),
        "long document": _page("reading page, again", address, clerk),
        "long document, tasks": _page("40 tasks", f"{address}parts/ledger/?from=t1001&to=t1041", clerk),
        "long document, text": _page("60 paragraphs", f"{address}parts/text/?from=3000.0&to=3060.0", clerk),
    }


def _page(name: str, address: str, user: Any, before: Any = lambda: None) -> dict[str, Any]:
    """Time, queries and size of a page; ``before`` is called ahead of each request and not counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response: Any = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    asked = len(queries)  # before the next request empties the log
    taken = []
    for _ in range(RUNS):
        before()
        start = time.perf_counter()
        client.get(address)
        taken.append(time.perf_counter() - start)
    median = statistics.median(taken)
    status = "" if response.status_code == 200 else f"  HTTP {response.status_code}"
    print(f"  {name:24} {1000 * median:7.0f} {asked:8} {len(body) / 1024:7.0f}{status}")
    return {"ms": round(1000 * median), "queries": asked, "kilobytes": round(len(body) / 1024)}


def _large_plan(government: Any, clerk: Any, head: Any) -> Any:
    """The example with every task many times over, received, checked and adopted."""
    from django.core.files.base import File

    from luoshi.cli.demo import answer_doubts
    from luoshi.documents import actions as documents
    from luoshi.plans import actions as plans

    received = documents.receive(File(io.BytesIO(large_document()), name="512.txt"), clerk, government)
    answer_doubts(received.document, clerk)
    documents.confirm(received.document, head)
    return plans.adopt(received.document, head)[0]


def large_document(times: int = TIMES) -> bytes:
    """The example's first plan for another year, its tasks repeated under new numbers."""
    from luoshi.cli import example

    text = example.document().decode().replace("2026", "2027").partition("2027年县政府民生实事项目责任分解\n")[0]
    head, *sections = re.split(r"(?m)^(?=[一二三四五六七八]、.*牵头重点工作$)", text)
    out = [head]
    for section in sections:
        heading, *tasks = re.split(r"(?m)^(?=\d+\.)", section)
        bodies = [task.partition(".")[2] for task in tasks] * times
        out += [heading, *(f"{number}.{body}" for number, body in enumerate(bodies, 1))]
    return "".join(out).encode()
