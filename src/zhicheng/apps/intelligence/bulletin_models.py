"""A bulletin from its draft to the public page: the text people edit, its former versions, and what was published, frozen."""

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
        APPROVED = "approved", _("已审定")
        PUBLISHED = "published", _("已发布")
        CORRECTED = "corrected", _("已更正")
        WITHDRAWN = "withdrawn", _("已撤回")

    title = models.CharField(_("标题"), max_length=200, help_text=_("取自正文第一行"))
    template_id = models.CharField(_("模板"), max_length=80, blank=True, help_text=_("从哪个模板开始"))
    template = models.TextField(_("正文模板"), help_text=_("数据写成占位，发布时取已签发的数"))
    region_code = models.CharField(
        _("区划"), max_length=6, db_index=True, help_text=_("通稿所写的地区，六位代码")
    )
    as_of = models.DateField(_("截至"), help_text=_("数据截至哪一天"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=Status.choices,
        default=Status.DRAFT,
        db_index=True,
        help_text=_("草稿、待审、已审定、已发布、已更正、已撤回"),
    )
    revision = models.PositiveIntegerField(_("修订号"), default=1, help_text=_("每保存一次加一"))
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("更正哪一篇"),
        help_text=_("发布后，所更正的那一篇标为已更正"),
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("编写人"),
        help_text=_("最后改动正文的人"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审定人"),
        help_text=_("不是编写人"),
    )
    submitted_at = models.DateTimeField(_("送审时间"), null=True, blank=True, help_text=_("北京时间"))
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True, help_text=_("北京时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, help_text=_("北京时间"))
    why = models.TextField(_("退回、更正或撤回的理由"), blank=True, help_text=_("更正与撤回的理由会公布"))
    html = models.TextField(_("发布的网页"), blank=True, help_text=_("发布时的正文，不再改动"))
    markdown = models.TextField(_("发布的文本"), blank=True, help_text=_("发布时的正文，不再改动"))
    figures = models.JSONField(_("发布的数据"), default=list, help_text=_("每个数的口径、版本、截至、快照"))
    files = models.JSONField(_("发布的文件"), default=dict, help_text=_("文件名与摘要"))
    synthetic = models.BooleanField(_("演示"), default=False, help_text=_("由演示数据写成"))
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        verbose_name = _("通稿")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Tell whether the text may still be changed."""
        return self.status in {self.Status.DRAFT, self.Status.SUBMITTED, self.Status.APPROVED}

    @property
    def is_public(self) -> bool:
        """Tell whether anybody may read that it exists."""
        return self.published_at is not None


class BulletinVersion(models.Model):
    """The text as it was saved, once per revision; never changed."""

    bulletin = models.ForeignKey(
        Bulletin,
        models.CASCADE,
        related_name="versions",
        verbose_name=_("通稿"),
        help_text=_("哪一篇的文本"),
    )
    revision = models.PositiveIntegerField(_("修订号"), help_text=_("第几次保存"))
    title = models.CharField(_("标题"), max_length=200, help_text=_("当时的标题"))
    template = models.TextField(_("正文模板"), help_text=_("当时的文本"))
    as_of = models.DateField(_("截至"), help_text=_("当时的截至日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("保存人"),
        help_text=_("谁保存的"),
    )
    at = models.DateTimeField(_("保存时间"), auto_now_add=True, help_text=_("北京时间"))

    class Meta:
        verbose_name = _("通稿的版本")
        ordering = ("-revision",)
        constraints = (
            models.UniqueConstraint(fields=["bulletin", "revision"], name="one_bulletin_version_a_revision"),
        )


__all__ = ["Bulletin", "BulletinVersion"]
