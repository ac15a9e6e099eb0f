"""Objections, samples, verifications and closings (销号). Who decides is never who set or reported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.people.append_only import AppendOnly
from luoshi.people.models import Government, Unit, User
from luoshi.plans.models import Plan, Task
from luoshi.progress.models import Evidence, Light, Period, Report


class Objection(models.Model):
    """A unit's objection (异议) against a light, within the window; decided by somebody who did not set it.

    The lighter local form of 《政府督查工作条例》第十七条, whose recusal rule it takes over.
    """

    class State(models.TextChoices):
        """How far it has come."""

        RAISED = "raised", _("待复核")
        UPHELD = "upheld", _("异议成立")
        REFUSED = "refused", _("异议不成立")
        WITHDRAWN = "withdrawn", _("已撤回")

    light = models.ForeignKey(Light, models.PROTECT, related_name="objections", verbose_name=_("灯"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="objections", verbose_name=_("单位"))
    reason = models.TextField(_("理由"))
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="+", verbose_name=_("佐证材料"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    raised_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("应答复日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RAISED)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人")
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    decision = models.TextField(_("复核意见"), blank=True)

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["-raised_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.light} {self.unit}"

    @property
    def government(self) -> Government:
        """The owner, for permission."""
        return self.unit.government

    @property
    def leader_posts(self) -> frozenset[int]:
        """As the task's."""
        return self.light.leader_posts


class OverrideRequest(models.Model):
    """The office asks for a light to be set by hand (改灯申请); somebody else approves, and only then it is."""

    class State(models.TextChoices):
        """How far it has come."""

        ASKED = "asked", _("待批准")
        APPROVED = "approved", _("已改")
        REFUSED = "refused", _("不同意")

    light = models.ForeignKey(Light, models.PROTECT, related_name="override_requests", verbose_name=_("灯"))
    colour = models.CharField(_("改为"), max_length=12)
    reason = models.CharField(_("理由"), max_length=500)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    note = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("改灯申请")
        verbose_name_plural = _("改灯申请")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.light} → {self.colour}"

    @property
    def government(self) -> Government:
        """The owner, for permission."""
        return self.light.government


class Sample(AppendOnly):
    """A sample of reports drawn for verification: how many of how many, by which seed, so that it can be drawn again."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="samples", verbose_name=_("台账"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="samples", verbose_name=_("期次"))
    size = models.PositiveIntegerField(_("抽取数"))
    population = models.PositiveIntegerField(_("总数"))
    seed = models.CharField(_("随机种子"), max_length=64)
    reports = models.JSONField(_("抽中的报告"), default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("抽样人"))
    at = models.DateTimeField(_("抽样时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("抽样")
        verbose_name_plural = _("抽样")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.period} {self.size}/{self.population}"


class Verification(AppendOnly):
    """What was found when a report was checked against the world (《政府督查工作条例》第十二条 methods)."""

    class Method(models.TextChoices):
        """How."""

        DOCUMENTS = "documents", _("查阅资料")
        TELEPHONE = "telephone", _("电话核查")
        ON_SITE = "on_site", _("现场核实")

    class Result(models.TextChoices):
        """What was found."""

        TRUE = "true", _("属实")
        PARTLY = "partly", _("部分属实")
        FALSE = "false", _("不属实")

    report = models.ForeignKey(Report, models.PROTECT, related_name="verifications", verbose_name=_("报告"))
    sample = models.ForeignKey(
        Sample, models.PROTECT, null=True, blank=True, related_name="verifications", verbose_name=_("抽样")
    )
    method = models.CharField(_("方式"), max_length=10, choices=Method)
    result = models.CharField(_("结果"), max_length=8, choices=Result)
    note = models.TextField(_("核查情况"))
    on = models.DateField(_("核查日期"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("核查人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("核查")
        verbose_name_plural = _("核查")
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.get_method_display()}"


class Closing(AppendOnly):
    """A task closed (销号), or opened again after a look back (回头看): evidence and a verifier other than the reporter."""

    class Kind(models.TextChoices):
        """Closed, or open again."""

        CLOSED = "closed", _("销号")
        REOPENED = "reopened", _("重新打开")
        CARRIED = "carried", _("结转下年")

    task = models.ForeignKey(Task, models.PROTECT, related_name="closings", verbose_name=_("任务"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    reason = models.CharField(_("依据"), max_length=500)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="+", verbose_name=_("佐证材料"))
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("核实人"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("销号")
        verbose_name_plural = _("销号")
        ordering = ["task", "pk"]

    def __str__(self) -> str:
        return f"{self.task} {self.get_kind_display()}"
