"""Signed figures, immutable with everything they stand on, and the records figures are held against."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.figures.record_models import QuotedRank, SourceSchedule, Target

FIXED = (
    "indicator", "version", "region_code", "as_of", "period", "value", "unit", "definition", "statement", "snapshot",
    "rows", "rows_hash", "row_keys",
)  # fmt: skip


class SignedFigure(models.Model):
    """A published figure: what it said, how it was computed, on which rows; only its status moves on."""

    class Status(models.TextChoices):
        """Where a signed figure stands."""

        PREPARED = "prepared", _("待签发")
        SIGNED = "signed", _("已签发")
        CORRECTED = "corrected", _("已更正")
        WITHDRAWN = "withdrawn", _("已撤回")

    indicator = models.CharField(_("指标"), max_length=80, db_index=True)
    version = models.PositiveIntegerField(_("口径版本"))
    region_code = models.CharField(_("区划"), max_length=6, db_index=True)
    as_of = models.DateField(_("截至"))
    period = models.CharField(_("期间"), max_length=10)
    value = models.CharField(_("数值"), max_length=40, help_text=_("精确值，按字符保存"))
    unit = models.CharField(_("单位"), max_length=20)
    definition = models.JSONField(_("口径"))
    statement = models.TextField(_("计算语句"))
    snapshot = models.CharField(_("快照"), max_length=60)
    rows = models.PositiveBigIntegerField(_("明细行数"))
    rows_hash = models.CharField(_("明细摘要"), max_length=64)
    row_keys = models.BinaryField(_("明细编号"), default=b"", help_text=_("压缩后的每行编号"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PREPARED)
    why = models.TextField(_("更正或撤回的理由"), blank=True, default="")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("编制人")
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("签发人")
    )
    prepared_at = models.DateTimeField(auto_now_add=True)
    signed_at = models.DateTimeField(_("签发时间"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("更正或撤回人"),
        help_text=_("决定更正或撤回的人"),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("更正或撤回时间"), null=True, help_text=_("更正签发或撤回生效的时刻"))

    class Meta:
        verbose_name = _("签发的数据")
        ordering = ("-prepared_at", "-id")
        indexes = (models.Index(fields=["indicator", "region_code", "as_of"], name="signed_figure_of"),)

    @property
    def notice(self) -> str:
        """What is announced about a figure that no longer stands; empty while it stands."""
        if self.status == self.Status.WITHDRAWN:
            return f"原公布 {self.value} {self.unit}，现予撤回。理由：{self.why}"
        if self.status == self.Status.CORRECTED and self.replaced_by:
            fresh = self.replaced_by
            return f"原公布 {self.value} {self.unit}，现更正为 {fresh.value} {fresh.unit}。理由：{self.why}"
        return ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; what was signed stays as it was."""
        if self.pk:
            before = SignedFigure.objects.filter(pk=self.pk).values(*FIXED).first()
            if before and any(_plain(before[name]) != _plain(getattr(self, name)) for name in FIXED):
                raise ValueError("a signed figure never changes; correct it with a new one")
        super().save(*args, **kwargs)


def _plain(value: Any) -> Any:
    """PostgreSQL gives bytes as a memoryview."""
    return bytes(value) if isinstance(value, memoryview) else value


class Reminder(models.Model):
    """Somebody reminded a county that its data are due; one a day and kind."""

    record_type = models.CharField(_("台账"), max_length=60)
    region_code = models.CharField(_("区划"), max_length=6, db_index=True)
    due_on = models.DateField(_("应报日期"))
    sent_on = models.DateField(_("提醒日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提醒人")
    )

    class Meta:
        verbose_name = _("报送提醒")
        constraints = (
            models.UniqueConstraint(
                fields=["record_type", "region_code", "due_on", "sent_on"], name="one_reminder_a_day"
            ),
        )


__all__ = ["QuotedRank", "Reminder", "SignedFigure", "SourceSchedule", "Target"]
