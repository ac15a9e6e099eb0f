"""A document and its ledger for the desk's tests: the example of 澜湾县, read by hand.

The ledger is made from the golden reading and the example's text, so that these tests do not depend on the reader.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from luoshi.cli import example
from luoshi.documents.models import Document, Reading
from luoshi.people.models import User

GOLDEN = Path(__file__).parents[1] / "golden" / "lanwan-2026.json"


@cache
def _golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return found


class Finder:
    """Finds words in the blocks, going forward only."""

    def __init__(self, blocks: list[dict[str, Any]]) -> None:
        self.blocks, self.block, self.at = blocks, 0, 0

    def find(self, words: str, *, move: bool = True, within: int = 4) -> dict[str, int] | None:
        """The next place of the words, not more than ``within`` blocks on."""
        for b in range(self.block, min(self.block + within, len(self.blocks))):
            start = self.blocks[b]["text"].find(words, self.at if b == self.block else 0)
            if start >= 0:
                if move:
                    self.block, self.at = b, start + len(words)
                return {"block": b, "start": start, "end": start + len(words)}
        return None


def ledger(tasks: int | None = None) -> dict[str, Any]:
    """The example's ledger with spans; with ``tasks``, its tasks repeated until there are so many."""
    golden = json.loads(json.dumps(_golden()))
    lines = example.document().decode().splitlines()
    blocks = [{"kind": "paragraph", "text": line, "origin": {"line": n}} for n, line in enumerate(lines)]
    finder = Finder(blocks)
    doubts: list[dict[str, Any]] = []
    for p, plan in enumerate(golden["plans"]):
        plan["at"] = finder.find(plan["title"], within=len(blocks))
        plan["lead_rule"] = None
        for s, section in enumerate(plan["sections"]):
            section["at"] = finder.find(section["heading"], within=len(blocks)) if section["heading"] else None
            for leader in section["leader"]:
                leader["at"] = None
            for t, task in enumerate(section["tasks"]):
                _place(task, finder, doubts, f"plans/{p}/sections/{s}/tasks/{t}")
    if tasks is not None:
        _repeat(golden, blocks, tasks)
    total = sum(len(b["text"]) for b in blocks)
    source = {
        "name": "lanwan-2026.txt",
        "sha256": "0" * 64,
        "media_type": "text/plain",
        "characters": total,
        "pages": None,
    }
    cover = {"characters": total, "facts": total - 520, "structure": 200, "prose": 306}
    hole = {"block": 6, "start": 0, "end": 14}
    return {
        "schema": "luoshi.ledger/1", "reader": "test", "source": source, "document": {**golden["document"], "at": {}},
        "plans": golden["plans"], "coverage": {**cover, "not_understood": [hole]}, "doubts": doubts, "blocks": blocks,
    }  # fmt: skip


def _place(task: dict[str, Any], finder: Finder, doubts: list[dict[str, Any]], path: str) -> None:
    task["at"] = finder.find(task["text"], within=12) or {"block": finder.block, "start": 0, "end": 0}
    text, at = task["text"], task["at"]
    for target in task["targets"]:
        start = max(text.find(target["quote"]), 0)
        target |= {"value_to": target.get("value_to"), "baseline": None, "wording": None}
        target["at"] = {**at, "start": at["start"] + start, "end": at["start"] + start + len(target["quote"])}
    for thing in task["deliverables"]:
        start = text.find(thing["name"])
        thing["at"] = {
            **at,
            "start": at["start"] + max(start, 0),
            "end": at["start"] + max(start, 0) + (len(thing["name"]) if start >= 0 else 0),
        }
    for unit in task["units"]:
        unit["at"] = finder.find(unit["name"]) or {"block": finder.block, "start": 0, "end": 0}
        if unit.get("with"):
            doubt = {"code": "unit-odd", "message": f"“{unit['name']}（{unit['with']}）”是一家还是两家？"}
            doubts.append({**doubt, "at": unit["at"], "task": path})
    task |= {"milestones": [], "progress": None, "deadline_at": None}
    task.setdefault("leaders", [])
    for leader in task["leaders"]:
        leader["at"] = None


def _repeat(golden: dict[str, Any], blocks: list[dict[str, Any]], wanted: int) -> None:
    """Tasks again and again (or fewer), all in the first plan's sections, so that pages of any size can be measured."""
    plan = golden["plans"][0]
    golden["plans"] = [plan]
    pool = [task for section in plan["sections"] for task in section["tasks"]]
    sections = plan["sections"][:4]
    for section in sections:
        section["tasks"] = []
    for n in range(wanted):
        task = json.loads(json.dumps(pool[n % len(pool)]))
        task["number"] = str(n + 1)
        sections[n * 4 // wanted]["tasks"].append(task)
    plan["sections"] = sections
    del blocks


def document(by: User, made: dict[str, Any] | None = None, name: str = "lanwan-2026.txt") -> Document:
    """A document as if received and read: its ledger is ``made``, or the example's."""
    government = by.memberships.get().government
    made = made or ledger()
    text = "\n".join(b["text"] for b in made["blocks"]) + name
    digest = hashlib.sha256(text.encode()).hexdigest()
    fields = made["document"]
    found = Document(
        government=government, name=name, size=len(text), digest=digest, uploaded_by=by, uploaded_at=timezone.now(),
        state="read", title=fields["title"] or "", number=fields["number"] or "", media_type="text/plain",
    )  # fmt: skip
    found.file.save(name, ContentFile(text.encode()), save=False)
    found.save()
    Reading.objects.create(document=found, at=timezone.now(), reader="test", milliseconds=60, ledger=made)
    return found
