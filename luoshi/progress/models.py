"""Periods and what is reported in them. A figure, a claim, a tick once submitted is a row that stays (house rule 8)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.people.append_only import AppendOnly
from luoshi.people.models import Government, Tenure, Unit, User
from luoshi.plans.models import Deliverable, Plan, RosterPlace, Target, Task
from luoshi.progress.judged import (
    Forecast,
    Light,
    LightNote,
    LightOverride,
    Review,
    RuleSet,
)

__all__ = [
    "Evidence", "EvidenceUse", "Forecast", "Light", "LightNote", "LightOverride", "Measurement", "Message", "Period",
    "Report", "ReportingRule", "Review", "RosterTick", "RuleSet", "StageClaim",
]  # fmt: skip


class ReportingRule(models.Model):
    """How a plan is reported on: due days, reminders, lock, cadence, rule set. One row a plan, defaults where none."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="reporting_rule", verbose_name=_("台账"))
    kind = models.CharField(
        _("报送频次"), max_length=8, choices=[("month", _("每月")), ("quarter", _("每季"))], default="month"
    )
    month_day = models.PositiveSmallIntegerField(_("每月几日前报"), default=25)
    next_month = models.BooleanField(_("次月报"), default=False, help_text=_("每月几日指次月的那一天"))
    quarter_working_days = models.PositiveSmallIntegerField(_("季后几个工作日内报"), default=10)
    opens_days_before = models.PositiveSmallIntegerField(_("提前几天开放"), default=10)
    locks_days_after = models.PositiveSmallIntegerField(_("逾期几天锁定"), default=5)
    by_risk = models.BooleanField(
        _("按风险定频次"), default=True, help_text=_("慢的和重大的每月报，平稳的每季报，完成的不再报")
    )
    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("亮灯规则")
    )
    objection_days = models.PositiveSmallIntegerField(_("异议期（天）"), default=7)
    caught_up_note = models.BooleanField(
        _("补上后红灯加注"), default=False, help_text=_("以后补上的，当期红灯加注为“已补上”，原灯不改")
    )

    class Meta:
        verbose_name = _("报送规则")
        verbose_name_plural = _("报送规则")

    def __str__(self) -> str:
        return f"{self.plan}"


class Period(models.Model):
    """A reporting period of a plan. ``name`` is ``2026-03`` or ``2026-Q1``; dates are days in the government's zone."""

    class Kind(models.TextChoices):
        """Its length."""

        MONTH = "month", _("月")
        QUARTER = "quarter", _("季")

    class State(models.TextChoices):
        """Whether it can be reported into."""

        PLANNED = "planned", _("未开放")
        OPEN = "open", _("报送中")
        LOCKED = "locked", _("已锁定")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods", verbose_name=_("台账"))
    kind = models.CharField(_("周期"), max_length=8, choices=Kind, default=Kind.MONTH)
    name = models.CharField(_("期次"), max_length=8)
    starts_on = models.DateField(_("期初"))
    cutoff = models.DateField(_("数据截止日"))
    opens_on = models.DateField(_("开放日"))
    due_on = models.DateField(_("截止日"))
    locks_on = models.DateField(_("锁定日"))
    provisional = models.BooleanField(_("暂按"), default=False, help_text=_("当年放假安排未公布，按双休日暂定"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PLANNED)

    class Meta:
        verbose_name = _("期次")
        verbose_name_plural = _("期次")
        ordering = ["plan", "cutoff", "kind"]
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="period_once")]
        indexes = [models.Index(fields=["state", "opens_on"], name="period_state_opens")]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """What one unit is asked, and says, of one task in one period. Lead's report, or a co-unit's part or dispute.

    Made when the period opens; ``draft`` holds what is not submitted yet, by field:
    ``{"narrative.progress": {"value": "…", "by": 3, "at": "…"}, "target.17": {"value": "12.5", …}}``; ``version`` grows
    with each save so that two people's edits are merged. On submission figures, claims and ticks become rows.
    """

    class State(models.TextChoices):
        """Liaison drafts, head signs, office receives."""

        ASKED = "asked", _("待填")
        DRAFT = "draft", _("填写中")
        SUBMITTED = "submitted", _("已报")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已通过")

    class Part(models.TextChoices):
        """Whose part."""

        LEAD = "lead", _("牵头")
        CO = "co", _("配合")

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports", verbose_name=_("任务"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name=_("期次"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name=_("单位"))
    part = models.CharField(_("身份"), max_length=4, choices=Part, default=Part.LEAD)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    unchanged = models.BooleanField(_("无变化"), default=False)
    progress = models.TextField(_("进展"), blank=True)
    problem = models.TextField(_("问题"), blank=True)
    next_step = models.TextField(_("下一步"), blank=True)
    dispute = models.TextField(_("配合单位异议"), blank=True)
    draft = models.JSONField(_("草稿"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("草稿版次"), default=0)
    round = models.PositiveSmallIntegerField(
        _("第几次报"), default=1, help_text=_("撤回或退回一次加一，以前报的数不再算")
    )
    boxes = models.PositiveSmallIntegerField(_("要填几项"), default=0)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("填报人")
    )
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签发人")
    )
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    late_allowed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("准予补报人")
    )
    late_reason = models.CharField(_("补报理由"), max_length=300, blank=True)
    in_post = models.ForeignKey(
        Tenure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("时任负责人")
    )

    class Meta:
        verbose_name = _("报告")
        verbose_name_plural = _("报告")
        ordering = ["period", "task", "pk"]
        constraints = [models.UniqueConstraint(fields=["task", "period", "unit"], name="report_once")]
        indexes = [
            models.Index(fields=["unit", "period", "state"], name="report_unit_period"),
            models.Index(fields=["period", "state"], name="report_period_state"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.period} {self.unit}"

    def unsealed(self) -> frozenset[str]:
        """The draft and its version are no record; nor, until it is sent in, is who drafts and that he has begun."""
        writable = self.state in (self.State.ASKED, self.State.DRAFT)
        drafting = {"state", "drafted_by_id"} if writable else set()
        returned = {"drafted_by_id"} if self.state == self.State.RETURNED else set()
        return frozenset({"draft", "version"} | drafting | returned)

    @property
    def government(self) -> Government:
        """The owner, for permission."""
        return self.unit.government


class Measurement(AppendOnly):
    """A figure as submitted: value in the target's unit, cut-off, official or estimated, source. Corrected by a later row."""

    class Basis(models.TextChoices):
        """Official and estimated are never mixed (house rule 7)."""

        OFFICIAL = "official", _("正式数")
        ESTIMATED = "estimated", _("预计数")

    target = models.ForeignKey(Target, models.PROTECT, related_name="measurements", verbose_name=_("指标"))
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="measurements", verbose_name=_("报告"))
    round = models.PositiveSmallIntegerField(_("第几次报"), default=1)
    value = models.DecimalField(_("数值"), max_digits=24, decimal_places=6)
    cutoff = models.DateField(_("数据截止日"))
    basis = models.CharField(_("口径"), max_length=10, choices=Basis)
    source = models.CharField(_("数据来源"), max_length=100, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("更正哪一条")
    )

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("数据")
        verbose_name_plural = _("数据")
        ordering = ["target", "cutoff", "pk"]
        indexes = [models.Index(fields=["target", "cutoff"], name="measurement_target")]

    def __str__(self) -> str:
        return f"{self.value} {self.cutoff}"


