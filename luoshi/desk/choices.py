"""Words for codes: what the boxes of the editor offer, and how a correction is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy

from luoshi.documents import typed
from luoshi.documents.models import Correction
from luoshi.people.models import User
from luoshi.plans.models import Deliverable, Responsibility, Strength, Target

KINDS = {
    "units": gettext_lazy("单位"),
    "targets": gettext_lazy("指标"),
    "deliverables": gettext_lazy("成果"),
    "aims": gettext_lazy("定性目标"),
    "milestones": gettext_lazy("节点"),
    "leaders": gettext_lazy("领导"),
    "leader": gettext_lazy("领导"),
    "tasks": gettext_lazy("任务"),
    "sections": gettext_lazy("章节"),
    "plans": gettext_lazy("台账"),
}
NOUNS: Mapping[str, Any] = {"t": KINDS["tasks"], "s": KINDS["sections"], "p": KINDS["plans"]}
LETTERS = {"u": "units", "g": "targets", "d": "deliverables", "a": "aims", "m": "milestones", "l": "leaders"}
SIGNS = {"min": "≥", "max": "≤", "about": "≈", "exact": "=", "range": "—"}
CODES: Mapping[str, Any] = {
    **dict(Responsibility.Role.choices), **dict(Deliverable.Stage.choices), **dict(Strength.choices),
    **dict(Target.Kind.choices), **dict(Target.Bound.choices), "as_read": gettext_lazy("照读法记"),
    "corrected": gettext_lazy("已改"),
    "first_leads": gettext_lazy("首位牵头"),
}  # fmt: skip
# The reader speaks Chinese; for other languages each kind of doubt has a sentence without its particulars.
DOUBTS = {
    "no-plan": gettext_lazy("没有找到责任分解。"),
    "page-unread": gettext_lazy("有的页只有图片没有文字，没有读到。"),
    "ocr-unsure": gettext_lazy("这些字识读没有把握，请对照页面图核对。"),
    "file-unread": gettext_lazy("压缩包或邮件里有文件没有读到。"),
    "file-repeated": gettext_lazy("两个文件内容相同，只读了一个。"),
    "cut-short": gettext_lazy("文件末尾缺失，可能没有读全。"),
    "not-understood": gettext_lazy("这些字没有读懂。"),
    "count-differs": gettext_lazy("标题写明的项数与读到的不同。"),
    "units-missing": gettext_lazy("这项任务没有读到责任单位。"),
    "lead-unclear": gettext_lazy("几个责任单位并列，文中没有写明谁牵头。"),
    "lead-missing": gettext_lazy("只写了配合单位，没有写谁牵头。"),
    "unit-odd": gettext_lazy("这个名称不像单位，请核对。"),
    "deadline-unclear": gettext_lazy("完成时限没有读懂。"),
    "text-cut": gettext_lazy("这项任务的文字好像没有写完。"),
    "number-gap": gettext_lazy("编号不连续，中间可能缺项。"),
    "unit-variant": gettext_lazy("同一单位好像用了两种名称。"),
    "same-project": gettext_lazy("同一项目在两项任务里出现。"),
    "contradicts": gettext_lazy("两处说法不一致。"),
    "roll-up": gettext_lazy("这项任务代表另一份台账的全部任务。"),
    "account-empty": gettext_lazy("没有读到进展。"),
    "table-unread": gettext_lazy("这张表没有完成情况一类的栏，没有按进展读。"),
    "cutoff-unclear": gettext_lazy("数字截止到哪一天没有写明。"),
    "states-disagree": gettext_lazy("进度状态前后不一致。"),
    "figure-unnamed": gettext_lazy("这个数没有写明是什么数。"),
    "clauses-apart": gettext_lazy("各句写了各自的责任单位，请核对是否要拆成几项。"),
    "sentence-unplaced": gettext_lazy("没有看出这句话说的是哪一项任务。"),
    "several-tasks": gettext_lazy("这一段同时说到几项任务，请分别核对。"),
    "task-unmatched": gettext_lazy("台账里没有找到对应的任务。"),
    "match-unclear": gettext_lazy("对应的任务把握不大，请核对。"),
    "share-differs": gettext_lazy("写明的完成比例与按台账目标折算的不同。"),
    "goal-restated": gettext_lazy("数值与目标相同，可能只是重述目标，请核对。"),
}


_ORDER = {name: n for n, name in enumerate(typed.LABELS)}


@dataclass(frozen=True)
class Told:
    """A correction as the history shows it."""

    correction: Correction
    where: str
    what: str
    before: str
    after: str
    standing: bool
    places: tuple[str, ...] = ()  # of many corrections made in one stroke
    parts: tuple[Told, ...] = ()  # of several corrections of one task, saved at once


def all_of_them() -> dict[str, Any]:
    """What the editor's boxes offer."""
    return {
        "roles": Responsibility.Role.choices,
        "kinds": Target.Kind.choices,
        "bounds": [(code, f"{label} {SIGNS[code]}") for code, label in Target.Bound.choices],
        "strengths": Strength.choices,
        "stages": Deliverable.Stage.choices,
    }


