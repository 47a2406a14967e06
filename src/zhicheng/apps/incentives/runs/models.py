"""Evaluations that were kept: everything an old result needs to be computed again to the 分."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EvaluationRun(models.Model):
    """One evaluation with the catalogue, snapshot and payments it was computed from."""

    region_code = models.CharField(_("区划"), max_length=6, db_index=True, help_text=_("测算人的区划"))
    as_of = models.DateField(_("截至"), help_text=_("以哪一天所知为准"))
    snapshot = models.CharField(_("快照"), max_length=60, help_text=_("台账快照的编号"))
    examples = models.BooleanField(_("含示例条款"), default=False, help_text=_("示例条款只供试算"))
    catalogue = models.JSONField(_("政策目录"), help_text=_("测算时政策与条款的原文，按文件名"))
    payments = models.JSONField(_("已付"), help_text=_("测算时本系统已支付的事项"))
    barred = models.JSONField(_("停止申报"), help_text=_("测算时因追回停止申报的主体"))
    totals = models.JSONField(_("结果"), help_text=_("条款、结论、条数、金额"))
    total = models.DecimalField(_("应予兑付"), max_digits=18, decimal_places=2, help_text=_("元"))
    synthetic = models.BooleanField(_("演示数据"), default=False, help_text=_("演示城市的测算"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("测算人")
    )
    made_at = models.DateTimeField(_("测算时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("测算")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"测算 {self.pk}（截至 {self.as_of}）"
