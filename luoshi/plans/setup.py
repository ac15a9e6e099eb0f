"""Nouns of setting the year up: what each promise means here, when it falls due, and who agreed to that.

``plans.models`` brings them into the room; they name its nouns as text so that neither file needs the other first.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.people.append_only import AppendOnly
from luoshi.people.models import Unit, User


class SetUp(models.Model):
    """Where a task stands on its way to an agreed year. ``digest`` is that of the agreed content; frozen from then on."""

    class State(models.TextChoices):
        """Lead unit, then leader, then office sign (domain: 分管领导 approves the schedule)."""

        OPEN = "open", _("待细化")
        UNIT_SIGNED = "unit_signed", _("单位已签")
        LEADER_SIGNED = "leader_signed", _("领导已签")
        AGREED = "agreed", _("已定稿")

    task = models.OneToOneField("plans.Task", models.CASCADE, related_name="set_up", verbose_name=_("任务"))
    state = models.CharField(_("状态"), max_length=14, choices=State, default=State.OPEN)
    digest = models.CharField(_("定稿摘要"), max_length=64, blank=True)
    content = models.JSONField(_("定稿内容"), null=True, blank=True)
    major = models.BooleanField(_("重大事项"), default=False, help_text=_("重大事项每月报送，不论快慢"))

    class Meta:
        verbose_name = _("细化")
        verbose_name_plural = _("细化")

    def __str__(self) -> str:
        return f"{self.task} {self.get_state_display()}"


class SignOff(AppendOnly):
    """One signature under a task's set-up, or its being sent back."""

    class Step(models.TextChoices):
        """Who signed, or sent back."""

        UNIT = "unit", _("牵头单位签")
        LEADER = "leader", _("分管领导签")
        OFFICE = "office", _("督查室定稿")
        BACK = "back", _("退回")

    task = models.ForeignKey("plans.Task", models.PROTECT, related_name="sign_offs", verbose_name=_("任务"))
    step = models.CharField(_("环节"), max_length=8, choices=Step)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("何时"))
    note = models.CharField(_("意见"), max_length=300, blank=True)
    digest = models.CharField(_("所签内容摘要"), max_length=64)

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("细化签批")
        verbose_name_plural = _("细化签批")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.task} {self.get_step_display()}"


class DoneTest(models.Model):
    """What counts as done here for a vague word (启动, 谋划, 左右 …): offered, worded by the lead unit, confirmed."""

    class Source(models.TextChoices):
        """Whose words they are."""

        DEFAULT = "default", _("系统预设")
        UNIT = "unit", _("单位拟定")
        OFFICE = "office", _("督查室拟定")

    task = models.ForeignKey("plans.Task", models.CASCADE, related_name="done_tests", verbose_name=_("任务"))
    target = models.ForeignKey(
        "plans.Target", models.CASCADE, null=True, blank=True, related_name="done_tests", verbose_name=_("指标")
    )
    deliverable = models.ForeignKey(
        "plans.Deliverable", models.CASCADE, null=True, blank=True, related_name="done_tests", verbose_name=_("成果")
    )
    word = models.CharField(_("含糊词"), max_length=40)
    at = models.JSONField(_("出处"), null=True, blank=True)
    sentence = models.CharField(_("完成标准"), max_length=300)
    tolerance = models.DecimalField(
        _("允许偏差"), max_digits=12, decimal_places=6, null=True, blank=True, help_text=_("仅用于“左右”“同步”")
    )
    source = models.CharField(_("来源"), max_length=8, choices=Source, default=Source.DEFAULT)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("拟定人")
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("完成标准")
        verbose_name_plural = _("完成标准")
        ordering = ["task", "pk"]

    def __str__(self) -> str:
        return f"{self.word}：{self.sentence}"