def doubt_words(code: str, message: str) -> str:
    """The doubt in the reader's own words; in another language its kind."""
    if (get_language() or "").startswith("zh") or code not in DOUBTS:
        return message
    return str(DOUBTS[code])


def doubt_kind(code: str, message: str) -> str:
    """What all doubts of a kind are about; the first one's words where the kind is not known here."""
    return str(DOUBTS.get(code, message)).rstrip("。.")


def tell(correction: Correction, labels: Mapping[str, str], standing: bool) -> Told:
    """A correction in words: where (2-5, 指标), what, before and after."""
    key, _slash, field = correction.path.partition("/")
    task, _dot, part = key.partition(".")
    where = labels.get(task, "")
    doubtful = key.startswith("q")
    kind = LETTERS.get(part[:1], "")
    named = KINDS.get(kind) or KINDS.get(field) or NOUNS.get(key[:1], "")
    what = (
        f"{correction.get_operation_display()} {named}".strip() if not doubtful else correction.get_operation_display()
    )
    if correction.refers_to:
        what = f"{correction.get_operation_display()}：{correction.refers_to.get_operation_display()} {named}".strip()
    after = correction.after
    if correction.operation == "insert":
        after = (after or {}).get("value")
    elif correction.operation == "confirm_doubt":
        after = (after or {}).get("answer")
    elif correction.operation in ("merge", "split", "move", "confirm"):
        return Told(correction, where, what, "", "", standing)
    return Told(correction, where, what, _words(correction.before, after), _words(after), standing)


def tell_all(made: Sequence[Correction], labels: Mapping[str, str], standing: Collection[int]) -> list[Told]:
    """Corrections in words; those of one stroke are told as one, with the list of places."""
    told = []
    for _stroke, group in groupby(made, key=lambda c: c.batch or -c.sequence):
        parts = list(group)
        able = [c for c in parts if c.sequence in standing] or parts
        lead = next((c for c in able if c.operation == Correction.Operation.ANSWER), able[-1])
        one = tell(lead, labels, lead.sequence in standing)
        if len(parts) > 1:
            names = list(filter(None, dict.fromkeys(tell(c, labels, True).where for c in reversed(parts))))
            if len(names) > 1:
                one = replace(one, before="", where="", places=tuple(names))
            else:
                each = tuple(tell(c, labels, c.sequence in standing) for c in reversed(parts))
                one = replace(one, what="、".join(dict.fromkeys(t.what for t in each)), before="", after="", parts=each)
        told.append(one)
    return told


def stroke(made: Sequence[Correction], labels: Mapping[str, str]) -> str:
    """What was done in one stroke, in a few words: where, and each kind of thing once."""
    told = [tell(c, labels, True) for c in made]
    places = list(filter(None, dict.fromkeys(t.where for t in told)))
    where = f"{places[0]}…{places[-1]}" if len(places) > 1 else "".join(places)
    return f"{where} {'、'.join(dict.fromkeys(t.what for t in told))}".strip()


def last_done(made: Sequence[Correction], labels: Mapping[str, str], standing: Collection[int], by: User) -> str:
    """What the account's next undo takes back, in words: 1-2 修改 指标、确认 任务; empty where there is nothing."""
    own = [c for c in made if c.sequence in standing and c.who_id == by.pk]
    last = own[-1:]
    return stroke([c for c in own if c.batch == last[0].batch] if last and last[0].batch else last, labels)


def _words(value: Any, like: Any = None) -> str:
    """A value in words; of a whole part only what names it, of several fields those that were set."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(filter(None, (_words(each) for each in value)))
    if not isinstance(value, dict):
        return (
            str(CODES.get(value, value))
            if isinstance(value, str)
            else f"{value:.10g}"
            if isinstance(value, float)
            else str(value)
        )
    if isinstance(like, dict):
        value = {name: value.get(name) for name in like}
    elif "key" in value:
        name = (
            value.get("name") or value.get("quote") or value.get("subject") or value.get("text") or value.get("heading")
        )
        return str(name or "")
    # In the order of the labels: a database may keep the fields in an order of its own.
    fields = sorted(value.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER)))
    return "；".join(f"{typed.label(k)} {_words(v) or '—'}" for k, v in fields)


def attach(response: HttpResponse, name: str) -> HttpResponse:
    """Let the browser save it under this name, Chinese characters and all (RFC 6266)."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
