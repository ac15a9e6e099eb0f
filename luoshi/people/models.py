"""Governments, units and their names, posts and who held them when, accounts and roles, and the history."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.people import aliases
from luoshi.people.append_only import AppendOnly


class User(AbstractUser):
    """An account. People are bound to it by log-in name, never by their own name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=50, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改口令"), default=False)

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name, or the log-in name where none was given."""
        return str(self)

    def get_short_name(self) -> str:
        """As ``get_full_name``: a Chinese name is not shortened."""
        return str(self)


class Government(models.Model):
    """A people's government (省、市、县、乡镇). The division code (GB/T 2260) holds for the stated time only."""

    class Level(models.TextChoices):
        """How high it stands."""

        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县（市、区）")
        TOWN = "town", _("乡镇（街道）")

    class Sight(models.TextChoices):
        """Which tasks of an issued plan its units may see."""

        ALL = "all", _("全部任务")
        OWN = "own", _("本单位任务")

    name = models.CharField(_("名称"), max_length=60, help_text=_("如 澜湾县"))
    division_code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    code_valid_from = models.DateField(_("代码启用日期"), null=True, blank=True)
    code_valid_to = models.DateField(_("代码停用日期"), null=True, blank=True)
    level = models.CharField(_("层级"), max_length=10, choices=Level, default=Level.COUNTY)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级政府")
    )
    as_unit = models.OneToOneField(
        "Unit", models.PROTECT, null=True, blank=True, related_name="own_government", verbose_name=_("在上级的单位")
    )
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("撤销后并入")
    )
    units_see = models.CharField(_("单位可见范围"), max_length=4, choices=Sight, default=Sight.ALL)
    second_factor_roles = models.JSONField(
        _("须用第二重验证的角色"), default=list, blank=True, help_text=_("角色代码的列表")
    )

    class Meta:
        verbose_name = _("政府")
        verbose_name_plural = _("政府")
        ordering = ["division_code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], condition=models.Q(closed_on__isnull=True), name="government_name_once"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(parent__isnull=True, closed_on__isnull=True),
                name="government_top_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def closed(self, on: date) -> bool:
        """Whether it has ceased to be by that day; its accounts may then read and no more."""
        return self.closed_on is not None and self.closed_on <= on


class FormerCode(models.Model):
    """A division code that a government had before its present one, with the days it held (``since`` None: unknown)."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="former_codes", verbose_name=_("政府"))
    code = models.CharField(_("行政区划代码"), max_length=12)
    since = models.DateField(_("代码启用日期"), null=True, blank=True)
    until = models.DateField(_("代码停用日期"))

    class Meta:
        verbose_name = _("曾用代码")
        verbose_name_plural = _("曾用代码")
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return self.code


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions about units."""

    def current(self) -> UnitQuerySet:
        """Units that no other has replaced and that were not closed."""
        return self.filter(successor=None, closed_on=None)

    def registry(self, place: str) -> aliases.Registry:
        """These units under all their names, for ``aliases.resolve``. ``place``: the government's name. Two queries."""
        return aliases.Registry.build(
            (
                aliases.Known(u.pk, (u.short_name, u.full_name), tuple(a.name for a in u.aliases.all()))
                for u in self.prefetch_related("aliases")
            ),
            place=place,
        )


class Unit(models.Model):
    """A unit that can be made responsible (责任单位): department, town, enterprise; or a collective name (各镇)."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        DEPARTMENT = "department", _("政府部门")
        PARTY = "party", _("党委部门")
        TOWN = "town", _("镇（街道）")
        VERTICAL = "vertical", _("垂直管理单位")
        INSTITUTION = "institution", _("事业单位")
        ENTERPRISE = "enterprise", _("国有企业")
        PEOPLES = "peoples", _("群团组织")
        PARK = "park", _("开发区、平台")
        COLLECTIVE = "collective", _("统称（如 各镇）")
        OTHER = "other", _("其他")

    government = models.ForeignKey(Government, models.PROTECT, related_name="units", verbose_name=_("所属政府"))
    short_name = models.CharField(_("简称"), max_length=60, help_text=_("文件里的写法，如 县发改局"))
    full_name = models.CharField(_("全称"), max_length=100, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    order = models.PositiveIntegerField(_("排序"), default=0)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("撤并后承接单位")
    )
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True, help_text=_("没有承接单位的撤销"))

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["government", "short_name"], name="unit_name_once")]

    def __str__(self) -> str:
        return self.short_name


class UnitAlias(models.Model):
    """Another name of a unit; within a government it means one unit only."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases", verbose_name=_("单位"))
    government = models.ForeignKey(Government, models.PROTECT, related_name="+", verbose_name=_("所属政府"))
    name = models.CharField(_("别名"), max_length=100)

    class Meta:
        verbose_name = _("单位别名")
        verbose_name_plural = _("单位别名")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["government", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post: a leader's (县长) or one in a unit (局长). Duties follow the post, not the person."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="posts", verbose_name=_("政府"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("单位"))
    title = models.CharField(_("职务"), max_length=60)
    order = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("职务")
        verbose_name_plural = _("职务")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Tenure(models.Model):
    """Who held a post, from when, until when (None: still)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures", verbose_name=_("职务"))
    person = models.CharField(_("姓名"), max_length=50)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="tenures", verbose_name=_("账号")
    )
    since = models.DateField(_("任职日期"), null=True, blank=True)
    until = models.DateField(_("离任日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["post", "since"]

    def __str__(self) -> str:
        return f"{self.person} {self.post}"


class Member(models.Model):
    """An account in a role of a government; liaisons and unit heads belong to a unit of it."""

    class Role(models.TextChoices):
        """What the account is there for. The last three are kept apart, as 等保 asks."""

        OFFICE = "office", _("督查室")
        LIAISON = "liaison", _("单位联络员")
        UNIT_HEAD = "unit_head", _("单位负责人")
        LEADER = "leader", _("领导")
        AUDITOR = "auditor", _("审计员")
        ACCOUNT_ADMIN = "account_admin", _("账号管理员")
        SECURITY_ADMIN = "security_admin", _("安全管理员")

    OF_UNIT: ClassVar = [Role.LIAISON, Role.UNIT_HEAD]
    ADMINISTRATORS: ClassVar = [Role.AUDITOR, Role.ACCOUNT_ADMIN, Role.SECURITY_ADMIN]

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("账号"))
    government = models.ForeignKey(Government, models.PROTECT, related_name="members", verbose_name=_("政府"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("单位")
    )
    role = models.CharField(_("角色"), max_length=16, choices=Role)

    class Meta:
        verbose_name = _("成员")
        verbose_name_plural = _("成员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "government", "unit", "role"], name="member_once"),
            models.UniqueConstraint(
                fields=["user", "government", "role"], condition=models.Q(unit__isnull=True), name="member_once_no_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["liaison", "unit_head"], unit__isnull=False)
                | (~models.Q(role__in=["liaison", "unit_head"]) & models.Q(unit__isnull=True)),
                name="member_unit_by_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    def clean(self) -> None:
        """Refuse a second of the three administrator roles for one person, in whatever government (三员分立)."""
        if self.role not in self.ADMINISTRATORS or self.user_id is None:
            return
        others = Member.objects.filter(user=self.user_id, role__in=set(self.ADMINISTRATORS) - {self.role})
        if others.exclude(pk=self.pk).exists():
            raise ValidationError(_("审计员、账号管理员、安全管理员不能由一人兼任。"))


class HistoryHead(models.Model):
    """The last link of a government's history: the row every writer locks, so that sequences have no gap."""

    government = models.OneToOneField(Government, models.PROTECT, primary_key=True, related_name="history_head")
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("历史链首")
        verbose_name_plural = _("历史链首")

    def __str__(self) -> str:
        return f"{self.government} {self.sequence}"


class Entry(AppendOnly):
    """One thing that was done: who, in which role, what to what; chained by digests to the entry before."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="history", verbose_name=_("政府"))
    sequence = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    who = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"))
    who_name = models.CharField(_("姓名"), max_length=200, blank=True)
    role = models.CharField(_("角色"), max_length=16, blank=True)
    verb = models.CharField(_("做了什么"), max_length=40)
    object_kind = models.CharField(_("对象类别"), max_length=60)
    object_id = models.CharField(_("对象编号"), max_length=40)
    object_name = models.CharField(_("对象名称"), max_length=300, blank=True)
    content = models.TextField(_("内容"), help_text=_("规范化 JSON"))
    algorithm = models.CharField(_("摘要算法"), max_length=10, default="sha256")
    content_digest = models.CharField(_("内容摘要"), max_length=64)
    previous_digest = models.CharField(_("上一条摘要"), max_length=64, blank=True)
    digest = models.CharField(_("本条摘要"), max_length=64)

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("历史记录")
        verbose_name_plural = _("历史记录")
        ordering = ["government", "sequence"]
        constraints = [models.UniqueConstraint(fields=["government", "sequence"], name="entry_sequence_once")]
        indexes = [models.Index(fields=["object_kind", "object_id"], name="entry_object")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.object_name}"
