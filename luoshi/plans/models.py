"""The plan of a year and what it promises. Every row that came from the document keeps its span and its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from luoshi.documents.models import Document, Reading
from luoshi.people.models import Government, Post, Unit, User
from luoshi.plans.adjustment import Adjustment, AdjustmentRule
from luoshi.plans.setup import DoneTest, Node, RosterPlace, Schedule, SetUp, SignOff, SubTask

__all__ = [
    "Adjustment", "AdjustmentRule", "Aim", "Deliverable", "DoneTest", "FromDocument", "Grade", "LeaderNamed", "Milestone", "Node", "Plan",
    "PlanQuerySet", "Promised", "Responsibility", "RosterPlace", "Schedule", "Section", "SectionLeader", "SetUp", "SignOff",
    "Strength", "SubTask", "Target", "Task", "TaskLeader", "TaskQuerySet",
]  # fmt: skip


class PlanQuerySet(models.QuerySet["Plan"]):
    """Questions about plans."""

    def of(self, government: Government) -> PlanQuerySet:
        """The plans of one government with their documents, newest year first."""
        return self.filter(government=government).select_related("government", "document")

    def counted(self) -> PlanQuerySet:
        """With ``task_count`` on each row."""
        return self.annotate(task_count=models.Count("tasks"))


class TaskQuerySet(models.QuerySet["Task"]):
    """Questions about tasks; filters do not multiply rows and may be combined."""

    def whole(self) -> TaskQuerySet:
        """With everything a ledger row or the task page shows: eight queries however many tasks."""
        return self.select_related("section", "plan").prefetch_related(
            "section__leaders",
            "leaders",
            Prefetch("responsibilities", Responsibility.objects.select_related("unit", "partner")),
            "targets",
            "aims",
            "deliverables",
            "milestones",
        )

    def with_unit(self, units: Sequence[int], role: str = "") -> TaskQuerySet:
        """Tasks in which one of these units (primary keys) has a part, in ``role`` or in any; a partner supports."""
        mine = Q(unit__in=units)
        if role:
            mine &= Q(role=role)
        if role in ("", "support"):
            mine |= Q(partner__in=units)
        return self.filter(Exists(Responsibility.objects.filter(mine, task=OuterRef("pk"))))

    def with_role(self, role: str) -> TaskQuerySet:
        """Tasks in which somebody has this role."""
        return self.filter(Exists(Responsibility.objects.filter(role=role, task=OuterRef("pk"))))

    def led_by(self, leader: str) -> TaskQuerySet:
        """Tasks of a leader (by name as written): named at the task, or at the section of a task that names none."""
        named = TaskLeader.objects.filter(task=OuterRef("pk"))
        above = SectionLeader.objects.filter(section=OuterRef("section"), name=leader)
        return self.filter(Exists(named.filter(name=leader)) | (~Exists(named) & Exists(above)))

    def saying(self, text: str) -> TaskQuerySet:
        """Tasks whose key, title, wording, units or deliverables contain every one of these words."""
        found = self
        for word in text.split():
            units = Responsibility.objects.filter(
                Q(name__icontains=word) | Q(unit__short_name__icontains=word), task=OuterRef("pk")
            )
            things = Deliverable.objects.filter(name__icontains=word, task=OuterRef("pk"))
            own = Q(key__icontains=word) | Q(title__icontains=word) | Q(text__icontains=word)
            found = found.filter(own | Exists(units) | Exists(things))
        return found

    def with_target(self, yes: bool = True) -> TaskQuerySet:
        """Tasks that have a target, or that have none."""
        has = Exists(Target.objects.filter(task=OuterRef("pk")))
        return self.filter(has if yes else ~has)


class FromDocument(models.Model):
    """A row read from the document: where it stands there and, word for word, what stands there.

    ``at`` is ``{"block": 12, "start": 3, "end": 74}``; start = end where a person added the row without pointing at words.
    """

    at = models.JSONField(_("出处"), null=True, blank=True)
    quote = models.TextField(_("原文"), blank=True)
    order = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class Plan(models.Model):
    """A government's breakdown (责任分解) of one kind for one year."""

    class Kind(models.TextChoices):
        """What was broken down."""

        WORK_REPORT = "work_report", _("重点工作")
        LIVELIHOOD = "livelihood", _("民生实事")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        """Where in its life it stands."""

        DRAFT = "draft", _("草案")
        ISSUED = "issued", _("已印发")
        CLOSED = "closed", _("已结账")
        ARCHIVED = "archived", _("已归档")

    BLOCKS: ClassVar = {"work_report": "GZ", "livelihood": "MS", "other": "QT"}

    government = models.ForeignKey(Government, models.PROTECT, related_name="plans", verbose_name=_("政府"))
    year = models.PositiveSmallIntegerField(_("年份"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    title = models.CharField(_("标题"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    document = models.ForeignKey(Document, models.PROTECT, related_name="plans", verbose_name=_("文件"))
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="plans", verbose_name=_("识读结果"))
    version = models.PositiveIntegerField(_("立账时的更正序号"), default=0)
    lead_rule = models.CharField(_("牵头规则"), max_length=300, blank=True)
    adopted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("立账人"))
    adopted_at = models.DateTimeField(_("立账时间"))

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账")
        verbose_name_plural = _("台账")
        ordering = ["-year", "pk"]

    def __str__(self) -> str:
        return self.title or f"{self.year} {self.get_kind_display()}"

    def ledger_rows(self) -> TaskQuerySet:
        """The tasks in document order with all a ledger page shows, to be filtered on; eight queries."""
        return Task.objects.filter(plan=self).whole().order_by("order", "pk")

    @property
    def block(self) -> str:
        """The letters in its tasks' keys: GZ 重点工作, MS 民生实事, QT 其他."""
        return self.BLOCKS[self.kind]


class Section(FromDocument):
    """A heading of the plan and the tasks below it. ``number`` counts within year and block and stands in task keys."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections", verbose_name=_("台账"))
    number = models.PositiveIntegerField(_("序号"))
    heading = models.CharField(_("标题"), max_length=300, blank=True)

    class Meta(FromDocument.Meta):
        abstract = False
        verbose_name = _("章节")
        verbose_name_plural = _("章节")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="section_number_once")]

    def __str__(self) -> str:
        return self.heading or str(self.plan)


class LeaderNamed(FromDocument):
    """A leader as the document names him: name and post, either may be missing."""

    name = models.CharField(_("姓名"), max_length=50, blank=True)
    post = models.CharField(_("职务"), max_length=100, blank=True)
    held_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("对应职务")
    )

    class Meta(FromDocument.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.name}{self.post}"


class SectionLeader(LeaderNamed):
    """A leader of all tasks of a section."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="leaders", verbose_name=_("章节"))

    class Meta(LeaderNamed.Meta):
        abstract = False
        verbose_name = _("章节领导")
        verbose_name_plural = _("章节领导")


class Task(FromDocument):
    """The smallest item that has responsible units. ``key`` (2022-GZ-3-7) is permanent and unique in the government."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="+", verbose_name=_("政府"))
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name=_("台账"))
    section = models.ForeignKey(Section, models.CASCADE, related_name="tasks", verbose_name=_("章节"))
    key = models.CharField(_("编号"), max_length=30)
    reading_key = models.CharField(_("识读编号"), max_length=20, blank=True)
    number = models.CharField(_("原序号"), max_length=30, blank=True)
    title = models.CharField(_("名称"), max_length=300, blank=True)
    text = models.TextField(_("任务"))
    deadline = models.CharField(_("时限"), max_length=10, blank=True, help_text=_("如 2022-06-30、2022-11、2022-Q3"))
    deadline_at = models.JSONField(_("时限出处"), null=True, blank=True)
    due_on = models.DateField(_("时限最后一天"), null=True, blank=True)
    progress = models.TextField(_("文件所载完成情况"), blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("上级任务")
    )
    last_year = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="next_year", verbose_name=_("上年同一任务")
    )

    objects = TaskQuerySet.as_manager()

    class Meta(FromDocument.Meta):
        abstract = False
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        constraints = [models.UniqueConstraint(fields=["government", "key"], name="task_key_once")]
        indexes = [models.Index(fields=["plan", "order"], name="task_plan_order")]

    def __str__(self) -> str:
        return self.key

    @property
    def lead_units(self) -> frozenset[int]:
        """The units (primary keys) that lead; where no lead is named those that answer together, else the first."""
        parts = list(self.responsibilities.all())
        for role in (Responsibility.Role.LEAD, Responsibility.Role.JOINT):
            if found := frozenset(part.unit_id for part in parts if part.role == role):
                return found
        return frozenset(part.unit_id for part in parts[:1])

    @property
    def units_involved(self) -> frozenset[int]:
        """Every unit (primary key) with a part, partners in brackets too."""
        parts = self.responsibilities.all()
        return frozenset(pk for part in parts for pk in (part.unit_id, part.partner_id) if pk)

    @property
    def leader_posts(self) -> frozenset[int]:
        """The posts of the leaders in charge: those named at the task, else those of its section."""
        own = frozenset(leader.held_post_id for leader in self.leaders.all() if leader.held_post_id)
        return own or frozenset(leader.held_post_id for leader in self.section.leaders.all() if leader.held_post_id)


class TaskLeader(LeaderNamed):
    """A leader named at the task itself."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="leaders", verbose_name=_("任务"))

    class Meta(LeaderNamed.Meta):
        abstract = False
        verbose_name = _("任务领导")
        verbose_name_plural = _("任务领导")


class Responsibility(FromDocument):
    """A unit's part in a task: the unit, the name as written, its role, and the partner in brackets."""

    class Role(models.TextChoices):
        """Its part (see the corpus guidelines)."""

        LEAD = "lead", _("牵头")
        SUPPORT = "support", _("配合")
        JOINT = "joint", _("共同")

    task = models.ForeignKey(Task, models.CASCADE, related_name="responsibilities", verbose_name=_("任务"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities", verbose_name=_("单位"))
    name = models.CharField(_("文件写法"), max_length=100)
    role = models.CharField(_("角色"), max_length=8, choices=Role)
    partner = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="partnerships", verbose_name=_("括号内单位")
    )
    partner_name = models.CharField(_("括号内写法"), max_length=100, blank=True)

    class Meta(FromDocument.Meta):
        abstract = False
        verbose_name = _("责任")
        verbose_name_plural = _("责任")

    def __str__(self) -> str:
        return f"{self.name}（{self.get_role_display()}）"


class Strength(models.TextChoices):
    """How firmly it is promised."""

    COMMIT = "commit", _("承诺")
    STRIVE = "strive", _("力争")


class Grade(models.TextChoices):
    """How firmly the document's own word promises it, the firmest first."""

    ENSURE = "ensure", _("确保")
    COMPLETE = "complete", _("完成")
    STRIVE = "strive", _("力争")
    CONTEND = "contend", _("争创")
    ADVANCE = "advance", _("推进")
    PLAN = "plan", _("谋划")


class Promised(FromDocument):
    """What is promised, with the word that promises it (务必), the word's grade (确保) and its place; empty without one."""

    strength = models.CharField(_("力度"), max_length=8, choices=Strength, default=Strength.COMMIT)
    promise = models.CharField(_("承诺用语"), max_length=30, blank=True)
    grade = models.CharField(_("承诺等级"), max_length=10, choices=Grade, blank=True)
    promise_at = models.JSONField(_("承诺用语出处"), null=True, blank=True)

    class Meta(FromDocument.Meta):
        abstract = True


class Target(Promised):
    """A number, class or rank that the task promises to reach; fields as in the ledger."""

    class Kind(models.TextChoices):
        """What sort of figure it is; it decides how the year is judged."""

        QUANTITY = "quantity", _("数量")
        GROWTH = "growth", _("增速")
        CHANGE = "change", _("增减")
        LEVEL = "level", _("水平")
        RANK = "rank", _("位次")
        GRADE = "grade", _("等级")

    class Bound(models.TextChoices):
        """On which side of the value it is met."""

        MIN = "min", _("不少于")
        MAX = "max", _("不超过")
        ABOUT = "about", _("左右")
        EXACT = "exact", _("恰为")
        RANGE = "range", _("区间")

    task = models.ForeignKey(Task, models.CASCADE, related_name="targets", verbose_name=_("任务"))
    subject = models.CharField(_("指标"), max_length=300)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    bound = models.CharField(_("比较"), max_length=8, choices=Bound)
    value = models.DecimalField(_("数值"), max_digits=24, decimal_places=6, null=True, blank=True)
    value_to = models.DecimalField(_("数值上限"), max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("计量单位"), max_length=60, blank=True)
    baseline_value = models.DecimalField(_("基数"), max_digits=24, decimal_places=6, null=True, blank=True)
    baseline_unit = models.CharField(_("基数单位"), max_length=60, blank=True)
    baseline_at = models.JSONField(_("基数出处"), null=True, blank=True)
    wording = models.CharField(_("限定词"), max_length=100, blank=True)
    wording_at = models.JSONField(_("限定词出处"), null=True, blank=True)

    class Meta(FromDocument.Meta):
        abstract = False
        verbose_name = _("指标")
        verbose_name_plural = _("指标")

    def __str__(self) -> str:
        return self.quote or self.subject


class Aim(Promised):
    """An aim without a number: 只减不增, 与经济增长同步. ``than`` is with what it is compared; nobody reports a figure on it."""

    class Kind(models.TextChoices):
        """What it says."""

        DIRECTION = "direction", _("走向")
        PARITY = "parity", _("同步")
        COMPARISON = "comparison", _("对比")
        ZERO = "zero", _("清零")
        FULL = "full", _("应尽")
        FIRST = "first", _("突破")
        RANK = "rank", _("领先")
        STANDARD = "standard", _("达标")

    class Direction(models.TextChoices):
        """Which way it is to move, where the words say so."""

        UP = "up", _("上升")
        DOWN = "down", _("下降")
        HOLD = "hold", _("稳住")

    task = models.ForeignKey(Task, models.CASCADE, related_name="aims", verbose_name=_("任务"))
    subject = models.CharField(_("指标"), max_length=300, blank=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    direction = models.CharField(_("走向"), max_length=8, choices=Direction, blank=True)
    than = models.CharField(_("比较对象"), max_length=100, blank=True)
    than_at = models.JSONField(_("比较对象出处"), null=True, blank=True)

    class Meta(Promised.Meta):
        abstract = False
        verbose_name = _("定性目标")
        verbose_name_plural = _("定性目标")

    def __str__(self) -> str:
        return self.quote or self.subject


class Deliverable(Promised):
    """A named project, facility, scheme or title, and what is to happen to it this year."""

    class Stage(models.TextChoices):
        """What is to happen."""

        PLAN = "plan", _("谋划")
        PREPARE = "prepare", _("前期")
        START = "start", _("启动")
        BREAK_GROUND = "break_ground", _("开工")
        ADVANCE = "advance", _("推进")
        COMPLETE = "complete", _("完成")
        IN_USE = "in_use", _("投用")
        AWARD = "award", _("创成")

    task = models.ForeignKey(Task, models.CASCADE, related_name="deliverables", verbose_name=_("任务"))
    name = models.CharField(_("成果"), max_length=300)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage)

    class Meta(FromDocument.Meta):
        abstract = False
        verbose_name = _("成果")
        verbose_name_plural = _("成果")

    def __str__(self) -> str:
        return self.name


class Milestone(FromDocument):
    """A node of a table's time columns: what is to be reached by when (``2022-Q1``, ``2022-06``, empty: unknown)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones", verbose_name=_("任务"))
    due = models.CharField(_("节点"), max_length=10, blank=True)
    text = models.TextField(_("要求"))

    class Meta(FromDocument.Meta):
        abstract = False
        verbose_name = _("节点")
        verbose_name_plural = _("节点")

    def __str__(self) -> str:
        return f"{self.due} {self.text}"
