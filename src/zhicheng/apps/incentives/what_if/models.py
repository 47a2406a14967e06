"""Saved what-ifs: the differences, and what they came to when they were saved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scenario(models.Model):
    """A named set of differences with its result, comparable to others computed from the same snapshot."""

    name = models.CharField(_("名称"), max_length=120)
    region_code = models.CharField(_("区划"), max_length=6, db_index=True)
    changes = models.TextField(_("差异"), help_text=_("YAML，与 zhicheng policies simulate 的文件相同"))
    as_of = models.DateField(_("截至"))
    examples = models.BooleanField(_("含示例条款"), default=False)
    snapshot = models.CharField(_("快照"), max_length=60)
    result = models.JSONField(_("结果"))
    synthetic = models.BooleanField(_("演示数据"), default=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("保存人")
    )
    saved_at = models.DateTimeField(_("保存时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("模拟方案")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["name", "region_code"], name="one_scenario_per_name"),)

    def __str__(self) -> str:
        return self.name


class ClauseDraft(models.Model):
    """A draft version of a clause made from a scenario, as the file that would be put into the catalogue."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="drafts")
    clause = models.CharField(_("条款"), max_length=120)
    since = models.DateField(_("拟生效日"))
    content = models.TextField(_("条款文件"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("条款草案")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["scenario", "clause", "since"], name="one_draft_per_scenario_and_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.clause} {self.since}"
