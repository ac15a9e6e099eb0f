"""Light rules as a form: what stands in its boxes, and the rule set that what was typed makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.desk.doing import figure_of, whole
from luoshi.plans.models import Plan
from luoshi.progress import lights
from luoshi.progress.light_actions import replay
from luoshi.progress.models import Period

MEASURES: Mapping[str, Any] = {
    "points_behind": gettext_lazy("落后序时（百分点）"),
    "ratio": gettext_lazy("完成序时的（%）"),
    "below": gettext_lazy("增幅、比率、位次等未达目标"),
    "days_late": gettext_lazy("节点逾期（天）"),
    "overdue": gettext_lazy("到期未完成"),
    "behind": gettext_lazy("低于序时或节点逾期"),
    "short": gettext_lazy("预计年底达不到"),
}
OPS: Mapping[str, Any] = {
    "over": gettext_lazy("超过（不含）"),
    "from": gettext_lazy("以上（含）"),
    "under": gettext_lazy("不足（不含）"),
    "to": gettext_lazy("以下（含）"),
}
FAMILIES: Mapping[str, Any] = {
    "points": gettext_lazy("按落后百分点"),
    "ratio": gettext_lazy("按完成序时比例"),
    "deadline": gettext_lazy("按期限"),
    "forecast": gettext_lazy("按预测"),
}
MORE, TESTS, MOST = 2, 2, 20  # blank rows offered, conditions a row, rows read


def boxes(content: Mapping[str, Any]) -> dict[str, Any]:
    """The boxes of the form for a rule set, with blank rows to fill in."""
    rules = []
    for rule in [*content["rules"], *[{"colour": "", "when": []}] * MORE]:
        tests = [dict(t) for t in rule["when"]]
        tests += [{"measure": "", "op": "over", "limit": ""}] * (TESTS - len(tests))
        rules.append({"colour": rule["colour"], "tests": tests})
    repeats = [*content.get("repeats", ()), {"colour": "", "times": "", "becomes": ""}]
    return {**content, "rules": rules, "repeats": repeats}


def content_of(posted: Mapping[str, Any]) -> dict[str, Any]:
    """The rule set that was typed, as data. Raises ValidationError naming the box that was not understood."""

    def get(name: str) -> str:
        return str(posted.get(name, "")).replace("\x00", "").strip()[:100]

    colours = [
        {"code": get(f"c{n}-code"), "name": get(f"c{n}-name"), "meaning": get(f"c{n}-meaning")}
        for n in range(MOST)
        if get(f"c{n}-code")
    ]
    if not get("name") or any(not c["name"] for c in colours):
        raise ValidationError(_("规则和每种灯都要有名称。"))
    rules = []
    for n in range(MOST):
        when = [test for m in range(TESTS) if (test := _test(get, f"r{n}-{m}"))]
        if get(f"r{n}-colour") and when:
            rules.append({"colour": get(f"r{n}-colour"), "when": when})
    repeats = []
    for n in range(MOST):
        if get(f"k{n}-colour"):
            times = whole(get(f"k{n}-times"))
            if times is None:
                raise ValidationError(_("连续几期要填一个数。"))
            repeats.append({"colour": get(f"k{n}-colour"), "times": times, "becomes": get(f"k{n}-becomes")})
    return {
        "family": get("family") if get("family") in FAMILIES else "points",
        "name": get("name"),
        "colours": colours,
        "rules": rules,
        "repeats": repeats,
        "strive_lighter": bool(get("strive_lighter")),
    }


def _test(get: Any, at: str) -> dict[str, Any] | None:
    measure = get(f"{at}-measure")
    if measure not in MEASURES:
        return None
    if measure in ("below", "overdue", "behind", "short"):
        return {"measure": measure, "op": "is", "limit": 1}
    limit = figure_of(get(f"{at}-limit"), str(MEASURES[measure]))
    return {"measure": measure, "op": get(f"{at}-op"), "limit": int(limit) if limit == int(limit) else str(limit)}


@dataclass(frozen=True)
class PeriodThen:
    """A past period under both rules: lights by colour as computed and as they would be, and what would change."""

    period: Period
    colours: Sequence[tuple[str, str, int, int]]  # code, name, then, would be
    changes: Sequence[Any]  # Replayed


def simulated(plan: Plan, content: Mapping[str, Any], most: int = 3) -> list[PeriodThen]:
    """The last periods with lights under these rules; those before are gone through too, for colours that repeat.

    Raises ValidationError for rules that cannot be used.
    """
    rows = replay(list(plan.periods.all()), content)
    names = {c["code"]: c["name"] for c in content["colours"]} | {"done": _("已完成"), "grey": _("不评")}
    by_period: dict[int, list[Any]] = {}
    for row in rows:
        by_period.setdefault(row.light.period_id, []).append(row)
    out = []
    for found in list(by_period.values())[-most:]:
        then, now = Counter(r.light.colour for r in found), Counter(r.colour for r in found)
        codes = [*names, *sorted(set(then) - set(names))]
        colours = [(c, names.get(c, c), then[c], now[c]) for c in codes if then[c] or now[c]]
        changes = [r for r in found if r.light.colour != r.colour]
        out.append(PeriodThen(found[0].light.period, colours, changes))
    return out


def words_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The rule set in sentences. Raises ValidationError for rules that cannot be used."""
    try:
        return lights.in_words(lights.parse(content))
    except lights.RuleError as error:
        raise ValidationError(str(error)) from None
