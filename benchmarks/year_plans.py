"""What the database does for a page, by its own account: EXPLAIN (ANALYZE, BUFFERS) of each query the page asks.

Blocks and rows do not depend on what else the machine does, so they tell growth where times cannot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

MANY = 2000  # rows read and thrown away from which a scan is named


def explained(work: Callable[[], Any]) -> dict[str, Any]:
    """Milliseconds, blocks and scans of many rows of the queries that ``work`` asks; empty on SQLite."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if connection.vendor != "postgresql":
        return {}
    with CaptureQueriesContext(connection) as queries:
        work()
    took, blocks, scans = 0.0, 0, []
    with connection.cursor() as cursor:
        for sql in [q["sql"] for q in queries.captured_queries if q["sql"].startswith("SELECT")]:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)
            found = cursor.fetchone()[0]
            plan = (json.loads(found) if isinstance(found, str) else found)[0]
            took += plan["Execution Time"]
            blocks += plan["Plan"].get("Shared Hit Blocks", 0) + plan["Plan"].get("Shared Read Blocks", 0)
            scans += [node["Relation Name"] for node in _nodes(plan["Plan"]) if _scans(node)]
    return {"database_ms": round(took, 1), "blocks": blocks, "scans": sorted(set(scans))}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _scans(node: dict[str, Any]) -> bool:
    """Whether a whole table of many rows is read, or many rows of an index for few."""
    thrown = node.get("Rows Removed by Filter", 0) * node["Actual Loops"]
    whole = node["Node Type"] == "Seq Scan" and node["Actual Rows"] * node["Actual Loops"] + thrown > MANY
    return "Relation Name" in node and (whole or thrown > MANY)