class StageClaim(AppendOnly):
    """A stage or node said to be reached (or, by a later row, not after all)."""

    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="claims", verbose_name=_("成果"))
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="claims", verbose_name=_("报告"))
    round = models.PositiveSmallIntegerField(_("第几次报"), default=1)
    stage = models.CharField(_("阶段"), max_length=12, choices=Deliverable.Stage)
    node = models.ForeignKey(
        "plans.Node", models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("节点")
    )
    reached = models.BooleanField(_("已达到"), default=True)
    on = models.DateField(_("达到日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("阶段申报")
        verbose_name_plural = _("阶段申报")
        ordering = ["deliverable", "pk"]

    def __str__(self) -> str:
        return f"{self.deliverable} {self.get_stage_display()}"


class RosterTick(AppendOnly):
    """A place of a roster said to be done (or, by a later row, not after all)."""

    place = models.ForeignKey(RosterPlace, models.PROTECT, related_name="ticks", verbose_name=_("名册项"))
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="ticks", verbose_name=_("报告"))
    round = models.PositiveSmallIntegerField(_("第几次报"), default=1)
    done = models.BooleanField(_("已完成"), default=True)
    on = models.DateField(_("完成日期"))
    at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("名册勾选")
        verbose_name_plural = _("名册勾选")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return f"{self.place} {self.on}"


def evidence_path(evidence: Evidence, name: str) -> str:
    """Where the file lies below MEDIA_ROOT: by its digest, so that the same bytes are kept once."""
    return f"evidence/{evidence.digest[:2]}/{evidence.digest}"


class Evidence(AppendOnly):
    """A file that supports what was said; one may support many items. The digest is of its bytes (SHA-256)."""

    class Kind(models.TextChoices):
        """What sort of paper."""

        ACCEPTANCE = "acceptance", _("验收文件")
        AWARD = "award", _("命名文件")
        STATISTICS = "statistics", _("统计反馈")
        APPROVAL = "approval", _("批复文件")
        PHOTO = "photo", _("照片")
        OTHER = "other", _("其他材料")

    government = models.ForeignKey(Government, models.PROTECT, related_name="evidence", verbose_name=_("政府"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence", verbose_name=_("提供单位"))
    file = models.FileField(_("文件"), upload_to=evidence_path, max_length=200)
    name = models.CharField(_("文件名"), max_length=255)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=120, blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64)
    likeness = models.CharField(_("图像指纹"), max_length=32, blank=True)
    kind = models.CharField(_("材料类别"), max_length=12, choices=Kind, default=Kind.OTHER)
    dated = models.DateField(_("材料日期"), null=True, blank=True)
    source = models.CharField(_("出具单位"), max_length=100, blank=True)
    public = models.BooleanField(_("可公开"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("上传时间"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["government", "digest"], name="evidence_digest")]

    def __str__(self) -> str:
        return self.name


class EvidenceUse(models.Model):
    """A piece of evidence put beside a report (and, where it is, beside one target or deliverable of it)."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="uses", verbose_name=_("佐证材料"))
    report = models.ForeignKey(Report, models.PROTECT, related_name="evidence_uses", verbose_name=_("报告"))
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="evidence_uses", verbose_name=_("指标")
    )
    deliverable = models.ForeignKey(
        Deliverable, models.PROTECT, null=True, blank=True, related_name="evidence_uses", verbose_name=_("成果")
    )

    class Meta:
        verbose_name = _("材料用处")
        verbose_name_plural = _("材料用处")
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.evidence} {self.report}"


class Message(models.Model):
    """A reminder or notice inside the site: to a unit, or to one account."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="messages", verbose_name=_("政府"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("单位")
    )
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("账号")
    )
    kind = models.CharField(_("类别"), max_length=20)
    text = models.CharField(_("内容"), max_length=300)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    period = models.ForeignKey(
        Period, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("期次")
    )
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "kind"],
                condition=models.Q(period__isnull=False, unit__isnull=False),
                name="reminder_once",
            )
        ]

    def __str__(self) -> str:
        return self.text
