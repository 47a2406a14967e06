"""Numbers quoted from public texts, the phrases people mapped, and what is watched."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.intelligence.article_models import Article, FoundFigure

APPROXIMATIONS = (
    ("exact", _("确数")), ("at_least", _("多、余、以上")), ("above", _("超过")), ("about", _("约")), ("below", _("近、不到")),
)  # fmt: skip
KINDS = (
    ("", _("未说明")), ("stock", _("存量")), ("flow", _("期间量")), ("cumulative", _("累计")), ("ratio", _("比率")),
    ("event", _("一次活动的数")), ("target", _("目标或计划")),
)  # fmt: skip


class QuotedFigure(models.Model):
    """A number a person took over from a text: quoted with its source, never mixed with computed ones."""

    class Status(models.TextChoices):
        """Whether the quote stands."""

        STANDING = "standing", _("有效")
        SUPERSEDED = "superseded", _("已被替代")
        WITHDRAWN = "withdrawn", _("已撤回")

    found = models.OneToOneField(
        FoundFigure, models.PROTECT, related_name="quote", verbose_name=_("读出的数据")
    )
    article = models.ForeignKey(Article, models.PROTECT, related_name="quotes", verbose_name=_("文章"))
    region_code = models.CharField(_("收录区划"), max_length=6, db_index=True)
    indicator = models.CharField(_("指标"), max_length=80, blank=True, db_index=True)
    figure_kind = models.CharField(_("种类"), max_length=20, default="metric")
    words = models.CharField(_("口径用语"), max_length=300, help_text=_("原文说这个数的用语"))
    kind = models.CharField(_("存量与期间量"), max_length=12, choices=KINDS, blank=True)
    counted = models.CharField(_("统计对象"), max_length=40, blank=True)
    narrowed = models.JSONField(_("限定"), default=list)
    value = models.CharField(_("数值"), max_length=60, help_text=_("按基本单位的精确值"))
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    approx = models.CharField(_("约数"), max_length=10, choices=APPROXIMATIONS, default="exact")
    about_code = models.CharField(_("地区代码"), max_length=6, db_index=True)
    about_region = models.CharField(_("地区"), max_length=100)
    period_text = models.CharField(_("期间说法"), max_length=100, blank=True)
    period_start = models.DateField(_("起"), null=True, blank=True)
    period_end = models.DateField(_("止"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("位次"), null=True, blank=True)
    rank_bound = models.CharField(_("位次确切程度"), max_length=10, blank=True)
    rank_text = models.CharField(_("位次说法"), max_length=60, blank=True)
    rank_scope = models.CharField(_("位次范围"), max_length=60, blank=True)
    publisher = models.CharField(_("发布者"), max_length=200, blank=True)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=300, blank=True)
    sentence = models.TextField(_("原句"), blank=True)
    start = models.PositiveIntegerField(_("起始位置"))
    end = models.PositiveIntegerField(_("结束位置"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.STANDING)
    synthetic = models.BooleanField(_("虚构"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("采用人")
    )
    accepted_at = models.DateTimeField(_("采用时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("引用的数据")
        ordering = ("-id",)
        indexes = (models.Index(fields=["indicator", "about_code"], name="quote_of"),)


class PhraseAlias(models.Model):
    """What a phrase turned out to mean, remembered for the next text; a region may have its own reading."""

    phrase = models.CharField(_("说法"), max_length=200)
    about_code = models.CharField(_("地区代码"), max_length=6, blank=True, help_text=_("空表示各地通用"))
    region_code = models.CharField(_("收录区划"), max_length=6)
    indicator = models.CharField(_("指标"), max_length=80, blank=True)
    accepted = models.PositiveIntegerField(_("采用次数"), default=0)
    rejected = models.PositiveIntegerField(_("不采用次数"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("核定人")
    )
    changed_at = models.DateTimeField(_("最近核定"), auto_now=True)

    class Meta:
        verbose_name = _("说法与指标的对应")
        ordering = ("phrase", "about_code")
        constraints = (
            models.UniqueConstraint(fields=("region_code", "phrase", "about_code"), name="alias_once"),
        )


class WatchedRegion(models.Model):
    """A peer whose published numbers are followed."""

    region_code = models.CharField(_("收录区划"), max_length=6)
    about_code = models.CharField(_("地区代码"), max_length=6)
    name = models.CharField(_("地区"), max_length=100)
    why = models.CharField(_("关注理由"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("关注人")
    )
    created_at = models.DateTimeField(_("关注时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("关注的地区")
        ordering = ("about_code",)
        constraints = (
            models.UniqueConstraint(fields=("region_code", "about_code"), name="watched_region_once"),
        )


class WatchedIndicator(models.Model):
    """An indicator whose published numbers are followed."""

    region_code = models.CharField(_("收录区划"), max_length=6)
    indicator = models.CharField(_("指标"), max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("关注人")
    )
    created_at = models.DateTimeField(_("关注时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("关注的指标")
        ordering = ("indicator",)
        constraints = (
            models.UniqueConstraint(fields=("region_code", "indicator"), name="watched_indicator_once"),
        )
