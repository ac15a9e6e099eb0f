"""What the review queue shows: reports that wait, what the checks say in words, text and figures beside last period's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy

from luoshi.people.models import Government, User
from luoshi.progress.checks import Check
from luoshi.progress.goals import facts_of, judged_tasks, standings
from luoshi.progress.lights import plain
from luoshi.progress.models import Measurement, Report, RosterTick, StageClaim
from luoshi.progress.report_actions import last_report
from luoshi.progress.review_actions import checks_of
from luoshi.progress.standing import Standing

BOXES: Mapping[str, Any] = {
    "progress": gettext_lazy("进展"),
    "problem": gettext_lazy("问题"),
    "next_step": gettext_lazy("下一步"),
}
CHECKS: Mapping[str, Any] = {
    "copied": gettext_lazy("文字照搬"),
    "fell": gettext_lazy("累计数下降"),
    "restated": gettext_lazy("改了以前的数"),
    "late_jump": gettext_lazy("年底突增"),
    "evidence_before": gettext_lazy("材料用过"),
    "parts": gettext_lazy("分项不等于合计"),
    "estimate": gettext_lazy("该用正式数"),
    "unsupported": gettext_lazy("完成无材料"),
    "disputed": gettext_lazy("配合单位有异议"),
}
SENTENCES: Mapping[str, Any] = {
    "copied": gettext_lazy("“%(about)s”与上期相同 %(likeness)s%%，本期做了什么看不出来。"),
    "fell": gettext_lazy("%(about)s是累计数，却从 %(from)s 降到 %(to)s。"),
    "restated": gettext_lazy("%(about)s截至 %(cutoff)s 的数由 %(from)s 改为 %(to)s。"),
    "late_jump": gettext_lazy("%(about)s临近年底从 %(from)s 增到 %(to)s，一期做了全年的 %(share)s%%。"),
    "evidence_before": gettext_lazy("“%(about)s”在别处用过：%(reports)s。"),
    "parts": gettext_lazy("%(about)s分项合计 %(parts)s，与总数 %(whole)s 不等。"),
    "estimate": gettext_lazy("%(about)s截至 %(cutoff)s 的正式数应已发布，报的仍是预计数。"),
    "unsupported": gettext_lazy("“%(about)s”报了完成，没有佐证材料。"),
    "disputed": gettext_lazy("%(about)s有不同说法：%(text)s"),
}
_WORDS = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[A-Za-z]+|\s+|.", re.S)
_ZEROS = re.compile(r"^(-?\d+)\.0+$|^(-?\d+\.\d*?[1-9])0+$")


@dataclass(frozen=True)
class Waiting:
    """A report that waits, with its checks in words."""

    report: Report
    checks: Sequence[tuple[str, str, str]]  # code, name, sentence
    own: bool  # signed by the one who looks: somebody else must decide


def in_words(check: Check) -> tuple[str, str, str]:
    """A check as the reviewer reads it: code, name, sentence with its figures.

    >>> in_words(Check("fell", "管网", {"from": "5.000000", "to": "4.500000"}))[2]
    '管网是累计数，却从 5 降到 4.5。'
    """
    said = {key: "、".join(v) if isinstance(v, list) else _short(str(v)) for key, v in check.said.items()}
    about = str(BOXES.get(check.about, check.about))
    return check.code, str(CHECKS[check.code]), str(SENTENCES[check.code]) % {**said, "about": about}


def _short(text: str) -> str:
    match = _ZEROS.match(text)
    return (match[1] or match[2]) if match else text


def waiting(government: Government, user: User) -> list[Waiting]:
    """All submitted reports of a government, oldest period first; queries do not grow with them."""
    rows = Report.objects.filter(task__government=government, state=Report.State.SUBMITTED)
    found = list(
        rows.select_related("task__plan__government", "period", "unit", "signed_by").order_by(
            "period__cutoff", "task__plan", "task__order", "pk"
        )
    )
    shown = checks_of(found)
    return [Waiting(r, [in_words(c) for c in shown[r.pk]], r.signed_by_id == user.pk) for r in found]


def diff(old: str, new: str) -> list[tuple[str, str]]:
    """Words of two texts: ``("", same)``, ``("del", gone)``, ``("ins", new)``; figures and Latin words stay whole.

    >>> diff("已完成5个小区", "已完成12个小区")
    [('', '已完成'), ('del', '5'), ('ins', '12'), ('', '个小区')]
    """
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    out: list[tuple[str, str]] = []
    for code, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if code == "equal":
            out.append(("", "".join(theirs[c:d])))
            continue
        out += [(mark, "".join(part)) for mark, part in (("del", ours[a:b]), ("ins", theirs[c:d])) if part]
    return out


@dataclass(frozen=True)
class Line:
    """A figure of the report beside last period's and what is due."""

    label: str
    unit: str
    before: str
    now: str
    goal: str
    expected: str
    gap: str
    basis: str
    source: str
    cutoff: str


