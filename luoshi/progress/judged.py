"""Nouns of judging what was reported: reviews, rule sets, lights and forecasts. All of them only grow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.people.append_only import AppendOnly
from luoshi.people.models import Government, Tenure, User


class Review(AppendOnly):
    """What the office decided on a report, and what the checks showed it then."""

    class Decision(models.TextChoices):
        """Accept, return with a reason, ask the co-unit."""

        ACCEPT = "accept", _("通过")
        RETURN = "return", _("退回")
        ASK = "ask", _("请配合单位说明")

    report = models.ForeignKey("progress.Report", models.PROTECT, related_name="reviews", verbose_name=_("报告"))
    decision = models.CharField(_("结论"), max_length=8, choices=Decision)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    checks = models.JSONField(_("核对提示"), default=list, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("审核人"))
    at = models.DateTimeField(_("审核时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("审核")
        verbose_name_plural = _("审核")
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.get_decision_display()}"


class RuleSet(AppendOnly):
    """A version of the rules that turn standings into colours, as data. Adopted by a government on a basis."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="rule_sets", verbose_name=_("政府"))
    name = models.CharField(_("名称"), max_length=100)
    version = models.PositiveIntegerField(_("版次"))
    content = models.JSONField(_("规则"))
    digest = models.CharField(_("摘要"), max_length=64)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("采用人"))
    at = models.DateTimeField(_("采用时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("亮灯规则")
        verbose_name_plural = _("亮灯规则")
        ordering = ["government", "-version"]
        constraints = [models.UniqueConstraint(fields=["government", "version"], name="rule_set_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Light(AppendOnly):
    """The colour of a task in a period, with its reasons, frozen as it was computed; the newest row of a pair holds.

    ``reasons``: what ``lights.judge`` returned: rule, figures, quote, the smallest change that would turn it green.
    ``standings``: the standing of each target and deliverable, so that any version of the rules can be replayed.
    """

    task = models.ForeignKey("plans.Task", models.PROTECT, related_name="lights", verbose_name=_("任务"))
    period = models.ForeignKey("progress.Period", models.PROTECT, related_name="lights", verbose_name=_("期次"))
    colour = models.CharField(_("灯"), max_length=12)
    sentence = models.CharField(_("说明"), max_length=500)
    reasons = models.JSONField(_("理由"), default=list)
    standings = models.JSONField(_("进度判断"), default=list)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="lights", verbose_name=_("亮灯规则"))
    in_post = models.ForeignKey(
        Tenure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("时任领导")
    )
    at = models.DateTimeField(_("亮灯时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("灯")
        verbose_name_plural = _("灯")
        ordering = ["task", "period", "pk"]
        indexes = [models.Index(fields=["period", "colour"], name="light_period_colour")]

    def __str__(self) -> str:
        return f"{self.task} {self.period} {self.colour}"

    @property
    def government(self) -> Government:
        """The owner, for permission."""
        return self.task.government

    @property
    def lead_units(self) -> frozenset[int]:
        """As the task's."""
        return self.task.lead_units

    @property
    def leader_posts(self) -> frozenset[int]:
        """As the task's."""
        return self.task.leader_posts


class LightOverride(AppendOnly):
    """A light set by hand: the colour instead, why, who asked and who approved. The computed light stays beside it."""

    light = models.ForeignKey(Light, models.PROTECT, related_name="overrides", verbose_name=_("灯"))
    colour = models.CharField(_("改为"), max_length=12)
    reason = models.CharField(_("理由"), max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("批准人"))
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("改灯")
        verbose_name_plural = _("改灯")
        ordering = ["light", "pk"]

    def __str__(self) -> str:
        return f"{self.light} → {self.colour}"


class LightNote(AppendOnly):
    """A note beside a past light that was made good later; the light itself is not rewritten."""

    light = models.ForeignKey(Light, models.PROTECT, related_name="notes", verbose_name=_("灯"))
    shown_as = models.CharField(_("显示为"), max_length=12)
    text = models.CharField(_("附注"), max_length=300)
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("灯的附注")
        verbose_name_plural = _("灯的附注")
        ordering = ["light", "pk"]

    def __str__(self) -> str:
        return self.text


class Forecast(AppendOnly):
    """A year-end estimate for a target as it was made on a day, with its band; scored when the year is over."""

    target = models.ForeignKey("plans.Target", models.PROTECT, related_name="forecasts", verbose_name=_("指标"))
    period = models.ForeignKey("progress.Period", models.PROTECT, related_name="forecasts", verbose_name=_("期次"))
    value = models.DecimalField(_("年末估计"), max_digits=24, decimal_places=6)
    low = models.DecimalField(_("下限"), max_digits=24, decimal_places=6)
    high = models.DecimalField(_("上限"), max_digits=24, decimal_places=6)
    confidence = models.DecimalField(_("置信度"), max_digits=4, decimal_places=3)
    method = models.CharField(_("方法"), max_length=40)
    at = models.DateTimeField(_("预测时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("预测")
        verbose_name_plural = _("预测")
        ordering = ["target", "period", "pk"]

    def __str__(self) -> str:
        return f"{self.target} {self.value}"
