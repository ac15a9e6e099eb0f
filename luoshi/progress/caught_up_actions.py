"""Notes beside past lights that were made good later: written with the lights of the period that shows it, once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.people import history
from luoshi.progress import lights
from luoshi.progress.caught_up import caught_up, in_words, shown_as
from luoshi.progress.goals import from_data
from luoshi.progress.models import Light, LightNote, Period
from luoshi.progress.standing import Standing

LONGEST = LightNote._meta.get_field("text").max_length or 300


def note_caught_up(
    period: Period, stands: Mapping[int, Sequence[Standing]], *, at: datetime | None = None
) -> list[LightNote]:
    """Put a note beside each earlier worst light whose gap is made up by this period's standings (by task). Call inside the
    transaction that lights the period, for plans kept so (``ReportingRule.caught_up_note``).

    The light stays as it was; beside one that somebody set by hand there is nothing to say.
    """
    made = []
    for light in _worst(period, list(stands)):
        keys = {reason["key"] for reason in light.reasons}
        then = [from_data(each) for each in light.standings]
        now = {standing.key: standing for standing in stands[light.task_id]}
        if caught_up(keys, then, now):
            made.append(_note(light, period, in_words(keys, then, now), at or timezone.now()))
    LightNote.objects.bulk_create(made)
    if made:
        said = {"period": period.name, "lights": [note.light_id for note in made]}
        history.write(period.plan.government, None, "lights.caught_up", period, said, at=at, rows=made)
    return made


def _worst(period: Period, tasks: Sequence[int]) -> list[Light]:
    """The lights of earlier periods, as they hold, that were the worst their rules know and have no note. Two queries."""
    earlier = Light.objects.filter(period__plan=period.plan_id, period__cutoff__lt=period.cutoff, task__in=tasks)
    last = earlier.order_by().values("task", "period").annotate(last=Max("pk")).values("last")
    rows = Light.objects.filter(pk__in=last, notes__isnull=True).exclude(colour__in=[lights.GREY, lights.DONE])
    rows = rows.select_related("rule_set", "period").prefetch_related("overrides").order_by("pk")
    return [light for light in rows if light.colour == _worst_of(light) and not light.overrides.all()]


def _worst_of(light: Light) -> str:
    return str(light.rule_set.content["colours"][-1]["code"])


def _note(light: Light, period: Period, words: str, at: datetime) -> LightNote:
    rules = lights.parse(light.rule_set.content)
    names = {colour.code: colour.name for colour in rules.colours}
    code = shown_as(rules)
    text = _("%(then)s 的%(was)s已于 %(now)s 补上：%(words)s。记为%(shown)s，原灯不改。") % {
        "then": light.period.name,
        "was": names[light.colour],
        "now": period.name,
        "words": words,
        "shown": names[code],
    }
    return LightNote(light=light, shown_as=code, text=text[:LONGEST], at=at)