def in_full(report: Report) -> dict[str, Any]:
    """One report with everything beside it; queries do not grow with its figures or papers."""
    before = last_report(report)
    texts = []
    for box, label in BOXES.items():
        old, new = getattr(before, box, "") if before else "", getattr(report, box)
        if old or new:
            texts.append((label, diff(old, new) if before else [("", new)], bool(before) and old == new))
    within = {"report": report, "round": report.round}
    claims = StageClaim.objects.filter(**within).select_related("deliverable", "node")
    ticks = RosterTick.objects.filter(**within).select_related("place")
    uses = report.evidence_uses.select_related("evidence", "target", "deliverable")
    parts = Report.objects.filter(task=report.task, period=report.period).exclude(pk=report.pk)
    return {
        "report": report,
        "before": before,
        "texts": texts,
        "lines": _lines(report, before),
        "claims": list(claims),
        "ticks": list(ticks),
        "uses": list(uses),
        "others": list(parts.exclude(state__in=["asked", "draft"]).select_related("unit")),
        "reviews": list(report.reviews.select_related("by")),
        "verifications": list(report.verifications.select_related("by")),
    }


def _lines(report: Report, before: Report | None) -> list[Line]:
    now = {m.target_id: m for m in Measurement.objects.filter(report=report, round=report.round).order_by("pk")}
    earlier = Measurement.objects.filter(report=before, round=before.round).order_by("pk") if before else ()
    then = {m.target_id: m for m in earlier}
    (task,) = judged_tasks(report.task.plan, [report.task_id])
    stands = {
        s.key: s
        for s in standings(task, facts_of(report.task.plan, [task], report.period.cutoff), report.period.cutoff)
    }
    return [
        _line(target, now.get(target.pk), then.get(target.pk), stands.get(f"t{target.pk}"))
        for target in task.targets.all()
        if target.pk in now or target.pk in then
    ]


def _line(target: Any, now: Measurement | None, then: Measurement | None, stand: Standing | None) -> Line:
    gap = ""
    if now and stand and stand.expected is not None and stand.actual is not None:
        gap = plain(stand.actual - stand.expected)
    return Line(
        label=target.subject,
        unit=target.unit,
        before=plain(then.value) if then else "",
        now=plain(now.value) if now else "",
        goal=plain(target.value) if target.value is not None else "",
        expected=plain(stand.expected) if stand and stand.expected is not None else "",
        gap=gap,
        basis=now.get_basis_display() if now else "",
        source=now.source if now else "",
        cutoff=now.cutoff.isoformat() if now else "",
    )


def codes_of(rows: Iterable[Waiting]) -> list[tuple[str, str, int]]:
    """The checks that occur, with how many reports each."""
    counts = dict.fromkeys(CHECKS, 0)
    for row in rows:
        for code in {c[0] for c in row.checks}:
            counts[code] += 1
    return [(code, str(CHECKS[code]), n) for code, n in counts.items() if n]


HEADERS = (
    gettext_lazy("期次"), gettext_lazy("任务"), gettext_lazy("名称"), gettext_lazy("单位"), gettext_lazy("报送时间"),
    gettext_lazy("核对提示"),
)  # fmt: skip


def table(rows: Iterable[Waiting]) -> list[list[str]]:
    """The queue as it is exported."""
    return [
        [
            r.report.period.name,
            r.report.task.key,
            r.report.task.title or r.report.task.text,
            r.report.unit.short_name,
            f"{r.report.submitted_at:%Y-%m-%d %H:%M}" if r.report.submitted_at else "",
            "；".join(sentence for _code, _name, sentence in r.checks),
        ]
        for r in rows
    ]
