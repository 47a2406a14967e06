"""A public text as it was read, the figures the engine found in it, and folders of texts read together."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NewsBatch(models.Model):
    """A folder of texts, read one after another while the page shows how far it is."""

    class Status(models.TextChoices):
        """How far a folder is."""

        READING = "reading", _("正在读取")
        DONE = "done", _("已读完")
        CANCELLED = "cancelled", _("已取消")

    key = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=200, help_text=_("上传的文件夹或压缩包"))
    region_code = models.CharField(_("区划"), max_length=6, help_text=_("谁在读这批文章"))
    total = models.PositiveIntegerField(_("文件数"), default=0)
    done = models.PositiveIntegerField(_("已读"), default=0)
    added = models.PositiveIntegerField(_("新增文章"), default=0)
    known = models.PositiveIntegerField(_("早已读过"), default=0)
    problems = models.JSONField(_("没有读成的文件"), default=list)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.READING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("批次")
        ordering = ("-created_at", "-id")


class Article(models.Model):
    """One public text: the raw file as decoded, the repaired text, and the map between the two."""

    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    encoding = models.CharField(_("编码"), max_length=40)
    region_code = models.CharField(
        _("收录区划"), max_length=6, db_index=True, help_text=_("收录这篇文章的地方")
    )
    title = models.CharField(_("标题"), max_length=300, blank=True)
    publisher = models.CharField(_("发布者"), max_length=200, blank=True)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    author = models.CharField(_("作者"), max_length=200, blank=True)
    about_region = models.CharField(_("所写地区"), max_length=100, blank=True)
    about_code = models.CharField(_("所写区划"), max_length=6, blank=True, db_index=True)
    event_on = models.DateField(_("事件日期"), null=True, blank=True)
    year_reason = models.CharField(_("年份依据"), max_length=300, blank=True)
    url = models.URLField(_("网址"), max_length=500, blank=True, help_text=_("原文网址，知道才填"))
    raw = models.TextField(_("原始文件"))
    text = models.TextField(_("修复后的正文"))
    origin = models.JSONField(_("对照"), default=list, help_text=_("正文位置与原始位置的对照，按连续段记"))
    repairs = models.JSONField(_("修复记录"), default=list)
    cuts = models.JSONField(_("舍去记录"), default=list)
    extraction = models.JSONField(_("提取结果"), default=dict, help_text=_("引擎给出的政策与人物"))
    synthetic = models.BooleanField(_("虚构"), default=False, help_text=_("自撰的测试或演示文章"))
    batch = models.ForeignKey(NewsBatch, models.SET_NULL, null=True, blank=True, related_name="articles")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("收录人")
    )
    created_at = models.DateTimeField(_("收录时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("文章")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("region_code", "sha256"), name="article_once_per_region"),
        )

    def __str__(self) -> str:
        return self.title or self.name


class FoundFigure(models.Model):
    """One figure as the engine read it; a person decides what becomes of it."""

    class Decision(models.TextChoices):
        """What a person decided."""

        OPEN = "open", _("待核")
        ACCEPTED = "accepted", _("采用")
        CORRECTED = "corrected", _("更正后采用")
        REJECTED = "rejected", _("不采用")

    article = models.ForeignKey(Article, models.CASCADE, related_name="figures")
    position = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=20)
    value = models.CharField(_("写法"), max_length=60)
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    base_value = models.CharField(_("数值"), max_length=60, help_text=_("按基本单位的精确值"))
    base_unit = models.CharField(_("基本单位"), max_length=40, blank=True)
    approx = models.CharField(_("约数"), max_length=10, default="exact")
    phrase = models.CharField(_("指标说法"), max_length=200, blank=True)
    indicator = models.CharField(_("指标"), max_length=80, blank=True, help_text=_("指标目录中的编号"))
    suggested_by = models.CharField(
        _("对应的来由"), max_length=20, blank=True, help_text=_("引擎或以往的核定")
    )
    subject = models.CharField(_("主体"), max_length=200, blank=True)
    about_region = models.CharField(_("地区"), max_length=100, blank=True)
    about_code = models.CharField(_("地区代码"), max_length=6, blank=True)
    period_text = models.CharField(_("期间说法"), max_length=100, blank=True)
    period_kind = models.CharField(_("期间种类"), max_length=12, blank=True)
    period_start = models.DateField(_("起"), null=True, blank=True)
    period_end = models.DateField(_("止"), null=True, blank=True)
    qualifiers = models.JSONField(_("限定语"), default=list)
    rank_text = models.CharField(_("位次说法"), max_length=60, blank=True)
    rank_value = models.PositiveIntegerField(_("位次"), null=True, blank=True)
    rank_bound = models.CharField(_("位次确切程度"), max_length=10, blank=True)
    rank_scope = models.CharField(_("位次范围"), max_length=60, blank=True)
    sentence = models.TextField(_("原句"), blank=True)
    start = models.PositiveIntegerField(_("起始位置"), help_text=_("原始文件中的字符位置"))
    end = models.PositiveIntegerField(_("结束位置"), help_text=_("不含此位置"))
    confidence = models.CharField(_("把握"), max_length=10, default="1")
    decision = models.CharField(_("核定"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核定人"),
    )
    decided_at = models.DateTimeField(_("核定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("读出的数据")
        ordering = ("article_id", "position")
        constraints = (models.UniqueConstraint(fields=("article", "position"), name="found_figure_once"),)


class PersonLink(models.Model):
    """Who a person named in a text is in the ledger, as somebody confirmed it."""

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="person_links",
        verbose_name=_("文章"),
        help_text=_("提到此人的文章"),
    )
    name = models.CharField(_("姓名"), max_length=60, help_text=_("文中写法"))
    number = models.CharField(
        _("人员编号"), max_length=40, blank=True, help_text=_("台账中的人员编号；空表示确认台账中没有此人")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("确认人"),
        help_text=_("谁确认的"),
    )
    confirmed_at = models.DateTimeField(_("确认时间"), auto_now=True, help_text=_("最近一次确认"))

    class Meta:
        verbose_name = _("文中人物与台账的对应")
        ordering = ("article_id", "name")
        constraints = (models.UniqueConstraint(fields=("article", "name"), name="person_link_once"),)

    def __str__(self) -> str:
        return self.name
