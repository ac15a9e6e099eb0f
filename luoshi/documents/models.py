"""A document as received, what the reader made of it, and what people corrected. The last two only grow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.documents.corrections import Change, apply
from luoshi.people.append_only import AppendOnly
from luoshi.people.models import Government, User


def stored_as(document: Document, name: str) -> str:
    """Where the file lies below MEDIA_ROOT: by its digest, so that the same bytes are kept once."""
    return f"documents/{document.digest[:2]}/{document.digest}"


class Document(models.Model):
    """A file received by a government; the same bytes make one document of it."""

    class State(models.TextChoices):
        """How far it has come."""

        RECEIVED = "received", _("已收到")
        READ = "read", _("待核对")
        FAILED = "failed", _("读不了")
        CONFIRMED = "confirmed", _("已核对")
        ADOPTED = "adopted", _("已立账")

    government = models.ForeignKey(Government, models.PROTECT, related_name="documents", verbose_name=_("政府"))
    file = models.FileField(_("文件"), upload_to=stored_as, max_length=200)
    name = models.CharField(_("文件名"), max_length=255)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=120, blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECEIVED)
    error = models.CharField(_("读不了的原因"), max_length=500, blank=True)

    # For publication (政府信息公开要素), as the confirmed reading says.
    title = models.CharField(_("标题"), max_length=300, blank=True)
    number = models.CharField(_("文号"), max_length=100, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=200, blank=True)
    index_number = models.CharField(_("索引号"), max_length=100, blank=True)
    publisher = models.CharField(_("发布机构"), max_length=200, blank=True)
    category = models.CharField(_("组配分类"), max_length=200, blank=True)
    written_on = models.DateField(_("成文日期"), null=True, blank=True)
    signed_on = models.DateField(_("签发日期"), null=True, blank=True)
    validity = models.CharField(_("有效性"), max_length=60, blank=True)
    public = models.BooleanField(_("公开"), null=True, blank=True)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["government", "digest"], name="document_once")]

    def __str__(self) -> str:
        return self.title or self.name

    def unsealed(self) -> frozenset[str]:
        """How far the reader has come is no record until somebody confirmed what it read."""
        said = self.state in (self.State.CONFIRMED, self.State.ADOPTED)
        return frozenset() if said else frozenset({"state", "error"})

    def reading(self) -> Reading:
        """The newest reading. Raises Reading.DoesNotExist where the file could not be read."""
        return self.readings.latest("pk")


class Scanning(models.Model):
    """A scan that waits for its reading, or is being read, apart from any request: how far it is. Over, it is gone."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="scanning", verbose_name=_("文件"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("谁要读"))
    seen_at = models.DateTimeField(_("最近一次有动静"))
    begun_at = models.DateTimeField(_("开始识读"), null=True)
    done = models.PositiveIntegerField(_("已识读的扫描页"), default=0)
    pages = models.PositiveIntegerField(_("扫描页"), default=0)
    attempts = models.PositiveSmallIntegerField(_("读过几次"), default=0)

    class Meta:
        verbose_name = _("识读中的扫描件")
        verbose_name_plural = _("识读中的扫描件")

    def __str__(self) -> str:
        return f"{self.document} {self.done}/{self.pages}"

    def left(self, now: datetime) -> int | None:
        """Seconds that it may still take by the pace so far, None while that is not known."""
        if self.begun_at is None or not self.done:
            return None
        return round((now - self.begun_at).total_seconds() / self.done * max(self.pages - self.done, 0))


class Reading(AppendOnly):
    """What the reader made of the document: the ledger as read, with the blocks of text. Never edited."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="readings", verbose_name=_("文件"))
    at = models.DateTimeField(_("识读时间"))
    reader = models.CharField(_("识读器版本"), max_length=40)
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"), default=0)
    ledger = models.JSONField(_("台账"))

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("识读结果")
        verbose_name_plural = _("识读结果")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document} · {self.reader}"

    def version(self) -> int:
        """The sequence of the last correction, 0 without any: what the next correction is made against."""
        last: int | None = self.corrections.aggregate(last=models.Max("sequence"))["last"]
        return last or 0

    def made(self) -> list[Correction]:
        """All corrections in order, with who made them: two queries, and no row is made twice of what they refer to."""
        found = list(self.corrections.prefetch_related("who"))
        own = {c.pk: c for c in found}
        for each in found:
            if each.refers_to_id:
                each.refers_to = own[each.refers_to_id]
        return found

    def changes(self) -> list[Change]:
        """All corrections as plain values, in order."""
        fields = ("sequence", "operation", "path", "after", "refers_to__sequence")
        return [Change(*row) for row in self.corrections.values_list(*fields)]

    def confirmed(self) -> dict[str, Any]:
        """The keyed ledger with all corrections in force applied: what people see, confirm and adopt."""
        return apply(self.ledger, self.changes())


class Correction(AppendOnly):
    """One correction of a reading. Taking it back, and taking that back, are corrections of their own."""

    class Operation(models.TextChoices):
        """What was done (see ``documents.corrections``)."""

        SET = "set", _("修改")
        INSERT = "insert", _("增加")
        REMOVE = "remove", _("删去")
        MOVE = "move", _("移动")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")
        CONFIRM = "confirm", _("确认")
        ANSWER = "confirm_doubt", _("定疑")
        UNDO = "undo", _("撤销")
        REDO = "redo", _("重做")

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="corrections", verbose_name=_("识读结果"))
    sequence = models.PositiveIntegerField(_("序号"))
    batch = models.PositiveIntegerField(
        _("同批首条"), null=True, help_text=_("一次改多处的，是其中第一条的序号；单独一条的没有。")
    )
    operation = models.CharField(_("操作"), max_length=16, choices=Operation)
    path = models.CharField(_("位置"), max_length=120)
    before = models.JSONField(_("改前"), null=True)
    after = models.JSONField(_("改后"), null=True)
    who = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("何时"))
    why = models.CharField(_("理由"), max_length=300, blank=True)
    refers_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="answered_by", verbose_name=_("撤销或重做的那一条")
    )

    class Meta(AppendOnly.Meta):
        abstract = False
        verbose_name = _("更正")
        verbose_name_plural = _("更正")
        ordering = ["reading", "sequence"]
        constraints = [models.UniqueConstraint(fields=["reading", "sequence"], name="correction_sequence_once")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.get_operation_display()} {self.path}"

    def as_change(self) -> Change:
        """The plain value that ``corrections.apply`` takes. No query beyond the row's own when fetched with refers_to."""
        refers = self.refers_to.sequence if self.refers_to else None
        return Change(self.sequence, self.operation, self.path, self.after, refers)