class Schedule(models.Model):
    """How a target's year runs (序时进度): its curve, what it is measured with, and how late the figure comes.

    ``points``: for ``quarters`` four shares in per cent of the whole (``[20, 50, 75, 100]``); for ``points`` a list of
    ``{"on": "2026-06-30", "value": "12.5"}`` in the target's unit. Linear and nodes need none (nodes are ``Node`` rows).
    """

    class Curve(models.TextChoices):
        """Shape of the year."""

        LINEAR = "linear", _("按月均分")
        QUARTERS = "quarters", _("按季度比例")
        POINTS = "points", _("自定数值")
        NODES = "nodes", _("按形象进度")
        NONE = "none", _("不分时段")

    class Grain(models.TextChoices):
        """How often the figure is published."""

        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季")
        HALF = "half", _("每半年")
        YEAR = "year", _("年度")

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up", _("越高越好")
        DOWN = "down", _("越低越好")

    target = models.OneToOneField("plans.Target", models.CASCADE, related_name="schedule", verbose_name=_("指标"))
    curve = models.CharField(_("序时进度"), max_length=10, choices=Curve, default=Curve.LINEAR)
    points = models.JSONField(_("各点"), default=list, blank=True)
    starts_on = models.DateField(_("起算日"))
    ends_on = models.DateField(_("截止日"))
    direction = models.CharField(_("方向"), max_length=5, choices=Direction, default=Direction.UP)
    annual_only = models.BooleanField(_("仅年度考核"), default=False)
    grain = models.CharField(_("发布频次"), max_length=8, choices=Grain, default=Grain.MONTH)
    lag_days = models.PositiveSmallIntegerField(_("发布滞后（天）"), default=0)
    data_source = models.CharField(_("数据来源"), max_length=100, blank=True)
    roster = models.BooleanField(_("逐个登记"), default=False, help_text=_("按名册逐个计数，如 7 所小学"))

    class Meta:
        verbose_name = _("序时进度")
        verbose_name_plural = _("序时进度")

    def __str__(self) -> str:
        return f"{self.target} {self.get_curve_display()}"


class Node(models.Model):
    """A dated node on the way (形象进度): of a deliverable, or of a target whose curve is by nodes."""

    task = models.ForeignKey("plans.Task", models.CASCADE, related_name="nodes", verbose_name=_("任务"))
    target = models.ForeignKey(
        "plans.Target", models.CASCADE, null=True, blank=True, related_name="nodes", verbose_name=_("指标")
    )
    deliverable = models.ForeignKey(
        "plans.Deliverable", models.CASCADE, null=True, blank=True, related_name="nodes", verbose_name=_("成果")
    )
    text = models.CharField(_("节点要求"), max_length=200)
    due_on = models.DateField(_("应到日期"))
    final = models.BooleanField(_("末节点"), default=False, help_text=_("到此即为完成"))
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("形象进度节点")
        verbose_name_plural = _("形象进度节点")
        ordering = ["task", "due_on", "order", "pk"]

    def __str__(self) -> str:
        return f"{self.due_on} {self.text}"


class RosterPlace(models.Model):
    """One of the N places of a counted target (向阳小学): counted once ever, so a place of an earlier year is named."""

    target = models.ForeignKey("plans.Target", models.CASCADE, related_name="roster", verbose_name=_("指标"))
    name = models.CharField(_("名称"), max_length=100, blank=True)
    address = models.CharField(_("地点"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("实施单位"))
    at = models.JSONField(_("出处"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    same_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="later", verbose_name=_("往年已列")
    )

    class Meta:
        verbose_name = _("名册项")
        verbose_name_plural = _("名册项")
        ordering = ["target", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["target", "name"], condition=~models.Q(name=""), name="roster_place_once")
        ]

    def __str__(self) -> str:
        return self.name


class SubTask(models.Model):
    """A part of a task handed to a department or town below (分解到下级): its own words, share and date.

    ``value`` is the share of ``target`` in the target's unit; the shares of a target add up to it or are shown not to.
    """

    task = models.ForeignKey("plans.Task", models.CASCADE, related_name="sub_tasks", verbose_name=_("任务"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sub_tasks", verbose_name=_("承担单位"))
    target = models.ForeignKey(
        "plans.Target", models.CASCADE, null=True, blank=True, related_name="shares", verbose_name=_("指标")
    )
    value = models.DecimalField(_("分解数"), max_digits=24, decimal_places=6, null=True, blank=True)
    text = models.CharField(_("子任务"), max_length=500)
    due_on = models.DateField(_("应完成日期"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("子任务")
        verbose_name_plural = _("子任务")
        ordering = ["task", "order", "pk"]

    def __str__(self) -> str:
        return self.text
