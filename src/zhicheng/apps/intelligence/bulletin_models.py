"""A bulletin from its draft to the public page: the text people edit, and what was published, frozen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Bulletin(models.Model):
    """A text whose numbers come from signed figures; once published it stays as it was published."""

    class Status(models.TextChoices):
        """How far a bulletin is."""

        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    title = models.CharField(_("标题"), max_length=200)
    template_id = models.CharField(_("模板"), max_length=80, blank=True, help_text=_("从哪个模板开始"))
    template = models.TextField(_("正文模板"), help_text=_("数据写成占位，发布时取已签发的数"))
    region_code = models.CharField(_("区划"), max_length=6, db_index=True)
    as_of = models.DateField(_("截至"))
    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT, db_index=True
    )
    revision = models.PositiveIntegerField(_("修订号"), default=1)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("编写人")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审定人"),
    )
    submitted_at = models.DateTimeField(_("送审时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    why = models.TextField(_("退回或撤回的理由"), blank=True)
    html = models.TextField(_("发布的网页"), blank=True)
    markdown = models.TextField(_("发布的文本"), blank=True)
    figures = models.JSONField(_("发布的数据"), default=list, help_text=_("每个数的口径、版本、截至、快照"))
    files = models.JSONField(_("发布的文件"), default=dict, help_text=_("文件名与摘要"))
    synthetic = models.BooleanField(_("演示"), default=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        verbose_name = _("通稿")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title
