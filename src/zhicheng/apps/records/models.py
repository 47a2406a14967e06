"""Change sets, where every row came from, and questions about who an owner is."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeSet(models.Model):
    """A set of changes on its way into the ledger: staged, reviewed, applied all or nothing."""

    class Status(models.TextChoices):
        """Where a change set stands."""

        PARSING = "parsing", _("读取中")
        STAGED = "staged", _("待送审")
        SUBMITTED = "submitted", _("待复核")
        APPLYING = "applying", _("写入中")
        APPLIED = "applied", _("已入库")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已作废")
        FAILED = "failed", _("未完成")

    key = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(_("台账"), max_length=60, help_text=_("台账种类"))
    status = models.CharField(
        _("状态"), max_length=12, choices=Status.choices, default=Status.PARSING, db_index=True
    )
    source = models.CharField(_("来源"), max_length=255, help_text=_("文件名或页面"))
    file_hash = models.CharField(_("文件摘要"), max_length=64, blank=True, default="")
    staged_hash = models.CharField(_("变更摘要"), max_length=64, blank=True, default="")
    mapping = models.JSONField(_("列对应"), default=dict)
    notes = models.JSONField(_("提示"), default=list)
    region_code = models.CharField(_("区划"), max_length=6, blank=True, default="", db_index=True)
    regions = models.JSONField(
        _("涉及区划"), default=list, blank=True, help_text=_("各行所属的区划；谁报的都算该区划报到了")
    )
    synthetic = models.BooleanField(_("演示数据"), default=False)
    exact = models.BooleanField(_("照录"), default=False, help_text=_("页面编辑：留空即清空，而不是保留原值"))
    upload = models.CharField(_("上传文件"), max_length=255, blank=True, default="")
    read = models.PositiveIntegerField(_("读取"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    deleted = models.PositiveIntegerField(_("删除"), default=0)
    unchanged = models.PositiveIntegerField(_("不变"), default=0)
    rejected = models.PositiveIntegerField(_("退回"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    step = models.CharField(_("进行到"), max_length=40, blank=True, default="")
    cancel_asked = models.BooleanField(_("要求取消"), default=False)
    process = models.PositiveIntegerField(_("进程"), default=0)
    why = models.TextField(_("理由"), blank=True, default="")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("编制人")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    created_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    applied_at = models.DateTimeField(_("入库时间"), null=True)
    ledger_version = models.PositiveIntegerField(_("台账版本"), null=True)
    compared_version = models.PositiveIntegerField(
        _("比对时的版本"), default=0, help_text=_("这类台账在比对时的版本；其后有变化则入库前重新比对")
    )

    class Meta:
        verbose_name = _("变更集")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=["-created_at", "-id"], name="change_set_recent"),)

    def __str__(self) -> str:
        return f"{self.type} {self.source}"


class Provenance(models.Model):
    """One row of one file that said something about one record; several files may."""

    table = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    action = models.CharField(max_length=10)

    class Meta:
        indexes = (models.Index(fields=["table", "record_id"], name="provenance_of_record"),)


class TableVersion(models.Model):
    """How often a table has changed: a snapshot is stale when this has moved on."""

    table = models.CharField(max_length=60, primary_key=True)
    version = models.PositiveIntegerField(default=0)


class ImportSource(models.Model):
    """The header mapping a person corrected for files that look like this one."""

    type = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    remembered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["type", "fingerprint"], name="one_mapping_per_header"),
        )


class MatchQuestion(models.Model):
    """A name whose organisation is not certain; the answer is remembered for every later import."""

    name = models.CharField(_("名称"), max_length=300, unique=True)
    evidence = models.CharField(_("依据"), max_length=300, blank=True, default="")
    candidates = models.JSONField(_("候选"), default=list)
    rows = models.PositiveIntegerField(_("涉及行数"), default=1)
    region_code = models.CharField(_("区划"), max_length=6, blank=True, default="", db_index=True)
    decided = models.BooleanField(_("已定"), default=False, db_index=True)
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    by_region = models.JSONField(
        _("分区划的主体"), default=dict, blank=True, help_text=_("同名而不同主体时：区划代码 → 主体")
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("待确认主体")
        ordering = ("-rows", "id")


class SavedView(models.Model):
    """Filters and columns of a list that a person keeps under a name."""

    type = models.CharField(max_length=60)
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(max_length=1000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("常用视图")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["user", "type", "name"], name="one_view_per_name"),)


class Dispute(models.Model):
    """What an organisation says is wrong about a row that is about it, and the answer it got."""

    class State(models.TextChoices):
        """Where a dispute stands."""

        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("已采纳")
        REFUSED = "refused", _("未采纳")

    type = models.CharField(_("台账"), max_length=60)
    record_id = models.BigIntegerField()
    label = models.CharField(_("记录"), max_length=300)
    region_code = models.CharField(_("区划"), max_length=6, blank=True, default="", db_index=True)
    text = models.TextField(_("异议"), help_text=_("哪一项不对、应当是什么、有什么依据"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("答复"), blank=True, default="")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    raised_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("异议")
        indexes = (models.Index(fields=["type", "record_id"], name="disputes_of_record"),)
