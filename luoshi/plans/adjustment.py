"""Nouns of changing what was agreed: an adjustment is asked, reviewed and decided, and both values stay to be seen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.people.models import Government, Unit, User


class AdjustmentRule(models.Model):
    """When a government lets targets be adjusted. No row: at any time of the plan's year.

    Local rules set a window, such as after the half-year check and not after October.
    """

    plan = models.OneToOneField("plans.Plan", models.CASCADE, related_name="adjustment_rule", verbose_name=_("台账"))
    opens_on = models.DateField(_("可申请起"), null=True, blank=True)
    closes_on = models.DateField(_("可申请止"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("调整窗口")
        verbose_name_plural = _("调整窗口")

    def __str__(self) -> str:
        return f"{self.plan} {self.opens_on or ''}—{self.closes_on or ''}"


class Adjustment(models.Model):
    """A change of what a task promises (调整): original and new value, why, on what basis, who decided.

    A voted livelihood project changes only by decision of the people's congress or its standing committee
    (《陕西省民生实事项目人大代表票决制规定》第十八条 and its like): ``decision_number`` is then required.
    """

    class State(models.TextChoices):
        """How far it has come."""

        ASKED = "asked", _("已申请")
        REVIEWED = "reviewed", _("领导已审")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Field(models.TextChoices):
        """What is to change."""

        VALUE = "value", _("目标值")
        DEADLINE = "deadline", _("时限")
        STAGE = "stage", _("阶段")
        SCHEDULE = "schedule", _("序时进度")
        UNIT = "unit", _("责任单位")
        STOP = "stop", _("终止")

    task = models.ForeignKey("plans.Task", models.PROTECT, related_name="adjustments", verbose_name=_("任务"))
    target = models.ForeignKey(
        "plans.Target", models.PROTECT, null=True, blank=True, related_name="adjustments", verbose_name=_("指标")
    )
    deliverable = models.ForeignKey(
        "plans.Deliverable", models.PROTECT, null=True, blank=True, related_name="adjustments", verbose_name=_("成果")
    )
    field = models.CharField(_("调整什么"), max_length=10, choices=Field)
    original = models.JSONField(_("原定"))
    changed = models.JSONField(_("调整为"))
    reason = models.TextField(_("理由"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    decision_number = models.CharField(_("人大决定文号"), max_length=100, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("申请单位"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核领导")
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    review_note = models.CharField(_("审核意见"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    decision_note = models.CharField(_("批准意见"), max_length=300, blank=True)
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("调整")
        verbose_name_plural = _("调整")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["task", "state"], name="adjustment_task_state")]

    def __str__(self) -> str:
        return f"{self.task} {self.get_field_display()}"

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
